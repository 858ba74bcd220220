/* problem.h - why there is no answer, and how it is told. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_PROBLEM_H
#define TROTH_CLI_PROBLEM_H

#include <stdbool.h>

#include "troth/error.h"

/*
 * Every way a command can fail to answer ends in one of these: what the library said, or
 * one of two words of the program's own, "USAGE" and "IO". Texts are cut, never overrun.
 */
struct troth_problem {
    const char *name;  /* "SHORT", "USAGE"; NULL: no problem */
    char subject[256]; /* the file or option it is about, or empty */
    char text[512];    /* the cause, which quotes the subject where that helps */
    const char *field; /* dotted path inside the subject, or NULL */
    size_t offset;     /* of that field, in bytes; 0 where nothing is known */
    char hint[512];    /* what would help, or empty */
};

/* All four return false, so that a caller can return what they return. */
bool troth_problem_usage(struct troth_problem *problem, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* "cannot open 'q.bin': no such file or directory" */
bool troth_problem_io(struct troth_problem *problem, const char *what,
                      const char *subject, int error);
/* "q.bin: nitro.pcrs.value: field holds a value the format forbids (offset 123)" */
bool troth_problem_fault(struct troth_problem *problem, const char *subject,
                         const struct troth_fault *fault);
/* What the library would say. */
bool troth_problem_memory(struct troth_problem *problem);

void troth_problem_hint(struct troth_problem *problem, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What stands behind "troth: error: ". A text for people; control characters are still in
 * it. `size` of 1024 holds any. */
void troth_problem_line(char *out, size_t size, const struct troth_problem *problem);

/*
 * troth_problem_print - tell it, and end the command.
 *
 *   json    a member that stands before "error" in an object on standard output, such as
 *           "\"verdict\": \"undetermined\""; NULL: standard error only
 *
 * Effects  returns the exit status, 2
 */
int troth_problem_print(const struct troth_problem *problem, const char *json);

#endif
