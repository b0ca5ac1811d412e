/*
 * buf: text that grows, with one append function per destination.
 *
 * Whoever appends foreign text names where it will be read: HTML, XML, JSON,
 * a URL, a mail header.  buf_lit takes string literals only.
 * Growth cannot fail (arena.h); above max the buffer takes no more and says
 * so in buf_full: what is cut off is a failure, never sent.
 */
#ifndef KVITOK_BASE_BUF_H
#define KVITOK_BASE_BUF_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct buf {
	struct arena *a;
	char *p; /* NUL-terminated as soon as anything was appended */
	size_t len, cap, max;
	bool full; /* something did not fit into max */
};

/* An empty buffer in a that holds at most max bytes. */
void buf_init(struct buf *b, struct arena *a, size_t max);
/* Gives: what was appended; valid until the next append. */
struct str buf_str(const struct buf *b);

#define buf_lit(b, literal) buf_bytes((b), "" literal "", sizeof(literal) - 1)
/* As it is: for text/plain, and for text that was escaped before. */
void buf_bytes(struct buf *b, const void *p, size_t len);
void buf_text(struct buf *b, struct str s);
void buf_char(struct buf *b, char c);
/* The same character n times. */
void buf_fill(struct buf *b, char c, size_t n);
void buf_i64(struct buf *b, int64_t n);
/* For numbers and our own names; never for foreign text. */
void buf_fmt(struct buf *b, const char *fmt, ...) KV_PRINTF(2, 3);

/* Escaped for element text and quoted attributes: & < > " ' */
void buf_html(struct buf *b, struct str s);
/* The same for XML 1.0; characters that XML forbids become U+FFFD. */
void buf_xml(struct buf *b, struct str s);
/* The inside of a JSON string, without the quotes (RFC 8259, 7). */
void buf_json(struct buf *b, struct str s);
/* Percent-encoded outside of RFC 3986 "unreserved"; space is %20. */
void buf_url(struct buf *b, struct str s);
/* application/x-www-form-urlencoded: as buf_url, but space is +. */
void buf_form(struct buf *b, struct str s);
/*
 * A mail header's value: ASCII as it is, else RFC 2047 B-encoded words of at
 * most 75 characters, folded.  CR and LF become spaces.
 */
void buf_header(struct buf *b, struct str s);
void buf_base64(struct buf *b, const void *p, size_t len);
/* Base64 with "-_" and no padding (RFC 4648, 5). */
void buf_base64url(struct buf *b, const void *p, size_t len);
void buf_hex(struct buf *b, const void *p, size_t len);
/* Roubles with two decimals, as people read them: 1 218,00 (NBSP groups). */
void buf_roubles(struct buf *b, int64_t kop);
/* Gives: the same as text of its own, in a. */
struct str buf_roubles_str(struct arena *a, int64_t kop);
/* Roubles for machines: 1218.00 */
void buf_decimal(struct buf *b, int64_t kop);

#endif
