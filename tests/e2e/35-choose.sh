#!/bin/bash
# A payer chooses a card on our page: his browser alone sees his cards.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/cards.sh"

# choosing PORTAL [MEMBERS]: PAYER is to choose; sets CHOOSE_URL.
choosing() {
	payment "$1" "$((10000 + RANDOM))" \
	    "\"payer\":\"$PAYER\",\"choose_card\":true${2:+,$2}"
	CHOOSE_URL=$(field .choose_url)
}

# The payer's browser opens the link; sets COOKIE.
choose_visit() {
	browse "$CHOOSE_URL"
	status 200
	COOKIE=$(header set-cookie)
	COOKIE=${COOKIE%%;*}
}

# choose FORM [COOKIE]
choose() {
	http POST "$CHOOSE_URL" -A "$BROWSER" -H "Cookie: ${2-$COOKIE}" \
	    -H 'Content-Type: application/x-www-form-urlencoded' -d "$1"
	read_header location LOCATION
}

led_to_pay_link() {
	status 303
	is "led to" "$KVITOK_URL$LOCATION" "$PAY_URL"
}

test_a_payer_chooses_his_card_on_our_page() {
	local portal saved
	for portal in $PORTALS; do
		bound "$portal"
		saved=$CARD
		choosing "$portal"
		choose_visit
		has "his card" "$BODY" "value=\"$saved\" required checked"
		has "the way to a new one" "$BODY" 'Новая карта'
		has "the tick" "$BODY" 'Запомнить карту'
		has "the cookie" "$(header set-cookie)" 'HttpOnly; SameSite=Lax'
		http GET "$CHOOSE_URL" -A "$BROWSER" -H "Cookie: $COOKIE"
		has "again" "$BODY" "value=\"$saved\" required checked"
		choose "card=$saved"
		led_to_pay_link
		choose "card="
		led_to_pay_link
		open_link
		sim_ok GET "orders?number=$BANK_NO"
		is "card at the bank" "$(field '.orders[0].binding')" \
		    "$(bank_card "$saved")"
		at_bank paid '"use_saved":true'
		wait_state paid
		credited_once
		browse "$CHOOSE_URL"
		led_to_pay_link
	done
}

test_a_new_card_is_remembered_by_the_tick_and_its_offer() {
	local portal offer
	for portal in $PORTALS; do
		portal "$portal"
		payer
		choosing "$portal"
		choose_visit
		offer=$(sed -n 's/.*name="offer" value="\([^"]*\)".*/\1/p' <<<"$BODY")
		browse "$KVITOK_URL$(sed -n 's/.*href="\(\/offer[^"]*\)".*/\1/p' \
		    <<<"$BODY")"
		status 200
		has "the offer" "$BODY" 'Публичная оферта'
		browse "$KVITOK_URL/offer/sber-irk/1999-1" # offer_unknown
		status 404
		has "its words" "$BODY" 'Такой редакции оферты нет.'
		choose "card=&save=1&offer=1999-1"
		status 422
		has "words" "$BODY" 'class="alert" role="alert">'
		choose "card=&save=1&offer=$offer"
		led_to_pay_link
		open_link
		at_bank paid '"save_card":true,"card":"mir"'
		wait_state paid
		wait_for 10 "the card" has_cards 1
		is "accepted" "$(db "SELECT offer FROM card
		    WHERE id = '$(card id)'")" "$offer"
	done
}

test_nobody_but_the_payers_browser_sees_his_cards() {
	local mask
	bound portalgkh
	mask=$(card mask)
	choosing portalgkh
	http GET "$CHOOSE_URL" -A 'TelegramBot (like TwitterBot)'
	status 200
	has_not "a preview" "$BODY" "$mask"
	http HEAD "$CHOOSE_URL" -A "$BROWSER"
	is "claimed" "$(db "SELECT browser_hash FROM pay_choose
	    WHERE number = '$NUMBER'")" ''
	choose_visit
	has "his browser" "$BODY" "$mask"
	browse "$CHOOSE_URL"
	led_to_pay_link
	http GET "$CHOOSE_URL" -A "$BROWSER" -H "Cookie: kvitok-choose=${COOKIE##*=}X"
	status 303
	choose "card=$CARD" 'kvitok-choose=2M7XJ4T0B9QK5R1W8ZC3V6N0HD'
	led_to_pay_link
	is "chosen by a stranger" "$(db "SELECT COUNT(*) FROM pay_card
	    WHERE number = '$NUMBER'")" 0
	http POST "$CHOOSE_URL" -A "$BROWSER" -H "Cookie: $COOKIE" \
	    -H 'Sec-Fetch-Site: cross-site' -d "card=$CARD"
	status 403
	browse "${PAY_URL}/choose"
	status 404
	# Too late for a first opening.
	choosing portalgkh
	db "UPDATE pay_choose SET until_at = 1 WHERE number = '$NUMBER'" >/dev/null
	browse "$CHOOSE_URL"
	led_to_pay_link
	# Somebody has opened the pay link before the choice.
	choosing portalgkh
	choose_visit
	open_link
	choose "card=$CARD"
	led_to_pay_link
	is "chosen too late" "$(db "SELECT COUNT(*) FROM pay_card
	    WHERE number = '$NUMBER'")" 0
}

test_a_wrong_choice_is_told_in_its_own_words() {
	local other portal=portalgkh
	bound portalgkh
	other=$CARD
	bound portalgkh
	choosing portalgkh
	choose_visit
	choose "card=$other"
	status 422
	has "of another" "$BODY" 'привязана другим плательщиком'
	choose "card=00000000-C0000000000000"
	status 404
	has "unknown" "$BODY" 'Карта не найдена'
	api DELETE "/cards/$CARD"
	choose "card=$CARD"
	has "unbound" "$BODY" 'role="alert">'
	status 422
	choose "card="
	led_to_pay_link
	payment_refused card_payer_missing '{choose_card: true, payer: ""}' \
	    /payer 400
	payment_refused card_and_choose "{choose_card: true, card: \"$CARD\"}" \
	    /choose_card 400
}

test_a_worker_killed_while_a_card_is_chosen_chooses_once() {
	bound portalgkh
	choosing portalgkh
	choose_visit
	arm choose_writing
	choose "card=$CARD"
	wait_for 10 "the kill" reached choose_writing
	is "written" "$(db "SELECT COUNT(*) FROM pay_card
	    WHERE number = '$NUMBER'")" 0
	choose "card=$CARD"
	led_to_pay_link
	is "told" "$(db "SELECT COUNT(*) FROM event
	    WHERE number = '$NUMBER' AND kind = 'card_chosen'")" 1
}

run_tests
