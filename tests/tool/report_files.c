/*
 * report_files FOLDER: the ten reports in every format, for report-files.sh to
 * read back: NAME.csv (UTF-8, ';'), NAME.1251.csv (cp1251, ','), NAME.xml,
 * .xlsx, .pdf, .dbf; and NAME.json, what they are to have.
 *
 * Each column of texts has each of the texts below in turn: what a spreadsheet
 * would run, what parts cells and lines, what code pages lack.
 */
#include "kvitok/base/secret.h"
#include "kvitok/base/utf8.h"
#include "kvitok/out/report_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MADE_AT INT64_C(1764462896000) /* 2025-11-30 03:34:56 of Moscow */
#define LINE_MAX ((size_t)1 << 20)
#define JSON_MAX ((size_t)4 << 20)

static const char *const texts[] = {
	"=cmd|'/C calc'!A0",
	"+7 (395) 220-00-00",
	"-2+3",
	"@SUM(A1:A9)",
	"\t=1+1",
	"\r=1+1",
	"\n=1+1",
	"\xEF\xBC\x9D"
	"1+1", /* fullwidth = */
	"'=1",
	"a;=1",
	"a,=1",
	"a\t=1",
	"ООО \"Ромашка\"",
	"\"",
	"две\r\nстроки\nи\tтри",
	"<a b='c'>&amp;]]>",
	"\\r\\n %s %n \\",
	"_x0041_",
	"Ёё №«»—… ₽ Ғ 😀",
	"İı ß ﬁ e\xCC\x81",
	" с краю ",
	"",
	"0012345678901234567890",
	"1E5",
	"1/2",
	"#REF!",
	"TRUE",
	"Иванова Мария Александровна",
};

static const int64_t numbers[] = { 0, 1, -1, 99, 100, -100, 123456, 1000000,
	-123456789, 99999999999 };

struct written {
	struct arena *a;
	const struct report_def *d;
	struct report_head head;
	struct report_totals totals;
	const char *folder, *hash;
};

/* The row's cell of a column. */
static struct report_cell
cell_of(const struct report_column *c, size_t column, size_t row)
{
	struct report_cell x = { STR(""),
		numbers[(row + column) % KV_COUNT(numbers)] };
	size_t words = 0;

	switch (c->type) {
	case REPORT_TEXT:
		x.t = utf8_cut(str_of(texts[(row + column) % KV_COUNT(texts)]),
		    (size_t)c->length);
		break;
	case REPORT_WORD:
		while (c->words[words].id != NULL)
			words++;
		row %= words + 1;
		x.t = str_of(row < words ? c->words[row].id : "new_word");
		break;
	case REPORT_DAY:
		x.t = row % 3 == 0 ? STR("") : STR("2024-02-29");
		break;
	case REPORT_INSTANT:
		x.n = row % 3 == 1 ? 0 : MADE_AT + (int64_t)row * 61000;
		break;
	case REPORT_NUMBER:
		if (c->length < 12)
			x.n %= 1000;
		break;
	case REPORT_SUM:
	case REPORT_TYPE__COUNT:
		break;
	}
	return x;
}

static void
fill_row(const struct report_def *d, size_t n, struct report_cell *row)
{
	for (size_t i = 0; i < d->columns_len; i++)
		row[i] = cell_of(&d->columns[i], i, n);
}

/* --- a file ---------------------------------------------------------- */

static enum err
put_rows(struct written *x, struct report_writer *w, struct fault *f)
{
	struct report_cell row[REPORT_COLUMNS_MAX];
	enum err rc = ERR_OK;

	for (size_t n = 0; n < KV_COUNT(texts) && rc == ERR_OK; n++) {
		fill_row(x->d, n, row);
		rc = w->row(w->self, row, f);
	}
	return rc;
}

static enum err
write_file(struct written *x, enum report_format format, const char *ext,
    struct fault *f)
{
	struct report_press press = report_press_of();
	struct str path =
	    arena_fmt(x->a, "%s/%s.%s", x->folder, x->d->name, ext);
	struct report_end end = { &x->totals, str_of(x->hash) };
	struct report_writer w;
	struct report_file file;
	enum err rc =
	    press.open(press.self, x->a, &x->head, format, path, &w, f);

	if (rc != ERR_OK)
		return rc;
	rc = put_rows(x, &w, f);
	if (rc == ERR_OK)
		return w.end(w.self, &end, &file, f);
	w.drop(w.self);
	return rc;
}

/* --- what they are to have ------------------------------------------- */

static void
put_text(struct buf *b, const char *name, struct str value)
{
	buf_fmt(b, "\"%s\":\"", name);
	buf_json(b, value);
	buf_char(b, '"');
}

static void
put_words(struct buf *b, const struct report_word *w)
{
	buf_lit(b, ",\"words\":{");
	for (size_t i = 0; w != NULL && w[i].id != NULL; i++) {
		if (i > 0)
			buf_char(b, ',');
		put_text(b, w[i].id, str_of(w[i].words));
	}
	buf_char(b, '}');
}

