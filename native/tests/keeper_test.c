/* The keeper as a process of its own, with real containers below it: streams, log, keeper.sock, exit record, and what is left
 * when helper, launcher or init go away too early. */
#include "check.h"
#include "kept.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

static char with_sanitizers[PATH_MAX]; /* the programs under test lie beside the test, and above it */
static char as_shipped[PATH_MAX];

/* Whether the exit record has this beginning, then a time of the right shape, and nothing else. */
static bool record_is(const struct kept *k, const char *beginning)
{
	const char *record = kept_file(k, "exit.json");
	const char *shape = "\"exitedAt\":\"####-##-##T##:##:##.#########Z\"}\n";

	if (strncmp(record, beginning, strlen(beginning)) != 0 || strlen(record) != strlen(beginning) + strlen(shape)) {
		printf("exit.json: %s\n", record);
		return false;
	}
	record += strlen(beginning);
	for (; *shape; shape++, record++)
		if (*shape == '#' ? *record < '0' || *record > '9' : *shape != *record)
			return false;
	return true;
}

static bool begin_running(struct kept *k, enum stream_mode mode, const char *script)
{
	if (!kept_begin(k, with_sanitizers, mode, 0))
		return false;
	kept_plan(k, true, mode == STREAMS_TERMINAL, script);
	kept_spawn(k, 0);
	if (!CHECK_EQUAL(kept_create(k), 0))
		printf("%s\n", k->machine.text);
	kept_connect(k);
	return true;
}

/* ---- bad input ---- */

static void without_its_descriptors_it_does_nothing(void)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		(void)dup2(open("/dev/null", O_RDWR), 2);
		for (int fd = 3; fd < 20; fd++)
			(void)close(fd);
		(void)setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
		(void)execl(with_sanitizers, "slipway-launch", "keeper", (char *)NULL);
	}
	(void)waitpid(child, &status, 0);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 125);
}

static void a_plan_that_is_none_is_refused(void)
{
	struct kept k;

	if (!kept_begin(&k, with_sanitizers, STREAMS_NONE, 0))
		return;
	kept_plan(&k, true, false, "exit 0");
	k.machine.create.bytes[0] ^= 1;
	kept_spawn(&k, 0);
	CHECK_EQUAL(kept_create(&k), EBADMSG);
	CHECK_STRING(k.machine.text, "the create plan");
	CHECK_EQUAL(k.machine.context.value, 0xffffffffU);
	CHECK_EQUAL(kept_wait(&k), 125);
	kept_end(&k);
}

static void streams_of_an_unknown_kind_are_refused(void)
{
	struct kept k;

	if (!kept_begin(&k, with_sanitizers, (enum stream_mode)9, 0))
		return;
	kept_plan(&k, true, false, "exit 0");
	kept_spawn(&k, 0);
	CHECK_EQUAL(kept_create(&k), EBADMSG);
	CHECK_EQUAL(k.machine.context.value, 0);
	CHECK_EQUAL(kept_wait(&k), 1);
	CHECK_STRING(kept_file(&k, "exit.json"), "");
	kept_end(&k);
}

static bool state_holds_only_the_page(const struct kept *k)
{
	char command[200];

	(void)snprintf(command, sizeof(command), "test \"$(echo $(ls -A %s/state))\" = page", k->machine.dir);
	return system(command) == 0;
}

static void a_helper_that_dies_before_the_clone_leaves_nothing(void)
{
	struct kept k;

	if (!kept_begin(&k, with_sanitizers, STREAMS_LOG, 0))
		return;
	kept_plan(&k, true, false, "exit 0");
	kept_spawn(&k, 4); /* the keeper's three steps; the launcher waits for a permit */
	for (int i = 0; i < 500 && k.page->records[2].state != RECORD_OK; i++)
		(void)usleep(10000);
	CHECK_EQUAL(k.page->records[2].state, RECORD_OK);
	close_descriptor(&k.control);
	CHECK_EQUAL(kept_wait(&k), 1);
	CHECK(state_holds_only_the_page(&k));
	kept_end(&k);
}

