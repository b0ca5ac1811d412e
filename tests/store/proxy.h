/*
 * proxy: stands between psqlODBC and the server, and spoils one moment.
 *
 * A child process on a unix socket of its own.  When the client sends the
 * pattern for the first time (or as often as proxy_nth says) it either passes
 * it on, waits for the server's answer and closes both sides (PROXY_CUT), or
 * closes them before the server has it (PROXY_DROP), or passes nothing any
 * more (PROXY_SILENT).  Connections after that one are passed on untouched.
 */
#ifndef KVITOK_TESTS_STORE_PROXY_H
#define KVITOK_TESTS_STORE_PROXY_H

#include "fixture.h"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

enum proxy_kind { PROXY_CUT, PROXY_SILENT, PROXY_DROP };

/* Of the next proxy_start: at which sight of the pattern it acts. */
static int proxy_nth = 1;

struct proxy {
	pid_t pid;
	struct str dir; /* host of the connection */
	char socket[128];
};

static inline struct sockaddr_un
proxy_address(const char *dir)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	int n =
	    snprintf(sa.sun_path, sizeof(sa.sun_path), "%s/.s.PGSQL.5432", dir);

	assert_true(n > 0 && n < (int)sizeof(sa.sun_path));
	return sa;
}

static inline bool
proxy_pass(
    int from, int to, struct str pattern, enum proxy_kind kind, bool *seen)
{
	static char part[65536];
	ssize_t n = read(from, part, sizeof(part));
	size_t len = pattern.len;

	if (n <= 0)
		return false;
	for (ssize_t i = 0; len > 0 && i + (ssize_t)len <= n; i++)
		if (memcmp(part + i, pattern.p, len) == 0 && --proxy_nth == 0)
			*seen = true;
	if (*seen && kind == PROXY_DROP)
		return true;
	return write(to, part, (size_t)n) == n;
}

/* Gives: true when the pattern was seen. */
static inline bool
proxy_serve(int client, int server, struct str pattern, enum proxy_kind kind)
{
	struct pollfd p[2] = { { client, POLLIN, 0 }, { server, POLLIN, 0 } };
	bool seen = false, never = false;

	while (!seen) {
		if (poll(p, 2, 20000) <= 0)
			return false;
		if (p[0].revents != 0 &&
		    !proxy_pass(client, server, pattern, kind, &seen))
			return false;
		if (p[1].revents != 0 &&
		    !proxy_pass(server, client, STR_NONE, kind, &never))
			return false;
	}
	if (kind == PROXY_DROP)
		return true;
	if (kind == PROXY_SILENT)
		sleep(20);
	/* The server has done it when it answers. */
	p[1].fd = server;
	(void)poll(&p[1], 1, 5000);
	return true;
}

static inline void
proxy_run(int listener, struct sockaddr_un server, struct str pattern,
    enum proxy_kind kind)
{
	for (;;) {
		int c = accept(listener, NULL, NULL);
		int s = socket(AF_UNIX, SOCK_STREAM, 0);

		if (c < 0 || s < 0 ||
		    connect(s, (struct sockaddr *)&server, sizeof(server)) != 0)
			_exit(1);
		if (proxy_serve(c, s, pattern, kind))
			pattern = STR_NONE;
		close(c);
		close(s);
	}
}

static inline struct proxy
proxy_start(struct fixture *fx, struct str pattern, enum proxy_kind kind)
{
	struct proxy p;
	struct str dir = arena_fmt(fx->a, "/tmp/kvitok-proxy.XXXXXX");
	struct sockaddr_un own,
	    server = proxy_address(fixture_env("KVITOK_TEST_HOST"));
	char *path = arena_z(fx->a, dir);
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);

	assert_non_null(mkdtemp(path));
	own = proxy_address(path);
	p.dir = str_of(path);
	(void)snprintf(p.socket, sizeof(p.socket), "%s", own.sun_path);
	assert_int_equal(
	    bind(listener, (struct sockaddr *)&own, sizeof(own)), 0);
	assert_int_equal(listen(listener, 8), 0);
	fflush(NULL);
	p.pid = fork();
	assert_true(p.pid >= 0);
	if (p.pid == 0)
		proxy_run(listener, server, pattern, kind);
	close(listener);
	proxy_nth = 1;
	return p;
}

static inline void
proxy_stop(const struct proxy *p)
{
	kill(p->pid, SIGKILL);
	waitpid(p->pid, NULL, 0);
	unlink(p->socket);
	rmdir(p->dir.p);
}

#endif
