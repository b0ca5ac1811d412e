#include "kvitok/http/fcgi.h"

#include <errno.h>
#include <fcgiapp.h>
#include <limits.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define HEAD_MAX 16384
#define FILE_PART 65536
#define READ_S 10 /* nginx sends what it has already */
#define WRITE_S 20

struct fcgi {
	FCGX_Request req;
	sigset_t stop;
};

enum err
fcgi_open(struct arena *a, struct fcgi **out, struct fault *f)
{
	struct fcgi *s = ARENA_NEW(a, struct fcgi);
	int rc = FCGX_Init();

	/*
	 * Connections are accepted here and handed over: what libfcgi would
	 * accept itself (-1: from nowhere) it would wait for deaf to signals.
	 */
	if (rc != 0 ||
	    (rc = FCGX_InitRequest(&s->req, -1, FCGI_FAIL_ACCEPT_ON_INTR)) != 0)
		return fault_set(f, ERR_BUG, "internal", "libfcgi: %d", rc);
	if (signal(SIGPIPE, SIG_IGN) == SIG_ERR || sigemptyset(&s->stop) != 0 ||
	    sigaddset(&s->stop, SIGTERM) != 0 ||
	    sigaddset(&s->stop, SIGINT) != 0 ||
	    sigprocmask(SIG_BLOCK, &s->stop, NULL) != 0)
		return fault_set(f, ERR_BUG, "internal", "signals: %d", errno);
	*out = s;
	return ERR_OK;
}

/* Neither side may keep the worker for ever. */
static bool
set_deadlines(int fd)
{
	struct timeval in = { .tv_sec = READ_S }, out = { .tv_sec = WRITE_S };

	return setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &in, sizeof(in)) == 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &out, sizeof(out)) == 0;
}

/* Gives: a connection, or -1 when the listening socket is gone. */
static int
next_connection(const struct fcgi *s)
{
	for (;;) {
		int fd, error;

		(void)sigprocmask(SIG_UNBLOCK, &s->stop, NULL); /* good set */
		fd = accept(STDIN_FILENO, NULL, NULL);
		error = errno;
		(void)sigprocmask(SIG_BLOCK, &s->stop, NULL); /* good set */
		if (fd >= 0 && set_deadlines(fd))
			return fd;
		if (fd >= 0)
			(void)close(fd); /* the caller has left already */
		else if (error != EINTR && error != ECONNABORTED &&
		    error != EAGAIN)
			return -1;
	}
}

/* As struct request wants it. */
static size_t
read_body(void *self, char *p, size_t n)
{
	struct fcgi *s = self;
	int got = FCGX_GetStr(p, n < INT_MAX ? (int)n : INT_MAX, s->req.in);

	return got > 0 ? (size_t)got : 0;
}

bool
fcgi_accept(struct fcgi *s, struct request *r)
{
	for (;;) {
		int fd = next_connection(s);

		if (fd < 0)
			return false;
		s->req.ipcFd = fd;
		/* Or it would close what it believes to be the last one. */
		s->req.keepConnection = 1;
		if (FCGX_Accept_r(&s->req) != 0)
			continue; /* not FastCGI, or gone */
		s->req.keepConnection = 0;
		memset(r, 0, sizeof(*r));
		r->env = (const char *const *)s->req.envp;
		r->read = read_body;
		r->self = s;
		return true;
	}
}

/* Gives: false when the caller has left. */
static bool
put(const struct fcgi *s, struct str bytes)
{
	while (bytes.len > 0) {
		int n = bytes.len < INT_MAX ? (int)bytes.len : INT_MAX;

		if (FCGX_PutStr(bytes.p, n, s->req.out) != n)
			return false;
		bytes.p += n;
		bytes.len -= (size_t)n;
	}
	return true;
}

/* What is not there any more cannot be sent: the answer is short then, which
 * its length tells. */
static void
put_file(const struct fcgi *s, struct reply *out, bool send)
{
	char *p = arena_alloc(out->a, FILE_PART);
	ssize_t n = 1;

	while (send && n > 0) {
		n = read(out->file, p, FILE_PART);
		send = n > 0 && put(s, (struct str){ p, (size_t)n });
	}
	(void)close(out->file); /* it was only read */
	out->has_file = false;
}

void
fcgi_answer(struct fcgi *s, const struct request *r, struct reply *out)
{
	bool send = r->method != HTTP_HEAD;
	struct buf head;

	buf_init(&head, out->a, HEAD_MAX);
	reply_head(out, r->id, &head);
	send = put(s, buf_str(&head)) && send;
	if (send)
		send = put(s, out->body);
	if (out->has_file)
		put_file(s, out, send);
	FCGX_Finish_r(&s->req);
}
