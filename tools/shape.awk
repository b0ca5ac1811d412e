# shape.awk -v lines=600 -v body=60 FILE... : no long files, no long functions.

function close_file() {
	if (file != "" && count > lines) {
		printf "%s:%d: %d lines, at most %d\n", file, count, count, lines
		errors = 1
	}
}

FNR == 1 {
	close_file()
	file = FILENAME
	start = 0
}
{ count = FNR }
/^\{/ {
	start = FNR
	name = before
}
/^\}/ && start > 0 {
	if (FNR - start + 1 > body && file !~ /^tests\//) {
		printf "%s:%d: %d lines, at most %d: %s\n", file, start,
		    FNR - start + 1, body, name
		errors = 1
	}
	start = 0
}
/^[a-z_0-9]+\(/ { before = $0 }
END {
	close_file()
	exit errors
}
