#!/bin/bash
# The door of the accountants' cabinet: in, out, wrong passwords, another
# password, and what the trail says of it.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/desk.sh"

# somebody [kvitokctl's options]: a new accountant in LOGIN.
somebody() {
	LOGIN=buh$(unique)
	new_staff "$LOGIN" tgk1 'read report' "$@"
}

csrf() {
	look /cabinet/password
	status 200
	CSRF=$(hidden csrf)
}

test_the_right_password_opens_a_session_that_ends_at_logout() {
	local set
	somebody
	door '/cabinet/login?to=%2Fcabinet%2Fpassword'
	has page "$BODY" 'Кабинет бухгалтера'
	has 'where it leads' "$BODY" 'name="to" value="/cabinet/password"'
	knock "  ${LOGIN^^} " "$PASSWORD" '&to=%2Fcabinet%2Fpassword'
	status 303
	is 'where it leads' "$LOCATION" /cabinet/password
	set=$(grep -i '^set-cookie: kvitok=' "$TMP/headers" | tr -d '\r')
	has cookie "$set" '; Path=/; HttpOnly; SameSite=Strict'
	has_not cookie "$set" Secure
	has 'Cache-Control' "$(header cache-control)" no-store
	look /cabinet/password
	status 200
	has page "$BODY" 'Анна &lt;b&gt;Бухгалтер&lt;/b&gt;'
	has sessions "$(ctl staff sessions "$LOGIN")" '127.0.0.*'
	has_not 'what is stored' "$(db 'SELECT digest FROM staff_session')" \
	    "$SESSION"
	# Open already: no second door.
	look '/cabinet/login?to=%2Fcabinet%2Fpassword'
	is 'where it leads' "$STATUS $LOCATION" '303 /cabinet/password'
	csrf
	act /cabinet/logout "csrf=$CSRF"
	is 'where it leads' "$STATUS $LOCATION" '303 /cabinet/login?why=out'
	has 'the cookie goes' "$(grep -i '^set-cookie: kvitok=;' \
	    "$TMP/headers")" 'Max-Age=0'
	# Stolen before, it is worth nothing now.
	look /cabinet/password
	status 303
	has 'where it leads' "$LOCATION" '/cabinet/login?why=over&to='
	browse "$KVITOK_URL$LOCATION"
	has page "$BODY" 'Сеанс закончился'
	has trail "$(ctl staff events "$LOGIN")" "staff:$LOGIN"
	is trail "$(ctl staff events "$LOGIN" | awk '{print $5}' |
	    tr '\n' ' ')" 'logout login staff_added '
}

