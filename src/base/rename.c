#include "kvitok/base/rename.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FOLDER_MAX 4096

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
