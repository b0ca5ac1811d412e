/*
 * reg_lines: a register's lines, one after another, in bounded memory.
 */
#ifndef KVITOK_APP_REG_LINES_H
#define KVITOK_APP_REG_LINES_H

#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/reg_line.h"
#include "kvitok/port/source.h"

#define REG_LINES_BUFFER 65536

struct reg_lines {
	const struct source *src;
	int64_t pos;     /* of what stands in p[at] */
	size_t at, have; /* of p */
	char p[REG_LINES_BUFFER];
	/* Called with every piece that is read; NULL: nothing. */
	void (*seen)(void *arg, const void *p, size_t len);
	void *arg;
};

struct reg_text {
	struct str bytes; /* without LF; valid until the next call */
	bool ended;       /* by LF, else by the end of the file */
	bool too_long;    /* above REG_LINE_MAX: passed over, bytes empty */
};

/* Begin at an offset that is the begin of a line. */
void reg_lines_init(struct reg_lines *l, const struct source *src, int64_t pos);
/*
 * The next line.
 * Gives: *more, false at the end; *out.  l->pos is then behind it.
 * Fails: as source.read; ERR_CONFLICT register_shrunk.
 */
KV_MUST_CHECK enum err reg_lines_next(
    struct reg_lines *l, struct reg_text *out, bool *more, struct fault *f);

#endif
