#!/bin/bash
# A month in the life: every day people pay through both banks and some get
# their money back; in the night after it the banks' registers come, some of
# them with planted differences, suppliers are paid, and the day is closed.
#
# It has an instance of its own, whose programs see a clock that this script
# moves (libfaketime); its databases, nginx and curl see the real one.
set -u
MONTH=$E2E_RUN/month
. "$(dirname "$0")/month.sh"
DAYS=30

make_clock
start_month jobs.lease_ms=60000
. "$(dirname "$0")/lib.sh"
trap '"$TOP/tools/stop" "$MONTH" >/dev/null; rm -rf "$TMP"' EXIT

# pay PORTAL SUM N: somebody pays on day N, beside others.
pay() {
	TMP=$(mktemp -d "$TMP/pay.XXXXXX")
	payment "$1" "$2"
	open_link
	at_bank paid
	echo "$1 $NUMBER $BANK_NO $(contract_of)" >>"$MONTH/paid.$3"
}

# The contract that the payment went through.
contract_of() {
	db "SELECT contract FROM attempt WHERE akey = '${NUMBER%%-*}'
	    AND number = '$NUMBER'"
}

# give_back KOP N: of a payment of day N.
give_back() {
	local who number bank_no contract
	read -r who number bank_no contract <"$MONTH/paid.$2"
	portal "$who"
	api POST "/payments/$number/refunds" \
	    "{\"sum_kop\":$1,\"reason\":\"перерасчёт\"}" \
	    -H "Idempotency-Key: month-$number"
	status 201
	echo "$contract" >>"$MONTH/moved.$(($2 + 1))"
}

# Without jobs that look again for ever: at registers, into mailboxes.
unfinished() {
	db "SELECT (SELECT COUNT(*) FROM payment
	        WHERE state IN ('created', 'pending')) +
	    (SELECT COUNT(*) FROM refund
	        WHERE state NOT IN ('done', 'failed')) +
	    (SELECT COUNT(*) FROM job WHERE state = 'due'
	        AND kind NOT IN ('reconcile', 'exchange'))"
}

all_done() {
	[[ $(unfinished) == 0 ]]
}

PORTALS=(portalgkh irkutskenergosbyt novcheb moygaz tgk1)

# Two pay, one through each bank; every third day a part goes back.
live_day() {
	local n=$1 pids=() p
	at_day "$n"
	for p in 0 1; do
		(pay "${PORTALS[(n + p * 2) % 5]}" $((100000 + n * 101 + p)) \
		    "$n") &
		pids+=($!)
	done
	for p in "${pids[@]}"; do
		wait "$p" || fail "a payment of day $n"
	done
	((n % 3 != 0)) || give_back $((5000 + n)) $((n - 1))
	wait_for 30 "everything of day $n is done" all_done
}

# ---- the night after a day -----------------------------------------------

# register CONTRACT N [PLANTS]: of day N, imported.
register() {
	local file out url="$KVITOK_SIM_URL/control/register?contract=$1"
	file=$MONTH/registers/$1-$2-$(unique).csv
	curl -sS -m 20 -f -o "$file" "$url&day=$(day "$2")&plant=${3:-}" ||
	    fail "no register of $1, day $2"
	out=$(ctl register import "$1" "$file") || fail "$1, day $2: $out"
}

# plant N: the differences of that day, for plants_of; what is to be a case of
# them goes on the list.  On these days nothing is given back of what was paid
# on them, and each kind comes from both banks.
plant() {
	local who number bank_no contract what kind
	while read -r who number bank_no contract; do
		what='' kind=''
		case $1 in
		3) what=omit:$bank_no kind=register_missing ;;
		6) what=omit:$bank_no ;; # comes a night later
		9) what=sum:$bank_no:-300 kind=register_sum ;;
		12) what=fee:$bank_no:2 kind=register_fee ;;
		15) what=foreign kind=register_unknown number= ;;
		21) what=repeat:$bank_no,totals ;;
		esac
		[[ -z $what ]] || echo "$contract $what" >>"$MONTH/plants.$1"
		[[ -z $kind ]] || echo "$kind|$number" >>"$MONTH/planted"
	done <"$MONTH/paid.$1"
}

