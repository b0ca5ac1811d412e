# bench-reports.sh: reports of many payments against PostgreSQL's own COPY of
# the same rows.  Sourced by tools/bench, which gives PG, RUN, TOP, peak_kb.
#
# The payments are made by SQL, in a database of their own: what a report reads,
# and no more.

report_sql() {
	psql -q -X -At -v ON_ERROR_STOP=1 -h "$PG" -U postgres \
	    -d bench_report "$@"
}

# report_database HOW_MANY: paid payments of one line each, in thirty days of
# November 2026.
report_database() {
	createdb -h "$PG" -U postgres -O kvitok bench_report || return
	pg_dump -h "$PG" -U postgres kvitok | report_sql >/dev/null || return
	awk '{ print } /^\[database\]/ { print "name = bench_report" }' \
	    "$RUN/kvitok.conf" >"$RUN/report.conf"
	chmod 600 "$RUN/report.conf"
	report_sql -v rows="$1" <<-'END'
	SET session_replication_role = replica;
	CREATE TEMPORARY TABLE k AS SELECT g,
		lpad(upper(to_hex((g::bigint * 2654435761) % 4294967296)), 8, '0')
			AS akey,
		'2026-11-' || lpad((g * 30 / :rows + 1)::text, 2, '0') AS day,
		1793480400000 + g::bigint * 2591999000 / :rows AS at
	FROM generate_series(0, :rows - 1) g;
	INSERT INTO payment (akey, number, portal, state, secret, payer, email,
		return_url, frontend, contract, bank, lines_hash, lines_len,
		sum_kop, fee_kop, total_kop, refunded_kop, created_at,
		expires_at, changed_at, paid_at, attempts, paid_attempt,
		card_mask, bank_ref, auth_code, reason, led_to)
	SELECT akey, akey || '-' || lpad(g::text, 10, '0'), 'portalgkh', 'paid',
		'', '', '', '', '', 'gpb-portalgkh', 'gazprombank', '', 1,
		100000 + g % 50000, 1500, 101500 + g % 50000, 0, at, at, at, at,
		1, 1, '220220******1234', lpad(g::text, 12, '0'), '012345', '',
		'' FROM k;
	INSERT INTO pay_line (akey, number, n, supplier, service, account,
		sum_kop, fee_kop, supplier_fee_kop)
	SELECT akey, akey || '-' || lpad(g::text, 10, '0'), 1, 'yuzhnoe-zhks',
		'zhku', lpad((g % 900000)::text, 8, '0'), 100000 + g % 50000,
		1500, 0 FROM k;
	INSERT INTO ledger_transfer (akey, id, cause, kind, number, day, at)
	SELECT akey, '01' || lpad(g::text, 24, '0'),
		akey || '-' || lpad(g::text, 10, '0'), 'paid',
		akey || '-' || lpad(g::text, 10, '0'), day, at FROM k;
	END
	report_sql -c 'VACUUM ANALYZE' -c CHECKPOINT
}

# What COPY writes of the same rows, in the same order.
report_copy() {
	report_sql -c "COPY (SELECT t.day, p.paid_at, t.number, l.n, p.portal,
	    l.supplier, s.title, l.service, l.account, l.sum_kop, l.fee_kop,
	    l.sum_kop + l.fee_kop, l.supplier_fee_kop, p.bank, p.contract,
	    p.bank_ref, p.auth_code, p.card_mask, p.state
	    FROM ledger_transfer t
	    JOIN payment p ON p.akey = t.akey AND p.number = t.number
	    JOIN pay_line l ON l.akey = t.akey AND l.number = t.number
	    LEFT JOIN supplier s ON s.portal = p.portal
	    AND s.supplier = l.supplier
	    WHERE t.kind = 'paid' AND t.day >= '2026-11-01'
	    AND t.day <= '2026-11-30' ORDER BY t.day, t.at, t.akey, t.id, l.n)
	    TO STDOUT WITH CSV" >"$TOP/copy.csv"
}

# first_rows FILE BEGAN: how many ms until its draft, or itself, had any.
first_rows() {
	local i
	for ((i = 0; i < 6000; i++)); do
		[[ ! -s $1.part && ! -s $1 ]] || break
		sleep 0.01
	done
	echo $(((${EPOCHREALTIME/./} - $2) / 1000)) >"$TOP/first"
}

# report_row FORMAT COPY_MS HOW_MANY
report_row() {
	local began ms kb first rows=$3 to=2026-11-30
	# A PDF has 50 000 rows at most: one of its days is enough.
	[[ $1 != pdf ]] || ((rows <= 50000)) || to=2026-11-01
	began=${EPOCHREALTIME/./}
	first_rows "$TOP/report.$1" "$began" &
	first=$!
	kb=$(peak_kb "$TOP/reported" "${KVITOK_PROGRAMS:-build}/kvitokctl" \
	    -c "$RUN/report.conf" report payments --from 2026-11-01 --to "$to" \
	    --format "$1" --out "$TOP/report.$1") || {
		cat "$TOP/reported"
		return 1
	}
	ms=$(((${EPOCHREALTIME/./} - began) / 1000))
	wait "$first"
	awk -v format="$1" -v ms="$ms" -v copy="$2" -v kb="$kb" \
	    -v all="$3" -v first="$(<"$TOP/first")" 'NR == 1 {
		rows = $2
		printf "report %-5s %8d rows %7.1f s, %7.0f rows/s, ", format,
		    rows, ms / 1000, rows * 1000 / ms
		printf "COPY %.1f s, ratio %.1f, %.0f MB, peak %.1f MB, first bytes after %d ms\n",
		    copy / 1000, ms / (copy * rows / all), $4 / 1e6, kb / 1024, first
	}' "$TOP/reported"
	rm -f "$TOP/report.$1"
}

# reports HOW_MANY
reports() {
	local rows=$1 began copy format
	report_database "$rows" || return
	began=${EPOCHREALTIME/./}
	report_copy
	copy=$(((${EPOCHREALTIME/./} - began) / 1000))
	rm -f "$TOP/copy.csv"
	for format in ${BENCH_FORMATS:-csv xml xlsx dbf pdf}; do
		report_row "$format" "$copy" "$rows" || return
	done
}
