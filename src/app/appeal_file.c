#include "kvitok/app/appeal_file.h"

#include "kvitok/base/num.h"
#include "kvitok/base/secret.h"

#include <stdio.h>

#define NAME_BYTES ((size_t)4 * APPEAL_FILE_NAME_MAX + 8)
#define PART_MEMORY ((size_t)1 << 20)
#define SWEEP_LIMIT 20
/* Longer than any transaction that still names a file. */
#define SWEEP_GRACE_MS INT64_C(3600000)

/* --- bringing ----------------------------------------------------------- */

struct bringing {
	const struct ports *p;
	const struct appeal_file *x;
	struct str bytes;
	bool fresh;
};

static enum err
bring_body(void *arg, struct fault *f)
{
	struct bringing *b = arg;
	const struct appeal_file_store *st = &b->p->appeal_files;

	return st->put(st->self, b->x, b->bytes, &b->fresh, f);
}

/* Gives: *found with *out, the one that the key of idempotency has made. */
static enum err
find(const struct ports *p, struct arena *a, const struct appeal_file *x,
    struct appeal_file *out, bool *found, struct fault *f)
{
	const struct appeal_file_store *st = &p->appeal_files;
	enum err rc = st->known(st->self, a, x->key_id, x->ikey, out, found, f);

	if (rc != ERR_OK || !*found ||
	    (str_eq(out->sha256, x->sha256) && str_eq(out->name, x->name) &&
		str_eq(out->payer, x->payer)))
		return rc;
	(void)fault_set(f, ERR_LIMIT, "idempotency_key_reused",
	    "was used for file %.*s", STR_ARG(out->id));
	fault_field(f, "Idempotency-Key", "idempotency_key_reused");
	return f->err;
}

static enum err
describe(struct arena *a, const struct appeal_upload *in, struct appeal_file *x,
    struct fault *f)
{
	char digest[65];
	struct buf name;

	x->media = appeal_media_judge(in->bytes);
	if (x->media == APPEAL_MEDIA__COUNT)
		return fault_set(f, ERR_LIMIT, "appeal_file_media", "%zu bytes",
		    in->bytes.len);
	buf_init(&name, a, NAME_BYTES);
	appeal_file_name(in->name, x->media, &name);
	secret_sha256_hex(in->bytes, digest);
	x->name = buf_str(&name);
	x->sha256 = arena_str(a, str_of(digest));
	x->size = (int64_t)in->bytes.len;
	x->parts = appeal_file_parts(x->size);
	return ERR_OK;
}

enum err
appeal_file_bring(const struct ports *p, struct arena *a,
    const struct appeal_upload *in, struct appeal_file *out, bool *replay,
    struct fault *f)
{
	struct appeal_file x = { .portal = in->who->portal,
		.payer = in->payer,
		.appeal = STR(""),
		.key_id = in->who->key_id,
		.ikey = in->ikey,
		.created_at = p->clock.now(p->clock.self) };
	struct bringing b = { p, &x, in->bytes, false };
	char id[27];
	enum err rc = describe(a, in, &x, f);

	*replay = false;
	if (rc == ERR_OK)
		rc = find(p, a, &x, out, replay, f);
	if (rc != ERR_OK || *replay)
		return rc;
	p->ids.ulid(p->ids.self, x.created_at, id);
	x.id = arena_str(a, str_of(id));
	rc = p->tx.run(p->tx.self, "appeal_file", bring_body, &b, f);
	if (rc == ERR_OK && !b.fresh)
		return find(p, a, &x, out, replay, f); /* a moment ago */
	*out = x;
	return rc;
}

/* --- naming ------------------------------------------------------------- */

static enum err
loose(size_t i, struct str id, struct fault *f)
{
	char field[32];

	(void)fault_set(f, ERR_LIMIT, "appeal_file_loose", "%.*s", STR_ARG(id));
	(void)snprintf(field, sizeof(field), "files/%zu/id", i);
	fault_field(f, field, "appeal_file_loose");
	return f->err;
}

static enum err
check_size(
    const struct ports *p, struct arena *a, struct str appeal, struct fault *f)
{
	const struct appeal_file_store *st = &p->appeal_files;
	const struct appeal_file *v;
	size_t len;
	int64_t size = 0;
	enum err rc = st->list(st->self, a, appeal, &v, &len, f);

	if (rc != ERR_OK)
		return rc;
	for (size_t i = 0; i < len; i++)
		size += v[i].size;
	if (size <= APPEAL_FILE_MAX)
		return ERR_OK;
	(void)fault_set(
	    f, ERR_LIMIT, "appeal_files_size", "%lld bytes", (long long)size);
	fault_field(f, "files", "appeal_files_size");
	return f->err;
}

