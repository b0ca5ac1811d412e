#!/bin/bash
# The course of a payment with nothing going wrong, through both banks.
. "$(dirname "$0")/lib.sh"

# The payer pays at the bank, the receipt comes.
pays_and_gets_receipt() {
	payment "$1" "$2"
	is state "$(field .state)" created
	open_link
	is state "$(state)" pending
	at_bank paid
	wait_state paid
	has card_mask "$(field .card_mask)" '**'
	[[ -n $(field .bank_ref) ]] || fail "no bank_ref"
	[[ -n $(field .auth_code) ]] || fail "no auth_code"
	[[ -n $(field .paid_at) ]] || fail "no paid_at"
	wait_for 15 "the mail to $MAIL" mails_are "$MAIL" 1
	credited_once
}

test_a_bill_is_paid_through_gazprombank_pga() {
	pays_and_gets_receipt portalgkh 120000
	is total_kop "$TOTAL" 121800
}

test_a_bill_is_paid_through_gazprombank_pps() {
	pays_and_gets_receipt tgk1 250000
}

test_a_bill_is_paid_through_sberbank_signed_by_hmac() {
	pays_and_gets_receipt irkutskenergosbyt 99999
	is total_kop "$TOTAL" 99999
}

test_a_bill_is_paid_through_sberbank_signed_by_rsa() {
	pays_and_gets_receipt novcheb 250000
}

test_a_bill_is_paid_through_sberbank_unsigned_new_dialect() {
	pays_and_gets_receipt moygaz 250000
}

test_the_browser_comes_back_to_the_result() {
	payment irkutskenergosbyt 50000
	open_link
	at_bank paid
	wait_state paid
	browse "$KVITOK_URL/return/$TOKEN"
	status 200
	has page "$BODY" 'Оплата проведена'
	has page "$BODY" "$NUMBER"
	browse "$PAY_URL"
	status 303
	has location "$LOCATION" "/return/"
}

test_the_receipt_is_a_pdf_with_the_sum_in_it() {
	payment portalgkh 120000
	http GET "$KVITOK_URL/api/v1/payments/$NUMBER/receipt.pdf" \
	    -H "Authorization: Bearer $KEY"
	refused 409 payment_not_paid
	open_link
	at_bank paid
	wait_state paid
	http GET "$KVITOK_URL/api/v1/payments/$NUMBER/receipt.pdf" \
	    -H "Authorization: Bearer $KEY"
	status 200
	is content-type "$(header content-type)" application/pdf
	local words
	words=$(pdftotext -layout "$TMP/body" - | tr -s ' \302\240' ' ')
	has receipt "$words" "$NUMBER"
	has receipt "$words" '218'
}

test_the_front_end_gets_its_browser_back() {
	payment portalgkh 30000 '"return_url":"https://front.example/done?a=1"'
	open_link
	at_bank paid
	wait_state paid
	browse "$KVITOK_URL/return/$TOKEN"
	status 303
	is location "$LOCATION" "https://front.example/done?a=1&number=$NUMBER"
}

test_the_story_tells_it_in_words() {
	payment irkutskenergosbyt 70000
	open_link
	at_bank paid
	wait_state paid
	api GET "/payments/$NUMBER/story"
	status 200
	local events
	events=$(field '.items | length')
	((events >= 4)) || fail "only $events events"
	ctl why "$NUMBER" >"$TMP/why" || fail "why fails: $(<"$TMP/why")"
	has story "$(<"$TMP/why")" "$NUMBER"
}

run_tests
