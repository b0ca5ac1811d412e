/*
 * st_register_file: a row of register_file as it is read.
 */
#ifndef KVITOK_STORE_ST_REGISTER_FILE_H
#define KVITOK_STORE_ST_REGISTER_FILE_H

#include "kvitok/port/register_store.h"
#include "kvitok/store/db.h"

/* Of register_file_find, _get and _list. */
#define ST_REGISTER_FILE_SHAPE                                                 \
	"tttttttttt"                                                           \
	"iiiiiiiiiiiiiiiiiiiiii"                                               \
	"i"

/* Gives: *out, texts as long as c. */
void st_register_file_of(const struct db_cell *c, struct register_file *out);

#endif