test_a_wrong_password_and_no_such_login_are_told_alike() {
	local wrong
	somebody
	door
	knock "$LOGIN" 'не тот пароль, увы'
	status 403
	has page "$BODY" 'Неверный логин или пароль'
	has_not page "$BODY" 'не тот пароль'
	[[ -z $SESSION ]] || fail 'a session for a wrong password'
	wrong=${BODY//$LOGIN/LOGIN}
	knock "n$LOGIN" 'не тот пароль, увы'
	status 403
	is 'the page of a stranger' "${BODY//n$LOGIN/LOGIN}" "$wrong"
	knock 'бухгалтер' "$PASSWORD"
	status 403
	knock "$LOGIN" ''
	status 403
	knock "$LOGIN" "$(printf 'д%.0s' {1..500})"
	status 403
	knock '"><script>alert(1)</script>' x
	status 403
	has_not page "$BODY" '<script>alert'
	knock "$LOGIN" "$PASSWORD"
	status 303
	http GET "$KVITOK_URL/metrics"
	has metrics "$BODY" 'kvitok_desk_logins_total{result="wrong"}'
}

test_who_guesses_waits_and_the_accountant_elsewhere_does_not() {
	local i until
	somebody
	door
	for i in 1 2 3 4 5; do
		knock "$LOGIN" "guess number $i"
		status 403
	done
	knock "$LOGIN" "$PASSWORD"
	status 429
	has page "$BODY" 'Повторите через 1 мин.'
	[[ $(header retry-after) =~ ^[1-9][0-9]?$ ]] || fail 'no Retry-After'
	has trail "$(ctl staff events "$LOGIN" | head -1)" login_locked
	# The same login from elsewhere is not locked: another row.
	is 'tries that lock' "$(db "SELECT COUNT(*) FROM staff_try
	    WHERE login = '$LOGIN' AND locked_until > 0")" 1
	db "UPDATE staff_try SET locked_until = 0 WHERE login = '$LOGIN'"
	knock "$LOGIN" 'guess number 6'
	status 403
	until=$(db "SELECT locked_until - last_at FROM staff_try
	    WHERE login = '$LOGIN'")
	is 'the next wait' "$until" 60000
	ctl staff unblock "$LOGIN" >/dev/null || fail 'not unblocked'
	knock "$LOGIN" "$PASSWORD"
	status 303
}

test_who_guesses_from_the_same_office_keeps_nobody_out_of_his_browser() {
	local i known
	somebody
	enter
	known=$(cookie kvitok-known)
	[[ ${#known} == 32 ]] || fail 'the browser is not known'
	has 'how long it is' "$(grep -i kvitok-known "$TMP/headers")" \
	    'Max-Age=15552000'
	door
	for i in 1 2 3 4 5; do
		knock "$LOGIN" "guess number $i"
		status 403
	done
	knock "$LOGIN" "$PASSWORD"
	status 429
	FORM_COOKIE="$FORM_COOKIE; kvitok-known=$known"
	knock "$LOGIN" "$PASSWORD"
	status 303
}

test_of_many_guesses_at_once_none_is_free() {
	local i pids=()
	somebody
	door
	for i in {1..12}; do
		curl -sS -o /dev/null -m 20 -H "$FORM" \
		    -H "Cookie: kvitok-form=$FORM_COOKIE" --data-binary \
		    "csrf=$CSRF&login=$LOGIN&password=guess+$i" \
		    "$KVITOK_URL/cabinet/login" &
		pids+=($!)
	done
	wait "${pids[@]}"
	is 'wrong ones that were judged' "$(db "SELECT fails FROM staff_try
	    WHERE login = '$LOGIN'")" 5
}

test_a_form_of_another_site_opens_nothing() {
	somebody
	door
	http POST "$KVITOK_URL/cabinet/login" -H "$FORM" --data-binary \
	    "csrf=$CSRF&login=$LOGIN&password=$(urlenc "$PASSWORD")"
	status 403
	has page "$BODY" 'Форма устарела'
	http POST "$KVITOK_URL/cabinet/login" -H "$FORM" \
	    -H "Cookie: kvitok-form=$FORM_COOKIE" \
	    -H 'Origin: https://evil.example' --data-binary \
	    "csrf=$CSRF&login=$LOGIN&password=$(urlenc "$PASSWORD")"
	status 403
	enter
	act /cabinet/logout 'csrf=0123456789abcdef0123456789abcdef'
	status 403
	act /cabinet/logout ''
	status 403
	has page "$BODY" 'В кабинет'
	csrf
	http POST "$KVITOK_URL/cabinet/logout" -H "$FORM" \
	    -H "Cookie: kvitok=$SESSION" -H 'Sec-Fetch-Site: cross-site' \
	    --data-binary "csrf=$CSRF"
	status 403
	look /cabinet/password
	status 200
}

test_a_token_that_was_there_before_is_never_taken_over() {
	local planted=0123456789ABCDEFGHJKMNPQRSTVWXYZ first
	somebody
	door
	http POST "$KVITOK_URL/cabinet/login" -H "$FORM" \
	    -H "Cookie: kvitok-form=$FORM_COOKIE; kvitok=$planted" \
	    --data-binary \
	    "csrf=$CSRF&login=$LOGIN&password=$(urlenc "$PASSWORD")"
	status 303
	SESSION=$(cookie kvitok)
	[[ $SESSION != "$planted" ]] || fail 'the planted token is taken'
	look /cabinet/password "$planted"
	status 303
	first=$SESSION
	# Logged in once more in the same browser, the former one ends.
	http POST "$KVITOK_URL/cabinet/login" -H "$FORM" \
	    -H "Cookie: kvitok-form=$FORM_COOKIE; kvitok=$first" \
	    --data-binary \
	    "csrf=$CSRF&login=$LOGIN&password=$(urlenc "$PASSWORD")"
	status 303
	look /cabinet/password "$first"
	status 303
}

test_who_is_blocked_is_out_at_once_and_told_so_with_the_right_password_alone() {
	somebody
	enter
	look /cabinet/password
	status 200
	has 'what it says' "$(ctl staff block "$LOGIN")" 'sessions have ended'
	look /cabinet/password
	status 303
	door
	knock "$LOGIN" 'не тот пароль, увы'
	status 403
	has page "$BODY" 'Неверный логин или пароль'
	knock "$LOGIN" "$PASSWORD"
	status 403
	has page "$BODY" 'Ваш доступ закрыт'
	[[ -z $SESSION ]] || fail 'a session for one who is blocked'
	ctl staff unblock "$LOGIN" >/dev/null || fail 'not unblocked'
	enter
}

test_another_password_ends_all_other_sessions() {
	local other new='тридцать три коровы'
	somebody
	enter
	other=$SESSION
	enter
	csrf
	act /cabinet/password "csrf=$CSRF&old=$(urlenc "$PASSWORD")&password=$(
	    urlenc "$new")&again=$(urlenc "$new")x"
	status 422
	has page "$BODY" 'Пароли не совпадают'
	act /cabinet/password "csrf=$CSRF&old=x&password=$(
	    urlenc "$new")&again=$(urlenc "$new")"
	status 422
	has page "$BODY" 'Текущий пароль указан неверно'
	act /cabinet/password "csrf=$CSRF&old=$(
	    urlenc "$PASSWORD")&password=short&again=short"
	status 422
	has page "$BODY" 'не меньше 12 знаков.</p>'
	act /cabinet/password "csrf=$CSRF&old=$(urlenc "$PASSWORD")&password=$(
	    urlenc "$PASSWORD")&again=$(urlenc "$PASSWORD")"
	status 422
	has page "$BODY" 'совпадает с прежним'
	act /cabinet/password "csrf=$CSRF&old=$(urlenc "$PASSWORD")&password=$(
	    urlenc "$new")&again=$(urlenc "$new")"
	is 'where it leads' "$STATUS $LOCATION" '303 /cabinet/password?done=1'
	look /cabinet/password
	status 303
	SESSION=$(cookie kvitok)
	look /cabinet/password "$other"
	status 303
	door
	knock "$LOGIN" "$PASSWORD"
	status 403
	knock "$LOGIN" "$new"
	status 303
}

