#include "kvitok/app/invoice.h"

#include "kvitok/web/handlers.h"

#define SUFFIX ".pdf"

/* An account number may have letters, which no header has: all but the ASCII
 * of it becomes '_'. */
static struct str
file_name(struct arena *a, const struct invoice *bill)
{
	char *s = arena_z(a, bill->number);
	size_t n = 0;

	for (size_t i = 0; i < bill->number.len; i++) {
		unsigned char c = (unsigned char)bill->number.p[i];

		if ((c & 0xC0) == 0x80)
			continue; /* the rest of a character */
		s[n++] = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
			(c >= 'a' && c <= 'z') || c == '-'
		    ? (char)c
		    : '_';
	}
	return (struct str){ s, n };
}

enum err
api_bill(struct turn *t)
{
	struct str month = t->params.v[2];
	struct invoice bill;
	struct bytes pdf;
	enum err rc;

	if (!str_ends(month, STR(SUFFIX)))
		return fault_set(
		    t->f, ERR_ABSENT, "path_unknown", "bills are " SUFFIX);
	month.len -= sizeof(SUFFIX) - 1;
	rc = invoice_print(t->p, t->a, t->who.portal, t->params.v[0],
	    t->params.v[1], month, &bill, &pdf, t->f);
	if (rc != ERR_OK)
		return rc;
	turn_pdf(t, file_name(t->a, &bill), pdf);
	return ERR_OK;
}
