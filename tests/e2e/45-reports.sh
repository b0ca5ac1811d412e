#!/bin/bash
# Reports for accountants: the same rows in every format, as other programs read
# them, with sums that are the ledger's.
. "$(dirname "$0")/lib.sh"
CTL=("${KVITOK_PROGRAMS:-$TOP/build}/kvitokctl" -c "$E2E_RUN/kvitok.conf")
HERE=$TOP/tests/e2e
TODAY=$(TZ=Etc/GMT-3 date +%F)

# report NAME FORMAT FILE [options]: of today; sets OUT.
report() {
	local name=$1 format=$2 file=$3
	shift 3
	OUT=$("${CTL[@]}" report "$name" --from "$TODAY" --to "$TODAY" \
	    --format "$format" --out "$file" "$@" 2>&1) || fail "report: $OUT"
}

# refusal REASON WORDS ARGUMENTS...: kvitokctl report ends so.
refusal() {
	local reason=$1 words=$2 out
	shift 2
	out=$("${CTL[@]}" report "$@" --out "$TMP/never" 2>&1) &&
	    fail "report $* is made"
	has "report $*" "$out" "$reason"
	has "report $*" "$out" "$words"
	[[ ! -e $TMP/never && ! -e $TMP/never.part ]] || fail "a file is left"
}

# A value of OUT: hash of the rows, or a total.
total_of() {
	awk -v name="$1" '$1 == name { print $NF }' <<<"$OUT"
}

xpath() {
	xmllint --xpath "string($2)" "$1"
}

# The hash as xsd/report/1.xsd describes it, made of the XML by other programs.
hash_of_xml() {
	python3 - "$1" <<'END'
import hashlib, sys, xml.etree.ElementTree as E
n = '{urn:kvitok:report:1}'
r = E.parse(sys.argv[1]).getroot()
asked = r.find(n + 'asked')
lines = [[r.get('name'), asked.get('from'), asked.get('to')] + [
    asked.get(x, '') for x in ('portal', 'supplier', 'contract', 'bank',
    'state', 'account')]]
lines.append([c.get('name') for c in r.find(n + 'columns')])
lines += [[v.text or '' for v in row] for row in r.find(n + 'rows')]
totals = r.find(n + 'totals')
lines.append(['total', totals.get('rows')] + [t.text for t in totals])
blank = str.maketrans('\t\r\n', '   ')
text = ''.join('\t'.join(v.translate(blank) for v in x) + '\n' for x in lines)
print(hashlib.sha256(text.encode()).hexdigest())
END
}

paid() {
	payment "$1" "${2:-}"
	open_link
	at_bank paid
	wait_state paid
}

test_every_format_of_payments_has_the_same_rows_and_the_ledgers_sums() {
	local hash count total ledger csv xlsx
	paid portalgkh 120000
	paid irkutskenergosbyt 50000
	api POST "/payments/$NUMBER/refunds" \
	    '{"sum_kop":20000,"reason":"=перерасчёт; \"июль\""}' \
	    -H "Idempotency-Key: report-$(unique)-$$"
	wait_state partly_refunded
	report payments xml "$TMP/p.xml"
	hash=$(awk '$1 == "rows" { print $3 }' <<<"$OUT")
	xmllint --noout --stream --schema "$TOP/xsd/report/1.xsd" "$TMP/p.xml" \
	    2>&1 | grep -q validates || fail "p.xml is no report"
	count=$(xpath "$TMP/p.xml" '/*/*[local-name()="totals"]/@rows')
	total=$(xpath "$TMP/p.xml" '//*[@column="total"]')
	ledger=$(db "SELECT SUM(l.sum_kop) FROM ledger_line l
	    JOIN ledger_transfer t ON t.akey = l.akey AND t.id = l.transfer
	    WHERE t.kind = 'paid' AND t.day = '$TODAY'
	    AND l.account LIKE 'receivable/%'")
	is total "${total/./}" "$ledger"
	is "hash in the file" \
	    "$(xpath "$TMP/p.xml" '/*/*[local-name()="totals"]/@sha256')" "$hash"
	is "hash made again" "$(hash_of_xml "$TMP/p.xml")" "$hash"

	report payments csv "$TMP/p.csv"
	is "hash of csv" "$(awk '$1 == "rows" { print $3 }' <<<"$OUT")" "$hash"
	csv=$("$HERE/read-report.py" "$TMP/p.csv") || fail "csv is not read"
	report payments xlsx "$TMP/p.xlsx"
	is "hash of xlsx" "$(awk '$1 == "rows" { print $3 }' <<<"$OUT")" "$hash"
	xlsx=$("$HERE/read-report.py" "$TMP/p.xlsx") || fail "xlsx is not read"
	is "rows of csv" "$(jq .count <<<"$csv")" "$count"
	is "rows of xlsx" "$(jq .count <<<"$xlsx")" "$count"
	is "sums" "$(jq -Sc .sums <<<"$csv")" "$(jq -Sc .sums <<<"$xlsx")"
	is "sum of csv" "$(jq '.sums["Принято"]' <<<"$csv")" "$ledger"
	is "hash within xlsx" \
	    "$(jq -r '.about["Отпечаток строк (SHA-256)"]' <<<"$xlsx")" "$hash"
	is "accounts" "$(jq -c '[.rows[][8]]' <<<"$csv")" \
	    "$(jq -c '[.rows[][8]]' <<<"$xlsx")"
	report payments csv "$TMP/c.csv" --encoding cp1251 --separator ,
	is "sums of cp1251" "$("$HERE/read-report.py" "$TMP/c.csv" , cp1251 |
	    jq -Sc .sums)" "$(jq -Sc .sums <<<"$csv")"
}

