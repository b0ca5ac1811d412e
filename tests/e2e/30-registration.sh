#!/bin/bash
# Bringing an order to the bank, when the bank or the way to it fails.
. "$(dirname "$0")/lib.sh"

# The link is opened until it leads to the bank or to a result.
open_until_led() {
	local tries
	for tries in {1..80}; do
		browse "$PAY_URL"
		[[ $STATUS == 303 ]] && return
		[[ $STATUS == 200 || $STATUS == 503 ]] || fail "link: $STATUS"
		sleep 0.25
	done
	fail "never led anywhere after $tries tries"
}

test_a_lost_answer_is_asked_for_and_never_registered_again() {
	payment irkutskenergosbyt
	fault sberbank register_lost
	browse "$PAY_URL"
	BANK_NO=$NUMBER-1
	open_until_led
	# The bank said it knows the order: the payer is led to that one.
	is registrations "$(bank_calls in register)" 1
	api GET "/payments/$NUMBER"
	is attempts "$(field '.attempts | length')" 1
	BANK_NO=$(bank_no)
	at_bank paid
	wait_state paid
	credited_once
}

test_a_502_after_the_effect_is_asked_for_too() {
	payment irkutskenergosbyt
	fault sberbank http_502_after '"call":"register"'
	browse "$PAY_URL"
	BANK_NO=$NUMBER-1
	open_until_led
	is registrations "$(bank_calls in register)" 1
	BANK_NO=$(bank_no)
	at_bank paid
	wait_state paid
	credited_once
}

test_a_registration_that_never_arrived_is_made_anew_under_a_new_number() {
	payment irkutskenergosbyt
	fault sberbank http_502 '"call":"register"'
	browse "$PAY_URL"
	open_until_led
	BANK_NO=$(bank_no)
	browse "$LOCATION"
	at_bank paid
	wait_state paid
	credited_once
}

test_a_refusal_of_the_bank_is_told_in_words() {
	payment irkutskenergosbyt
	fault sberbank register_refused '"value":"5"'
	browse "$PAY_URL"
	[[ $STATUS == 200 || $STATUS == 303 ]] || fail "link: $STATUS"
	browse "$KVITOK_URL/return/$TOKEN"
	status 200
	has_not page "$BODY" 'Оплата проведена'
	open_link
	at_bank paid
	wait_state paid
	credited_once
}

test_a_slow_bank_starves_no_other_pool() {
	payment irkutskenergosbyt
	fault sberbank slow '"call":"register","delay_ms":3000'
	browse "$PAY_URL" &
	local slow=$! at=${EPOCHREALTIME/./} took
	sleep 0.2
	api GET /suppliers
	status 200
	took=$(((${EPOCHREALTIME/./} - at) / 1000))
	((took < 1500)) || fail "the API took $took ms meanwhile"
	wait "$slow"
}

test_a_lost_status_answer_is_asked_again() {
	payment irkutskenergosbyt
	open_link
	fault sberbank status_lost
	at_bank paid
	wait_state paid 20
	credited_once
}

run_tests
