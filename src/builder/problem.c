/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "os/cause.h"

/* Text from files and archives ends on people's terminals. */
static void put_subject(struct troth_build_problem *problem, struct troth_span subject)
{
    size_t i = 0;

    for (; i < subject.len && i + 1 < sizeof(problem->subject); i++) {
        const uint8_t byte = subject.ptr[i];

        problem->subject[i] = (char)(byte < 0x20 || byte == 0x7f ? '?' : byte);
    }
    problem->subject[i] = '\0';
}

__attribute__((format(printf, 3, 0))) static void put(struct troth_build_problem *problem,
                                                      struct troth_span subject,
                                                      const char *format, va_list words)
{
    if (!problem)
        return;
    memset(problem, 0, sizeof(*problem));
    put_subject(problem, subject);
    (void)vsnprintf(problem->text, sizeof(problem->text), format, words);
}

bool troth_build_fail(struct troth_build_problem *problem, const char *subject,
                      const char *format, ...)
{
    va_list words;

    va_start(words, format);
    put(problem, troth_span_of_text(subject ? subject : ""), format, words);
    va_end(words);
    return false;
}

bool troth_build_fail_at(struct troth_build_problem *problem, struct troth_span path,
                         const char *format, ...)
{
    va_list words;

    va_start(words, format);
    put(problem, path, format, words);
    va_end(words);
    return false;
}

bool troth_build_fail_errno(struct troth_build_problem *problem, const char *subject,
                            const char *what, int error)
{
    char cause[TROTH_CAUSE_MAX];

    troth_cause_text(cause, error);
    return troth_build_fail(problem, subject, "%s: %s", what, cause);
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
