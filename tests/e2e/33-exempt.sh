#!/bin/bash
# Payers whom the law frees from the commission: set by the API, by the
# operator and out of a file; quoted, paid, given back; whose loss it is.
. "$(dirname "$0")/lib.sh"

# A key of portalgkh that may set exemptions.
admin() {
	new_key portalgkh admin,pay,read,refund
}

PENSIONER='"kind":"pensioner","document":"Пенсионное удостоверение"'

# free PATH: set by the API.
free() {
	api PUT "$1/exemption" "{$PENSIONER,\"document_number\":\"1234567890\",
	    \"seen_by\":\"Иванова А. П.\"}"
	status 200
}

# quote PAYER [ACCOUNT]
quote() {
	api POST /quotes "$(jq -cn --arg p "$1" --arg s "$(supplier portalgkh)" \
	    --arg v "$(service portalgkh)" --arg a "${2:-$ACCOUNT}" \
	    '{lines: [{supplier: $s, service: $v, account: $a, sum_kop: 120000}]}
	    + if $p == "" then {} else {payer: $p} end')"
	status 200
}

# pay_as PAYER: a payment of that payer, paid.
pay_as() {
	local key=$KEY
	payment portalgkh 120000 "\"payer\":\"$1\""
	KEY=$key
	open_link
	at_bank paid
	wait_state paid
}

test_a_freed_payer_sees_and_pays_no_commission() {
	local payer
	admin
	payer=e2e-$(unique)
	ACCOUNT=$(account portalgkh)
	quote "$payer"
	[[ $(field .fee_kop) -gt 0 ]] || fail "no commission at first"
	is "reason at first" "$(field .fee_reason)" ""
	free "/payers/$payer"
	is "mask of the number" "$(field .document_mask)" '*******890'
	has_not "answer" "$BODY" 1234567890
	quote "$payer"
	is fee "$(jq .fee_kop <<<"$BODY")" 0
	is total "$(field .total_kop)" 120000
	is reason "$(field .fee_reason)" fee_exempt
	has words "$(field .lines[0].fee_reason_text)" "освобождён"
	pay_as "$payer"
	is total "$TOTAL" 120000
	is "reason of the payment" "$(field .lines[0].fee_reason)" fee_exempt
	is receivable "$(posted receivable)" 120000
	is payable "$(posted payable)" -120000
	is loss "$(posted exempt_loss)" "$((-$(posted commission)))"
	[[ $(posted exempt_loss) -gt 0 ]] || fail "the portal bears nothing"
	has story "$(ctl why "$NUMBER")" '"bearer":"portal"'
	books_are_right
}

test_a_refund_takes_the_loss_back() {
	local payer
	admin
	payer=e2e-$(unique)
	free "/payers/$payer"
	pay_as "$payer"
	api POST "/payments/$NUMBER/refunds" '{"reason":"ошибка плательщика"}' \
	    -H "Idempotency-Key: e2e-$(unique)-$$"
	status 201
	wait_state refunded
	is receivable "$(posted receivable)" 0
	is payable "$(posted payable)" 0
	is commission "$(posted commission)" 0
	is loss "$(posted exempt_loss)" 0
	books_are_right
}

test_what_was_quoted_holds_though_it_ended_since() {
	local payer
	admin
	payer=e2e-$(unique)
	free "/payers/$payer"
	payment portalgkh 120000 "\"payer\":\"$payer\""
	admin
	api DELETE "/payers/$payer/exemption"
	status 200
	[[ -n $(field .ended_at) ]] || fail "not ended"
	open_link
	at_bank paid
	wait_state paid
	is total "$(field .total_kop)" 120000
	ACCOUNT=$(account portalgkh)
	quote "$payer"
	[[ $(field .fee_kop) -gt 0 ]] || fail "still free"
	books_are_right
}

