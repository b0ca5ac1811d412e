#!/bin/bash
# A supplier without a database of its own hands its documents over through
# HTTPS: nginx, a worker, kvitok-jobs; whoever is killed on the way.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/exchange.sh"
PORTAL=tgk1 SUPPLIER=murmanskaya-tec SERVICE=otoplenie ACCOUNT=ТЕЦ-1
KEY=$KVITOK_KEY_MURMANSKAYA_TEC
BOX=$E2E_RUN/exchange/$SUPPLIER

# ---- what a supplier does ------------------------------------------------

# bring TEXT [header]: as the supplier's program does.
bring() {
	printf '%s' "$1" >"$TMP/document.xml"
	bring_file "$TMP/document.xml" "${@:2}"
}

bring_file() {
	http POST "$KVITOK_URL/api/v1/exchange/documents" \
	    -H "Authorization: Bearer $KEY" -H 'Content-Type: application/xml' \
	    --data-binary "@$1" "${@:2}"
}

# Until it is known to be kept; a worker that was killed answers nothing.
bring_until_kept() {
	local tries
	for tries in {1..50}; do
		bring "$1"
		[[ $STATUS != 20? ]] || return 0
		[[ $STATUS == 502 || $STATUS == 503 ]] ||
		    fail "refused with $STATUS"
		pause 0.1
	done
	fail "not kept: $STATUS"
}

next() {
	local n
	api GET /exchange
	status 200
	read_field .next n
	echo "$n"
}

seen_is() {
	local now
	api GET "/exchange/documents/$1"
	read_field .state now
	[[ $now == "$2" ]]
}

wait_seen() {
	wait_for 30 "document $1 $2" seen_is "$1" "$2"
}

papers_are() {
	local n
	api GET '/exchange/outgoing?limit=200'
	read_field '.items | length' n
	[[ $n == "$1" ]]
}

# ---- the tests -----------------------------------------------------------

test_documents_are_applied_and_acknowledged() {
	local state
	is first "$(next)" 1
	bring "$(accounts 1)"
	status 202
	is state "$(field .state)" received
	is kind "$(field .kind)" accounts
	is sha256 "$(field .sha256)" \
	    "$(sha256sum "$TMP/document.xml" | cut -d ' ' -f 1)"
	is location "$(header location)" /api/v1/exchange/documents/1
	bring "$(balances 2 70011)"
	status 202
	wait_seen 1 applied
	wait_seen 2 applied
	is applied "$(field .applied_kop)" 70011
	is debt "$(debt)" 70011
	wait_for 15 'two acknowledgements' papers_are 2
	api GET /exchange/outgoing/2
	status 200
	is type "$(header content-type)" application/xml
	has acknowledgement "$BODY" \
	    'of="2" state="applied" count="1" sum_kop="70011"'
}

test_the_same_bytes_twice_are_one_document() {
	bring "$(balances 2 70011)"
	status 200
	is state "$(field .state)" applied
	bring "$(balances 2 1)"
	refused 409 exchange_number_taken /document/@number
	is debt "$(debt)" 70011
}

test_ours_are_shown_until_they_are_taken() {
	api POST /exchange/outgoing/1/taken
	status 200
	papers_are 1 || fail 'it is still shown'
	api POST /exchange/outgoing/1/taken
	status 200
	api GET '/exchange/outgoing?after=2'
	is above "$(field '.items | length')" 0
	api GET /exchange/outgoing/1
	refused 404 exchange_unknown
	api POST /exchange/outgoing/999/taken
	refused 404 exchange_unknown
}

test_what_is_not_the_suppliers_own_is_refused_by_its_name() {
	bring "$(accounts 3 | sed "s/portal='tgk1'/portal='novcheb'/")"
	refused 422 exchange_foreign /document/@portal
	bring "$(accounts 3 | sed "s/supplier='[^']*'/supplier='tgk-1'/")"
	refused 422 exchange_foreign /document/@supplier
	bring "$(accounts 104)"
	refused 409 exchange_far /document/@number
	has words "$(field .detail)" 'документ 3'
	is next "$(next)" 3
}

test_an_envelope_that_cannot_be_read_is_told_with_its_line() {
	bring $'<document\n  portal="tgk1"\n  supplier=oops>'
	refused 422 exchange_unread
	has words "$(field .detail)" 'строка 3'
	bring 'garbage'
	refused 422 exchange_unread
	bring ''
	refused 422 exchange_unread
	bring "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"
	refused 422 exchange_unread
	bring "$(accounts 3)" -H 'Content-Encoding: gzip'
	refused 415 exchange_media
	http POST "$KVITOK_URL/api/v1/exchange/documents" \
	    -H "Authorization: Bearer $KEY" -H 'Content-Type: text/plain' \
	    -d "$(accounts 3)"
	refused 415 exchange_media
}

# Nothing of a body is taken for who may not send it.
test_a_stranger_brings_nothing() {
	KEY=kv_AAAAAAAAAAAAAAAAAAAAAAAAAA
	bring "$(accounts 3)"
	refused 401 key_unknown
	KEY=$KVITOK_KEY_TGK1
	bring "$(accounts 3)"
	refused 403 right_missing
	http POST "$KVITOK_URL/api/v1/exchange/documents" \
	    -H 'Content-Type: application/xml' -d "$(accounts 3)"
	refused 401 key_missing
	KEY=$KVITOK_KEY_LIFTSERVIS
	bring "$(accounts 3)"
	refused 422 exchange_foreign /document/@portal
	api GET /exchange/documents/1
	refused 404 exchange_unknown
	# Its right opens nothing else.
	api GET /payments
	refused 403 right_missing
}

