#include "ctl_command.h"

static enum err
version(struct ctl *c)
{
	buf_lit(&c->out, "kvitokctl " KVITOK_VERSION "\n");
	return ERR_OK;
}

static enum err
help(struct ctl *c)
{
	ctl_help(&c->out);
	return ERR_OK;
}

const struct ctl_command ctl_commands[] = {
	{ "check", "", 0, 0, CTL_NOTHING, ctl_check, "",
	    "check settings, secrets, certificates, database, reference" },
	{ "migrate", "", 0, 0, CTL_DATABASE, ctl_migrate, "",
	    "bring the tables to this program's form" },
	{ "demo", "", 0, 0, CTL_PORTS, ctl_demo, "",
	    "load the five demonstration portals" },
	{ "ref apply", "", 1, 1, CTL_NOTED, ctl_ref_apply, "FILE",
	    "change reference data by statements, all or none" },
	{ "portal list", "", 0, 0, CTL_PORTS, ctl_portal_list, "",
	    "list portals" },
	{ "portal show", "", 1, 1, CTL_PORTS, ctl_portal_show, "PORTAL",
	    "show suppliers, services, fees, limits, routes" },
	{ "account", "", 3, 3, CTL_PORTS, ctl_account, "PORTAL SUPPLIER NUMBER",
	    "show an account, whole" },
	{ "key add", "portal rights title supplier?", 0, 0, CTL_NOTED,
	    ctl_key_add,
	    "--portal P --rights pay,read --title T [--supplier S]",
	    "make a front-end's key and print it, once" },
	{ "key list", "", 0, 0, CTL_PORTS, ctl_key_list, "",
	    "list keys that are not withdrawn" },
	{ "key withdraw", "", 1, 1, CTL_NOTED, ctl_key_withdraw, "ID",
	    "withdraw a key" },
	{ "staff add", "name portal rights supplier? password?", 1, 1,
	    CTL_PORTS, ctl_staff_add,
	    "LOGIN --name N --portal P --rights read,report [--supplier S]\n"
	    "      [--password once|ask|stdin]",
	    "let somebody into the cabinet" },
	{ "staff list", "portal?", 0, 0, CTL_PORTS, ctl_staff_list,
	    "[--portal P]", "list who may enter the cabinet" },
	{ "staff rights", "rights", 1, 1, CTL_PORTS, ctl_staff_rights,
	    "LOGIN --rights read,report", "change what somebody may do" },
	{ "staff block", "", 1, 1, CTL_PORTS, ctl_staff_block, "LOGIN",
	    "let somebody in no more" },
	{ "staff unblock", "", 1, 1, CTL_PORTS, ctl_staff_unblock, "LOGIN",
	    "let somebody in again, and forget wrong passwords" },
	{ "staff password", "password?", 1, 1, CTL_PORTS, ctl_staff_password,
	    "LOGIN [--password once|ask|stdin]", "set a new password" },
	{ "staff logout", "", 1, 1, CTL_PORTS, ctl_staff_logout, "LOGIN",
	    "end somebody's sessions" },
	{ "staff sessions", "", 0, 1, CTL_PORTS, ctl_staff_sessions, "[LOGIN]",
	    "list who is in the cabinet" },
	{ "staff events", "", 0, 1, CTL_PORTS, ctl_staff_events, "[LOGIN]",
	    "list logins and what was done, newest first" },
	{ "case list", "state? kind? portal? owner?", 0, 0, CTL_PORTS,
	    ctl_case_list, "[--state S] [--kind K] [--portal P] [--owner O]",
	    "list what waits for a person" },
	{ "case show", "", 1, 1, CTL_PORTS, ctl_case_show, "ID",
	    "show a case, its evidence, and what may be done" },
	{ "case take", "", 1, 1, CTL_NOTED, ctl_case_take, "ID",
	    "take a case in hand" },
	{ "case release", "", 1, 1, CTL_NOTED, ctl_case_release, "ID",
	    "put a case back" },
	{ "case resolve", "reason own-account? number?", 2, 2, CTL_NOTED,
	    ctl_case_resolve,
	    "ID HOW --reason WHY [--own-account OWN] [--number N]",
	    "resolve a case" },
	{ "job list", "", 0, 1, CTL_PORTS, ctl_job_list, "[due|done|failed]",
	    "list jobs, newest first" },
	{ "job retry", "", 1, 1, CTL_NOTED, ctl_job_retry, "ID",
	    "make a failed job due again" },
	{ "refund list", "", 1, 1, CTL_PORTS, ctl_refund_list, "NUMBER",
	    "list a payment's refunds" },
	{ "refund", "reason line? fee?", 2, 2, CTL_NOTED, ctl_refund,
	    "NUMBER SUM|all --reason WHY [--line N] [--fee keep|return]",
	    "give money back, in roubles" },
	{ "exempt add",
	    "portal payer? supplier? account? kind document number seen-by? "
	    "from? to?",
	    0, 0, CTL_NOTED, ctl_exempt_add,
	    "--portal P --payer ID | --supplier S --account N\n"
	    "      --kind K --document D --number N [--seen-by WHO] "
	    "[--from DAY] [--to DAY]",
	    "free a payer or an account of commission" },
	{ "exempt list", "portal payer? supplier? account?", 0, 0, CTL_PORTS,
	    ctl_exempt_list,
	    "--portal P [--payer ID | --supplier S --account N]",
	    "list who is free of commission, and who was" },
	{ "exempt end", "reason", 1, 1, CTL_NOTED, ctl_exempt_end,
	    "ID --reason WHY", "end an exemption" },
	{ "exempt import", "portal", 1, 1, CTL_NOTED, ctl_exempt_import,
	    "FILE --portal P",
	    "set exemptions out of a CSV file, all or none" },
	{ "exempt kinds", "", 0, 0, CTL_PORTS, ctl_exempt_kinds, "",
	    "list whom the law frees" },
	{ "settlement prepare", "day? portal? supplier?", 0, 0, CTL_NOTED,
	    ctl_settle_prepare, "[--day DAY] [--portal P] [--supplier S]",
	    "gather what suppliers are owed of a day, yesterday" },
	{ "settlement list", "from? to? portal?", 0, 0, CTL_PORTS,
	    ctl_settle_list, "[--from DAY] [--to DAY] [--portal P]",
	    "list settlements, newest first" },
	{ "settlement show", "", 1, 1, CTL_PORTS, ctl_settle_show, "ID",
	    "show a settlement's figures, requisites and story" },
	{ "settlement confirm", "sum", 1, 1, CTL_NOTED, ctl_settle_confirm,
	    "ID --sum SUM", "transfer what was seen, in roubles" },
	{ "settlement return", "reason", 1, 1, CTL_NOTED, ctl_settle_return,
	    "ID --reason WHY", "the bank has sent its order back" },
	{ "settlement order", "format out", 1, 1, CTL_PORTS, ctl_settle_order,
	    "DAY|ID --format 1c|pain001 --out FILE",
	    "write payment orders of a day, or one" },
	{ "settlement register", "out", 1, 1, CTL_PORTS, ctl_settle_register,
	    "ID --out FILE", "write a settlement's register" },
	{ "settlement layout", "", 1, 1, CTL_NOTED, ctl_settle_layout, "FILE",
	    "keep a new layout of suppliers' registers" },
	{ "day close", "", 0, 1, CTL_PORTS, ctl_day_close, "[DAY]",
	    "close a day of the ledger, or all that are over" },
	{ "day list", "", 0, 0, CTL_PORTS, ctl_day_list, "",
	    "list closed days with their hashes" },
	{ "day balance", "", 0, 1, CTL_PORTS, ctl_day_balance, "[DAY]",
	    "show what accounts had before a closed day, its turnover, and "
	    "what they had after it" },
	{ "day verify", "from? to?", 0, 0, CTL_PORTS, ctl_day_verify,
	    "[--from DAY --to DAY]", "prove that closed days are unchanged" },
	{ "layout apply", "", 1, 1, CTL_NOTED, ctl_layout_apply, "FILE",
	    "keep how a bank writes its registers" },
	{ "layout list", "", 0, 0, CTL_PORTS, ctl_layout_list, "",
	    "list layouts of registers" },
	{ "layout show", "", 1, 1, CTL_PORTS, ctl_layout_show, "LAYOUT",
	    "print a layout" },
	{ "register import", "layout?", 2, 2, CTL_NOTED, ctl_register_import,
	    "CONTRACT FILE [--layout L]", "import a bank's register" },
	{ "register list", "", 0, 1, CTL_PORTS, ctl_register_list, "[CONTRACT]",
	    "list registers, newest first" },
	{ "register show", "", 1, 1, CTL_PORTS, ctl_register_show, "ID",
	    "show what a register has and declares" },
	{ "register bad", "", 1, 1, CTL_PORTS, ctl_register_bad, "ID",
	    "list lines that were not understood" },
	{ "register match", "", 1, 1, CTL_NOTED, ctl_register_match, "CONTRACT",
	    "try again what was not known" },
	{ "reconcile", "from? to?", 0, 1, CTL_PORTS, ctl_reconcile,
	    "[CONTRACT] [--from DAY --to DAY]",
	    "compare registers with the books, and sum it up" },
	{ "report list", "", 0, 0, CTL_NOTHING, ctl_report_list, "",
	    "list reports, their formats and filters" },
	{ "report schedule add",
	    "portal supplier? report format period days at mail? folder? from? "
	    "to? contract? bank? state? account? encoding? separator?",
	    1, 1, CTL_NOTED, ctl_schedule_add,
	    "NAME --portal P [--supplier S] --report R --format F\n"
	    "      --period day|day:N|week|month|since --days "
	    "every|working|week:N|month:N --at HH:MM\n"
	    "      --mail ADDRESS,... | --folder PATTERN [--from DAY] "
	    "[--to DAY] [filters of report]",
	    "send a report regularly, by mail or into a folder" },
	{ "report schedule list", "", 0, 0, CTL_PORTS, ctl_schedule_list, "",
	    "list schedules, and what of theirs is not sent" },
	{ "report schedule show", "", 1, 1, CTL_PORTS, ctl_schedule_show,
	    "NAME", "show a schedule, and what became of its reports" },
	{ "report schedule remove", "", 1, 1, CTL_NOTED, ctl_schedule_remove,
	    "NAME", "send it no longer" },
	{ "report schedule run", "", 1, 2, CTL_NOTED, ctl_schedule_run,
	    "NAME [DAY]", "send the report of a day now, also once more" },
	{ "report",
	    "from to format out portal? supplier? contract? bank? state? "
	    "account? encoding? separator?",
	    1, 1, CTL_PORTS, ctl_report,
	    "NAME --from DAY --to DAY --format F --out FILE\n"
	    "      [--portal P] [--supplier S] [--contract C] [--bank B] "
	    "[--state S] [--account A]\n"
	    "      [--encoding utf-8|cp1251] [--separator ;|,|tab]",
	    "write a report into a file" },
	{ "audit", "from? to?", 0, 0, CTL_PORTS, ctl_audit,
	    "[--from DAY --to DAY]", "prove the books from the rows" },
	{ "exchange validate", "", 1, 1, CTL_NOTHING, ctl_exchange_validate,
	    "FILE", "judge an exchange document, apply nothing" },
	{ "exchange apply", "", 1, 1, CTL_PORTS, ctl_exchange_apply, "FILE",
	    "apply a supplier's document in its turn" },
	{ "exchange status", "", 0, 2, CTL_PORTS, ctl_exchange_status,
	    "[PORTAL [SUPPLIER]]", "show how it goes with suppliers" },
	{ "exchange skip", "reason", 3, 3, CTL_PORTS, ctl_exchange_skip,
	    "PORTAL SUPPLIER NUMBER --reason WHY",
	    "let a supplier's document be, for good" },
	{ "exchange document", "", 3, 3, CTL_PORTS, ctl_exchange_document,
	    "PORTAL SUPPLIER NUMBER",
	    "print a document or acknowledgement of ours" },
	{ "exchange resend", "", 3, 3, CTL_PORTS, ctl_exchange_resend,
	    "PORTAL SUPPLIER NUMBER", "hand a document of ours over again" },
	{ "bill", "portal supplier month out account?", 0, 0, CTL_PORTS,
	    ctl_bill,
	    "--portal P --supplier S --month YYYY-MM --out DIR|FILE "
	    "[--account N]",
	    "print bills: a file each, or all in one" },
	{ "mailing add", "", 4, 4, CTL_PORTS, ctl_mailing_add,
	    "PORTAL SUPPLIER NUMBER EMAIL",
	    "mail an account's bills every month" },
	{ "mailing stop", "", 3, 3, CTL_PORTS, ctl_mailing_stop,
	    "PORTAL SUPPLIER NUMBER", "mail an account's bills no longer" },
	{ "mailing list", "", 1, 1, CTL_PORTS, ctl_mailing_list, "PORTAL",
	    "list who asked for bills by mail, and who stopped it" },
	{ "mailing plan", "", 0, 0, CTL_PORTS, ctl_mailing_plan, "",
	    "plan this month's letters now, where it is time" },
	{ "mailing status", "", 1, 1, CTL_PORTS, ctl_mailing_status, "MONTH",
	    "show what became of a month's letters" },
	{ "why", "", 1, 1, CTL_PORTS, ctl_why, "NUMBER",
	    "tell why a payment is so, with the evidence" },
	{ "version", "", 0, 0, CTL_NOTHING, version, "", "print the version" },
	{ "help", "", 0, 0, CTL_NOTHING, help, "", "print this list" },
};
const size_t ctl_commands_len = KV_COUNT(ctl_commands);