test_a_reason_is_no_formula_and_loses_no_quotes() {
	local row
	paid irkutskenergosbyt 60000
	api POST "/payments/$NUMBER/refunds" \
	    '{"sum_kop":10000,"reason":"=cmd|\"/C calc\"!A0; ёлка"}' \
	    -H "Idempotency-Key: report-$(unique)-$$"
	wait_state partly_refunded
	report refunds csv "$TMP/r.csv"
	row=$("$HERE/read-report.py" "$TMP/r.csv" |
	    jq -r --arg n "$NUMBER" '.rows[] | select(.[2] == $n) | .[16]')
	is "reason in csv" "$row" "'=cmd|\"/C calc\"!A0; ёлка"
	report refunds xlsx "$TMP/r.xlsx"
	row=$("$HERE/read-report.py" "$TMP/r.xlsx" |
	    jq -r --arg n "$NUMBER" '.rows[] | select(.[2] == $n) | .[16]')
	is "reason in xlsx" "$row" "=cmd|\"/C calc\"!A0; ёлка"
}

test_turnover_and_commissions_are_the_ledgers() {
	local ledger
	paid portalgkh 100000
	report turnover xlsx "$TMP/t.xlsx"
	is balance "$(total_of debit)" "$(total_of credit)"
	is closing "$(total_of closing_debit)" "$(total_of closing_credit)"
	ledger=$(db "SELECT SUM(debit_kop) FROM ledger_day
	    WHERE day = '$TODAY'")
	is debit "$(total_of debit | tr -d .)" "$ledger"
	report commissions csv "$TMP/k.csv" --portal portalgkh
	ledger=$(db "SELECT SUM(credit_kop - debit_kop) FROM ledger_day
	    WHERE account = 'commission/portalgkh' AND day = '$TODAY'")
	is commission "$(total_of net | tr -d .)" "$ledger"
}

test_what_is_asked_wrongly_is_refused_by_its_own_name() {
	local days=(--from "$TODAY" --to "$TODAY")
	refusal report_unknown 'no report "salaries"' salaries "${days[@]}" \
	    --format csv
	refusal report_format "csv, xml, xlsx" payments "${days[@]}" \
	    --format doc
	refusal report_day "from" payments --from 30.11.2026 --to "$TODAY" \
	    --format csv
	refusal report_upside_down "after the last" payments \
	    --from 2026-03-02 --to 2026-03-01 --format csv
	refusal report_too_long "a year" payments --from 2020-01-01 \
	    --to "$TODAY" --format csv
	refusal report_filter "portal, supplier" commissions "${days[@]}" \
	    --format csv --state paid
	refusal report_state "paid, partly_refunded" payments "${days[@]}" \
	    --format csv --state declined
	refusal supplier_unknown supplier payments "${days[@]}" \
	    --format csv --supplier nobody
	refusal portal_unknown portal payments "${days[@]}" --format csv \
	    --portal nobody
	refusal report_contract contract payments "${days[@]}" --format csv \
	    --contract nobody
	refusal usage "are of csv" payments "${days[@]}" --format xml \
	    --encoding cp1251
	has list "$("${CTL[@]}" report list)" turnover
}

test_a_file_that_cannot_be_written_leaves_the_old_one() {
	local out
	mkdir -p "$TMP/into/folder"
	out=$("${CTL[@]}" report payments --from "$TODAY" --to "$TODAY" \
	    --format csv --out "$TMP/into/folder" 2>&1) && fail "written over a folder"
	has "what is said" "$out" file_not_written
	is "what is left" "$(ls "$TMP/into")" folder
}

run_tests
