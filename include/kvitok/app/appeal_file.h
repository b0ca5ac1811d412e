/*
 * appeal_file: files are brought first, then named by what a payer asks of a
 * supplier (R).
 *
 * So whatever is asked is whole from its first moment, and may go out at once.
 * A file is its payer's alone, and is forgotten when nothing has named it for
 * a day.
 */
#ifndef KVITOK_APP_APPEAL_FILE_H
#define KVITOK_APP_APPEAL_FILE_H

#include "kvitok/app/ports.h"

/* As a front-end brings it. */
struct appeal_upload {
	const struct caller *who;
	struct str payer; /* empty: none */
	struct str name;  /* as the payer's device has it; empty: none */
	struct str bytes;
	struct str ikey;
};

/*
 * Keep a file; with a key of idempotency that was used it is the former one,
 * and *replay is true.
 * Gives: *out in a.
 * Fails: ERR_LIMIT appeal_file_media (none of PDF, JPEG, PNG by its bytes, or
 * empty), idempotency_key_reused; ERR_AGAIN.
 */
KV_MUST_CHECK enum err appeal_file_bring(const struct ports *p, struct arena *a,
    const struct appeal_upload *in, struct appeal_file *out, bool *replay,
    struct fault *f);
/*
 * [tx] What was brought belongs to x, in this order.
 * Fails: ERR_LIMIT appeal_file_loose, on the field "files/N/id";
 * appeal_files_size, on "files".
 */
KV_MUST_CHECK enum err appeal_file_attach(const struct ports *p,
    struct arena *a, const struct appeal *x, const struct str *ids, size_t len,
    struct fault *f);
/*
 * The files of what a payer has asked; of nobody else.
 * Fails: ERR_ABSENT appeal_unknown.
 */
KV_MUST_CHECK enum err appeal_file_list(const struct ports *p, struct arena *a,
    struct str portal, struct str payer, struct str appeal,
    const struct appeal_file **out, size_t *len, struct fault *f);
/*
 * One of them, and what is in it.
 * Gives: *out and *bytes in a.
 * Fails: ERR_ABSENT appeal_unknown, appeal_file_unknown; ERR_BUG internal: its
 * digest is another one.
 */
KV_MUST_CHECK enum err appeal_file_read(const struct ports *p, struct arena *a,
    struct str portal, struct str payer, struct str appeal, int64_t n,
    struct appeal_file *out, struct str *bytes, struct fault *f);
/* Forget those that nobody has named in time.  Fails: as the store does. */
KV_MUST_CHECK enum err appeal_file_sweep(
    const struct ports *p, struct fault *f);

#endif
