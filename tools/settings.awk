# settings.awk TABLE.c... kvitok.conf kvitok.conf.5 : the tables of settings in
# C, the example and the manual name the same keys with the same bounds.
#
# -v list=1 prints the .It lines that the manual is to have.

function complain(words) {
	print words
	errors = 1
}

# Gives: the n-th part of a row "a", "b", ...; of a text without its quotes.
function part(row, n,    p) {
	split(row, p, /,[ \t\n]*/)
	gsub(/^[ \t\n"]+|[ \t\n"]+$/, "", p[n])
	return p[n]
}

function one_of(choices,    p, n, i, text) {
	n = split(choices, p, /[|]/)
	text = p[1]
	for (i = 2; i < n; i++)
		text = text ", " p[i]
	return text " or " p[n]
}

function bounds(type, min, max, choices) {
	if (type == "INT")
		return min " to " max
	if (type == "TEXT" && min == 0)
		return "at most " max " characters"
	if (type == "TEXT")
		return min " to " max " characters"
	if (type == "CHOICE")
		return one_of(choices)
	if (type == "BOOL")
		return "yes or no"
	if (type == "URL")
		return "an address"
	if (type == "FILE")
		return "a path"
	if (type == "SECRET")
		return "a secret"
	return "a list"
}

function declare(section, key, type, fallback, min, max, choices,    first) {
	first = fallback == "NULL" ? "must be set" : fallback == "" ? \
	    "optional" : "default " fallback
	known[section, key] = 1
	usual[section, key] = fallback
	wanted[section, key] = ".It Cm " key " Pq " first "; " \
	    bounds(type, min, max, choices)
	order[++keys] = section SUBSEP key
}

# KEY_INT("life_s", "1200", 60, 86400) of the contracts' table.
function declare_short(type, row) {
	if (type == "INT")
		declare("contract *", part(row, 1), type, part(row, 2),
		    part(row, 3), part(row, 4), "")
	else if (type == "CHOICE")
		declare("contract *", part(row, 1), type, part(row, 2), 0, 0,
		    part(row, 3))
	else
		declare("contract *", part(row, 1), type,
		    type == "BOOL" ? part(row, 2) : "", 0, part(row, 2), "")
}

function read_table(text,    row, type) {
	while (match(text, /KEY_[A-Z]+[(]"[^)]*[)]|[{][ \t\n]*"[^"]*",[ \t\n]*"[^"]*",[ \t\n]*CONF_[^}]*[}]/)) {
		row = substr(text, RSTART, RLENGTH - 1)
		text = substr(text, RSTART + RLENGTH)
		if (row ~ /^KEY_/) {
			type = substr(row, 5, index(row, "(") - 5)
			declare_short(type, substr(row, index(row, "(") + 1))
		} else {
			row = substr(row, 2)
			type = part(row, 3)
			sub(/^CONF_/, "", type)
			declare(part(row, 1), part(row, 2), type, part(row, 4),
			    part(row, 5), part(row, 6), part(row, 7))
		}
	}
}

# "contract sber-irk" is one of "contract *".
function kind(name) {
	sub(/ .*/, " *", name)
	return name
}

FNR == 1 && source != "" {
	read_table(source)
	source = ""
}
FILENAME ~ /[.]c$/ {
	source = source "\n" $0
	next
}

FILENAME ~ /[.]conf$/ && /^#?\[/ {
	section = $0
	gsub(/^#?\[|\]$/, "", section)
	section = kind(section)
}
FILENAME ~ /[.]conf$/ && /^#?[a-z_0-9]+ =/ {
	key = value = $0
	sub(/ =.*/, "", key)
	sub(/^#/, "", key)
	sub(/^[^=]*= ?/, "", value)
	where = FILENAME ":" FNR ": [" section "] " key
	if (!((section, key) in known))
		complain(where ": there is no such key")
	else if (/^#/ && usual[section, key] != "" &&
	    usual[section, key] != "NULL" && usual[section, key] != value)
		complain(where ": its default is " usual[section, key])
	in_example[section, key] = 1
}

FILENAME ~ /[.]5$/ && /^[.]Ss \[/ {
	section = $0
	gsub(/^[.]Ss \[|\]$/, "", section)
	section = kind(section)
}
FILENAME ~ /[.]5$/ && /^[.]It Cm / {
	where = FILENAME ":" FNR ": [" section "] " $3
	if (!((section, $3) in known))
		complain(where ": there is no such key")
	else if ($0 != wanted[section, $3])
		complain(where ": expected: " wanted[section, $3])
	in_manual[section, $3] = 1
}

END {
	if (keys < 60)
		complain("settings.awk: only " keys " keys were found in C")
	for (i = 1; i <= keys; i++) {
		split(order[i], p, SUBSEP)
		if (list)
			print "[" p[1] "] " wanted[p[1], p[2]]
		if (!((p[1], p[2]) in in_example))
			complain("conf/kvitok.conf: [" p[1] "] " p[2] \
			    " is not there")
		if (!((p[1], p[2]) in in_manual))
			complain("man/kvitok.conf.5: [" p[1] "] " p[2] \
			    " is not there")
	}
	exit errors
}
