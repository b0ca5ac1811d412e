/*
 * codepage: the encodings that Russian registers come and go in.
 *
 * Within Kvitok text is UTF-8; here it is read from and written to Windows-1251
 * (accounting programs), CP866 (DOS, DBF) and UTF-8 as files have it.  What has
 * no place in an encoding is told, never dropped.
 */
#ifndef KVITOK_BASE_CODEPAGE_H
#define KVITOK_BASE_CODEPAGE_H

#include "kvitok/base/attr.h"
#include "kvitok/base/buf.h"
#include "kvitok/base/str.h"

#include <stdbool.h>
#include <stddef.h>

#define CODEPAGE_BOM "\xEF\xBB\xBF" /* UTF-8's mark at the head of a file */

enum codepage {
	CODEPAGE_UTF8,
	CODEPAGE_CP1251,
	CODEPAGE_CP866,
	CODEPAGE__COUNT
};

/* Gives: the word of layouts: "utf-8", "cp1251", "cp866". */
const char *codepage_name(enum codepage cp);
KV_MUST_CHECK bool codepage_of(struct str name, enum codepage *cp);

/*
 * Append bytes of the encoding as UTF-8.
 * Gives: bytes that were taken: all of them, or those before the first one
 * that is no character of the encoding (0x98 of Windows-1251, malformed
 * UTF-8); out then has what stands before.
 */
KV_MUST_CHECK size_t codepage_read(
    enum codepage cp, struct str bytes, struct buf *out);
/*
 * Append UTF-8 as bytes of the encoding.  A character that it has not is
 * written as instead, or stops when instead is 0.
 * Gives: bytes of text that were taken: all, or those before the first
 * character that has no place, or is malformed.
 */
KV_MUST_CHECK size_t codepage_write(
    enum codepage cp, struct str text, char instead, struct buf *out);

#endif
