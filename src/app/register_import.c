#include "kvitok/app/register_import.h"

#include "kvitok/app/reg_lines.h"
#include "kvitok/base/day.h"
#include "kvitok/base/secret.h"
#include "kvitok/base/utf8.h"
#include "kvitok/domain/money.h"
#include "kvitok/domain/payment.h"

#define BATCH_ROWS 500
#define BATCH_LINES 2000 /* those that are empty or bad, too */
#define BATCH_MEMORY ((size_t)48 << 20)
#define NAME_MAX_LEN 200

/* One register on its way. */
struct importing {
	const struct ports *p;
	const struct register_ask *ask;
	struct arena *a, *batch;
	struct register_terms terms;
	struct register_layout stored;
	struct reg_layout layout;
	struct reg_reader reader;
	struct reg_lines *lines;
	struct register_file file;
	struct reg_bad first_bad; /* reason NULL: there is none */
	char from_day[DAY_TEXT_SIZE], to_day[DAY_TEXT_SIZE];
	struct fault *f;
};

/* What was read between two transactions. */
struct portion {
	struct importing *x;
	struct reg_row rows[BATCH_ROWS];
	char keys[BATCH_ROWS][REG_KEY_SIZE];
	size_t rows_len;
	struct reg_bad bads[BATCH_LINES + BATCH_ROWS];
	size_t bads_len;
	struct register_batch batch;
	/* Of one run of the transaction. */
	bool was[BATCH_ROWS];
	struct register_kept kept[BATCH_ROWS];
};

void
register_terms_pick(const struct register_terms *v, size_t len, struct str day,
    struct register_terms *out)
{
	*out = (struct register_terms){ .contract = v[0].contract,
		.bank = v[0].bank,
		.own_account = v[0].own_account,
		.from_day = STR(""),
		.to_day = STR(""),
		.layout = STR(""),
		.rounding = STR("") };
	for (size_t i = 0; i < len; i++)
		if (v[i].from_day.len > 0 && str_cmp(v[i].from_day, day) <= 0 &&
		    (v[i].to_day.len == 0 || str_cmp(day, v[i].to_day) <= 0))
			*out = v[i];
}

enum err
register_terms_on(const struct ports *p, struct arena *a, struct str contract,
    struct str day, struct register_terms *out, struct fault *f)
{
	const struct register_terms *v;
	size_t len;
	enum err rc =
	    p->registers.terms(p->registers.self, a, contract, &v, &len, f);

	if (rc == ERR_OK)
		register_terms_pick(v, len, day, out);
	return rc;
}

static enum err
find_layout(struct importing *x)
{
	const struct ports *p = x->p;
	const struct register_layout *v;
	struct str name = x->ask->layout;
	char today[DAY_TEXT_SIZE];
	size_t len;
	enum err rc;

	day_of(p->clock.now(p->clock.self), DAY_ZONE_MOSCOW, today);
	rc = register_terms_on(
	    p, x->a, x->ask->contract, str_of(today), &x->terms, x->f);
	if (rc != ERR_OK)
		return rc;
	if (name.len == 0)
		name = x->terms.layout;
	if (name.len == 0)
		return fault_set(x->f, ERR_ABSENT, "layout_unknown",
		    "%.*s has no layout today", STR_ARG(x->ask->contract));
	rc =
	    p->registers.layouts(p->registers.self, x->a, name, &v, &len, x->f);
	if (rc != ERR_OK)
		return rc;
	if (len == 0)
		return fault_set(
		    x->f, ERR_ABSENT, "layout_unknown", "%.*s", STR_ARG(name));
	x->stored = v[0];
	return reg_layout_read(x->a, v[0].body, &x->layout, x->f);
}

/* --- the first time: nothing is written ------------------------------ */

static enum err
add_sums(struct register_sums *s, const struct reg_row *r, struct fault *f)
{
	const struct {
		int64_t *sum, kop;
	} parts[] = { { &s->gross_kop, r->gross_kop },
		{ &s->fee_kop, r->fee_kop }, { &s->vat_kop, r->vat_kop },
		{ &s->net_kop, r->net_kop } };

	for (size_t i = 0; i < KV_COUNT(parts); i++) {
		struct money sum;
		enum err rc = money_add((struct money){ *parts[i].sum },
		    (struct money){ parts[i].kop }, &sum, f);

		if (rc != ERR_OK)
			return rc;
		*parts[i].sum = sum.kop;
	}
	s->rows++;
	return ERR_OK;
}

