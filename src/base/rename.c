#include "kvitok/base/rename.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FOLDER_MAX 4096

int
rename_for_good(const char *from, const char *to)
{
	char folder[FOLDER_MAX] = ".";
	const char *slash = strrchr(to, '/');
	size_t len = slash ? (size_t)(slash - to) + 1 : 0;
	int fd;

	if (rename(from, to) != 0)
		return -1;
	if (len > 0 && len < sizeof(folder)) {
		memcpy(folder, to, len);
		folder[len] = '\0';
	}
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return 0; /* one that may be written to and not read */
	(void)fsync(fd);  /* not every file system can */
	(void)close(fd);  /* only read */
	return 0;
}
