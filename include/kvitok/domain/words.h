/*
 * words: a sum of money in Russian words, as receipts write it.
 *
 * Pure.  Grammar is why this Russian stands in C: the words agree in gender
 * and number («одна тысяча», «два миллиона», «одиннадцать рублей»).
 */
#ifndef KVITOK_DOMAIN_WORDS_H
#define KVITOK_DOMAIN_WORDS_H

#include "kvitok/base/buf.h"

#include <stdint.h>

/*
 * Append «Одна тысяча двести восемнадцать рублей 00 копеек»; any int64 is
 * taken, one below zero begins with «Минус».
 */
void words_roubles(struct buf *b, int64_t kop);
/* Append «октябрь 2026 г.» for 2026-10; month is valid (asserted). */
void words_month(struct buf *b, struct str month);

#endif
