#include "kvitok/domain/seal.h"

#include "kvitok/domain/money.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define RECORD_MAX ((size_t)1 << 20)

static void
put_text(struct buf *b, struct str s)
{
	buf_i64(b, (int64_t)s.len);
	buf_char(b, ':');
	buf_text(b, s);
	buf_char(b, ',');
}

static void
put_number(struct buf *b, int64_t n)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%" PRId64, n);

	put_text(b, (struct str){ digits, (size_t)len });
}

static void
empty(struct buf *b)
{
	b->len = 0;
	b->full = false;
}

void
seal_begin(struct seal *s, struct arena *a, struct str day, struct str previous)
{
	*s = (struct seal){ .transfers = 0 };
	secret_sum_begin(&s->sum);
	buf_init(&s->record, a, RECORD_MAX);
	put_text(&s->record, STR("kvitok-day-1"));
	put_text(&s->record, day);
	put_text(&s->record, previous);
	buf_char(&s->record, '\n');
	secret_sum_add(&s->sum, buf_str(&s->record));
}

/* By bytes, whatever order the database keeps its texts in. */
static bool
is_next(struct seal *s, const struct seal_transfer *t)
{
	int order;

	if (t->akey.len >= sizeof(s->akey) || t->id.len >= sizeof(s->id))
		return false;
	order = str_cmp(str_of(s->akey), t->akey);
	if (order == 0)
		order = str_cmp(str_of(s->id), t->id);
	if (order >= 0)
		return false;
	(void)snprintf(s->akey, sizeof(s->akey), "%.*s", STR_ARG(t->akey));
	(void)snprintf(s->id, sizeof(s->id), "%.*s", STR_ARG(t->id));
	return true;
}

static void
put_transfer(struct buf *b, const struct seal_transfer *t)
{
	empty(b);
	put_text(b, STR("transfer"));
	put_text(b, t->akey);
	put_text(b, t->id);
	put_text(b, t->cause);
	put_text(b, t->kind);
	put_text(b, t->number);
	put_text(b, t->day);
	put_number(b, t->at);
	buf_char(b, '\n');
	for (size_t i = 0; i < t->lines_len; i++) {
		put_text(b, STR("line"));
		put_number(b, t->lines[i].n);
		put_text(b, t->lines[i].account);
		put_text(b, t->lines[i].day);
		put_number(b, t->lines[i].sum_kop);
		buf_char(b, '\n');
	}
}

/* Debit is above zero, credit below; both are kept above. */
static enum err
add_line(struct seal *s, int64_t kop, struct fault *f)
{
	struct money sum, line = { kop };
	enum err rc = kop > 0
	    ? money_add((struct money){ s->debit_kop }, line, &sum, f)
	    : money_sub((struct money){ s->credit_kop }, line, &sum, f);

	if (rc == ERR_OK)
		*(kop > 0 ? &s->debit_kop : &s->credit_kop) = sum.kop;
	return rc;
}

enum err
seal_add(struct seal *s, const struct seal_transfer *t,
    char mark[SEAL_MARK_SIZE], struct fault *f)
{
	char hex[65];
	enum err rc = ERR_OK;

	if (!is_next(s, t))
		return fault_set(f, ERR_BUG, "internal",
		    "transfer %.*s is not after %s", STR_ARG(t->id), s->id);
	put_transfer(&s->record, t);
	if (s->record.full)
		return fault_set(f, ERR_BUG, "internal",
		    "transfer %.*s is too long", STR_ARG(t->id));
	secret_sum_add(&s->sum, buf_str(&s->record));
	secret_sha256_hex(buf_str(&s->record), hex);
	memcpy(mark, hex, SEAL_MARK_SIZE - 1);
	mark[SEAL_MARK_SIZE - 1] = '\0';
	s->transfers++;
	s->lines += (int64_t)t->lines_len;
	for (size_t i = 0; i < t->lines_len && rc == ERR_OK; i++)
		rc = add_line(s, t->lines[i].sum_kop, f);
	return rc;
}

void
seal_end(struct seal *s, char out[65])
{
	secret_sum_end(&s->sum, out);
}
