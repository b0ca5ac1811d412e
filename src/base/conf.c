#include "kvitok/base/conf.h"
#include "kvitok/base/conf_type.h"
#include "kvitok/base/num.h"
#include "kvitok/base/secret.h"
#include "kvitok/base/utf8.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX ((size_t)262144)
#define LINE_MAX_BYTES 4096
/* inih cuts longer names without a word. */
#define NAME_MAX_BYTES 49

struct section {
	const char *name;
	int line;
	struct section *next;
};

struct value {
	const char *section, *key;
	struct str text;
	int line;
	struct value *next;
};

struct conf {
	struct arena *a;
	const char *file;
	const struct conf_key *keys;
	size_t keys_len;
	struct section *sections, **sections_end; /* in order of appearance */
	struct value *values, **values_end;
};

/* The file on its way through inih, which does not tell line numbers. */
struct reading {
	struct conf *c;
	struct buf *report;
	struct str rest;
	int line;
	bool headers; /* one was seen */
	bool pending; /* this line holds a key that inih has not passed on */
};

KV_PRINTF(4, 5)
static void
complain(
    const struct conf *c, struct buf *report, int line, const char *fmt, ...)
{
	char words[512];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(words, sizeof(words), fmt, ap); /* for people */
	va_end(ap);
	buf_fmt(report, "%s:%d: ", c->file, line);
	buf_text(report, str_of(words));
	buf_char(report, '\n');
}

/* "contract *" matches "contract NAME". */
static bool
section_matches(const char *pattern, const char *name)
{
	struct str p = str_of(pattern), n = str_of(name);

	if (!str_ends(p, STR(" *")))
		return str_eq(p, n);
	p.len--;
	return str_starts(n, p) && n.len > p.len;
}

static const struct conf_key *
key_find(const struct conf *c, const char *section, const char *key)
{
	for (size_t i = 0; i < c->keys_len; i++)
		if (strcmp(c->keys[i].key, key) == 0 &&
		    section_matches(c->keys[i].section, section))
			return &c->keys[i];
	return NULL;
}

static bool
section_declared(const struct conf *c, const char *section)
{
	for (size_t i = 0; i < c->keys_len; i++)
		if (section_matches(c->keys[i].section, section))
			return true;
	return false;
}

static const struct section *
section_find(const struct conf *c, const char *name)
{
	for (const struct section *s = c->sections; s != NULL; s = s->next)
		if (strcmp(s->name, name) == 0)
			return s;
	return NULL;
}

static const struct value *
value_find(const struct conf *c, const char *section, const char *key)
{
	for (const struct value *v = c->values; v != NULL; v = v->next)
		if (strcmp(v->key, key) == 0 &&
		    strcmp(v->section, section) == 0)
			return v;
	return NULL;
}

/* Gives: the section's name, or NULL when the header is not understood. */
static const char *
section_of_header(struct reading *r, struct str line)
{
	struct str name;

	if (!str_ends(line, STR("]")) || line.len < 3 ||
	    str_find(line, STR("]")) != line.len - 1) {
		complain(r->c, r->report, r->line,
		    "a section is written [name], and nothing after it");
		return NULL;
	}
	name = (struct str){ line.p + 1, line.len - 2 };
	if (name.len > NAME_MAX_BYTES) {
		complain(r->c, r->report, r->line,
		    "the section's name is above %d bytes", NAME_MAX_BYTES);
		return NULL;
	}
	return arena_z(r->c->a, name);
}

/* Keys of a section that is complained of here are not looked at. */
static bool
note_section(struct reading *r, struct str line)
{
	struct conf *c = r->c;
	const char *name = section_of_header(r, line);
	const struct section *before;
	struct section *s;

	if (name == NULL)
		return false;
	if (!section_declared(c, name)) {
		complain(c, r->report, r->line, "[%s] is not a section", name);
		return false;
	}
	if ((before = section_find(c, name)) != NULL) {
		complain(c, r->report, r->line,
		    "[%s] stands in line %d already", name, before->line);
		return false;
	}
	s = ARENA_NEW(c->a, struct section);
	*s = (struct section){ .name = name, .line = r->line };
	*c->sections_end = s;
	c->sections_end = &s->next;
	return true;
}

static bool
has_comment_inside(struct str line)
{
	for (size_t i = 1; i < line.len; i++)
		if (line.p[i] == ';' &&
		    (line.p[i - 1] == ' ' || line.p[i - 1] == '\t'))
			return true;
	return false;
}

/* Gives: the line as inih is to see it; empty when it was complained of. */
static struct str
look_at_line(struct reading *r, struct str line, size_t max)
{
	if (r->line == 1 && str_starts(line, STR("\xEF\xBB\xBF")))
		line = (struct str){ line.p + 3, line.len - 3 };
	line = str_trim(line);
	if (line.len == 0 || line.p[0] == ';' || line.p[0] == '#')
		return STR_NONE;
	if (line.len > max) {
		complain(r->c, r->report, r->line,
		    "the line is above %zu bytes", max);
		return STR_NONE;
	}
	if (!utf8_text(line)) {
		complain(r->c, r->report, r->line,
		    "not UTF-8, or control characters");
		return STR_NONE;
	}
	if (line.p[0] == '[') {
		r->headers = true;
		return note_section(r, line) ? line : STR("[]");
	}
	if (has_comment_inside(line)) {
		/* inih would end the value here, without a word. */
		complain(r->c, r->report, r->line,
		    "a comment needs a line of its own");
		return STR_NONE;
	}
	r->pending = true;
	return line;
}

