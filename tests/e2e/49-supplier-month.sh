#!/bin/bash
# Days in the life of Kvitok and of suppliers in the box (kvitok-sim supplier):
# people pay through the API, payments go to the suppliers' books in the night,
# months are charged; documents come twice, late and spoiled, and whoever is at
# work is killed.  In the end both have the same balances, and each payment
# stands in the supplier's books once.
#
# It has an instance of its own, whose programs see a clock that this script
# moves, as that of 95-month.sh.
set -u
MONTH=$E2E_RUN/box-month
PROGRAMS=${KVITOK_PROGRAMS:-$(cd "$(dirname "$0")/../.." && pwd)/build}

# ---- the world -----------------------------------------------------------

# A program of the instance begins as its clock stands.
make_clock() {
	local lib name
	lib=$(echo /usr/lib/*/faketime/libfaketimeMT.so.1)
	[[ -e $lib ]] || { echo "month: no libfaketime" >&2; exit 1; }
	mkdir -p "$MONTH/bin" "$MONTH/spool"
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
	at=$(date -u -d "$(day "$1") ${2:-12:00} 3 hours ago" +%s)
	printf '+%d\n' $((at - $(date +%s))) >"$MONTH/clock.new"
	mv "$MONTH/clock.new" "$MONTH/clock"
}

# day N: its date; 0 and below lie in the month before.
day() {
	date -u -d "@$((BEGAN + ($1 - 1) * 86400))" +%Y-%m-%d
}

# Databases that a supplier may have here, each with a supplier of its own.
boxes() {
	echo sqlite
	[[ $E2E_DB != postgresql ]] || echo postgresql
	[[ $E2E_DB != sqlite || ! -x /usr/sbin/mariadbd ]] || echo mariadb
}

whose() {
	BOX=$1
	case $1 in
	sqlite) PORTAL=portalgkh SUPPLIER=vodokanal
		SERVICES=(hvs vodootvedenie) ;;
	*) PORTAL=irkutskenergosbyt SUPPLIER=irkutskenergosbyt
		SERVICES=(elektro) ;;
	esac
	AT=http://127.0.0.1:$(cat "$MONTH/$BOX.port" 2>/dev/null)
}

# The connection string of the box's database.
dsn() {
	case $BOX in
	sqlite)
		echo "Driver=SQLite3;Database=$MONTH/box.sqlite;Timeout=5000;JournalMode=WAL;"
		;;
	postgresql)
		echo "Driver={PostgreSQL Unicode};Server=$MONTH/pg;Database=box;Uid=postgres;UseServerSidePrepare=1;"
		;;
	mariadb)
		echo "Driver={MariaDB Unicode};Socket=$MONTH/my.sock;Database=box;Uid=root;Charset=utf8mb4;"
		;;
	esac
}

# What kvitok.conf says of the boxes.
exchange_settings() {
	local name
	for name in $(boxes); do
		whose "$name"
		cat <<-END
		exchange $BOX.portal=$PORTAL
		exchange $BOX.supplier=$SUPPLIER
		exchange $BOX.kind=odbc
		exchange $BOX.dsn=$MONTH/$BOX.dsn
		exchange $BOX.spool=$MONTH/spool
		exchange $BOX.poll_s=1
		exchange $BOX.timeout_s=5
		exchange $BOX.send=payments, refunds
		exchange $BOX.send_from=$(day 1)
		exchange $BOX.answer_s=3600
		END
	done
}

box_conf() {
	cat <<-END
	[box]
	http = ${AT#http://}
	portal = $PORTAL
	supplier = $SUPPLIER
	services = $(IFS=,; echo "${SERVICES[*]}")
	dsn = $MONTH/$BOX.dsn
	accounts = 6
	seed = 49
	tick_ms = 100
	END
}

# A server without users, on a socket in our folder, that ends with us.
start_mariadb() {
	mkdir -p "$MONTH/my"
	echo 'CREATE DATABASE box;' >"$MONTH/my.sql"
	setpriv --pdeathsig KILL /usr/sbin/mariadbd --no-defaults \
	    --user="$(id -un)" --datadir="$MONTH/my" --socket="$MONTH/my.sock" \
	    --skip-networking --skip-grant-tables --init-file="$MONTH/my.sql" \
	    --pid-file="$MONTH/my.pid" --innodb-buffer-pool-size=16M \
	    --innodb-log-file-size=4M --character-set-server=utf8mb4 \
	    >"$MONTH/my.log" 2>&1 &
	wait_for 30 "MariaDB's socket" test -S "$MONTH/my.sock"
}

start_month() {
	local name
	make_clock
	at_day 1
	for name in $(boxes); do
		whose "$name"
		(umask 077; dsn >"$MONTH/$BOX.dsn")
	done
	KVITOK_PORT=any KVITOK_DB=$E2E_DB KVITOK_RUN=$MONTH \
	    KVITOK_SET="
pay.ask_first_ms=300
pay.patience_ms=3000
jobs.lease_ms=4000
jobs.poll_ms=50
$(exchange_settings)" KVITOK_WORKERS='2 2 2 1' \
	    KVITOK_PROGRAMS=$MONTH/bin KVITOK_PG_OPTIONS='-c fsync=off' \
	    "$(dirname "$0")/../../tools/run" --detach >"$MONTH/out" 2>&1 || {
		cat "$MONTH/out"
		exit 1
	}
}

# Begun anew whenever it was killed.
start_box() {
	whose "$1"
	any_port >"$MONTH/$1.port"
	whose "$1"
	case $1 in
	postgresql) "$PSQL" -q -h "$PG" -U postgres -c 'CREATE DATABASE box' ;;
	mariadb) start_mariadb ;;
	esac
	box_conf >"$MONTH/$1.conf"
	"$MONTH/bin/kvitok-sim" supplier -c "$MONTH/$1.conf" create || exit 1
	setpriv --pdeathsig TERM multiwatch -f 1 -r 1000 -t 2000 -s TERM -- \
	    "$MONTH/bin/kvitok-sim" supplier -c "$MONTH/$1.conf" \
	    >>"$MONTH/log/$1.log" 2>&1 &
	KEPT+=($!)
}

start_month
E2E_RUN=$MONTH
. "$(dirname "$0")/lib.sh"
. "$TOP/tools/run.d/port.sh"
KEPT=()

end_month() {
	kill "${KEPT[@]}" 2>/dev/null
	[[ ! -s $MONTH/my.pid ]] || kill -KILL "$(<"$MONTH/my.pid")" 2>/dev/null
	wait 2>/dev/null
	"$TOP/tools/stop" "$MONTH" >/dev/null
	wait 2>/dev/null
	rm -rf "$TMP"
}
trap end_month EXIT
for name in $(boxes); do
	start_box "$name"
done

ctl() {
	"$MONTH/bin/kvitokctl" -c "$MONTH/kvitok.conf" "$@" 2>&1
}

# ---- what is done --------------------------------------------------------

# each COMMAND...: of every box, beside each other.
each() {
	local name pids=() bad=0
	for name in $(boxes); do
		(
			TMP=$(mktemp -d "$TMP/$name.XXXXXX")
			whose "$name"
			"$@"
		) &
		pids+=($!)
	done
	for name in "${pids[@]}"; do
		wait "$name" || bad=1
	done
	((bad == 0)) || fail "$*"
}

# box METHOD PATH [BODY]
box() {
	http "$1" "$AT/control/$2" ${3:+-H 'Content-Type: application/json'
	    --data-binary "$3"}
	[[ $STATUS == 200 ]] || fail "$BOX: $* is refused"
}

# pay N KOP: the box's account N pays for its first service.
pay() {
	portal "$PORTAL"
	ask unique
	api POST /payments "{\"lines\":[{\"supplier\":\"$SUPPLIER\",
	    \"service\":\"${SERVICES[0]}\",\"account\":\"770000$1\",
	    \"sum_kop\":$2}],\"email\":\"p$SAID@example.org\"}" \
	    -H "Idempotency-Key: box-$SAID-$$"
	made
	open_link
	at_bank paid
	wait_state paid
	echo "$NUMBER" >>"$MONTH/$BOX.paid"
}

# give_back KOP: of the first payment.
give_back() {
	local number
	read -r number <"$MONTH/$BOX.paid"
	portal "$PORTAL"
	api POST "/payments/$number/refunds" \
	    "{\"sum_kop\":$1,\"reason\":\"перерасчёт\"}" \
	    -H "Idempotency-Key: box-back-$number"
	status 201
	wait_for 15 "refund of $number" gave_back "$number"
}

gave_back() {
	[[ $(db "SELECT state FROM refund WHERE number = '$1'") == done ]]
}

kill_all() {
	pkill -KILL -f "^[^ ]*/kvitok-jobs -c $MONTH/kvitok.conf\$"
	pkill -KILL -f "^[^ ]*/kvitok-sim supplier -c $MONTH/$BOX.conf\$"
	wait_for 15 "$BOX answers" answers
}

answers() {
	http GET "$AT/control/state"
	[[ $STATUS == 200 ]]
}

# Everything is done, on both sides; how many documents with lines went out.
settled() {
	local open
	answers || return
	read_field '(.open + .unanswered) | tostring' open
	[[ $open == 0 && $(waiting) == 0 ]]
}

waiting() {
	db "SELECT COUNT(*) FROM exchange_sent WHERE portal = '$PORTAL'
	    AND supplier = '$SUPPLIER'
	    AND state IN ('gathering', 'sent')"
}

sent() {
	db "SELECT COUNT(*) FROM exchange_sent WHERE portal = '$PORTAL'
	    AND supplier = '$SUPPLIER' AND period = '$(day "$1")'
	    AND kind = '$2' AND state <> 'gathering'"
}

is_sent() {
	[[ $(sent "$1" "$2") != 0 ]]
}

# In the night after day N its payments go out.
night() {
	wait_for 60 "$BOX: payments of day $1" is_sent "$1" payments
	wait_for 90 "$BOX: the night after day $1" settled
}

# resolve KIND: every case of a kind, by sending anew.
resolve() {
	local id out
	for id in $(db "SELECT id FROM pay_case WHERE kind = '$1'
	    AND state = 'open' AND subject LIKE '$PORTAL/$SUPPLIER/%'"); do
		out=$(ctl case resolve "$id" retry --reason 'проверено') ||
		    fail "$1: $out"
	done
}

open_cases() {
	db "SELECT COUNT(*) FROM pay_case WHERE kind = '$1' AND state = 'open'
	    AND subject LIKE '$PORTAL/$SUPPLIER/%'"
}

has_case() {
	[[ $(open_cases "$1") != 0 ]]
}

# ---- the tests -----------------------------------------------------------

first_day() {
	wait_for 15 "$BOX answers" answers
	box POST charge "{\"month\":\"$(date -u -d "$(day 0)" +%Y-%m)\",
	    \"paid_to_day\":\"$(day 0)\"}"
	wait_for 60 "$BOX: the first month" settled
	pay 1 120050
	pay 2 33300
	pay 1 1700
}

test_people_pay_what_was_charged() {
	each first_day
}

# Its first line is refused: a case, and the line goes with the next day.
first_night() {
	night 1
	is "$BOX: lines refused" "$(open_cases exchange_line_refused)" 1
	resolve exchange_line_refused
}

test_a_line_that_is_refused_is_sent_with_the_next_day() {
	each box POST faults '{"fault":"refuse_line","kind":"payments"}'
	at_day 2 01:00
	each first_night
}

second_day() {
	pay 3 5000
	box POST day '{"elsewhere":2}'
}

second_night() {
	wait_for 60 "$BOX: a document refused" has_case exchange_refused
	resolve exchange_refused
	night 2
}

test_a_document_that_is_refused_is_sent_again() {
	at_day 2
	each second_day
	each box POST faults '{"fault":"refuse_document","kind":"payments"}'
	at_day 3 01:00
	each second_night
}

third_day() {
	box POST chance '{"percent":40}'
	pay 4 1000
	give_back 700
	kill_all
	pay 5 2000
	box POST day '{"elsewhere":2}'
}

lost_in_the_night() {
	wait_for 60 "$BOX: payments of day 3" is_taken
	kill_all
	box POST chance '{"percent":40}'
	box POST faults '{"fault":"down","ms":700}'
}

# It waits for somebody to ask for its answer.
is_taken() {
	http GET "$AT/control/state"
	[[ $STATUS == 200 && $(field '.unanswered | tostring') != 0 ]]
}

third_night() {
	night 3
	is "$BOX: refunds" "$(sent 3 refunds)" 1
}

test_a_document_that_nobody_answers_is_sent_until_it_is() {
	at_day 3
	each third_day
	each box POST faults '{"fault":"lost_answer","kind":"payments"}'
	at_day 4 01:00
	each lost_in_the_night
	at_day 4 03:00
	each third_night
}

# The month is charged while payments of its last days are on their way.
fourth_day() {
	pay 6 4200
	box POST charge "{\"month\":\"$(date -u -d "$(day 1)" +%Y-%m)\",
	    \"paid_to_day\":\"$(day 3)\"}"
	wait_for 90 "$BOX: the second month" settled
}

fourth_night() {
	night 4
	box DELETE faults
	box POST day '{"elsewhere":1}'
	wait_for 60 "$BOX: the last day" settled
}

test_a_month_is_charged_between_payments() {
	at_day 4
	each fourth_day
	at_day 5 01:00
	each fourth_night
}

# account;service;kopecks owed, as the cabinet of each account shows them.
ours() {
	local n
	portal "$PORTAL"
	for n in 1 2 3 4 5 6; do
		api GET "/accounts/$SUPPLIER/770000$n/balance"
		status 200
		field ".services[] | \"770000$n;\" + .service + \";\" +
		    (-.balance_kop | tostring)"
	done | LC_ALL=C sort
}

same_balances() {
	box GET balances
	is "$BOX: balances" "$(ours)" "$(LC_ALL=C sort <<<"$BODY")"
	"$MONTH/bin/kvitok-sim" supplier -c "$MONTH/$BOX.conf" check \
	    >"$TMP/check" 2>&1 || fail "$BOX: check: $(<"$TMP/check")"
}

test_in_the_end_both_have_the_same_balances() {
	each same_balances
}

# What the box has booked of Kvitok's lines, and what was paid for it.
once() {
	box GET 'taken?limit=1000'
	is "$BOX: lines" "$(field '[.taken[] | select(.kind == "payments") |
	    .applied] | add | tostring')" \
	    "$(db "SELECT COUNT(*) FROM pay_line l JOIN payment p
	    ON p.akey = l.akey AND p.number = l.number
	    WHERE p.portal = '$PORTAL' AND l.supplier = '$SUPPLIER'
	    AND p.paid_at IS NOT NULL")"
	is "$BOX: money" "$(field '[.taken[] | select(.kind == "payments") |
	    .applied_kop] | add | tostring')" \
	    "$(db "SELECT SUM(l.sum_kop) FROM pay_line l JOIN payment p
	    ON p.akey = l.akey AND p.number = l.number
	    WHERE p.portal = '$PORTAL' AND l.supplier = '$SUPPLIER'
	    AND p.paid_at IS NOT NULL")"
	is "$BOX: refunds" "$(field '[.taken[] | select(.kind == "refunds") |
	    .applied_kop] | add | tostring')" 700
	is "$BOX: changed" "$(field '[.taken[].changed] | add | tostring')" 0
	is "$BOX: open cases" "$(db "SELECT COUNT(*) FROM pay_case
	    WHERE state = 'open' AND subject LIKE '$PORTAL/$SUPPLIER/%'")" 0
}

test_each_line_went_into_the_books_once() {
	each once
}

test_the_audit_finds_nothing() {
	local out
	out=$(ctl audit) || fail "$out"
	has audit "$out" 'findings 0'
}

run_tests
