/* SPDX-License-Identifier: Apache-2.0 */
#include "service/run/notify.h"

#include <stddef.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/number.h"
#include "base/span.h"

static bool find(struct troth_run_notify *out, const char *socket)
{
    const size_t len = strlen(socket);

    if (len < 2 || len > sizeof out->address.sun_path ||
        (*socket != '/' && *socket != '@'))
        return false;
    out->address.sun_family = AF_UNIX;
    memcpy(out->address.sun_path, socket, len);
    if (*socket == '@')
        out->address.sun_path[0] = '\0';
    out->len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
    return true;
}

/* Twice as often as it has to be. */
static int64_t half_ms(const char *watchdog, const char *watched)
{
    uint64_t microseconds, process;

    if (!watchdog || troth_uint_parse(&microseconds, troth_span_of_text(watchdog), 10) ||
        microseconds == 0 || microseconds > INT64_MAX)
        return 0;
    if (watched && (troth_uint_parse(&process, troth_span_of_text(watched), 10) ||
                    process != (uint64_t)getpid()))
        return 0;
    return microseconds < 2000 ? 1 : (int64_t)(microseconds / 2000);
}

void troth_run_notify_open(struct troth_run_notify *out, const char *socket_name,
                           const char *watchdog, const char *watched)
{
    const struct timeval patience = {1, 0};

    *out = (struct troth_run_notify){.descriptor = -1};
    if (!socket_name || !find(out, socket_name))
        return;
    out->descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (out->descriptor < 0)
        return;
    (void)setsockopt(out->descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience,
                     sizeof patience);
    out->watchdog_ms = half_ms(watchdog, watched);
}

void troth_run_notify_close(struct troth_run_notify *notify)
{
    if (notify->descriptor >= 0)
        (void)close(notify->descriptor);
    *notify = (struct troth_run_notify){.descriptor = -1};
}

void troth_run_notify_say(const struct troth_run_notify *notify, const char *text)
{
    if (notify->descriptor >= 0)
        (void)sendto(notify->descriptor, text, strlen(text), MSG_NOSIGNAL,
                     (const struct sockaddr *)&notify->address, notify->len);
}