static void
widen(struct importing *x, const char *day)
{
	if (x->from_day[0] == '\0' || strcmp(day, x->from_day) < 0)
		memcpy(x->from_day, day, DAY_TEXT_SIZE);
	if (strcmp(day, x->to_day) > 0)
		memcpy(x->to_day, day, DAY_TEXT_SIZE);
}

static enum reg_seen
read_line(struct importing *x, const struct reg_text *line, struct reg_row *row,
    struct reg_bad *bad)
{
	if (!line->too_long)
		return reg_read(&x->reader, x->batch, line->bytes, row, bad);
	reg_pass_over(&x->reader, bad);
	return REG_SEEN_BAD;
}

static enum err
survey_line(struct importing *x, const struct reg_text *line)
{
	struct reg_row row;
	struct reg_bad bad;
	enum err rc = ERR_OK;

	switch (read_line(x, line, &row, &bad)) {
	case REG_SEEN_ROW:
		rc = add_sums(&x->file.seen, &row, x->f);
		widen(x, row.day);
		break;
	case REG_SEEN_BAD:
		if (x->first_bad.reason == NULL) {
			x->first_bad = bad;
			x->first_bad.value = arena_str(x->a, bad.value);
		}
		x->file.bad++;
		break;
	case REG_SEEN_FOOT:
	case REG_SEEN_NOTHING:
		break;
	}
	arena_reset(x->batch);
	return rc;
}

/* Is it such a register at all, and is its end there? */
static enum err
verdict(struct importing *x, bool ended)
{
	const struct reg_bad *b = &x->first_bad;

	if (!x->reader.headed)
		return fault_set(x->f, ERR_INVALID, "register_foreign",
		    "no header row of layout %.*s in %s",
		    STR_ARG(x->stored.layout),
		    x->layout.named ? "the first lines" : "so few lines");
	if (x->file.seen.rows == 0 && x->file.bad > 0)
		return fault_set(x->f, ERR_INVALID, "register_foreign",
		    "no line is of layout %.*s; line %lld, column %d: %s",
		    STR_ARG(x->stored.layout), (long long)b->line, b->column,
		    b->reason);
	if (x->layout.foot_required && !x->reader.footed)
		return fault_set(x->f, ERR_INVALID, "register_cut",
		    "no line of totals behind line %lld",
		    (long long)x->reader.line);
	if (!ended && !x->layout.open_end)
		return fault_set(x->f, ERR_INVALID, "register_cut",
		    "line %lld has no end", (long long)x->reader.line);
	return ERR_OK;
}

static void
take_declared(struct importing *x)
{
	const struct reg_reader *r = &x->reader;

	memcpy(x->file.declares, r->declares, sizeof(r->declares));
	x->file.declared = (struct register_sums){ r->declared[REG_COUNT],
		r->declared[REG_SUM_GROSS], r->declared[REG_SUM_FEE],
		r->declared[REG_SUM_VAT], r->declared[REG_SUM_NET] };
	if (r->day[0] != '\0') {
		memcpy(x->from_day, r->day, DAY_TEXT_SIZE);
		memcpy(x->to_day, r->day, DAY_TEXT_SIZE);
	}
}

static void
digest_add(void *arg, const void *p, size_t len)
{
	secret_sum_add(arg, (struct str){ p, len });
}

static enum err
survey(struct importing *x, char digest[65])
{
	struct secret_sum sum;
	struct reg_text line = { .ended = true };
	bool more = true, ended = true;
	enum err rc = ERR_OK;

	secret_sum_begin(&sum);
	reg_lines_init(x->lines, x->ask->src, 0);
	x->lines->seen = digest_add;
	x->lines->arg = &sum;
	reg_reader_init(&x->reader, &x->layout);
	while (rc == ERR_OK && more && !reg_is_foreign(&x->reader)) {
		rc = reg_lines_next(x->lines, &line, &more, x->f);
		if (rc != ERR_OK || !more)
			break;
		ended = line.ended;
		rc = survey_line(x, &line);
	}
	secret_sum_end(&sum, digest);
	if (rc == ERR_OK)
		rc = verdict(x, ended);
	take_declared(x);
	return rc;
}

/* --- the second time -------------------------------------------------- */

