#include "kvitok/domain/schedule.h"

#include "kvitok/base/num.h"
#include "kvitok/domain/email.h"

#define MINUTE_MS INT64_C(60000)
#define SUNDAY 7
/* More days in a row no calendar has off. */
#define LOOK_MAX 400

/* --- words ----------------------------------------------------------- */

static enum err
bad(struct fault *f, const char *field, const char *reason)
{
	(void)fault_set(f, ERR_INVALID, reason, "%s", field);
	fault_field(f, field, reason);
	return f->err;
}

/* Gives: n of "word:n"; of the word alone what it is by default, 0: never. */
static bool
numbered(struct str s, struct str word, int usual, int max, int *n)
{
	struct str head;
	int64_t v;

	if (!str_cut(&s, ':', &head)) {
		*n = usual;
		return usual > 0 && str_eq(head, word);
	}
	if (!str_eq(head, word) || !num_parse(s, 1, max, &v))
		return false;
	*n = (int)v;
	return true;
}

static bool
period_of(struct str s, struct schedule_rule *r)
{
	r->back = 1;
	if (str_eq(s, STR("week")))
		r->every = SCHEDULE_WEEK;
	else if (str_eq(s, STR("month")))
		r->every = SCHEDULE_MONTH;
	else if (str_eq(s, STR("since")))
		r->every = SCHEDULE_SINCE;
	else if (numbered(s, STR("day"), 1, SCHEDULE_BACK_MAX, &r->back))
		r->every = SCHEDULE_DAY;
	else
		return false;
	return true;
}

static bool
days_of(struct str s, struct schedule_rule *r)
{
	r->n = 0;
	if (str_eq(s, STR("every")))
		r->days = SCHEDULE_ANY;
	else if (str_eq(s, STR("working")))
		r->days = SCHEDULE_WORKING;
	else if (numbered(s, STR("week"), 0, SUNDAY, &r->n))
		r->days = SCHEDULE_WEEKDAY;
	else if (numbered(s, STR("month"), 0, 31, &r->n))
		r->days = SCHEDULE_MONTH_DAY;
	else
		return false;
	return true;
}

static bool
time_of(struct str s, struct schedule_rule *r)
{
	struct str hour;
	int64_t h, m;

	if (!str_cut(&s, ':', &hour) || hour.len != 2 || s.len != 2 ||
	    !num_parse(hour, 0, 23, &h) || !num_parse(s, 0, 59, &m))
		return false;
	r->at_min = (int)(h * 60 + m);
	return true;
}

enum err
schedule_rule_of(struct str period, struct str days, struct str at,
    struct schedule_rule *out, struct fault *f)
{
	struct schedule_rule r = { .back = 1 };

	if (!period_of(period, &r))
		return bad(f, "period", "schedule_period");
	if (!days_of(days, &r))
		return bad(f, "days", "schedule_days");
	if (!time_of(at, &r))
		return bad(f, "at", "schedule_at");
	*out = r;
	return ERR_OK;
}

static void
put_word(char out[SCHEDULE_WORD_SIZE], const char *word, int n)
{
	size_t len = strlen(word);

	memcpy(out, word, len);
	if (n > 0) {
		out[len++] = ':';
		if (n > 9)
			out[len++] = (char)('0' + n / 10);
		out[len++] = (char)('0' + n % 10);
	}
	out[len] = '\0';
}

void
schedule_period_word(
    const struct schedule_rule *r, char out[SCHEDULE_WORD_SIZE])
{
	static const char *const words[] = { [SCHEDULE_DAY] = "day",
		[SCHEDULE_WEEK] = "week",
		[SCHEDULE_MONTH] = "month",
		[SCHEDULE_SINCE] = "since" };

	put_word(out, words[r->every], r->back > 1 ? r->back : 0);
}

void
schedule_days_word(const struct schedule_rule *r, char out[SCHEDULE_WORD_SIZE])
{
	static const char *const words[] = { [SCHEDULE_ANY] = "every",
		[SCHEDULE_WORKING] = "working",
		[SCHEDULE_WEEKDAY] = "week",
		[SCHEDULE_MONTH_DAY] = "month" };

	put_word(out, words[r->days], r->n);
}

void
schedule_time_word(const struct schedule_rule *r, char out[SCHEDULE_TIME_SIZE])
{
	int h = r->at_min / 60, m = r->at_min % 60;

	out[0] = (char)('0' + h / 10);
	out[1] = (char)('0' + h % 10);
	out[2] = ':';
	out[3] = (char)('0' + m / 10);
	out[4] = (char)('0' + m % 10);
	out[5] = '\0';
}

/* --- days ------------------------------------------------------------ */

