#include "kvitok/domain/email.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_alnum(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* RFC 5322, 3.2.3: atext */
static bool
is_atext(char c)
{
	return is_alnum(c) ||
	    (c != '\0' && strchr("!#$%&'*+/=?^_`{|}~-", c) != NULL);
}

static bool
local_ok(struct str s)
{
	bool dot = true; /* as if before the first: no empty atom */

	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '.' ? dot : !is_atext(s.p[i]))
			return false;
		dot = s.p[i] == '.';
	}
	return !dot && s.len <= EMAIL_LOCAL_MAX;
}

static bool
label_ok(struct str s)
{
	if (s.len == 0 || s.len > 63)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!is_alnum(s.p[i]) && s.p[i] != '-')
			return false;
	return s.p[0] != '-' && s.p[s.len - 1] != '-';
}

static bool
all_digits(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_digit(s.p[i]))
			return false;
	return true;
}

static bool
domain_ok(struct str s)
{
	struct str label = STR_NONE;
	size_t labels = 1;

	for (; str_cut(&s, '.', &label); labels++)
		if (!label_ok(label))
			return false;
	/* The last one is a name: "1.2.3.4" is no domain. */
	return labels > 1 && label_ok(label) && label.len > 1 &&
	    !all_digits(label);
}

const char *
email_wrong(struct str s)
{
	struct str local;

	if (s.len > EMAIL_MAX)
		return "email_bad";
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return "email_not_ascii";
	if (!str_cut(&s, '@', &local) || !local_ok(local) || !domain_ok(s))
		return "email_bad";
	return NULL;
}

bool
email_ok(struct str s)
{
	return email_wrong(s) == NULL;
}
