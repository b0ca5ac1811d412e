#!/bin/bash
# Outages, contracts and acts: from a supplier's document to what a front-end
# is told of an account.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/exchange.sh"

# A supplier whose documents no other script brings.
PORTAL=novcheb SUPPLIER=uk-rassvet SERVICE=soderzhanie
ACCOUNT=2124017305 STREET='г. Новочебоксарск, ул. Винокурова'

# The number whose turn it is.
next() {
	local said
	said=$(ctl exchange status "$PORTAL" "$SUPPLIER")
	[[ $said =~ next\ ([0-9]+) ]] || { echo 1 && return; }
	echo "${BASH_REMATCH[1]}"
}

# bring BODY RECORDS: the supplier's next document is applied.
bring() {
	applied "$(next)" "$@"
}

# outage ID FROM TO PLACE [more]
outage() {
	printf '%s' "<outage id='$1' kind='planned' service='$SERVICE'" \
	    " from='$(date -u -d "$2" +%FT%TZ)' to='$(date -u -d "$3" +%FT%TZ)'" \
	    " ${5:-}><place address='г. Чебоксары'/><place address='$4'/>" \
	    "<reason>Замена &lt;задвижки&gt; &amp; промывка</reason></outage>"
}

test_an_outage_is_told_at_its_address() {
	portal novcheb
	bring "outages count='3'" "$(outage e2e-1 '-1 hour' '+1 hour' \
	    "$STREET, дом 35")$(outage e2e-2 '+1 day' '+2 days' \
	    "$STREET")$(outage e2e-3 '-1 hour' '+1 hour' "$STREET, д. 3")"
	api GET "/accounts/$SUPPLIER/$ACCOUNT/outages"
	status 200
	is outages "$(field '[.items[].id] | join(" ")')" 'e2e-1 e2e-2'
	is begun "$(field '[.items[].begun | tostring] | join(" ")')" 'true false'
	is reason "$(field '.items[0].reason')" 'Замена <задвижки> & промывка'
	is place "$(field '.items[0].place')" "$STREET, дом 35"
	has title "$(field '.items[0].title')" 'одержание'
}

test_an_outage_that_is_cancelled_is_told_no_more() {
	portal novcheb
	bring "outages count='2'" "$(outage e2e-1 '-1 hour' '+1 hour' \
	    "$STREET" "cancelled='true'")$(outage e2e-2 '-2 hours' \
	    '-1 hour' "$STREET")"
	api GET "/accounts/$SUPPLIER/$ACCOUNT/outages"
	status 200
	is outages "$(field '.items | length | tostring')" 0
}

test_a_document_that_comes_too_early_waits() {
	local n said
	n=$(next)
	sed "s/number='[0-9]*' *made_at/number='$((n + 1))' made_at/" \
	    "$TMP/document.xml" >"$TMP/early.xml"
	said=$(ctl exchange apply "$TMP/early.xml") && fail "taken: $said"
	has said "$said" "exchange_waits: $n comes first"
	is next "$(next)" "$n"
}

contract() {
	printf '%s' "<contract number='$1' account='$ACCOUNT'" \
	    " title='Договор &quot;$1&quot;' from_day='2020-01-01' $2/>"
}

test_contracts_have_an_archive_and_pages() {
	portal novcheb
	bring "contracts count='3'" "$(contract 'Д/1' '')$(contract 'Д/2' \
	    "to_day='2021-12-31'")$(contract 'Д/3' '')"
	local at=/accounts/$SUPPLIER/$ACCOUNT/contracts after
	api GET "$at"
	status 200
	is 'in force' "$(field '[.items[].number] | join(" ")')" 'Д/1 Д/3'
	is title "$(field '.items[0].title')" 'Договор "Д/1"'
	api GET "$at?archive=true&limit=2"
	is 'the archive' "$(field '[.items[].archived | tostring] | join(" ")')" \
	    'false true'
	after=$(field .next)
	api GET "$at?archive=true&limit=2&after=$after"
	is 'the next page' "$(field '[.items[].number] | join(" ")')" 'Д/3'
	is end "$(field '.next | tostring')" null
	api GET "$at?after=MQ"
	refused 400 cursor_bad after
	# A cursor of acts is none of contracts.
	api GET "/accounts/$SUPPLIER/$ACCOUNT/acts?after=$after"
	refused 400 cursor_bad after
}

