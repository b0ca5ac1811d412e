/*
 * asking: payers who ask suppliers, with files.
 */
#ifndef KVITOK_TESTS_STORE_ASKING_H
#define KVITOK_TESTS_STORE_ASKING_H

#include "sending.h"

#include "kvitok/app/appeal.h"
#include "kvitok/app/appeal_file.h"

#define ASK_PAYER "u-1"

static const struct caller ask_front = {
	.key_id = { "01JDQK5T9ZC8F3M2X7V4B6N1KA", 26 },
	.portal = { EX_PORTAL, sizeof(EX_PORTAL) - 1 },
};
static int ask_keys; /* of idempotency, that were used */

/* Bytes that begin as a PDF does; n tells files apart. */
static inline struct str
ask_bytes(struct world *w, size_t size, int n)
{
	char *p = arena_alloc(w->fx.a, size);

	for (size_t i = 0; i < size; i++)
		p[i] = (char)(i * 31 + i / 251 + (size_t)n);
	memcpy(p, "%PDF-1.7", size < 8 ? size : 8);
	return (struct str){ p, size };
}

static inline struct appeal_upload
ask_upload(struct world *w, struct str bytes)
{
	return (struct appeal_upload){ .who = &ask_front,
		.payer = STR(ASK_PAYER),
		.name = STR("Справка.pdf"),
		.bytes = bytes,
		.ikey = arena_fmt(w->fx.a, "file-%d", ++ask_keys) };
}

static inline struct appeal_file
ask_bring(struct world *w, const struct appeal_upload *in, bool is_replay)
{
	struct appeal_file x;
	bool replay;

	fault_init(&w->fx.f);
	assert_done(&w->fx,
	    appeal_file_bring(&w->p, w->fx.a, in, &x, &replay, &w->fx.f));
	assert_int_equal(replay, is_replay);
	return x;
}

static inline struct appeal_request
ask_request(struct world *w, const struct str *files, size_t len)
{
	return (struct appeal_request){ .who = &ask_front,
		.supplier = STR(EX_SUPPLIER),
		.account = STR(EX_ACCOUNT),
		.kind = APPEAL_RECALCULATION,
		.payer = STR(ASK_PAYER),
		.email = STR("ivanova@example.org"),
		.text = STR("Прошу\nпересчитать <&>"),
		.files = files,
		.files_len = len,
		.ikey = arena_fmt(w->fx.a, "ask-%d", ++ask_keys),
		.body_hash = STR("0123456789abcdef0123456789abcdef"
				 "0123456789abcdef0123456789abcdef") };
}

static inline struct appeal
ask_create(struct world *w, const struct appeal_request *rq)
{
	struct appeal x;
	bool replay;

	fault_init(&w->fx.f);
	assert_done(
	    &w->fx, appeal_create(&w->p, w->fx.a, rq, &x, &replay, &w->fx.f));
	assert_false(replay);
	return x;
}

/* Ask with one file of so many bytes; none: without. */
static inline struct appeal
ask_with(struct world *w, size_t size)
{
	struct str id = STR("");
	struct appeal_request rq = ask_request(w, &id, size > 0);

	if (size > 0) {
		struct appeal_upload in =
		    ask_upload(w, ask_bytes(w, size, ask_keys));

		id = ask_bring(w, &in, false).id;
	}
	return ask_create(w, &rq);
}

static inline int
ask_make(void **state)
{
	int rc = sending_make(state);

	(void)life_paid(*state); /* what the audit at the end wants to see */
	box_owner.send = 1U << SEND_REQUESTS;
	return rc;
}

#endif
