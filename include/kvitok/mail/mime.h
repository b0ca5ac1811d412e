/*
 * mime: a letter as the bytes that SMTP carries (RFC 5322, 2045 to 2047).
 *
 * multipart/mixed { multipart/alternative { text, HTML }, attachments },
 * every part in base64, lines of at most 76 characters that end in CRLF.
 * The same letter gives the same bytes.  Whatever could add a header is
 * refused, not repaired.
 */
#ifndef KVITOK_MAIL_MIME_H
#define KVITOK_MAIL_MIME_H

#include "kvitok/base/buf.h"
#include "kvitok/base/fault.h"
#include "kvitok/port/mailer.h"

#define MIME_SUBJECT_MAX 500 /* bytes; also of the sender's name */
#define MIME_ID_MAX 200
#define MIME_NAME_MAX 80
#define MIME_URL_MAX 700 /* its line stays below the 998 of RFC 5322 */

/*
 * Append the letter to out.  An empty html leaves that part out.
 * Fails: ERR_INVALID email_bad, email_not_ascii (from or to); ERR_BUG
 * mail_bad (an id, file name or media type that is no plain ASCII, a header
 * with controls, or above what out holds).
 */
KV_MUST_CHECK enum err mime_build(
    const struct mail *m, struct buf *out, struct fault *f);

#endif