test_a_password_that_was_made_up_must_be_changed_first() {
	local once
	LOGIN=once$(unique)
	OUT=$(ctl staff add "$LOGIN" --name 'Пётр' --portal tgk1 \
	    --rights report) || fail "not added: $OUT"
	once=${OUT##* }
	[[ $once =~ ^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$ ]] || fail "once: $OUT"
	door '/cabinet/login?to=%2Fcabinet%2Freports'
	knock "$LOGIN" "$once" '&to=%2Fcabinet%2Freports'
	is 'where it leads' "$STATUS $LOCATION" '303 /cabinet/password'
	csrf
	has page "$BODY" 'выдан администратором'
	act /cabinet/password "csrf=$CSRF&old=$once&password=$(
	    urlenc "$PASSWORD")&again=$(urlenc "$PASSWORD")"
	status 303
	SESSION=$(cookie kvitok)
	look '/cabinet/password?done=1'
	has page "$BODY" 'Пароль изменён'
}

test_a_login_leads_into_the_cabinet_alone() {
	local to
	somebody
	for to in https://evil.example/ //evil.example /cabinet//evil.example \
	    '/cabinet/../pay/x' '/cabinet/\evil' /tgk1/ \
	    $'/cabinet/\r\nX-Evil: 1' /cabinet/logout; do
		door "/cabinet/login?to=$(urlenc "$to")"
		has "the door of $to" "$BODY" 'name="to" value=""'
	done
	for to in //evil.example $'/cabinet/\r\nX-Evil: 1'; do
		door
		knock "$LOGIN" "$PASSWORD" "&to=$(urlenc "$to")"
		is "where $to leads" "$STATUS $LOCATION" '303 /cabinet/'
		has_not headers "$(<"$TMP/headers")" Evil
	done
}

