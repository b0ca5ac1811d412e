#include "kvitok/store/st_exchange.h"

#include <assert.h>

#define PEERS_MAX 10000

/* Of exchange_ready and exchange_out_find. */
#define ACK_SHAPE                                                              \
	"ttttttt"                                                              \
	"iiiiiii"

static void
ack_of(const struct db_cell *c, struct exchange_ack *out)
{
	*out = (struct exchange_ack){ .portal = c[0].t,
		.supplier = c[1].t,
		.of_kind = c[2].t,
		.words = c[3].t,
		.applied = str_eq(c[4].t, STR("applied")),
		.again = str_eq(c[5].t, STR("again")),
		.handed = str_eq(c[5].t, STR("handed")),
		.kind = c[6].t,
		.number = c[7].n,
		.of_number = c[8].n,
		.count = c[9].n,
		.sum_kop = c[10].n,
		.refused = c[11].n,
		.made_at = c[12].n,
		.handed_at = c[13].n };
}

static enum err
owe(void *self, const struct exchange_ack *x, struct fault *f)
{
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_EXCHANGE_OWE,
	    DB_IN(db_t(x->portal), db_t(x->supplier), db_n(x->of_number),
		db_t(x->of_kind),
		db_t(x->applied ? STR("applied") : STR("refused")),
		db_n(x->count), db_n(x->sum_kop), db_n(x->refused),
		db_t(x->words), db_n(x->made_at), db_t(x->portal),
		db_t(x->supplier)),
	    NULL, f);
	/* Somebody took the same number. */
	return rc == ERR_CONFLICT
	    ? fault_set(f, ERR_AGAIN, "busy", "two acknowledgements at once")
	    : rc;
}

static enum err
ready(void *self, struct arena *a, struct str portal, struct str supplier,
    int limit, const struct exchange_ack **out, size_t *len, struct fault *f)
{
	struct exchange_ack *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_EXCHANGE_READY,
	    DB_IN(db_t(portal), db_t(supplier), db_n(limit)), ACK_SHAPE,
	    (size_t)limit, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct exchange_ack);
	for (size_t i = 0; i < r.len; i++)
		ack_of(db_row(&r, i), &v[i]);
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
unknown(struct str portal, struct str supplier, int64_t number, struct fault *f)
{
	return fault_set(f, ERR_ABSENT, "exchange_unknown",
	    "%.*s/%.*s, ours %lld", STR_ARG(portal), STR_ARG(supplier),
	    (long long)number);
}

static enum err
find(void *self, struct arena *a, struct str portal, struct str supplier,
    int64_t number, struct exchange_ack *out, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_EXCHANGE_OUT_FIND,
	    DB_IN(db_t(portal), db_t(supplier), db_n(number)), ACK_SHAPE, 1, &r,
	    f);

	if (rc == ERR_OK && r.len == 0)
		return unknown(portal, supplier, number, f);
	if (rc == ERR_OK)
		ack_of(r.cells, out);
	return rc;
}

static enum err
refusals(void *self, struct arena *a, struct str portal, struct str supplier,
    int64_t number, const struct exchange_record **out, size_t *len,
    struct fault *f)
{
	struct exchange_record *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_EXCHANGE_REFUSALS,
	    DB_IN(db_t(portal), db_t(supplier), db_n(number),
		db_n(EXCHANGE_REFUSED_MAX)),
	    "it", EXCHANGE_REFUSED_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct exchange_record);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i].n = c[0].n;
		v[i].refused = c[1].t.p; /* ends in NUL */
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
handed(void *self, const struct exchange_ack *x, int64_t at, bool *first,
    struct fault *f)
{
	int64_t changed = 0;
	enum err rc = db_run(self, SQL_EXCHANGE_HANDED,
	    DB_IN(
		db_n(at), db_t(x->portal), db_t(x->supplier), db_n(x->number)),
	    &changed, f);

	*first = changed > 0;
	return rc;
}

static enum err
again(void *self, const struct exchange_ack *x, struct fault *f)
{
	int64_t changed;
	enum err rc = db_run(self, SQL_EXCHANGE_AGAIN,
	    DB_IN(db_t(x->portal), db_t(x->supplier), db_n(x->number)),
	    &changed, f);

	return rc == ERR_OK && changed == 0
	    ? unknown(x->portal, x->supplier, x->number, f)
	    : rc;
}

static enum err
looked(void *self, const struct exchange_peer *x, struct fault *f)
{
	return db_run(self, SQL_EXCHANGE_LOOKED,
	    DB_IN(db_t(x->portal), db_t(x->supplier), db_n(x->looked_at),
		db_n(x->fails), db_t(x->last_error), db_n0(x->untaken)),
	    NULL, f);
}

static enum err
ahead(void *self, const struct exchange_peer *x, struct fault *f)
{
	return db_run(self, SQL_EXCHANGE_AHEAD,
	    DB_IN(db_t(x->portal), db_t(x->supplier), db_n0(x->ahead),
		db_n0(x->ahead_at)),
	    NULL, f);
}

static enum err
peers(void *self, struct arena *a, const struct exchange_peer **out,
    size_t *len, struct fault *f)
{
	struct exchange_peer *v;
	struct db_rows r;
	enum err rc =
	    db_read(self, a, SQL_EXCHANGE_PEERS, DB_IN(db_n(PEERS_MAX)),
		"ttt"
		"iiiiiiiiiiiiiii",
		PEERS_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct exchange_peer);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct exchange_peer){ .portal = c[0].t,
			.supplier = c[1].t,
			.last_error = c[2].t,
			.looked_at = c[3].n,
			.fails = c[4].n,
			.ahead = c[5].n,
			.ahead_at = c[6].n,
			.next = c[7].n,
			.open_aside = c[8].n,
			.open_held = c[9].n,
			.open_applying = c[10].n,
			.oldest_open_at = c[11].n,
			.unhanded = c[12].n,
			.oldest_unhanded_at = c[13].n,
			.unanswered = c[14].n,
			.oldest_unanswered_at = c[15].n,
			.untaken = c[16].n,
			.untaken_made_at = c[17].n };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

struct exchange_outbox
st_exchange_out(struct db *db)
{
	return (struct exchange_outbox){ db, owe, ready, find, refusals, handed,
		again, looked, ahead, peers };
}
