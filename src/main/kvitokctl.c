/*
 * kvitokctl: the operator's hand (man/kvitokctl.1).
 *
 * Ends with 0 when it was done, 1 when it was not, 2 when it was called
 * wrongly.
 */
#include "ctl_command.h"
#include "wire.h"

#include "kvitok/store/migrate.h"

#include <stdio.h>
#include <stdlib.h>

#define LIFE_MAX ((size_t)256 << 20)
#define EXIT_USAGE 2
#define EXIT_PARTLY 3

/* Take "-c FILE" from the head of the words. */
static void
take_conf(struct ctl *c, char ***words, size_t *len)
{
	c->conf_path = getenv("KVITOK_CONF");
	if (*len >= 2 && str_eq(str_of((*words)[0]), STR("-c"))) {
		c->conf_path = (*words)[1];
		*words += 2;
		*len -= 2;
	}
}

static enum err
run(struct ctl *c, const struct ctl_command *k, struct wired *w)
{
	enum err rc;

	if (k->need == CTL_NOTHING)
		return k->run(c);
	if (c->conf_path == NULL)
		return fault_set(&c->f, ERR_INVALID, "usage",
		    "-c FILE, or KVITOK_CONF, is missing");
	rc = wire_open(c->a, c->conf_path, "kvitokctl", WIRE_HAND, w, &c->f);
	if (rc != ERR_OK)
		return rc;
	c->db = w->db;
	c->p = &w->ports;
	if (k->need != CTL_DATABASE)
		rc = migrate_check(c->db, c->a, &c->f);
	if (rc == ERR_OK && k->need == CTL_NOTED)
		ctl_noted(c, k);
	if (rc == ERR_OK)
		rc = k->run(c);
	wire_close(w);
	return rc;
}

static void
complain(const struct fault *f)
{
	/* Nowhere else to complain. */
	(void)fprintf(stderr, "kvitokctl: %s%s%s\n", f->reason,
	    f->detail[0] != '\0' ? ": " : "", f->detail);
}

/* What was found is shown even when the command failed on it. */
static bool
show(const struct buf *out)
{
	struct str s = buf_str(out);

	if (out->full)
		(void)fputs("kvitokctl: more than can be shown\n", stderr);
	return (s.len == 0 || fwrite(s.p, 1, s.len, stdout) == s.len) &&
	    fflush(stdout) == 0 && !out->full;
}

int
main(int argc, char **argv)
{
	char **words = argv + 1;
	size_t len = argc > 0 ? (size_t)argc - 1 : 0;
	const struct ctl_command *k = NULL;
	struct wired w = { 0 };
	struct ctl c = { .a = arena_new(LIFE_MAX) };
	int code = EXIT_SUCCESS;
	enum err rc;

	fault_init(&c.f);
	buf_init(&c.out, c.a, CTL_OUT_MAX);
	take_conf(&c, &words, &len);
	rc = ctl_parse(&c, words, len, &k);
	if (rc == ERR_OK)
		rc = run(&c, k, &w);
	if (!show(&c.out))
		code = EXIT_FAILURE;
	if (rc != ERR_OK) {
		complain(&c.f);
		code = c.partly                                ? EXIT_PARTLY
		    : str_eq(str_of(c.f.reason), STR("usage")) ? EXIT_USAGE
							       : EXIT_FAILURE;
	}
	arena_free(c.a);
	return code;
}
