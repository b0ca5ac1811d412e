#include "kvitok/bank/bank.h"

#include "bank_test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int64_t fake_now; /* the test's clock */

static int64_t
now(void *self)
{
	(void)self;
	return fake_now;
}

static const struct clock fake_clock = { NULL, now };

/* A key (no end) and a certificate (CERT_ENDS), made for these tests. */
static const char key_pem[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwFZ19iJ7zbfg+BGToz0u\n"
    "s5jlS/BIKJm9osAmnMKXJGYu9a2zxrk45FxZVfByB1PB0+NgqQ19Crnp2wBMogkX\n"
    "JEhylHMQGfezn5R4L50/BIeIl2Kb2EtOgzrKnn8ZrazYI4mSdAEf5Vv1+kQBd4/g\n"
    "EOUmwlMeJ2eesR1WlHtNoIo1ltXDOhepUIgSuon1Tl8O3vHF2C3a3T23DwudoJb8\n"
    "K8ICjVPIesIlIkNAH4jLmJr7MvGEI2U5U9FxDfdLRk+i6w0WhlHPpJK+K9SINuEU\n"
    "cA6aKAlS2M+xu9GZXTU2gyAR2T4lnZiPoxbpL1SVg1wVoUSuqVQqXSreIsvhhaG8\n"
    "3wIDAQAB\n"
    "-----END PUBLIC KEY-----\n";

static const char cert_pem[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIDDzCCAfegAwIBAgIUWTaqYHnyoKwvV+OCkZ7jhU3mdsgwDQYJKoZIhvcNAQEL\n"
    "BQAwFzEVMBMGA1UEAwwMYmFuay5leGFtcGxlMB4XDTI2MTEyMTAzMDIyOVoXDTI3\n"
    "MDMwMTAzMDIyOVowFzEVMBMGA1UEAwwMYmFuay5leGFtcGxlMIIBIjANBgkqhkiG\n"
    "9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwFZ19iJ7zbfg+BGToz0us5jlS/BIKJm9osAm\n"
    "nMKXJGYu9a2zxrk45FxZVfByB1PB0+NgqQ19Crnp2wBMogkXJEhylHMQGfezn5R4\n"
    "L50/BIeIl2Kb2EtOgzrKnn8ZrazYI4mSdAEf5Vv1+kQBd4/gEOUmwlMeJ2eesR1W\n"
    "lHtNoIo1ltXDOhepUIgSuon1Tl8O3vHF2C3a3T23DwudoJb8K8ICjVPIesIlIkNA\n"
    "H4jLmJr7MvGEI2U5U9FxDfdLRk+i6w0WhlHPpJK+K9SINuEUcA6aKAlS2M+xu9GZ\n"
    "XTU2gyAR2T4lnZiPoxbpL1SVg1wVoUSuqVQqXSreIsvhhaG83wIDAQABo1MwUTAd\n"
    "BgNVHQ4EFgQU7nqJWKsAWV2ral93RaTC2oZrmqYwHwYDVR0jBBgwFoAU7nqJWKsA\n"
    "WV2ral93RaTC2oZrmqYwDwYDVR0TAQH/BAUwAwEB/zANBgkqhkiG9w0BAQsFAAOC\n"
    "AQEAhK/dnOTbyObZmmrL+cW5yjkGx3D7WbfYOv07OwvLQL6jhU9lyzJkbIEJushR\n"
    "aU282/2LzX4YZQ6/GCMAUzzv9rfI2aBjJCKZMvGrR34zxpMUGbPFhi8MVYTOA2Dt\n"
    "xnp0bwecPfIEzmxhgyc6yqQsui4H9dfKzvrJpkopeVJ4CnjBDnbErlvGW6G25nEL\n"
    "/q+5eJquImw7kRkr+qPjBMBUDhcdJWwARm5KTPdkj4043HhEc2Vm0zYVVKs6KbMO\n"
    "SrCYfvw4fin0i/tUIHLuS2aohzOx8bYr1fWuagf9Bqvfu0XK+KDKBY+WaUmyb50n\n"
    "8s/b3Z8YHrS6przi6DpbVupglQ==\n"
    "-----END CERTIFICATE-----\n";
#define CERT_ENDS INT64_C(1803870149000)

struct files {
	char dir[32];
	const char *conf, *key, *cert, *secret, *junk;
};

static const char *
put(struct fixture *fx, const struct files *fs, const char *name,
    const char *text, mode_t mode)
{
	const char *path = arena_fmt(fx->a, "%s/%s", fs->dir, name).p;
	FILE *out = fopen(path, "wb");

	assert_non_null(out);
	assert_int_equal(fwrite(text, 1, strlen(text), out), strlen(text));
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(path, mode), 0);
	return path;
}

static struct files
files_make(struct fixture *fx)
{
	struct files fs = { .dir = "/tmp/kvitok-bank-XXXXXX" };

	assert_non_null(mkdtemp(fs.dir));
	fs.key = put(fx, &fs, "key.pem", key_pem, 0644);
	fs.cert = put(fx, &fs, "cert.pem", cert_pem, 0644);
	fs.secret = put(fx, &fs, "secret", "word\n", 0600);
	fs.junk = put(fx, &fs, "junk.pem", "junk", 0644);
	return fs;
}

static void
files_drop(const struct files *fs)
{
	static const char *const names[] = { "key.pem", "cert.pem", "secret",
		"junk.pem", "kvitok.conf" };
	char path[64];

	for (size_t i = 0; i < KV_COUNT(names); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", fs->dir, names[i]);
		unlink(path);
	}
	rmdir(fs->dir);
}

static const struct conf *
load(struct fixture *fx, struct files *fs, const char *text)
{
	struct conf *c = NULL;
	struct buf report;

	fs->conf = put(fx, fs, "kvitok.conf", text, 0644);
	buf_init(&report, fx->a, 8192);
	if (conf_load(fx->a, fs->conf, bank_conf, bank_conf_len, &c, &report,
		&fx->f) != ERR_OK)
		fail_msg("%.*s", STR_ARG(buf_str(&report)));
	return c;
}

#define SBER_HEAD                                                              \
	"[contract sber]\nbank = sberbank\ndialect = old\n"                    \
	"base_url = http://127.0.0.1:1/payment/rest\n"
#define SBER_LOGIN "login = x-api\npassword = %1$s\n"
#define GPB_HEAD                                                               \
	"[contract gpb]\nbank = gazprombank\ndialect = pga\n"                  \
	"merch_id = M1\naccount_id = MAIN\n"                                   \
	"start_url = https://pga.example/pages/\n"                             \
	"public_check_url = https://pay.example/check\n"                       \
	"public_register_url = https://pay.example/register\n"
#define GPB_API "api_url = http://127.0.0.1:1/api/v4/portal\n"
#define GPB_LOGIN "basic_user = bank\nbasic_password = %1$s\n"

/* In text %1$s is the secret, %2$s the key, %3$s the certificate, %4$s junk. */
static const struct conf *
load_fmt(struct fixture *fx, struct files *fs, const char *text)
{
	const char *paths[] = { fs->secret, fs->key, fs->cert, fs->junk };
	struct buf b;

	buf_init(&b, fx->a, 8192);
	for (const char *p = text; *p != '\0'; p++) {
		if (p[0] == '%' && p[1] >= '1' && p[1] <= '4') {
			buf_text(&b, str_of(paths[p[1] - '1']));
			p += 3;
		} else {
			buf_char(&b, *p);
		}
	}
	buf_char(&b, '\n');
	return load(fx, fs, b.p);
}

static void
check_settings(
    struct fixture *fx, const char *text, bool good, const char *const *words)
{
	struct files fs = files_make(fx);
	const struct conf *c = load_fmt(fx, &fs, text);
	struct buf report;

	buf_init(&report, fx->a, 8192);
	if (bank_settings_check(fx->a, c, fake_now, &report) != good)
		fail_msg("%s: %.*s", text, STR_ARG(buf_str(&report)));
	for (; *words != NULL; words++)
		if (report.len == 0 || strstr(report.p, *words) == NULL)
			fail_msg("%s: no \"%s\" in %.*s", text, *words,
			    STR_ARG(buf_str(&report)));
	files_drop(&fs);
}

static void
whole_contracts_are_good(void **state)
{
	static const char *const none[] = { NULL };
	static const char *const good[] = {
		SBER_HEAD SBER_LOGIN "sign = hmac\nhmac_key = %1$s",
		SBER_HEAD SBER_LOGIN "sign = rsa\ncerts = %2$s, %3$s",
		SBER_HEAD "token = %1$s",
		GPB_HEAD GPB_API GPB_LOGIN "certs = %3$s",
		GPB_HEAD "status = none\nallow_from = 10.0.0.0/8\n"
			 "certs = %2$s",
		"",
	};
	struct fixture *fx = *state;

	fake_now = CERT_ENDS - 60 * INT64_C(86400000);
	for (size_t i = 0; i < KV_COUNT(good); i++)
		check_settings(fx, good[i], true, none);
}

static void
what_a_bank_lacks_is_named_with_its_key(void **state)
{
	static const struct {
		const char *text;
		const char *words[3];
	} bad[] = {
		{ "[contract s]\nbank = sberbank\ndialect = old\n",
		    { "base_url: this bank needs it", "login" } },
		{ "[contract s]\nbank = sberbank\ndialect = pga\n",
		    { "dialect: sberbank has" } },
		{ SBER_HEAD SBER_LOGIN "token = %1$s", { "token: either" } },
		{ "[contract s]\nbank = sberbank\ndialect = new\n"
		  "token = %1$s\nbase_url = https://x.example/",
		    { "token: dialect = new" } },
		{ SBER_HEAD "login = x", { "login and password" } },
		{ SBER_HEAD SBER_LOGIN "sign = hmac", { "hmac_key: " } },
		{ SBER_HEAD SBER_LOGIN "sign = rsa", { "certs: " } },
		{ SBER_HEAD SBER_LOGIN "sign = rsa\ncerts = %4$s",
		    { "junk.pem: neither" } },
		{ SBER_HEAD SBER_LOGIN "sign = rsa\ncerts = /nowhere/x.pem",
		    { "/nowhere/x.pem cannot be read" } },
		{ SBER_HEAD SBER_LOGIN "page_url = https://x.example/",
		    { "page_url: has no {id}" } },
		{ SBER_HEAD SBER_LOGIN "connect_ms = 2000\ntotal_ms = 1000",
		    { "connect_ms: is above" } },
		{ SBER_HEAD SBER_LOGIN "ca_system = no",
		    { "ca_system: no needs" } },
		{ "[contract Sber One]\nbank = sberbank\ndialect = old\n",
		    { "name has 1 to 32" } },
		{ "[contract g]\nbank = gazprombank\ndialect = old\n",
		    { "dialect: gazprombank has",
			"merch_id: ", "account_id: " } },
		{ "[contract g]\nbank = gazprombank\ndialect = pga\n",
		    { "start_url: ", "public_register_url: ", "certs: " } },
		{ GPB_HEAD GPB_LOGIN "certs = %2$s", { "api_url: " } },
		{ GPB_HEAD GPB_API "basic_user = x\ncerts = %2$s",
		    { "go together" } },
		{ GPB_HEAD GPB_API "certs = %2$s\npage_id = a/b",
		    { "page_id: only" } },
	};
	struct fixture *fx = *state;

	for (size_t i = 0; i < KV_COUNT(bad); i++) {
		const char *words[4] = { bad[i].words[0], bad[i].words[1],
			bad[i].words[2], NULL };

		check_settings(fx, bad[i].text, false, words);
	}
}

static void
a_certificate_is_warned_of_thirty_days_before_its_end(void **state)
{
	static const char *const warned[] = { "warning: ", " ends on ", NULL };
	static const char *const none[] = { NULL };
	static const char text[] =
	    GPB_HEAD GPB_API GPB_LOGIN "certs = %2$s, %3$s";
	struct fixture *fx = *state;
	struct files fs = files_make(fx);
	const struct conf *c = load_fmt(fx, &fs, text);
	struct buf report;

	fake_now = CERT_ENDS - 30 * INT64_C(86400000);
	check_settings(fx, text, true, warned);
	fake_now = CERT_ENDS + 1; /* still no error */
	check_settings(fx, text, true, warned);
	fake_now = CERT_ENDS - 30 * INT64_C(86400000) - 1;
	check_settings(fx, text, true, none);
	buf_init(&report, fx->a, 8192);
	assert_true(bank_settings_check(fx->a, c, fake_now, &report));
	assert_int_equal(report.len, 0);
	files_drop(&fs);
}

static void
doors_that_stand_open_are_warned_of(void **state)
{
	static const char *const sign[] = { "sign: warning: ", NULL };
	static const char *const token[] = { "token: warning: ", NULL };
	static const char *const basic[] = { "basic_user: warning: ", NULL };
	struct fixture *fx = *state;

	fake_now = 1;
	check_settings(fx, SBER_HEAD SBER_LOGIN, true, sign);
	check_settings(fx, SBER_HEAD "token = %1$s", true, token);
	check_settings(fx, GPB_HEAD GPB_API "certs = %2$s", true, basic);
}

struct opened {
	struct files fs;
	struct gateway g;
	struct gateway_answers answers;
	struct bank *bank;
	struct stats *stats;
};

static const char two[] = GPB_HEAD GPB_API
    "certs = %2$s, %3$s\n" SBER_HEAD SBER_LOGIN
    "page_url = https://x.example/{id}\nsign = hmac\nhmac_key = %1$s\n"
    "down_min_calls = 2\n";

static void
open_all(struct fixture *fx, struct opened *o)
{
	struct bank_parts parts = { .first_slot = 5, .clock = &fake_clock };

	o->fs = files_make(fx);
	parts.conf = load_fmt(fx, &o->fs, two);
	assert_int_equal(
	    stats_open(NULL, "test", BANK_SLOTS + 5, &o->stats, &fx->f),
	    ERR_OK);
	parts.stats = o->stats;
	if (bank_open(fx->a, &parts, &o->g, &o->answers, &o->bank, &fx->f) !=
	    ERR_OK)
		fail_msg("%s", fx->f.detail);
}

static void
close_all(struct opened *o)
{
	stats_close(o->stats);
	files_drop(&o->fs);
}

static void
traits_tell_how_a_contract_is_to_be_treated(void **state)
{
	struct fixture *fx = *state;
	struct gateway_traits t;
	struct opened o;

	open_all(fx, &o);
	assert_int_equal(o.g.traits(o.g.self, STR("sber"), &t, &fx->f), ERR_OK);
	assert_int_equal(t.way, GATEWAY_REGISTERS);
	assert_int_equal(t.life_s, 1200);
	assert_false(t.proof_by_notice);
	assert_true(t.notices_signed);
	assert_int_equal(o.g.traits(o.g.self, STR("gpb"), &t, &fx->f), ERR_OK);
	assert_int_equal(t.way, GATEWAY_REDIRECTS);
	assert_false(t.proof_by_notice);
	assert_true(t.notices_signed);
	assert_false(t.caller_known); /* neither login nor addresses */
	close_all(&o);
}

static void
an_unknown_contract_is_our_bug_everywhere(void **state)
{
	struct fixture *fx = *state;
	struct bank_order order = { .total_kop = 1 };
	struct bank_check_answer answer = { .may = true };
	struct bank_query q = { .trxs_len = 0 };
	struct gateway_traits t;
	struct bank_start start;
	struct bank_status status;
	struct str url, no = STR("nobody");
	struct opened o;
	struct buf b;

	open_all(fx, &o);
	buf_init(&b, fx->a, 1024);
	assert_int_equal(o.g.traits(o.g.self, no, &t, &fx->f), ERR_BUG);
	assert_string_equal(fx->f.reason, "contract_unknown");
	assert_int_equal(
	    o.g.start(o.g.self, fx->a, no, &order, &start, &fx->f), ERR_BUG);
	assert_int_equal(
	    o.g.status(o.g.self, fx->a, no, &q, &status, &fx->f), ERR_BUG);
	assert_int_equal(o.g.cancel(o.g.self, fx->a, no, &q, &fx->f), ERR_BUG);
	assert_int_equal(
	    o.g.page_url(o.g.self, fx->a, no, no, &url, &fx->f), ERR_BUG);
	assert_int_equal(
	    o.answers.check(o.answers.self, no, &answer, &b, &fx->f), ERR_BUG);
	assert_false(o.g.is_down(o.g.self, no, 1));
	close_all(&o);
}

static void
a_bank_that_does_not_answer_is_down_for_all_its_new_payments(void **state)
{
	struct fixture *fx = *state;
	struct bank_order order = { .bank_no = STR("N"), .total_kop = 1 };
	struct bank_start start;
	struct opened o;
	struct buf text;
	struct jw w;

	fake_now = INT64_C(1795000000000);
	open_all(fx, &o);
	for (int i = 0; i < 2; i++) {
		assert_false(o.g.is_down(o.g.self, STR("sber"), fake_now));
		assert_int_equal(o.g.start(o.g.self, fx->a, STR("sber"), &order,
				     &start, &fx->f),
		    ERR_AGAIN);
	}
	assert_true(o.g.is_down(o.g.self, STR("sber"), fake_now));
	assert_false(o.g.is_down(o.g.self, STR("gpb"), fake_now));
	buf_init(&text, fx->a, 65536);
	bank_metrics(o.bank, fake_now, &text);
	assert_false(text.full);
	assert_non_null(strstr(text.p,
	    "kvitok_bank_calls_total{contract=\"sber\",call=\"start\","
	    "end=\"not_sent\"} 2\n"));
	assert_non_null(
	    strstr(text.p, "kvitok_bank_down{contract=\"sber\"} 1\n"));
	assert_non_null(
	    strstr(text.p, "kvitok_bank_down{contract=\"gpb\"} 0\n"));
	assert_non_null(strstr(
	    text.p, "kvitok_bank_state{contract=\"sber\",state=\"open\"} 1\n"));
	assert_non_null(strstr(text.p,
	    "kvitok_bank_state{contract=\"gpb\",state=\"closed\"} 1\n"));
	assert_non_null(
	    strstr(text.p, "kvitok_bank_window_failed{contract=\"sber\"} 2\n"));
	assert_non_null(strstr(
	    text.p, "kvitok_bank_certificate_end_seconds{contract=\"gpb\"} "));
	assert_false(o.g.admits(o.g.self, STR("sber"), fake_now));
	assert_true(o.g.admits(o.g.self, STR("gpb"), fake_now));
	assert_true(o.g.admits(o.g.self, STR("nobody"), fake_now));
	buf_init(&text, fx->a, 4096);
	jw_init(&w, &text);
	jw_object(&w);
	bank_ready(o.bank, fake_now, &w);
	jw_object_end(&w);
	assert_non_null(strstr(
	    text.p, "{\"contract\":\"sber\",\"state\":\"open\",\"since\":\"2"));
	assert_non_null(strstr(text.p, "\"calls\":2,\"failed\":2,\"slow\":0}"));
	assert_non_null(strstr(text.p,
	    "{\"contract\":\"gpb\",\"state\":\"closed\",\"since\":null,"));
	close_all(&o);
}

static void
links_pages_and_cancelling_go_by_bank(void **state)
{
	struct fixture *fx = *state;
	struct bank_order order = { .bank_no = STR("N-1"),
		.return_url = STR("https://pay.example/r") };
	struct bank_query q = { .bank_no = STR("N-1") };
	struct bank_start start;
	struct str url;
	struct opened o;

	open_all(fx, &o);
	assert_int_equal(
	    o.g.start(o.g.self, fx->a, STR("gpb"), &order, &start, &fx->f),
	    ERR_OK);
	assert_true(str_starts(
	    start.form_url, STR("https://pga.example/pages/?lang_code=RU")));
	assert_int_equal(
	    o.g.cancel(o.g.self, fx->a, STR("gpb"), &q, &fx->f), ERR_OK);
	assert_int_equal(
	    o.g.cancel(o.g.self, fx->a, STR("sber"), &q, &fx->f), ERR_CONFLICT);
	assert_int_equal(o.g.page_url(o.g.self, fx->a, STR("sber"), STR("u-1"),
			     &url, &fx->f),
	    ERR_OK);
	assert_text(url, "https://x.example/u-1");
	assert_int_equal(
	    o.g.page_url(o.g.self, fx->a, STR("gpb"), STR("u-1"), &url, &fx->f),
	    ERR_OK);
	assert_text(url, "");
	close_all(&o);
}

static void
notices_go_to_their_bank_and_are_counted_by_trust(void **state)
{
	struct fixture *fx = *state;
	struct bank_call sber = { .query = STR("operation=deposited&status=1"
					       "&mdOrder=u&checksum=00") };
	struct bank_call gpb = { .path = STR("/bank/gazprombank/check"),
		.query = STR("merch_id=M1&trx_id=T&o.order_id=N") };
	struct bank_notice n;
	struct opened o;
	struct buf text;

	open_all(fx, &o);
	assert_int_equal(
	    o.g.notice(o.g.self, fx->a, STR("sberbank"), &sber, &n, &fx->f),
	    ERR_OK);
	assert_int_equal(n.trust, TRUST_FORGED);
	assert_int_equal(
	    o.g.notice(o.g.self, fx->a, STR("gazprombank"), &gpb, &n, &fx->f),
	    ERR_OK);
	assert_int_equal(n.trust, TRUST_UNSIGNED);
	assert_text(n.contract, "gpb");
	buf_init(&text, fx->a, 65536);
	bank_metrics(o.bank, fake_now, &text);
	assert_non_null(strstr(text.p,
	    "kvitok_bank_notices_total{bank=\"sberbank\",trust=\"forged\"} "
	    "1\n"));
	assert_non_null(
	    strstr(text.p, "{bank=\"gazprombank\",trust=\"unsigned\"} 1\n"));
	close_all(&o);
}

static void
bad_settings_do_not_open_and_say_why(void **state)
{
	struct fixture *fx = *state;
	struct files fs = files_make(fx);
	struct bank_parts parts = { .clock = &fake_clock };
	struct gateway g;
	struct gateway_answers answers;
	struct bank *bank;

	parts.conf = load_fmt(fx, &fs, SBER_HEAD "login = x");
	assert_int_equal(
	    bank_open(fx->a, &parts, &g, &answers, &bank, &fx->f), ERR_INVALID);
	assert_string_equal(fx->f.reason, "conf_bad");
	assert_non_null(strstr(fx->f.detail, "login and password"));
	files_drop(&fs);
}

static void
the_layout_names_the_contracts_in_their_order(void **state)
{
	struct fixture *fx = *state;
	struct files fs = files_make(fx);
	struct buf b;

	buf_init(&b, fx->a, 1024);
	bank_layout(fx->a, load_fmt(fx, &fs, two), &b);
	assert_true(str_ends(buf_str(&b), STR(" gpb sber;")));
	files_drop(&fs);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(whole_contracts_are_good),
		T(what_a_bank_lacks_is_named_with_its_key),
		T(a_certificate_is_warned_of_thirty_days_before_its_end),
		T(doors_that_stand_open_are_warned_of),
		T(traits_tell_how_a_contract_is_to_be_treated),
		T(an_unknown_contract_is_our_bug_everywhere),
		T(a_bank_that_does_not_answer_is_down_for_all_its_new_payments),
		T(links_pages_and_cancelling_go_by_bank),
		T(notices_go_to_their_bank_and_are_counted_by_trust),
		T(bad_settings_do_not_open_and_say_why),
		T(the_layout_names_the_contracts_in_their_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
