#include "kvitok/bank/bank.h"

#include "kvitok/bank/gpb.h"
#include "kvitok/bank/gpb_card.h"
#include "kvitok/bank/gpb_notice.h"
#include "kvitok/bank/gpb_refund.h"
#include "kvitok/bank/gpb_status.h"
#include "kvitok/bank/sber.h"
#include "kvitok/bank/sber_cart.h"
#include "kvitok/bank/sber_card.h"
#include "kvitok/bank/sber_notice.h"
#include "kvitok/bank/sber_refund.h"
#include "kvitok/bank/sber_status.h"

#include <assert.h>

#define REPORT_MAX 32768
#define TRUSTS 3
#define TRIAL_SPARE_MS 1000 /* from the question until the call is made */

struct bank {
	struct contract list[SETTINGS_CONTRACTS_MAX];
	size_t len;
	struct stats *stats;
	size_t notice_slot;
};

static const char *const bank_names[] = {
	[CONTRACT_SBERBANK] = "sberbank",
	[CONTRACT_GAZPROMBANK] = "gazprombank",
};

static const char *const trust_names[TRUSTS] = {
	[TRUST_SIGNED] = "signed",
	[TRUST_UNSIGNED] = "unsigned",
	[TRUST_FORGED] = "forged",
};

static const struct contract *
find(const struct bank *b, struct str name)
{
	for (size_t i = 0; i < b->len; i++)
		if (str_eq(b->list[i].name, name))
			return &b->list[i];
	return NULL;
}

/* Gives: the contract, or NULL with the fault set. */
static const struct contract *
need(const struct bank *b, struct str name, struct fault *f)
{
	const struct contract *c = find(b, name);

	if (c == NULL)
		fault_set(f, ERR_BUG, "contract_unknown",
		    "[contract %.*s] is not in kvitok.conf", STR_ARG(name));
	return c;
}

static enum err
traits(void *self, struct str contract, struct gateway_traits *out,
    struct fault *f)
{
	const struct contract *c = need(self, contract, f);

	if (c == NULL)
		return ERR_BUG;
	*out = (struct gateway_traits){ .life_s = c->life_s };
	out->notices_signed = c->sign != CONTRACT_SIGN_NONE;
	if (c->bank == CONTRACT_SBERBANK) {
		out->way = GATEWAY_REGISTERS;
		out->refund_once = true; /* externalRefundId */
		out->fiscal = c->fiscal;
		out->cart_name_max = SBER_CART_NAME_MAX;
	} else {
		out->way = GATEWAY_REDIRECTS;
		/* Where the status can be asked it must agree. */
		out->proof_by_notice = !c->asks_status;
		out->caller_known = c->basic.len > 0 || c->allow_from_len > 0;
	}
	return ERR_OK;
}

static enum err
start(void *self, struct arena *a, struct str contract,
    const struct bank_order *o, struct bank_start *out, struct fault *f)
{
	const struct contract *c = need(self, contract, f);

	if (c == NULL)
		return ERR_BUG;
	if (c->bank == CONTRACT_SBERBANK)
		return sber_start(c, a, o, out, f);
	return gpb_start(c, a, o, out, f);
}

static enum err
status(void *self, struct arena *a, struct str contract,
    const struct bank_query *q, struct bank_status *out, struct fault *f)
{
	const struct contract *c = need(self, contract, f);

	if (c == NULL)
		return ERR_BUG;
	if (c->bank == CONTRACT_SBERBANK)
		return sber_status(c, a, q, out, f);
	return gpb_status(c, a, q, out, f);
}

static enum err
cancel(void *self, struct arena *a, struct str contract,
    const struct bank_query *q, struct fault *f)
{
	const struct contract *c = need(self, contract, f);

	if (c == NULL)
		return ERR_BUG;
	if (c->bank == CONTRACT_SBERBANK)
		return sber_cancel(c, a, q, f);
	return ERR_OK; /* a link cannot be called off; its check is refused */
}

static enum err
page_url(void *self, struct arena *a, struct str contract, struct str bank_id,
    struct str *url, struct fault *f)
{
	const struct contract *c = need(self, contract, f);

	if (c == NULL)
		return ERR_BUG;
	*url = sber_page_url(c, a, bank_id);
	return ERR_OK;
}

static enum err
notice(void *self, struct arena *a, struct str bank, const struct bank_call *c,
    struct bank_notice *out, struct fault *f)
{
	const struct bank *b = self;
	enum contract_bank which = CONTRACT_SBERBANK;
	enum err rc;

