#include "kvitok/bank/form.h"

#include "kvitok/base/num.h"
#include "kvitok/base/utf8.h"

#define CARD_LEN_MIN 8
#define CARD_LEN_MAX 24
#define CARD_HEAD 6
#define CARD_TAIL 4

bool
form_decode(struct arena *a, struct str text, bool plus, struct str *out)
{
	char *p = arena_alloc(a, text.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];

		if (c == '%') {
			if (text.len - i < 3 ||
			    !num_parse_hex(
				(struct str){ text.p + i + 1, 2 }, &c, 1))
				return false;
			i += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		if (c == '\0')
			return false;
		p[len++] = c;
	}
	p[len] = '\0';
	*out = (struct str){ p, len };
	return true;
}

static const struct form_pair *
find(const struct form *form, struct str name)
{
	for (size_t i = 0; i < form->len; i++)
		if (str_eq(form->pairs[i].name, name))
			return &form->pairs[i];
	return NULL;
}

static enum err
twice(struct str name, struct fault *f)
{
	struct str head = utf8_cut_bytes(name, 40);

	return fault_set(
	    f, ERR_INVALID, "notice_bad", "%.*s comes twice", STR_ARG(head));
}

enum err
form_add(struct form *form, struct str name, struct str value, struct fault *f)
{
	if (name.len == 0)
		return fault_set(
		    f, ERR_INVALID, "notice_bad", "a parameter has no name");
	if (form->len == FORM_PAIRS_MAX)
		return fault_set(f, ERR_INVALID, "notice_bad",
		    "more than %d parameters", FORM_PAIRS_MAX);
	if (find(form, name) != NULL)
		return twice(name, f);
	form->pairs[form->len++] = (struct form_pair){ name, value };
	return ERR_OK;
}

enum err
form_parse(struct arena *a, struct str text, struct form *out, struct fault *f)
{
	struct str rest = text, part;
	bool more = text.len > 0;

	out->len = 0;
	if (text.len > FORM_TEXT_MAX)
		return fault_set(f, ERR_INVALID, "notice_bad",
		    "%zu bytes of parameters", text.len);
	while (more) {
		struct str name, value;
		enum err rc;

		more = str_cut(&rest, '&', &part);
		if (part.len == 0)
			continue;
		value = part;
		(void)str_cut(&value, '=', &name); /* no =: no value */
		if (!form_decode(a, name, true, &name) ||
		    !form_decode(a, value, true, &value))
			return fault_set(f, ERR_INVALID, "notice_bad",
			    "a %% is broken, or there is a NUL");
		if ((rc = form_add(out, name, value, f)) != ERR_OK)
			return rc;
	}
	return ERR_OK;
}

bool
form_has(const struct form *form, const char *name)
{
	return find(form, str_of(name)) != NULL;
}

struct str
form_get(const struct form *form, const char *name)
{
	const struct form_pair *pair = find(form, str_of(name));

	return pair ? pair->value : STR_NONE;
}

struct str
form_word(struct str s, size_t max)
{
	if (s.len > max)
		return STR_NONE;
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return STR_NONE;
	return s;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

struct str
form_card(struct arena *a, struct str s)
{
	size_t digits = 0;
	char *p;

	if (s.len < CARD_LEN_MIN || s.len > CARD_LEN_MAX)
		return STR_NONE;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		if (is_digit(c))
			digits++;
		else if (c != '*' && c != 'x' && c != 'X' && c != '.')
			return STR_NONE;
	}
	p = arena_alloc(a, s.len + 1);
	for (size_t i = 0; i < s.len; i++) {
		bool shown = digits <= CARD_HEAD + CARD_TAIL || i < CARD_HEAD ||
		    i >= s.len - CARD_TAIL;

		p[i] = s.p[i];
		if (!shown || !is_digit(s.p[i]))
			p[i] = '*';
	}
	p[s.len] = '\0';
	return (struct str){ p, s.len };
}