test_an_act_is_told_with_its_works_and_wrong_ones_are_refused() {
	portal novcheb
	bring "acts count='2' sum_kop='150001'" "<act number='А-1'
	    account='$ACCOUNT' day='2026-11-27'><work title='Замена крана'
	    quantity='1' sum_kop='90000'/><work title='Прочистка стояка'
	    quantity='2.5' sum_kop='60000'/></act><act number='А-2'
	    account='$ACCOUNT' day='2026-11-27' sum_kop='2'><work title='А'
	    quantity='1' sum_kop='1'/></act>"
	api GET "/accounts/$SUPPLIER/$ACCOUNT/acts"
	status 200
	is acts "$(field '[.items[].number] | join(" ")')" 'А-1'
	is sum "$(field '.items[0].sum_kop')" 150000
	is works "$(field '[.items[0].works[].quantity] | join(" ")')" '1 2.5'
	books_are_right
}

# account ATTRIBUTES RECORDS: as the demonstration has it, and more.
account() {
	printf '%s' "<account number='$ACCOUNT' address='$STREET, д. 35, кв. 18'" \
	    " $1><owner last_name='Николаева' first_name='Светлана'
	    middle_name='Юрьевна'/>$2</account>"
}

test_people_of_an_account_are_told_masked_and_replaced() {
	portal novcheb
	bring "accounts count='1'" "$(account "persons='3' area='54.30'" \
	    "<benefit kind='veteran' title='Ветеран труда'
	    from_day='2020-01-01'/><benefit kind='b' title='Б'
	    from_day='2019-01-01' to_day='2019-12-31'/><email
	    address='ivanov@example.org'/><phone number='+79021234567'/>")"
	api GET "/accounts/$SUPPLIER/$ACCOUNT/subscriber"
	status 200
	is flat "$(field '[.persons, .area] | join(" ")')" '3 54.3'
	is benefits "$(field '[.benefits[] | "\(.kind) \(.holds)"] | join(" ")')" \
	    'veteran true b false'
	is emails "$(field '.emails | join(" ")')" 'i***@example.org'
	is phones "$(field '.phones | join(" ")')" '+7***67'
	bring "accounts count='1'" "$(account '' '')"
	api GET "/accounts/$SUPPLIER/$ACCOUNT/subscriber"
	is 'nothing is left' "$(field '[.persons, .area, .benefits, .emails,
	    .phones] | tostring')" '[null,null,[],[],[]]'
	# What was told is in nobody's log.
	! grep -rqE 'ivanov@example|9021234567' "$E2E_RUN"/log ||
	    fail 'a log has somebody'"'"'s e-mail or phone'
}

test_a_closed_account_takes_its_debt_and_nothing_else() {
	portal novcheb
	local line='"supplier":"'$SUPPLIER'","service":"'$SERVICE'"'
	line="$line"',"account":"'$ACCOUNT'","sum_kop"'
	bring "accounts count='1'" "$(account "closed_day='2026-01-01'" '')"
	bring "balances as_of_day='$(date +%F)' count='1' sum_kop='500000'" \
	    "<balance account='$ACCOUNT' service='$SERVICE' debt_kop='500000'/>"
	api GET "/accounts/$SUPPLIER/$ACCOUNT"
	is closed "$(field '[.closed, .closed_day] | join(" ")')" \
	    'true 2026-01-01'
	api GET "/accounts/$SUPPLIER/$ACCOUNT/balance"
	local owed
	owed=$(field '-.balance_kop')
	api POST /quotes "{\"lines\":[{$line:$owed}]}"
	status 200
	api POST /quotes "{\"lines\":[{$line:$((owed + 1))}]}"
	refused 422 account_closed_sum /lines/0/sum_kop
	has 'the page' "$(curl -s "$KVITOK_URL/novcheb/?supplier=$SUPPLIER&account=$ACCOUNT")" \
	    'Счёт закрыт с'
	bring "accounts count='1'" "$(account '' '')"
	api POST /quotes "{\"lines\":[{$line:$((owed + 1))}]}"
	status 200
}

test_only_the_right_to_read_opens_them() {
	local what
	new_key novcheb pay
	for what in outages contracts acts subscriber; do
		api GET "/accounts/$SUPPLIER/$ACCOUNT/$what"
		refused 403 right_missing
	done
	# Another portal's account is not there.
	portal moygaz
	api GET "/accounts/$SUPPLIER/$ACCOUNT/acts"
	refused 404 supplier_unknown
}

run_tests
