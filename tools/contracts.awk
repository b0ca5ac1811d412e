# contracts.awk HEADER... : each public function stands under a comment.
#
# A comment holds for the declarations that follow it without an empty line.
# A header begins with what it is for.

FNR == 1 {
	covered = 0
	if ($0 !~ /^\/\*/) {
		printf "%s:1: does not begin with what it is for\n", FILENAME
		errors = 1
	}
}
/^[ \t]*$/ { covered = 0 }
/\*\// { covered = 1 }
/^[A-Za-z_].*[A-Za-z0-9_]\(/ && !/^(static|typedef|extern|struct [a-z_]+ \{)/ && !/^REASON/ {
	if (!covered && before !~ /^static/) {
		printf "%s:%d: no contract above: %s\n", FILENAME, FNR, $0
		errors = 1
	}
}
{ before = $0 }
END { exit errors }
