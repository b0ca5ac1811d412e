/*
 * fault: what went wrong, as a class, a reason and a detail.
 *
 * The class alone decides what a caller does.  The reason is an id of
 * reason.def, which holds the HTTP status and the payer's words; words may
 * name arguments in braces, set here with fault_arg.  The detail is for the
 * log, in English, and holds no secrets and no personal data.
 * Whoever sees the failure calls fault_set once; callers may add context
 * with fault_wrap; only the top layer logs, once.
 */
#ifndef KVITOK_BASE_FAULT_H
#define KVITOK_BASE_FAULT_H

#include "kvitok/base/attr.h"
#include "kvitok/base/buf.h"

#include <stdbool.h>

enum err {
	ERR_OK,
	ERR_INVALID,  /* the input is not understood */
	ERR_DENIED,   /* who asks has no right to it */
	ERR_ABSENT,   /* it is not there */
	ERR_CONFLICT, /* its state does not allow it */
	ERR_LIMIT,    /* understood, and refused by a rule */
	ERR_AGAIN,    /* nothing was done; the same call may go through later */
	ERR_UNSURE,   /* the other side may have done it: ask, never redo */
	ERR_BUG,      /* ours */
	ERR__COUNT
};

#define FAULT_DETAIL_MAX 256
#define FAULT_FIELDS_MAX 16
#define FAULT_ARGS_MAX 4

/* One wrong member of the input: what people and programs are told. */
struct fault_field {
	char pointer[96];   /* JSON pointer (RFC 6901) or name of a parameter */
	const char *reason; /* id of reason.def */
};

struct fault_arg {
	const char *name; /* literal */
	char value[128];
};

struct fault {
	enum err err;
	const char *reason; /* literal, id of reason.def */
	char detail[FAULT_DETAIL_MAX];
	struct fault_arg args[FAULT_ARGS_MAX];
	size_t args_len;
	struct fault_field fields[FAULT_FIELDS_MAX];
	size_t fields_len;
	int retry_after_s; /* 0: not said */
};

/* Ready for use; leaves the big arrays as they are. */
void fault_init(struct fault *f);

/*
 * Say what went wrong; a fault that was set before is replaced, its fields
 * and arguments are dropped.
 * Gives: err, so that a function can end in "return fault_set(...)".
 */
enum err fault_set(struct fault *f, enum err err, const char *reason,
    const char *fmt, ...) KV_PRINTF(4, 5);
#ifdef __clang_analyzer__
/* It gives what it is given: clang's analyzer does not see that by itself. */
#define fault_set(f, err, ...) ((void)fault_set((f), (err), __VA_ARGS__), (err))
#endif
/* Put context before the detail: "context: detail".  Gives: f->err. */
enum err fault_wrap(struct fault *f, const char *fmt, ...) KV_PRINTF(2, 3);
/* Set a word that the payer's text names in braces; cut at a character. */
void fault_arg(struct fault *f, const char *name, struct str value);
/* The same with a sum in roubles: "14000", "9,99" (decimals only if any). */
void fault_arg_kop(struct fault *f, const char *name, int64_t kop);
/*
 * Note a wrong member; the first one sets err (ERR_INVALID or as given by a
 * former fault_set) and reason "input_invalid" when nothing was set yet.
 */
void fault_field(struct fault *f, const char *pointer, const char *reason);

/* Gives: HTTP status of a reason; 500 for one that is not in the table. */
int reason_status(const char *reason);
/* Gives: the Russian words of a reason with its braces still in. */
const char *reason_words(const char *reason);
bool reason_known(const char *reason);
/* Append the payer's words of f with its arguments put in (plain text). */
void fault_words(const struct fault *f, struct buf *b);
/* The same for one reason with f's arguments. */
void fault_words_of(const struct fault *f, const char *reason, struct buf *b);
/* Gives: "INVALID", "LIMIT", ...; for logs. */
const char *err_name(enum err err);

#endif
