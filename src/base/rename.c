#include "kvitok/base/rename.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_MAX 4096

bool
draft_is_ours(int folder, const char *name, int fd)
{
	struct stat here, there;

	return flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &here) == 0 &&
	    S_ISREG(here.st_mode) && here.st_nlink == 1 &&
	    fstatat(folder, name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
	    here.st_ino == there.st_ino && here.st_dev == there.st_dev;
}

void
folder_for_good(const char *path)
{
	char folder[FOLDER_MAX] = ".";
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) + 1 : 0;
	int fd;

	if (len > 0 && len < sizeof(folder)) {
		memcpy(folder, path, len);
		folder[len] = '\0';
	}
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;  /* one that may be written to and not read */
	(void)fsync(fd); /* not every file system can */
	(void)close(fd); /* only read */
}

int
rename_for_good(const char *from, const char *to)
{
	if (rename(from, to) != 0)
		return -1;
	folder_for_good(to);
	return 0;
}

int
rename_within(int folder, const char *from, const char *to)
{
	if (renameat(folder, from, folder, to) != 0)
		return -1;
	(void)fsync(folder); /* as above */
	return 0;
}
