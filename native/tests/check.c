#include "check.h"

#include <stdio.h>
#include <string.h>

static unsigned passed, failed;

bool check_result(bool good, const char *file, int line, const char *what)
{
	if (good)
		passed++;
	else
		failed++;
	if (!good)
		printf("%s:%d: failed: %s\n", file, line, what);
	return good;
}

bool check_equal(long actual, long expected, const char *file, int line, const char *what)
{
	if (actual != expected)
		printf("%s:%d: %ld, expected %ld\n", file, line, actual, expected);
	return check_result(actual == expected, file, line, what);
}

bool check_string(const char *actual, const char *expected, const char *file, int line, const char *what)
{
	bool good = actual && strcmp(actual, expected) == 0;

	if (!good)
		printf("%s:%d: '%s', expected '%s'\n", file, line, actual ? actual : "(null)", expected);
	return check_result(good, file, line, what);
}

int check_done(void)
{
	printf("%u passed, %u failed\n", passed, failed);
	return failed > 0;
}
