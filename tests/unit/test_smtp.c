/*
 * A mail server of a child process on the loopback plays one scripted answer
 * per command and letter, and counts what it got in a pipe.
 */
#include "kvitok/mail/smtp.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <cmocka.h>

#define HANG "hang"
#define CLOSE NULL

/* What the server says to one letter; 250 and 354 are ordinary. */
struct play {
	const char *mail, *rcpt, *data, *final;
};

static const struct play good = { "250 ok", "250 ok", "354 go", "250 queued" };

struct server {
	pid_t pid;
	int port, events; /* events: C connection, M mail, D whole letter */
};

struct script {
	const char *greeting, *ehlo;
	const struct play *plays; /* one per letter, over all connections */
	size_t len;
};

struct peer {
	FILE *io;
	const struct script *script;
	size_t play;
	int events;
};

static void
note(const struct peer *p, char event)
{
	if (write(p->events, &event, 1) != 1)
		_exit(3);
}

/* Gives: false when the connection is to end. */
static bool
say(const struct peer *p, const char *answer)
{
	if (answer == CLOSE)
		return false;
	if (strcmp(answer, HANG) == 0) {
		pause();
		_exit(0);
	}
	fflush(p->io); /* between reading and writing one stream */
	fprintf(p->io, "%s\r\n", answer);
	fflush(p->io);
	return true;
}

static bool
starts(const char *line, const char *with)
{
	return strncmp(line, with, strlen(with)) == 0;
}

static bool
take_letter(struct peer *p, const struct play *play)
{
	char line[2000];

	if (!say(p, play->data))
		return false;
	if (strncmp(play->data, "354", 3) != 0)
		return true;
	while (fgets(line, sizeof(line), p->io) != NULL) {
		if (strcmp(line, ".\r\n") != 0)
			continue;
		note(p, 'D');
		p->play++;
		return say(p, play->final);
	}
	return false;
}

static bool
answer(struct peer *p, const char *line)
{
	static const struct play over = { "250 ok", "250 ok", "354 go",
		"250 queued" };
	const struct play *play =
	    p->play < p->script->len ? &p->script->plays[p->play] : &over;

	if (starts(line, "EHLO"))
		return say(p, p->script->ehlo);
	if (starts(line, "MAIL")) {
		note(p, 'M');
		if (play->mail == CLOSE || play->mail[0] != '2')
			p->play++;
		return say(p, play->mail);
	}
	if (starts(line, "RCPT")) {
		if (play->rcpt == CLOSE || play->rcpt[0] != '2')
			p->play++;
		return say(p, play->rcpt);
	}
	if (starts(line, "DATA"))
		return take_letter(p, play);
	if (starts(line, "QUIT"))
		return false;
	return say(p, "250 ok");
}

static void
serve(int listener, int events, const struct script *script)
{
	struct peer p = { .script = script, .events = events };
	char line[2000];

	alarm(20); /* never outlives a broken test */
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd < 0 || (p.io = fdopen(fd, "r+")) == NULL)
			_exit(3);
		note(&p, 'C');
		if (say(&p, script->greeting))
			while (fgets(line, sizeof(line), p.io) != NULL &&
			    answer(&p, line))
				;
		fclose(p.io);
	}
}

static struct server
start(const struct script *script)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	int listener = socket(AF_INET, SOCK_STREAM, 0), pipes[2];
	struct server s;

	assert_true(listener >= 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(listener, 8), 0);
	assert_int_equal(
	    getsockname(listener, (struct sockaddr *)&at, &len), 0);
	assert_int_equal(pipe(pipes), 0);
	s.port = ntohs(at.sin_port);
	s.events = pipes[0];
	s.pid = fork();
	assert_true(s.pid >= 0);
	if (s.pid == 0)
		serve(listener, pipes[1], script);
	close(listener);
	close(pipes[1]);
	return s;
}

/* Gives: what happened at the server, one letter per event. */
static void
stop(const struct server *s, char *events, size_t size)
{
	size_t len = 0;
	ssize_t n;

	kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
	while (len + 1 < size &&
	    (n = read(s->events, events + len, size - 1 - len)) > 0)
		len += (size_t)n;
	events[len] = '\0';
	close(s->events);
}

struct fixture {
	struct arena *life, *a;
	struct fault f;
};

static int
setup(void **state)
{
	static struct fixture fx;

	fx.life = arena_new(1 << 20);
	fx.a = arena_new(64 << 20);
	fault_init(&fx.f);
	*state = &fx;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *fx = *state;

	arena_free(fx->a);
	arena_free(fx->life);
	return 0;
}

