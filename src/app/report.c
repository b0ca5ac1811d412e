#include "kvitok/app/report.h"

#include "kvitok/app/reference.h"
#include "kvitok/base/day.h"
#include "kvitok/base/secret.h"

#define PAGE_MEMORY ((size_t)64 << 20)
#define LINE_MAX ((size_t)64 << 10)

/* --- what is asked for ----------------------------------------------- */

static enum err
refuse(struct fault *f, enum report_filter x, const char *reason)
{
	(void)fault_set(f, ERR_INVALID, reason, "%s", report_filter_name(x));
	fault_field(f, report_filter_name(x), reason);
	return f->err;
}

static bool
has_supplier(const struct ref *ref, const struct report_query *q)
{
	struct str portal = q->filter[REPORT_PORTAL];

	for (size_t i = 0; i < ref->suppliers_len; i++)
		if (str_eq(ref->suppliers[i].supplier,
			q->filter[REPORT_SUPPLIER]) &&
		    (portal.len == 0 ||
			str_eq(ref->suppliers[i].portal, portal)))
			return true;
	return false;
}

enum err
report_asked(const struct ports *p, const struct report_query *q,
    enum report_format format, struct fault *f)
{
	const struct ref *ref;
	enum err rc = report_check(q, format, f);

	if (rc == ERR_OK)
		rc = reference(p, &ref, f);
	if (rc != ERR_OK)
		return rc;
	if (q->filter[REPORT_PORTAL].len > 0 &&
	    ref_portal(ref, q->filter[REPORT_PORTAL]) == NULL)
		return refuse(f, REPORT_PORTAL, "portal_unknown");
	if (q->filter[REPORT_SUPPLIER].len > 0 && !has_supplier(ref, q))
		return refuse(f, REPORT_SUPPLIER, "supplier_unknown");
	if (q->filter[REPORT_CONTRACT].len > 0 &&
	    ref_contract(ref, q->filter[REPORT_CONTRACT]) == NULL)
		return refuse(f, REPORT_CONTRACT, "report_contract");
	return ERR_OK;
}

/* --- making it ------------------------------------------------------- */

struct making {
	const struct ports *p;
	struct arena *a, *page;
	const struct report_request *req;
	const struct report_def *d;
	struct report_made *out;
	struct report_writer writer;
	struct secret_sum sum;
	struct buf line; /* of what is hashed; the same memory for each */
};

static void
add_line(struct making *m)
{
	secret_sum_add(&m->sum, buf_str(&m->line));
	m->line.len = 0;
}

static enum err
hash_row(struct making *m, const struct report_cell *row, struct fault *f)
{
	report_hash_row(&m->line, m->d, row);
	if (m->line.full)
		return fault_set(
		    f, ERR_LIMIT, "report_text", "a row is too long");
	add_line(m);
	return ERR_OK;
}

static enum err
put_rows(struct making *m, const struct report_cell *rows, size_t len,
    struct fault *f)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; rc == ERR_OK && i < len; i++) {
		const struct report_cell *row = rows + i * m->d->columns_len;

		rc = report_add(m->d, &m->out->totals, row, f);
		if (rc == ERR_OK)
			rc = m->writer.row(m->writer.self, row, f);
		if (rc == ERR_OK)
			rc = hash_row(m, row, f);
	}
	return rc;
}

/* One of the keys of a row may be its day. */
static enum err
tell(struct making *m, const struct report_mark *mark, struct fault *f)
{
	struct report_progress at = { m->out->totals.rows, STR("") };

	for (size_t i = 0; i < REPORT_KEYS_MAX; i++)
		if (at.day.len == 0 && day_valid(str_of(mark->text[i])))
			at.day = str_of(mark->text[i]);
	return m->req->progress(m->req->arg, &at, f);
}

static enum err
all_rows(struct making *m, struct fault *f)
{
	const struct report_store *st = &m->p->reports;
	struct report_mark mark = { .begun = false };
	bool more = true;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && more) {
		const struct report_cell *rows;
		size_t len;

		rc = st->page(st->self, m->page, &m->req->q, &mark, &rows, &len,
		    &more, f);
		if (rc == ERR_OK)
			rc = put_rows(m, rows, len, f);
		arena_reset(m->page);
		if (rc == ERR_OK && m->req->progress != NULL)
			rc = tell(m, &mark, f);
	}
	return rc;
}

static void
sum_begin(struct making *m)
{
	secret_sum_begin(&m->sum);
	m->line.len = 0;
	report_hash_head(&m->line, &m->req->q);
	add_line(m);
}

static void
sum_end(struct making *m)
{
	report_hash_end(&m->line, m->d, &m->out->totals);
	add_line(m);
	secret_sum_end(&m->sum, m->out->hash);
}

static enum err
write_all(struct making *m, struct fault *f)
{
	struct report_end end = { .totals = &m->out->totals };
	enum err rc;

	sum_begin(m);
	rc = all_rows(m, f);
	sum_end(m);
	if (rc != ERR_OK) {
		m->writer.drop(m->writer.self);
		return rc;
	}
	end.hash = str_of(m->out->hash);
	return m->writer.end(m->writer.self, &end, &m->out->file, f);
}

/* The body of a look; when the database was away it is run afresh. */
static enum err
make_body(void *arg, struct fault *f)
{
	struct making *m = arg;
	const struct report_press *press = &m->p->press;
	struct report_head head = { .q = &m->req->q,
		.asked_by = m->req->asked_by,
		.made_at = m->p->clock.now(m->p->clock.self),
		.encoding = m->req->encoding,
		.separator = m->req->separator };
	enum err rc;

	*m->out = (struct report_made){ .totals = { .rows = 0 } };
	rc = press->open(press->self, m->a, &head, m->req->format, m->req->path,
	    &m->writer, f);
	return rc == ERR_OK ? write_all(m, f) : rc;
}

enum err
report_make(const struct ports *p, struct arena *a,
    const struct report_request *req, struct report_made *out, struct fault *f)
{
	struct making m = { .p = p,
		.a = a,
		.req = req,
		.d = report_def(req->q.id),
		.out = out };
	enum err rc = report_asked(p, &req->q, req->format, f);

	if (rc != ERR_OK)
		return rc;
	m.page = arena_new(PAGE_MEMORY);
	buf_init(&m.line, a, LINE_MAX);
	rc = p->reports.look(p->reports.self, make_body, &m, f);
	arena_free(m.page);
	return rc;
}
