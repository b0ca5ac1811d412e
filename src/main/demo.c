#include "demo.h"

#include "demo_charge.h"
#include "demo_person.h"
#include "kvitok/base/num.h"
#include "kvitok/base/tpl.h"
#include "kvitok/domain/payment.h"

#include <inttypes.h>

#define FIELDS_MAX 9
#define NUMBER_MAX INT64_C(999999999999) /* account numbers have 12 */

const char *const demo_portals[] = { "portalgkh", "tgk1", "irkutskenergosbyt",
	"novcheb", "moygaz", NULL };

/* One file that is being read. */
struct reader {
	struct arena *a;
	struct fault *f;
	struct str name, rest; /* of the file */
	int line;
	struct str field[FIELDS_MAX];
	size_t fields;
};

static enum err
bad(const struct reader *r, const char *what)
{
	return fault_set(r->f, ERR_BUG, "internal", "%.*s:%d: %s",
	    STR_ARG(r->name), r->line, what);
}

static enum err
reader_open(struct reader *r, struct arena *a, struct str name, struct fault *f)
{
	struct bytes text = asset_get(name);

	*r = (struct reader){ .a = a, .f = f, .name = name };
	if (text.p == NULL)
		return bad(r, "not compiled in");
	r->rest = (struct str){ (const char *)text.p, text.len };
	return ERR_OK;
}

/* Gives: true with the fields of the next line that is not a comment. */
static bool
reader_next(struct reader *r)
{
	struct str line;

	do {
		if (r->rest.len == 0)
			return false;
		(void)str_cut(&r->rest, '\n', &line); /* or the last line */
		r->line++;
	} while (line.len == 0 || line.p[0] == '#');
	r->fields = 0;
	while (r->fields < FIELDS_MAX &&
	    str_cut(&line, '\t', &r->field[r->fields]))
		r->fields++;
	if (r->fields < FIELDS_MAX)
		r->fields++;
	return true;
}

/* Gives: true when the line is of that kind and has so many fields. */
static bool
is(const struct reader *r, const char *kind, size_t fields)
{
	return str_eq(r->field[0], str_of(kind)) && r->fields == fields;
}

static enum err
number(const struct reader *r, size_t field, int64_t min, int64_t *out)
{
	if (!num_parse(r->field[field], min, NUMBER_MAX, out))
		return bad(r, "number wanted");
	return ERR_OK;
}

static enum err
word_put(const struct reader *r, struct str *list, size_t *len)
{
	if (*len == DEMO_WORDS_MAX)
		return bad(r, "too many words");
	list[(*len)++] = r->field[1];
	return ERR_OK;
}

static enum err
pair_put(const struct reader *r, struct demo_pair *list, size_t *len)
{
	if (*len == DEMO_WORDS_MAX)
		return bad(r, "too many words");
	list[(*len)++] = (struct demo_pair){ r->field[1], r->field[2] };
	return ERR_OK;
}

static enum err
word_read(const struct reader *r, struct demo_words *w)
{
	if (is(r, "F", 3))
		return pair_put(r, w->surnames, &w->surnames_len);
	if (is(r, "O", 3))
		return pair_put(r, w->patronymics, &w->patronymics_len);
	if (is(r, "I", 2))
		return word_put(r, w->men, &w->men_len);
	if (is(r, "J", 2))
		return word_put(r, w->women, &w->women_len);
	if (is(r, "U", 2))
		return word_put(r, w->streets, &w->streets_len);
	return bad(r, "unknown kind of line");
}

static enum err
words_read(struct arena *a, struct demo_words *w, struct fault *f)
{
	struct reader r;
	enum err rc;

	rc = reader_open(&r, a, STR("demo/words.tsv"), f);
	while (rc == ERR_OK && reader_next(&r))
		rc = word_read(&r, w);
	return rc;
}

