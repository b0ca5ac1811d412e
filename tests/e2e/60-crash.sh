#!/bin/bash
# A worker is killed (SIGKILL) between any two steps of the pay link, of a
# call-back, of a question and of a letter; the payment still ends well.
#
# A file named like a step, in the folder KVITOK_CRASH_DIR of the instance,
# kills the next process that reaches it.
. "$(dirname "$0")/lib.sh"
# What may be killed, on the way of a payment through each bank.
LINK='intend_writing attempt_intended attempt_answered answer_writing
answer_written'
SBER_NOTICE='notice_read notice_kept'
GPB_NOTICE='notice_read notice_writing notice_kept'
ASKING='ask_answered confirm_writing confirm_written'

# The payer opens the link until it leads to the bank, as a person would.
open_bravely() {
	local tries
	for tries in {1..60}; do
		browse "$PAY_URL"
		[[ $STATUS == 303 && $LOCATION == "$KVITOK_SIM_URL"/* ]] && break
		sleep 0.3
	done
	has "page after $tries tries" "$LOCATION" "$KVITOK_SIM_URL/"
	browse "$LOCATION"
	BANK_NO=$(bank_no)
}

ends_well() {
	wait_state paid 25
	wait_for 20 "the mail to $MAIL" mails_are "$MAIL" "${1:-1}"
	credited_once
	is 'attempts paid' "$(db "SELECT COUNT(*) FROM attempt
	    WHERE number = '$NUMBER' AND state = 'paid'")" 1
}

killed_on_the_link() {
	local step
	for step in $2; do
		payment "$1"
		arm "$step"
		open_bravely
		reached "$step" || fail "$step was never reached"
		at_bank paid
		ends_well
	done
}

killed_in_the_notice() {
	local step
	for step in $2; do
		payment "$1"
		open_bravely
		arm "$step"
		at_bank paid
		wait_for 15 "$step" reached "$step"
		ends_well
	done
}

test_killed_between_the_steps_of_the_link_through_sberbank() {
	killed_on_the_link irkutskenergosbyt "$LINK"
}

test_killed_between_the_steps_of_the_link_through_gazprombank() {
	killed_on_the_link portalgkh 'intend_writing'
}

test_killed_between_the_steps_of_a_notice_of_sberbank() {
	killed_in_the_notice irkutskenergosbyt "$SBER_NOTICE"
	killed_in_the_notice moygaz "$SBER_NOTICE"
}

test_killed_between_the_steps_of_a_notice_of_gazprombank() {
	killed_in_the_notice portalgkh "$GPB_NOTICE"
}

test_killed_while_asking_the_bank() {
	local portal
	for portal in irkutskenergosbyt portalgkh; do
		fault "$([[ $portal == p* ]] && echo gazprombank ||
		    echo sberbank)" callback_lost
		killed_in_the_notice "$portal" "$ASKING"
	done
}

# Between the server's 250 and our note of it nobody can know: the letter may
# come twice, with one Message-ID, so that it is known to be the same.
test_killed_after_the_letter_was_taken() {
	payment irkutskenergosbyt
	open_bravely
	arm mail_sent
	at_bank paid
	wait_for 15 mail_sent reached mail_sent
	wait_for 20 'the second mail' mails_are "$MAIL" 2
	sim GET "mails?to=$MAIL"
	is 'different Message-IDs' "$(jq '[.mails[].message_id] | unique |
	    length' <<<"$BODY")" 1
	credited_once
	wait_for 10 'the job is done' receipt_done
}

receipt_done() {
	[[ $(db "SELECT state FROM job WHERE ref = '$NUMBER'
	    AND kind = 'receipt'") == "done" ]]
}

test_killed_in_the_middle_of_a_letter() {
	payment irkutskenergosbyt
	fault smtp slow_data '"delay_ms":1500'
	open_bravely
	at_bank paid
	wait_state paid
	sleep 0.4
	workers KILL kvitok-jobs
	wait_for 20 'the job is done' receipt_done
	local n
	n=$(mails "$MAIL")
	((n == 1 || n == 2)) || fail "$n mails"
	sim GET "mails?to=$MAIL"
	is 'different Message-IDs' "$(jq '[.mails[].message_id] | unique |
	    length' <<<"$BODY")" 1
	credited_once
}

run_tests
