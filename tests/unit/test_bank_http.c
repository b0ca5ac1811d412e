#include "kvitok/bank/http.h"

#include "bank_test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/*
 * The bank: a process that serves each connection in a process of its own.
 * What it does with a request stands in its path.  For each request that was
 * read whole it writes its path's first letter into a pipe.
 */
struct server {
	pid_t pid;
	int port;
	int seen; /* read end of the pipe */
	char log[64];
};

struct peer {
	int fd, seen;
	int requests; /* on this connection */
	char text[8192];
};

/* Gives: false at the end of the connection. */
static bool
read_request(struct peer *p)
{
	size_t len = 0, want = 0;

	for (;;) {
		ssize_t n =
		    read(p->fd, p->text + len, sizeof(p->text) - 1 - len);
		const char *end, *body;

		if (n <= 0)
			return false;
		len += (size_t)n;
		p->text[len] = '\0';
		end = strstr(p->text, "\r\n\r\n");
		if (end == NULL)
			continue;
		body = strstr(p->text, "Content-Length: ");
		want = body != NULL ? (size_t)strtoul(body + 16, NULL, 10) : 0;
		if (len >= (size_t)(end + 4 - p->text) + want)
			return true;
	}
}

static void
say(struct peer *p, const char *text)
{
	size_t len = strlen(text);

	while (len > 0) {
		ssize_t n = write(p->fd, text, len);

		if (n <= 0)
			_exit(0);
		text += n;
		len -= (size_t)n;
	}
}

static void
say_big(struct peer *p, size_t body)
{
	char chunk[1025] = { 0 };

	(void)snprintf(chunk, sizeof(chunk),
	    "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", body);
	say(p, chunk);
	memset(chunk, 'x', 1024);
	for (; body >= 1024; body -= 1024)
		say(p, chunk);
	chunk[body] = '\0';
	say(p, chunk);
}

static void
reset(struct peer *p)
{
	struct linger now = { 1, 0 };

	assert_int_equal(
	    setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now)), 0);
	close(p->fd);
	_exit(0);
}

static bool
asks(const struct peer *p, const char *path)
{
	const char *space = strchr(p->text, ' ');

	return space != NULL && strncmp(space + 1, path, strlen(path)) == 0;
}

