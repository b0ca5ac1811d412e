#include "kvitok/base/day.h"
#include "kvitok/base/utf8.h"
#include "kvitok/out/legacy.h"
#include "kvitok/out/orders.h"

#include <inttypes.h>

#define NAME_MAX_LEN 140 /* Max140Text */
#define USTRD_MAX 140    /* of one line of remittance information */

static void
tag(struct buf *b, const char *name, struct str text)
{
	buf_fmt(b, "<%s>", name);
	buf_xml(b, text);
	buf_fmt(b, "</%s>", name);
}

static void
tag_i64(struct buf *b, const char *name, int64_t n)
{
	buf_fmt(b, "<%s>%" PRId64 "</%s>", name, n, name);
}

static enum err
name_of(struct buf *b, const char *field, struct str name, struct fault *f)
{
	if (utf8_len(name) > NAME_MAX_LEN)
		return legacy_refuse(field, "above 140 characters", f);
	tag(b, "Nm", name);
	return ERR_OK;
}

/* An organisation by INN and KPP; a person by INN. */
static void
put_id(struct buf *b, const struct settle_party *p)
{
	bool person = p->inn.len == 12;

	buf_fmt(b, "<Id><%s>", person ? "PrvtId" : "OrgId");
	buf_lit(b, "<Othr>");
	tag(b, "Id", p->inn);
	buf_lit(b, "<SchmeNm><Cd>TXID</Cd></SchmeNm></Othr>");
	if (p->kpp.len > 0) {
		buf_lit(b, "<Othr>");
		tag(b, "Id", p->kpp);
		buf_lit(b, "<SchmeNm><Prtry>KPP</Prtry></SchmeNm></Othr>");
	}
	buf_fmt(b, "</%s></Id>", person ? "PrvtId" : "OrgId");
}

static enum err
put_party(struct buf *b, const char *role, const char *field,
    const struct settle_party *p, struct fault *f)
{
	enum err rc;

	buf_fmt(b, "<%s>", role);
	rc = name_of(b, field, p->title, f);
	put_id(b, p);
	buf_fmt(b, "</%s>", role);
	return rc;
}

static void
put_account(struct buf *b, const char *role, struct str account)
{
	buf_fmt(b, "<%s><Id><Othr>", role);
	tag(b, "Id", account);
	buf_fmt(b, "<SchmeNm><Cd>BBAN</Cd></SchmeNm></Othr></Id></%s>", role);
}

static enum err
put_bank(struct buf *b, const char *role, const char *field,
    const struct settle_party *p, struct fault *f)
{
	enum err rc;

	buf_fmt(b, "<%s><FinInstnId><ClrSysMmbId>", role);
	buf_lit(b, "<ClrSysId><Cd>RUCBC</Cd></ClrSysId>");
	tag(b, "MmbId", p->bic);
	buf_lit(b, "</ClrSysMmbId>");
	rc = name_of(b, field, p->bank, f);
	buf_fmt(b, "</FinInstnId></%s>", role);
	return rc;
}

/* Lines of at most 140 characters. */
static void
put_purpose(struct buf *b, struct str purpose)
{
	buf_lit(b, "<RmtInf>");
	while (purpose.len > 0) {
		struct str part = utf8_cut(purpose, USTRD_MAX);

		tag(b, "Ustrd", part);
		purpose.p += part.len;
		purpose.len -= part.len;
	}
	buf_lit(b, "</RmtInf>");
}

static enum err
put_order(struct buf *b, const struct settlement *s, struct fault *f)
{
	enum err rc;

	if (utf8_len(s->purpose) > SETTLE_PURPOSE_MAX)
		return legacy_refuse("purpose", "above 210 characters", f);
	buf_lit(b, "<CdtTrfTxInf><PmtId>");
	tag_i64(b, "InstrId", s->order_no);
	tag(b, "EndToEndId", s->id);
	buf_lit(b, "</PmtId><Amt><InstdAmt Ccy=\"RUB\">");
	buf_decimal(b, s->sums.transfer_kop);
	buf_lit(b, "</InstdAmt></Amt>");
	rc = put_bank(b, "CdtrAgt", "payee.bank", &s->payee, f);
	if (s->payee.correspondent.len > 0)
		put_account(b, "CdtrAgtAcct", s->payee.correspondent);
	if (rc == ERR_OK)
		rc = put_party(b, "Cdtr", "payee.title", &s->payee, f);
	put_account(b, "CdtrAcct", s->payee.account);
	put_purpose(b, s->purpose);
	buf_lit(b, "</CdtTrfTxInf>");
	return rc;
}

