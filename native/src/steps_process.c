/* The process that becomes the program: limits and identity. All namespaces are new; the root is pivoted. */
#include "launcher.h"
#include "path.h"
#include "syscalls.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define KEYCTL_JOIN 1 /* KEYCTL_JOIN_SESSION_KEYRING */

step_function step_set_listen_pid, step_set_rlimit, step_set_oom_score_adj, step_join_session_keyring, step_new_session,
	step_set_umask, step_set_groups, step_drop_bounding, step_set_ids, step_set_capabilities, step_set_ambient,
	step_set_no_new_privileges;

int step_set_rlimit(struct context *c, const struct step *s)
{
	struct rlimit limit = {.rlim_cur = s->field[1].q, .rlim_max = s->field[2].q};

	if (setrlimit((int)s->field[0].u, &limit) < 0)
		return fail(c, -errno, "set resource limit %u to %llu, %llu", s->field[0].u,
			(unsigned long long)s->field[1].q, (unsigned long long)s->field[2].q);
	return 0;
}

int step_set_oom_score_adj(struct context *c, const struct step *s)
{
	char text[16];

	(void)snprintf(text, sizeof text, "%d", (int)s->field[0].u);
	if (c->confined) { /* opened before we became the caller, judged by what they may now */
		int r = c->oom < 0 ? -EBADF : write_text(c->oom, text);

		return r < 0 ? fail(c, r, "write '%s' to '/proc/self/oom_score_adj'", text) : 0;
	}
	return write_own_proc(c, "oom_score_adj", text);
}

int step_join_session_keyring(struct context *c, const struct step *s)
{
	if (syscall(SYS_keyctl, KEYCTL_JOIN, s->field[0].s) < 0) {
		if (errno != ENOSYS)
			return fail(c, -errno, "join session keyring '%s'", s->field[0].s);
		c->skipped = true; /* a kernel without keyrings has none to protect */
	}
	return 0;
}

int step_new_session(struct context *c, const struct step *s)
{
	(void)s;
	return setsid() < 0 ? fail(c, -errno, "make a session") : 0;
}

int step_set_umask(struct context *c, const struct step *s)
{
	(void)c;
	(void)umask(s->field[0].u);
	return 0;
}

static bool has_group(const gid_t *groups, int count, gid_t wanted)
{
	for (int i = 0; i < count; i++)
		if (groups[i] == wanted)
			return true;
	return false;
}

int step_set_groups(struct context *c, const struct step *s)
{
	const uint32_t *wanted = s->field[0].n.at;
	size_t count = s->field[0].n.count;
	gid_t *now;
	int found;
	bool same;

	if (setgroups(count, wanted) < 0)
		return fail(c, -errno, "set %zu supplementary groups", count);
	found = getgroups(0, NULL);
	now = calloc((size_t)(found > 0 ? found : 0) + 1, sizeof *now);
	if (!now)
		return fail(c, -ENOMEM, "read the supplementary groups back");
	found = getgroups(found, now);
	same = found == (int)count;
	for (size_t i = 0; same && i < count; i++)
		same = has_group(now, found, wanted[i]);
	free(now);
	return same ? 0 : fail(c, -EPERM, "set %zu supplementary groups: the kernel shows others", count);
}

int step_drop_bounding(struct context *c, const struct step *s)
{
	for (unsigned long capability = 0; capability < 64; capability++) {
		int there = prctl(PR_CAPBSET_READ, capability, 0, 0, 0);

		if (there < 0) /* past the last one of this kernel */
			break;
		if (there == 0 || s->field[0].q >> capability & 1)
			continue;
		if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0)
			return fail(c, -errno, "drop capability %lu from the bounding set", capability);
	}
	return 0;
}

