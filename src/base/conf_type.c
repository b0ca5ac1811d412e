#include "kvitok/base/conf_type.h"
#include "kvitok/base/num.h"
#include "kvitok/base/secret.h"
#include "kvitok/base/utf8.h"

#include <inttypes.h>
#include <unistd.h>

static bool
is_loopback(struct str host)
{
	if (str_eq(host, STR("localhost")) || str_eq(host, STR("[::1]")))
		return true;
	if (!str_starts(host, STR("127.")))
		return false;
	/* 127.example is a name like any other. */
	for (size_t i = 0; i < host.len; i++)
		if (host.p[i] != '.' && (host.p[i] < '0' || host.p[i] > '9'))
			return false;
	return true;
}

/* Gives: what of an URL stands between "://" and the path. */
static struct str
authority_of(struct str url, size_t scheme_len)
{
	struct str s = { url.p + scheme_len, url.len - scheme_len };
	size_t i = 0;

	while (i < s.len && strchr("/?#", s.p[i]) == NULL)
		i++;
	s.len = i;
	return s;
}

/* Gives: an authority without its port. */
static struct str
host_of(struct str authority)
{
	size_t i = 0;

	if (str_starts(authority, STR("[")))
		i = str_find(authority, STR("]"));
	while (i < authority.len && authority.p[i] != ':')
		i++;
	authority.len = i;
	return authority;
}

static const char *
check_url(struct str s)
{
	bool https = str_starts(s, STR("https://"));
	struct str authority;

	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return "an address has no such characters";
	if (!https && !str_starts(s, STR("http://")))
		return "must begin with https://";
	authority = authority_of(s, strlen(https ? "https://" : "http://"));
	if (str_find(authority, STR("@")) < authority.len)
		return "a password does not belong here";
	if (host_of(authority).len == 0)
		return "has no host name";
	if (!https && !is_loopback(host_of(authority)))
		return "http:// is for this host only, else https://";
	return NULL;
}

static const char *
check_file(const char *path)
{
	if (path[0] != '/')
		return "must be a path from /";
	return access(path, R_OK) == 0 ? NULL : "the file cannot be read";
}

bool
conf_type_item(struct str *rest, struct str *item, char sep)
{
	bool more = str_cut(rest, sep, item);

	*item = str_trim(*item);
	return more;
}

int
conf_type_choice(const char *choices, struct str s)
{
	struct str rest = str_of(choices), item;
	bool more = true;

	for (int i = 0; more; i++) {
		more = conf_type_item(&rest, &item, '|');
		if (str_eq(item, s))
			return i;
	}
	return -1;
}

static const char *
check_list(struct str s)
{
	struct str item;
	bool more = true;

	while (more) {
		more = conf_type_item(&s, &item, ',');
		if (item.len == 0)
			return "an item between the commas is empty";
	}
	return NULL;
}

static const char *
check_text(struct arena *a, const struct conf_key *k, struct str s)
{
	size_t len = utf8_len(s);

	if (len < (size_t)k->min || (k->max > 0 && len > (size_t)k->max))
		return arena_fmt(a,
		    "must have %" PRId64 " to %" PRId64 " characters", k->min,
		    k->max)
		    .p;
	return NULL;
}

static const char *
check_int(struct arena *a, const struct conf_key *k, struct str s)
{
	int64_t n;

	if (num_parse(s, k->min, k->max, &n))
		return NULL;
	return arena_fmt(a,
	    "must be a whole number from %" PRId64 " to %" PRId64, k->min,
	    k->max)
	    .p;
}

static const char *
check_secret(struct arena *a, const char *path)
{
	/* The secret itself is not kept. */
	struct arena *mine = arena_new(262144);
	const char *words = NULL;
	struct str s;
	struct fault f;

	if (secret_file(mine, path, &s, &f) != ERR_OK)
		words = arena_z(a, str_of(f.detail));
	arena_free(mine);
	return words;
}

const char *
conf_type_check(struct arena *a, const struct conf_key *k, struct str s)
{
	const char *words;

	if (s.len == 0 && k->fallback != NULL && k->fallback[0] == '\0')
		return NULL; /* not set, and need not be */
	switch (k->type) {
	case CONF_TEXT:
		return check_text(a, k, s);
	case CONF_INT:
		return check_int(a, k, s);
	case CONF_BOOL:
		return conf_type_choice("yes|no", s) >= 0 ? NULL
							  : "must be yes or no";
	case CONF_CHOICE:
		return conf_type_choice(k->choices, s) >= 0
		    ? NULL
		    : arena_fmt(a, "must be one of %s", k->choices).p;
	case CONF_URL:
		return check_url(s);
	case CONF_FILE:
		return check_file(s.p);
	case CONF_SECRET:
		return check_secret(a, s.p);
	case CONF_LIST:
		words = check_text(a, k, s);
		return words != NULL ? words : check_list(s);
	}
	return "has a type that is not known";
}