static struct smtp_settings
settings(int port)
{
	return (struct smtp_settings){ .host = STR("127.0.0.1"),
		.port = port,
		.tls = SMTP_TLS_NONE,
		.helo = STR("kvitok.example"),
		.connect_max_ms = 1000,
		.total_max_ms = 2000 };
}

static enum err
send_one(struct fixture *fx, const struct mailer *m)
{
	static unsigned char big[200000];
	const struct mail_part part = { STR("a.pdf"), STR("application/pdf"),
		{ big, sizeof(big) } };
	const struct mail mail = { .from = STR("pay@kvitok.example"),
		.to = STR("ivanova@example.ru"),
		.subject = STR("x"),
		.text = STR("x"),
		.parts = &part,
		.parts_len = 1,
		.message_id = STR("1@kvitok.example") };

	arena_reset(fx->a);
	fault_init(&fx->f);
	return m->send(m->self, fx->a, &mail, &fx->f);
}

/* Send so many letters; the last one must end in want, with reason. */
static void
check(struct fixture *fx, const struct script *script, int letters,
    enum err want, const char *reason, const char *want_events)
{
	struct server s = start(script);
	struct smtp_settings set = settings(s.port);
	struct mailer m;
	char events[64];
	enum err rc = ERR_OK;

	assert_int_equal(smtp_new(fx->life, &set, &m, &fx->f), ERR_OK);
	for (int i = 0; i < letters; i++) {
		assert_int_equal(rc, ERR_OK);
		rc = send_one(fx, &m);
	}
	stop(&s, events, sizeof(events));
	assert_int_equal(rc, want);
	if (reason != NULL)
		assert_string_equal(fx->f.reason, reason);
	assert_string_equal(events, want_events);
}

#define SCRIPT(plays)                                                          \
	{                                                                      \
		"220 hi", "250 ok", (plays), KV_COUNT(plays)                   \
	}

static void
two_letters_go_through_one_connection(void **state)
{
	const struct play plays[] = { good, good };
	const struct script script = SCRIPT(plays);

	check(*state, &script, 2, ERR_OK, NULL, "CMDMD");
}

static void
a_5xx_to_the_letter_refuses_it_for_good(void **state)
{
	static const struct play all[] = {
		{ "550 no", NULL, NULL, NULL },
		{ "250 ok", "550 no such user", NULL, NULL },
		{ "250 ok", "250 ok", "554 no", NULL },
		{ "250 ok", "250 ok", "354 go", "552 too large" },
	};
	static const char *const events[] = { "CM", "CM", "CM", "CMD" };

	for (size_t i = 0; i < KV_COUNT(all); i++) {
		const struct script script = { "220 hi", "250 ok", &all[i], 1 };

		check(
		    *state, &script, 1, ERR_INVALID, "mail_refused", events[i]);
	}
}

static void
a_4xx_puts_the_letter_off(void **state)
{
	static const struct play all[] = {
		{ "451 later", NULL, NULL, NULL },
		{ "250 ok", "450 grey", NULL, NULL },
		{ "250 ok", "250 ok", "421 bye", NULL },
		{ "250 ok", "250 ok", "354 go", "451 later" },
		{ "530 log in first", NULL, NULL, NULL },
	};
	static const char *const events[] = { "CM", "CM", "CM", "CMD", "CM" };

	for (size_t i = 0; i < KV_COUNT(all); i++) {
		const struct script script = { "220 hi", "250 ok", &all[i], 1 };

		check(*state, &script, 1, ERR_AGAIN, "mail_later", events[i]);
	}
}

static void
a_greeting_of_554_is_not_the_letters_fault(void **state)
{
	const struct script script = { "554 go away", "250 ok", NULL, 0 };

	check(*state, &script, 1, ERR_AGAIN, "mail_later", "C");
}

static void
a_connection_lost_before_the_letter_left_puts_it_off(void **state)
{
	static const struct play all[] = {
		{ CLOSE, NULL, NULL, NULL },
		{ "250 ok", CLOSE, NULL, NULL },
		{ "250 ok", "250 ok", CLOSE, NULL },
	};

	for (size_t i = 0; i < KV_COUNT(all); i++) {
		const struct script script = { "220 hi", "250 ok", &all[i], 1 };

		check(*state, &script, 1, ERR_AGAIN, "mail_later", "CM");
	}
}

static void
a_connection_lost_after_the_letter_left_is_a_doubt(void **state)
{
	const struct play plays[] = { { "250 ok", "250 ok", "354 go", CLOSE } };
	const struct script script = SCRIPT(plays);

	check(*state, &script, 1, ERR_UNSURE, "mail_unsure", "CMD");
}

