# desk.sh: what an accountant's browser does; sourced after lib.sh.  SESSION is
# the cookie that it holds.
FORM='Content-Type: application/x-www-form-urlencoded'
PASSWORD='мост через реку 1957'

urlenc() {
	jq -rn --arg t "$1" '$t | @uri'
}

# cookie NAME: that the last answer has set.
cookie() {
	sed -n "s/^[Ss]et-[Cc]ookie: $1=\([^;]*\).*/\1/p" "$TMP/headers" |
	    tr -d '\r'
}

# hidden NAME: the first hidden field of that name on the page.
hidden() {
	grep -o "name=\"$1\" value=\"[^\"]*\"" <<<"$BODY" | head -n 1 |
	    cut -d'"' -f4
}

# new_staff LOGIN PORTAL RIGHTS [kvitokctl's options]: sets OUT.
new_staff() {
	OUT=$(printf '%s\n' "$PASSWORD" | ctl staff add "$1" \
	    --name 'Анна <b>Бухгалтер</b>' --portal "$2" --rights "$3" \
	    --password stdin "${@:4}") || fail "not added: $OUT"
}

# door [PATH]: opens it as a browser of its own; sets CSRF, FORM_COOKIE.
door() {
	browse "$KVITOK_URL${1:-/cabinet/login}" "${@:2}"
	status 200
	CSRF=$(hidden csrf)
	FORM_COOKIE=$(cookie kvitok-form)
	[[ -n $CSRF && -n $FORM_COOKIE ]] || fail 'no form'
}

# knock LOGIN PASSWORD [more of the form]: sets SESSION when it is let in.
knock() {
	http POST "$KVITOK_URL/cabinet/login" -A "$BROWSER" -H "$FORM" \
	    -H "Cookie: kvitok-form=$FORM_COOKIE" --data-binary \
	    "csrf=$CSRF&login=$(urlenc "$1")&password=$(urlenc "$2")${3:-}"
	read_header location LOCATION
	SESSION=$(cookie kvitok)
}

# enter [LOGIN [PASSWORD]]
enter() {
	door
	knock "${1:-$LOGIN}" "${2:-$PASSWORD}"
	status 303
	[[ ${#SESSION} == 32 ]] || fail "no session: $SESSION"
}

# look PATH [SESSION]
look() {
	browse "$KVITOK_URL$1" -H "Cookie: kvitok=${2:-$SESSION}"
}

# act PATH FORM
act() {
	http POST "$KVITOK_URL$1" -A "$BROWSER" -H "$FORM" \
	    -H "Cookie: kvitok=$SESSION" --data-binary "$2"
	read_header location LOCATION
}
