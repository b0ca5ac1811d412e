/*
 * world: the use-cases over a real database; the test holds bank and clock.
 */
#ifndef KVITOK_TESTS_STORE_WORLD_H
#define KVITOK_TESTS_STORE_WORLD_H

#include "audited.h"
#include "card_world.h"
#include "fixture.h"

#include "kvitok/app/bank_call.h"
#include "kvitok/app/confirm_ask.h"
#include "kvitok/app/noted.h"
#include "kvitok/app/open.h"
#include "kvitok/app/pay.h"
#include "kvitok/app/reference.h"
#include "kvitok/app/story.h"
#include "kvitok/app/work.h"
#include "kvitok/out/registers.h"
#include "kvitok/store/loader.h"

#define GUIDE_ACCOUNT "10019743"
#define OTHER_ACCOUNT "10020004"

struct world {
	struct fixture fx;
	struct ports p;
	int64_t now;
	/* The bank. */
	bool down, proof, lost_page, stranger;
	struct str down_contract;
	enum err start_rc;
	bool start_refused;
	const char *start_reason;  /* of a refusal */
	struct str start_contract; /* that alone fails to start; empty: all */
	struct str started[8];     /* contracts, in order */
	struct str refund_contract;
	enum err status_rc;
	struct bank_status status;
	bool status_empty_no; /* the bank names no number */
	int starts, asks, cancels;
	size_t asked_trxs;                 /* of the last question */
	void (*at_start)(struct world *w); /* while the bank registers */
	/* Refunds at the bank: what it answers, and what it does. */
	enum err refund_rc, refunded_rc;
	bool refund_refused, refund_not_done;
	int refunds;
	int64_t refunded_kop;
	struct bank_refund refund; /* the last call */
	struct bank_notice notice;
	enum err notice_rc;
	struct card_world cards; /* that it remembers */
	struct bank_order order; /* the last that was begun */
	struct card_wish wish;   /* of the next payment */
	struct bank_check_answer checked;
	/* The mailbox. */
	enum err mail_rc;
	int mails;
	/* Payer of orders that name none: another one for every test, so that
	 * no bill of a former test is still open. */
	char payer[24];
	int tests;
	char mail_to[100], mail_id[100];
};

static inline int64_t
world_now(void *self)
{
	return ((struct world *)self)->now;
}

static inline void
world_ulid(void *self, int64_t at, char out[27])
{
	(void)self;
	secret_ulid(at, out);
}

static inline void
world_text(void *self, char *out, size_t n)
{
	(void)self;
	secret_random_text(out, n);
}

static inline enum err
world_traits(void *self, struct str contract, struct gateway_traits *out,
    struct fault *f)
{
	struct world *w = self;
	bool link = str_starts(contract, STR("gpb-"));

	(void)f;
	*out = (struct gateway_traits){ .way = link ? GATEWAY_REDIRECTS
						    : GATEWAY_REGISTERS,
		.life_s = 1200,
		.proof_by_notice = link && w->proof,
		.caller_known = !w->stranger,
		.notices_signed = true,
		.refund_once = !link };
	return ERR_OK;
}

static inline enum err
world_start(void *self, struct arena *a, struct str contract,
    const struct bank_order *o, struct bank_start *out, struct fault *f)
{
	struct world *w = self;
	bool fails =
	    w->start_contract.len == 0 || str_eq(contract, w->start_contract);

	if (w->starts < (int)KV_COUNT(w->started))
		w->started[w->starts] = arena_str(w->fx.a, contract);
	w->starts++;
	w->order = *o;
	if (w->at_start)
		w->at_start(w);
	*out = (struct bank_start){ .bank_id = STR(""),
		.form_url = STR(""),
		.reason = STR(""),
		.code = STR("") };
	if (str_starts(contract, STR("gpb-"))) {
		out->form_url = arena_fmt(
		    a, "https://gpb.example/?o=%.*s", STR_ARG(o->bank_no));
		return ERR_OK;
	}
	if (w->start_rc != ERR_OK && fails)
		return fault_set(f, w->start_rc,
		    w->start_rc == ERR_UNSURE ? "bank_unsure"
					      : "bank_unavailable",
		    "as the test says");
	if (w->start_refused && fails) {
		out->refused = true;
		out->reason = str_of(w->start_reason);
		out->code = STR("5");
		return ERR_OK;
	}
	out->bank_id = arena_fmt(a, "ID.%.*s", STR_ARG(o->bank_no));
	out->form_url = arena_fmt(
	    a, "https://sber.example/?mdOrder=%.*s", STR_ARG(out->bank_id));
	return ERR_OK;
}

