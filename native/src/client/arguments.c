#include "client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

/* An option with its value in the next word: neither "--name=value" nor one of the flags. */
static bool takes_next(const char *option, const char *const *flags)
{
	return !strchr(option, '=') && !is_one_of(option, flags);
}

/* The sub-command: the first word that is neither a global option nor the value of one. NULL if there is none. */
static char **find_command(char **argv)
{
	static const char *const flags[] = {"--debug", "--systemd-cgroup", "--version", "-v", "--help", "-h", NULL};

	while (*argv && (*argv)[0] == '-') {
		bool two = takes_next(*argv, flags);

		argv++;
		if (two && *argv)
			argv++;
	}
	return *argv ? argv : NULL;
}

bool needs_no_helper(char **argv)
{
	static const char *const commands[] = {"spec", "explain", "validate", "convert", "features", "help", NULL};
	static const char *const questions[] = {"--version", "-v", "--help", "-h", NULL};
	char **command = find_command(argv);

	for (char **word = argv; *word && word != command; word++)
		if (is_one_of(*word, questions))
			return true;
	if (!command || is_one_of(*command, commands))
		return true;
	return command[1] && is_one_of(command[1], (const char *const[]){"--help", "-h", NULL});
}

const char *global_option(char **argv, const char *name)
{
	char **command = find_command(argv);
	size_t size = strlen(name);
	const char *value = NULL;

	for (char **word = argv; *word && word != command; word++)
		if (strcmp(*word, name) == 0)
			value = word[1];
		else if (strncmp(*word, name, size) == 0 && (*word)[size] == '=')
			value = *word + size + 1;
	return value;
}

bool wants_confined(char **argv)
{
	const char *tier = global_option(argv, "--tier");

	return tier && strcmp(tier, "confined") == 0;
}

const char *wanted_root(char **argv)
{
	return global_option(argv, "--root");
}

static int parse_count(const char *text)
{
	char *end;
	unsigned long n;

	if (!text || *text < '0' || *text > '9')
		return -EINVAL;
	n = strtoul(text, &end, 10);
	return *end || n > MAX_DESCRIPTORS ? -EINVAL : (int)n;
}

int preserved_descriptors(char **argv)
{
	static const char *const commands[] = {"create", "run", "restore", "exec", NULL};
	/* exec's options without a value: behind the container's name stands a program with options of its own */
	static const char *const flags[] = {"-d", "--detach", "-t", "--tty", "--no-new-privs", "--ignore-paused", NULL};
	char **word = find_command(argv);
	bool exec;

	if (!word || !is_one_of(*word, commands))
		return 0;
	exec = strcmp(*word, "exec") == 0;
	for (word++; *word && strcmp(*word, "--") != 0; word++) {
		if (strcmp(*word, "--preserve-fds") == 0)
			return parse_count(word[1]);
		if (strncmp(*word, "--preserve-fds=", 15) == 0)
			return parse_count(*word + 15);
		if (!exec)
			continue;
		if ((*word)[0] != '-')
			break;
		if (takes_next(*word, flags) && word[1])
			word++;
	}
	return 0;
}
