#include "kvitok/xml/doc.h"

#include "kvitok/base/day.h"
#include "kvitok/base/num.h"
#include "kvitok/xml/in.h"
#include "kvitok/xml/out.h"
#include "kvitok/xml/out_request.h"

#include <inttypes.h>

#define MICRO_DIGITS 6
#define SCRATCH_MAX ((size_t)1 << 20) /* of one record: the owner's name */

struct doc {
	struct arena *scratch; /* emptied after each record */
	struct xml_schema *schema;
};

struct reading {
	struct doc *doc;
	const struct document_sink *to;
	enum exchange_kind kind;
	int64_t n;
};

/* Numbers were judged by the schema; what is not there is otherwise. */
static int64_t
number(const struct xml_node *n, const char *name, int64_t otherwise)
{
	struct str s = str_trim(xml_attr(n, name));
	int64_t v;

	if (str_starts(s, STR("+")))
		s = (struct str){ s.p + 1, s.len - 1 };
	return num_parse(s, INT64_MIN, INT64_MAX, &v) ? v : otherwise;
}

/* A decimal of up to six decimals, in millionths: "54.30" is 54300000. */
static int64_t
micro(struct str s)
{
	bool minus = str_starts(s, STR("-"));
	int64_t n = 0;
	int decimals = -1; /* no point yet */

	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '.')
			decimals = 0;
		else if (s.p[i] >= '0' && s.p[i] <= '9') {
			n = n * 10 + (s.p[i] - '0');
			decimals += decimals >= 0;
		}
	}
	for (int i = decimals < 0 ? 0 : decimals; i < MICRO_DIGITS; i++)
		n *= 10;
	return minus ? -n : n;
}

static struct str
attr(const struct xml_node *n, const char *name)
{
	return str_trim(xml_attr(n, name));
}

/* The schema has judged a token with its spaces drawn together. */
static struct str
token(struct arena *a, const struct xml_node *n, const char *name)
{
	struct str s = attr(n, name);
	char *p = arena_z(a, s);
	size_t len = 0;

	if (s.p == NULL)
		return s;
	for (size_t i = 0; i < s.len; i++)
		if (!strchr(" \t\r\n", p[i]))
			p[len++] = p[i];
		else if (p[len - 1] != ' ') /* s does not begin with one */
			p[len++] = ' ';
	return (struct str){ p, len };
}

static struct str
owner(struct arena *a, const struct xml_node *n)
{
	static const char *const parts[] = { "last_name", "first_name",
		"middle_name" };
	const struct xml_node *o = xml_child(n, "owner");
	struct buf b;

	buf_init(&b, a, SCRATCH_MAX);
	for (size_t i = 0; o != NULL && i < KV_COUNT(parts); i++) {
		struct str s = attr(o, parts[i]);

		if (s.len > 0 && b.len > 0)
			buf_char(&b, ' ');
		buf_text(&b, s);
	}
	return buf_str(&b);
}

/* -1 says that nothing was said: what is below zero is no such thing. */
static int64_t
penalty(const struct xml_node *n)
{
	int64_t kop = number(n, "penalty_kop", -1);

	return kop < 0 && xml_attr(n, "penalty_kop").p != NULL ? -2 : kop;
}

/* As above, of an area. */
static int64_t
area(const struct xml_node *n)
{
	int64_t v = micro(attr(n, "area"));

	if (xml_attr(n, "area").p == NULL)
		return -1;
	return v < 0 ? -2 : v;
}

static void
take_people(
    struct arena *a, struct exchange_record *r, const struct xml_node *n)
{
	size_t max = n->children_len + 1;
	struct subscriber *s = &r->people;

	*s = (struct subscriber){ .persons = number(n, "persons", -1),
		.area_micro = area(n),
		.closed_day = attr(n, "closed_day"),
		.benefits = ARENA_ARRAY(a, max, struct benefit),
		.emails = ARENA_ARRAY(a, max, struct str),
		.phones = ARENA_ARRAY(a, max, struct str) };
	for (size_t i = 0; i < n->children_len; i++) {
		const struct xml_node *c = &n->children[i];

		if (str_eq(c->name, STR("benefit")))
			s->benefits[s->benefits_len++] =
			    (struct benefit){ .kind = attr(c, "kind"),
				    .title = attr(c, "title"),
				    .from_day = attr(c, "from_day"),
				    .to_day = attr(c, "to_day") };
		else if (str_eq(c->name, STR("email")))
			s->emails[s->emails_len++] = attr(c, "address");
		else if (str_eq(c->name, STR("phone")))
			s->phones[s->phones_len++] = attr(c, "number");
	}
}

static void
take_charge(struct exchange_record *r, const struct xml_node *n)
{
	const struct xml_node *why = xml_child(n, "recalculation_reason");

	r->sum_kop = number(n, "accrued_kop", 0);
	r->opening_kop = number(n, "opening_kop", 0);
	r->closing_kop = number(n, "closing_kop", 0);
	r->charge = (struct charge){ .unit = attr(n, "unit"),
		.volume_micro = micro(attr(n, "volume")),
		.tariff_micro = micro(attr(n, "tariff")),
		.accrued_kop = r->sum_kop,
		.recalculated_kop = number(n, "recalculated_kop", 0),
		.recalculated_why = why != NULL ? why->text : STR_NONE,
		.benefit_kop = number(n, "benefit_kop", 0),
		.penalty_kop = penalty(n) };
}

