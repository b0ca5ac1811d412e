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
EX=$MONTH
. "$(dirname "$0")/month.sh"
. "$(dirname "$0")/box.sh"

# ---- the world -----------------------------------------------------------

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

# What kvitok.conf says of the boxes.
exchange_settings() {
	local name
	for name in $(databases); do
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

# Begun anew whenever it was killed.
start_box() {
	whose "$1"
	any_port >"$MONTH/$1.port"
	whose "$1"
	case $1 in
	postgresql) "$PSQL" -q -h "$PG" -U postgres -c 'CREATE DATABASE box' ;;
	mariadb) start_mariadb 'CREATE DATABASE box;' ;;
	esac
	box_conf >"$MONTH/$1.conf"
	"$MONTH/bin/kvitok-sim" supplier -c "$MONTH/$1.conf" create || exit 1
	keep "$1" "$MONTH/bin/kvitok-sim" supplier -c "$MONTH/$1.conf"
}

make_clock
mkdir -p "$MONTH/spool"
for name in $(databases); do
	(umask 077; dsn_of "$name" box >"$MONTH/$name.dsn")
done
start_month "jobs.lease_ms=4000
$(exchange_settings)"
. "$(dirname "$0")/lib.sh"
. "$TOP/tools/run.d/port.sh"

end_month() {
	kill "${KEPT[@]}" 2>/dev/null
	end_mariadb
	wait 2>/dev/null
	"$TOP/tools/stop" "$MONTH" >/dev/null
	wait 2>/dev/null
	rm -rf "$TMP"
}
trap end_month EXIT
for name in $(databases); do
	start_box "$name"
done

# ---- what is done --------------------------------------------------------

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
	box_ok POST charge "{\"month\":\"$(date -u -d "$(day 0)" +%Y-%m)\",
	    \"paid_to_day\":\"$(day 0)\"}"
	wait_for 60 "$BOX: the first month" settled
	pay 1 120050
	pay 2 33300
	pay 1 1700
}

test_people_pay_what_was_charged() {
	beside first_day
}

# Its first line is refused: a case, and the line goes with the next day.
first_night() {
	night 1
	is "$BOX: lines refused" "$(open_cases exchange_line_refused)" 1
	resolve exchange_line_refused
}

test_a_line_that_is_refused_is_sent_with_the_next_day() {
	beside box_ok POST faults '{"fault":"refuse_line","kind":"payments"}'
	at_day 2 01:00
	beside first_night
}

second_day() {
	pay 3 5000
	box_ok POST day '{"elsewhere":2}'
}

second_night() {
	wait_for 60 "$BOX: a document refused" has_case exchange_refused
	resolve exchange_refused
	night 2
}

test_a_document_that_is_refused_is_sent_again() {
	at_day 2
	beside second_day
	beside box_ok POST faults '{"fault":"refuse_document","kind":"payments"}'
	at_day 3 01:00
	beside second_night
}

third_day() {
	box_ok POST chance '{"percent":40}'
	pay 4 1000
	give_back 700
	kill_all
	pay 5 2000
	box_ok POST day '{"elsewhere":2}'
}

lost_in_the_night() {
	wait_for 60 "$BOX: payments of day 3" is_taken
	kill_all
	box_ok POST chance '{"percent":40}'
	box_ok POST faults '{"fault":"down","ms":700}'
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
	beside third_day
	beside box_ok POST faults '{"fault":"lost_answer","kind":"payments"}'
	at_day 4 01:00
	beside lost_in_the_night
	at_day 4 03:00
	beside third_night
}

# The month is charged while payments of its last days are on their way.
fourth_day() {
	pay 6 4200
	box_ok POST charge "{\"month\":\"$(date -u -d "$(day 1)" +%Y-%m)\",
	    \"paid_to_day\":\"$(day 3)\"}"
	wait_for 90 "$BOX: the second month" settled
}

fourth_night() {
	night 4
	box_ok DELETE faults
	box_ok POST day '{"elsewhere":1}'
	wait_for 60 "$BOX: the last day" settled
}

test_a_month_is_charged_between_payments() {
	at_day 4
	beside fourth_day
	at_day 5 01:00
	beside fourth_night
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
	box_ok GET balances
	is "$BOX: balances" "$(ours)" "$(LC_ALL=C sort <<<"$BODY")"
	"$MONTH/bin/kvitok-sim" supplier -c "$MONTH/$BOX.conf" check \
	    >"$TMP/check" 2>&1 || fail "$BOX: check: $(<"$TMP/check")"
}

test_in_the_end_both_have_the_same_balances() {
	beside same_balances
}

# What the box has booked of Kvitok's lines, and what was paid for it.
once() {
	box_ok GET 'taken?limit=1000'
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
	beside once
}

test_the_audit_finds_nothing() {
	local out
	out=$(ctl audit) || fail "$out"
	has audit "$out" 'findings 0'
}

run_tests
