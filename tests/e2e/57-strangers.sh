#!/bin/bash
# What is another's is answered exactly as what is not there: by every address
# that names a payment, a settlement, a case, a report, a schedule or an
# account, in the cabinet and in the API.
. "$(dirname "$0")/lib.sh"
. "$E2E_DIR/desk.sh"
TODAY=$(TZ=Etc/GMT-3 date +%F)
PORTAL=irkutskenergosbyt
NOBODY=01ARZ3NDEKTSV4RRFFQ69G5FAV

did() {
	ctl "$@" >"$TMP/did" || fail "$*: $(<"$TMP/did")"
}

# What the portal has: NUMBER, CASE, SETTLEMENT, ORDER, SCHEDULE, EXEMPT.
things() {
	local lib
	payment $PORTAL
	open_link
	fault sberbank callback_wrong_sum \
	    "\"scope\":\"order\",\"order\":\"$BANK_NO\""
	at_bank paid
	wait_for 15 "a case" case_is wrong_sum 1
	CASE=$(db "SELECT id FROM pay_case WHERE number = '$NUMBER'")
	lib=$(echo /usr/lib/*/faketime/libfaketime.so.1)
	[[ -e $lib ]] || fail "no libfaketime"
	SETTLEMENT=$(LD_PRELOAD=$lib FAKETIME='+900d' ctl settlement prepare \
	    --day "$(date -d '899 days' +%F)" --portal $PORTAL \
	    --supplier "$(supplier $PORTAL)") || fail "$SETTLEMENT"
	SETTLEMENT=${SETTLEMENT%% *}
	new_key $PORTAL report,read,admin
	api POST /reports "{\"report\":\"payments\",\"from\":\"$TODAY\",
	    \"to\":\"$TODAY\",\"format\":\"csv\"}" \
	    -H "Idempotency-Key: strangers-$(unique)-$$"
	[[ $STATUS == 20* ]] || fail "not ordered: $STATUS"
	ORDER=$(field .id)
	SCHEDULE=strangers-$(unique)
	did report schedule add "$SCHEDULE" --portal $PORTAL --report payments \
	    --format csv --period day --days every --at 05:00 \
	    --mail "strangers@example.org"
}

case_is() {
	[[ $(cases "$1") == "$2" ]]
}

# What is left of an answer without what differs each time, and without the id
# that was asked for.
bare() {
	sed -E -e "s/$1/ID/g" -e 's/[0-9a-f]{32}/R/g' -e 's/[0-9A-Z]{26}/U/g' \
	    -e 's/value="[^"]*"/value=""/g' <<<"$STATUS $BODY"
}

# alike HOW METHOD PATH THEIRS NONE [arguments]: PATH has @ in the place of the
# id; HOW calls.  It is refused, and in the same words.
alike() {
	local how=$1 method=$2 path=$3 theirs=$4 none=$5 first
	shift 5
	"$how" "$method" "${path//@/$theirs}" "$@"
	[[ $STATUS == 4* ]] || fail "$method $path: $STATUS for $WHO"
	[[ $BODY != *"$SECRET"* ]] || fail "$method $path tells the secret"
	first=$(bare "$theirs")
	"$how" "$method" "${path//@/$none}" "$@"
	is "$method $path for $WHO" "$first" "$(bare "$none")"
	TRIED=$((TRIED + 1))
}

# --- the cabinet ---------------------------------------------------------------

# somebody PORTAL RIGHTS [kvitokctl's options]: a new accountant, logged in.
somebody() {
	LOGIN=str$(unique)
	new_staff "$LOGIN" "$@"
	enter
	desk GET /
	status 200
	CSRF=$(hidden csrf)
}

# desk METHOD PATH [FORM]
desk() {
	local more=()
	[[ $1 == GET ]] || more=(-H "$FORM" --data-binary \
	    "csrf=$CSRF&ikey=strangerstrangerstranger00&${3:-}")
	http "$1" "$KVITOK_URL/cabinet$2" -A "$BROWSER" \
	    -H "Cookie: kvitok=$SESSION" "${more[@]}"
}

# Every address of the cabinet that names something.
ask_the_cabinet() {
	local s=$SETTLEMENT c=$CASE o=$ORDER n=$NOBODY
	alike desk GET /reports/@ "$o" $n
	alike desk GET /reports/@/file "$o" $n
	alike desk GET /settlements/@ "$s" $n
	alike desk GET /settlements/@/confirm "$s" $n
	alike desk POST /settlements/@/confirm "$s" $n sum_kop=100
	alike desk GET '/settlements/@/order?format=1c' "$s" $n
	alike desk GET '/settlements/@/order?format=pain001' "$s" $n
	alike desk GET /settlements/@/register "$s" $n
	alike desk GET /cases/@ "$c" $n
	alike desk POST /cases/@/take "$c" $n
	alike desk POST /cases/@/release "$c" $n
	alike desk POST /cases/@/resolve "$c" $n \
	    'resolution=dismiss&reason=because'
	alike desk POST /schedules/@/stop "$SCHEDULE" none-at-all
}

test_the_cabinet_knows_nothing_of_others() {
	TRIED=0
	things
	SECRET=$NUMBER
	WHO='another portal' somebody tgk1 read,report,admin
	WHO='another portal' ask_the_cabinet
	WHO='another supplier' somebody $PORTAL read,report \
	    --supplier irkutskenergo
	WHO='another supplier' ask_the_cabinet
	desk GET /schedules
	status 200
	has_not "schedules of another supplier" "$BODY" "$SCHEDULE"
	is "addresses tried" "$TRIED" 26
	# They were all there to be seen.
	somebody $PORTAL read,report,admin
	desk GET "/settlements/$SETTLEMENT"
	status 200
	desk GET "/cases/$CASE"
	status 200
	desk GET /schedules
	has "schedules of one's own" "$BODY" "$SCHEDULE"
	is "what became of the case" "$(db "SELECT owner || state FROM pay_case
	    WHERE id = '$CASE'")" open
}

# --- the API -------------------------------------------------------------------

# call METHOD PATH [BODY]
call() {
	api "$1" "$2" "${3:--}" \
	    -H "Idempotency-Key: strangers-$(unique)-$$"
}

# Every address of the API that names something; $1: a number that no payment
# has.
ask_the_api() {
	local s=$SETTLEMENT c=$CASE o=$ORDER n=$NOBODY p=$NUMBER none=$1
	alike call GET /payments/@ "$p" "$none"
	alike call GET /payments/@/story "$p" "$none"
	alike call GET /payments/@/refunds "$p" "$none"
	alike call GET /payments/@/receipt.pdf "$p" "$none"
	alike call POST /payments/@/cancel "$p" "$none" '{}'
	alike call POST /payments/@/refunds "$p" "$none" \
	    '{"sum_kop":100,"reason":"because"}'
	alike call GET /cases/@ "$c" $n
	alike call POST /cases/@/take "$c" $n '{}'
	alike call POST /cases/@/release "$c" $n '{}'
	alike call POST /cases/@/resolve "$c" $n \
	    '{"resolution":"dismiss","reason":"because"}'
	alike call GET /settlements/@ "$s" $n
	alike call GET /settlements/@/items "$s" $n
	alike call POST /settlements/@/confirm "$s" $n '{"sum_kop":100}'
	alike call GET '/settlements/@/order?format=1c' "$s" $n
	alike call GET /settlements/@/register "$s" $n
	alike call GET /reports/@ "$o" $n
	alike call GET /reports/@/file "$o" $n
}

# Every address of an account, by a supplier that is not of the portal.
ask_for_accounts() {
	local a=/accounts/$(supplier $PORTAL)/@ t=$MADE_ACCOUNT n=000000000000
	alike call GET "$a" "$t" $n
	alike call GET "$a/balance" "$t" $n
	alike call GET "$a/statements" "$t" $n
	alike call GET "$a/outages" "$t" $n
	alike call GET "$a/contracts" "$t" $n
	alike call GET "$a/acts" "$t" $n
	alike call GET "$a/bills/${TODAY%-*}.pdf" "$t" $n
	alike call GET "$a/mailing" "$t" $n
	alike call DELETE "$a/mailing" "$t" $n
	alike call PUT "$a/mailing" "$t" $n '{"email":"a@example.org"}'
	alike call PUT "$a/exemption" "$t" $n '{"kind":"veteran",
	    "document":"x","document_number":"1","seen_by":"me"}'
	alike call DELETE "$a/exemption" "$t" $n
}

test_the_api_knows_nothing_of_others() {
	local none
	TRIED=0
	things
	SECRET=$MAIL
	# Of our account, but of no payment.
	none=${NUMBER%-*}-0000000000
	new_key tgk1 admin,pay,read,refund,report
	WHO='another portal'
	ask_the_api "$none"
	ask_for_accounts
	new_key $PORTAL report irkutskenergo
	WHO='another supplier'
	ask_the_api "$none"
	ask_for_accounts
	is "addresses tried" "$TRIED" 58
}

run_tests
