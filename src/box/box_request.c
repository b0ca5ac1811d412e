#include "kvitok/box/box_request.h"

#include "kvitok/base/day.h"
#include "kvitok/base/num.h"
#include "kvitok/base/secret.h"
#include "kvitok/box/box_paper.h"

#define OPEN_MAX 1000 /* answered by one document */

/* --- taking --------------------------------------------------------------- */

static enum err
has(const struct box_work *w, enum sql_id id, struct str key, bool *yes)
{
	struct db_rows r;
	enum err rc =
	    box_db_read(w->db, w->a, id, DB_IN(db_t(key)), "t", 1, &r, w->f);

	*yes = rc == ERR_OK && r.len == 1;
	return rc;
}

static struct str
text_of(const struct xml_node *n, const char *child)
{
	const struct xml_node *x = xml_child(n, child);

	return x != NULL ? x->text : STR("");
}

/* Is what came what the digest is of?  Gives: *size, its bytes. */
static bool
file_is_whole(const struct box_work *w, const struct xml_node *n, int64_t *size)
{
	struct str content = text_of(n, "content");
	size_t len = content.len;
	char digest[65], *p = arena_alloc(w->a, len + 1);

	if (!num_parse_base64(content, p, &len))
		return false;
	secret_sha256_hex((struct str){ p, len }, digest);
	*size = (int64_t)len;
	return str_eq(xml_attr(n, "sha256"), str_of(digest));
}

static enum err
take_files(
    const struct box_work *w, const struct xml_node *n, struct str *words)
{
	struct str id = xml_attr(n, "id");
	int64_t k = 0, size = 0;
	enum err rc = ERR_OK;

	for (size_t i = 0; rc == ERR_OK && i < n->children_len; i++) {
		const struct xml_node *x = &n->children[i];

		if (!str_eq(x->name, STR("file")))
			continue;
		if (!file_is_whole(w, x, &size)) {
			*words = arena_fmt(w->a, "Файл %.*s повреждён",
			    STR_ARG(xml_attr(x, "name")));
			return ERR_OK;
		}
		rc = box_db_run(w->db, SQL_BOX_REQUEST_FILE_PUT,
		    DB_IN(db_t(id), db_n(++k), db_t(xml_attr(x, "name")),
			db_t(xml_attr(x, "type")), db_n(size),
			db_t(xml_attr(x, "sha256"))),
		    w->f);
	}
	return rc;
}

static enum err
put_request(
    const struct box_work *w, const struct xml_node *n, int64_t document)
{
	struct str account = xml_attr(n, "account");

	return box_db_run(w->db, SQL_BOX_REQUEST_PUT,
	    DB_IN(db_t(xml_attr(n, "id")), db_t(xml_attr(n, "kind")),
		db_t(account.p != NULL ? account : STR("")),
		db_t(xml_attr(n, "made_at")), db_t(text_of(n, "text")),
		db_n(document)),
	    w->f);
}

static enum err
take_request(const struct box_work *w, const struct xml_node *n,
    int64_t document, struct str *words)
{
	struct str account = xml_attr(n, "account");
	bool known = true, had = false;
	enum err rc = has(w, SQL_BOX_REQUEST_GET, xml_attr(n, "id"), &had);

	if (rc == ERR_OK && account.len > 0)
		rc = has(w, SQL_BOX_ACCOUNT_GET, account, &known);
	if (rc != ERR_OK || had)
		return rc;
	if (!known) {
		*words = arena_fmt(
		    w->a, "Лицевой счёт %.*s не найден", STR_ARG(account));
		return ERR_OK;
	}
	rc = take_files(w, n, words);
	if (rc == ERR_OK && words->len > 0)
		return box_db_run(w->db, SQL_BOX_REQUEST_FILE_DROP,
		    DB_IN(db_t(xml_attr(n, "id"))), w->f);
	return rc == ERR_OK ? put_request(w, n, document) : rc;
}

static enum err
take_closed(
    const struct box_work *w, const struct xml_node *n, struct str *words)
{
	struct str id = xml_attr(n, "request");
	bool known;
	enum err rc = has(w, SQL_BOX_REQUEST_GET, id, &known);

	if (rc == ERR_OK && !known)
		*words = STR("Обращения с таким номером нет");
	return rc == ERR_OK && known
	    ? box_db_run(w->db, SQL_BOX_REQUEST_CLOSE,
		  DB_IN(db_t(xml_attr(n, "at")), db_t(id)), w->f)
	    : rc;
}

enum err
box_request_take(const struct box_work *w, const struct xml_node *n,
    int64_t document, struct str *words)
{
	*words = STR("");
	return str_eq(n->name, STR("closed"))
	    ? take_closed(w, n, words)
	    : take_request(w, n, document, words);
}

/* --- answering ------------------------------------------------------------ */

struct answers {
	const struct box_request_reply *reply;
	char at[DAY_RFC3339_SIZE];
	struct db_rows rows;
};

static void
write_answers(const void *arg, struct buf *b)
{
	const struct answers *x = arg;

	box_paper_open(b, "answers");
	box_paper_int(b, "count", (int64_t)x->rows.len);
	box_paper_inside(b);
	for (size_t i = 0; i < x->rows.len; i++) {
		box_paper_open(b, "answer");
		box_paper_text(b, "request", db_row(&x->rows, i)[0].t);
		box_paper_text(b, "state", x->reply->state);
		box_paper_text(b, "at", str_of(x->at));
		box_paper_inside(b);
		if (x->reply->text.len > 0)
			box_paper_words(b, "text", x->reply->text);
		box_paper_close(b, "answer");
	}
	box_paper_close(b, "answers");
}

static enum err
choose(const struct box_work *w, struct answers *x)
{
	struct str one = x->reply->request;
	enum err rc = one.len > 0
	    ? box_db_read(w->db, w->a, SQL_BOX_REQUEST_GET, DB_IN(db_t(one)),
		  "t", 1, &x->rows, w->f)
	    : box_db_read(w->db, w->a, SQL_BOX_REQUESTS_OPEN,
		  DB_IN(db_n(OPEN_MAX)), "t", OPEN_MAX, &x->rows, w->f);

	return rc == ERR_OK && one.len > 0 && x->rows.len == 0
	    ? fault_set(w->f, ERR_CONFLICT, "row_conflict", "no request %.*s",
		  STR_ARG(one))
	    : rc;
}

enum err
box_request_answer(const struct box_work *w, const struct box_request_reply *r)
{
	struct answers x = { .reply = r };
	int64_t number = 0;
	enum err rc = choose(w, &x);

	if (rc != ERR_OK || x.rows.len == 0)
		return rc;
	day_rfc3339(w->now, x.at);
	rc = box_books_document(w,
	    &(struct box_document){
		"answers", (int64_t)x.rows.len, 0, write_answers, &x },
	    &number);
	for (size_t i = 0; rc == ERR_OK && i < x.rows.len; i++)
		rc = box_db_run(w->db, SQL_BOX_REQUEST_MOVE,
		    DB_IN(db_t(r->state), db_n(number),
			db_t(db_row(&x.rows, i)[0].t)),
		    w->f);
	return rc;
}
