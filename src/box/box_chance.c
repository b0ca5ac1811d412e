#include "kvitok/box/box_chance.h"

#include "kvitok/base/secret.h"

#include <assert.h>
#include <stdio.h>

int64_t
box_chance(
    int64_t seed, const char *what, struct str whom, int64_t n, int64_t below)
{
	uint8_t sum[SECRET_SHA256_SIZE];
	uint64_t x = 0;
	char text[200];
	int len = snprintf(text, sizeof(text), "%lld/%s/%.*s/%lld",
	    (long long)seed, what, STR_ARG(whom), (long long)n);

	assert(below > 0 && len > 0 && (size_t)len < sizeof(text));
	secret_sha256(text, (size_t)len, sum);
	for (size_t i = 0; i < 7; i++)
		x = x << 8 | sum[i];
	return (int64_t)(x % (uint64_t)below);
}
