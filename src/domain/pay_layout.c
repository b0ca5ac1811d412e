#include "kvitok/domain/pay_layout.h"

#include "kvitok/base/json_in.h"

#include <stddef.h>

#define WORDS_MAX 400
#define FORM_MAX 32
#define DBF_NAME_MAX 10
#define FILE_MAX 120

static const char *const form_names[PAY_FILE__COUNT] = { "csv", "xml", "dbf" };
static const char *const line_ends[] = { "crlf", "lf" };
static const char *const kind_names[] = { "paid", "refund", "other" };

static const char *const field_names[PAY_FIELD__COUNT] = {
	[PAY_TEXT] = "text",
	[PAY_N] = "n",
	[PAY_NUMBER] = "number",
	[PAY_ID] = "id",
	[PAY_KIND] = "kind",
	[PAY_ACCOUNT] = "account",
	[PAY_SERVICE] = "service",
	[PAY_SUM] = "sum",
	[PAY_FEE] = "fee",
	[PAY_SUPPLIER_FEE] = "supplier_fee",
	[PAY_NET] = "net",
	[PAY_DAY] = "day",
	[PAY_TIME] = "time",
	[PAY_POSTED_DAY] = "posted_day",
	[PAY_PERIOD] = "period",
	[PAY_RRN] = "rrn",
	[PAY_AUTH_CODE] = "auth_code",
};

/* Forms that are taken when a layout says none. */
static const char *const default_forms[PAY_FIELD__COUNT] = {
	[PAY_DAY] = "DD.MM.YYYY",
	[PAY_POSTED_DAY] = "DD.MM.YYYY",
	[PAY_TIME] = "hh:mm:ss",
	[PAY_PERIOD] = "MMYY",
};

bool
pay_field_is_sum(enum pay_field field)
{
	return field == PAY_SUM || field == PAY_FEE ||
	    field == PAY_SUPPLIER_FEE || field == PAY_NET;
}

/* Words whose names in braces are all known. */
static enum err
words(struct json_in *in, const char *name, struct str *out)
{
	static const struct settlement nothing = { .order_no = 1 };
	static const struct pay_layout plain = { .decimal = '.' };
	static const struct pay_totals none = { 0 };
	struct buf b;
	enum err rc = json_in_text(in, name, WORDS_MAX, out);

	if (rc != ERR_OK || out->len == 0)
		return rc;
	buf_init(&b, in->a, (size_t)WORDS_MAX * 8);
	if (!pay_fill(&b, &plain, *out, &nothing, &none))
		return json_in_wrong(in, name, "field_form");
	return ERR_OK;
}

static enum err
lines(struct json_in *in, const char *name, struct str *out, size_t *len)
{
	const struct json *j = json_get(in->j, name);
	enum err rc = ERR_OK;

	*len = json_count(j);
	if (j && json_kind(j) != JSON_LIST)
		return json_in_wrong(in, name, "field_type");
	if (*len > PAY_LINES_OF_HEAD_MAX)
		return json_in_wrong(in, name, "field_length");
	for (size_t i = 0; i < *len && rc == ERR_OK; i++) {
		static const struct settlement nothing = { .order_no = 1 };
		static const struct pay_layout plain = { .decimal = '.' };
		static const struct pay_totals none = { 0 };
		struct buf b;

		buf_init(&b, in->a, (size_t)WORDS_MAX * 8);
		if (!json_text(json_at(j, i), &out[i]) ||
		    out[i].len > WORDS_MAX ||
		    memchr(out[i].p, '\n', out[i].len) != NULL ||
		    !pay_fill(&b, &plain, out[i], &nothing, &none))
			rc = json_in_wrong(in, name, "field_form");
	}
	return rc;
}

/* A name that XML takes for an element, and every program for a column. */
static bool
name_ok(struct str s, enum pay_file kind)
{
	for (size_t i = 0; i < s.len && kind != PAY_CSV; i++) {
		bool upper = s.p[i] >= 'A' && s.p[i] <= 'Z';
		bool lower = s.p[i] >= 'a' && s.p[i] <= 'z';
		bool rest = i > 0 &&
		    (s.p[i] == '_' || (s.p[i] >= '0' && s.p[i] <= '9'));

		if (!upper && !rest && !(lower && kind == PAY_XML))
			return false;
	}
	return s.len > 0 && (kind != PAY_DBF || s.len <= DBF_NAME_MAX);
}

static enum err
column_form(struct json_in *in, struct pay_column *c)
{
	const char *form = default_forms[c->field];
	enum err rc = json_in_text(in, "form", FORM_MAX, &c->form);

	if (rc == ERR_OK && c->form.len > 0 && !form)
		rc = json_in_wrong(in, "form", "field_unknown");
	if (rc == ERR_OK && c->form.len == 0 && form)
		c->form = str_of(form);
	return rc;
}

