#!/bin/bash
# What a payer asks of a supplier, and the answers that its documents bring.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/exchange.sh"

# A supplier whose documents no other script brings.
PORTAL=novcheb SUPPLIER=domofon-21 ACCOUNT=017305

# ask TEXT [KEY]: sets ID.
ask_for() {
	ask unique
	api POST /requests "{\"kind\":\"maintenance\",\"supplier\":\"$SUPPLIER\",
	    \"account\":\"$ACCOUNT\",\"payer\":\"e2e-r-$$\",\"text\":\"$1\"}" \
	    -H "Idempotency-Key: ${2:-e2e-r-$SAID-$$}"
	read_field .id ID
}

test_a_request_is_answered_and_closed() {
	portal novcheb
	ask_for 'Домофон не работает:\nподъезд 2 <&>'
	status 201
	is state "$(field .state_title)" 'В обработке'
	is text "$(field .text)" $'Домофон не работает:\nподъезд 2 <&>'
	applied 1 "answers count='1'" "<answer request='$ID' state='needs_answer'
	    at='2026-12-01T05:00:00+03:00'><text>Какая квартира?</text></answer>"
	applied 2 "answers count='1'" "<answer request='$ID' state='done'
	    at='2026-12-01T06:00:00+03:00'/>"
	api GET "/requests/$ID"
	status 200
	is state "$(field .state_title)" 'Выполнена'
	is answers "$(field '[.answers[].state] | join(" ")')" 'needs_answer done'
	is words "$(field '.answers[0].text')" 'Какая квартира?'
	api POST "/requests/$ID/close"
	status 200
	is state "$(field .state_title)" 'Закрыта'
	api GET "/requests?payer=e2e-r-$$&state=closed"
	is listed "$(field '[.items[].id] | join(" ")')" "$ID"
}

test_a_request_that_is_sent_twice_is_one() {
	local first
	portal novcheb
	ask_for 'Раз' "e2e-r-twice-$$"
	first=$ID
	ask_for 'Раз' "e2e-r-twice-$$"
	status 201
	is id "$ID" "$first"
	is replay "$(header idempotent-replay)" true
	ask_for 'Два' "e2e-r-twice-$$"
	refused 422 idempotency_key_reused Idempotency-Key
}

test_requests_are_of_their_portal_and_their_rights() {
	portal novcheb
	ask_for 'Чужая'
	local id=$ID
	portal moygaz
	api GET "/requests/$id"
	refused 404 appeal_unknown
	api POST "/requests/$id/close"
	refused 404 appeal_unknown
	new_key novcheb pay
	api GET /requests
	refused 403 right_missing
}

test_what_is_too_long_is_refused() {
	portal novcheb
	ask_for "$(printf 'а%.0s' {1..4001})"
	refused 400 field_length /text
	ask_for "$(printf 'а%.0s' {1..4000})"
	status 201
}

# A picture of one point.
make_png() {
	base64 -d >"$1" <<-END
	iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==
	END
}

# bring FILE NAME PAYER [KEY]: sets FILE_ID.
bring() {
	ask unique
	http POST "$KVITOK_URL/api/v1/requests/files?payer=$3" \
	    -H "Authorization: Bearer $KEY" --data-binary "@$1" \
	    -H "X-File-Name: $2" -H "Idempotency-Key: ${4:-e2e-f-$SAID-$$}" \
	    -H 'Content-Type: application/octet-stream'
	read_field .id FILE_ID
}

test_files_are_brought_and_read_by_their_payer_alone() {
	local payer=e2e-f-$$ id
	portal novcheb
	make_png "$TMP/a.png"
	bring "$TMP/a.png" '..%2F%D0%A1%D0%BD%D0%B8%D0%BC%D0%BE%D0%BA.exe' "$payer"
	status 201
	is name "$(field .name)" 'Снимок.exe.png'
	is type "$(field .type)" image/png
	api POST /requests "{\"kind\":\"maintenance\",\"supplier\":\"$SUPPLIER\",
	    \"account\":\"$ACCOUNT\",\"payer\":\"$payer\",\"text\":\"Снимок\",
	    \"files\":[{\"id\":\"$FILE_ID\"}]}" -H "Idempotency-Key: e2e-f-$$"
	status 201
	is files "$(field .files)" 1
	id=$(field .id)
	api GET "/requests/$id/files?payer=$payer"
	is listed "$(field '.items[0].sha256')" "$(sha256sum <"$TMP/a.png" |
	    cut -d' ' -f1)"
	curl -s -D "$TMP/head" -o "$TMP/got" -H "Authorization: Bearer $KEY" \
	    "$KVITOK_URL/api/v1/requests/$id/files/1?payer=$payer"
	cmp "$TMP/a.png" "$TMP/got" || fail 'it is another one'
	has disposition "$(<"$TMP/head")" "attachment; filename*=UTF-8''%D0%A1"
	has sniffing "$(tr A-Z a-z <"$TMP/head")" 'x-content-type-options: nosniff'
	api GET "/requests/$id/files/1?payer=somebody"
	refused 404 appeal_unknown
	api GET "/requests/$id/files"
	refused 404 appeal_unknown
	portal moygaz
	api GET "/requests/$id/files/1?payer=$payer"
	refused 404 appeal_unknown
}

test_the_longest_file_is_taken_and_one_byte_more_is_not() {
	local payer=e2e-l-$$ id
	portal novcheb
	{
		printf '%%PDF-1.7\n'
		head -c $((5 * 1048576 - 9)) /dev/urandom
	} >"$TMP/a.pdf"
	bring "$TMP/a.pdf" a.pdf "$payer"
	status 201
	api POST /requests "{\"kind\":\"maintenance\",\"supplier\":\"$SUPPLIER\",
	    \"account\":\"$ACCOUNT\",\"payer\":\"$payer\",\"text\":\"Скан\",
	    \"files\":[{\"id\":\"$FILE_ID\"}]}" -H "Idempotency-Key: e2e-l-$$"
	status 201
	id=$(field .id)
	curl -s -o "$TMP/got" -H "Authorization: Bearer $KEY" \
	    "$KVITOK_URL/api/v1/requests/$id/files/1?payer=$payer"
	cmp "$TMP/a.pdf" "$TMP/got" || fail 'it is another one'
	echo >>"$TMP/a.pdf"
	bring "$TMP/a.pdf" a.pdf "$payer"
	refused 413 body_too_large
}

test_a_stranger_fills_no_disk() {
	portal novcheb
	make_png "$TMP/a.png"
	KEY=kv_nobody
	bring "$TMP/a.png" a.png nobody
	refused 401 key_unknown
	KEY=$(ctl key add --portal novcheb --rights read --title reads |
	    awk 'NF { last = $NF } END { print last }')
	bring "$TMP/a.png" a.png nobody
	refused 403 right_missing
}

run_tests
