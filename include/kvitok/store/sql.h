/*
 * sql: the statements that are compiled in.
 *
 * Made by tools/sql2c.awk from sql/; C names a statement and never holds its
 * text.  Nothing is read at run time.
 */
#ifndef KVITOK_STORE_SQL_H
#define KVITOK_STORE_SQL_H

#include "sql_id.h"

#include <stdbool.h>
#include <stddef.h>

struct sql_text {
	const char *name;
	size_t in_len;    /* number of markers */
	bool writes;      /* INSERT, UPDATE or DELETE */
	const char *text; /* NULL: PostgreSQL alone has it */
	const char *pg;   /* NULL: the portable text serves */
};

/* A migration or a script: statements without their ";". */
struct sql_script {
	const char *name; /* of the file: "0001_reference" */
	const char *const *stmts;
	size_t stmts_len;
};

extern const struct sql_text sql_text[SQL__COUNT];
extern const struct sql_script sql_migrations[]; /* number: index + 1 */
extern const size_t sql_migrations_len;
extern const struct sql_script sql_scripts[]; /* of sql/demo */
extern const size_t sql_scripts_len;

#endif
