#include "ctl.h"

#include "file_source.h"

#include "kvitok/app/exchange.h"
#include "kvitok/app/exchange_ack.h"
#include "kvitok/app/send.h"
#include "kvitok/app/send_text.h"
#include "kvitok/base/num.h"

#include <inttypes.h>
#include <stdio.h>

#define OPEN_SHOWN 200
#define NUMBER_MAX INT64_C(999999999999)

static void
say_doc(struct buf *b, const struct exchange_doc *x)
{
	buf_fmt(b, "%" PRId64 " ", x->number);
	ctl_say(b, "", x->kind.len > 0 ? x->kind : STR("(unknown kind)"));
	ctl_say(b, " of ", x->portal);
	ctl_say(b, "/", x->supplier);
	buf_fmt(b, ": %s", exchange_state_name(x->state));
	if (x->waits_for > 0)
		buf_fmt(b, ", waits for %" PRId64, x->waits_for);
	if (x->record > 0 || x->state == EXCHANGE_APPLIED) {
		buf_fmt(b,
		    ", records %" PRId64 " applied, %" PRId64 " refused, sum ",
		    x->applied, x->refused);
		buf_decimal(b, x->applied_kop);
	}
	if (x->error_words.len > 0) {
		if (x->error_line > 0)
			buf_fmt(b, ", line %" PRId64, x->error_line);
		if (x->error_path.len > 0)
			ctl_say(b, ", ", x->error_path);
		ctl_say(b, ": ", x->error_words);
	}
	buf_char(b, '\n');
}

static void
say_problems(struct buf *b, const struct exchange_done *done)
{
	for (size_t i = 0; i < done->problems_len; i++) {
		const struct exchange_problem *x = &done->problems[i];

		buf_fmt(b, "line %" PRId64, x->line);
		ctl_say(b, ": ", x->path);
		ctl_say(b, ": ", x->words);
		buf_char(b, '\n');
	}
}

/* Not applied is told by the exit code, too. */
static enum err
verdict(struct ctl *c, const struct exchange_done *done)
{
	const struct exchange_doc *x = &done->doc;

	if (done->gap > 0)
		return fault_set(&c->f, ERR_CONFLICT, "exchange_waits",
		    "%" PRId64 " comes first", done->gap);
	if (x->state == EXCHANGE_HELD)
		return fault_set(&c->f, ERR_CONFLICT, "exchange_waits",
		    "%" PRId64 " is not done", x->waits_for);
	if (x->state == EXCHANGE_ASIDE)
		return fault_set(&c->f, ERR_INVALID, "document_bad",
		    "%" PRId64 " is put aside", x->number);
	return ERR_OK;
}

enum err
ctl_exchange_apply(struct ctl *c)
{
	struct source src;
	struct exchange_done *done = ARENA_NEW(c->a, struct exchange_done);
	enum err rc = file_source_open(c->a, c->words[0], &src, &c->f);

	if (rc != ERR_OK)
		return rc;
	rc = exchange_apply(c->p, c->a,
	    &(struct exchange_ask){ .src = &src,
		.portal = STR(""),
		.supplier = STR(""),
		.kind = STR(""),
		.actor = ctl_operator(c) },
	    done, &c->f);
	say_problems(&c->out, done);
	if (rc != ERR_OK)
		return rc;
	if (done->gap == 0)
		say_doc(&c->out, &done->doc);
	if (done->known)
		buf_lit(&c->out, "nothing is new: it had come before\n");
	return verdict(c, done);
}

static void
say_age(struct buf *b, const char *what, int64_t since, int64_t now)
{
	if (since > 0)
		buf_fmt(b, ", %s %" PRId64 " s", what, (now - since) / 1000);
}

