#include "ctl.h"

#include "demo.h"
#include "kvitok/store/loader.h"
#include "kvitok/store/migrate.h"

enum err
ctl_migrate(struct ctl *c)
{
	int applied;
	enum err rc;

	rc = migrate_run(
	    c->db, c->a, c->p->clock.now(c->p->clock.self), &applied, &c->f);
	if (rc == ERR_OK)
		buf_fmt(&c->out, "%d applied\n", applied);
	return rc;
}

static enum err
load_portal(struct ctl *c, struct str portal)
{
	/* Of its own, so that five portals take the room of one. */
	struct arena *a = arena_new(DEMO_MEMORY);
	const struct account *list;
	const struct loader_book *books;
	size_t len;
	enum err rc;

	rc = demo_accounts(a, portal, &list, &len, &books, &c->f);
	if (rc == ERR_OK)
		rc = loader_script(c->db, portal, &c->f);
	if (rc == ERR_OK)
		rc = loader_accounts(c->db, list, len, &c->f);
	if (rc == ERR_OK)
		rc = loader_books(c->db, books, len, &c->f);
	if (rc == ERR_OK) {
		ctl_cell(&c->out, portal, 20);
		buf_fmt(&c->out, "%zu accounts\n", len);
	}
	arena_free(a);
	return rc;
}

enum err
ctl_demo(struct ctl *c)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; rc == ERR_OK && demo_portals[i] != NULL; i++) {
		rc = load_portal(c, str_of(demo_portals[i]));
		if (rc != ERR_OK)
			rc = fault_wrap(&c->f, "%s", demo_portals[i]);
	}
	/* Outages, contracts and acts: of accounts that are there. */
	return rc == ERR_OK ? loader_script(c->db, STR("papers"), &c->f) : rc;
}
