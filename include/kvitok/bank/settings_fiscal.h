/*
 * settings_fiscal: receipts through the acquirer, as [contract NAME] has them.
 */
#ifndef KVITOK_BANK_SETTINGS_FISCAL_H
#define KVITOK_BANK_SETTINGS_FISCAL_H

#include "kvitok/bank/contract.h"
#include "kvitok/base/conf.h"

/*
 * Read what a contract of Sberbank says of receipts into c.
 * Gives: c's fields, texts in a; *bad is set and words are appended to report
 * when something is wrong.
 */
void settings_fiscal(struct arena *a, const struct conf *conf,
    const char *section, struct contract *c, struct buf *report, bool *bad);

#endif
