#!/bin/bash
# Cards that payers have a bank remember: bound while paying and without a
# payment, paid with in one click, unbound when the bank is down.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/cards.sh"

# bind BODY [KEY]
bind() {
	api POST /cards "$1" -H "Idempotency-Key: ${2:-bind-$(unique)-$$}"
}

# bind_open PORTAL: a binding without a payment, up to the bank's page.
bind_open() {
	portal "$1"
	payer
	bind "{\"payer\":\"$PAYER\",\"offer\":\"$(offer)\"}"
	status 201
	BIND=$(field .id)
	BIND_URL=$(field .bind_url)
	bind_visit
	status 303
	has "the bank's page" "$LOCATION" "$KVITOK_SIM_URL/"
	browse "$LOCATION"
	[[ $STATUS == 200 || $STATUS == 30? ]] || fail "the bank's page: $STATUS"
	BANK_NO=$BIND
}

bind_visit() {
	local tries
	for tries in {1..20}; do
		browse "$BIND_URL"
		[[ $STATUS == 303 ]] && break
		sleep 0.3
	done
}

bind_is() {
	[[ $(db "SELECT state FROM card_bind WHERE id = '$BIND'") == "$1" ]]
}

test_a_card_is_bound_while_paying_and_pays_in_one_click() {
	local portal mask
	for portal in $PORTALS; do
		bound "$portal"
		is state "$(card state)" active
		mask=220220**2424
		[[ $portal == portalgkh ]] && mask='220220******2424'
		is mask "$(card mask)" "$mask"
		is scheme "$(card scheme)" MIR
		is expiry "$(card expiry)" 2034-12
		is default "$(card default)" true
		is expires_soon "$(jq '.items[0].expires_soon' <<<"$BODY")" false
		is bank "$(card bank)" "$(bank_of "$portal")"
		is "told" "$(db "SELECT COUNT(*) FROM event
		    WHERE number = '$NUMBER' AND kind = 'card_bound'")" 1
		pay "$portal" "\"card\":\"$CARD\""
		sim_ok GET "orders?number=$BANK_NO"
		is "card at the bank" "$(field '.orders[0].binding')" \
		    "$(bank_card "$CARD")"
		at_bank paid '"use_saved":true'
		wait_state paid
		is card_mask "$(field .card_mask)" "$mask"
		has_cards 1 || fail "another card: $BODY"
		credited_once
	done
}

test_without_the_tick_nothing_is_bound() {
	local portal
	for portal in irkutskenergosbyt; do
		portal "$portal"
		payer
		pay "$portal" ''
		at_bank paid '"save_card":true'
		wait_state paid
		pay "$portal" "\"save_card\":true,\"offer\":\"$(offer)\""
		at_bank paid
		wait_state paid
		has_cards 0 || fail "cards: $BODY"
	done
}

test_a_card_is_bound_without_a_payment() {
	local portal key
	for portal in $PORTALS; do
		bind_open "$portal"
		at_bank paid '"save_card":true,"card":"mir"'
		wait_for 15 "the card" has_cards 1
		is id "$(card id)" "$BIND"
		is state "$(card state)" active
		is mask "$(card scheme)" MIR
		browse "${BIND_URL/pay/return}"
		status 200
		has page "$BODY" "Карта привязана"
		sim_ok GET "orders?number=$BIND"
		is "money at the bank" "$(field '.orders[0].deposited_kop')" 0
		is "payments" "$(db "SELECT COUNT(*) FROM payment
		    WHERE payer = '$PAYER'")" 0
		# The card that was bound so pays.
		CARD=$BIND
		pay "$portal" "\"card\":\"$CARD\""
		at_bank paid '"use_saved":true'
		wait_state paid
	done
}

test_a_binding_that_fails_says_why() {
	bind_open irkutskenergosbyt
	at_bank paid '"card":"mir"'
	wait_for 15 "its end" bind_is failed
	browse "${BIND_URL/pay/return}"
	has page "$BODY" "на странице банка не отмечено согласие"
	has_cards 0 || fail "cards: $BODY"
	bind_open portalgkh
	at_bank declined
	wait_for 15 "its end" bind_is failed
	browse "${BIND_URL/pay/return}"
	has page "$BODY" "недостаточно средств"
	has_cards 0 || fail "cards: $BODY"
}

