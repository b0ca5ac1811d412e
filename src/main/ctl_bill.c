#include "ctl.h"

#include "kvitok/app/invoice.h"
#include "kvitok/app/reference.h"
#include "kvitok/base/day.h"
#include "kvitok/out/pdf.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE 200
#define PAGE_MEMORY ((size_t)16 << 20)
#define ITEM_MEMORY ((size_t)64 << 20) /* one bill and what it is made of */
#define SAY_MS 1000

/* One run over the accounts of a supplier. */
struct printing {
	struct ctl *c;
	struct ports p; /* with a printer, which other commands do without */
	struct str portal, supplier, month, out;
	bool folder;      /* out is one: a file for each bill */
	int fd;           /* of the one file; -1: none */
	const char *part; /* its name until it is whole */
	struct printer_book *book;
	struct arena *item;
	int64_t began_at, said_at;
	size_t printed, absent;
};

static enum err
unwritten(struct fault *f, const char *name)
{
	return fault_set(
	    f, ERR_BUG, "bill_unwritten", "%s: %s", name, strerror(errno));
}

/* On a terminal a line that is written over; else a line now and then. */
static void
say(struct printing *x, bool last)
{
	int64_t now = x->p.clock.now(x->p.clock.self);
	int64_t took = now - x->began_at;
	bool screen = isatty(STDERR_FILENO) == 1;

	if (!last && now - x->said_at < (screen ? SAY_MS : 10 * SAY_MS))
		return;
	x->said_at = now;
	(void)fprintf(stderr,
	    "%sbills: %zu printed, %zu without charges, %" PRId64 " a minute%s",
	    screen ? "\r" : "", x->printed, x->absent,
	    (int64_t)x->printed * 60000 / (took > 0 ? took : 1),
	    screen && !last ? "" : "\n");
}

static bool
write_all(int fd, const void *bytes, size_t len)
{
	const char *p = bytes;

	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

static bool
to_file(void *self, const void *p, size_t len)
{
	const struct printing *x = self;

	return write_all(x->fd, p, len);
}

static int
open_part(const char *part)
{
	return open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

/* A file has its name only when all of it is there.  One of thousands is not
 * waited for until it lies on the disk: the run can be repeated. */
static enum err
finish(int fd, const char *part, const char *name, bool whole, bool wait,
    struct fault *f)
{
	bool ok = whole && (!wait || fsync(fd) == 0);
	int why = errno;

	ok = close(fd) == 0 && ok;
	if (ok && rename(part, name) == 0)
		return ERR_OK;
	if (!ok)
		errno = why;
	(void)unwritten(f, name);
	(void)unlink(part); /* a half of it is of no use */
	return ERR_BUG;
}

static struct str
file_name(struct arena *a, struct str number)
{
	char *s = arena_z(a, number);

	for (size_t i = 0; i < number.len; i++)
		if (s[i] == '/')
			s[i] = '_'; /* that no account number has */
	return str_of(s);
}

static enum err
write_one(struct printing *x, const struct invoice *bill)
{
	struct fault *f = &x->c->f;
	struct str name = file_name(x->item, bill->number);
	const char *path =
	    arena_fmt(x->item, "%.*s/%.*s.pdf", STR_ARG(x->out), STR_ARG(name))
		.p;
	const char *part =
	    arena_fmt(x->item, "%s.%ld.part", path, (long)getpid()).p;
	struct bytes pdf;
	enum err rc =
	    x->p.printer.invoice(x->p.printer.self, x->item, bill, &pdf, f);
	int fd;

	if (rc != ERR_OK)
		return rc;
	fd = open_part(part);
	if (fd < 0)
		return unwritten(f, part);
	return finish(fd, part, path, write_all(fd, pdf.p, pdf.len), false, f);
}

/* What has no charges has no bill, which is no failure of the run. */
static enum err
print_one(struct printing *x, const struct account *acc)
{
	struct invoice bill;
	struct fault *f = &x->c->f;
	enum err rc =
	    invoice_of(&x->p, x->item, acc, x->month, INVOICE_WHOLE, &bill, f);

	if (rc == ERR_ABSENT) {
		x->absent++;
		fault_init(f);
		return ERR_OK;
	}
	if (rc == ERR_OK)
		rc = x->folder
		    ? write_one(x, &bill)
		    : x->p.printer.book_add(x->book, x->item, &bill, f);
	if (rc != ERR_OK)
		return fault_wrap(f, "account %.*s", STR_ARG(acc->account));
	x->printed++;
	return ERR_OK;
}

static enum err
print_page(struct printing *x, const struct account *list, size_t len)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; i < len && rc == ERR_OK; i++) {
		rc = print_one(x, &list[i]);
		arena_reset(x->item);
		say(x, false);
	}
	return rc;
}

