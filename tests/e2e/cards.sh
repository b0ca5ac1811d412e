# cards.sh: payers and their cards, for tests of cards; sourced after lib.sh.

# The two banks: portals with one contract each.
PORTALS='irkutskenergosbyt portalgkh'

# payer: sets PAYER, one that no other test has.
payer() {
	PAYER=payer-$(unique)-$$
}

offer() {
	api GET /cards/offers
	field '.items[0].version'
}

cards() {
	api GET "/cards?payer=$PAYER"
	status 200
}

# card MEMBER: of the payer's only card.
card() {
	cards
	jq -r ".items | if length == 1 then .[0].$1 else \"\(length) cards\" end" <<<"$BODY"
}

card_is() {
	[[ $(card "$1") == "$2" ]]
}

has_cards() {
	local n
	cards
	read_field '.items | length' n
	[[ $n == "$1" ]]
}

# pay PORTAL MEMBERS: a payment of PAYER, its link opened.
pay() {
	payment "$1" "$((10000 + RANDOM))" "\"payer\":\"$PAYER\"${2:+,$2}"
	open_link
}

# bound PORTAL: PAYER pays and has his card remembered; sets CARD.
bound() {
	portal "$1"
	payer
	pay "$1" "\"save_card\":true,\"offer\":\"$(offer)\""
	at_bank paid '"save_card":true,"card":"mir"'
	wait_state paid
	wait_for 10 "the card" has_cards 1
	CARD=$(card id)
}

at_the_bank() {
	sim GET "cards?id=$1"
	field '.cards[0].active'
}

# The bank's id of CARD.
bank_card() {
	db "SELECT bank_card FROM card WHERE id = '$1'"
}

forgotten() {
	[[ $(db "SELECT state FROM card WHERE id = '$CARD'") == unbound ]]
}

# payment_refused REASON MEMBERS [POINTER [STATUS]]
payment_refused() {
	api POST /payments "$(jq -cn --arg s "$(supplier "$portal")" \
	    --arg v "$(service "$portal")" --arg a "$(account "$portal")" \
	    --arg p "$PAYER" \
	    '{lines: [{supplier: $s, service: $v, account: $a, sum_kop: 12300}],
	    payer: $p}'" + $2")" -H "Idempotency-Key: no-$(unique)-$$"
	refused "${4:-422}" "$1" "${3:-/card}"
}
