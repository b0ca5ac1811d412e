#!/bin/bash
# A supplier's documents through its own database (SQLite, PostgreSQL,
# MariaDB) and through a folder: applied once and in order, whoever is killed.
#
# Its own database and its own kvitok-jobs, for they are killed here.
. "$(dirname "$0")/lib.sh"
EX=$(mktemp -d "$E2E_RUN/exchange.XXXXXX")
. "$(dirname "$0")/box.sh"
. "$(dirname "$0")/exchange.sh"
ACCOUNT=ОБМЕН-1
DB_FILE=$EX/kvitok.sqlite DB_NAME=exchange
CTL=("$PROGRAMS/kvitokctl" -c "$EX/kvitok.conf")
export KVITOK_CRASH_DIR=$EX/crash CRASH=$EX/crash
CRASHES='exchange_fetched exchange_begun exchange_applied exchange_answered
exchange_handed'

# ---- the world -----------------------------------------------------------

# Of the supplier's, over ODBC, whatever it is: one statement, in one line.
theirs() {
	isql -b -v -d'|' -k "$(<"$EX/$BOX.dsn")" <<<"${1//$'\n'/ }" 2>&1
}

# Its database, with the tables that we ship for it.
make_supplier() {
	local ours=$TOP/sql/mailbox/$BOX.sql
	(umask 077; dsn_of "$BOX" supplier >"$EX/$BOX.dsn")
	case $BOX in
	sqlite) sqlite3 "$EX/supplier.sqlite" <"$ours" ;;
	postgresql)
		"$PSQL" -q -h "$PG" -U postgres -c 'CREATE DATABASE supplier'
		"$PSQL" -q -h "$PG" -U postgres -d supplier -f "$ours"
		;;
	mariadb)
		start_mariadb "CREATE DATABASE supplier;
		    USE supplier;
		    $(sed 's/--.*//' "$ours" | tr '\n\t' '  ' |
		        sed 's/;/;\n/g')"
		;;
	esac
}

# One that is there, or none: then its tests are not run.
boxes() {
	echo folder
	databases
}

whose() {
	case $1 in
	folder) PORTAL=portalgkh SUPPLIER=irkutskenergo SERVICE=otoplenie ;;
	sqlite) PORTAL=portalgkh SUPPLIER=yuzhnoe-zhks SERVICE=zhku ;;
	postgresql | mariadb)
		PORTAL=irkutskenergosbyt SUPPLIER=irkutskenergosbyt
		SERVICE=elektro
		;;
	esac
	BOX=$1
}

make_settings() {
	mkdir -p "$EX/crash" "$EX/spool" "$EX/box"/{in,out,done,aside}
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
			echo 'driver = postgresql'
			echo "host = $PG"
			echo 'name = exchange'
		fi
		for BOX in $(boxes); do
			whose "$BOX"
			echo "[exchange $BOX]"
			echo "portal = $PORTAL"
			echo "supplier = $SUPPLIER"
			echo 'poll_s = 1'
			echo 'timeout_s = 5'
			echo "spool = $EX/spool"
			if [[ $BOX == folder ]]; then
				echo 'kind = folder'
				echo "folder = $EX/box"
			else
				echo 'kind = odbc'
				echo "dsn = $EX/$BOX.dsn"
				make_supplier >&2
			fi
		done
	} >"$EX/kvitok.conf"
}

make_world() {
	[[ $E2E_DB != postgresql ]] || "$PSQL" -q -h "$PG" -U postgres \
	    -c 'CREATE DATABASE exchange OWNER kvitok'
	make_settings
	ctl migrate >/dev/null && ctl demo >/dev/null || exit 1
	keep jobs "$PROGRAMS/kvitok-jobs" -c "$EX/kvitok.conf"
}

end_world() {
	kill "${KEPT[@]}" 2>/dev/null
	end_mariadb
	wait 2>/dev/null
	if [[ $E2E_DB == postgresql ]]; then
		"$PSQL" -q -h "$PG" -U postgres -c 'DROP DATABASE exchange WITH (FORCE)'
		"$PSQL" -q -h "$PG" -U postgres -c 'DROP DATABASE supplier WITH (FORCE)'
	fi
	rm -rf "$EX" "$TMP"
}

