#!/bin/sh
# day-hash: the hash of a day of the ledger, made by nothing of Kvitok but its
# tables: for whoever wants to prove the books without trusting the program.
#
#	day-hash.sh sqlite FILE DAY [PREVIOUS]
#	day-hash.sh postgresql CONNINFO DAY [PREVIOUS]
#
# PREVIOUS is the hash of the day before; none for the first closed day.  Prints
# the hash, which "kvitokctl day list" must have, too.  Needs sqlite3 or psql,
# and sha256sum.  The form of the text is described in doc/operations.md.
set -eu
kind=$1 database=$2 day=$3 previous=${4:-}

case $day$previous in
*[!0-9a-f-]*)
	echo "day-hash: a day and a hash are wanted" >&2
	exit 2
	;;
esac
case $kind in
sqlite)
	bytes() { printf 'length(CAST(%s AS BLOB))' "$1"; }
	query() { sqlite3 -batch -noheader -list -readonly "$database" "$1"; }
	;;
postgresql)
	bytes() { printf 'octet_length(CAST(%s AS TEXT))' "$1"; }
	query() { psql -X -q -At -d "$database" -c "$1"; }
	;;
*)
	echo "usage: day-hash.sh sqlite|postgresql DATABASE DAY [PREVIOUS]" >&2
	exit 2
	;;
esac

# SQL of a record: each field as LENGTH:FIELD, one after the other.
record() {
	sep=
	for field in "$@"; do
		printf "%s%s || ':' || %s || ','" "$sep" "$(bytes "$field")" \
		    "$field"
		sep=' || '
	done
}

{
	query "SELECT $(record "'kvitok-day-1'" "'$day'" "'$previous'")"
	query "SELECT text FROM (
	    SELECT akey, id, 0 AS n, $(record "'transfer'" akey id cause kind \
	        number day at) AS text
	    FROM ledger_transfer WHERE day = '$day'
	    UNION ALL
	    SELECT l.akey, l.transfer, l.n, $(record "'line'" l.n l.account \
	        l.day l.sum_kop)
	    FROM ledger_transfer t
	    JOIN ledger_line l ON l.akey = t.akey AND l.transfer = t.id
	    WHERE t.day = '$day') q
	ORDER BY akey, id, n"
} | sha256sum | cut -d ' ' -f 1
