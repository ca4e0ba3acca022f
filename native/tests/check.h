/* The smallest test frame: a failed check is printed and counted, and the test goes on. */
#ifndef SLIPWAY_CHECK_H
#define SLIPWAY_CHECK_H

#include <stdbool.h>

#define CHECK(condition) check_result((condition), __FILE__, __LINE__, #condition)
#define CHECK_EQUAL(actual, expected) check_equal((long)(actual), (long)(expected), __FILE__, __LINE__, #actual)
#define CHECK_STRING(actual, expected) check_string((actual), (expected), __FILE__, __LINE__, #actual)

bool check_result(bool good, const char *file, int line, const char *what);
bool check_equal(long actual, long expected, const char *file, int line, const char *what);
bool check_string(const char *actual, const char *expected, const char *file, int line, const char *what);

/* Prints the counts and returns main's exit status. */
int check_done(void);

#endif
