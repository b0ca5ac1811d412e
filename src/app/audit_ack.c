#include "kvitok/app/audit_ack.h"

#include "kvitok/app/reference.h"
#include "kvitok/base/day.h"

#define PAGE 500
#define PAGE_MEMORY ((size_t)16 << 20)

static enum err
judge(const struct ports *p, struct arena *a, const struct audit_ack *row,
    const struct audit_sink *to, struct fault *f)
{
	struct audit_ack x = *row;
	const struct ref_portal *po;
	const struct ref *r;
	char day[DAY_TEXT_SIZE];
	enum err rc = reference(p, &r, f);

	if (rc != ERR_OK)
		return rc;
	po = ref_portal(r, x.pay_portal);
	day_of(x.paid_at, po ? po->zone_min : DAY_ZONE_MOSCOW, day);
	x.paid_day = str_of(day);
	audit_ack(a, &x, to);
	return ERR_OK;
}

enum err
audit_acks(const struct ports *p, const struct audit_sink *to,
    struct audit_counts *counts, struct fault *f)
{
	/* Two by turns: the next page is asked for by the end of the last. */
	struct arena *pages[] = { arena_new(PAGE_MEMORY),
		arena_new(PAGE_MEMORY) };
	struct audit_ack after = { .akey = STR("") };
	size_t len = PAGE;
	enum err rc = ERR_OK;

	after.portal = after.supplier = after.account = after.month = after.id =
	    STR("");
	for (size_t turn = 0; rc == ERR_OK && len == PAGE; turn++) {
		struct arena *a = pages[turn % 2];
		const struct audit_ack *v;

		arena_reset(a);
		rc = p->ack_audit.rows(
		    p->ack_audit.self, a, &after, PAGE, &v, &len, f);
		for (size_t i = 0; rc == ERR_OK && i < len; i++)
			rc = judge(p, a, &v[i], to, f);
		if (rc == ERR_OK && len > 0) {
			counts->acks += (int64_t)len;
			after = v[len - 1];
		}
	}
	arena_free(pages[0]);
	arena_free(pages[1]);
	return rc;
}

enum err
audit_acts(const struct ports *p, const struct audit_sink *to,
    struct audit_counts *counts, struct fault *f)
{
	/* By turns, as above. */
	struct arena *pages[] = { arena_new(PAGE_MEMORY),
		arena_new(PAGE_MEMORY) };
	struct audit_act after = { .akey = STR("") };
	size_t len = PAGE;
	enum err rc = ERR_OK;

	after.portal = after.supplier = after.account = after.number = STR("");
	for (size_t turn = 0; rc == ERR_OK && len == PAGE; turn++) {
		struct arena *a = pages[turn % 2];
		const struct audit_act *v;

		arena_reset(a);
		rc = p->ack_audit.acts(
		    p->ack_audit.self, a, &after, PAGE, &v, &len, f);
		for (size_t i = 0; rc == ERR_OK && i < len; i++)
			audit_act(a, &v[i], to);
		if (rc == ERR_OK && len > 0) {
			counts->acts += (int64_t)len;
			after = v[len - 1];
		}
	}
	arena_free(pages[0]);
	arena_free(pages[1]);
	return rc;
}
