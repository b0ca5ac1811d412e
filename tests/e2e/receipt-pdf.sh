#!/bin/sh
# receipt-pdf.sh: what a reader of the printed receipt and of its letter gets,
# compared word by word with tests/golden/.  Run by "make golden"; with
# GOLDEN=write the expected files are written anew.
set -eu
cd "$(dirname "$0")/../.."
. tests/e2e/golden.sh

for name in short full many back; do
	"$build/tests/tool/receipt_pdf" $name >"$tmp/$name.pdf"
	words "$tmp/$name.pdf" >"$tmp/$name.txt"
	compare "$tmp/$name.txt" "tests/golden/receipt-$name.txt"
done
"$build/tests/tool/receipt_mail" text >"$tmp/mail.txt"
compare "$tmp/mail.txt" tests/golden/receipt-mail.txt

# The same bytes a second later, and with no home to keep fonts in.
sleep 1
env -i PATH="$PATH" "$build/tests/tool/receipt_pdf" short >"$tmp/again.pdf"
cmp "$tmp/short.pdf" "$tmp/again.pdf" || failed=1

fonts_are_embedded "$tmp/short.pdf"
[ $failed -eq 0 ] && echo "receipt: 5 golden texts, same bytes, fonts embedded"
exit $failed
