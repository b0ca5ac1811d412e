#include "kvitok/http/url.h"

#include "kvitok/base/num.h"
#include "kvitok/base/utf8.h"

enum err
url_decode(struct arena *a, struct str raw, bool plus, struct str *out,
    struct fault *f)
{
	char *p = arena_alloc(a, raw.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < raw.len; i++) {
		unsigned char c = (unsigned char)raw.p[i];

		if (c == '+' && plus) {
			c = ' ';
		} else if (c == '%') {
			if (raw.len - i < 3 ||
			    !num_parse_hex(
				(struct str){ raw.p + i + 1, 2 }, &c, 1))
				return fault_set(f, ERR_INVALID, "url_bad",
				    "%% without two digits");
			i += 2;
		}
		p[n++] = (char)c;
	}
	p[n] = '\0';
	*out = (struct str){ p, n };
	if (!utf8_text(*out))
		return fault_set(
		    f, ERR_INVALID, "text_bad_utf8", "in an address");
	return ERR_OK;
}

static enum err
decode_pair(
    struct arena *a, struct str pair, struct url_param *out, struct fault *f)
{
	struct str name;
	enum err rc;

	/* Without a sign of equality it is a name with an empty value. */
	(void)str_cut(&pair, '=', &name);
	rc = url_decode(a, name, true, &out->name, f);
	if (rc == ERR_OK)
		rc = url_decode(a, pair, true, &out->value, f);
	return rc;
}

enum err
url_params(
    struct arena *a, struct str raw, struct url_params *out, struct fault *f)
{
	struct url_param *v = ARENA_ARRAY(a, URL_PARAMS_MAX, struct url_param);
	size_t len = 0;

	while (raw.len > 0) {
		struct str pair;
		enum err rc;

		(void)str_cut(&raw, '&', &pair);
		if (pair.len == 0)
			continue;
		if (len == URL_PARAMS_MAX)
			return fault_set(f, ERR_INVALID, "url_bad",
			    "above %d parameters", URL_PARAMS_MAX);
		rc = decode_pair(a, pair, &v[len++], f);
		if (rc != ERR_OK)
			return rc;
	}
	*out = (struct url_params){ v, len };
	return ERR_OK;
}

struct str
url_param(const struct url_params *p, const char *name)
{
	for (size_t i = 0; i < p->len; i++)
		if (str_eq(p->v[i].name, str_of(name)))
			return p->v[i].value;
	return STR_NONE;
}

void
url_add(struct buf *b, const char *name, struct str value)
{
	struct str so_far = buf_str(b);

	if (value.len == 0)
		return;
	buf_char(b, str_find(so_far, STR("?")) < so_far.len ? '&' : '?');
	buf_text(b, str_of(name));
	buf_char(b, '=');
	buf_form(b, value);
}
