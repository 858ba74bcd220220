/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/connect/side.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/policy_complaint.h"
#include "cli/policy_file.h"
#include "troth/provider.h"

enum {
    KNOWN_ENTRIES = 64,  /* when an epoch ends, each handshake may bring its own */
    CACHE_ENTRIES = 256, /* certificates whose signatures need not be checked again */
};

static bool read_inputs(struct troth_side *side, struct troth_problem *problem)
{
    struct troth_order *order = &side->order->common;
    struct troth_inputs *inputs = &order->inputs;
    bool fine = troth_policy_file_read(&side->tools.policy, inputs, problem,
                                       &side->crypto, order->policy) &&
                troth_policy_fits_connections(problem, troth_inputs_name(order->policy),
                                              side->tools.policy);

    for (size_t i = 0; fine && i < order->roots.count; i++)
        fine = troth_inputs_read_root(inputs, problem, &side->crypto,
                                      order->roots.rows[i]);
    for (size_t i = 0; fine && i < order->collateral.count; i++)
        fine = troth_inputs_read_collateral(inputs, problem, order->collateral.rows[i]);
    side->anchors = (struct troth_anchors){inputs->anchors, inputs->anchor_count};
    return fine;
}

/* The name that is asked for: given, or that of a server whose authority is. */
static const char *server_name(const struct troth_side *side)
{
    const struct troth_connect_order *order = side->order;

    if (order->name)
        return order->name;
    return side->target.is_name ? side->target.host : NULL;
}

static const char *authority(const struct troth_connect_order *order)
{
    /* Empty: this system's. */
    return order->server_ca || !order->name || order->has_pin ? order->server_ca : "";
}

static bool make_tls(struct troth_side *side, struct troth_problem *problem)
{
    const struct troth_connect_order *order = side->order;
    const struct troth_tls_options options = {
        .role = TROTH_CLIENT,
        .ca_file = authority(order),
        .server_name = server_name(side),
        .pinned_sha256 = {order->pin, order->has_pin ? sizeof order->pin : 0},
    };
    const struct troth_fault fault = {troth_tls_create(&side->tls, &options), NULL, 0};

    if (!fault.err)
        return true;
    if (order->server_ca && !options.server_name)
        return troth_problem_usage(problem,
                                   "--server-ca certifies names, and '%s' is none: "
                                   "--name says which",
                                   order->address);
    return troth_problem_fault(problem, order->server_ca ? order->server_ca : "TLS",
                               &fault);
}

static bool make_tools(struct troth_side *side, struct troth_problem *problem)
{
    const size_t known_size = KNOWN_ENTRIES * TROTH_KNOWN_ENTRY_SIZE;

    side->arena = (struct troth_arena){malloc(TROTH_CHANNEL_ARENA_SIZE),
                                       TROTH_CHANNEL_ARENA_SIZE, 0};
    side->known_memory = malloc(known_size);
    side->cache_entries = calloc(CACHE_ENTRIES, sizeof *side->cache_entries);
    if (!side->arena.base || !side->known_memory || !side->cache_entries ||
        !troth_stock_begin(&side->stock, &side->order->common, &side->crypto))
        return troth_problem_memory(problem);
    troth_known_init(&side->known, side->known_memory, known_size);
    troth_cache_init(&side->cache, side->cache_entries, CACHE_ENTRIES);
    side->tools.crypto = &side->crypto;
    side->tools.anchors = side->anchors.count ? &side->anchors : NULL;
    side->tools.cache = &side->cache;
    side->tools.known = &side->known;
    side->tools.arena = &side->arena;
    troth_side_renew(side);
    return true;
}

bool troth_side_begin(struct troth_side *side, struct troth_problem *problem,
                      struct troth_connect_order *order)
{
    struct troth_fault fault;

    *side = (struct troth_side){.order = order};
    fault = (struct troth_fault){troth_provider_create(&side->crypto), NULL, 0};
    if (fault.err)
        return troth_problem_fault(problem, "", &fault);
    return troth_target_parse(&side->target, problem, order->address) &&
           read_inputs(side, problem) && make_tls(side, problem) &&
           make_tools(side, problem);
}

void troth_side_end(struct troth_side *side)
{
    troth_stock_end(&side->stock);
    troth_tls_destroy(side->tls);
    free(side->arena.base);
    free(side->known_memory);
    free(side->cache_entries);
    troth_provider_destroy(&side->crypto);
    *side = (struct troth_side){.order = NULL};
}

void troth_side_renew(struct troth_side *side)
{
    side->tools.collateral = side->stock.collateral;
    side->tools.generation++;
}
