#include "kvitok/base/password.h"

#include "kvitok/base/num.h"
#include "kvitok/base/secret.h"

#include <argon2.h>

#define MEMORY_KIB 19456
#define PASSES 2
#define LANES 1
#define SALT_SIZE 16
#define TAG_SIZE 32
#define MORE 8 /* times: what a hash of ours may ask for at most */

static enum err
no_memory(int code, struct fault *f)
{
	return fault_set(
	    f, ERR_AGAIN, "busy", "argon2: %s", argon2_error_message(code));
}

enum err
password_hash(
    struct str password, char out[PASSWORD_HASH_SIZE], struct fault *f)
{
	unsigned char salt[SALT_SIZE];
	int code;

	if (password.len > PASSWORD_MAX)
		return fault_set(
		    f, ERR_INVALID, "password_long", "above %d", PASSWORD_MAX);
	secret_random(salt, sizeof(salt));
	code = argon2id_hash_encoded(PASSES, MEMORY_KIB, LANES,
	    password.len > 0 ? password.p : "", password.len, salt,
	    sizeof(salt), TAG_SIZE, out, PASSWORD_HASH_SIZE);
	return code == ARGON2_OK ? ERR_OK : no_memory(code, f);
}

/* "m=19456": a number under its name. */
static bool
parameter(struct str *rest, char end, const char *name, int64_t *out)
{
	struct str value, key;

	return str_cut(rest, end, &value) && str_cut(&value, '=', &key) &&
	    str_eq(key, str_of(name)) && num_parse(value, 1, INT32_MAX, out);
}

/* What a row asks for is bounded before memory is taken for it. */
static bool
read_costs(struct str hash, bool *stale)
{
	int64_t memory, passes, lanes;

	if (!str_starts(hash, STR("$argon2id$v=19$")))
		return false;
	hash.p += strlen("$argon2id$v=19$");
	hash.len -= strlen("$argon2id$v=19$");
	if (!parameter(&hash, ',', "m", &memory) ||
	    !parameter(&hash, ',', "t", &passes) ||
	    !parameter(&hash, '$', "p", &lanes))
		return false;
	*stale = memory < MEMORY_KIB || passes < PASSES;
	return memory <= (int64_t)MORE * MEMORY_KIB &&
	    passes <= (int64_t)MORE * PASSES && lanes == LANES;
}

enum err
password_check(struct str hash, struct str password, bool *fits, bool *stale,
    struct fault *f)
{
	char z[PASSWORD_HASH_SIZE];
	int code;

	*fits = *stale = false;
	if (hash.len >= sizeof(z) || !read_costs(hash, stale))
		return fault_set(f, ERR_BUG, "internal", "no hash of ours");
	if (password.len > PASSWORD_MAX)
		return ERR_OK;
	memcpy(z, hash.p, hash.len);
	z[hash.len] = '\0';
	code = argon2id_verify(
	    z, password.len > 0 ? password.p : "", password.len);
	*fits = code == ARGON2_OK;
	if (code == ARGON2_OK || code == ARGON2_VERIFY_MISMATCH)
		return ERR_OK;
	if (code == ARGON2_MEMORY_ALLOCATION_ERROR)
		return no_memory(code, f);
	return fault_set(
	    f, ERR_BUG, "internal", "argon2: %s", argon2_error_message(code));
}
