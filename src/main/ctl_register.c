#include "ctl.h"

#include "file_source.h"

#include "kvitok/app/reconcile.h"
#include "kvitok/app/register_import.h"
#include "kvitok/base/day.h"

#define FILES_SHOWN 100
#define BADS_PAGE 200
#define SPAN_DAYS 31
#define SPAN_DAYS_MAX 400

static void
say_sum(struct buf *b, const char *what, int64_t kop)
{
	buf_fmt(b, "  %s ", what);
	buf_decimal(b, kop);
}

static void
say_sums(struct buf *b, const char *what, const struct register_sums *s)
{
	buf_fmt(b, "%s %lld rows,", what, (long long)s->rows);
	say_sum(b, "gross", s->gross_kop);
	say_sum(b, "fee", s->fee_kop);
	say_sum(b, "VAT", s->vat_kop);
	say_sum(b, "net", s->net_kop);
	buf_lit(b, "\n");
}

/* What the file says of itself and what it has, where they disagree. */
static void
say_declared(struct buf *b, const struct register_file *x)
{
	const struct {
		const char *what;
		int64_t declared, seen;
	} t[REG_TOTAL__COUNT] = {
		[REG_COUNT] = { "rows", x->declared.rows, x->seen.rows },
		[REG_SUM_GROSS] = { "gross", x->declared.gross_kop,
		    x->seen.gross_kop },
		[REG_SUM_FEE] = { "fee", x->declared.fee_kop, x->seen.fee_kop },
		[REG_SUM_VAT] = { "VAT", x->declared.vat_kop, x->seen.vat_kop },
		[REG_SUM_NET] = { "net", x->declared.net_kop, x->seen.net_kop },
	};

	for (int i = 0; i < REG_TOTAL__COUNT; i++) {
		if (!x->declares[i] || t[i].declared == t[i].seen)
			continue;
		buf_fmt(b, "differs: %s declared ", t[i].what);
		if (i == REG_COUNT)
			buf_fmt(b, "%lld, rows have %lld",
			    (long long)t[i].declared, (long long)t[i].seen);
		else {
			buf_decimal(b, t[i].declared);
			buf_lit(b, ", rows have ");
			buf_decimal(b, t[i].seen);
		}
		buf_lit(b, "\n");
	}
}

static void
say_file(struct buf *b, const struct register_file *x)
{
	ctl_say(b, "register ", x->id);
	ctl_say(b, " of ", x->contract);
	ctl_say(b, ": ", x->name);
	ctl_say(b, "\nlayout ", x->layout);
	ctl_say(b, ", by ", x->actor);
	ctl_say(b, ", days ", x->from_day.len > 0 ? x->from_day : STR("-"));
	ctl_say(b, " to ", x->to_day.len > 0 ? x->to_day : STR("-"));
	buf_fmt(b,
	    "\n%s at %lld of %lld bytes, line %lld; %lld repeated, "
	    "%lld bad\n",
	    x->done ? "done" : "cut short: import it again", (long long)x->pos,
	    (long long)x->size, (long long)x->line, (long long)x->repeated,
	    (long long)x->bad);
	say_sums(b, "taken", &x->taken);
	say_sums(b, "in it", &x->seen);
	say_declared(b, x);
}

static void
say_counts(struct buf *b, const struct register_counts *n)
{
	for (int i = 0; i < RECON__COUNT; i++)
		buf_fmt(b, "%s %lld, ",
		    recon_outcome_name((enum recon_outcome)i),
		    (long long)n->by[i]);
	buf_fmt(b,
	    "fees off %lld, late %lld, missing %lld, reversed %lld, came "
	    "%lld\n",
	    (long long)n->fees_off, (long long)n->late, (long long)n->missing,
	    (long long)n->reversed, (long long)n->came);
}

