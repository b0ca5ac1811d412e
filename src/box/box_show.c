#include "kvitok/box/box_show.h"

#define STATES_MAX 10
#define REQUEST_FILES_MAX 10
#define FINDINGS_MAX_BYTES 65536

static const char *const sides[] = {
	[BOX_SENDING] = "sending", [BOX_TAKING] = "taking"
};

/* --- state ---------------------------------------------------------------- */

/* Columns of box_taken_sum. */
enum {
	TAKEN,
	UNANSWERED,
	CHANGED,
	SAID_PAID,
	BOOKED_PAID,
	SAID_REFUNDED,
	BOOKED_REFUNDED,
	SUMS
};

static enum err
read_sums(const struct box_work *w, int64_t sums[SUMS])
{
	struct db_rows r;
	enum err rc = box_db_read(
	    w->db, w->a, SQL_BOX_TAKEN_SUM, DB_IN_NONE, "iiiiiii", 1, &r, w->f);

	for (size_t i = 0; rc == ERR_OK && i < SUMS; i++)
		sums[i] = r.cells[i].n;
	return rc;
}

/* A document of each state; gives how many are not done. */
static enum err
show_states(const struct box_work *w, struct jw *out, int64_t *open)
{
	struct db_rows r;
	enum err rc = box_db_read(w->db, w->a, SQL_BOX_DOCS_STATE, DB_IN_NONE,
	    "ti", STATES_MAX, &r, w->f);

	*open = 0;
	jw_key(out, "documents");
	jw_object(out);
	for (size_t i = 0; rc == ERR_OK && i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		jw_name(out, c[0].t);
		jw_int(out, c[1].n);
		if (!str_eq(c[0].t, STR("done")))
			*open += c[1].n;
	}
	jw_object_end(out);
	return rc;
}

enum err
box_show_state(struct box *b, struct jw *w, struct fault *f)
{
	struct box_work work = box_work(b, f);
	int64_t sums[SUMS] = { 0 }, open;
	struct db_rows month;
	enum err rc = read_sums(&work, sums);

	jw_object(w);
	jw_ktext(w, "portal", b->set.portal);
	jw_ktext(w, "supplier", b->set.supplier);
	jw_ktime(w, "now", work.now);
	jw_kbool(w, "away", b->down_until > 0);
	jw_kopt(w, "trouble", str_of(b->trouble));
	if (rc == ERR_OK)
		rc = box_db_read(work.db, work.a, SQL_BOX_MONTH_LAST,
		    DB_IN_NONE, "t", 1, &month, f);
	if (rc == ERR_OK)
		jw_kopt(w, "charged", month.cells[0].t);
	if (rc == ERR_OK)
		rc = show_states(&work, w, &open);
	if (rc != ERR_OK)
		return rc;
	jw_kint(w, "open", open);
	jw_kint(w, "taken", sums[TAKEN]);
	jw_kint(w, "unanswered", sums[UNANSWERED]);
	jw_object_end(w);
	return ERR_OK;
}

/* --- documents ------------------------------------------------------------ */

static void
show_document(const struct db_cell *c, struct jw *w)
{
	jw_object(w);
	jw_kint(w, "number", c[4].n);
	jw_ktext(w, "kind", c[0].t);
	jw_ktext(w, "state", c[1].t);
	jw_kopt(w, "fault", c[2].t);
	jw_kint(w, "tries", c[10].n);
	jw_kint(w, "records", c[5].n);
	jw_kint(w, "sum_kop", c[6].n);
	jw_kopt(w, "told", c[3].t);
	jw_kint(w, "told_applied", c[7].n);
	jw_kint(w, "told_kop", c[8].n);
	jw_kint(w, "told_refused", c[9].n);
	jw_object_end(w);
}

