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
PROGRAMS=${KVITOK_PROGRAMS:-$TOP/build}
BROWSER='Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36'
STATUS='' BODY='' KEY=''
if [[ $E2E_DB == postgresql ]]; then
	PG=$(realpath "$E2E_RUN/pg")
	# The program itself: what is on the PATH is a script that finds it.
	for PSQL in /usr/lib/postgresql/*/bin/psql; do :; done
fi
# What a script with a world of its own sets anew: how the operator calls, the
# database, and the folder in which a file named like a step kills the next
# process that comes to it.
CTL=("$PROGRAMS/kvitokctl" -c "$E2E_RUN/kvitok.conf")
DB_FILE=$E2E_RUN/kvitok.sqlite DB_NAME=kvitok
CRASH=$E2E_RUN/crash
# Nothing ever comes from it: what pause waits for.
exec {NEVER}<> <(:)

# pause SECONDS: like sleep, in this process.
pause() {
	read -r -t "$1" -u "$NEVER" || :
}

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
	local type reason detail asked told
	status "$1"
	read_header content-type type
	is content-type "$type" application/problem+json
	if [[ -n ${3:-} ]]; then
		read_field ".fields[] | select(.pointer == \"$3\") | .reason" reason
		is "reason of $3" "${reason%%$'\n'*}" "$2"
	else
		read_field .reason reason
		is reason "$reason" "$2"
	fi
	read_field .detail detail
	[[ -n $detail ]] || fail "no detail"
	read_header x-request-id asked
	read_field .request_id told
	is request_id "$told" "$asked"
}

# ---- calling -------------------------------------------------------------

# ask WORD...: hand.mjs does it; sets SAID.  Each shell has a connection of its
# own, so that those that run beside each other do not mix.
ask() {
	if [[ ${HAND_OWNER:-} != "$BASHPID" ]]; then
		[[ -z ${HAND_OWNER:-} ]] || exec {HAND}>&-
		exec {HAND}<>"/dev/tcp/127.0.0.1/$E2E_HAND" ||
		    fail 'hand.mjs is gone'
		HAND_OWNER=$BASHPID
	fi
	printf '%s\0' "$#" "$@" >&"$HAND"
	IFS= read -r -d '' -u "$HAND" SAID || fail 'hand.mjs is gone'
}

# http METHOD URL [curl's arguments]: sets STATUS, BODY, and headers.
http() {
	if by_hand "$@"; then
		ask "${WORDS[@]}"
		STATUS=$SAID
	else
		by_curl "$@"
	fi
	IFS= read -r -d '' BODY <"$TMP/body" && BODY=$(tr -d '\0' <"$TMP/body")
	while [[ $BODY == *$'\n' ]]; do
		BODY=${BODY%$'\n'}
	done
}

# Calls with what they may be told in WORDS; fails when it takes curl.
by_hand() {
	[[ $2 == http://127.0.0.1:* ]] || return
	WORDS=(http "$1" "$2" "${HTTP_TIMEOUT:-20}" "$TMP/headers" "$TMP/body")
	shift 2
	while (($#)); do
		case $1 in
		-A) WORDS+=(header "User-Agent: $2") ;;
		-H) WORDS+=(header "$2") ;;
		-d | --data-binary)
			[[ $2 != @* ]] || return
			WORDS+=(body "$2")
			;;
		*) return 1 ;;
		esac
		shift 2
	done
}

by_curl() {
	local method=$1 url=$2
	shift 2
	local how=(-X "$method")
	[[ $method == HEAD ]] && how=(-I)
	STATUS=$(curl -sS -m "${HTTP_TIMEOUT:-20}" "${how[@]}" -D "$TMP/headers" \
	    -o "$TMP/body" -w '%{http_code}' "$@" "$url" 2>"$TMP/curl") ||
	    STATUS=000
	[[ $STATUS != 000 ]] || cp "$TMP/curl" "$TMP/body"
	[[ $method != HEAD ]] || : >"$TMP/body"
}

# Value of a header of the last answer; empty when it had none.
header() {
	local value
	read_header "$1" value
	[[ -z $value ]] || printf '%s\n' "$value"
}

# read_header NAME VARIABLE
read_header() {
	local line
	printf -v "$2" ''
	while IFS= read -r line; do
		line=${line%$'\r'}
		[[ ${line,,} == "$1: "* ]] || continue
		printf -v "$2" '%s' "${line#*: }"
		return
	done <"$TMP/headers"
}

# A member of the last answer; empty when it is not there.
field() {
	local found
	read_field "$1" found
	[[ -z $found ]] || printf '%s\n' "$found"
}

# read_field FILTER VARIABLE
read_field() {
	ask field "$1" "$BODY"
	[[ $SAID == =* ]] ||
	    SAID="=$(jq -r "$1 // empty" <<<"$BODY" 2>/dev/null)"
	printf -v "$2" '%s' "${SAID#=}"
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
	ask unique
	echo "$SAID"
}

# made_up PORTAL: reads of its first made-up series what supplier and service it
# has and how its numbers are made.
declare -A MADE_UP=()
made_up() {
	local line series=
	if [[ -z ${MADE_UP[$1]:-} ]]; then
		while IFS= read -r line; do
			line=${line//$'\t'/|}
			case $line in
			G\|*) series=${series:-$line} ;;
			S\|*) [[ -z $series ]] || break ;;
			esac
		done <"$TOP/sql/demo/$1.tsv"
		MADE_UP[$1]="$series|$line"
	fi
	IFS='|' read -r _ MADE_SUPPLIER MADE_COUNT MADE_PREFIX MADE_FIRST \
	    MADE_DIGITS MADE_STEP _ _ MADE_SERVICE _ <<<"${MADE_UP[$1]}"
}

# account PORTAL: an account of its first made-up series, never the same.
account() {
	new_account "$1"
	echo "$MADE_ACCOUNT"
}

new_account() {
	made_up "$1"
	ask unique
	printf -v MADE_ACCOUNT "%s%0${MADE_DIGITS}d" "$MADE_PREFIX" \
	    $((10#$MADE_FIRST + SAID % MADE_COUNT * MADE_STEP))
}

# The portals' ways to a bank: supplier and service of the first series.
supplier() {
	made_up "$1"
	echo "$MADE_SUPPLIER"
}

service() {
	made_up "$1"
	echo "$MADE_SERVICE"
}

# payment PORTAL [SUM_KOP [members]]: makes one; sets NUMBER, PAY_URL, TOKEN,
# TOTAL and MAIL, its own address.
payment() {
	portal "$1"
	new_account "$1"
	ask unique
	MAIL=p$SAID@example.org
	api POST /payments "{\"lines\":[{\"supplier\":\"$MADE_SUPPLIER\",
	    \"service\":\"$MADE_SERVICE\",\"account\":\"$MADE_ACCOUNT\",
	    \"sum_kop\":${2:-123456}}],\"email\":\"$MAIL\"${3:+,$3}}" \
	    -H "Idempotency-Key: e2e-$SAID-$$"
	made
}

# The last answer is a new payment.
made() {
	status 201
	read_field .number NUMBER
	read_field .pay_url PAY_URL
	read_field .total_kop TOTAL
	TOKEN=${PAY_URL##*/}
}

