#!/bin/bash
# The trail: whoever changes money, rights or settings, by whatever door, leaves
# one line; what failed, or was done before, leaves none.
. "$(dirname "$0")/lib.sh"
TODAY=$(TZ=Etc/GMT-3 date +%F)

did() {
	ctl "$@" >"$TMP/did" || fail "$*: $(<"$TMP/did")"
}

# noted WHAT OBJECT: sets NOTE, "actor detail", of the one line there is.
noted() {
	local n
	n=$(db "SELECT COUNT(*) FROM staff_event WHERE what = '$1'
	    AND object = '$2'")
	is "lines of $1 $2" "$n" 1
	NOTE=$(db "SELECT actor, detail FROM staff_event WHERE what = '$1'
	    AND object = '$2'")
}

lines() {
	db 'SELECT COUNT(*) FROM staff_event'
}

# by_operator WHAT OBJECT DETAIL
by_operator() {
	noted "$1" "$2"
	[[ $NOTE == operator:* ]] || fail "$1 is by $NOTE"
	has "detail of $1" "$NOTE" "$3"
}

test_reference_data_and_keys_are_noted() {
	local key id before
	echo "UPDATE portal SET support = support;" >"$TMP/same-$$.sql"
	did ref apply "$TMP/same-$$.sql"
	by_operator ref_apply "$TMP/same-$$.sql" \
	    "1 statements, SHA-256 $(sha256sum <"$TMP/same-$$.sql" |
		cut -d' ' -f1)"
	did key add --portal tgk1 --rights read --title "trail $$"
	key=$(<"$TMP/did")
	id=$(ctl key list | grep "trail $$" | cut -d' ' -f1)
	by_operator key_add "$id" "portal tgk1, rights read, title trail $$"
	has_not "the trail" "$(ctl staff events)" "$key"
	did key withdraw "$id"
	by_operator key_withdraw "$id" ""
	before=$(lines)
	ctl key withdraw "$id" >/dev/null && fail "withdrawn twice"
	echo "UPDATE route SET to_day = '2021-01-01';" >"$TMP/bad.sql"
	ctl ref apply "$TMP/bad.sql" >/dev/null && fail "applied"
	is "lines after what failed" "$(lines)" "$before"
}

test_layouts_are_noted() {
	local layout before
	layout=$(ctl layout list | head -n 1 | awk '{print $NF}')
	ctl layout show "$layout" >"$TMP/layout.json" || fail "no $layout"
	before=$(lines)
	did layout apply "$TMP/layout.json"
	is "lines" "$(lines)" $((before + 1))
	has "the trail" "$(db "SELECT object || ', ' || detail FROM staff_event
	    WHERE what = 'layout_apply'")" \
	    "$layout, SHA-256 $(sha256sum <"$TMP/layout.json" | cut -d' ' -f1)"
}

knows_key() {
	api GET /suppliers
	[[ $STATUS == 200 ]]
}

# A key of portalgkh with all that changes something; sets ACTOR.
all_rights() {
	local title
	title="all $(unique)"
	did key add --portal portalgkh --title "$title" \
	    --rights admin,pay,read,refund,report
	KEY=$(<"$TMP/did")
	ACTOR=frontend:$(ctl key list | grep "$title\$" | cut -d' ' -f1)
	wait_for 5 "the key" knows_key
}

test_money_that_goes_back_is_noted_by_each_door() {
	local own
	paid portalgkh
	did refund "$NUMBER" 1.00 --reason 'из кабинета'
	by_operator refund "$NUMBER 1.00" 'reason из кабинета'
	own=$NUMBER
	all_rights
	for _ in 1 2; do
		api POST "/payments/$own/refunds" \
		    '{"sum_kop":200,"reason":"повтор"}' \
		    -H "Idempotency-Key: trail-$$-$own"
		status 201
	done
	noted refund "$own"
	is "who and what" "$NOTE" "$ACTOR|2,00 ₽: повтор"
}

test_exemptions_are_noted_without_their_documents() {
	local payer=trail-$$ id body
	did exempt add --portal portalgkh --payer "$payer" --kind veteran \
	    --document 'удостоверение' --number 77-$$
	by_operator exempt_add "" 'kind veteran'
	id=$(ctl exempt list --portal portalgkh --payer "$payer" |
	    grep -o '[0-9A-Z]\{8\}-[0-9A-Z]\{26\}' | head -n 1)
	did exempt end "$id" --reason 'по заявлению'
	by_operator exempt_end "$id" 'по заявлению'
	all_rights
	body='{"kind":"pensioner","document":"Удостоверение",
	    "document_number":"88-'$$'","seen_by":"Иванова"}'
	for _ in 1 2; do
		api PUT "/payers/$payer/exemption" "$body"
		status 200
	done
	is "lines of what was set twice" "$(db "SELECT COUNT(*) FROM staff_event
	    WHERE what = 'exempt_set' AND actor = '$ACTOR'")" 1
	for _ in 1 2; do
		api DELETE "/payers/$payer/exemption"
		status 200
	done
	is "lines of what was ended twice" "$(db "SELECT COUNT(*) FROM
	    staff_event WHERE what = 'exempt_end' AND actor = '$ACTOR'")" 1
	is "documents in the trail" "$(db "SELECT COUNT(*) FROM staff_event
	    WHERE detail LIKE '%-$$%' OR object LIKE '%7-$$%'")" 0
}

test_reports_and_schedules_are_noted() {
	local name=trail-$$
	did report schedule add "$name" --portal portalgkh --report payments \
	    --format csv --period day --days every --at 05:00 \
	    --mail "trail.$$@example.org"
	by_operator report_schedule_add "$name" 'report payments'
	has_not "the detail" "$NOTE" example.org
	did report schedule remove "$name"
	by_operator report_schedule_remove "$name" ''
	all_rights
	for _ in 1 2; do
		api POST /reports "{\"report\":\"payments\",\"from\":\"$TODAY\",
		    \"to\":\"$TODAY\",\"format\":\"csv\"}" \
		    -H "Idempotency-Key: trail-report-$$"
		[[ $STATUS == 20* ]] || fail "not ordered: $STATUS"
	done
	is "lines of what was ordered twice" "$(db "SELECT COUNT(*) FROM
	    staff_event WHERE what = 'report_order'
	    AND actor = '$ACTOR'")" 1
}

test_settlements_are_noted() {
	did settlement prepare --portal portalgkh \
	    --day "$(TZ=Etc/GMT-3 date -d yesterday +%F)"
	has "the trail" "$(ctl staff events)" settlement_prepare
}

run_tests
