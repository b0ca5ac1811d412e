/*
 * appeal_file: files that payers attach to what they ask of suppliers.
 *
 * Pure.  What a file is, is told by its bytes; what its name says counts for
 * nothing, and is made fit for any disk.
 */
#ifndef KVITOK_DOMAIN_APPEAL_FILE_H
#define KVITOK_DOMAIN_APPEAL_FILE_H

#include "kvitok/base/buf.h"
#include "kvitok/base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define APPEAL_FILES_MAX 10 /* of an appeal, by the schema (xsd/1) */
/*
 * Bytes of one file, and of all those of an appeal: base64 of so many, and the
 * appeal's own words, are a record of at most 8 MB, which is as much as
 * whoever reads the exchange has to take (doc/exchange).
 */
#define APPEAL_FILE_MAX (INT64_C(5) << 20)
#define APPEAL_FILE_NAME_MAX 160         /* characters, by the schema */
#define APPEAL_FILE_PART ((size_t)49152) /* bytes kept together: of threes */
#define APPEAL_FILE_LIFE_MS INT64_C(86400000) /* without an appeal */

enum appeal_media { APPEAL_PDF, APPEAL_JPEG, APPEAL_PNG, APPEAL_MEDIA__COUNT };

struct appeal_file {
	struct str id, portal, payer, name;
	struct str appeal; /* empty: brought, and not asked with yet */
	int64_t n;         /* in the appeal, from 1; 0: as appeal */
	enum appeal_media media;
	int64_t size, parts;
	struct str sha256;
	struct str key_id, ikey; /* the front-end's */
	int64_t created_at;
};

/* Gives: the word of API and exchange: application/pdf, ... */
const char *appeal_media_name(enum appeal_media m);
/* Gives: APPEAL_MEDIA__COUNT when it is none. */
enum appeal_media appeal_media_of(struct str name);
/* Gives: what the first bytes say; APPEAL_MEDIA__COUNT: nothing that we take.
 */
enum appeal_media appeal_media_judge(struct str bytes);
/*
 * Append a name for the file: without folders, controls, and what turns
 * writing round; without what a disk does not take; of at most
 * APPEAL_FILE_NAME_MAX characters; with an ending that tells what it is.
 */
void appeal_file_name(struct str given, enum appeal_media m, struct buf *out);
/* Gives: how many parts a file of so many bytes has. */
int64_t appeal_file_parts(int64_t size);

#endif
