#include "kvitok/domain/staff.h"

#include "kvitok/base/password.h"
#include "kvitok/base/utf8.h"
#include "kvitok/domain/ref.h"

#include <arpa/inet.h>

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool
staff_login_fold(struct str typed, char out[STAFF_LOGIN_MAX + 1])
{
	struct str s = str_trim(typed);

	out[0] = '\0';
	if (s.len < STAFF_LOGIN_MIN || s.len > STAFF_LOGIN_MAX)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		char c = lower(s.p[i]);
		bool edge = i == 0 || i + 1 == s.len;

		if (!is_letter(c) &&
		    (edge || (c != '.' && c != '_' && c != '-' && c != '@'))) {
			out[0] = '\0';
			return false;
		}
		out[i] = c;
	}
	out[s.len] = '\0';
	return true;
}

static bool
is_plain(struct str s)
{
	uint32_t seen[STAFF_PASSWORD_DIFFERENT];
	size_t n = 0;

	while (s.len > 0 && n < STAFF_PASSWORD_DIFFERENT) {
		uint32_t c = utf8_next(&s);
		size_t i = 0;

		while (i < n && seen[i] != c)
			i++;
		if (i == n)
			seen[n++] = c;
	}
	return n < STAFF_PASSWORD_DIFFERENT;
}

const char *
staff_password_wrong(struct str login, struct str password)
{
	if (password.len > PASSWORD_MAX)
		return "password_long";
	if (utf8_len(password) < STAFF_PASSWORD_MIN)
		return "password_short";
	if (str_eq_nocase(password, login))
		return "password_login";
	return is_plain(password) ? "password_plain" : NULL;
}

const char *
staff_rights_wrong(struct str supplier, unsigned rights)
{
	const unsigned looking = RIGHT_READ | RIGHT_REPORT;

	if (rights == 0)
		return "staff_rights_none";
	if (rights & (unsigned)RIGHT_PAY)
		return "staff_rights_pay";
	if (supplier.len > 0 && (rights & ~looking))
		return "staff_rights_supplier";
	return NULL;
}

int64_t
staff_wait_ms(int64_t fails)
{
	int64_t ms = STAFF_WAIT_FIRST_MS;

	if (fails <= STAFF_TRIES_FREE)
		return 0;
	for (int64_t n = STAFF_TRIES_FREE + 1;
	     n < fails && ms < STAFF_WAIT_MAX_MS; n++)
		ms *= 2;
	return ms < STAFF_WAIT_MAX_MS ? ms : STAFF_WAIT_MAX_MS;
}

/* Gives: bytes of an address, of IPv6 the first eight; 0: it is none. */
static size_t
address_of(struct str remote, unsigned char out[16])
{
	char z[INET6_ADDRSTRLEN];

	if (remote.len == 0 || remote.len >= sizeof(z))
		return 0;
	memcpy(z, remote.p, remote.len);
	z[remote.len] = '\0';
	if (inet_pton(AF_INET, z, out) == 1)
		return 4;
	return inet_pton(AF_INET6, z, out) == 1 ? 8 : 0;
}

static struct str
text_of(struct arena *a, const unsigned char *p, size_t len, bool masked)
{
	if (len == 4)
		return masked
		    ? arena_fmt(a, "%d.%d.%d.*", p[0], p[1], p[2])
		    : arena_fmt(a, "%d.%d.%d.%d", p[0], p[1], p[2], p[3]);
	if (len == 8)
		return arena_fmt(a, "%x:%x:%x:%x:*", p[0] << 8 | p[1],
		    p[2] << 8 | p[3], p[4] << 8 | p[5], p[6] << 8 | p[7]);
	return STR("");
}

struct str
staff_door(struct arena *a, struct str remote)
{
	unsigned char p[16];
	size_t len = address_of(remote, p);

	return text_of(a, p, len, false);
}

struct str
staff_network(struct arena *a, struct str remote)
{
	unsigned char p[16];
	size_t len = address_of(remote, p);

	return text_of(a, p, len, true);
}