enum err
appeal_file_attach(const struct ports *p, struct arena *a,
    const struct appeal *x, const struct str *ids, size_t len, struct fault *f)
{
	const struct appeal_file_store *st = &p->appeal_files;
	enum err rc = ERR_OK;

	for (size_t i = 0; rc == ERR_OK && i < len; i++) {
		bool done;

		rc = st->attach(st->self,
		    &(struct appeal_file){ .id = ids[i],
			.portal = x->portal,
			.payer = x->payer,
			.appeal = x->id,
			.n = (int64_t)i + 1 },
		    x->created_at - APPEAL_FILE_LIFE_MS, &done, f);
		if (rc == ERR_OK && !done)
			rc = loose(i, ids[i], f);
	}
	return rc == ERR_OK && len > 0 ? check_size(p, a, x->id, f) : rc;
}

/* --- reading ------------------------------------------------------------ */

enum err
appeal_file_list(const struct ports *p, struct arena *a, struct str portal,
    struct str payer, struct str appeal, const struct appeal_file **out,
    size_t *len, struct fault *f)
{
	const struct appeal_file_store *st = &p->appeal_files;
	struct appeal x;
	enum err rc =
	    p->appeals.load(p->appeals.self, a, portal, appeal, &x, f);

	if (rc == ERR_OK && !str_eq(x.payer, payer))
		return fault_set(
		    f, ERR_ABSENT, "appeal_unknown", "of another payer");
	return rc == ERR_OK ? st->list(st->self, a, x.id, out, len, f) : rc;
}

/* Gives: what is in it, of x->size bytes, in a. */
static enum err
read_parts(const struct ports *p, struct arena *a, const struct appeal_file *x,
    char *to, struct fault *f)
{
	const struct appeal_file_store *st = &p->appeal_files;
	size_t got = 0, whole = (size_t)x->size;
	struct str body;
	enum err rc = ERR_OK;

	for (int64_t n = 1; rc == ERR_OK && n <= x->parts; n++) {
		size_t len = whole - got;

		rc = st->part(st->self, a, x->id, n, &body, f);
		if (rc == ERR_OK && !num_parse_base64(body, to + got, &len))
			len = 0; /* its digest tells */
		got += len;
		arena_reset(a);
	}
	return rc;
}

static enum err
read_bytes(const struct ports *p, struct arena *a, const struct appeal_file *x,
    struct str *out, struct fault *f)
{
	struct arena *part = arena_new(PART_MEMORY);
	char digest[65], *to = arena_alloc(a, (size_t)x->size);
	enum err rc = read_parts(p, part, x, to, f);

	arena_free(part);
	if (rc != ERR_OK)
		return rc;
	*out = (struct str){ to, (size_t)x->size };
	secret_sha256_hex(*out, digest);
	return str_eq(x->sha256, str_of(digest))
	    ? ERR_OK
	    : fault_set(f, ERR_BUG, "internal", "file %.*s is another one",
		  STR_ARG(x->id));
}

enum err
appeal_file_read(const struct ports *p, struct arena *a, struct str portal,
    struct str payer, struct str appeal, int64_t n, struct appeal_file *out,
    struct str *bytes, struct fault *f)
{
	const struct appeal_file *v;
	size_t len;
	enum err rc =
	    appeal_file_list(p, a, portal, payer, appeal, &v, &len, f);

	if (rc != ERR_OK)
		return rc;
	if (n < 1 || (size_t)n > len)
		return fault_set(f, ERR_ABSENT, "appeal_file_unknown",
		    "%lld of %zu", (long long)n, len);
	*out = v[n - 1];
	return read_bytes(p, a, out, bytes, f);
}

/* --- what is over ------------------------------------------------------- */

struct sweeping {
	const struct ports *p;
};

static enum err
sweep_body(void *arg, struct fault *f)
{
	const struct ports *p = ((const struct sweeping *)arg)->p;
	const struct appeal_file_store *st = &p->appeal_files;

	return st->sweep(st->self,
	    p->clock.now(p->clock.self) - APPEAL_FILE_LIFE_MS - SWEEP_GRACE_MS,
	    SWEEP_LIMIT, f);
}

enum err
appeal_file_sweep(const struct ports *p, struct fault *f)
{
	struct sweeping s = { p };

	return p->tx.run(p->tx.self, "appeal_sweep", sweep_body, &s, f);
}