static enum err
begin_body(void *arg, struct fault *f)
{
	struct importing *x = arg;
	bool made; /* somebody else may have begun it: it is read below */

	return x->p->registers.file_put(
	    x->p->registers.self, &x->file, &made, f);
}

/* Find where this content was read to, or begin it. */
static enum err
begin(struct importing *x, const char *digest, struct register_done *out)
{
	const struct ports *p = x->p;
	int64_t now = p->clock.now(p->clock.self);
	struct str key = arena_str(x->a, str_of(digest));
	struct fault none;
	char id[27];
	enum err rc;

	fault_init(&none);
	rc = p->registers.file_find(
	    p->registers.self, x->a, x->ask->contract, key, &out->file, &none);
	out->known = rc == ERR_OK && out->file.done;
	out->resumed = rc == ERR_OK && !out->file.done;
	if (rc == ERR_ABSENT) {
		p->ids.ulid(p->ids.self, now, id);
		x->file.contract = x->ask->contract;
		x->file.id = arena_str(x->a, str_of(id));
		x->file.digest = key;
		x->file.name = utf8_cut(x->ask->name, NAME_MAX_LEN);
		x->file.layout = x->stored.layout;
		x->file.layout_digest = x->stored.digest;
		x->file.actor = x->ask->actor;
		x->file.from_day = str_of(x->from_day);
		x->file.to_day = str_of(x->to_day);
		x->file.size = x->ask->src->size;
		x->file.created_at = now;
		rc = p->tx.run(
		    p->tx.self, "register_begin", begin_body, x, x->f);
	}
	if (rc == ERR_OK)
		rc = p->registers.file_find(p->registers.self, x->a,
		    x->ask->contract, key, &x->file, x->f);
	if (rc == ERR_OK && !x->file.done &&
	    !str_eq(x->file.layout_digest, x->stored.digest))
		rc = fault_set(x->f, ERR_CONFLICT, "register_layout_changed",
		    "begun with another form of layout %.*s",
		    STR_ARG(x->file.layout));
	return rc;
}

/* Gives: whether the two tell of one operation alike. */
static bool
same_sums(const struct reg_row *r, const struct register_kept *k)
{
	return r->gross_kop == k->gross_kop && r->fee_kop == k->fee_kop &&
	    r->vat_kop == k->vat_kop && r->at == k->at;
}

static void
changed_row(struct portion *w, struct reg_bad *out, const struct reg_row *r)
{
	*out = (struct reg_bad){ .line = r->line,
		.reason = "reg_changed",
		.value = arena_fmt(w->x->batch, "%lld kop, fee %lld + %lld",
		    (long long)r->gross_kop, (long long)r->fee_kop,
		    (long long)r->vat_kop) };
}

/* Bad lines are kept as long as there is room; they are all counted. */
static enum err
keep_bads(struct portion *w, const struct reg_bad *v, size_t len,
    int64_t before, struct fault *f)
{
	const struct ports *p = w->x->p;
	int64_t room = REGISTER_BAD_MAX - before;

	if (room <= 0)
		return ERR_OK;
	if ((int64_t)len > room)
		len = (size_t)room;
	return p->registers.bads_put(p->registers.self, &w->x->file, v, len, f);
}

static enum err
portion_body(void *arg, struct fault *f)
{
	struct portion *w = arg;
	struct importing *x = w->x;
	const struct ports *p = x->p;
	struct register_sums taken = { 0 };
	int64_t now = p->clock.now(p->clock.self), repeated = 0;
	struct reg_bad *bads = ARENA_ARRAY(
	    x->batch, w->bads_len + w->rows_len + 1, struct reg_bad);
	size_t bads_len = w->bads_len;
	enum err rc = p->registers.rows_put(
	    p->registers.self, x->batch, &w->batch, w->was, w->kept, f);

	memcpy(bads, w->bads, w->bads_len * sizeof(*bads));
	for (size_t i = 0; i < w->rows_len && rc == ERR_OK; i++) {
		const struct reg_row *r = &w->rows[i];

		if (!w->was[i])
			rc = add_sums(&taken, r, f);
		else if (same_sums(r, &w->kept[i]))
			repeated++;
		else
			changed_row(w, &bads[bads_len++], r);
	}
	if (rc == ERR_OK)
		rc = keep_bads(w, bads, bads_len, x->file.bad, f);
	if (rc == ERR_OK)
		rc = p->registers.file_move(p->registers.self, &w->batch,
		    &taken, repeated + w->batch.repeated, (int64_t)bads_len,
		    now, f);
	if (rc != ERR_OK || w->batch.to_pos < x->file.size)
		return rc;
	return p->jobs.wake(p->jobs.self,
	    &(struct job){ .akey = STR(PAY_AKEY_NONE),
		.id = x->file.id,
		.kind = STR(REGISTER_JOB),
		.ref = x->file.contract,
		.due_at = now,
		.created_at = now },
	    f);
}