static void
serve(struct peer *p)
{
	while (read_request(p)) {
		const char *space = strchr(p->text, ' ');

		p->requests++;
		assert_int_equal(write(p->seen, space + 2, 1), 1);
		if (asks(p, "/k"))
			say(p,
			    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
		else if (asks(p, "/reset"))
			reset(p);
		else if (asks(p, "/closes-kept") && p->requests > 1)
			_exit(0);
		else if (asks(p, "/closes-kept"))
			say(p,
			    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
		else if (asks(p, "/silent"))
			pause();
		else if (asks(p, "/half"))
			say(p,
			    "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal"),
			    _exit(0);
		else if (asks(p, "/502"))
			say(p,
			    "HTTP/1.1 502 Bad Gateway\r\n"
			    "Content-Length: 0\r\n\r\n");
		else if (asks(p, "/302"))
			say(p,
			    "HTTP/1.1 302 Found\r\nLocation: /kept\r\n"
			    "Content-Length: 0\r\n\r\n");
		else if (asks(p, "/just"))
			say_big(p, HTTP_ANSWER_MAX);
		else if (asks(p, "/over"))
			say_big(p, HTTP_ANSWER_MAX + 1);
	}
	_exit(0);
}

static void
serve_all(int fd, int seen)
{
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		struct peer p = { .fd = accept(fd, NULL, NULL), .seen = seen };

		if (p.fd < 0)
			_exit(1);
		if (fork() == 0)
			serve(&p);
		close(p.fd);
	}
}

static int
listening(int *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(fd, 16), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

static struct server
server_start(void)
{
	struct server s = { 0 };
	int fd = listening(&s.port), pipes[2];

	assert_int_equal(pipe(pipes), 0);
	s.seen = pipes[0];
	s.pid = fork();
	assert_true(s.pid >= 0);
	if (s.pid == 0) {
		setpgid(0, 0);
		close(pipes[0]);
		serve_all(fd, pipes[1]);
	}
	setpgid(s.pid, s.pid); /* whoever is first */
	close(pipes[1]);
	close(fd);
	return s;
}

/* Gives: the first letters of all requests that the bank has read. */
static const char *
server_stop(struct server *s)
{
	size_t len = 0;
	ssize_t n;

	kill(-s->pid, SIGKILL); /* its own group, with its children */
	waitpid(s->pid, NULL, 0);
	while ((n = read(s->seen, s->log + len, sizeof(s->log) - 1 - len)) > 0)
		len += (size_t)n;
	s->log[len] = '\0';
	close(s->seen);
	return s->log;
}

static struct http *
client(struct fixture *fx, const char *scheme, int port, const char *ca_file)
{
	struct http_settings s = {
		.base = arena_fmt(fx->a, "%s://127.0.0.1:%d/", scheme, port),
		.ca_file = str_of(ca_file),
		.connect_ms = 1000,
		.total_ms = 400,
	};
	struct http *h;

	assert_int_equal(http_new(fx->a, &s, &h, &fx->f), ERR_OK);
	return h;
}

static enum err
post(struct fixture *fx, struct http *h, const char *path, bool once,
    struct http_answer *out)
{
	struct http_request rq = { .path = str_of(path),
		.type = STR("application/json"),
		.body = STR("{\"n\":1}"),
		.once = once };

	fault_init(&fx->f);
	return http_call(h, fx->a, &rq, out, &fx->f);
}

static void
a_whole_answer_of_any_status_is_an_answer(void **state)
{
	struct fixture *fx = *state;
	struct server s = server_start();
	struct http *h = client(fx, "http", s.port, NULL);
	struct http_answer out;

	assert_int_equal(post(fx, h, "kept", true, &out), ERR_OK);
	assert_int_equal(out.status, 200);
	assert_text(out.body, "ok");
	assert_int_equal(post(fx, h, "502", true, &out), ERR_OK);
	assert_int_equal(out.status, 502);
	assert_string_equal(server_stop(&s), "k5");
}

static void
a_redirect_is_not_followed(void **state)
{
	struct fixture *fx = *state;
	struct server s = server_start();
	struct http *h = client(fx, "http", s.port, NULL);
	struct http_answer out;

	assert_int_equal(post(fx, h, "302", false, &out), ERR_OK);
	assert_int_equal(out.status, 302);
	assert_string_equal(server_stop(&s), "3");
}

static void
nobody_listening_is_certainly_not_sent(void **state)
{
	struct fixture *fx = *state;
	int port, fd = listening(&port);
	struct http_answer out;

	close(fd);
	assert_int_equal(
	    post(fx, client(fx, "http", port, NULL), "kept", true, &out),
	    ERR_AGAIN);
	assert_string_equal(fx->f.reason, "bank_unavailable");
}

static void
a_bank_that_speaks_no_tls_is_certainly_not_sent_to(void **state)
{
	struct fixture *fx = *state;
	struct server s = server_start();
	struct http *h = client(fx, "https", s.port, NULL);
	struct http_answer out;

	assert_int_equal(post(fx, h, "kept", true, &out), ERR_AGAIN);
	assert_string_equal(server_stop(&s), "");
}

static void
no_whole_answer_after_sending_is_unsure(void **state)
{
	static const char *const paths[] = { "reset", "silent", "half",
		"over" };
	struct fixture *fx = *state;

	for (size_t i = 0; i < KV_COUNT(paths); i++) {
		struct server s = server_start();
		struct http *h = client(fx, "http", s.port, NULL);
		struct http_answer out;

		assert_int_equal(post(fx, h, paths[i], true, &out), ERR_UNSURE);
		assert_string_equal(fx->f.reason, "bank_unsure");
		assert_int_equal(strlen(server_stop(&s)), 1);
	}
}

static void
a_silent_bank_is_waited_for_no_longer_than_the_deadline(void **state)
{
	struct fixture *fx = *state;
	struct server s = server_start();
	struct http *h = client(fx, "http", s.port, NULL);
	struct http_answer out;

	assert_int_equal(post(fx, h, "silent", true, &out), ERR_UNSURE);
	assert_in_range(out.took_ms, 350, 1500);
	server_stop(&s);
}

static void
an_answer_of_a_megabyte_fits(void **state)
{
	struct fixture *fx = *state;
	struct server s = server_start();
	struct http *h = client(fx, "http", s.port, NULL);
	struct http_answer out;

	assert_int_equal(post(fx, h, "just", false, &out), ERR_OK);
	assert_int_equal(out.body.len, HTTP_ANSWER_MAX);
	server_stop(&s);
}

/*
 * The trap: on a kept connection that the bank closes after it has read the
 * request, libcurl sends it again.  Good for questions, bad for orders.
 */
static void
a_question_is_sent_again_on_a_connection_that_was_closed(void **state)
{
	struct fixture *fx = *state;
	struct server s = server_start();
	struct http *h = client(fx, "http", s.port, NULL);
	struct http_answer out;

	assert_int_equal(post(fx, h, "kept", false, &out), ERR_OK);
	assert_int_equal(post(fx, h, "closes-kept", false, &out), ERR_OK);
	assert_string_equal(server_stop(&s), "kcc");
}

static void
what_must_not_repeat_reaches_the_bank_once(void **state)
{
	struct fixture *fx = *state;
	struct server s = server_start();
	struct http *h = client(fx, "http", s.port, NULL);
	struct http_answer out;

	assert_int_equal(post(fx, h, "kept", false, &out), ERR_OK);
	/* On the kept connection it would have been closed and sent twice. */
	assert_int_equal(post(fx, h, "closes-kept", true, &out), ERR_OK);
	assert_int_equal(post(fx, h, "kept", false, &out), ERR_OK);
	assert_int_equal(post(fx, h, "reset", true, &out), ERR_UNSURE);
	assert_string_equal(server_stop(&s), "kckr");
}

static void
plain_http_is_for_this_host_only(void **state)
{
	static const struct {
		const char *url;
		enum err rc;
	} cases[] = {
		{ "https://bank.example/", ERR_OK },
		{ "http://127.0.0.1:1/x/", ERR_OK },
		{ "http://localhost/", ERR_OK },
		{ "http://[::1]:8/", ERR_OK },
		{ "http://bank.example/", ERR_INVALID },
		{ "http://127.evil.example/", ERR_INVALID },
		{ "http://localhost.evil.example/", ERR_INVALID },
		{ "https://me:word@bank.example/", ERR_INVALID },
		{ "https://bank.example/#x", ERR_INVALID },
		{ "ftp://bank.example/", ERR_INVALID },
		{ "bank.example", ERR_INVALID },
		{ "", ERR_INVALID },
	};
	struct fixture *fx = *state;

	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		struct http_settings s = { .base = str_of(cases[i].url) };
		struct http *h;

		fault_init(&fx->f);
		if (http_new(fx->a, &s, &h, &fx->f) != cases[i].rc)
			fail_msg("%s", cases[i].url);
		if (cases[i].rc != ERR_OK)
			assert_string_equal(fx->f.reason, "bank_url_bad");
	}
}

static void
proxies_of_the_environment_are_not_used(void **state)
{
	struct fixture *fx = *state;
	struct server s = server_start();
	struct http *h = client(fx, "http", s.port, NULL);
	struct http_answer out;

	assert_int_equal(setenv("http_proxy", "http://127.0.0.1:1/", 1), 0);
	assert_int_equal(setenv("all_proxy", "http://127.0.0.1:1/", 1), 0);
	assert_int_equal(post(fx, h, "kept", true, &out), ERR_OK);
	unsetenv("http_proxy");
	unsetenv("all_proxy");
	server_stop(&s);
}

/* Programs of the TLS test. */
static pid_t
run(char *const argv[])
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		execvp(argv[0], argv);
		_exit(127);
	}
	return pid;
}

