#include "kvitok/app/send_answer.h"

#include "kvitok/app/send_case.h"
#include "kvitok/base/utf8.h"

#define WORDS_MAX 1000

struct answering {
	const struct ports *p;
	struct arena *a;
	const struct exchange_head *head;
	struct sent_doc doc; /* that an acknowledgement is of */
	struct fault *f;
};

static enum err
find_doc(struct answering *x)
{
	return x->p->send.find(x->p->send.self, x->a, x->head->portal,
	    x->head->supplier, x->head->of_number, &x->doc, x->f);
}

/* --- lines -------------------------------------------------------------- */

static enum err
refuse_line(struct answering *x, const struct sent_doc *doc,
    struct send_item *item, struct str words)
{
	const struct ports *p = x->p;
	enum err rc;

	item->answer = STR("refused");
	item->words = utf8_cut(words, WORDS_MAX);
	rc = p->send.answer(p->send.self, item, x->f);
	return rc == ERR_OK
	    ? send_case_open(p, x->a, doc,
		  &(struct send_trouble){ .kind = "exchange_line_refused",
		      .which = item->n,
		      .item = item,
		      .words = item->words },
		  x->f)
	    : rc;
}

/* Why all of the document is refused. */
static enum err
take_words(struct answering *x, struct str words)
{
	if (x->head->of_applied || x->doc.state == SENT_ACKNOWLEDGED)
		return ERR_OK;
	x->doc.words = utf8_cut(words, WORDS_MAX);
	return x->p->send.move(
	    x->p->send.self, &x->doc, x->doc.state, x->doc.tries, x->f);
}

/* Only the acknowledgement that counts says anything of lines. */
static enum err
take_refusal(struct answering *x, struct exchange_record *r)
{
	struct send_item item;
	bool found;
	enum err rc;

	if (r->of_record == 0)
		return take_words(x, r->words);
	if (!x->head->of_applied || x->doc.state == SENT_ACKNOWLEDGED)
		return ERR_OK;
	rc = x->p->send.item(x->p->send.self, x->a, x->doc.id, r->of_record,
	    &item, &found, x->f);
	if (rc != ERR_OK)
		return rc;
	if (!found || x->doc.kind == SEND_SETTLEMENT) {
		r->refused = "exchange_record_unknown";
		return ERR_OK;
	}
	return item.answer.len > 0 ? ERR_OK
				   : refuse_line(x, &x->doc, &item, r->words);
}

/* The document of a reading, for a case's words. */
static enum err
take_reading(struct answering *x, struct exchange_record *r)
{
	const struct send_store *st = &x->p->send;
	struct send_item item;
	struct sent_doc doc;
	bool found;
	enum err rc = st->reading(st->self, x->a, x->head->portal,
	    x->head->supplier, r->id, &item, &found, x->f);

	if (rc != ERR_OK)
		return rc;
	if (!found) {
		r->refused = "exchange_reading_unknown";
		return ERR_OK;
	}
	rc = st->of_id(st->self, x->a, item.document, &doc, x->f);
	if (rc != ERR_OK)
		return rc;
	if (!r->accepted)
		return refuse_line(x, &doc, &item, r->words);
	item.answer = STR("accepted");
	item.words = STR("");
	item.live = true;
	rc = st->answer(st->self, &item, x->f);
	return rc == ERR_OK ? send_case_settle(x->p, x->a, &doc,
				  "exchange_line_refused", item.n, x->f)
			    : rc;
}

enum err
send_answers(const struct ports *p, struct arena *a,
    const struct exchange_batch *b, struct fault *f)
{
	struct answering x = { .p = p, .a = a, .head = b->head, .f = f };
	enum err rc = b->kind == EXCHANGE_ACK ? find_doc(&x) : ERR_OK;

	for (size_t i = 0; i < b->len && rc == ERR_OK; i++) {
		if (b->v[i].refused != NULL)
			continue;
		rc = b->kind == EXCHANGE_ACK ? take_refusal(&x, &b->v[i])
					     : take_reading(&x, &b->v[i]);
	}
	return rc;
}

/* --- the whole ---------------------------------------------------------- */

static struct send_answer
answer_of(const struct exchange_head *h)
{
	return (struct send_answer){ h->of_applied, h->of_count, h->of_kop,
		h->of_refused };
}

static enum err
differs(struct answering *x, const char *what)
{
	return send_case_open(x->p, x->a, &x->doc,
	    &(struct send_trouble){ .kind = "exchange_differs",
		.which = x->head->number,
		.words = str_of(what),
		.answer = answer_of(x->head) },
	    x->f);
}

/* What waited for this answer waits no more. */
static enum err
settle_cases(struct answering *x, const struct sent_doc *was)
{
	enum err rc = ERR_OK;

	if (was->of_number > 0)
		rc = send_case_settle(
		    x->p, x->a, was, "exchange_refused", was->of_number, x->f);
	for (int64_t i = 1; i <= was->tries && rc == ERR_OK; i++)
		rc = send_case_settle(
		    x->p, x->a, was, "exchange_unanswered", i, x->f);
	return rc;
}

static enum err
move(struct answering *x, enum sent_state state)
{
	const struct sent_doc was = x->doc;
	struct sent_doc *to = &x->doc;
	enum err rc;

	to->state = state;
	if (state == SENT_ACKNOWLEDGED)
		to->words = STR("");
	to->next_at = 0;
	to->of_number = x->head->number;
	to->applied = x->head->of_count;
	to->applied_kop = x->head->of_kop;
	to->refused = x->head->of_refused;
	to->ended_at = x->p->clock.now(x->p->clock.self);
	rc = x->p->send.move(x->p->send.self, to, was.state, was.tries, x->f);
	return rc == ERR_OK ? settle_cases(x, &was) : rc;
}

/* It was acknowledged before: the same again is nothing new. */
static enum err
again(struct answering *x)
{
	const struct exchange_head *h = x->head;
	const struct sent_doc *d = &x->doc;
	bool same = h->of_applied && h->of_count == d->applied &&
	    h->of_kop == d->applied_kop && h->of_refused == d->refused;

	return same ? ERR_OK : differs(x, "answer");
}

static enum err
applied(struct answering *x)
{
	const struct send_answer answer = answer_of(x->head);
	const char *what;
	int64_t listed, listed_kop;
	enum err rc = x->p->send.refused(
	    x->p->send.self, x->a, x->doc.id, &listed, &listed_kop, x->f);

	if (rc != ERR_OK)
		return rc;
	what = send_answer_differs(&answer,
	    send_records(x->doc.kind, x->doc.items), x->doc.sum_kop, listed,
	    listed_kop);
	rc = move(x, SENT_ACKNOWLEDGED);
	return rc == ERR_OK && what != NULL ? differs(x, what) : rc;
}

static enum err
refused(struct answering *x)
{
	enum err rc = move(x, SENT_REFUSED);

	return rc == ERR_OK
	    ? send_case_open(x->p, x->a, &x->doc,
		  &(struct send_trouble){ .kind = "exchange_refused",
		      .which = x->head->number,
		      .words = x->doc.words },
		  x->f)
	    : rc;
}

enum err
send_acknowledged(const struct ports *p, struct arena *a,
    const struct exchange_head *h, struct fault *f)
{
	struct answering x = { .p = p, .a = a, .head = h, .f = f };
	enum err rc = find_doc(&x);

	if (rc != ERR_OK)
		return rc;
	if (x.doc.state == SENT_ACKNOWLEDGED)
		return again(&x);
	return h->of_applied ? applied(&x) : refused(&x);
}