static void
end_of_line(struct reading *r)
{
	if (r->pending)
		complain(r->c, r->report, r->line, "expected: key = value");
	r->pending = false;
}

/* An ini_reader.  Lines come trimmed: inih takes indented ones for the
 * continuation of a value. */
static char *
next_line(char *out, int size, void *stream)
{
	struct reading *r = stream;
	struct str line;

	end_of_line(r);
	if (r->rest.len == 0)
		return NULL;
	r->line++;
	(void)str_cut(&r->rest, '\n', &line); /* the last may lack it */
	line = look_at_line(r, line, (size_t)size - 2);
	if (line.len > 0)
		memcpy(out, line.p, line.len);
	out[line.len] = '\n';
	out[line.len + 1] = '\0';
	return out;
}

/* An ini_handler. */
static int
take_key(void *user, const char *section, const char *key, const char *text)
{
	struct reading *r = user;
	struct conf *c = r->c;
	const struct value *before;
	struct value *v;

	r->pending = false;
	if (section[0] == '\0') {
		/* "[]" stands for a header that was complained of. */
		if (!r->headers)
			complain(c, r->report, r->line,
			    "%.60s stands in no section", key);
		return 1;
	}
	if (key_find(c, section, key) == NULL) {
		complain(c, r->report, r->line, "[%s] has no key %.60s",
		    section, key);
		return 1;
	}
	if ((before = value_find(c, section, key)) != NULL) {
		complain(c, r->report, r->line,
		    "[%s] %s stands in line %d already", section, key,
		    before->line);
		return 1;
	}
	v = ARENA_NEW(c->a, struct value);
	*v = (struct value){ .line = r->line };
	v->section = arena_z(c->a, str_of(section));
	v->key = arena_z(c->a, str_of(key));
	v->text = arena_str(c->a, str_of(text));
	*c->values_end = v;
	c->values_end = &v->next;
	return 1;
}

static struct str
effective(const struct conf *c, const struct conf_key *k, const char *section)
{
	const struct value *v = value_find(c, section, k->key);

	return v != NULL ? v->text : str_of(k->fallback);
}

/* Gives: the line of a key, else of its section, else the first. */
static int
line_of(const struct conf *c, const char *section, const char *key)
{
	const struct value *v = value_find(c, section, key);
	const struct section *s;

	if (v != NULL)
		return v->line;
	s = section_find(c, section);
	return s != NULL ? s->line : 1;
}

/*
 * Where the file of a secret lies.  A path that does not begin with / stands
 * beside kvitok.conf; a service of systemd has a copy that it alone may read,
 * in the folder $CREDENTIALS_DIRECTORY, with _ for each / of the path.
 */
static struct str
secret_place(struct arena *a, const struct conf *c, struct str path)
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY");
	const char *slash = strrchr(c->file, '/');
	size_t dir_len;
	char *p;

	if (path.len == 0 || path.p[0] == '/')
		return path;
	if (dir == NULL || dir[0] != '/')
		return arena_fmt(a, "%.*s%s",
		    slash != NULL ? (int)(slash - c->file + 1) : 0, c->file,
		    path.p);
	dir_len = strlen(dir) + 1;
	p = arena_alloc(a, dir_len + path.len + 1);
	memcpy(p, dir, dir_len - 1);
	p[dir_len - 1] = '/';
	for (size_t i = 0; i < path.len; i++)
		p[dir_len + i] = path.p[i] == '/' ? '_' : path.p[i];
	p[dir_len + path.len] = '\0';
	return (struct str){ p, dir_len + path.len };
}

static void
check_key(const struct conf *c, const struct conf_key *k, const char *section,
    struct buf *report)
{
	const char *words = "must be set";
	struct str text;

	if (k->fallback != NULL || value_find(c, section, k->key) != NULL) {
		text = effective(c, k, section);
		if (k->type == CONF_SECRET)
			text = secret_place(c->a, c, text);
		words = conf_type_check(c->a, k, text);
	}
	if (words != NULL)
		conf_complain(c, section, k->key, report, words);
}

static void
check_all(const struct conf *c, struct buf *report)
{
	for (size_t i = 0; i < c->keys_len; i++) {
		const struct conf_key *k = &c->keys[i];

		if (!str_ends(str_of(k->section), STR(" *"))) {
			check_key(c, k, k->section, report);
			continue;
		}
		for (const struct section *s = c->sections; s != NULL;
		     s = s->next)
			if (section_matches(k->section, s->name))
				check_key(c, k, s->name, report);
	}
}

