#include "kvitok/domain/reg_layout.h"

#include "kvitok/base/json_in.h"

#define NAME_MAX_LEN 32
#define WORD_MAX_LEN 200
#define FORM_MAX_LEN 32
#define WITHIN_DEFAULT 20
#define WITHIN_MAX 100
#define ZONE_MOSCOW 180

static const char *const kind_names[REG_KIND__COUNT] = {
	[REG_PAYMENT] = "payment",
	[REG_REFUND] = "refund",
	[REG_REVERSAL] = "reversal",
	[REG_CHARGEBACK] = "chargeback",
	[REG_CHARGEBACK_REVERSAL] = "chargeback_reversal",
	[REG_FEE] = "fee",
	[REG_CORRECTION] = "correction",
};

static const char *const field_names[REG_FIELD__COUNT] = {
	[REG_AT] = "at",
	[REG_DAY] = "day",
	[REG_TIME] = "time",
	[REG_KIND] = "kind",
	[REG_ORDER_NO] = "order_no",
	[REG_BANK_ID] = "bank_id",
	[REG_OP_ID] = "op_id",
	[REG_RRN] = "rrn",
	[REG_AUTH_CODE] = "auth_code",
	[REG_CARD] = "card",
	[REG_GROSS] = "gross",
	[REG_FEE_SUM] = "fee",
	[REG_VAT] = "vat",
	[REG_NET] = "net",
};

static const char *const total_names[REG_TOTAL__COUNT] = {
	[REG_COUNT] = "count",
	[REG_SUM_GROSS] = "gross",
	[REG_SUM_FEE] = "fee",
	[REG_SUM_VAT] = "vat",
	[REG_SUM_NET] = "net",
};

static const char *const vat_names[] = { "none", "apart", "within" };

const char *
reg_kind_name(enum reg_kind k)
{
	return kind_names[k];
}

bool
reg_kind_of(struct str name, enum reg_kind *k)
{
	size_t i = json_in_which(name, kind_names, REG_KIND__COUNT);

	if (i < REG_KIND__COUNT)
		*k = (enum reg_kind)i;
	return i < REG_KIND__COUNT;
}

/* A form names each of its parts once: "DD.MM.YYYY hh:mm:ss". */
static bool
form_ok(struct str form, bool day, bool time)
{
	bool has_day = str_find(form, STR("DD")) < form.len &&
	    str_find(form, STR("MM")) < form.len &&
	    str_find(form, STR("YY")) < form.len;
	bool has_time = str_find(form, STR("hh")) < form.len &&
	    str_find(form, STR("mm")) < form.len;

	return has_day == day && has_time == time;
}

/* --- columns --------------------------------------------------------- */

static enum err
field_of(struct json_in *r, const struct json *j, enum reg_field *out)
{
	struct str s;
	size_t i;

	if (!json_text(j, &s))
		return json_in_wrong(r, "field", "field_type");
	i = json_in_which(s, field_names, REG_FIELD__COUNT);
	if (i == REG_FIELD__COUNT)
		return json_in_wrong(r, "field", "field_form");
	*out = (enum reg_field)i;
	return ERR_OK;
}

/* One word, or a list of two that share the cell. */
static enum err
fields(struct json_in *r, struct reg_column *c)
{
	const struct json *j = json_get(r->j, "field");
	enum err rc = json_in_mark(r, "joined_by", &c->joined_by);

	if (rc != ERR_OK)
		return rc;
	if (j == NULL)
		return json_in_wrong(r, "field", "field_missing");
	if (json_kind(j) != JSON_LIST) {
		c->fields_len = 1;
		rc = field_of(r, j, &c->fields[0]);
	} else {
		if (json_count(j) != 2)
			return json_in_wrong(r, "field", "field_length");
		c->fields_len = 2;
		for (size_t i = 0; i < 2 && rc == ERR_OK; i++)
			rc = field_of(r, json_at(j, i), &c->fields[i]);
	}
	if (rc == ERR_OK && (c->fields_len == 2) != (c->joined_by != 0))
		return json_in_wrong(r, "joined_by",
		    c->joined_by != 0 ? "field_unknown" : "field_missing");
	return rc;
}

static enum err
forms(struct json_in *r, struct reg_column *c)
{
	bool day = false, time = false;
	enum err rc = json_in_text(r, "form", FORM_MAX_LEN, &c->form);

	for (size_t i = 0; i < c->fields_len; i++) {
		day |= c->fields[i] == REG_AT || c->fields[i] == REG_DAY;
		time |= c->fields[i] == REG_AT || c->fields[i] == REG_TIME;
	}
	if (rc != ERR_OK)
		return rc;
	if ((day || time) != (c->form.len > 0))
		return json_in_wrong(r, "form",
		    c->form.len > 0 ? "field_unknown" : "field_missing");
	if (c->form.len > 0 &&
	    (c->fields_len > 1 || !form_ok(c->form, day, time)))
		return json_in_wrong(r, "form", "field_form");
	return ERR_OK;
}

