#!/bin/bash
# Reports by schedule: made up after days off, an empty day said, killed at any
# step, into a folder; each letter once, to whom it is for.
#
# Days go by as a schedule's next period is moved into the past.  One test lets
# today's payments be yesterday's, by a kvitok-jobs whose clock is a day ahead.
. "$(dirname "$0")/lib.sh"
HERE=$TOP/tests/e2e
day_before() {
	TZ=Etc/GMT-3 date -d "$(TZ=Etc/GMT-3 date +%F) -$1 days" +%F
}

# name: NAME becomes that of a new schedule, MAIL its address.
new_name() {
	NAME=s$(unique | tr 'A-Z_' 'a-z-')
	MAIL=$NAME@example.ru
}

# schedule PORTAL OPTIONS...: a new one of every day; sets OUT.
schedule() {
	local portal=$1
	shift
	OUT=$(ctl report schedule add "$NAME" --portal "$portal" \
	    --report payments --period day --days every --at 00:00 "$@") ||
	    fail "not added: $OUT"
}

# off DAYS: so many days have gone by, and nobody was there.
off() {
	db "UPDATE report_schedule SET next_day = '$(day_before "$1")',
	    next_at = 1 WHERE name = '$NAME' AND stopped_at IS NULL"
}

parcels() {
	db "SELECT COUNT(*) FROM report_parcel p JOIN report_run r
	    ON r.id = p.run JOIN report_schedule s ON s.id = r.schedule
	    WHERE s.name = '$NAME' AND p.state = '$1'"
}

parcels_are() {
	[[ $(parcels "$1") == "$2" ]]
}

# part MAIL N TYPE FILE: of its letter N, the oldest is 0.
part() {
	local n k
	sim GET "mails?to=$1"
	n=$(jq -r ".mails | sort_by(.n) | .[$2].n" <<<"$BODY")
	k=$(jq -r --arg t "$3" ".mails | sort_by(.n) | .[$2].parts[] |
	    select(.type == \$t) | .k" <<<"$BODY")
	curl -sS -m 20 -o "$4" "$KVITOK_SIM_URL/control/mails/$n/parts/$k" ||
	    fail "no part $3"
}

test_days_off_are_made_up_in_order_and_an_empty_day_is_said() {
	local day subjects
	new_name
	schedule irkutskenergosbyt --format csv --mail "$MAIL"
	has 'what it says' "$OUT" 'mail to s***@example.ru'
	off 3
	wait_for 30 "three letters to $MAIL" mails_are "$MAIL" 3
	sim GET "mails?to=$MAIL"
	subjects=$(jq -r '.mails | sort_by(.n) | .[].subject' <<<"$BODY")
	is 'in order' "$(grep -o '[0-9][0-9]\.[0-9][0-9]\.[0-9]*' <<<"$subjects" |
	    tr '\n' ' ')" "$(for n in 3 2 1; do
		date -d "$(day_before $n)" +%d.%m.%Y
	done | tr '\n' ' ')"
	is 'say that they are empty' "$(grep -c 'строк нет' <<<"$subjects")" 3
	part "$MAIL" 2 text/plain "$TMP/text"
	has text "$(<"$TMP/text")" 'нет ни одной строки, все итоги равны нулю'
	part "$MAIL" 2 text/csv "$TMP/e.csv"
	is 'rows of the file' "$("$HERE/read-report.py" "$TMP/e.csv" |
	    jq .count)" 0
	wait_for 10 'it is noted' parcels_are 'done' 3
	db "UPDATE report_schedule SET next_at = 1 WHERE name = '$NAME'"
	pause 0.5
	is 'letters after another look' "$(mails "$MAIL")" 3
	day=$(db "SELECT next_day FROM report_schedule WHERE name = '$NAME'")
	is 'the next day' "$day" "$(day_before 0)"
	ctl report schedule remove "$NAME" >/dev/null || fail 'not removed'
	has_not list "$(ctl report schedule list)" "$NAME:"
}

