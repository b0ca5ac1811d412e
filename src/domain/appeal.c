#include "kvitok/domain/appeal.h"

#define NAME_MAX_LEN 32

static const char *const kinds[APPEAL_KIND__COUNT] = {
	[APPEAL_PLAIN] = "appeal",
	[APPEAL_MAINTENANCE] = "maintenance",
	[APPEAL_RECALCULATION] = "recalculation",
	[APPEAL_APPLICATION] = "contract_application",
};

/* Titles are those of the guides to the portals, letter for letter. */
static const struct {
	const char *name, *title;
} states[APPEAL_STATE__COUNT] = {
	[APPEAL_IN_PROGRESS] = { "in_progress", "В обработке" },
	[APPEAL_NEEDS_ANSWER] = { "needs_answer", "Требует уточнения" },
	[APPEAL_REFUSED] = { "refused", "Не согласована" },
	[APPEAL_DONE] = { "done", "Выполнена" },
	[APPEAL_CLOSED] = { "closed", "Закрыта" },
};

const char *
appeal_kind_name(enum appeal_kind k)
{
	return kinds[k];
}

const char *
appeal_state_name(enum appeal_state s)
{
	return states[s].name;
}

const char *
appeal_state_title(enum appeal_state s)
{
	return states[s].title;
}

enum appeal_kind
appeal_kind_of(struct str name)
{
	size_t i = 0;

	while (i < APPEAL_KIND__COUNT && !str_eq(name, str_of(kinds[i])))
		i++;
	return (enum appeal_kind)i;
}

enum appeal_state
appeal_state_of(struct str name)
{
	size_t i = 0;

	while (i < APPEAL_STATE__COUNT && !str_eq(name, str_of(states[i].name)))
		i++;
	return (enum appeal_state)i;
}

bool
appeal_answer_may(enum appeal_state s)
{
	return s < APPEAL_CLOSED;
}

enum appeal_state
appeal_after(const struct appeal *x, const struct appeal_answer *answer)
{
	return x->state == APPEAL_CLOSED || answer->at < x->answered_at
	    ? x->state
	    : answer->state;
}

static bool
name_ok(struct str name)
{
	bool ok = name.len > 0 && name.len <= NAME_MAX_LEN && name.p[0] != '-';

	for (size_t i = 0; i < name.len; i++) {
		char c = name.p[i];

		ok = ok &&
		    ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			c == '-');
	}
	return ok;
}

size_t
appeal_field_wrong(const struct appeal_field *v, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!name_ok(v[i].name))
			return i;
		for (size_t k = 0; k < i; k++)
			if (str_eq(v[i].name, v[k].name))
				return i;
	}
	return len;
}
