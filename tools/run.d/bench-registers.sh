# bench-registers.sh: a bank's register against PostgreSQL's own COPY of the
# same rows into the same tables.  Sourced by tools/bench, which gives sql, PG,
# RUN and TOP.

# register_file ROWS: fees of one day, in Gazprombank's layout.
register_file() {
	awk -v rows="$1" 'BEGIN {
		printf "# date 2026-11-20\n"
		printf "datetime,operation,operation_id,trx_id,merchant_trx,"
		printf "rrn,authcode,card,amount,commission,vat_in_commission\n"
		for (i = 1; i <= rows; i++)
			printf "2026-11-20 %02d:%02d:%02d,FEE,BENCH%d,TRX%d,,%012d,%06d,220000XXXXXX0000,0.00,-22.29,-4.02\n",
			    i % 24, i % 60, i % 59, i, i, i, i % 1000000
		printf "# total,%d,0.00\n", rows
	}'
}

# peak_kb FILE COMMAND...: the most memory that it had; its output is in FILE.
# Gives: the exit status of the command.
peak_kb() {
	local pid kb=0 now rc=0 out=$1
	shift
	"$@" >"$out" 2>&1 &
	pid=$!
	while now=$(awk '/^VmHWM:/ { print $2 }' "/proc/$pid/status" \
	    2>/dev/null) && [[ -n $now ]]; do
		kb=$now
		sleep 0.05
	done
	wait "$pid" || rc=$?
	echo "$kb"
	return "$rc"
}

# registers ROWS
registers() {
	local rows=$1 kb ms began copy
	register_file "$rows" >"$TOP/register.csv"
	# Rows are taken and not posted: that is not what COPY does.
	sql "UPDATE bank_contract SET own_account = NULL
	    WHERE contract = 'gpb-tgk1'"
	kb=$(peak_kb /dev/null "${KVITOK_PROGRAMS:-build}/kvitokctl" \
	    -c "$RUN/kvitok.conf" register import gpb-tgk1 "$TOP/register.csv")
	ms=$(sql "SELECT ended_at - created_at FROM register_file
	    WHERE contract = 'gpb-tgk1' AND state = 'done' AND taken = $rows")
	sql "CREATE TABLE bench_row (LIKE register_row INCLUDING ALL)"
	sql "\\copy (SELECT * FROM register_row) TO '$TOP/rows'"
	began=${EPOCHREALTIME/./}
	sql "\\copy bench_row FROM '$TOP/rows'"
	copy=$(((${EPOCHREALTIME/./} - began) / 1000))
	awk -v rows="$rows" -v ms="${ms:-0}" -v copy="$copy" -v kb="$kb" '
	BEGIN {
		if (ms == 0) { print "registers: the import failed"; exit 1 }
		printf "register import %.0f rows/s, COPY %.0f rows/s, ratio %.2f, peak %.1f MB\n",
		    rows * 1000 / ms, rows * 1000 / copy, copy / ms, kb / 1024
	}'
}

# register_of_payments CONTRACT: a register that has all of its payments, at
# the terms of the demonstration.
register_of_payments() {
	printf '# date 2026-11-20\n'
	printf 'datetime,operation,operation_id,trx_id,merchant_trx,rrn,authcode,card,amount,commission,vat_in_commission\n'
	audit_sql -F ' ' -c "SELECT number, total_kop FROM payment
	    WHERE contract = '$1' AND state = 'paid'" | awk '
	function kop(n) { return sprintf("%d.%02d", n / 100, n % 100) }
	{
		fee = int(($2 * 15000 + 500000) / 1000000)
		vat = int((fee * 220000 + 500000) / 1000000)
		printf "2026-11-20 12:00:00,PAYMENT,MATCH%d,TRX%d,%s-1,,,220000XXXXXX0000,%s,-%s,-%s\n",
		    NR, NR, $1, kop($2), kop(fee + vat), kop(vat)
		sum += $2
	}
	END { printf "# total,%d,%s\n", NR, kop(sum) }'
}

# matches CONTRACT: all payments of the audit's database find their rows, and
# are posted.
matches() {
	local contract=$1 rows ms began kb rc=0
	local ctl=("${KVITOK_PROGRAMS:-build}/kvitokctl" -c "$RUN/audit.conf")
	register_of_payments "$contract" >"$TOP/match.csv"
	rows=$(($(wc -l <"$TOP/match.csv") - 3))
	# Matched after they are in: the two are measured apart.
	audit_sql -c "UPDATE bank_contract SET own_account = NULL
	    WHERE contract = '$contract'"
	"${ctl[@]}" register import "$contract" "$TOP/match.csv" \
	    >/dev/null 2>&1
	audit_sql -c "UPDATE bank_contract SET own_account = portal.own
	    FROM (SELECT MIN(own_account) AS own FROM own_account) portal
	    WHERE contract = '$contract'" -c 'CHECKPOINT'
	began=${EPOCHREALTIME/./}
	kb=$(peak_kb "$TOP/matched" "${ctl[@]}" register match "$contract") ||
	    rc=$?
	ms=$(((${EPOCHREALTIME/./} - began) / 1000))
	if ((rc != 0)) || ! grep -q " matched $rows," "$TOP/matched"; then
		echo "registers: not all of $rows rows were matched:"
		head -n 20 "$TOP/matched"
		return 1
	fi
	awk -v rows="$rows" -v ms="$ms" -v kb="$kb" 'BEGIN {
		printf "register match of %d rows %.1f s, %.0f rows/s, peak %.1f MB\n",
		    rows, ms / 1000, rows * 1000 / ms, kb / 1024
	}'
}
