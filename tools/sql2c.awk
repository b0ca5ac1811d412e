# sql2c.awk -v dir=OUT FILE... : SQL texts -> OUT/sql_id.h, OUT/sql_text.c
#
#   sql/schema/NNNN_name.sql   a migration: statements that end in ";" at the
#                              end of a line
#   sql/demo/name.sql          a script of the same form
#   sql/query/store.sql        named statements, see below
#   sql/query/pg/store.sql     texts that replace them on PostgreSQL, or that
#                              only PostgreSQL has
#
#   -- name: pay_move
#   -- in: to, at, id, from
#   -- A comment.
#   UPDATE payment SET ...;
#
# "-- in:" names what each "?" is, in order (more lines of it go on); their
# number is checked here.  Comments are dropped and must hold no "?".  A text
# begins no comment inside of a quoted literal and has no NUL.

function fail(words) {
	printf "%s:%d: %s\n", FILENAME, FNR, words > "/dev/stderr"
	failed = 1
	exit 1
}

# The line without its comment; quoted literals are left alone.
function strip(line,    i, c, quoted) {
	quoted = 0
	for (i = 1; i <= length(line); i++) {
		c = substr(line, i, 1)
		if (c == "'")
			quoted = !quoted
		else if (!quoted && c == "-" && substr(line, i, 2) == "--") {
			line = substr(line, 1, i - 1)
			break
		}
	}
	sub(/[ \t]+$/, "", line)
	return line
}

function comment_of(line,    bare) {
	bare = strip(line)
	return substr(line, length(bare) + 1)
}

function markers(text,    i, c, quoted, n) {
	n = 0
	quoted = 0
	for (i = 1; i <= length(text); i++) {
		c = substr(text, i, 1)
		if (c == "'")
			quoted = !quoted
		else if (c == "?" && !quoted)
			n++
	}
	return n
}

function c_text(text,    n, part, i, out) {
	gsub(/\\/, "\\\\", text)
	gsub(/"/, "\\\"", text)
	gsub(/\t/, " ", text)
	n = split(text, part, "\n")
	out = ""
	for (i = 1; i <= n; i++)
		out = out "\n\t    \"" part[i] (i < n ? " " : "") "\""
	return out
}

function count_of(list,    item) {
	return list == "" ? 0 : split(list, item, /,/)
}

# The named statement that was being read is complete.
function close_query(    n) {
	if (name == "")
		return
	sub(/;[ \t\n]*$/, "", text)
	if (text == "")
		fail("statement " name " is empty")
	if (text ~ /;[ \t]*\n/)
		fail("statement " name " is more than one")
	n = count_of(ins)
	if (markers(text) != n)
		fail("statement " name " has " markers(text) \
		    " markers, but -- in: names " n)
	if ((kind, name) in query)
		fail("statement " name " is there twice")
	if (!(name in known)) {
		known[name] = ++names
		order[names] = name
		in_len[name] = n
	} else if (in_len[name] != n)
		fail("statement " name " differs in -- in: from the portable one")
	query[kind, name] = text
	if ((" " text) ~ /[^A-Za-z_](INSERT INTO|UPDATE|DELETE FROM)[^A-Za-z_]/)
		writes[name] = 1
	name = ""
}

function close_script() {
	if (text != "")
		fail("the last statement does not end in ;")
}

function close_file() {
	if (kind == "base" || kind == "pg")
		close_query()
	else if (kind != "")
		close_script()
}

