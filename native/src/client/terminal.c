#include "client.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static struct termios saved;
static volatile sig_atomic_t raw_terminal = -1; /* descriptor of the terminal that is in raw mode */

static int our_terminal(void)
{
	return isatty(STDIN_FILENO) ? STDIN_FILENO : isatty(STDOUT_FILENO) ? STDOUT_FILENO : -1;
}

void leave_raw_mode(void)
{
	int terminal = raw_terminal;

	raw_terminal = -1;
	if (terminal >= 0)
		(void)tcsetattr(terminal, TCSANOW, &saved); /* waiting for stopped output could last for ever */
}

static void on_deadly_signal(int signal)
{
	leave_raw_mode();
	(void)raise(signal); /* SA_RESETHAND: this time it ends us */
}

void enter_raw_mode(void)
{
	static bool prepared;
	struct termios raw;
	int terminal = our_terminal();

	if (terminal < 0 || tcgetattr(terminal, &saved) < 0)
		return;
	if (!prepared) {
		struct sigaction restore = {.sa_handler = on_deadly_signal, .sa_flags = (int)SA_RESETHAND};

		prepared = true;
		(void)atexit(leave_raw_mode);
		for (const int *s =
				(const int[]){SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGPIPE, SIGALRM, SIGXCPU, 0};
			*s; s++)
			(void)sigaction(*s, &restore, NULL);
	}
	raw = saved;
	cfmakeraw(&raw);
	if (tcsetattr(terminal, TCSADRAIN, &raw) == 0)
		raw_terminal = terminal;
}

bool terminal_size(uint16_t *ret_rows, uint16_t *ret_columns)
{
	struct winsize size;
	int terminal = our_terminal();

	if (terminal < 0 || ioctl(terminal, TIOCGWINSZ, &size) < 0)
		return false;
	*ret_rows = size.ws_row;
	*ret_columns = size.ws_col;
	return true;
}