static void
put_columns(struct buf *b, const struct report_def *d)
{
	static const char *const types[REPORT_TYPE__COUNT] = { "text", "word",
		"day", "instant", "sum", "number" };

	for (size_t i = 0; i < d->columns_len; i++) {
		const struct report_column *c = &d->columns[i];

		buf_text(b, i > 0 ? STR(",\n{") : STR("{"));
		put_text(b, "name", str_of(c->name));
		buf_char(b, ',');
		put_text(b, "dbf", str_of(c->dbf));
		buf_char(b, ',');
		put_text(b, "title", str_of(c->title));
		buf_char(b, ',');
		put_text(b, "type", str_of(types[c->type]));
		buf_fmt(b, ",\"length\":%d,\"total\":%s,\"paper\":%s",
		    c->length, c->total ? "true" : "false",
		    c->paper ? "true" : "false");
		put_words(b, c->words);
		buf_char(b, '}');
	}
}

static void
put_cells(struct buf *b, const struct report_def *d, size_t n)
{
	struct report_cell row[REPORT_COLUMNS_MAX];

	fill_row(d, n, row);
	for (size_t i = 0; i < d->columns_len; i++) {
		enum report_type t = d->columns[i].type;

		if (i > 0)
			buf_char(b, ',');
		if (t == REPORT_SUM || t == REPORT_NUMBER ||
		    t == REPORT_INSTANT) {
			buf_i64(b, row[i].n);
			continue;
		}
		buf_char(b, '"');
		buf_json(b, row[i].t);
		buf_char(b, '"');
	}
}

static enum err
write_json(const struct written *x, struct fault *f)
{
	FILE *out =
	    fopen(arena_fmt(x->a, "%s/%s.json", x->folder, x->d->name).p, "we");
	struct buf b;

	buf_init(&b, x->a, JSON_MAX);
	buf_char(&b, '{');
	put_text(&b, "title", str_of(x->d->title));
	buf_char(&b, ',');
	put_text(&b, "hash", str_of(x->hash));
	buf_lit(&b, ",\"columns\":[");
	put_columns(&b, x->d);
	buf_lit(&b, "],\"rows\":[");
	for (size_t n = 0; n < KV_COUNT(texts); n++) {
		buf_text(&b, n > 0 ? STR(",\n[") : STR("["));
		put_cells(&b, x->d, n);
		buf_char(&b, ']');
	}
	buf_lit(&b, "]}\n");
	if (out == NULL || b.full || fwrite(b.p, 1, b.len, out) != b.len ||
	    fclose(out) != 0)
		return fault_set(f, ERR_AGAIN, "file_not_written", "json");
	return ERR_OK;
}

/* --- a report -------------------------------------------------------- */

/* Totals and hash, as the use-case makes them. */
static enum err
add_up(struct written *x, char hash[65], struct fault *f)
{
	struct report_cell row[REPORT_COLUMNS_MAX];
	struct secret_sum sum;
	struct buf line;
	enum err rc = ERR_OK;

	buf_init(&line, x->a, LINE_MAX);
	report_hash_head(&line, x->head.q);
	for (size_t n = 0; n < KV_COUNT(texts) && rc == ERR_OK; n++) {
		fill_row(x->d, n, row);
		rc = report_add(x->d, &x->totals, row, f);
		report_hash_row(&line, x->d, row);
	}
	report_hash_end(&line, x->d, &x->totals);
	secret_sum_begin(&sum);
	secret_sum_add(&sum, buf_str(&line));
	secret_sum_end(&sum, hash);
	x->hash = hash;
	return rc;
}

static enum err
write_report(
    struct arena *a, enum report_id id, const char *folder, struct fault *f)
{
	struct report_query q = { .id = id,
		.from_day = STR("2026-11-01"),
		.to_day = STR("2026-11-30") };
	struct written x = { .a = a,
		.d = report_def(id),
		.head = { .q = &q,
		    .asked_by = STR("=operator:анна;\"<&"),
		    .made_at = MADE_AT,
		    .encoding = CODEPAGE_UTF8,
		    .separator = ';' },
		.folder = folder };
	char hash[65];
	enum err rc = add_up(&x, hash, f);

	if (rc == ERR_OK)
		rc = write_json(&x, f);
	for (int i = 0; i < REPORT_FORMAT__COUNT && rc == ERR_OK; i++)
		if (report_has_format(x.d, (enum report_format)i))
			rc = write_file(&x, (enum report_format)i,
			    report_format_name((enum report_format)i), f);
	x.head.encoding = CODEPAGE_CP1251;
	x.head.separator = ',';
	return rc == ERR_OK ? write_file(&x, REPORT_CSV, "1251.csv", f) : rc;
}

int
main(int argc, char **argv)
{
	struct arena *a = arena_new((size_t)64 << 20);
	struct fault f;
	enum err rc = ERR_OK;

	fault_init(&f);
	for (int i = 0; i < REPORT__COUNT && rc == ERR_OK && argc == 2; i++) {
		rc = write_report(a, (enum report_id)i, argv[1], &f);
		arena_reset(a);
	}
	if (rc != ERR_OK)
		fprintf(stderr, "%s: %s\n", f.reason, f.detail);
	arena_free(a);
	return rc == ERR_OK && argc == 2 ? EXIT_SUCCESS : EXIT_FAILURE;
}
