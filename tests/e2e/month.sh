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
	[[ -e $lib ]] || { echo "month: no libfaketime" >&2; exit 1; }
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
	echo "$1 $NUMBER" >>"$MONTH/paid.$3"
}

# give_back KOP N: of a payment of day N.
give_back() {
	local who number
	read -r who number <"$MONTH/paid.$2"
	portal "$who"
	api POST "/payments/$number/refunds" \
	    "{\"sum_kop\":$1,\"reason\":\"перерасчёт\"}" \
	    -H "Idempotency-Key: month-$number"
	status 201
}

unfinished() {
	db "SELECT (SELECT COUNT(*) FROM payment
	        WHERE state IN ('created', 'pending')) +
	    (SELECT COUNT(*) FROM refund
	        WHERE state NOT IN ('done', 'failed')) +
	    (SELECT COUNT(*) FROM job WHERE state = 'due')"
}

all_done() {
	[[ $(unfinished) == 0 ]]
}

# What orders of each contract have brought, less what went back, as the
# simulator knows it.
at_the_banks() {
	sim GET 'orders?limit=1000'
	jq -r '[.orders[] | {contract, kop: .deposited_kop}] |
	    group_by(.contract)[] | "receivable/\(.[0].contract)|" +
	    "\(map(.kop) | add)"' <<<"$BODY" | grep -v '|0$' | sort
}

PORTALS=(portalgkh irkutskenergosbyt novcheb moygaz tgk1)

# Two pay, one through each bank; every third day a part goes back.
live_day() {
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
	((n % 3 != 0)) || give_back $((5000 + n)) $((n - 1))
	wait_for 30 "everything of day $n is done" all_done
}

test_each_day_of_a_month_is_closed_on_the_next() {
	local n out
	for ((n = 1; n <= DAYS; n++)); do
		live_day "$n"
		if ((n == 7)); then
			at_day 8 00:09
			out=$(ctl day close "$(day 7)") && fail "early: $out"
			has "too early" "$out" day_not_over
		fi
		((n % 10 != 4)) || continue # a timer that was missed
		at_day $((n + 1)) 01:30
		out=$(ctl day close) || fail "day $n: $out"
		has "closing" "$out" "$(day "$n")  "
	done
	is "closed days" "$(db 'SELECT COUNT(*) FROM ledger_close')" "$DAYS"
	is payments "$(db "SELECT COUNT(*) FROM payment
	    WHERE state IN ('paid', 'partly_refunded')")" $((DAYS * 2))
	is refunds "$(db "SELECT COUNT(*) FROM refund WHERE state = 'done'")" \
	    $((DAYS / 3))
	out=$(ctl day close "$(day 3)") && fail "twice: $out"
	has "a second time" "$out" day_closed
}

test_the_books_of_the_month_are_clean() {
	local out
	out=$(ctl audit) || fail "$out"
	has audit "$out" "closed days $DAYS,"
	has audit "$out" "findings 0"
	out=$(ctl day verify --from "$(day 5)" --to "$(day 9)") || fail "$out"
	has verify "$out" "closed days 5,"
}

test_an_outsider_makes_the_same_hashes() {
	local n where=("$E2E_DB")
	[[ $E2E_DB == sqlite ]] && where+=("$MONTH/kvitok.sqlite") ||
	    where+=("host=$(realpath "$MONTH/pg") user=kvitok dbname=kvitok")
	hash_of() {
		db "SELECT hash FROM ledger_close WHERE day = '$(day "$1")'"
	}
	is "hash of the first day" "$(hash_of 1)" \
	    "$("$TOP/tests/day-hash.sh" "${where[@]}" "$(day 1)")"
	for n in 15 $DAYS; do
		is "hash of day $n" "$(hash_of "$n")" "$("$TOP/tests/day-hash.sh" \
		    "${where[@]}" "$(day "$n")" "$(hash_of $((n - 1)))")"
	done
}

test_what_banks_owe_us_is_what_they_have_taken() {
	is "owed by banks" "$(db "SELECT account, SUM(sum_kop) FROM ledger_line
	    WHERE account LIKE 'receivable/%' GROUP BY account
	    ORDER BY account")" "$(at_the_banks)"
	is "by closed balances" "$(db "SELECT account, balance_kop
	    FROM ledger_balance b WHERE account LIKE 'receivable/%'
	    AND day = (SELECT MAX(day) FROM ledger_balance c
	        WHERE c.account = b.account) ORDER BY account")" \
	    "$(at_the_banks)"
}

test_suppliers_are_owed_what_was_taken_for_them() {
	is "owed to suppliers" "$(db "SELECT account, -SUM(sum_kop)
	    FROM ledger_line WHERE account LIKE 'payable/%'
	    GROUP BY account ORDER BY account")" "$(db "
	    SELECT 'payable/' || p.portal || '/' || l.supplier AS a,
	        SUM(l.sum_kop - l.supplier_fee_kop) - SUM(COALESCE((
	            SELECT SUM(r.sum_kop - r.supplier_fee_kop)
	            FROM refund_line r WHERE r.akey = l.akey
	            AND r.number = l.number AND r.n = l.n), 0))
	    FROM pay_line l JOIN payment p ON p.akey = l.akey
	        AND p.number = l.number
	    GROUP BY p.portal, l.supplier ORDER BY a")"
}

test_no_case_is_open() {
	is cases "$(db "SELECT COUNT(*) FROM pay_case")" 0
}

run_tests