static void
a_kept_connection_lost_after_the_letter_left_resends_nothing(void **state)
{
	const struct play plays[] = { good,
		{ "250 ok", "250 ok", "354 go", CLOSE } };
	const struct script script = SCRIPT(plays);

	check(*state, &script, 2, ERR_UNSURE, "mail_unsure", "CMDMD");
}

static void
a_server_silent_after_the_letter_is_a_doubt_in_time(void **state)
{
	const struct play plays[] = { { "250 ok", "250 ok", "354 go", HANG } };
	const struct script script = SCRIPT(plays);

	check(*state, &script, 1, ERR_UNSURE, "mail_unsure", "CMD");
}

static void
a_server_silent_before_the_letter_puts_it_off(void **state)
{
	const struct play plays[] = { { HANG, NULL, NULL, NULL } };
	const struct script script = SCRIPT(plays);

	check(*state, &script, 1, ERR_AGAIN, "mail_later", "CM");
}

static void
a_kept_connection_that_had_gone_stale_is_made_anew(void **state)
{
	const struct play plays[] = { good, { "421 idle", NULL, NULL, NULL },
		good };
	const struct play gone[] = { good, { CLOSE, NULL, NULL, NULL }, good };
	const struct script one = SCRIPT(plays), two = SCRIPT(gone);

	check(*state, &one, 2, ERR_OK, NULL, "CMDMCMD");
	check(*state, &two, 2, ERR_OK, NULL, "CMDMCMD");
}

static void
nobody_there_puts_the_letter_off(void **state)
{
	struct fixture *fx = *state;
	const struct script script = { "220 hi", "250 ok", NULL, 0 };
	struct server s = start(&script);
	struct smtp_settings set = settings(s.port);
	struct mailer m;
	char events[8];

	stop(&s, events, sizeof(events));
	assert_int_equal(smtp_new(fx->life, &set, &m, &fx->f), ERR_OK);
	assert_int_equal(send_one(fx, &m), ERR_AGAIN);
	assert_string_equal(fx->f.reason, "mail_later");
}

static void
a_server_without_starttls_gets_nothing_when_tls_is_demanded(void **state)
{
	struct fixture *fx = *state;
	const struct script script = { "220 hi", "250 ok", NULL, 0 };
	struct server s = start(&script);
	struct smtp_settings set = settings(s.port);
	struct mailer m;
	char events[8];

	set.tls = SMTP_TLS_STARTTLS;
	assert_int_equal(smtp_new(fx->life, &set, &m, &fx->f), ERR_OK);
	assert_int_equal(send_one(fx, &m), ERR_AGAIN);
	stop(&s, events, sizeof(events));
	assert_string_equal(events, "C");
}

static void
settings_that_do_not_fit_are_refused(void **state)
{
	struct fixture *fx = *state;
	struct smtp_settings all[8];
	struct mailer m;

	for (size_t i = 0; i < KV_COUNT(all); i++)
		all[i] = settings(25);
	all[0].host = STR_NONE;
	all[1].host = STR("mail.example/x@y");
	all[2].port = 0;
	all[3].port = 65536;
	all[4].helo = STR("a\r\nMAIL FROM:<x@y>");
	all[5].connect_max_ms = 0;
	all[6].total_max_ms = 999;
	all[7].user = STR("kvitok"); /* with no TLS */
	for (size_t i = 0; i < KV_COUNT(all); i++) {
		assert_int_equal(
		    smtp_new(fx->life, &all[i], &m, &fx->f), ERR_INVALID);
		assert_string_equal(fx->f.reason, "conf_bad");
	}
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(two_letters_go_through_one_connection),
		T(a_5xx_to_the_letter_refuses_it_for_good),
		T(a_4xx_puts_the_letter_off),
		T(a_greeting_of_554_is_not_the_letters_fault),
		T(a_connection_lost_before_the_letter_left_puts_it_off),
		T(a_connection_lost_after_the_letter_left_is_a_doubt),
		T(a_kept_connection_lost_after_the_letter_left_resends_nothing),
		T(a_server_silent_after_the_letter_is_a_doubt_in_time),
		T(a_server_silent_before_the_letter_puts_it_off),
		T(a_kept_connection_that_had_gone_stale_is_made_anew),
		T(nobody_there_puts_the_letter_off),
		T(a_server_without_starttls_gets_nothing_when_tls_is_demanded),
		T(settings_that_do_not_fit_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
