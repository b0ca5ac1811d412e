# exchange.sh: what a supplier's program writes; sourced after lib.sh.  PORTAL,
# SUPPLIER and, of most, SERVICE and ACCOUNT say whose and of what.

# document NUMBER BODY RECORDS
document() {
	printf '%s' "<document xmlns='urn:kvitok:exchange:1' version='1.0'" \
	    " portal='$PORTAL' supplier='$SUPPLIER' number='$1'" \
	    " made_at='2026-12-01T06:00:00+03:00'><$2>$3</${2%% *}></document>"
}

# applied NUMBER BODY RECORDS: the operator brings the document.
applied() {
	document "$@" >"$TMP/document.xml"
	has applied "$(ctl exchange apply "$TMP/document.xml")" applied
}

# balances NUMBER KOP: what the account of the test owes.
balances() {
	document "$1" "balances as_of_day='2026-12-01' count='1' sum_kop='$2'" \
	    "<balance account='$ACCOUNT' service='$SERVICE' debt_kop='$2'/>"
}

accounts() {
	document "$1" "accounts count='1'" "<account number='$ACCOUNT'
	    address='г. Мурманск, ул. Мира, д. 1'><owner last_name='Петров'/>
	    </account>"
}

# What we have of it: its number without what stands between.
debt() {
	db "SELECT debt_kop FROM debt WHERE portal = '$PORTAL'
	    AND supplier = '$SUPPLIER' AND account = '${ACCOUNT//-/}'"
}

# kept NUMBER COLUMN: of a document that came.
kept() {
	db "SELECT $2 FROM exchange_in WHERE portal = '$PORTAL'
	    AND supplier = '$SUPPLIER' AND number = $1"
}
