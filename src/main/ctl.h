/*
 * ctl: what the commands of kvitokctl have in common.
 *
 * A command gets its words and options parsed and what it needs opened; it
 * appends to out, or fails with a fault that kvitokctl.c tells.  It never
 * prints by itself.
 */
#ifndef KVITOK_MAIN_CTL_H
#define KVITOK_MAIN_CTL_H

#include "kvitok/app/ports.h"
#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/buf.h"
#include "kvitok/base/fault.h"

#define CTL_WORDS_MAX 8
#define CTL_OPTIONS_MAX 20
#define CTL_OUT_MAX (16U << 20)

struct db;
struct settings;

/* What is opened before a command runs. */
enum ctl_need {
	CTL_NOTHING,
	CTL_DATABASE, /* settings, and db */
	CTL_PORTS,    /* also ports on tables of the right form */
	CTL_NOTED     /* the same, and the trail tells what it did */
};

struct ctl_option {
	const char *name; /* without "--" */
	struct str value; /* p NULL: not given */
	bool optional;
};

struct ctl {
	struct arena *a;
	struct buf out;
	const char *conf_path;           /* of -c or KVITOK_CONF */
	struct str words[CTL_WORDS_MAX]; /* after the command's own name */
	size_t words_len;
	struct ctl_option options[CTL_OPTIONS_MAX];
	struct db *db;
	const struct ports *p;
	struct staff_event *note; /* of CTL_NOTED: it may be completed */
	struct fault f;
	bool partly; /* what was done first stays, though the rest failed */
};

struct ctl_command {
	const char *name;    /* "key add" */
	const char *options; /* "portal title fee?": all but those with ? */
	size_t words_min, words_max;
	enum ctl_need need;
	enum err (*run)(struct ctl *c);
	const char *usage, *help;
};

/* Gives: the option's value; the command's table must name it. */
struct str ctl_option(const struct ctl *c, const char *name);
/* Append s as ctl_say does and fill up with spaces to width characters. */
void ctl_cell(struct buf *b, struct str s, size_t width);
/* Append before, a literal, and s, with "." for what could steer a terminal. */
void ctl_say(struct buf *b, const char *before, struct str s);
/* Append an instant, "2026-11-21 05:13:11 UTC"; 0 is "-". */
void ctl_time(struct buf *b, int64_t at);

/* Gives: who sits there, "operator:NAME". */
struct str ctl_operator(struct ctl *c);

/* Gives: what is in a file, of at most max bytes of UTF-8 text.
 * Fails: ERR_ABSENT or ERR_INVALID file_unread. */
KV_MUST_CHECK enum err ctl_read_file(
    struct ctl *c, struct str path, size_t max, struct str *out);

struct ctl_findings {
	struct ctl *c;
	int64_t found; /* of which at most 10 000 are shown */
};

/* The sink of findings, a line each; self: struct ctl_findings. */
void ctl_finding(void *self, const struct audit_finding *x);
/* Gives: the days of --from and --to, both in it, or everything.
 * Fails: ERR_INVALID usage. */
KV_MUST_CHECK enum err ctl_span(struct ctl *c, struct audit_span *s);

/* Gives: what --encoding and --separator say of a CSV.
 * Fails: ERR_INVALID usage: also when it is none. */
KV_MUST_CHECK enum err ctl_report_csv(struct ctl *c, enum report_format format,
    enum codepage *encoding, char *separator);

