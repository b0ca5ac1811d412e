#!/bin/bash
# Daily registers of both banks: imported, found, posted; each difference is
# one case.
. "$(dirname "$0")/lib.sh"

contract_of() {
	case $1 in
	irkutskenergosbyt) echo sber-irk ;;
	moygaz) echo sber-moygaz ;;
	portalgkh) echo gpb-portalgkh ;;
	tgk1) echo gpb-tgk1 ;;
	esac
}

# paid PORTAL: a payment that was paid.
paid() {
	payment "$1" "${2:-}"
	open_link
	at_bank paid
	wait_state paid
	CONTRACT=$(contract_of "$1")
}

# register PLANTS: today's register of the contract, with differences.
register() {
	FILE=$TMP/$CONTRACT-$(unique).csv
	curl -sS -m 20 -f -o "$FILE" \
	    "$KVITOK_SIM_URL/control/register?contract=$CONTRACT&plant=$1" ||
	    fail "no register"
}

import() {
	OUT=$(ctl register import "$CONTRACT" "$FILE") || fail "$OUT"
}

# The row of the payment's order: a column of it.
row() {
	db "SELECT $1 FROM register_row WHERE order_no = '$BANK_NO'
	    AND kind = '${2:-payment}'"
}

judged() {
	[[ -n $(row state "${1:-payment}") &&
	    $(row state "${1:-payment}") != new ]]
}

# Import, and wait until the command or the job has judged the row.
imported() {
	import
	wait_for 15 "a judged row" judged "${1:-payment}"
}

# What the row has posted to an account.
posted() {
	db "SELECT COALESCE(SUM(l.sum_kop), 0) FROM ledger_line l
	    JOIN ledger_transfer t ON t.akey = l.akey AND t.id = l.transfer
	    JOIN register_row r ON r.akey = t.akey
	    AND t.cause = r.contract || '/' || r.row_key
	    WHERE r.order_no = '$BANK_NO' AND l.account LIKE '$1/%'"
}

all_cases() {
	db "SELECT kind FROM pay_case WHERE number = '$NUMBER'
	    ORDER BY kind" | tr '\n' ' '
}

books() {
	db "SELECT COUNT(*), SUM(sum_kop * sum_kop) FROM ledger_line
	    WHERE account LIKE 'bank_account/%'"
}

test_a_clean_day_moves_receivable_to_the_account() {
	local portal fee
	for portal in irkutskenergosbyt moygaz portalgkh tgk1; do
		paid "$portal" 123456
		register ''
		imported
		is state "$(row state)" matched
		is cases "$(all_cases)" ''
		fee=$(((TOTAL * 15000 + 500000) / 1000000))
		is receivable "$(posted receivable)" "-$TOTAL"
		is fee "$(posted bank_fee)" "$fee"
		is vat "$(posted bank_fee_vat)" \
		    "$(((fee * 220000 + 500000) / 1000000))"
		is account "$(posted bank_account)" "$((TOTAL -
		    $(posted bank_fee) - $(posted bank_fee_vat)))"
	done
}

test_the_same_file_twice_changes_nothing() {
	local was
	paid irkutskenergosbyt
	register ''
	imported
	was=$(books)
	import
	has output "$OUT" "this content was imported before"
	is books "$(books)" "$was"
}

test_files_that_overlap_count_each_row_once() {
	local portal
	for portal in irkutskenergosbyt portalgkh; do
		paid "$portal"
		register ''
		imported
		paid "$portal"
		register ''
		imported
		has_not output "$OUT" " 0 repeated"
		is rows "$(db "SELECT COUNT(*) - COUNT(DISTINCT op_id)
		    FROM register_row WHERE contract = '$CONTRACT'")" 0
	done
}

test_another_sum_is_one_case() {
	local portal
	for portal in irkutskenergosbyt portalgkh; do
		paid "$portal"
		register "sum:$BANK_NO:-300"
		imported
		is state "$(row state)" sum
		is cases "$(all_cases)" 'register_sum '
		is receivable "$(posted receivable)" "-$TOTAL"
		is differences "$(posted differences)" 300
	done
}

