#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

/* The helper's program lies beside ours: bin/slipway, bin/slipwayd. */
static const char *helper_program(char path[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 1);

	for (int up = 0; up < 2 && n > 0; up++)
		while (n > 0 && path[--n] != '/')
			;
	if (n < 0)
		n = 0;
	(void)snprintf(path + n, PATH_MAX - (size_t)n, "/bin/slipwayd");
	return path;
}

/* Some commands only read and write what the caller may: the same code does them in a process of its own. */
static int do_without_helper(const char *program, int argc, char **argv)
{
	char **command = calloc((size_t)argc + 3, sizeof(*command));

	if (!command)
		return complain("%s", strerror(ENOMEM));
	command[0] = (char *)program;
	command[1] = (char *)"--command";
	for (int i = 1; i < argc; i++)
		command[i + 1] = argv[i];
	(void)execv(program, command);
	(void)complain("cannot run '%s': %s", program, strerror(errno));
	free(command);
	return EXIT_NOT_TRIED;
}

/* A closed standard stream would let the next descriptor take its number. */
static int fill_standard_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	return fd < 0 ? -errno : close(fd);
}

int main(int argc, char **argv)
{
	char program[PATH_MAX];
	const char *root = wanted_root(argv + 1);
	const char *place;
	int why, socket, signals, said;

	if (fill_standard_streams() < 0)
		return EXIT_NOT_TRIED;
	complain_also_in(argv + 1);
	socket = connect_helper(root, wants_confined(argv + 1), &place, &why);
	if (socket == -2)
		return EXIT_NOT_TRIED;
	if (socket < 0 && needs_no_helper(argv + 1))
		return do_without_helper(helper_program(program), argc, argv);
	if (socket < 0)
		return complain("no helper answers at %s (%s); start it as root: %s", place, strerror(why),
			helper_program(program));
	signals = watch_signals();
	if (signals < 0)
		return complain("cannot watch signals: %s", strerror(-signals));
	said = say_hello(socket, argv + 1, environ);
	if (said != 0)
		return said;
	return run_session(socket, signals);
}
