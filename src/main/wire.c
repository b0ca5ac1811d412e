#include "wire.h"

#include "crash.h"

#include "kvitok/app/reference.h"
#include "kvitok/base/secret.h"
#include "kvitok/mail/letter.h"
#include "kvitok/out/pdf.h"
#include "kvitok/out/registers.h"
#include "kvitok/out/report_file.h"
#include "kvitok/out/report_outbox.h"
#include "kvitok/out/report_spool.h"
#include "kvitok/out/sheet.h"
#include "kvitok/store/mailbox.h"
#include "kvitok/web/note.h"
#include "kvitok/xml/doc.h"
#include "kvitok/xml/schema.h"

#include <assert.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define KEPT_MAX (8 << 20) /* bytes that are free and ours */
#define REPORT_MAX 65536

static int64_t
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t); /* fails on bad ids only */
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t
clock_now(void *self)
{
	(void)self;
	return now_ms();
}

#define ULID_TIME 10 /* characters of the instant */
#define ULID_LEN 26

/* The last one made: those of one millisecond go up by one, so that a story
 * keeps the order in which its events were written. */
static char last_ulid[ULID_LEN + 1];

static void
ids_ulid(void *self, int64_t at, char out[27])
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	const char *digit;
	size_t i = ULID_LEN;

	(void)self;
	secret_ulid(at, out);
	if (memcmp(out, last_ulid, ULID_TIME) == 0) {
		memcpy(out, last_ulid, ULID_LEN);
		while (i-- > ULID_TIME && out[i] == 'Z')
			out[i] = '0';
		digit = strchr(digits, out[i]);
		assert(digit != NULL);
		out[i] = digit[1];
	}
	memcpy(last_ulid, out, sizeof(last_ulid));
}

static void
ids_text(void *self, char *out, size_t n)
{
	(void)self;
	secret_random_text(out, n);
}

static void
show(const struct buf *report)
{
	struct str s = buf_str(report);

	(void)fwrite(s.p, 1, s.len, stderr); /* nowhere else to complain */
}

static enum err
open_stats(struct arena *a, struct wired *w, struct fault *f)
{
	struct buf layout;
	const char *path =
	    w->set.stats_file.len ? arena_z(a, w->set.stats_file) : NULL;

	buf_init(&layout, a, REPORT_MAX);
	note_layout(&layout);
	bank_layout(a, w->set.conf, &layout);
	return stats_open(path, arena_z(a, buf_str(&layout)),
	    WIRE_WEB_SLOTS + BANK_SLOTS, &w->stats, f);
}

static enum err
open_bank(struct arena *a, struct wired *w, struct fault *f)
{
	struct bank_parts parts = { .conf = w->set.conf,
		.stats = w->stats,
		.first_slot = WIRE_WEB_SLOTS,
		.clock = &w->ports.clock,
		.log = &w->log };
	enum err rc = bank_open(
	    a, &parts, &w->ports.gateway, &w->ports.answers, &w->bank, f);

	if (rc == ERR_OK)
		w->ports.card_bank = bank_cards(w->bank);
	return rc;
}

static enum err
open_printer(struct arena *a, struct wired *w, struct fault *f)
{
	struct sheet_kit *kit;
	enum err rc = sheet_kit_open(a, &kit, f);

	if (rc == ERR_OK)
		w->ports.printer = pdf_printer(kit);
	return rc;
}

static enum err
open_store(struct arena *a, struct wired *w, struct fault *f)
{
	struct stores st;
	enum err rc = store_open(a, &w->set.store, &st, &w->db, f);

	if (rc != ERR_OK)
		return rc;
	w->ports.tx = st.tx;
	w->ports.pays = st.pays;
	w->ports.bills = st.bills;
	w->ports.evidence = st.evidence;
	w->ports.jobs = st.jobs;
	w->ports.refs = st.refs;
	w->ports.ledger = st.ledger;
	w->ports.refunds = st.refunds;
	w->ports.cards = st.cards;
	w->ports.binds = st.binds;
	w->ports.cases = st.cases;
	w->ports.give_backs = st.give_backs;
	w->ports.audit = st.audit;
	w->ports.exempts = st.exempts;
	w->ports.carts = st.carts;
	w->ports.readings = st.readings;
	w->ports.exchange = st.exchange;
	w->ports.exchange_out = st.exchange_out;
	w->ports.send = st.send;
	w->ports.settle = st.settle;
	w->ports.settlements = st.settlements;
	w->ports.settle_audit = st.settle_audit;
	w->ports.ack_audit = st.ack_audit;
	w->ports.exchange_audit = st.exchange_audit;
	w->ports.send_audit = st.send_audit;
	w->ports.charges = st.charges;
	w->ports.supplied = st.supplied;
	w->ports.subscribers = st.subscribers;
	w->ports.appeals = st.appeals;
	w->ports.appeal_files = st.appeal_files;
	w->ports.close = st.close;
	w->ports.close_proof = st.close_proof;
	w->ports.registers = st.registers;
	w->ports.recon = st.recon;
	w->ports.recon_report = st.recon_report;
	w->ports.mailings = st.mailings;
	w->ports.staff = st.staff;
	w->ports.sessions = st.sessions;
	w->ports.devices = st.devices;
	w->ports.tries = st.tries;
	w->ports.trail = st.trail;
	w->ports.reports = st.reports;
	w->ports.report_orders = st.report_orders;
	w->ports.schedules = st.schedules;
	w->ports.schedule_runs = st.schedule_runs;
	w->ports.register_audit = st.register_audit;
	return ERR_OK;
}