/* The list that grows. */
struct list {
	struct account *v;
	size_t len, cap, guides;
	struct demo_last lasts[DEMO_WORDS_MAX];
	size_t lasts_len;
	struct str portal;
	const struct demo_words *words;
};

static struct account *
list_add(struct arena *a, struct list *l)
{
	if (l->len == l->cap) {
		size_t cap = l->cap ? 2 * l->cap : 256;

		l->v = arena_grow(
		    a, l->v, l->cap * sizeof(*l->v), cap * sizeof(*l->v));
		l->cap = cap;
	}
	l->v[l->len] = (struct account){ .portal = l->portal };
	return &l->v[l->len++];
}

/* Set what the key is made of. */
static enum err
name_account(const struct reader *r, struct account *acc, struct str supplier,
    struct str shown)
{
	char akey[PAY_AKEY_LEN + 1];

	acc->supplier = supplier;
	acc->shown = shown;
	if (!account_fold(r->a, shown, &acc->account))
		return bad(r, "no account number");
	pay_akey(acc->portal, acc->account, akey);
	acc->akey = arena_str(r->a, str_of(akey));
	return ERR_OK;
}

static enum err
debt_read(const struct reader *r, struct account_debt *d)
{
	*d = (struct account_debt){ .service = r->field[1],
		.as_of_day = r->field[3] };
	return number(r, 2, -NUMBER_MAX, &d->debt_kop);
}

static enum err
meter_read(const struct reader *r, struct account_meter *meters, size_t n)
{
	struct account_meter *m = &meters[n];
	int64_t digits;
	enum err rc;

	*m = (struct account_meter){ .title = r->field[1],
		.serial = r->field[2],
		.unit = r->field[3],
		.last_day = r->field[6],
		.verify_day = r->field[7] };
	if (str_eq(m->verify_day, STR("-")))
		m->verify_day = STR_NONE;
	m->meter = arena_fmt(r->a, "%.*s-%zu", STR_ARG(m->serial), n + 1);
	rc = number(r, 4, 1, &digits);
	if (rc == ERR_OK)
		rc = number(r, 5, 0, &m->last_value);
	if (rc == ERR_OK)
		m->digits = (int)digits;
	return rc;
}

static enum err
last_read(const struct reader *r, struct list *l)
{
	struct demo_last *last = &l->lasts[l->lasts_len];

	if (l->lasts_len == DEMO_WORDS_MAX)
		return bad(r, "too many charges");
	l->lasts_len++;
	*last =
	    (struct demo_last){ .account = l->len - 1, .service = r->field[1] };
	return number(r, 2, 1, &last->accrued_kop);
}

/* The rows below an "A": at most DEMO_ROWS_MAX of each kind. */
static enum err
account_read(struct reader *r, struct list *l, struct account *acc)
{
	struct account_debt *debts =
	    ARENA_ARRAY(r->a, DEMO_ROWS_MAX, struct account_debt);
	struct account_meter *meters =
	    ARENA_ARRAY(r->a, DEMO_ROWS_MAX, struct account_meter);
	struct reader before;
	enum err rc;

	rc = name_account(r, acc, r->field[1], r->field[2]);
	acc->owner = r->field[3];
	acc->address = r->field[4];
	acc->debts = debts;
	acc->meters = meters;
	for (before = *r; rc == ERR_OK && reader_next(r); before = *r) {
		if (is(r, "D", 4) && acc->debts_len < DEMO_ROWS_MAX)
			rc = debt_read(r, &debts[acc->debts_len++]);
		else if (is(r, "M", 8) && acc->meters_len < DEMO_ROWS_MAX)
			rc = meter_read(r, meters, acc->meters_len++);
		else if (is(r, "C", 3))
			rc = last_read(r, l);
		else
			break;
	}
	*r = before;
	return rc;
}