enum err
box_show_documents(struct box *b, int64_t limit, struct jw *w, struct fault *f)
{
	struct box_work work = box_work(b, f);
	struct db_rows r;
	enum err rc = box_db_read(work.db, work.a, SQL_BOX_DOCS,
	    DB_IN(db_n(limit)), "ttttiiiiiii", (size_t)limit, &r, f);

	jw_object(w);
	jw_key(w, "documents");
	jw_list(w);
	for (size_t i = 0; rc == ERR_OK && i < r.len; i++)
		show_document(db_row(&r, i), w);
	jw_list_end(w);
	jw_object_end(w);
	return rc;
}

static void
show_taken(const struct db_cell *c, struct jw *w)
{
	jw_object(w);
	jw_kint(w, "number", c[3].n);
	jw_ktext(w, "kind", c[0].t);
	jw_ktext(w, "state", c[1].t);
	jw_kopt(w, "words", c[2].t);
	jw_kint(w, "applied", c[4].n);
	jw_kint(w, "applied_kop", c[5].n);
	jw_kint(w, "refused", c[6].n);
	jw_kint(w, "seen", c[7].n);
	jw_kint(w, "changed", c[8].n);
	jw_kint(w, "answer", c[9].n);
	jw_object_end(w);
}

enum err
box_show_taken(struct box *b, int64_t limit, struct jw *w, struct fault *f)
{
	struct box_work work = box_work(b, f);
	struct db_rows r;
	enum err rc = box_db_read(work.db, work.a, SQL_BOX_TAKEN_LIST,
	    DB_IN(db_n(limit)), "tttiiiiiii", (size_t)limit, &r, f);

	jw_object(w);
	jw_key(w, "taken");
	jw_list(w);
	for (size_t i = 0; rc == ERR_OK && i < r.len; i++)
		show_taken(db_row(&r, i), w);
	jw_list_end(w);
	jw_object_end(w);
	return rc;
}

/* --- requests ------------------------------------------------------------- */

static enum err
show_files(const struct box_work *w, struct str id, struct jw *out)
{
	struct db_rows r;
	enum err rc = box_db_read(w->db, w->a, SQL_BOX_REQUEST_FILES,
	    DB_IN(db_t(id), db_n(REQUEST_FILES_MAX)), "ttti", REQUEST_FILES_MAX,
	    &r, w->f);

	jw_key(out, "files");
	jw_list(out);
	for (size_t i = 0; rc == ERR_OK && i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		jw_object(out);
		jw_ktext(out, "name", c[0].t);
		jw_ktext(out, "type", c[1].t);
		jw_kint(out, "size", c[3].n);
		jw_ktext(out, "sha256", c[2].t);
		jw_object_end(out);
	}
	jw_list_end(out);
	return rc;
}

static enum err
show_request(const struct box_work *w, const struct db_cell *c, struct jw *out)
{
	enum err rc;

	jw_object(out);
	jw_ktext(out, "id", c[0].t);
	jw_ktext(out, "kind", c[1].t);
	jw_kopt(out, "account", c[2].t);
	jw_ktext(out, "made_at", c[3].t);
	jw_kopt(out, "text", c[4].t);
	jw_kopt(out, "closed_at", c[5].t);
	jw_kopt(out, "state", c[6].t);
	jw_kint(out, "document", c[7].n);
	jw_kint(out, "answer", c[8].n);
	rc = show_files(w, c[0].t, out);
	jw_object_end(out);
	return rc;
}

enum err
box_show_requests(struct box *b, int64_t limit, struct jw *w, struct fault *f)
{
	struct box_work work = box_work(b, f);
	struct db_rows r;
	enum err rc = box_db_read(work.db, work.a, SQL_BOX_REQUESTS,
	    DB_IN(db_n(limit)), "tttttttii", (size_t)limit, &r, f);

	jw_object(w);
	jw_key(w, "requests");
	jw_list(w);
	for (size_t i = 0; rc == ERR_OK && i < r.len; i++)
		rc = show_request(&work, db_row(&r, i), w);
	jw_list_end(w);
	jw_object_end(w);
	return rc;
}

/* --- findings ------------------------------------------------------------- */

