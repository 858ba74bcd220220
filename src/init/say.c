/* SPDX-License-Identifier: Apache-2.0 */
#include "init/say.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 320 };

void troth_init_say(const char *format, ...)
{
    static const char before[] = "troth-init: ";
    const size_t start = sizeof before - 1;
    char line[LINE_MAX_BYTES];
    va_list arguments;

    memcpy(line, before, start);
    line[start] = '\0';
    va_start(arguments, format);
    (void)vsnprintf(line + start, sizeof line - start - 1, format, arguments);
    va_end(arguments);

    size_t len = strlen(line);

    for (size_t i = 0; i < len; i++)
        if ((unsigned char)line[i] < ' ')
            line[i] = '?';
    line[len++] = '\n';
    for (size_t done = 0; done < len;) {
        const ssize_t part = write(STDERR_FILENO, line + done, len - done);

        if (part <= 0)
            return;
        done += (size_t)part;
    }
}

void troth_init_say_all(void)
{
    (void)tcdrain(STDERR_FILENO);
}
