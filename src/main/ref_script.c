#include "ref_script.h"

#include "kvitok/base/buf.h"
#include "kvitok/base/utf8.h"

#define WORD_MAX 32

/* The script on its way. */
struct scan {
	struct arena *a;
	struct fault *f;
	struct str rest;
	int line;
	struct buf text; /* of the statement in hand */
	int begun;       /* its line; 0: nothing but space so far */
	bool quoted;
	char word[WORD_MAX]; /* upper case, NUL-terminated */
	size_t word_len;
	size_t words;
	char verb[WORD_MAX];
	struct ref_statement *list;
	size_t len;
};

static enum err
refuse(const struct scan *s, const char *why)
{
	return fault_set(s->f, ERR_INVALID, "statement_refused", "line %d: %s",
	    s->line, why);
}

static bool
one_of(const char *word, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(word, *list) == 0)
			return true;
	return false;
}

static bool
in_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_';
}

/* Words 1 and 2 make the verb, and say at which word the table stands. */
static enum err
judge(struct scan *s)
{
	static const char *const tables[] = { "PORTAL", "PORTAL_HOST",
		"SUPPLIER", "SERVICE", "FEE_RULE", "LIMIT_RULE",
		"BANK_CONTRACT", "OWN_ACCOUNT", "BANK_OFFER", "EXEMPT_KIND",
		"EXEMPT_RULE", "METER_RULE", "VAT_RULE", "VAT_OF_FEE",
		"FISCAL_AGENT", "ROUTE", "SUPPLIER_CONTRACT", "REGISTER_TERMS",
		"DUE_RULE", "DAY_OFF", "PENALTY_RATE", "PENALTY_CAP",
		"PENALTY_STEP", "PENALTY_RULE", "BILL_RULE", NULL };
	static const char *const barred[] = { "SELECT", "WITH", "RETURNING",
		"TABLE", "FROM", "USING", "JOIN", NULL };
	static const char *const verbs[] = { "INSERT", "UPDATE", "DELETE",
		NULL };
	size_t table = strcmp(s->verb, "UPDATE") == 0 ? 2 : 3;

	if (s->words == 1) {
		memcpy(s->verb, s->word, WORD_MAX);
		if (!one_of(s->word, verbs))
			return refuse(s, "INSERT, UPDATE or DELETE wanted");
	} else if (s->words < table) {
		if (strcmp(s->word,
			strcmp(s->verb, "INSERT") == 0 ? "INTO" : "FROM") != 0)
			return refuse(s, "INSERT INTO or DELETE FROM wanted");
	} else if (s->words == table) {
		if (!one_of(s->word, tables))
			return refuse(s, "not a table of reference data");
	} else if (one_of(s->word, barred)) {
		return refuse(s, "reads other rows");
	}
	return ERR_OK;
}

/* A word has ended. */
static enum err
close_word(struct scan *s)
{
	if (s->word_len == 0)
		return ERR_OK;
	s->word[s->word_len] = '\0';
	s->word_len = 0;
	s->words++;
	return judge(s);
}

static enum err
add_letter(struct scan *s, char c)
{
	if (s->word_len + 1 == WORD_MAX)
		return refuse(s, "a word is too long");
	s->word[s->word_len++] =
	    (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
	return ERR_OK;
}

static enum err
close_statement(struct scan *s)
{
	if (s->begun == 0)
		return refuse(s, "an empty statement");
	if (s->words < 4)
		return refuse(s, "the statement is not whole");
	if (s->len == REF_STATEMENTS_MAX)
		return refuse(s, "too many statements");
	s->list[s->len++] =
	    (struct ref_statement){ arena_z(s->a, buf_str(&s->text)),
		    s->begun };
	buf_init(&s->text, s->a, REF_SCRIPT_MAX);
	s->begun = 0;
	s->words = 0;
	s->verb[0] = '\0';
	return ERR_OK;
}

/* What the two databases read differently, or what hides a statement. */
static const char *
odd(const struct scan *s, char c)
{
	switch (c) {
	case '"':
	case '`':
	case '[':
		return "quoted names are not taken";
	case '$':
	case '\\':
	case '?':
	case '@':
	case '#':
		return "a sign that is not taken";
	case '/':
		return s->rest.len > 1 && s->rest.p[1] == '*'
		    ? "only comments with two dashes are taken"
		    : NULL;
	default:
		return NULL;
	}
}

static void
skip_comment(struct scan *s)
{
	while (s->rest.len > 0 && s->rest.p[0] != '\n') {
		s->rest.p++;
		s->rest.len--;
	}
}

/* A sign outside of quotes; it has been looked at, not taken. */
static enum err
plain(struct scan *s, char c)
{
	const char *why = odd(s, c);
	enum err rc;

	if (why != NULL)
		return refuse(s, why);
	if (in_word(c))
		return add_letter(s, c);
	/* E'...' and U&'...' have escapes of their own. */
	if (c == '\'' &&
	    (s->word_len > 0 || str_ends(buf_str(&s->text), STR("&"))))
		return refuse(s, "a literal with a prefix is not taken");
	if ((rc = close_word(s)) != ERR_OK)
		return rc;
	s->quoted = c == '\'';
	return c == ';' ? close_statement(s) : ERR_OK;
}

static enum err
step(struct scan *s)
{
	char c = s->rest.p[0];
	enum err rc = ERR_OK;

	if (!s->quoted && str_starts(s->rest, STR("--"))) {
		skip_comment(s);
		return close_word(s);
	}
	if (s->quoted) {
		if (c == '\\')
			return refuse(s, "no backslash in a literal");
		s->quoted = c != '\'';
	} else {
		rc = plain(s, c);
	}
	if (c == '\n')
		s->line++;
	if (s->begun == 0 && c != ';' && c != '\n' && c != ' ' && c != '\t')
		s->begun = s->line;
	if (s->begun != 0)
		buf_char(&s->text, c);
	s->rest.p++;
	s->rest.len--;
	return rc;
}

enum err
ref_script(struct arena *a, struct str text, const struct ref_statement **out,
    size_t *len, struct fault *f)
{
	struct scan s = { .a = a, .f = f, .rest = text, .line = 1 };
	enum err rc = ERR_OK;

	if (text.len > REF_SCRIPT_MAX || !utf8_text(text))
		return refuse(&s, "not UTF-8 text of at most 1 MiB");
	s.list = ARENA_ARRAY(a, REF_STATEMENTS_MAX, struct ref_statement);
	buf_init(&s.text, a, REF_SCRIPT_MAX);
	while (rc == ERR_OK && s.rest.len > 0)
		rc = step(&s);
	if (rc == ERR_OK && s.begun != 0)
		rc = refuse(&s, "the last statement has no \";\"");
	if (rc == ERR_OK && s.len == 0)
		rc = refuse(&s, "no statement");
	*out = s.list;
	*len = s.len;
	return rc;
}
