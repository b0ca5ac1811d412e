#!/bin/bash
# A month in the life: every day people pay through both banks, some get their
# money back, and each day is closed on the next.
#
# It has an instance of its own, whose programs see a clock that this script
# moves (libfaketime); its databases, nginx and curl see the real one.
set -u
MONTH=$E2E_RUN/month
PROGRAMS=${KVITOK_PROGRAMS:-$(cd "$(dirname "$0")/../.." && pwd)/build}
DAYS=30

# A program of the instance begins as its clock stands.
make_clock() {
	local lib name
	lib=$(echo /usr/lib/*/faketime/libfaketimeMT.so.1)
	[[ -e $lib ]] || { echo "95-month: no libfaketime" >&2; exit 1; }
	mkdir -p "$MONTH/bin"
	for name in kvitokd kvitok-jobs kvitok-sim kvitokctl; do
		cat >"$MONTH/bin/$name" <<-END
		#!/bin/sh
		export LD_PRELOAD=$lib FAKETIME_TIMESTAMP_FILE=$MONTH/clock
		export FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1
		export NO_FAKE_STAT=1
		exec $(realpath "$PROGRAMS")/$name "\$@"
		END
		chmod +x "$MONTH/bin/$name"
	done
	# Noon of Moscow on the first of the next month.
	BEGAN=$(date -u -d "$(date -u +%Y-%m-01) +1 month 09:00" +%s)
}

# at_day N [HH:MM]: the clock stands on day N (1, 2, ...), noon without a time.
at_day() {
	local at
	at=$(date -u -d "@$((BEGAN + ($1 - 1) * 86400))" +%Y-%m-%d)
	at=$(date -u -d "$at ${2:-12:00} 3 hours ago" +%s)
	printf '+%d\n' $((at - $(date +%s))) >"$MONTH/clock.new"
	mv "$MONTH/clock.new" "$MONTH/clock"
}

# day N: its date.
day() {
	date -u -d "@$((BEGAN + ($1 - 1) * 86400))" +%Y-%m-%d
}

start_month() {
	make_clock
	at_day 1
	KVITOK_PORT=any KVITOK_DB=$E2E_DB KVITOK_RUN=$MONTH \
	    KVITOK_SET='
pay.ask_first_ms=300
pay.patience_ms=3000
jobs.lease_ms=60000
jobs.poll_ms=50' KVITOK_WORKERS='2 2 2 1' KVITOK_PROGRAMS=$MONTH/bin \
	    KVITOK_PG_OPTIONS='-c fsync=off' \
	    "$(dirname "$0")/../../tools/run" --detach >"$MONTH/out" 2>&1 || {
		cat "$MONTH/out"
		exit 1
	}
}

start_month
E2E_RUN=$MONTH
. "$(dirname "$0")/lib.sh"
trap '"$TOP/tools/stop" "$MONTH" >/dev/null; rm -rf "$TMP"' EXIT

ctl() {
	"$MONTH/bin/kvitokctl" -c "$MONTH/kvitok.conf" "$@" 2>&1
}

# pay PORTAL SUM N: somebody pays on day N, beside others.
pay() {
	TMP=$(mktemp -d "$TMP/pay.XXXXXX")
	payment "$1" "$2"
	open_link
	at_bank paid
	echo "$NUMBER" >>"$MONTH/numbers.$3"
}

# give_back PORTAL NUMBER SUM
give_back() {
	portal "$1"
	api POST "/payments/$2/refunds" "{\"sum_kop\":$3,\"reason\":\"перерасчёт\"}" \
	    -H "Idempotency-Key: month-$2"
	status 201
}

unfinished() {
	db "SELECT COUNT(*) FROM payment WHERE state IN ('created', 'pending')"
}

waiting_refunds() {
	db "SELECT COUNT(*) FROM refund WHERE state NOT IN ('done', 'failed')"
}

all_done() {
	[[ $(unfinished) == 0 && $(waiting_refunds) == 0 ]]
}

PORTALS=(portalgkh irkutskenergosbyt novcheb moygaz tgk1)

one_day() {
	local n=$1 pids=() p
	at_day "$n"
	for p in 0 1; do
		(pay "${PORTALS[(n + p * 2) % 5]}" $((100000 + n * 101 + p)) \
		    "$n") &
		pids+=($!)
	done
	for p in "${pids[@]}"; do
		wait "$p" || fail "a payment of day $n"
	done
	if ((n % 5 == 0)); then
		give_back "${PORTALS[n % 5]}" "$(head -n 1 "$MONTH/numbers.$((n - 2))")" 5000
	fi
	wait_for 20 "everything of day $n is done" all_done
}

test_each_day_of_a_month_is_closed_on_the_next() {
	local n out
	for ((n = 1; n <= DAYS; n++)); do
		one_day "$n"
		at_day $((n + 1)) 00:09
		out=$(ctl day close "$(day "$n")") && fail "day $n: $out"
		has "too early" "$out" day_not_over
		at_day $((n + 1)) 01:30
		out=$(ctl day close) || fail "day $n: $out"
		has "closing of day $n" "$out" "$(day "$n")  "
	done
	is "closed days" "$(db 'SELECT COUNT(*) FROM ledger_close')" $DAYS
}

run_tests
