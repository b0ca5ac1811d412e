/*
 * ports: everything that use-cases reach the world through.
 *
 * Filled in src/main only, where adapters are chosen.
 */
#ifndef KVITOK_APP_PORTS_H
#define KVITOK_APP_PORTS_H

#include "kvitok/base/log.h"
#include "kvitok/port/appeal_file_store.h"
#include "kvitok/port/appeal_store.h"
#include "kvitok/port/audit_store.h"
#include "kvitok/port/cart_store.h"
#include "kvitok/port/case_store.h"
#include "kvitok/port/charge_store.h"
#include "kvitok/port/close_store.h"
#include "kvitok/port/bind_store.h"
#include "kvitok/port/card_gateway.h"
#include "kvitok/port/card_store.h"
#include "kvitok/port/clock.h"
#include "kvitok/port/evidence.h"
#include "kvitok/port/exempt_store.h"
#include "kvitok/port/documents.h"
#include "kvitok/port/exchange_desk.h"
#include "kvitok/port/exchange_store.h"
#include "kvitok/port/reading_store.h"
#include "kvitok/port/gateway.h"
#include "kvitok/port/jobs.h"
#include "kvitok/port/ledger_store.h"
#include "kvitok/port/letters.h"
#include "kvitok/port/mailboxes.h"
#include "kvitok/port/mailer.h"
#include "kvitok/port/mailing_store.h"
#include "kvitok/port/papers.h"
#include "kvitok/port/pay_store.h"
#include "kvitok/port/printer.h"
#include "kvitok/port/recon_report.h"
#include "kvitok/port/report_orders.h"
#include "kvitok/port/report_outbox.h"
#include "kvitok/port/report_store.h"
#include "kvitok/port/report_writer.h"
#include "kvitok/port/recon_store.h"
#include "kvitok/port/ref_store.h"
#include "kvitok/port/refund_store.h"
#include "kvitok/port/schedule_store.h"
#include "kvitok/port/send_store.h"
#include "kvitok/port/settle_audit.h"
#include "kvitok/port/staff_store.h"
#include "kvitok/port/subscriber_store.h"
#include "kvitok/port/supplied_store.h"
#include "kvitok/port/ack_audit.h"
#include "kvitok/port/exchange_audit.h"
#include "kvitok/port/send_audit.h"
#include "kvitok/port/settle_store.h"
#include "kvitok/port/register_audit.h"
#include "kvitok/port/register_store.h"
#include "kvitok/port/tx.h"

struct ref_cache;

/* Settings that rules of use-cases need; from kvitok.conf. */
struct pay_settings {
	struct str public_url; /* https://pay.example, no slash at the end */
	int64_t ask_first_ms;  /* first pause of the status schedule */
	int64_t patience_ms;   /* a registration may take so long */
	int64_t jobs_lease_ms;
	int64_t job_fails_max;  /* failures in a row before a job is given up */
	int64_t card_soon_days; /* so long before its end a card ends soon */
	int64_t card_choose_ms; /* so long a link to choose one may be opened */
	int64_t report_keep_ms; /* a file of a report is kept */
	int64_t report_waiting_max;  /* reports of a key that wait */
	int64_t report_catch_up_max; /* periods of a schedule made up */
	int64_t report_letter_max;   /* bytes that are attached to a letter */
	int64_t card_look_ms;        /* the bank is asked for cards so often */
	int64_t desk_idle_ms; /* a session at the desk ends without a request */
	int64_t desk_life_ms; /* and so long after it was begun */
	int64_t desk_keep_ms; /* lines of the trail are kept */
	int64_t people_keep_days; /* of an account after it was closed */
	int64_t outage_keep_ms;   /* outages that are over are kept */
	const struct str *pages;  /* portals whose payment page is served */
	size_t pages_len;
};

struct ports {
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
	struct exempt_store exempts;
	struct cart_store carts;
	struct reading_store readings;
	struct exchange_store exchange;
	struct exchange_outbox exchange_out;
	struct send_store send;
	struct documents documents; /* of kvitokd: the pool report */
	struct exchange_desk desk;  /* the same */
	struct mailboxes mailboxes; /* kvitok-jobs only */
	struct settle_store settle;
	struct settle_reader settlements;
	struct settle_audit settle_audit;     /* kvitokctl only */
	struct audit_store audit;             /* kvitokctl only */
	struct ack_audit ack_audit;           /* kvitokctl only */
	struct exchange_audit exchange_audit; /* kvitokctl only */
	struct send_audit send_audit;         /* kvitokctl only */
	struct charge_store charges;
	struct supplied_store supplied;
	struct subscriber_store subscribers;
	struct appeal_store appeals;
	struct appeal_file_store appeal_files;
	struct close_store close;
	struct close_proof close_proof; /* kvitokctl only */
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
	struct report_press press;
	struct report_orders report_orders;
	struct report_spool spool;
	struct report_outbox outbox;
	struct schedule_store schedules;
	struct schedule_runs schedule_runs;
	struct card_store cards;
	struct bind_store binds;
	struct register_audit register_audit; /* kvitokctl only */
	struct gateway gateway;
	struct gateway_answers answers;
	struct card_gateway card_bank;
	struct mailer mailer;   /* kvitok-jobs only */
	struct letters letters; /* kvitok-jobs only */
	struct printer printer;
	struct papers papers;
	struct clock clock;
	struct ids ids;
	struct ref_cache *cache;
	struct pay_settings set;
	const struct log *log;
	/* Called at every named step between two effects; a test build ends
	 * the process there.  NULL: nothing. */
	void (*step)(const char *name);
};

static inline void
ports_step(const struct ports *p, const char *name)
{
	if (p->step)
		p->step(name);
}

/* Who calls: a front-end by its key, or a person at the desk. */
struct caller {
	struct str key_id, portal; /* key_id: the person's id */
	struct str supplier;       /* that alone it may see; empty: all */
	struct str person; /* name of who sits at the desk; empty: none */
	unsigned rights;   /* of enum right */
};

#endif