/* Sums and days of a DBF have their own kinds of columns. */
static enum err
column_length(
    struct json_in *in, const struct pay_layout *l, struct pay_column *c)
{
	bool sum = pay_field_is_sum(c->field);
	bool day = c->field == PAY_DAY || c->field == PAY_POSTED_DAY;
	enum err rc = json_in_number(
	    in, "length", sum ? 4 : 1, sum ? 18 : PAY_CELL_MAX, &c->length);

	if (rc == ERR_OK && l->kind != PAY_DBF && c->length > 0)
		rc = json_in_wrong(in, "length", "field_unknown");
	if (rc == ERR_OK && l->kind == PAY_DBF && day && c->length > 0)
		rc = json_in_wrong(in, "length", "field_unknown");
	if (rc == ERR_OK && l->kind == PAY_DBF && !day && c->length == 0)
		rc = json_in_wrong(in, "length", "field_missing");
	if (rc == ERR_OK && l->kind == PAY_DBF && day)
		c->length = 8;
	return rc;
}

static enum err
column(struct json_in *in, const struct pay_layout *l, struct pay_column *c)
{
	static const char *const known[] = { "name", "field", "text", "form",
		"length", NULL };
	bool text = json_get(in->j, "text") != NULL;
	size_t field = PAY_FIELD__COUNT;
	enum err rc = json_in_known(in, known);

	if (rc == ERR_OK)
		rc = json_in_text(in, "name", 60, &c->name);
	if (rc == ERR_OK && (l->kind != PAY_CSV || l->names) &&
	    !name_ok(c->name, l->kind))
		rc = json_in_wrong(in, "name",
		    c->name.len == 0 ? "field_missing" : "field_form");
	if (rc == ERR_OK && text &&
	    !json_text(json_get(in->j, "text"), &c->text))
		rc = json_in_wrong(in, "text", "field_type");
	if (rc == ERR_OK)
		rc = json_in_word(
		    in, "field", field_names, PAY_FIELD__COUNT, &field);
	/* One of the two. */
	if (rc == ERR_OK && (field >= PAY_FIELD__COUNT) != text)
		rc = json_in_wrong(
		    in, "field", text ? "field_unknown" : "field_missing");
	if (rc == ERR_OK && field == PAY_TEXT)
		rc = json_in_wrong(in, "field", "field_form");
	if (rc != ERR_OK)
		return rc;
	c->field = text ? PAY_TEXT : (enum pay_field)field;
	rc = column_form(in, c);
	return rc == ERR_OK ? column_length(in, l, c) : rc;
}

static enum err
columns(struct json_in *in, struct pay_layout *l)
{
	const struct json *j = json_get(in->j, "columns");
	enum err rc = ERR_OK;

	if (!j || json_kind(j) != JSON_LIST)
		return json_in_wrong(
		    in, "columns", j ? "field_type" : "field_missing");
	l->columns_len = json_count(j);
	if (l->columns_len == 0 || l->columns_len > PAY_COLUMNS_MAX)
		return json_in_wrong(in, "columns", "field_length");
	for (size_t i = 0; i < l->columns_len && rc == ERR_OK; i++) {
		struct json_in item = json_in_item(in, "columns", i);

		rc = column(&item, l, &l->columns[i]);
	}
	return rc;
}

static enum err
totals(struct json_in *in, struct pay_layout *l)
{
	static const char *const known[] = { "name", "text", NULL };
	const struct json *j = json_get(in->j, "totals");
	enum err rc = ERR_OK;

	l->totals_len = json_count(j);
	if (j && json_kind(j) != JSON_LIST)
		return json_in_wrong(in, "totals", "field_type");
	if (l->totals_len > PAY_LINES_OF_HEAD_MAX)
		return json_in_wrong(in, "totals", "field_length");
	for (size_t i = 0; i < l->totals_len && rc == ERR_OK; i++) {
		struct json_in item = json_in_item(in, "totals", i);
		struct pay_named *t = &l->totals[i];

		rc = json_in_known(&item, known);
		if (rc == ERR_OK)
			rc = json_in_text(&item, "name", 60, &t->name);
		if (rc == ERR_OK && !name_ok(t->name, PAY_XML))
			rc = json_in_wrong(&item, "name", "field_form");
		if (rc == ERR_OK)
			rc = words(&item, "text", &t->text);
	}
	return rc;
}

static enum err
kinds(struct json_in *in, struct pay_layout *l)
{
	static const char *const known[] = { "paid", "refund", "other", NULL };
	const struct json *j = json_get(in->j, "kinds");
	struct json_in inside = json_in_inside(in, "kinds", j);
	enum err rc = j ? json_in_known(&inside, known) : ERR_OK;

	for (size_t i = 0; i < 3; i++) {
		l->kinds[i] = str_of(kind_names[i]);
		if (rc == ERR_OK && j)
			rc = json_in_text(
			    &inside, kind_names[i], 60, &l->kinds[i]);
	}
	return rc;
}

