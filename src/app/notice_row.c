#include "kvitok/app/notice_row.h"

#include "kvitok/app/chronicle.h"
#include "kvitok/base/secret.h"
#include "kvitok/base/utf8.h"
#include "kvitok/domain/payment.h"

#define RAW_MAX 8000
#define SUBJECT_MAX 100 /* of a case */

static struct str
raw_of(struct arena *a, const struct bank_call *call)
{
	struct buf b;

	buf_init(&b, a, RAW_MAX + 16);
	buf_text(&b, call->method);
	buf_char(&b, ' ');
	buf_text(&b, call->path);
	buf_char(&b, '?');
	buf_text(&b, utf8_cut_bytes(call->query, RAW_MAX / 2));
	if (call->body.len > 0) {
		buf_char(&b, '\n');
		buf_text(&b, utf8_cut_bytes(call->body, RAW_MAX / 3));
	}
	return utf8_valid(buf_str(&b)) ? buf_str(&b) : STR("(not UTF-8 text)");
}

void
notice_row(const struct ports *p, struct arena *a, const struct bank_call *call,
    struct str bank, const struct bank_notice *n, const char *verdict,
    struct notice *out)
{
	int64_t now = p->clock.now(p->clock.self);
	char id[27];

	p->ids.ulid(p->ids.self, now, id);
	*out = (struct notice){
		.akey = STR(PAY_AKEY_NONE),
		.id = arena_str(a, str_of(id)),
		.number = STR(""),
		.bank = bank,
		.contract = n->trust == TRUST_SIGNED ? n->contract : STR(""),
		.kind = utf8_cut_bytes(n->kind_text, 32),
		.verdict = str_of(verdict),
		.raw = raw_of(a, call),
		.at = now,
	};
	secret_sha256_hex(out->raw, out->digest);
}

struct unknown {
	const struct ports *p;
	struct arena *a;
	const struct bank_notice *n;
	const struct notice *kept;
};

static enum err
unknown_body(void *arg, struct fault *f)
{
	struct unknown *u = arg;
	struct proof e;
	struct pay_case row;
	bool first, made;
	enum err rc = u->p->evidence.notice_put(
	    u->p->evidence.self, u->kept, STR_NONE, u->kept->at, &first, f);

	if (rc != ERR_OK)
		return rc;
	proof_begin(&e, u->a);
	jw_ktext(&e.w, "contract", u->n->contract);
	jw_ktext(&e.w, "bank_no", utf8_cut_bytes(u->n->bank_no, 128));
	jw_ktext(&e.w, "trx", utf8_cut_bytes(u->n->trx, 64));
	jw_ktext(&e.w, "notice", u->kept->id);
	row = (struct pay_case){
		.akey = STR(PAY_AKEY_NONE),
		.id = u->kept->id,
		.portal = STR(""),
		.number = STR(""),
		.kind = STR("unknown_number"),
		.subject = utf8_cut_bytes(
		    u->n->trx.len ? u->n->trx : u->n->bank_no, SUBJECT_MAX),
		.proposal = STR("ask_bank"),
		.sum_kop = u->n->taken_kop >= 0 ? u->n->taken_kop : 0,
		.evidence = proof_end(&e),
		.created_at = u->kept->at,
	};
	return u->p->evidence.case_put(u->p->evidence.self, &row, &made, f);
}

enum err
notice_unknown(const struct ports *p, struct arena *a,
    const struct bank_notice *n, const struct notice *kept, struct fault *f)
{
	struct unknown u = { p, a, n, kept };

	return p->tx.run(p->tx.self, "unknown", unknown_body, &u, f);
}
