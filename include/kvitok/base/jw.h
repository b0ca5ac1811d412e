/*
 * jw: JSON out, compact; puts commas and quotes itself.
 *
 * Never checks that what is written makes sense as a whole: whoever opens an
 * object closes it.
 */
#ifndef KVITOK_BASE_JW_H
#define KVITOK_BASE_JW_H

#include "kvitok/base/buf.h"
#include "kvitok/base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct jw {
	struct buf *b;
	unsigned depth;
	uint32_t used; /* bit per depth: something stands there already */
	bool after_key;
};

/* Ready to append one value to b. */
void jw_init(struct jw *w, struct buf *b);
/* Containers, nested at most 31 deep (asserted). */
void jw_object(struct jw *w);
void jw_object_end(struct jw *w);
void jw_list(struct jw *w);
void jw_list_end(struct jw *w);
/* The name of the member whose value comes next. */
void jw_key(struct jw *w, const char *name);
void jw_name(struct jw *w, struct str name);
/* One value each. */
void jw_text(struct jw *w, struct str s);
void jw_int(struct jw *w, int64_t n);
void jw_bool(struct jw *w, bool yes);
void jw_null(struct jw *w);
/* A value that is JSON already, checked where it was made. */
void jw_raw(struct jw *w, struct str json);
/* Name and value at once; an empty optional text becomes null. */
void jw_ktext(struct jw *w, const char *name, struct str s);
void jw_kopt(struct jw *w, const char *name, struct str s);
void jw_kint(struct jw *w, const char *name, int64_t n);
/* Millionths, as text: "12.345", without zeros at the end. */
void jw_kmicro(struct jw *w, const char *name, int64_t n);
void jw_kbool(struct jw *w, const char *name, bool yes);
/* RFC 3339 in UTC; 0 becomes null. */
void jw_ktime(struct jw *w, const char *name, int64_t at);

#endif
