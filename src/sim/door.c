#include "kvitok/sim/door.h"

#include "kvitok/base/num.h"
#include "kvitok/sim/journal.h"
#include "kvitok/sim/net.h"

#include <limits.h>
#include <microhttpd.h>
#include <string.h>
#include <unistd.h>

#define REQ_BYTES_MAX ((size_t)48 << 20) /* a mail with its parts fits */
#define PEM_MAX 65536
#define IDLE_S 120

struct door {
	struct world *w;
	struct MHD_Daemon *daemon;
	int fd;
	void (*handle)(struct req *);
	struct req *waiting;
	bool resumed; /* somebody was let go since the last run */
	uint64_t next_serial;
};

/* Percent-decodes without touching +, as paths want it. */
static bool
decode_path(struct arena *a, struct str in, struct str *out)
{
	char *p = arena_alloc(a, in.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < in.len; i++, n++) {
		struct str hex = { in.p + i + 1, 2 };

		p[n] = in.p[i];
		if (in.p[i] != '%')
			continue;
		if (in.len - i < 3 || !num_parse_hex(hex, p + n, 1))
			return false;
		i += 2;
	}
	p[n] = '\0';
	*out = (struct str){ p, n };
	return true;
}

/*
 * Whose call it will be is not known yet; the other door, where the control
 * interface is, is always open.
 */
static enum MHD_Result
on_connection(void *self, const struct sockaddr *from, socklen_t len)
{
	struct door *d = self;
	bool closed = menu_take(&d->w->menu, BANK_SBER, MENU_NO_CONNECTION,
			  STR_NONE, NULL, NULL) ||
	    menu_take(&d->w->menu, BANK_GPB, MENU_NO_CONNECTION, STR_NONE, NULL,
		NULL);

	(void)from;
	(void)len;
	return closed ? MHD_NO : MHD_YES;
}

/* libmicrohttpd gives the target here before anything is decoded. */
static void *
on_target(void *self, const char *uri, struct MHD_Connection *connection)
{
	struct door *d = self;
	struct arena *a = arena_new(REQ_BYTES_MAX);
	struct req *r = ARENA_NEW(a, struct req);
	struct str query = arena_str(a, str_of(uri)), path;

	r->a = a;
	r->w = d->w;
	r->door = d;
	r->serial = d->next_serial++;
	r->connection = connection;
	r->hold_order = DOOR_NO_ORDER;
	r->type = "text/plain; charset=utf-8";
	buf_init(&r->out, a, (size_t)16 << 20);
	pairs_init(&r->query, a);
	str_cut(&query, '?', &path);
	r->broken = strlen(uri) > DOOR_TARGET_MAX ||
	    !decode_path(a, path, &r->path) ||
	    !pairs_parse(&r->query, a, query);
	return r;
}

static void
on_end(void *self, struct MHD_Connection *connection, void **cls,
    enum MHD_RequestTerminationCode why)
{
	struct req *r = *cls;

	(void)self;
	(void)connection;
	(void)why;
	if (r) {
		timers_cancel(&r->w->timers, &r->wake);
		arena_free(r->a);
	}
	*cls = NULL;
}

static void
read_basic(struct req *r)
{
	struct str h = door_header(r, "Authorization");
	char *plain;
	size_t len = h.len;
	struct str rest;

	if (!str_starts(h, STR("Basic ")))
		return;
	h = (struct str){ h.p + 6, h.len - 6 };
	plain = arena_alloc(r->a, len + 1);
	if (!num_parse_base64(str_trim(h), plain, &len))
		return;
	rest = (struct str){ plain, len };
	str_cut(&rest, ':', &r->user);
	r->password = rest;
}

static void
handle(struct req *r)
{
	r->handled = true;
	if (r->broken) {
		r->status = 400;
		buf_lit(&r->out, "the address cannot be decoded\n");
		return;
	}
	r->content_type = door_header(r, "Content-Type");
	read_basic(r);
	r->door->handle(r);
}

static void
put_header(
    struct MHD_Response *m, struct req *r, const char *name, struct str value)
{
	if (value.len > 0)
		(void)!MHD_add_response_header(m, name, arena_z(r->a, value));
}

