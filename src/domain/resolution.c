#include "kvitok/domain/resolution.h"

#include "kvitok/base/json.h"
#include "kvitok/base/utf8.h"

#define BANK_TEXT_MAX 64 /* of columns that keep what a bank calls it */

/*
 * Money of another currency has no sum in our books, and of a status that
 * names no account nobody may conclude that the account was right.
 */
const struct resolution resolutions[] = {
	{ "second_payment", "give_back", RESOLVE_GIVE_BACK },
	{ "second_payment", "paid_by_hand", RESOLVE_BY_HAND },
	{ "wrong_sum", "give_back", RESOLVE_GIVE_BACK },
	{ "wrong_sum", "paid_by_hand", RESOLVE_BY_HAND },
	{ "wrong_sum", "ask_again", RESOLVE_ASK_AGAIN },
	{ "wrong_sum", "dismiss", RESOLVE_DISMISS },
	{ "wrong_number", "give_back", RESOLVE_GIVE_BACK },
	{ "wrong_number", "paid_by_hand", RESOLVE_BY_HAND },
	{ "wrong_number", "ask_again", RESOLVE_ASK_AGAIN },
	{ "wrong_number", "dismiss", RESOLVE_DISMISS },
	{ "wrong_currency", "ask_again", RESOLVE_ASK_AGAIN },
	{ "wrong_currency", "dismiss", RESOLVE_DISMISS },
	{ "not_signed", "give_back", RESOLVE_GIVE_BACK },
	{ "not_signed", "paid_by_hand", RESOLVE_BY_HAND },
	{ "not_signed", "ask_again", RESOLVE_ASK_AGAIN },
	{ "not_signed", "dismiss", RESOLVE_DISMISS },
	{ "wrong_account", "give_back", RESOLVE_GIVE_BACK },
	{ "wrong_account", "paid_by_hand", RESOLVE_BY_HAND },
	{ "wrong_account", "dismiss", RESOLVE_DISMISS },
	{ "paid_on_hold", "give_back", RESOLVE_GIVE_BACK },
	{ "paid_on_hold", "paid_by_hand", RESOLVE_BY_HAND },
	{ "paid_on_hold", "ask_again", RESOLVE_ASK_AGAIN },
	{ "paid_on_hold", "dismiss", RESOLVE_DISMISS },
	/* What is left at the bank goes back, too. */
	{ "given_back", "accept", RESOLVE_GIVE_BACK },
	{ "given_back", "ask_again", RESOLVE_ASK_AGAIN },
	{ "given_back", "dismiss", RESOLVE_DISMISS },
	{ "failed_after_paid", "dismiss", RESOLVE_DISMISS },
	{ "unknown_number", "dismiss", RESOLVE_DISMISS },
	{ "card_client", "dismiss", RESOLVE_DISMISS },
	{ "card_number", "dismiss", RESOLVE_DISMISS },
	{ "card_unbind_failed", "dismiss", RESOLVE_DISMISS },
	{ "card_unbind_refused", "dismiss", RESOLVE_DISMISS },
	{ "register_unknown", "assign", RESOLVE_ASSIGN },
	/* What stands against differences stays there. */
	{ "register_unknown", "keep", RESOLVE_DISMISS },
	{ "register_sum", "accept", RESOLVE_DISMISS },
	{ "register_fee", "accept", RESOLVE_DISMISS },
	{ "register_missing", "write_off", RESOLVE_WRITE_OFF },
	{ "register_missing", "dismiss", RESOLVE_DISMISS },
	{ "chargeback", "accept", RESOLVE_CHARGEBACK },
	{ "chargeback", "bear", RESOLVE_DISMISS },
	{ "refund_failed", "retry", RESOLVE_REFUND_AGAIN },
	{ "refund_failed", "paid_by_hand", RESOLVE_REFUND_BY_HAND },
	{ "refund_failed", "drop", RESOLVE_DISMISS },
	{ "exchange_line_refused", "retry", RESOLVE_SEND_AGAIN },
	{ "exchange_line_refused", "dismiss", RESOLVE_DISMISS },
	{ "exchange_refused", "retry", RESOLVE_SEND_AGAIN },
	{ "exchange_refused", "dismiss", RESOLVE_DISMISS },
	{ "exchange_unanswered", "retry", RESOLVE_SEND_AGAIN },
	{ "exchange_unanswered", "dismiss", RESOLVE_DISMISS },
	{ "exchange_differs", "dismiss", RESOLVE_DISMISS },
	{ "refund_unclear", "accept", RESOLVE_REFUND_AS_BANK },
	{ "refund_unclear", "ask_again", RESOLVE_ASK_AGAIN },
};
const size_t resolutions_len = KV_COUNT(resolutions);