static void
say_peer(struct ctl *c, const struct exchange_peer *x)
{
	struct buf *b = &c->out;
	int64_t now = c->p->clock.now(c->p->clock.self);

	ctl_say(b, "", x->portal);
	ctl_say(b, "/", x->supplier);
	buf_fmt(b,
	    ": next %" PRId64 ", aside %" PRId64 ", held %" PRId64
	    ", applying %" PRId64,
	    x->next, x->open_aside, x->open_held, x->open_applying);
	say_age(b, "oldest", x->oldest_open_at, now);
	buf_fmt(b, ", to hand over %" PRId64, x->unhanded);
	say_age(b, "oldest", x->oldest_unhanded_at, now);
	buf_fmt(b, ", not acknowledged %" PRId64, x->unanswered);
	say_age(b, "oldest", x->oldest_unanswered_at, now);
	if (x->untaken > 0) {
		buf_fmt(b, ", not fetched ours %" PRId64, x->untaken);
		say_age(b, "made", x->untaken_made_at, now);
	}
	if (x->ahead > x->next) {
		buf_fmt(b, "; %" PRId64 " is there and %" PRId64 " is not",
		    x->ahead, x->next);
		say_age(b, "since", x->ahead_at, now);
	}
	if (x->looked_at > 0) {
		buf_lit(b, "; reached ");
		ctl_time(b, x->looked_at);
	}
	if (x->fails > 0) {
		buf_fmt(b, ", failed %" PRId64 " times since: ", x->fails);
		ctl_say(b, "", x->last_error);
	}
	buf_char(b, '\n');
}

static enum err
say_open(struct ctl *c, const struct exchange_peer *x)
{
	const struct exchange_doc *v;
	size_t len;
	enum err rc = c->p->exchange.open(c->p->exchange.self, c->a, x->portal,
	    x->supplier, 1, 0, OPEN_SHOWN, &v, &len, &c->f);

	for (size_t i = 0; rc == ERR_OK && i < len; i++) {
		buf_lit(&c->out, "  ");
		say_doc(&c->out, &v[i]);
	}
	if (rc == ERR_OK && len == OPEN_SHOWN)
		buf_lit(&c->out, "  and more\n");
	return rc;
}

static void
say_sent(struct ctl *c, const struct sent_doc *x)
{
	struct buf *b = &c->out;

	buf_fmt(
	    b, "  ours %" PRId64 " %s of ", x->number, send_kind_name(x->kind));
	ctl_say(b, "", x->period);
	buf_fmt(b, ": %s, records %" PRId64 ", sum ", sent_state_name(x->state),
	    send_records(x->kind, x->items));
	buf_decimal(b, x->sum_kop);
	buf_fmt(b, ", handed over %" PRId64 " times", x->tries);
	if (x->words.len > 0)
		ctl_say(b, ": ", x->words);
	buf_char(b, '\n');
}

/* Ours that are not acknowledged. */
static enum err
say_sent_open(struct ctl *c, const struct exchange_peer *x)
{
	const struct sent_doc *v;
	size_t len;
	enum err rc = c->p->send.open(c->p->send.self, c->a, x->portal,
	    x->supplier, 1, OPEN_SHOWN, &v, &len, &c->f);

	for (size_t i = 0; rc == ERR_OK && i < len; i++)
		say_sent(c, &v[i]);
	if (rc == ERR_OK && len == OPEN_SHOWN)
		buf_lit(&c->out, "  and more of ours\n");
	return rc;
}

enum err
ctl_exchange_status(struct ctl *c)
{
	const struct exchange_peer *v;
	size_t len;
	enum err rc = c->p->exchange_out.peers(
	    c->p->exchange_out.self, c->a, &v, &len, &c->f);

	for (size_t i = 0; rc == ERR_OK && i < len; i++) {
		if (c->words_len > 0 && !str_eq(c->words[0], v[i].portal))
			continue;
		if (c->words_len > 1 && !str_eq(c->words[1], v[i].supplier))
			continue;
		say_peer(c, &v[i]);
		rc = say_open(c, &v[i]);
		if (rc == ERR_OK)
			rc = say_sent_open(c, &v[i]);
	}
	return rc;
}

