#!/bin/bash
# Meter readings that come with a payment (P8, M2).
. "$(dirname "$0")/lib.sh"

# meter_account PORTAL SUPPLIER SERVICE: sets ACCOUNT, METER and WAS, its last
# value, of a made-up account that no other test has.
meter_account() {
	portal "$1"
	SUPPLIER=$2 SERVICE=$3
	ACCOUNT=$(awk -F '\t' -v n="$(unique)" -v s="$2" '
	$1 == "G" && $2 == s {
		printf "%s%0" $6 ".0f\n", $4, $5 + (n % $3) * $7
		exit
	}' "$TOP/sql/demo/$1.tsv")
	look
	METER=$(field '.meters[0].meter')
	WAS=$(field '.meters[0].last_value')
	[[ -n $METER ]] || fail "$ACCOUNT has no meter"
	# Some made-up meters should have been verified by now.
	[[ $(field '.meters[0].reading.reason') != reading_verification ]] ||
	    meter_account "$@"
}

look() {
	api GET "/accounts/$SUPPLIER/$ACCOUNT"
	status 200
}

# pay_with READINGS [SUM]: sets what payment sets.
pay_with() {
	api POST /payments "$(jq -cn --arg s "$SUPPLIER" --arg v "$SERVICE" \
	    --arg a "$ACCOUNT" --argjson r "$1" --argjson k "${2:-123456}" \
	    --arg m "p$(unique)@example.org" '{lines: [{supplier: $s,
	    service: $v, account: $a, sum_kop: $k}], email: $m, readings: $r}')" \
	    -H "Idempotency-Key: e2e-$(unique)-$$"
	NUMBER=$(field .number)
	PAY_URL=$(field .pay_url)
	TOKEN=${PAY_URL##*/}
}

# reading VALUE [METER]
reading() {
	jq -cn --arg s "$SUPPLIER" --arg a "$ACCOUNT" --arg m "${2:-$METER}" \
	    --argjson v "$1" '{supplier: $s, account: $a, meter: $m, value: $v}'
}

given() {
	db "SELECT COUNT(*) FROM reading WHERE number = '$NUMBER'
	    AND state = 'given'"
}

test_a_reading_goes_with_the_money_and_once() {
	meter_account moygaz mrg gaz
	pay_with "[$(reading $((WAS + 20)))]"
	status 201
	is use "$(field '.readings[0].use')" 20
	is given "$(field '.readings[0].given_at')" ''
	is given "$(given)" 0
	fault sberbank callback_repeat '"count":5'
	open_link
	at_bank paid
	wait_state paid
	is given "$(given)" 1
	[[ -n $(field '.readings[0].given_at') ]] || fail 'not handed over'
	is told "$(db "SELECT COUNT(*) FROM event WHERE number = '$NUMBER'
	    AND kind = 'readings_given'")" 1
	look
	is sent "$(field '.meters[0].reading.sent.value')" $((WAS + 20))
}

test_killed_while_crediting_it_is_handed_over_with_the_credit() {
	meter_account moygaz mrg gaz
	pay_with "[$(reading $((WAS + 1)))]"
	status 201
	open_link
	arm confirm_writing
	at_bank paid
	wait_state paid 25
	reached confirm_writing || fail 'was not killed'
	credited_once
	is given "$(given)" 1
}

test_a_payment_that_is_cancelled_or_refused_hands_over_nothing() {
	meter_account moygaz mrg gaz
	pay_with "[$(reading $((WAS + 2)))]"
	api POST "/payments/$NUMBER/cancel"
	status 200
	is given "$(given)" 0
	pay_with "[$(reading $((WAS + 3)))]"
	open_link
	at_bank declined
	wait_state declined
	is given "$(given)" 0
	look
	is sent "$(field '.meters[0].reading.sent')" ''
}

test_at_once_where_the_portal_says_so_and_changed_within_the_month() {
	meter_account irkutskenergosbyt irkutskenergosbyt elektro
	pay_with "[$(reading $((WAS + 300)))]"
	status 201
	is given "$(given)" 1
	pay_with "[$(reading $((WAS + 30)))]"
	status 201
	look
	is sent "$(field '.meters[0].reading.sent.value')" $((WAS + 30))
}

