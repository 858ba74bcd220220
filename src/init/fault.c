/* SPDX-License-Identifier: Apache-2.0 */
#include "init/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool troth_init_fail(struct troth_init_fault *fault, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(fault->text, sizeof fault->text, format, arguments);
    va_end(arguments);
    return false;
}

bool troth_init_fail_errno(struct troth_init_fault *fault, const char *subject, int error)
{
    char text[64];

    return troth_init_fail(fault, "%s: %s", subject,
                           strerror_r(error, text, sizeof text));
}
