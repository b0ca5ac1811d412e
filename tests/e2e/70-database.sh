#!/bin/bash
# The database goes away and comes back, under load.
. "$(dirname "$0")/lib.sh"

# Make payments as fast as one caller can, until the file stop appears; each
# acknowledged number is a line of $TMP/acked.$1.
payer() {
	local n=0 reply
	while [[ ! -e $TMP/stop ]]; do
		((n++))
		reply=$(curl -s -m 20 -w '\n%{http_code}' -X POST \
		    "$KVITOK_URL/api/v1/payments" -d "$LINES" \
		    -H "Authorization: Bearer $KEY" \
		    -H 'Content-Type: application/json' \
		    -H "Idempotency-Key: load-$load-$1-$n")
		case ${reply##*$'\n'} in
		201) jq -r .number <<<"${reply%$'\n'*}" >>"$TMP/acked.$1" ;;
		503) sleep 0.05 ;;
		# Killed in the middle: the same key finds out and finishes.
		502) ((n--)); sleep 0.05 ;;
		*) echo "$reply" >>"$TMP/odd" ;;
		esac
	done
}

load_while() {
	local i load=${EPOCHREALTIME/./}
	rm -f "$TMP/stop" "$TMP/odd" "$TMP"/acked.*
	portal irkutskenergosbyt
	LINES=$(jq -cn --arg s "$(supplier irkutskenergosbyt)" \
	    --arg v "$(service irkutskenergosbyt)" \
	    --arg a "$(account irkutskenergosbyt)" \
	    '{lines: [{supplier: $s, service: $v, account: $a,
	    sum_kop: 77700}], email: "load@example.org"}')
	trap ': >"$TMP/stop"' EXIT # of this test, also when it fails
	for i in 1 2 3 4; do
		payer "$i" &
	done
	wait_for 30 'payments before it' are_acked 10
	"$@"
	wait_for 30 'payments after it' are_acked $(($(acked) + 10))
	: >"$TMP/stop"
	wait
}

acked() {
	cat "$TMP"/acked.* 2>/dev/null | sort -u | wc -l
}

are_acked() {
	(($(acked) > $1))
}

acked_are_there() {
	local number missing=0
	sort -u "$TMP"/acked.* >"$TMP/acked"
	(($(wc -l <"$TMP/acked") > 20)) || fail 'hardly any load'
	db 'SELECT number FROM payment' | sort >"$TMP/stored"
	missing=$(comm -23 "$TMP/acked" "$TMP/stored" | wc -l)
	is 'acknowledged payments that are lost' "$missing" 0
	[[ ! -e $TMP/odd ]] || fail "odd answers: $(head -c 800 "$TMP/odd")"
}

pg() {
	local data bin
	data=$(realpath "$E2E_RUN/pg")/data
	bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
	if ((EUID == 0)); then
		(cd / && setpriv --reuid=postgres --regid=postgres \
		    --clear-groups "$bin/pg_ctl" -D "$data" -w -s \
		    -l "${data%/data}/log" "$@")
	else
		(cd / && "$bin/pg_ctl" -D "$data" -w -s -l "${data%/data}/log" \
		    "$@")
	fi
}

restart() {
	if [[ $E2E_DB == postgresql ]]; then
		pg restart -m "$1"
	else
		# Nothing to restart: the writers are killed in the middle.
		workers KILL kvitokd api
		sleep 0.5
		workers KILL kvitokd api
	fi
}

test_a_restart_under_load_loses_no_acknowledged_payment() {
	load_while restart fast
	acked_are_there
	wait_for 10 ready is_ready
}

test_a_crash_under_load_loses_no_acknowledged_payment() {
	load_while restart immediate
	acked_are_there
	wait_for 10 ready is_ready
}

is_ready() {
	http GET "$KVITOK_URL/readyz"
	[[ $STATUS == 200 ]]
}

test_a_database_that_is_away_is_told_and_found_again() {
	[[ $E2E_DB == postgresql ]] || return 0
	payment irkutskenergosbyt
	open_link
	pg stop -m fast
	http GET "$KVITOK_URL/readyz"
	status 503
	http GET "$KVITOK_URL/healthz"
	status 200
	api GET "/payments/$NUMBER"
	refused 503 database_unavailable
	[[ -n $(header retry-after) ]] || fail "no Retry-After"
	at_bank paid
	sleep 1
	pg start
	wait_for 10 ready is_ready
	wait_state paid 20
	wait_for 15 "the mail to $MAIL" mails_are "$MAIL" 1
	credited_once
}

run_tests
