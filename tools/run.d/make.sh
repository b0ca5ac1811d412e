# make.sh: what tools/run puts into its folder before anything starts;
# sourced by it.
#
# Secrets, keys and certificates are made once and kept; settings are written
# afresh at each start.

PORTALS=(portalgkh tgk1 irkutskenergosbyt novcheb moygaz)

make_all() {
	mkdir -p "$RUN/secret" "$RUN/nginx/kvitok" "$RUN/spool" \
	    "$RUN/reports" "$RUN/outbox" "$RUN/exchange"
	choose_sim_ports
	local host=$LISTEN
	[[ $host == 0.0.0.0 ]] && host=127.0.0.1
	KVITOK_URL=http://$host:$PORT
	KVITOK_SIM_URL=http://127.0.0.1:$SIM_PORT
	SIM_TLS=https://localhost:$SIM_TLS_PORT
	make_secrets || die "openssl failed"
	make_nginx
}

# After PostgreSQL's folder is known.  The page's keys come with the database;
# until then something must stand there, for settings are checked as a whole.
make_settings() {
	local portal
	for portal in "${PORTALS[@]}"; do
		secret "page-$portal.key"
	done
	make_sim_conf >"$RUN/sim.conf"
	make_kvitok_conf >"$RUN/kvitok.conf"
	apply_set "$RUN/kvitok.conf"
}

# secret NAME: random text in a file of ours alone, made once.
secret() {
	[[ -s $RUN/secret/$1 ]] ||
	    openssl rand -hex 24 | tr -d '\n' >"$RUN/secret/$1"
}

# certificate NAME SUBJECT: an RSA key and its certificate, made once.
certificate() {
	[[ -s $RUN/secret/$1.crt ]] ||
	    openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 800 \
	        -subj "/CN=$2" -keyout "$RUN/secret/$1.key" \
	        -out "$RUN/secret/$1.crt" 2>>"$RUN/log/openssl.log"
}

# The simulator's name is vouched for by a CA of this run alone.
make_tls() {
	local s=$RUN/secret
	[[ -s $s/sim.crt ]] && return
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -days 800 -subj "/CN=Kvitok demo CA" -keyout "$s/ca.key" \
	    -out "$s/ca.crt" &&
	    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
	        -nodes -subj /CN=localhost -keyout "$s/sim.key" \
	        -out "$s/sim.csr" &&
	    openssl x509 -req -in "$s/sim.csr" -CA "$s/ca.crt" \
	        -CAkey "$s/ca.key" -CAcreateserial -days 800 -out "$s/sim.crt" \
	        -extfile <(echo "subjectAltName=DNS:localhost,IP:127.0.0.1")
} 2>>"$RUN/log/openssl.log"

make_secrets() {
	local name
	for name in sber-irk.password sber-irk.hmac sber-novcheb.password \
	    sber-moygaz.password gpb-portalgkh.password gpb-tgk1.password \
	    gpb-novcheb.password gpb-portalgkh.api gpb-tgk1.api \
	    gpb-novcheb.api; do
		secret "$name" || return
	done
	certificate gpb gpb.sim && certificate gpb-next gpb.sim &&
	    certificate sber-novcheb sber.sim && make_tls
}

