#!/bin/sh
# cover.sh OBJECTS SOURCE... : what the tests that have run did not reach.
# One line per source: lines and branches that were taken, of all.
set -eu
objects=$1
shift
for file in "$@"; do
	gcov -n -b -o "$objects/$(dirname "$file")" "$file" 2>/dev/null |
		awk -v want="$file" '
		/^File / { on = $0 ~ "\x27" want "\x27" }
		on && /^Lines executed/ { split($2, l, ":") ; lines = l[2] " of " $NF }
		on && /^Taken at least once/ { split($4, b, ":"); branches = b[2] " of " $NF }
		on && /^No branches/ { branches = "none" }
		END { printf "%-32s lines %-16s branches %s\n", want,
		    lines, branches }'
done
