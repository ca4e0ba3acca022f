#include "caller.h"
#include "control.h"
#include "launcher.h"
#include "path.h"
#include "syscalls.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define KEYCTL_JOIN 1 /* KEYCTL_JOIN_SESSION_KEYRING */
#define SET_FILTER 1  /* SECCOMP_SET_MODE_FILTER */

step_function step_become_caller, step_new_user_namespace, step_load_floor;

static bool has_group(const gid_t *groups, size_t count, gid_t wanted)
{
	for (size_t i = 0; i < count; i++)
		if (groups[i] == wanted)
			return true;
	return false;
}

/* Both ways: a group too many gives rights, one too few may give them as well (a file that forbids its group). */
static bool same_groups(const struct caller *who)
{
	int count = getgroups(0, NULL);
	gid_t *now = calloc((size_t)(count > 0 ? count : 0) + 1, sizeof *now);
	bool same = now && count >= 0 && getgroups(count, now) == count;

	for (int i = 0; same && i < count; i++)
		same = has_group(who->groups, who->group_count, now[i]);
	for (size_t i = 0; same && i < who->group_count; i++)
		same = has_group(now, (size_t)count, who->groups[i]);
	free(now);
	return same;
}

static bool same_ids(const struct caller *who)
{
	uid_t uids[3];
	gid_t gids[3];

	if (getresuid(&uids[0], &uids[1], &uids[2]) < 0 || getresgid(&gids[0], &gids[1], &gids[2]) < 0)
		return false;
	for (int i = 0; i < 3; i++)
		if (uids[i] != who->uid || gids[i] != who->gid)
			return false;
	return true;
}

static int no_capabilities(void)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct halves[2] = {{0, 0, 0}, {0, 0, 0}};

	if (syscall(SYS_capset, &header, halves) < 0 || syscall(SYS_capget, &header, halves) < 0)
		return -errno;
	for (int i = 0; i < 2; i++)
		if (halves[i].effective || halves[i].permitted || halves[i].inheritable)
			return -EPERM;
	return 0;
}

