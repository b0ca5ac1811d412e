#include "kvitok/app/exchange_run.h"

#include "kvitok/app/exchange.h"
#include "kvitok/app/exchange_ack.h"
#include "kvitok/app/send.h"
#include "kvitok/base/utf8.h"
#include "kvitok/domain/payment.h"

#define ITEM_MEMORY ((size_t)32 << 20)
#define LETTERS_MAX 50
#define PAUSE_MAX_MS 600000
#define WORDS_MAX 390
#define ANSWER_MAX 1000

struct looking {
	const struct ports *p;
	const struct mailbox_owner *who;
	struct mailbox box;
	struct arena *item; /* emptied after each document */
	struct str actor;
	int64_t until;
	bool more; /* time is over: look again at once */
	const struct job *job;
	struct pulse pulse;
	int64_t leased_until;
	int64_t untaken; /* of ours the first one that lies there; 0 */
	bool lost;       /* somebody else has the job */
	struct fault *f;
};

enum err
exchange_run_begin(const struct ports *p, struct fault *f)
{
	int64_t now = p->clock.now(p->clock.self);
	enum err rc = ERR_OK;
	char id[27];

	for (size_t i = 0; i < p->mailboxes.len && rc == ERR_OK; i++) {
		p->ids.ulid(p->ids.self, now, id);
		rc = p->jobs.wake(p->jobs.self,
		    &(struct job){ .akey = STR(PAY_AKEY_NONE),
			.id = str_of(id),
			.kind = STR(EXCHANGE_JOB),
			.ref = p->mailboxes.all[i].name,
			.due_at = now,
			.created_at = now },
		    f);
	}
	return rc;
}

/* --- the lease ------------------------------------------------------------ */

/* What goes on for long is somebody else's when the lease ends: it is taken
 * anew when a quarter of it is over. */
static enum err
beat(void *self, struct fault *f)
{
	struct looking *x = self;
	const struct ports *p = x->p;
	int64_t lease = p->set.jobs_lease_ms;
	int64_t now = p->clock.now(p->clock.self);
	enum err rc;

	if (x->leased_until - now > lease - lease / 4)
		return ERR_OK;
	rc = p->jobs.keep(p->jobs.self, x->job, now + lease, f);
	if (rc == ERR_OK)
		x->leased_until = now + lease;
	x->lost = rc == ERR_CONFLICT;
	/* It says nothing of the document that is in hand. */
	return x->lost ? fault_set(f, ERR_AGAIN, "lease_lost", "%.*s",
			     STR_ARG(x->job->ref))
		       : rc;
}

static int64_t
time_from_now(const struct looking *x)
{
	const struct ports *p = x->p;

	return p->clock.now(p->clock.self) + p->set.jobs_lease_ms / 2;
}

/* --- a document ----------------------------------------------------------- */

/* May it be fetched at all?  One that waits for another, and one before which
 * others are missing, may be large and would be fetched in vain. */
static enum err
worth_it(struct looking *x, int64_t number, bool *yes, bool *gap)
{
	const struct exchange_store *st = &x->p->exchange;
	struct exchange_doc doc, other;
	struct fault none;
	int64_t next;
	enum err rc;

	fault_init(&none);
	*yes = true;
	*gap = false;
	rc = st->find(st->self, x->item, x->who->portal, x->who->supplier,
	    number, &doc, &none);
	if (rc == ERR_ABSENT) {
		rc = st->next(st->self, x->item, x->who->portal,
		    x->who->supplier, &next, x->f);
		*gap = rc == ERR_OK && number > next;
		return rc;
	}
	if (rc != ERR_OK)
		return fault_set(x->f, rc, none.reason, "%s", none.detail);
	if (doc.state != EXCHANGE_HELD)
		return ERR_OK;
	rc = st->find(st->self, x->item, x->who->portal, x->who->supplier,
	    doc.waits_for, &other, x->f);
	*yes = rc != ERR_OK || other.state == EXCHANGE_APPLIED ||
	    other.state == EXCHANGE_SKIPPED;
	return rc;
}

static struct str
words_of(struct looking *x, const struct exchange_doc *doc)
{
	struct buf b;

	buf_init(&b, x->item, (size_t)4 * ANSWER_MAX);
	if (doc->state == EXCHANGE_HELD)
		buf_fmt(&b, "ждёт документа %lld", (long long)doc->waits_for);
	if (doc->error_line > 0)
		buf_fmt(&b, "строка %lld, ", (long long)doc->error_line);
	if (doc->error_path.len > 0) {
		buf_text(&b, doc->error_path);
		buf_lit(&b, ": ");
	}
	buf_text(&b, doc->error_words);
	return utf8_cut(buf_str(&b), ANSWER_MAX);
}

