#include "streams.h"

#include <fcntl.h>
#include <unistd.h>

void release_standard_streams(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = 0; fd < 3; fd++)
		if (null < 0 || dup2(null, fd) < 0)
			(void)close(fd);
	if (null > 2)
		(void)close(null);
}