static enum err
number_of(struct ctl *c, int64_t *out)
{
	return num_parse(c->words[2], 1, NUMBER_MAX, out)
	    ? ERR_OK
	    : fault_set(&c->f, ERR_INVALID, "usage",
		  "NUMBER is that of a document, from 1 on");
}

enum err
ctl_exchange_skip(struct ctl *c)
{
	struct exchange_doc x = { .portal = c->words[0],
		.supplier = c->words[1],
		.actor = ctl_operator(c),
		.error_words = ctl_option(c, "reason") };
	enum err rc = number_of(c, &x.number);

	if (rc == ERR_OK && str_trim(x.error_words).len < 3)
		rc =
		    fault_set(&c->f, ERR_INVALID, "usage", "--reason says why");
	if (rc == ERR_OK)
		rc = exchange_skip(c->p, c->a, &x, &c->f);
	if (rc == ERR_OK)
		rc = c->p->exchange.find(c->p->exchange.self, c->a, c->words[0],
		    c->words[1], x.number, &x, &c->f);
	if (rc == ERR_OK)
		say_doc(&c->out, &x);
	return rc;
}

static enum err
find_ack(struct ctl *c, struct exchange_ack *out)
{
	int64_t number;
	enum err rc = number_of(c, &number);

	return rc == ERR_OK
	    ? c->p->exchange_out.find(c->p->exchange_out.self, c->a,
		  c->words[0], c->words[1], number, out, &c->f)
	    : rc;
}

struct resending {
	struct ctl *c;
	const struct exchange_ack *out;
};

static enum err
resend_body(void *arg, struct fault *f)
{
	struct resending *x = arg;

	return send_resend(x->c->p, x->c->a, x->out->portal, x->out->supplier,
	    x->out->number, f);
}

static bool
is_ack(const struct exchange_ack *x)
{
	return str_eq(x->kind, STR(EXCHANGE_ACK_KIND));
}

enum err
ctl_exchange_resend(struct ctl *c)
{
	struct exchange_ack x;
	struct resending r = { c, &x };
	enum err rc = find_ack(c, &x);

	if (rc == ERR_OK && is_ack(&x))
		rc = c->p->exchange_out.again(
		    c->p->exchange_out.self, &x, &c->f);
	else if (rc == ERR_OK)
		rc = c->p->tx.run(
		    c->p->tx.self, "exchange_resend", resend_body, &r, &c->f);
	if (rc == ERR_OK)
		buf_fmt(&c->out, "ours %" PRId64 " will be handed over again\n",
		    x.number);
	return rc;
}

/* However long it is, it does not lie in memory. */
static enum err
put_sent(struct ctl *c, const struct exchange_ack *x)
{
	struct sent_doc doc;
	struct source src;
	char piece[16384];
	size_t got = 1;
	int64_t at = 0;
	enum err rc = c->p->send.find(c->p->send.self, c->a, x->portal,
	    x->supplier, x->number, &doc, &c->f);

	if (rc == ERR_OK)
		rc = send_text(c->p, c->a, &doc, NULL, &src, &c->f);
	while (rc == ERR_OK && got > 0) {
		rc = src.read(src.self, at, piece, sizeof(piece), &got, &c->f);
		if (rc == ERR_OK && fwrite(piece, 1, got, stdout) != got)
			return fault_set(
			    &c->f, ERR_AGAIN, "file_unread", "stdout");
		at += (int64_t)got;
	}
	return rc;
}

enum err
ctl_exchange_document(struct ctl *c)
{
	struct exchange_ack x;
	struct str text;
	enum err rc = find_ack(c, &x);

	if (rc == ERR_OK && !is_ack(&x))
		return put_sent(c, &x);
	if (rc == ERR_OK)
		rc = exchange_ack_text(c->p, c->a, &x, &text, &c->f);
	if (rc == ERR_OK)
		buf_text(&c->out, text);
	return rc;
}
