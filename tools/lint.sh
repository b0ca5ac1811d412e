#!/bin/sh
# lint.sh : what the compiler does not see.  Run from the project's root.
set -u
LC_ALL=C.UTF-8
export LC_ALL
status=0
code=$(find src include -name '*.[ch]' | sort)
tests=$(find tests -name '*.[ch]' 2>/dev/null | sort)
headers=$(find include -name '*.h' | sort)

fail() {
	status=1
	[ -z "${1-}" ] || echo "$1"
}

stripped=$(mktemp)
trap 'rm -f "$stripped"' EXIT
for file in $code; do
	awk -f tools/strip.awk "$file" |
		awk -v f="$file" '{ print f ":" FNR ": " $0 }'
done >"$stripped"

# complain WORDS PATTERN [FILES-TO-LEAVE-OUT]
complain() {
	found=$(grep -Ev "^(${3:-nothing}):" "$stripped" |
		grep -E "^[^ ]+ (.*[^A-Za-z0-9_.>])?$2")
	[ -z "$found" ] || fail "$found
	$1"
}

complain 'banned call' \
	'(strcpy|strcat|strncpy|strncat|sprintf|vsprintf|strtok|atoi|atol|gets|alloca|rand|srand|system|popen|setjmp|longjmp|pthread_create)[[:space:]]*\('
complain 'memory comes from base/arena.c' \
	'(malloc|calloc|realloc|free|strdup|strndup|asprintf|getline)[[:space:]]*\(' \
	'src/base/arena.c'
complain 'sums and times are integers' '(float|double)[^A-Za-z0-9_]' \
	'src/out/[a-z0-9_]+.c|include/kvitok/out/[a-z0-9_]+.h'
complain 'comments are /* so */' '//'

found=$(grep -nE '(^|[^A-Za-z])(TODO|FIXME|XXX|HACK)([^A-Za-z]|$)' \
	$code $tests tools/*.awk Makefile 2>/dev/null)
[ -z "$found" ] || fail "$found
	what is not done is said in a ticket"

found=$(git grep -nE '^(<<<<<<<|>>>>>>>)' 2>/dev/null)
[ -z "$found" ] || fail "$found
	halves of a merge"

awk -f tools/contracts.awk $headers || fail
awk -v lines=600 -v body=60 -f tools/shape.awk $code $tests || fail
awk -f tools/reasons.awk include/kvitok/base/reason.def \
	$(find src -name '*.c' | sort) nginx/kvitok/answers.conf || fail
awk -f tools/provoked.awk include/kvitok/base/reason.def doc/openapi.yaml \
	$(find tests -name node_modules -prune -o \
		-name '*.[ch]' -print -o -name '*.sh' -print -o \
		-name '*.mjs' -print) || fail

awk -f tools/settings.awk src/main/settings.c src/store/store.c \
	src/store/mailbox.c src/bank/settings.c conf/kvitok.conf man/kvitok.conf.5 || fail
find . -type f ! -path './build*' ! -path './.git*' |
	awk -f tools/docs.awk - Makefile src/main/ctl_command.c \
		man/kvitokctl.1 tools/install-deps src/web/routes.c *.md \
		$(find doc -name '*.md' | sort) || fail
# Every metric is explained, and alerts name none that is not there.
metrics=$(cat src/web/*.c src/bank/*.c | tr '"{' '\n\n' |
	grep -ohE '^(# TYPE )?kvitok_[a-z_]+' | sed 's/^# TYPE //' | sort -u)
for metric in $metrics; do
	base=$(echo "$metric" | sed -E 's/_(bucket|sum|count)$//')
	grep -q "\`$base[\`{]" doc/operations.md ||
		fail "doc/operations.md: the metric $base is not explained"
done
for metric in $(grep -oE 'kvitok_[a-z_]+' doc/ops/alerts.yml | sort -u); do
	echo "$metrics" | grep -qx "$metric" ||
		fail "doc/ops/alerts.yml: there is no metric $metric"
done
if command -v man >/dev/null; then
	found=$(for page in man/*.[1-8]; do
		man -l --warnings "$page" 2>&1 >/dev/null
	done)
	[ -z "$found" ] || fail "$found"
else
	fail 'man is not installed: tools/install-deps test'
fi

if command -v clang-format >/dev/null; then
	clang-format --dry-run -Werror $code $tests 2>&1 |
		grep -E 'error:' | sed 's/ \[-Wclang.*//' | sort -u |
		awk -F: '!seen[$1]++ { print $1 ":" $2 ": not as clang-format writes it"; bad = 1 }
		    END { exit bad }' || fail
else
	fail 'clang-format is not installed: tools/install-deps test'
fi

[ "$status" -eq 0 ] && echo "lint: nothing to complain of"
exit "$status"
