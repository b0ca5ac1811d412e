#include "kvitok/domain/bill.h"

#include "kvitok/base/buf.h"
#include "kvitok/base/secret.h"
#include "kvitok/domain/email.h"

#define MARK_TEXT_MAX 16384

static struct str
line_text(struct arena *a, const struct pay_line *l)
{
	struct buf b;

	buf_init(&b, a, MARK_TEXT_MAX);
	buf_text(&b, l->supplier);
	buf_char(&b, '/');
	buf_text(&b, l->service);
	buf_char(&b, '/');
	buf_text(&b, l->account);
	buf_char(&b, '/');
	buf_i64(&b, l->sum_kop);
	buf_char(&b, '\n');
	return buf_str(&b);
}

struct str
bill_owner(struct arena *a, struct str payer, struct str email)
{
	struct buf b;

	if (payer.len > 0 || email.len == 0)
		return STR("");
	buf_init(&b, a, EMAIL_MAX + 1);
	for (size_t i = 0; i < email.len; i++) {
		char c = email.p[i];

		buf_char(&b, c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
	}
	return buf_str(&b);
}

struct str
bill_home(const struct pay_line *lines, size_t lines_len)
{
	struct str home = lines[0].account;

	for (size_t i = 1; i < lines_len; i++)
		if (str_cmp(lines[i].account, home) < 0)
			home = lines[i].account;
	return home;
}

struct str
bill_mark(struct arena *a, const struct pay_line *lines, size_t lines_len,
    struct str owner)
{
	struct str *texts = ARENA_ARRAY(a, lines_len, struct str);
	struct buf all;
	char hex[65];

	for (size_t i = 0; i < lines_len; i++) {
		struct str t = line_text(a, &lines[i]);
		size_t j = i;

		/* At most fifty lines: insertion is the shortest sort. */
		for (; j > 0 && str_cmp(texts[j - 1], t) > 0; j--)
			texts[j] = texts[j - 1];
		texts[j] = t;
	}
	buf_init(&all, a, MARK_TEXT_MAX);
	for (size_t i = 0; i < lines_len; i++)
		buf_text(&all, texts[i]);
	buf_text(&all, owner);
	secret_sha256_hex(buf_str(&all), hex);
	return arena_str(a, (struct str){ hex, BILL_MARK_LEN });
}

bool
bill_leads(const struct payment *holder, const struct payment *pm)
{
	if (str_eq(holder->number, pm->number))
		return false;
	if (pay_is_paid(holder->state))
		return holder->paid_at >= pm->created_at;
	for (size_t i = 0; i < holder->attempts_len; i++)
		if (att_is_open(holder->attempts[i].state))
			return true;
	return false;
}

static bool
clean(struct str url)
{
	for (size_t i = 0; i < url.len; i++) {
		unsigned char c = (unsigned char)url.p[i];

		if (c <= ' ' || c >= 0x7f || c == '\\' || c == '"' ||
		    c == '<' || c == '>')
			return false;
	}
	return true;
}

bool
bill_return_ok(struct str url, const struct str *hosts, size_t hosts_len)
{
	struct str rest = url, host;
	size_t n;

	if (!clean(url))
		return false;
	if (str_starts(rest, STR("https://")))
		n = sizeof("https://") - 1;
	else if (str_starts(rest, STR("http://")))
		n = sizeof("http://") - 1;
	else
		return false;
	rest = (struct str){ rest.p + n, rest.len - n };
	for (n = 0; n < rest.len && !strchr("/?#", rest.p[n]); n++)
		if (rest.p[n] == '@')
			return false;
	rest.len = n;
	(void)str_cut(&rest, ':', &host); /* what follows is the port */
	for (size_t i = 0; i < rest.len; i++)
		if (rest.p[i] < '0' || rest.p[i] > '9')
			return false;
	for (size_t i = 0; i < hosts_len; i++)
		if (str_eq_nocase(host, hosts[i]))
			return true;
	return false;
}
