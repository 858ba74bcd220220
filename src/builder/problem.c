/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Text from files and archives ends on people's terminals. */
static void put_subject(struct troth_build_problem *problem, const char *subject)
{
    size_t i = 0;

    for (; subject && subject[i] && i + 1 < sizeof(problem->subject); i++) {
        const unsigned char byte = (unsigned char)subject[i];

        problem->subject[i] = byte < 0x20 || byte == 0x7f ? '?' : (char)byte;
    }
    problem->subject[i] = '\0';
}

bool troth_build_fail(struct troth_build_problem *problem, const char *subject,
                      const char *format, ...)
{
    va_list words;

    if (!problem)
        return false;
    memset(problem, 0, sizeof(*problem));
    put_subject(problem, subject);
    va_start(words, format);
    (void)vsnprintf(problem->text, sizeof(problem->text), format, words);
    va_end(words);
    return false;
}

bool troth_build_fail_errno(struct troth_build_problem *problem, const char *subject,
                            const char *what, int error)
{
    return troth_build_fail(problem, subject, "%s: %s", what, strerror(error));
}

void troth_build_hint(struct troth_build_problem *problem, const char *format, ...)
{
    va_list words;

    if (!problem)
        return;
    va_start(words, format);
    (void)vsnprintf(problem->hint, sizeof(problem->hint), format, words);
    va_end(words);
}