# Calls of a kind (register, status, deposited, rp ...) about an order, to the
# bank ("in") or by it ("out").
bank_calls() {
	sim GET "calls?limit=5000&direction=$1&call=$2&number=$BANK_NO"
	field '.calls | length'
}

# A browser opens a page and follows nothing.  Sets LOCATION.
browse() {
	http GET "$1" -A "$BROWSER" -H 'Accept: text/html,*/*' "${@:2}"
	read_header location LOCATION
}

# Open the pay link; the payer is led to the bank's page and sees it.
open_link() {
	local tries
	for tries in {1..20}; do
		browse "${1:-$PAY_URL}"
		[[ $STATUS == 303 ]] && break
		pause 0.3
	done
	status 303
	BANK_URL=$LOCATION
	has "the bank's page" "$BANK_URL" "$KVITOK_SIM_URL/"
	browse "$BANK_URL"
	[[ $STATUS == 200 || $STATUS == 30? ]] || fail "the bank's page: $STATUS"
	api GET "/payments/$NUMBER"
	read_field '.attempts[-1].bank_no' BANK_NO
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
}

state_is() {
	local now
	api GET "/payments/$NUMBER"
	read_field .state now
	[[ $now == "$1" ]]
}

# wait_for SECONDS WHAT COMMAND...
wait_for() {
	local end=$((SECONDS + $1)) what=$2
	shift 2
	until "$@"; do
		((SECONDS <= end)) || fail "waited in vain: $what"
		pause 0.05
	done
}

