/*
 * Whatever a caller sends as a question of Gazprombank: without the bank's
 * key nothing is ever signed, and so nothing ever is said to be paid.
 */
#include "kvitok/bank/gpb_notice.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static struct sign_key *key; /* read once: it is slow */

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const char pem[] =
	    "-----BEGIN PUBLIC KEY-----\n"
	    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwFZ19iJ7zbfg+BGToz0u\n"
	    "s5jlS/BIKJm9osAmnMKXJGYu9a2zxrk45FxZVfByB1PB0+NgqQ19Crnp2wBMogkX\n"
	    "JEhylHMQGfezn5R4L50/BIeIl2Kb2EtOgzrKnn8ZrazYI4mSdAEf5Vv1+kQBd4/g\n"
	    "EOUmwlMeJ2eesR1WlHtNoIo1ltXDOhepUIgSuon1Tl8O3vHF2C3a3T23DwudoJb8\n"
	    "K8ICjVPIesIlIkNAH4jLmJr7MvGEI2U5U9FxDfdLRk+i6w0WhlHPpJK+K9SINuEU\n"
	    "cA6aKAlS2M+xu9GZXTU2gyAR2T4lnZiPoxbpL1SVg1wVoUSuqVQqXSreIsvhhaG8\n"
	    "3wIDAQAB\n"
	    "-----END PUBLIC KEY-----\n";
	static struct arena *life; /* the key's, as long as the process */
	struct fault f;
	enum err rc;

	(void)argc;
	(void)argv;
	life = arena_new(1 << 20);
	rc = sign_key_read(life,
	    (struct bytes){ (const unsigned char *)pem, sizeof(pem) - 1 }, &key,
	    &f);
	assert(rc == ERR_OK);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct contract one = { .name = STR("gpb"),
		.bank = CONTRACT_GAZPROMBANK,
		.sign = CONTRACT_SIGN_RSA,
		.digest = SIGN_SHA1,
		.certs_len = 1,
		.merch_id = STR("M1"),
		.account_id = STR("MAIN"),
		.register_url = STR("https://pay.example/register") };
	struct arena *a = arena_new(64 << 20);
	struct bank_call c = { .method = STR("GET"),
		.path = STR("/bank/gazprombank/check"),
		.query = { (const char *)data, size } };
	struct bank_notice out;
	struct fault f;
	enum err rc;

	fault_init(&f);
	one.certs[0] = key;
	rc = gpb_notice(&one, 1, a, &c, &out, &f);
	assert(rc == ERR_OK || rc == ERR_INVALID);
	if (rc == ERR_OK) {
		assert(out.trust != TRUST_SIGNED);
		assert(out.kind == NOTICE_CHECK || out.trust == TRUST_FORGED);
		assert(out.taken_kop == -1 && out.kind != NOTICE_PAID);
	}
	c.path = STR("/bank/gazprombank/register");
	rc = gpb_notice(&one, 1, a, &c, &out, &f);
	assert(rc == ERR_OK && out.trust == TRUST_FORGED);
	arena_free(a);
	return 0;
}
