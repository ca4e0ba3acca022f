/* Paths of a hostile image, resolved beneath its root. No privilege needed. */
#include "check.h"
#include "context.h"
#include "path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static char top[] = "/tmp/slipway-path-XXXXXX"; /* holds root/ and host/ */
static int root;

static void shell(const char *script)
{
	if (setenv("T", top, 1) < 0 || system(script) != 0) {
		printf("cannot run: %s\n", script);
		exit(1);
	}
}

/* What a descriptor stands for, seen from the directory of the test. */
static const char *where(int fd)
{
	static char text[PATH_MAX];
	char link[64];
	ssize_t size;

	if (fd < 0)
		return strerror(-fd);
	(void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	size = readlink(link, text, sizeof text - 1);
	text[size > 0 ? size : 0] = 0;
	return strncmp(text, top, strlen(top)) == 0 ? text + strlen(top) : text;
}

static void leads(const char *path, const char *expected, int line)
{
	AUTO_CLOSE int fd = open_beneath(root, path, O_PATH);

	check_string(where(fd), expected, __FILE__, line, path);
}

#define LEADS(path, expected) leads((path), (expected), __LINE__)

static void nothing_leads_out(void)
{
	LEADS("/", "/root");
	LEADS("..", "/root");
	LEADS("../../../etc", "/root/etc");
	LEADS("/etc/../../..", "/root");
	LEADS("/up", "/root");
	LEADS("/up/host", "No such file or directory");
	LEADS("/absolute", "/root/etc");
	LEADS("/absolute/../etc/file", "/root/etc/file");
	LEADS("/etc/file/..", "Not a directory");
	LEADS("/loop", "Too many levels of symbolic links");
	LEADS("/proc/self/cwd", "No such file or directory"); /* only a directory of the image */
	LEADS("", "No such file or directory");
}

static void magic_links_are_refused(void)
{
	AUTO_CLOSE int host = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	AUTO_CLOSE int fd = open_beneath(host, "/proc/self/root", O_PATH);
	AUTO_CLOSE int strictly = open_beneath_strictly(root, "/absolute", O_PATH);

	CHECK_EQUAL(fd, -ELOOP);
	CHECK_EQUAL(strictly, -ELOOP);
}

static void makes(const char *path, enum target_kind kind, const char *expected, int line)
{
	AUTO_CLOSE int fd = make_beneath(root, path, kind);

	check_string(where(fd), expected, __FILE__, line, path);
}

#define MAKES(path, kind, expected) makes((path), (kind), (expected), __LINE__)

static void what_is_missing_is_made_inside(void)
{
	char long_name[NAME_MAX + 3] = "/", long_path[PATH_MAX + 2];

	MAKES("/a/b/c", TARGET_DIRECTORY, "/root/a/b/c");
	MAKES("a//b/./d/", TARGET_DIRECTORY, "/root/a/b/d");
	MAKES("/a/b/file", TARGET_FILE, "/root/a/b/file");
	MAKES("/a/b/file", TARGET_FILE, "/root/a/b/file"); /* is there */
	MAKES("/a/b/c", TARGET_FILE, "/root/a/b/c");	   /* whatever it is */
	MAKES("/absolute/new", TARGET_DIRECTORY, "/root/etc/new");
	MAKES("/up/new", TARGET_FILE, "/root/new");
	MAKES("/dangling/new", TARGET_DIRECTORY, "Not a directory");
	MAKES("/dangling", TARGET_FILE, "File exists");
	MAKES("/etc/file/new", TARGET_DIRECTORY, "Not a directory");
	MAKES("/nothing/../../host/new", TARGET_DIRECTORY, "No such file or directory");
	memset(long_name + 1, 'x', NAME_MAX + 1);
	MAKES(long_name, TARGET_DIRECTORY, "File name too long");
	memset(long_path, '/', sizeof long_path - 1);
	long_path[sizeof long_path - 1] = 0;
	MAKES(long_path, TARGET_DIRECTORY, "File name too long");
	shell("test -z \"$(ls -A $T/host)\"");
}

static void a_last_part_is_needed_to_make_something_in_a_directory(void)
{
	char name[NAME_MAX + 1];
	AUTO_CLOSE int good = open_parent_beneath(root, "/p/q/node", name);

	CHECK_STRING(where(good), "/root/p/q");
	CHECK_STRING(name, "node");
	CHECK_EQUAL(open_parent_beneath(root, "/", name), -EINVAL);
	CHECK_EQUAL(open_parent_beneath(root, "/p/..", name), -EINVAL);
	CHECK_EQUAL(open_parent_beneath(root, "", name), -EINVAL);
	AUTO_CLOSE int slash = open_parent_beneath(root, "top/", name);
	CHECK_STRING(where(slash), "/root");
	CHECK_STRING(name, "top");
}

static void programs_are_found_as_execvp_would(void)
{
	const char *const env[] = {"OTHER=1", "PATH=/etc:/nosuch::/bin", NULL};
	char path[PATH_MAX];

	CHECK_EQUAL(find_program(root, "/", "tool", env, path, sizeof path), 0);
	CHECK_STRING(path, "/bin/tool");
	CHECK_EQUAL(find_program(root, "/work", "here", env, path, sizeof path), 0);
	CHECK_STRING(path, "./here"); /* an empty part of PATH is the working directory */
	CHECK_EQUAL(find_program(root, "/work", "./here", env, path, sizeof path), 0);
	CHECK_EQUAL(find_program(root, "/work", "../bin/tool", env, path, sizeof path), 0);
	CHECK_EQUAL(find_program(root, "/", "absent", env, path, sizeof path), -ENOENT);
	CHECK_EQUAL(find_program(root, "/", "", env, path, sizeof path), -ENOENT);
	CHECK_EQUAL(find_program(root, "/", "file", env, path, sizeof path), -EACCES); /* in /etc, not executable */
	CHECK_EQUAL(find_program(root, "/", "/etc", env, path, sizeof path), -EACCES);
	CHECK_EQUAL(find_program(root, "/", "tool", env, path, 4), -ENOENT);
	CHECK_EQUAL(find_program(root, "/", "tool", (const char *const[]){NULL}, path, sizeof path), 0);
}

/* Somebody swaps a directory for a link to the host while we make things below it: never outside (CVE-2021-30465). */
static void a_swapper_wins_nothing(void)
{
	pid_t swapper;
	int made = 0;

	shell("mkdir $T/root/race && ln -s $T/host $T/root/link");
	swapper = fork();
	if (swapper == 0) {
		char a[64], b[64];

		(void)snprintf(a, sizeof a, "%s/root/race", top);
		(void)snprintf(b, sizeof b, "%s/root/link", top);
		for (;;) {
			(void)syscall(SYS_renameat2, AT_FDCWD, a, AT_FDCWD, b, 2 /* RENAME_EXCHANGE */);
			if (getppid() == 1)
				_exit(0);
		}
	}
	for (int i = 0; i < 5000; i++) {
		char path[64];

		(void)snprintf(path, sizeof path, "/race/d%d/e", i);
		AUTO_CLOSE int fd = make_beneath(root, path, TARGET_DIRECTORY);
		made += fd >= 0;
	}
	(void)kill(swapper, SIGKILL);
	(void)waitpid(swapper, NULL, 0);
	CHECK(made > 0); /* else nothing was tried */
	shell("test -z \"$(ls -A $T/host)\"");
	CHECK(true);
}

int main(void)
{
	if (!mkdtemp(top))
		return 1;
	shell("mkdir -p $T/root/etc $T/root/bin $T/root/work $T/root/proc/self $T/host && cd $T/root && echo x "
	      ">etc/file &&"
	      "ln -s .. up && ln -s /etc absolute && ln -s loop loop && ln -s $T/host dangling &&"
	      "echo '#!/bin/sh' >bin/tool && chmod 755 bin/tool && cp bin/tool work/here");
	root = open(top, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int beneath = openat(root, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	(void)close(root);
	root = beneath;
	nothing_leads_out();
	magic_links_are_refused();
	what_is_missing_is_made_inside();
	a_last_part_is_needed_to_make_something_in_a_directory();
	programs_are_found_as_execvp_would();
	a_swapper_wins_nothing();
	(void)close(root);
	shell("rm -r $T");
	return check_done();
}