/* Gives: false with errno set when the file cannot be read. */
static bool
read_file(struct arena *a, const char *path, struct str *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char *p = arena_alloc(a, FILE_MAX + 1);
	size_t len = 0;
	ssize_t n = 1;

	if (fd < 0)
		return false;
	while (n > 0 && len <= FILE_MAX) {
		n = read(fd, p + len, FILE_MAX + 1 - len);
		if (n > 0)
			len += (size_t)n;
	}
	if (n > 0)
		errno = EFBIG;
	(void)close(fd); /* nothing was written */
	*out = (struct str){ p, len };
	return n == 0;
}

static void
read_keys(struct conf *c, struct str text, struct buf *report)
{
	struct reading r = { .c = c, .report = report, .rest = text };
	int max = ini_max_line;

	/* A setting of the library that is a variable: left as found.  What
	 * inih itself complains of was found by next_line. */
	ini_max_line = LINE_MAX_BYTES;
	(void)ini_parse_stream(next_line, &r, take_key, &r);
	ini_max_line = max;
	end_of_line(&r);
}

enum err
conf_load(struct arena *a, const char *path, const struct conf_key *keys,
    size_t keys_len, struct conf **out, struct buf *report, struct fault *f)
{
	struct conf *c = ARENA_NEW(a, struct conf);
	size_t before = report->len;
	struct str text;

	*c = (struct conf){ .a = a, .keys = keys, .keys_len = keys_len };
	c->file = arena_z(a, str_of(path));
	c->sections_end = &c->sections;
	c->values_end = &c->values;
	if (!read_file(a, path, &text)) {
		complain(c, report, 1, "cannot be read: %s",
		    errno == EFBIG        ? "above 256 KiB"
			: errno == ENOENT ? "it is not there"
					  : "no right to, or no file");
	} else {
		read_keys(c, text, report);
		check_all(c, report);
	}
	if (report->len > before || report->full)
		return fault_set(
		    f, ERR_INVALID, "conf_bad", "%s: see the report", path);
	*out = c;
	return ERR_OK;
}

static const struct conf_key *
key_of(const struct conf *c, const char *section, const char *key)
{
	const struct conf_key *k = key_find(c, section, key);

	assert(k != NULL);
	return k;
}

struct str
conf_text(const struct conf *c, const char *section, const char *key)
{
	return effective(c, key_of(c, section, key), section);
}

int64_t
conf_int(const struct conf *c, const char *section, const char *key)
{
	const struct conf_key *k = key_of(c, section, key);
	int64_t n = 0;
	struct str s = effective(c, k, section);
	bool ok = num_parse(s, k->min, k->max, &n);

	assert(ok || s.len == 0); /* conf_load has looked */
	return n;
}

bool
conf_yes(const struct conf *c, const char *section, const char *key)
{
	return str_eq(conf_text(c, section, key), STR("yes"));
}

size_t
conf_choice(const struct conf *c, const char *section, const char *key)
{
	const struct conf_key *k = key_of(c, section, key);
	int i = conf_type_choice(k->choices, effective(c, k, section));

	assert(i >= 0);
	return (size_t)i;
}

size_t
conf_list(struct arena *a, const struct conf *c, const char *section,
    const char *key, struct str **out)
{
	struct str rest = conf_text(c, section, key);
	size_t n = 0;
	bool more = rest.len > 0;

	*out = ARENA_ARRAY(a, rest.len + 1, struct str);
	while (more)
		more = conf_type_item(&rest, &(*out)[n++], ',');
	return n;
}

enum err
conf_secret(struct arena *a, const struct conf *c, const char *section,
    const char *key, struct str *out, struct fault *f)
{
	struct str path = secret_place(a, c, conf_text(c, section, key));

	if (path.len == 0) {
		*out = STR_NONE;
		return ERR_OK;
	}
	return secret_file(a, path.p, out, f);
}

/* Gives: the name after "kind " when s is such a section, else empty. */
static struct str
name_after(const char *kind, const char *section)
{
	struct str k = str_of(kind), s = str_of(section);

	if (!str_starts(s, k) || s.len <= k.len + 1 || s.p[k.len] != ' ')
		return STR_NONE;
	return (struct str){ s.p + k.len + 1, s.len - k.len - 1 };
}

size_t
conf_names(
    struct arena *a, const struct conf *c, const char *kind, struct str **out)
{
	size_t n = 0;

	for (const struct section *s = c->sections; s != NULL; s = s->next)
		n += name_after(kind, s->name).len > 0;
	*out = ARENA_ARRAY(a, n, struct str);
	n = 0;
	for (const struct section *s = c->sections; s != NULL; s = s->next) {
		struct str name = name_after(kind, s->name);

		if (name.len > 0)
			(*out)[n++] = name;
	}
	return n;
}

const char *
conf_section(struct arena *a, const char *kind, struct str name)
{
	return arena_fmt(a, "%s %.*s", kind, STR_ARG(name)).p;
}

void
conf_complain(const struct conf *c, const char *section, const char *key,
    struct buf *report, const char *words)
{
	complain(c, report, line_of(c, section, key), "[%s] %s: %s", section,
	    key, words);
}