/* What belongs to one form alone. */
static enum err
form_members(struct json_in *in, struct pay_layout *l)
{
	static const struct {
		const char *name;
		enum pay_file of;
	} members[] = { { "separator", PAY_CSV }, { "quote", PAY_CSV },
		{ "names", PAY_CSV }, { "head", PAY_CSV }, { "foot", PAY_CSV },
		{ "line_end", PAY_CSV }, { "root", PAY_XML },
		{ "row", PAY_XML }, { "attributes", PAY_XML },
		{ "totals", PAY_XML } };

	for (size_t i = 0; i < KV_COUNT(members); i++)
		if (members[i].of != l->kind &&
		    json_get(in->j, members[i].name))
			return json_in_wrong(
			    in, members[i].name, "field_unknown");
	if (l->kind == PAY_CSV && l->separator == 0)
		return json_in_wrong(in, "separator", "field_missing");
	if (l->kind == PAY_XML && !name_ok(l->root, PAY_XML))
		return json_in_wrong(in, "root", "field_form");
	if (l->kind == PAY_XML && !name_ok(l->row, PAY_XML))
		return json_in_wrong(in, "row", "field_form");
	if (l->kind == PAY_DBF && l->encoding == CODEPAGE_UTF8)
		return json_in_wrong(in, "encoding", "field_form");
	return ERR_OK;
}

static enum err
members(struct json_in *in, struct pay_layout *l)
{
	struct str encoding = STR_NONE;
	size_t kind = PAY_FILE__COUNT, end = 0;
	enum err rc =
	    json_in_text(in, "layout", PAY_LAYOUT_NAME_MAX, &l->layout);

	if (rc == ERR_OK && l->layout.len == 0)
		rc = json_in_wrong(in, "layout", "field_missing");
	if (rc == ERR_OK)
		rc = json_in_text(in, "title", 200, &l->title);
	if (rc == ERR_OK)
		rc = json_in_word(
		    in, "kind", form_names, PAY_FILE__COUNT, &kind);
	if (rc == ERR_OK && kind == PAY_FILE__COUNT)
		rc = json_in_wrong(in, "kind", "field_missing");
	if (rc == ERR_OK)
		rc = json_in_text(in, "encoding", 10, &encoding);
	if (rc == ERR_OK && !codepage_of(encoding, &l->encoding))
		rc = json_in_wrong(in, "encoding",
		    encoding.len == 0 ? "field_missing" : "field_form");
	if (rc == ERR_OK)
		rc = json_in_word(in, "line_end", line_ends, 2, &end);
	if (rc != ERR_OK)
		return rc;
	l->kind = (enum pay_file)kind;
	l->lf = end == 1;
	rc = words(in, "file", &l->file);
	return rc == ERR_OK && l->file.len == 0
	    ? json_in_wrong(in, "file", "field_missing")
	    : rc;
}

static enum err
read_layout(struct json_in *in, struct pay_layout *l)
{
	enum err rc = members(in, l);

	if (rc == ERR_OK)
		rc = json_in_mark(in, "separator", &l->separator);
	if (rc == ERR_OK)
		rc = json_in_mark(in, "quote", &l->quote);
	if (rc == ERR_OK)
		rc = json_in_mark(in, "decimal", &l->decimal);
	if (rc == ERR_OK && l->decimal != '.' && l->decimal != ',')
		rc = json_in_wrong(in, "decimal", "field_form");
	if (rc == ERR_OK && l->kind != PAY_DBF && l->decimal == l->separator &&
	    l->quote == 0)
		rc = json_in_wrong(in, "quote", "field_missing");
	if (rc == ERR_OK)
		rc = json_in_flag(in, "names", &l->names);
	if (rc == ERR_OK)
		rc = json_in_flag(in, "attributes", &l->attributes);
	if (rc == ERR_OK)
		rc = json_in_text(in, "root", 60, &l->root);
	if (rc == ERR_OK)
		rc = json_in_text(in, "row", 60, &l->row);
	if (rc == ERR_OK)
		rc = lines(in, "head", l->head, &l->head_len);
	if (rc == ERR_OK)
		rc = lines(in, "foot", l->foot, &l->foot_len);
	if (rc == ERR_OK)
		rc = totals(in, l);
	if (rc == ERR_OK)
		rc = kinds(in, l);
	if (rc == ERR_OK)
		rc = form_members(in, l);
	return rc == ERR_OK ? columns(in, l) : rc;
}

enum err
pay_layout_read(
    struct arena *a, struct str json, struct pay_layout *out, struct fault *f)
{
	static const char *const known[] = { "layout", "title", "kind",
		"encoding", "file", "line_end", "separator", "quote", "decimal",
		"names", "head", "foot", "root", "row", "attributes", "totals",
		"kinds", "columns", NULL };
	struct json_in in = { .a = a, .reason = "layout_bad", .f = f };
	enum err rc;

	*out = (struct pay_layout){ .decimal = '.' };
	if (json.len > PAY_LAYOUT_MAX)
		return fault_set(
		    f, ERR_INVALID, "layout_bad", "%zu bytes", json.len);
	rc = json_parse(a, json, JSON_STRICT, &in.j, f);
	if (rc == ERR_OK)
		rc = json_in_known(&in, known);
	return rc == ERR_OK ? read_layout(&in, out) : rc;
}
