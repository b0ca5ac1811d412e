#!/bin/bash
# Reports for accountants: the same rows in every format, as other programs read
# them, with sums that are the ledger's.
. "$(dirname "$0")/lib.sh"
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
	report payments dbf "$TMP/p.dbf"
	is "hash of dbf" "$(awk '$1 == "rows" { print $3 }' <<<"$OUT")" "$hash"
	node "$HERE/read-dbf.mjs" "$TMP/p.dbf" >"$TMP/p.json" || fail "p.dbf"
	is "rows of dbf" "$(jq '.rows | length' "$TMP/p.json")" "$count"
	is "sum of dbf" "$(jq '[.rows[].TOTAL | gsub("[.]"; "") | tonumber] |
	    add' "$TMP/p.json")" "$ledger"
	is "page of dbf" "$(jq -r .page "$TMP/p.json")" ibm866
	report payments pdf "$TMP/p.pdf"
	is "hash of pdf" "$(awk '$1 == "rows" { print $3 }' <<<"$OUT")" "$hash"
	pdftotext -layout "$TMP/p.pdf" "$TMP/p.txt" || fail "p.pdf"
	has "hash within pdf" "$(<"$TMP/p.txt")" "$hash"
	has "rows of pdf" "$(<"$TMP/p.txt")" "Строк: $count"
	has "sum of pdf" "$(grep '^ *Итого' "$TMP/p.txt" |
	    sed 's/\xc2\xa0//g; s/\([0-9]\) \([0-9]\)/\1\2/g')" \
	    "$((ledger / 100)),$(printf '%02d' $((ledger % 100)))"
	has "pages of pdf" "$(<"$TMP/p.txt")" \
	    "из $(pdfinfo "$TMP/p.pdf" | awk '/^Pages/ { print $2 }')"
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
	refusal report_format "csv, xml, xlsx, pdf, dbf" payments "${days[@]}" \
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

# ---- by order ------------------------------------------------------------

# key_of PORTAL [SUPPLIER]: KEY becomes a new accountant's.
key_of() {
	new_key "$1" report "${@:2}"
}

# order BODY [KEY]: sets ORDER.
order() {
	api POST /reports "$1" -H "Idempotency-Key: ${2:-r-$(unique)-$$}"
	ORDER=$(field .id)
}

ended() {
	api GET "/reports/$ORDER"
	[[ $STATUS == 200 && $(field .state) =~ ^(done|failed)$ ]]
}

# fetch FILE: the report when it is made.
fetch() {
	wait_for 30 "report $ORDER" ended
	is state "$(field .state)" 'done'
	MADE=$BODY
	curl -sS -m 20 -D "$TMP/file.head" -o "$1" \
	    -H "Authorization: Bearer $KEY" \
	    "$KVITOK_URL/api/v1/reports/$ORDER/file" || fail "not fetched"
	is "size of $1" "$(stat -c %s "$1")" "$(jq .size <<<"$MADE")"
	is "hash of $1" "$(sha256sum <"$1" | cut -d' ' -f1)" \
	    "$(jq -r .file_sha256 <<<"$MADE")"
}

asked() {
	printf '{"report":"%s","format":"%s","from":"%s","to":"%s"%s}' "$1" \
	    "$2" "$TODAY" "$TODAY" "${3:-}"
}

test_an_order_is_made_fetched_and_told_by_mail() {
	local mail=buh-$(unique)@example.ru first csv
	paid portalgkh 70000
	key_of portalgkh
	api GET /reports
	has titles "$(field '.reports[].title')" Возвраты
	has_not names "$(field '.reports[].name')" closings
	order "$(asked payments xlsx ",\"email\":\"$mail\"")" "once-$$"
	status 202
	is location "$(header location)" "/api/v1/reports/$ORDER"
	first=$ORDER
	order "$(asked payments xlsx ",\"email\":\"$mail\"")" "once-$$"
	status 200
	is "the same order" "$ORDER" "$first"
	fetch "$TMP/o.xlsx"
	has "name of the file" "$(<"$TMP/file.head")" \
	    "payments-$TODAY-$TODAY.xlsx"
	"$HERE/read-report.py" "$TMP/o.xlsx" >"$TMP/o.json" || fail xlsx
	is total "$(jq '.sums["Принято"]' "$TMP/o.json")" \
	    "$(jq .totals.total_kop <<<"$MADE")"
	is "who asked" "$(jq -r '.about["Запросил"]' "$TMP/o.json")" \
	    'Проверка report'
	is total "$(jq .totals.total_kop <<<"$MADE")" "$(db "SELECT SUM(l.sum_kop)
	    FROM ledger_line l JOIN ledger_transfer t ON t.akey = l.akey
	    AND t.id = l.transfer JOIN payment p ON p.akey = t.akey
	    AND p.number = t.number WHERE t.kind = 'paid'
	    AND p.portal = 'portalgkh' AND t.day = '$TODAY'
	    AND l.account LIKE 'receivable/%'")"
	wait_for 15 "the mail to $mail" mails_are "$mail" 1
	sim GET "mails?to=$mail"
	has subject "$(field '.mails[0].subject')" 'Отчёт готов: Платежи'
	key_of portalgkh
	api GET "/reports/$first"
	refused 404 report_order_unknown
}

