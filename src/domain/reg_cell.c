#include "kvitok/domain/reg_cell.h"

#include <stdio.h>

#define NO_BREAK "\xC2\xA0"   /* U+00A0 */
#define NARROW "\xE2\x80\xAF" /* U+202F */
#define THIN "\xE2\x80\x89"   /* U+2009 */
#define MINUS "\xE2\x88\x92"  /* U+2212 */

static struct str
past(struct str s, size_t n)
{
	return (struct str){ s.p + n, s.len - n };
}

/* Gives: bytes of the space that s begins with; 0: none. */
static size_t
space_at(struct str s)
{
	if (s.len > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
		return 1;
	if (str_starts(s, STR(NO_BREAK)))
		return 2;
	if (str_starts(s, STR(NARROW)) || str_starts(s, STR(THIN)))
		return 3;
	return 0;
}

struct str
reg_cell_trim(struct str s)
{
	size_t n;

	while ((n = space_at(s)) > 0)
		s = past(s, n);
	for (;;) {
		if (s.len > 0 &&
		    (s.p[s.len - 1] == ' ' || s.p[s.len - 1] == '\t'))
			s.len--;
		else if (str_ends(s, STR(NO_BREAK)))
			s.len -= 2;
		else if (str_ends(s, STR(NARROW)) || str_ends(s, STR(THIN)))
			s.len -= 3;
		else
			return s;
	}
}

/* The same, if the layout has such a space between thousands. */
static size_t
group_at(struct str s, const struct reg_layout *l)
{
	if (str_starts(s, STR(NO_BREAK)))
		return l->no_break ? 2 : 0;
	if (str_starts(s, STR(NARROW)) || str_starts(s, STR(THIN)))
		return l->narrow ? 3 : 0;
	return s.len > 0 && s.p[0] == ' ' && l->space ? 1 : 0;
}

static bool
is_digit(struct str s)
{
	return s.len > 0 && s.p[0] >= '0' && s.p[0] <= '9';
}

/* Digits in front of s, in threes behind each space. */
static bool
whole(struct str *s, const struct reg_layout *l, int64_t *n)
{
	int digits = 0, group = 0;
	bool parted = false;
	size_t gap;

	*n = 0;
	for (;;) {
		if (is_digit(*s)) {
			*n = *n * 10 + (s->p[0] - '0');
			*s = past(*s, 1);
			digits++;
			group++;
			if (*n > REG_SUM_MAX)
				return false;
			continue;
		}
		gap = group_at(*s, l);
		if (gap == 0)
			break;
		if (group == 0 || group > 3 || (parted && group != 3))
			return false;
		parted = true;
		group = 0;
		*s = past(*s, gap);
	}
	return digits > 0 && (!parted || group == 3);
}

bool
reg_cell_sum(struct str s, const struct reg_layout *l, int64_t *kop)
{
	bool below = false;
	int64_t n, part = 0;
	int digits = 0;

	s = reg_cell_trim(s);
	if (str_starts(s, STR("-")) || str_starts(s, STR(MINUS))) {
		below = true;
		s = past(s, s.p[0] == '-' ? 1 : sizeof(MINUS) - 1);
	} else if (str_starts(s, STR("+"))) {
		s = past(s, 1);
	}
	if (!whole(&s, l, &n))
		return false;
	if (s.len > 0 && s.p[0] == l->decimal) {
		for (s = past(s, 1); is_digit(s) && digits < 2; digits++) {
			part = part * 10 + (s.p[0] - '0');
			s = past(s, 1);
		}
		if (digits == 0)
			return false;
	}
	n = n * 100 + (digits == 1 ? part * 10 : part);
	if (s.len > 0 || n > REG_SUM_MAX)
		return false;
	*kop = below ? -n : n;
	return true;
}

bool
reg_cell_count(struct str s, const struct reg_layout *l, int64_t *n)
{
	s = reg_cell_trim(s);
	return whole(&s, l, n) && s.len == 0;
}

/* Gives: which number of the moment a letter of a form is of; -1: none. */
static int
part_of(char c)
{
	static const char letters[] = "YMDhms";

	for (int i = 0; i < 6; i++)
		if (letters[i] == c)
			return i;
	return -1;
}

bool
reg_cell_moment(struct str s, struct str form, struct reg_moment *out)
{
	static const int most[6] = { 9999, 12, 31, 23, 59, 59 };
	int v[6] = { 0 }, width[6] = { 0 };

	if (s.len != form.len)
		return false;
	for (size_t i = 0; i < form.len; i++) {
		int part = part_of(form.p[i]);

		if (part < 0 && s.p[i] != form.p[i])
			return false;
		if (part < 0)
			continue;
		if (!is_digit(past(s, i)) || width[part] == 4)
			return false;
		v[part] = v[part] * 10 + (s.p[i] - '0');
		width[part]++;
	}
	for (int i = 0; i < 6; i++)
		if (v[i] > most[i])
			return false;
	if (width[0] == 2)
		v[0] += 2000;
	out->day[0] = '\0';
	if (width[0] > 0)
		(void)snprintf(out->day, sizeof(out->day), "%04u-%02u-%02u",
		    (unsigned)v[0] % 10000, (unsigned)v[1] % 100,
		    (unsigned)v[2] % 100);
	out->ms = (((int64_t)v[3] * 60 + v[4]) * 60 + v[5]) * 1000;
	return width[0] == 0 || day_valid(str_of(out->day));
}
