/*
 * exchange: documents of suppliers, whatever carried them (X1, X2).
 *
 * Pure.  A document is one kind of records; each kind says what a later
 * document may build upon.  The rule of waiting (doc/decisions, exchange): a
 * document waits for an earlier one that is not done if it builds upon it;
 * others go on.
 */
#ifndef KVITOK_DOMAIN_EXCHANGE_H
#define KVITOK_DOMAIN_EXCHANGE_H

#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/account.h"
#include "kvitok/domain/appeal.h"
#include "kvitok/domain/statement.h"
#include "kvitok/domain/subscriber.h"
#include "kvitok/domain/supplied.h"

#define EXCHANGE_REFUSED_MAX 1000 /* that an acknowledgement lists */
#define EXCHANGE_DIGEST_LEN 64

enum exchange_kind {
	EXCHANGE_ACCOUNTS,
	EXCHANGE_METERS,
	EXCHANGE_CHARGES,
	EXCHANGE_BALANCES,
	EXCHANGE_ELSEWHERE,
	EXCHANGE_OUTAGES,
	EXCHANGE_CONTRACTS,
	EXCHANGE_ACTS,
	EXCHANGE_ANSWERS,         /* about what payers have asked */
	EXCHANGE_ACK,             /* of a document that we have sent */
	EXCHANGE_READING_ANSWERS, /* about readings that we have sent */
	EXCHANGE_KIND__COUNT      /* also: none that is applied here */
};

enum exchange_state {
	EXCHANGE_APPLYING, /* a part of it is, perhaps */
	EXCHANGE_APPLIED,
	EXCHANGE_ASIDE, /* bad: nothing of it was applied */
	EXCHANGE_HELD,  /* waits for one that is aside, held or applying */
	EXCHANGE_SKIPPED,
	EXCHANGE_STATE__COUNT
};

/* What a document says of itself. */
struct exchange_head {
	struct str portal, supplier, kind, made_at;
	struct str month;               /* of charges */
	struct str as_of_day;           /* of balances */
	struct str paid_to_day;         /* of charges: counted up to this day */
	int64_t number, said, said_kop; /* records, and their sum */
	/* acknowledgement: of which number of ours, and what is said of it */
	int64_t of_number, of_count, of_kop, of_refused;
	bool of_applied; /* else it is refused as a whole */
};

/* A record; what its kind does not have is empty. */
struct exchange_record {
	int64_t n;          /* from 1 */
	int64_t sum_kop;    /* what its control total adds up */
	struct str account; /* as the supplier writes it */
	struct str akey, folded;
	struct str service, id, day;
	struct str owner, address;  /* accounts */
	struct subscriber people;   /* accounts */
	struct account_meter meter; /* meters */
	bool closed;                /* meters: it is no more */
	struct charge charge;       /* charges, without month and service */
	int64_t opening_kop, closing_kop;
	struct str place;     /* payments elsewhere */
	struct outage outage; /* without service */
	struct agreement contract;
	struct act act;
	struct appeal_answer answer;
	/* Answers: to which record of ours (0: why all of it is refused), the
	 * supplier's words, whether a reading is accepted. */
	int64_t of_record;
	struct str words;
	bool accepted;
	const char *refused; /* id of reason.def; NULL: not refused */
};

/* Gives: the kind of a name; EXCHANGE_KIND__COUNT when it is none of them. */
enum exchange_kind exchange_kind_of(struct str name);
/* Is it about what we have sent?  Such records name no account. */
bool exchange_is_answer(enum exchange_kind k);
/* Gives: the name of its records' element; "" of none. */
const char *exchange_element(struct str kind);
const char *exchange_state_name(enum exchange_state s);
/* Gives: EXCHANGE_STATE__COUNT when it is none. */
enum exchange_state exchange_state_of(struct str name);

/*
 * Does a document build upon an earlier one?  A kind that is not known may be
 * anything.
 */
bool exchange_builds_upon(struct str later, struct str earlier);

/* Does a record of the kind name an account?  And a service? */
bool exchange_names_account(enum exchange_kind kind);
bool exchange_names_service(enum exchange_kind kind);

/*
 * Judge a record for itself, before the tables are asked; folded and akey are
 * not looked at.  What it draws from the record is put there, in a.
 * Gives: the reason for which it is refused, or NULL.
 */
const char *exchange_judge(
    struct arena *a, enum exchange_kind kind, struct exchange_record *r);

#endif