test_the_right_is_that_of_a_supplier() {
	has 'without a supplier' "$(ctl key add --portal "$PORTAL" \
	    --rights exchange --title x)" 'that of a supplier'
	has 'with more rights' "$(ctl key add --portal "$PORTAL" \
	    --supplier "$SUPPLIER" --rights exchange,read --title x)" \
	    'report and exchange'
	has 'the list' "$(ctl key list)" 'report exchange'
}

test_a_bad_document_is_told_and_put_right_under_its_number() {
	local n
	n=$(next)
	bring "$(balances "$n" '1,00')"
	status 202
	wait_seen "$n" aside
	has path "$(field .error.path)" /document/balances
	has words "$(field .error.words)" 1,00
	is line "$(field .error.line)" 1
	# The same again is known; another one waits for its turn.
	bring "$(balances "$n" '1,00')"
	status 200
	is state "$(field .state)" aside
	bring "$(balances "$n" 4711)"
	status 202
	wait_seen "$n" applied
	is debt "$(debt)" 4711
	is 'what is left of it' "$(ls "$BOX/in" "$BOX/aside" | grep -c "^$n")" 0
}

test_a_gap_waits_and_is_shown() {
	local n
	n=$(next)
	bring "$(balances $((n + 1)) 2)"
	status 202
	api GET "/exchange/documents?after=$n"
	is waiting "$(field '.waiting[0].number')" $((n + 1))
	is next "$(next)" "$n"
	seen_is $((n + 1)) received || fail 'out of turn'
	# What waits is not replaced behind the back of who may be reading it.
	bring "$(balances $((n + 1)) 3)"
	refused 409 exchange_number_waits /document/@number
	bring "$(balances $((n + 1)) 2)"
	status 202
	bring "$(balances "$n" 1)"
	wait_seen $((n + 1)) applied
	is debt "$(debt)" 2
}

test_refused_records_are_listed() {
	local n
	n=$(next)
	bring "$(document "$n" "balances as_of_day='2026-12-01' count='2' sum_kop='8'" \
	    "<balance account='ТЕЦ-1' service='$SERVICE' debt_kop='5'/>
	    <balance account='НЕТ-1' service='$SERVICE' debt_kop='3'/>")"
	wait_seen "$n" applied
	is applied "$(field .applied)" 1
	is refused "$(field '.refusals[0].record')" 2
	is reason "$(field '.refusals[0].reason')" exchange_account_unknown
	is debt "$(debt)" 5
}

# Killed at each step with one document on its way: it is applied once, and
# acknowledged once.
test_whoever_is_killed_each_document_is_applied_once() {
	local n step ours
	for step in exchange_spooled exchange_kept exchange_fetched \
	    exchange_begun exchange_applied exchange_answered exchange_handed; do
		n=$(next)
		arm "$step"
		bring_until_kept "$(balances "$n" "${n}00")"
		wait_for 15 "$step" reached "$step"
		wait_seen "$n" applied
		is "$step: debt" "$(debt)" "${n}00"
		is "$step: records" "$(kept "$n" applied)" 1
	done
	ours=$(db "SELECT COUNT(*) FROM exchange_out WHERE portal = '$PORTAL'
	    AND supplier = '$SUPPLIER'")
	# One of them was taken above.
	wait_for 15 'as many acknowledgements' papers_are $((ours - 1))
}

# Longer than what is read at once anywhere, and sent without its length.
test_a_long_document_comes_in_pieces() {
	local n
	n=$(next)
	{
		printf '%s' "<document xmlns='urn:kvitok:exchange:1'
		    version='1.0' portal='$PORTAL' supplier='$SUPPLIER'
		    number='$n' made_at='2026-12-01T06:00:00+03:00'>
		    <accounts count='12000'>"
		awk 'BEGIN { for (i = 0; i < 12000; i++) printf \
		    "<account number=\"Д-%d\" address=\"г. Мурманск\">" \
		    "<owner last_name=\"Петров\"/></account>\n", i }'
		printf '</accounts></document>'
	} >"$TMP/long.xml"
	bring_file "$TMP/long.xml" -H 'Transfer-Encoding: chunked'
	status 202
	is size "$(field .size)" "$(stat -c %s "$TMP/long.xml")"
	# The same, with its length said before.
	bring_file "$TMP/long.xml"
	[[ $STATUS == 20? ]] || fail "with its length: $STATUS"
	is 'size again' "$(field .size)" "$(stat -c %s "$TMP/long.xml")"
	wait_seen "$n" applied
	is records "$(field .applied)" 12000
}

# A disk that is full, or a folder that is lost, is told, and nothing is lost.
test_a_folder_that_cannot_be_written_to_is_told() {
	local n
	n=$(next)
	mv "$BOX/in" "$BOX/away"
	: >"$BOX/in"
	bring "$(balances "$n" 31)"
	rm "$BOX/in"
	mv "$BOX/away" "$BOX/in"
	refused 503 spool_failed
	bring "$(balances "$n" 31)"
	status 202
	wait_seen "$n" applied
	is debt "$(debt)" 31
}

drafts_are() {
	[[ $(find "$BOX/in" -name '.draft.*' | wc -l) == "$1" ]]
}

# But what the two killed workers have left, for a day.
test_nothing_is_left_in_the_folder() {
	drafts_are 2 || fail 'drafts'
	touch -d '2 days ago' "$BOX"/in/.draft.*
	wait_for 15 'the drafts are gone' drafts_are 0
	is documents "$(ls "$BOX/in" "$BOX/aside" | grep -c xml)" 0
}

run_tests
