/*
 * A bank that gives prepared answers, one per connection, and tells the first
 * line and the body of each request that it read.
 */
#ifndef KVITOK_TEST_BANK_SERVER_H
#define KVITOK_TEST_BANK_SERVER_H

#include "bank_test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct server {
	pid_t pid;
	int port, heard;
	char text[16384]; /* "POST /register.do|BODY\n" each */
};

static inline void
server_answer(int fd, int heard, const char *status_and_body)
{
	char text[16384], out[16384];
	const char *head, *body, *bar = strchr(status_and_body, '|');
	size_t len = 0, want = 0;
	int n;

	for (;;) {
		ssize_t got = read(fd, text + len, sizeof(text) - 1 - len);

		if (got <= 0)
			_exit(1);
		len += (size_t)got;
		text[len] = '\0';
		head = strstr(text, "\r\n\r\n");
		if (head == NULL)
			continue;
		body = strstr(text, "Content-Length: ");
		want = body != NULL ? (size_t)strtoul(body + 16, NULL, 10) : 0;
		if (len >= (size_t)(head + 4 - text) + want)
			break;
	}
	n = snprintf(out, sizeof(out), "%.*s|%s\n",
	    (int)strcspn(text, "\r") - (int)strlen(" HTTP/1.1"), text,
	    head + 4);
	if (write(heard, out, (size_t)n) != n)
		_exit(1);
	n = snprintf(out, sizeof(out),
	    "HTTP/1.1 %.*s\r\nContent-Length: %zu\r\n"
	    "Connection: close\r\n\r\n%s",
	    (int)(bar - status_and_body), status_and_body, strlen(bar + 1),
	    bar + 1);
	if (write(fd, out, (size_t)n) != n)
		_exit(1);
	close(fd);
}

/* answers: "200 OK|BODY", ended by NULL. */
static inline struct server
server_start(const char *const *answers)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	struct server s = { 0 };
	int fd = socket(AF_INET, SOCK_STREAM, 0), pipes[2];

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(fd, 16), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	assert_int_equal(pipe(pipes), 0);
	s.port = ntohs(at.sin_port);
	s.heard = pipes[0];
	s.pid = fork();
	assert_true(s.pid >= 0);
	if (s.pid == 0) {
		close(pipes[0]);
		for (; *answers != NULL; answers++)
			server_answer(
			    accept(fd, NULL, NULL), pipes[1], *answers);
		_exit(0);
	}
	close(pipes[1]);
	close(fd);
	return s;
}

/* Gives: what the bank heard. */
static inline const char *
server_stop(struct server *s)
{
	size_t len = 0;
	ssize_t n;

	kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
	while (
	    (n = read(s->heard, s->text + len, sizeof(s->text) - 1 - len)) > 0)
		len += (size_t)n;
	s->text[len] = '\0';
	close(s->heard);
	return s->text;
}

#endif
