/* SPDX-License-Identifier: Apache-2.0 */
#include "service/outbound/session.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/span.h"
#include "os/cause.h"
#include "service/outbound/address_class.h"

/* For one address, so that another has its turn. */
enum { CONNECT_MS = 10000, WHY_MAX = 160 };

static struct troth_span bytes_of(const struct troth_address *address)
{
    const uint8_t *socket = (const uint8_t *)&address->socket;

    if (address->socket.ss_family == AF_INET)
        return (struct troth_span){socket + offsetof(struct sockaddr_in, sin_addr), 4};
    if (address->socket.ss_family == AF_INET6)
        return (struct troth_span){socket + offsetof(struct sockaddr_in6, sin6_addr), 16};
    return (struct troth_span){NULL, 0};
}

/* Would it lead back to this machine? A connection to an address of its own comes from
 * that very address; the system is asked, and nothing is sent. */
static bool is_own(const struct troth_address *address)
{
    struct troth_address from = {.len = sizeof from.socket};
    const int probe = socket(address->socket.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool is_same = false;

    if (probe < 0)
        return false;
    if (connect(probe, (const struct sockaddr *)&address->socket, address->len) == 0 &&
        getsockname(probe, (struct sockaddr *)&from.socket, &from.len) == 0)
        is_same = troth_span_equal(bytes_of(&from), bytes_of(address));
    (void)close(probe);
    return is_same;
}

static bool may_connect(const struct troth_way *way, const char **out_name,
                        const struct troth_address *address)
{
    switch (troth_address_classify(out_name, bytes_of(address))) {
    case TROTH_ADDRESS_UNUSABLE:
        return false;
    case TROTH_ADDRESS_PRIVATE:
        return way->asked.row->is_private;
    case TROTH_ADDRESS_GLOBAL:
        *out_name = "this machine's own";
        return way->asked.row->is_private || !is_own(address);
    }
    return false;
}

/* Keep those that may be connected to. What is wrong with the last of the others. */
static const char *sift(struct troth_way *way)
{
    struct troth_addresses *all = &way->addresses;
    const char *wrong = "of no kind", *name;
    size_t kept = 0;

    for (size_t i = 0; i < all->count; i++)
        if (may_connect(way, &name, &all->list[i]))
            all->list[kept++] = all->list[i];
        else
            wrong = name;
    all->count = kept;
    return wrong;
}

static void refuse_unreached(struct troth_way *way)
{
    char cause[TROTH_CAUSE_MAX], why[WHY_MAX];

    troth_cause_text(cause, way->last_error);
    (void)snprintf(why, sizeof why, "cannot be reached: %s", cause);
    troth_way_refuse(way, way->last_error == ETIMEDOUT ? 504 : 502, why);
}

/* The very addresses that were found and judged: nobody is asked for the name again. */
static void try_next(struct troth_way *way)
{
    while (way->tried < way->addresses.count) {
        way->outside = troth_address_connect(&way->addresses.list[way->tried++]);
        if (way->outside >= 0) {
            const int64_t left_ms = troth_way_left_ms(way);

            way->phase = TROTH_WAY_CONNECTING;
            troth_way_set_timer(way, left_ms < CONNECT_MS ? left_ms : CONNECT_MS);
            troth_way_wait(way, 0, EV_WRITE);
            return;
        }
        way->last_error = errno;
    }
    refuse_unreached(way);
}

static void on_found(void *state, const struct troth_addresses *found)
{
    struct troth_way *way = state;
    char why[WHY_MAX];
    const char *wrong;

    way->lookup = NULL;
    way->addresses = *found;
    if (found->count == 0) {
        (void)snprintf(why, sizeof why, "cannot be looked up: %s", found->why);
        troth_way_refuse(way, 502, why);
        return;
    }
    wrong = sift(way);
    if (way->addresses.count == 0) {
        (void)snprintf(why, sizeof why, "its addresses are not global, but %s", wrong);
        troth_way_refuse(way, 403, why);
        return;
    }
    try_next(way);
}

void troth_way_reach(struct troth_way *way)
{
    way->phase = TROTH_WAY_LOOKING;
    troth_way_wait(way, 0, 0);
    way->lookup = troth_lookup_begin(way->outbound->lookups, &way->asked.name,
                                     way->asked.port, on_found, way);
    if (!way->lookup)
        troth_way_refuse(way, 502, "cannot be looked up: out of memory");
}

void troth_way_reached(struct troth_way *way, int error)
{
    socklen_t len = sizeof error;

    if (!error && getsockopt(way->outside, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
        error = errno;
    if (!error) {
        troth_way_connected(way);
        return;
    }
    troth_way_wait(way, 0, 0);
    (void)close(way->outside);
    way->outside = -1;
    way->last_error = error;
    if (troth_way_left_ms(way) > 0)
        try_next(way);
    else
        refuse_unreached(way);
}
