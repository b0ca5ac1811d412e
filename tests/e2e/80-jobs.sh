#!/bin/bash
# What is owed is done: letters, questions, by however many workers.
. "$(dirname "$0")/lib.sh"

second_worker() {
	"$PROGRAMS/kvitok-jobs" \
	    -c "$E2E_RUN/kvitok.conf" >>"$E2E_RUN/log/kvitok-jobs.log" 2>&1 &
	SECOND=$!
}

test_two_workers_side_by_side_do_each_job_once() {
	second_worker
	local i all=()
	for i in {1..12}; do
		payment irkutskenergosbyt
		open_link
		at_bank paid
		all+=("$NUMBER:$MAIL")
	done
	for i in "${all[@]}"; do
		NUMBER=${i%%:*} MAIL=${i#*:}
		wait_state paid
		wait_for 15 "the mail to $MAIL" mails_are "$MAIL" 1
	done
	sleep 0.5
	for i in "${all[@]}"; do
		NUMBER=${i%%:*} MAIL=${i#*:}
		is "mails to $MAIL" "$(mails "$MAIL")" 1
		credited_once
	done
	kill "$SECOND"
	wait "$SECOND" || fail "the second worker ended with $?"
}

paid() {
	payment irkutskenergosbyt
	open_link
	at_bank paid
	wait_state paid
}

test_a_mail_server_that_says_later_gets_it_later() {
	fault smtp later_rcpt
	paid
	wait_for 20 "the mail to $MAIL" mails_are "$MAIL" 1
	credited_once
}

test_a_connection_lost_in_the_letter_is_tried_again() {
	fault smtp drop_in_data
	paid
	wait_for 20 "the mail to $MAIL" mails_are "$MAIL" 1
}

test_an_address_that_is_refused_for_good_is_given_up_and_shown() {
	fault smtp reject_rcpt
	paid
	wait_for 15 'the job to fail' job_failed
	is mails "$(mails "$MAIL")" 0
	ctl job list failed >"$TMP/jobs"
	has jobs "$(<"$TMP/jobs")" "$NUMBER"
	ctl job retry "$(grep "$NUMBER" "$TMP/jobs" |
	    grep -o '[0-9A-Z]\{26\}' | head -n 1)" >"$TMP/retry"
	is "lines of the trail" "$(db "SELECT COUNT(*) FROM staff_event
	    WHERE what = 'job_retry' AND detail = 'receipt $NUMBER'")" 1
	wait_for 15 "the mail to $MAIL" mails_are "$MAIL" 1
	"${KVITOK_PROGRAMS:-$TOP/build}/kvitokctl" -c "$E2E_RUN/kvitok.conf" \
	    job retry 01ARZ3NDEKTSV4RRFFQ69G5FAV >"$TMP/retry" 2>&1 &&
	    fail "a job that there is none of"
	has retry "$(<"$TMP/retry")" job_unknown
}

job_failed() {
	[[ $(db "SELECT state FROM job WHERE ref = '$NUMBER'
	    AND kind = 'receipt'") == failed ]]
}

test_the_letter_carries_words_and_the_pdf() {
	payment portalgkh 120000
	open_link
	at_bank paid
	wait_state paid
	wait_for 15 "the mail to $MAIL" mails_are "$MAIL" 1
	sim GET "mails?to=$MAIL"
	local n k
	n=$(jq -r '.mails[0].n' <<<"$BODY")
	is types "$(jq -r '[.mails[0].parts[].type] | join(" ")' <<<"$BODY")" \
	    'text/plain text/html application/pdf'
	k=$(jq -r '.mails[0].parts[] | select(.type == "application/pdf") | .k' \
	    <<<"$BODY")
	sim GET "mails/$n/parts/$k"
	status 200
	local words
	words=$(pdftotext -layout "$TMP/body" - | tr -s ' \302\240' ' ')
	has pdf "$words" "$NUMBER"
	has pdf "$words" '218,00'
}

run_tests
