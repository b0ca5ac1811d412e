/*
 * http_test: a request made of literals, for tests of http and web.
 */
#ifndef KVITOK_TESTS_HTTP_TEST_H
#define KVITOK_TESTS_HTTP_TEST_H

#include "kvitok/http/request.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#define TEST_ENV_MAX 16

struct http_fixture {
	struct arena *a;
	struct fault f;
	struct request r;
	const char *env[TEST_ENV_MAX + 1];
	size_t env_len;
	const char *body;
	size_t body_read, body_len;
};

static inline size_t
test_read(void *self, char *p, size_t n)
{
	struct http_fixture *fx = self;
	size_t left = fx->body_len - fx->body_read;

	/* In pieces, as a socket gives them. */
	if (n > 7)
		n = 7;
	if (n > left)
		n = left;
	memcpy(p, fx->body + fx->body_read, n);
	fx->body_read += n;
	return n;
}

static inline void
test_env(struct http_fixture *fx, const char *pair)
{
	assert_true(fx->env_len < TEST_ENV_MAX);
	fx->env[fx->env_len++] = pair;
	fx->env[fx->env_len] = NULL;
}

/* A request with method and address; more by test_env. */
static inline void
test_request(struct http_fixture *fx, const char *method, const char *uri)
{
	arena_reset(fx->a);
	fault_init(&fx->f);
	memset(&fx->r, 0, sizeof(fx->r));
	fx->env_len = 0;
	fx->body = "";
	fx->body_len = fx->body_read = 0;
	test_env(fx, arena_fmt(fx->a, "REQUEST_METHOD=%s", method).p);
	test_env(fx, arena_fmt(fx->a, "REQUEST_URI=%s", uri).p);
	fx->r.env = fx->env;
	fx->r.read = test_read;
	fx->r.self = fx;
}

static inline int
http_setup(void **state)
{
	static struct http_fixture fx;

	fx.a = arena_new(4 << 20);
	*state = &fx;
	return 0;
}

static inline int
http_teardown(void **state)
{
	struct http_fixture *fx = *state;

	arena_free(fx->a);
	return 0;
}

#endif
