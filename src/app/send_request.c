#include "kvitok/app/send_request.h"

#include "kvitok/base/json.h"

/* One record's words and the list of its files; a part of one of them. */
#define RECORD_MEMORY ((size_t)8 << 20)
#define PART_MEMORY ((size_t)1 << 20)

static void
put(const struct send_request *x, const struct document_request *r,
    struct buf *b)
{
	x->p->documents.out_request(x->p->documents.self, r, b);
}

/* Kept as a list of {"name", "value"} (app/appeal.h). */
static enum err
read_fields(struct send_request *x, const struct appeal_field **out,
    size_t *len, struct fault *f)
{
	struct appeal_field *v;
	const struct json *j;
	enum err rc = json_parse(x->a, x->appeal.fields, JSON_STRICT, &j, f);

	if (rc != ERR_OK)
		return rc;
	*len = json_count(j);
	v = ARENA_ARRAY(x->a, *len + 1, struct appeal_field);
	for (size_t i = 0; i < *len; i++)
		if (!json_text(json_get(json_at(j, i), "name"), &v[i].name) ||
		    !json_text(json_get(json_at(j, i), "value"), &v[i].value))
			return fault_set(f, ERR_BUG, "internal",
			    "fields of %.*s", STR_ARG(x->appeal.id));
	*out = v;
	return ERR_OK;
}

static enum err
begin_request(struct send_request *x, struct buf *b, struct fault *f)
{
	const struct appeal_file_store *st = &x->p->appeal_files;
	struct document_request r = { .piece = DOCUMENT_REQUEST,
		.appeal = &x->appeal };
	enum err rc = read_fields(x, &r.fields, &r.fields_len, f);

	if (rc == ERR_OK)
		rc = st->list(
		    st->self, x->a, x->appeal.id, &x->files, &x->files_len, f);
	if (rc != ERR_OK)
		return rc;
	put(x, &r, b);
	x->open = true;
	x->file = 0;
	x->part = 0;
	return ERR_OK;
}

static enum err
next_record(struct send_request *x, struct buf *b, bool *end, struct fault *f)
{
	const struct ports *p = x->p;
	const struct send_row *v;
	size_t len;
	enum err rc;

	arena_reset(x->a);
	rc = p->send.rows(p->send.self, x->a, x->doc, x->n, 1, &v, &len, f);
	*end = rc == ERR_OK && len == 0;
	if (rc != ERR_OK || *end)
		return rc;
	if (v->n != x->n + 1)
		return fault_set(f, ERR_BUG, "exchange_text_differs",
		    "record %lld behind %lld", (long long)v->n,
		    (long long)x->n);
	x->n++;
	rc = p->appeals.load(
	    p->appeals.self, x->a, x->doc->portal, v->ref, &x->appeal, f);
	if (rc != ERR_OK)
		return rc;
	if (v->line == 0)
		return begin_request(x, b, f);
	put(x,
	    &(struct document_request){
		.piece = DOCUMENT_CLOSED, .appeal = &x->appeal },
	    b);
	return ERR_OK;
}

static enum err
next_part(struct send_request *x, struct buf *b, struct fault *f)
{
	const struct appeal_file_store *st = &x->p->appeal_files;
	struct document_request r = { .file = &x->files[x->file] };
	struct arena *a = arena_new(PART_MEMORY);
	enum err rc =
	    st->part(st->self, a, r.file->id, x->part + 1, &r.content, f);

	if (rc == ERR_OK) {
		r.piece = DOCUMENT_FILE;
		if (x->part == 0)
			put(x, &r, b);
		r.piece = DOCUMENT_CONTENT;
		put(x, &r, b);
		r.piece = DOCUMENT_FILE_END;
		if (++x->part == r.file->parts) {
			put(x, &r, b);
			x->file++;
			x->part = 0;
		}
	}
	arena_free(a);
	return rc;
}

enum err
send_request_piece(
    struct send_request *x, struct buf *b, bool *end, struct fault *f)
{
	*end = false;
	if (x->a == NULL)
		x->a = arena_new(RECORD_MEMORY);
	if (!x->open)
		return next_record(x, b, end, f);
	if (x->file < x->files_len)
		return next_part(x, b, f);
	put(x, &(struct document_request){ .piece = DOCUMENT_REQUEST_END }, b);
	x->open = false;
	return ERR_OK;
}

void
send_request_free(struct send_request *x)
{
	arena_free(x->a);
}
