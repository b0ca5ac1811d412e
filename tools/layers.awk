# layers.awk FILE... : who may include whom.
#
# Fails on an #include that points to a layer that the including one may not
# know, and on a library's header outside of the rooms that may know it.
# The table is the first page of how Kvitok is written (CONTRIBUTING.md).

BEGIN {
	allow("base", "base")
	allow("domain", "base domain")
	allow("port", "base domain port")
	allow("app", "base domain port app")
	n = split("store bank mail notify xml out", adapters, " ")
	for (i = 1; i <= n; i++)
		allow(adapters[i], "base domain port " adapters[i])
	allow("http", "base http")
	allow("web", "base domain app http web")
	allow("bot", "base domain app http bot")
	allow("sim", "base http sim")
	allow("box", "base sim store xml box")
	allow("main", "*")
	# A supplier in the box must not check Kvitok against itself: of the
	# adapters it has what drives ODBC and what reads XML by a schema.
	narrow("box", "store", "odbc")
	narrow("box", "xml", "in|schema")
	narrow("box", "sim", "control|door|journal|pages|timers|world")

	room("^(fcgi|fastcgi)", "^src/http/fcgi[.]c$", "libfcgi")
	room("^sql(ext|types|ucode)?[.]h$", "^src/store/odbc[.]c$", "ODBC")
	room("^curl/", "^src/(bank/http|mail/smtp|sim/caller)[.]c$", "libcurl")
	room("^openssl/", "^src/(base/secret|bank/sign|sim/signer)[.]c$", "OpenSSL")
	room("^argon2", "^src/base/password[.]c$", "libargon2")
	room("^jansson", "^src/base/json[.]c$", "jansson")
	room("^microhttpd", "^src/sim/door[.]c$", "libmicrohttpd")
	room("^xlsxwriter", "^src/out/report_xlsx[.]c$", "libxlsxwriter")
	room("^qrencode[.]h$", "^src/out/qr[.]c$", "libqrencode")
	room("^(cairo|pango)", "^src/out/.*[.]c$", "cairo and pango")
	room("^ini[.]h$", "^src/base/conf[.]c$", "inih")
	room("^libxml/", "^src/(xml/.*|sim/cpa)[.]c$", "libxml2")
	room("^uni(case|norm|ctype|str|types|conv|stdio|name|width|gbrk)[.]h$", "^src/base/utf8[.]c$", "libunistring")
}

function allow(layer, layers,    i, n, a) {
	known[layer] = 1
	n = split(layers, a, " ")
	for (i = 1; i <= n; i++)
		may[layer, a[i]] = 1
}

# Of a layer that it may know, layer sees these headers only.
function narrow(layer, of, headers) {
	only[layer, of] = "^kvitok/" of "/(" headers ")[.]h$"
}

# Headers that match pattern are for the files that match where.
function room(pattern, where, name) {
	rooms++
	header[rooms] = pattern
	files[rooms] = where
	library[rooms] = name
}

function bad(words) {
	printf "%s:%d: %s\n", FILENAME, FNR, words
	errors++
}

function look_inside(target,    part, to) {
	split(target, part, "/")
	to = part[2]
	if (!(to in known))
		bad(to " is no layer")
	else if (!((layer, to) in may) && !((layer, "*") in may))
		bad(layer " must not know " to " (" target ")")
	else if ((layer, to) in only && target !~ only[layer, to])
		bad(layer " must not know this of " to " (" target ")")
}

function look_outside(target,    i) {
	for (i = 1; i <= rooms; i++)
		if (target ~ header[i] && FILENAME !~ files[i])
			bad(library[i] " is not known here (" target ")")
}

FNR == 1 {
	layer = FILENAME
	sub(/^include\/kvitok\//, "", layer)
	sub(/^src\//, "", layer)
	sub(/\/.*/, "", layer)
	if (!(layer in known))
		bad(layer " is no layer")
	seen++
}

/^[ \t]*#[ \t]*include[ \t]*["<]/ {
	target = $0
	sub(/^[^"<]*["<]/, "", target)
	sub(/[">].*/, "", target)
	if (target ~ /^kvitok\//)
		look_inside(target)
	else if (target ~ /^sql_/ && layer != "store")
		bad("statements are known to store alone (" target ")")
	else if (target ~ /[.][.]/ || target ~ /^src\//)
		bad("includes begin with kvitok/ (" target ")")
	else
		look_outside(target)
}

END {
	if (errors > 0) {
		printf "layers: %d wrong\n", errors
		exit 1
	}
	printf "layers: %d files, all in order\n", seen
}
