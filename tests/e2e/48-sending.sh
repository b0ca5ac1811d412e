#!/bin/bash
# What goes out to a supplier, through tables of its own (SQLite) and through a
# folder: each line once, whoever is killed, again until it is acknowledged.
#
# Its own database, in which payments of the days before are written, and its
# own kvitok-jobs, for they are killed here.
. "$(dirname "$0")/lib.sh"
EX=$(mktemp -d "$E2E_RUN/sending.XXXXXX")
. "$(dirname "$0")/box.sh"
DB_FILE=$EX/kvitok.sqlite DB_NAME=sending
CTL=("$PROGRAMS/kvitokctl" -c "$EX/kvitok.conf")
export KVITOK_CRASH_DIR=$EX/crash CRASH=$EX/crash
LINES=1500

# Of the supplier's.
theirs() {
	sqlite3 -batch -noheader -cmd '.timeout 5000' "$EX/supplier.sqlite" "$1"
}

whose() {
	BOX=$1 PORTAL=portalgkh
	case $1 in
	folder) SUPPLIER=irkutskenergo SERVICE=otoplenie ;;
	sqlite) SUPPLIER=yuzhnoe-zhks SERVICE=zhku ;;
	esac
}

each() {
	local box
	for box in folder sqlite; do
		whose "$box"
		"$@"
	done
}

# days_ago N: of Moscow.
days_ago() {
	TZ=Etc/GMT-3 date -d "-$1 days" +%F
}

settings() {
	mkdir -p "$EX/crash" "$EX/spool" "$EX/box"/{in,out,done,aside}
	sqlite3 "$EX/supplier.sqlite" <"$TOP/sql/mailbox/sqlite.sql"
	(umask 077; dsn_of sqlite supplier >"$EX/sqlite.dsn")
	{
		printf '[server]\npublic_url = %s\n' "$KVITOK_URL"
		printf '[jobs]\nlease_ms = 4000\npoll_ms = 50\n[database]\n'
		if [[ $E2E_DB == sqlite ]]; then
			echo "file = $EX/kvitok.sqlite"
		else
			printf 'driver = postgresql\nhost = %s\nname = sending\n' "$PG"
		fi
		for BOX in folder sqlite; do
			whose "$BOX"
			printf '[exchange %s]\nportal = %s\nsupplier = %s\n' \
			    "$BOX" "$PORTAL" "$SUPPLIER"
			printf 'poll_s = 1\ntimeout_s = 5\nspool = %s\n' "$EX/spool"
			printf 'send = payments, refunds\nsend_from = %s\n' \
			    "$(days_ago 3)"
			printf 'send_empty = yes\nanswer_s = 3600\nsend_tries = 3\n'
			if [[ $BOX == folder ]]; then
				printf 'kind = folder\nfolder = %s\n' "$EX/box"
			else
				printf 'kind = odbc\ndsn = %s\n' "$EX/sqlite.dsn"
			fi
		done
	} >"$EX/kvitok.conf"
}

# Payments of a supplier three and two days ago, as the books have them.
payments() {
	local day at n=0 offset
	for offset in 3 2; do
		day=$(days_ago "$offset")
		at=$(date -d "$day 12:00 UTC" +%s)000
		db "INSERT INTO payment (akey, number, portal, state, secret, payer,
			email, return_url, frontend, contract, bank, lines_hash,
			lines_len, sum_kop, fee_kop, total_kop, refunded_kop,
			created_at, expires_at, changed_at, paid_at, attempts,
			paid_attempt, card_mask, bank_ref, auth_code, reason, led_to)
		    SELECT '${BOX}0$offset', '${BOX}0$offset-' || i.x, '$PORTAL', 'paid',
			's', '', '', '', 'f', 'gpb-portalgkh', 'gazprombank', 'h', 1,
			100 + i.x, 0, 100 + i.x, 0, $at, $at, $at, $at, 1, 1, '', '', '',
			'', ''
		    FROM (WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL
			SELECT x + 1 FROM c WHERE x < $LINES) SELECT x FROM c) i"
		db "INSERT INTO pay_line (akey, number, n, supplier, service,
			account, sum_kop, fee_kop, supplier_fee_kop)
		    SELECT akey, number, 1, '$SUPPLIER', '$SERVICE', '10019743',
			sum_kop, 0, 0 FROM payment WHERE akey = '${BOX}0$offset'"
		db "INSERT INTO ledger_transfer (akey, id, cause, kind, number, day,
			at)
		    SELECT akey, number, number, 'paid', number, '$day', paid_at
		    FROM payment WHERE akey = '${BOX}0$offset'"
		db "INSERT INTO ledger_line (akey, transfer, n, account, day, sum_kop)
		    SELECT akey, number, 1, 'payable/$PORTAL/$SUPPLIER', '$day',
			-sum_kop FROM payment WHERE akey = '${BOX}0$offset'"
	done
}

make_world() {
	[[ $E2E_DB != postgresql ]] || "$PSQL" -q -h "$PG" -U postgres \
	    -c 'CREATE DATABASE sending OWNER kvitok'
	settings
	ctl migrate >/dev/null && ctl demo >/dev/null || exit 1
	each payments
	for step in send_begun send_taken send_made exchange_handed; do
		arm "$step"
	done
	keep jobs "$PROGRAMS/kvitok-jobs" -c "$EX/kvitok.conf"
}

