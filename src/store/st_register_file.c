#include "kvitok/store/st_register_file.h"

void
st_register_file_of(const struct db_cell *c, struct register_file *out)
{
	*out = (struct register_file){ .contract = c[0].t,
		.id = c[1].t,
		.digest = c[2].t,
		.name = c[3].t,
		.layout = c[4].t,
		.layout_digest = c[5].t,
		.done = str_eq(c[6].t, STR("done")),
		.actor = c[7].t,
		.from_day = c[8].t,
		.to_day = c[9].t,
		.size = c[10].n,
		.pos = c[11].n,
		.line = c[12].n,
		.repeated = c[14].n,
		.bad = c[15].n,
		.taken = { c[13].n, c[16].n, c[17].n, c[18].n, c[19].n },
		.seen = { c[20].n, c[21].n, c[22].n, c[23].n, c[24].n },
		.declared = { c[25].n, c[26].n, c[27].n, c[28].n, c[29].n },
		.created_at = c[30].n,
		.ended_at = c[31].n };
	for (int i = 0; i < REG_TOTAL__COUNT; i++)
		out->declares[i] = (c[32].n >> i & 1) != 0;
}
