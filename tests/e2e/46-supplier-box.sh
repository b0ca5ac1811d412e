#!/bin/bash
# A supplier in the box (kvitok-sim supplier) and Kvitok, over the tables of
# its own database (SQLite, PostgreSQL, MariaDB): whatever goes wrong between
# them, both have the same balances in the end.
#
# They have a database and a kvitok-jobs of their own, for these are killed.
. "$(dirname "$0")/lib.sh"
. "$TOP/tools/run.d/port.sh"
EX=$(mktemp -d "$E2E_RUN/box.XXXXXX")
. "$(dirname "$0")/box.sh"
DB_FILE=$EX/kvitok.sqlite DB_NAME=kvitok_box
CTL=("$PROGRAMS/kvitokctl" -c "$EX/kvitok.conf")
export KVITOK_CRASH_DIR=$EX/crash CRASH=$EX/crash

# ---- the world -----------------------------------------------------------

whose() {
	BOX=$1
	case $1 in
	sqlite) PORTAL=portalgkh SUPPLIER=vodokanal
		SERVICES=hvs,vodootvedenie ;;
	*) PORTAL=irkutskenergosbyt SUPPLIER=irkutskenergosbyt
		SERVICES=elektro ;;
	esac
	AT=http://127.0.0.1:$(cat "$EX/$BOX.port" 2>/dev/null)
}

make_box() {
	whose "$1"
	(umask 077; dsn_of "$1" box >"$EX/$1.dsn")
	case $1 in
	postgresql) "$PSQL" -q -h "$PG" -U postgres -c 'CREATE DATABASE box' ;;
	mariadb) start_mariadb 'CREATE DATABASE box;' ;;
	esac
	any_port >"$EX/$1.port"
	cat >"$EX/$1.conf" <<-END
	[box]
	http = 127.0.0.1:$(<"$EX/$1.port")
	portal = $PORTAL
	supplier = $SUPPLIER
	services = $SERVICES
	metered = ${SERVICES%%,*}
	dsn = $EX/$1.dsn
	accounts = 8
	seed = 46
	tick_ms = 100
	END
	cat >>"$EX/kvitok.conf" <<-END
	[exchange $1]
	portal = $PORTAL
	supplier = $SUPPLIER
	poll_s = 1
	timeout_s = 5
	spool = $EX/spool
	kind = odbc
	dsn = $EX/$1.dsn
	END
	"$PROGRAMS/kvitok-sim" supplier -c "$EX/$1.conf" create || exit 1
}

make_world() {
	mkdir -p "$EX/spool" "$EX/crash"
	{
		echo '[server]'
		echo "public_url = $KVITOK_URL"
		echo '[jobs]'
		echo 'lease_ms = 4000'
		echo 'poll_ms = 50'
		echo '[database]'
		if [[ $E2E_DB == sqlite ]]; then
			echo "file = $EX/kvitok.sqlite"
		else
			"$PSQL" -q -h "$PG" -U postgres >&2 \
			    -c 'CREATE DATABASE kvitok_box OWNER kvitok'
			echo 'driver = postgresql'
			echo "host = $PG"
			echo 'name = kvitok_box'
		fi
	} >"$EX/kvitok.conf"
	local box
	for box in $(databases); do
		make_box "$box"
	done
	ctl migrate >/dev/null && ctl demo >/dev/null || exit 1
	keep jobs "$PROGRAMS/kvitok-jobs" -c "$EX/kvitok.conf"
	for box in $(databases); do
		keep "$box" "$PROGRAMS/kvitok-sim" supplier -c "$EX/$box.conf"
	done
}

end_world() {
	kill "${KEPT[@]}" 2>/dev/null
	end_mariadb
	wait 2>/dev/null
	if [[ $E2E_DB == postgresql ]]; then
		"$PSQL" -q -h "$PG" -U postgres -c 'DROP DATABASE kvitok_box WITH (FORCE)'
		"$PSQL" -q -h "$PG" -U postgres -c 'DROP DATABASE box WITH (FORCE)'
	fi
	[[ -n ${E2E_KEEP:-} ]] || rm -rf "$EX"
	rm -rf "$TMP"
}

# ---- what is done and seen -----------------------------------------------

# Everything was sent, applied, taken and acknowledged; nothing is stuck.
settled() {
	local open
	box GET state
	[[ $STATUS == 200 ]] || return
	read_field '(.open + .unanswered) | tostring' open
	[[ $open == 0 ]]
}

wait_settled() {
	wait_for 90 "$BOX: all documents are done" settled
}

# account;service;kopecks, in the order of bytes: the supplier's, then ours.
theirs() {
	box_ok GET balances
	LC_ALL=C sort <<<"$BODY"
}

