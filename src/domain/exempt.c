#include "kvitok/domain/exempt.h"

#include "kvitok/base/utf8.h"
#include "kvitok/domain/payment.h"

#define ULID_LEN 26
#define MASK_KEPT 3
#define MASK_MIN 6 /* of a longer number its end may be shown */

static const char *const holders[] = {
	[EXEMPT_PAYER] = "payer",
	[EXEMPT_ACCOUNT] = "account",
};

const char *
exempt_holder_name(enum exempt_holder h)
{
	return holders[h];
}

bool
exempt_holder_of(struct str name, enum exempt_holder *h)
{
	for (unsigned i = 0; i < KV_COUNT(holders); i++)
		if (str_eq(name, str_of(holders[i]))) {
			*h = (enum exempt_holder)i;
			return true;
		}
	return false;
}

bool
exempt_holds(const struct exempt *x, struct str day)
{
	return x->ended_at == 0 && str_cmp(x->from_day, day) <= 0 &&
	    (x->to_day.len == 0 || str_cmp(day, x->to_day) <= 0);
}

bool
exempt_same(const struct exempt *x, const struct exempt *y)
{
	return x->key.holder == y->key.holder &&
	    str_eq(x->key.portal, y->key.portal) &&
	    str_eq(x->key.supplier, y->key.supplier) &&
	    str_eq(x->key.subject, y->key.subject) &&
	    str_eq(x->kind, y->kind) && str_eq(x->document, y->document) &&
	    str_eq(x->document_number, y->document_number) &&
	    str_eq(x->from_day, y->from_day) && str_eq(x->to_day, y->to_day);
}

struct str
exempt_name(struct arena *a, const struct exempt *x)
{
	return arena_fmt(a, "%.*s-%.*s", STR_ARG(x->akey), STR_ARG(x->id));
}

bool
exempt_name_split(struct str name, struct str *akey, struct str *id)
{
	if (name.len != EXEMPT_ID_LEN || name.p[PAY_AKEY_LEN] != '-')
		return false;
	*akey = (struct str){ name.p, PAY_AKEY_LEN };
	*id = (struct str){ name.p + PAY_AKEY_LEN + 1, ULID_LEN };
	return true;
}

struct str
exempt_mask(struct arena *a, struct str number)
{
	size_t len = utf8_len(number);
	size_t hidden = len > MASK_MIN ? len - MASK_KEPT : len;
	size_t head = utf8_cut(number, hidden).len;
	char *p = arena_alloc(a, hidden + (number.len - head) + 1);

	memset(p, '*', hidden);
	memcpy(p + hidden, number.p + head, number.len - head);
	return (struct str){ p, hidden + (number.len - head) };
}