static enum err
column(struct json_in *r, struct reg_column *c)
{
	static const char *const names[] = { "name", "position", "field",
		"joined_by", "form", "optional", NULL };
	enum err rc = json_in_known(r, names);

	if (rc == ERR_OK)
		rc = json_in_text(r, "name", WORD_MAX_LEN, &c->name);
	if (rc == ERR_OK)
		rc = json_in_number(
		    r, "position", 1, REG_COLUMNS_MAX, &c->position);
	if (rc == ERR_OK && c->name.len == 0 && c->position == 0)
		rc = json_in_wrong(r, "name", "field_missing");
	if (rc == ERR_OK && c->name.len > 0 && c->position > 0)
		rc = json_in_wrong(r, "position", "field_unknown");
	if (rc == ERR_OK)
		rc = json_in_flag(r, "optional", &c->optional);
	if (rc == ERR_OK)
		rc = fields(r, c);
	return rc == ERR_OK ? forms(r, c) : rc;
}

static bool
has_field(const struct reg_layout *l, enum reg_field field)
{
	for (size_t i = 0; i < l->columns_len; i++)
		for (size_t k = 0; k < l->columns[i].fields_len; k++)
			if (l->columns[i].fields[k] == field)
				return true;
	return false;
}

/* Without these no row can be told from another one, or posted. */
static enum err
complete(struct json_in *r, const struct reg_layout *l)
{
	const char *missing = NULL;

	if (has_field(l, REG_AT) == has_field(l, REG_DAY))
		missing = "at, or day";
	else if (has_field(l, REG_TIME) && !has_field(l, REG_DAY))
		missing = "day beside time";
	else if (!has_field(l, REG_GROSS))
		missing = "gross";
	else if (!has_field(l, REG_ORDER_NO) && !has_field(l, REG_RRN))
		missing = "order_no or rrn";
	else if (has_field(l, REG_KIND) != (l->kinds_len > 0))
		missing = "kinds beside a column kind";
	else if (has_field(l, REG_VAT) != (l->vat != REG_VAT_NONE))
		missing = "a column vat beside fees/vat";
	else if (l->vat != REG_VAT_NONE && !has_field(l, REG_FEE_SUM))
		missing = "fee";
	if (missing == NULL)
		return ERR_OK;
	(void)json_in_wrong(r, "columns", "field_missing");
	return fault_wrap(r->f, "wanted: %s", missing);
}

static enum err
columns(struct json_in *r, struct reg_layout *l)
{
	const struct json *list = json_get(r->j, "columns");
	size_t len = json_count(list);
	unsigned seen = 0;
	enum err rc = ERR_OK;

	if (json_kind(list) != JSON_LIST)
		return json_in_wrong(r, "columns",
		    list == NULL ? "field_missing" : "field_type");
	if (len == 0 || len > REG_COLUMNS_MAX)
		return json_in_wrong(r, "columns", "field_length");
	for (size_t i = 0; i < len && rc == ERR_OK; i++) {
		struct json_in in = json_in_item(r, "columns", i);
		struct reg_column *c = &l->columns[i];

		rc = column(&in, c);
		for (size_t k = 0; k < c->fields_len && rc == ERR_OK; k++) {
			if (seen & 1U << c->fields[k])
				rc = json_in_wrong(
				    &in, "field", "field_repeated");
			seen |= 1U << c->fields[k];
		}
		/* Names stand in a header row, positions do without one. */
		if (rc == ERR_OK && i > 0 &&
		    (c->position == 0) != (l->columns[0].position == 0))
			rc = json_in_wrong(&in, "position", "field_form");
	}
	l->columns_len = len;
	l->named = l->columns[0].position == 0;
	return rc;
}

/* --- the other parts ------------------------------------------------- */

static enum err
thousands(struct json_in *r, struct reg_layout *l)
{
	const struct json *list = json_get(r->j, "thousands");
	struct str s;

	if (list != NULL && json_kind(list) != JSON_LIST)
		return json_in_wrong(r, "thousands", "field_type");
	for (size_t i = 0; i < json_count(list); i++) {
		if (!json_text(json_at(list, i), &s))
			return json_in_wrong(r, "thousands", "field_type");
		if (str_eq(s, STR("space")))
			l->space = true;
		else if (str_eq(s, STR("no-break")))
			l->no_break = true;
		else if (str_eq(s, STR("narrow")))
			l->narrow = true;
		else
			return json_in_wrong(r, "thousands", "field_form");
	}
	return ERR_OK;
}