test_each_wrong_reading_has_its_own_words_beside_its_field() {
	meter_account moygaz mrg gaz
	local row
	while IFS='|' read -r value reason words; do
		pay_with "[$(reading "$value")]"
		refused 422 "$reason" /readings/0/value
		has words "$(field '.fields[0].detail')" "$words"
	done <<-END
	$((WAS - 1))|reading_below|Текущее показание должно быть не меньше предыдущего
	$((WAS + 1501))|reading_use|не должна превышать максимально допустимый расход
	100000|reading_digits|целое число, не превышающее разрядность счетчика
	END
	pay_with "[$(reading -1)]"
	refused 400 reading_not_whole /readings/0/value
	pay_with "[$(reading 1 nobody)]"
	refused 404 meter_unknown /readings/0/meter
	pay_with "[$(reading "$WAS"), $(reading "$WAS")]"
	refused 422 reading_repeat /readings/1/meter
	pay_with '[{"supplier": "mrg", "account": "060005123457",
	    "meter": "x", "value": 1}]'
	refused 422 reading_account /readings/0/account
	pay_with '[{"meter": "x"}]'
	refused 400 field_missing /readings/0/value
	pay_with "$(jq -cn --argjson r "$(reading "$WAS")" '[range(51) | $r]')"
	refused 400 readings_too_many /readings
	# Its verification is long over.
	ACCOUNT=060005123457 METER=4471209-1
	pay_with "[$(reading 2211)]"
	refused 422 reading_verification /readings/0/value
	has words "$(field .detail)" 'истекла дата поверки прибора учета'
	is payments "$(db "SELECT COUNT(*) FROM pay_line
	    WHERE account = '060005123457'")" 0
}

# A rule that begins today, with a window that today is not in.
window() {
	local days="first_day = $1, last_day = $2"
	cat >"$TMP/window.sql" <<-END
	UPDATE meter_rule SET $days WHERE portal = 'tgk1';
	END
	ctl ref apply "$TMP/window.sql" >"$TMP/ref" || fail "$(<"$TMP/ref")"
	pause 1.1 # each worker looks for changes once a second
}

test_outside_the_window_none_are_taken() {
	meter_account tgk1 "$(supplier tgk1)" "$(service tgk1)"
	local today
	today=$(TZ=Europe/Moscow date +%-d)
	if ((today < 31)); then
		window $((today + 1)) 31
		wait_for 5 'the new window' taken_is reading_too_early
		pay_with "[$(reading "$WAS")]"
		refused 422 reading_too_early /readings/0/value
	fi
	if ((today > 1)); then
		window 1 $((today - 1))
		wait_for 5 'the new window' taken_is reading_too_late
		pay_with "[$(reading "$WAS")]"
		refused 422 reading_too_late /readings/0/value
		has words "$(field .detail)" 'Срок подачи показаний уже истёк'
	fi
	window 1 31
	wait_for 5 'the old window' taken_is ''
}

taken_is() {
	look
	[[ $(field '.meters[0].reading.reason') == "$1" ]]
}

test_the_page_takes_readings_without_a_script_too() {
	meter_account moygaz mrg gaz
	local page=$KVITOK_URL/moygaz/ key total
	http GET "$page?supplier=mrg&account=$ACCOUNT"
	status 200
	has page "$BODY" 'Показания счётчиков'
	has page "$BODY" "data-meter=\"$METER\""
	local form=(-H "Origin: $KVITOK_URL" -H 'Sec-Fetch-Site: same-origin'
	    --data-urlencode supplier=mrg --data-urlencode "account=$ACCOUNT"
	    --data-urlencode ikey=abcdefghijkl --data-urlencode service=gaz
	    --data-urlencode sum=100 --data-urlencode email=page@example.org
	    --data-urlencode "meter=$METER")
	http POST "${page}pay" "${form[@]}" --data-urlencode reading=12,5
	has page "$BODY" 'Показание должно быть целым числом.'
	http POST "${page}pay" "${form[@]}" --data-urlencode total=10000 \
	    --data-urlencode reading=1
	has page "$BODY" 'Текущее показание должно быть не меньше предыдущего.'
	http POST "${page}pay" "${form[@]}" --data-urlencode total=10000 \
	    --data-urlencode "reading=$((WAS + 5))"
	status 303
	is kept "$(db "SELECT value FROM reading r
	    WHERE account = '$ACCOUNT'")" $((WAS + 5))
}

run_tests
