#!/bin/bash
# The API: sums to the kopeck, bad input, keys and rights, repeats.
. "$(dirname "$0")/lib.sh"

# The members of a line, for jq.
line() {
	jq -cn --arg s "${SUPPLIER:-yuzhnoe-zhks}" --arg v "${SERVICE:-zhku}" \
	    --arg a "${ACCOUNT:-10019743}" --argjson k "$1" \
	    '{supplier: $s, service: $v, account: $a, sum_kop: $k}'
}

quote() {
	api POST /quotes "{\"lines\":[$(line "$1")]}"
}

# post BODY [KEY]: a payment, with an idempotency key of its own.
post() {
	api POST /payments "$1" \
	    -H "Idempotency-Key: ${2:-post-$(unique)-$$}"
}

test_limits_are_inclusive_to_the_kopeck() {
	portal portalgkh
	quote 999
	refused 422 sum_too_small /lines/0/sum_kop
	has words "$BODY" '10'
	quote 1000
	status 200
	quote 1400000
	status 200
	quote 1400001
	refused 422 sum_too_large /lines/0/sum_kop
	has words "$BODY" '14000'
}

test_commission_is_on_top_and_rounded_half_up() {
	portal portalgkh
	quote 120000
	status 200
	is fee "$(field .fee_kop)" 1800
	is total "$(field .total_kop)" 121800
	# 1.5 % of 10.33 is 0.15495, of 10.34 is 0.1551.
	quote 1033
	is fee "$(field .fee_kop)" 15
	quote 100033
	is fee "$(field .fee_kop)" 1500
	quote 100034
	is fee "$(field .fee_kop)" 1501
}

test_several_lines_are_summed_up() {
	portal portalgkh
	local lines
	lines="[$(line 120000),$(SERVICE=tekremont line 50000)]"
	api POST /quotes "{\"lines\":$lines}"
	status 200
	is sum "$(field .sum_kop)" 170000
	is total "$(field .total_kop)" "$((170000 + $(field .fee_kop)))"
	is parts "$(field '[.lines[].fee_kop] | add')" "$(field .fee_kop)"
}

test_a_line_twice_is_refused() {
	portal portalgkh
	api POST /quotes "{\"lines\":[$(line 120000),$(line 5000)]}"
	refused 422 lines_repeat
	api POST /quotes '{"lines":[]}'
	refused 422 lines_empty
}

test_unknown_names_are_told_apart() {
	portal portalgkh
	SUPPLIER=nobody quote 120000
	refused 404 supplier_unknown
	SERVICE=nothing quote 120000
	refused 404 service_unknown
	ACCOUNT=99999999 quote 120000
	refused 404 account_unknown
	api GET /accounts/yuzhnoe-zhks/99999999
	refused 404 account_unknown
	api GET /nothing
	refused 404 path_unknown
	api DELETE /suppliers
	refused 405 method_not_allowed
	[[ -n $(header allow) ]] || fail "no Allow"
}

test_an_account_shows_masked_owner_and_debts() {
	portal portalgkh
	api GET /accounts/yuzhnoe-zhks/10019743
	status 200
	has_not account "$BODY" 'Соколова'
	is debt "$(field '.services[] | select(.service == "zhku") |
	    .debt_kop')" 171425
}

test_an_account_number_is_taken_in_any_case() {
	portal irkutskenergosbyt
	api GET "/accounts/irkutskenergo/%D0%B8%D0%BD%D0%B7%D0%B117004717"
	status 200
	has number "$BODY" 'ИНЗБ17004717'
}

# bad STATUS REASON POINTER BODY
bad() {
	post "$4"
	refused "$1" "$2" "$3"
}

test_each_bad_input_has_its_own_answer() {
	portal portalgkh
	local l m='"email":"a@example.org"' before
	l="\"lines\":[$(line 120000)]"
	before=$(db 'SELECT COUNT(*) FROM payment')
	bad 400 json_bad '' '{'
	bad 400 json_bad '' "{$l,$m"
	bad 400 json_duplicate '' "{$l,$m,$m}"
	bad 400 field_unknown /emial "{$l,$m,\"emial\":1}"
	bad 400 field_unknown /lines/0/sum \
	    "{\"lines\":[$(line 1000 | jq -c '. + {sum: 1}')],$m}"
	bad 400 field_missing /lines "{$m}"
	bad 400 field_type /lines "{\"lines\":1,$m}"
	bad 400 field_type /lines/0/sum_kop \
	    "{\"lines\":[$(line '"1000"')],$m}"
	bad 400 field_type /lines/0/sum_kop "{\"lines\":[$(line 10.5)],$m}"
	bad 400 email_bad /email "{$l,\"email\":\"a@b\\nBcc: c@d.ru\"}"
	bad 400 email_bad /email "{$l,\"email\":\"a@b\\r\\n\"}"
	bad 400 email_bad /email "{$l,\"email\":\"nobody\"}"
	bad 400 field_length /payer \
	    "{$l,$m,\"payer\":\"$(printf 'p%.0s' {1..65})\"}"
	bad 422 return_host /return_url \
	    "{$l,$m,\"return_url\":\"https://evil.example/\"}"
	is payments "$(db 'SELECT COUNT(*) FROM payment')" "$before"
}

