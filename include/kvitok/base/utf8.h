/*
 * utf8: is it text, how long is it, where may it be cut.
 */
#ifndef KVITOK_BASE_UTF8_H
#define KVITOK_BASE_UTF8_H

#include "kvitok/base/arena.h"
#include "kvitok/base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* Well-formed UTF-8 (RFC 3629) without NUL and C1/C0 controls but tab, LF,
 * CR. */
bool utf8_text(struct str s);
/* Well-formed UTF-8, whatever the characters. */
bool utf8_valid(struct str s);
/* Gives: characters (code points) in s; malformed bytes count one each. */
size_t utf8_len(struct str s);
/* Gives: the longest head of s of at most max bytes that splits nothing. */
struct str utf8_cut_bytes(struct str s, size_t max);
/* Gives: the head of s of at most max characters. */
struct str utf8_cut(struct str s, size_t max);
/*
 * Read the character at s and go past it.
 * Gives: its code point; 0xFFFD and one byte for what is malformed.
 */
uint32_t utf8_next(struct str *s);
/* Gives: s in upper case with ё as Е, for keys and comparing (libunistring).*/
struct str utf8_fold(struct arena *a, struct str s);

#endif