static enum err
series_debt(const struct reader *r, struct demo_series *g)
{
	size_t n = g->debts_len++;
	enum err rc;

	g->debts[n].service = r->field[1];
	rc = number(r, 2, 1, &g->debts[n].low_kop);
	if (rc == ERR_OK)
		rc = number(r, 3, g->debts[n].low_kop, &g->debts[n].high_kop);
	return rc;
}

static enum err
series_meter(const struct reader *r, struct demo_series *g)
{
	size_t n = g->meters_len++;
	enum err rc;

	g->meters[n].title = r->field[1];
	g->meters[n].unit = r->field[2];
	rc = number(r, 3, 1, &g->meters[n].digits);
	if (rc == ERR_OK)
		rc = number(r, 4, 1, &g->meters[n].use);
	return rc;
}

static enum err
series_head(const struct reader *r, struct demo_series *g)
{
	enum err rc;

	*g = (struct demo_series){ .supplier = r->field[1],
		.prefix = r->field[3],
		.town = r->field[7] };
	rc = number(r, 2, 1, &g->count);
	if (rc == ERR_OK)
		rc = number(r, 4, 0, &g->first);
	if (rc == ERR_OK)
		rc = number(r, 5, 1, &g->digits);
	if (rc == ERR_OK)
		rc = number(r, 6, 1, &g->step);
	return rc;
}

static enum err
series_make(const struct reader *r, const struct demo_series *g, struct list *l)
{
	enum err rc = ERR_OK;

	for (int64_t i = 0; rc == ERR_OK && i < g->count; i++) {
		struct account *acc = list_add(r->a, l);
		struct str shown = arena_fmt(r->a, "%.*s%0*" PRId64,
		    STR_ARG(g->prefix), (int)g->digits, g->first + i * g->step);
		uint64_t seed;

		rc = name_account(r, acc, g->supplier, shown);
		seed = demo_seed(l->portal, shown);
		acc->owner = demo_owner(r->a, l->words, seed);
		acc->address = demo_address(r->a, l->words, g->town, seed);
		acc->debts = demo_debts(r->a, g, seed);
		acc->debts_len = g->debts_len;
		acc->meters = demo_meters(r->a, g, seed);
		acc->meters_len = g->meters_len;
	}
	return rc;
}

static enum err
series_read(struct reader *r, struct list *l)
{
	struct demo_series g;
	struct reader before;
	enum err rc;

	rc = series_head(r, &g);
	for (before = *r; rc == ERR_OK && reader_next(r); before = *r) {
		if (is(r, "S", 4) && g.debts_len < DEMO_ROWS_MAX)
			rc = series_debt(r, &g);
		else if (is(r, "T", 5) && g.meters_len < DEMO_ROWS_MAX)
			rc = series_meter(r, &g);
		else
			break;
	}
	if (rc != ERR_OK)
		return rc;
	*r = before;
	return series_make(r, &g, l);
}

enum err
demo_accounts(struct arena *a, struct str portal, const struct account **out,
    size_t *len, const struct loader_book **books, struct fault *f)
{
	struct demo_words *words = ARENA_NEW(a, struct demo_words);
	struct list l = { .portal = portal, .words = words };
	struct reader r;
	enum err rc;

	rc = words_read(a, words, f);
	if (rc == ERR_OK)
		rc = reader_open(
		    &r, a, arena_fmt(a, "demo/%.*s.tsv", STR_ARG(portal)), f);
	while (rc == ERR_OK && reader_next(&r)) {
		if (is(&r, "A", 5)) {
			rc = account_read(&r, &l, list_add(a, &l));
			l.guides = l.len; /* they stand first */
		} else if (is(&r, "G", 8)) {
			rc = series_read(&r, &l);
		} else {
			rc = bad(&r, "unknown kind of line");
		}
	}
	*out = l.v;
	*len = l.len;
	if (rc == ERR_OK)
		*books =
		    demo_books(a, l.v, l.len, l.guides, l.lasts, l.lasts_len);
	return rc;
}
