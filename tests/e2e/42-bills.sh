#!/bin/bash
# Bills: printed for a front-end, and for the post, one by one or all in one.
. "$(dirname "$0")/lib.sh"

# square FILE [PAGE]: what a bank's program reads off the paper.
square() {
	pdftoppm -r 300 -f "${2:-1}" -l "${2:-1}" -singlefile -png "$1" \
	    "$TMP/page" &&
	    zbarimg -q --raw --oneshot -Sbinary "$TMP/page.png" 2>/dev/null
}

test_a_bill_says_what_is_to_be_paid_and_masks_who_pays() {
	portal moygaz
	api GET /accounts/mrg/060005123456/bills/2026-10.pdf
	status 200
	is type "$(header content-type)" application/pdf
	is name "$(header content-disposition)" \
	    'inline; filename="kvitok-060005123456-202610.pdf"'
	local text code
	text=$(pdftotext -layout "$TMP/body" -)
	has bill "$text" 'Квитанция за октябрь 2026 г.'
	has bill "$text" 'Оплатить до 16.11.2026 включительно'
	has bill "$text" '323,362 м³'
	has bill "$text" 'М*** В. А.'
	has_not bill "$text" 'Морозов'
	has bill "$text" 'пени по статье 155'
	code=$(square "$TMP/body")
	has square "$code" 'ST00012|Name=ООО «Газпром межрегионгаз»|'
	has square "$code" '|PersonalAcc=40702810010000010201|'
	has square "$code" '|Sum=621467|'
	has square "$code" '|PersAcc=060005123456|PaymPeriod=102026|'
	has_not square "$code" 'LastName'
}

test_a_bill_that_is_not_there_is_told_in_words() {
	local at=/accounts/mrg/060005123456/bills
	portal moygaz
	api GET $at/2019-01.pdf
	refused 404 bill_absent
	api GET $at/2026-13.pdf
	refused 400 month_form month
	api GET $at/2999-01.pdf
	refused 400 month_ahead month
	api GET $at/2026-10
	refused 404 path_unknown
	portal portalgkh
	api GET $at/2026-10.pdf
	refused 404 supplier_unknown
}

test_a_suppliers_bills_are_files_each_or_one_document() {
	local out said
	mkdir "$TMP/bills"
	out=$(ctl bill --portal tgk1 --supplier murmanskaya-tec \
	    --month 2026-10 --out "$TMP/bills") || fail "not printed: $out"
	has 'what it says' "$out" '201 bills, 0 accounts without charges'
	is files "$(find "$TMP/bills" -name '*.pdf' | wc -l)" 201
	is halves "$(find "$TMP/bills" -name '*.part' | wc -l)" 0
	# For paper in the owner's letter-box: whole, and of this supplier in
	# Windows-1251.
	said=$(square "$TMP/bills/510017832-202610.pdf" |
	    iconv -f cp1251 -t utf-8)
	has square "$said" 'ST00011|Name='
	has square "$said" '|LastName=Северова Ольга Игоревна|'
	out=$(ctl bill --portal tgk1 --supplier murmanskaya-tec \
	    --month 2026-10 --out "$TMP/all.pdf") || fail "not printed: $out"
	is pages "$(pdfinfo "$TMP/all.pdf" | awk '$1 == "Pages:" { print $2 }')" \
	    201
	out=$(ctl bill --portal tgk1 --supplier murmanskaya-tec --account \
	    510017832 --month 2026-10 --out "$TMP/one.pdf") ||
	    fail "not printed: $out"
	has bill "$(pdftotext "$TMP/one.pdf" -)" 'Северова Ольга Игоревна'
}

test_what_cannot_be_printed_leaves_no_file() {
	local out
	out=$(ctl bill --portal tgk1 --supplier murmanskaya-tec \
	    --month 2019-01 --out "$TMP/none.pdf") && fail "printed: $out"
	has 'what it says' "$out" bill_absent
	[[ ! -e $TMP/none.pdf ]] || fail "a file of nothing"
	out=$(ctl bill --portal tgk1 --supplier murmanskaya-tec \
	    --month 2026-10 --out /nowhere/all.pdf) && fail "printed: $out"
	has 'what it says' "$out" bill_unwritten
	out=$(ctl bill --portal tgk1 --supplier murmanskaya-tec \
	    --month october --out "$TMP/none.pdf") && fail "printed: $out"
	has 'what it says' "$out" usage
}

run_tests
