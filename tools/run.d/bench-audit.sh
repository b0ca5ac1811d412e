# bench-audit.sh: the ledger's statement against plain INSERTs, and the audit
# of many payments against PostgreSQL's own SUM.  Sourced by tools/bench, which
# gives sql, pg_row, PG, RUN, TOP, RATE and VARIABLES.
#
# The payments are copies of one that was really paid, in a database of their
# own, so that what the audit reads is what Kvitok itself writes.

# --- postings --------------------------------------------------------

posting_lines() {
	cat <<-END
	[{"n":1,"account":"commission/bench","sum_kop":-1800},
	{"n":2,"account":"payable/bench/bench","sum_kop":-120000},
	{"n":3,"account":"receivable/bench","sum_kop":121800}]
	END
}

posting_scripts() {
	local dice='\set r random(100000000000000, 999999999999999)
\set akey random(10000000, 99999999)
\set slot random(0, 15)'
	{
		echo "$dice"
		awk -v names=ledger_post_all -f tests/bench/pgbench.awk \
		    sql/query/pg/ledger.sql
	} | sed -E 's/:(id|cause|number)\b/:r/g' >"$TOP/post.sql"
	cat >"$TOP/plain.sql" <<-END
	$dice
	BEGIN;
	INSERT INTO ledger_transfer (akey, id, cause, kind, number, day, at)
	VALUES (:akey, :r, :r, :kind, :r, :day, :at);
	INSERT INTO ledger_line (akey, transfer, n, account, day, sum_kop)
	VALUES (:akey, :r, 1, 'commission/plain', :day, -1800),
	(:akey, :r, 2, 'payable/plain/plain', :day, -120000),
	(:akey, :r, 3, 'receivable/plain', :day, 121800);
	INSERT INTO ledger_day (account, day, slot, debit_kop, credit_kop)
	VALUES ('commission/plain', :day, :slot, 0, 1800),
	('payable/plain/plain', :day, :slot, 0, 120000),
	('receivable/plain', :day, :slot, 121800, 0)
	ON CONFLICT (account, day, slot) DO UPDATE SET
	debit_kop = ledger_day.debit_kop + excluded.debit_kop,
	credit_kop = ledger_day.credit_kop + excluded.credit_kop;
	COMMIT;
	END
}

# In turns, as the rows above.
postings() {
	local VARIABLES=(-D kind=paid -D day=2026-11-20 -D at=1795230000000
	    -D lines="$(posting_lines | tr -d '\n')") _
	posting_scripts
	for _ in 1 2 3; do
		pg_row 'ledger_post_all' "$TOP/post.sql"
		pg_row 'INSERTs of its rows' "$TOP/plain.sql"
	done
	awk -v post="${RATE[ledger_post_all]}" \
	    -v plain="${RATE[INSERTs of its rows]}" 'BEGIN {
		printf "ledger_post_all / plain INSERTs         %.2f\n\n",
		    post / (plain ? plain : 1)
	}'
}

# --- the audit -------------------------------------------------------

audit_sql() {
	psql -q -X -At -v ON_ERROR_STOP=1 -h "$PG" -U postgres -d bench_audit \
	    "$@"
}

