#include "kvitok/base/secret.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX 65536
#define GROUPS_MAX 64

static const char base32_digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

bool
secret_eq(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	return a.len == 0 || CRYPTO_memcmp(a.p, b.p, a.len) == 0;
}

void
secret_wipe(void *p, size_t len)
{
	OPENSSL_cleanse(p, len);
}

/* A number that can be guessed is worse than a worker that is gone. */
KV_NORETURN static void
give_up(const char *words, size_t len)
{
	/* The process ends whether or not anybody reads why. */
	if (write(STDERR_FILENO, words, len) < 0)
		_exit(EXIT_FAILURE);
	abort();
}

#define GIVE_UP(words) give_up(words "\n", sizeof(words))

void
secret_random(void *p, size_t len)
{
	assert(len <= INT_MAX);
	if (RAND_bytes(p, (int)len) != 1)
		GIVE_UP("error event=no_randomness");
}

void
secret_random_text(char *out, size_t n)
{
	secret_random(out, n);
	/* 32 divides 256: no digit is likelier than another. */
	for (size_t i = 0; i < n; i++)
		out[i] = base32_digits[(unsigned char)out[i] & 31];
	out[n] = '\0';
}

void
secret_sha256(const void *p, size_t len, uint8_t out[SECRET_SHA256_SIZE])
{
	static const char nothing[1];
	unsigned int got = 0;

	if (EVP_Digest(len > 0 ? p : nothing, len, out, &got, EVP_sha256(),
		NULL) != 1 ||
	    got != SECRET_SHA256_SIZE)
		GIVE_UP("error event=no_sha256");
}

static void
hex_of(const uint8_t sum[SECRET_SHA256_SIZE], char out[65])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < SECRET_SHA256_SIZE; i++) {
		out[2 * i] = digits[sum[i] >> 4];
		out[2 * i + 1] = digits[sum[i] & 15];
	}
	out[64] = '\0';
}

void
secret_sha256_hex(struct str s, char out[65])
{
	uint8_t sum[SECRET_SHA256_SIZE];

	secret_sha256(s.p, s.len, sum);
	hex_of(sum, out);
}

void
secret_sum_begin(struct secret_sum *s)
{
	s->ctx = EVP_MD_CTX_new();
	if (s->ctx == NULL ||
	    EVP_DigestInit_ex(s->ctx, EVP_sha256(), NULL) != 1)
		GIVE_UP("error event=no_sha256");
}

void
secret_sum_add(struct secret_sum *s, struct str piece)
{
	if (piece.len > 0 && EVP_DigestUpdate(s->ctx, piece.p, piece.len) != 1)
		GIVE_UP("error event=no_sha256");
}

void
secret_sum_end(struct secret_sum *s, char out[65])
{
	uint8_t sum[SECRET_SHA256_SIZE];
	unsigned int got = 0;

	if (EVP_DigestFinal_ex(s->ctx, sum, &got) != 1 || got != sizeof(sum))
		GIVE_UP("error event=no_sha256");
	EVP_MD_CTX_free(s->ctx);
	s->ctx = NULL;
	if (out != NULL)
		hex_of(sum, out);
}

void
secret_base32(const uint8_t *p, size_t n, char *out)
{
	for (size_t i = 0; i < n; i++) {
		size_t byte = 5 * i / 8, bit = 5 * i % 8;
		unsigned v = (unsigned)p[byte] << 8;

		if (bit > 3)
			v |= p[byte + 1];
		out[i] = base32_digits[v >> (11 - bit) & 31];
	}
	out[n] = '\0';
}

void
secret_ulid(int64_t at, char out[SECRET_ULID_SIZE])
{
	uint8_t random[10];
	uint64_t t = (uint64_t)at;

	assert(at >= 0 && t < UINT64_C(1) << 48);
	for (size_t i = 10; i > 0; i--) {
		out[i - 1] = base32_digits[t & 31];
		t >>= 5;
	}
	secret_random(random, sizeof(random));
	secret_base32(random, 16, out + 10);
}

static bool
is_our_group(gid_t group)
{
	gid_t groups[GROUPS_MAX];
	int n;

	if (group == getegid())
		return true;
	n = getgroups(GROUPS_MAX, groups);
	for (int i = 0; i < n; i++)
		if (groups[i] == group)
			return true;
	return false;
}

/* Root may lend a file to the group that we run as, to read. */
static bool
hidden_from_others(const struct stat *st)
{
	mode_t seen = st->st_mode & 077;

	if (seen == 0)
		return true;
	return seen == 040 && st->st_uid == 0 && is_our_group(st->st_gid);
}

/* Gives: bytes read, at most size; -1 on failure. */
static ssize_t
read_all(int fd, char *p, size_t size)
{
	size_t len = 0;

	while (len < size) {
		ssize_t n = read(fd, p + len, size - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

static enum err
read_secret(
    struct arena *a, int fd, const char *path, struct str *out, struct fault *f)
{
	struct stat st;
	struct str s;
	ssize_t n;
	char *p;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return fault_set(
		    f, ERR_INVALID, "secret_file", "%s: not a file", path);
	if (!hidden_from_others(&st))
		return fault_set(f, ERR_INVALID, "secret_file",
		    "%s: others can read or write it (mode %04o)", path,
		    (unsigned)(st.st_mode & 07777));
	if (st.st_size > FILE_MAX)
		return fault_set(
		    f, ERR_INVALID, "secret_file", "%s: above 64 KiB", path);

	p = arena_alloc(a, FILE_MAX + 1);
	n = read_all(fd, p, FILE_MAX + 1);
	if (n < 0 || n > FILE_MAX)
		return fault_set(f, ERR_INVALID, "secret_file", "%s: %s", path,
		    n < 0 ? "not readable" : "above 64 KiB");
	s = (struct str){ p, (size_t)n };
	if (str_ends(s, STR("\n")))
		s.len--;
	if (str_ends(s, STR("\r")))
		s.len--;
	if (s.len == 0)
		return fault_set(
		    f, ERR_INVALID, "secret_file", "%s: empty", path);
	p[s.len] = '\0';
	*out = s;
	return ERR_OK;
}

enum err
secret_file(struct arena *a, const char *path, struct str *out, struct fault *f)
{
	/* Not blocking: a FIFO must not hold the start. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	enum err rc;

	if (fd < 0)
		return fault_set(f, ERR_INVALID, "secret_file", "%s: %s", path,
		    errno == ENOENT ? "is not there" : "not readable");
	rc = read_secret(a, fd, path, out, f);
	(void)close(fd); /* nothing was written */
	return rc;
}
