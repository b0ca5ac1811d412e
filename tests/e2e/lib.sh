# lib.sh: what the end-to-end tests share; sourced by NN-name.sh.
#
# tools/run-e2e has started an instance and says where it is: E2E_RUN (its
# folder), E2E_DB (sqlite, postgresql).  A test is a function whose name is a
# sentence; it runs in a subshell of its own and ends at its first failure.
# Tests share the instance, never an account: account() hands out a new one.
set -u -o pipefail
E2E_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP=$(cd "$E2E_DIR/../.." && pwd)
. "$E2E_RUN/demo.env"
TMP=$(mktemp -d "$E2E_RUN/tmp.XXXXXX")
trap 'rm -rf "$TMP"' EXIT
BROWSER='Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36'
STATUS='' BODY='' KEY=''

# ---- failing -------------------------------------------------------------

fail() {
	printf '#   %s\n' "$*" >&2
	local i
	for ((i = 1; i < ${#FUNCNAME[@]}; i++)); do
		[[ ${FUNCNAME[i]} == run_one ]] && break
		printf '#     in %s, line %s\n' "${FUNCNAME[i]}" \
		    "${BASH_LINENO[i - 1]}" >&2
	done
	[[ -n $STATUS ]] && printf '#   last answer: %s %.600s\n' "$STATUS" \
	    "$BODY" >&2
	exit 1
}

# is WHAT GOT WANTED
is() {
	[[ $2 == "$3" ]] || fail "$1 is \"$2\", not \"$3\""
}

has() {
	[[ $2 == *"$3"* ]] || fail "$1 has no \"$3\": ${2:0:400}"
}

has_not() {
	[[ $2 != *"$3"* ]] || fail "$1 has \"$3\": ${2:0:400}"
}

status() {
	[[ $STATUS == "$1" ]] || fail "status is $STATUS, not $1"
}

# refused STATUS REASON [POINTER]: the last answer is this problem.
refused() {
	status "$1"
	is content-type "$(header content-type)" application/problem+json
	if [[ -n ${3:-} ]]; then
		is "reason of $3" "$(field ".fields[] |
		    select(.pointer == \"$3\") | .reason" | head -n 1)" "$2"
	else
		is reason "$(field .reason)" "$2"
	fi
	[[ -n $(field .detail) ]] || fail "no detail"
	is request_id "$(field .request_id)" "$(header x-request-id)"
}

# ---- calling -------------------------------------------------------------

# http METHOD URL [curl's arguments]: sets STATUS, BODY, and headers.
http() {
	local method=$1 url=$2
	shift 2
	local how=(-X "$method")
	[[ $method == HEAD ]] && how=(-I)
	STATUS=$(curl -sS -m "${HTTP_TIMEOUT:-20}" "${how[@]}" -D "$TMP/headers" \
	    -o "$TMP/body" -w '%{http_code}' "$@" "$url" 2>"$TMP/curl") ||
	    STATUS=000
	BODY=$(tr -d '\0' <"$TMP/body" 2>/dev/null)
	[[ $STATUS != 000 ]] || BODY=$(<"$TMP/curl")
}

# Value of a header of the last answer; empty when it had none.
header() {
	tr -d '\r' <"$TMP/headers" | awk -v name="$1" '
	{ i = index($0, ":") }
	i > 0 && tolower(substr($0, 1, i - 1)) == name {
		v = substr($0, i + 1); sub(/^ +/, "", v); print v; exit
	}'
}

# A member of the last answer; empty when it is not there.
field() {
	jq -r "$1 // empty" <<<"$BODY" 2>/dev/null
}

# As whom the API is called: portal PORTALGKH.
portal() {
	local name=KVITOK_KEY_${1^^}
	KEY=${!name}
}

# api METHOD PATH [BODY [curl's arguments]]: BODY - is none.
api() {
	local method=$1 path=$2 body=${3:--}
	shift $(($# > 3 ? 3 : $#))
	local how=(-H "Authorization: Bearer $KEY")
	[[ $body == - ]] || how+=(-H 'Content-Type: application/json'
	    --data-binary "$body")
	http "$method" "$KVITOK_URL/api/v1$path" "${how[@]}" "$@"
}

# sim METHOD PATH [BODY]: the simulator's control interface.
sim() {
	local method=$1 path=$2
	shift 2
	http "$method" "$KVITOK_SIM_URL/control/$path" \
	    ${1:+-H 'Content-Type: application/json' --data-binary "$1"}
}

sim_ok() {
	sim "$@"
	[[ $STATUS == 2* ]] || fail "simulator: $* is refused"
}

# fault BANK NAME [more members]: armed for the next order.
fault() {
	sim_ok POST faults "{\"bank\":\"$1\",\"fault\":\"$2\"${3:+,$3}}"
}

# ---- paying --------------------------------------------------------------

# A number that no other test of this run has.
unique() {
	(
		flock 8
		local n
		n=$(($(cat "$E2E_RUN/e2e.n" 2>/dev/null || echo 0) + 1))
		echo "$n" >"$E2E_RUN/e2e.n"
		echo "$n"
	) 8>"$E2E_RUN/e2e.lock"
}

# account PORTAL: an account of its first made-up series, never the same.
account() {
	awk -F '\t' -v n="$(unique)" '
	$1 == "G" {
		printf "%s%0" $6 ".0f\n", $4, $5 + (n % $3) * $7
		exit
	}
	' "$TOP/sql/demo/$1.tsv"
}

# The portals' ways to a bank: supplier and service of the first series.
supplier() {
	awk -F '\t' '$1 == "G" { print $2; exit }' "$TOP/sql/demo/$1.tsv"
}

service() {
	awk -F '\t' '$1 == "G" { g = 1 } g && $1 == "S" { print $2; exit }' \
	    "$TOP/sql/demo/$1.tsv"
}

# payment PORTAL [SUM_KOP [members]]: makes one; sets NUMBER, PAY_URL, TOKEN,
# TOTAL and MAIL, its own address.
payment() {
	portal "$1"
	MAIL=p$(unique)@example.org
	api POST /payments "$(jq -cn --arg s "$(supplier "$1")" \
	    --arg v "$(service "$1")" --arg a "$(account "$1")" \
	    --argjson k "${2:-123456}" --arg m "$MAIL" \
	    '{lines: [{supplier: $s, service: $v, account: $a, sum_kop: $k}],
	    email: $m}'" + {${3:-}}")" -H "Idempotency-Key: e2e-$(unique)-$$"
	status 201
	NUMBER=$(field .number)
	PAY_URL=$(field .pay_url)
	TOTAL=$(field .total_kop)
	TOKEN=${PAY_URL##*/}
}

# Calls of a kind (register, status, deposited, rp ...) about an order, to the
# bank ("in") or by it ("out").
bank_calls() {
	sim GET "calls?limit=5000&direction=$1&call=$2&number=$BANK_NO"
	jq '.calls | length' <<<"$BODY"
}

# A browser opens a page and follows nothing.  Sets LOCATION.
browse() {
	http GET "$1" -A "$BROWSER" -H 'Accept: text/html,*/*' "${@:2}"
	LOCATION=$(header location)
}

# Open the pay link; the payer is led to the bank's page and sees it.
open_link() {
	local tries
	for tries in {1..20}; do
		browse "${1:-$PAY_URL}"
		[[ $STATUS == 303 ]] && break
		sleep 0.3
	done
	status 303
	BANK_URL=$LOCATION
	has "the bank's page" "$BANK_URL" "$KVITOK_SIM_URL/"
	browse "$BANK_URL"
	[[ $STATUS == 200 || $STATUS == 30? ]] || fail "the bank's page: $STATUS"
	BANK_NO=$(bank_no)
}

# The number of the last attempt, as the bank knows it.
bank_no() {
	api GET "/payments/$NUMBER"
	field '.attempts[-1].bank_no'
}

# at_bank OUTCOME [members]: the payer does it on the bank's page.
at_bank() {
	sim_ok POST "orders/$BANK_NO/pay" "{\"outcome\":\"$1\"${2:+,$2}}"
}

state() {
	api GET "/payments/$NUMBER"
	field .state
}

# wait_state STATE [SECONDS]
wait_state() {
	wait_for "${2:-15}" "state $1" state_is "$1"
	api GET "/payments/$NUMBER"
}

state_is() {
	[[ $(state) == "$1" ]]
}

# wait_for SECONDS WHAT COMMAND...
wait_for() {
	local end=$((SECONDS + $1)) what=$2
	shift 2
	until "$@"; do
		((SECONDS <= end)) || fail "waited in vain: $what"
		sleep 0.1
	done
}

# Mails that the sink took for an address.
mails() {
	sim GET "mails?to=$1"
	jq '.mails | length' <<<"$BODY"
}

mails_are() {
	[[ $(mails "$1") == "$2" ]]
}

# workers SIGNAL PROGRAM [POOL]: to the workers, not to who keeps them.
workers() {
	pkill "-$1" -f "^[^ ]*/$2 -c $E2E_RUN/kvitok.conf${3:+ --pool $3}\$"
}

# ---- looking behind ------------------------------------------------------

# db SQL: rows, columns parted by |.
db() {
	if [[ $E2E_DB == sqlite ]]; then
		sqlite3 -batch -noheader -cmd '.timeout 5000' \
		    "$E2E_RUN/kvitok.sqlite" "$1"
	else
		psql -q -X -At -F '|' -h "$(realpath "$E2E_RUN/pg")" -U kvitok \
		    -d kvitok -c "$1"
	fi
}

# Credited once: one event of it, one receipt owed, one attempt paid.
credited_once() {
	credits_are 1
}

credits_are() {
	is "credits of $NUMBER" "$(db "SELECT COUNT(*) FROM event
	    WHERE number = '$NUMBER' AND kind = 'payment_paid'")" "$1"
	is "receipts owed for $NUMBER" "$(db "SELECT COUNT(*) FROM job
	    WHERE ref = '$NUMBER' AND kind = 'receipt'")" "$1"
}

# cases KIND: how many are open for the payment.
cases() {
	db "SELECT COUNT(*) FROM pay_case WHERE number = '$NUMBER'
	    AND kind = '$1' AND state = 'open'"
}

# ---- running -------------------------------------------------------------

run_one() (
	local name=$1
	set -e
	"$name"
)

# All functions test_*, in order; ends the script.
run_tests() {
	local name n=0 bad=0 began words
	for name in $(grep -o '^test_[a-z0-9_]*' "$0"); do
		[[ -z ${E2E_ONLY:-} || $name == *$E2E_ONLY* ]] || continue
		((n++))
		words=${name#test_}
		began=${EPOCHREALTIME/./}
		if run_one "$name"; then
			printf 'ok %d - %s # %d ms\n' "$n" "${words//_/ }" \
			    $(((${EPOCHREALTIME/./} - began) / 1000))
		else
			((bad++))
			printf 'not ok %d - %s\n' "$n" "${words//_/ }"
		fi
	done
	echo "1..$n"
	((bad == 0))
	exit
}
