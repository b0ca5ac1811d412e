# reasons.awk reason.def FILE... : reasons that are used are in the table, and
# those of the table are used.

function note(id) {
	if (!(id in known)) {
		printf "%s: reason %s is not in reason.def\n", FILENAME, id
		errors = 1
	}
}

# Whole statements, so that a call may take several lines.
BEGIN { RS = ";" }

FILENAME ~ /reason[.]def$/ {
	text = text $0
	next
}

text != "" && !read {
	read = 1
	n = split(text, row, /REASON\(/)
	for (i = 2; i <= n; i++) {
		sub(/,.*/, "", row[i])
		known[row[i]] = 1
	}
}

{
	call = $0
	# The first literal of fault_set is its reason.
	while (match(call, /fault_set\(/)) {
		call = substr(call, RSTART + RLENGTH)
		if (match(call, /^[^"]*ERR_[A-Z]+,[ \t\n]*"[a-z0-9_]+"/)) {
			id = substr(call, 1, RLENGTH - 1)
			sub(/.*"/, "", id)
			note(id)
		}
	}
	# The last one of fault_field.
	if (match($0, /fault_field\(.*,[ \t\n]*"[a-z0-9_]+"\)$/)) {
		id = substr($0, RSTART, RLENGTH - 2)
		sub(/.*"/, "", id)
		note(id)
	}
	rest = $0
	while (match(rest, /"[a-z0-9_]+"/)) {
		used[substr(rest, RSTART + 1, RLENGTH - 2)] = 1
		rest = substr(rest, RSTART + RLENGTH)
	}
}

END {
	for (id in known)
		if (!(id in used)) {
			printf "reason.def: %s is used nowhere\n", id
			errors = 1
		}
	exit errors
}