	if (str_eq(bank, STR("gazprombank")))
		which = CONTRACT_GAZPROMBANK;
	else
		assert(str_eq(bank, STR("sberbank")));
	if (which == CONTRACT_GAZPROMBANK)
		rc = gpb_notice(b->list, b->len, a, c, out, f);
	else
		rc = sber_notice(b->list, b->len, a, c, out, f);
	stats_add(b->stats,
	    b->notice_slot + (size_t)which * TRUSTS + (size_t)out->trust, 1);
	return rc;
}

static enum err
refund(void *self, struct arena *a, struct str contract,
    const struct bank_refund *r, struct bank_refund_answer *out,
    struct fault *f)
{
	const struct contract *c = need(self, contract, f);

	if (c == NULL)
		return ERR_BUG;
	if (c->bank == CONTRACT_SBERBANK)
		return sber_refund(c, a, r, out, f);
	return gpb_refund(c, a, r, out, f);
}

static enum err
refunded(void *self, struct arena *a, struct str contract,
    const struct bank_refund *r, int64_t *kop, struct fault *f)
{
	const struct contract *c = need(self, contract, f);

	if (c == NULL)
		return ERR_BUG;
	if (c->bank == CONTRACT_SBERBANK)
		return sber_refunded(c, a, r, kop, f);
	return gpb_refunded(c, a, r, kop, f);
}

static bool
is_down(void *self, struct str contract, int64_t now)
{
	const struct contract *c = find(self, contract);

	return c != NULL && health_is_down(&c->health, now);
}

static bool
admits(void *self, struct str contract, int64_t now)
{
	const struct contract *c = find(self, contract);

	return c == NULL || health_admits(&c->health, now);
}

static enum err
card_traits(
    void *self, struct str contract, struct card_traits *out, struct fault *f)
{
	const struct contract *c = need(self, contract, f);
	bool sber;

	if (c == NULL)
		return ERR_BUG;
	sber = c->bank == CONTRACT_SBERBANK;
	*out = (struct card_traits){ .binds = c->cards,
		.alone = c->cards && c->bind_alone,
		.lists = sber,
		.unbinds = sber || c->unbind_path.len > 0,
		.names_client = sber,
		.check_kop = sber ? 0 : c->bind_kop };
	return ERR_OK;
}

static enum err
card_start(void *self, struct arena *a, struct str contract,
    const struct bank_order *o, struct bank_start *out, struct fault *f)
{
	const struct contract *c = need(self, contract, f);

	if (c == NULL)
		return ERR_BUG;
	return c->bank == CONTRACT_SBERBANK ? sber_bind_start(c, a, o, out, f)
					    : gpb_bind_start(c, a, o, out, f);
}

static enum err
card_status(void *self, struct arena *a, struct str contract,
    const struct bank_query *q, struct bank_bind_status *out, struct fault *f)
{
	const struct contract *c = need(self, contract, f);

	if (c == NULL)
		return ERR_BUG;
	return c->bank == CONTRACT_SBERBANK ? sber_bind_status(c, a, q, out, f)
					    : gpb_bind_status(c, a, q, out, f);
}

static enum err
card_stored(void *self, struct arena *a, struct str contract, struct str client,
    const struct bank_stored **out, size_t *len, struct fault *f)
{
	const struct contract *c = need(self, contract, f);

	if (c == NULL)
		return ERR_BUG;
	assert(c->bank == CONTRACT_SBERBANK); /* traits.lists */
	return sber_cards(c, a, client, out, len, f);
}

static enum err
card_unbind(void *self, struct arena *a, struct str contract, struct str card,
    struct fault *f)
{
	const struct contract *c = need(self, contract, f);

	if (c == NULL)
		return ERR_BUG;
	return c->bank == CONTRACT_SBERBANK ? sber_unbind(c, a, card, f)
					    : gpb_unbind(c, a, card, f);
}

struct card_gateway
bank_cards(struct bank *b)
{
	return (struct card_gateway){ b, card_traits, card_start, card_status,
		card_stored, card_unbind };
}

static enum err
check_answer(void *self, struct str contract,
    const struct bank_check_answer *answer, struct buf *out, struct fault *f)
{
	const struct contract *c = need(self, contract, f);

	return c == NULL ? ERR_BUG : gpb_check_answer(c, answer, out, f);
}