plants_of() {
	awk -v contract="$1" '$1 == contract { print $2; exit }' \
	    "$MONTH/plants.$2" 2>/dev/null
}

# charge_back N: the payers' banks take back what was paid on day N.
charge_back() {
	local who number bank_no contract
	while read -r who number bank_no contract; do
		sim_ok POST "orders/$bank_no/chargeback"
		echo "chargeback|$number" >>"$MONTH/planted"
		echo "$contract" >>"$MONTH/moved.18"
	done <"$MONTH/paid.$1"
}

# side_by_side COMMAND N: for each word of stdin, all must end well.
side_by_side() {
	local word pids=()
	while read -r word; do
		"$1" "$word" "$2" &
		pids+=($!)
	done
	for word in "${pids[@]}"; do
		wait "$word" || fail "$1 of day $2"
	done
}

one_register() {
	register "$1" "$2" "$(plants_of "$1" "$2")"
}

# Registers of the contracts that money has moved through.
registers_of_day() {
	local n=$1
	plant "$n"
	side_by_side one_register "$n" < <(
		{
			cut -d ' ' -f 4 "$MONTH/paid.$n"
			cat "$MONTH/moved.$n" 2>/dev/null
		} | sort -u
	)
	((n != 7)) || side_by_side register 6 \
	    < <(cut -d ' ' -f 4 "$MONTH/paid.6" | sort -u)
}

# confirm_all PREPARED: what kvitokctl has printed of settlements.
confirm_all() {
	local id sum out
	while read -r id sum; do
		out=$(ctl settlement confirm "$id" --sum "$sum") ||
		    fail "confirm $id: $out"
	done < <(awk '!/carried over/ { print $1, $4 }' <<<"$1")
}

# settle PORTAL N: who was paid on the day is transferred it.
settle() {
	local out
	out=$(ctl settlement prepare --day "$(day "$2")" --portal "$1" \
	    --supplier "$(supplier "$1")") || fail "prepare $1: $out"
	confirm_all "$out"
}

# resolve KIND HOW [NUMBER]: every case of the kind, or the payment's.
resolve() {
	local id out
	for id in $(db "SELECT id FROM pay_case WHERE kind = '$1'
	    AND state = 'open'${3:+ AND number = '$3'}"); do
		out=$(ctl case resolve "$id" "$2" --reason 'проверено') ||
		    fail "$1 $2: $out"
	done
}

# One chargeback is taken from the supplier, the other one is our loss.
judge_chargebacks() {
	local who number bank_no contract how=accept
	while read -r who number bank_no contract; do
		resolve chargeback "$how" "$number"
		how=bear
	done < <(sort "$MONTH/paid.15")
}

night_after() {
	local n=$1
	registers_of_day "$n"
	((n != 20)) || judge_chargebacks
	side_by_side settle "$n" < <(cut -d ' ' -f 1 "$MONTH/paid.$n" | sort -u)
}

test_each_day_of_a_month_is_closed_on_the_next() {
	local n out
	mkdir "$MONTH/registers"
	for ((n = 1; n <= DAYS; n++)); do
		live_day "$n"
		((n != 18)) || charge_back 15
		if ((n == 7)); then
			at_day 8 00:09
			out=$(ctl day close "$(day 7)") && fail "early: $out"
			has "too early" "$out" day_not_over
		fi
		at_day $((n + 1)) 01:30
		night_after "$n"
		((n % 10 != 4)) || continue # a timer that was missed
		out=$(ctl day close) || fail "day $n: $out"
		has "closing" "$out" "$(day "$n")  "
	done
	is "closed days" "$(db 'SELECT COUNT(*) FROM ledger_close')" "$DAYS"
	is payments "$(db "SELECT COUNT(*) FROM payment
	    WHERE state IN ('paid', 'partly_refunded', 'refunded')")" \
	    $((DAYS * 2))
	# One more is the chargeback that was accepted.
	is refunds "$(db "SELECT COUNT(*) FROM refund WHERE state = 'done'")" \
	    $((DAYS / 3 + 1))
	out=$(ctl day close "$(day 3)") && fail "twice: $out"
	has "a second time" "$out" day_closed
}

test_the_books_of_the_month_are_clean() {
	local out
	out=$(ctl audit) || fail "$out"
	has audit "$out" "closed days $DAYS,"
	has audit "$out" "findings 0"
	out=$(ctl day verify --from "$(day 5)" --to "$(day 9)") || fail "$out"
	has verify "$out" "closed days 5,"
}

# What each account had before, its debits and credits, and what it has then.
test_the_balances_of_a_closed_day_are_those_of_the_lines() {
	local out d
	d=$(day 9)
	out=$(ctl day balance "$d") || fail "$out"
	is balances "$(awk '{ for (i = 2; i <= 5; i++) gsub(/[^-0-9]/, "", $i)
	    print $1, $2 + 0, $3 + 0, $4 + 0, $5 + 0 }' <<<"$out")" \
	    "$(db "SELECT account, SUM(CASE WHEN day < '$d' THEN sum_kop ELSE 0 END),
	    SUM(CASE WHEN day = '$d' AND sum_kop > 0 THEN sum_kop ELSE 0 END),
	    SUM(CASE WHEN day = '$d' AND sum_kop < 0 THEN -sum_kop ELSE 0 END),
	    SUM(sum_kop) FROM ledger_line WHERE day <= '$d'
	    GROUP BY account ORDER BY account" | tr '|' ' ')"
	is "the last closed day" "$(ctl day balance)" \
	    "$(ctl day balance "$(day "$DAYS")")"
	out=$(ctl day balance 2020-01-01) && fail "of an open day: $out"
	has "an open day" "$out" day_open
}

