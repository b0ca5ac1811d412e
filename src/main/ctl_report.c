#include "ctl.h"

#include "kvitok/app/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

static void
put_list(struct buf *b, const struct report_def *d)
{
	bool first = true;

	ctl_cell(b, str_of(d->name), 14);
	buf_text(b, str_of(d->title));
	buf_lit(b, "\n    formats");
	for (int i = 0; i < REPORT_FORMAT__COUNT; i++)
		if (report_has_format(d, (enum report_format)i)) {
			buf_char(b, ' ');
			buf_text(b,
			    str_of(report_format_name((enum report_format)i)));
		}
	if (d->filters != 0)
		buf_lit(b, "; narrowed by");
	for (int i = 0; i < REPORT_FILTER__COUNT; i++)
		if (report_has_filter(d, (enum report_filter)i)) {
			buf_text(b, first ? STR(" --") : STR(", --"));
			buf_text(b,
			    str_of(report_filter_name((enum report_filter)i)));
			first = false;
		}
	buf_char(b, '\n');
}

enum err
ctl_report_list(struct ctl *c)
{
	for (int i = 0; i < REPORT__COUNT; i++)
		put_list(&c->out, report_def((enum report_id)i));
	return ERR_OK;
}

static enum err
usage(struct ctl *c, const char *words)
{
	return fault_set(&c->f, ERR_INVALID, "usage", "%s", words);
}

enum err
ctl_report_csv(struct ctl *c, enum report_format format,
    enum codepage *encoding, char *mark)
{
	struct str page = ctl_option(c, "encoding");
	struct str separator = ctl_option(c, "separator");

	*encoding = CODEPAGE_UTF8;
	*mark = ';';
	if (format != REPORT_CSV && (page.p != NULL || separator.p != NULL))
		return usage(c, "--encoding and --separator are of csv");
	if (page.p != NULL &&
	    (!codepage_of(page, encoding) || *encoding == CODEPAGE_CP866))
		return usage(c, "--encoding is utf-8 or cp1251");
	if (separator.p == NULL)
		return ERR_OK;
	if (str_eq(separator, STR("tab")))
		*mark = '\t';
	else if (str_eq(separator, STR(",")) || str_eq(separator, STR(";")))
		*mark = separator.p[0];
	else
		return usage(c, "--separator is ';', ',' or tab");
	return ERR_OK;
}

static enum err
read_request(struct ctl *c, struct report_request *req)
{
	if (!report_of(c->words[0], &req->q.id))
		return fault_set(&c->f, ERR_ABSENT, "report_unknown",
		    "no report \"%.*s\"; see kvitokctl report list",
		    STR_ARG(c->words[0]));
	if (!report_format_of(ctl_option(c, "format"), &req->format))
		req->format = REPORT_FORMAT__COUNT; /* report_check refuses */
	req->q.from_day = ctl_option(c, "from");
	req->q.to_day = ctl_option(c, "to");
	for (int i = 0; i < REPORT_FILTER__COUNT; i++)
		req->q.filter[i] =
		    ctl_option(c, report_filter_name((enum report_filter)i));
	req->path = ctl_option(c, "out");
	if (req->path.len == 0)
		return usage(c, "--out is empty");
	return ctl_report_csv(c, req->format, &req->encoding, &req->separator);
}

/* A line that is written over, for who watches. */
static enum err
show_progress(void *arg, const struct report_progress *at, struct fault *f)
{
	(void)arg, (void)f;
	(void)fprintf(stderr, "\r%" PRId64 " rows  %.*s\033[K", at->rows,
	    STR_ARG(at->day));
	return ERR_OK;
}

static void
put_made(struct ctl *c, const struct report_def *d, struct str path,
    const struct report_made *m)
{
	struct buf *b = &c->out;

	ctl_say(b, "", path);
	buf_fmt(b, ": %" PRId64 " rows, %" PRId64 " bytes\n", m->totals.rows,
	    m->file.size);
	for (size_t i = 0; i < d->columns_len; i++) {
		if (!d->columns[i].total)
			continue;
		ctl_cell(b, str_of(d->columns[i].name), 18);
		if (d->columns[i].type == REPORT_SUM)
			buf_decimal(b, m->totals.sum[i]);
		else
			buf_i64(b, m->totals.sum[i]);
		buf_char(b, '\n');
	}
	buf_fmt(
	    b, "rows  sha256 %s\nfile  sha256 %s\n", m->hash, m->file.digest);
	if (m->file.replaced > 0)
		buf_fmt(b,
		    "%" PRId64 " characters that the encoding has not are \"?\""
		    "\n",
		    m->file.replaced);
}

enum err
ctl_report(struct ctl *c)
{
	struct report_request req = { .asked_by = ctl_operator(c) };
	struct report_made made;
	bool watched = isatty(STDERR_FILENO) == 1;
	enum err rc = read_request(c, &req);

	if (rc != ERR_OK)
		return rc;
	if (watched)
		req.progress = show_progress;
	rc = report_make(c->p, c->a, &req, &made, &c->f);
	if (watched)
		(void)fputs("\r\033[K", stderr);
	if (rc == ERR_OK)
		put_made(c, report_def(req.q.id), req.path, &made);
	return rc;
}