# ---- what a supplier does ------------------------------------------------

# bring NUMBER KIND TEXT: into the mailbox; two parts where there are parts.
bring() {
	local half=$((${#3} / 2))
	if [[ $BOX == folder ]]; then
		printf '%s' "$3" >"$EX/box/in/$1.part"
		mv "$EX/box/in/$1.part" "$EX/box/in/$1.xml"
		return
	fi
	theirs "DELETE FROM kvitok_in_part WHERE number = $1" >/dev/null
	theirs "INSERT INTO kvitok_in_part (number, part, body) VALUES
	    ($1, 1, $(quoted_piece "$3" 0 "$half"))" | grep -i error
	theirs "INSERT INTO kvitok_in_part (number, part, body) VALUES
	    ($1, 2, $(quoted_piece "$3" "$half" ${#3}))" | grep -i error
	if [[ -n $(theirs "SELECT state FROM kvitok_in WHERE number = $1") ]]; then
		theirs "UPDATE kvitok_in SET state = 'new', kind = '$2'
		    WHERE number = $1" | grep -i error
	else
		theirs "INSERT INTO kvitok_in (number, kind, parts)
		    VALUES ($1, '$2', 2)" | grep -i error
	fi
	return 0
}

quoted_piece() {
	local piece=${1:$2:$3}
	printf "'%s'" "${piece//\'/\'\'}"
}

# What became of a document, as the supplier sees it.
seen() {
	if [[ $BOX != folder ]]; then
		theirs "SELECT state FROM kvitok_in WHERE number = $1"
	elif [[ -e $EX/box/done/$1.xml && ! -e $EX/box/in/$1.xml ]]; then
		echo applied
	elif [[ -e $EX/box/aside/$1.xml && ! -e $EX/box/in/$1.xml ]]; then
		echo aside
	else
		echo new
	fi
}

seen_is() {
	[[ $(seen "$1") == "$2" ]]
}

wait_seen() {
	wait_for 30 "$BOX: document $1 $2" seen_is "$1" "$2"
}

# ours NUMBER: an acknowledgement as the supplier finds it; isql shows no more
# than 300 characters of a column.
ours() {
	local at piece
	if [[ $BOX == folder ]]; then
		cat "$EX/box/out/$1.xml"
		return
	fi
	for ((at = 1; ; at += 250)); do
		piece=$(theirs "SELECT SUBSTR(body, $at, 250)
		    FROM kvitok_out_part WHERE number = $1 AND part = 1")
		[[ -n $piece ]] || break
		printf '%s' "$piece"
	done
}

ours_are() {
	local n
	if [[ $BOX == folder ]]; then
		n=$(ls "$EX/box/out" | grep -c 'xml$')
	else
		n=$(theirs 'SELECT COUNT(*) FROM kvitok_out')
	fi
	[[ $n == "$1" ]]
}

# ---- what we have --------------------------------------------------------

# The number whose turn it is.
next() {
	db "SELECT COALESCE(MAX(number), 0) + 1 FROM exchange_in
	    WHERE portal = '$PORTAL' AND supplier = '$SUPPLIER'"
}

each() {
	local box
	for box in $(boxes); do
		whose "$box"
		"$@"
	done
}

# ---- the tests -----------------------------------------------------------

documents() {
	bring 1 accounts "$(accounts 1)"
	bring 2 balances "$(balances 2 70011)"
	wait_seen 1 applied
	wait_seen 2 applied
	is "$BOX: debt" "$(debt)" 70011
	wait_for 15 "$BOX: two acknowledgements" ours_are 2
	ours 2 >"$TMP/ack.xml"
	has acknowledgement "$(<"$TMP/ack.xml")" \
	    'of="2" state="applied" count="1" sum_kop="70011"'
	has verdict "$(ctl exchange validate "$TMP/ack.xml")" 'valid'
}

test_documents_are_applied_and_acknowledged() {
	each documents
}

gap() {
	local n
	n=$(next)
	bring $((n + 1)) balances "$(balances $((n + 1)) 2)"
	wait_for 15 "$BOX: the gap is shown" gap_is_shown $((n + 1)) "$n"
	seen_is $((n + 1)) new || fail "$BOX: out of turn"
	bring "$n" balances "$(balances "$n" 1)"
	wait_seen $((n + 1)) applied
	is "$BOX: debt" "$(debt)" 2
}

gap_is_shown() {
	[[ $(ctl exchange status "$PORTAL" "$SUPPLIER") == \
	*"$1 is there and $2 is not"* ]]
}

test_a_gap_waits_and_is_shown() {
	each gap
}

bad() {
	local n
	n=$(next)
	bring "$n" balances "$(balances "$n" '1,00')"
	bring $((n + 1)) balances "$(balances $((n + 1)) 20)"
	bring $((n + 2)) accounts "$(accounts $((n + 2)))"
	wait_seen "$n" aside
	wait_seen $((n + 2)) applied
	is "$BOX: the one that builds upon it" "$(kept $((n + 1)) state)" held
	bring "$n" balances "$(balances "$n" 10)"
	wait_seen "$n" applied
	wait_seen $((n + 1)) applied
	is "$BOX: debt" "$(debt)" 20
}

test_a_bad_document_is_put_aside_and_put_right() {
	each bad
}

# Killed at each step with one document on its way: it is applied once, and
# acknowledged once.
killed() {
	local n step
	for step in $CRASHES; do
		n=$(next)
		arm "$step"
		bring "$n" balances "$(balances "$n" "${n}00")"
		wait_for 15 "$BOX: $step" reached "$step"
		wait_seen "$n" applied
		is "$BOX, $step: debt" "$(debt)" "${n}00"
		is "$BOX, $step: records" "$(kept "$n" applied)" 1
	done
	wait_for 15 "$BOX: as many acknowledgements" ours_are \
	    "$(db "SELECT COUNT(*) FROM exchange_out
	    WHERE portal = '$PORTAL' AND supplier = '$SUPPLIER'")"
}

test_whoever_is_killed_each_document_is_applied_once() {
	each killed
}

# put_file NUMBER KIND FILE: a large one, in one part.
put_file() {
	sqlite3 "$EX/supplier.sqlite" <<-SQL
	.timeout 5000
	INSERT INTO kvitok_in_part (number, part, body)
	    VALUES ($1, 1, CAST(readfile('$3') AS TEXT));
	INSERT INTO kvitok_in (number, kind, parts) VALUES ($1, '$2', 1);
	SQL
}

# A long one, in batches, killed between them.
long() {
	local n i records=''
	n=$(next)
	for ((i = 0; i < 2500; i++)); do
		records+="<account number='Д-$i' address='A'><owner last_name='B'/></account>"
	done
	document "$n" "accounts count='2500'" "$records" >"$TMP/long.xml"
	arm exchange_batch
	if [[ $BOX == sqlite ]]; then
		put_file "$n" accounts "$TMP/long.xml"
	else
		mv "$TMP/long.xml" "$EX/box/in/$n.xml"
	fi
	wait_for 20 "$BOX: exchange_batch" reached exchange_batch
	wait_seen "$n" applied
	is "$BOX: records" "$(kept "$n" applied)" 2500
}

test_a_long_document_goes_on_between_its_batches() {
	whose sqlite
	long
	whose folder
	long
}

# hostile TEXT: brought as the next one, of a kind that accounts do not build
# upon.
hostile() {
	printf '%s' "$1" >"$TMP/hostile"
	put_file "$N" payments_elsewhere "$TMP/hostile"
	((N++))
}

test_hostile_documents_are_put_aside() {
	local deep='' i first
	local ELSEWHERE="payments_elsewhere count='1' sum_kop='0'"
	whose sqlite
	N=$(next) first=$N
	for ((i = 0; i < 5000; i++)); do
		deep+='<a>'
	done
	hostile 'garbage'
	hostile "<!DOCTYPE a [<!ENTITY b 'cc'><!ENTITY d '&b;&b;'>]><a>&d;</a>"
	hostile "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"
	hostile "$(document "$N" "$ELSEWHERE" "$deep")"
	hostile "$(document "$N" "$ELSEWHERE" "<payment
	    id='$(printf '1%.0s' {1..100000})' account='1' sum_kop='0'
	    paid_day='2026-11-01' place='A'/>")"
	hostile "$(document "$N" "$ELSEWHERE" '' | head -c 200)"
	hostile "<?xml version='1.0' encoding='utf-16'?>$(accounts "$N")"
	hostile "$(accounts 999)"
	bring "$N" accounts "$(accounts "$N")"
	wait_seen "$N" applied
	is aside "$(db "SELECT COUNT(*) FROM exchange_in
	    WHERE portal = '$PORTAL' AND supplier = '$SUPPLIER'
	    AND number BETWEEN $first AND $((N - 1)) AND state = 'aside'
	    AND error_words <> ''")" $((N - first))
}

test_parts_that_are_missing_are_told() {
	local n
	whose sqlite
	n=$(next)
	bring "$n" accounts "$(accounts "$n")"
	wait_seen "$n" applied
	((n++))
	theirs "INSERT INTO kvitok_in (number, kind, parts)
	    VALUES ($n, 'accounts', 3)" | grep -i error
	wait_seen "$n" refused
	has words "$(theirs "SELECT words FROM kvitok_in WHERE number = $n")" \
	    'Не хватает частей' # mailbox_parts
	bring "$n" accounts "$(accounts "$n")"
	theirs "UPDATE kvitok_in SET parts = 2, state = 'new'
	    WHERE number = $n" | grep -i error
	wait_seen "$n" applied
}

# The supplier's database goes and comes: nothing is lost, and it is shown.
is_failing() {
	[[ $(ctl exchange status "$PORTAL" "$SUPPLIER") == *'failed '* ]]
}

test_a_mailbox_that_is_away_is_tried_again() {
	local n
	whose folder
	n=$(next)
	bring "$n" balances "$(balances "$n" 4242)"
	wait_seen "$n" applied
	mv "$EX/box" "$EX/away"
	wait_for 15 'the failure is shown' is_failing
	((n++))
	mv "$EX/away" "$EX/box"
	bring "$n" balances "$(balances "$n" 4343)"
	wait_seen "$n" applied
	is debt "$(debt)" 4343
}

test_connections_that_are_cut_lose_and_double_nothing() {
	local n i
	[[ $E2E_DB == postgresql ]] || return 0
	whose postgresql
	n=$(next)
	for i in 0 1 2 3 4 5; do
		bring $((n + i)) balances "$(balances $((n + i)) "9$i")"
		"$PSQL" -q -At -h "$PG" -U postgres -c "
		    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		    WHERE datname IN ('supplier', 'exchange')" >/dev/null
	done
	wait_seen $((n + 5)) applied
	is debt "$(debt)" 95
	is documents "$(db "SELECT COUNT(*) FROM exchange_in
	    WHERE portal = '$PORTAL' AND state = 'applied'
	    AND applied = 1 AND number >= $n")" 6
}

skipped() {
	local n
	n=$(next)
	bring $((n + 1)) balances "$(balances $((n + 1)) 77)"
	wait_for 15 "$BOX: the gap is shown" gap_is_shown $((n + 1)) "$n"
	has skipped "$(ctl exchange skip "$PORTAL" "$SUPPLIER" "$n" \
	    --reason 'потерян у поставщика')" 'skipped'
	wait_seen $((n + 1)) applied
}

test_an_operator_skips_a_number() {
	whose sqlite
	skipped
}

test_an_acknowledgement_is_handed_over_again() {
	whose folder
	rm "$EX/box/out/1.xml"
	has answer "$(ctl exchange resend "$PORTAL" "$SUPPLIER" 1)" again
	wait_for 15 'it lies there' test -e "$EX/box/out/1.xml"
	whose sqlite
	theirs "UPDATE kvitok_out SET state = 'taken'" | grep -i error
	has answer "$(ctl exchange resend "$PORTAL" "$SUPPLIER" 1)" again
	wait_for 15 'it is new' new_again
	is others "$(theirs "SELECT COUNT(*) FROM kvitok_out
	    WHERE state = 'new'")" 1
}

new_again() {
	[[ $(theirs 'SELECT state FROM kvitok_out WHERE number = 1') == new ]]
}

test_nothing_is_left_in_the_spool() {
	is spool "$(ls "$EX/spool")" ''
}

trap end_world EXIT
make_world
run_tests