int step_set_ids(struct context *c, const struct step *s)
{
	uid_t uid = s->field[0].u, uids[3];
	gid_t gid = s->field[1].u, gids[3];

	if (uid == (uid_t)-1 || gid == (gid_t)-1) /* the kernel reads it as "leave it": setresuid(2) */
		return fail(c, -EINVAL, "become user %u, group %u", uid, gid);
	/* only a pseudoterminal that is ours changes its owner, never a stream of the caller */
	if (c->terminal >= 0 && fchown(c->terminal, uid, (gid_t)-1) < 0)
		return fail(c, -errno, "give the terminal to user %u", uid);
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return fail(c, -errno, "keep capabilities for SetCapabilities");
	if (setresgid(gid, gid, gid) < 0)
		return fail(c, -errno, "become group %u", gid);
	if (setresuid(uid, uid, uid) < 0)
		return fail(c, -errno, "become user %u", uid);
	if (getresgid(&gids[0], &gids[1], &gids[2]) < 0 || getresuid(&uids[0], &uids[1], &uids[2]) < 0)
		return fail(c, -errno, "read the ids back");
	for (int i = 0; i < 3; i++)
		if (gids[i] != gid || uids[i] != uid)
			return fail(c, -EPERM, "become user %u, group %u: the kernel shows others", uid, gid);
	/* a change of ids sets dumpable to what fs.suid_dumpable says */
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	return 0;
}

/* The three sets as 64-bit numbers; capget and capset want two halves of each. */
struct sets {
	uint64_t effective, permitted, inheritable;
};

static int capabilities_write(const struct sets *sets)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct halves[2];

	for (int i = 0; i < 2; i++) {
		halves[i].effective = (uint32_t)(sets->effective >> (32 * i));
		halves[i].permitted = (uint32_t)(sets->permitted >> (32 * i));
		halves[i].inheritable = (uint32_t)(sets->inheritable >> (32 * i));
	}
	return syscall(SYS_capset, &header, halves) < 0 ? -errno : 0;
}

static int capabilities_read(struct sets *ret_sets)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct halves[2];

	if (syscall(SYS_capget, &header, halves) < 0)
		return -errno;
	ret_sets->effective = halves[0].effective | (uint64_t)halves[1].effective << 32;
	ret_sets->permitted = halves[0].permitted | (uint64_t)halves[1].permitted << 32;
	ret_sets->inheritable = halves[0].inheritable | (uint64_t)halves[1].inheritable << 32;
	return 0;
}

int step_set_capabilities(struct context *c, const struct step *s)
{
	/* without noNewPrivileges a filter may only be loaded with CAP_SYS_ADMIN; execve computes both sets anew */
	uint64_t extra = s->field[3].u ? UINT64_C(1) << CAP_SYS_ADMIN : 0;
	struct sets wanted = {s->field[0].q | extra, s->field[1].q | extra, s->field[2].q}, now = {0};
	int r = capabilities_write(&wanted);

	if (r < 0)
		return fail(c, r, "set the capabilities (effective %llx, permitted %llx, inheritable %llx)",
			(unsigned long long)wanted.effective, (unsigned long long)wanted.permitted,
			(unsigned long long)wanted.inheritable);
	r = capabilities_read(&now);
	if (r < 0)
		return fail(c, r, "read the capabilities back");
	/* the kernel silently drops bits that it does not know */
	if (now.effective != wanted.effective || now.permitted != wanted.permitted ||
		now.inheritable != wanted.inheritable)
		return fail(c, -EINVAL, "set the capabilities: the kernel shows others (permitted %llx, wanted %llx)",
			(unsigned long long)now.permitted, (unsigned long long)wanted.permitted);
	(void)prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0);
	return 0;
}

int step_set_ambient(struct context *c, const struct step *s)
{
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return fail(c, -errno, "clear the ambient capabilities");
	for (unsigned long capability = 0; capability < 64; capability++) {
		if (!(s->field[0].q >> capability & 1))
			continue;
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) < 0)
			return fail(c, -errno, "raise ambient capability %lu", capability);
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, capability, 0, 0) != 1)
			return fail(c, -EPERM, "raise ambient capability %lu: the kernel shows it unset", capability);
	}
	return 0;
}

int step_set_no_new_privileges(struct context *c, const struct step *s)
{
	(void)s;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return fail(c, -errno, "set no_new_privs");
	return 0;
}

/* The entry that stands for it in the environment of the program, a step of the same plan, gets our pid. */
int step_set_listen_pid(struct context *c, const struct step *step)
{
	static char variable[32];

	(void)step;
	(void)snprintf(variable, sizeof variable, "LISTEN_PID=%d", (int)getpid());
	for (uint32_t i = 0; i < c->running->count; i++) {
		const struct step *s = &c->running->steps[i];

		if (s->operation != OP_LoadSeccompAndExec)
			continue;
		for (const char **entry = s->field[1].l.at; *entry; entry++)
			if (strcmp(*entry, "LISTEN_PID=") == 0)
				*entry = variable;
	}
	c->value = (uint64_t)getpid();
	return 0;
}