test_another_fee_is_one_case() {
	local portal
	for portal in irkutskenergosbyt portalgkh; do
		paid "$portal"
		register "fee:$BANK_NO:2"
		imported
		is state "$(row state)" matched
		is cases "$(all_cases)" 'register_fee '
		is receivable "$(posted receivable)" "-$TOTAL"
		is differences "$(posted differences)" 0
	done
}

test_a_kopeck_of_fee_is_no_difference() {
	paid portalgkh
	register "fee:$BANK_NO:1"
	imported
	is cases "$(all_cases)" ''
}

test_a_foreign_row_is_one_case() {
	local portal n
	for portal in moygaz tgk1; do
		paid "$portal"
		register foreign
		imported
		NUMBER='' BANK_NO=FOREIGN
		wait_for 15 "a judged row" judged_of "$CONTRACT"
		n="contract = '$CONTRACT' AND order_no = 'FOREIGN'"
		is state "$(db "SELECT state FROM register_row WHERE $n")" \
		    unknown
		is cases "$(db "SELECT COUNT(*) FROM pay_case c
		    JOIN register_row r ON c.kind = 'register_unknown'
		    AND c.subject = r.contract || '/' || r.row_key
		    WHERE r.contract = '$CONTRACT'
		    AND r.order_no = 'FOREIGN'")" 1
		is differences "$(db "SELECT SUM(l.sum_kop) FROM ledger_line l
		    JOIN ledger_transfer t ON t.akey = l.akey
		    AND t.id = l.transfer JOIN register_row r
		    ON r.akey = t.akey
		    AND t.cause = r.contract || '/' || r.row_key
		    WHERE r.contract = '$CONTRACT'
		    AND r.order_no = 'FOREIGN'
		    AND l.account LIKE 'differences/%'")" -54321
	done
}

