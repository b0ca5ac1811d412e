#include "kvitok/mail/mime.h"

#include "kvitok/base/utf8.h"
#include "kvitok/domain/email.h"

#include <time.h>

#define LINE_BYTES 57 /* make 76 characters of base64 */
#define BOUNDARY_ID_MAX ((size_t)40)

static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

static bool
made_of(struct str s, const char *more)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] == '\0' ||
		    (strchr(plain, s.p[i]) == NULL &&
			strchr(more, s.p[i]) == NULL))
			return false;
	return s.len > 0;
}

static enum err
bad(struct fault *f, const char *what)
{
	return fault_set(f, ERR_BUG, "mail_bad", "%s", what);
}

static bool
header_ok(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] < ' ')
			return false;
	return s.len <= MIME_SUBJECT_MAX && utf8_text(s);
}

/* dot-atom-text "@" dot-atom-text (RFC 5322, 3.6.4). */
static bool
id_ok(struct str s)
{
	struct str left;

	return s.len <= MIME_ID_MAX && str_cut(&s, '@', &left) &&
	    made_of(left, "!#$%&'*+/=?^_`{|}~-.") && made_of(s, "-.");
}

static bool
type_ok(struct str s)
{
	struct str left;

	return s.len <= MIME_NAME_MAX && str_cut(&s, '/', &left) &&
	    made_of(left, "-+.") && made_of(s, "-+.");
}

static enum err
check_address(struct str s, const char *which, struct fault *f)
{
	const char *wrong = email_wrong(s);

	if (wrong == NULL)
		return ERR_OK;
	return fault_set(f, ERR_INVALID, wrong, "address: %s", which);
}

/* It stands in a header as it is. */
static bool
url_ok(struct str s)
{
	return s.len <= MIME_URL_MAX &&
	    (str_starts(s, STR("https://")) || str_starts(s, STR("http://"))) &&
	    made_of(s, ":/.-_~%?=&");
}

static enum err
check(const struct mail *m, struct fault *f)
{
	enum err rc;

	if ((rc = check_address(m->from, "from", f)) != ERR_OK)
		return rc;
	if ((rc = check_address(m->to, "to", f)) != ERR_OK)
		return rc;
	if (!header_ok(m->from_name))
		return bad(f, "from_name");
	if (!header_ok(m->subject))
		return bad(f, "subject");
	if (!id_ok(m->message_id))
		return bad(f, "message_id");
	if (!utf8_valid(m->text) || !utf8_valid(m->html))
		return bad(f, "text or html is no UTF-8");
	if (m->stop_url.len > 0 && !url_ok(m->stop_url))
		return bad(f, "stop_url");
	for (size_t i = 0; i < m->parts_len; i++) {
		const struct mail_part *p = &m->parts[i];

		if (p->name.len > MIME_NAME_MAX || !made_of(p->name, "._-") ||
		    p->name.p[0] == '.')
			return bad(f, "name of a part");
		if (!type_ok(p->type))
			return bad(f, "type of a part");
	}
	return ERR_OK;
}

/* Sat, 21 Nov 2026 02:13:11 +0000; names are English in every locale. */
static void
put_date(struct buf *out, int64_t at)
{
	static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu",
		"Fri", "Sat" };
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May",
		"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t seconds = (time_t)(at / 1000);
	struct tm t = { 0 };

	gmtime_r(&seconds, &t);
	buf_fmt(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n",
	    days[t.tm_wday], t.tm_mday, months[t.tm_mon], t.tm_year + 1900,
	    t.tm_hour, t.tm_min, t.tm_sec);
}

/* A name in ASCII is quoted, for a comma in it would end the address. */
static void
put_from(struct buf *out, const struct mail *m)
{
	struct str name = m->from_name;
	bool ascii = true;

	for (size_t i = 0; i < name.len; i++)
		ascii = ascii && (unsigned char)name.p[i] < 0x7f;
	buf_lit(out, "From: ");
	if (name.len > 0 && ascii && name.len <= 64) {
		buf_char(out, '"');
		for (size_t i = 0; i < name.len; i++) {
			if (name.p[i] == '"' || name.p[i] == '\\')
				buf_char(out, '\\');
			buf_char(out, name.p[i]);
		}
		buf_lit(out, "\"\r\n ");
	} else if (name.len > 0) {
		buf_header(out, name);
		buf_lit(out, "\r\n ");
	}
	buf_char(out, '<');
	buf_text(out, m->from);
	buf_lit(out, ">\r\n");
}

/* All bodies are base64, which has no "_": a boundary cannot occur in them.
 * The id keeps boundaries of letters inside of letters apart. */
