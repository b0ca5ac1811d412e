#include "ctl.h"

#include "ref_script.h"

#include "kvitok/app/ref_check.h"
#include "kvitok/base/day.h"
#include "kvitok/base/secret.h"
#include "kvitok/store/db.h"

struct applying {
	struct ctl *c;
	const struct ref_statement *list;
	size_t len;
	struct buf findings;
};

static enum err
run_all(struct applying *x, struct fault *f)
{
	enum err rc;

	rc = db_run(x->c->db, SQL_REF_RAISE, DB_IN_NONE, NULL, f);
	for (size_t i = 0; rc == ERR_OK && i < x->len; i++) {
		rc = db_script(x->c->db, x->list[i].text, f);
		if (rc != ERR_OK)
			rc = fault_wrap(f, "line %d", x->list[i].line);
	}
	return rc;
}

/* After the change everything that is offered must be payable: else the
 * change is not made. */
static enum err
apply_body(void *arg, struct fault *f)
{
	struct applying *x = arg;
	struct ctl *c = x->c;
	const struct ref *ref;
	char day[DAY_TEXT_SIZE];
	size_t found;
	enum err rc;

	rc = run_all(x, f);
	if (rc == ERR_OK)
		rc = c->p->refs.load(c->p->refs.self, c->a, &ref, f);
	if (rc != ERR_OK)
		return rc;
	day_of(c->p->clock.now(c->p->clock.self), DAY_ZONE_MOSCOW, day);
	buf_init(&x->findings, c->a, CTL_OUT_MAX);
	found = ref_check(ref, str_of(day), &x->findings);
	if (found > 0)
		return fault_set(f, ERR_CONFLICT, "reference_bad",
		    "%zu findings, nothing was changed", found);
	return ERR_OK;
}

/* Which statements they were: who keeps the file can prove it. */
static void
note(const struct applying *x, struct str text)
{
	char digest[65];

	secret_sha256_hex(text, digest);
	x->c->note->detail =
	    arena_fmt(x->c->a, "%zu statements, SHA-256 %s", x->len, digest);
}

enum err
ctl_ref_apply(struct ctl *c)
{
	struct applying x = { .c = c };
	struct str text = STR_NONE;
	enum err rc;

	buf_init(&x.findings, c->a, CTL_OUT_MAX);
	rc = ctl_read_file(c, c->words[0], REF_SCRIPT_MAX, &text);
	if (rc == ERR_OK)
		rc = ref_script(c->a, text, &x.list, &x.len, &c->f);
	if (rc == ERR_OK)
		note(&x, text);
	if (rc == ERR_OK)
		rc = c->p->tx.run(
		    c->p->tx.self, "ref_apply", apply_body, &x, &c->f);
	buf_text(&c->out, buf_str(&x.findings));
	if (rc == ERR_OK)
		buf_fmt(&c->out, "%zu statements applied\n", x.len);
	return rc;
}
