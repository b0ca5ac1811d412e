#include "kvitok/app/send.h"
#include "kvitok/app/send_case.h"
#include "kvitok/app/send_text.h"

#define DUE_MAX 100

struct handing {
	const struct ports *p;
	struct arena *a;
	const struct mailbox_owner *who;
	struct str portal, supplier;
	int64_t number;
};

static enum err
find(const struct handing *x, struct sent_doc *out, struct fault *f)
{
	return x->p->send.find(
	    x->p->send.self, x->a, x->portal, x->supplier, x->number, out, f);
}

/* As exchange_out has it. */
static struct exchange_ack
ours(const struct handing *x)
{
	return (struct exchange_ack){ .portal = x->portal,
		.supplier = x->supplier,
		.number = x->number };
}

static enum err
again(const struct handing *x, struct fault *f)
{
	const struct exchange_ack out = ours(x);

	return x->p->exchange_out.again(x->p->exchange_out.self, &out, f);
}

/* From now on an answer is waited for.  Of two that have handed it over at the
 * same time, the first one counts. */
static enum err
handed_body(void *arg, struct fault *f)
{
	const struct handing *x = arg;
	const struct ports *p = x->p;
	const struct exchange_ack out = ours(x);
	int64_t now = p->clock.now(p->clock.self), tries;
	struct sent_doc doc;
	bool first = false;
	enum err rc =
	    p->exchange_out.handed(p->exchange_out.self, &out, now, &first, f);

	if (rc == ERR_OK && first)
		rc = find(x, &doc, f);
	if (rc != ERR_OK || !first || doc.state != SENT_SENT)
		return rc;
	tries = doc.tries++;
	doc.next_at = send_next_at(doc.tries, x->who->answer_ms, now);
	return p->send.move(p->send.self, &doc, SENT_SENT, tries, f);
}

enum err
send_hand(const struct ports *p, struct arena *a,
    const struct mailbox_owner *who, struct mailbox *box,
    const struct exchange_ack *out, const struct pulse *pulse, struct fault *f)
{
	struct handing x = { p, a, who, out->portal, out->supplier,
		out->number };
	struct source text;
	struct sent_doc doc;
	enum err rc = find(&x, &doc, f);

	if (rc == ERR_OK)
		rc = send_text(p, a, &doc, pulse, &text, f);
	if (rc == ERR_OK)
		rc = box->hand(box->self,
		    &(struct mailbox_letter){ .number = doc.number,
			.made_at = doc.made_at,
			.kind = str_of(send_kind_name(doc.kind)),
			.text = &text,
			.again = out->again },
		    f);
	ports_step(p, "exchange_handed");
	return rc == ERR_OK
	    ? p->tx.run(p->tx.self, "send_handed", handed_body, &x, f)
	    : rc;
}

static enum err
remind_body(void *arg, struct fault *f)
{
	const struct handing *x = arg;
	const struct ports *p = x->p;
	struct sent_doc doc;
	enum err rc = find(x, &doc, f);

	if (rc != ERR_OK || doc.state != SENT_SENT || doc.next_at == 0)
		return rc;
	doc.next_at = 0; /* until it was handed over again */
	rc = p->send.move(p->send.self, &doc, SENT_SENT, doc.tries, f);
	if (rc == ERR_OK && doc.tries < x->who->send_tries)
		return again(x, f);
	return rc == ERR_OK
	    ? send_case_open(p, x->a, &doc,
		  &(struct send_trouble){ .kind = "exchange_unanswered",
		      .which = doc.tries,
		      .words = STR("") },
		  f)
	    : rc;
}

enum err
send_remind(const struct ports *p, struct arena *a,
    const struct mailbox_owner *who, struct fault *f)
{
	const struct sent_doc *v;
	size_t len = DUE_MAX;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && len == DUE_MAX) {
		rc = p->send.due(p->send.self, a, who->portal, who->supplier,
		    p->clock.now(p->clock.self), DUE_MAX, &v, &len, f);
		for (size_t i = 0; rc == ERR_OK && i < len; i++) {
			struct handing x = { p, a, who, who->portal,
				who->supplier, v[i].number };

			rc = p->tx.run(
			    p->tx.self, "send_remind", remind_body, &x, f);
		}
	}
	return rc;
}

enum err
send_resend(const struct ports *p, struct arena *a, struct str portal,
    struct str supplier, int64_t number, struct fault *f)
{
	struct handing x = { p, a, NULL, portal, supplier, number };
	struct sent_doc doc;
	enum sent_state was;
	enum err rc = find(&x, &doc, f);

	if (rc == ERR_OK)
		rc = again(&x, f);
	if (rc != ERR_OK || doc.state == SENT_ACKNOWLEDGED)
		return rc;
	was = doc.state;
	doc.state = SENT_SENT;
	doc.next_at = doc.of_number = doc.ended_at = 0;
	doc.applied = doc.applied_kop = doc.refused = 0;
	doc.words = STR("");
	return p->send.move(p->send.self, &doc, was, doc.tries, f);
}
