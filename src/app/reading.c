#include "kvitok/app/reading.h"

#include "kvitok/app/chronicle.h"
#include "kvitok/app/reference.h"

#include <stdio.h>

struct judging {
	const struct ports *p;
	struct arena *a;
	struct str portal;
	const struct quote *q;
	const struct ref *ref;
	struct str day;
	int64_t now;
	const struct account *account; /* the one looked at last */
	struct fault *f;
};

static enum err
refuse(struct judging *j, size_t i, const char *member, enum err err,
    const char *reason)
{
	char pointer[64];

	(void)snprintf(pointer, sizeof(pointer), "/readings/%zu/%s", i, member);
	(void)fault_set(j->f, err, reason, "%s", pointer);
	fault_field(j->f, pointer, reason);
	return err;
}

static bool
is_paid_for(const struct quote *q, struct str supplier, struct str account)
{
	for (size_t i = 0; i < q->lines_len; i++)
		if (str_eq(q->lines[i].supplier, supplier) &&
		    str_eq(q->lines[i].account, account))
			return true;
	return false;
}

/* Readings of one account mostly stand beside each other. */
static enum err
load_account(struct judging *j, struct str supplier, struct str account)
{
	const struct account *was = j->account;

	if (was && str_eq(was->supplier, supplier) &&
	    str_eq(was->account, account))
		return ERR_OK;
	return j->p->refs.account(j->p->refs.self, j->a, j->portal, supplier,
	    account, &j->account, j->f);
}

static const struct account_meter *
meter_of(const struct account *acc, struct str meter)
{
	for (size_t i = 0; i < acc->meters_len; i++)
		if (str_eq(acc->meters[i].meter, meter))
			return &acc->meters[i];
	return NULL;
}

static struct meter_was
was_of(const struct account_meter *m)
{
	return (struct meter_was){ .digits = m->digits,
		.last_value = m->last_value,
		.verify_day = m->verify_day };
}

static enum err
judge_value(struct judging *j, size_t i, const struct account_meter *m,
    int64_t value, struct pay_reading *out)
{
	const struct meter_rule *rule = ref_meter_rule(
	    j->ref, j->portal, j->account->supplier, m->unit, j->day);
	struct meter_was was = was_of(m);
	struct meter_taken t;
	char pointer[64], id[27];

	if (!rule)
		return refuse(
		    j, i, "supplier", ERR_LIMIT, "readings_not_taken");
	if (meter_take(rule, &was, j->day, value, &t, j->f) != ERR_OK) {
		(void)snprintf(
		    pointer, sizeof(pointer), "/readings/%zu/value", i);
		fault_field(j->f, pointer, j->f->reason);
		return j->f->err;
	}
	j->p->ids.ulid(j->p->ids.self, j->now, id);
	*out = (struct pay_reading){ .id = arena_str(j->a, str_of(id)),
		.supplier = j->account->supplier,
		.account = j->account->account,
		.meter = m->meter,
		.period = arena_str(j->a, str_of(t.period)),
		.before = m->last_value,
		.value = value,
		.use = t.use,
		.rolled = t.rolled,
		.created_at = j->now,
		.given_at = rule->hand == METER_AT_ONCE ? j->now : 0 };
	return ERR_OK;
}

static enum err
judge_one(struct judging *j, const struct reading_in *in, size_t i,
    struct pay_reading *list)
{
	const struct account_meter *m;
	struct str account;
	enum err rc;

	if (!account_fold(j->a, in->account, &account))
		return refuse(j, i, "account", ERR_INVALID, "account_form");
	if (!is_paid_for(j->q, in->supplier, account))
		return refuse(j, i, "account", ERR_LIMIT, "reading_account");
	if ((rc = load_account(j, in->supplier, account)) != ERR_OK)
		return rc;
	if (account_closed(j->account->closed_day, j->day))
		return refuse(j, i, "account", ERR_LIMIT, "reading_closed");
	m = meter_of(j->account, in->meter);
	if (!m)
		return refuse(j, i, "meter", ERR_ABSENT, "meter_unknown");
	for (size_t k = 0; k < i; k++)
		if (str_eq(list[k].supplier, in->supplier) &&
		    str_eq(list[k].account, account) &&
		    str_eq(list[k].meter, in->meter))
			return refuse(
			    j, i, "meter", ERR_LIMIT, "reading_repeat");
	return judge_value(j, i, m, in->value, &list[i]);
}

enum err
reading_judge(const struct ports *p, struct arena *a, struct str portal,
    const struct quote *q, const struct reading_in *in, size_t len,
    const struct pay_reading **out, struct fault *f)
{
	struct judging j = { .p = p,
		.a = a,
		.portal = portal,
		.q = q,
		.now = p->clock.now(p->clock.self),
		.f = f };
	struct pay_reading *list;
	char today[11];
	enum err rc = ERR_OK;

	*out = NULL;
	if (len == 0)
		return ERR_OK;
	if ((rc = reference(p, &j.ref, f)) != ERR_OK)
		return rc;
	reference_today(ref_portal(j.ref, portal), j.now, today);
	j.day = str_of(today);
	list = ARENA_ARRAY(a, len, struct pay_reading);
	for (size_t i = 0; i < len && rc == ERR_OK; i++)
		rc = judge_one(&j, &in[i], i, list);
	*out = list;
	return rc;
}

enum err
reading_give(const struct ports *p, struct arena *a, const struct payment *pm,
    struct str actor, struct fault *f)
{
	struct proof e;
	int64_t given = 0;
	enum err rc = p->readings.give(p->readings.self, pm->akey, pm->number,
	    p->clock.now(p->clock.self), &given, f);

	if (rc != ERR_OK || given == 0)
		return rc;
	proof_begin(&e, a);
	jw_kint(&e.w, "readings", given);
	return chronicle_put(p, a, pm,
	    &(struct chronicle_entry){ .kind = "readings_given",
		.actor = actor,
		.from = "",
		.to = "",
		.evidence = proof_end(&e) },
	    f);
}

enum err
reading_look(const struct ports *p, struct arena *a, const struct account *acc,
    const struct account_meter *m, struct reading_now *out, struct fault *f)
{
	struct reading_meter key = { acc->portal, acc->supplier, acc->account,
		m->meter };
	const struct pay_reading *last;
	struct meter_was was = was_of(m);
	struct meter_taken t;
	const struct ref *r;
	struct fault none;
	struct str day;
	char today[11];
	size_t len;
	enum err rc = reference(p, &r, f);

	*out = (struct reading_now){ .rule = NULL };
	if (rc != ERR_OK)
		return rc;
	reference_today(
	    ref_portal(r, acc->portal), p->clock.now(p->clock.self), today);
	day = str_of(today);
	out->rule = ref_meter_rule(r, acc->portal, acc->supplier, m->unit, day);
	if (!out->rule)
		return ERR_OK;
	/* The same value again says whether any would be taken. */
	fault_init(&none);
	if (meter_take(out->rule, &was, day, m->last_value, &t, &none) !=
	    ERR_OK)
		out->barred = none.reason;
	if (account_closed(acc->closed_day, day))
		out->barred = "reading_closed";
	rc = p->readings.history(p->readings.self, a, &key, 1, &last, &len, f);
	if (rc == ERR_OK && len == 1 &&
	    str_eq(last->period, (struct str){ day.p, METER_PERIOD_SIZE - 1 }))
		out->sent = last;
	return rc;
}