static inline enum err
world_status(void *self, struct arena *a, struct str contract,
    const struct bank_query *q, struct bank_status *out, struct fault *f)
{
	struct world *w = self;

	(void)contract;
	w->asks++;
	w->asked_trxs = q->trxs_len;
	if (w->status_rc != ERR_OK)
		return fault_set(
		    f, w->status_rc, "bank_unavailable", "as the test says");
	*out = w->status;
	if (!out->bank_no.p && !w->status_empty_no)
		out->bank_no = arena_str(a, q->bank_no);
	if (!out->bank_id.p)
		out->bank_id = q->trxs_len > 0
		    ? q->trxs[q->trxs_len - 1]
		    : arena_fmt(a, "ID.%.*s", STR_ARG(q->bank_no));
	return ERR_OK;
}

static inline enum err
world_cancel(void *self, struct arena *a, struct str contract,
    const struct bank_query *q, struct fault *f)
{
	(void)a, (void)contract, (void)f;
	((struct world *)self)->cancels += q->bank_id.len > 0;
	return ERR_OK;
}

static inline enum err
world_page(void *self, struct arena *a, struct str contract, struct str bank_id,
    struct str *url, struct fault *f)
{
	struct world *w = self;

	(void)contract, (void)f;
	*url = w->lost_page ? STR("")
			    : arena_fmt(a, "https://sber.example/?mdOrder=%.*s",
				  STR_ARG(bank_id));
	return ERR_OK;
}

static inline enum err
world_notice(void *self, struct arena *a, struct str bank,
    const struct bank_call *c, struct bank_notice *out, struct fault *f)
{
	struct world *w = self;

	(void)a, (void)bank, (void)c;
	*out = w->notice;
	return w->notice_rc == ERR_OK
	    ? ERR_OK
	    : fault_set(f, w->notice_rc, "notice_bad", "as the test says");
}

static inline enum err
world_refund(void *self, struct arena *a, struct str contract,
    const struct bank_refund *r, struct bank_refund_answer *out,
    struct fault *f)
{
	struct world *w = self;

	(void)a;
	w->refund_contract = arena_str(w->fx.a, contract);
	w->refunds++;
	w->refund = *r; /* the job's memory ends with it */
	w->refund.id = arena_str(w->fx.a, r->id);
	w->refund.bank_no = arena_str(w->fx.a, r->bank_no);
	w->refund.bank_id = arena_str(w->fx.a, r->bank_id);
	*out = (struct bank_refund_answer){ .refused = w->refund_refused,
		.code = STR("7") };
	if (!w->refund_refused && !w->refund_not_done)
		w->refunded_kop += r->sum_kop;
	return w->refund_rc == ERR_OK
	    ? ERR_OK
	    : fault_set(f, w->refund_rc, "bank_unsure", "as the test says");
}

static inline enum err
world_refunded(void *self, struct arena *a, struct str contract,
    const struct bank_refund *r, int64_t *kop, struct fault *f)
{
	struct world *w = self;

	(void)a, (void)contract, (void)r;
	*kop = w->refunded_kop;
	return w->refunded_rc == ERR_OK
	    ? ERR_OK
	    : fault_set(
		  f, w->refunded_rc, "bank_unavailable", "as the test says");
}

static inline bool
world_down(void *self, struct str contract, int64_t now)
{
	(void)now;
	return ((struct world *)self)->down ||
	    str_eq(contract, ((struct world *)self)->down_contract);
}

static inline bool
world_admits(void *self, struct str contract, int64_t now)
{
	return !world_down(self, contract, now);
}