static void
take_meter(struct arena *a, struct exchange_record *r, const struct xml_node *n)
{
	r->closed = xml_attr(n, "closed_day").p != NULL;
	r->meter = (struct account_meter){ .meter = token(a, n, "id"),
		.title = attr(n, "title"),
		.serial = attr(n, "serial"),
		.unit = attr(n, "unit"),
		.last_day = attr(n, "last_day"),
		.verify_day = attr(n, "verify_day"),
		.digits = (int)number(n, "digits", 0),
		.last_value = number(n, "last_value", 0) };
}

/* Below zero: none that we know. */
static int64_t
instant(const struct xml_node *n, const char *name)
{
	int64_t at;

	return day_parse_rfc3339(attr(n, name), &at) ? at : -1;
}

static bool
yes(const struct xml_node *n, const char *name)
{
	struct str s = attr(n, name);

	return str_eq(s, STR("true")) || str_eq(s, STR("1"));
}

static void
take_outage(
    struct arena *a, struct exchange_record *r, const struct xml_node *n)
{
	const struct xml_node *reason = xml_child(n, "reason");
	struct outage_place *places =
	    ARENA_ARRAY(a, n->children_len + 1, struct outage_place);
	struct outage *x = &r->outage;

	*x = (struct outage){ .id = token(a, n, "id"),
		.kind = attr(n, "kind"),
		.reason = reason != NULL ? reason->text : STR_NONE,
		.from_at = instant(n, "from"),
		.to_at = xml_attr(n, "to").p != NULL ? instant(n, "to") : 0,
		.cancelled = yes(n, "cancelled"),
		.places = places };
	for (size_t i = 0; i < n->children_len; i++)
		if (str_eq(n->children[i].name, STR("place")))
			places[x->places_len++].address =
			    attr(&n->children[i], "address");
}

static void
take_contract(
    struct arena *a, struct exchange_record *r, const struct xml_node *n)
{
	r->contract = (struct agreement){ .number = token(a, n, "number"),
		.title = attr(n, "title"),
		.from_day = attr(n, "from_day"),
		.to_day = attr(n, "to_day") };
}

static void
take_act(struct arena *a, struct exchange_record *r, const struct xml_node *n)
{
	struct act_work *works =
	    ARENA_ARRAY(a, n->children_len + 1, struct act_work);
	struct act *x = &r->act;

	*x = (struct act){ .number = token(a, n, "number"),
		.contract = token(a, n, "contract"),
		.day = attr(n, "day"),
		.said = xml_attr(n, "sum_kop").p != NULL,
		.said_kop = number(n, "sum_kop", 0),
		.works = works };
	for (size_t i = 0; i < n->children_len; i++) {
		const struct xml_node *w = &n->children[i];

		works[x->works_len++] =
		    (struct act_work){ .title = attr(w, "title"),
			    .quantity_micro = micro(attr(w, "quantity")),
			    .sum_kop = number(w, "sum_kop", 0) };
		/* At most 200 of 10^12 each, by the schema. */
		r->sum_kop += number(w, "sum_kop", 0);
	}
}

static void
take_answer(
    struct arena *a, struct exchange_record *r, const struct xml_node *n)
{
	const struct xml_node *text = xml_child(n, "text");

	r->answer = (struct appeal_answer){ .appeal = token(a, n, "request"),
		.state = appeal_state_of(attr(n, "state")),
		.text = text != NULL ? text->text : STR_NONE,
		.actor = STR("supplier"),
		.at = instant(n, "at") };
}

/* A record that is refused; or, beside those, why all of it is. */
static void
take_refusal(struct exchange_record *r, const struct xml_node *n)
{
	const struct xml_node *words = xml_child(n, "words");

	r->of_record = number(n, "record", 0);
	r->words = words != NULL ? words->text : n->text;
}

static void
take_reading_answer(
    struct arena *a, struct exchange_record *r, const struct xml_node *n)
{
	const struct xml_node *why = xml_child(n, "reason");

	r->id = token(a, n, "reading");
	r->accepted = yes(n, "accepted");
	r->words = why != NULL ? why->text : STR("");
}

