#include "kvitok/app/proof.h"

#define EVIDENCE_MAX 16384

void
proof_begin(struct proof *e, struct arena *a)
{
	buf_init(&e->b, a, EVIDENCE_MAX);
	jw_init(&e->w, &e->b);
	jw_object(&e->w);
}

struct str
proof_end(struct proof *e)
{
	jw_object_end(&e->w);
	/* Evidence is bounded by its parts; one that is not is told as such,
	 * for half an object is no evidence. */
	return e->b.full ? STR("{\"too_large\":true}") : buf_str(&e->b);
}