test_a_payers_name_may_have_64_characters() {
	portal portalgkh
	post "{\"lines\":[$(line 120000)],\"email\":\"a@example.org\",
	    \"payer\":\"$(printf 'я%.0s' {1..64})\"}"
	status 201
}

test_a_page_cannot_say_who_pays_nor_where_he_goes() {
	local member
	ACCOUNT=$(account portalgkh) SUPPLIER=$(supplier portalgkh)
	SERVICE=$(service portalgkh)
	for member in '"payer":"user-1"' '"return_url":"http://localhost/x"' ''; do
		http POST "$KVITOK_URL/web/portalgkh/payments" \
		    -H 'Content-Type: application/json' \
		    -H 'X-Requested-With: kvitok' \
		    -H "Idempotency-Key: page-$(unique)-$$" -d "{\"lines\":[$(line \
		    120000)],\"email\":\"a@example.org\"${member:+,$member}}"
		if [[ -n $member ]]; then
			refused 400 field_unknown "/$(cut -d '"' -f 2 <<<"$member")"
		else
			status 201
		fi
	done
}

test_sums_that_no_one_pays_are_refused() {
	portal portalgkh
	local sum
	for sum in 9999999999999999999 9223372036854775807 \
	    -9223372036854775808 -1 0; do
		post "{\"lines\":[{\"supplier\":\"yuzhnoe-zhks\",\"service\":\
\"zhku\",\"account\":\"10019743\",\"sum_kop\":$sum}],\"email\":\"a@example.org\"}"
		[[ $STATUS == 400 || $STATUS == 422 ]] ||
		    fail "sum $sum: $STATUS"
		is content-type "$(header content-type)" \
		    application/problem+json
	done
}

test_broken_bytes_do_not_get_in() {
	portal portalgkh
	local file=$TMP/bytes
	printf '{"email":"\xff\xfe","lines":[]}' >"$file"
	post "@$file"
	status 400
	printf '{"email":"a\0b@example.org","lines":[]}' >"$file"
	post "@$file"
	status 400
	printf '{"email":"a\\u0000b@example.org","lines":[]}' >"$file"
	post "@$file"
	status 400
	head -c 1048576 /dev/zero | tr '\0' ' ' >"$file"
	post "@$file"
	refused 413 body_too_large
	{
		printf '{"lines":'
		head -c 20000 /dev/zero | tr '\0' '['
	} >"$file"
	post "@$file"
	status 400
	post '{}' "$(printf 'k%.0s' {1..65})"
	refused 400 idempotency_key_bad
	api POST /payments '{}'
	refused 400 idempotency_key_missing
	api POST /payments 'x=1' -H 'Content-Type: text/plain'
	[[ $STATUS == 415 || $STATUS == 400 ]] || fail "text/plain: $STATUS"
}

test_a_misspelt_parameter_is_named_everywhere() {
	payment portalgkh
	local path
	for path in /suppliers /accounts/yuzhnoe-zhks/10019743 /payments \
	    "/payments/$NUMBER" "/payments/$NUMBER/receipt.pdf" \
	    "/payments/$NUMBER/story"; do
		api GET "$path?sttae=paid"
		refused 400 field_unknown sttae
	done
	api POST '/quotes?sttae=paid' "{\"lines\":[$(line 1000)]}"
	refused 400 field_unknown sttae
	api POST "/payments/$NUMBER/cancel?sttae=paid" '{}'
	refused 400 field_unknown sttae
	api POST "/payments/$NUMBER/cancel" '{"reason":"x"}'
	refused 400 field_unknown /reason
	is state "$(state)" created
}

test_a_method_that_is_not_served_is_refused_with_those_that_are() {
	portal portalgkh
	api PUT /payments '{}'
	refused 405 method_not_allowed
	is allow "$(header allow)" 'GET, HEAD, POST'
	api OPTIONS /quotes
	refused 405 method_not_allowed
	is allow "$(header allow)" POST
	api TRACE /suppliers
	status 405
	is content-type "$(header content-type)" application/problem+json
	http HEAD "$KVITOK_URL/api/v1/suppliers" -H "Authorization: Bearer $KEY"
	status 200
	http HEAD "$KVITOK_URL/api/v1/suppliers"
	status 401
}

test_suppliers_are_read_page_by_page() {
	portal novcheb
	local all seen='' after='' i
	api GET /suppliers
	all=$(field '.items[].supplier')
	is next "$(field .next)" ''
	for i in 1 2 3 4 5 6; do
		api GET "/suppliers?limit=2${after:+&after=$after}"
		status 200
		seen+=$(field '.items[].supplier')$'\n'
		after=$(field .next)
		[[ -n $after ]] || break
	done
	is after "$after" ''
	is suppliers "${seen%$'\n'}" "$all"
	api GET '/suppliers?after=nobody'
	refused 400 cursor_bad
}

