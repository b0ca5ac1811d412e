#include "kvitok/web/note.h"

#include "kvitok/web/routes.h"
#include "kvitok/web/turn.h"

#include <assert.h>

#define BUCKETS_AT ((size_t)(NOTE_ROUTES_MAX * NOTE_CLASSES))

static const struct {
	int64_t us;
	const char *le;
} buckets[NOTE_BUCKETS] = {
	{ 1000, "0.001" },
	{ 2000, "0.002" },
	{ 5000, "0.005" },
	{ 10000, "0.01" },
	{ 25000, "0.025" },
	{ 50000, "0.05" },
	{ 100000, "0.1" },
	{ 250000, "0.25" },
	{ 500000, "0.5" },
	{ 1000000, "1" },
	{ 2500000, "2.5" },
	{ 5000000, "5" },
	{ 10000000, "10" },
	{ INT64_MAX, "+Inf" },
};

#define LOGINS_AT (BUCKETS_AT + (size_t)(WEB_POOLS * (NOTE_BUCKETS + 1)))

static const char *const login_names[NOTE_LOGIN__COUNT] = { "in", "wrong",
	"locked", "blocked" };

static const char *const pool_names[WEB_POOLS] = { "api", "pay", "bank",
	"report" };

static size_t
pool_index(enum web_pool pool)
{
	return pool == WEB_API ? 0
	    : pool == WEB_PAY  ? 1
	    : pool == WEB_BANK ? 2
			       : 3;
}

/* The rest, at the end, are paths that are not in the table. */
static size_t
route_index(const struct route *route)
{
	if (!route)
		return NOTE_ROUTES_MAX - 1;
	return (size_t)(route - web_routes);
}

static size_t
class_slot(size_t route, int status)
{
	int class = status / 100 - 2;

	assert(class >= 0 && class < NOTE_CLASSES);
	return route * NOTE_CLASSES + (size_t) class;
}

static size_t
bucket_slot(size_t pool, size_t bucket)
{
	return BUCKETS_AT + pool * (NOTE_BUCKETS + 1) + bucket;
}

void
note_layout(struct buf *out)
{
	assert(web_routes_len < NOTE_ROUTES_MAX);
	buf_fmt(out, "web %d %d %d", NOTE_ROUTES_MAX, NOTE_BUCKETS,
	    NOTE_LOGIN__COUNT);
	for (size_t i = 0; i < web_routes_len; i++)
		buf_fmt(out, " %s %s", http_method_name(web_routes[i].method),
		    web_routes[i].path);
	buf_lit(out, ";");
}

static void
count(const struct web *w, const struct reply *out, const struct served *s,
    int64_t us)
{
	size_t pool = pool_index(w->pool), b = 0;

	while (us > buckets[b].us)
		b++;
	stats_add(w->stats, class_slot(route_index(s->route), out->status), 1);
	stats_add(w->stats, bucket_slot(pool, b), 1);
	stats_add(w->stats, bucket_slot(pool, NOTE_BUCKETS), us);
}

/* What is asked every few seconds would hide the rest. */
static enum log_level
level_of(const struct reply *out, const struct served *s)
{
	if (out->status >= 500)
		return LOG_WARN;
	if (s->route && s->route->kind == KIND_SERVICE)
		return LOG_DEBUG;
	return LOG_INFO;
}

void
note_served(const struct web *w, const struct log *log, const struct request *r,
    const struct reply *out, const struct served *s, int64_t us)
{
	count(w, out, s, us);
	log_event(log, level_of(out, s), "request", LOG_TEXT, "method",
	    str_of(http_method_name(r->method)), LOG_TEXT, "route",
	    str_of(s->route ? s->route->path : "none"), LOG_INT, "status",
	    (int64_t)out->status, LOG_TEXT, "reason",
	    str_of(s->fault.err != ERR_OK ? s->fault.reason : "none"), LOG_INT,
	    "us", us, LOG_END);
	if (out->status >= 500 && s->fault.err != ERR_OK)
		log_fault(log, LOG_ERROR, "request_failed", &s->fault);
}

void
note_login(const struct web *w, enum note_login how)
{
	stats_add(w->stats, LOGINS_AT + (size_t)how, 1);
}

static void
put_logins(const struct stats *s, struct buf *out)
{
	buf_lit(out,
	    "# HELP kvitok_desk_logins_total Tries to log in at the desk.\n"
	    "# TYPE kvitok_desk_logins_total counter\n");
	for (size_t i = 0; i < NOTE_LOGIN__COUNT; i++)
		buf_fmt(out, "kvitok_desk_logins_total{result=\"%s\"} %lld\n",
		    login_names[i], (long long)stats_get(s, LOGINS_AT + i));
}

static void
put_routes(const struct stats *s, struct buf *out)
{
	buf_lit(out,
	    "# HELP kvitok_http_requests_total Requests answered.\n"
	    "# TYPE kvitok_http_requests_total counter\n");
	for (size_t i = 0; i < NOTE_ROUTES_MAX; i++)
		for (int c = 0; c < NOTE_CLASSES; c++) {
			int64_t n = stats_get(s, class_slot(i, (c + 2) * 100));
			const struct route *row =
			    i < web_routes_len ? &web_routes[i] : NULL;

			if (n == 0)
				continue;
			buf_fmt(out,
			    "kvitok_http_requests_total{method=\"%s\","
			    "route=\"%s\",status=\"%dxx\"} %lld\n",
			    row ? http_method_name(row->method) : "any",
			    row ? row->path : "none", c + 2, (long long)n);
		}
}

static void
put_times(const struct stats *s, size_t pool, struct buf *out)
{
	int64_t sum = stats_get(s, bucket_slot(pool, NOTE_BUCKETS)), n = 0;

	for (size_t b = 0; b < NOTE_BUCKETS; b++) {
		n += stats_get(s, bucket_slot(pool, b));
		buf_fmt(out,
		    "kvitok_http_request_seconds_bucket{pool=\"%s\","
		    "le=\"%s\"} %lld\n",
		    pool_names[pool], buckets[b].le, (long long)n);
	}
	buf_fmt(out,
	    "kvitok_http_request_seconds_sum{pool=\"%s\"} %lld.%06lld\n",
	    pool_names[pool], (long long)(sum / 1000000),
	    (long long)(sum % 1000000));
	buf_fmt(out, "kvitok_http_request_seconds_count{pool=\"%s\"} %lld\n",
	    pool_names[pool], (long long)n);
}

void
note_metrics(const struct stats *s, struct buf *out)
{
	put_routes(s, out);
	buf_lit(out,
	    "# HELP kvitok_http_request_seconds Time of an answer.\n"
	    "# TYPE kvitok_http_request_seconds histogram\n");
	for (size_t i = 0; i < WEB_POOLS; i++)
		put_times(s, i, out);
	put_logins(s, out);
}