test_a_lost_notice_costs_time_and_no_card() {
	local portal
	for portal in $PORTALS; do
		fault "$(bank_of "$portal")" callback_lost
		bind_open "$portal"
		at_bank paid '"save_card":true,"card":"mir"'
		browse "${BIND_URL/pay/return}"
		wait_for 20 "the card" has_cards 1
	done
}

test_a_registration_whose_answer_is_lost_is_found() {
	fault sberbank register_lost
	portal irkutskenergosbyt
	payer
	bind "{\"payer\":\"$PAYER\",\"offer\":\"$(offer)\"}"
	BIND=$(field .id) BIND_URL=$(field .bind_url)
	bind_visit
	status 303
	BANK_NO=$BIND
	at_bank paid '"save_card":true,"card":"mir"'
	wait_for 15 "the card" has_cards 1
	is registrations "$(bank_calls in register)" 1
}

test_a_card_is_unbound_here_at_once_and_at_the_bank_later() {
	local portal bank id
	for portal in $PORTALS; do
		bank=$(bank_of "$portal")
		bound "$portal"
		id=$(bank_card "$CARD")
		is "at the bank" "$(at_the_bank "$id")" true
		fault "$bank" http_502 '"scope":"all","call":"unbind"'
		api DELETE "/cards/$CARD?payer=$PAYER"
		status 204
		has_cards 0 || fail "cards: $BODY"
		api DELETE "/cards/$CARD"
		status 204
		wait_for 10 "a failed try" test "$(db "SELECT fails FROM job
		    WHERE ref = '$CARD' AND kind = 'card_unbind'")" -ge 0
		is "at the bank" "$(at_the_bank "$id")" true
		is "state" "$(db "SELECT state FROM card WHERE id = '$CARD'")" \
		    unbinding
		sim_ok DELETE faults
		db "UPDATE job SET due_at = 0 WHERE ref = '$CARD'
		    AND leased_by = ''" >/dev/null
		wait_for 20 "the bank's turn" forgotten
		[[ $(at_the_bank "$id") == '' ]] || fail "still active there"
		payment_refused card_unbound "{card: \"$CARD\"}"
	done
}

test_what_cannot_be_done_is_refused_by_name() {
	local portal=irkutskenergosbyt other o
	bound "$portal"
	other=$CARD
	o=$(offer)
	payment_refused card_and_save \
	    "{card: \"$CARD\", save_card: true, offer: \"$o\"}" /save_card 400
	payment_refused card_unknown '{card: "00000000-C0000000000000"}' /card 404
	payment_refused card_unknown '{card: "1"}' /card 404
	payment_refused offer_not_accepted '{save_card: true}' /offer
	payment_refused offer_changed '{save_card: true, offer: "1999-1"}' /offer
	payment_refused field_type '{save_card: "yes"}' /save_card 400
	payment_refused card_payer_missing \
	    "{save_card: true, offer: \"$o\", payer: \"\"}" /payer 400
	payment_refused card_payer_missing "{card: \"$CARD\", payer: \"\"}" \
	    /payer 400
	payer
	payment_refused card_of_another "{card: \"$other\"}"
	api DELETE "/cards/$other?payer=$PAYER"
	refused 422 card_of_another payer
	portal portalgkh
	portal=portalgkh
	payment_refused card_unknown "{card: \"$other\"}" /card 404
	api DELETE "/cards/$other"
	refused 404 card_unknown
	api POST "/cards/$other/default" "{\"payer\":\"$PAYER\"}"
	refused 404 card_unknown
	api GET /cards
	refused 400 field_missing payer
	api GET '/cards?payer='
	refused 400 field_missing payer
	bind '{"offer":"2026-01"}'
	refused 400 field_missing /payer
	bind "{\"payer\":\"$PAYER\"}"
	refused 422 offer_not_accepted /offer
	bind "{\"payer\":\"$PAYER\",\"offer\":\"1999-1\"}"
	refused 422 offer_changed /offer
	bind "{\"payer\":\"$PAYER\",\"offer\":\"2026-01\",\"bank\":\"sberbank\"}"
	refused 422 cards_not_taken /bank
	bind "{\"payer\":\"$PAYER\",\"offer\":\"2026-01\",
	    \"return_url\":\"https://evil.example/\"}"
	refused 422 return_host /return_url
	browse "$KVITOK_URL/return/00000000-C0000000000000.$(printf '0%.0s' {1..26})/card"
	status 404
	browse "$KVITOK_URL/offer/gpb-portalgkh/1999-1"
	status 404
	browse "$KVITOK_URL/offer/gpb-portalgkh/2026-01"
	status 200
	has offer "$BODY" "Публичная оферта"
}

