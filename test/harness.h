/*
 * harness.h - the few words tests are written in; output is TAP.
 *
 * A test program calls CHECK…() as often as it likes, test_case() names what is being
 * tested, and ends with return test_finish(). tools/run-tests adds the programs up.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_HARNESS_H
#define TROTH_TEST_HARNESS_H

#include <stdbool.h>
#include <stddef.h>

#include "troth/error.h"
#include "troth/span.h"

/* Start a case; printf-style name. The one before it ends, passed if no check failed. */
void test_case(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Skip the present case and say why. */
void test_skip(const char *format, ...) __attribute__((format(printf, 1, 2)));

bool test_check(bool holds, const char *text, const char *file, int line);
bool test_check_err(enum troth_err seen, enum troth_err wanted, const char *file,
                    int line);
bool test_check_span(struct troth_span seen, struct troth_span wanted, const char *file,
                     int line);
bool test_check_text(const char *seen, const char *wanted, const char *file, int line);
bool test_check_int(long long seen, long long wanted, const char *file, int line);

#define CHECK(cond)              test_check((cond), #cond, __FILE__, __LINE__)
#define FAIL(why)                test_check(false, (why), __FILE__, __LINE__)
#define CHECK_ERR(seen, wanted)  test_check_err((seen), (wanted), __FILE__, __LINE__)
#define CHECK_SPAN(seen, wanted) test_check_span((seen), (wanted), __FILE__, __LINE__)
#define CHECK_TEXT(seen, wanted) test_check_text((seen), (wanted), __FILE__, __LINE__)
#define CHECK_INT(seen, wanted)                                                          \
    test_check_int((long long)(seen), (long long)(wanted), __FILE__, __LINE__)

/* End the last case, print the plan; the exit status of the program. */
int test_finish(void);

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A span over a zero-terminated text. */
struct troth_span test_text(const char *text);

/* Bytes from hex, spaces ignored; lives until the program ends; aborts on bad hex. */
struct troth_span test_hex(const char *hex);

/* A file's bytes, or {NULL, 0} if it cannot be read; lives until the program ends. */
struct troth_span test_file(const char *path);

/*
 * The genuine vectors: $TROTH_VECTORS or ../shared/vectors beside the project; NULL where
 * there are none, and the case is to be skipped by name. test_vector() reads one file.
 */
const char *test_vectors_dir(void);
struct troth_span test_vector(const char *relative_path);

/* xorshift: the same numbers every run. */
struct test_random {
    unsigned long long state;
};
unsigned test_random_below(struct test_random *random, unsigned limit);

#endif
