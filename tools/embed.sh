#!/bin/sh
# embed.sh FILE... : C source of the asset table (include/kvitok/base/asset.h).
# Takes paths that begin with web/ (known by what follows), sql/demo/ (known
# as demo/...), sql/box/, sql/mailbox/, conf/layouts/ or xsd/, of any content;
# writes to standard output.
# In a page a line {{>NAME}} is web/tpl/part/NAME.html, whose own such lines are
# filled in, too; parts are known by no name of their own.
# Each file is followed by a NUL byte that its length does not count.
set -eu
LC_ALL=C
export LC_ALL

# The path by which a file is known.
known_as() {
	case $1 in
	*[!A-Za-z0-9._/-]* | *..*)
		echo "embed.sh: $1: name not allowed" >&2
		exit 1
		;;
	web/*) echo "${1#web/}" ;;
	sql/demo/*) echo "${1#sql/}" ;;
	conf/layouts/* | sql/box/* | sql/mailbox/* | xsd/*) echo "$1" ;;
	*)
		echo "embed.sh: $1: not a place of assets" >&2
		exit 1
		;;
	esac
}

# What a file becomes, into $text.
fill() {
	case $1 in
	web/tpl/page/*) ;;
	*)
		cat "$1" >"$text"
		return
		;;
	esac
	awk -v file="$1" '
	function fill(name, depth,    line, got, n) {
		if (depth > 4) {
			print "embed.sh: " name ": parts nest too deep" >"/dev/stderr"
			exit failed = 1
		}
		while ((got = (getline line <name)) > 0) {
			n++
			if (line ~ /^\{\{>[a-z_]+\}\}$/)
				fill("web/tpl/part/" substr(line, 4,
				    length(line) - 5) ".html", depth + 1)
			else
				print line
		}
		if (got < 0 || n == 0) {
			print "embed.sh: " name ": no such part" >"/dev/stderr"
			exit failed = 1
		}
		close(name)
	}
	BEGIN { fill(file, 0); exit failed }' >"$text"
}

text=$(mktemp)
trap 'rm -f "$text"' EXIT
list=
for file in "$@"; do
	case $file in web/tpl/part/*) continue ;; esac
	path=$(known_as "$file")
	list="$list$path $file
"
done
printf '/* Made by tools/embed.sh. */\n#include "kvitok/base/asset.h"\n'
n=0
rows=
for file in $(printf '%s' "$list" | sort | cut -d ' ' -f 2); do
	path=$(known_as "$file")
	fill "$file"
	len=$(wc -c <"$text")
	printf '\nstatic const unsigned char file_%d[] = {\n' "$n"
	od -An -v -tu1 "$text" | sed 's/[0-9][0-9]*/&,/g'
	printf '0 };\n'
	rows="$rows	{ \"$path\", file_$n, $((len)) },
"
	n=$((n + 1))
done
printf '\nconst struct asset asset_table[] = {\n%s	{ 0, 0, 0 }\n};\n' "$rows"
printf 'const size_t asset_table_len = %d;\n' "$n"
