/*
 * login_world: accountants at the desk, over a real database.
 */
#ifndef KVITOK_TESTS_STORE_LOGIN_WORLD_H
#define KVITOK_TESTS_STORE_LOGIN_WORLD_H

#include "world.h"

#include "kvitok/app/login.h"
#include "kvitok/app/noted.h"
#include "kvitok/app/staff.h"
#include "kvitok/domain/staff.h"

#define PASSWORD STR("мост через реку 1957")
#define OTHER STR("тридцать три коровы")
#define HERE STR("192.0.2.7")
#define THERE STR("198.51.100.9")
#define HOUR INT64_C(3600000)

/* In order, those of one millisecond, too: as wire.c makes them. */
static inline void
ulid_in_order(void *self, int64_t at, char out[27])
{
	static unsigned n;

	(void)self;
	secret_ulid(at, out);
	(void)snprintf(out + 10, 17, "%016u", ++n);
}

static inline int
make(void **state)
{
	int rc = world_make(state);
	struct world *w = *state;

	w->p.staff = w->fx.st.staff;
	w->p.sessions = w->fx.st.sessions;
	w->p.devices = w->fx.st.devices;
	w->p.tries = w->fx.st.tries;
	w->p.trail = w->fx.st.trail;
	w->p.set.desk_idle_ms = HOUR / 2;
	w->p.set.desk_life_ms = 12 * HOUR;
	w->p.set.desk_keep_ms = 1826 * DAY_MS;
	w->p.ids.ulid = ulid_in_order;
	return rc;
}

/* Nothing was paid: there are no books to be proved. */
static inline int
end(void **state)
{
	struct world *w = *state;

	fixture_close(&w->fx);
	return 0;
}

/* Another login for each test. */
static inline struct str
somebody(struct world *w, struct str supplier, unsigned rights)
{
	static int n;
	struct staff_new in = { .login = arena_fmt(w->fx.a, "Buh.%d", ++n),
		.name = STR("Анна"),
		.portal = STR("portalgkh"),
		.supplier = supplier,
		.rights = rights,
		.password = PASSWORD,
		.actor = STR("operator:test") };
	struct staff s;

	world_reset(w);
	assert_done(&w->fx, staff_add(&w->p, w->fx.a, &in, &s, &w->fx.f));
	assert_text(s.login, arena_fmt(w->fx.a, "buh.%d", n).p);
	return s.login;
}

static inline struct str
accountant(struct world *w)
{
	return somebody(w, STR(""), RIGHT_READ | RIGHT_REPORT);
}

static inline enum err
knock(struct world *w, struct str login, struct str password, struct str remote,
    struct str device, struct login_done *out)
{
	struct login_in in = { .login = login,
		.password = password,
		.remote = remote,
		.device = device };

	return login_enter(&w->p, w->fx.a, &in, out, &w->fx.f);
}

static inline struct login_done
enter(struct world *w, struct str login)
{
	struct login_done done;

	assert_done(&w->fx, knock(w, login, PASSWORD, HERE, STR(""), &done));
	return done;
}

static inline void
refused(struct world *w, enum err rc, const char *reason)
{
	assert_true(rc != ERR_OK);
	assert_string_equal(w->fx.f.reason, reason);
}

static inline enum err
find(struct world *w, struct str token, struct login_who *who)
{
	return login_find(&w->p, w->fx.a, token, true, who, &w->fx.f);
}

static inline void
over(struct world *w, struct str token)
{
	struct login_who who;

	refused(w, find(w, token, &who), "session_over");
}

/* The last lines of a person's trail, newest first, parted by spaces. */
static inline struct str
trail(struct world *w, struct str login, int limit)
{
	const struct staff_event *v;
	struct staff s;
	struct buf b;
	size_t len;

	assert_done(&w->fx,
	    w->p.staff.by_login(w->p.staff.self, w->fx.a, login, &s, &w->fx.f));
	assert_done(&w->fx,
	    w->p.trail.page(w->p.trail.self, w->fx.a, s.id, STR(""), limit, &v,
		&len, &w->fx.f));
	buf_init(&b, w->fx.a, 4096);
	for (size_t i = 0; i < len; i++) {
		if (i > 0)
			buf_char(&b, ' ');
		buf_text(&b, v[i].what);
	}
	return buf_str(&b);
}

#endif