static void
registered_answer(void *self, bool recorded, struct buf *out)
{
	(void)self;
	gpb_registered_answer(recorded, out);
}

/* Gives: the address that calls go to, with its last slash; empty: none. */
static struct str
call_base(struct arena *a, const struct conf *conf, const char *section,
    const struct contract *c)
{
	struct str url = STR_NONE;

	if (c->bank == CONTRACT_SBERBANK)
		url = conf_text(conf, section, "base_url");
	else if (c->asks_status || c->api_login.len > 0)
		url = conf_text(conf, section, "api_url");
	if (url.len == 0 || str_ends(url, STR("/")))
		return url;
	return arena_fmt(a, "%.*s/", STR_ARG(url));
}

static enum err
prepare(struct arena *a, const struct bank_parts *p, size_t i,
    struct contract *c, struct fault *f)
{
	const char *section = conf_section(a, "contract", c->name);
	struct http_settings s;

	c->clock = p->clock;
	c->log = p->log;
	settings_health(p->conf, section, &c->health);
	c->health.stats = p->stats;
	c->health.first = p->first_slot + i * HEALTH_SLOTS;
	settings_http(p->conf, section, &s);
	c->health.trial_ms = s.total_ms + TRIAL_SPARE_MS;
	s.base = call_base(a, p->conf, section, c);
	if (s.base.len == 0)
		return ERR_OK; /* this contract calls nobody */
	return http_new(a, &s, &c->http, f);
}

static bool
read_all(struct arena *a, const struct conf *conf, int64_t now, struct bank *b,
    struct buf *report)
{
	struct str *names;
	size_t n = conf_names(a, conf, "contract", &names);
	bool good = true;

	for (size_t i = 0; i < n; i++) {
		if (i == SETTINGS_CONTRACTS_MAX) {
			conf_complain(conf,
			    conf_section(a, "contract", names[i]), "bank",
			    report, "too many contracts");
			return false;
		}
		good &= settings_contract(
		    a, conf, names[i], now, &b->list[i], report);
		b->len = i + 1;
	}
	return good;
}

void
bank_layout(struct arena *a, const struct conf *conf, struct buf *out)
{
	struct str *names;
	size_t n = conf_names(a, conf, "contract", &names);

	buf_fmt(out, "bank %d", HEALTH_SLOTS);
	for (size_t i = 0; i < n; i++) {
		buf_char(out, ' ');
		buf_text(out, names[i]);
	}
	buf_char(out, ';');
}

bool
bank_settings_check(
    struct arena *a, const struct conf *conf, int64_t now, struct buf *report)
{
	struct bank *b = ARENA_NEW(a, struct bank);

	return read_all(a, conf, now, b, report);
}

static void
log_report(const struct log *log, struct str report)
{
	struct str line;
	bool more = report.len > 0 && log != NULL;

	while (more) {
		more = str_cut(&report, '\n', &line);
		if (line.len > 0)
			log_event(log, LOG_WARN, "bank_settings", LOG_TEXT,
			    "words", line, LOG_END);
	}
}

enum err
bank_open(struct arena *a, const struct bank_parts *parts, struct gateway *g,
    struct gateway_answers *answers, struct bank **out, struct fault *f)
{
	struct bank *b = ARENA_NEW(a, struct bank);
	struct buf report;
	struct str first, lines;
	enum err rc;

	if ((rc = sign_self_test(a, f)) != ERR_OK)
		return rc;
	buf_init(&report, a, REPORT_MAX);
	if (!read_all(a, parts->conf, parts->clock->now(parts->clock->self), b,
		&report)) {
		lines = buf_str(&report);
		(void)str_cut(&lines, '\n', &first); /* one line: the whole */
		return fault_set(
		    f, ERR_INVALID, "conf_bad", "%.*s", STR_ARG(first));
	}
	log_report(parts->log, buf_str(&report));
	b->stats = parts->stats;
	b->notice_slot =
	    parts->first_slot + (size_t)SETTINGS_CONTRACTS_MAX * HEALTH_SLOTS;
	for (size_t i = 0; i < b->len; i++)
		if (prepare(a, parts, i, &b->list[i], f) != ERR_OK)
			return fault_wrap(f, "%.*s", STR_ARG(b->list[i].name));
	*g = (struct gateway){ b, traits, start, status, cancel, page_url,
		notice, refund, refunded, is_down, admits };
	*answers =
	    (struct gateway_answers){ b, check_answer, registered_answer };
	*out = b;
	return ERR_OK;
}