static enum err
answer(struct looking *x, int64_t number, const char *state, struct str words)
{
	enum err rc = x->box.answer(x->box.self, number, state, words,
	    x->p->clock.now(x->p->clock.self), x->f);

	ports_step(x->p, "exchange_answered");
	return rc;
}

/* The supplier is told what only it can mend; else it comes again. */
static enum err
refuse(struct looking *x, int64_t number, enum err rc)
{
	if (rc != ERR_CONFLICT && rc != ERR_INVALID)
		return rc;
	return answer(x, number, "refused", str_of(reason_words(x->f->reason)));
}

static enum err
take(struct looking *x, const struct mailbox_item *m)
{
	struct exchange_done *done = ARENA_NEW(x->item, struct exchange_done);
	struct source_paced text = { .pulse = &x->pulse };
	enum err rc =
	    x->box.fetch(x->box.self, x->item, m, &x->pulse, &text.src, x->f);
	struct source src = { &text, text.src.size, source_paced_read };

	ports_step(x->p, "exchange_fetched");
	if (rc == ERR_OK)
		rc = exchange_apply(x->p, x->item,
		    &(struct exchange_ask){ .src = &src,
			.portal = x->who->portal,
			.supplier = x->who->supplier,
			.number = m->number,
			.kind = m->kind,
			.actor = x->actor,
			/* However long it was on its way. */
			.until = time_from_now(x) },
		    done, x->f);
	if (rc != ERR_OK)
		return refuse(x, m->number, rc);
	x->more = done->more;
	if (done->more || done->gap > 0)
		return ERR_OK;
	return answer(x, m->number, exchange_state_name(done->doc.state),
	    words_of(x, &done->doc));
}

static enum err
note_gap(struct looking *x, int64_t number)
{
	return x->p->exchange_out.ahead(x->p->exchange_out.self,
	    &(struct exchange_peer){ .portal = x->who->portal,
		.supplier = x->who->supplier,
		.ahead = number,
		.ahead_at = x->p->clock.now(x->p->clock.self) },
	    x->f);
}

static enum err
take_all(struct looking *x)
{
	struct mailbox_item m = { .number = 0 };
	bool found = true, yes, gap = false;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && !gap && !x->more) {
		rc = x->box.next(
		    x->box.self, x->item, m.number, &m, &found, x->f);
		if (rc != ERR_OK || !found)
			break;
		rc = worth_it(x, m.number, &yes, &gap);
		if (rc == ERR_OK && gap)
			rc = note_gap(x, m.number);
		else if (rc == ERR_OK && yes)
			rc = take(x, &m);
		arena_reset(x->item);
		x->more =
		    x->more || x->p->clock.now(x->p->clock.self) >= x->until;
	}
	return rc;
}

/* --- what goes out ---------------------------------------------------------
 */

static enum err
hand_ack(struct looking *x, struct arena *a, const struct exchange_ack *ack)
{
	const struct ports *p = x->p;
	struct str text = STR("");
	bool first; /* or somebody else has noted it */
	enum err rc = exchange_ack_text(p, a, ack, &text, x->f);
	struct source_paced paced = {
		{ &text, (int64_t)text.len, source_of_text }, &x->pulse
	};
	struct source src = { &paced, (int64_t)text.len, source_paced_read };

	if (rc == ERR_OK)
		rc = x->box.hand(x->box.self,
		    &(struct mailbox_letter){ .number = ack->number,
			.of_number = ack->of_number,
			.made_at = ack->made_at,
			.kind = STR(EXCHANGE_ACK_KIND),
			.text = &src,
			.again = ack->again },
		    x->f);
	ports_step(p, "exchange_handed");
	return rc == ERR_OK ? p->exchange_out.handed(p->exchange_out.self, ack,
				  p->clock.now(p->clock.self), &first, x->f)
			    : rc;
}

static enum err
hand_one(struct looking *x, const struct exchange_ack *out)
{
	return str_eq(out->kind, STR(EXCHANGE_ACK_KIND))
	    ? hand_ack(x, x->item, out)
	    : send_hand(x->p, x->item, x->who, &x->box, out, &x->pulse, x->f);
}

