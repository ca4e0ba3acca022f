/* The keeper: parent of a container's first process. It holds the other ends of the streams, the gate and the result page,
 * writes log and exit record, and lives as long as the container does, whether the helper lives or not.
 *
 *   keeper.c           its steps MakeGate and SpawnLauncher, the loop, the end
 *   keeper_streams.c   its step OpenStreams, and the relay between program, log and keeper.sock
 *   keeper_log.c       the file "log"
 *   keeper_socket.c    the socket "keeper.sock"
 *   keeper_exit.c      how init ended: the file "exit.json"
 */
#ifndef SLIPWAY_KEEPER_H
#define SLIPWAY_KEEPER_H

#include "context.h"

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The role: descriptors of docs/protocols.md section 2. Returns the exit status of the process. */
int keeper_main(int argc, char **argv);

/* As OpenStreams numbers them. */
enum stream_mode { STREAMS_NONE, STREAMS_INHERIT, STREAMS_LOG, STREAMS_TERMINAL, STREAMS_CONSOLE_SOCKET };

/* ---- the log ---- */

#define LOG_LIMIT (10 << 20) /* bytes after which "log" becomes "log.1" */
#define LINE_LIMIT 16384     /* bytes of text after which a line is logged in parts */

struct log {
	int state_dir;
	int fd;
	uint64_t size;
	uint64_t lost; /* bytes that the file system did not take since the last note about it */
	bool grew;     /* since the doorbell was last rung */
	char time[80]; /* that lines get now */
	size_t pending;
	char bytes[2 * LINE_LIMIT];
};

/* Takes the time for the lines added from now on: lines that came by one read came at one time. */
void log_stamp(struct log *log);

/* Opens "log" for appending. Returns 0 or -errno. */
int log_open(struct log *log, int state_dir);

/* Adds one line, or part of one if it did not end with a line feed; text is without the line feed. */
void log_add(struct log *log, const char *stream, bool whole, const char *text, size_t size);

/* Writes what was added. Never fails: what cannot be written is counted, and said in the log when there is room again. */
void log_flush(struct log *log);

/* ---- streams ---- */

#define INPUT_LIMIT 8192

/* Output of the program: a pipe, or the master of its terminal. */
struct output {
	int fd;
	const char *name;
	uint64_t resting_until; /* a terminal that nobody has open is looked at again then; 0: not resting */
	uint64_t part_due;	/* when the beginning of a line is logged as it is; 0: there is none */
	size_t held;
	char bytes[LINE_LIMIT];
};

/* Input for the program, on its way. */
struct input {
	int fd;
	bool open; /* the program can still be given something, though fd may be -1: the terminal is not there yet */
	bool ending;
	uint16_t rows, columns; /* for a terminal that is not there yet */
	size_t start, end;
	char bytes[INPUT_LIMIT];
};

struct streams {
	enum stream_mode mode;
	int console; /* where init sends the master of the terminal */
	bool draining;
	struct output output[2];
	struct input input;
	struct log log;
};

/* CLOCK_MONOTONIC in milliseconds. */
uint64_t now_millis(void);

void streams_init(struct streams *s);

/* Lets go of everything, in the forked launcher. */
void streams_close(struct streams *s);

enum { WATCH_CONSOLE, WATCH_OUTPUT, WATCH_ERROR, WATCH_INPUT, STREAM_WATCHES };

/* Fills STREAM_WATCHES entries for poll, and lowers *timeout (milliseconds, -1 none) to what the streams wait for. */
void streams_watch(struct streams *s, struct pollfd *watches, int *timeout);

/* Moves what is ready, at most one buffer for each stream, so that a flood does not hold up anything else. */
void streams_serve(struct streams *s, const struct pollfd *watches);

/* Whether init's end has been seen and nothing can come any more. */
bool streams_ended(const struct streams *s);

/* Logs what is held of unfinished lines. */
void streams_finish(struct streams *s);

/* How much input can be taken now. */
size_t input_room(const struct streams *s);
void input_add(struct streams *s, const char *bytes, size_t size); /* at most input_room; else what is over is lost */
void input_close(struct streams *s);
void input_resize(struct streams *s, uint16_t rows, uint16_t columns);

/* ---- keeper.sock ---- */

#define MAX_CLIENTS 8

struct doors {
	int listener;
	int clients[MAX_CLIENTS];
};

enum { WATCH_LISTENER = 0, WATCH_CLIENTS, DOOR_WATCHES = WATCH_CLIENTS + MAX_CLIENTS };

void doors_init(struct doors *d);
void doors_close(struct doors *d);

/* Makes "keeper.sock" in the state directory, mode 0600. Changes the working directory to "/". Returns 0 or -errno. */
int doors_open(struct doors *d, int state_dir);
void doors_watch(const struct doors *d, const struct streams *s, struct pollfd *watches);
void doors_serve(struct doors *d, struct streams *s, const struct pollfd *watches);

/* Tells everyone connected that the log grew, unless they have been told and have not looked yet. */
void doors_ring(struct doors *d);

/* ---- the exit record ---- */

struct ending {
	bool known;
	int code;   /* of siginfo: CLD_EXITED, CLD_KILLED, CLD_DUMPED */
	int status; /* exit status or signal */
	bool executed;
	int64_t seconds; /* CLOCK_REALTIME */
	long nanoseconds;
};

/* Sets room aside for the record in the state directory, so that a full file system cannot keep it from being written.
 * Returns the descriptor or -errno. */
int exit_record_prepare(int state_dir);

/* Reads how the dead, not yet reaped child ended, and whether it had executed a program since it was cloned. */
void ending_read(pid_t pid, int code, int status, struct ending *ret_ending);

/* Writes the record and gives it its name. Returns 0 or -errno. */
int exit_record_write(int state_dir, int fd, const struct ending *ending);

/* ---- all of it ---- */

struct keeper {
	struct context context; /* first: the steps get a pointer to it */
	struct streams streams;
	struct doors doors;
	int signals;
	int exit_record;
	pid_t launcher;
	bool launcher_ended;
	bool aborted;
	struct ending ending;
};

/* The keeper's steps, for the table of steps. */
step_function step_open_streams;
step_function step_make_gate;
step_function step_spawn_launcher;

#endif
