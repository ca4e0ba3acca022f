/* slipway, the command line: carries argv, cwd, environment and open files to the helper, and brings back output and exit
 * status. It knows no command and no JSON; docs/protocols.md section 8.
 *
 *   main.c      the order of events            arguments.c  the little that has to be known of argv
 *   connect.c   finding the helper, upgrade    frames.c     frames and descriptors on the connection
 *   hello.c     the first frame                requests.c   OPEN, PUT and CONNECT with the caller's own rights
 *   session.c   frames, signals and terminal   terminal.c   raw mode, and its end whatever happens
 *   spawn.c     SPAWN: the launcher as our child, where an engine waits for the container itself
 */
#ifndef SLIPWAY_CLIENT_H
#define SLIPWAY_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What the command could not even be tried with; the helper's own exit statuses are below. */
enum { EXIT_NOT_TRIED = 125, EXIT_MISUSED = 2 };

enum frame_type {
	FRAME_HELLO = 1,
	FRAME_OUT = 2,
	FRAME_ERR = 3,
	FRAME_EXIT = 4,
	FRAME_OPEN = 5,
	FRAME_DONE = 6,
	FRAME_SIGNAL = 7,
	FRAME_RESIZE = 8,
	FRAME_CONSOLE = 9,
	FRAME_PUT = 10,
	FRAME_CONNECT = 11,
	FRAME_SPAWN = 20,
};

/* SCM_MAX_FD of Linux: as many descriptors go along with one message. */
#define MAX_DESCRIPTORS 253

/* ---- complain.c ---- */

/* Prints "slipway: …" in one line on standard error and returns EXIT_NOT_TRIED. */
__attribute__((format(printf, 1, 2))) int complain(const char *format, ...);

/* From now on complaints are also appended to the file that --log names, in the form of --log-format. */
void complain_also_in(char **argv);

/* ---- arguments.c ---- */

/* Whether the command can be done without a helper: spec, explain, validate, convert, features, --version, --help, or none. */
bool needs_no_helper(char **argv);

/* Whether --tier confined stands before the command: then only everybody's socket will do. */
bool wants_confined(char **argv);

/* The value of a global option, as "--name value" or "--name=value"; NULL without one. The last one counts. */
const char *global_option(char **argv, const char *name);

/* The directory of --root, NULL without one. */
const char *wanted_root(char **argv);

/* The N of --preserve-fds N among the options of create, run, exec or restore; 0 without one, -EINVAL if it is no number. */
int preserved_descriptors(char **argv);

/* ---- frames.c ---- */

/* Bytes being put together: the payload of a frame. After the first failed allocation nothing more is added. */
struct buffer {
	uint8_t *bytes;
	size_t length;
	size_t capacity;
	bool failed;
};

void put_bytes(struct buffer *b, const void *bytes, size_t count);
void put_u16(struct buffer *b, uint16_t value);
void put_u32(struct buffer *b, uint32_t value);
void put_string(struct buffer *b, const char *text); /* u32 bytes and the bytes */
void free_buffer(struct buffer *b);

/* Sends one frame, the descriptors with its first byte. Returns 0 or -errno. */
int send_frame(int socket, enum frame_type type, const struct buffer *payload, const int *fds, size_t fd_count);

/* Most descriptors that come with one frame: those of SPAWN. */
#define FRAME_DESCRIPTORS 6

/* A frame as it came; take fields with the functions below, which fail with -EBADMSG beyond its end. */
struct frame {
	uint8_t type;
	uint8_t *payload;
	uint32_t length;
	uint32_t taken;
	int fds[FRAME_DESCRIPTORS]; /* those that came along; one that was taken is -1 */
	unsigned fd_count;
};

/* Receives one whole frame. Returns 0, -EPIPE when the helper is gone, -EBADMSG for what is no frame, or -errno. */
int receive_frame(int socket, struct frame *ret_frame);
void free_frame(struct frame *f);

int take_u32(struct frame *f, uint32_t *ret_value);
int take_string(struct frame *f, char **ret_text); /* NUL-ended, to be freed; a NUL within is -EBADMSG */
int take_bytes(struct frame *f, const uint8_t **ret_bytes, uint32_t *ret_count); /* points into the frame */
int taken_whole(const struct frame *f);

/* ---- connect.c ---- */

/* Connects to a helper that takes our command: that of the directory `root`, if it is a helper's (else it is only a name for
 * a set of containers), or one of the usual places. Returns the socket, or -1 when no helper answers (ret_place and
 * ret_errno say where it was looked for last), or -2 when one refused, which has been said already. */
int connect_helper(const char *root, bool confined, const char **ret_place, int *ret_errno);

/* ---- hello.c ---- */

/* Sends HELLO. Returns 0, or the exit status having said why: EXIT_MISUSED for what was typed, else EXIT_NOT_TRIED. */
int say_hello(int socket, char **argv, char **environ);

/* ---- spawn.c ---- */

/* The launcher that we started as our child; 0 for none. */
struct spawned {
	pid_t pid;
};

/* Does SPAWN: starts the launcher that came along, with our own standard streams and preserved descriptors, and answers DONE
 * with its pidfd. Returns 0, or -errno if the connection is unusable. */
int serve_spawn(int socket, struct frame *request, struct spawned *spawned);

/* Waits for the launcher's end, and kills it first unless the command was finished. The container's first process stays
 * unreaped, unless the command failed: it is for whoever takes in our children when we end. */
void end_spawned(const struct spawned *spawned, bool finished);

/* ---- requests.c ---- */

/* Sends DONE: 0 or -errno as its result, and perhaps a descriptor (else -1), which is closed. Returns 0 or -errno. */
int answer(int socket, uint32_t number, int result, int fd);

/* Does OPEN, PUT or CONNECT and answers DONE. Returns 0, or -errno if the connection is unusable. */
int serve_request(int socket, struct frame *request);

/* ---- terminal.c ---- */

/* Puts our terminal (standard input, else output) into raw mode until leave_raw_mode, the end of the program or a deadly
 * signal. Without a terminal it does nothing. */
void enter_raw_mode(void);
void leave_raw_mode(void); /* harmless when called twice; async-signal-safe */

/* Rows and columns of our terminal; false if there is none. */
bool terminal_size(uint16_t *ret_rows, uint16_t *ret_columns);

/* ---- session.c ---- */

/* Blocks the signals that are to be forwarded and returns the descriptor they come from, or -errno. */
int watch_signals(void);

/* Serves the connection until EXIT. Returns the exit status of the command, EXIT_NOT_TRIED when the helper went away. */
int run_session(int socket, int signals);

#endif
