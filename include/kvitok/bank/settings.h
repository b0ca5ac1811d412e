/*
 * settings: the sections [contract NAME] of kvitok.conf, read and judged.
 *
 * What conf.h cannot see is checked here: what each bank and dialect needs
 * together, certificates and their end dates.  Reads files once, at start.
 */
#ifndef KVITOK_BANK_SETTINGS_H
#define KVITOK_BANK_SETTINGS_H

#include "kvitok/bank/contract.h"
#include "kvitok/base/conf.h"

#define SETTINGS_CONTRACTS_MAX 16
#define SETTINGS_CERT_WARN_DAYS 30

extern const struct conf_key bank_conf[];
extern const size_t bank_conf_len;

/*
 * Read one contract; its http, health, clock and log are left alone.
 * Gives: true with *out filled, its texts in a.  Errors and warnings are
 * appended to report, a line each ("warning: " begins the words of those that
 * do not hinder).
 */
KV_MUST_CHECK bool settings_contract(struct arena *a, const struct conf *conf,
    struct str name, int64_t now, struct contract *out, struct buf *report);
/* Rules of the contract's health and of its client. */
void settings_health(
    const struct conf *conf, const char *section, struct health *out);
void settings_http(
    const struct conf *conf, const char *section, struct http_settings *out);

#endif
