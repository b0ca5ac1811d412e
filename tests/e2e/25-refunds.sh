#!/bin/bash
# Money that goes back: whole, in parts, by line; when the bank's answer is
# lost, late or no.
. "$(dirname "$0")/lib.sh"

# give_back BODY [KEY]
give_back() {
	api POST "/payments/$NUMBER/refunds" "$1" \
	    -H "Idempotency-Key: ${2:-refund-$(unique)-$$}"
}

newest_is() {
	api GET "/payments/$NUMBER/refunds"
	[[ $(field '.items[-1].state') == "$1" ]]
}

wait_refund() {
	wait_for "${2:-20}" "the refund is $1" newest_is "$1"
}

refunded_kop() {
	api GET "/payments/$NUMBER"
	field .refunded_kop
}

# At the bank: how much of the order it has given back.
bank_gave() {
	sim GET "orders?number=$BANK_NO"
	field '.orders[0].refunded_kop'
}

test_the_whole_goes_back_through_every_bank() {
	local portal
	for portal in irkutskenergosbyt novcheb moygaz portalgkh tgk1; do
		paid "$portal"
		give_back '{"reason":"ошибка плательщика"}'
		status 201
		is "state at first" "$(field .state)" intended
		is total "$(field .total_kop)" "$TOTAL"
		wait_state refunded
		is refunded_kop "$(refunded_kop)" "$TOTAL"
		is receivable "$(posted receivable)" 0
		is payable "$(posted payable)" 0
		is commission "$(posted commission)" 0
		is cases "$(db "SELECT COUNT(*) FROM pay_case
		    WHERE number = '$NUMBER'")" 0
	done
}

test_an_order_paid_today_is_reversed_at_sberbank() {
	paid irkutskenergosbyt
	give_back '{"reason":"ошибка плательщика"}'
	wait_state refunded
	is reversals "$(bank_calls in reverse)" 1
	is refunds "$(bank_calls in refund)" 0
}

test_the_payer_gets_a_document_of_what_went_back() {
	paid irkutskenergosbyt 100000
	wait_for 15 "the receipt" mails_are "$MAIL" 1
	give_back '{"sum_kop":30000,"reason":"перерасчёт"}'
	wait_for 15 "the refund's letter" mails_are "$MAIL" 2
	sim GET "mails?to=$MAIL"
	has mails "$BODY" "Деньги возвращены: 300,00"
	has mails "$BODY" "kvitok-$NUMBER-refund.pdf"
}

test_parts_and_lines_keep_the_commission_unless_told() {
	local portal fee
	for portal in irkutskenergosbyt portalgkh; do
		paid "$portal" 100000
		api GET "/payments/$NUMBER"
		fee=$(field .fee_kop)
		give_back '{"sum_kop":30000,"reason":"перерасчёт"}'
		status 201
		is fee "$(jq .fee_kop <<<"$BODY")" 0
		wait_refund done
		is state "$(state)" partly_refunded
		is "given back by the bank" "$(bank_gave)" 30000
		give_back '{"lines":[{"n":1}],"fee":"return","reason":"остаток"}'
		status 201
		is sum "$(field .sum_kop)" 70000
		is fee "$(jq .fee_kop <<<"$BODY")" "$fee"
		wait_state refunded
		is "given back by the bank" "$(bank_gave)" "$TOTAL"
		is receivable "$(posted receivable)" 0
	done
}

test_a_lost_answer_is_asked_about_and_not_repeated() {
	local portal bank
	for portal in irkutskenergosbyt portalgkh; do
		bank=sberbank
		[[ $portal == portalgkh ]] && bank=gazprombank
		paid "$portal"
		fault "$bank" refund_lost
		give_back '{"sum_kop":5000,"reason":"перерасчёт"}'
		status 201
		wait_refund done
		is calls "$(bank_calls in refund)" 1
		is "given back by the bank" "$(bank_gave)" 5000
		is state "$(state)" partly_refunded
	done
}

test_a_reversal_whose_answer_is_lost_is_found() {
	paid irkutskenergosbyt
	fault sberbank refund_lost
	give_back '{"reason":"ошибка плательщика"}'
	wait_state refunded
	is reversals "$(bank_calls in reverse)" 1
}

test_a_502_after_the_effect_is_asked_about_too() {
	paid irkutskenergosbyt
	fault sberbank http_502_after '"call":"refund"'
	give_back '{"sum_kop":5000,"reason":"перерасчёт"}'
	wait_refund done
	is calls "$(bank_calls in refund)" 1
	is "given back by the bank" "$(bank_gave)" 5000
}

test_a_slow_bank_is_asked_later() {
	paid irkutskenergosbyt
	fault sberbank slow '"call":"refund","delay_ms":5000'
	give_back '{"sum_kop":5000,"reason":"перерасчёт"}'
	wait_refund done 40
	is "given back by the bank" "$(bank_gave)" 5000
}

test_a_refund_that_never_arrived_is_made_after_a_patience() {
	paid irkutskenergosbyt
	fault sberbank reset_before '"call":"refund"'
	give_back '{"sum_kop":5000,"reason":"перерасчёт"}'
	wait_refund done 30
	is calls "$(bank_calls in refund)" 2
	is "given back by the bank" "$(bank_gave)" 5000
	is refunded_kop "$(refunded_kop)" 5000
}