static void
cert_text(const struct contract *c, struct buf *out)
{
	int64_t last = 0;

	for (size_t i = 0; i < c->certs_len; i++)
		if (sign_key_ends_at(c->certs[i]) > last)
			last = sign_key_ends_at(c->certs[i]);
	if (last > 0)
		buf_fmt(out,
		    "kvitok_bank_certificate_end_seconds"
		    "{contract=\"%.*s\"} %lld\n",
		    STR_ARG(c->name), (long long)(last / 1000));
}

static void
notices_text(const struct bank *b, struct buf *out)
{
	buf_lit(out, "# TYPE kvitok_bank_notices_total counter\n");
	for (size_t i = 0; i < KV_COUNT(bank_names); i++)
		for (size_t t = 0; t < TRUSTS; t++)
			buf_fmt(out,
			    "kvitok_bank_notices_total"
			    "{bank=\"%s\",trust=\"%s\"} %lld\n",
			    bank_names[i], trust_names[t],
			    (long long)stats_get(
				b->stats, b->notice_slot + i * TRUSTS + t));
}

/* What was seen in the window, and what follows from it. */
static void
health_text(const struct bank *b, int64_t now, struct buf *out)
{
	static const char *const names[] = { "kvitok_bank_window_calls",
		"kvitok_bank_window_failed", "kvitok_bank_window_slow",
		"kvitok_bank_state_since_seconds" };
	struct health_view v;

	buf_lit(out, "# TYPE kvitok_bank_state gauge\n");
	for (size_t i = 0; i < b->len; i++) {
		health_look(&b->list[i].health, now, &v);
		for (int s = 0; s < HEALTH_STATE__COUNT; s++)
			buf_fmt(out,
			    "kvitok_bank_state{contract=\"%.*s\","
			    "state=\"%s\"} %d\n",
			    STR_ARG(b->list[i].name),
			    health_state_name((enum health_state)s),
			    (int)v.state == s);
	}
	for (size_t k = 0; k < KV_COUNT(names); k++) {
		buf_fmt(out, "# TYPE %s gauge\n", names[k]);
		for (size_t i = 0; i < b->len; i++) {
			health_look(&b->list[i].health, now, &v);
			buf_fmt(out, "%s{contract=\"%.*s\"} %lld\n", names[k],
			    STR_ARG(b->list[i].name),
			    (long long)(const int64_t[]){ v.calls, v.failed,
				v.slow, v.since_at / 1000 }[k]);
		}
	}
}

void
bank_ready(const struct bank *b, int64_t now, struct jw *w)
{
	struct health_view v;

	jw_key(w, "banks");
	jw_list(w);
	for (size_t i = 0; i < b->len; i++) {
		health_look(&b->list[i].health, now, &v);
		jw_object(w);
		jw_ktext(w, "contract", b->list[i].name);
		jw_ktext(w, "state", str_of(health_state_name(v.state)));
		jw_ktime(w, "since", v.since_at);
		jw_kint(w, "calls", v.calls);
		jw_kint(w, "failed", v.failed);
		jw_kint(w, "slow", v.slow);
		jw_object_end(w);
	}
	jw_list_end(w);
}

void
bank_metrics(const struct bank *b, int64_t now, struct buf *out)
{
	if (b->stats == NULL)
		return;
	buf_lit(out, "# TYPE kvitok_bank_calls_total counter\n");
	for (size_t i = 0; i < b->len; i++)
		health_calls_text(&b->list[i].health, b->list[i].name, out);
	buf_lit(out, "# TYPE kvitok_bank_call_seconds histogram\n");
	for (size_t i = 0; i < b->len; i++)
		health_latency_text(&b->list[i].health, b->list[i].name, out);
	buf_lit(out, "# TYPE kvitok_bank_down gauge\n");
	for (size_t i = 0; i < b->len; i++)
		buf_fmt(out, "kvitok_bank_down{contract=\"%.*s\"} %d\n",
		    STR_ARG(b->list[i].name),
		    health_is_down(&b->list[i].health, now) ? 1 : 0);
	health_text(b, now, out);
	buf_lit(out, "# TYPE kvitok_bank_certificate_end_seconds gauge\n");
	for (size_t i = 0; i < b->len; i++)
		cert_text(&b->list[i], out);
	notices_text(b, out);
}
