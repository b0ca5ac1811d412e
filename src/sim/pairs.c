#include "kvitok/sim/pairs.h"

#include "kvitok/base/num.h"

void
pairs_init(struct pairs *p, struct arena *a)
{
	p->v = ARENA_ARRAY(a, PAIRS_MAX, struct pair);
	p->len = 0;
}

bool
pairs_add(struct pairs *p, struct str name, struct str value)
{
	if (p->len == PAIRS_MAX)
		return false;
	p->v[p->len++] = (struct pair){ name, value };
	return true;
}

static bool
decode(struct arena *a, struct str in, struct str *out)
{
	char *p = arena_alloc(a, in.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < in.len; i++) {
		if (in.p[i] == '%') {
			struct str hex = { in.p + i + 1, 2 };

			if (in.len - i < 3 || !num_parse_hex(hex, p + n, 1))
				return false;
			i += 2;
		} else {
			p[n] = in.p[i] == '+' ? ' ' : in.p[i];
		}
		n++;
	}
	p[n] = '\0';
	*out = (struct str){ p, n };
	return true;
}

bool
pairs_parse(struct pairs *p, struct arena *a, struct str text)
{
	while (text.len > 0) {
		struct str item, name, value;

		str_cut(&text, '&', &item);
		if (item.len == 0)
			continue;
		value = item;
		str_cut(&value, '=', &name);
		if (!decode(a, name, &name) || !decode(a, value, &value))
			return false;
		if (!pairs_add(p, name, value))
			return false;
	}
	return true;
}

struct str
pairs_get(const struct pairs *p, const char *name)
{
	for (size_t i = 0; i < p->len; i++)
		if (str_eq(p->v[i].name, str_of(name)))
			return p->v[i].value;
	return STR_NONE;
}

bool
pairs_has(const struct pairs *p, const char *name)
{
	return pairs_get(p, name).p != NULL;
}

void
pairs_form(const struct pairs *p, struct buf *b)
{
	for (size_t i = 0; i < p->len; i++) {
		if (i > 0)
			buf_lit(b, "&");
		buf_form(b, p->v[i].name);
		buf_lit(b, "=");
		buf_form(b, p->v[i].value);
	}
}

struct str
pairs_url_with(
    struct arena *a, struct str url, const char *name, struct str value)
{
	struct str rest = url, head;
	struct buf b;

	buf_init(&b, a, url.len + 4 * value.len + 64);
	bool fragment = str_cut(&rest, '#', &head);
	buf_text(&b, head);
	buf_char(&b, str_find(head, STR("?")) < head.len ? '&' : '?');
	buf_text(&b, str_of(name));
	buf_lit(&b, "=");
	buf_url(&b, value);
	if (fragment) {
		buf_lit(&b, "#");
		buf_text(&b, rest);
	}
	return buf_str(&b);
}
