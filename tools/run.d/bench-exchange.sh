# bench-exchange.sh: a supplier's document of charges against PostgreSQL's own
# COPY of the same rows into the same tables, and against xmllint.  Sourced by
# tools/bench after bench-registers.sh, whose peak_kb it takes.

# exchange_accounts ROWS: a made-up account for every second charge.
exchange_accounts() {
	awk -v rows="$1" 'BEGIN {
		printf "<document xmlns=\"urn:kvitok:exchange:1\" version=\"1.0\" portal=\"portalgkh\" supplier=\"yuzhnoe-zhks\" number=\"1\" made_at=\"2026-11-28T05:00:00+03:00\">\n"
		printf "<accounts count=\"%d\">\n", rows / 2
		for (i = 0; i < rows / 2; i++)
			printf "<account number=\"B%07d\" address=\"A, %d\"><owner last_name=\"B\"/></account>\n", i, i
		print "</accounts></document>"
	}'
}

# exchange_charges ROWS: two services of each account.
exchange_charges() {
	awk -v rows="$1" 'BEGIN {
		printf "<document xmlns=\"urn:kvitok:exchange:1\" version=\"1.0\" portal=\"portalgkh\" supplier=\"yuzhnoe-zhks\" number=\"2\" made_at=\"2026-12-01T06:00:00+03:00\">\n"
		printf "<charges month=\"2026-11\" paid_to_day=\"2026-11-25\" count=\"%d\" sum_kop=\"%.0f\">\n", rows, rows * 225019
		for (i = 0; i < rows; i++)
			printf "<charge account=\"B%07d\" service=\"%s\" opening_kop=\"331952\" volume=\"54.30\" unit=\"м²\" tariff=\"41.44\" accrued_kop=\"225019\" paid_kop=\"0\" closing_kop=\"556971\"/>\n",
			    i / 2, i % 2 ? "zhku" : "tekremont"
		print "</charges></document>"
	}'
}

# What they are in the tables, for COPY.
exchange_tables() {
	local t
	for t in charge opening; do
		sql "CREATE TABLE bench_$t (LIKE $t INCLUDING ALL)"
		# COPY checks what the import checks.
		sql "ALTER TABLE bench_$t ADD FOREIGN KEY (akey, portal,
		    supplier, account) REFERENCES account
		    (akey, portal, supplier, account)"
		sql "\\copy (SELECT * FROM $t WHERE account LIKE 'B%') TO '$TOP/$t'"
	done
}

# exchange ROWS: each charge is a row of charge and two of opening.
exchange() {
	local rows=$1 kb ms began copy lint d0 ours theirs ctl=${KVITOK_PROGRAMS:-build}/kvitokctl
	exchange_accounts "$rows" >"$TOP/accounts.xml"
	exchange_charges "$rows" >"$TOP/charges.xml"
	"$ctl" -c "$RUN/kvitok.conf" exchange apply "$TOP/accounts.xml"
	d0=$(database_ticks)
	began=${EPOCHREALTIME/./}
	kb=$(peak_kb "$TOP/applied" "$ctl" -c "$RUN/kvitok.conf" exchange \
	    apply "$TOP/charges.xml") || {
		echo "exchange: the import failed: $(<"$TOP/applied")"
		return 1
	}
	ms=$(((${EPOCHREALTIME/./} - began) / 1000))
	sleep 1 # its server process has ended, and is counted
	ours=$(($(database_ticks) - d0))
	exchange_tables
	d0=$(database_ticks)
	began=${EPOCHREALTIME/./}
	sql "\\copy bench_charge FROM '$TOP/charge'"
	sql "\\copy bench_opening FROM '$TOP/opening'"
	copy=$(((${EPOCHREALTIME/./} - began) / 1000))
	sleep 1
	theirs=$(($(database_ticks) - d0))
	began=${EPOCHREALTIME/./}
	xmllint --noout --stream --schema xsd/1/document.xsd \
	    "$TOP/charges.xml" 2>"$TOP/lint" || cat "$TOP/lint"
	lint=$(((${EPOCHREALTIME/./} - began) / 1000))
	awk -v rows="$rows" -v ms="$ms" -v copy="$copy" -v kb="$kb" \
	    -v lint="$lint" -v ours="$ours" -v theirs="$theirs" 'BEGIN {
		printf "exchange: %d charges applied %.0f per s, COPY %.0f per s, ratio %.2f; xmllint %.0f per s, ratio %.2f; peak %.1f MB; CPU of the database %.0f us a charge, of COPY %.0f\n",
		    rows, rows * 1000 / ms, rows * 1000 / copy, copy / ms,
		    rows * 1000 / lint, lint / ms, kb / 1024,
		    ours * 10000 / rows, theirs * 10000 / rows
	}'
}