static int64_t
month_begin(int month)
{
	char text[DAY_TEXT_SIZE] = "";

	day_month_text(month, text);
	memcpy(text + DAY_MONTH_SIZE - 1, "-01", sizeof("-01"));
	return day_number(str_of(text));
}

static int
month_of(int64_t day)
{
	char text[DAY_TEXT_SIZE];

	day_text(day, text);
	return day_month_number((struct str){ text, DAY_MONTH_SIZE - 1 });
}

static bool
is_month_day(int n, int64_t day)
{
	int month = month_of(day);
	int64_t begin = month_begin(month),
		len = month_begin(month + 1) - begin;

	return day - begin + 1 == (n < len ? n : len);
}

static bool
may_fall_due(
    const struct schedule_rule *r, const struct calendar *c, int64_t day)
{
	char text[DAY_TEXT_SIZE];

	switch (r->days) {
	case SCHEDULE_ANY:
		return true;
	case SCHEDULE_WORKING:
		day_text(day, text);
		return calendar_working(c, str_of(text));
	case SCHEDULE_WEEKDAY:
		return day_weekday(day) == r->n;
	case SCHEDULE_MONTH_DAY:
		return is_month_day(r->n, day);
	}
	return false;
}

static int64_t
first_due(const struct schedule_rule *r, const struct calendar *c, int64_t day)
{
	for (int i = 0; i < LOOK_MAX; i++)
		if (may_fall_due(r, c, day + i))
			return day + i;
	return day;
}

struct span {
	int64_t from, to, due; /* numbers of days */
};

static struct span
span_of(const struct schedule_rule *r, const struct calendar *c, int64_t day)
{
	struct span s = { day, day, 0 };

	switch (r->every) {
	case SCHEDULE_DAY:
		s.due = first_due(r, c, day + r->back);
		return s;
	case SCHEDULE_WEEK:
		s.from = day - day_weekday(day) + 1;
		s.to = s.from + SUNDAY - 1;
		break;
	case SCHEDULE_MONTH:
		s.from = month_begin(month_of(day));
		s.to = month_begin(month_of(day) + 1) - 1;
		break;
	case SCHEDULE_SINCE:
		s.to = first_due(r, c, day + 1) - 1;
		break;
	}
	s.due = first_due(r, c, s.to + 1);
	return s;
}

/* At its time of the day, but not before the last day of the period has ended
 * in Moscow: the books of that day are not complete before. */
static int64_t
due_at(const struct schedule_rule *r, int zone_min, const struct span *s)
{
	int64_t at = s->due * DAY_MS + (r->at_min - zone_min) * MINUTE_MS;
	int64_t over = (s->to + 1) * DAY_MS - DAY_ZONE_MOSCOW * MINUTE_MS +
	    SCHEDULE_REST_MS;

	return at > over ? at : over;
}

static void
give(const struct schedule_rule *r, int zone_min, const struct span *s,
    struct schedule_period *out)
{
	day_text(s->from, out->from);
	day_text(s->to, out->to);
	day_text(s->due, out->day);
	out->due_at = due_at(r, zone_min, s);
}

void
schedule_period(const struct schedule_rule *r, const struct calendar *c,
    int zone_min, struct str day, struct schedule_period *out)
{
	struct span s = span_of(r, c, day_number(day));

	give(r, zone_min, &s, out);
}

/* Gives: the day, or the last one before it, on which r falls due. */
static int64_t
last_due(const struct schedule_rule *r, const struct calendar *c, int64_t day)
{
	for (int i = 0; i < LOOK_MAX; i++)
		if (may_fall_due(r, c, day - i))
			return day - i;
	return day;
}

void
schedule_period_with(const struct schedule_rule *r, const struct calendar *c,
    int zone_min, struct str from_day, struct str day,
    struct schedule_period *out)
{
	int64_t n = day_number(day), first = day_number(from_day);
	struct span s;

	/* Days, weeks and months know themselves where they begin. */
	if (r->every != SCHEDULE_SINCE)
		first = n;
	s = span_of(r, c, n < first ? last_due(r, c, n) : first);
	while (s.to < n)
		s = span_of(r, c, s.to + 1);
	give(r, zone_min, &s, out);
}

/* Gives: how many periods from s on, until the last day, are due by now. */
static int64_t
due_by_now(const struct schedule_rule *r, const struct calendar *c,
    int zone_min, struct span s, int64_t last, int64_t now)
{
	int64_t n = 0;

	/* Each begins later than the one before: it ends soon after now. */
	while (s.to <= last && due_at(r, zone_min, &s) <= now) {
		n++;
		s = span_of(r, c, s.to + 1);
	}
	return n;
}