static void
make_certificate(const char *key, const char *cert)
{
	const char *const argv[] = { "openssl", "req", "-x509", "-newkey",
		"rsa:2048", "-nodes", "-subj", "/CN=localhost", "-addext",
		"subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert,
		NULL };
	char *copy[KV_COUNT(argv)];
	int status;

	memcpy(copy, argv, sizeof(argv));
	assert_int_equal(waitpid(run(copy), &status, 0) > 0, 1);
	assert_int_equal(status, 0);
}

static void
only_a_certificate_of_the_given_authority_is_trusted(void **state)
{
	struct fixture *fx = *state;
	char dir[] = "/tmp/kvitok-test-XXXXXX";
	int port, fd = listening(&port);
	struct http_answer out;
	enum err rc = ERR_AGAIN;
	char *key, *cert, *server[10];
	pid_t pid;

	assert_non_null(mkdtemp(dir));
	key = arena_z(fx->a, arena_fmt(fx->a, "%s/key.pem", dir));
	cert = arena_z(fx->a, arena_fmt(fx->a, "%s/cert.pem", dir));
	make_certificate(key, cert);
	close(fd);
	memcpy(server,
	    ((const char *const[]){ "openssl", "s_server", "-www", "-accept",
		arena_fmt(fx->a, "%d", port).p, "-key", key, "-cert", cert,
		NULL }),
	    sizeof(server));
	pid = run(server);

	/* Until it listens. */
	for (int i = 0; i < 50 && rc != ERR_OK; i++) {
		struct http *h = client(fx, "https", port, cert);
		struct http_request rq = { 0 };
		struct timespec pause_for = { 0, 50000000 };

		nanosleep(&pause_for, NULL);
		rc = http_call(h, fx->a, &rq, &out, &fx->f);
	}
	assert_int_equal(rc, ERR_OK);
	assert_int_equal(out.status, 200);
	/* The system's store does not have it. */
	assert_int_equal(
	    post(fx, client(fx, "https", port, NULL), "", true, &out),
	    ERR_AGAIN);
	assert_non_null(strstr(fx->f.detail, "not sent"));

	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	unlink(key);
	unlink(cert);
	rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_whole_answer_of_any_status_is_an_answer),
		T(a_redirect_is_not_followed),
		T(nobody_listening_is_certainly_not_sent),
		T(a_bank_that_speaks_no_tls_is_certainly_not_sent_to),
		T(no_whole_answer_after_sending_is_unsure),
		T(a_silent_bank_is_waited_for_no_longer_than_the_deadline),
		T(an_answer_of_a_megabyte_fits),
		T(a_question_is_sent_again_on_a_connection_that_was_closed),
		T(what_must_not_repeat_reaches_the_bank_once),
		T(plain_http_is_for_this_host_only),
		T(proxies_of_the_environment_are_not_used),
		T(only_a_certificate_of_the_given_authority_is_trusted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