# tomorrow COMMAND...: becomes the command, by a clock that is a day ahead.
tomorrow() {
	local lib
	lib=$(echo /usr/lib/*/faketime/libfaketime.so.1)
	[[ -e $lib ]] || fail "no libfaketime"
	export LD_PRELOAD=$lib FAKETIME="+1d"
	exec "$@"
}

test_a_supplier_gets_its_own_rows_with_sums_and_hash_of_the_report() {
	local supplier jobs today hash csv sum
	supplier=$(supplier portalgkh)
	payment portalgkh 70000
	open_link
	at_bank paid
	wait_state paid
	today=$(TZ=Etc/GMT-3 date +%F)
	new_name
	ctl report schedule add "$NAME" --portal portalgkh --supplier \
	    "$supplier" --report cases --format csv --period day --days every \
	    --at 00:00 --mail "$MAIL" >"$TMP/out" && fail 'cases of others'
	has refusal "$(<"$TMP/out")" report_foreign
	schedule portalgkh --supplier "$supplier" --format csv --mail "$MAIL"
	tomorrow "$PROGRAMS/kvitok-jobs" \
	    -c "$E2E_RUN/kvitok.conf" --reports 2>"$TMP/jobs.log" &
	jobs=$!
	wait_for 30 "the mail to $MAIL" mails_are "$MAIL" 1
	kill "$jobs"
	wait "$jobs" 2>/dev/null
	part "$MAIL" 0 text/csv "$TMP/s.csv"
	csv=$("$HERE/read-report.py" "$TMP/s.csv") || fail "csv is not read"
	sum=$(db "SELECT SUM(l.sum_kop) FROM pay_line l
	    JOIN payment p ON p.akey = l.akey AND p.number = l.number
	    JOIN ledger_transfer t ON t.akey = p.akey AND t.number = p.number
	    WHERE t.kind = 'paid' AND t.day = '$today'
	    AND p.portal = 'portalgkh' AND l.supplier = '$supplier'")
	is 'sum of the file' "$(jq '.sums["Сумма"]' <<<"$csv")" "$sum"
	hash=$(ctl report payments --from "$today" --to "$today" --format csv \
	    --portal portalgkh --supplier "$supplier" --out "$TMP/r.csv" |
	    awk '$1 == "rows" { print $3 }')
	part "$MAIL" 0 text/plain "$TMP/text"
	has 'hash in the letter' "$(<"$TMP/text")" "$hash"
	has 'hash in the letter' "$(<"$TMP/text")" "Строк: $(jq .count <<<"$csv")"
	is 'addresses in the log' "$(grep -c "$MAIL" "$TMP/jobs.log")" 0
	has 'masked in the log' "$(<"$TMP/jobs.log")" 's***@example.ru'
	ctl report schedule remove "$NAME" >/dev/null || fail 'not removed'
}

test_killed_at_any_step_it_has_one_run_and_one_message_id() {
	new_name
	schedule portalgkh --format xml --mail "$MAIL"
	arm schedule_planned
	arm schedule_sent
	off 1
	wait_for 20 'the kill after the plan' reached schedule_planned
	wait_for 20 'the kill after the letter' reached schedule_sent
	wait_for 30 'the second letter' mails_are "$MAIL" 2
	wait_for 10 'it is noted' parcels_are 'done' 1
	sim GET "mails?to=$MAIL"
	is 'different Message-IDs' "$(jq '[.mails[].message_id] | unique |
	    length' <<<"$BODY")" 1
	is runs "$(db "SELECT COUNT(*) FROM report_run r JOIN report_schedule s
	    ON s.id = r.schedule WHERE s.name = '$NAME'")" 1
	is orders "$(db "SELECT COUNT(*) FROM report_order o JOIN report_run r
	    ON r.order_id = o.id JOIN report_schedule s ON s.id = r.schedule
	    WHERE s.name = '$NAME'")" 1
	ctl report schedule remove "$NAME" >/dev/null || fail 'not removed'
}

test_refused_by_the_mail_server_it_is_shown_measured_and_sent_by_hand() {
	local out
	new_name
	schedule portalgkh --format csv --mail "$MAIL"
	fault smtp reject_rcpt
	off 1
	wait_for 20 'the refusal' parcels_are refused 1
	out=$(ctl report schedule list)
	has list "$out" 'refused, tries 1, s***@example.ru'
	has list "$out" mail_refused
	has_not list "$out" "$MAIL"
	http GET "$KVITOK_URL/metrics"
	has metrics "$BODY" 'kvitok_report_parcels{state="refused"} 1'
	ctl report schedule run "$NAME" >/dev/null || fail 'not run'
	wait_for 20 "the mail to $MAIL" mails_are "$MAIL" 1
	wait_for 10 'it is noted' parcels_are 'done' 1
	has show "$(ctl report schedule show "$NAME")" "$(day_before 1)  done"
	out=$(ctl report schedule run "$NAME" "$(day_before 0)") &&
	    fail 'a day that is not over'
	has refusal "$out" schedule_not_over
	ctl report schedule remove "$NAME" >/dev/null || fail 'not removed'
	out=$(ctl report schedule run "$NAME") && fail 'it was removed'
	has refusal "$out" schedule_unknown
}

test_into_the_folder_comes_a_whole_file_and_no_other_way() {
	local file out
	new_name
	out=$(ctl report schedule add "$NAME" --portal tgk1 --report payments \
	    --format xml --period day --days every --at 00:00 \
	    --folder '../{from}.xml') && fail 'out of the folder'
	has refusal "$out" schedule_path
	schedule tgk1 --format xml --folder "$NAME/{report}-{from}.{format}"
	file=$E2E_RUN/outbox/$NAME/payments-$(day_before 1).xml
	# A link out of the folder is not followed.
	mkdir "$TMP/elsewhere"
	ln -s "$TMP/elsewhere" "$E2E_RUN/outbox/$NAME"
	off 1
	wait_for 20 'the failure' tried
	is 'what is elsewhere' "$(ls "$TMP/elsewhere")" ''
	rm "$E2E_RUN/outbox/$NAME"
	wait_for 30 "$file" test -e "$file"
	xmllint --noout --stream --schema "$TOP/xsd/report/1.xsd" "$file" 2>&1 |
	    grep -q validates || fail "$file is no report"
	is 'what is there' "$(ls -A "$E2E_RUN/outbox/$NAME")" "${file##*/}"
	wait_for 10 'it is noted' parcels_are 'done' 1
	ctl report schedule remove "$NAME" >/dev/null || fail 'not removed'
}

tried() {
	[[ $(ctl report schedule list) == *"waiting, tries "*file_not_written* ]]
}

run_tests
