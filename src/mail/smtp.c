#include "kvitok/mail/smtp.h"

#include "kvitok/mail/mime.h"

#include <curl/curl.h>

#define LETTER_MAX ((size_t)16 << 20)

struct smtp {
	CURL *curl;
	struct curl_slist *to;
	struct str body;
	size_t sent; /* how much of body libcurl has taken */
	char words[CURL_ERROR_SIZE];
};

/* How one try ended. */
struct outcome {
	CURLcode code;
	long reply; /* last answer of the server; 0: none */
	bool whole; /* all of the letter was given away */
	bool kept;  /* on a connection that was there before */
};

static size_t
read_body(char *p, size_t size, size_t n, void *arg)
{
	struct smtp *s = arg;
	size_t len = s->body.len - s->sent;

	if (len > size * n)
		len = size * n;
	memcpy(p, s->body.p + s->sent, len);
	s->sent += len;
	return len;
}

static void
smtp_free(void *object)
{
	struct smtp *s = object;

	curl_slist_free_all(s->to);
	curl_easy_cleanup(s->curl);
	curl_global_cleanup();
}

static enum err
check(const struct smtp_settings *s, struct fault *f)
{
	const char *wrong = NULL;

	if (s->host.len == 0 || s->host.len > 253)
		wrong = "smtp host";
	for (size_t i = 0; i < s->host.len; i++)
		if (strchr("/@:?# \t\r\n", s->host.p[i]) != NULL)
			wrong = "smtp host";
	for (size_t i = 0; i < s->helo.len; i++)
		if (s->helo.p[i] <= ' ' || strchr("/?#%", s->helo.p[i]))
			wrong = "smtp helo";
	if (s->port < 1 || s->port > 65535)
		wrong = "smtp port";
	if (s->connect_max_ms < 1 || s->total_max_ms < s->connect_max_ms)
		wrong = "smtp deadlines";
	if (s->user.len > 0 && s->tls == SMTP_TLS_NONE)
		wrong = "smtp user without TLS: a password in the clear";
	if (wrong == NULL)
		return ERR_OK;
	return fault_set(f, ERR_INVALID, "conf_bad", "%s", wrong);
}

static CURLcode
set_text(CURL *c, CURLoption option, struct arena *a, struct str s)
{
	if (s.len == 0)
		return CURLE_OK;
	return curl_easy_setopt(c, option, arena_z(a, s));
}

static CURLcode
set_peer(CURL *c, struct arena *a, const struct smtp_settings *s)
{
	struct str url = arena_fmt(a, "%s://%.*s:%d/%.*s",
	    s->tls == SMTP_TLS_WHOLE ? "smtps" : "smtp", STR_ARG(s->host),
	    s->port, STR_ARG(s->helo));
	CURLcode rc = CURLE_OK;

	rc = rc ? rc : set_text(c, CURLOPT_URL, a, url);
	rc = rc ? rc : curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	rc = rc ? rc : curl_easy_setopt(c, CURLOPT_PROXY, "");
	rc = rc ? rc
		: curl_easy_setopt(c, CURLOPT_USE_SSL,
		      s->tls == SMTP_TLS_NONE ? (long)CURLUSESSL_NONE
					      : (long)CURLUSESSL_ALL);
	rc = rc ? rc
		: curl_easy_setopt(
		      c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (s->ca_file.len > 0) {
		/* Only the authority that was named: no others beside. */
		rc = rc ? rc : set_text(c, CURLOPT_CAINFO, a, s->ca_file);
		rc = rc ? rc : curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
	}
	rc = rc ? rc : set_text(c, CURLOPT_USERNAME, a, s->user);
	rc = rc ? rc : set_text(c, CURLOPT_PASSWORD, a, s->password);
	return rc;
}

static CURLcode
set_manner(CURL *c, struct smtp *smtp, const struct smtp_settings *s)
{
	CURLcode rc = CURLE_OK;

	rc = rc ? rc
		: curl_easy_setopt(
		      c, CURLOPT_CONNECTTIMEOUT_MS, (long)s->connect_max_ms);
	rc = rc
	    ? rc
	    : curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)s->total_max_ms);
	rc = rc ? rc : curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
	rc = rc ? rc : curl_easy_setopt(c, CURLOPT_READFUNCTION, read_body);
	rc = rc ? rc : curl_easy_setopt(c, CURLOPT_READDATA, smtp);
	rc = rc ? rc : curl_easy_setopt(c, CURLOPT_ERRORBUFFER, smtp->words);
	return rc;
}