static enum err
print_all(struct printing *x)
{
	struct arena *pages[] = { arena_new(PAGE_MEMORY),
		arena_new(PAGE_MEMORY) };
	struct str akey = STR(""), account = STR("");
	const struct account *list;
	size_t len = PAGE;
	enum err rc = ERR_OK;

	/* Two by turns: the next page is asked for by the end of the last. */
	for (size_t turn = 0; rc == ERR_OK && len == PAGE; turn++) {
		struct arena *a = pages[turn % 2];

		arena_reset(a);
		rc = x->p.charges.accounts(x->p.charges.self, a, x->portal,
		    x->supplier, akey, account, PAGE, &list, &len, &x->c->f);
		if (rc != ERR_OK || len == 0)
			break;
		rc = print_page(x, list, len);
		akey = list[len - 1].akey;
		account = list[len - 1].account;
	}
	arena_free(pages[0]);
	arena_free(pages[1]);
	return rc;
}

static enum err
print_what_is_asked(struct printing *x)
{
	struct str number = ctl_option(x->c, "account");
	const struct account *acc;
	enum err rc;

	if (number.p == NULL)
		return print_all(x);
	rc = reference_account(
	    &x->p, x->c->a, x->portal, x->supplier, number, &acc, &x->c->f);
	return rc == ERR_OK ? print_page(x, acc, 1) : rc;
}

static enum err
print_book(struct printing *x)
{
	struct ctl *c = x->c;
	const char *name = arena_z(c->a, x->out);
	struct printer_sink sink = { x, to_file };
	struct fault end;
	enum err rc, ended;

	x->part = arena_fmt(c->a, "%s.%ld.part", name, (long)getpid()).p;
	x->fd = open_part(x->part);
	if (x->fd < 0)
		return unwritten(&c->f, x->part);
	rc = x->p.printer.book_begin(x->p.printer.self, c->a,
	    arena_fmt(
		c->a, "%.*s %.*s", STR_ARG(x->supplier), STR_ARG(x->month)),
	    x->began_at, sink, &x->book, &c->f);
	if (rc == ERR_OK) {
		rc = print_what_is_asked(x);
		fault_init(&end);
		ended = x->p.printer.book_end(x->book, &end);
		if (rc == ERR_OK && ended != ERR_OK)
			rc = unwritten(&c->f, x->part);
	}
	if (rc == ERR_OK && x->printed > 0)
		return finish(x->fd, x->part, name, true, true, &c->f);
	(void)close(x->fd);    /* it is thrown away: */
	(void)unlink(x->part); /* an empty document is none */
	return rc;
}

static enum err
prepare(struct printing *x)
{
	struct ctl *c = x->c;
	struct sheet_kit *kit;
	struct stat st;
	enum err rc;

	if (!day_month_valid(x->month))
		return fault_set(&c->f, ERR_INVALID, "usage",
		    "--month is YYYY-MM, not %.*s", STR_ARG(x->month));
	rc = sheet_kit_open(c->a, &kit, &c->f);
	if (rc != ERR_OK)
		return rc;
	x->p = *c->p;
	x->p.printer = pdf_printer(kit);
	x->folder =
	    stat(arena_z(c->a, x->out), &st) == 0 && S_ISDIR(st.st_mode);
	x->began_at = x->said_at = x->p.clock.now(x->p.clock.self);
	return ERR_OK;
}

enum err
ctl_bill(struct ctl *c)
{
	struct printing x = { .c = c,
		.portal = ctl_option(c, "portal"),
		.supplier = ctl_option(c, "supplier"),
		.month = ctl_option(c, "month"),
		.out = ctl_option(c, "out"),
		.fd = -1 };
	enum err rc = prepare(&x);

	if (rc != ERR_OK)
		return rc;
	x.item = arena_new(ITEM_MEMORY);
	rc = x.folder ? print_what_is_asked(&x) : print_book(&x);
	say(&x, true);
	arena_free(x.item);
	if (rc == ERR_OK && x.printed == 0)
		return fault_set(&c->f, ERR_ABSENT, "bill_absent",
		    "no account of %.*s has charges in %.*s",
		    STR_ARG(x.supplier), STR_ARG(x.month));
	if (rc == ERR_OK)
		buf_fmt(&c->out, "%zu bills, %zu accounts without charges\n",
		    x.printed, x.absent);
	return rc;
}
