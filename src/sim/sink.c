#include "kvitok/sim/sink.h"

#include "kvitok/base/buf.h"
#include "kvitok/sim/caller.h"
#include "kvitok/sim/mailbox.h"
#include "kvitok/sim/net.h"
#include "kvitok/sim/world.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LINE_MAX_BYTES 2048
#define READ_BYTES 65536
#define OUT_MAX 16384
#define IDLE_MS 300000
#define SLOW_MS 5000
#define DROP_AFTER 1024 /* bytes of DATA before drop_in_data strikes */

enum stage {
	AT_COMMANDS,
	AT_DATA,
	AT_REST /* delayed answer: nothing is read until it is given */
};

struct peer {
	struct sink *s;
	int fd; /* -1: free */
	enum stage stage;
	bool greeted, has_from, closing, drop_in_data;
	char line[LINE_MAX_BYTES];
	size_t line_len;
	bool line_long;
	struct mail *mail; /* being taken; NULL between letters */
	struct buf data;
	char out[OUT_MAX];
	size_t out_len;
	int64_t heard_at; /* of the real clock */
	struct timer idle, later;
};

struct sink {
	struct world *w;
	int fd;
	struct peer peers[SINK_CONNECTIONS_MAX];
	char in[READ_BYTES];
};

static void
mail_drop(struct peer *p)
{
	if (p->mail)
		arena_free(p->mail->a);
	p->mail = NULL;
	p->has_from = false;
}

static void
hang_up(struct peer *p)
{
	struct timers *t = &p->s->w->timers;

	mail_drop(p);
	timers_cancel(t, &p->idle);
	timers_cancel(t, &p->later);
	close(p->fd);
	p->fd = -1;
}

static void on_idle(void *owner);

static void
watch_idle(struct peer *p, int64_t ms)
{
	struct world *w = p->s->w;

	(void)timers_set(&w->timers, &p->idle, world_now(w) + ms, on_idle, p);
}

static void
not_idle(struct peer *p)
{
	p->heard_at = p->s->w->real_now();
	watch_idle(p, IDLE_MS);
}

/* Mailers live by the computer's clock: one set forward hangs up nobody. */
static void
on_idle(void *owner)
{
	struct peer *p = owner;
	int64_t silent = p->s->w->real_now() - p->heard_at;

	if (silent >= IDLE_MS)
		hang_up(p);
	else
		watch_idle(p, IDLE_MS - silent);
}

static void
flush(struct peer *p)
{
	while (p->out_len > 0) {
		ssize_t n = send(p->fd, p->out, p->out_len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0) {
			p->out_len = 0;
			p->closing = true;
			return;
		}
		p->out_len -= (size_t)n;
		memmove(p->out, p->out + n, p->out_len);
	}
}

static void
say(struct peer *p, const char *words)
{
	size_t len = strlen(words);

	/* Who pipelines and never reads is hung up on. */
	if (p->out_len + len + 2 > OUT_MAX) {
		p->closing = true;
		return;
	}
	memcpy(p->out + p->out_len, words, len);
	memcpy(p->out + p->out_len + len, "\r\n", 2);
	p->out_len += len + 2;
}

/* MAIL FROM:<a@b> PARAM -> a@b; gives false when it is not of that form. */
static bool
address_of(struct str line, struct str keyword, struct str *out)
{
	size_t end;

	if (line.len < keyword.len ||
	    !str_eq_nocase((struct str){ line.p, keyword.len }, keyword))
		return false;
	line = str_trim(
	    (struct str){ line.p + keyword.len, line.len - keyword.len });
	if (!str_starts(line, STR("<")))
		return false;
	end = str_find(line, STR(">"));
	if (end == line.len)
		return false;
	*out = (struct str){ line.p + 1, end - 1 };
	return true;
}

static void
on_mail(struct peer *p, struct str line)
{
	struct str from;
	struct arena *a;

	if (!p->greeted) {
		say(p, "503 5.5.1 EHLO first");
		return;
	}
	if (!address_of(line, STR("MAIL FROM:"), &from)) {
		say(p, "501 5.5.4 MAIL FROM:<address>");
		return;
	}
	mail_drop(p);
	a = arena_new(4 * MAILBOX_BYTES_MAX);
	p->mail = ARENA_NEW(a, struct mail);
	p->mail->a = a;
	p->mail->from = arena_str(a, from);
	p->has_from = true;
	say(p, "250 2.1.0 Ok");
}

