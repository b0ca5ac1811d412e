#!/bin/bash
# Receipts through the acquirer: the simulated bank judges every cart.
. "$(dirname "$0")/lib.sh"

# The order as the bank has it.
at_the_bank() {
	sim_ok GET "orders?number=$BANK_NO"
	ORDER=$(jq -c '.orders[0]' <<<"$BODY")
}

# paid PORTAL [SUM_KOP]
paid() {
	payment "$1" "${2:-}"
	open_link
	at_bank paid
	wait_state paid
	at_the_bank
}

give_back() {
	api POST "/payments/$NUMBER/refunds" "$1" \
	    -H "Idempotency-Key: e2e-$(unique)-$$"
	status 201
}

last_refund_is() {
	api GET "/payments/$NUMBER/refunds"
	[[ $(field '.items[-1].state') == "$1" ]]
}

items() {
	jq -c '.cart.cartItems.items' <<<"$ORDER"
}

test_every_order_brings_a_cart_that_adds_up() {
	local portal sum
	for portal in irkutskenergosbyt novcheb moygaz; do
		paid "$portal"
		sum=$(items | jq 'map(.itemAmount) | add')
		is "sum of $portal's cart" "$sum" "$TOTAL"
		is "kept of $portal" "$(db "SELECT total_kop FROM fiscal_cart
		    WHERE number = '$NUMBER' AND refund = ''")" "$TOTAL"
		is "positions kept of $portal" "$(db "SELECT COUNT(*)
		    FROM fiscal_item WHERE number = '$NUMBER'")" \
		    "$(items | jq length)"
		has "names of $portal" "$(items | jq -r '.[0].name')" "л/с"
	done
	books_are_right
}

test_the_commission_is_a_position_of_its_own() {
	local fee
	paid novcheb 100000
	api GET "/payments/$NUMBER"
	fee=$(field .fee_kop)
	[[ $fee -gt 0 ]] || fail "no commission"
	is "the last position" "$(items | jq '.[-1].itemAmount')" "$fee"
	has "its name" "$(items | jq -r '.[-1].name')" "Комиссия"
}

# An account whose debt can be paid alone; sets account and debt.
indebted() {
	local i
	for i in {1..20}; do
		account=$(account moygaz)
		api GET "/accounts/$(supplier moygaz)/$account"
		debt=$(field ".services[] |
		    select(.service == \"$(service moygaz)\") | .debt_kop")
		((debt < 1000)) || return 0
	done
	fail "no debts"
}

test_what_is_above_the_debt_is_an_advance() {
	local account debt
	portal moygaz
	indebted
	MAIL=p$(unique)@example.org
	api POST /payments "$(jq -cn --arg s "$(supplier moygaz)" \
	    --arg v "$(service moygaz)" --arg a "$account" --arg m "$MAIL" \
	    --argjson k "$((debt + 5000))" '{lines: [{supplier: $s,
	    service: $v, account: $a, sum_kop: $k}], email: $m}')" \
	    -H "Idempotency-Key: e2e-$(unique)-$$"
	status 201
	NUMBER=$(field .number) PAY_URL=$(field .pay_url)
	open_link
	at_the_bank
	is "the advance" "$(items | jq -c '.[-1] |
	    [.itemAmount, .paymentMethod, .paymentObject, .tax.taxType]')" \
	    '[5000,"advance","10",15]'
	is "what is billed" "$(items | jq -c '.[0] | [.itemAmount,
	    .paymentMethod, .paymentObject, .tax.taxType]')" \
	    "[$debt,\"full_payment\",\"4\",14]"
}

test_refunds_bring_the_positions_that_go_back() {
	local portal
	for portal in irkutskenergosbyt novcheb; do
		paid "$portal" 100000
		give_back '{"sum_kop":30000,"reason":"перерасчёт"}'
		wait_for 20 "the refund" last_refund_is done
		give_back '{"lines":[{"n":1}],"fee":"return","reason":"остаток"}'
		wait_state refunded
		at_the_bank
		is "carts that went back" "$(jq '.carts_back | length' \
		    <<<"$ORDER")" 2
		is "the first" "$(jq '.carts_back[0].items |
		    map(.itemAmount) | add' <<<"$ORDER")" 30000
		is "both" "$(jq '[.carts_back[].items[].itemAmount] | add' \
		    <<<"$ORDER")" "$TOTAL"
	done
	paid moygaz 100000
	give_back '{"sum_kop":30000,"reason":"перерасчёт"}'
	wait_for 20 "the refund" last_refund_is done
	at_the_bank
	is "type of the receipt" "$(jq -r '.carts_back[0].receiptType' \
	    <<<"$ORDER")" sell_refund
	books_are_right
}

test_a_repeat_after_a_lost_answer_brings_the_same_cart() {
	paid irkutskenergosbyt 100000
	fault sberbank refund_lost "\"scope\":\"order\",\"order\":\"$BANK_NO\""
	give_back '{"sum_kop":30000,"reason":"перерасчёт"}'
	wait_for 20 "the refund" last_refund_is done
	is "carts kept" "$(db "SELECT COUNT(*) FROM fiscal_cart
	    WHERE number = '$NUMBER' AND refund <> ''")" 1
	at_the_bank
	is "given back once" "$(jq .refunded_kop <<<"$ORDER")" 30000
	books_are_right
}

test_an_agent_names_his_supplier() {
	portal moygaz
	payment moygaz
	open_link
	at_the_bank
	is "the agent" "$(items | jq -r '.[0].agentInfo.type')" paying_agent
	is "length of the INN" "$(items |
	    jq '.[0].supplierInfo.inn | length')" 12
}

test_a_service_without_a_rate_is_not_sold() {
	cat >"$TMP/off.sql" <<-END
	UPDATE vat_rule SET service = 'none'
	WHERE portal = 'moygaz' AND supplier = '*' AND service = '*';
	END
	cat >"$TMP/on.sql" <<-END
	UPDATE vat_rule SET service = '*'
	WHERE portal = 'moygaz' AND supplier = '*' AND service = 'none';
	END
	payment moygaz
	ctl ref apply "$TMP/off.sql" >/dev/null || fail "not applied"
	sleep 1.2
	browse "$PAY_URL"
	local status=$STATUS
	ctl ref apply "$TMP/on.sql" >/dev/null || fail "not applied"
	[[ $status != 303 ]] || fail "sold without a rate"
	sleep 1.2
	is "calls to the bank" "$(db "SELECT COUNT(*) FROM attempt
	    WHERE number = '$NUMBER'")" 0
	open_link
}

run_tests
