/*
 * letter: the letters port, written from the templates of web/tpl/mail/.
 *
 * Sends nothing and prints nothing: the PDF comes from the caller.
 */
#ifndef KVITOK_MAIL_LETTER_H
#define KVITOK_MAIL_LETTER_H

#include "kvitok/port/letters.h"

/* Gives: a writer that holds nothing. */
struct letters letter_writer(void);

#endif