test_who_is_added_wrongly_is_refused_by_name() {
	local login=buh$(unique)
	add() {
		! OUT=$(printf '%s\n' "${PASS-$PASSWORD}" | ctl staff add "$@" \
		    --password stdin) || fail "was added: $OUT"
	}
	add бухгалтер --name A --portal tgk1 --rights report
	has words "$OUT" staff_login_form
	add "$login" --name A --portal nowhere --rights report
	has words "$OUT" portal_unknown
	add "$login" --name A --portal tgk1 --rights report --supplier nobody
	has words "$OUT" supplier_unknown
	add "$login" --name A --portal tgk1 --rights pay
	has words "$OUT" staff_rights_pay
	add "$login" --name A --portal tgk1 --rights admin --supplier tgk-1
	has words "$OUT" staff_rights_supplier
	PASS=short add "$login" --name A --portal tgk1 --rights report
	has words "$OUT" password_short
	PASS=aaaaaaaaaaaa add "$login" --name A --portal tgk1 --rights report
	has words "$OUT" password_plain
	somebody
	add "$LOGIN" --name A --portal tgk1 --rights report
	has words "$OUT" staff_login_taken
	has words "$(ctl staff rights "$LOGIN" --rights refund,read)" changed
	has list "$(ctl staff list --portal tgk1)" 'read refund'
}

test_a_large_body_and_many_guesses_are_stopped_by_nginx() {
	local config=$E2E_RUN/nginx/kvitok/rates.conf i codes=
	cp "$config" "$TMP/rates"
	sed '/kvitok_login/s,rate=[0-9]*r/s,rate=1r/m,' "$TMP/rates" >"$config"
	reload
	for i in {1..14}; do
		http POST "$KVITOK_URL/cabinet/login" -H "$FORM" -d 'login=a'
		codes+=" $STATUS"
	done
	browse "$KVITOK_URL/cabinet/login"
	codes+=" $STATUS"
	cp "$TMP/rates" "$config"
	reload
	has 'the first ones' "$codes" ' 403 403 403 403 403 403 403 403 403'
	has 'the last ones, and a look' "$codes" ' 429 429 200'
	door
	http POST "$KVITOK_URL/cabinet/login" -H "$FORM" \
	    -H "Cookie: kvitok-form=$FORM_COOKIE" --data-binary \
	    "csrf=$CSRF&login=a&password=$(printf 'x%.0s' {1..5000})"
	status 413
	has 'the page of who is no payer' "$BODY" 'отправляли форму'
	has 'where it leads' "$BODY" 'href="/cabinet/"'
	has_not 'the page' "$BODY" 'оплатили'
	http POST "$KVITOK_URL/pay/x/choose" -H "$FORM" --data-binary \
	    "card=$(printf 'x%.0s' {1..5000})"
	status 413
	has "the payer's page" "$BODY" 'оплатили'
}

run_tests
