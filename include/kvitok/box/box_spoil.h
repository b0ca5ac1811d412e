/*
 * box_spoil: a document of the supplier, made wrong.
 */
#ifndef KVITOK_BOX_BOX_SPOIL_H
#define KVITOK_BOX_BOX_SPOIL_H

#include "kvitok/base/buf.h"
#include "kvitok/box/box_fault.h"

#include <stdbool.h>

/*
 * Append the first part of a document, spoiled as the fault says; what has
 * nothing to do with its text stays as it is.
 * Gives: true when no other part comes after it.
 */
bool box_spoil(enum box_fault fault, struct str part, struct buf *out);

#endif
