/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/supply.h"

#include <stdio.h>
#include <string.h>

#include "os/clock.h"

enum { TIMEOUT_S = 30, TURN_MS = 120000 };

/* Three tries, seconds apart; a service that wants to be left alone for longer is. */
static const struct troth_retry retry = {3, 1000, 20000};

bool troth_supply_take_pccs(struct troth_supply_options *options,
                            struct troth_problem *problem, const char *value)
{
    struct troth_services unused = {.is_pccs = false};
    const char *refusal = troth_services_use_pccs(&unused, value);

    options->pccs = value;
    return !refusal || troth_problem_usage(problem, "--pccs: '%s': %s", value, refusal);
}

bool troth_supply_take_kds(struct troth_supply_options *options,
                           struct troth_problem *problem, const char *value)
{
    struct troth_services unused = {.is_pccs = false};
    const char *refusal = troth_services_use_kds(&unused, value);

    options->kds = value;
    return !refusal || troth_problem_usage(problem, "--kds: '%s': %s", value, refusal);
}

bool troth_supply_take_cache(struct troth_supply_options *options,
                             struct troth_problem *problem, const char *value)
{
    options->cache = value;
    return *value || troth_problem_usage(problem, "--cache: no folder has an empty name");
}

static void begin_cache(struct troth_supply *s,
                        const struct troth_supply_options *options)
{
    bool found = options->cache != NULL;

    if (found)
        (void)snprintf(s->folder, sizeof s->folder, "%s", options->cache);
    else if (!options->alone)
        found = troth_cache_folder(s->folder);
    s->kept = (struct troth_kept){{s->folder}, &s->patience};
    s->gatherer.kept = found ? &s->kept : NULL;
}

static void begin_fetcher(struct troth_supply *s,
                          const struct troth_supply_options *options)
{
    int64_t timeout_s = options->timeout_s ? options->timeout_s : TIMEOUT_S;

    s->fetcher = (struct troth_fetcher){
        .services = &s->services,
        .kept = s->gatherer.kept,
        .ca_file = options->ca,
        .timeout_ms = (long)timeout_s * 1000,
        .turn_ms = TURN_MS,
        .retry = retry,
        .patience = &s->patience,
        .crypto = s->gatherer.crypto,
        .anchors = s->anchors.rows ? &s->anchors : NULL,
        .state = &s->progress,
        .tell = troth_progress_tell,
    };
    s->gatherer.fetcher = options->offline ? NULL : &s->fetcher;
}

void troth_supply_begin(struct troth_supply *supply,
                        const struct troth_supply_options *options,
                        const struct troth_inputs *inputs,
                        const struct troth_crypto *crypto)
{
    struct troth_services *services = &supply->services;

    *supply = (struct troth_supply){
        .progress = troth_progress_begin(),
        .anchors = {inputs->anchors, inputs->anchor_count},
        .gatherer = {.update = options->update,
                     .at_s = troth_clock_now_s(),
                     .crypto = crypto},
    };
    troth_services_default(services);
    if (options->pccs)
        (void)troth_services_use_pccs(services, options->pccs);
    if (options->kds)
        (void)troth_services_use_kds(services, options->kds);
    supply->patience = troth_progress_patience(&supply->progress);
    begin_cache(supply, options);
    begin_fetcher(supply, options);
}

void troth_supply_end(struct troth_supply *supply)
{
    troth_progress_tell(&supply->progress, NULL);
    troth_http_destroy(supply->fetcher.http);
    supply->fetcher.http = NULL;
}

void troth_supply_remedy(char *out, size_t size, const struct troth_supply *supply,
                         const struct troth_piece *piece)
{
    char name[TROTH_STORE_NAME_ROOM], path[TROTH_STORE_PATH_ROOM];

    out[0] = '\0';
    if (piece->state == TROTH_PIECE_DAMAGED &&
        troth_entry_name(name, &piece->need, piece->update) &&
        !troth_store_path(path, &supply->kept.store, name))
        (void)snprintf(out, size, "delete '%s', and it can be fetched anew", path);
}