test_a_card_of_another_contract_is_refused() {
	local portal=novcheb
	portal novcheb
	payer
	api GET /cards/offers
	is offers "$(field '.items | length')" 2
	bind "{\"payer\":\"$PAYER\",\"offer\":\"2026-01\"}"
	refused 422 bank_choose /bank
	bind "{\"payer\":\"$PAYER\",\"offer\":\"2026-01\",\"bank\":\"gazprombank\"}"
	status 201
	BIND=$(field .id) BIND_URL=$(field .bind_url)
	bind_visit
	browse "$LOCATION"
	BANK_NO=$BIND
	at_bank paid '"card":"mir"'
	wait_for 15 "the card" has_cards 1
	payment_refused card_other_bank "{card: \"$BIND\"}"
}

test_a_card_that_the_bank_refuses_for_good_leads_to_a_new_attempt() {
	local portal
	for portal in $PORTALS; do
		bound "$portal"
		sim_ok POST cards "{\"id\":\"$(bank_card "$CARD")\",\"expired\":true}"
		pay "$portal" "\"card\":\"$CARD\""
		at_bank paid '"use_saved":true,"attempts":1'
		wait_state declined
		is reason "$(field .reason)" pay_card_expired
		wait_for 10 "its end" card_is state expired
		portal=$portal payment_refused card_expired "{card: \"$CARD\"}"
		# The second attempt takes any card.
		open_link
		has_not attempt "$BANK_NO" "$NUMBER-1"
		at_bank paid '"card":"mir"'
		wait_state paid
		credited_once
	done
}

test_a_card_switched_off_at_sberbank_is_found_and_typed_anew() {
	local portal=irkutskenergosbyt
	bound "$portal"
	pay "$portal" ''
	at_bank paid
	wait_state paid
	sim_ok POST cards "{\"id\":\"$(bank_card "$CARD")\",\"active\":false}"
	payment "$portal" 12345 "\"payer\":\"$PAYER\",\"card\":\"$CARD\""
	browse "$PAY_URL"
	wait_for 10 "its end" card_is state deactivated
	payment_refused card_deactivated "{card: \"$CARD\"}"
	open_link
	at_bank paid '"card":"mir"'
	wait_state paid
	# Sberbank's list wakes it again.
	sim_ok POST cards "{\"id\":\"$(bank_card "$CARD")\",\"active\":true}"
	db "UPDATE card SET bound_at = 1 WHERE id = '$CARD'"
	db "UPDATE card_client SET looked_at = NULL WHERE payer = '$PAYER'"
	wait_for 10 "the bank's list" card_is state active
	sim_ok POST cards "{\"id\":\"$(bank_card "$CARD")\",\"active\":false}"
	db "UPDATE card_client SET looked_at = NULL WHERE payer = '$PAYER'"
	wait_for 10 "an empty list" card_is state deactivated
}

test_a_card_of_another_client_is_a_case_and_no_binding() {
	portal irkutskenergosbyt
	payer
	pay irkutskenergosbyt "\"save_card\":true,\"offer\":\"$(offer)\""
	fault sberbank binding_foreign '"scope":"all"'
	at_bank paid '"save_card":true'
	wait_state paid
	sim_ok DELETE faults
	has_cards 0 || fail "cards: $BODY"
	is cases "$(cases_of_kind card_client)" 1
}

cases_of_kind() {
	db "SELECT COUNT(*) FROM pay_case WHERE number = '$NUMBER'
	    AND kind = '$1' AND state = 'open'"
}

test_two_payments_with_one_card_at_once_are_two_payments() {
	local portal one two
	for portal in $PORTALS; do
		bound "$portal"
		pay "$portal" "\"card\":\"$CARD\""
		one=$NUMBER
		pay "$portal" "\"card\":\"$CARD\""
		two=$NUMBER
		at_bank paid '"use_saved":true'
		NUMBER=$one
		BANK_NO=$(bank_no)
		at_bank paid '"use_saved":true'
		wait_state paid
		credited_once
		NUMBER=$two
		wait_state paid
		credited_once
	done
}

