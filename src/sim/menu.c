#include "kvitok/sim/menu.h"

#include <string.h>

#define S (1u << BANK_SBER)
#define G (1u << BANK_GPB)
#define M (1u << BANK_SMTP)

static const struct menu_item items[MENU__COUNT] = {
	[MENU_CALLBACK_LOST] = { "callback_lost", S | G,
	    "The notice is never sent, nor repeated" },
	[MENU_CALLBACK_LATE] = { "callback_late", S | G,
	    "The notice is sent delay_ms late (default 5000)" },
	[MENU_CALLBACK_REPEAT] = { "callback_repeat", S | G,
	    "The notice is sent count times at once, in parallel" },
	[MENU_CALLBACK_BEFORE_RETURN] = { "callback_before_return", S | G,
	    "The browser is let go only after the notice was answered" },
	[MENU_CALLBACK_AFTER_RETURN] = { "callback_after_return", S | G,
	    "The notice is sent delay_ms (default 2000) after the return" },
	[MENU_CALLBACK_REORDER] = { "callback_reorder", S | G,
	    "A notice of a refused attempt follows the notice of success" },
	[MENU_CALLBACK_BAD_SIGNATURE] = { "callback_bad_signature", S | G,
	    "One digit of the checksum or signature is wrong" },
	[MENU_CALLBACK_WRONG_SUM] = { "callback_wrong_sum", S | G,
	    "The notice names another sum: value in kopecks, or 1 more; "
	    "Sberbank: its status answer does so too" },
	[MENU_CALLBACK_WRONG_NUMBER] = { "callback_wrong_number", S | G,
	    "The notice names an order that does not exist (value)" },
	[MENU_CALLBACK_UNKNOWN_OPERATION] = { "callback_unknown_operation", S,
	    "The notice names an operation that is not documented (value)" },
	[MENU_CALLBACK_EXTRA_PARAMS] = { "callback_extra_params", S | G,
	    "The notice has parameters that are not documented, signed too" },
	[MENU_HTTP_502] = { "http_502", S | G,
	    "The call is answered with 502, nothing is done" },
	[MENU_HTTP_502_AFTER] = { "http_502_after", S | G,
	    "The call is answered with 502 although it was carried out" },
	[MENU_SLOW] = { "slow", S | G,
	    "The call is carried out, its answer comes delay_ms late" },
	[MENU_NO_CONNECTION] = { "no_connection", S | G,
	    "The https door closes a connection before TLS begins, of "
	    "whichever bank; nothing can be sent" },
	[MENU_RESET_BEFORE] = { "reset_before", S | G,
	    "The connection is closed, nothing is done" },
	[MENU_REGISTER_LOST] = { "register_lost", S | G,
	    "The order is registered, the connection closed unanswered" },
	[MENU_REGISTER_REFUSED] = { "register_refused", S | G,
	    "Registration is refused with error code value (default 7)" },
	[MENU_REFUND_LOST] = { "refund_lost", S | G,
	    "The refund, reversal or completion is done, not answered" },
	[MENU_STATUS_LOST] = { "status_lost", S | G,
	    "A status query is not answered, the connection is closed" },
	[MENU_EXPIRE] = { "expire", S | G,
	    "The order expires as soon as it is registered" },
	[MENU_STATUS_WRONG_SUM] = { "status_wrong_sum", S,
	    "The status answer names another sum: value, or 1 more" },
	[MENU_STATUS_TWO_SUMS] = { "status_two_sums", S,
	    "The status answer's amount is value, or 1 more than was taken" },
	[MENU_STATUS_WRONG_CURRENCY] = { "status_wrong_currency", S,
	    "The status answer names currency value (default 840)" },
	[MENU_STATUS_WRONG_NUMBER] = { "status_wrong_number", S | G,
	    "The status answer names order value (default WRONG-1)" },
	[MENU_LOOSE_TYPES] = { "loose_types", S,
	    "Codes come as numbers where texts are usual, and vice versa" },
	[MENU_MISSING_BLOCKS] = { "missing_blocks", S | G,
	    "The status answer has only what can never be left out" },
	[MENU_NO_FORMURL_ERRORCODE] = { "no_formurl_errorcode", S,
	    "Registration answers errorCode 0 but no formUrl" },
	[MENU_BINDING_FOREIGN] = { "binding_foreign", S,
	    "The status answer says that the binding is another client's" },
	[MENU_RP_TWICE] = { "rp_twice", G,
	    "RP is sent twice at once, signed each time" },
	[MENU_RP_NO_AMOUNT] = { "rp_no_amount", G, "RP has no amount" },
	[MENU_RP_BAD_SIGNATURE] = { "rp_bad_signature", G,
	    "One byte of RP's signature is wrong" },
	[MENU_RP_NEXT_CERTIFICATE] = { "rp_next_certificate", G,
	    "RP is signed with sign_key_next" },
	[MENU_RP_RAW_BASE64] = { "rp_raw_base64", G,
	    "RP's signature stands in the query without percent-encoding" },
	[MENU_RP_WRONG_ACCOUNT] = { "rp_wrong_account", G,
	    "RP names another account_id (value)" },
	[MENU_RP_WRONG_MERCHANT] = { "rp_wrong_merchant", G,
	    "RP names another merch_id (value)" },
	[MENU_RP_NUMERIC_CODE] = { "rp_numeric_code", G,
	    "ext_result_code is a number instead of a name" },
	[MENU_RP_AFTER_SUCCESS_FAILURE] = { "rp_after_success_failure", G,
	    "A failure for the same trx_id follows the success" },
	[MENU_RP_BEFORE_FAILURE] = { "rp_before_failure", G,
	    "A failure for the same trx_id precedes the success" },
	[MENU_CPA_TWICE] = { "cpa_twice", G,
	    "CPA is asked twice for one trx_id, at once" },
	[MENU_REJECT_RCPT] = { "reject_rcpt", M,
	    "RCPT is refused for good (550)" },
	[MENU_LATER_RCPT] = { "later_rcpt", M,
	    "RCPT is refused for now (451)" },
	[MENU_DROP_IN_DATA] = { "drop_in_data", M,
	    "The connection is closed in the middle of DATA" },
	[MENU_SLOW_DATA] = { "slow_data", M,
	    "The 250 after DATA comes delay_ms late (default 5000)" },
	[MENU_ACCEPT_THEN_DROP] = { "accept_then_drop", M,
	    "The mail is kept, the connection closed without a 250" },
};

