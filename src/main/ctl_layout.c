#include "ctl.h"

#include "file_source.h"

#include "kvitok/base/secret.h"
#include "kvitok/domain/reg_layout.h"

static enum err
read_whole(struct ctl *c, struct str path, struct str *out)
{
	struct source src;
	char *text = arena_alloc(c->a, REG_LAYOUT_MAX + 1);
	size_t len = 0, got = 1;
	enum err rc = file_source_open(c->a, path, &src, &c->f);

	while (rc == ERR_OK && got > 0 && len <= REG_LAYOUT_MAX) {
		rc = src.read(src.self, (int64_t)len, text + len,
		    REG_LAYOUT_MAX + 1 - len, &got, &c->f);
		len += got;
	}
	if (rc == ERR_OK && len > REG_LAYOUT_MAX)
		rc = fault_set(&c->f, ERR_INVALID, "layout_bad",
		    "%.*s: more than %d bytes", STR_ARG(path), REG_LAYOUT_MAX);
	*out = (struct str){ text, rc == ERR_OK ? len : 0 };
	return rc;
}

struct layout_putting {
	const struct ports *p;
	struct register_layout l;
};

static enum err
put_body(void *arg, struct fault *f)
{
	const struct layout_putting *x = arg;

	return x->p->registers.layout_put(x->p->registers.self, &x->l, f);
}

enum err
ctl_layout_apply(struct ctl *c)
{
	struct layout_putting x = { .p = c->p };
	struct reg_layout layout;
	struct str text;
	char digest[65];
	enum err rc = read_whole(c, c->words[0], &text);

	if (rc == ERR_OK)
		rc = reg_layout_read(c->a, text, &layout, &c->f);
	if (rc != ERR_OK)
		return rc;
	secret_sha256_hex(text, digest);
	x.l = (struct register_layout){ layout.layout, text, str_of(digest),
		c->p->clock.now(c->p->clock.self) };
	c->note->object = layout.layout;
	c->note->detail = arena_fmt(c->a, "SHA-256 %s", digest);
	rc = c->p->tx.run(c->p->tx.self, "layout_apply", put_body, &x, &c->f);
	if (rc == ERR_OK)
		ctl_say(&c->out, "layout ", layout.layout);
	if (rc == ERR_OK)
		buf_lit(&c->out, " applied\n");
	return rc;
}

enum err
ctl_layout_list(struct ctl *c)
{
	const struct register_layout *v;
	size_t len = 0;
	enum err rc = c->p->registers.layouts(
	    c->p->registers.self, c->a, STR(""), &v, &len, &c->f);

	for (size_t i = 0; rc == ERR_OK && i < len; i++) {
		ctl_time(&c->out, v[i].applied_at);
		buf_lit(&c->out, "  ");
		ctl_say(&c->out, "", v[i].layout);
		buf_lit(&c->out, "\n");
	}
	return rc;
}

enum err
ctl_layout_show(struct ctl *c)
{
	const struct register_layout *v;
	size_t len = 0;
	enum err rc = c->p->registers.layouts(
	    c->p->registers.self, c->a, c->words[0], &v, &len, &c->f);

	if (rc == ERR_OK && len == 0)
		return fault_set(&c->f, ERR_ABSENT, "layout_unknown", "%.*s",
		    STR_ARG(c->words[0]));
	/* It was read before it was kept: it steers no terminal. */
	if (rc == ERR_OK)
		buf_text(&c->out, v[0].body);
	return rc;
}