/* Each appends to c->out; fails with c->f set. */
KV_MUST_CHECK enum err ctl_check(struct ctl *c);
KV_MUST_CHECK enum err ctl_migrate(struct ctl *c);
KV_MUST_CHECK enum err ctl_demo(struct ctl *c);
KV_MUST_CHECK enum err ctl_ref_apply(struct ctl *c);
KV_MUST_CHECK enum err ctl_key_add(struct ctl *c);
KV_MUST_CHECK enum err ctl_key_list(struct ctl *c);
KV_MUST_CHECK enum err ctl_key_withdraw(struct ctl *c);
KV_MUST_CHECK enum err ctl_staff_add(struct ctl *c);
KV_MUST_CHECK enum err ctl_staff_list(struct ctl *c);
KV_MUST_CHECK enum err ctl_staff_rights(struct ctl *c);
KV_MUST_CHECK enum err ctl_staff_block(struct ctl *c);
KV_MUST_CHECK enum err ctl_staff_unblock(struct ctl *c);
KV_MUST_CHECK enum err ctl_staff_password(struct ctl *c);
KV_MUST_CHECK enum err ctl_staff_logout(struct ctl *c);
KV_MUST_CHECK enum err ctl_staff_sessions(struct ctl *c);
KV_MUST_CHECK enum err ctl_staff_events(struct ctl *c);
KV_MUST_CHECK enum err ctl_account(struct ctl *c);
KV_MUST_CHECK enum err ctl_portal_list(struct ctl *c);
KV_MUST_CHECK enum err ctl_portal_show(struct ctl *c);
KV_MUST_CHECK enum err ctl_case_list(struct ctl *c);
KV_MUST_CHECK enum err ctl_case_show(struct ctl *c);
KV_MUST_CHECK enum err ctl_case_take(struct ctl *c);
KV_MUST_CHECK enum err ctl_case_release(struct ctl *c);
KV_MUST_CHECK enum err ctl_case_resolve(struct ctl *c);
KV_MUST_CHECK enum err ctl_job_list(struct ctl *c);
KV_MUST_CHECK enum err ctl_job_retry(struct ctl *c);
KV_MUST_CHECK enum err ctl_bill(struct ctl *c);
KV_MUST_CHECK enum err ctl_mailing_add(struct ctl *c);
KV_MUST_CHECK enum err ctl_mailing_stop(struct ctl *c);
KV_MUST_CHECK enum err ctl_mailing_list(struct ctl *c);
KV_MUST_CHECK enum err ctl_mailing_plan(struct ctl *c);
KV_MUST_CHECK enum err ctl_mailing_status(struct ctl *c);
KV_MUST_CHECK enum err ctl_audit(struct ctl *c);
KV_MUST_CHECK enum err ctl_exchange_validate(struct ctl *c);
KV_MUST_CHECK enum err ctl_exchange_apply(struct ctl *c);
KV_MUST_CHECK enum err ctl_exchange_status(struct ctl *c);
KV_MUST_CHECK enum err ctl_exchange_skip(struct ctl *c);
KV_MUST_CHECK enum err ctl_exchange_resend(struct ctl *c);
KV_MUST_CHECK enum err ctl_exchange_document(struct ctl *c);
KV_MUST_CHECK enum err ctl_day_close(struct ctl *c);
KV_MUST_CHECK enum err ctl_day_list(struct ctl *c);
KV_MUST_CHECK enum err ctl_day_balance(struct ctl *c);
KV_MUST_CHECK enum err ctl_day_verify(struct ctl *c);
KV_MUST_CHECK enum err ctl_refund(struct ctl *c);
KV_MUST_CHECK enum err ctl_refund_list(struct ctl *c);
KV_MUST_CHECK enum err ctl_exempt_add(struct ctl *c);
KV_MUST_CHECK enum err ctl_exempt_list(struct ctl *c);
KV_MUST_CHECK enum err ctl_exempt_end(struct ctl *c);
KV_MUST_CHECK enum err ctl_exempt_import(struct ctl *c);
KV_MUST_CHECK enum err ctl_exempt_kinds(struct ctl *c);
KV_MUST_CHECK enum err ctl_settle_prepare(struct ctl *c);
KV_MUST_CHECK enum err ctl_settle_list(struct ctl *c);
KV_MUST_CHECK enum err ctl_settle_show(struct ctl *c);
KV_MUST_CHECK enum err ctl_settle_confirm(struct ctl *c);
KV_MUST_CHECK enum err ctl_settle_return(struct ctl *c);
KV_MUST_CHECK enum err ctl_layout_apply(struct ctl *c);
KV_MUST_CHECK enum err ctl_layout_list(struct ctl *c);
KV_MUST_CHECK enum err ctl_layout_show(struct ctl *c);
KV_MUST_CHECK enum err ctl_register_import(struct ctl *c);
KV_MUST_CHECK enum err ctl_register_list(struct ctl *c);
KV_MUST_CHECK enum err ctl_register_show(struct ctl *c);
KV_MUST_CHECK enum err ctl_register_bad(struct ctl *c);
KV_MUST_CHECK enum err ctl_register_match(struct ctl *c);
KV_MUST_CHECK enum err ctl_reconcile(struct ctl *c);
KV_MUST_CHECK enum err ctl_report(struct ctl *c);
KV_MUST_CHECK enum err ctl_report_list(struct ctl *c);
KV_MUST_CHECK enum err ctl_schedule_add(struct ctl *c);
KV_MUST_CHECK enum err ctl_schedule_list(struct ctl *c);
KV_MUST_CHECK enum err ctl_schedule_show(struct ctl *c);
KV_MUST_CHECK enum err ctl_schedule_remove(struct ctl *c);
KV_MUST_CHECK enum err ctl_schedule_run(struct ctl *c);
KV_MUST_CHECK enum err ctl_settle_order(struct ctl *c);
KV_MUST_CHECK enum err ctl_settle_register(struct ctl *c);
KV_MUST_CHECK enum err ctl_settle_layout(struct ctl *c);
KV_MUST_CHECK enum err ctl_why(struct ctl *c);

#endif