/* Whatever was taken before: one at least goes out. */
static enum err
hand_all(struct looking *x, struct arena *a)
{
	const struct ports *p = x->p;
	const struct exchange_ack *v;
	size_t len = LETTERS_MAX;
	bool over = false;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && len == LETTERS_MAX && !over) {
		rc = p->exchange_out.ready(p->exchange_out.self, a,
		    x->who->portal, x->who->supplier, LETTERS_MAX, &v, &len,
		    x->f);
		for (size_t i = 0; rc == ERR_OK && i < len && !over; i++) {
			rc = hand_one(x, &v[i]);
			arena_reset(x->item);
			over = p->clock.now(p->clock.self) >= x->until;
		}
	}
	x->more = x->more || over;
	return rc;
}

/* --- a look -----------------------------------------------------------------
 */

static enum err
note(struct looking *x, enum err was, int64_t fails)
{
	const struct ports *p = x->p;
	struct fault none;
	struct str words = STR("");

	fault_init(&none);
	if (was != ERR_OK)
		words = utf8_cut_bytes(
		    arena_fmt(x->item, "%s: %s", x->f->reason, x->f->detail),
		    WORDS_MAX);
	return p->exchange_out.looked(p->exchange_out.self,
	    &(struct exchange_peer){ .portal = x->who->portal,
		.supplier = x->who->supplier,
		.looked_at = was == ERR_OK ? p->clock.now(p->clock.self) : 0,
		.fails = was == ERR_OK ? 0 : fails + 1,
		.untaken = x->untaken,
		.last_error = words },
	    was == ERR_OK ? x->f : &none);
}

static int64_t
pause_after(const struct mailbox_owner *who, int64_t fails)
{
	int64_t pause = who->poll_ms;

	for (int64_t i = 0; i < fails && pause < PAUSE_MAX_MS; i++)
		pause *= 2;
	return pause < PAUSE_MAX_MS ? pause : PAUSE_MAX_MS;
}

/* Days end whether the mailbox is reached or not. */
static enum err
prepare(struct looking *x, bool *more, struct fault *f)
{
	enum err rc = send_make(x->p, x->who, x->until, &x->pulse, more, f);

	if (rc == ERR_OK)
		rc = send_remind(x->p, x->item, x->who, f);
	arena_reset(x->item);
	return rc;
}

static enum err
visit(struct looking *x, struct arena *a)
{
	const struct ports *p = x->p;
	enum err rc = p->mailboxes.open(
	    p->mailboxes.self, a, x->who->name, &x->box, x->f);

	if (rc == ERR_OK)
		rc = take_all(x);
	if (rc == ERR_OK)
		rc = hand_all(x, a);
	return rc == ERR_OK ? x->box.untaken(x->box.self, &x->untaken, x->f)
			    : rc;
}

static enum err
look(struct looking *x, struct arena *a, int64_t fails, int64_t *next_at)
{
	const struct ports *p = x->p;
	int64_t now = p->clock.now(p->clock.self);
	struct fault own;
	bool more = false;
	enum err made, rc, noted;

	x->until = time_from_now(x);
	x->item = arena_new(ITEM_MEMORY);
	fault_init(&own);
	made = prepare(x, &more, &own);
	rc = x->lost ? ERR_OK : visit(x, a);
	x->more = x->more || more;
	/* What cannot be made keeps nothing that comes or goes. */
	if (rc == ERR_OK && made != ERR_OK)
		rc = fault_set(x->f, made, own.reason, "%s", own.detail);
	noted = x->lost ? ERR_OK : note(x, rc, fails);
	arena_free(x->item);
	now = p->clock.now(p->clock.self);
	*next_at = rc != ERR_OK ? now + pause_after(x->who, fails)
	    : x->more           ? now
				: now + x->who->poll_ms;
	return rc == ERR_OK ? noted : rc;
}

enum err
exchange_run(const struct ports *p, struct arena *a, const struct job *j,
    int64_t *next_at, struct fault *f)
{
	struct looking x = {
		.p = p, .job = j, .leased_until = j->due_at, .f = f
	};
	struct str name = j->ref;
	size_t i = 0;

	while (i < p->mailboxes.len && !str_eq(p->mailboxes.all[i].name, name))
		i++;
	if (i == p->mailboxes.len)
		return fault_set(
		    f, ERR_ABSENT, "mailbox_unknown", "%.*s", STR_ARG(name));
	x.who = &p->mailboxes.all[i];
	x.pulse = (struct pulse){ &x, beat };
	x.actor = arena_fmt(a, "job:%.*s", STR_ARG(name));
	return look(&x, a, j->fails, next_at);
}