static enum err
reconcile(struct ctl *c, struct str contract)
{
	struct register_counts n;
	enum err rc = reconcile_run(c->p, contract, &n, &c->f);

	if (rc != ERR_OK)
		return rc;
	ctl_say(&c->out, "", contract);
	buf_lit(&c->out, ": ");
	say_counts(&c->out, &n);
	return ERR_OK;
}

/* The file's own name, without the way to it. */
static struct str
base_name(struct str path)
{
	for (size_t i = path.len; i > 0; i--)
		if (path.p[i - 1] == '/')
			return (struct str){ path.p + i, path.len - i };
	return path;
}

/* The rows are in, whatever becomes of their matching. */
static enum err
reconcile_imported(struct ctl *c, struct str contract)
{
	enum err rc = reconcile(c, contract);

	if (rc == ERR_OK)
		return ERR_OK;
	c->partly = true;
	ctl_say(&c->out, "the rows are in, and wait to be matched: ",
	    str_eq(str_of(c->f.reason), STR("register_no_account"))
		? STR("set own_account of the bank_contract, then run ")
		: STR("run "));
	ctl_say(&c->out, "kvitokctl register match ", contract);
	buf_lit(&c->out, "\n");
	return rc;
}

enum err
ctl_register_import(struct ctl *c)
{
	struct source src;
	struct register_done done;
	struct str layout = ctl_option(c, "layout");
	enum err rc = file_source_open(c->a, c->words[1], &src, &c->f);

	if (rc == ERR_OK)
		rc = register_import(c->p, c->a,
		    &(struct register_ask){ .contract = c->words[0],
			.name = base_name(c->words[1]),
			.layout = layout.p != NULL ? layout : STR(""),
			.actor = ctl_operator(c),
			.src = &src },
		    &done, &c->f);
	if (rc != ERR_OK)
		return rc;
	say_file(&c->out, &done.file);
	if (done.known)
		buf_lit(&c->out,
		    "nothing is new: this content was imported "
		    "before\n");
	if (done.resumed)
		buf_lit(&c->out,
		    "an import that had been cut short was "
		    "carried on\n");
	return reconcile_imported(c, c->words[0]);
}

enum err
ctl_register_list(struct ctl *c)
{
	const struct register_file *v;
	size_t len = 0;
	enum err rc = c->p->recon_report.files(c->p->recon_report.self, c->a,
	    c->words_len > 0 ? c->words[0] : STR(""), STR(""), FILES_SHOWN, &v,
	    &len, &c->f);

	for (size_t i = 0; rc == ERR_OK && i < len; i++) {
		ctl_time(&c->out, v[i].created_at);
		buf_lit(&c->out, "  ");
		ctl_cell(&c->out, v[i].id, 28);
		ctl_cell(&c->out, v[i].contract, 18);
		buf_fmt(&c->out, "%s  %lld rows, %lld repeated, %lld bad  ",
		    v[i].done ? "done   " : "reading",
		    (long long)v[i].taken.rows, (long long)v[i].repeated,
		    (long long)v[i].bad);
		ctl_say(&c->out, "", v[i].name);
		buf_lit(&c->out, "\n");
	}
	return rc;
}

enum err
ctl_register_show(struct ctl *c)
{
	struct register_file x;
	enum err rc = c->p->recon_report.file(
	    c->p->recon_report.self, c->a, c->words[0], &x, &c->f);

	if (rc == ERR_OK)
		say_file(&c->out, &x);
	return rc;
}