void
schedule_next(const struct schedule_rule *r, const struct calendar *c,
    int zone_min, struct str from_day, struct str to_day, int64_t now,
    int64_t max, struct schedule_period *out, int64_t *missed)
{
	struct span s = span_of(r, c, day_number(from_day));
	int64_t last = to_day.len > 0 ? day_number(to_day) : INT64_MAX;
	int64_t n = due_by_now(r, c, zone_min, s, last, now) - max;

	*missed = n > 0 ? n : 0;
	for (; n > 0; n--)
		s = span_of(r, c, s.to + 1);
	give(r, zone_min, &s, out);
}

/* --- where it goes --------------------------------------------------- */

static bool
among(char x, const char *set)
{
	return x != '\0' && strchr(set, x) != NULL;
}

bool
schedule_name_ok(struct str name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz";

	if (name.len == 0 || name.len > SCHEDULE_NAME_MAX ||
	    !among(name.p[0], letters))
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (!among(name.p[i], letters) &&
		    !among(name.p[i], "0123456789-"))
			return false;
	return true;
}

static const char *const places[] = { "portal", "supplier", "report", "name",
	"from", "to", "format" };
enum { IN_FROM = 4, IN_TO = 5 };

/* Gives: which place begins at s ("from}-..."), s after it; -1: none. */
static int
place_of(struct str *s)
{
	struct str word;

	if (!str_cut(s, '}', &word))
		return -1;
	for (size_t i = 0; i < KV_COUNT(places); i++)
		if (str_eq(word, str_of(places[i])))
			return (int)i;
	return -1;
}

/* One name between two slashes. */
static bool
part_ok(struct str s, bool *dated)
{
	*dated = false;
	if (s.len == 0 || s.p[0] == '.')
		return false;
	while (s.len > 0) {
		char x = s.p[0];

		s.p++;
		s.len--;
		if (x == '{') {
			int place = place_of(&s);

			if (place < 0)
				return false;
			*dated = *dated || place == IN_FROM || place == IN_TO;
		} else if (!among(x,
			       "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTU"
			       "VWXYZ0123456789._-")) {
			return false;
		}
	}
	return true;
}

enum err
schedule_path_check(struct str pattern, struct fault *f)
{
	struct str rest = pattern, part;
	bool dated = false, more = true;

	if (pattern.len > SCHEDULE_PATH_MAX)
		return bad(f, "folder", "schedule_path");
	while (more) {
		more = str_cut(&rest, '/', &part);
		if (!part_ok(part, &dated))
			return bad(f, "folder", "schedule_path");
	}
	return dated ? ERR_OK : bad(f, "folder", "schedule_path");
}

void
schedule_path(struct buf *b, struct str pattern, struct str name,
    const struct report_query *q, enum report_format format)
{
	/* In the order of places. */
	const struct str values[KV_COUNT(places)] = { q->filter[REPORT_PORTAL],
		q->filter[REPORT_SUPPLIER], str_of(report_def(q->id)->name),
		name, q->from_day, q->to_day,
		str_of(report_format_name(format)) };

	while (pattern.len > 0) {
		char x = pattern.p[0];
		int place;

		pattern.p++;
		pattern.len--;
		if (x != '{') {
			buf_char(b, x);
			continue;
		}
		place = place_of(&pattern);
		if (place >= 0)
			buf_text(b, values[place]);
	}
}

static bool
has_address(struct str list, struct str one)
{
	struct str part;
	bool more = list.len > 0;

	while (more) {
		more = str_cut(&list, ' ', &part);
		if (str_eq_nocase(part, one))
			return true;
	}
	return false;
}

enum err
schedule_mails(
    struct arena *a, struct str text, struct str *out, struct fault *f)
{
	struct buf b;
	size_t n = 0;

	buf_init(&b, a, SCHEDULE_TARGET_MAX);
	while (text.len > 0) {
		size_t len = 0;
		struct str one;
		const char *wrong;

		while (
		    len < text.len && text.p[len] != ',' && text.p[len] != ' ')
			len++;
		one = (struct str){ text.p, len };
		text.p += len < text.len ? len + 1 : len;
		text.len -= len < text.len ? len + 1 : len;
		if (len == 0 || has_address(buf_str(&b), one))
			continue;
		wrong = email_wrong(one);
		if (wrong != NULL)
			return bad(f, "mail", wrong);
		if (n++ > 0)
			buf_char(&b, ' ');
		buf_text(&b, one);
	}
	if (n == 0 || n > SCHEDULE_MAILS_MAX || b.full)
		return bad(f, "mail", "schedule_mails");
	*out = buf_str(&b);
	return ERR_OK;
}
