/* SPDX-License-Identifier: Apache-2.0 */
#include "service/agent/door.h"

#include <event2/event.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/local_socket.h"
#include "service/agent/caller.h"

#define DENIED                                                                           \
    TROTH_LITERAL("{\"error\":{\"code\":\"denied\",\"field\":\"user\",\"text\":"         \
                  "\"this user may not ask\"}}\n")
#define CROWDED                                                                          \
    TROTH_LITERAL("{\"error\":{\"code\":\"busy\",\"field\":\"connections\",\"text\":"    \
                  "\"too many connections\"}}\n")

static bool may_enter(const struct troth_door *door, int descriptor)
{
    uint32_t user;

    if (!troth_local_socket_peer(&user, descriptor))
        return false;
    for (size_t i = 0; i < door->options.user_count; i++)
        if (door->options.users[i] == user)
            return true;
    return user == 0 || user == geteuid();
}

/* Without a caller to be: what one user may not do costs the others nothing. */
static void turn_away(int descriptor, unsigned status, struct troth_span body)
{
    const struct troth_json_page page = {.status = status, .body = body};
    uint8_t bytes[768];
    struct troth_writer w = troth_writer_over(bytes, sizeof bytes);

    troth_page_head_write(&w, &page, false);
    troth_write_bytes(&w, body);
    (void)send(descriptor, bytes, w.len, MSG_DONTWAIT | MSG_NOSIGNAL);
    (void)close(descriptor);
}

static void on_accept(struct evconnlistener *listener, int descriptor,
                      struct sockaddr *address, int address_len, void *given)
{
    struct troth_door *door = given;
    struct troth_caller *caller;

    (void)listener;
    (void)address;
    (void)address_len;
    if (!may_enter(door, descriptor)) {
        turn_away(descriptor, 403, DENIED);
        return;
    }
    caller = door->count < TROTH_DOOR_CALLERS_MAX ? troth_caller_create(door) : NULL;
    if (!caller) {
        turn_away(descriptor, 503, CROWDED);
        return;
    }
    if (troth_caller_start(caller, descriptor))
        return;
    if (!caller->stream)
        (void)close(descriptor);
    troth_caller_free(caller);
}

/* Out of descriptors, most likely: some time later there may be one. */
static void on_trouble(struct evconnlistener *listener, void *given)
{
    const struct timeval second = {1, 0};
    struct troth_door *door = given;

    (void)evconnlistener_disable(listener);
    (void)event_add(door->rest, &second);
}

static void on_rested(int unused, short what, void *given)
{
    struct troth_door *door = given;

    (void)unused;
    (void)what;
    (void)evconnlistener_enable(door->listener);
}

enum troth_err troth_door_open(struct troth_door **out,
                               const struct troth_door_options *options)
{
    struct troth_door *door = calloc(1, sizeof *door);

    *out = NULL;
    if (!door)
        return TROTH_ERR_MEMORY;
    door->options = *options;
    door->rest = event_new(options->base, -1, 0, on_rested, door);
    if (door->rest)
        door->listener = evconnlistener_new(options->base, on_accept, door,
                                            LEV_OPT_CLOSE_ON_EXEC, 0,
                                            options->descriptor);
    if (!door->listener) {
        troth_door_close(door);
        return TROTH_ERR_MEMORY;
    }
    evconnlistener_set_error_cb(door->listener, on_trouble);
    *out = door;
    return TROTH_OK;
}

void troth_door_close(struct troth_door *door)
{
    if (!door)
        return;
    while (door->callers)
        troth_caller_free(door->callers);
    if (door->listener)
        evconnlistener_free(door->listener);
    if (door->rest)
        event_free(door->rest);
    free(door);
}

size_t troth_door_callers(const struct troth_door *door)
{
    return door->count;
}