enum err
ctl_register_bad(struct ctl *c)
{
	struct register_file x;
	const struct reg_bad *v;
	size_t len = BADS_PAGE;
	int64_t after = 0;
	enum err rc = c->p->recon_report.file(
	    c->p->recon_report.self, c->a, c->words[0], &x, &c->f);

	while (rc == ERR_OK && len == BADS_PAGE) {
		rc = c->p->recon_report.bads(c->p->recon_report.self, c->a, &x,
		    after, BADS_PAGE, &v, &len, &c->f);
		for (size_t i = 0; rc == ERR_OK && i < len; i++) {
			buf_fmt(&c->out, "строка %lld", (long long)v[i].line);
			if (v[i].column > 0)
				buf_fmt(&c->out, ", столбец %d", v[i].column);
			buf_fmt(&c->out, ": %s", reason_words(v[i].reason));
			ctl_say(&c->out, v[i].value.len > 0 ? " «" : "",
			    v[i].value);
			buf_text(&c->out,
			    v[i].value.len > 0 ? STR("»\n") : STR("\n"));
			after = v[i].line;
		}
	}
	if (rc == ERR_OK && x.bad > REGISTER_BAD_MAX)
		buf_fmt(&c->out, "ещё %lld\n",
		    (long long)(x.bad - REGISTER_BAD_MAX));
	return rc;
}

enum err
ctl_register_match(struct ctl *c)
{
	return reconcile(c, c->words[0]);
}

static enum err
summary(struct ctl *c, struct str contract, struct str from, struct str to)
{
	const struct recon_line *v;
	size_t len;
	enum err rc = c->p->recon_report.summary(c->p->recon_report.self, c->a,
	    contract, STR(""), from, to, &v, &len, &c->f);

	for (size_t i = 0; rc == ERR_OK && i < len; i++) {
		const struct recon_line *l = &v[i];

		buf_lit(&c->out, "  ");
		ctl_cell(&c->out, l->day, 12);
		ctl_cell(&c->out, l->outcome, 12);
		buf_fmt(&c->out, "%lld,", (long long)l->count);
		say_sum(&c->out, "gross", l->gross_kop);
		say_sum(&c->out, "fee", l->fee_kop);
		say_sum(&c->out, "VAT", l->vat_kop);
		say_sum(&c->out, "net", l->net_kop);
		if (l->fees_off > 0)
			buf_fmt(
			    &c->out, "  fees off %lld", (long long)l->fees_off);
		buf_lit(&c->out, "\n");
	}
	return rc;
}

/* The days that are asked for; the last month when none are. */
static enum err
span(struct ctl *c, struct str *from, struct str *to)
{
	int64_t now = c->p->clock.now(c->p->clock.self), first, last;
	char day[DAY_TEXT_SIZE];

	*from = ctl_option(c, "from");
	*to = ctl_option(c, "to");
	day_of(now, DAY_ZONE_MOSCOW, day);
	if (to->p == NULL)
		*to = arena_str(c->a, str_of(day));
	day_of(now - SPAN_DAYS * DAY_MS, DAY_ZONE_MOSCOW, day);
	if (from->p == NULL)
		*from = arena_str(c->a, str_of(day));
	if (!day_start(*from, DAY_ZONE_MOSCOW, &first) ||
	    !day_start(*to, DAY_ZONE_MOSCOW, &last) || first > last ||
	    last - first > SPAN_DAYS_MAX * DAY_MS)
		return fault_set(&c->f, ERR_INVALID, "usage",
		    "--from and --to are days, at most %d of them",
		    SPAN_DAYS_MAX);
	return ERR_OK;
}

enum err
ctl_reconcile(struct ctl *c)
{
	const struct str *v = c->words;
	size_t len = c->words_len;
	struct str from, to;
	enum err rc = span(c, &from, &to);

	if (rc == ERR_OK && len == 0)
		rc = c->p->recon_report.contracts(
		    c->p->recon_report.self, c->a, &v, &len, &c->f);
	for (size_t i = 0; rc == ERR_OK && i < len; i++) {
		rc = reconcile(c, v[i]);
		/* Of all contracts some have no registers yet. */
		if (rc == ERR_CONFLICT && c->words_len == 0) {
			ctl_say(&c->out, "", v[i]);
			buf_lit(&c->out, ": no own account is set\n");
			rc = ERR_OK;
		}
		if (rc == ERR_OK)
			rc = summary(c, v[i], from, to);
	}
	return rc;
}