/* A report is read in one long transaction: how far it has come is written
 * by another connection. */
static enum err
open_reports(struct arena *a, struct wired *w, struct fault *f)
{
	struct stores st;
	enum err rc = store_open(a, &w->set.store, &st, &w->reports_db, f);

	if (rc == ERR_OK)
		w->ports.reports = st.reports;
	return rc;
}

static enum err
open_mail(struct arena *a, struct wired *w, struct fault *f)
{
	w->ports.letters = letter_writer();
	return smtp_new(a, &w->set.smtp, &w->ports.mailer, f);
}

static enum err
open_parts(
    struct arena *a, struct wired *w, enum wire_role role, struct fault *f)
{
	enum err rc = open_store(a, w, f);

	w->ports.spool = report_spool_of(a, w->set.reports_folder);
	w->ports.outbox = report_outbox_of(a, w->set.reports_outbox);
	if (role == WIRE_REPORTS) {
		rc = rc == ERR_OK ? open_reports(a, w, f) : rc;
		return rc == ERR_OK ? open_mail(a, w, f) : rc;
	}
	if (rc == ERR_OK && role != WIRE_WORKER) {
		xml_init();
		rc = xml_documents(a, &w->ports.documents, f);
	}
	if (rc == ERR_OK && role != WIRE_HAND)
		rc = open_stats(a, w, f);
	if (rc == ERR_OK && role != WIRE_HAND)
		rc = open_bank(a, w, f);
	if (rc == ERR_OK && role != WIRE_HAND)
		rc = open_printer(a, w, f);
	if (rc == ERR_OK && role == WIRE_FILES)
		rc = mailbox_desks_of(a, w->set.conf, &w->ports.desk, f);
	if (rc == ERR_OK && role == WIRE_JOBS) {
		rc =
		    mailbox_settings_of(a, w->set.conf, &w->ports.mailboxes, f);
		if (rc == ERR_OK)
			rc = open_mail(a, w, f);
	}
	return rc;
}

/* Page after page takes the same memory and gives it back; the C library would
 * hand it to the system and ask for it anew, zeroed, each time. */
static void
keep_memory(void)
{
	/* Refused, it is only slower. */
	(void)mallopt(M_TRIM_THRESHOLD, KEPT_MAX);
	(void)mallopt(M_MMAP_THRESHOLD, KEPT_MAX / 4);
}

enum err
wire_open(struct arena *a, const char *conf_path, const char *program,
    enum wire_role role, struct wired *out, struct fault *f)
{
	struct buf report;
	enum err rc;

	memset(out, 0, sizeof(*out));
	keep_memory();
	buf_init(&report, a, REPORT_MAX);
	rc = settings_load(a, conf_path, &out->set, &report, f);
	if (rc != ERR_OK) {
		show(&report);
		return rc;
	}
	out->log = (struct log){ .fd = STDERR_FILENO,
		.level = out->set.level,
		.program = program,
		.now = now_ms };
	out->ports.log = &out->log;
	out->ports.set = out->set.pay;
	out->ports.clock = (struct clock){ .now = clock_now };
	out->ports.ids = (struct ids){ .ulid = ids_ulid, .text = ids_text };
	out->ports.cache = ref_cache_new(a);
	out->ports.papers = papers_of();
	out->ports.press = report_press_of();
	out->ports.step = crash_step();
	rc = open_parts(a, out, role, f);
	if (rc != ERR_OK)
		wire_close(out);
	return rc;
}

void
wire_close(struct wired *w)
{
	store_close(w->reports_db);
	store_close(w->db);
	w->db = w->reports_db = NULL;
	if (w->stats)
		stats_close(w->stats);
	w->stats = NULL;
}

const char *
wire_conf_path(int argc, char **argv)
{
	for (int i = 1; i + 1 < argc; i++)
		if (strcmp(argv[i], "-c") == 0)
			return argv[i + 1];
	return getenv("KVITOK_CONF");
}