end_world() {
	kill "${KEPT[@]}" 2>/dev/null
	wait 2>/dev/null
	[[ $E2E_DB != postgresql ]] ||
	    "$PSQL" -q -h "$PG" -U postgres -c 'DROP DATABASE sending WITH (FORCE)'
	rm -rf "$EX" "$TMP"
}

# ---- what a supplier has ---------------------------------------------------

# ours NUMBER: the document, as it lies there.
ours() {
	if [[ $BOX == folder ]]; then
		cat "$EX/box/out/$1.xml"
	else
		theirs "SELECT group_concat(body, '') FROM (SELECT body
		    FROM kvitok_out_part WHERE number = $1 ORDER BY part)"
	fi
}

numbers() {
	if [[ $BOX == folder ]]; then
		ls "$EX/box/out" | sed -n 's/\.xml$//p' | sort -n
	else
		theirs 'SELECT number FROM kvitok_out ORDER BY number'
	fi
}

# Payments and refunds of three days.
all_there() {
	[[ $(numbers | wc -l) == 6 ]]
}

# bring NUMBER TEXT
bring() {
	if [[ $BOX == folder ]]; then
		printf '%s' "$2" >"$EX/box/in/$1.part"
		mv "$EX/box/in/$1.part" "$EX/box/in/$1.xml"
	else
		theirs "INSERT INTO kvitok_in_part VALUES ($1, 1, '${2//\'/\'\'}');
		    INSERT INTO kvitok_in (number, kind, parts)
		    VALUES ($1, 'acknowledgement', 1)"
	fi
}

# acknowledge NUMBER OF COUNT SUM_KOP [REFUSED]
acknowledge() {
	local refused=0
	[[ -z ${5:-} ]] || refused=1
	bring "$1" "<document xmlns='urn:kvitok:exchange:1' version='1.0'
	    portal='$PORTAL' supplier='$SUPPLIER' number='$1'
	    made_at='2026-12-01T06:00:00+03:00'><acknowledgement of='$2'
	    state='applied' count='$3' sum_kop='$4'
	    refused_count='$refused'>${5:+<refused record='$5'><words>Нет
	    такого счёта</words></refused>}</acknowledgement></document>"
}

state_is() {
	[[ $(db "SELECT state FROM exchange_sent WHERE supplier = '$SUPPLIER'
	    AND number = $1") == "$2" ]]
}

# ---- the tests -------------------------------------------------------------

once() {
	local n kop
	wait_for 60 "$BOX: six documents" all_there
	is "$BOX: numbers" "$(numbers | tr '\n' ' ')" '1 2 3 4 5 6 '
	for n in 1 2 3 4 5 6; do
		ours "$n" >"$TMP/$n.xml"
		has "$BOX: $n" "$(ctl exchange validate "$TMP/$n.xml")" valid
	done
	cat "$TMP"/*.xml | grep -o '<payment number="[^"]*"' | sort >"$TMP/all"
	is "$BOX: lines" "$(wc -l <"$TMP/all")" $((2 * LINES))
	is "$BOX: lines, each once" "$(sort -u "$TMP/all" | wc -l)" $((2 * LINES))
	kop=$(cat "$TMP"/*.xml | grep -o '<payments [^>]*sum_kop="[0-9]*"' |
	    grep -o '[0-9]*"$' | tr -d '"' | paste -sd+ | bc)
	is "$BOX: sum" "$kop" "$(db "SELECT -SUM(sum_kop) FROM ledger_line
	    WHERE account = 'payable/$PORTAL/$SUPPLIER'")"
}

test_each_line_goes_out_once_whoever_is_killed() {
	each once
	is 'steps that nobody reached' "$(ls "$EX/crash")" ''
}

again_there() {
	[[ $(db "SELECT tries FROM exchange_sent WHERE number = 1
	    AND supplier = '$SUPPLIER'") -ge 2 && -e $EX/box/out/1.xml ]]
}

test_without_an_answer_the_same_comes_again() {
	whose folder
	ours 1 >"$TMP/first.xml"
	rm "$EX/box/out/1.xml"
	# The hour is over.
	db "UPDATE exchange_sent SET next_at = 1 WHERE number = 1
	    AND supplier = '$SUPPLIER'"
	wait_for 30 'it is handed over again' again_there
	cmp "$TMP/first.xml" "$EX/box/out/1.xml" || fail 'it is another one'
	is 'what is printed' "$(ctl exchange document "$PORTAL" "$SUPPLIER" 1 |
	    cksum)" "$(cksum <"$TMP/first.xml")"
}

answered() {
	local sum
	sum=$(ours 1 | grep -o 'sum_kop="[0-9]*"' | head -1 | tr -dc 0-9)
	acknowledge 1 1 $((LINES - 1)) $((sum - 101)) 1
	wait_for 30 "$BOX: 1 is acknowledged" state_is 1 acknowledged
	is "$BOX: cases" "$(db "SELECT kind FROM pay_case
	    WHERE subject LIKE '$PORTAL/$SUPPLIER/1/%'")" exchange_line_refused
	has_not "$BOX: status" "$(ctl exchange status "$PORTAL" "$SUPPLIER")" \
	    'ours 1 payments'
}

test_a_line_that_is_refused_is_a_case() {
	each answered
}

trap end_world EXIT
make_world
run_tests