FNR == 1 {
	close_file()
	text = name = ins = ""
	file = FILENAME
	sub(/^.*\//, "", file)
	sub(/\.sql$/, "", file)
	if (FILENAME ~ /sql\/schema\//)
		kind = "schema"
	else if (FILENAME ~ /sql\/demo\//)
		kind = "demo"
	else if (FILENAME ~ /sql\/query\/pg\//)
		kind = "pg"
	else if (FILENAME ~ /sql\/query\//)
		kind = "base"
	else
		fail("not below sql/")
	if (kind == "schema") {
		if (file !~ /^[0-9][0-9][0-9][0-9]_[a-z0-9_]+$/)
			fail("a migration is named NNNN_name.sql")
		if (substr(file, 1, 4) + 0 != migrations + 1)
			fail("migrations are numbered without gaps")
		migration[++migrations] = file
	}
	if (kind == "demo")
		script[++scripts] = file
}

kind == "schema" || kind == "demo" {
	line = strip($0)
	if (line == "")
		next
	text = text (text == "" ? "" : "\n") line
	if (line ~ /;$/) {
		sub(/;$/, "", text)
		stmt[file, ++stmts[file]] = text
		text = ""
	}
	next
}

/^-- name:/ {
	close_query()
	name = $3
	if (name !~ /^[a-z][a-z0-9_]*$/ || NF != 3)
		fail("-- name: takes one name of a-z, 0-9, _")
	text = ins = ""
	next
}

/^-- in:/ {
	if (name == "")
		fail("-- in: before -- name:")
	line = $0
	sub(/^-- in:[ \t]*/, "", line)
	sub(/[ \t]+$/, "", line)
	if (line == "")
		fail("-- in: names nothing")
	if (line ~ /,$/)
		sub(/,$/, "", line)
	ins = ins (ins == "" ? "" : ",") line
	next
}

{
	if (index(comment_of($0), "?") > 0)
		fail("a ? in a comment would be taken for a marker")
	line = strip($0)
	if (line == "")
		next
	if (name == "")
		fail("a statement before -- name:")
	text = text (text == "" ? "" : "\n") line
}

function put_list(group, n, list,    i, k) {
	for (i = 1; i <= n; i++) {
		printf "static const char *const %s_%d[] = {", group, i > out
		for (k = 1; k <= stmts[list[i]]; k++)
			printf "%s,", c_text(stmt[list[i], k]) > out
		printf "\n\tNULL\n};\n\n" > out
	}
}

END {
	if (failed)
		exit 1
	close_file()
	if (failed)
		exit 1
	out = dir "/sql_id.h"
	print "/* Made by tools/sql2c.awk. */" > out
	print "#ifndef KVITOK_SQL_ID_H\n#define KVITOK_SQL_ID_H\n" > out
	print "enum sql_id {" > out
	for (i = 1; i <= names; i++)
		printf "\tSQL_%s,\n", toupper(order[i]) > out
	print "\tSQL__COUNT\n};\n\n#endif" > out
	close(out)

	out = dir "/sql_text.c"
	print "/* Made by tools/sql2c.awk. */" > out
	print "#include \"kvitok/store/sql.h\"\n\n#include <stddef.h>\n" > out
	print "/* A script's statement may be longer than 4095 bytes. */" > out
	print "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n" > out
	print "const struct sql_text sql_text[SQL__COUNT] = {" > out
	for (i = 1; i <= names; i++) {
		name = order[i]
		printf "\t[SQL_%s] = { \"%s\", %d, %s,%s,%s },\n",
		    toupper(name), name, in_len[name],
		    (name in writes) ? "true" : "false",
		    (("base", name) in query) ? \
		    c_text(query["base", name]) : " NULL",
		    (("pg", name) in query) ? \
		    c_text(query["pg", name]) : " NULL" > out
	}
	print "};\n" > out
	put_list("migration", migrations, migration)
	print "const struct sql_script sql_migrations[] = {" > out
	for (i = 1; i <= migrations; i++)
		printf "\t{ \"%s\", migration_%d, %d },\n", migration[i], i,
		    stmts[migration[i]] > out
	print "\t{ NULL, NULL, 0 }\n};" > out
	printf "const size_t sql_migrations_len = %d;\n\n", migrations > out
	put_list("script", scripts, script)
	print "const struct sql_script sql_scripts[] = {" > out
	for (i = 1; i <= scripts; i++)
		printf "\t{ \"%s\", script_%d, %d },\n", script[i], i,
		    stmts[script[i]] > out
	print "\t{ NULL, NULL, 0 }\n};" > out
	printf "const size_t sql_scripts_len = %d;\n", scripts > out
	close(out)
}