# The bank has lost our number: nobody knows the row, until a person says whose
# money it is.
test_a_row_that_nobody_knows_is_assigned_by_a_person() {
	local case foreign
	foreign=LOST$(unique)
	paid tgk1 54300
	register ''
	LC_ALL=C sed -i "s/$BANK_NO,[^,]*,/$foreign,888888888888,/" "$FILE"
	import
	BANK_NO=$foreign
	wait_for 15 "a judged row" judged payment
	is state "$(row state)" unknown
	is differences "$(posted differences)" "-$TOTAL"
	case=$(db "SELECT c.id FROM pay_case c JOIN register_row r
	    ON c.subject = r.contract || '/' || r.row_key
	    WHERE r.order_no = '$foreign'")
	OUT=$(ctl case resolve "$case" assign --number "$NUMBER" \
	    --reason 'банк назвал номер письмом') || fail "$OUT"
	has output "$OUT" "assign, resolved"
	is state "$(row state)" matched
	is differences "$(posted differences)" 0
	is receivable "$(posted receivable)" "-$TOTAL"
	has why "$(ctl why "$NUMBER")" "отнесена на этот платёж"
}

judged_of() {
	[[ $(db "SELECT state FROM register_row WHERE contract = '$1'
	    AND order_no = 'FOREIGN'") == unknown ]]
}

test_a_repeated_row_counts_once() {
	local portal
	for portal in irkutskenergosbyt portalgkh; do
		paid "$portal"
		register "repeat:$BANK_NO"
		imported
		is rows "$(row 'COUNT(*)')" 1
		is receivable "$(posted receivable)" "-$TOTAL"
		is cases "$(all_cases)" ''
	done
}

test_a_chargeback_is_a_case_of_its_payment() {
	local portal
	for portal in irkutskenergosbyt portalgkh; do
		paid "$portal"
		sim_ok GET "orders?number=$BANK_NO"
		sim_ok POST "orders/$BANK_NO/chargeback"
		register ''
		imported chargeback
		is cases "$(all_cases)" 'chargeback '
		is "what came and went" "$(posted receivable)" "-$TOTAL"
		is differences "$(posted differences)" "$TOTAL"
	done
}

# Gazprombank: the page was opened twice and both were paid; the payer's bank
# takes back what was not credited.
test_a_chargeback_of_a_second_opening_is_no_refund_of_the_payment() {
	local first case
	payment portalgkh
	CONTRACT=gpb-portalgkh
	open_link
	sim GET "orders?number=$BANK_NO"
	first=$(field '.orders[0].id')
	browse "$BANK_URL"
	sim GET "orders?number=$BANK_NO"
	ORDER=$(field ".orders[] | select(.id != \"$first\") | .id")
	sim_ok POST "orders/$first/pay" '{"outcome":"paid"}'
	wait_state paid
	sim_ok POST "orders/$ORDER/pay" '{"outcome":"paid"}'
	wait_for 15 "the second payment" has_second
	sim_ok POST "orders/$ORDER/chargeback"
	register ''
	imported chargeback
	case=$(db "SELECT id FROM pay_case WHERE number = '$NUMBER'
	    AND kind = 'chargeback'")
	OUT=$(ctl case resolve "$case" accept --reason 'банк прав') &&
	    fail "it became a refund"
	has output "$OUT" chargeback_unfit
	is refunded "$(db "SELECT refunded_kop FROM payment
	    WHERE number = '$NUMBER'")" 0
	OUT=$(ctl case resolve "$case" bear --reason 'банк прав') || fail "$OUT"
}

has_second() {
	[[ -n $(db "SELECT id FROM pay_case WHERE number = '$NUMBER'
	    AND kind = 'second_payment'") ]]
}

refund_is_done() {
	api GET "/payments/$NUMBER/refunds"
	[[ $(field '.items[-1].state') == done ]]
}

test_what_went_back_is_found_too() {
	local portal
	for portal in irkutskenergosbyt portalgkh; do
		paid "$portal"
		api POST "/payments/$NUMBER/refunds" \
		    '{"sum_kop":5000,"reason":"перерасчёт"}' \
		    -H "Idempotency-Key: register-$(unique)-$$"
		status 201
		wait_for 20 "the refund" refund_is_done
		register ''
		imported refund
		is state "$(row state refund)" matched
		is receivable "$(posted receivable)" "-$((TOTAL - 5000))"
		is cases "$(all_cases)" ''
	done
}

test_a_payment_reversed_on_its_day_leaves_no_row() {
	paid irkutskenergosbyt
	api POST "/payments/$NUMBER/refunds" '{"reason":"ошибка плательщика"}' \
	    -H "Idempotency-Key: register-$(unique)-$$"
	wait_state refunded
	register ''
	import
	is rows "$(row 'COUNT(*)')" 0
	is cases "$(all_cases)" ''
}

test_a_row_that_was_left_out_comes_with_a_later_file() {
	paid moygaz
	register "omit:$BANK_NO"
	import
	is rows "$(row 'COUNT(*)')" 0
	is cases "$(all_cases)" ''
	register ''
	imported
	is state "$(row state)" matched
}

test_totals_that_do_not_agree_are_told_with_both_figures() {
	paid portalgkh
	register totals
	import
	has output "$OUT" "differs: gross declared "
	is state "$(row state)" matched
}

test_good_rows_of_a_partly_bad_file_are_taken() {
	local id
	paid irkutskenergosbyt
	register ''
	sed -i '4s/^[0-9][0-9]/99/' "$FILE"
	BAD_NO=$(sed -n 4p "$FILE" | cut -d ';' -f 5)
	paid irkutskenergosbyt
	register ''
	sed -i "/;$BANK_NO;/!{4s/^[0-9][0-9]/99/}" "$FILE"
	sed -i "5s/^[0-9][0-9]/99/" "$FILE"
	imported
	is state "$(row state)" matched
	id=$(sed -n 's/^register \([^ ]*\) of.*/\1/p' <<<"$OUT")
	has bad "$(ctl register bad "$id")" \
	    "строка 5, столбец 1: Дата или время записаны неверно. «99."
}

test_rows_are_taken_though_nothing_says_where_the_money_goes() {
	local own rc=0
	paid moygaz
	register ''
	own=$(db "SELECT own_account FROM bank_contract
	    WHERE contract = '$CONTRACT'")
	db "UPDATE bank_contract SET own_account = NULL
	    WHERE contract = '$CONTRACT'" >/dev/null
	OUT=$(ctl register import "$CONTRACT" "$FILE") || rc=$?
	is status "$rc" 3
	has output "$OUT" "the rows are in, and wait to be matched: set own_acc"
	is state "$(row state)" new
	db "UPDATE bank_contract SET own_account = '$own'
	    WHERE contract = '$CONTRACT'" >/dev/null
	OUT=$(ctl register match "$CONTRACT") || fail "$OUT"
	is state "$(row state)" matched
}

test_a_file_of_another_bank_changes_nothing() {
	local was
	paid portalgkh
	register ''
	was=$(db "SELECT COUNT(*) FROM register_file")
	OUT=$(ctl register import sber-irk "$FILE") && fail "it was taken"
	has output "$OUT" register_foreign
	is files "$(db "SELECT COUNT(*) FROM register_file")" "$was"
}

test_a_file_that_was_cut_changes_nothing() {
	local portal was
	for portal in irkutskenergosbyt portalgkh; do
		paid "$portal"
		register ''
		truncate -s -40 "$FILE"
		was=$(db "SELECT COUNT(*) FROM register_file")
		OUT=$(ctl register import "$CONTRACT" "$FILE") &&
		    fail "it was taken"
		has output "$OUT" register_cut
		is files "$(db "SELECT COUNT(*) FROM register_file")" "$was"
		is rows "$(row 'COUNT(*)')" 0
	done
}

# A register with 1200 fees more, in the middle of it.
longer() {
	register ''
	LC_ALL=C awk -v tag="$1" -v fee="$(printf 'Комиссия' |
	    iconv -t cp1251)" -v day="$(date -d '+3 hours' -u +%d.%m.%Y)" '
	NR == 4 {
		for (i = 1; i <= 1200; i++)
			printf "%s;01:00:00;%s;%s%d;;;;;0,00;1,00;0,22;-1,22\r\n",
			    day, fee, tag, i
	}
	{ print }
	' "$FILE" >"$FILE.long"
	mv "$FILE.long" "$FILE"
}

test_an_import_that_is_killed_goes_on() {
	local tag=KILLED$(unique)-
	paid irkutskenergosbyt
	longer "$tag"
	arm register_batch
	ctl register import "$CONTRACT" "$FILE" >/dev/null &&
	    fail "it was not killed"
	is "rows so far" "$(db "SELECT COUNT(*) FROM register_row
	    WHERE op_id LIKE '$tag%'")" 500
	has list "$(ctl register list "$CONTRACT")" reading
	imported
	has output "$OUT" "an import that had been cut short was carried on"
	is rows "$(db "SELECT COUNT(*) FROM register_row
	    WHERE op_id LIKE '$tag%'")" 1200
	is state "$(row state)" matched
}

test_matching_that_is_killed_goes_on() {
	paid portalgkh
	register ''
	arm register_match
	ctl register import "$CONTRACT" "$FILE" >/dev/null || :
	rm -f "$CRASH/register_match"
	imported
	is receivable "$(posted receivable)" "-$TOTAL"
}

# The bank's own figures, whatever was planted.
test_the_account_has_what_the_registers_say() {
	ctl register match sber-irk >/dev/null
	wait_for 15 "all rows judged" nothing_is_new
	is "bank accounts" "$(db "SELECT SUM(sum_kop) FROM ledger_line
	    WHERE account LIKE 'bank_account/%' AND transfer IN (
	    SELECT id FROM ledger_transfer WHERE kind = 'register')")" \
	    "$(db "SELECT SUM(net_kop) FROM register_row")"
}

nothing_is_new() {
	[[ $(db "SELECT COUNT(*) FROM register_row
	    WHERE state = 'new'") == 0 ]]
}

test_a_layout_that_is_wrong_is_named() {
	printf '{"layout":"x","encoding":"koi8-r"}' >"$TMP/layout.json"
	OUT=$(ctl layout apply "$TMP/layout.json") && fail "it was taken"
	has output "$OUT" "/encoding: field_form"
	has list "$(ctl layout list)" gazprombank
	has layout "$(ctl layout show sberbank)" '"begins": "Итого"'
}

test_the_books_are_right() {
	books_are_right
}

run_tests
