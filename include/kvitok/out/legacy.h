/*
 * legacy: text for files of old encodings.
 *
 * What windows-1251 or cp866 lack is replaced by a short table of likenesses
 * (a rouble sign by "руб.", a long dash by "-"); what has none is refused by
 * the name of its field.
 */
#ifndef KVITOK_OUT_LEGACY_H
#define KVITOK_OUT_LEGACY_H

#include "kvitok/base/attr.h"
#include "kvitok/base/buf.h"
#include "kvitok/base/codepage.h"
#include "kvitok/base/fault.h"

/* Gives: ERR_LIMIT order_text with the argument "field". */
enum err legacy_refuse(const char *field, const char *why, struct fault *f);
/*
 * Append one line of text in the encoding.
 * Fails: ERR_LIMIT order_text: a character has no likeness, or s has a
 * control character.
 */
KV_MUST_CHECK enum err legacy_text(struct buf *out, enum codepage cp,
    const char *field, struct str s, struct fault *f);

#endif
