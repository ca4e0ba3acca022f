/* Labels of the security modules: AppArmor's profile and SELinux's label for the exec, and the label of a mount. */
#include "launcher.h"
#include "path.h"
#include "syscalls.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>

step_function step_set_apparmor_profile, step_set_selinux_label, step_label_mount;

/* Whether a file of our own directory in /proc says anything: a write that went elsewhere leaves it empty. */
static int says_something(struct context *c, const char *name)
{
	AUTO_CLOSE int self = open_proc_self(c->proc);
	AUTO_CLOSE int fd = self < 0 ? self : open_proc(self, name, O_RDONLY);
	char byte;
	ssize_t n;

	if (fd < 0)
		return fail(c, fd, "open '/proc/self/%s'", name);
	n = read(fd, &byte, 1);
	if (n <= 0)
		return fail(c, n < 0 ? -errno : -EPERM, "write '/proc/self/%s': the kernel shows nothing", name);
	return 0;
}

static int write_attribute(struct context *c, const char *name, const char *text)
{
	int r = write_own_proc(c, name, text);

	return r < 0 ? r : says_something(c, name);
}

/* Whether AppArmor has a directory of its own (Linux 5.1), beside another module that owns the plain files. */
static bool has_own_directory(struct context *c)
{
	AUTO_CLOSE int self = open_proc_self(c->proc);
	AUTO_CLOSE int fd = self < 0 ? self : open_proc(self, "attr/apparmor/exec", O_PATH);

	return fd >= 0;
}

int step_set_apparmor_profile(struct context *c, const struct step *s)
{
	size_t size = strlen(s->field[0].s) + sizeof "exec ";
	char *text;
	int r = need_proc(c);

	if (r < 0)
		return r;
	text = malloc(size);
	if (!text)
		return fail(c, -ENOMEM, "ask for AppArmor profile '%s'", s->field[0].s);
	(void)snprintf(text, size, "exec %s", s->field[0].s);
	r = write_attribute(c, has_own_directory(c) ? "attr/apparmor/exec" : "attr/exec", text);
	free(text);
	return r;
}

int step_set_selinux_label(struct context *c, const struct step *s)
{
	int r = need_proc(c);

	return r < 0 ? r : write_attribute(c, "attr/exec", s->field[0].s);
}

int step_label_mount(struct context *c, const struct step *s)
{
	const char *target = s->field[0].s, *label = s->field[1].s;
	AUTO_CLOSE int fd = open_beneath(c->root, target, O_RDONLY | O_DIRECTORY);

	if (fd < 0)
		return fail(c, fd, "open '%s'", target);
	if (fsetxattr(fd, "security.selinux", label, strlen(label) + 1, 0) < 0)
		return fail(c, -errno, "label '%s' as '%s'", target, label);
	return 0;
}
