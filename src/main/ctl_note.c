/* What the operator does is told in the trail. */
#include "ctl_command.h"

#include "kvitok/app/noted.h"
#include "kvitok/base/utf8.h"

#include <string.h>

#define TEXT_MAX 1000
#define PORTAL_MAX 32

/* Of people; the trail outlives what they are kept for. */
static bool
is_private(const char *option)
{
	static const char *const names[] = { "account", "document", "mail",
		"number", "payer" };

	for (size_t i = 0; i < KV_COUNT(names); i++)
		if (strcmp(option, names[i]) == 0)
			return true;
	return false;
}

/* "key add" is noted as key_add. */
static const char *
what_of(struct ctl *c, const struct ctl_command *k)
{
	char *p = arena_z(c->a, str_of(k->name));

	for (char *at = p; *at != '\0'; at++)
		if (*at == ' ')
			*at = '_';
	return p;
}

static struct str
words_of(struct ctl *c)
{
	struct buf b;

	buf_init(&b, c->a, TEXT_MAX);
	for (size_t i = 0; i < c->words_len; i++)
		ctl_say(&b, i > 0 ? " " : "", c->words[i]);
	return utf8_cut(buf_str(&b), NOTED_OBJECT_MAX);
}

static struct str
options_of(struct ctl *c)
{
	struct buf b;

	buf_init(&b, c->a, TEXT_MAX);
	for (size_t i = 0; i < CTL_OPTIONS_MAX; i++) {
		const struct ctl_option *o = &c->options[i];

		if (o->name == NULL || o->value.p == NULL)
			continue;
		if (b.len > 0)
			buf_lit(&b, ", ");
		buf_text(&b, str_of(o->name));
		ctl_say(&b, " ", is_private(o->name) ? STR("…") : o->value);
	}
	return utf8_cut(buf_str(&b), NOTED_DETAIL_MAX);
}

static struct str
portal_of(const struct ctl *c)
{
	for (size_t i = 0; i < CTL_OPTIONS_MAX; i++) {
		const struct ctl_option *o = &c->options[i];

		if (o->name != NULL && strcmp(o->name, "portal") == 0 &&
		    o->value.p != NULL && o->value.len <= PORTAL_MAX)
			return o->value;
	}
	return STR("");
}

void
ctl_noted(struct ctl *c, const struct ctl_command *k)
{
	c->note = ARENA_NEW(c->a, struct staff_event);
	*c->note =
	    noted_by(c->p, c->a, ctl_operator(c), portal_of(c), what_of(c, k));
	c->note->object = words_of(c);
	c->note->detail = options_of(c);
	c->p = noted_ports(c->p, c->a, c->note);
}
