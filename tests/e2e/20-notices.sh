#!/bin/bash
# Call-backs of the banks: lost, repeated, early, late, wrong, forged.
. "$(dirname "$0")/lib.sh"

GPB='portalgkh tgk1'
SBER='irkutskenergosbyt novcheb moygaz'

# begin PORTAL FAULT [members]: a payer at the bank, something will go wrong.
begin() {
	payment "$1"
	fault "$(bank_of "$1")" "$2" "${3:-}"
	open_link
}

paid_once() {
	wait_state paid "${1:-15}"
	wait_for 15 "the mail to $MAIL" mails_are "$MAIL" 1
	sleep 0.5
	credited_once
	is mails "$(mails "$MAIL")" 1
}

test_a_lost_notice_is_found_by_asking() {
	local portal
	for portal in portalgkh tgk1 irkutskenergosbyt moygaz; do
		begin "$portal" callback_lost
		at_bank paid
		paid_once
	done
}

test_a_notice_that_comes_ten_times_at_once_credits_once() {
	local portal
	for portal in portalgkh irkutskenergosbyt novcheb moygaz; do
		begin "$portal" callback_repeat '"count":10'
		at_bank paid
		paid_once
		is cases "$(db "SELECT COUNT(*) FROM pay_case
		    WHERE number = '$NUMBER'")" 0
	done
}

test_a_notice_before_the_browser_returns_shows_paid_at_once() {
	local portal
	for portal in portalgkh irkutskenergosbyt; do
		begin "$portal" callback_before_return
		at_bank paid '"wait":true'
		wait_state paid
		browse "$KVITOK_URL/return/$TOKEN"
		status 200
		has page "$BODY" 'Оплата проведена'
		paid_once
	done
}

test_a_browser_before_the_notice_sees_checking_and_then_paid() {
	local portal
	for portal in portalgkh irkutskenergosbyt; do
		begin "$portal" callback_after_return '"delay_ms":4000'
		at_bank paid
		browse "$KVITOK_URL/return/$TOKEN"
		status 200
		wait_for 15 'page of success' page_says 'Оплата проведена'
		paid_once
	done
}

page_says() {
	browse "$KVITOK_URL/return/$TOKEN"
	[[ $BODY == *"$1"* ]]
}

test_a_notice_of_refusal_out_of_order_takes_no_credit_back() {
	local portal
	for portal in portalgkh irkutskenergosbyt; do
		begin "$portal" callback_reorder
		at_bank paid
		paid_once
		is state "$(state)" paid
	done
}