static void
find(struct buf *out, int64_t *n, bool wrong, const char *words, int64_t a,
    int64_t b)
{
	if (!wrong)
		return;
	++*n;
	buf_fmt(out, "%s: %lld, %lld\n", words, (long long)a, (long long)b);
}

/* Of each document of ours that is done: it was acknowledged as it was made. */
static enum err
find_documents(const struct box_work *w, struct buf *out, int64_t *n)
{
	struct db_rows r;
	enum err rc = box_db_read(w->db, w->a, SQL_BOX_DOCS_UNTOLD,
	    DB_IN(db_n(100)), "ii", 100, &r, w->f);

	for (size_t i = 0; rc == ERR_OK && i < r.len; i++)
		find(out, n, true,
		    "a document is done, and was not acknowledged with its "
		    "own count and sum (number, told count)",
		    db_row(&r, i)[0].n, db_row(&r, i)[1].n);
	return rc;
}

enum err
box_findings(struct box *b, struct buf *out, int64_t *n, struct fault *f)
{
	struct box_work w = box_work(b, f);
	int64_t s[SUMS] = { 0 };
	enum err rc = read_sums(&w, s);

	*n = 0;
	if (rc != ERR_OK)
		return rc;
	find(out, n, s[SAID_PAID] != s[BOOKED_PAID],
	    "payments of Kvitok's documents and of the books differ",
	    s[SAID_PAID], s[BOOKED_PAID]);
	find(out, n, s[SAID_REFUNDED] != s[BOOKED_REFUNDED],
	    "refunds of Kvitok's documents and of the books differ",
	    s[SAID_REFUNDED], s[BOOKED_REFUNDED]);
	find(out, n, s[CHANGED] != 0,
	    "documents of Kvitok came again with another content", s[CHANGED],
	    0);
	return find_documents(&w, out, n);
}

enum err
box_show_check(struct box *b, int64_t limit, struct jw *w, struct fault *f)
{
	struct arena *a = arena_new((size_t)4 << 20);
	struct buf lines;
	struct str rest, line;
	int64_t n;
	enum err rc;

	buf_init(&lines, a, FINDINGS_MAX_BYTES);
	rc = box_findings(b, &lines, &n, f);
	jw_object(w);
	jw_key(w, "findings");
	jw_list(w);
	rest = buf_str(&lines);
	while (rc == ERR_OK && limit-- > 0 && str_cut(&rest, '\n', &line))
		jw_text(w, line);
	jw_list_end(w);
	jw_object_end(w);
	arena_free(a);
	return rc;
}

/* --- faults --------------------------------------------------------------- */

static void
show_menu(struct jw *w)
{
	jw_key(w, "menu");
	jw_list(w);
	for (unsigned i = 1; i < BOX_FAULT__COUNT; i++) {
		const struct box_fault_item *item =
		    box_fault_item((enum box_fault)i);

		jw_object(w);
		jw_ktext(w, "fault", str_of(item->name));
		jw_ktext(w, "side", str_of(sides[item->side]));
		jw_kbool(w, "by_chance", item->by_chance);
		jw_ktext(w, "about", str_of(item->about));
		jw_object_end(w);
	}
	jw_list_end(w);
}

void
box_show_faults(struct box *b, struct jw *w)
{
	jw_object(w);
	jw_kbool(w, "away", b->down_until > 0);
	jw_kint(w, "percent", b->faults.chance_pct);
	jw_key(w, "armed");
	jw_list(w);
	for (size_t i = 0; i < b->faults.len; i++) {
		const struct box_armed *x = &b->faults.armed[i];

		jw_object(w);
		jw_ktext(w, "fault", str_of(box_fault_item(x->fault)->name));
		jw_kopt(w, "kind", str_of(x->kind));
		jw_kint(w, "count", x->count);
		jw_kint(w, "ms", x->ms);
		jw_object_end(w);
	}
	jw_list_end(w);
	show_menu(w);
	jw_object_end(w);
}