/*
 * What a failed try means.  A 5xx counts as the letter's own fault only when
 * the server said it to MAIL, RCPT, DATA or the letter itself; the answers
 * 530 to 538 are about our log-in.  As soon as libcurl holds the whole letter
 * the final dot may have left: only an answer of the server ends the doubt.
 */
static enum err
judge(const struct smtp *s, const struct outcome *o, struct fault *f)
{
	bool about_letter = o->whole || o->code == CURLE_SEND_ERROR;
	bool log_in = o->reply >= 530 && o->reply <= 538;

	if (about_letter && o->reply >= 500 && o->reply <= 599 && !log_in)
		return fault_set(
		    f, ERR_INVALID, "mail_refused", "smtp %ld", o->reply);
	if (o->whole && (o->reply < 400 || o->reply > 599))
		return fault_set(f, ERR_UNSURE, "mail_unsure",
		    "curl %d, smtp %ld: %s", (int)o->code, o->reply, s->words);
	return fault_set(f, ERR_AGAIN, "mail_later", "curl %d, smtp %ld: %s",
	    (int)o->code, o->reply, s->words);
}

/*
 * libcurl repeats a request of its own accord only for HTTP and RTSP: an
 * upload by SMTP that dies on a kept connection is reported, never resent
 * (tests/unit/test_smtp.c holds it to that).
 */
static struct outcome
try_once(struct smtp *s, bool fresh)
{
	struct outcome o = { .code = CURLE_OK };
	long connects = 0;

	s->sent = 0;
	s->words[0] = '\0';
	o.code =
	    curl_easy_setopt(s->curl, CURLOPT_FRESH_CONNECT, fresh ? 1L : 0L);
	if (o.code == CURLE_OK)
		o.code = curl_easy_perform(s->curl);
	(void)curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &o.reply);
	(void)curl_easy_getinfo(s->curl, CURLINFO_NUM_CONNECTS, &connects);
	o.whole = s->sent == s->body.len;
	o.kept = connects == 0;
	return o;
}

/* The server closed a kept connection while it was idle: nothing of this
 * letter has left, and a new connection is no second try. */
static bool
was_stale(const struct smtp *s, const struct outcome *o)
{
	return o->code != CURLE_OK && o->code != CURLE_OPERATION_TIMEDOUT &&
	    o->kept && s->sent == 0 && (o->reply < 400 || o->reply == 421);
}

static enum err
address(struct smtp *s, struct arena *a, const struct mail *m, struct fault *f)
{
	const char *from = arena_z(a, m->from);
	const char *to = arena_z(a, m->to);

	curl_slist_free_all(s->to);
	s->to = curl_slist_append(NULL, to);
	if (s->to == NULL ||
	    curl_easy_setopt(s->curl, CURLOPT_MAIL_FROM, from) ||
	    curl_easy_setopt(s->curl, CURLOPT_MAIL_RCPT, s->to) ||
	    curl_easy_setopt(
		s->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)s->body.len))
		return fault_set(f, ERR_AGAIN, "mail_later", "libcurl");
	return ERR_OK;
}

static enum err
smtp_send(void *self, struct arena *a, const struct mail *m, struct fault *f)
{
	struct smtp *s = self;
	struct outcome o;
	struct buf body;
	enum err rc;

	buf_init(&body, a, LETTER_MAX);
	if ((rc = mime_build(m, &body, f)) != ERR_OK)
		return rc;
	s->body = buf_str(&body);
	if ((rc = address(s, a, m, f)) != ERR_OK)
		return rc;
	o = try_once(s, false);
	if (was_stale(s, &o))
		o = try_once(s, true);
	rc = o.code == CURLE_OK ? ERR_OK : judge(s, &o, f);
	s->body = STR_NONE; /* it lies in the caller's arena */
	return rc;
}

enum err
smtp_new(struct arena *a, const struct smtp_settings *settings,
    struct mailer *out, struct fault *f)
{
	struct smtp *s = ARENA_NEW(a, struct smtp);
	enum err rc = check(settings, f);

	if (rc != ERR_OK)
		return rc;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return fault_set(f, ERR_BUG, "mail_bad", "libcurl");
	s->curl = curl_easy_init();
	arena_defer(a, smtp_free, s);
	if (s->curl == NULL || set_peer(s->curl, a, settings) != CURLE_OK ||
	    set_manner(s->curl, s, settings) != CURLE_OK)
		return fault_set(f, ERR_BUG, "mail_bad", "libcurl: settings");
	*out = (struct mailer){ .self = s, .send = smtp_send };
	return ERR_OK;
}
