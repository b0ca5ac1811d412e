#include "kvitok/domain/requisite.h"

#include <stddef.h>

#define ACCOUNT_LEN 20
#define BIC_LEN 9
#define CURRENCY_AT 5 /* the place that may hold a letter */

static bool
digits(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return true;
}

/* Gives: the control digit of the first n digits. */
static int
inn_control(struct str inn, size_t n)
{
	/* The weights of shorter numbers are the end of these. */
	static const int weights[] = { 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8 };
	const int *w = weights + sizeof(weights) / sizeof(*weights) - n;
	int sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += w[i] * (inn.p[i] - '0');
	return sum % 11 % 10;
}

bool
requisite_inn_ok(struct str inn)
{
	if (!digits(inn))
		return false;
	if (inn.len == 10)
		return inn_control(inn, 9) == inn.p[9] - '0';
	return inn.len == 12 && inn_control(inn, 10) == inn.p[10] - '0' &&
	    inn_control(inn, 11) == inn.p[11] - '0';
}

/* Gives: the digit at place i, a letter's for a clearing currency; -1. */
static int
account_digit(struct str account, size_t i)
{
	static const char letters[] = "ABCEHKMPTX";
	char c = account.p[i];

	if (c >= '0' && c <= '9')
		return c - '0';
	for (int n = 0; i == CURRENCY_AT && letters[n] != '\0'; n++)
		if (letters[n] == c)
			return n;
	return -1;
}

static bool
key_ok(const int prefix[3], struct str account)
{
	static const int weights[] = { 7, 1, 3 };
	int sum = 0;

	for (size_t i = 0; i < 3; i++)
		sum += weights[i] * prefix[i] % 10;
	for (size_t i = 0; i < ACCOUNT_LEN; i++) {
		int d = account_digit(account, i);

		if (d < 0)
			return false;
		sum += weights[i % 3] * d % 10;
	}
	return sum % 10 == 0;
}

static bool
shapes_ok(struct str account, struct str bic)
{
	return account.len == ACCOUNT_LEN && bic.len == BIC_LEN && digits(bic);
}

bool
requisite_account_ok(struct str account, struct str bic)
{
	if (!shapes_ok(account, bic))
		return false;
	return key_ok(
	    (const int[]){ bic.p[6] - '0', bic.p[7] - '0', bic.p[8] - '0' },
	    account);
}

bool
requisite_correspondent_ok(struct str account, struct str bic)
{
	if (!shapes_ok(account, bic))
		return false;
	return key_ok(
	    (const int[]){ 0, bic.p[4] - '0', bic.p[5] - '0' }, account);
}
