/*
 * sending: a supplier with a mailbox, which the test holds.
 */
#ifndef KVITOK_TESTS_STORE_SENDING_H
#define KVITOK_TESTS_STORE_SENDING_H

#include "exchange_world.h"
#include "killing.h"
#include "settling.h"

#include "kvitok/app/exchange_run.h"
#include "kvitok/app/send.h"

#define HANDED_MAX 200

/* A document as it came. */
struct handed {
	int64_t number;
	struct str kind, text;
	bool again;
};

/* What the supplier has got, in order. */
static struct handed handed[HANDED_MAX];
static size_t handed_len;
static bool box_broken; /* it takes nothing */
/* It is slow: called after each piece, and after the last one. */
static void (*box_wait)(struct world *w, bool last);
static int64_t box_left; /* the first one that it has not fetched */
static struct mailbox_owner box_owner = { .portal = { EX_PORTAL, 17 },
	.supplier = { EX_SUPPLIER, 17 },
	.name = { "box", 3 },
	.poll_ms = 60000,
	.send = 1U << SEND_PAYMENTS | 1U << SEND_REFUNDS | 1U << SEND_READINGS |
	    1U << SEND_SETTLEMENT,
	.answer_ms = 3600000,
	.send_tries = 3 };

static inline enum err
box_next(void *self, struct arena *a, int64_t after, struct mailbox_item *out,
    bool *found, struct fault *f)
{
	(void)self, (void)a, (void)after, (void)out, (void)f;
	*found = false; /* tests bring documents themselves */
	return ERR_OK;
}

static inline enum err
box_hand(void *self, const struct mailbox_letter *m, struct fault *f)
{
	struct world *w = self;
	struct handed *h;
	struct buf b;
	char piece[777]; /* of no length that anything else has */
	int64_t at = 0;
	size_t got = 1;

	if (box_broken)
		return fault_set(
		    f, ERR_AGAIN, "mailbox_unavailable", "as the test says");
	assert_true(handed_len < HANDED_MAX);
	buf_init(&b, w->fx.a, (size_t)8 << 20);
	while (got > 0) {
		enum err rc = m->text->read(
		    m->text->self, at, piece, sizeof(piece), &got, f);
		if (rc != ERR_OK)
			return rc;
		buf_bytes(&b, piece, got);
		at += (int64_t)got;
		if (box_wait != NULL)
			box_wait(w, got == 0);
	}
	h = &handed[handed_len]; /* somebody else may have handed over, too */
	h->number = m->number;
	h->kind = arena_str(w->fx.a, m->kind);
	h->text = arena_str(w->fx.a, buf_str(&b));
	h->again = m->again;
	handed_len++;
	return ERR_OK;
}

static inline enum err
box_untaken(void *self, int64_t *number, struct fault *f)
{
	(void)self, (void)f;
	*number = box_left;
	return ERR_OK;
}

static inline enum err
box_open(void *self, struct arena *a, struct str name, struct mailbox *out,
    struct fault *f)
{
	(void)a, (void)name, (void)f;
	*out = (struct mailbox){ self, box_next, NULL, NULL, box_hand,
		box_untaken };
	return ERR_OK;
}

/* A look into the mailbox, until there is no more to be done. */
static inline enum err
box_try(struct world *w)
{
	int64_t next_at = 0;
	enum err rc;

	fault_init(&w->fx.f);
	do
		rc = exchange_run(&w->p, w->fx.a,
		    &(struct job){ .ref = STR("box"),
			.due_at = w->now + w->p.set.jobs_lease_ms },
		    &next_at, &w->fx.f);
	while (rc == ERR_OK && next_at == w->now);
	return rc;
}

static inline void
box_look(struct world *w)
{
	assert_done(&w->fx, box_try(w));
}

static inline void
box_look_at(struct world *w, void *arg)
{
	(void)arg; /* nothing else is needed */
	box_look(w);
}

/* Look, killed after so many steps; gives whether it was. */
static inline bool
box_killed(struct world *w, int steps)
{
	return was_killed(w, steps, box_look_at, NULL);
}

/* --- what the supplier reads -------------------------------------------- */

struct seen {
	struct exchange_head head;
	struct world *w;
};

static inline enum err
seen_head(void *self, const struct exchange_head *h, struct fault *f)
{
	struct seen *s = self;
	struct arena *a = s->w->fx.a;

	(void)f;
	s->head = *h;
	s->head.kind = arena_str(a, h->kind);
	s->head.month = arena_str(a, h->month);
	return ERR_OK;
}

static inline enum err
seen_record(void *self, const struct exchange_record *r, struct fault *f)
{
	(void)self, (void)r, (void)f;
	return ERR_OK;
}