void
ctl_help(struct buf *b)
{
	buf_lit(b,
	    "usage: kvitokctl [-c FILE] COMMAND\n"
	    "Settings are read from FILE, or from the file that "
	    "KVITOK_CONF names.\n\n");
	for (size_t i = 0; i < ctl_commands_len; i++) {
		const struct ctl_command *k = &ctl_commands[i];

		buf_fmt(b, "  %s%s%s\n      %s\n", k->name,
		    k->usage[0] != '\0' ? " " : "", k->usage, k->help);
	}
}

/* Gives: how many words the command's name has that words begin with; 0. */
static size_t
matches(const struct ctl_command *k, char *const *words, size_t len)
{
	struct str rest = str_of(k->name), part;
	size_t n = 0;
	bool more;

	do {
		more = str_cut(&rest, ' ', &part);
		if (n == len || !str_eq(part, str_of(words[n])))
			return 0;
		n++;
	} while (more);
	return n;
}

/* The names of the table become the options, not given yet. */
static void
options_init(struct ctl *c, const struct ctl_command *k)
{
	struct str rest = str_of(k->options), name;

	/* A name that ends in ? may be left out. */
	for (size_t i = 0; i < CTL_OPTIONS_MAX && rest.len > 0; i++) {
		(void)str_cut(&rest, ' ', &name); /* or the last name */
		c->options[i].optional = str_ends(name, STR("?"));
		name.len -= c->options[i].optional ? 1 : 0;
		c->options[i].name = arena_z(c->a, name);
		c->options[i].value = STR_NONE;
	}
}