const struct menu_item *
menu_item(enum menu_fault fault)
{
	return &items[fault];
}

bool
menu_find(struct str name, enum menu_fault *out)
{
	for (unsigned i = 0; i < MENU__COUNT; i++) {
		if (!str_eq(name, str_of(items[i].name)))
			continue;
		*out = (enum menu_fault)i;
		return true;
	}
	return false;
}

enum err
menu_arm(struct menu *m, const struct menu_armed *w, int *id, struct fault *f)
{
	if (!(items[w->fault].banks & (1u << w->bank)))
		return fault_set(f, ERR_INVALID, "sim_fault",
		    "%s is no fault of this bank", items[w->fault].name);
	if (m->len == MENU_ARMED_MAX)
		return fault_set(f, ERR_LIMIT, "sim_fault",
		    "%d faults are armed", MENU_ARMED_MAX);
	m->armed[m->len] = *w;
	m->armed[m->len].id = *id = ++m->last_id;
	m->armed[m->len++].taken = 0;
	return ERR_OK;
}

static void
drop(struct menu *m, size_t i)
{
	m->len--;
	memmove(
	    &m->armed[i], &m->armed[i + 1], (m->len - i) * sizeof(m->armed[0]));
}

bool
menu_disarm(struct menu *m, int id)
{
	for (size_t i = 0; i < m->len; i++) {
		if (m->armed[i].id != id)
			continue;
		drop(m, i);
		return true;
	}
	return false;
}

void
menu_clear(struct menu *m)
{
	m->len = 0;
}

bool
menu_take(struct menu *m, enum bank bank, enum menu_fault fault,
    struct str order, const char *call, struct menu_armed *out)
{
	for (size_t i = 0; i < m->len; i++) {
		struct menu_armed *w = &m->armed[i];

		if (w->bank != bank || w->fault != fault)
			continue;
		if (w->scope == MENU_ORDER && !str_eq(order, str_of(w->order)))
			continue;
		if (w->call[0] != '\0' && (!call || strcmp(call, w->call) != 0))
			continue;
		w->taken++;
		if (w->count > 0)
			w->count--;
		if (out)
			*out = *w;
		if (w->count == 0)
			drop(m, i);
		return true;
	}
	return false;
}
