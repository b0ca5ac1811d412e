#include "kvitok/base/fault.h"
#include "kvitok/base/utf8.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#undef fault_set /* fault.h tells analyzers what it gives */

struct reason {
	const char *id;
	int status;
	const char *words;
};

static const struct reason reasons[] = {
#define REASON(id, status, words) { #id, status, words },
#include "kvitok/base/reason.def"
#undef REASON
};

/* A few dozen, and only looked at when something failed. */
static const struct reason *
reason_find(const char *id)
{
	for (size_t i = 0; i < KV_COUNT(reasons); i++)
		if (strcmp(reasons[i].id, id) == 0)
			return &reasons[i];
	return NULL;
}

int
reason_status(const char *reason)
{
	const struct reason *r = reason_find(reason);

	return r != NULL ? r->status : 500;
}

const char *
reason_words(const char *reason)
{
	const struct reason *r = reason_find(reason);

	if (r == NULL)
		r = reason_find("internal");
	assert(r != NULL);
	return r->words;
}

bool
reason_known(const char *reason)
{
	return reason_find(reason) != NULL;
}

const char *
err_name(enum err err)
{
	static const char *const names[ERR__COUNT] = {
		[ERR_OK] = "OK",
		[ERR_INVALID] = "INVALID",
		[ERR_DENIED] = "DENIED",
		[ERR_ABSENT] = "ABSENT",
		[ERR_CONFLICT] = "CONFLICT",
		[ERR_LIMIT] = "LIMIT",
		[ERR_AGAIN] = "AGAIN",
		[ERR_UNSURE] = "UNSURE",
		[ERR_BUG] = "BUG",
	};

	assert(err >= ERR_OK && err < ERR__COUNT);
	return names[err];
}

void
fault_init(struct fault *f)
{
	f->err = ERR_OK;
	f->reason = "";
	f->detail[0] = '\0';
	f->args_len = 0;
	f->fields_len = 0;
	f->retry_after_s = 0;
}

/* Copy s into out of size bytes; what does not fit is cut at a character. */
static void
put_cut(char *out, size_t size, struct str s)
{
	struct str head = utf8_cut_bytes(s, size - 1);

	if (head.len > 0)
		memcpy(out, head.p, head.len);
	out[head.len] = '\0';
}

/* snprintf cuts anywhere: take away the begin of a character it has left. */
static void
mend_end(char *z)
{
	size_t len = strlen(z), tail = 0;

	while (tail < 4 && tail < len &&
	    ((unsigned char)z[len - 1 - tail] & 0xC0) == 0x80)
		tail++;
	if (tail == len || (unsigned char)z[len - 1 - tail] < 0xC0)
		return;
	if (!utf8_valid((struct str){ z + len - 1 - tail, tail + 1 }))
		z[len - 1 - tail] = '\0';
}

enum err
fault_set(
    struct fault *f, enum err err, const char *reason, const char *fmt, ...)
{
	va_list ap;
	int len;

	fault_init(f);
	f->err = err;
	f->reason = reason;
	va_start(ap, fmt);
	len = vsnprintf(f->detail, sizeof(f->detail), fmt, ap);
	va_end(ap);
	if (len >= (int)sizeof(f->detail))
		mend_end(f->detail);
	return err;
}

enum err
fault_wrap(struct fault *f, const char *fmt, ...)
{
	char context[FAULT_DETAIL_MAX], joined[FAULT_DETAIL_MAX];
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(context, sizeof(context), fmt, ap);
	va_end(ap);
	if (len >= (int)sizeof(context))
		mend_end(context);
	len = snprintf(joined, sizeof(joined), "%s: %s", context, f->detail);
	if (len >= (int)sizeof(joined))
		mend_end(joined);
	memcpy(f->detail, joined, sizeof(f->detail));
	return f->err;
}

void
fault_arg(struct fault *f, const char *name, struct str value)
{
	size_t i = 0;

	while (i < f->args_len && strcmp(f->args[i].name, name) != 0)
		i++;
	assert(i < FAULT_ARGS_MAX);
	f->args[i].name = name;
	put_cut(f->args[i].value, sizeof(f->args[i].value), value);
	if (i == f->args_len)
		f->args_len++;
}

void
fault_arg_kop(struct fault *f, const char *name, int64_t kop)
{
	uint64_t m = kop < 0 ? 0 - (uint64_t)kop : (uint64_t)kop;
	const char *sign = kop < 0 ? "-" : "";
	char text[32];

	if (m % 100 == 0)
		(void)snprintf(text, sizeof(text), "%s%" PRIu64, sign,
		    m / 100); /* 64 bits fit */
	else
		(void)snprintf(text, sizeof(text), "%s%" PRIu64 ",%02u", sign,
		    m / 100, (unsigned)(m % 100)); /* 64 bits fit */
	fault_arg(f, name, str_of(text));
}

void
fault_field(struct fault *f, const char *pointer, const char *reason)
{
	struct fault_field *field;

	if (f->err == ERR_OK) {
		f->err = ERR_INVALID;
		f->reason = "input_invalid";
	}
	/* Whoever has made sixteen mistakes learns of the first sixteen. */
	if (f->fields_len == FAULT_FIELDS_MAX)
		return;
	field = &f->fields[f->fields_len++];
	put_cut(field->pointer, sizeof(field->pointer), str_of(pointer));
	field->reason = reason;
}

/* Gives: the argument that stands in braces at the begin of s, or NULL. */
static const struct fault_arg *
arg_at(const struct fault *f, struct str s)
{
	for (size_t i = 0; i < f->args_len; i++) {
		struct str name = str_of(f->args[i].name);

		if (s.len >= name.len + 2 && s.p[name.len + 1] == '}' &&
		    str_starts((struct str){ s.p + 1, s.len - 1 }, name))
			return &f->args[i];
	}
	return NULL;
}

void
fault_words_of(const struct fault *f, const char *reason, struct buf *b)
{
	struct str s = str_of(reason_words(reason));

	while (s.len > 0) {
		size_t brace = str_find(s, STR("{"));
		const struct fault_arg *arg;
		size_t past;

		buf_bytes(b, s.p, brace);
		s.p += brace;
		s.len -= brace;
		if (s.len == 0)
			return;
		arg = arg_at(f, s);
		if (arg != NULL) {
			buf_text(b, str_of(arg->value));
			past = strlen(arg->name) + 2;
		} else {
			buf_char(b, '{');
			past = 1;
		}
		s.p += past;
		s.len -= past;
	}
}

void
fault_words(const struct fault *f, struct buf *b)
{
	fault_words_of(f, f->reason, b);
}
