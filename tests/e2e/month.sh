# month.sh: an instance whose programs see a clock that the script moves
# (libfaketime); its databases, nginx and curl see the real one.
#
# Sourced before lib.sh, which speaks to the instance that start_month has
# started, with MONTH, its folder, set.
PROGRAMS=${KVITOK_PROGRAMS:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/build}

# A program of the instance begins as its clock stands.
make_clock() {
	local lib name
	lib=$(echo /usr/lib/*/faketime/libfaketimeMT.so.1)
	[[ -e $lib ]] || { echo "month: no libfaketime" >&2; exit 1; }
	mkdir -p "$MONTH/bin"
	for name in kvitokd kvitok-jobs kvitok-sim kvitokctl; do
		cat >"$MONTH/bin/$name" <<-END
		#!/bin/sh
		export LD_PRELOAD=$lib FAKETIME_TIMESTAMP_FILE=$MONTH/clock
		export FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1
		export NO_FAKE_STAT=1
		exec $(realpath "$PROGRAMS")/$name "\$@"
		END
		chmod +x "$MONTH/bin/$name"
	done
	# Noon of Moscow on the first of the next month.
	BEGAN=$(date -u -d "$(date -u +%Y-%m-01) +1 month 09:00" +%s)
	at_day 1
}

# at_day N [HH:MM]: the clock stands on day N (1, 2, ...), noon without a time.
at_day() {
	local at
	at=$(date -u -d "$(day "$1") ${2:-12:00} 3 hours ago" +%s)
	printf '+%d\n' $((at - $(date +%s))) >"$MONTH/clock.new"
	mv "$MONTH/clock.new" "$MONTH/clock"
}

# day N: its date; 0 and below lie in the month before.
day() {
	date -u -d "@$((BEGAN + ($1 - 1) * 86400))" +%Y-%m-%d
}

# start_month SETTINGS: besides those that make it quick; after make_clock.
start_month() {
	KVITOK_PORT=any KVITOK_DB=$E2E_DB KVITOK_RUN=$MONTH \
	    KVITOK_SET="
pay.ask_first_ms=300
pay.patience_ms=3000
jobs.poll_ms=50
$1" KVITOK_WORKERS='2 2 2 1' KVITOK_PROGRAMS=$MONTH/bin \
	    KVITOK_PG_OPTIONS='-c fsync=off' \
	    "$(dirname "$0")/../../tools/run" --detach >"$MONTH/out" 2>&1 || {
		cat "$MONTH/out"
		exit 1
	}
	E2E_RUN=$MONTH KVITOK_PROGRAMS=$MONTH/bin
}