static void
on_rcpt(struct peer *p, struct str line)
{
	struct menu *m = &p->s->w->menu;
	struct str to;

	if (!p->has_from) {
		say(p, "503 5.5.1 MAIL first");
		return;
	}
	if (!address_of(line, STR("RCPT TO:"), &to) || to.len == 0) {
		say(p, "501 5.5.4 RCPT TO:<address>");
		return;
	}
	if (menu_take(m, BANK_SMTP, MENU_REJECT_RCPT, to, NULL, NULL)) {
		say(p, "550 5.1.1 No such user here");
		return;
	}
	if (menu_take(m, BANK_SMTP, MENU_LATER_RCPT, to, NULL, NULL)) {
		say(p, "451 4.3.0 Try again later");
		return;
	}
	if (p->mail->rcpts_len == MAILBOX_RCPTS_MAX) {
		say(p, "452 4.5.3 Too many recipients");
		return;
	}
	p->mail->rcpts[p->mail->rcpts_len++] = arena_str(p->mail->a, to);
	say(p, "250 2.1.5 Ok");
}

static struct str
first_rcpt(const struct peer *p)
{
	return p->mail && p->mail->rcpts_len > 0 ? p->mail->rcpts[0] : STR_NONE;
}

static void
on_data(struct peer *p)
{
	if (!p->mail || p->mail->rcpts_len == 0) {
		say(p, "503 5.5.1 RCPT first");
		return;
	}
	buf_init(&p->data, p->mail->a, MAILBOX_BYTES_MAX);
	p->stage = AT_DATA;
	p->drop_in_data = menu_take(&p->s->w->menu, BANK_SMTP,
	    MENU_DROP_IN_DATA, first_rcpt(p), NULL, NULL);
	say(p, "354 End data with <CR><LF>.<CR><LF>");
}

static void
on_command(struct peer *p, struct str line)
{
	struct str verb, rest = line;

	str_cut(&rest, ' ', &verb);
	if (str_eq_nocase(verb, STR("EHLO"))) {
		p->greeted = true;
		mail_drop(p);
		say(p, "250-kvitok-sim");
		say(p, "250-PIPELINING");
		say(p, "250-SIZE 10485760");
		say(p, "250-8BITMIME");
		say(p, "250 SMTPUTF8");
	} else if (str_eq_nocase(verb, STR("HELO"))) {
		p->greeted = true;
		mail_drop(p);
		say(p, "250 kvitok-sim");
	} else if (str_eq_nocase(verb, STR("MAIL"))) {
		on_mail(p, line);
	} else if (str_eq_nocase(verb, STR("RCPT"))) {
		on_rcpt(p, line);
	} else if (str_eq_nocase(verb, STR("DATA"))) {
		on_data(p);
	} else if (str_eq_nocase(verb, STR("RSET"))) {
		mail_drop(p);
		say(p, "250 2.0.0 Ok");
	} else if (str_eq_nocase(verb, STR("NOOP"))) {
		say(p, "250 2.0.0 Ok");
	} else if (str_eq_nocase(verb, STR("QUIT"))) {
		say(p, "221 2.0.0 Bye");
		p->closing = true;
	} else {
		say(p, "502 5.5.2 Command not known");
	}
}

static void
say_kept(void *owner)
{
	struct peer *p = owner;

	p->stage = AT_COMMANDS;
	say(p, "250 2.0.0 Ok: kept");
	flush(p);
}

/* The whole letter is here. */
static void
keep(struct peer *p)
{
	struct world *w = p->s->w;
	struct str to = first_rcpt(p);
	struct mail *mail = p->mail;
	struct menu_armed slow;
	bool late, drop;

	p->stage = AT_COMMANDS;
	if (p->data.full) {
		mail_drop(p);
		say(p, "552 5.3.4 Message too big");
		return;
	}
	drop = menu_take(
	    &w->menu, BANK_SMTP, MENU_ACCEPT_THEN_DROP, to, NULL, NULL);
	late = menu_take(&w->menu, BANK_SMTP, MENU_SLOW_DATA, to, NULL, &slow);
	mail->raw = buf_str(&p->data);
	p->mail = NULL;
	p->has_from = false;
	mailbox_put(w->mailbox, mail, world_now(w));
	if (drop) {
		p->out_len = 0;
		p->closing = true;
		return;
	}
	if (late &&
	    timers_set(&w->timers, &p->later,
		world_now(w) + (slow.delay_ms < 0 ? SLOW_MS : slow.delay_ms),
		say_kept, p)) {
		p->stage = AT_REST;
		return;
	}
	say(p, "250 2.0.0 Ok: kept");
}

