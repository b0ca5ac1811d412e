/*
 * store: all ports of one database, and its settings.
 */
#ifndef KVITOK_STORE_STORE_H
#define KVITOK_STORE_STORE_H

#include "kvitok/base/conf.h"
#include "kvitok/port/audit_store.h"
#include "kvitok/port/cart_store.h"
#include "kvitok/port/case_store.h"
#include "kvitok/port/appeal_file_store.h"
#include "kvitok/port/appeal_store.h"
#include "kvitok/port/charge_store.h"
#include "kvitok/port/subscriber_store.h"
#include "kvitok/port/supplied_store.h"
#include "kvitok/port/close_store.h"
#include "kvitok/port/bind_store.h"
#include "kvitok/port/card_store.h"
#include "kvitok/port/evidence.h"
#include "kvitok/port/exempt_store.h"
#include "kvitok/port/exchange_store.h"
#include "kvitok/port/reading_store.h"
#include "kvitok/port/jobs.h"
#include "kvitok/port/ledger_store.h"
#include "kvitok/port/mailing_store.h"
#include "kvitok/port/pay_store.h"
#include "kvitok/port/recon_report.h"
#include "kvitok/port/report_orders.h"
#include "kvitok/port/report_store.h"
#include "kvitok/port/recon_store.h"
#include "kvitok/port/ref_store.h"
#include "kvitok/port/refund_store.h"
#include "kvitok/port/schedule_store.h"
#include "kvitok/port/send_store.h"
#include "kvitok/port/settle_audit.h"
#include "kvitok/port/staff_store.h"
#include "kvitok/port/ack_audit.h"
#include "kvitok/port/exchange_audit.h"
#include "kvitok/port/send_audit.h"
#include "kvitok/port/settle_store.h"
#include "kvitok/port/register_audit.h"
#include "kvitok/port/register_store.h"
#include "kvitok/port/tx.h"
#include "kvitok/store/db.h"

/* The section [database] of kvitok.conf. */
#define STORE_CONF_LEN 11
extern const struct conf_key store_conf[STORE_CONF_LEN];

/*
 * Read the section [database].
 * Gives: *out, texts in a.
 * Fails: ERR_INVALID secret_file, conf_bad (driver and keys do not agree).
 */
KV_MUST_CHECK enum err store_settings_of(struct arena *a, const struct conf *c,
    struct store_settings *out, struct fault *f);

/* Use-cases see these only; all on one connection, of one process. */
struct stores {
	struct tx tx;
	struct pay_store pays;
	struct bill_store bills;
	struct evidence evidence;
	struct jobs jobs;
	struct ref_store refs;
	struct ledger_store ledger;
	struct refund_store refunds;
	struct case_store cases;
	struct give_back_store give_backs;
	struct audit_store audit;
	struct exempt_store exempts;
	struct cart_store carts;
	struct reading_store readings;
	struct exchange_store exchange;
	struct exchange_outbox exchange_out;
	struct send_store send;
	struct settle_store settle;
	struct settle_reader settlements;
	struct settle_audit settle_audit;
	struct ack_audit ack_audit;
	struct exchange_audit exchange_audit;
	struct send_audit send_audit;
	struct charge_store charges;
	struct supplied_store supplied;
	struct subscriber_store subscribers;
	struct appeal_store appeals;
	struct appeal_file_store appeal_files;
	struct close_store close;
	struct close_proof close_proof;
	struct register_store registers;
	struct recon_store recon;
	struct recon_report recon_report;
	struct mailing_store mailings;
	struct staff_store staff;
	struct staff_sessions sessions;
	struct staff_devices devices;
	struct staff_tries tries;
	struct staff_trail trail;
	struct report_store reports;
	struct report_orders report_orders;
	struct schedule_store schedules;
	struct schedule_runs schedule_runs;
	struct card_store cards;
	struct bind_store binds;
	struct register_audit register_audit;
};

/*
 * Connect and fill out.
 * Gives: *out and *db, which live until store_close.
 * Fails: as db_open.
 */
KV_MUST_CHECK enum err store_open(struct arena *long_lived,
    const struct store_settings *s, struct stores *out, struct db **db,
    struct fault *f);
void store_close(struct db *db);

#endif
