#include "kvitok/base/jw.h"
#include "kvitok/base/day.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#define MICRO 1000000

/* Before a value or a name: the comma, where one is due. */
static void
comma(struct jw *w)
{
	uint32_t bit = UINT32_C(1) << w->depth;

	if (w->after_key) {
		w->after_key = false;
		return;
	}
	if (w->used & bit)
		buf_char(w->b, ',');
	w->used |= bit;
}

static void
open_level(struct jw *w, char bracket)
{
	comma(w);
	buf_char(w->b, bracket);
	assert(w->depth < 31);
	w->depth++;
	w->used &= ~(UINT32_C(1) << w->depth);
}

static void
close_level(struct jw *w, char bracket)
{
	assert(w->depth > 0 && !w->after_key);
	w->depth--;
	buf_char(w->b, bracket);
}

static void
put_quoted(struct buf *b, struct str s)
{
	buf_char(b, '"');
	buf_json(b, s);
	buf_char(b, '"');
}

void
jw_name(struct jw *w, struct str name)
{
	assert(!w->after_key);
	comma(w);
	put_quoted(w->b, name);
	buf_char(w->b, ':');
	w->after_key = true;
}

void
jw_init(struct jw *w, struct buf *b)
{
	*w = (struct jw){ .b = b };
}

void
jw_object(struct jw *w)
{
	open_level(w, '{');
}

void
jw_object_end(struct jw *w)
{
	close_level(w, '}');
}

void
jw_list(struct jw *w)
{
	open_level(w, '[');
}

void
jw_list_end(struct jw *w)
{
	close_level(w, ']');
}

void
jw_key(struct jw *w, const char *name)
{
	jw_name(w, str_of(name));
}

void
jw_text(struct jw *w, struct str s)
{
	comma(w);
	put_quoted(w->b, s);
}

void
jw_int(struct jw *w, int64_t n)
{
	comma(w);
	buf_i64(w->b, n);
}

void
jw_bool(struct jw *w, bool yes)
{
	comma(w);
	buf_text(w->b, yes ? STR("true") : STR("false"));
}

void
jw_null(struct jw *w)
{
	comma(w);
	buf_lit(w->b, "null");
}

void
jw_raw(struct jw *w, struct str json)
{
	comma(w);
	buf_text(w->b, json);
}

void
jw_ktext(struct jw *w, const char *name, struct str s)
{
	jw_key(w, name);
	jw_text(w, s);
}

void
jw_kopt(struct jw *w, const char *name, struct str s)
{
	jw_key(w, name);
	if (s.len > 0)
		jw_text(w, s);
	else
		jw_null(w);
}

void
jw_kint(struct jw *w, const char *name, int64_t n)
{
	jw_key(w, name);
	jw_int(w, n);
}

void
jw_kmicro(struct jw *w, const char *name, int64_t n)
{
	uint64_t size = n < 0 ? -(uint64_t)n : (uint64_t)n;
	char text[32];
	int len = snprintf(text, sizeof(text), "%s%" PRIu64 ".%06" PRIu64,
	    n < 0 ? "-" : "", size / MICRO, size % MICRO);

	while (text[len - 1] == '0')
		len--;
	if (text[len - 1] == '.')
		len--;
	jw_ktext(w, name, (struct str){ text, (size_t)len });
}

void
jw_kbool(struct jw *w, const char *name, bool yes)
{
	jw_key(w, name);
	jw_bool(w, yes);
}

void
jw_ktime(struct jw *w, const char *name, int64_t at)
{
	char text[DAY_RFC3339_SIZE];

	jw_key(w, name);
	if (at == 0) {
		jw_null(w);
		return;
	}
	day_rfc3339(at, text);
	jw_text(w, str_of(text));
}
