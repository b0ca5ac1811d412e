#include "kvitok/store/pack.h"

#include "kvitok/base/utf8.h"

#include <inttypes.h>

#define NUMBER_LEN 15

void
pack_begin(struct pack *p, struct arena *a, size_t max)
{
	buf_init(&p->text, a, max);
	p->rows = 0;
	p->bad = false;
}

void
pack_text(struct pack *p, struct str s, size_t width)
{
	size_t len = utf8_len(s);

	buf_text(&p->text, s);
	for (; len < width; len++)
		buf_char(&p->text, ' ');
	p->bad = p->bad || len > width;
}

void
pack_number(struct pack *p, int64_t n)
{
	struct str s = arena_fmt(p->text.a, "%*" PRId64, NUMBER_LEN, n);

	buf_text(&p->text, s);
	p->bad = p->bad || s.len > NUMBER_LEN;
}

enum err
pack_run(struct db *db, enum sql_id id, const struct pack *p,
    const struct account *acc, struct fault *f)
{
	if (p->rows == 0)
		return ERR_OK;
	if (p->bad || p->text.full)
		return fault_set(f, ERR_BUG, "internal",
		    "account %.*s: a value is too long for its column",
		    STR_ARG(acc->account));
	return db_run(db, id,
	    DB_IN(db_n((int64_t)p->rows - 1), db_t(buf_str(&p->text)),
		db_t(acc->akey), db_t(acc->portal), db_t(acc->supplier),
		db_t(acc->account)),
	    NULL, f);
}