test_a_card_unbound_while_its_payment_is_open_is_typed() {
	local portal
	for portal in $PORTALS; do
		bound "$portal"
		payment "$portal" 12345 "\"payer\":\"$PAYER\",\"card\":\"$CARD\""
		api DELETE "/cards/$CARD"
		status 204
		open_link
		sim_ok GET "orders?number=$BANK_NO"
		is "card at the bank" "$(field '.orders[0].binding')" ''
		at_bank paid '"card":"mir"'
		wait_state paid
	done
}

test_one_of_several_cards_is_the_default() {
	local first
	bound irkutskenergosbyt
	first=$CARD
	pay irkutskenergosbyt "\"save_card\":true,\"offer\":\"$(offer)\""
	at_bank paid '"save_card":true,"card":"mastercard_no_3ds"'
	wait_state paid
	wait_for 10 "two cards" has_cards 2
	is default "$(field '[.items[] | select(.default)] | .[0].id')" "$first"
	api POST "/cards/$(field '.items[1].id')/default" \
	    "{\"payer\":\"$PAYER\"}"
	status 200
	is default "$(field .default)" true
	cards
	is defaults "$(field '[.items[] | select(.default)] | length')" 1
	is default "$(field '.items[1].default')" true
}

test_a_key_that_comes_again_gets_its_first_answer() {
	local key first o
	portal irkutskenergosbyt
	payer
	o=$(offer)
	key=again-$(unique)-$$
	bind "{\"payer\":\"$PAYER\",\"offer\":\"$o\"}" "$key"
	status 201
	first=$BODY
	bind "{\"offer\":\"$o\",\"payer\":\"$PAYER\"}" "$key"
	status 201
	is replay "$(header idempotent-replay)" true
	is answer "$BODY" "$first"
	bind "{\"offer\":\"$o\",\"payer\":\"$PAYER-2\"}" "$key"
	refused 422 idempotency_key_reused Idempotency-Key
}

test_a_worker_killed_at_any_step_of_binding_binds_once() {
	local portal step
	for portal in $PORTALS; do
		for step in bind_intend_writing bind_intended bind_answered \
		    bind_answer_writing bind_done_writing bind_notice_writing; do
			case $portal/$step in
			portalgkh/bind_intended | portalgkh/bind_ans* | \
			    portalgkh/bind_done* | irk*/bind_notice*)
				continue
				;;
			esac
			portal "$portal"
			payer
			bind "{\"payer\":\"$PAYER\",\"offer\":\"$(offer)\"}"
			BIND=$(field .id) BIND_URL=$(field .bind_url)
			arm "$step"
			bind_visit
			# Killed before the call: the bank has never heard of it.
			if [[ $step == bind_intended ]]; then
				wait_for 20 "its end" bind_is failed
				continue
			fi
			status 303
			browse "$LOCATION"
			BANK_NO=$BIND
			at_bank paid '"save_card":true,"card":"mir"'
			wait_for 30 "the card" has_cards 1
			wait_for 10 "$step" reached "$step"
			is "bound" "$(card id)" "$BIND"
		done
	done
}

test_a_job_killed_at_any_step_of_unbinding_unbinds_once() {
	local portal step id
	for portal in $PORTALS; do
		for step in unbind_writing unbind_written forget_calling \
		    forget_called forgotten_writing; do
			[[ $portal/$step == portalgkh/[!f]* ||
			    $portal/$step == portalgkh/forgotten* ]] && continue
			bound "$portal"
			id=$(bank_card "$CARD")
			arm "$step"
			api DELETE "/cards/$CARD"
			[[ $STATUS == 204 ]] || api DELETE "/cards/$CARD"
			status 204
			wait_for 10 "$step" reached "$step"
			wait_for 20 "the bank's turn" forgotten
			[[ $(at_the_bank "$id") == '' ]] ||
			    fail "$step: still active at the bank"
		done
	done
}

test_a_worker_killed_while_a_paid_card_is_bound_binds_it_once() {
	local portal
	for portal in $PORTALS; do
		portal "$portal"
		payer
		pay "$portal" "\"save_card\":true,\"offer\":\"$(offer)\""
		arm confirm_writing
		at_bank paid '"save_card":true,"card":"mir"'
		wait_state paid 30
		wait_for 10 "the card" has_cards 1
		credited_once
		rm -f "$CRASH/confirm_writing"
	done
}

test_the_books_prove_cards_too() {
	books_are_right
}

run_tests
