#include "kvitok/web/cabinet_case.h"

#include "kvitok/base/json.h"

#define ROW_VARS 16
#define PROOF_MAX 100
#define VALUE_MAX 4000
/* ms of 2001 and later: a number named _at or at is an instant. */
#define INSTANT_MIN INT64_C(1000000000000)

static const struct report_word *
kinds(void)
{
	const struct report_def *r = report_def(REPORT_CASES);

	for (size_t i = 0; i < r->columns_len; i++)
		if (strcmp(r->columns[i].name, "kind") == 0)
			return r->columns[i].words;
	return NULL;
}

struct str
cabinet_case_kind(struct str kind)
{
	return report_word(kinds(), kind);
}

void
cabinet_case_rows(
    struct turn *t, const struct pay_case *v, size_t len, struct grid *out)
{
	int64_t now = t->p->clock.now(t->p->clock.self);
	struct arena *a = t->a;

	grid_begin(out, a, len, ROW_VARS);
	for (size_t i = 0; i < len; i++) {
		const struct pay_case *c = &v[i];
		struct str state = str_of(case_state_name(
		    case_state(c->state, c->owner, c->resolution)));

		grid_row(out);
		grid_text(out, "id", c->id);
		grid_text(out, "url",
		    arena_fmt(a, "/cabinet/cases/%.*s", STR_ARG(c->id)));
		grid_text(out, "words", cabinet_case_kind(c->kind));
		grid_text(out, "number", c->number);
		grid_text(out, "sum",
		    c->sum_kop != 0 ? cabinet_sum(a, c->sum_kop) : STR_NONE);
		grid_text(out, "state", state);
		grid_text(out, "state_words", cabinet_word("case", state));
		grid_text(out, "created", cabinet_moment(a, c->created_at));
		grid_text(out, "age",
		    c->resolved_at == 0 ? cabinet_age(a, now - c->created_at)
					: STR_NONE);
		grid_text(out, "owner",
		    c->owner.len > 0 ? cabinet_who(a, c->owner) : STR_NONE);
		grid_text(out, "how",
		    c->resolution.len > 0 ? cabinet_case_how(c->resolution)
					  : STR_NONE);
		grid_text(out, "times",
		    c->times > 1 ? cabinet_count(a, c->times) : STR_NONE);
	}
}

struct str
cabinet_case_how(struct str how)
{
	return cabinet_word("how", how);
}

struct str
cabinet_case_does(struct arena *a, struct str kind, struct str how)
{
	struct str own = arena_fmt(a, "%.*s_%.*s", STR_ARG(how), STR_ARG(kind));

	if (cabinet_has_word("does", own))
		return cabinet_word("does", own);
	return cabinet_has_word("does", how) ? cabinet_word("does", how)
					     : STR_NONE;
}

/* --- proof ------------------------------------------------------------- */

static struct str
value_of(struct arena *a, struct str name, const struct json *j)
{
	struct str text;
	struct buf b;
	int64_t n;

	if (json_text(j, &text))
		return text;
	if (json_int(j, &n)) {
		if (str_ends(name, STR("_kop")))
			return cabinet_sum(a, n);
		if (str_ends(name, STR("at")) && n >= INSTANT_MIN)
			return cabinet_moment(a, n);
		return arena_fmt(a, "%lld", (long long)n);
	}
	buf_init(&b, a, VALUE_MAX);
	json_canonical(j, &b);
	return buf_str(&b);
}

static void
put_proof(struct grid *g, struct str name, struct str value, bool is_sum)
{
	grid_row(g);
	grid_text(g, "name", cabinet_word("proof", name));
	grid_text(g, "value", value);
	grid_flag(g, "is_sum", is_sum);
}

void
cabinet_case_proof(struct turn *t, struct str evidence, struct grid *out)
{
	const struct json *j = NULL;
	struct arena *a = t->a;
	struct fault none;
	size_t len;

	fault_init(&none);
	grid_begin(out, a, PROOF_MAX, 3);
	if (json_parse(a, evidence, JSON_REALS, &j, &none) != ERR_OK ||
	    json_kind(j) != JSON_OBJECT) {
		if (evidence.len > 0)
			put_proof(out, STR("note"), evidence, false);
		return;
	}
	len = json_count(j);
	for (size_t i = 0; i < len && i < PROOF_MAX; i++) {
		struct str name = json_name(j, i);
		const struct json *v = json_value(j, i);

		if (json_kind(v) != JSON_NULL)
			put_proof(out, name, value_of(a, name, v),
			    json_kind(v) == JSON_INT &&
				str_ends(name, STR("_kop")));
	}
}
