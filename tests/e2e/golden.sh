# golden.sh: printed documents are compared word by word with tests/golden/;
# sourced by those that "make golden" runs, at the root of the tree.  With
# GOLDEN=write the expected files are written anew.
build=${BUILD:-build}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0

# Spaces and page ends are layout, which other versions of poppler judge
# otherwise; words and their order are not.
words() {
	pdftotext -layout "$1" - | tr '\f' '\n' |
	    sed -e 's/  */ /g' -e 's/^ //' -e 's/ $//' -e '/^$/d'
}

compare() {
	if [ "${GOLDEN:-}" = write ]; then
		cp "$1" "$2"
	elif ! diff -u "$2" "$1"; then
		echo "$2: differs"
		failed=1
	fi
}

fonts_are_embedded() {
	fonts=$(pdffonts "$1" | awk 'NR > 2 { print $(NF - 4) }' | sort -u)
	[ "$fonts" = yes ] || {
		echo "a font is not embedded:"
		pdffonts "$1"
		failed=1
	}
}
