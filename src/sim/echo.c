#include "kvitok/sim/echo.h"

#include "kvitok/sim/control.h"

struct record {
	struct arena *a; /* its own */
	int64_t at;
	struct str method, path, type, user, body;
	struct pairs query;
};

struct lesson {
	struct arena *a;
	struct str path, type, body;
	int status;
};

struct echoes {
	struct record kept[ECHO_KEPT_MAX];
	uint64_t n;
	struct lesson lessons[ECHO_ANSWERS_MAX];
	size_t lessons_len;
};

static void
echo_free(void *object)
{
	echo_clear(object);
}

struct echoes *
echo_new(struct arena *a)
{
	struct echoes *e = ARENA_NEW(a, struct echoes);

	arena_defer(a, echo_free, e);
	return e;
}

void
echo_clear(struct echoes *e)
{
	for (size_t i = 0; i < ECHO_KEPT_MAX; i++) {
		arena_free(e->kept[i].a);
		e->kept[i].a = NULL;
	}
	e->n = 0;
	while (e->lessons_len > 0)
		arena_free(e->lessons[--e->lessons_len].a);
}

static void
record(struct req *r, struct str path)
{
	struct echoes *e = r->w->echoes;
	struct record *x = &e->kept[e->n++ % ECHO_KEPT_MAX];
	struct str body = r->body;

	arena_free(x->a);
	*x = (struct record){ .a = arena_new((size_t)1 << 20),
		.at = world_now(r->w) };
	if (body.len > ECHO_BODY_MAX)
		body.len = ECHO_BODY_MAX;
	x->method = arena_str(x->a, r->method);
	x->path = arena_str(x->a, path);
	x->type = arena_str(x->a, r->content_type);
	x->user = arena_str(x->a, r->user);
	x->body = arena_str(x->a, body);
	pairs_init(&x->query, x->a);
	for (size_t i = 0; i < r->query.len; i++)
		pairs_add(&x->query, arena_str(x->a, r->query.v[i].name),
		    arena_str(x->a, r->query.v[i].value));
}

void
echo_take(struct req *r)
{
	struct echoes *e = r->w->echoes;
	struct str path = { r->path.p + 13, r->path.len - 13 };

	record(r, path);
	r->status = 200;
	for (size_t i = 0; i < e->lessons_len; i++) {
		const struct lesson *l = &e->lessons[i];

		if (!str_eq(l->path, path))
			continue;
		r->status = l->status;
		r->type = arena_z(r->a, l->type);
		buf_text(&r->out, l->body);
		return;
	}
	buf_lit(&r->out, "OK");
}

static void
write_record(struct jw *w, const struct record *x)
{
	jw_object(w);
	jw_ktime(w, "at", x->at);
	jw_ktext(w, "method", x->method);
	jw_ktext(w, "path", x->path);
	jw_kopt(w, "type", x->type);
	jw_kopt(w, "user", x->user);
	jw_key(w, "query");
	jw_list(w);
	for (size_t i = 0; i < x->query.len; i++) {
		jw_object(w);
		jw_ktext(w, "name", x->query.v[i].name);
		jw_ktext(w, "value", x->query.v[i].value);
		jw_object_end(w);
	}
	jw_list_end(w);
	jw_kopt(w, "body", x->body);
	jw_object_end(w);
}

void
echo_list(struct req *r)
{
	const struct echoes *e = r->w->echoes;
	uint64_t first = e->n > ECHO_KEPT_MAX ? e->n - ECHO_KEPT_MAX : 0;
	struct str path = pairs_get(&r->query, "path");
	struct jw w;

	control_json(r, &w);
	jw_object(&w);
	jw_key(&w, "echoes");
	jw_list(&w);
	for (uint64_t i = first; i < e->n; i++) {
		const struct record *x = &e->kept[i % ECHO_KEPT_MAX];

		if (!path.p || str_eq(path, x->path))
			write_record(&w, x);
	}
	jw_list_end(&w);
	jw_object_end(&w);
}

static struct lesson *
lesson_for(struct echoes *e, struct str path)
{
	for (size_t i = 0; i < e->lessons_len; i++) {
		if (!str_eq(e->lessons[i].path, path))
			continue;
		arena_free(e->lessons[i].a);
		return &e->lessons[i];
	}
	return e->lessons_len < ECHO_ANSWERS_MAX ? &e->lessons[e->lessons_len++]
						 : NULL;
}

void
echo_teach(struct req *r)
{
	static const char *const known[] = { "path", "status", "type", "body",
		NULL };
	struct str path, type = STR("text/plain"), body = STR("OK");
	int64_t status = 200;
	const struct json *j;
	struct lesson *l;
	struct jw w;

	if (!control_body(r, known, &j))
		return;
	if (!json_text(json_get(j, "path"), &path) ||
	    (json_get(j, "type") && !json_text(json_get(j, "type"), &type)) ||
	    (json_get(j, "body") && !json_text(json_get(j, "body"), &body)) ||
	    (json_get(j, "status") &&
		(!json_int(json_get(j, "status"), &status) || status < 200 ||
		    status > 599))) {
		control_refuse(r, 400, "path, status (200..599), type, body");
		return;
	}
	if (!(l = lesson_for(r->w->echoes, path))) {
		control_refuse(r, 409, "too many answers are set");
		return;
	}
	l->a = arena_new((size_t)2 << 20);
	l->path = arena_str(l->a, path);
	l->type = arena_str(l->a, type);
	l->body = arena_str(l->a, body);
	l->status = (int)status;
	control_json(r, &w);
	jw_object(&w);
	jw_ktext(&w, "path", path);
	jw_object_end(&w);
}