test_an_operator_frees_an_account_and_ends_it() {
	local out id
	admin
	ACCOUNT=$(account portalgkh)
	out=$(ctl exempt add --portal portalgkh \
	    --supplier "$(supplier portalgkh)" --account "$ACCOUNT" \
	    --kind disabled --document "Справка МСЭ" --number "МСЭ-2019 0012345")
	has "what is said" "$out" "disabled"
	has_not "what is said" "$out" 0012345
	id=${out%% *}
	quote ""
	is fee "$(jq .fee_kop <<<"$BODY")" 0
	# The public page knows the account, and not who pays: it says why.
	http POST "$KVITOK_URL/portalgkh/pay" -A "$BROWSER" \
	    -H "Origin: $KVITOK_URL" --data-urlencode \
	    "supplier=$(supplier portalgkh)" --data-urlencode "account=$ACCOUNT" \
	    -d "service=$(service portalgkh)" -d sum=1200
	status 400
	has page "$BODY" "освобождён от неё по закону"
	has_not page "$BODY" "Инвалид"
	has "what a repeat says" "$(ctl exempt add --portal portalgkh \
	    --supplier "$(supplier portalgkh)" --account "$ACCOUNT" \
	    --kind veteran --document x --number 1)" exemption_there
	has list "$(ctl exempt list --portal portalgkh)" "$id"
	has ended "$(ctl exempt end "$id" --reason "по заявлению")" "по заявлению"
	quote ""
	[[ $(field .fee_kop) -gt 0 ]] || fail "still free"
}

test_a_file_sets_all_of_its_rows_or_none() {
	local head a b out
	admin
	a=e2e-$(unique) b=e2e-$(unique)
	head='holder;supplier;subject;kind;document;document_number;seen_by;from_day;to_day'
	printf '%s\r\n' "$head" "payer;;$a;pensioner;удостоверение;1;Иванова;;" \
	    "payer;;$b;rich;удостоверение;2;Иванова;;" \
	    "tenant;;x;pensioner;удостоверение;3;Иванова;;" "payer;$b" \
	    >"$TMP/bad.csv"
	out=$(ctl exempt import "$TMP/bad.csv" --portal portalgkh) &&
	    fail "a bad file was taken"
	has out "$out" "line 3: /kind: exempt_kind_unknown"
	has out "$out" "line 4: holder"
	has out "$out" "line 5: row"
	has out "$out" "file_rows_bad"
	has out "$out" "3 rows are wrong, nothing was set"
	api GET "/payers/$a/exemption"
	is "set out of a bad file" "$(jq '.items | length' <<<"$BODY")" 0
	printf '%s\n' "$head" "payer;;$a;pensioner;удостоверение;1;Иванова;;" \
	    "payer;;$b;disabled;\"справка; МСЭ\";2;Иванова;2026-01-01;2099-12-31" \
	    >"$TMP/good.csv"
	out=$(ctl exempt import "$TMP/good.csv" --portal portalgkh) ||
	    fail "refused: $out"
	has out "$out" "2 set, 0 were set before"
	has again "$(ctl exempt import "$TMP/good.csv" --portal portalgkh)" \
	    "0 set, 2 were set before"
	printf '%s\n' "${head%;*}" >"$TMP/head.csv"
	out=$(ctl exempt import "$TMP/head.csv" --portal portalgkh) &&
	    fail "columns are missing"
	has out "$out" "line 1 must be: $head"
	api GET "/payers/$b/exemption"
	is document "$(field .items[0].document)" "справка; МСЭ"
}

test_only_an_administrator_sets_it_and_only_where_it_is_set_up() {
	portal portalgkh
	local payer
	payer=e2e-$(unique)
	new_key portalgkh pay,read
	api PUT "/payers/$payer/exemption" "{$PENSIONER,
	    \"document_number\":\"1\",\"seen_by\":\"x\"}"
	refused 403 right_missing
	new_key tgk1 admin,read
	api PUT "/payers/$payer/exemption" "{$PENSIONER,
	    \"document_number\":\"1\",\"seen_by\":\"x\"}"
	refused 422 exempt_not_set
}

run_tests
