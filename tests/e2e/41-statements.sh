#!/bin/bash
# What an account owes, and its statements month by month.
. "$(dirname "$0")/lib.sh"

# A month of "date -d WORDS".
month_of() {
	date -u -d "$1" +%Y-%m
}

test_to_pay_is_the_sum_of_the_guide() {
	portal moygaz
	api GET '/accounts/mrg/060005123456/statements?from=2026-10&to=2026-10'
	status 200
	local gaz='.items[0].services[] | select(.service == "gaz")'
	is opening "$(field "$gaz | .opening_kop")" -331952
	is charged "$(field "$gaz | .charged_kop")" 258043
	is paid "$(field "$gaz | .paid_kop | tostring")" 0
	is 'to pay' "$(field "$gaz | .to_pay_kop")" -589995
}

test_a_payment_leaves_the_balance_and_the_running_month_once() {
	local at=/accounts before pending

	# Other payments of this account may wait for its supplier already.
	payment moygaz
	at=/accounts/$(field '.lines[0].supplier')/$(field '.lines[0].account')
	local service sum
	service=$(field '.lines[0].service') sum=$(field '.lines[0].sum_kop')
	api GET "$at/balance"
	status 200
	local row=".services[] | select(.service == \"$service\")"
	before=$(field "$row | .balance_kop")
	pending=$(field "$row | .pending_kop | tostring")
	open_link
	at_bank paid
	wait_state paid
	api GET "$at/balance"
	is pending "$(field "$row | .pending_kop")" $((pending + sum))
	is balance "$(field "$row | .balance_kop")" $((before + sum))
	local last now
	now=$(TZ=UTC-3 date +%Y-%m)
	last=$(month_of "$now-01 - 1 month")
	api GET "$at/statements?from=$last&to=$now"
	status 200
	is closing "$(field '.items[1].closing_kop | tostring')" null
	local ours=".items[].payments[] | select(.number == \"$NUMBER\")"
	is payments "$(field "[$ours] | length")" 1
	is 'place of ours' "$(field "$ours | .place")" 'Мой газ'
	is acknowledged "$(field "$ours | .acknowledged | tostring")" false
}

test_a_wrong_period_is_told_in_its_own_words() {
	local at=/accounts/mrg/060005123456/statements
	portal moygaz
	api GET "$at?from=2026-10&to=2026-09"
	refused 400 months_upside_down to
	api GET "$at?from=2016-10&to=2026-10"
	refused 422 months_too_many to
	api GET "$at?from=2026-10&to=2999-10"
	refused 400 month_ahead to
	api GET "$at?from=%D0%BC%D0%B0%D0%B9&to=2026-10"
	refused 400 month_form from
	api GET "$at?from=$(printf '1%.0s' {1..3000})&to=2026-10"
	refused 400 month_form from
	api GET "$at?to=2026-10"
	refused 400 field_missing from
	api GET "$at?from=2026-10&from=2026-10&to=2026-10"
	refused 400 field_repeated from
}

test_only_the_right_to_read_opens_statements() {
	new_key moygaz pay
	api GET /accounts/mrg/060005123456/balance
	refused 403 right_missing
	api GET '/accounts/mrg/060005123456/statements?from=2026-10&to=2026-10'
	refused 403 right_missing
	# Another portal's account is not there.
	portal portalgkh
	api GET /accounts/mrg/060005123456/balance
	refused 404 supplier_unknown
}

run_tests