static enum err
head(struct json_in *r, struct reg_layout *l)
{
	static const char *const names[] = { "within", "skip", "day", NULL };
	static const char *const of_day[] = { "after", "form", NULL };
	const struct json *j = json_get(r->j, "head");
	struct json_in in = json_in_inside(r, "head", j), day;
	enum err rc;

	if (j == NULL)
		return ERR_OK;
	rc = json_in_known(&in, names);
	if (rc == ERR_OK)
		rc = json_in_number(&in, "within", 1, WITHIN_MAX, &l->within);
	if (rc == ERR_OK)
		rc = json_in_number(&in, "skip", 0, WITHIN_MAX, &l->skip);
	if (rc != ERR_OK || json_get(j, "day") == NULL)
		return rc;
	day = json_in_inside(&in, "day", json_get(j, "day"));
	rc = json_in_known(&day, of_day);
	if (rc == ERR_OK)
		rc = json_in_text(&day, "after", WORD_MAX_LEN, &l->day_after);
	if (rc == ERR_OK)
		rc = json_in_text(&day, "form", FORM_MAX_LEN, &l->day_form);
	if (rc == ERR_OK && l->day_after.len == 0)
		rc = json_in_wrong(&day, "after", "field_missing");
	if (rc == ERR_OK && !form_ok(l->day_form, true, false))
		rc = json_in_wrong(&day, "form",
		    l->day_form.len > 0 ? "field_form" : "field_missing");
	return rc;
}

static enum err
kinds(struct json_in *r, struct reg_layout *l)
{
	const struct json *j = json_get(r->j, "kinds");
	struct json_in in = json_in_inside(r, "kinds", j);
	struct str s;

	if (j == NULL)
		return ERR_OK;
	if (json_kind(j) != JSON_OBJECT)
		return json_in_wrong(r, "kinds", "field_type");
	if (json_count(j) == 0 || json_count(j) > REG_KINDS_MAX)
		return json_in_wrong(r, "kinds", "field_length");
	for (size_t i = 0; i < json_count(j); i++) {
		struct reg_word *w = &l->kinds[i];

		w->word = json_name(j, i);
		if (!json_text(json_value(j, i), &s))
			return json_in_wrong(
			    &in, arena_z(r->a, w->word), "field_type");
		if (!reg_kind_of(s, &w->kind))
			return json_in_wrong(
			    &in, arena_z(r->a, w->word), "field_form");
	}
	l->kinds_len = json_count(j);
	return ERR_OK;
}

static enum err
fees(struct json_in *r, struct reg_layout *l)
{
	static const char *const names[] = { "vat", "sign", NULL };
	static const char *const signs[] = { "plus", "minus" };
	const struct json *j = json_get(r->j, "fees");
	struct json_in in = json_in_inside(r, "fees", j);
	size_t vat = REG_VAT_NONE, sign = 0;
	enum err rc;

	if (j == NULL)
		return ERR_OK;
	rc = json_in_known(&in, names);
	if (rc == ERR_OK)
		rc = json_in_word(
		    &in, "vat", vat_names, KV_COUNT(vat_names), &vat);
	if (rc == ERR_OK)
		rc = json_in_word(&in, "sign", signs, KV_COUNT(signs), &sign);
	l->vat = (enum reg_vat)vat;
	l->fee_below = sign == 1;
	return rc;
}

static enum err
total(struct json_in *r, struct reg_declared *t)
{
	static const char *const names[] = { "position", "what", NULL };
	size_t what = REG_TOTAL__COUNT;
	enum err rc = json_in_known(r, names);

	if (rc == ERR_OK)
		rc = json_in_number(
		    r, "position", 1, REG_COLUMNS_MAX, &t->position);
	if (rc == ERR_OK)
		rc = json_in_word(
		    r, "what", total_names, REG_TOTAL__COUNT, &what);
	if (rc == ERR_OK && t->position == 0)
		rc = json_in_wrong(r, "position", "field_missing");
	if (rc == ERR_OK && what == REG_TOTAL__COUNT)
		rc = json_in_wrong(r, "what", "field_missing");
	t->what = (enum reg_total)what;
	return rc;
}