# one_paid: a payment is made, opened, and paid at the simulator; then
# everything that is owed about it is done.  Prints its number.
one_paid() {
	local made number no
	made=$(curl -fsS "${api[@]}" -H 'Idempotency-Key: bench-audit' \
	    -H 'Content-Type: application/json' \
	    -d "{\"lines\":[{\"supplier\":\"$SUPPLIER\",\"service\":\"$SERVICE\",
	    \"account\":\"$ACCOUNT\",\"sum_kop\":120000}],
	    \"email\":\"payer@example.org\"}" "$KVITOK_URL/api/v1/payments") ||
	    return
	number=$(jq -r .number <<<"$made")
	curl -fsSL -o /dev/null -A 'Mozilla/5.0 (X11; Linux x86_64)' \
	    -H 'Accept: text/html' "$(jq -r .pay_url <<<"$made")" || return
	no=$(curl -fsS "${api[@]}" "$KVITOK_URL/api/v1/payments/$number" |
	    jq -r '.attempts[-1].bank_no')
	curl -fsS -o /dev/null -H 'Content-Type: application/json' \
	    -d '{"outcome":"paid"}' \
	    "$KVITOK_SIM_URL/control/orders/$no/pay" || return
	for _ in {1..150}; do
		[[ $(sql "SELECT COUNT(*) FROM job WHERE akey =
		    '${number:0:8}' AND state <> 'done'") == 0 &&
		    $(sql "SELECT COUNT(*) FROM event WHERE number = '$number'
		    AND kind = 'receipt_sent'") == 1 ]] && break
		sleep 0.1
	done
	echo "$number"
}

# audit_database: before there is anything else than the one payment.
audit_database() {
	AUDIT_OF=$(one_paid) && [[ -n $AUDIT_OF ]] || return
	createdb -h "$PG" -U postgres -O kvitok bench_audit || return
	pg_dump -h "$PG" -U postgres kvitok | audit_sql >/dev/null || return
	awk '{ print } /^\[database\]/ { print "name = bench_audit" }' \
	    "$RUN/kvitok.conf" >"$RUN/audit.conf"
	chmod 600 "$RUN/audit.conf"
}

# copies HOW_MANY: each has an account's key of its own, and lies on one of
# thirty days.  Keys of other tables are not checked: the rows are copies.
copies() {
	audit_sql -v rows="$1" -v number="$AUDIT_OF" <<-'END'
	SET session_replication_role = replica;
	SELECT format('INSERT INTO %I (%s) SELECT %s FROM %I x,
		(SELECT g, CAST(10000000 + g AS TEXT) AS akey,
		10000000 + g || substr(%L, 9) AS number,
		g %% 30 AS days
		FROM generate_series(1, %s) g) k WHERE x.akey = %L',
		c.table_name, string_agg(quote_ident(c.column_name), ', '),
		string_agg(CASE
		WHEN c.column_name = 'akey' THEN 'k.akey'
		WHEN c.column_name = 'ikey' THEN '''bench-'' || k.g'
		WHEN c.column_name = 'day' THEN 'CAST(CAST(x.day AS DATE) -
			k.days AS TEXT)'
		WHEN c.column_name ~ '(^|_)at$' THEN format(
			'x.%I - k.days * CAST(86400000 AS BIGINT)',
			c.column_name)
		WHEN c.column_name IN ('number', 'ref', 'cause') THEN format(
			'replace(x.%I, %L, k.number)', c.column_name, :'number')
		ELSE format('x.%I', c.column_name) END, ', '),
		c.table_name, :'number', :rows, substr(:'number', 1, 8))
	FROM information_schema.columns c
	WHERE c.table_schema = 'public' AND c.table_name IN ('payment',
		'pay_line', 'attempt', 'attempt_trx', 'idem', 'event',
		'notice', 'job', 'ledger_transfer', 'ledger_line')
	GROUP BY c.table_name
	\gexec
	DELETE FROM ledger_day;
	INSERT INTO ledger_day (account, day, slot, debit_kop, credit_kop)
	SELECT account, day, (4096
		- ascii(substr(akey, 1, 1)) + ascii(substr(akey, 2, 1))
		- ascii(substr(akey, 3, 1)) + ascii(substr(akey, 4, 1))
		- ascii(substr(akey, 5, 1)) + ascii(substr(akey, 6, 1))
		- ascii(substr(akey, 7, 1)) + ascii(substr(akey, 8, 1))) % 16,
		SUM(greatest(sum_kop, 0)), SUM(greatest(-sum_kop, 0))
	FROM ledger_line GROUP BY 1, 2, 3;
	VACUUM ANALYZE;
	END
}

# audits HOW_MANY
audits() {
	local rows=$1 kb began ms sums rc=0
	copies "$((rows - 1))" || return
	audit_sql -c CHECKPOINT
	began=${EPOCHREALTIME/./}
	kb=$(peak_kb "$TOP/audited" "${KVITOK_PROGRAMS:-build}/kvitokctl" \
	    -c "$RUN/audit.conf" audit) || rc=$?
	ms=$(((${EPOCHREALTIME/./} - began) / 1000))
	began=${EPOCHREALTIME/./}
	audit_sql -o /dev/null -c 'SELECT SUM(sum_kop), SUM(fee_kop) FROM
	    pay_line' -c 'SELECT SUM(sum_kop) FROM ledger_line' \
	    -c 'SELECT SUM(debit_kop), SUM(credit_kop) FROM ledger_day'
	sums=$(((${EPOCHREALTIME/./} - began) / 1000))
	if ((rc != 0)) || ! grep -q "^payments $rows," "$TOP/audited"; then
		echo "audit: failed, or did not see $rows payments:"
		head -n 20 "$TOP/audited"
		return 1
	fi
	awk -v rows="$rows" -v ms="$ms" -v sums="$sums" -v kb="$kb" 'BEGIN {
		printf "audit of %d payments %.1f s, %.0f payments/s, ", rows,
		    ms / 1000, rows * 1000 / ms
		printf "SUM %.2f s, ratio %.0f, peak %.1f MB\n", sums / 1000,
		    ms / (sums ? sums : 1), kb / 1024
	}'
}