static enum err
take_record(void *self, const struct xml_node *n, struct fault *f)
{
	struct reading *x = self;
	struct arena *a = x->doc->scratch;
	struct exchange_record r = { .n = ++x->n,
		.account = token(a, n, "account"),
		.service = attr(n, "service") };
	enum err rc;

	switch (x->kind) {
	case EXCHANGE_ACCOUNTS:
		r.account = token(a, n, "number");
		r.address = attr(n, "address");
		r.owner = owner(a, n);
		take_people(a, &r, n);
		break;
	case EXCHANGE_METERS:
		take_meter(a, &r, n);
		break;
	case EXCHANGE_CHARGES:
		take_charge(&r, n);
		break;
	case EXCHANGE_BALANCES:
		r.sum_kop = number(n, "debt_kop", 0);
		break;
	case EXCHANGE_ELSEWHERE:
		r.sum_kop = number(n, "sum_kop", 0);
		r.id = token(a, n, "id");
		r.day = attr(n, "paid_day");
		r.place = attr(n, "place");
		break;
	case EXCHANGE_OUTAGES:
		take_outage(a, &r, n);
		break;
	case EXCHANGE_CONTRACTS:
		take_contract(a, &r, n);
		break;
	case EXCHANGE_ACTS:
		take_act(a, &r, n);
		break;
	case EXCHANGE_ANSWERS:
		take_answer(a, &r, n);
		break;
	case EXCHANGE_ACK:
		take_refusal(&r, n);
		break;
	case EXCHANGE_READING_ANSWERS:
		take_reading_answer(a, &r, n);
		break;
	case EXCHANGE_KIND__COUNT:
		return ERR_OK;
	}
	rc = x->to->record(x->to->self, &r, f);
	arena_reset(a);
	return rc;
}

static enum err
take_head(void *self, const struct xml_head *h, struct fault *f)
{
	struct reading *x = self;
	struct exchange_head head = { .portal = h->portal,
		.supplier = h->supplier,
		.kind = h->kind,
		.made_at = h->made_at,
		.month = attr(h->body, "month"),
		.as_of_day = attr(h->body, "as_of_day"),
		.paid_to_day = attr(h->body, "paid_to_day"),
		.number = h->number,
		.said = number(h->body, "count", 0),
		.said_kop = number(h->body, "sum_kop", 0) };

	x->kind = exchange_kind_of(h->kind);
	/* What it counts is not what it has. */
	if (x->kind == EXCHANGE_ACK) {
		head.of_number = number(h->body, "of", 0);
		head.of_count = head.said;
		head.of_kop = head.said_kop;
		head.of_refused = number(h->body, "refused_count", 0);
		head.of_applied =
		    str_eq(attr(h->body, "state"), STR("applied"));
		head.said = head.said_kop = 0;
	}
	return x->to->head(x->to->self, &head, f);
}

static void
take_problem(void *self, const struct xml_problem *p)
{
	const struct reading *x = self;

	x->to->problem(x->to->self,
	    &(struct document_problem){
		.line = p->line, .path = p->path, .words = p->words });
}

static enum err
read_document(void *self, const struct document_bytes *from,
    const struct document_sink *to, struct fault *f)
{
	struct reading x = { .doc = self, .to = to };
	struct xml_source source = { from->self, from->read,
		DOCUMENT_SIZE_MAX };
	struct xml_reader reader = { &x, take_head, take_record, take_problem };
	struct xml_totals n;

	x.kind = EXCHANGE_KIND__COUNT;
	return xml_in_read(x.doc->schema, &source, &reader, &n, f);
}

static void
put_words(struct buf *b, struct str words)
{
	buf_lit(b, "<words>");
	buf_xml(b, words);
	buf_lit(b, "</words>");
}

static void
put_refusals(struct buf *b, const struct document_ack *x)
{
	for (size_t i = 0; i < x->refusals_len; i++) {
		const struct exchange_record *r = &x->refusals[i];

		buf_fmt(b,
		    "    <refused record=\"%" PRId64
		    "\" path=\"/document/%.*s/%s[%" PRId64 "]\">",
		    r->n, STR_ARG(x->of_kind), exchange_element(x->of_kind),
		    r->n);
		put_words(b, str_of(reason_words(r->refused)));
		buf_lit(b, "</refused>\n");
	}
}

static void
put_ack(void *self, const struct document_ack *x, struct buf *b)
{
	(void)self; /* nothing of it is needed */
	xml_out_envelope(b, x->portal, x->supplier, x->number, x->made_at);
	buf_fmt(b,
	    "  <acknowledgement of=\"%" PRId64
	    "\" state=\"%s\" count=\"%" PRId64 "\" sum_kop=\"%" PRId64
	    "\" refused_count=\"%" PRId64 "\">\n",
	    x->of_number, x->applied ? "applied" : "refused", x->count,
	    x->sum_kop, x->refused);
	if (x->words.len > 0) {
		buf_lit(b, "    ");
		put_words(b, x->words);
		buf_char(b, '\n');
	}
	put_refusals(b, x);
	buf_lit(b, "  </acknowledgement>\n</document>\n");
}

static void
free_scratch(void *p)
{
	arena_free(((struct doc *)p)->scratch);
}

enum err
xml_documents(struct arena *a, struct documents *out, struct fault *f)
{
	struct doc *x = ARENA_NEW(a, struct doc);
	enum err rc = xml_schema_exchange(a, &x->schema, f);

	if (rc != ERR_OK)
		return rc;
	x->scratch = arena_new(SCRATCH_MAX);
	arena_defer(a, free_scratch, x);
	*out = (struct documents){ x, read_document, put_ack, xml_out_begin,
		xml_out_row, xml_out_end, xml_out_request };
	return ERR_OK;
}