static inline enum err
world_check(void *self, struct str contract, const struct bank_check_answer *c,
    struct buf *out, struct fault *f)
{
	(void)contract, (void)f;
	((struct world *)self)->checked = *c;
	buf_text(out, c->may ? STR("MAY ") : STR("MAY NOT"));
	if (c->may)
		buf_i64(out, c->total_kop);
	return ERR_OK;
}

static inline void
world_registered(void *self, bool recorded, struct buf *out)
{
	(void)self;
	buf_i64(out, recorded ? 1 : 2);
}

static inline enum err
world_print(void *self, struct arena *a, const struct receipt *r,
    struct bytes *pdf, struct fault *f)
{
	(void)self, (void)f;
	pdf->p = (const unsigned char *)arena_z(a, r->number);
	pdf->len = r->number.len;
	return ERR_OK;
}

static inline enum err
world_letter(void *self, struct arena *a, const struct receipt *r,
    struct bytes pdf, struct str from, struct str to, int64_t date_at,
    struct str message_id, struct mail *out, struct fault *f)
{
	(void)self, (void)a, (void)r, (void)pdf, (void)f;
	*out = (struct mail){ .from = from,
		.to = to,
		.date_at = date_at,
		.message_id = message_id };
	return ERR_OK;
}

static inline enum err
world_mail(void *self, struct arena *a, const struct mail *m, struct fault *f)
{
	struct world *w = self;

	(void)a;
	if (w->mail_rc != ERR_OK)
		return fault_set(f, w->mail_rc,
		    w->mail_rc == ERR_INVALID ? "mail_refused" : "mail_later",
		    "as the test says");
	w->mails++;
	(void)snprintf(w->mail_to, sizeof(w->mail_to), "%.*s", STR_ARG(m->to));
	(void)snprintf(
	    w->mail_id, sizeof(w->mail_id), "%.*s", STR_ARG(m->message_id));
	return ERR_OK;
}

static inline void
world_ports(struct world *w)
{
	struct ports *p = &w->p;
	const struct stores *st = &w->fx.st;

	*p = (struct ports){
		.tx = st->tx,
		.pays = st->pays,
		.bills = st->bills,
		.evidence = st->evidence,
		.jobs = st->jobs,
		.refs = st->refs,
		.ledger = st->ledger,
		.refunds = st->refunds,
		.cases = st->cases,
		.give_backs = st->give_backs,
		.audit = st->audit,
		.registers = st->registers,
		.recon = st->recon,
		.recon_report = st->recon_report,
		.register_audit = st->register_audit,
		.exempts = st->exempts,
		.carts = st->carts,
		.readings = st->readings,
		.settle = st->settle,
		.settlements = st->settlements,
		.settle_audit = st->settle_audit,
		.ack_audit = st->ack_audit,
		.exchange_audit = st->exchange_audit,
		.send_audit = st->send_audit,
		.charges = st->charges,
		.close = st->close,
		.close_proof = st->close_proof,
		.gateway = { w, world_traits, world_start, world_status,
		    world_cancel, world_page, world_notice, world_refund,
		    world_refunded, world_down, world_admits },
		.answers = { w, world_check, world_registered },
		.cards = st->cards,
		.binds = st->binds,
		.card_bank = card_world_bank(&w->cards),
		.mailer = { w, world_mail },
		.letters = { w, world_letter },
		.printer = { w, world_print },
		.papers = papers_of(),
		.clock = { w, world_now },
		.ids = { w, world_ulid, world_text },
		.cache = ref_cache_new(w->fx.a),
		.set = { .public_url = STR("https://pay.example"),
		    .ask_first_ms = 10000,
		    .patience_ms = 30000,
		    .jobs_lease_ms = 60000,
		    .job_fails_max = 3,
		    .card_soon_days = 30,
		    .card_look_ms = 3600000 },
	};
}