static enum MHD_Result
answer(struct req *r)
{
	struct MHD_Response *m;
	enum MHD_Result rc;

	journal_in(r->w->journal, r);
	if (r->drop)
		return MHD_NO;
	m = MHD_create_response_from_buffer(
	    r->out.len, r->out.len ? r->out.p : NULL, MHD_RESPMEM_MUST_COPY);
	if (!m)
		return MHD_NO;
	put_header(m, r, "Content-Type", str_of(r->type));
	put_header(m, r, "Location", r->location);
	put_header(m, r, "Allow", r->allow);
	put_header(m, r, "Cache-Control", STR("no-store"));
	put_header(m, r, "X-Content-Type-Options", STR("nosniff"));
	if (r->ask_basic)
		put_header(m, r, "WWW-Authenticate",
		    STR("Basic realm=\"merchantapi\""));
	if (r->policy)
		put_header(m, r, "Content-Security-Policy", str_of(r->policy));
	rc = MHD_queue_response(r->connection, (unsigned)r->status, m);
	MHD_destroy_response(m);
	return rc;
}

static void
suspend(struct req *r)
{
	struct door *d = r->door;

	r->suspended = true;
	r->prev = NULL;
	r->next = d->waiting;
	if (d->waiting)
		d->waiting->prev = r;
	d->waiting = r;
	MHD_suspend_connection(r->connection);
}

static enum MHD_Result
on_request(void *self, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *data, size_t *data_len,
    void **cls)
{
	struct req *r = *cls;

	(void)self;
	(void)url;
	(void)version;
	(void)connection;
	if (!r->method.p) {
		/* First call: headers only. */
		r->method = arena_str(r->a, str_of(method));
		return MHD_YES;
	}
	if (*data_len > 0) {
		if (r->body.len + *data_len > DOOR_BODY_MAX)
			return MHD_NO;
		r->body_p =
		    arena_grow(r->a, r->body_p, r->body_p ? r->body.len + 1 : 0,
			r->body.len + *data_len + 1);
		char *p = r->body_p;

		memcpy(p + r->body.len, data, *data_len);
		r->body = (struct str){ p, r->body.len + *data_len };
		p[r->body.len] = '\0';
		*data_len = 0;
		return MHD_YES;
	}
	if (!r->handled)
		handle(r);
	if (r->held) {
		if (!r->suspended)
			suspend(r);
		return MHD_YES;
	}
	return answer(r);
}

static void
door_free(void *object)
{
	door_close(object);
}

enum err
door_open(struct world *w, struct str address, struct str cert, struct str key,
    void (*handle_fn)(struct req *), struct door **out, struct fault *f)
{
	struct door *d = ARENA_NEW(w->a, struct door);
	struct str cert_pem = STR(""), key_pem = STR("");
	bool tls = cert.len > 0;
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME;
	const union MHD_DaemonInfo *info;
	enum err rc;
	int fd;

	if (tls &&
	    ((rc = net_read_file(w->a, cert, PEM_MAX, &cert_pem, f)) ||
		(rc = net_read_file(w->a, key, PEM_MAX, &key_pem, f))))
		return rc;
	if ((rc = net_listen(w->a, address, &fd, f)) != ERR_OK)
		return rc;
	struct MHD_OptionItem items[] = {
		/* NOLINTBEGIN(performance-no-int-to-ptr): takes const off. */
		{ MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)cert_pem.p },
		{ MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)key_pem.p },
		/* NOLINTEND(performance-no-int-to-ptr) */
		{ MHD_OPTION_END, 0, NULL },
	};
	d->w = w;
	d->handle = handle_fn;
	d->next_serial = tls ? UINT64_C(1) << 62 : 1;
	d->daemon = MHD_start_daemon(flags | (tls ? MHD_USE_TLS : 0), 0,
	    tls ? on_connection : NULL, d, on_request, d,
	    MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_URI_LOG_CALLBACK,
	    on_target, d, MHD_OPTION_NOTIFY_COMPLETED, on_end, d,
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)65536, MHD_OPTION_ARRAY,
	    tls ? items : &items[2], MHD_OPTION_END);
	if (!d->daemon) {
		close(fd);
		return fault_set(f, ERR_INVALID, "sim_listen",
		    "libmicrohttpd does not start at %.*s", STR_ARG(address));
	}
	info = MHD_get_daemon_info(d->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	d->fd = info ? info->epoll_fd : -1;
	arena_defer(w->a, door_free, d);
	*out = d;
	return ERR_OK;
}

