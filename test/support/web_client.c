/* SPDX-License-Identifier: Apache-2.0 */
#include "test/support/web_client.h"

#include <event2/event.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "os/clock.h"
#include "test/harness.h"

int web_listen(struct troth_address *out)
{
    int made;

    CHECK_ERR(troth_address_parse(out, "127.0.0.1:1"), TROTH_OK);
    ((struct sockaddr_in *)(void *)&out->socket)->sin_port = 0; /* any that is free */
    made = troth_address_listen(out);
    CHECK(made >= 0 && troth_address_of_socket(out, made));
    return made;
}

void web_turn(struct event_base *base)
{
    CHECK(event_base_loop(base, EVLOOP_NONBLOCK) >= 0);
}

int web_join(struct event_base *base, const struct troth_address *at)
{
    const int made = troth_address_connect(at);
    struct pollfd ready = {made, POLLOUT, 0};

    CHECK(made >= 0 && poll(&ready, 1, 1000) == 1);
    web_turn(base);
    return made;
}

void web_say(struct event_base *base, int descriptor, const char *text, size_t piece)
{
    const size_t len = strlen(text);

    for (size_t from = 0; from < len; from += piece) {
        const size_t some = len - from < piece ? len - from : piece;

        /* Who was refused meanwhile need not be listened to. */
        (void)!write(descriptor, text + from, some);
        web_turn(base);
        if (piece > len)
            break;
    }
}

size_t web_hear(struct event_base *base, int descriptor, char *out, size_t most,
                long time_ms)
{
    const int64_t until_ms = troth_clock_monotonic_ms() + time_ms;
    size_t len = 0;

    while (len < most && troth_clock_monotonic_ms() < until_ms) {
        struct pollfd ready = {descriptor, POLLIN, 0};
        ssize_t got;

        web_turn(base);
        (void)poll(&ready, 1, 1);
        got = read(descriptor, out + len, most - len);
        if (got == 0)
            break;
        if (got > 0)
            len += (size_t)got;
    }
    return len;
}

bool web_hears_end(struct event_base *base, int descriptor, long time_ms)
{
    char text[4096];
    const int64_t until_ms = troth_clock_monotonic_ms() + time_ms;

    return web_hear(base, descriptor, text, sizeof text, time_ms) == 0 &&
           troth_clock_monotonic_ms() < until_ms;
}
