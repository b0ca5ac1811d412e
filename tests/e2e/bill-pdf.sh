#!/bin/sh
# bill-pdf.sh: what a reader of a printed bill gets, compared word by word
# with tests/golden/; and what a bank's program reads from its square, off the
# paper.  Run by "make golden"; with GOLDEN=write the expected files are
# written anew.
set -eu
cd "$(dirname "$0")/../.."
. tests/e2e/golden.sh

# The bytes of the square on the first page, as a scanner sees it.
square() {
	pdftoppm -r 300 -f 1 -l 1 -singlefile -png "$1" "$tmp/page"
	zbarimg -q --raw --oneshot -Sbinary "$tmp/page.png" 2>/dev/null
}

for name in one over long many; do
	"$build/tests/tool/invoice_pdf" $name >"$tmp/$name.pdf"
	words "$tmp/$name.pdf" >"$tmp/$name.txt"
	compare "$tmp/$name.txt" "tests/golden/bill-$name.txt"
done
square "$tmp/one.pdf" | tr '|' '\n' >"$tmp/qr-utf8.txt"
compare "$tmp/qr-utf8.txt" tests/golden/bill-qr-utf8.txt
square "$tmp/long.pdf" | iconv -f cp1251 -t utf-8 | tr '|' '\n' \
    >"$tmp/qr-1251.txt"
compare "$tmp/qr-1251.txt" tests/golden/bill-qr-1251.txt
for text in "$tmp/qr-utf8.txt" "$tmp/qr-1251.txt"; do
	[ -s "$text" ] || {
		echo "$text: no square was read"
		failed=1
	}
done
if square "$tmp/over.pdf" >/dev/null; then
	echo "a bill of which nothing is to be paid has a square"
	failed=1
fi

# Many in one document: the pages of each, one after another.
"$build/tests/tool/invoice_pdf" book >"$tmp/book.pdf"
words "$tmp/book.pdf" >"$tmp/book.txt"
for name in one over long many; do
	cat "$tmp/$name.txt"
done | cmp - "$tmp/book.txt" || failed=1

"$build/tests/tool/invoice_pdf" one >"$tmp/again.pdf"
cmp "$tmp/one.pdf" "$tmp/again.pdf" || failed=1
fonts_are_embedded "$tmp/one.pdf"
[ $failed -eq 0 ] &&
    echo "bill: 6 golden texts, squares read back, same bytes, fonts embedded"
exit $failed