/* Orders of one account and day are one instruction. */
static bool
together(const struct settlement *a, const struct settlement *b)
{
	return str_eq(a->payer.account, b->payer.account) &&
	    str_eq(a->payer.bic, b->payer.bic) &&
	    str_eq(a->payer.title, b->payer.title) &&
	    str_eq(a->payer.inn, b->payer.inn) &&
	    str_eq(a->payer.kpp, b->payer.kpp) &&
	    str_eq(a->order_day, b->order_day);
}

static int64_t
sum_of(const struct settlement *v, size_t len, const struct settlement *with,
    int64_t *count)
{
	int64_t sum = 0;

	*count = 0;
	for (size_t i = 0; i < len; i++)
		if (!with || together(&v[i], with)) {
			sum += v[i].sums.transfer_kop;
			++*count;
		}
	return sum;
}

static void
put_control(struct buf *b, const struct settlement *v, size_t len,
    const struct settlement *with)
{
	int64_t count;
	int64_t sum = sum_of(v, len, with, &count);

	tag_i64(b, "NbOfTxs", count);
	buf_lit(b, "<CtrlSum>");
	buf_decimal(b, sum);
	buf_lit(b, "</CtrlSum>");
}

static enum err
put_group(struct buf *b, const struct settlement *v, size_t len, size_t i,
    struct fault *f)
{
	const struct settlement *s = &v[i];
	enum err rc;

	buf_lit(b, "<PmtInf>");
	tag(b, "PmtInfId", s->id);
	buf_lit(b, "<PmtMtd>TRF</PmtMtd>");
	put_control(b, v, len, s);
	buf_lit(b, "<ReqdExctnDt>");
	tag(b, "Dt", s->order_day);
	buf_lit(b, "</ReqdExctnDt>");
	rc = put_party(b, "Dbtr", "payer.title", &s->payer, f);
	put_account(b, "DbtrAcct", s->payer.account);
	if (rc == ERR_OK)
		rc = put_bank(b, "DbtrAgt", "payer.bank", &s->payer, f);
	for (size_t k = i; k < len && rc == ERR_OK; k++)
		if (together(&v[k], s))
			rc = put_order(b, &v[k], f);
	buf_lit(b, "</PmtInf>\n");
	return rc;
}

static bool
is_first(const struct settlement *v, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (together(&v[k], &v[i]))
			return false;
	return true;
}

enum err
orders_pain001(
    const struct settlement *v, size_t len, struct buf *out, struct fault *f)
{
	char made[DAY_RFC3339_SIZE];
	int64_t at = 0;
	enum err rc;

	for (size_t i = 0; i < len; i++)
		if (v[i].confirmed_at > at)
			at = v[i].confirmed_at;
	day_rfc3339(at, made);
	buf_lit(out,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document "
	    "xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\">"
	    "<CstmrCdtTrfInitn><GrpHdr>");
	/* The last of them names the message: another one more is another. */
	tag(out, "MsgId", v[len - 1].id);
	tag(out, "CreDtTm", str_of(made));
	put_control(out, v, len, NULL);
	buf_lit(out, "<InitgPty>");
	rc = name_of(out, "payer.title", v[0].payer.title, f);
	buf_lit(out, "</InitgPty></GrpHdr>\n");
	for (size_t i = 0; i < len && rc == ERR_OK; i++)
		if (is_first(v, i))
			rc = put_group(out, v, len, i, f);
	buf_lit(out, "</CstmrCdtTrfInitn></Document>\n");
	return rc;
}
