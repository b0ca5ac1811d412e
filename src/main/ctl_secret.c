#include "ctl_secret.h"

#include "kvitok/base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define LINE_MAX_LEN 1024
#define GROUPS ((size_t)4)
#define GROUP ((size_t)4)

/* Gives: the first line of fd, without its end. */
static enum err
read_line(struct ctl *c, int fd, struct str *out)
{
	char *line = arena_alloc(c->a, LINE_MAX_LEN);
	size_t len = 0;
	ssize_t n;

	do {
		n = read(fd, line + len, 1);
		if (n < 0)
			return fault_set(&c->f, ERR_INVALID, "file_unread",
			    "the password: %s", strerror(errno));
		if (n == 0 || line[len] == '\n')
			break;
		len++;
	} while (len < LINE_MAX_LEN);
	if (len == LINE_MAX_LEN)
		return fault_set(
		    &c->f, ERR_INVALID, "usage", "the password is too long");
	*out = (struct str){ line, len };
	return ERR_OK;
}

/* A terminal that cannot be written to has nobody at it. */
static void
prompt(int fd, struct str text)
{
	if (write(fd, text.p, text.len) < 0)
		return;
}

static enum err
ask_unseen(struct ctl *c, int fd, struct str words, struct str *out)
{
	struct termios was, quiet;
	enum err rc;

	if (tcgetattr(fd, &was) != 0)
		return fault_set(
		    &c->f, ERR_INVALID, "usage", "this is no terminal");
	quiet = was;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	quiet.c_lflag |= ECHONL;
	if (tcsetattr(fd, TCSAFLUSH, &quiet) != 0)
		return fault_set(&c->f, ERR_INVALID, "usage",
		    "the terminal does not hide what is typed");
	prompt(fd, words);
	rc = read_line(c, fd, out);
	(void)tcsetattr(fd, TCSAFLUSH, &was); /* as it was */
	return rc;
}

static enum err
ask_twice(struct ctl *c, struct str *out)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	struct str again = STR_NONE;
	enum err rc;

	if (fd < 0)
		return fault_set(&c->f, ERR_INVALID, "usage",
		    "there is no terminal: use --password stdin");
	rc = ask_unseen(c, fd, STR("Password: "), out);
	if (rc == ERR_OK)
		rc = ask_unseen(c, fd, STR("Once more: "), &again);
	(void)close(fd); /* nothing was kept in it */
	if (rc == ERR_OK && !str_eq(*out, again))
		return fault_set(
		    &c->f, ERR_INVALID, "password_differs", "password");
	return rc;
}

/* K7QF-2M9X-...: 80 bits that can be read out over a telephone. */
static struct str
make_up(struct ctl *c)
{
	char text[GROUPS * GROUP + 1];
	struct buf b;

	secret_random_text(text, GROUPS * GROUP);
	buf_init(&b, c->a, 64);
	for (size_t i = 0; i < GROUPS; i++) {
		if (i > 0)
			buf_char(&b, '-');
		buf_bytes(&b, text + i * GROUP, GROUP);
	}
	secret_wipe(text, sizeof(text));
	return buf_str(&b);
}

enum err
ctl_secret(struct ctl *c, struct str how, struct str *password, bool *once)
{
	*once = how.len == 0 || str_eq(how, STR("once"));
	if (*once) {
		*password = make_up(c);
		return ERR_OK;
	}
	if (str_eq(how, STR("ask")))
		return ask_twice(c, password);
	if (str_eq(how, STR("stdin")))
		return read_line(c, STDIN_FILENO, password);
	return fault_set(
	    &c->f, ERR_INVALID, "usage", "--password is once, ask or stdin");
}
