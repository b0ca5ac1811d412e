/*
 * settings: kvitok.conf as the three programs read it.
 *
 * The table of every key is here and in the adapters' own tables.
 */
#ifndef KVITOK_MAIN_SETTINGS_H
#define KVITOK_MAIN_SETTINGS_H

#include "kvitok/app/ports.h"
#include "kvitok/base/conf.h"
#include "kvitok/mail/smtp.h"
#include "kvitok/store/store.h"

/* A portal whose public payment page is served here, and its key. */
struct page_key {
	struct str portal, key;
};

struct settings {
	const struct conf *conf;
	struct store_settings store;
	struct smtp_settings smtp;
	struct pay_settings pay;
	struct str reports_folder; /* empty: none are made by order */
	struct str reports_outbox; /* empty: none go into a folder */
	struct str stats_file;     /* empty: counters are not shared */
	enum log_level level;
	int64_t jobs_poll_ms;
	int jobs_batch;
	const struct page_key *pages;
	size_t pages_len;
};

/*
 * Read and check the file as a whole; everything that is wrong is reported
 * at once, a line each.
 * Gives: *out in a.
 * Fails: ERR_INVALID conf_bad, with the lines in report.
 */
KV_MUST_CHECK enum err settings_load(struct arena *a, const char *path,
    struct settings *out, struct buf *report, struct fault *f);

#endif