static struct str
boundary(struct arena *a, const struct mail *m, const char *kind)
{
	struct str id = m->message_id;
	struct buf b;

	buf_init(&b, a, 2 * BOUNDARY_ID_MAX);
	buf_lit(&b, "=_");
	buf_text(&b, str_of(kind));
	buf_char(&b, '_');
	for (size_t i = 0; i < id.len && i < BOUNDARY_ID_MAX; i++) {
		bool safe = strchr(plain, id.p[i]) != NULL;

		buf_char(&b, safe ? id.p[i] : (char)'-');
	}
	return buf_str(&b);
}

static void
put_base64(struct buf *out, struct bytes data)
{
	for (size_t i = 0; i < data.len; i += LINE_BYTES) {
		size_t left = data.len - i;

		buf_base64(
		    out, data.p + i, left < LINE_BYTES ? left : LINE_BYTES);
		buf_lit(out, "\r\n");
	}
}

/* Text travels with CRLF ends of lines (RFC 2046, 4.1.1). */
static struct bytes
with_crlf(struct arena *a, struct str text)
{
	struct buf b;

	buf_init(&b, a, 2 * text.len + 1);
	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] == '\n' && (i == 0 || text.p[i - 1] != '\r'))
			buf_char(&b, '\r');
		buf_char(&b, text.p[i]);
	}
	return (struct bytes){ (const unsigned char *)b.p, b.len };
}

static void
put_boundary(struct buf *out, struct str mark, const char *end)
{
	buf_lit(out, "--");
	buf_text(out, mark);
	buf_text(out, str_of(end));
	buf_lit(out, "\r\n");
}

static void
put_multipart(struct buf *out, const char *kind, struct str mark)
{
	buf_lit(out, "Content-Type: multipart/");
	buf_text(out, str_of(kind));
	buf_lit(out, ";\r\n boundary=\"");
	buf_text(out, mark);
	buf_lit(out, "\"\r\n\r\n");
}

static void
put_text(struct buf *out, const char *kind, struct str text)
{
	buf_lit(out, "Content-Type: text/");
	buf_text(out, str_of(kind));
	buf_lit(out,
	    "; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: base64\r\n\r\n");
	put_base64(out, with_crlf(out->a, text));
}

static void
put_part(struct buf *out, const struct mail_part *p)
{
	buf_lit(out, "Content-Type: ");
	buf_text(out, p->type);
	buf_lit(out, ";\r\n name=\"");
	buf_text(out, p->name);
	buf_lit(out, "\"\r\nContent-Disposition: attachment;\r\n filename=\"");
	buf_text(out, p->name);
	buf_lit(out, "\"\r\nContent-Transfer-Encoding: base64\r\n\r\n");
	put_base64(out, p->data);
}

static void
put_headers(struct buf *out, const struct mail *m)
{
	put_date(out, m->date_at);
	put_from(out, m);
	buf_lit(out, "To: <");
	buf_text(out, m->to);
	buf_lit(out, ">\r\nMessage-ID: <");
	buf_text(out, m->message_id);
	buf_lit(out, ">\r\nSubject: ");
	buf_header(out, m->subject);
	if (m->stop_url.len > 0) {
		buf_lit(out, "\r\nList-Unsubscribe: <");
		buf_text(out, m->stop_url);
		buf_lit(out,
		    ">\r\nList-Unsubscribe-Post: "
		    "List-Unsubscribe=One-Click");
	}
	/* Away-notes and robots do not answer what says so (RFC 3834). */
	buf_lit(out,
	    "\r\nMIME-Version: 1.0\r\n"
	    "Auto-Submitted: auto-generated\r\n");
}

enum err
mime_build(const struct mail *m, struct buf *out, struct fault *f)
{
	struct str mixed, either;
	enum err rc = check(m, f);

	if (rc != ERR_OK)
		return rc;
	mixed = boundary(out->a, m, "m");
	either = boundary(out->a, m, "a");
	put_headers(out, m);
	put_multipart(out, "mixed", mixed);
	put_boundary(out, mixed, "");
	put_multipart(out, "alternative", either);
	put_boundary(out, either, "");
	put_text(out, "plain", m->text);
	if (m->html.len > 0) {
		put_boundary(out, either, "");
		put_text(out, "html", m->html);
	}
	put_boundary(out, either, "--");
	for (size_t i = 0; i < m->parts_len; i++) {
		put_boundary(out, mixed, "");
		put_part(out, &m->parts[i]);
	}
	put_boundary(out, mixed, "--");
	if (out->full)
		return bad(f, "the letter is too large");
	return ERR_OK;
}