static void
on_data_line(struct peer *p, struct str line)
{
	bool end = str_eq(line, STR("."));

	if (p->drop_in_data && (end || p->data.len > DROP_AFTER)) {
		p->out_len = 0;
		p->closing = true;
		return;
	}
	if (end) {
		keep(p);
		return;
	}
	if (str_starts(line, STR(".")))
		line = (struct str){ line.p + 1, line.len - 1 };
	buf_text(&p->data, line);
	buf_lit(&p->data, "\r\n");
}

static void
on_line(struct peer *p)
{
	struct str line = { p->line, p->line_len };

	if (line.len > 0 && line.p[line.len - 1] == '\r')
		line.len--;
	if (p->line_long)
		say(p, "500 5.5.2 Line too long");
	else if (p->stage == AT_DATA)
		on_data_line(p, line);
	else
		on_command(p, line);
	p->line_len = 0;
	p->line_long = false;
}

static void
take_bytes(struct peer *p, const char *in, size_t len)
{
	for (size_t i = 0; i < len && !p->closing; i++) {
		if (in[i] == '\n')
			on_line(p);
		else if (p->line_len < LINE_MAX_BYTES)
			p->line[p->line_len++] = in[i];
		else
			p->line_long = true;
	}
}

static void
serve(struct peer *p)
{
	struct sink *s = p->s;
	ssize_t n = recv(p->fd, s->in, sizeof(s->in), 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		hang_up(p);
		return;
	}
	not_idle(p);
	take_bytes(p, s->in, (size_t)n);
	flush(p);
	if (p->closing)
		hang_up(p);
}

static void
welcome(struct sink *s, int fd)
{
	for (size_t i = 0; i < SINK_CONNECTIONS_MAX; i++) {
		struct peer *p = &s->peers[i];

		if (p->fd >= 0)
			continue;
		*p = (struct peer){ .s = s, .fd = fd };
		not_idle(p);
		say(p, "220 kvitok-sim ESMTP");
		flush(p);
		return;
	}
	close(fd); /* all places are taken */
}

static void
sink_free(void *object)
{
	struct sink *s = object;

	sink_drop_all(s);
	close(s->fd);
}

enum err
sink_open(
    struct world *w, struct str address, struct sink **out, struct fault *f)
{
	struct sink *s = ARENA_NEW(w->a, struct sink);
	enum err rc = net_listen(w->a, address, &s->fd, f);

	if (rc != ERR_OK)
		return rc;
	s->w = w;
	for (size_t i = 0; i < SINK_CONNECTIONS_MAX; i++)
		s->peers[i].fd = -1;
	arena_defer(w->a, sink_free, s);
	*out = s;
	return ERR_OK;
}

size_t
sink_fds(struct sink *s, struct caller_fd *fds)
{
	size_t n = 0;

	fds[n++] = (struct caller_fd){ .fd = s->fd, .to_read = true };
	for (size_t i = 0; i < SINK_CONNECTIONS_MAX; i++) {
		const struct peer *p = &s->peers[i];

		if (p->fd >= 0)
			fds[n++] = (struct caller_fd){ .fd = p->fd,
				.to_read = p->stage != AT_REST,
				.to_write = p->out_len > 0 };
	}
	return n;
}

void
sink_run(struct sink *s)
{
	int fd;

	for (size_t i = 0; i < SINK_CONNECTIONS_MAX; i++) {
		struct peer *p = &s->peers[i];

		if (p->fd < 0)
			continue;
		flush(p);
		if (p->closing)
			hang_up(p);
		else if (p->stage != AT_REST)
			serve(p);
	}
	while ((fd = accept(s->fd, NULL, NULL)) >= 0) {
		if (fcntl(fd, F_SETFL, O_NONBLOCK) == 0 &&
		    fcntl(fd, F_SETFD, FD_CLOEXEC) == 0)
			welcome(s, fd);
		else
			close(fd);
	}
}

void
sink_drop_all(struct sink *s)
{
	for (size_t i = 0; i < SINK_CONNECTIONS_MAX; i++)
		if (s->peers[i].fd >= 0)
			hang_up(&s->peers[i]);
}