test_an_outsider_makes_the_same_hashes() {
	local n where=("$E2E_DB")
	[[ $E2E_DB == sqlite ]] && where+=("$MONTH/kvitok.sqlite") ||
	    where+=("host=$(realpath "$MONTH/pg") user=kvitok dbname=kvitok")
	hash_of() {
		db "SELECT hash FROM ledger_close WHERE day = '$(day "$1")'"
	}
	is "hash of the first day" "$(hash_of 1)" \
	    "$("$TOP/tests/day-hash.sh" "${where[@]}" "$(day 1)")"
	for n in 15 $DAYS; do
		is "hash of day $n" "$(hash_of "$n")" "$("$TOP/tests/day-hash.sh" \
		    "${where[@]}" "$(day "$n")" "$(hash_of $((n - 1)))")"
	done
}

# Net sums of the files themselves, each operation once: contract|kopecks.
# Sberbank parts columns by semicolons and writes signs, Gazprombank by commas
# and writes none.
nets() {
	local file contract
	for file in "$MONTH"/registers/*.csv; do
		contract=$(basename "$file" | sed 's/-[0-9]*-[0-9]*\.csv$//')
		LC_ALL=C awk -v contract="$contract" '
		function kop(s) { gsub(/[^0-9-]/, "", s); return s + 0 }
		BEGIN { FS = contract ~ /^sber/ ? ";" : "," }
		FS == ";" && $1 ~ /^[0-9][0-9][.]/ { print contract, $4, kop($12) }
		FS == "," && $1 ~ /^[0-9][0-9][0-9][0-9]-/ {
			print contract, $3,
			    kop($9) * ($2 == "PAYMENT" ? 1 : -1) + kop($10)
		}' "$file"
	done | sort -u | awk '
	{
		if (once[$1 " " $2]++)
			print "twice|" $2
		net[$1] += $3
	}
	END { for (c in net) printf "%s|%d\n", c, net[c] }'
}

by_account() {
	awk -F '|' 'NR == FNR { own[$1] = $2; next }
	{ net[$1 in own ? own[$1] : $1] += $2 }
	END { for (a in net) printf "bank_account/%s|%d\n", a, net[a] }' \
	    <(db "SELECT contract, own_account FROM bank_contract") - | sort
}

test_bank_accounts_have_what_the_files_of_registers_say() {
	is "before transfers" "$(db "SELECT l.account, SUM(l.sum_kop)
	    FROM ledger_line l JOIN ledger_transfer t ON t.akey = l.akey
	        AND t.id = l.transfer
	    WHERE l.account LIKE 'bank_account/%' AND t.kind <> 'transfer'
	    GROUP BY l.account" | sort)" "$(nets | by_account)"
}

test_every_planted_difference_is_a_case_and_nothing_else_is() {
	is "kinds" "$(cut -d '|' -f 1 "$MONTH/planted" | sort | uniq -c |
	    tr -s ' \n' ' ')" " 2 chargeback 2 register_fee 2 register_missing \
2 register_sum 2 register_unknown "
	is cases "$(db "SELECT kind, number FROM pay_case" | sort)" \
	    "$(sort "$MONTH/planted")"
}

# Only what was left out of registers for good.
test_banks_owe_us_what_no_register_has_brought() {
	is "owed by banks" "$(db "SELECT account, SUM(sum_kop) FROM ledger_line
	    WHERE account LIKE 'receivable/%' GROUP BY account
	    HAVING SUM(sum_kop) <> 0" | sort)" "$(
	while read -r _ number _ contract; do
		echo "receivable/$contract|$(db "SELECT total_kop FROM payment
		    WHERE number = '$number'")"
	done <"$MONTH/paid.3" | sort)"
}

# What waited for the end of a case is transferred with the next day.
test_all_cases_end_and_what_was_held_is_transferred() {
	local out held
	at_day $((DAYS + 1)) 03:00
	held=$(db "SELECT COUNT(*) FROM settlement WHERE state = 'confirmed'
	    AND held_items > 0")
	((held > 0)) || fail "nothing was held"
	resolve register_missing write_off
	resolve register_sum accept
	resolve register_fee accept
	resolve register_unknown keep
	is "open cases" "$(db "SELECT COUNT(*) FROM pay_case
	    WHERE state <> 'resolved'")" 0
	at_day $((DAYS + 2)) 01:30
	out=$(ctl settlement prepare) || fail "$out"
	confirm_all "$out"
	has_not "settlements" "$out" "held back"
}

# Taken, less what went back and what suppliers pay for it.
test_every_supplier_got_exactly_what_was_taken_for_it() {
	is transfers "$(db "SELECT portal, supplier, SUM(transfer_kop)
	    FROM settlement WHERE state = 'confirmed'
	    GROUP BY portal, supplier" | sort)" "$(db "
	    SELECT p.portal, l.supplier,
	        SUM(l.sum_kop - l.supplier_fee_kop) - SUM(COALESCE((
	            SELECT SUM(r.sum_kop - r.supplier_fee_kop)
	            FROM refund_line r WHERE r.akey = l.akey
	            AND r.number = l.number AND r.n = l.n), 0))
	    FROM pay_line l JOIN payment p ON p.akey = l.akey
	        AND p.number = l.number
	    GROUP BY p.portal, l.supplier" | sort)"
	is "owed still" "$(db "SELECT account FROM ledger_line
	    WHERE account LIKE 'payable/%' GROUP BY account
	    HAVING SUM(sum_kop) <> 0")" ''
	is "went out" "$(db "SELECT -SUM(l.sum_kop) FROM ledger_line l
	    JOIN ledger_transfer t ON t.akey = l.akey AND t.id = l.transfer
	    WHERE l.account LIKE 'bank_account/%' AND t.kind = 'transfer'")" \
	    "$(db "SELECT SUM(transfer_kop) FROM settlement
	    WHERE state = 'confirmed'")"
}

test_the_books_are_clean_after_all_of_it() {
	local out
	out=$(ctl audit) || fail "$out"
	has audit "$out" "findings 0"
	is "owed by banks" "$(db "SELECT account FROM ledger_line
	    WHERE account LIKE 'receivable/%' GROUP BY account
	    HAVING SUM(sum_kop) <> 0")" ''
}

run_tests
