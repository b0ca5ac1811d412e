#!/bin/bash
# What a payer asks of a supplier, and the answers that its documents bring.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/exchange.sh"

# A supplier whose documents no other script brings.
PORTAL=novcheb SUPPLIER=domofon-21 ACCOUNT=017305

# ask TEXT [KEY]: sets ID.
ask_for() {
	ask unique
	api POST /requests "{\"kind\":\"maintenance\",\"supplier\":\"$SUPPLIER\",
	    \"account\":\"$ACCOUNT\",\"payer\":\"e2e-r-$$\",\"text\":\"$1\"}" \
	    -H "Idempotency-Key: ${2:-e2e-r-$SAID-$$}"
	read_field .id ID
}

test_a_request_is_answered_and_closed() {
	portal novcheb
	ask_for 'Домофон не работает:\nподъезд 2 <&>'
	status 201
	is state "$(field .state_title)" 'В обработке'
	is text "$(field .text)" $'Домофон не работает:\nподъезд 2 <&>'
	applied 1 "answers count='1'" "<answer request='$ID' state='needs_answer'
	    at='2026-12-01T05:00:00+03:00'><text>Какая квартира?</text></answer>"
	applied 2 "answers count='1'" "<answer request='$ID' state='done'
	    at='2026-12-01T06:00:00+03:00'/>"
	api GET "/requests/$ID"
	status 200
	is state "$(field .state_title)" 'Выполнена'
	is answers "$(field '[.answers[].state] | join(" ")')" 'needs_answer done'
	is words "$(field '.answers[0].text')" 'Какая квартира?'
	api POST "/requests/$ID/close"
	status 200
	is state "$(field .state_title)" 'Закрыта'
	api GET "/requests?payer=e2e-r-$$&state=closed"
	is listed "$(field '[.items[].id] | join(" ")')" "$ID"
}

test_a_request_that_is_sent_twice_is_one() {
	local first
	portal novcheb
	ask_for 'Раз' "e2e-r-twice-$$"
	first=$ID
	ask_for 'Раз' "e2e-r-twice-$$"
	status 201
	is id "$ID" "$first"
	is replay "$(header idempotent-replay)" true
	ask_for 'Два' "e2e-r-twice-$$"
	refused 422 idempotency_key_reused Idempotency-Key
}

test_requests_are_of_their_portal_and_their_rights() {
	portal novcheb
	ask_for 'Чужая'
	local id=$ID
	portal moygaz
	api GET "/requests/$id"
	refused 404 appeal_unknown
	api POST "/requests/$id/close"
	refused 404 appeal_unknown
	new_key novcheb pay
	api GET /requests
	refused 403 right_missing
}

test_what_is_too_long_is_refused() {
	portal novcheb
	ask_for "$(printf 'а%.0s' {1..4001})"
	refused 400 field_length /text
	ask_for "$(printf 'а%.0s' {1..4000})"
	status 201
}

run_tests