# Mails that the sink took for an address.
mails() {
	sim GET "mails?to=$1"
	field '.mails | length'
}

mails_are() {
	local n
	sim GET "mails?to=$1"
	read_field '.mails | length' n
	[[ $n == "$2" ]]
}

# paid PORTAL [SUM_KOP]: a payment that was paid.
paid() {
	payment "$1" "${2:-}"
	open_link
	at_bank paid
	wait_state paid
}

# bank_of PORTAL: of those with a way to one bank only.
bank_of() {
	case $1 in
	portalgkh | tgk1) echo gazprombank ;;
	*) echo sberbank ;;
	esac
}

# ---- the operator's hand -------------------------------------------------

ctl() {
	"${CTL[@]}" "$@" 2>&1
}

# new_key PORTAL RIGHTS [SUPPLIER]: KEY becomes a new one; every worker knows it
# at once.
new_key() {
	KEY=$("${CTL[@]}" key add --portal "$1" --rights "$2" --title "Проверка $2" \
	    ${3:+--supplier "$3"} 2>"$TMP/key") || fail "no key: $(<"$TMP/key")"
}

# arm STEP: the next process that comes to it is killed.
arm() {
	: >"$CRASH/$1"
}

reached() {
	[[ ! -e $CRASH/$1 ]]
}

# workers SIGNAL PROGRAM [POOL]: to the workers, not to who keeps them.
workers() {
	pkill "-$1" -f "^[^ ]*/$2 -c $E2E_RUN/kvitok.conf${3:+ --pool $3}\$"
}

# New settings of nginx hold.
reload() {
	local old
	old=$(site_workers)
	nginx -p "$E2E_RUN/nginx" -c nginx.conf -e "$E2E_RUN/log/nginx.log" \
	    -s reload
	wait_for 10 'workers with the new settings' others_than "$old"
}

site_workers() {
	pgrep -P "$(<"$E2E_RUN/nginx/nginx.pid")" -f 'worker process' |
	    sort | xargs
}

# Those that end take nothing new: nginx renames them "is shutting down".
others_than() {
	local now
	now=$(pgrep -P "$(<"$E2E_RUN/nginx/nginx.pid")" -f 'process$')
	[[ -n $now ]] && ! grep -qxF "${1// /$'\n'}" <<<"$now"
}

# ---- looking behind ------------------------------------------------------

# db SQL: rows, columns parted by |.  hand.mjs keeps a program that reads.
db() {
	local how
	if [[ $E2E_DB == sqlite ]]; then
		how=(sqlite3 -batch -noheader -cmd '.timeout 5000' "$DB_FILE")
	else
		how=("$PSQL" -q -X -At -F '|' -h "$PG" -U kvitok -d "$DB_NAME")
	fi
	if [[ $1 =~ ^[[:space:]]*SELECT[[:space:]] && $1 != *\;* ]]; then
		ask rows "${how[@]}" "$1"
		[[ $SAID != =* ]] || {
			printf '%s' "${SAID#=}"
			return
		}
	fi
	[[ $E2E_DB == sqlite ]] || how+=(-c)
	"${how[@]}" "$1"
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

# posted ACCOUNT: what the payment's transfers have brought to ACCOUNT/...
posted() {
	db "SELECT COALESCE(SUM(l.sum_kop), 0) FROM ledger_line l
	    JOIN ledger_transfer t ON t.akey = l.akey AND t.id = l.transfer
	    WHERE t.number = '$NUMBER' AND l.account LIKE '$1/%'"
}

books_are_right() {
	local out
	out=$(ctl audit) || fail "audit: $out"
	has audit "$out" 'findings 0'
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
