#!/bin/bash
# The pay link: previews, second openings, second devices, new attempts.
. "$(dirname "$0")/lib.sh"

attempts() {
	db "SELECT COUNT(*) FROM attempt WHERE number = '$NUMBER'"
}

test_a_head_request_registers_nothing() {
	payment irkutskenergosbyt
	http HEAD "$PAY_URL"
	[[ $STATUS == 2* ]] || fail "HEAD: $STATUS"
	is attempts "$(attempts)" 0
}

test_previews_of_messengers_and_scanners_register_nothing() {
	local agent
	payment irkutskenergosbyt
	for agent in 'TelegramBot (like TwitterBot)' 'WhatsApp/2.23' \
	    'Viber/13.0' 'facebookexternalhit/1.1' 'vkShare; +http://vk.com/' \
	    'Slackbot-LinkExpanding 1.0' 'Mozilla/5.0 (compatible; Googlebot/2.1)'; do
		http GET "$PAY_URL" -A "$agent"
		status 200
		is "attempts after $agent" "$(attempts)" 0
	done
	http GET "$PAY_URL" -A "$BROWSER" -H 'Purpose: prefetch'
	status 200
	http GET "$PAY_URL" -A "$BROWSER" -H 'Sec-Purpose: prefetch;prerender'
	status 200
	is attempts "$(attempts)" 0
	is state "$(state)" created
}

test_opening_twice_leads_to_the_same_order() {
	payment irkutskenergosbyt
	open_link
	local url=$BANK_URL
	open_link
	is url "$BANK_URL" "$url"
	is attempts "$(attempts)" 1
	is registrations "$(bank_calls in register)" 1
}

test_ten_openings_at_once_make_one_order() {
	payment irkutskenergosbyt
	local i
	for i in {1..10}; do
		curl -s -o /dev/null -A "$BROWSER" "$PAY_URL" &
	done
	wait
	open_link
	is attempts "$(attempts)" 1
	is registrations "$(bank_calls in register)" 1
	at_bank paid
	wait_state paid
	credited_once
}

test_a_decline_leads_to_a_new_attempt_with_a_new_number() {
	local portal
	for portal in portalgkh irkutskenergosbyt; do
		payment "$portal"
		open_link
		local first=$BANK_NO
		at_bank declined
		wait_state declined
		browse "$KVITOK_URL/return/$TOKEN"
		status 200
		has page "$BODY" 'Оплата не прошла'
		# Sberbank's last word is that all tries were used up.
		[[ $BODY == *недостаточно* || $BODY == *'Попытки ввести'* ]] ||
		    fail 'the page does not say why'
		open_link
		[[ $BANK_NO != "$first" ]] || fail "the old order again"
		at_bank paid
		wait_state paid
		credited_once
	done
}

test_a_payer_who_goes_back_from_the_bank_may_try_again() {
	local portal
	for portal in portalgkh irkutskenergosbyt; do
		payment "$portal"
		open_link
		at_bank cancelled
		browse "$KVITOK_URL/return/$TOKEN"
		status 200
		wait_state declined
		is reason "$(field .reason)" pay_cancelled_by_payer
		browse "$KVITOK_URL/return/$TOKEN"
		has page "$BODY" 'Вы отменили оплату'
		open_link
		at_bank paid
		wait_state paid
		credited_once
	done
}

test_the_same_bill_of_the_same_payer_leads_to_the_open_payment() {
	portal irkutskenergosbyt
	local account lines first unique
	unique=$(unique)-$$
	account=$(account irkutskenergosbyt)
	lines=$(jq -cn --arg s "$(supplier irkutskenergosbyt)" \
	    --arg v "$(service irkutskenergosbyt)" --arg a "$account" \
	    '{lines: [{supplier: $s, service: $v, account: $a, sum_kop: 55500}],
	    email: "z9@example.org", payer: ("payer-" + $a)}')
	api POST /payments "$lines" -H "Idempotency-Key: z9-a-$unique"
	status 201
	NUMBER=$(field .number) PAY_URL=$(field .pay_url)
	first=$NUMBER
	open_link
	local url=$BANK_URL order=$BANK_NO
	api POST /payments "$lines" -H "Idempotency-Key: z9-b-$unique"
	status 201
	NUMBER=$(field .number) PAY_URL=$(field .pay_url)
	browse "$PAY_URL"
	status 303
	is 'the page of the second tab' "$LOCATION" "$url"
	NUMBER=$first BANK_NO=$order
	at_bank paid
	wait_state paid
	credited_once
}

test_a_wrong_token_is_not_found() {
	payment irkutskenergosbyt
	browse "${PAY_URL%?}"
	status 404
	browse "$KVITOK_URL/pay/$NUMBER.AAAAAAAAAAAAAAAAAAAAAAAAAA"
	status 404
	browse "$KVITOK_URL/return/$NUMBER.AAAAAAAAAAAAAAAAAAAAAAAAAA"
	status 404
	browse "$KVITOK_URL/pay/%00"
	[[ $STATUS == 404 || $STATUS == 400 ]] || fail "link: $STATUS"
	is attempts "$(attempts)" 0
}

test_a_cancelled_payment_cannot_be_opened() {
	payment irkutskenergosbyt
	api POST "/payments/$NUMBER/cancel" '{}' -H "Idempotency-Key: c-$NUMBER"
	status 200
	is state "$(field .state)" cancelled
	browse "$PAY_URL"
	status 303
	has location "$LOCATION" /return/
	is attempts "$(attempts)" 0
}

run_tests
