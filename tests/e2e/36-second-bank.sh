#!/bin/bash
# A second bank (P13): what becomes of a payment when the first one fails.
#
# The portal novcheb goes to Sberbank first and to Gazprombank second, but for
# one supplier, whose payments go the other way.  The banks' fault settings are
# those of tools/run-e2e: a circuit opens when of 6 calls (Gazprombank: 3) 60 per
# cent failed or took 1.5 s, and is tried again after 8 s (20 s).
. "$(dirname "$0")/lib.sh"
# payment_of SUPPLIER SERVICE [SUM_KOP]: like payment, of novcheb.
payment_of() {
	local account
	ask unique
	account=$(awk -F '\t' -v n="$SAID" -v s="$1" '
	$1 == "G" && $2 == s {
		printf "%s%0" $6 ".0f\n", $4, $5 + (n % $3) * $7
		exit
	}' "$TOP/sql/demo/novcheb.tsv")
	portal novcheb
	MAIL=p$SAID@example.org
	api POST /payments "{\"lines\":[{\"supplier\":\"$1\",
	    \"service\":\"$2\",\"account\":\"$account\",
	    \"sum_kop\":${3:-123456}}],\"email\":\"$MAIL\"}" \
	    -H "Idempotency-Key: e2e-$SAID-$$"
}

# Contracts of the attempts, in order.
tried() {
	db "SELECT contract FROM attempt WHERE number = '$NUMBER'
	    ORDER BY n" | paste -sd ' '
}

# at_banks BANK JQ: of the payment's orders that the simulated bank knows.
at_banks() {
	local n all=
	for n in 1 2 3 4; do
		sim GET "orders?number=$NUMBER-$n&bank=$1&limit=1000"
		all+=$BODY
	done
	jq -s "[.[].orders[]] | $2" <<<"$all"
}

# What both banks have charged for the payment is what was credited for it.
charged_is_credited() {
	local charged credited
	charged=$(($(at_banks sberbank '[.[].deposited_kop] | add // 0') +
	    $(at_banks gazprombank '[.[].deposited_kop] | add // 0')))
	credited=$(db "SELECT COALESCE(SUM(total_kop), 0) FROM payment
	    WHERE number = '$NUMBER' AND state = 'paid'")
	is "charged for $NUMBER" "$charged" "$credited"
	is "posted for $NUMBER" "$(db "SELECT COALESCE(SUM(l.sum_kop), 0)
	    FROM ledger_transfer t JOIN ledger_line l
	    ON l.akey = t.akey AND l.transfer = t.id
	    WHERE t.number = '$NUMBER' AND l.account LIKE 'receivable/%'")" \
	    "$charged"
}

# The link is opened until it leads to a bank's page; the payer looks at it.
led_to_a_bank() {
	local tries
	for tries in {1..60}; do
		browse "$PAY_URL"
		[[ $STATUS == 303 && $LOCATION == "$KVITOK_SIM_URL"/* ]] && break
		pause 0.25
	done
	has "the way after $tries tries" "$LOCATION" "$KVITOK_SIM_URL/"
	browse "$LOCATION"
	BANK_NO=$(bank_no)
}

pays_there() {
	at_bank paid
	wait_state paid 25
	credited_once
	charged_is_credited
}

health() {
	http GET "$KVITOK_URL/readyz"
	field ".banks[] | select(.contract == \"$1\") | .state"
}

health_is() {
	local now
	http GET "$KVITOK_URL/readyz"
	read_field ".banks[] | select(.contract == \"$1\") | .state" now
	[[ $now == "$2" ]]
}

# Until what other rows left of a window is forgotten.
both_are_well() {
	wait_for 30 'both banks are well' health_is sber-novcheb closed
	wait_for 30 'both banks are well' health_is gpb-novcheb closed
}

# A fault, how the call is to go wrong; the contracts of all attempts; how
# many orders each bank has in the end.  One row is one payment, which is paid
# in the end, once.
MATRIX='
refuses: system error    | register_refused | "value":"7"                            | sber-novcheb gpb-novcheb  | 0 | 1
refuses: access denied   | register_refused | "value":"5"                            | sber-novcheb gpb-novcheb  | 0 | 1
is not reached           | no_connection    | "count":3                              | sber-novcheb gpb-novcheb  | 0 | 1
is slow                  | slow             | "call":"register","delay_ms":1000      | sber-novcheb              | 1 | 0
breaks off, nothing done | reset_before     | "call":"register"                      | sber-novcheb sber-novcheb | 1 | 0
breaks off, all was done | register_lost    |                                        | sber-novcheb              | 1 | 0
502, nothing done        | http_502         | "call":"register"                      | sber-novcheb sber-novcheb | 1 | 0
502, all was done        | http_502_after   | "call":"register"                      | sber-novcheb              | 1 | 0
answers too late         | slow             | "call":"register","delay_ms":5000      | sber-novcheb              | 1 | 0
no page in the answer    | no_formurl_errorcode |                                | sber-novcheb              | 1 | 0
'

row() {
	local what=$1 name=$2 members=$3 contracts=$4 sber=$5 gpb=$6
	payment novcheb
	[[ $name == no_connection ]] || members+="${members:+,}\"scope\":\"order\",
	    \"order\":\"$NUMBER-1\""
	fault sberbank "$name" "$members"
	led_to_a_bank
	is "banks tried when the first one $what" "$(tried)" "$contracts"
	pays_there
	is "orders at Sberbank when it $what" "$(at_banks sberbank length)" \
	    "$sber"
	is "orders at Gazprombank when Sberbank $what" \
	    "$(at_banks gazprombank length)" "$gpb"
	api GET "/payments/$NUMBER"
	is bank "$(field .bank)" "$( ((gpb)) && echo gazprombank ||
	    echo sberbank)"
}

# rows GREP'S ARGUMENTS: those of them that match, all at once.
rows() {
	local line f rows=() bad=0 i
	while IFS= read -r line; do
		[[ -n $line ]] || continue
		IFS='|' read -r -a f < <(sed 's/ *| */|/g; s/ *$//' <<<"$line")
		(
			TMP=$(mktemp -d "$TMP/row.XXXXXX")
			row "${f[@]}"
		) &
		rows+=($!)
	done < <(grep "$@" <<<"$MATRIX")
	((${#rows[@]})) || fail 'no rows'
	for i in "${rows[@]}"; do
		wait "$i" || bad=1
	done
	sim_ok DELETE faults
	((bad == 0)) || fail 'rows failed'
}

test_each_fault_of_the_first_bank_ends_in_one_charge_at_the_right_bank() {
	both_are_well
	# This fault strikes whoever connects: alone.
	rows -e no_connection
	rows -e refuses -e 'no page' -e slow
	rows -e 'breaks off' -e 502
}

test_the_story_and_the_refund_name_the_second_bank() {
	both_are_well
	payment novcheb
	fault sberbank register_refused '"value":"7"'
	led_to_a_bank
	pays_there
	has story "$(ctl why \
	    "$NUMBER")" 'платёж направлен в другой банк'
	api POST "/payments/$NUMBER/refunds" \
	    '{"sum_kop": 1000, "reason": "лишнее"}' \
	    -H "Idempotency-Key: e2e-$(unique)-$$"
	status 201
	wait_for 15 'the refund is done' gave_back 1000
	is 'given back by Sberbank' "$(at_banks sberbank length)" 0
}

gave_back() {
	[[ $(at_banks gazprombank '[.[].refunded_kop] | add // 0') == "$1" ]]
}

test_a_payer_who_saw_a_page_stays_with_that_bank() {
	both_are_well
	payment novcheb
	led_to_a_bank
	at_bank declined
	wait_state declined
	fault sberbank no_connection '"count":3'
	browse "$PAY_URL"
	status 503
	has page "$BODY" 'Банк временно недоступен'
	sim_ok DELETE faults
	is tried "$(tried)" 'sber-novcheb sber-novcheb'
	is 'orders at Gazprombank' "$(at_banks gazprombank length)" 0
	led_to_a_bank
	pays_there
}

# Killed before the refusal is written nobody knows what the bank has done:
# then it stays with that bank.  Afterwards the second one is tried.
test_killed_at_each_step_between_two_banks_it_is_charged_once() {
	local step
	for step in intend_writing attempt_intended attempt_answered \
	    answer_writing answer_written; do
		both_are_well
		payment novcheb
		fault sberbank register_refused '"value":"7"'
		arm "$step"
		browse "$PAY_URL"
		reached "$step" || fail "$step was never reached"
		[[ $step == answer_written ]] && arm intend_writing
		led_to_a_bank
		reached intend_writing || fail "the second intent was not met"
		sim_ok DELETE faults
		pays_there
		case $step in
		intend_writing | answer_written)
			is "tried after $step" "$(tried)" \
			    'sber-novcheb gpb-novcheb'
			;;
		*) has_not "tried after $step" "$(tried)" gpb ;;
		esac
	done
}

# slow_down BANK SUPPLIER SERVICE CONTRACT: until its circuit is open.
slow_down() {
	local i
	fault "$1" slow '"scope":"all","delay_ms":1600'
	for i in {1..40}; do
		health_is "$4" open && break
		payment_of "$2" "$3"
		if [[ $STATUS == 201 ]]; then
			made
			browse "$PAY_URL"
			[[ $LOCATION == */pages/* ]] && browse "$LOCATION"
		fi &
		pause 0.3
	done
	wait
	sim_ok DELETE faults
	wait_for 5 "the circuit of $4 is open" health_is "$4" open
}

sberbank_is_slow() {
	slow_down sberbank ks-novcheb zhku sber-novcheb
}

gazprombank_is_slow() {
	slow_down gazprombank fond-kapremonta vznos gpb-novcheb
}

# while_open "CONTRACT ..." TEST: run it while they are down.  A circuit is
# open for a while only; when it was not to the end, the test is run again.
while_open() {
	local tries contract still
	for tries in 1 2 3 4; do
		for contract in $1; do
			health_is "$contract" open && continue
			[[ $contract == sber* ]] && sberbank_is_slow ||
			    gazprombank_is_slow
		done
		if ("$2") 2>"$TMP/while"; then
			return
		fi
		sim_ok DELETE faults
		still=1
		for contract in $1; do
			health_is "$contract" open || still=0
		done
		((still)) && break
	done
	cat "$TMP/while" >&2
	fail "$2 on try $tries"
}

second_bank_takes_all() {
	http GET "$KVITOK_URL/readyz"
	status 200
	[[ -n $(field '.banks[] | select(.contract == "sber-novcheb") |
	    .since') ]] || fail 'no word since when'
	http GET "$KVITOK_URL/metrics"
	has metrics "$(grep '^kvitok_bank_state' <<<"$BODY")" \
	    'kvitok_bank_state{contract="sber-novcheb",state="open"} 1'
	has metrics "$(grep '^kvitok_bank_down' <<<"$BODY")" \
	    'kvitok_bank_down{contract="gpb-novcheb"} 0'
	payment_of ks-novcheb zhku
	made
	is bank "$(field .bank)" gazprombank
	led_to_a_bank
	is tried "$(tried)" gpb-novcheb
	pays_there
}

test_a_bank_that_is_down_is_called_by_nobody_and_takes_no_pool_down() {
	both_are_well
	while_open sber-novcheb second_bank_takes_all
	# One call finds out that it is well again.
	wait_for 30 'Sberbank is tried again' not_open sber-novcheb
	payment novcheb
	led_to_a_bank
	is tried "$(tried)" sber-novcheb
	is health "$(health sber-novcheb)" closed
	pays_there
}

not_open() {
	[[ $(health "$1") != open ]]
}

# Down when it is made: the second bank is named at once.
sberbank_is_the_second() {
	payment_of fond-kapremonta vznos
	made
	is bank "$(field .bank)" sberbank
	led_to_a_bank
	is tried "$(tried)" sber-novcheb
	pays_there
}

# And the second one refuses: the payer is told, nothing is charged.
the_second_refuses() {
	payment_of fond-kapremonta vznos
	made
	fault sberbank register_refused '"value":"7"'
	browse "$PAY_URL"
	status 303
	has place "$LOCATION" /return/
	browse "$KVITOK_URL$LOCATION"
	has page "$BODY" 'Банк временно не может провести оплату'
	is tried "$(tried)" sber-novcheb
	charged_is_credited
}

# A payment that was made while they were well; each try takes another one.
both_are_down() {
	echo >>"$TMP/early"
	browse "${EARLY[$(wc -l <"$TMP/early") - 1]}"
	status 503
	has page "$BODY" 'Банк временно недоступен. Деньги не списаны'
	payment_of fond-kapremonta vznos
	refused 503 bank_unavailable
	http GET "$KVITOK_URL/readyz"
	status 200
}

test_with_the_other_order_sberbank_is_the_second_and_may_fail_too() {
	both_are_well
	EARLY=()
	for _ in 1 2 3 4; do
		payment_of fond-kapremonta vznos
		made
		EARLY+=("$PAY_URL")
	done
	while_open gpb-novcheb sberbank_is_the_second
	while_open gpb-novcheb the_second_refuses
	while_open 'gpb-novcheb sber-novcheb' both_are_down
	sberbank_heals
}

# Whoever comes first after the pause closes the circuit again.
sberbank_heals() {
	local i
	for i in {1..60}; do
		payment_of ks-novcheb zhku
		if [[ $STATUS == 201 ]]; then
			made
			browse "$PAY_URL"
		fi
		health_is sber-novcheb closed && return
		pause 0.5
	done
	fail 'the bank stays down'
}

test_the_books_agree_after_all_of_it() {
	books_are_right
}

run_tests
