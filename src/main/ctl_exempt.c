#include "ctl.h"

#include "kvitok/app/exempt.h"
#include "kvitok/app/reference.h"

/* Whose: of --payer, or of --supplier and --account. */
static enum err
read_holder(struct ctl *c, struct exempt_key *k, bool *any)
{
	struct str payer = ctl_option(c, "payer");
	struct str supplier = ctl_option(c, "supplier");
	struct str account = ctl_option(c, "account");
	bool of_payer = payer.p != NULL;
	bool of_account = supplier.p != NULL && account.p != NULL;

	*any = of_payer || of_account;
	if ((supplier.p != NULL) != (account.p != NULL) ||
	    (of_payer && of_account))
		return fault_set(&c->f, ERR_INVALID, "usage",
		    "either --payer, or --supplier with --account");
	*k = (struct exempt_key){ .portal = ctl_option(c, "portal"),
		.holder = of_account ? EXEMPT_ACCOUNT : EXEMPT_PAYER,
		.supplier = of_account ? supplier : STR(""),
		.subject = of_account ? account : payer };
	return ERR_OK;
}

static struct str
given(struct ctl *c, const char *name, struct str otherwise)
{
	struct str s = ctl_option(c, name);

	return s.p != NULL ? s : otherwise;
}

static void
show(struct ctl *c, const struct exempt *x)
{
	struct buf *b = &c->out;

	ctl_cell(b, exempt_name(c->a, x), EXEMPT_ID_LEN + 1);
	if (x->key.holder == EXEMPT_ACCOUNT) {
		ctl_say(b, "account ", x->key.supplier);
		ctl_say(b, "/", x->key.subject);
	} else {
		ctl_say(b, "payer ", x->key.subject);
	}
	ctl_say(b, "  ", x->kind);
	ctl_say(b, ", ", x->document);
	/* A screen is a log: of the number its end is enough. */
	ctl_say(b, " ", exempt_mask(c->a, x->document_number));
	ctl_say(b, ", seen by ", x->seen_by);
	ctl_say(b, ", from ", x->from_day);
	if (x->to_day.len > 0)
		ctl_say(b, " to ", x->to_day);
	ctl_say(b, ", set by ", x->created_by);
	if (x->ended_at != 0) {
		buf_lit(b, "; ended ");
		ctl_time(b, x->ended_at);
		ctl_say(b, " by ", x->ended_by);
		ctl_say(b, ": ", x->end_reason);
	}
	buf_char(b, '\n');
}

enum err
ctl_exempt_add(struct ctl *c)
{
	struct str actor = ctl_operator(c);
	struct exempt_request req = { .kind = ctl_option(c, "kind"),
		.document = ctl_option(c, "document"),
		.document_number = ctl_option(c, "number"),
		.seen_by = given(c, "seen-by", actor),
		.from_day = given(c, "from", STR("")),
		.to_day = given(c, "to", STR("")),
		.actor = actor };
	struct exempt x;
	size_t made, at;
	bool any;
	enum err rc = read_holder(c, &req.key, &any);

	if (rc == ERR_OK && !any)
		rc = fault_set(&c->f, ERR_INVALID, "usage",
		    "--payer, or --supplier and --account, is missing");
	if (rc == ERR_OK)
		rc = exempt_check(c->p, c->a, &req, &x, &c->f);
	if (rc == ERR_OK)
		rc = exempt_set(c->p, c->a, &x, 1, false, &made, &at, &c->f);
	if (rc == ERR_OK)
		show(c, &x);
	return rc;
}

static enum err
show_portal(struct ctl *c, struct str portal)
{
	const struct exempt_store *st = &c->p->exempts;
	struct str akey = STR(""), id = STR("");
	const struct exempt *v;
	size_t len = EXEMPT_LIST_MAX;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && len == EXEMPT_LIST_MAX && !c->out.full) {
		rc =
		    st->page(st->self, c->a, portal, akey, id, &v, &len, &c->f);
		for (size_t i = 0; rc == ERR_OK && i < len; i++)
			show(c, &v[i]);
		if (rc == ERR_OK && len > 0) {
			akey = v[len - 1].akey;
			id = v[len - 1].id;
		}
	}
	return rc;
}

enum err
ctl_exempt_list(struct ctl *c)
{
	const struct exempt *v;
	struct exempt_key key;
	size_t len = 0;
	bool any;
	enum err rc = read_holder(c, &key, &any);

	if (rc != ERR_OK)
		return rc;
	if (!any)
		return show_portal(c, key.portal);
	rc = exempt_of(c->p, c->a, &key, &v, &len, &c->f);
	for (size_t i = 0; rc == ERR_OK && i < len; i++)
		show(c, &v[i]);
	return rc;
}

enum err
ctl_exempt_end(struct ctl *c)
{
	struct exempt x;
	enum err rc = exempt_end(c->p, c->a, STR(""), c->words[0],
	    ctl_operator(c), ctl_option(c, "reason"), &x, &c->f);

	if (rc == ERR_OK)
		show(c, &x);
	return rc;
}

enum err
ctl_exempt_kinds(struct ctl *c)
{
	const struct ref *r;
	enum err rc = reference(c->p, &r, &c->f);

	for (size_t i = 0; rc == ERR_OK && i < r->exempt_kinds_len; i++) {
		const struct ref_exempt_kind *k = &r->exempt_kinds[i];

		ctl_cell(&c->out, k->kind, 16);
		ctl_say(&c->out, "", k->title);
		ctl_say(&c->out, " (", k->basis);
		ctl_say(&c->out, "), from ", k->from_day);
		if (k->to_day.len > 0)
			ctl_say(&c->out, " to ", k->to_day);
		buf_char(&c->out, '\n');
	}
	return rc;
}
