#include "kvitok/sim/net.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 1024

static int
listen_at(const struct addrinfo *ai)
{
	int one = 1;
	int fd = socket(ai->ai_family, ai->ai_socktype, ai->ai_protocol);

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) == 0 &&
	    bind(fd, ai->ai_addr, ai->ai_addrlen) == 0 &&
	    listen(fd, BACKLOG) == 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0 &&
	    fcntl(fd, F_SETFD, FD_CLOEXEC) == 0)
		return fd;
	close(fd);
	return -1;
}

static size_t
last_colon(struct str s)
{
	size_t i = s.len;

	while (i > 0 && s.p[i - 1] != ':')
		i--;
	return i;
}

enum err
net_listen(struct arena *a, struct str address, int *fd, struct fault *f)
{
	struct addrinfo want = { .ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE | AI_NUMERICSERV };
	struct addrinfo *found = NULL;
	size_t port = last_colon(address);
	struct str host = { address.p, port > 0 ? port - 1 : 0 };
	struct str service = { address.p + port, address.len - port };

	if (host.len > 2 && host.p[0] == '[')
		host = (struct str){ host.p + 1, host.len - 2 };
	if (port == 0 ||
	    getaddrinfo(arena_z(a, host), arena_z(a, service), &want, &found) !=
		0)
		return fault_set(f, ERR_INVALID, "sim_listen",
		    "%.*s is no host:port", STR_ARG(address));
	*fd = listen_at(found);
	freeaddrinfo(found);
	if (*fd < 0)
		return fault_set(f, ERR_INVALID, "sim_listen",
		    "cannot listen at %.*s: %s", STR_ARG(address),
		    strerror(errno));
	return ERR_OK;
}

enum err
net_read_file(struct arena *a, struct str path, size_t max, struct str *out,
    struct fault *f)
{
	FILE *file = fopen(arena_z(a, path), "rb");
	char *p;
	size_t len;
	bool whole;

	if (!file)
		return fault_set(f, ERR_INVALID, "sim_file", "%.*s: %s",
		    STR_ARG(path), strerror(errno));
	p = arena_alloc(a, max + 1);
	len = fread(p, 1, max + 1, file);
	whole = len <= max && !ferror(file);
	if (fclose(file) != 0 || !whole)
		return fault_set(f, ERR_INVALID, "sim_file",
		    "%.*s is too long or cannot be read", STR_ARG(path));
	p[len] = '\0';
	*out = (struct str){ p, len };
	return ERR_OK;
}
