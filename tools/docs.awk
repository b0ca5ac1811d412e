# docs.awk - Makefile ctl_command.c kvitokctl.1 install-deps routes.c PAGE.md...
# what pages name in `this way` or link to is there: files, folders, targets of
# make, commands of kvitokctl.  And the other way round: the manual of kvitokctl
# has each command with its options, ARCHITECTURE.md each layer, doc/decisions
# each page in its index and each library, doc/pages.md each address of a page.
#
# Its input has the tree, a path a line.  A file is named from the root or from
# src/, a module without its ending, or, next to another, by its name alone.

function complain(words) {
	printf "%s:%d: %s\n", FILENAME, FNR, words
	errors = 1
}

function add_path(path,    dir) {
	sub(/^[.]\//, "", path)
	there[path] = 1
	if (path ~ /^src\/[a-z]+\//) {
		dir = path
		gsub(/^src\/|\/.*/, "", dir)
		layers[dir] = 1
	}
	if (path ~ /^doc\/decisions\/[0-9]/)
		decisions[path] = 1
	all = all "\n" path "\n"
	dir = path
	sub(/.*\//, "", dir)
	named[dir] = 1
	while (match(path, /\/[^\/]*$/)) {
		path = substr(path, 1, RSTART - 1)
		if (path in there)
			return
		there[path] = 1
		all = all "\n" path "\n"
	}
}

# Has the tree what a pattern of the shell names?
function matches(pattern) {
	gsub(/[.]/, "[.]", pattern)
	gsub(/[*]/, "[^/\n]*", pattern)
	return all ~ ("[\n/]" pattern "\n")
}

function known(path) {
	sub(/\/$/, "", path)
	if (path ~ /[*]/)
		return matches(path)
	if (path ~ /^doc\/decisions\/[0-9]+$/)
		return matches(path "-*")
	return path in there || ("src/" path) in there || path in named ||
	    ("src/" path ".c") in there || (path ".c") in there ||
	    ("include/kvitok/" path) in there
}

# Gives: the longest command, or group of them, that words begin with; "".
function command_of(words,    p, n, i, name, found) {
	n = split(words, p, " ")
	for (i = 1; i <= n && i <= 3; i++) {
		name = i == 1 ? p[1] : name " " p[i]
		if (name in options || name in groups)
			found = name
	}
	return found
}

function check_span(span,    word) {
	if (span ~ /^make [a-z]/) {
		word = substr(span, 6)
		sub(/ .*/, "", word)
		if (!(word in targets))
			complain("make has no " word)
	} else if (span ~ /^kvitokctl [a-z]/) {
		if (command_of(substr(span, 11)) == "")
			complain("kvitokctl has no such command: " span)
	} else if (span ~ /^[a-z]+\/[a-z0-9_.\/*-]*$/ ||
	    span ~ /^[A-Za-z0-9_*-]+[.](c|h|awk|sh|def|sql|md)$/) {
		word = span
		sub(/\/.*/, "", word)
		if ((word in tops || span !~ /\//) && !known(span))
			complain("there is no " span)
	}
}

FILENAME == "-" || FILENAME == "/dev/stdin" {
	add_path($0)
	next
}
FILENAME ~ /Makefile$/ && /^[a-z][a-z0-9-]*:/ {
	sub(/:.*/, "")
	targets[$0] = 1
	next
}
FILENAME ~ /ctl_command[.]c$/ {
	source = source " " $0
	next
}
FILENAME ~ /[.]1$/ && FNR == 1 {
	n = split("base domain port app store bank mail notify xml http web sim box main out src include doc tools tests web sql conf man nginx systemd xsd", top, " ")
	for (i = 1; i <= n; i++)
		tops[top[i]] = 1
	while (match(source, /[{] "[a-z][a-z ]*",[ \t]*"[^}]*[}]/)) {
		row = substr(source, RSTART + 3, RLENGTH - 4)
		source = substr(source, RSTART + RLENGTH)
		name = row
		sub(/".*/, "", name)
		given = substr(row, length(name) + 2)
		sub(/^,[ \t]*"/, "", given)
		sub(/", *[0-9].*/, "", given)
		sub(/",[ \t]*[0-9].*/, "", given)
		gsub(/"[ \t]*"/, "", given)
		options[name] = given
		commands++
		while (sub(/ [a-z]+$/, "", name))
			groups[name] = 1
	}
	if (commands < 60)
		complain("docs.awk: only " commands " commands were found")
}
FILENAME ~ /[.]1$/ && (/^[.]It (Cm|Xo)/ || in_entry) {
	if (/^[.]It Xo/) {
		in_entry = 1
		entry = ""
		next
	}
	if (/^[.]Xc/)
		in_entry = 0
	entry = in_entry || /^[.]Xc/ ? entry " " $0 : $0
	if (in_entry)
		next
	gsub(/(^| )[.]?(It|Cm|Xc|Ns|Oo|Oc|Op|Ar|Xo)( |$)/, " ", entry)
	gsub(/(^| )[.]?(It|Cm|Xc|Ns|Oo|Oc|Op|Ar|Xo)( |$)/, " ", entry)
	sub(/^ */, "", entry)
	gsub(/  */, " ", entry)
	name = command_of(entry)
	if (!(name in options))
		complain("kvitokctl has no command " entry)
	told[name] = entry
	next
}
FILENAME ~ /[.]1$/ && /^[.]Sh (ENVIRONMENT|FILES)/ {
	for (name in options) {
		if (!(name in told)) {
			complain("the command " name " is not told of")
			continue
		}
		n = split(options[name], o, " ")
		for (i = 1; i <= n; i++) {
			sub(/[?]$/, "", o[i])
			if (told[name] !~ ("Fl -" o[i] "( |$)") && o[i] != "")
				complain(name ": --" o[i] " is not told of")
		}
	}
	nextfile
}

# Packages to build with; those of compiler and C library have no page.
FILENAME ~ /install-deps$/ && /^build=/, /'$/ {
	n = split($0, p, /[ \t'=]+/)
	for (i = 1; i <= n; i++)
		if (p[i] ~ /-dev$/ && p[i] != "libc6-dev") {
			name = p[i]
			gsub(/^lib|[0-9.-].*$|-dev$/, "", name)
			libraries[name] = p[i]
		}
	next
}
FILENAME ~ /install-deps$/ { next }

# What is described in doc/openapi.yaml tests/openapi/lint.mjs looks for.
FILENAME ~ /routes[.]c$/ {
	if (/[{] HTTP_/ && match($0, /"\/(cabinet|[{]portal[}]|web|static)[^"]*"/))
		pages[substr($0, RSTART + 1, RLENGTH - 2)] = 1
	next
}

FILENAME ~ /[.]md$/ && /^(    )?(make|kvitokctl) [a-z]/ {
	line = $0
	sub(/^ */, "", line)
	sub(/ *#.*/, "", line)
	check_span(line)
}
FILENAME ~ /[.]md$/ && !/^(```|    )/ {
	n = split($0, span, "`")
	for (i = 2; i < n; i += 2)
		check_span(span[i])
	for (rest = $0; match(rest, /\]\([^)#:]+[)#]/); \
	    rest = substr(rest, RSTART + RLENGTH)) {
		folder = FILENAME
		sub(/[^\/]*$/, "", folder)
		link = folder substr(rest, RSTART + 2, RLENGTH - 3)
		while (sub(/[a-z]+\/[.][.]\//, "", link))
			;
		if (!(link in there))
			complain("there is no " link)
		if (FILENAME ~ /decisions\/README[.]md$/)
			delete decisions[link]
	}
}
FILENAME == "ARCHITECTURE.md" && /^    [a-z]+(, [a-z]+)*  +[^ ]/ {
	line = $0
	sub(/^    /, "", line)
	sub(/   *.*/, "", line)
	n = split(line, p, ", ")
	for (i = 1; i <= n; i++)
		delete layers[p[i]]
}
FILENAME ~ /decisions\/README[.]md$/ { index_text = index_text tolower($0) }
FILENAME ~ /doc\/pages[.]md$/ { pages_text = pages_text $0 }

END {
	FNR = 1
	FILENAME = "ARCHITECTURE.md"
	for (name in layers)
		complain("the layer " name " is not told of")
	FILENAME = "doc/decisions/README.md"
	for (name in decisions)
		complain(name " is not in the index")
	for (name in libraries)
		if (!index(index_text, name))
			complain("the library " libraries[name] " has no page")
	FILENAME = "doc/pages.md"
	for (name in pages)
		if (!index(pages_text, name))
			complain("the address " name " is not told of")
	exit errors
}
