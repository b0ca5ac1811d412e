# provoked.awk reason.def openapi.yaml FILE... : each reason is named by a test:
# by a file of tests/, or by an example of the API's that is sent.

FILENAME ~ /reason[.]def$/ {
	if (match($0, /^REASON\([a-z0-9_]+/))
		known[substr($0, 8, RLENGTH - 7)] = 1
	next
}

# An example begins with its summary, and may say that nothing sends it.
FILENAME ~ /openapi[.]yaml$/ {
	if ($1 == "summary:")
		sent = 1
	if ($1 == "x-kvitok-case:" && /not_sent/)
		sent = 0
	if ($1 == "reason:" && sent)
		named[$2] = 1
	next
}

{
	while (match($0, /[A-Za-z0-9_]+/)) {
		named[substr($0, RSTART, RLENGTH)] = 1
		$0 = substr($0, RSTART + RLENGTH)
	}
}

END {
	for (id in known)
		if (!(id in named)) {
			printf "reason.def: no test provokes %s\n", id
			errors = 1
		}
	exit errors
}