make_nginx() {
	local n=$RUN/nginx pool
	cp nginx/kvitok.conf "$n/"
	cp nginx/kvitok/{fastcgi,headers,answers,problems}.conf "$n/kvitok/"
	cat >"$n/nginx.conf" <<-END
	$( ((EUID == 0)) && echo "user root;")
	worker_processes 2;
	worker_rlimit_nofile 4096;
	pid $RUN/nginx/nginx.pid;
	error_log $RUN/log/nginx.log;
	events {
		worker_connections 2048;
	}
	http {
		client_body_temp_path tmp-body;
		fastcgi_temp_path tmp-fastcgi;
		proxy_temp_path tmp-proxy;
		uwsgi_temp_path tmp-uwsgi;
		scgi_temp_path tmp-scgi;
		access_log off;
		include kvitok.conf;
		include extra/*.conf;
	}
	END
	cat >"$n/kvitok/listen.conf" <<-END
	listen $LISTEN:$PORT backlog=1024;
	server_name localhost;
	access_log $RUN/log/access.log kvitok;
	error_log $RUN/log/nginx.log error;
	END
	for pool in "${POOLS[@]}"; do
		echo "upstream kvitok_$pool { server unix:$RUN/$pool.sock; }"
	done >"$n/kvitok/sockets.conf"
	for pool in api page bank; do
		echo "limit_req_zone \$binary_remote_addr" \
		    "zone=kvitok_$pool:1m rate=${RATE}r/s;"
	done >"$n/kvitok/rates.conf"
	echo "limit_req_zone \$kvitok_guesser zone=kvitok_login:1m" \
	    "rate=${RATE}r/s;" >>"$n/kvitok/rates.conf"
}

# What kvitok-sim knows of the merchants; the other end of kvitok.conf.
make_sim_conf() {
	local s=$RUN/secret name
	cat <<-END
	[sim]
	http = 127.0.0.1:$SIM_PORT
	https = 127.0.0.1:$SIM_TLS_PORT
	smtp = 127.0.0.1:$SMTP_PORT
	public_url = $KVITOK_SIM_URL
	cert = $s/sim.crt
	key = $s/sim.key
	END
	for name in irk novcheb moygaz; do
		cat <<-END

		[sber sber-$name]
		login = $name-api
		password = $(<"$s/sber-$name.password")
		merchant = $name
		callback_url = $KVITOK_URL/bank/sberbank/callback
		END
		case $name in
		irk)
			echo "sign = hmac"
			echo "hmac_key = $(<"$s/sber-irk.hmac")"
			echo "cart = strict"
			;;
		novcheb)
			echo "sign = rsa"
			echo "rsa_key = $s/sber-novcheb.key"
			echo "sign_alias = SHA-512 with RSA"
			echo "cart = strict"
			;;
		moygaz)
			echo "cart = strict"
			;;
		esac
	done
	for name in portalgkh tgk1 novcheb; do
		cat <<-END

		[gpb gpb-$name]
		merch_id = $name
		account_id = MAIN-${name^^}
		check_url = $KVITOK_URL/bank/gazprombank/check
		register_url = $KVITOK_URL/bank/gazprombank/register
		sign_key = $s/gpb.key
		sign_key_next = $s/gpb-next.key
		basic_user = gpb-$name
		basic_password = $(<"$s/gpb-$name.password")
		portal = portal-$name
		api_login = api-$name
		api_password = $(<"$s/gpb-$name.api")
		END
	done
}

# How the banks, the database and the mail are reached from here; every other
# setting has its default.
make_kvitok_conf() {
	local s=$RUN/secret portal
	cat <<-END
	# Made by tools/run at each start; KVITOK_SET changes settings.
	[reports]
	folder = $RUN/reports
	outbox = $RUN/outbox

	[server]
	public_url = $KVITOK_URL
	stats_file = $RUN/stats

	[database]
	END
	if [[ $DB == sqlite ]]; then
		echo "driver = sqlite"
		echo "file = $RUN/kvitok.sqlite"
	else
		echo "driver = postgresql"
		echo "host = $PG"
	fi
	cat <<-END

	[mail]
	host = 127.0.0.1
	port = $SMTP_PORT
	END
	for portal in "${PORTALS[@]}"; do
		cat <<-END

		[page $portal]
		key = $s/page-$portal.key
		END
	done
	sber_contract irk old
	echo "sign = hmac"
	echo "hmac_key = $s/sber-irk.hmac"
	fiscal_contract 1.05
	sber_contract novcheb old
	echo "sign = rsa"
	echo "certs = $s/sber-novcheb.crt"
	fiscal_contract 1.05
	sber_contract moygaz new
	fiscal_contract 1.2
	gpb_contract portalgkh pga
	gpb_contract tgk1 pps
	gpb_contract novcheb pga
	exchange_sections
}

# sber_contract NAME DIALECT
sber_contract() {
	local base=$SIM_TLS/payment/rest/
	local page="$KVITOK_SIM_URL/payment/merchants/$1/payment_ru.html?mdOrder={id}"
	if [[ $2 == new ]]; then
		base=$SIM_TLS/ecomm/gw/partner/api/v1/
		page="$KVITOK_SIM_URL/pp/pay_ru?orderId={id}"
	fi
	cat <<-END

	[contract sber-$1]
	bank = sberbank
	dialect = $2
	base_url = $base
	page_url = $page
	ca_file = $RUN/secret/ca.crt
	ca_system = no
	login = $1-api
	password = $RUN/secret/sber-$1.password
	cards = yes
	bind_alone = yes
	END
}

# fiscal_contract FORMAT: the bank issues receipts.
fiscal_contract() {
	cat <<-END
	fiscal = bank
	ffd = $1
	tax_system = osn
	fiscal_inn = 3811090113
	fiscal_email = cheque@kvitok.example
	fiscal_place = https://kvitok.example
	END
}

# gpb_contract NAME DIALECT
gpb_contract() {
	local start=$KVITOK_SIM_URL/pages/
	[[ $2 == pps ]] && start=$KVITOK_SIM_URL/payment/start.wsm
	cat <<-END

	[contract gpb-$1]
	bank = gazprombank
	dialect = $2
	start_url = $start
	api_url = $SIM_TLS/api/v4/portal-$1/
	ca_file = $RUN/secret/ca.crt
	ca_system = no
	merch_id = $1
	account_id = MAIN-${1^^}
	public_check_url = $KVITOK_URL/bank/gazprombank/check
	public_register_url = $KVITOK_URL/bank/gazprombank/register
	certs = $RUN/secret/gpb.crt, $RUN/secret/gpb-next.crt
	basic_user = gpb-$1
	basic_password = $RUN/secret/gpb-$1.password
	api_login = api-$1
	api_password = $RUN/secret/gpb-$1.api
	cards = yes
	bind_alone = yes
	unbind_path = merchant/card/{id}/deactivate
	END
	[[ $2 == pps ]] || echo "bind_url = $KVITOK_SIM_URL/pages-rec/"
}

# Suppliers that hand their documents over through HTTPS, each with a key of its
# own: portal supplier.
EXCHANGES=('portalgkh liftservis' 'tgk1 murmanskaya-tec')

exchange_sections() {
	local each portal supplier
	for each in "${EXCHANGES[@]}"; do
		read -r portal supplier <<<"$each"
		cat <<-END

		[exchange $supplier]
		portal = $portal
		supplier = $supplier
		kind = https
		folder = $RUN/exchange/$supplier
		poll_s = 1
		END
	done
}

exchange_keys() {
	local each portal supplier key
	for each in "${EXCHANGES[@]}"; do
		read -r portal supplier <<<"$each"
		key=$(ctl_key "$portal" "exchange report" exchange \
		    --supplier "$supplier") || return
		supplier=${supplier^^}
		echo "KVITOK_KEY_${supplier//-/_}=$key"
	done
}

# make_keys PORTAL: one key with every right, one for the public page.
make_keys() {
	local key page
	key=$(ctl_key "$1" "pay read refund report admin" demo) &&
	    page=$(ctl_key "$1" "pay read" page) || return
	echo "KVITOK_KEY_${1^^}=$key"
	echo "KVITOK_PAGE_${1^^}=$page"
}

# make_staff LOGIN NAME RIGHTS [MORE]: an accountant of portalgkh, whose
# password is made up and kept beside the keys.
make_staff() {
	secret "staff-$1.password"
	staff_by_stdin "$1" add "$1" --name "$2" --portal portalgkh \
	    --rights "$3" "${@:4}" || staff_by_stdin "$1" password "$1"
}

# staff_by_stdin LOGIN WORD...: kvitokctl staff WORD with that password.
staff_by_stdin() {
	echo "$(<"$RUN/secret/staff-$1.password")" |
	    "$BIN/kvitokctl" -c "$RUN/kvitok.conf" staff "${@:2}" \
	    --password stdin >>"$RUN/log/make.log" 2>&1
}

# ctl_key PORTAL RIGHTS TITLE [more]: the key is the last word of what kvitokctl
# prints.
ctl_key() {
	"$BIN/kvitokctl" -c "$RUN/kvitok.conf" key add --portal "$1" \
	    --rights "$2" --title "$3" "${@:4}" 2>>"$RUN/log/make.log" |
	    awk 'NF { last = $NF } END { if (!last) exit 1; print last }'
}

# Tables, demo data and keys.  Keys are kept with the database that knows them.
make_database() {
	local portal known=$RUN/keys.$DB
	"$BIN/kvitokctl" -c "$RUN/kvitok.conf" migrate >>"$RUN/log/make.log" \
	    2>&1 || fail_with make "kvitokctl migrate failed"
	if [[ ! -s $known ]]; then
		"$BIN/kvitokctl" -c "$RUN/kvitok.conf" demo \
		    >>"$RUN/log/make.log" 2>&1 ||
		    fail_with make "kvitokctl demo failed"
		for layout in conf/layouts/*.json; do
			"$BIN/kvitokctl" -c "$RUN/kvitok.conf" layout apply \
			    "$layout" >>"$RUN/log/make.log" 2>&1 ||
			    fail_with make "kvitokctl layout apply failed"
		done
		for portal in "${PORTALS[@]}"; do
			make_keys "$portal"
		done >"$known.new" && exchange_keys >>"$known.new" &&
		    mv "$known.new" "$known" ||
		    fail_with make "kvitokctl key failed"
	fi
	if [[ ! -e $RUN/staff.$DB ]]; then
		make_staff buh 'Анна Петрова' 'read,refund,report,admin' &&
		    make_staff buh-zhks 'Пётр Южный' 'read,report' \
		    --supplier yuzhnoe-zhks && touch "$RUN/staff.$DB" ||
		    fail_with make "kvitokctl staff failed"
	fi
	for portal in "${PORTALS[@]}"; do
		sed -n "s/^KVITOK_PAGE_${portal^^}=//p" "$known" |
		    tr -d '\n' >"$RUN/secret/page-$portal.key"
	done
	{
		echo "KVITOK_URL=$KVITOK_URL"
		echo "KVITOK_SIM_URL=$KVITOK_SIM_URL"
		! box_wanted || echo "KVITOK_BOX_URL=$KVITOK_BOX_URL"
		grep ^KVITOK_KEY_ "$known"
	} >"$RUN/demo.env"
}

# apply_set FILE: put each "section.key=value" of KVITOK_SET into FILE.
apply_set() {
	local line
	while IFS= read -r line; do
		line=${line#"${line%%[![:space:]]*}"}
		[[ -n $line ]] || continue
		[[ $line == *.*=* ]] || die "KVITOK_SET: not understood: $line"
		set_value "$1" "${line%%.*}" "${line#*.}"
	done <<<"${KVITOK_SET:-}"
}

set_value() {
	local key=${3%%=*} value=${3#*=}
	key=${key%% } value=${value## }
	awk -v section="[$2]" -v key="$key" -v value="$value" '
	function put() { print key " = " value; done = 1 }
	/^\[/ { if (inside && !done) put(); inside = ($0 == section) }
	inside && $1 == key { if (!done) put(); next }
	{ print }
	END {
		if (done) exit
		if (!inside) print "\n" section
		put()
	}' "$1" >"$1.new" && mv "$1.new" "$1"
}
