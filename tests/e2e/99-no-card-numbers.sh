#!/bin/bash
# After everything else has run: no number of a card that payers have typed is
# in any table, log or file of ours.
. "$(dirname "$0")/lib.sh"

# The simulator's cards, as they are typed.
numbers() {
	grep -ohE '"[0-9]{15,19}"' "$TOP/src/sim/card.c" | tr -d '"' | sort -u
}

# The same with spaces or dashes between their groups.
patterns() {
	numbers
	numbers | sed -E 's/(....)(....)(....)(.+)/\1 \2 \3 \4/'
	numbers | sed -E 's/(....)(....)(....)(.+)/\1-\2-\3-\4/'
	numbers | sed -E 's/(....)(....)(....)(.+)/\1+\2+\3+\4/'
	numbers | sed -E 's/(....)(....)(....)(.+)/\1%20\2%20\3%20\4/'
}

dump() {
	if [[ $E2E_DB == sqlite ]]; then
		sqlite3 -cmd '.timeout 5000' "$E2E_RUN/kvitok.sqlite" .dump
	else
		pg_dump -h "$(realpath "$E2E_RUN/pg")" -U kvitok --inserts \
		    --enable-row-security \
		    kvitok
	fi
}

# A card is typed on the bank's page, as a payer types it.
type_a_card() {
	payment irkutskenergosbyt
	open_link
	http POST "$KVITOK_SIM_URL/sim/pay/${BANK_URL##*=}" \
	    -d 'pan=5555 5555 5555 5599&exp=12/40&cvc=123'
	[[ $STATUS == 303 ]] || fail "the bank's page: $STATUS"
	wait_state paid
}

test_no_card_number_is_in_any_table() {
	type_a_card
	patterns >"$TMP/patterns"
	(($(wc -l <"$TMP/patterns") >= 100)) || fail "too few numbers"
	dump >"$TMP/dump" || fail "no dump"
	# The masks are there: it is these payments that are looked through.
	grep -qF '555555**5599' "$TMP/dump" || fail "no mask in the dump"
	grep -m 3 -nFf "$TMP/patterns" "$TMP/dump" &&
	    fail "a card number is in a table"
	return 0
}

test_no_card_number_is_in_any_log_or_file() {
	local file
	patterns >"$TMP/patterns"
	(($(find "$E2E_RUN/log" -type f | wc -l) > 0)) || fail "no logs"
	# What lies in TMP is this test's; tools/run tells whoever has started
	# a demonstration which card to type there.
	while IFS= read -r file; do
		grep -av '  A card: 4111 1111 1111 1111,' "$file" |
		    grep -aqFf "$TMP/patterns" &&
		    fail "a card number is in $file"
	done < <(find "$E2E_RUN" -type f -not -path "$TMP/*" -print0 |
	    xargs -0 grep -alFf "$TMP/patterns")
	return 0
}

run_tests
