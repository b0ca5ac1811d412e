#!/bin/bash
# What a payer asks reaches the supplier with its file, and is answered: through
# nginx, kvitok-jobs that is killed at every step, and a supplier in the box.
#
# It has an instance of its own, for its programs are killed.
set -u
EX=$E2E_RUN/request-sent
export KVITOK_CRASH_DIR=$EX/crash
mkdir -p "$KVITOK_CRASH_DIR"
KVITOK_PORT=any KVITOK_DB=$E2E_DB KVITOK_RUN=$EX KVITOK_BOX=yes \
    KVITOK_SET='
jobs.lease_ms=4000
jobs.poll_ms=50' KVITOK_WORKERS='2 1 1 1' KVITOK_PG_OPTIONS='-c fsync=off' \
    "$(dirname "$0")/../../tools/run" --detach >"$E2E_RUN/request-sent.out" \
    2>&1 || {
	cat "$E2E_RUN/request-sent.out"
	exit 1
}
E2E_RUN=$EX
. "$(dirname "$0")/lib.sh"
SUPPLIER=vodokanal

end_world() {
	"$TOP/tools/stop" "$EX" >/dev/null
	wait 2>/dev/null
	rm -rf "$TMP"
}
trap end_world EXIT

# ---- what is done and seen -----------------------------------------------

# box METHOD PATH [BODY]
box() {
	http "$1" "$KVITOK_BOX_URL/control/$2" ${3:+-H 'Content-Type: application/json'
	    --data-binary "$3"}
	[[ $STATUS == 200 ]] || fail "box $* is refused"
}

# ask_with FILE TEXT: sets ID.
ask_with() {
	local file
	ask unique
	http POST "$KVITOK_URL/api/v1/requests/files?payer=e2e-s" \
	    -H "Authorization: Bearer $KEY" --data-binary "@$1" \
	    -H 'X-File-Name: scan.pdf' -H "Idempotency-Key: file-$SAID" \
	    -H 'Content-Type: application/octet-stream'
	status 201
	read_field .id file
	api POST /requests "{\"kind\":\"maintenance\",\"supplier\":\"$SUPPLIER\",
	    \"account\":\"7700001\",\"payer\":\"e2e-s\",\"text\":\"$2\",
	    \"files\":[{\"id\":\"$file\"}]}" -H "Idempotency-Key: ask-$SAID"
	status 201
	read_field .id ID
}

# pdf FILE BYTES
pdf() {
	{
		printf '%%PDF-1.7\n'
		head -c $(($2 - 9)) /dev/urandom
	} >"$1"
}

# of_box FILTER: of the request ID, as the supplier has it.
of_box() {
	box GET 'requests?limit=1000'
	field ".requests[] | select(.id == \"$ID\") | $1"
}

box_has() {
	[[ -n $(of_box .id) ]]
}

box_knows_account() {
	[[ $(db "SELECT COUNT(*) FROM account WHERE portal = 'portalgkh'
	    AND supplier = '$SUPPLIER' AND account = '7700001'") == 1 ]]
}

state_is() {
	api GET "/requests/$ID"
	[[ $(field .state) == "$1" ]]
}

# STATE TEXT: of the last answer.
answered() {
	state_is "$1" && [[ $(field '.answers[-1].text') == "$2" ]]
}

# answer STATE TEXT: and the payer sees it.
answer() {
	box POST answers "{\"request\":\"$ID\",\"state\":\"$1\",\"text\":\"$2\"}"
	wait_for 30 "$ID: $1, $2" answered "$1" "$2"
}

acknowledged() {
	[[ $(db "SELECT COUNT(*) FROM exchange_sent WHERE kind = 'requests'
	    AND state <> 'acknowledged'") == 0 ]]
}

# ---- the tests -----------------------------------------------------------

test_a_request_with_a_file_is_sent_and_answered() {
	portal portalgkh
	wait_for 60 'the accounts of the box' box_knows_account
	pdf "$TMP/a.pdf" 200000
	ask_with "$TMP/a.pdf" 'Течёт <кран> & капает'
	wait_for 60 'the supplier has it' box_has
	is text "$(of_box .text)" 'Течёт <кран> & капает'
	is file "$(of_box '.files[0].sha256')" \
	    "$(sha256sum <"$TMP/a.pdf" | cut -d' ' -f1)"
	is size "$(of_box '.files[0].size')" 200000
	answer in_progress 'Смотрим'
	answer done 'Кран заменён'
	api POST "/requests/$ID/close"
	status 200
	wait_for 60 'that it is closed' has_closed
	wait_for 60 'acknowledgements' acknowledged
}

has_closed() {
	[[ -n $(of_box .closed_at) ]]
}

test_whoever_is_killed_each_request_is_sent_once() {
	local step ids=()
	portal portalgkh
	wait_for 60 'the accounts of the box' box_knows_account
	pdf "$TMP/a.pdf" 60000
	for step in send_begun send_taken send_made exchange_handed; do
		: >"$KVITOK_CRASH_DIR/$step"
		ask_with "$TMP/a.pdf" "До $step"
		wait_for 60 "killed at $step" test ! -e "$KVITOK_CRASH_DIR/$step"
		wait_for 60 "the supplier has it in spite of $step" box_has
		ids+=("$ID")
	done
	wait_for 60 'acknowledgements' acknowledged
	for ID in "${ids[@]}"; do
		is "documents of $ID" "$(db "SELECT COUNT(*) FROM exchange_item
		    WHERE kind = 'request' AND ref = '$ID'")" 1
	done
	box GET check
	is findings "$(field '.findings | length | tostring')" 0
}

test_a_refused_record_is_a_case_and_no_answer() {
	local out case
	portal portalgkh
	wait_for 60 'the accounts of the box' box_knows_account
	box POST faults '{"fault":"refuse_line","kind":"requests"}'
	pdf "$TMP/a.pdf" 100
	ask_with "$TMP/a.pdf" 'Не примут'
	wait_for 60 'the case' is_case
	state_is in_progress || fail 'the payer was told'
	case=$(db "SELECT id FROM pay_case WHERE kind = 'exchange_line_refused'
	    AND state = 'open'")
	out=$("${KVITOK_PROGRAMS:-$TOP/build}/kvitokctl" -c "$EX/kvitok.conf" \
	    case resolve "$case" retry --reason 'проверено' 2>&1) ||
	    fail "retry: $out"
	wait_for 60 'it comes again' box_has
}

is_case() {
	[[ -n $(db "SELECT id FROM pay_case WHERE kind = 'exchange_line_refused'
	    AND state = 'open' AND evidence LIKE '%$ID%'") ]]
}

# The longest that a payer may attach is a record that a supplier can read.
test_the_longest_file_goes_through() {
	portal portalgkh
	wait_for 60 'the accounts of the box' box_knows_account
	pdf "$TMP/a.pdf" 5242880
	ask_with "$TMP/a.pdf" 'Длинный'
	wait_for 90 'the supplier has it' box_has
	is file "$(of_box '.files[0].sha256')" \
	    "$(sha256sum <"$TMP/a.pdf" | cut -d' ' -f1)"
}

run_tests