const struct resolution *
resolution_find(struct str kind, struct str how)
{
	for (size_t i = 0; i < resolutions_len; i++)
		if (str_eq(kind, str_of(resolutions[i].kind)) &&
		    str_eq(how, str_of(resolutions[i].how)))
			return &resolutions[i];
	return NULL;
}

bool
resolution_known(struct str how)
{
	for (size_t i = 0; i < resolutions_len; i++)
		if (str_eq(how, str_of(resolutions[i].how)))
			return true;
	return false;
}

void
resolution_list(struct str kind, struct buf *b)
{
	const char *before = "";

	for (size_t i = 0; i < resolutions_len; i++) {
		if (!str_eq(kind, str_of(resolutions[i].kind)))
			continue;
		buf_text(b, str_of(before));
		buf_text(b, str_of(resolutions[i].how));
		before = ", ";
	}
}

bool
resolution_holds(struct str kind, struct str subject, struct str number, int n)
{
	/* About an opening of the page, and of the whole attempt. */
	static const char *const always[] = { "wrong_account", "paid_on_hold" };
	static const char *const whole[] = { "wrong_sum", "wrong_currency",
		"wrong_number", "not_signed", "given_back" };
	char bank_no[PAY_BANK_NO_MAX + 1];

	for (size_t i = 0; i < KV_COUNT(always); i++)
		if (str_eq(kind, str_of(always[i])))
			return true;
	pay_bank_no(number, n, bank_no);
	for (size_t i = 0; i < KV_COUNT(whole); i++)
		if (str_eq(kind, str_of(whole[i])))
			return str_eq(subject, str_of(bank_no));
	return false;
}

bool
resolution_posted(struct str kind)
{
	return str_eq(kind, STR("second_payment"));
}

bool
resolution_of_register(struct str kind)
{
	return str_starts(kind, STR("register_")) ||
	    str_eq(kind, STR("chargeback"));
}

static const char *const state_names[CASE__COUNT] = {
	[CASE_OPEN] = "open",
	[CASE_TAKEN] = "taken",
	[CASE_UNDER_WAY] = "under_way",
	[CASE_RESOLVED] = "resolved",
};

const char *
case_state_name(enum case_state s)
{
	return state_names[s];
}

bool
case_state_of(struct str name, enum case_state *s)
{
	for (unsigned i = 0; i < CASE__COUNT; i++)
		if (str_eq(name, str_of(state_names[i]))) {
			*s = (enum case_state)i;
			return true;
		}
	return false;
}

enum case_state
case_state(struct str state, struct str owner, struct str resolution)
{
	if (str_eq(state, STR("resolved")))
		return CASE_RESOLVED;
	if (resolution.len > 0)
		return CASE_UNDER_WAY;
	return owner.len > 0 ? CASE_TAKEN : CASE_OPEN;
}

/* A text of the evidence; empty when it is not there. */
static struct str
said(struct arena *a, const struct json *j, const char *name)
{
	return utf8_cut_bytes(
	    json_loose_text(a, json_get(j, name)), BANK_TEXT_MAX);
}

bool
resolution_money(struct arena *a, const struct payment *pm, int n,
    struct str subject, struct str evidence, struct case_money *out)
{
	const struct attempt *at = payment_attempt(pm, n);
	char text[PAY_BANK_NO_MAX + 1];
	const struct json *j;
	struct fault none;
	struct str own;

	fault_init(&none);
	if (!at || json_parse(a, evidence, JSON_STRICT, &j, &none) != ERR_OK)
		return false;
	pay_bank_no(pm->number, n, text);
	own = arena_str(a, str_of(text));
	*out = (struct case_money){ .contract = at->contract, .bank_no = own };
	/* Of an opening the subject is "NUMBER/OPENING". */
	if (str_starts(subject, own) && subject.len > own.len + 1) {
		out->bank_id = (struct str){ subject.p + own.len + 1,
			subject.len - own.len - 1 };
	} else {
		struct str no = said(a, j, "bank_no");

		out->bank_id = said(a, j, "bank_id");
		if (no.len > 0)
			out->bank_no = no;
	}
	if (out->bank_id.len == 0)
		out->bank_id = at->bank_id;
	out->credited = pay_is_paid(pm->state) && n == pm->paid_attempt &&
	    str_eq(out->bank_id, at->bank_id);
	return true;
}