static enum err
option_take(
    struct ctl *c, struct str text, char *const *words, size_t len, size_t *at)
{
	struct str name, value = text;
	bool has = str_cut(&value, '=', &name);

	for (size_t i = 0; i < CTL_OPTIONS_MAX; i++) {
		struct ctl_option *o = &c->options[i];

		if (o->name == NULL || !str_eq(str_of(o->name), name))
			continue;
		if (!has && *at + 1 == len)
			return fault_set(&c->f, ERR_INVALID, "usage",
			    "--%s needs a value", o->name);
		o->value = has ? value : str_of(words[++*at]);
		if (o->value.p == NULL)
			o->value = STR("");
		return ERR_OK;
	}
	return fault_set(&c->f, ERR_INVALID, "usage", "--%.*s: unknown option",
	    STR_ARG(name));
}

static enum err
rest_take(struct ctl *c, const struct ctl_command *k, char *const *words,
    size_t len, size_t from)
{
	bool options = true;
	enum err rc = ERR_OK;

	for (size_t i = from; rc == ERR_OK && i < len; i++) {
		struct str w = str_of(words[i]);

		if (options && str_eq(w, STR("--"))) {
			options = false;
		} else if (options && str_starts(w, STR("--"))) {
			rc = option_take(c, (struct str){ w.p + 2, w.len - 2 },
			    words, len, &i);
		} else if (c->words_len == k->words_max) {
			rc = fault_set(&c->f, ERR_INVALID, "usage",
			    "%s: too many words", k->name);
		} else {
			c->words[c->words_len++] = w;
		}
	}
	return rc;
}

static enum err
all_given(struct ctl *c, const struct ctl_command *k)
{
	for (size_t i = 0; i < CTL_OPTIONS_MAX; i++)
		if (c->options[i].name != NULL && !c->options[i].optional &&
		    c->options[i].value.p == NULL)
			return fault_set(&c->f, ERR_INVALID, "usage",
			    "%s: --%s is missing", k->name, c->options[i].name);
	if (c->words_len < k->words_min)
		return fault_set(&c->f, ERR_INVALID, "usage", "%s: wanted: %s",
		    k->name, k->usage);
	return ERR_OK;
}

enum err
ctl_parse(struct ctl *c, char *const *words, size_t len,
    const struct ctl_command **out)
{
	enum err rc;

	for (size_t i = 0; i < ctl_commands_len; i++) {
		const struct ctl_command *k = &ctl_commands[i];
		size_t own = matches(k, words, len);

		if (own == 0)
			continue;
		options_init(c, k);
		rc = rest_take(c, k, words, len, own);
		if (rc == ERR_OK)
			rc = all_given(c, k);
		*out = k;
		return rc;
	}
	return fault_set(&c->f, ERR_INVALID, "usage",
	    "%s: no such command; see kvitokctl help",
	    len > 0 ? words[0] : "nothing");
}
