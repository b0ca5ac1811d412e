# pgbench.awk: named statements of sql/query, as a script for pgbench.
#
#	awk -v names="pay_create_all" -f pgbench.awk sql/query/pg/pay.sql ...
#
# Each ? becomes a variable with the name that "-- in:" gives it.
BEGIN {
	n = split(names, wanted, " ")
}
/^-- name:/ {
	name = $3
	next
}
/^-- in:/ {
	line = $0
	sub(/^-- in: */, "", line)
	sub(/, *$/, "", line)
	k = split(line, words, /, */)
	for (i = 1; i <= k; i++)
		variable[name, ++count[name]] = words[i]
	next
}
/^--/ || NF == 0 {
	next
}
name != "" {
	out = ""
	rest = $0
	while ((at = index(rest, "?")) > 0) {
		out = out substr(rest, 1, at - 1) ":" variable[name, ++used[name]]
		rest = substr(rest, at + 1)
	}
	text[name] = text[name] out rest "\n"
}
END {
	for (i = 1; i <= n; i++) {
		if (wanted[i] == "BEGIN" || wanted[i] == "COMMIT") {
			print wanted[i] ";"
			continue
		}
		if (text[wanted[i]] == "") {
			print "no statement " wanted[i] >"/dev/stderr"
			exit 1
		}
		sub(/\n$/, "", text[wanted[i]])
		print text[wanted[i]] ";"
	}
}