static inline void
seen_problem(void *self, const struct document_problem *x)
{
	(void)self;
	print_error("line %d: %.*s: %.*s\n", (int)x->line, STR_ARG(x->path),
	    STR_ARG(x->words));
}

struct seen_text {
	struct str left;
};

static inline int
seen_read(void *self, char *p, int len)
{
	struct seen_text *t = self;
	size_t n = t->left.len < (size_t)len ? t->left.len : (size_t)len;

	if (n > 0)
		memcpy(p, t->left.p, n);
	t->left.p += n;
	t->left.len -= n;
	return (int)n;
}

/* What a document says of itself; it is whole, and agrees with its schema and
 * its totals. */
static inline struct exchange_head
seen_in(struct world *w, struct str text)
{
	struct seen s = { .w = w };
	struct seen_text t = { text };
	struct document_bytes from = { &t, seen_read };
	struct document_sink to = { &s, seen_head, seen_record, seen_problem };

	fault_init(&w->fx.f);
	assert_done(&w->fx,
	    w->p.documents.read(w->p.documents.self, &from, &to, &w->fx.f));
	return s.head;
}

/* How often the words stand in a text. */
static inline int
times_in(struct str text, struct str words)
{
	int n = 0;
	size_t at;

	while ((at = str_find(text, words)) < text.len) {
		n++;
		text.p += at + words.len;
		text.len -= at + words.len;
	}
	return n;
}

/* It came before, under its number; then it is the same. */
static inline bool
came_before(size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (handed[k].number == handed[i].number) {
			assert_true(str_eq(handed[k].kind, handed[i].kind));
			assert_true(str_eq(handed[k].text, handed[i].text));
			return true;
		}
	return false;
}

/* In documents of the kind, the first of which is handed[from]. */
static inline int
times_sent(const char *kind, size_t from, struct str words)
{
	int n = 0;

	for (size_t i = from; i < handed_len; i++)
		if (str_eq(handed[i].kind, str_of(kind)) && !came_before(i))
			n += times_in(handed[i].text, words);
	return n;
}

/* Gives: the number of the first new document of the kind; 0 none. */
static inline int64_t
sent_number(const char *kind, size_t from)
{
	for (size_t i = from; i < handed_len; i++)
		if (str_eq(handed[i].kind, str_of(kind)) && !came_before(i))
			return handed[i].number;
	return 0;
}

/* --- readings ----------------------------------------------------------- */

#define SENDING_METER "009730114-1"

/* A meter of the supplier's account. */
static inline void
sending_meter(struct world *w)
{
	char akey[PAY_AKEY_LEN + 1];

	pay_akey(STR(EX_PORTAL), STR(EX_ACCOUNT), akey);
	fixture_sql(&w->fx,
	    arena_fmt(w->fx.a,
		"INSERT INTO meter (akey, portal, supplier, account, meter, "
		"title, serial, unit, digits, last_value, last_day) VALUES "
		"('%s', '" EX_PORTAL "', '" EX_SUPPLIER "', '" EX_ACCOUNT
		"', '" SENDING_METER "', 'Электроэнергия', '009730114', "
		"'кВт·ч', 6, 80455, '2026-10-24')",
		akey)
		.p);
}

/* Paid, with a reading of that meter. */
static inline struct payment *
life_reading(struct world *w, int64_t value)
{
	const struct world_order *o = &sber_order;
	struct caller who = world_caller(o->portal);
	struct pay_line_in line = { str_of(o->supplier), str_of(o->service),
		str_of(o->account), o->kop };
	struct reading_in reading = { STR(EX_SUPPLIER), STR(EX_ACCOUNT),
		STR(SENDING_METER), value };
	struct pay_request req = { .lines = &line,
		.lines_len = 1,
		.readings = &reading,
		.readings_len = 1,
		.email = STR("payer@mail.example"),
		.return_url = STR(""),
		.ikey = fixture_ulid(w->fx.a, w->now),
		.render = world_render };
	struct pay_created made;
	struct payment *pm;

	world_reset(w);
	req.payer = str_of(w->payer);
	secret_sha256_hex(STR("body"), req.body_hash);
	assert_done(
	    &w->fx, pay_create(&w->p, w->fx.a, &who, &req, &made, &w->fx.f));
	pm = world_load(w, made.number);
	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	world_bank_says_paid(w, pm->total_kop);
	life_later(w);
	return pm;
}

static inline int
sending_make(void **state)
{
	int rc = ex_make(state);
	struct world *w = *state;
	char day[DAY_TEXT_SIZE];

	day_of(w->now, DAY_ZONE_MOSCOW, day);
	box_owner.send_from = arena_str(w->fx.a, str_of(day));
	w->p.mailboxes = (struct mailboxes){ w, &box_owner, 1, box_open };
	return rc;
}

#endif
