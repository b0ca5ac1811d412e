#!/bin/bash
# Settlement with suppliers: a day prepared, held by a case, confirmed once,
# sent back; orders and registers as other programs read them.
#
# A day must be over to be settled: settlements are prepared by a kvitokctl
# whose clock is ahead, each of a day later than the last one that was confirmed
# (a week at most: so far back lines are looked for).  Nothing is posted with
# that clock.
. "$(dirname "$0")/lib.sh"
HERE=$TOP/tests/e2e

# As an accountant of the portal.
accountant() {
	local file=$E2E_RUN/accountant-$1
	if [[ ! -e $file ]]; then
		new_key "$1" admin,report
		echo "$KEY" >"$file"
	fi
	KEY=$(<"$file")
}

# days_later N COMMAND...: by a clock that is N days ahead.  Not by faketime(1):
# it fails where a process that was killed has left something in shared memory.
days_later() {
	local lib
	lib=$(echo /usr/lib/*/faketime/libfaketime.so.1)
	[[ -e $lib ]] || fail "no libfaketime"
	LD_PRELOAD=$lib FAKETIME="+$1d" "${@:2}"
}

# prepare PORTAL: of a day later than the last one that was confirmed; sets ID
# and SUM.
prepare() {
	local n day
	PORTAL=$1
	n=$(cat "$E2E_RUN/settle.$1" 2>/dev/null || echo 0)
	day=$(TZ=Etc/GMT-3 date -d "$n days" +%F)
	OUT=$(days_later $((n + 1)) "${CTL[@]}" settlement prepare \
	    --day "$day" --portal "$1" --supplier "$(supplier "$1")" 2>&1) ||
	    fail "prepare: $OUT"
	ID=${OUT%% *}
	accountant "$1"
	api GET "/settlements/$ID"
	status 200
	SUM=$(field .transfer_kop)
}

day_done() {
	echo $(($(cat "$E2E_RUN/settle.$PORTAL" 2>/dev/null || echo 0) + 1)) \
	    >"$E2E_RUN/settle.$PORTAL"
}

# confirm SUM [KEY]
confirm() {
	api POST "/settlements/$ID/confirm" "{\"sum_kop\":$1}" \
	    -H "Idempotency-Key: ${2:-settle-$(unique)-$$}"
	[[ $STATUS != 200 || -n $(header idempotent-replay) ]] || day_done
}

# Whatever other tests have left for the supplier is settled.
settle_rest() {
	prepare "$1"
	if ((SUM > 100)); then
		confirm "$SUM"
		status 200
	fi
}

# What the ledger has on an account.
balance() {
	db "SELECT COALESCE(SUM(sum_kop), 0) FROM ledger_line
	    WHERE account = '$1'"
}

roubles() {
	printf '%d.%02d' $(($1 / 100)) $(($1 % 100))
}

test_a_day_is_transferred_once_at_both_banks() {
	local portal own before net
	for portal in irkutskenergosbyt portalgkh; do
		settle_rest "$portal"
		before=$(balance "bank_account/$portal")
		paid "$portal" 100000
		paid "$portal" 50000
		api POST "/payments/$NUMBER/refunds" \
		    '{"sum_kop":20000,"reason":"перерасчёт"}' \
		    -H "Idempotency-Key: refund-$(unique)"
		wait_state partly_refunded
		prepare "$portal"
		is items "$(field .items)" 3
		is taken "$(field .taken_kop)" 150000
		is refunded "$(field .refunded_kop)" 20000
		net=$((130000 - $(jq .supplier_fee_kop <<<"$BODY")))
		is sum "$SUM" "$net"
		confirm $((SUM + 1))
		refused 409 settlement_sum_differs
		has detail "$(field .detail)" "Проверьте расчёт"
		confirm "$SUM" "once-$portal-$$"
		status 200
		is state "$(field .state)" confirmed
		own=$BODY
		confirm "$SUM" "once-$portal-$$"
		status 200
		is replay "$(header idempotent-replay)" true
		is answer "$BODY" "$own"
		confirm "$SUM"
		refused 409 settlement_confirmed
		confirm $((SUM + 1)) "once-$portal-$$"
		refused 422 idempotency_key_reused Idempotency-Key
		is "the bank account" "$(balance "bank_account/$portal")" \
		    $((before - SUM))
		prepare "$portal"
		is "left for the next day" "$(jq .items <<<"$BODY")" 0
	done
}

test_a_payment_with_an_open_case_waits_for_its_end() {
	local held items
	settle_rest portalgkh
	prepare portalgkh # cases of other tests hold back what is theirs
	held=$(jq .held_kop <<<"$BODY") items=$(jq .held_items <<<"$BODY")
	paid portalgkh 30000
	db "INSERT INTO pay_case (akey, id, portal, number, n, kind, subject,
	    state, sum_kop, proposal, evidence, created_at)
	    VALUES ('${NUMBER%%-*}', 'E2EHELD', 'portalgkh', '$NUMBER', 1,
	    'chargeback', 'e2e', 'open', 30000, 'refund', '{}', 1)"
	paid portalgkh 70000
	prepare portalgkh
	is sum "$SUM" 70000
	is held "$(jq .held_kop <<<"$BODY")" $((held + 30000))
	is "held items" "$(jq .held_items <<<"$BODY")" $((items + 1))
	api GET "/settlements/$ID/items"
	is "items" "$(jq '[.items[] | select(.held)] | length' <<<"$BODY")" \
	    $((items + 1))
	db "DELETE FROM pay_case WHERE id = 'E2EHELD'"
	confirm 70000
	status 200
	prepare portalgkh
	is sum "$SUM" 30000
	is released "$(field .released_kop)" 30000
	confirm 30000
	status 200
}

test_of_two_confirmations_at_once_one_transfers() {
	local before i good=0
	settle_rest irkutskenergosbyt
	paid irkutskenergosbyt 60000
	prepare irkutskenergosbyt
	before=$(balance bank_account/irkutskenergosbyt)
	for i in 1 2 3 4; do
		curl -sS -o "$TMP/at-once.$i" -w '%{http_code}' -X POST \
		    -H "Authorization: Bearer $KEY" \
		    -H 'Content-Type: application/json' \
		    -H "Idempotency-Key: at-once-$i-$ID" \
		    --data-binary "{\"sum_kop\":$SUM}" \
		    "$KVITOK_URL/api/v1/settlements/$ID/confirm" \
		    >"$TMP/code.$i" &
	done
	wait
	for i in 1 2 3 4; do
		case $(<"$TMP/code.$i") in
		200) good=$((good + 1)) ;;
		409) has answer "$(<"$TMP/at-once.$i")" settlement_confirmed ;;
		503) ;;
		*) fail "confirmation $i: $(<"$TMP/code.$i")" ;;
		esac
	done
	is "confirmed" "$good" 1
	day_done
	is "the bank account" "$(balance bank_account/irkutskenergosbyt)" \
	    $((before - SUM))
}

test_what_the_bank_sends_back_goes_out_again() {
	local before first
	settle_rest tgk1
	before=$(balance bank_account/tgk1)
	paid tgk1 80000
	prepare tgk1
	confirm "$SUM"
	status 200
	first=$(field .order_no)
	OUT=$(ctl settlement return "$ID" --reason 'счёт закрыт') ||
	    fail "return: $OUT"
	has return "$OUT" returned
	OUT=$(ctl settlement return "$ID" --reason 'счёт закрыт') &&
	    fail "returned twice: $OUT"
	is "the bank account" "$(balance bank_account/tgk1)" "$before"
	confirm "$SUM"
	refused 409 settlement_returned
	api GET "/settlements/$ID/order?format=1c"
	refused 409 settlement_returned
	prepare tgk1
	is sum "$SUM" 80000
	confirm "$SUM"
	status 200
	(($(field .order_no) > first)) || fail "order $(field .order_no)"
	is "the bank account" "$(balance bank_account/tgk1)" $((before - 80000))
}

test_orders_are_read_by_other_programs_and_never_change() {
	local no day sum n
	settle_rest portalgkh
	paid portalgkh 123456
	prepare portalgkh
	confirm "$SUM"
	no=$(field .order_no)
	day=$(field .order_day)
	ctl settlement order "$ID" --format 1c --out "$TMP/one.txt" >/dev/null
	node "$HERE/read-1c.mjs" "$TMP/one.txt" >"$TMP/one.json"
	is version "$(jq -r '.head["ВерсияФормата"]' "$TMP/one.json")" 1.03
	is encoding "$(jq -r '.head["Кодировка"]' "$TMP/one.json")" Windows
	is documents "$(jq '.documents | length' "$TMP/one.json")" 1
	is number "$(jq -r '.documents[0]["Номер"]' "$TMP/one.json")" "$no"
	is sum "$(jq -r '.documents[0]["Сумма"]' "$TMP/one.json")" "$(roubles "$SUM")"
	is payee "$(jq -r '.documents[0]["Получатель1"]' "$TMP/one.json")" \
	    'ООО «Южное управление ЖКС»'
	is account "$(jq -r '.documents[0]["ПолучательСчет"]' "$TMP/one.json")" \
	    40702810910000001204
	is "payer's account" "$(jq -r '.accounts[0]' "$TMP/one.json")" \
	    40702810400000007701
	has purpose "$(jq -r '.documents[0]["НазначениеПлатежа"]' "$TMP/one.json")" \
	    'ПГ-11/19'
	api GET "/settlements/$ID/order?format=1c"
	status 200
	cmp "$TMP/body" "$TMP/one.txt" || fail "two files differ"

	ctl settlement order "$day" --format 1c --out "$TMP/day.txt" >/dev/null
	node "$HERE/read-1c.mjs" "$TMP/day.txt" >"$TMP/day.json"
	n=$(db "SELECT COUNT(*) FROM settlement WHERE order_day = '$day'
	    AND state = 'confirmed'")
	sum=$(db "SELECT SUM(transfer_kop) FROM settlement
	    WHERE order_day = '$day' AND state = 'confirmed'")
	is documents "$(jq '.documents | length' "$TMP/day.json")" "$n"
	is sum "$(jq -r '.documents[]["Сумма"]' "$TMP/day.json" |
	    awk '{ sub(/[.]/, ""); s += $1 } END { printf "%d", s }')" "$sum"

	ctl settlement order "$day" --format pain001 --out "$TMP/day.xml" \
	    >/dev/null
	xmllint --noout --schema "$TOP/xsd/iso20022/pain.001.001.09.xsd" \
	    "$TMP/day.xml" 2>"$TMP/xmllint" || fail "$(<"$TMP/xmllint")"
	is "control sum" "$(xmllint --xpath \
	    'string(//*[local-name()="GrpHdr"]/*[local-name()="CtrlSum"])' \
	    "$TMP/day.xml")" "$(roubles "$sum")"
	is transfers "$(xmllint --xpath \
	    'count(//*[local-name()="CdtTrfTxInf"])' "$TMP/day.xml")" "$n"
	ctl settlement order "$day" --format pain001 --out "$TMP/again.xml" \
	    >/dev/null
	cmp "$TMP/day.xml" "$TMP/again.xml" || fail "two messages differ"
	api GET "/settlements/orders?day=$day&format=pain001"
	status 200
	n=$(db "SELECT COUNT(*) FROM settlement WHERE order_day = '$day'
	    AND state = 'confirmed' AND portal = 'portalgkh'")
	is "the portal's own" "$(xmllint --xpath \
	    'count(//*[local-name()="CdtTrfTxInf"])' "$TMP/body")" "$n"
	api GET '/settlements/orders?day=2020-01-01&format=1c'
	refused 404 settlement_no_orders
	api GET "/settlements/$ID/order?format=doc"
	refused 400 field_form format
}

test_a_positional_register_adds_up() {
	local net
	settle_rest portalgkh
	paid portalgkh 111100
	paid portalgkh 22200
	prepare portalgkh
	ctl settlement register "$ID" --out "$TMP/no.txt" >"$TMP/said" &&
	    fail "a register before its order"
	has said "$(<"$TMP/said")" settlement_not_confirmed
	[[ ! -e $TMP/no.txt && ! -e $TMP/no.txt.part ]] || fail "a file is left"
	confirm "$SUM"
	status 200
	net=$SUM
	ctl settlement register "$ID" --out "$TMP/r.txt" >"$TMP/said"
	has name "$(<"$TMP/said")" 3811090113_40702810910000001204_
	awk -F ';' -v ORS='\n' '
	{ sub(/\r$/, "") || bad++ }
	/^=/ { count = substr($1, 2); total = $2; sent = $3; next }
	{
		if (NF != 12 || $1 !~ /^[0-9][0-9]-[0-9][0-9]-[0-9]+$/)
			bad++
		s = $10; sub(/,/, "", s); sum += s
		t = $11; sub(/,/, "", t); net += t
		rows++
	}
	END {
		sub(/,/, "", total); sub(/,/, "", sent)
		print bad + 0, rows, count, sum, total, net, sent
	}' "$TMP/r.txt" >"$TMP/totals"
	is totals "$(<"$TMP/totals")" "0 2 2 133300 133300 $net $net"
	api GET "/settlements/$ID/register"
	status 200
	cmp "$TMP/body" "$TMP/r.txt" || fail "two registers differ"
	has "file name" "$(header content-disposition)" 3811090113_
}

test_an_xml_register_is_well_formed_and_adds_up() {
	settle_rest tgk1
	paid tgk1 44400
	api POST "/payments/$NUMBER/refunds" \
	    '{"sum_kop":4400,"reason":"перерасчёт"}' \
	    -H "Idempotency-Key: refund-$(unique)"
	wait_state partly_refunded
	prepare tgk1
	confirm "$SUM"
	status 200
	ctl settlement register "$ID" --out "$TMP/r.xml" >"$TMP/said"
	is rows "$(xmllint --xpath 'count(/payments/payment)' "$TMP/r.xml")" 2
	is sum "$(xmllint --xpath 'sum(//payment/sum)' "$TMP/r.xml")" 400
	is net "$(xmllint --xpath 'string(/payments/@net)' "$TMP/r.xml")" \
	    "$(roubles "$SUM")"
	is kind "$(xmllint --xpath 'string(//payment[2]/kind)' "$TMP/r.xml")" \
	    refund
	is refund "$(xmllint --xpath 'string(//payment[2]/sum)' "$TMP/r.xml")" \
	    -44.00
}

test_a_dbf_register_is_read_by_another_program() {
	settle_rest irkutskenergosbyt
	paid irkutskenergosbyt 55500
	prepare irkutskenergosbyt
	confirm "$SUM"
	status 200
	ctl settlement register "$ID" --out "$TMP/r.dbf" >"$TMP/said"
	ctl settlement register "$ID" --out "$TMP/again.dbf" >"$TMP/said"
	cmp "$TMP/r.dbf" "$TMP/again.dbf" || fail "two registers differ"
	node "$HERE/read-dbf.mjs" "$TMP/r.dbf" >"$TMP/r.json"
	is page "$(jq -r .page "$TMP/r.json")" ibm866
	is day "$(jq -r .day "$TMP/r.json")" "$(field .order_day)"
	is rows "$(jq '.rows | length' "$TMP/r.json")" 1
	is sum "$(jq -r .rows[0].SUMMA "$TMP/r.json")" 555.00
	is net "$(jq -r .rows[0].ITOGO "$TMP/r.json")" "$(roubles "$SUM")"
	is kind "$(jq -r .rows[0].VID "$TMP/r.json")" ОПЛАТА
	is number "$(jq -r .rows[0].NOMER "$TMP/r.json")" "$NUMBER"
}

test_a_new_layout_is_taken_by_name_and_never_changed() {
	sed 's/sber-positional/e2e-layout/' \
	    "$TOP/conf/layouts/pay/sber-positional.json" >"$TMP/l.json"
	OUT=$(ctl settlement layout "$TMP/l.json") || fail "$OUT"
	has said "$OUT" e2e-layout
	OUT=$(ctl settlement layout "$TMP/l.json") && fail "$OUT"
	has said "$OUT" layout_known
	OUT=$(ctl settlement layout \
	    "$TOP/conf/layouts/pay/payments-xml.json") && fail "$OUT"
	has said "$OUT" layout_known
	sed 's/"field": "sum"/"field": "total"/' "$TMP/l.json" >"$TMP/bad.json"
	OUT=$(ctl settlement layout "$TMP/bad.json") && fail "$OUT"
	has said "$OUT" /columns/9/field
}

test_who_may_see_and_confirm() {
	prepare portalgkh
	accountant tgk1
	api GET "/settlements/$ID"
	refused 404 settlement_unknown
	confirm 1
	refused 404 settlement_unknown
	portal portalgkh
	api GET "/settlements/$ID/register"
	[[ $STATUS == 403 || $STATUS == 409 ]] || fail "status $STATUS"
	api GET /settlements/01KAM0Q3ZC7XW5N9T3B7C0HVKQ
	[[ $STATUS == 403 || $STATUS == 404 ]] || fail "status $STATUS"
}

test_killed_at_any_step_it_is_done_once_or_not_at_all() {
	local before
	settle_rest irkutskenergosbyt
	paid irkutskenergosbyt 35500
	before=$(balance bank_account/irkutskenergosbyt)
	arm settle_taking
	(prepare irkutskenergosbyt) >/dev/null 2>&1
	wait_for 10 settle_taking reached settle_taking
	prepare irkutskenergosbyt
	arm settle_confirming
	ctl settlement confirm "$ID" --sum "$(roubles "$SUM")" >/dev/null
	wait_for 10 settle_confirming reached settle_confirming
	is "the bank account" "$(balance bank_account/irkutskenergosbyt)" \
	    "$before"
	OUT=$(ctl settlement confirm "$ID" --sum "$(roubles "$SUM")") ||
	    fail "$OUT"
	day_done
	is "the bank account" "$(balance bank_account/irkutskenergosbyt)" \
	    $((before - SUM))
	OUT=$(ctl settlement show "$ID")
	has story "$OUT" "confirmed by operator:"
	OUT=$(ctl settlement list --to 2099-12-31)
	has list "$OUT" "$ID"
}

test_a_day_that_is_not_over_is_refused() {
	OUT=$(ctl settlement prepare --day "$(TZ=Etc/GMT-3 date +%F)" \
	    --portal tgk1) && fail "$OUT"
	has said "$OUT" settlement_day_open
	has said "$OUT" 'settlement_not_prepared: 2 of 2'
}

test_the_books_agree_with_settlements() {
	OUT=$(ctl audit) || fail "$OUT"
	has audit "$OUT" 'findings 0'
	has audit "$OUT" "settlements "
}

run_tests
