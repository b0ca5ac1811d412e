#!/bin/bash
# Bills by mail: asked for, planned once, sent once whoever is killed, stopped
# by the letter's own link.
#
# The window of the portal tgk1 is made to contain this very instant.  Letters
# are spread over what is left of it, so that tests let that time pass at once.
. "$(dirname "$0")/lib.sh"
MONTH=$(TZ=Etc/GMT-3 date -d "$(TZ=Etc/GMT-3 date +%Y-%m-15) -1 month" +%Y-%m)

# window DAY DAY HOUR HOUR
window() {
	cat >"$TMP/window.sql" <<-END
	INSERT INTO bill_rule (portal, supplier, from_day, to_day, qr_encoding,
		mail_first_day, mail_last_day, mail_from_hour, mail_to_hour)
	VALUES ('tgk1', 'tgk-1', '2020-01-01', NULL, 'utf-8', $1, $2, $3, $4)
	ON CONFLICT (portal, supplier, from_day) DO UPDATE SET
		mail_first_day = excluded.mail_first_day,
		mail_last_day = excluded.mail_last_day,
		mail_from_hour = excluded.mail_from_hour,
		mail_to_hour = excluded.mail_to_hour;
	END
	ctl ref apply "$TMP/window.sql" >/dev/null || fail "window is refused"
}

# asked: somebody asks for bills of an account of his own.
asked() {
	new_account tgk1
	MAIL=bills-$(unique)@example.org
	ctl mailing add tgk1 tgk-1 "$MADE_ACCOUNT" "$MAIL" >"$TMP/out" ||
	    fail "not added: $(<"$TMP/out")"
}

plan() {
	OUT=$(ctl mailing plan) || fail "plan: $OUT"
	has 'what it says' "$OUT" 'letters planned'
}

# Its hour has come.
time_passes() {
	db "UPDATE job SET due_at = 0 WHERE kind = 'bill_mail'
	    AND state = 'due' AND leased_by = ''"
}

letter() {
	db "SELECT state FROM bill_mail WHERE account = '$MADE_ACCOUNT'
	    AND supplier = 'tgk-1' AND month = '$MONTH'"
}

letter_is() {
	[[ $(letter) == "$1" ]]
}