test_a_suppliers_key_sees_its_supplier_and_nothing_else() {
	local supplier
	supplier=$(supplier portalgkh)
	paid portalgkh 30000
	key_of portalgkh "$supplier"
	api GET /settlements
	refused 403 right_missing
	api GET /registers
	refused 403 right_missing
	order "$(asked cases csv)"
	refused 403 report_foreign /report
	order "$(asked payments csv ',"supplier":"another"')"
	refused 403 report_foreign /supplier
	order "$(asked turnover csv)"
	fetch "$TMP/s.csv"
	is accounts "$("$HERE/read-report.py" "$TMP/s.csv" |
	    jq -r '.rows[][0]')" "payable/portalgkh/$supplier"
}

test_an_order_that_is_wrong_is_refused_by_its_field() {
	key_of portalgkh
	order '{"report":"salaries","format":"csv","from":"2026-01-01","to":"2026-01-02"}'
	refused 404 report_unknown /report
	order '{"report":"payments","format":"doc","from":"2026-01-01","to":"2026-01-02"}'
	refused 400 report_format /format
	order '{"report":"payments","format":"csv","from":"2026-01-02","to":"2026-01-01"}'
	refused 400 report_upside_down /from
	order '{"report":"payments","format":"csv","from":"2016-01-01","to":"2026-01-01"}'
	refused 400 report_too_long /to
	order "$(asked payments xml ',"encoding":"cp1251"')"
	refused 400 field_form /encoding
	order "$(asked payments csv ',"email":"x"')"
	refused 400 email_bad /email
	api POST /reports "$(asked payments csv)"
	refused 400 idempotency_key_missing Idempotency-Key
	new_key portalgkh pay,read
	api GET /reports
	refused 403 right_missing
	"${CTL[@]}" key add --portal portalgkh --rights report,admin \
	    --title x --supplier "$(supplier portalgkh)" 2>/dev/null &&
	    fail "a supplier's key with more rights"
	"${CTL[@]}" key add --portal portalgkh --rights report \
	    --title x --supplier nobody 2>/dev/null &&
	    fail "a key of nobody"
	:
}

test_a_killed_maker_leaves_one_file_made_anew() {
	paid portalgkh 40000
	key_of portalgkh
	arm report_written
	order "$(asked payments xml)"
	status 202
	fetch "$TMP/k.xml"
	reached report_written || fail "nobody was killed"
	is files "$(ls "$E2E_RUN/reports" | grep -c "^$ORDER")" 1
	is "the file" "$(ls "$E2E_RUN/reports" | grep "^$ORDER")" \
	    "$ORDER-2.xml"
	xmllint --noout --stream --schema "$TOP/xsd/report/1.xsd" "$TMP/k.xml" \
	    2>&1 | grep -q validates || fail "k.xml is no report"
}

test_a_folder_that_takes_nothing_is_a_clear_failure() {
	local mail=full-$(unique)@example.ru
	key_of portalgkh
	mv "$E2E_RUN/reports" "$E2E_RUN/reports.away"
	order "$(asked payments csv ",\"email\":\"$mail\"")"
	status 202
	wait_for 20 "the order" ended
	mv "$E2E_RUN/reports.away" "$E2E_RUN/reports"
	is state "$(field .state)" failed
	is reason "$(field .reason)" file_not_written
	api GET "/reports/$ORDER/file"
	refused 409 report_not_ready
	wait_for 15 "the mail to $mail" mails_are "$mail" 1
	sim GET "mails?to=$mail"
	has subject "$(field '.mails[0].subject')" 'не составлен'
}

run_tests
