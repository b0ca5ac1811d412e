#!/bin/bash
# report-files.sh: the ten reports in every format, full of texts that would do
# harm, as other programs read them: Python's csv, openpyxl, LibreOffice,
# xmllint, Node, poppler.  Run by "make reports"; BUILD names the folder of
# tests/tool.
set -eu -o pipefail
cd "$(dirname "$0")/../.."
TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT
# All sheets; ";" and quotes, UTF-8; cells as they are shown.
AS_SHOWN='csv:Text - txt - csv (StarCalc):59,34,76,1,,1033,false,true,true'
AS_SHOWN+=',false,false,-1'

mkdir "$TMP/once" "$TMP/again" "$TMP/shown"
for to in once again; do
	"${BUILD:-build}/tests/tool/report_files" "$TMP/$to"
done
diff -r "$TMP/once" "$TMP/again"
echo "ok the same rows give the same bytes: $(ls "$TMP/once" | wc -l) files"
xmllint --noout --schema xsd/report/1.xsd "$TMP"/once/*.xml 2>"$TMP/valid" ||
    { cat "$TMP/valid" && exit 1; }
echo "ok $(grep -c validates "$TMP/valid") of them are what the schema says"
soffice "-env:UserInstallation=file://$TMP/home" --headless --convert-to \
    "$AS_SHOWN" --outdir "$TMP/shown" "$TMP"/once/*.xlsx >"$TMP/out" 2>&1 ||
    { cat "$TMP/out" && exit 1; }
tests/e2e/report-files.py "$TMP/once" "$TMP/shown"
