# strip.awk FILE : C without comments and without the inside of strings, line
# for line, so that a search finds code only.

function strip(s,    out, c, two) {
	out = ""
	while (length(s) > 0) {
		two = substr(s, 1, 2)
		c = substr(s, 1, 1)
		if (inside == "/*") {
			if (two == "*/") {
				inside = ""
				s = substr(s, 3)
			} else {
				s = substr(s, 2)
			}
		} else if (inside != "") {
			if (c == "\\") {
				s = substr(s, 3)
			} else {
				if (c == inside) {
					inside = ""
					out = out c
				}
				s = substr(s, 2)
			}
		} else if (two == "/*") {
			inside = two
			s = substr(s, 3)
		} else if (two == "//") {
			out = out two # lint.sh complains of it
			s = ""
		} else {
			if (c == "\"" || c == "'")
				inside = c
			out = out c
			s = substr(s, 2)
		}
	}
	if (inside != "/*")
		inside = "" # a string ends with its line
	return out
}

{ print strip($0) }