static void a_helper_that_dies_in_create_takes_init_along(void)
{
	struct kept k;

	if (!kept_begin(&k, with_sanitizers, STREAMS_LOG, 0))
		return;
	kept_plan(&k, true, false, "exit 0");
	kept_spawn(&k, 5); /* init waits for a permit for its first step */
	for (int i = 0; i < 500 && k.page->init == 0; i++)
		(void)usleep(10000);
	CHECK(k.page->init > 0);
	close_descriptor(&k.control);
	CHECK_EQUAL(kept_wait(&k), 0);
	CHECK(strstr(kept_file(&k, "exit.json"), "\"executed\":false"));
	CHECK(kill((pid_t)k.page->init, 0) < 0 && errno == ESRCH);
	kept_end(&k);
}

static void a_failed_step_of_init_is_recorded_as_an_end(void)
{
	struct kept k;

	if (!kept_begin(&k, with_sanitizers, STREAMS_LOG, 0))
		return;
	encode_step(&k.machine.create, LAUNCHER, OP_CloneInit, (uint64_t)CLONE_NEWNS, 0U);
	encode_step(&k.machine.create, INIT, OP_AttachRoot, "/no/such/root", 1U);
	kept_spawn(&k, 0);
	CHECK_EQUAL(kept_create(&k), ENOENT);
	CHECK_EQUAL(kept_wait(&k), 0);
	CHECK(record_is(&k, "{\"status\":1,\"signal\":0,\"core\":false,\"executed\":false,"));
	kept_end(&k);
}

/* ---- streams ---- */

static void output_is_logged_line_by_line(void)
{
	struct kept k;
	const char *log;

	if (!begin_running(&k, STREAMS_LOG, "echo one; echo two >&2; printf three; exit 3"))
		return;
	CHECK_STRING(kept_file(&k, "exit.json"), "");
	kept_start(&k);
	CHECK_EQUAL(kept_wait(&k), 0);
	CHECK(record_is(&k, "{\"status\":3,\"signal\":0,\"core\":false,\"executed\":true,"));
	log = kept_file(&k, "log");
	CHECK(strstr(log, "Z stdout F one\n"));
	CHECK(strstr(log, "Z stderr F two\n"));
	CHECK(strstr(log, "Z stdout P three\n"));
	CHECK(log[4] == '-' && log[10] == 'T' && log[19] == '.' && log[29] == 'Z');
	kept_end(&k);
}

static void long_lines_are_logged_in_parts(void)
{
	struct kept k;
	size_t parts = 0, letters = 0;

	if (!begin_running(&k, STREAMS_LOG, "yes q | head -n 40000 | tr -d '\\n'; echo; echo end"))
		return;
	kept_start(&k);
	CHECK_EQUAL(kept_wait(&k), 0);
	for (const char *at = kept_file(&k, "log"); *at; at++) {
		parts += strncmp(at, " stdout P q", 11) == 0;
		letters += *at == 'q';
	}
	CHECK(parts >= 2); /* 40000 letters, at most LINE_LIMIT in each */
	CHECK_EQUAL(letters, 40000);
	CHECK(strstr(kept_file(&k, "log"), "stdout F end\n"));
	kept_end(&k);
}

static void input_reaches_the_program(void)
{
	struct kept k;

	if (!begin_running(&k, STREAMS_LOG, "printf 'name? '; read x; echo \"<$x>\"; cat; echo over"))
		return;
	kept_start(&k);
	CHECK(kept_logs(&k, "stdout P name? \n")); /* a prompt shows without a line feed */
	kept_send(&k, PACKET_INPUT, "anna\n", 0, 0);
	CHECK(kept_logs(&k, "stdout F <anna>\n"));
	kept_send(&k, PACKET_INPUT, "more\n", 0, 0);
	kept_send(&k, PACKET_CLOSE_INPUT, "", 0, 0);
	CHECK_EQUAL(kept_wait(&k), 0);
	CHECK(strstr(kept_file(&k, "log"), "stdout F more\n"));
	CHECK(strstr(kept_file(&k, "log"), "stdout F over\n"));
	kept_end(&k);
}

