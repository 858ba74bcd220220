/* SPDX-License-Identifier: Apache-2.0 */
#include "service/agent/door.h"

#include <event2/event.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <unistd.h>

#include "os/local_socket.h"
#include "service/agent/caller.h"

/* So many are told at once why they may not come in; beyond that the door just closes, so
 * that they cost the others nothing. */
enum { GUESTS_MAX = 32 };

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

/* NULL: gone already. */
static struct troth_caller *let_in(struct troth_door *door, int descriptor, bool is_guest)
{
    struct troth_caller *caller = troth_caller_create(door, is_guest);

    if (!caller) {
        (void)close(descriptor);
        return NULL;
    }
    if (troth_caller_start(caller, descriptor))
        return caller;
    if (!caller->stream)
        (void)close(descriptor);
    troth_caller_free(caller);
    return NULL;
}

static void turn_away(struct troth_door *door, int descriptor, unsigned status,
                      const char *field)
{
    struct troth_caller *guest;

    if (door->guests == GUESTS_MAX) {
        (void)close(descriptor);
        return;
    }
    guest = let_in(door, descriptor, true);
    if (guest)
        troth_caller_refuse(guest, status, field);
}

static void on_accept(struct evconnlistener *listener, int descriptor,
                      struct sockaddr *address, int address_len, void *given)
{
    struct troth_door *door = given;

    (void)listener;
    (void)address;
    (void)address_len;
    if (!may_enter(door, descriptor))
        turn_away(door, descriptor, 403, "user");
    else if (door->count == TROTH_DOOR_CALLERS_MAX)
        turn_away(door, descriptor, 503, "connections");
    else
        (void)let_in(door, descriptor, false);
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
