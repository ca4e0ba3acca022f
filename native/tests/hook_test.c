/* The hook role, run as a process of its own: status, environment, session, time limit, cgroup, wrong arguments. */
#include "check.h"
#include "hook.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char output[4096];

static long long millis(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Runs the role with those arguments after "hook"; its output goes to `output`. Kills it with that signal, if not 0, as
 * soon as it has printed something. */
static int run_hook(char **arguments, int kill_with)
{
	char *argv[32] = {(char *)"slipway-launch", (char *)"hook"};
	int argc = 2, pipes[2], status;
	size_t size = 0;
	pid_t child;
	ssize_t n;

	while (arguments[argc - 2]) {
		argv[argc] = arguments[argc - 2];
		argc++;
	}
	if (pipe(pipes) < 0)
		abort();
	child = fork();
	if (child == 0) {
		(void)dup2(open("/etc/hostname", O_RDONLY), 77); /* must not reach the hook */
		(void)dup2(pipes[1], 1);
		(void)dup2(pipes[1], 2);
		(void)close(pipes[0]);
		(void)close(pipes[1]);
		_exit(hook_main(argc, argv));
	}
	(void)close(pipes[1]);
	while ((n = read(pipes[0], output + size, sizeof(output) - 1 - size)) > 0) {
		size += (size_t)n;
		if (kill_with)
			(void)kill(child, kill_with);
		kill_with = 0;
	}
	output[size] = '\0';
	(void)close(pipes[0]);
	(void)waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

#define RUN(...) run_hook((char *[]){__VA_ARGS__, NULL}, 0)
#define SHELL(script) "--", "/bin/sh", "sh", "-c", script

static void wrong_arguments_are_refused(void)
{
	CHECK_EQUAL(RUN("--timeout"), 125);
	CHECK_EQUAL(RUN("--timeout", "-5", SHELL("exit 0")), 125);
	CHECK_EQUAL(RUN("--timeout", "5s", SHELL("exit 0")), 125);
	CHECK_EQUAL(RUN("--timeout", "99999999999999999999", SHELL("exit 0")), 125);
	CHECK_EQUAL(RUN("--", "relative", "x"), 125);
	CHECK_EQUAL(RUN("--", "/bin/true"), 125);
	CHECK_EQUAL(RUN("--colour", "--", "/bin/true", "true"), 125);
	CHECK(strstr(output, "usage: slipway-launch hook"));
	CHECK_EQUAL(RUN("--cgroup", "/nowhere/cgroup.procs", SHELL("echo ran")), 125);
	CHECK(strstr(output, "/nowhere/cgroup.procs"));
	CHECK(!strstr(output, "ran"));
}

static void status_is_the_hooks(void)
{
	CHECK_EQUAL(RUN(SHELL("exit 0")), 0);
	CHECK_EQUAL(RUN(SHELL("exit 3")), 3);
	CHECK_EQUAL(RUN(SHELL("kill -KILL $$")), 137);
	CHECK_EQUAL(RUN("--", "/no/such/hook", "x"), 127);
	CHECK(strstr(output, "cannot execute '/no/such/hook'"));
	CHECK_EQUAL(RUN("--", "/etc/passwd", "x"), 126);
}

static void hook_gets_what_is_its_own(void)
{
	(void)setenv("HOOK_COLOUR", "blue", 1);
	CHECK_EQUAL(
		RUN("--", "/bin/sh", "another-name", "-c", "echo $0 $HOOK_COLOUR; ls /proc/self/fd | tr '\\n' ' '"), 0);
	CHECK(strncmp(output, "another-name blue\n0 1 2 3 \n", 26) == 0); /* 3 is ls reading the directory */
	CHECK_EQUAL(
		RUN(SHELL("cut -d' ' -f6 /proc/self/stat; echo $$")), 0); /* session and pid: it leads its session */
	CHECK_EQUAL(atoi(output), atoi(strchr(output, '\n') + 1));
}

static void timeout_kills_hook_and_children(void)
{
	long long began = millis();

	/* a child that ignores the polite signals holds our pipe open: run_hook only returns when it is dead */
	CHECK_EQUAL(RUN("--timeout", "200", SHELL("trap '' TERM HUP; sleep 30 & sleep 30")), 124);
	CHECK(millis() - began >= 200);
	CHECK(millis() - began < 5000);
	CHECK_EQUAL(RUN("--timeout", "20000", SHELL("sleep 0.1; exit 4")), 4);
}

static void ending_the_role_ends_the_hook(void)
{
	long long began = millis();

	CHECK_EQUAL(run_hook((char *[]){SHELL("echo up; sleep 30 & sleep 30"), NULL}, SIGTERM), 128 + SIGTERM);
	CHECK(millis() - began < 5000);
}

/* The helper is killed: a child of ours plays it, and its end of the hook's output is what we wait for. */
static void the_end_of_the_helper_ends_the_hook(void)
{
	long long began = millis();
	int pipes[2];
	char byte;
	pid_t helper;

	if (pipe(pipes) < 0)
		abort();
	helper = fork();
	if (helper == 0) {
		(void)dup2(pipes[1], 1);
		(void)close(pipes[0]);
		(void)close(pipes[1]);
		if (fork() == 0)
			_exit(hook_main(8, (char *[]){"slipway-launch", "hook", "--", "/bin/sh", "sh", "-c",
						   "echo; sleep 30", (char *)"x", NULL}));
		(void)pause();
	}
	(void)close(pipes[1]);
	CHECK_EQUAL(read(pipes[0], &byte, 1), 1); /* the hook runs */
	(void)kill(helper, SIGKILL);
	(void)waitpid(helper, NULL, 0);
	CHECK_EQUAL(read(pipes[0], &byte, 1), 0); /* nobody is left who could write */
	CHECK(millis() - began < 5000);
	(void)close(pipes[0]);
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		abort();
	(void)close(fd);
}

/* On a cgroup file system that is ours to write: a grandchild in a session of its own escapes the process group only. */
static void timeout_kills_the_cgroup(const char *base)
{
	char directory[256], procs[300], script[] = "setsid sleep 30 & sleep 30";
	long long began = millis();

	(void)snprintf(directory, sizeof(directory), "%s/slipway-hook-test-%d", base, (int)getpid());
	(void)snprintf(procs, sizeof(procs), "%s/cgroup.procs", directory);
	if (mkdir(directory, 0700) < 0) {
		printf("skipped: timeout_kills_the_cgroup: cannot make a cgroup in %s: %s\n", base, strerror(errno));
		return;
	}
	CHECK_EQUAL(RUN("--cgroup", procs, "--timeout", "200", SHELL(script)), 124);
	CHECK(millis() - began < 5000);
	for (int i = 0; i < 100 && rmdir(directory) < 0; i++)
		(void)usleep(10000);
	CHECK(access(directory, F_OK) < 0);
}

/* A directory that only looks like a cgroup: the test itself is listed, so nothing of it may be killed. */
static void own_cgroup_is_never_killed(void)
{
	char directory[] = "/tmp/hook-test-XXXXXX", procs[64], kill_file[64], text[256] = "";
	pid_t bystander = fork();
	int fd;

	if (bystander == 0) {
		(void)pause();
		_exit(0);
	}
	if (!mkdtemp(directory))
		abort();
	(void)snprintf(procs, sizeof(procs), "%s/cgroup.procs", directory);
	(void)snprintf(kill_file, sizeof(kill_file), "%s/cgroup.kill", directory);
	write_file(kill_file, "");
	/* entering writes "0", and the hook adds its parent, which is the role */
	(void)snprintf(text, sizeof(text), "echo $PPID > %s; echo %d >> %s; sleep 30", procs, (int)bystander, procs);
	write_file(procs, "");
	CHECK_EQUAL(RUN("--cgroup", procs, "--timeout", "300", SHELL(text)), 124);
	CHECK_EQUAL(waitpid(bystander, NULL, WNOHANG), 0);
	fd = open(kill_file, O_RDONLY);
	CHECK_EQUAL(read(fd, text, sizeof(text)), 0);
	(void)close(fd);
	(void)kill(bystander, SIGKILL);
	(void)waitpid(bystander, NULL, 0);
	(void)unlink(procs);
	(void)unlink(kill_file);
	(void)rmdir(directory);
}

/* As somebody without rights: nothing of root's is left in it. */
static void a_hook_becomes_the_caller(void)
{
	if (geteuid() != 0) {
		printf("skipped: becoming somebody else needs root\n");
		return;
	}
	CHECK_EQUAL(RUN("--as", "4711:4712:2:4713,4712", "--limits", "7:64:128", "--timeout", "5000",
			    SHELL("id -u; id -g; id -G; ulimit -n; ulimit -Hn; cut -d' ' -f19 /proc/self/stat;"
				  "grep -E 'NoNewPrivs|Cap(Inh|Prm|Eff|Amb)' /proc/self/status; cat /etc/shadow; kill "
				  "-0 1")),
		1);
	CHECK(strstr(output, "4711\n4712\n4712 4713\n64\n128\n2\n"));
	CHECK(strstr(output, "CapInh:\t0000000000000000\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\n"));
	CHECK(strstr(output, "CapAmb:\t0000000000000000\nNoNewPrivs:\t1\n"));
	CHECK(strstr(output, "Permission denied"));
	CHECK(!strstr(output, "root:"));
	/* it ends at its time limit although it is somebody else's by then */
	CHECK_EQUAL(RUN("--as", "4711:4712:0:", "--timeout", "200", SHELL("sleep 60")), 124);
	CHECK_EQUAL(RUN("--as", "0:0:0:", SHELL("echo ran")), 125);
	CHECK(!strstr(output, "ran"));
	CHECK_EQUAL(RUN("--as", "4711:4712:0:x", SHELL("echo ran")), 125);
	CHECK_EQUAL(RUN("--as", "1:1:0:", "--as", "2:2:0:", SHELL("echo ran")), 125);
}

int main(void)
{
	a_hook_becomes_the_caller();
	wrong_arguments_are_refused();
	status_is_the_hooks();
	hook_gets_what_is_its_own();
	timeout_kills_hook_and_children();
	ending_the_role_ends_the_hook();
	the_end_of_the_helper_ends_the_hook();
	own_cgroup_is_never_killed();
	timeout_kills_the_cgroup(
		access("/sys/fs/cgroup/unified", F_OK) == 0 ? "/sys/fs/cgroup/unified" : "/sys/fs/cgroup");
	if (access("/sys/fs/cgroup/pids/cgroup.procs", F_OK) == 0)
		timeout_kills_the_cgroup("/sys/fs/cgroup/pids"); /* version 1: no cgroup.kill */
	return check_done();
}
