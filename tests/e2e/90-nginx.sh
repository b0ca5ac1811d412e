#!/bin/bash
# The site: limits, own answers, headers, pools that are dead or full, log.
. "$(dirname "$0")/lib.sh"

test_health_readiness_and_counters_answer() {
	http GET "$KVITOK_URL/healthz"
	status 200
	http GET "$KVITOK_URL/readyz"
	status 200
	http GET "$KVITOK_URL/metrics"
	status 200
	has type "$(header content-type)" text/plain
	has metrics "$BODY" '# TYPE kvitok_'
}

test_a_request_id_is_kept_when_it_is_well_formed() {
	http GET "$KVITOK_URL/healthz" -H 'X-Request-Id: front-end.0123'
	is id "$(header x-request-id)" front-end.0123
	http GET "$KVITOK_URL/healthz" -H 'X-Request-Id: a b"<script>'
	[[ $(header x-request-id) =~ ^[0-9a-f]{32}$ ]] || fail "bad id"
	is ids "$(grep -ci '^x-request-id:' "$TMP/headers")" 1
}

test_every_answer_has_security_headers() {
	local url
	for url in / /api/v1/nothing /pay/x /return/x /healthz; do
		http GET "$KVITOK_URL$url"
		is "nosniff of $url" "$(header x-content-type-options)" nosniff
		is "referrer of $url" "$(header referrer-policy)" no-referrer
		has "policy of $url" "$(header content-security-policy)" \
		    "default-src 'none'"
		is server "$(header server)" nginx
	done
	http GET "$KVITOK_URL/"
	has_not page "$BODY" '<script>'
	has_not page "$BODY" ' style="'
	has_not page "$BODY" ' onclick='
}

long() {
	head -c "$1" /dev/zero | tr '\0' a
}

test_bounds_have_their_own_answers() {
	portal portalgkh
	api GET "/$(long 9000)"
	refused 414 url_too_long
	api GET /suppliers - -H "X-Long: $(long 9000)"
	refused 431 headers_too_large
	long 70000 >"$TMP/long"
	api POST /quotes "@$TMP/long"
	refused 413 body_too_large
	http POST "$KVITOK_URL/bank/sberbank/callback" --data-binary \
	    "@$TMP/long"
	status 413
	http GET "$KVITOK_URL/pay/$(long 9000)"
	status 414
}

test_the_words_of_nginx_are_those_of_the_table_of_reasons() {
	local id words
	while IFS='|' read -r id words; do
		grep -qF "REASON($id, " "$TOP/include/kvitok/base/reason.def" ||
		    fail "$id is not in reason.def"
		grep -F "REASON($id, " "$TOP/include/kvitok/base/reason.def" |
		    grep -qF "\"$words\"" || fail "other words for $id: $words"
	done < <(sed -n 's/.*"detail":"\([^"]*\)","reason":"\([^"]*\)".*/\2|\1/p' \
	    "$TOP/nginx/kvitok/answers.conf")
}

test_a_pool_that_hangs_stops_no_other() {
	portal portalgkh
	# The kernel goes on taking connections for those who are paused.
	trap 'workers CONT kvitokd pay' EXIT
	workers STOP kvitokd pay
	payment portalgkh
	status 201
	HTTP_TIMEOUT=2 browse "$PAY_URL"
	is 'the hanging link' "$STATUS" 000
	http GET "$KVITOK_URL/bank/gazprombank/check"
	[[ $STATUS == 200 || $STATUS == 40[13] ]] || fail "bank: $STATUS"
	workers CONT kvitokd pay
	open_link
}

test_a_killed_worker_is_replaced() {
	portal portalgkh
	local n
	for n in 1 2 3; do
		workers KILL kvitokd api
		sleep 0.5
		api GET /suppliers
		status 200
	done
}

test_the_access_log_keeps_no_secrets() {
	payment irkutskenergosbyt
	open_link
	http GET "$KVITOK_URL/bank/sberbank/callback?checksum=DEADBEEF00&x=1"
	local path
	for path in //pay /%70ay /%72eturn /api/v1; do
		browse "$KVITOK_URL$path/$TOKEN"
	done
	browse "$KVITOK_URL/pay%2F$TOKEN"
	portal portalgkh
	api GET /accounts/yuzhnoe-zhks/10019743
	sleep 0.3
	has_not log "$(<"$E2E_RUN/log/access.log")" 10019743
	has_not log "$(<"$E2E_RUN/log/access.log")" "${TOKEN#*.}"
	has_not log "$(<"$E2E_RUN/log/access.log")" DEADBEEF00
	tail -n 20 "$E2E_RUN/log/access.log" | jq -e . >"$TMP/json" ||
	    fail "the log is no JSON"
	has_not 'worker log' "$(cat "$E2E_RUN"/log/kvitok*.log)" "${TOKEN#*.}"
}

# site SED: nginx has other settings for the rest of the test.
site() {
	SITE=$E2E_RUN/nginx/kvitok.conf
	cp "$SITE" "$TMP/site"
	trap 'workers CONT kvitokd api; cp "$TMP/site" "$SITE"; reload' EXIT
	sed -i "$1" "$SITE"
	cmp -s "$SITE" "$TMP/site" && fail "nothing is other: $1"
	reload
}

test_counters_are_not_for_strangers() {
	site 's|allow 127.0.0.0/8;||'
	http GET "$KVITOK_URL/metrics"
	refused 403 local_only
	http GET "$KVITOK_URL/healthz"
	status 200
}

test_who_waits_too_long_is_told_that_it_may_be_done() {
	portal portalgkh
	site '/location .api.v1. {/,/}/s/read_timeout .*;/read_timeout 1s;/'
	workers STOP kvitokd api
	api GET /suppliers
	refused 504 answer_late
}

test_who_knocks_too_often_is_told_429() {
	local config=$E2E_RUN/nginx/kvitok/rates.conf
	cp "$config" "$TMP/rates"
	sed 's/rate=[0-9]*r/rate=1r/' "$TMP/rates" >"$config"
	reload
	portal portalgkh
	local i reply
	for i in {1..260}; do
		echo "url = $KVITOK_URL/api/v1/nothing"
	done >"$TMP/urls"
	curl -s -o /dev/null -w '%{http_code}\n' -K "$TMP/urls" |
	    sort | uniq -c >"$TMP/codes"
	reply=$(awk '$2 == 429 { print $1 }' "$TMP/codes")
	api GET /suppliers
	refused 429 too_many_requests
	[[ -n $(header retry-after) ]] || fail "no Retry-After"
	cp "$TMP/rates" "$config"
	reload
	((${reply:-0} > 20)) || fail "only $reply of 260 were refused"
	api GET /suppliers
	status 200
}

run_tests