static enum err
foot(struct json_in *r, struct reg_layout *l)
{
	static const char *const names[] = { "begins", "required", "totals",
		NULL };
	const struct json *j = json_get(r->j, "foot"), *list;
	struct json_in in = json_in_inside(r, "foot", j);
	enum err rc;

	if (j == NULL)
		return ERR_OK;
	rc = json_in_known(&in, names);
	if (rc == ERR_OK)
		rc = json_in_text(&in, "begins", WORD_MAX_LEN, &l->foot);
	if (rc == ERR_OK)
		rc = json_in_flag(&in, "required", &l->foot_required);
	if (rc == ERR_OK && l->foot.len == 0)
		rc = json_in_wrong(&in, "begins", "field_missing");
	list = json_get(j, "totals");
	if (rc == ERR_OK && list != NULL && json_kind(list) != JSON_LIST)
		rc = json_in_wrong(&in, "totals", "field_type");
	if (rc == ERR_OK && json_count(list) > REG_TOTALS_MAX)
		rc = json_in_wrong(&in, "totals", "field_length");
	for (size_t i = 0; rc == ERR_OK && i < json_count(list); i++) {
		struct json_in one = json_in_item(&in, "totals", i);

		rc = total(&one, &l->totals[i]);
		l->totals_len = i + 1;
	}
	return rc;
}

/* The name that commands and tables know it by. */
static bool
name_ok(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!(s.p[i] >= 'a' && s.p[i] <= 'z') &&
		    !(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '-')
			return false;
	return s.len > 0;
}

static enum err
plain(struct json_in *r, struct reg_layout *l)
{
	static const char *const sums[] = { "signed", "by_kind" };
	struct str encoding = STR_NONE;
	size_t how = KV_COUNT(sums);
	enum err rc = json_in_text(r, "layout", NAME_MAX_LEN, &l->layout);

	if (rc == ERR_OK && !name_ok(l->layout))
		rc = json_in_wrong(r, "layout",
		    l->layout.len > 0 ? "field_form" : "field_missing");
	if (rc == ERR_OK)
		rc = json_in_text(r, "title", WORD_MAX_LEN, &l->title);
	if (rc == ERR_OK)
		rc = json_in_text(r, "encoding", WORD_MAX_LEN, &encoding);
	if (rc == ERR_OK && !codepage_of(encoding, &l->encoding))
		rc = json_in_wrong(r, "encoding",
		    encoding.len > 0 ? "field_form" : "field_missing");
	if (rc == ERR_OK)
		rc = json_in_mark(r, "separator", &l->separator);
	if (rc == ERR_OK)
		rc = json_in_mark(r, "quote", &l->quote);
	if (rc == ERR_OK)
		rc = json_in_mark(r, "decimal", &l->decimal);
	if (rc == ERR_OK)
		rc = json_in_number(r, "zone_min", -720, 840, &l->zone_min);
	if (rc == ERR_OK)
		rc = json_in_flag(r, "open_end", &l->open_end);
	if (rc == ERR_OK)
		rc = json_in_word(r, "sums", sums, KV_COUNT(sums), &how);
	if (rc == ERR_OK && how == KV_COUNT(sums))
		rc = json_in_wrong(r, "sums", "field_missing");
	l->signed_sums = how == 0;
	return rc;
}

/* One mark cannot part cells and decimals, too. */
static enum err
marks(struct json_in *r, const struct reg_layout *l)
{
	if (l->separator == 0)
		return json_in_wrong(r, "separator", "field_missing");
	if (l->decimal != ',' && l->decimal != '.')
		return json_in_wrong(r, "decimal",
		    l->decimal == 0 ? "field_missing" : "field_form");
	if (l->quote == l->separator)
		return json_in_wrong(r, "quote", "field_repeated");
	if (l->quote == 0 && l->decimal == l->separator)
		return json_in_wrong(r, "decimal", "field_repeated");
	return ERR_OK;
}

enum err
reg_layout_read(
    struct arena *a, struct str json, struct reg_layout *out, struct fault *f)
{
	static const char *const names[] = { "layout", "title", "encoding",
		"separator", "quote", "decimal", "thousands", "zone_min",
		"open_end", "head", "columns", "kinds", "sums", "fees", "foot",
		NULL };
	struct json_in r = { .a = a, .reason = "layout_bad", .f = f };
	enum err rc = json_parse(a, json, JSON_STRICT, &r.j, f);

	*out = (struct reg_layout){ .within = WITHIN_DEFAULT,
		.zone_min = ZONE_MOSCOW };
	if (rc == ERR_OK)
		rc = json_in_known(&r, names);
	if (rc == ERR_OK)
		rc = plain(&r, out);
	if (rc == ERR_OK)
		rc = marks(&r, out);
	if (rc == ERR_OK)
		rc = thousands(&r, out);
	if (rc == ERR_OK)
		rc = head(&r, out);
	if (rc == ERR_OK)
		rc = columns(&r, out);
	if (rc == ERR_OK)
		rc = kinds(&r, out);
	if (rc == ERR_OK)
		rc = fees(&r, out);
	if (rc == ERR_OK)
		rc = foot(&r, out);
	return rc == ERR_OK ? complete(&r, out) : rc;
}