test_a_job_killed_at_any_step_gives_back_once() {
	local portal step
	for portal in irkutskenergosbyt portalgkh; do
		for step in refund_calling refund_called refund_done_writing; do
			# Of a call that was perhaps not made Gazprombank is
			# asked for half a minute here.
			[[ $portal$step == portalgkhrefund_calling ]] && continue
			paid "$portal"
			arm "$step"
			give_back '{"sum_kop":5000,"reason":"перерасчёт"}'
			status 201
			wait_for 10 "$step" reached "$step"
			wait_refund done 40
			is "given back by the bank" "$(bank_gave)" 5000
			is refunded_kop "$(refunded_kop)" 5000
			is posted "$(db "SELECT COUNT(*) FROM ledger_transfer
			    WHERE number = '$NUMBER' AND kind = 'refund'")" 1
		done
	done
}

test_a_refusal_frees_the_sum_and_waits_for_a_person() {
	paid irkutskenergosbyt
	# Sberbank gives back a rouble at least.
	give_back '{"sum_kop":50,"reason":"перерасчёт"}'
	status 201
	wait_refund failed
	is state "$(state)" paid
	is refunded_kop "$(refunded_kop)" 0
	is cases "$(cases refund_failed)" 1
	give_back '{"sum_kop":100,"reason":"перерасчёт"}'
	wait_refund done
}

test_a_key_that_comes_again_gets_its_first_answer() {
	local key first
	paid irkutskenergosbyt
	key=again-$(unique)
	give_back '{"sum_kop":5000,"reason":"перерасчёт"}' "$key"
	status 201
	first=$BODY
	wait_refund done
	give_back '{"reason":"перерасчёт","sum_kop":5000}' "$key"
	status 201
	is replay "$(header idempotent-replay)" true
	is answer "$BODY" "$first"
	give_back '{"sum_kop":5001,"reason":"перерасчёт"}' "$key"
	refused 422 idempotency_key_reused Idempotency-Key
	is refunded_kop "$(refunded_kop)" 5000
}

test_what_cannot_go_back_is_refused_by_name() {
	payment irkutskenergosbyt
	give_back '{"reason":"перерасчёт"}'
	refused 409 payment_not_paid
	paid irkutskenergosbyt 100000
	give_back '{"sum_kop":100001,"reason":"перерасчёт"}'
	refused 422 refund_too_large /sum_kop
	give_back '{"sum_kop":0,"reason":"перерасчёт"}'
	refused 400 sum_not_positive /sum_kop
	give_back '{"sum_kop":-1,"reason":"перерасчёт"}'
	refused 400 sum_not_positive /sum_kop
	give_back '{"sum_kop":1}'
	refused 400 field_missing /reason
	give_back '{"sum_kop":1,"reason":"нет"}' ' '
	refused 400 idempotency_key_missing
	give_back '{"reason":"не"}'
	refused 400 field_length /reason
	give_back '{"lines":[{"n":2}],"reason":"перерасчёт"}'
	refused 422 refund_line_unknown /lines/0/n
	give_back '{"lines":[{"n":1,"sum_kop":100001}],"reason":"перерасчёт"}'
	refused 422 refund_too_large /lines/0/sum_kop
	give_back '{"lines":[{"n":1},{"n":1}],"reason":"перерасчёт"}'
	refused 422 refund_line_repeat /lines/1/n
	give_back '{"lines":[{"n":1}],"sum_kop":1,"reason":"перерасчёт"}'
	refused 422 refund_sum_differs /sum_kop
	give_back '{"fee":"half","reason":"перерасчёт"}'
	refused 400 field_form /fee
	give_back '{"amount":1,"reason":"перерасчёт"}'
	refused 400 field_unknown /amount
	new_key irkutskenergosbyt 'pay read'
	give_back '{"reason":"перерасчёт"}'
	refused 403 right_missing
	portal portalgkh
	give_back '{"reason":"перерасчёт"}'
	refused 404 payment_unknown
	portal irkutskenergosbyt
	is refunded_kop "$(refunded_kop)" 0
}

test_forty_refunds_at_once_give_back_what_was_paid_and_no_more() {
	local i
	paid portalgkh 100000
	for i in {1..40}; do
		(give_back '{"sum_kop":10000,"reason":"перерасчёт"}') &
	done
	wait
	api GET "/payments/$NUMBER/refunds"
	is refunds "$(field '.items | length')" 10
	is refunded_kop "$(refunded_kop)" 100000
}

test_the_operators_hand_and_the_story() {
	local out
	paid irkutskenergosbyt 100000
	out=$(ctl refund "$NUMBER" 250.50 --reason 'по заявлению' \
	    --line 1) || fail "kvitokctl refund: $out"
	has refund "$out" 250.50
	wait_refund done
	is refunded_kop "$(refunded_kop)" 25050
	out=$(ctl refund list "$NUMBER")
	has list "$out" "operator:"
	has list "$out" "по заявлению"
	out=$(ctl refund "$NUMBER" 100000 --reason 'по заявлению') &&
	    fail "above the rest: $out"
	out=$(ctl refund "$NUMBER" all) && fail "no reason: $out"
	api GET "/payments/$NUMBER/story"
	has story "$BODY" refund_asked
	has story "$BODY" refund_done
	has story "$BODY" "по заявлению"
}

run_tests