/* Back to a bank that takes and answers everything. */
static inline void
world_reset(struct world *w)
{
	w->down = w->proof = w->lost_page = w->start_refused = false;
	w->stranger = false;
	w->down_contract = w->start_contract = STR("");
	w->start_reason = "pay_bank_refused";
	w->at_start = NULL;
	w->status_empty_no = false;
	w->start_rc = w->status_rc = w->notice_rc = w->mail_rc = ERR_OK;
	w->refund_rc = w->refunded_rc = ERR_OK;
	w->refund_refused = w->refund_not_done = false;
	w->refunds = 0;
	w->refunded_kop = 0;
	card_world_reset(&w->cards);
	w->starts = w->asks = w->cancels = w->mails = 0;
	w->status =
	    (struct bank_status){ .outcome = BANK_OPEN, .taken_kop = -1 };
	w->notice = (struct bank_notice){ .taken_kop = -1 };
	w->now += 3600000; /* past what the last test has left */
	fault_init(&w->fx.f);
	/* What former tests owe is not this one's. */
	fixture_sql(&w->fx,
	    "UPDATE job SET due_at = 9000000000000000000 WHERE state = 'due'");
	(void)snprintf(w->payer, sizeof(w->payer), "payer-%d", ++w->tests);
}

static inline struct account
world_account(const char *portal, const char *supplier, const char *number)
{
	static char akey[4][PAY_AKEY_LEN + 1];
	static int n;
	char *k = akey[n++ % 4];

	pay_akey(str_of(portal), str_of(number), k);
	return (struct account){ .akey = str_of(k),
		.portal = str_of(portal),
		.supplier = str_of(supplier),
		.account = str_of(number),
		.shown = str_of(number),
		.owner = STR("Иванов Иван Иванович"),
		.address = STR("г. Иркутск, ул. Мира, д. 1, кв. 2") };
}

static inline int
world_make(void **state)
{
	static struct world w;
	struct account accounts[] = {
		world_account("portalgkh", "yuzhnoe-zhks", GUIDE_ACCOUNT),
		world_account("portalgkh", "irkutskenergo", GUIDE_ACCOUNT),
		world_account("portalgkh", "yuzhnoe-zhks", OTHER_ACCOUNT),
		world_account(
		    "irkutskenergosbyt", "irkutskenergosbyt", "ИНЗБ17004717"),
	};
	int applied;

	fixture_open(&w.fx);
	assert_done(&w.fx, migrate_run(w.fx.db, w.fx.a, T0, &applied, &w.fx.f));
	assert_done(&w.fx, loader_script(w.fx.db, STR("portalgkh"), &w.fx.f));
	assert_done(
	    &w.fx, loader_script(w.fx.db, STR("irkutskenergosbyt"), &w.fx.f));
	assert_done(&w.fx,
	    loader_accounts(w.fx.db, accounts, KV_COUNT(accounts), &w.fx.f));
	w.now = T0;
	world_ports(&w);
	world_reset(&w);
	*state = &w;
	return 0;
}

static inline void
world_books(struct world *w)
{
	audited_books(&w->p);
}

static inline int
world_end(void **state)
{
	struct world *w = *state;

	world_books(w);
	fixture_close(&w->fx);
	return 0;
}

/* Rules were changed, and nobody looks at them just now. */
static inline void
world_rules(struct world *w)
{
	ref_cache_settle(w->p.cache);
	fixture_sql(&w->fx, "UPDATE ref_version SET version = version + 1");
}

/* Give the portal of sber_order more banks, or take them away again. */
static inline void
world_routes(struct world *w, bool more)
{
	if (more) {
		fixture_sql(&w->fx,
		    "INSERT INTO bank_contract (contract, bank, title, "
		    "from_day) VALUES ('gpb-two', 'gazprombank', 'B', "
		    "'2020-01-01'), ('sber-three', 'sberbank', 'C', "
		    "'2020-01-01') ON CONFLICT (contract) DO NOTHING");
		fixture_sql(&w->fx,
		    "INSERT INTO route (portal, supplier, service, preference, "
		    "contract, from_day) VALUES ('irkutskenergosbyt', '*', "
		    "'*', 2, 'gpb-two', '2020-01-01')");
	} else {
		fixture_sql(&w->fx, "DELETE FROM route WHERE preference > 1");
	}
	world_rules(w);
	w->now += 3600000; /* until it is looked for */
}

#include "world_front.h"
#include "world_look.h"

#define assert_state(w, pm, wanted)                                            \
	assert_string_equal(                                                   \
	    pay_state_name(world_load((w), (pm)->number)->state), (wanted))

#endif