static void the_terminal_is_held(void)
{
	struct kept k;

	if (!begin_running(&k, STREAMS_TERMINAL, "tty; stty size; read x; stty size; cat; exit 9"))
		return;
	kept_start(&k);
	CHECK(kept_logs(&k, "stdout F /dev/pts/0\r\n"));
	CHECK(kept_logs(&k, "stdout F 24 80\r\n"));
	kept_send(&k, PACKET_RESIZE, "", 50, 132);
	kept_send(&k, PACKET_INPUT, "go\n", 0, 0);
	CHECK(kept_logs(&k, "stdout F 50 132\r\n"));
	kept_send(&k, PACKET_CLOSE_INPUT, "", 0, 0);
	CHECK_EQUAL(kept_wait(&k), 0);
	CHECK(record_is(&k, "{\"status\":9,\"signal\":0,\"core\":false,\"executed\":true,"));
	kept_end(&k);
}

static void inherited_and_preserved_descriptors_and_no_others_are_the_programs(void)
{
	char text[256] = "";
	int out[2], letter[2];
	struct kept k;

	if (!kept_begin(&k, with_sanitizers, STREAMS_INHERIT, 1))
		return;
	kept_plan(&k, true, false, "cat <&3; echo $(ls /proc/self/fd)");
	if (pipe2(out, O_CLOEXEC) < 0 || pipe2(letter, O_CLOEXEC) < 0 || write(letter[1], "sealed letter\n", 14) < 0)
		abort();
	(void)close(letter[1]);
	k.preserved[0] = letter[0];
	k.to = out[1];
	kept_spawn(&k, 0);
	close_descriptor(&k.to);
	(void)close(letter[0]);
	CHECK_EQUAL(kept_create(&k), 0);
	kept_start(&k);
	for (size_t n = 0, got = 1; got > 0 && n < sizeof(text) - 1; n += got) {
		ssize_t more = read(out[0], text + n, sizeof(text) - 1 - n); /* ends: the keeper has let go of it */

		got = more > 0 ? (size_t)more : 0;
	}
	(void)close(out[0]);
	CHECK_STRING(text, "sealed letter\n0 1 2 3 4\n"); /* 4 is ls reading the directory */
	CHECK_EQUAL(kept_wait(&k), 0);
	kept_end(&k);
}

/* ---- life without a helper ---- */

static void a_container_at_the_gate_outlives_the_helper(void)
{
	char link[64], target[PATH_MAX] = "";
	struct kept k;

	if (!begin_running(&k, STREAMS_LOG, "echo alive; kill -SEGV $$"))
		return;
	close_descriptor(&k.control);
	close_descriptor(&k.door);
	for (const int *s = (const int[]){SIGTERM, SIGHUP, SIGINT, SIGUSR1, SIGPIPE, 0}; *s; s++)
		CHECK_EQUAL(kill(k.keeper, *s), 0);
	(void)usleep(100000);
	CHECK_EQUAL(waitpid(k.keeper, NULL, WNOHANG), 0);
	CHECK_EQUAL(kill(k.init, 0), 0);
	CHECK_EQUAL(getsid(k.keeper), k.keeper);
	(void)snprintf(link, sizeof(link), "/proc/%d/exe", (int)k.keeper);
	CHECK(readlink(link, target, sizeof(target) - 1) > 0);
	CHECK_STRING(target, "/memfd:slipway-launch (deleted)");
	kept_connect(&k); /* another helper */
	kept_start(&k);
	CHECK(kept_logs(&k, "stdout F alive\n"));
	CHECK_EQUAL(kept_wait(&k), 0);
	CHECK_EQUAL(recv(k.door, target, 16, 0) >= 0, 1); /* a bell or the end, never an error */
	kept_end(&k);
}

