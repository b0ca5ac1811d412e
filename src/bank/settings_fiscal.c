#include "kvitok/bank/settings_fiscal.h"

#include "kvitok/base/num.h"
#include "kvitok/domain/requisite.h"

#define CODE_MAX 999

/*
 * Codes of Sberbank's manuals; those of 5, 7 and 22 per cent are what another
 * bank of the same platform has and must be confirmed for the contract
 * (doc/banks.md): that is what the setting is for.
 */
static const int usual_codes[CART_VAT__COUNT] = {
	[CART_VAT_NONE] = 0,
	[CART_VAT_0] = 1,
	[CART_VAT_10] = 2,
	[CART_VAT_10_110] = 4,
	[CART_VAT_20] = 6,
	[CART_VAT_20_120] = 7,
	[CART_VAT_5] = 10,
	[CART_VAT_5_105] = 11,
	[CART_VAT_7] = 12,
	[CART_VAT_7_107] = 13,
	[CART_VAT_22] = 14,
	[CART_VAT_22_122] = 15,
};

struct reading {
	const struct conf *conf;
	const char *section;
	struct buf *report;
	bool *bad;
};

static void
complain(struct reading *r, const char *key, const char *words)
{
	conf_complain(r->conf, r->section, key, r->report, words);
	*r->bad = true;
}

/* "22=14" */
static void
read_code(struct reading *r, struct str pair, struct contract *c)
{
	struct str code = pair, name;
	enum cart_vat vat;
	int64_t n;

	if (!str_cut(&code, '=', &name) || !cart_vat_of(str_trim(name), &vat) ||
	    !num_parse(str_trim(code), 0, CODE_MAX, &n))
		complain(r, "tax_codes",
		    "wanted: RATE=CODE, ..., as 22=14, 22/122=15");
	else
		c->tax_codes[vat] = (int)n;
}

static struct str
needed(struct reading *r, const char *key)
{
	struct str s = conf_text(r->conf, r->section, key);

	if (s.len == 0)
		complain(r, key, "fiscal = bank needs it");
	return s;
}

void
settings_fiscal(struct arena *a, const struct conf *conf, const char *section,
    struct contract *c, struct buf *report, bool *bad)
{
	/* As the old gateway counts them: 3 is no more (ENVD). */
	static const struct {
		const char *word;
		int code;
	} systems[] = { { "osn", 0 }, { "usn_income", 1 },
		{ "usn_income_outcome", 2 }, { "esn", 4 }, { "patent", 5 } };
	struct reading r = { conf, section, report, bad };
	size_t system = conf_choice(conf, section, "tax_system");
	struct str *codes;
	size_t n = conf_list(a, conf, section, "tax_codes", &codes);

	c->fiscal = conf_choice(conf, section, "fiscal") == 1;
	c->ffd_1_2 = conf_choice(conf, section, "ffd") == 1;
	c->tax_system = systems[system].code;
	c->tax_system_word = str_of(systems[system].word);
	memcpy(c->tax_codes, usual_codes, sizeof(usual_codes));
	for (size_t i = 0; i < n; i++)
		read_code(&r, codes[i], c);
	if (!c->fiscal)
		return;
	c->fiscal_inn = needed(&r, "fiscal_inn");
	c->fiscal_email = needed(&r, "fiscal_email");
	c->fiscal_place = needed(&r, "fiscal_place");
	if (c->fiscal_inn.len > 0 && !requisite_inn_ok(c->fiscal_inn))
		complain(&r, "fiscal_inn", "its control digit is wrong");
	if (c->ffd_1_2 && c->dialect == CONTRACT_OLD)
		complain(&r, "ffd", "dialect = old knows 1.05 alone");
}