int become_caller(const struct caller *who, const char **ret_what)
{
	int now, r;

	*ret_what = "become nobody in particular";
	if (who->uid == 0 || who->uid == (uid_t)-1 || who->gid == (gid_t)-1)
		return -EINVAL;
	*ret_what = "take the caller's nice value";
	errno = 0;
	now = getpriority(PRIO_PROCESS, 0);
	if (errno || (who->nice > now && setpriority(PRIO_PROCESS, 0, who->nice) < 0))
		return -errno;
	*ret_what = "take the caller's groups"; /* before the ids, which take the right to it away (D09) */
	if (setgroups(who->group_count, who->groups) < 0)
		return -errno;
	*ret_what = "become the caller's group";
	if (setresgid(who->gid, who->gid, who->gid) < 0)
		return -errno;
	*ret_what = "become the caller";
	if (setresuid(who->uid, who->uid, who->uid) < 0)
		return -errno;
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* a change of ids sets it to what fs.suid_dumpable says */
	*ret_what = "give up all capabilities";
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return -errno;
	r = no_capabilities();
	if (r < 0)
		return r;
	*ret_what = "leave the session keyring";
	if (syscall(SYS_keyctl, KEYCTL_JOIN, NULL) < 0 && errno != ENOSYS)
		return -errno;
	*ret_what = "become the caller: the kernel shows somebody else";
	if (!same_ids(who) || !same_groups(who) || prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
		return -EPERM;
	return 0;
}

/* ---- as words, for the hook role ---- */

/* A number of digits alone up to most, ended by one of `ends`. */
static int take_number(const char **text, uint64_t most, const char *ends, uint64_t *ret_number)
{
	uint64_t number = 0;
	const char *at = *text;

	if (*at < '0' || *at > '9')
		return -EINVAL;
	for (; *at >= '0' && *at <= '9'; at++) {
		uint64_t digit = (uint64_t)(*at - '0');

		if (number > (most - digit) / 10)
			return -EINVAL;
		number = number * 10 + digit;
	}
	if (!strchr(ends,
		    *at)) /* the end of the text counts as one of them, and is refused below where it may not be */
		return -EINVAL;
	*text = *at ? at + 1 : at;
	*ret_number = number;
	return *at;
}

int parse_caller(const char *text, struct caller *ret_who, gid_t *ret_groups, size_t room)
{
	uint64_t uid, gid, nice, group;
	size_t count = 0;
	int sign, end;

	if (take_number(&text, UINT32_MAX - 1, ":", &uid) != ':' ||
		take_number(&text, UINT32_MAX - 1, ":", &gid) != ':')
		return -EINVAL;
	sign = *text == '-' ? -1 : 1;
	text += *text == '-';
	if (take_number(&text, 20, ":", &nice) != ':')
		return -EINVAL;
	while (*text) {
		end = take_number(&text, UINT32_MAX - 1, ",", &group);
		if (end < 0 || (end == ',' && !*text) || count == room)
			return -EINVAL;
		ret_groups[count++] = (gid_t)group;
	}
	*ret_who = (struct caller){(uid_t)uid, (gid_t)gid, ret_groups, count, sign * (int)nice};
	return 0;
}

int apply_limit(const char *text)
{
	uint64_t resource, soft, hard;
	struct rlimit limit;

	if (take_number(&text, 15, ":", &resource) != ':' || take_number(&text, UINT64_MAX, ":", &soft) != ':' ||
		take_number(&text, UINT64_MAX, "", &hard) != 0)
		return -EINVAL;
	limit.rlim_cur = soft;
	limit.rlim_max = hard;
	return setrlimit((int)resource, &limit) < 0 ? -errno : 0;
}

/* ---- steps ---- */

/* What is root's in our own procfs once we are not dumpable, and what we will have to write: opened while we may. A kernel
 * without time namespaces has no such file. */
static void open_own_files(struct context *c, int score)
{
	char text[16];

	c->clocks = open_host("/proc/self/timens_offsets", O_WRONLY);
	c->oom = open_host("/proc/self/oom_score_adj", O_WRONLY);
	(void)snprintf(text, sizeof text, "%d", score);
	/* a lower one than ours needs a right that not every helper has: then ours, which is worse for them, stays */
	if (c->oom >= 0)
		(void)write_text(c->oom, text);
	c->clocks = c->clocks < 0 ? -1 : c->clocks;
	c->oom = c->oom < 0 ? -1 : c->oom;
}

int step_become_caller(struct context *c, const struct step *s)
{
	struct caller who = {s->field[0].u, s->field[1].u, s->field[2].n.at, s->field[2].n.count, (int)s->field[3].u};
	const char *what;
	int r;

	for (int i = 0; i < MAX_CGROUPS; i++)
		if (c->cgroups[i] >= 0) /* by it they could move the processes of others */
			return fail(c, -EBUSY, "become the caller while cgroup %d is open", i);
	open_own_files(c, (int)s->field[4].u);
	c->confined = true; /* never dumpable again, whatever a later step would like */
	r = become_caller(&who, &what);
	return r < 0 ? fail(c, r, "%s (user %u)", what, who.uid) : 0;
}

/* The helper learns who waits for the maps. */
int step_new_user_namespace(struct context *c, const struct step *s)
{
	struct packet packet = {.kind = PACKET_UNSHARED, .value = (uint32_t)getpid(), .step = s->index};
	AUTO_CLOSE int self = -1;
	int r;

	if (unshare(CLONE_NEWUSER) < 0)
		return fail(c, -errno, "make a user namespace");
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	self = sys_pidfd_open(getpid());
	if (self < 0)
		return fail(c, -errno, "open a pidfd of the launcher");
	r = packet_send(c->control, &packet, 0, self);
	if (r == -EPIPE || r == -ECONNRESET)
		return -ECANCELED;
	return r < 0 ? fail(c, r, "send the pidfd of the launcher") : 0;
}

int step_load_floor(struct context *c, const struct step *s)
{
	const union value *filter = &s->field[0];
	struct sock_fprog program = {(unsigned short)(filter->b.size / sizeof(struct sock_filter)), NULL};
	long r;

	if (filter->b.size == 0 || filter->b.size % sizeof(struct sock_filter) ||
		filter->b.size / sizeof(struct sock_filter) > BPF_MAXINSNS)
		return fail(c, -EINVAL, "load a filter of %u bytes", filter->b.size);
	program.filter = malloc(filter->b.size); /* aligned, which the plan's bytes are not */
	if (!program.filter)
		return fail(c, -ENOMEM, "load a filter of %u bytes", filter->b.size);
	memcpy(program.filter, filter->b.at, filter->b.size);
	r = syscall(SYS_seccomp, SET_FILTER, 0, &program);
	r = r < 0 ? fail(c, -errno, "load the seccomp filter of the confined tier") : 0;
	free(program.filter);
	return (int)r;
}