static void a_program_killed_by_a_signal_is_so_recorded(void)
{
	struct kept k;

	if (!begin_running(&k, STREAMS_NONE, "sleep 100"))
		return;
	kept_start(&k);
	for (int i = 0; i < 500 && k.page->phase != PHASE_EXECUTING; i++)
		(void)usleep(10000);
	(void)usleep(50000);
	CHECK_EQUAL(kill(k.init, SIGKILL), 0);
	CHECK_EQUAL(kept_wait(&k), 0);
	CHECK(record_is(&k, "{\"status\":137,\"signal\":9,\"core\":false,\"executed\":true,"));
	kept_end(&k);
	if (!begin_running(&k, STREAMS_NONE, "sleep 100"))
		return;
	CHECK_EQUAL(kill(k.init, SIGKILL), 0); /* in created */
	CHECK_EQUAL(kept_wait(&k), 0);
	CHECK(record_is(&k, "{\"status\":137,\"signal\":9,\"core\":false,\"executed\":false,"));
	kept_end(&k);
}

static void output_held_open_by_another_process_ends_nothing_late(void)
{
	struct timespec begin, end;
	struct kept k;

	if (!kept_begin(&k, with_sanitizers, STREAMS_LOG, 0))
		return;
	kept_plan(&k, false, false, "sleep 30 & echo $!; exit 4"); /* without a pid namespace it lives on */
	kept_spawn(&k, 0);
	CHECK_EQUAL(kept_create(&k), 0);
	(void)clock_gettime(CLOCK_MONOTONIC, &begin);
	kept_start(&k);
	CHECK_EQUAL(kept_wait(&k), 0);
	(void)clock_gettime(CLOCK_MONOTONIC, &end);
	CHECK(end.tv_sec - begin.tv_sec < 4);
	CHECK(record_is(&k, "{\"status\":4,"
			    "\"signal\":0,\"core\":false,\"executed\":true,"));
	if (CHECK(strstr(kept_file(&k, "log"), "stdout F ")))
		(void)kill(atoi(strstr(kept_file(&k, "log"), "stdout F ") + 9), SIGKILL);
	kept_end(&k);
}

/* ---- floods, bells, full disks ---- */

static long file_size(const struct kept *k, const char *name)
{
	struct stat about;
	char path[200];

	(void)snprintf(path, sizeof(path), "%s/state/%s", k->machine.dir, name);
	return stat(path, &about) < 0 ? -1 : (long)about.st_size;
}

static long peak_kibibytes(pid_t pid)
{
	char path[64], line[256];
	long peak = 0;
	FILE *status;

	(void)snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	status = fopen(path, "re");
	while (status && fgets(line, sizeof(line), status))
		if (sscanf(line, "VmHWM: %ld kB", &peak) == 1)
			break;
	if (status)
		(void)fclose(status);
	return peak;
}

static void a_flood_is_bounded_and_holds_nothing_up(void)
{
	struct timespec begin, end;
	struct kept k;

	if (!kept_begin(&k, as_shipped, STREAMS_LOG, 0))
		return;
	kept_plan(&k, true, false, "yes 'a line of quite a usual length for a program' & read x; exit 7");
	kept_spawn(&k, 0);
	CHECK_EQUAL(kept_create(&k), 0);
	kept_connect(&k);
	kept_start(&k);
	for (int i = 0; i < 2000 && file_size(&k, "log.1") < 0; i++)
		(void)usleep(10000);
	CHECK(file_size(&k, "log.1") > 9 << 20);
	CHECK(file_size(&k, "log.1") <= LOG_LIMIT);
	CHECK(file_size(&k, "log") <= LOG_LIMIT);
	CHECK(peak_kibibytes(k.keeper) > 0);
	if (!CHECK(peak_kibibytes(k.keeper) <= 1536))
		printf("the keeper took %ld KiB\n", peak_kibibytes(k.keeper));
	(void)clock_gettime(CLOCK_MONOTONIC, &begin);
	kept_send(&k, PACKET_INPUT, "stop\n", 0, 0); /* in the middle of the flood */
	CHECK_EQUAL(kept_wait(&k), 0);
	(void)clock_gettime(CLOCK_MONOTONIC, &end);
	CHECK(end.tv_sec - begin.tv_sec < 4);
	CHECK(strstr(kept_file(&k, "exit.json"), "\"status\":7,"));
	kept_end(&k);
}

