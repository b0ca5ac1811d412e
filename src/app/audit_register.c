#include "kvitok/app/audit_register.h"

#include "kvitok/app/register_import.h"

#define PAGE 200
#define KEY_MAX 64

/* Where pages have got to; outlives a page's memory. */
struct place {
	char v[3][KEY_MAX + 1];
};

static enum err
go_on(struct place *at, int i, struct str key, struct fault *f)
{
	if (key.len > KEY_MAX)
		return fault_set(
		    f, ERR_BUG, "internal", "key of %zu bytes", key.len);
	memcpy(at->v[i], key.p, key.len);
	at->v[i][key.len] = '\0';
	return ERR_OK;
}

static enum err
all_rows(const struct ports *p, struct arena *a, const struct audit_sink *to,
    struct audit_counts *n, struct fault *f)
{
	const struct audit_register_row *v;
	struct place at = { { "" } };
	size_t len = PAGE;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && len == PAGE) {
		rc = p->register_audit.rows(p->register_audit.self, a,
		    str_of(at.v[0]), str_of(at.v[1]), str_of(at.v[2]), PAGE, &v,
		    &len, f);
		if (rc != ERR_OK || len == 0)
			break;
		for (size_t i = 0; i < len; i++)
			audit_register_row(a, &v[i], to);
		n->register_rows += (int64_t)len;
		rc = go_on(&at, 0, v[len - 1].akey, f);
		if (rc == ERR_OK)
			rc = go_on(&at, 1, v[len - 1].contract, f);
		if (rc == ERR_OK)
			rc = go_on(&at, 2, v[len - 1].key, f);
		arena_reset(a);
	}
	return rc;
}

static enum err
all_pairs(const struct ports *p, struct arena *a, const struct audit_sink *to,
    struct fault *f)
{
	const struct audit_register_pair *v;
	struct place at = { { "" } };
	size_t len = PAGE;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && len == PAGE) {
		rc = p->register_audit.pairs(p->register_audit.self, a,
		    str_of(at.v[0]), str_of(at.v[1]), PAGE, &v, &len, f);
		if (rc != ERR_OK || len == 0)
			break;
		for (size_t i = 0; i < len; i++)
			audit_register_pair(a, &v[i], to);
		rc = go_on(&at, 0, v[len - 1].akey, f);
		if (rc == ERR_OK)
			rc = go_on(&at, 1, v[len - 1].transfer, f);
		arena_reset(a);
	}
	return rc;
}

static enum err
all_chargebacks(const struct ports *p, struct arena *a,
    const struct audit_sink *to, struct fault *f)
{
	const struct audit_chargeback *v;
	struct place at = { { "" } };
	size_t len = PAGE;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && len == PAGE) {
		rc = p->register_audit.chargebacks(p->register_audit.self, a,
		    str_of(at.v[0]), str_of(at.v[1]), PAGE, &v, &len, f);
		if (rc != ERR_OK || len == 0)
			break;
		for (size_t i = 0; i < len; i++)
			audit_chargeback(a, &v[i], to);
		rc = go_on(&at, 0, v[len - 1].akey, f);
		if (rc == ERR_OK)
			rc = go_on(&at, 1, v[len - 1].id, f);
		arena_reset(a);
	}
	return rc;
}

static enum err
all_cases(const struct ports *p, struct arena *a, const struct audit_sink *to,
    struct audit_counts *n, struct fault *f)
{
	const struct audit_register_case *v;
	struct place at = { { "" } };
	size_t len = PAGE;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && len == PAGE) {
		rc = p->register_audit.cases(p->register_audit.self, a,
		    str_of(at.v[0]), str_of(at.v[1]), PAGE, &v, &len, f);
		if (rc != ERR_OK || len == 0)
			break;
		n->cases += (int64_t)len;
		for (size_t i = 0; i < len; i++) {
			audit_register_case(a, &v[i], to);
			n->case_events += (int64_t)v[i].events_len;
		}
		rc = go_on(&at, 0, v[len - 1].akey, f);
		if (rc == ERR_OK)
			rc = go_on(&at, 1, v[len - 1].c.id, f);
		arena_reset(a);
	}
	return rc;
}

static enum err
all_files(const struct ports *p, struct arena *a, const struct audit_sink *to,
    struct audit_counts *n, struct fault *f)
{
	const struct audit_register_file *v;
	struct place at = { { "" } };
	size_t len = PAGE;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && len == PAGE) {
		rc = p->register_audit.files(p->register_audit.self, a,
		    str_of(at.v[0]), str_of(at.v[1]), PAGE, &v, &len, f);
		if (rc != ERR_OK || len == 0)
			break;
		for (size_t i = 0; i < len; i++)
			audit_register_file(a, &v[i], REGISTER_BAD_MAX, to);
		n->registers += (int64_t)len;
		rc = go_on(&at, 0, v[len - 1].contract, f);
		if (rc == ERR_OK)
			rc = go_on(&at, 1, v[len - 1].id, f);
		arena_reset(a);
	}
	return rc;
}

enum err
audit_registers(const struct ports *p, struct arena *a,
    const struct audit_sink *to, struct audit_counts *counts, struct fault *f)
{
	enum err rc = all_rows(p, a, to, counts, f);

	if (rc == ERR_OK)
		rc = all_pairs(p, a, to, f);
	if (rc == ERR_OK)
		rc = all_chargebacks(p, a, to, f);
	if (rc == ERR_OK)
		rc = all_cases(p, a, to, counts, f);
	return rc == ERR_OK ? all_files(p, a, to, counts, f) : rc;
}