test_workers_outlive_bad_input() {
	portal portalgkh
	local before after
	before=$(pgrep -f "^[^ ]*/kvitokd -c $E2E_RUN/kvitok.conf" | sort | tr '\n' ' ')
	test_broken_bytes_do_not_get_in
	test_each_bad_input_has_its_own_answer
	after=$(pgrep -f "^[^ ]*/kvitokd -c $E2E_RUN/kvitok.conf" | sort | tr '\n' ' ')
	is workers "$after" "$before"
}

test_keys_have_rights_and_belong_to_a_portal() {
	payment portalgkh
	KEY=
	http GET "$KVITOK_URL/api/v1/payments/$NUMBER"
	refused 401 key_missing
	KEY=kv_NOTAKEYATALL
	api GET "/payments/$NUMBER"
	refused 401 key_unknown
	portal moygaz
	api GET "/payments/$NUMBER"
	refused 404 payment_unknown
	api GET /accounts/yuzhnoe-zhks/10019743
	refused 404 supplier_unknown
	new_key portalgkh read
	post "{\"lines\":[$(line 120000)],\"email\":\"a@example.org\"}"
	refused 403 right_missing
	api GET "/payments/$NUMBER"
	status 200
	local id
	id=$(ctl key list | awk '/Проверка read$/ { print $1 }' | tail -n 1)
	ctl key withdraw "$id" >"$TMP/withdrawn"
	wait_for 10 'the key to be dead' key_dead
}

key_dead() {
	api GET "/payments/$NUMBER"
	[[ $STATUS == 401 ]]
}

test_a_repeat_gets_the_first_answer() {
	portal portalgkh
	local body key=repeat-$(unique)-$$ number
	body="{\"lines\":[$(line 120000)],\"email\":\"a@example.org\"}"
	post "$body" "$key"
	status 201
	number=$(field .number)
	is replay "$(header idempotent-replay)" ''
	post "$body" "$key"
	status 201
	is number "$(field .number)" "$number"
	is replay "$(header idempotent-replay)" true
	post "${body/120000/120001}" "$key"
	refused 422 idempotency_key_reused
	portal tgk1
	SUPPLIER=$(supplier tgk1) SERVICE=$(service tgk1) \
	    ACCOUNT=$(account tgk1)
	post "{\"lines\":[$(line 120000)],\"email\":\"a@example.org\"}" "$key"
	status 201
}

test_twenty_repeats_at_once_make_one_payment() {
	portal portalgkh
	local body key=crowd-$(unique)-$$ i
	body="{\"lines\":[$(line 130000)],\"email\":\"a@example.org\"}"
	for i in {1..20}; do
		curl -s -X POST "$KVITOK_URL/api/v1/payments" -d "$body" \
		    -H "Authorization: Bearer $KEY" \
		    -H 'Content-Type: application/json' \
		    -H "Idempotency-Key: $key" >"$TMP/crowd.$i" &
	done
	wait
	is 'numbers' "$(cat "$TMP"/crowd.* | jq -r '.number // .reason' |
	    sort -u | wc -l)" 1
	is payments "$(db "SELECT COUNT(*) FROM idem WHERE ikey = '$key'")" 1
}

test_a_list_is_read_page_by_page() {
	portal portalgkh
	local payer=list-$(unique)-$$ i seen='' after=''
	for i in 1 2 3 4 5; do
		post "{\"lines\":[$(ACCOUNT=$(account portalgkh) \
		    SUPPLIER=$(supplier portalgkh) \
		    SERVICE=$(service portalgkh) line 120000)],
		    \"email\":\"a@example.org\",\"payer\":\"$payer\"}"
		status 201
	done
	for i in 1 2 3; do
		api GET "/payments?payer=$payer&limit=2${after:+&after=$after}"
		status 200
		seen+=$(field '.items[].number')$'\n'
		after=$(field .next)
	done
	is after "$after" ''
	is seen "$(sort -u <<<"$seen" | grep -c .)" 5
	api GET "/payments?limit=201"
	status 400
	api GET "/payments?after=nonsense"
	refused 400 cursor_bad
	api GET "/payments?nonsense=1"
	status 400
}

test_a_cancel_is_once_and_for_all() {
	payment portalgkh
	api POST "/payments/$NUMBER/cancel" '{}' -H "Idempotency-Key: x$NUMBER"
	status 200
	api POST "/payments/$NUMBER/cancel" '{}' -H "Idempotency-Key: y$NUMBER"
	status 200
	is state "$(field .state)" cancelled
	payment irkutskenergosbyt
	open_link
	at_bank paid
	wait_state paid
	api POST "/payments/$NUMBER/cancel" '{}' -H "Idempotency-Key: z$NUMBER"
	refused 409 payment_paid_already
}

run_tests