# One that is being asked comes back with a day of its own.
put_off() {
	[[ -n $(db "UPDATE job SET due_at = due_at + 3600000 WHERE kind = 'ask'
	    AND ref = '$BANK_NO' AND leased_by = '' RETURNING id") ]]
}

test_a_forged_notice_credits_nothing() {
	local portal
	for portal in portalgkh tgk1 irkutskenergosbyt novcheb; do
		begin "$portal" callback_bad_signature
		# Nobody asks meanwhile: what is seen is the notice alone.
		wait_for 10 'the question is put off' put_off
		at_bank paid
		wait_for 10 'the notice is kept' forged_kept
		is state "$(state)" pending
		credits_are 0
	done
}

forged_kept() {
	(($(db "SELECT COUNT(*) FROM notice WHERE verdict = 'forged'
	    AND raw LIKE '%$BANK_NO%'") > 0))
}

test_a_forged_notice_is_kept_once_however_often_it_comes() {
	local i before
	payment irkutskenergosbyt
	open_link
	for i in 1 2 3; do
		http GET "$KVITOK_URL/bank/sberbank/callback?checksum=$(printf \
		    '%064d' 0)&mdOrder=x&operation=deposited&orderNumber=$BANK_NO&status=1"
	done
	before=$(db "SELECT COUNT(*), MAX(times) FROM notice
	    WHERE raw LIKE '%$BANK_NO%'")
	is 'notices and their times' "$before" '1|3'
	credits_are 0
}

test_a_wrong_sum_is_a_case_and_no_credit() {
	local portal
	for portal in portalgkh irkutskenergosbyt; do
		begin "$portal" callback_wrong_sum
		at_bank paid
		wait_for 15 'a case' case_is wrong_sum 1
		credits_are 0
		[[ $(state) != paid ]] || fail "paid"
	done
}

case_is() {
	[[ $(cases "$1") == "$2" ]]
}

test_a_status_with_a_wrong_sum_or_currency_or_number_is_a_case() {
	local what kind
	for what in wrong_sum two_sums wrong_currency wrong_number; do
		kind=${what/two_sums/wrong_sum}
		payment irkutskenergosbyt
		open_link
		fault sberbank "status_$what" \
		    "\"scope\":\"order\",\"order\":\"$BANK_NO\""
		at_bank paid
		wait_for 15 "a case of $what" case_is "$kind" 1
		credits_are 0
	done
}

test_a_notice_for_an_unknown_number_is_a_case() {
	local number=ZZZZZZZZZZZZZZ$RANDOM-1
	begin irkutskenergosbyt callback_wrong_number "\"value\":\"$number\""
	at_bank paid
	wait_for 15 'a case' unknown_case "$number"
	# Its own payment is found by asking.
	paid_once
}

unknown_case() {
	(($(db "SELECT COUNT(*) FROM pay_case WHERE kind = 'unknown_number'
	    AND (subject LIKE '%$1%' OR evidence LIKE '%$1%')") > 0))
}

test_an_operation_nobody_knows_is_answered_and_ignored() {
	begin irkutskenergosbyt callback_unknown_operation
	at_bank paid
	paid_once
}

test_parameters_nobody_knows_do_no_harm() {
	local portal
	for portal in portalgkh irkutskenergosbyt; do
		begin "$portal" callback_extra_params
		at_bank paid
		paid_once
	done
}

test_the_next_certificate_of_the_bank_is_good() {
	begin portalgkh rp_next_certificate
	at_bank paid
	paid_once
	begin portalgkh rp_raw_base64
	at_bank paid
	paid_once
}

test_success_after_failure_wins_and_failure_after_success_does_not() {
	begin portalgkh rp_before_failure
	at_bank paid
	paid_once
	begin portalgkh rp_after_success_failure
	at_bank paid
	paid_once
}

test_a_register_call_of_a_foreign_account_is_a_case() {
	begin portalgkh rp_wrong_account
	at_bank paid
	wait_for 15 'a case' case_is wrong_account 1
}

test_loose_types_and_missing_blocks_are_understood() {
	begin irkutskenergosbyt loose_types
	at_bank paid
	paid_once
	begin irkutskenergosbyt missing_blocks
	at_bank paid
	paid_once
	begin portalgkh missing_blocks
	at_bank paid
	paid_once
}

test_money_after_a_cancel_is_credited_all_the_same() {
	local portal
	for portal in portalgkh irkutskenergosbyt; do
		begin "$portal" callback_late '"delay_ms":2000'
		at_bank paid
		api POST "/payments/$NUMBER/cancel" '{}' \
		    -H "Idempotency-Key: cancel-$NUMBER"
		[[ $STATUS == 200 || $STATUS == 409 ]] ||
		    fail "cancel: $STATUS"
		paid_once 20
	done
}

test_money_after_our_expiry_is_credited_all_the_same() {
	local portal
	for portal in portalgkh irkutskenergosbyt; do
		begin "$portal" callback_late '"delay_ms":2500'
		run_out
		at_bank paid
		paid_once 20
	done
}

# Make it as old as if its time had gone by.
run_out() {
	db "UPDATE attempt SET expires_at = started_at + 1
	    WHERE number = '$NUMBER'" >/dev/null
	db "UPDATE payment SET expires_at = created_at + 1
	    WHERE number = '$NUMBER'" >/dev/null
}

test_an_order_that_ran_out_at_the_bank_is_expired_here() {
	begin irkutskenergosbyt expire
	browse "$KVITOK_URL/return/$TOKEN"
	wait_for 15 expired not_open
	credits_are 0
	browse "$KVITOK_URL/return/$TOKEN"
	status 200
	has_not page "$BODY" 'Оплата проведена'
}

not_open() {
	[[ $(state) == expired || $(state) == declined ]]
}

# fits NAME: the last answer is a document of xsd/gazprombank/NAME.xsd.
fits() {
	printf '%s' "$BODY" >"$TMP/answer.xml"
	xmllint --noout --schema "$TOP/xsd/gazprombank/$1.xsd" \
	    "$TMP/answer.xml" 2>"$TMP/xmllint" ||
	    fail "$(head -n 2 "$TMP/xmllint")"
}

test_answers_to_gazprombank_fit_their_schemas() {
	local check=$KVITOK_URL/bank/gazprombank/check user=gpb-portalgkh
	local word
	word=$user:$(<"$E2E_RUN/secret/$user.password")
	payment portalgkh
	open_link
	http GET "$check?merch_id=portalgkh&trx_id=T1&o.order_id=$BANK_NO" \
	    -u "$word"
	status 200
	fits payment-avail-response
	has answer "$BODY" '<code>1</code>'
	http GET "$check?merch_id=portalgkh&trx_id=T1&o.order_id=1" -u "$word"
	fits payment-avail-response
	has answer "$BODY" '<code>2</code>'
	http GET "$KVITOK_URL/bank/gazprombank/register?merch_id=x"
	status 200
	fits register-payment-response
	has answer "$BODY" '<code>2</code>'
}

test_two_paid_attempts_are_one_credit_and_a_case() {
	payment irkutskenergosbyt
	fault sberbank callback_lost
	open_link
	local first=$BANK_NO
	# The first attempt looks dead to us, the payer tries again.
	db "UPDATE attempt SET state = 'declined', closed_at = started_at,
	    reason = 'pay_declined' WHERE number = '$NUMBER'" >/dev/null
	db "UPDATE payment SET state = 'declined', reason = 'pay_declined'
	    WHERE number = '$NUMBER'" >/dev/null
	db "UPDATE job SET state = 'done' WHERE ref = '$first'" >/dev/null
	open_link
	[[ $BANK_NO != "$first" ]] || fail "no new attempt"
	at_bank paid
	paid_once
	BANK_NO=$first
	sim_ok DELETE faults
	at_bank paid
	wait_for 15 'a case' case_is second_payment 1
	credited_once
}

run_tests