ours() {
	db "SELECT d.account || ';' || d.service || ';' || d.debt_kop
	    FROM debt d WHERE d.portal = '$PORTAL'
	    AND d.supplier = '$SUPPLIER' AND d.account LIKE '77%'" |
	    LC_ALL=C sort
}

same_balances() {
	is "$BOX: balances" "$(ours)" "$(theirs)"
	"$PROGRAMS/kvitok-sim" supplier -c "$EX/$BOX.conf" check \
	    >"$TMP/check" 2>&1 || fail "$BOX: check: $(<"$TMP/check")"
	is "$BOX: rows that were checked" "$(LC_ALL=C sort "$TMP/check")" \
	    "$(theirs)"
}

# Every document of the supplier was applied here once, under its number.
applied_once() {
	local said
	box_ok GET documents?limit=1000
	read_field '[.documents[] | select(.kind != "acknowledgement") |
	    [.number, .kind, .records] | join("|")] | reverse | join("\n")' said
	is "$BOX: documents" "$(db "SELECT number, kind, applied
	    FROM exchange_in WHERE portal = '$PORTAL'
	    AND supplier = '$SUPPLIER' AND state = 'applied'
	    AND kind <> 'acknowledgement' ORDER BY number")" "$said"
}

# ---- the tests -----------------------------------------------------------

begun() {
	wait_for 15 "$BOX answers" answers
	wait_settled
	is "$BOX: phones" "$(db "SELECT COUNT(*) FROM account_contact
	    WHERE supplier = '$SUPPLIER' AND kind = 'phone'")" 8
	is "$BOX: accounts" "$(db "SELECT COUNT(*) FROM account
	    WHERE portal = '$PORTAL' AND supplier = '$SUPPLIER'
	    AND account LIKE '77%'")" 8
	is "$BOX: meters" "$(db "SELECT COUNT(*) FROM meter
	    WHERE portal = '$PORTAL' AND supplier = '$SUPPLIER'
	    AND account LIKE '77%'")" 8
}

test_a_supplier_opens_its_accounts_and_meters() {
	beside begun
}

charged() {
	box_ok POST charge '{"month":"2026-09","paid_to_day":"2026-09-30"}'
	wait_settled
	same_balances
	is "$BOX: charges" "$(db "SELECT COUNT(*) FROM charge
	    WHERE portal = '$PORTAL' AND supplier = '$SUPPLIER'
	    AND account LIKE '77%' AND month = '2026-09'")" \
	    "$(theirs | wc -l)"
	box POST charge '{"month":"2026-09","paid_to_day":"2026-09-30"}'
	status 409
	box POST charge '{"month":"2026-13","paid_to_day":"2026-09-30"}'
	status 400
}

test_a_month_is_charged_and_the_balances_are_the_same() {
	beside charged
}

# Each fault once, on documents that come one after another.
spoiled() {
	local name
	box_ok GET faults
	for name in $(field '.menu[] | select(.side == "sending") | .fault'); do
		box_ok POST faults "{\"fault\":\"$name\",\"ms\":300}"
		box_ok POST day '{"elsewhere":1}'
	done
	wait_settled
	box_ok GET faults
	is "$BOX: armed" "$(field '.armed | length | tostring')" 0
	same_balances
	applied_once
	box_ok GET 'documents?limit=1000'
	is "$BOX: stuck" "$(field '[.documents[] |
	    select(.state != "done")] | length | tostring')" 0
}

test_each_fault_of_sending_is_outlived() {
	beside spoiled
}

# Killed is whoever is at work, while documents come in every wrong way.
chaotic() {
	local month
	box_ok POST chance '{"percent":50}'
	for month in 10 11; do
		box_ok POST day '{"elsewhere":2}'
		box_ok POST charge "{\"month\":\"2026-$month\",
		    \"paid_to_day\":\"2026-$month-28\"}"
		pkill -KILL -f "^[^ ]*/kvitok-sim supplier -c $EX/$BOX.conf\$"
		pkill -KILL -f "^[^ ]*/kvitok-jobs -c $EX/kvitok.conf\$"
		wait_for 15 "$BOX answers" answers
		box_ok POST chance '{"percent":50}'
		box_ok POST faults '{"fault":"down","ms":700}'
	done
	box_ok POST day '{"elsewhere":2}'
	wait_settled
	same_balances
	applied_once
}

test_months_of_chaos_end_in_the_same_balances() {
	beside chaotic
}

# Killed while its mailbox is away, it brings it back.
test_a_mailbox_that_is_away_comes_back() {
	whose sqlite
	box_ok DELETE faults
	box_ok POST faults '{"fault":"down","ms":3600000}'
	is away "$(field .away)" true
	box_ok POST day '{"elsewhere":1}'
	pkill -KILL -f "^[^ ]*/kvitok-sim supplier -c $EX/$BOX.conf\$"
	wait_for 15 "$BOX answers" answers
	wait_settled
	same_balances
}

trap end_world EXIT
make_world
run_tests
