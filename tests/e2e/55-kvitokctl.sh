#!/bin/bash
# The operator's hand: settings checked as a whole, reference data changed
# while workers serve, what went wrong told.
. "$(dirname "$0")/lib.sh"

quote_fee() {
	api POST /quotes "{\"lines\":[{\"supplier\":\"liftservis\",
	    \"service\":\"lift\",\"account\":\"204518\",\"sum_kop\":$1}]}"
	field .fee_kop
}

fee_is() {
	[[ $(quote_fee 10000) == "$1" ]]
}

test_settings_of_this_instance_are_in_order() {
	ctl check >"$TMP/check" || fail "$(<"$TMP/check")"
	has check "$(tail -n 1 "$TMP/check")" 'in order'
}

test_every_error_of_the_settings_is_named_with_its_line() {
	sed -e 's/^driver = .*/driver = oracle/' \
	    -e 's/^merch_id = tgk1/merchant = tgk1/' \
	    "$E2E_RUN/kvitok.conf" >"$TMP/bad.conf"
	local said
	said=$("$PROGRAMS/kvitokctl" -c "$TMP/bad.conf" \
	    check 2>&1) && fail "taken: $said"
	has report "$said" "bad.conf:$(grep -n '^driver' "$TMP/bad.conf" |
	    cut -d: -f1): "
	has report "$said" "bad.conf:$(grep -n '^merchant' "$TMP/bad.conf" |
	    cut -d: -f1): "
}

test_workers_follow_a_changed_commission_within_a_second() {
	portal portalgkh
	is fee "$(quote_fee 10000)" 300
	cat >"$TMP/change.sql" <<-END
	-- 2 % from now on; and a kopeck of roubles less at least.
	INSERT INTO fee_rule (portal, supplier, service, from_day, to_day,
	    bearer, rate_ppm, fixed_kop, min_kop, max_kop)
	VALUES ('portalgkh', 'liftservis', '*', '2024-04-01', NULL, 'payer',
	    20000, 0, 0, 0);
	END
	ctl ref apply "$TMP/change.sql" >"$TMP/said" || fail "$(<"$TMP/said")"
	wait_for 3 'the commission to change' fee_is 200
	echo "DELETE FROM fee_rule WHERE portal = 'portalgkh'
	    AND supplier = 'liftservis';" >"$TMP/back.sql"
	ctl ref apply "$TMP/back.sql" >"$TMP/said" || fail "$(<"$TMP/said")"
	wait_for 3 'the commission to change back' fee_is 300
}

test_a_change_that_stops_payments_is_not_made() {
	echo "UPDATE route SET to_day = '2021-01-01'
	    WHERE portal = 'tgk1';" >"$TMP/change.sql"
	local said before
	before=$(db 'SELECT version FROM ref_version')
	said=$(ctl ref apply "$TMP/change.sql") && fail "taken: $said"
	has findings "$said" 'tgk1/tgk-1/gvs: no contract takes it on'
	has refusal "$said" 'kvitokctl: reference_bad: '
	is version "$(db 'SELECT version FROM ref_version')" "$before"
	is routes "$(db "SELECT COUNT(*) FROM route
	    WHERE portal = 'tgk1' AND to_day IS NULL")" 1
}

test_books_that_are_wrong_are_told_by_the_exit_code() {
	local said row
	payment portalgkh
	open_link
	at_bank paid
	wait_state paid
	row=$(db 'SELECT MAX(account) FROM ledger_day')
	db "UPDATE ledger_day SET debit_kop = debit_kop + 1
	    WHERE account = '$row'"
	said=$(ctl audit) && fail "nothing found: $said"
	db "UPDATE ledger_day SET debit_kop = debit_kop - 1
	    WHERE account = '$row'"
	has audit "$said" "books_wrong"
	has audit "$said" "$row"
}

test_statements_on_payments_are_refused() {
	local said
	echo "UPDATE payment SET state = 'paid';" >"$TMP/change.sql"
	said=$(ctl ref apply "$TMP/change.sql") && fail "taken: $said"
	has refusal "$said" 'line 1: not a table of reference data'
}

test_the_demo_can_be_loaded_while_it_serves() {
	ctl demo >"$TMP/said" || fail "$(<"$TMP/said")"
	portal irkutskenergosbyt
	api GET "/accounts/irkutskenergo/$(jq -rn '"инзб17004717" | @uri')"
	status 200
}

test_an_account_is_shown_whole_to_the_operator() {
	local said
	said=$(ctl account irkutskenergosbyt irkutskenergo 'инзб 1700-4717') ||
	    fail "$said"
	has account "$said" 'Иванова М А'
	has account "$said" '2642.85 RUB'
}

test_wrong_use_ends_with_two() {
	ctl keys >"$TMP/said"
	is 'exit status' $? 2
}

run_tests
