#include "kvitok/web/handlers.h"
#include "kvitok/web/page.h"

enum err
page_index(struct turn *t)
{
	return fault_set(t->f, ERR_ABSENT, "path_unknown", "soon");
}

enum err
page_portal(struct turn *t)
{
	return fault_set(t->f, ERR_ABSENT, "path_unknown", "soon");
}

enum err
page_portal_bare(struct turn *t)
{
	return fault_set(t->f, ERR_ABSENT, "path_unknown", "soon");
}

enum err
page_portal_pay(struct turn *t)
{
	return fault_set(t->f, ERR_ABSENT, "path_unknown", "soon");
}