static void one_bell_is_enough(void)
{
	struct packet p;
	struct kept k;
	int bells = 0;

	if (!begin_running(&k, STREAMS_LOG, "for i in $(seq 50); do echo $i; sleep 0.01; done; read x"))
		return;
	kept_start(&k);
	CHECK(kept_logs(&k, "stdout F 50\n"));
	while (recv(k.door, &p, sizeof(p), MSG_DONTWAIT) > 0) {
		CHECK_EQUAL(p.kind, PACKET_LOG);
		bells++;
	}
	CHECK(bells >= 1 && bells <= 2);
	kept_send(&k, PACKET_CLOSE_INPUT, "", 0, 0);
	CHECK_EQUAL(kept_wait(&k), 0);
	kept_end(&k);
}

static void a_full_disk_costs_output_but_not_the_exit_record(void)
{
	struct kept k;
	char path[200];

	if (!kept_begin(&k, with_sanitizers, STREAMS_LOG, 0))
		return;
	(void)snprintf(path, sizeof(path), "%s/state", k.machine.dir);
	if (mount("tmpfs", path, "tmpfs", 0, "size=64k,mode=700") < 0) {
		printf("skipped: a_full_disk_costs_output_but_not_the_exit_record: no tmpfs here\n");
		kept_end(&k);
		return;
	}
	kept_plan(&k, true, false, "yes 0123456789 | head -c 300000; sleep 0.2; echo after; exit 6");
	kept_spawn(&k, 0);
	CHECK_EQUAL(kept_create(&k), 0);
	kept_start(&k);
	CHECK_EQUAL(kept_wait(&k), 0);
	CHECK(file_size(&k, "log") > 0);
	CHECK(record_is(&k, "{\"status\":6,\"signal\":0,\"core\":false,\"executed\":true,"));
	kept_end(&k);
}

int main(int argc, char **argv)
{
	char here[PATH_MAX];
	int directory;

	(void)argc;
	if (!realpath(argv[0], here))
		abort();
	directory = (int)(strrchr(here, '/') - here);
	(void)snprintf(with_sanitizers, sizeof(with_sanitizers), "%.*s/slipway-launch", directory, here);
	(void)snprintf(as_shipped, sizeof(as_shipped), "%.*s/../slipway-launch", directory, here);
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	(void)signal(SIGPIPE, SIG_IGN);
	if (geteuid() == 0 && (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0))
		abort(); /* the small file system of one test is nobody else's affair */
	without_its_descriptors_it_does_nothing();
	a_plan_that_is_none_is_refused();
	streams_of_an_unknown_kind_are_refused();
	a_helper_that_dies_before_the_clone_leaves_nothing();
	a_helper_that_dies_in_create_takes_init_along();
	a_failed_step_of_init_is_recorded_as_an_end();
	output_is_logged_line_by_line();
	long_lines_are_logged_in_parts();
	input_reaches_the_program();
	the_terminal_is_held();
	inherited_and_preserved_descriptors_and_no_others_are_the_programs();
	a_container_at_the_gate_outlives_the_helper();
	a_program_killed_by_a_signal_is_so_recorded();
	output_held_open_by_another_process_ends_nothing_late();
	a_flood_is_bounded_and_holds_nothing_up();
	one_bell_is_enough();
	a_full_disk_costs_output_but_not_the_exit_record();
	return check_done();
}
