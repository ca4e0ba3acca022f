/* The program of test containers that makes one system call and says what became of it:
 *   call [-32|-x32] [-thread|-trap|-trace] NUMBER [ARGUMENT]...
 * It prints `= RESULT ERRNO`; with -thread the call is made by a second thread, and the first one prints `alive` when that
 * has ended; with -trap also `trapped NUMBER ERRNO` from a handler of SIGSYS; with -trace the call is made by a child, and
 * its tracer prints `traced MESSAGE`. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define X32_BIT 0x40000000L
#define EVENT_SECCOMP 7 /* PTRACE_EVENT_SECCOMP */

static struct {
	long number, argument[6];
	int narrow; /* by the gate of 32-bit programs */
} wanted;

static volatile int running = 1;

static long narrow_call(void)
{
#ifdef __x86_64__
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "0"(wanted.number), "b"(wanted.argument[0]), "c"(wanted.argument[1]), "d"(wanted.argument[2])
			 : "memory", "r8", "r9", "r10", "r11");
	if (result < 0) {
		errno = (int)-result;
		return -1;
	}
	return result;
#else
	errno = ENOSYS;
	return -1;
#endif
}

static int make_call(void *unused)
{
	const long *a = wanted.argument;
	long result;

	(void)unused;
	errno = 0;
	result = wanted.narrow ? narrow_call() : syscall(wanted.number, a[0], a[1], a[2], a[3], a[4], a[5]);
	(void)dprintf(1, "= %ld %d\n", result, errno);
	return 0;
}

static void trapped(int signal, siginfo_t *about, void *unused)
{
	(void)signal, (void)unused;
	(void)dprintf(1, "trapped %d %d\n", about->si_syscall, about->si_errno);
}

static int in_thread(void)
{
	static char stack[65536] __attribute__((aligned(16)));
	int flags =
		CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_CHILD_CLEARTID;

	/* the kernel clears the number also when it kills the thread */
	if (clone(make_call, stack + sizeof stack, flags, NULL, NULL, NULL, &running) < 0)
		return 1;
	while (running)
		(void)usleep(1000);
	(void)dprintf(1, "alive\n");
	return 0;
}

static int traced(void)
{
	pid_t child = fork();
	unsigned long message = 0;
	int status;

	if (child == 0) {
		(void)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		(void)raise(SIGSTOP);
		_exit(make_call(NULL));
	}
	(void)waitpid(child, &status, 0);
	(void)ptrace(PTRACE_SETOPTIONS, child, NULL, (void *)(PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL));
	(void)ptrace(PTRACE_CONT, child, NULL, NULL);
	(void)waitpid(child, &status, 0);
	if (!WIFSTOPPED(status) || status >> 16 != EVENT_SECCOMP)
		return dprintf(1, "not traced: %x\n", (unsigned)status) < 0;
	(void)ptrace(PTRACE_GETEVENTMSG, child, NULL, &message);
	(void)dprintf(1, "traced %lu\n", message);
	return kill(child, SIGKILL) < 0;
}

int main(int argc, char **argv)
{
	const char *mode = "";
	long bit = 0;
	int i = 1;

	for (; i < argc && argv[i][0] == '-'; i++) {
		if (strcmp(argv[i], "-32") == 0)
			wanted.narrow = 1;
		else if (strcmp(argv[i], "-x32") == 0)
			bit = X32_BIT;
		else
			mode = argv[i];
	}
	if (i == argc)
		return 2;
	wanted.number = strtol(argv[i++], NULL, 0) | bit;
	for (int n = 0; n < 6 && i < argc; n++, i++)
		wanted.argument[n] = (long)strtoull(argv[i], NULL, 0);
	if (strcmp(mode, "-thread") == 0)
		return in_thread();
	if (strcmp(mode, "-trace") == 0)
		return traced();
	if (strcmp(mode, "-trap") == 0) {
		struct sigaction action = {.sa_sigaction = trapped, .sa_flags = SA_SIGINFO};

		(void)sigaction(SIGSYS, &action, NULL);
	}
	return make_call(NULL);
}
