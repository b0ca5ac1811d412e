#include "kvitok/sim/mailbox.h"

struct mailbox {
	struct mail *kept[MAILBOX_MAX];
	uint64_t n; /* ever */
};

static void
mailbox_free(void *object)
{
	mailbox_clear(object);
}

struct mailbox *
mailbox_new(struct arena *a)
{
	struct mailbox *m = ARENA_NEW(a, struct mailbox);

	arena_defer(a, mailbox_free, m);
	return m;
}

void
mailbox_clear(struct mailbox *m)
{
	for (size_t i = 0; i < MAILBOX_MAX; i++) {
		if (m->kept[i])
			arena_free(m->kept[i]->a);
		m->kept[i] = NULL;
	}
}

void
mailbox_put(struct mailbox *m, struct mail *mail, int64_t now)
{
	size_t i = (size_t)(++m->n % MAILBOX_MAX);

	if (m->kept[i])
		arena_free(m->kept[i]->a);
	mail->n = m->n;
	mail->accepted_at = now;
	m->kept[i] = mail;
}

const struct mail *
mailbox_get(const struct mailbox *m, uint64_t n)
{
	const struct mail *mail = m->kept[n % MAILBOX_MAX];

	return mail && mail->n == n ? mail : NULL;
}

uint64_t
mailbox_newest(const struct mailbox *m)
{
	return m->n;
}
