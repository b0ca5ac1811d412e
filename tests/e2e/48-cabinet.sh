#!/bin/bash
# The accountants' pages by hand-made addresses and forms: what is counted is
# what is ordered, twice is once, and nobody sees another supplier's.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/desk.sh"
TODAY=$(TZ=Etc/GMT-3 date +%F)

# somebody RIGHTS [kvitokctl's options]: a new accountant, logged in; sets
# LOGIN, SESSION, CSRF.
somebody() {
	LOGIN=cab$(unique)
	new_staff "$LOGIN" irkutskenergosbyt "$@"
	enter
	look /cabinet/
	status 200
	CSRF=$(hidden csrf)
}

# A total as the page shows it: digits alone.
total() {
	grep -o "data-total=\"$1\">[^<]*" <<<"$BODY" | head -n 1 |
	    sed 's/.*>//' | tr -cd '0-9'
}

# answers STATUS PATH...
answers() {
	local wanted=$1 path
	for path in "${@:2}"; do
		look "$path"
		[[ $STATUS == "$wanted" ]] || fail "$path: $STATUS, not $wanted"
	done
}

file_is_there() {
	look "$1"
	[[ $BODY == *"$1/file"* ]]
}

test_what_is_counted_is_what_is_ordered_and_twice_is_once() {
	local asked="report=payments&from=$TODAY&to=$TODAY" key rows sum order
	payment irkutskenergosbyt
	open_link
	at_bank paid
	wait_state paid
	somebody 'read report'
	has_not "a name is text" "$BODY" '<b>Бухгалтер'
	look "/cabinet/reports/count?$asked"
	status 200
	rows=$(total rows) sum=$(total total) key=$(hidden ikey)
	((rows > 0)) || fail "nothing is counted"
	act /cabinet/reports "csrf=$CSRF&$asked&format=csv&ikey=$key"
	status 303
	order=$LOCATION
	act /cabinet/reports "csrf=$CSRF&$asked&format=csv&ikey=$key"
	is "the order" "$LOCATION" "$order"
	act /cabinet/reports "csrf=$CSRF&$asked&format=xml&ikey=$key"
	[[ $STATUS == 303 && $LOCATION != "$order" ]] ||
	    fail "a form that was changed is another one: $STATUS $LOCATION"
	wait_for 30 "the file" file_is_there "$order"
	(($(total rows) >= rows && $(total total) >= sum)) ||
	    fail "the file has less than was seen: $BODY"
	answers 200 "$order/file"
	# Another person of the same portal has orders of his own.
	somebody report
	answers 404 "$order" "$order/file"
}

test_bad_questions_are_told_on_the_page() {
	somebody 'read report'
	answers 400 "/cabinet/reports/count?from=2026-11-30&to=2026-11-01" \
	    "/cabinet/reports/count?from=2016-01-01&to=2026-01-01" \
	    "/cabinet/reports/count?report=turnover&bank=sberbank"
	has_not "no order" "$BODY" 'id="order"'
	answers 404 "/cabinet/reports?report=secrets" \
	    /cabinet/reports/01ARZ3NDEKTSV4RRFFQ69G5FAV \
	    /cabinet/settlements/01ARZ3NDEKTSV4RRFFQ69G5FAV \
	    /cabinet/cases/01ARZ3NDEKTSV4RRFFQ69G5FAV
	look "/cabinet/reports/count?report=turnover&account=$(urlenc \
	    '"><script>alert(1)</script>')"
	has_not "a filter is text" "$BODY" '<script>alert'
	answers 400 "/cabinet/settlements?after=x" "/cabinet/cases?after=x"
	answers 200 "/cabinet/settlements?state=prepared" "/cabinet/cases" \
	    "/cabinet/cases?state=all&owner=me" \
	    "/cabinet/settlements?state=confirmed&from=$TODAY"
	act /cabinet/reports "csrf=$CSRF&report=payments&from=$TODAY&to=$TODAY&format=csv"
	status 403
	has "a form without its key" "$BODY" 'Форма устарела'
	act /cabinet/reports 'csrf=0000&report=payments'
	status 403
}

test_a_supplier_s_accountant_sees_it_alone() {
	local id
	id=$(db "SELECT id FROM settlement WHERE portal = 'irkutskenergosbyt' AND
	    supplier <> 'nobody' ORDER BY id DESC LIMIT 1")
	somebody 'read report' --supplier irkutskenergo
	answers 403 /cabinet/cases /cabinet/settlements/orders?day=$TODAY
	answers 403 \
	    "/cabinet/reports/count?report=payments&supplier=irkutskenergosbyt"
	answers 404 "/cabinet/reports?report=cases"
	answers 200 /cabinet/ /cabinet/reports /cabinet/settlements
	has_not "the menu" "$BODY" '/cabinet/cases'
	[[ -z $id ]] || {
		[[ $(db "SELECT supplier FROM settlement WHERE id = '$id'") == \
		    irkutskenergo ]] || answers 404 "/cabinet/settlements/$id"
		answers 403 "/cabinet/settlements/$id/confirm" \
		    "/cabinet/settlements/$id/order?format=1c"
	}
	# Of the whole portal, but with no right to it.
	somebody read
	answers 403 /cabinet/reports /cabinet/settlements
	answers 200 /cabinet/ /cabinet/cases
}

run_tests
