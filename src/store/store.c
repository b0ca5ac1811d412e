#include "kvitok/store/store.h"

#include "kvitok/store/st_audit.h"
#include "kvitok/store/st_bill.h"
#include "kvitok/store/st_cart.h"
#include "kvitok/store/st_case.h"
#include "kvitok/store/st_charge.h"
#include "kvitok/store/st_subscriber.h"
#include "kvitok/store/st_supplied.h"
#include "kvitok/store/st_appeal.h"
#include "kvitok/store/st_appeal_file.h"
#include "kvitok/store/st_close.h"
#include "kvitok/store/st_bind.h"
#include "kvitok/store/st_card.h"
#include "kvitok/store/st_evidence.h"
#include "kvitok/store/st_exchange.h"
#include "kvitok/store/st_exempt.h"
#include "kvitok/store/st_give_back.h"
#include "kvitok/store/st_jobs.h"
#include "kvitok/store/st_ledger.h"
#include "kvitok/store/st_mailing.h"
#include "kvitok/store/st_pay.h"
#include "kvitok/store/st_recon.h"
#include "kvitok/store/st_recon_report.h"
#include "kvitok/store/st_report.h"
#include "kvitok/store/st_report_orders.h"
#include "kvitok/store/st_reading.h"
#include "kvitok/store/st_ref.h"
#include "kvitok/store/st_refund.h"
#include "kvitok/store/st_schedule.h"
#include "kvitok/store/st_settle.h"
#include "kvitok/store/st_send.h"
#include "kvitok/store/st_settle_audit.h"
#include "kvitok/store/st_staff.h"
#include "kvitok/store/st_ack_audit.h"
#include "kvitok/store/st_exchange_audit.h"
#include "kvitok/store/st_send_audit.h"
#include "kvitok/store/st_register.h"
#include "kvitok/store/st_register_audit.h"
#include "kvitok/store/tx.h"

static const char section[] = "database";

const struct conf_key store_conf[STORE_CONF_LEN] = {
	{ "database", "driver", CONF_CHOICE, "sqlite", 0, 0,
	    "sqlite|postgresql" },
	{ "database", "file", CONF_TEXT, "", 0, 500, NULL },
	{ "database", "host", CONF_TEXT, "/var/run/postgresql", 1, 253, NULL },
	{ "database", "port", CONF_INT, "5432", 1, 65535, NULL },
	{ "database", "name", CONF_TEXT, "kvitok", 1, 63, NULL },
	{ "database", "user", CONF_TEXT, "kvitok", 1, 63, NULL },
	{ "database", "password", CONF_SECRET, "", 0, 0, NULL },
	{ "database", "tls", CONF_CHOICE, "prefer", 0, 0,
	    "prefer|require|verify-ca|verify-full" },
	{ "database", "connect_ms", CONF_INT, "2000", 1000, 60000, NULL },
	{ "database", "statement_ms", CONF_INT, "3000", 100, 600000, NULL },
	{ "database", "lock_ms", CONF_INT, "1000", 50, 60000, NULL },
};

enum err
store_settings_of(struct arena *a, const struct conf *c,
    struct store_settings *out, struct fault *f)
{
	*out = (struct store_settings){
		.driver = conf_choice(c, section, "driver") == 0
		    ? DB_SQLITE
		    : DB_POSTGRESQL,
		.file = conf_text(c, section, "file"),
		.host = conf_text(c, section, "host"),
		.port = (int)conf_int(c, section, "port"),
		.name = conf_text(c, section, "name"),
		.user = conf_text(c, section, "user"),
		.tls = conf_text(c, section, "tls"),
		.connect_ms = conf_int(c, section, "connect_ms"),
		.statement_ms = conf_int(c, section, "statement_ms"),
		.lock_ms = conf_int(c, section, "lock_ms"),
	};
	if (out->driver == DB_SQLITE && out->file.len == 0)
		return fault_set(
		    f, ERR_INVALID, "conf_bad", "[database] file is not set");
	return conf_secret(a, c, section, "password", &out->password, f);
}

enum err
store_open(struct arena *long_lived, const struct store_settings *s,
    struct stores *out, struct db **db, struct fault *f)
{
	enum err rc = db_open(long_lived, s, db, f);

	if (rc != ERR_OK)
		return rc;
	*out = (struct stores){
		.tx = tx_of(*db),
		.pays = st_pay(*db),
		.bills = st_bill(*db),
		.evidence = st_evidence(*db),
		.jobs = st_jobs(*db),
		.refs = st_ref(*db),
		.ledger = st_ledger(*db),
		.refunds = st_refund(*db),
		.cases = st_case(*db),
		.give_backs = st_give_back(*db),
		.audit = st_audit(*db),
		.exempts = st_exempt(*db),
		.carts = st_cart(*db),
		.readings = st_reading(*db),
		.exchange = st_exchange(*db),
		.exchange_out = st_exchange_out(*db),
		.send = st_send(*db),
		.settle = st_settle(*db),
		.settlements = st_settle_reader(*db),
		.settle_audit = st_settle_audit(*db),
		.ack_audit = st_ack_audit(*db),
		.exchange_audit = st_exchange_audit(*db),
		.send_audit = st_send_audit(*db),
		.charges = st_charge(*db),
		.supplied = st_supplied(*db),
		.subscribers = st_subscriber(*db),
		.appeals = st_appeal(*db),
		.appeal_files = st_appeal_file(*db),
		.close = st_close(*db),
		.close_proof = st_close_proof(*db),
		.registers = st_register(*db),
		.recon = st_recon(*db),
		.recon_report = st_recon_report(*db),
		.mailings = st_mailing(*db),
		.staff = st_staff(*db),
		.sessions = st_staff_sessions(*db),
		.devices = st_staff_devices(*db),
		.tries = st_staff_tries(*db),
		.trail = st_staff_trail(*db),
		.reports = st_report(*db),
		.report_orders = st_report_orders(*db),
		.schedules = st_schedule(*db),
		.schedule_runs = st_schedule_runs(*db),
		.cards = st_card(*db),
		.binds = st_bind(*db),
		.register_audit = st_register_audit(*db),
	};
	return ERR_OK;
}

void
store_close(struct db *db)
{
	db_close(db);
}
