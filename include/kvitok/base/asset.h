/*
 * asset: the files of web/, the accounts of sql/demo/, the schemas of xsd/ and
 * the layouts of conf/layouts/pay/, compiled in.
 *
 * The table is made by tools/embed.sh at build time, sorted by path in byte
 * order; asset_get (tpl.h) looks in it.  Nothing is read at run time, so that
 * a worker never sees half of a release.
 */
#ifndef KVITOK_BASE_ASSET_H
#define KVITOK_BASE_ASSET_H

#include <stddef.h>

struct asset {
	const char
	    *path; /* "static/pay.css", "demo/tgk1.tsv", "xsd/1/in.xsd" */
	const unsigned char *p;
	size_t len;
};

extern const struct asset asset_table[];
extern const size_t asset_table_len;

#endif
