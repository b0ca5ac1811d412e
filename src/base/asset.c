#include "kvitok/base/asset.h"
#include "kvitok/base/tpl.h"

struct bytes
asset_get(struct str path)
{
	size_t lo = 0, hi = asset_table_len;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct asset *e = &asset_table[mid];
		int way = str_cmp(path, str_of(e->path));

		if (way == 0)
			return (struct bytes){ e->p, e->len };
		if (way < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return (struct bytes){ NULL, 0 };
}