job_is() {
	[[ $(db "SELECT j.state FROM job j JOIN bill_mail m ON m.akey = j.akey
	    AND m.id = j.ref WHERE m.account = '$MADE_ACCOUNT'
	    AND m.supplier = 'tgk-1' AND j.kind = 'bill_mail'") == "$1" ]]
}

# The text of the first letter to MAIL.
text() {
	local n k
	sim GET "mails?to=$MAIL"
	n=$(jq -r '.mails[0].n' <<<"$BODY")
	k=$(jq -r --arg t "$1" '.mails[0].parts[] | select(.type == $t) | .k' \
	    <<<"$BODY")
	sim GET "mails/$n/parts/$k"
	status 200
}

test_who_asks_gets_one_letter_a_month_and_stops_it_by_its_link() {
	local link
	window 1 31 0 24
	asked
	plan
	is 'its letter' "$(letter)" waiting
	is 'mails before its hour' "$(mails "$MAIL")" 0
	time_passes
	wait_for 20 "the mail to $MAIL" mails_are "$MAIL" 1
	wait_for 10 'it is noted' letter_is sent
	sim GET "mails?to=$MAIL"
	has subject "$(field '.mails[0].subject')" 'Квитанция за '
	is types "$(jq -r '[.mails[0].parts[].type] | join(" ")' <<<"$BODY")" \
	    'text/plain text/html application/pdf'
	text application/pdf
	has bill "$(pdftotext -layout "$TMP/body" -)" "$MADE_ACCOUNT"
	text text/plain
	has text "$BODY" "Лицевой счёт: $MADE_ACCOUNT"
	# Who has paid too much is not asked to pay.
	if [[ $BODY == *'Платить ничего не нужно'* ]]; then
		has_not text "$BODY" '/tgk1/?supplier='
	else
		has text "$BODY" "/tgk1/?supplier=tgk-1&account=$MADE_ACCOUNT"
	fi
	link=$(grep -o '/mailing/[0-9A-Z]*' <<<"$BODY")
	plan
	time_passes
	# A link is opened by programs, too: that stops nothing.
	http GET "$KVITOK_URL$link"
	status 200
	has page "$BODY" 'Больше не присылать квитанции?'
	has_not page "$BODY" "$MAIL"
	portal tgk1
	api GET "/accounts/tgk-1/$MADE_ACCOUNT/mailing"
	is mailed "$(field .mailed)" true
	http POST "$KVITOK_URL$link" -H \
	    'Content-Type: application/x-www-form-urlencoded' \
	    --data-binary 'List-Unsubscribe=One-Click'
	status 200
	has page "$BODY" 'Квитанции больше не приходят'
	http POST "$KVITOK_URL$link" -H \
	    'Content-Type: application/x-www-form-urlencoded' \
	    --data-binary 'List-Unsubscribe=One-Click'
	status 200
	api GET "/accounts/tgk-1/$MADE_ACCOUNT/mailing"
	[[ $(jq .mailed <<<"$BODY") == false ]] || fail 'it goes on'
	has list "$(ctl mailing list tgk1 | grep "/$MADE_ACCOUNT ")" \
	    'stopped by payer'
	is mails "$(mails "$MAIL")" 1
	http GET "$KVITOK_URL/mailing/0000000000000000000000000000000000"
	status 404
}

test_killed_at_any_step_it_has_one_row_and_one_message_id() {
	local rows
	window 1 31 0 24
	asked
	arm mailing_planned
	KVITOK_CRASH_DIR=$CRASH ctl mailing plan >/dev/null
	wait_for 5 'the kill while planning' reached mailing_planned
	plan
	rows=$(db "SELECT COUNT(*) FROM bill_mail
	    WHERE account = '$MADE_ACCOUNT' AND supplier = 'tgk-1'")
	is letters "$rows" 1
	arm bill_mail_sent
	time_passes
	wait_for 20 'the kill after the letter' reached bill_mail_sent
	wait_for 20 'the second mail' mails_are "$MAIL" 2
	sim GET "mails?to=$MAIL"
	is 'different Message-IDs' "$(jq '[.mails[].message_id] | unique |
	    length' <<<"$BODY")" 1
	wait_for 10 'it is noted' letter_is sent
	wait_for 10 'the job is done' job_is "done"
}

test_refused_by_the_mail_server_it_is_ended_counted_and_named() {
	local out
	window 1 31 0 24
	asked
	fault smtp reject_rcpt
	plan
	time_passes
	wait_for 20 'the refusal' letter_is refused
	out=$(ctl mailing status "$MONTH")
	has counts "$out" 'tgk1/tgk-1: refused 1, mail_refused'
	has names "$out" "tgk1/tgk-1/$MADE_ACCOUNT: refused, tries 1"
	http GET "$KVITOK_URL/metrics"
	has metrics "$BODY" 'kvitok_bill_letters{state="refused"} 1'
	wait_for 10 'the job to fail' job_is failed
	out=$(db "SELECT j.id FROM job j JOIN bill_mail m ON m.akey = j.akey
	    AND m.id = j.ref WHERE m.account = '$MADE_ACCOUNT'")
	ctl job retry "$out" >/dev/null || fail 'no retry'
	wait_for 20 "the mail to $MAIL" mails_are "$MAIL" 1
	wait_for 10 'it is noted' letter_is sent
}

test_stopped_before_its_hour_nothing_is_sent() {
	window 1 31 0 24
	asked
	plan
	ctl mailing stop tgk1 tgk-1 "$MADE_ACCOUNT" >"$TMP/out" ||
	    fail 'not stopped'
	has 'what it says' "$(<"$TMP/out")" 'stopped by operator:'
	time_passes
	wait_for 20 'its end' letter_is stopped
	is mails "$(mails "$MAIL")" 0
}

test_outside_of_the_window_nothing_is_planned() {
	local day
	day=$(TZ=Etc/GMT-3 date +%-d)
	# Another half of the month, so that no midnight matters.
	((day > 15)) && window 1 10 9 20 || window 20 31 9 20
	asked
	plan
	is letters "$(letter)" ''
}

test_a_front_end_asks_and_stops() {
	portal tgk1
	new_account tgk1
	local at=/accounts/tgk-1/$MADE_ACCOUNT/mailing
	api GET "$at"
	refused 404 mailing_unknown
	api DELETE "$at"
	refused 404 mailing_unknown
	api PUT "$at" '{"email":"a@b\nBcc: c@d.ru"}'
	refused 400 email_bad /email
	api PUT "$at" '{"email":"nobody"}'
	refused 400 email_bad /email
	api PUT "$at" '{}'
	refused 400 field_missing /email
	api PUT "$at" '{"email":"first@example.org"}'
	status 200
	is mailed "$(field .mailed)" true
	api PUT "$at" '{"email":"second@example.org"}'
	status 200
	is email "$(field .email)" second@example.org
	api DELETE "$at"
	status 200
	[[ $(jq .mailed <<<"$BODY") == false ]] || fail 'it goes on'
	api PUT /accounts/tgk-1/999999999999/mailing \
	    '{"email":"a@example.org"}'
	refused 404 account_unknown
}

run_tests
