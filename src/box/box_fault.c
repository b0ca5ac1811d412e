#include "kvitok/box/box_fault.h"

#include "kvitok/box/box_chance.h"

#include <assert.h>

static const struct box_fault_item items[BOX_FAULT__COUNT] = {
	[BOX_TWICE] = { "twice", "the same document is sent once more",
	    BOX_SENDING, true, 0 },
	[BOX_OUT_OF_ORDER] = { "out_of_order",
	    "it is sent after the next one, or when its time is over",
	    BOX_SENDING, true, 3000 },
	[BOX_GAP] = { "gap", "it is not sent before its time is over",
	    BOX_SENDING, true, 2000 },
	[BOX_OTHER_CONTENT] = { "other_content",
	    "once applied, another one is sent under its number", BOX_SENDING,
	    true, 0 },
	[BOX_MISSING_PART] = { "missing_part",
	    "it is said to have a part more than there are", BOX_SENDING, true,
	    0 },
	[BOX_CUT] = { "cut", "its second half is missing", BOX_SENDING, true,
	    0 },
	[BOX_SCHEMA] = { "schema", "it has what the schema does not know",
	    BOX_SENDING, true, 0 },
	[BOX_TOTAL] = { "total", "its number of records is wrong", BOX_SENDING,
	    true, 0 },
	[BOX_ENCODING] = { "encoding", "it is said to be UTF-16", BOX_SENDING,
	    true, 0 },
	[BOX_DOCTYPE] = { "doctype", "a document type, and a bomb of entities",
	    BOX_SENDING, true, 0 },
	[BOX_NUMBER] = { "number", "another number stands in its envelope",
	    BOX_SENDING, true, 0 },
	[BOX_REFUSE_DOCUMENT] = { "refuse_document",
	    "it is refused as a whole; taken when it comes again", BOX_TAKING,
	    false, 0 },
	[BOX_REFUSE_LINE] = { "refuse_line", "its first record is refused",
	    BOX_TAKING, false, 0 },
	[BOX_LATE_ANSWER] = { "late_answer",
	    "booked at once, acknowledged when its time is over", BOX_TAKING,
	    true, 3000 },
	[BOX_LOST_ANSWER] = { "lost_answer",
	    "booked, acknowledged only when it comes again", BOX_TAKING, false,
	    0 },
};

const struct box_fault_item *
box_fault_item(enum box_fault fault)
{
	assert(fault != BOX_FAULT_NONE && fault < BOX_FAULT__COUNT);
	return &items[fault];
}

enum box_fault
box_fault_find(struct str name)
{
	for (unsigned i = 1; i < BOX_FAULT__COUNT; i++)
		if (str_eq(name, str_of(items[i].name)))
			return (enum box_fault)i;
	return BOX_FAULT_NONE;
}

bool
box_fault_arm(struct box_faults *x, const struct box_armed *armed)
{
	if (x->len == BOX_ARMED_MAX)
		return false;
	x->armed[x->len++] = *armed;
	return true;
}

/* A wrong number of records cannot be told of what has none. */
static bool
fits(enum box_fault fault, struct str kind)
{
	return fault != BOX_TOTAL || !str_eq(kind, STR("acknowledgement"));
}

static enum box_fault
use(struct box_faults *x, size_t i)
{
	enum box_fault fault = x->armed[i].fault;

	if (--x->armed[i].count > 0)
		return fault;
	x->len--;
	for (; i < x->len; i++)
		x->armed[i] = x->armed[i + 1];
	return fault;
}

static enum box_fault
by_chance(const struct box_faults *x, enum box_side side, struct str kind,
    int64_t number)
{
	enum box_fault some[BOX_FAULT__COUNT];
	const char *what = side == BOX_SENDING ? "sending" : "taking";
	size_t len = 0;

	if (box_chance(x->seed, what, kind, number, 100) >= x->chance_pct)
		return BOX_FAULT_NONE;
	for (unsigned i = 1; i < BOX_FAULT__COUNT; i++)
		if (items[i].by_chance && items[i].side == side &&
		    fits((enum box_fault)i, kind))
			some[len++] = (enum box_fault)i;
	return some[box_chance(
	    x->seed, items[some[0]].name, kind, number, (int64_t)len)];
}

enum box_fault
box_fault_take(struct box_faults *x, enum box_side side, struct str kind,
    int64_t number, int64_t *ms)
{
	enum box_fault fault;

	for (size_t i = 0; i < x->len; i++) {
		const struct box_armed *m = &x->armed[i];

		if (items[m->fault].side != side || !fits(m->fault, kind) ||
		    (m->kind[0] != '\0' && !str_eq(kind, str_of(m->kind))))
			continue;
		*ms = m->ms;
		return use(x, i);
	}
	fault = by_chance(x, side, kind, number);
	*ms = fault == BOX_FAULT_NONE ? 0 : items[fault].ms;
	return fault;
}