/* The same row twice in one portion: once. */
static bool
in_portion(struct portion *w, const struct reg_row *r)
{
	size_t i = 0;

	while (i < w->rows_len &&
	    memcmp(w->keys[i], w->keys[w->rows_len], REG_KEY_SIZE) != 0)
		i++;
	if (i == w->rows_len)
		return false;
	if (same_sums(r,
		&(struct register_kept){ w->rows[i].gross_kop,
		    w->rows[i].fee_kop, w->rows[i].vat_kop, w->rows[i].at }))
		w->batch.repeated++;
	else
		changed_row(w, &w->bads[w->bads_len++], r);
	return true;
}

/* Read lines until there are enough of them.  Gives: *more, false at the end
 * of the file. */
static enum err
gather(struct portion *w, bool *more)
{
	struct importing *x = w->x;
	size_t lines = 0;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && *more && w->rows_len < BATCH_ROWS &&
	    lines < BATCH_LINES) {
		struct reg_text line;
		struct reg_row *r = &w->rows[w->rows_len];
		enum reg_seen seen;

		rc = reg_lines_next(x->lines, &line, more, x->f);
		if (rc != ERR_OK || !*more)
			break;
		lines++;
		seen = read_line(x, &line, r, &w->bads[w->bads_len]);
		if (seen == REG_SEEN_BAD)
			w->bads_len++;
		if (seen != REG_SEEN_ROW)
			continue;
		reg_key(x->batch, x->file.contract, r, w->keys[w->rows_len]);
		if (!in_portion(w, r))
			w->rows_len++;
	}
	w->batch.rows_len = w->rows_len;
	w->batch.to_pos = x->lines->pos;
	w->batch.to_line = x->reader.line;
	return rc;
}

static enum err
read_all(struct importing *x)
{
	struct portion *w = ARENA_NEW(x->a, struct portion);
	bool more = true;
	enum err rc = ERR_OK;

	/* The columns are known from the first time. */
	x->reader.line = x->file.line;
	x->reader.headed = x->file.pos > 0;
	x->reader.day[0] = '\0';
	reg_lines_init(x->lines, x->ask->src, x->file.pos);
	while (rc == ERR_OK && more) {
		w->x = x;
		w->rows_len = w->bads_len = 0;
		w->batch = (struct register_batch){ .file = &x->file,
			.rows = w->rows,
			.keys = w->keys,
			.from_pos = x->lines->pos };
		rc = gather(w, &more);
		if (rc == ERR_OK &&
		    (w->batch.to_pos > w->batch.from_pos || x->file.size == 0))
			rc = x->p->tx.run(x->p->tx.self, "register_batch",
			    portion_body, w, x->f);
		/* How many are kept so far; what is shown is read again. */
		x->file.bad += (int64_t)w->bads_len;
		arena_reset(x->batch);
		ports_step(x->p, "register_batch");
	}
	return rc;
}

enum err
register_import(const struct ports *p, struct arena *a,
    const struct register_ask *ask, struct register_done *out, struct fault *f)
{
	struct importing x = { .p = p, .ask = ask, .a = a, .f = f };
	char digest[65];
	enum err rc = find_layout(&x);

	*out = (struct register_done){ .known = false };
	if (rc != ERR_OK)
		return rc;
	x.batch = arena_new(BATCH_MEMORY);
	x.lines = ARENA_NEW(a, struct reg_lines);
	rc = survey(&x, digest);
	x.file.bad = 0;
	if (rc == ERR_OK)
		rc = begin(&x, digest, out);
	if (rc == ERR_OK && !x.file.done)
		rc = read_all(&x);
	if (rc == ERR_OK)
		rc = p->registers.file_find(p->registers.self, a, ask->contract,
		    x.file.digest, &out->file, f);
	arena_free(x.batch);
	return rc;
}
