/*
 * send: documents that go out to suppliers: made, handed over, handed over
 * again until they are acknowledged (X3).
 *
 * A document of a business day is made when the day is over.  Its lines are
 * taken in pages, each line by one document; with the last page it gets its
 * number, and never changes from then on.
 */
#ifndef KVITOK_APP_SEND_H
#define KVITOK_APP_SEND_H

#include "kvitok/app/ports.h"

/*
 * Make what is due for a supplier, until the instant.
 * Gives: *more, there is more to be made.
 * Fails: as the store and the pulse do; what was made is kept.
 */
KV_MUST_CHECK enum err send_make(const struct ports *p,
    const struct mailbox_owner *who, int64_t until, const struct pulse *pulse,
    bool *more, struct fault *f);
/* See to it that what was not acknowledged in time is handed over again; after
 * the last time a case is opened.  Fails: as the store does. */
KV_MUST_CHECK enum err send_remind(const struct ports *p, struct arena *a,
    const struct mailbox_owner *who, struct fault *f);
/*
 * Hand a document over, and note that it was; twice is once.
 * Fails: ERR_AGAIN as the mailbox does; ERR_BUG exchange_text_differs; as the
 * pulse.
 */
KV_MUST_CHECK enum err send_hand(const struct ports *p, struct arena *a,
    const struct mailbox_owner *who, struct mailbox *box,
    const struct exchange_ack *out, const struct pulse *pulse, struct fault *f);
/*
 * [tx] It is to be handed over again, acknowledged or not; one that was
 * refused waits for its answer again.
 * Fails: ERR_ABSENT exchange_unknown.
 */
KV_MUST_CHECK enum err send_resend(const struct ports *p, struct arena *a,
    struct str portal, struct str supplier, int64_t number, struct fault *f);

#endif
