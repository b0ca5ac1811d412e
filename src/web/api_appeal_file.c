#include "kvitok/app/appeal_file.h"

#include "kvitok/base/num.h"
#include "kvitok/base/utf8.h"
#include "kvitok/http/form.h"
#include "kvitok/http/url.h"
#include "kvitok/web/handlers.h"
#include "kvitok/web/pay_form.h"

#define PAYER_MAX 64
#define NAME_MAX_LEN 255
#define DISPOSITION_MAX 4000

struct query_in {
	struct str payer;
};

static const struct field query_fields[] = {
	{ "payer", FIELD_TEXT, false, 1, PAYER_MAX,
	    offsetof(struct query_in, payer), NULL, NULL },
};
static const struct form query_form = { query_fields, KV_COUNT(query_fields),
	sizeof(struct query_in) };

static enum err
read_payer(struct turn *t, struct str *payer)
{
	struct query_in in = { .payer = STR("") };
	enum err rc = turn_query(t, &query_form, &in);

	*payer = in.payer;
	return rc;
}

static void
put_file(struct jw *w, const struct appeal_file *x)
{
	jw_ktext(w, "name", x->name);
	jw_ktext(w, "type", str_of(appeal_media_name(x->media)));
	jw_kint(w, "size", x->size);
	jw_ktext(w, "sha256", x->sha256);
}

/* nginx asks it of a key before it lets a file in. */
enum err
api_appeal_file_rules(struct turn *t)
{
	struct buf b;
	struct jw w;

	turn_buf(t, &b);
	jw_init(&w, &b);
	jw_object(&w);
	jw_kint(&w, "size_max", APPEAL_FILE_MAX);
	jw_kint(&w, "files_max", APPEAL_FILES_MAX);
	jw_key(&w, "types");
	jw_list(&w);
	for (unsigned m = 0; m < APPEAL_MEDIA__COUNT; m++)
		jw_text(&w, str_of(appeal_media_name((enum appeal_media)m)));
	jw_list_end(&w);
	jw_object_end(&w);
	buf_char(&b, '\n');
	return turn_json(t, 200, &b);
}

/* --- bringing ----------------------------------------------------------- */

/* In a header, for addresses are logged, and a name may name somebody. */
static enum err
read_name(struct turn *t, struct str *name)
{
	struct str raw = request_env(t->rq, "HTTP_X_FILE_NAME");
	enum err rc = url_decode(t->a, raw, false, name, t->f);

	if (rc != ERR_OK)
		fault_field(t->f, "X-File-Name", t->f->reason);
	return rc != ERR_OK || utf8_len(*name) <= NAME_MAX_LEN
	    ? rc
	    : turn_refuse(t, "X-File-Name", "field_length");
}

enum err
api_appeal_file_bring(struct turn *t)
{
	struct appeal_upload in = { .who = &t->who, .bytes = t->rq->body };
	struct appeal_file x;
	struct buf b;
	struct jw w;
	bool replay;
	enum err rc = pay_form_key(t, &in.ikey);

	if (rc == ERR_OK)
		rc = read_payer(t, &in.payer);
	if (rc == ERR_OK)
		rc = read_name(t, &in.name);
	if (rc == ERR_OK)
		rc = appeal_file_bring(t->p, t->a, &in, &x, &replay, t->f);
	if (rc != ERR_OK)
		return rc;
	if (replay)
		reply_header(t->out, "Idempotent-Replay", STR("true"));
	turn_buf(t, &b);
	jw_init(&w, &b);
	jw_object(&w);
	jw_ktext(&w, "id", x.id);
	put_file(&w, &x);
	jw_ktime(&w, "expires_at", x.created_at + APPEAL_FILE_LIFE_MS);
	jw_object_end(&w);
	buf_char(&b, '\n');
	return turn_json(t, 201, &b);
}

/* --- reading ------------------------------------------------------------ */

enum err
api_appeal_files(struct turn *t)
{
	const struct appeal_file *v;
	struct str payer;
	struct buf b;
	struct jw w;
	size_t len;
	enum err rc = read_payer(t, &payer);

	if (rc == ERR_OK)
		rc = appeal_file_list(t->p, t->a, t->who.portal, payer,
		    t->params.v[0], &v, &len, t->f);
	if (rc != ERR_OK)
		return rc;
	turn_items(t, &b, &w);
	for (size_t i = 0; i < len; i++) {
		jw_object(&w);
		jw_kint(&w, "n", v[i].n);
		put_file(&w, &v[i]);
		jw_object_end(&w);
	}
	return turn_items_end(t, &b, &w);
}

/* Never shown in a browser by itself: it was made by a stranger. */
static void
answer_file(struct turn *t, const struct appeal_file *x, struct str bytes)
{
	struct buf b;

	reply_body(t->out, 200, appeal_media_name(x->media), bytes);
	buf_init(&b, t->a, DISPOSITION_MAX);
	buf_lit(&b, "attachment; filename*=UTF-8''");
	buf_url(&b, x->name); /* RFC 8187 */
	reply_header(t->out, "Content-Disposition", buf_str(&b));
	reply_header(t->out, "Cache-Control", STR("private, no-store"));
}

enum err
api_appeal_file(struct turn *t)
{
	struct appeal_file x;
	struct str payer, bytes;
	int64_t n;
	enum err rc = read_payer(t, &payer);

	if (rc == ERR_OK && !num_parse(t->params.v[1], 1, APPEAL_FILES_MAX, &n))
		rc = fault_set(
		    t->f, ERR_ABSENT, "appeal_file_unknown", "no such number");
	if (rc == ERR_OK)
		rc = appeal_file_read(t->p, t->a, t->who.portal, payer,
		    t->params.v[0], n, &x, &bytes, t->f);
	if (rc == ERR_OK)
		answer_file(t, &x, bytes);
	return rc;
}