void
door_close(struct door *d)
{
	if (!d || !d->daemon)
		return;
	while (d->waiting) {
		d->waiting->drop = true;
		d->waiting->again = NULL;
		door_let_go(d->waiting);
	}
	/* Those let go must leave before the daemon may be stopped. */
	(void)MHD_run(d->daemon);
	MHD_stop_daemon(d->daemon);
	d->daemon = NULL;
}

int
door_fd(const struct door *d)
{
	return d->fd;
}

int
door_timeout_ms(const struct door *d)
{
	MHD_UNSIGNED_LONG_LONG ms;

	if (d->resumed)
		return 0; /* the library does not wake an outer loop */
	if (MHD_get_timeout(d->daemon, &ms) != MHD_YES)
		return -1;
	return ms > INT_MAX ? INT_MAX : (int)ms;
}

void
door_run(struct door *d)
{
	d->resumed = false;
	(void)MHD_run(d->daemon);
}

struct str
door_header(const struct req *r, const char *name)
{
	return str_of(
	    MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, name));
}

bool
door_form(struct req *r, struct pairs *out)
{
	pairs_init(out, r->a);
	if (r->body.len > 0 &&
	    !str_starts(
		r->content_type, STR("application/x-www-form-urlencoded")))
		return false;
	return pairs_parse(out, r->a, r->body);
}

void
door_hold(struct req *r, void (*again)(struct req *))
{
	r->held = true;
	r->again = again;
}

static void
wake(void *owner)
{
	door_let_go(owner);
}

void
door_hold_ms(struct req *r, int64_t ms)
{
	if (ms > 0 &&
	    timers_set(&r->w->timers, &r->wake, world_now(r->w) + ms, wake, r))
		door_hold(r, NULL);
}

void
door_hold_order(
    struct req *r, const struct order *o, void (*again)(struct req *))
{
	r->hold_order = o->serial;
	door_hold(r, again);
}

static struct req *
find_in(const struct door *d, uint64_t serial)
{
	struct req *r = d ? d->waiting : NULL;

	while (r && r->serial != serial)
		r = r->next;
	return r;
}

struct req *
door_waiting(const struct world *w, uint64_t serial)
{
	struct req *r = find_in(w->door, serial);

	return r ? r : find_in(w->door_tls, serial);
}

void
door_let_go(struct req *r)
{
	void (*again)(struct req *) = r->again;

	if (!r->held)
		return;
	timers_cancel(&r->w->timers, &r->wake);
	r->held = false;
	r->again = NULL;
	r->hold_order = DOOR_NO_ORDER;
	if (again)
		again(r);
	if (r->held || !r->suspended)
		return; /* it found a new reason to wait */
	if (r->prev)
		r->prev->next = r->next;
	else
		r->door->waiting = r->next;
	if (r->next)
		r->next->prev = r->prev;
	r->suspended = false;
	r->door->resumed = true;
	MHD_resume_connection(r->connection);
}

static void
let_go_in(const struct door *d, uint64_t order, bool drop)
{
	struct req *next;

	for (struct req *r = d ? d->waiting : NULL; r; r = next) {
		next = r->next;
		if (!drop && r->hold_order != order)
			continue;
		r->drop = r->drop || drop;
		if (drop)
			r->again = NULL;
		door_let_go(r);
	}
}

void
door_let_go_order(const struct world *w, uint64_t order)
{
	let_go_in(w->door, order, false);
	let_go_in(w->door_tls, order, false);
}

void
door_drop_waiting(const struct world *w)
{
	let_go_in(w->door, DOOR_NO_ORDER, true);
	let_go_in(w->door_tls, DOOR_NO_ORDER, true);
}
