/* SPDX-License-Identifier: Apache-2.0 */
#include "service/agent/program/channel.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "os/file.h"
#include "os/secret.h"
#include "service/agent/program/say.h"
#include "service/agent/program/settings.h"
#include "service/agent/proofs.h"
#include "service/listener.h"
#include "service/relay.h"
#include "troth/cache.h"

enum {
    KNOWN_ENTRIES = 128,  /* clients whose evidence need not be sent again */
    CACHE_ENTRIES = 1024, /* certificates whose signatures need not be checked again */
    CERTIFICATE_MAX = 64 * 1024
};

struct troth_channel_end {
    const struct troth_agent_order *order;
    const struct troth_crypto *crypto;
    struct troth_address upstream;
    int listener;
    struct troth_tls *tls;
    struct troth_settings *settings;
    struct troth_channel_tools tools;
    struct troth_arena arena;
    struct troth_known known;
    struct troth_cache cache;
    uint8_t *known_memory;
    struct troth_cache_entry *cache_entries;
    struct troth_proofs *proofs;
    struct troth_proof_source source;
    struct troth_agent *agent;
};

/* ---- the port ---- */

static bool take_port(struct troth_channel_end *end, struct troth_problem *problem)
{
    const char *text = end->order->listen;
    const int failed = troth_listener_take(&end->listener, text);

    if (failed == EINVAL)
        return troth_problem_usage(problem, "--listen: '%s' is no address with a port",
                                   text);
    if (failed)
        (void)troth_problem_io(problem, "cannot listen at", text, failed);
    if (failed == EBADF || failed == ENOTSOCK || failed == EOPNOTSUPP)
        troth_problem_hint(problem, "fd:N is a stream socket that listens already, which "
                                    "whoever starts this hands in");
    return !failed;
}

static bool find_upstream(struct troth_channel_end *end, struct troth_problem *problem)
{
    const char *outside = end->order->upstream_outside;
    const char *text = outside ? outside : end->order->upstream;

    if (troth_address_parse(&end->upstream, text))
        return troth_problem_usage(
            problem, "%s: '%s' is neither an address with a port nor a path",
            outside ? "--upstream-outside" : "--upstream", text);
    if (outside || troth_address_is_local(&end->upstream))
        return true;
    (void)troth_problem_usage(problem, "--upstream: '%s' is not on this machine", text);
    troth_problem_hint(problem, "nothing would vouch for what is on the way there; "
                                "--upstream-outside if that is meant");
    return false;
}

/* ---- TLS ---- */

static bool create_tls(struct troth_channel_end *end, struct troth_problem *problem,
                       struct troth_span certificate, struct troth_span key)
{
    const struct troth_tls_options options = {
        .role = TROTH_SERVER, .certificate_chain = certificate, .private_key = key};
    const struct troth_fault fault = {troth_tls_create(&end->tls, &options), NULL, 0};
    const char *path = end->order->certificate;

    return !fault.err || troth_problem_fault(problem, path ? path : "TLS", &fault);
}

static bool read_key(struct troth_channel_end *end, struct troth_problem *problem,
                     struct troth_span certificate)
{
    struct troth_secret_file key;
    const int failed = troth_secret_file_read(&key, end->order->key);
    bool is_made;

    if (failed) {
        (void)troth_problem_io(problem, "cannot read", end->order->key, failed);
        if (failed == EPERM)
            troth_problem_hint(problem, "nobody but its owner may read a private key: "
                                        "chmod 600");
        return false;
    }
    is_made = create_tls(end, problem, certificate,
                         (struct troth_span){key.bytes, key.len});
    troth_secret_file_release(&key);
    return is_made;
}

static bool make_tls(struct troth_channel_end *end, struct troth_problem *problem)
{
    const struct troth_span none = {NULL, 0};
    struct troth_file file;
    int failed;
    bool is_made;

    if (!end->order->certificate)
        return create_tls(end, problem, none, none);
    failed = troth_file_read(&file, end->order->certificate, CERTIFICATE_MAX);
    if (failed)
        return troth_problem_io(problem, "cannot read", end->order->certificate, failed);
    is_made = read_key(end, problem, (struct troth_span){file.bytes, file.len});
    troth_file_release(&file);
    return is_made;
}

/* ---- what clients are judged with ---- */

static void use_settings(struct troth_channel_end *end, struct troth_settings *settings)
{
    troth_settings_destroy(end->settings);
    end->settings = settings;
    end->tools.policy = settings->policy;
    end->tools.anchors = settings->anchors.count ? &settings->anchors : NULL;
    end->tools.collateral = (struct troth_collateral){settings->inputs.items,
                                                      settings->inputs.item_count};
    end->tools.generation++;
}

static bool make_tools(struct troth_channel_end *end, struct troth_problem *problem)
{
    const size_t known_size = KNOWN_ENTRIES * TROTH_KNOWN_ENTRY_SIZE;

    end->arena = (struct troth_arena){malloc(TROTH_CHANNEL_ARENA_SIZE),
                                      TROTH_CHANNEL_ARENA_SIZE, 0};
    end->known_memory = malloc(known_size);
    end->cache_entries = calloc(CACHE_ENTRIES, sizeof *end->cache_entries);
    if (!end->arena.base || !end->known_memory || !end->cache_entries)
        return troth_problem_memory(problem);
    troth_known_init(&end->known, end->known_memory, known_size);
    troth_cache_init(&end->cache, end->cache_entries, CACHE_ENTRIES);
    end->tools.crypto = end->crypto;
    end->tools.cache = &end->cache;
    end->tools.known = &end->known;
    end->tools.arena = &end->arena;
    return true;
}

bool troth_channel_end_prepare(struct troth_channel_end **out,
                               struct troth_problem *problem,
                               const struct troth_agent_order *order,
                               const struct troth_crypto *crypto)
{
    struct troth_channel_end *end = calloc(1, sizeof *end);
    struct troth_settings *settings;

    *out = end;
    if (!end)
        return troth_problem_memory(problem);
    end->order = order;
    end->crypto = crypto;
    end->listener = -1;
    if (!find_upstream(end, problem) || !take_port(end, problem) ||
        !make_tls(end, problem) || !make_tools(end, problem) ||
        !troth_settings_read(&settings, problem, order, crypto))
        return false;
    use_settings(end, settings);
    return true;
}

/* ---- the relay ---- */

static void on_log(void *state, const char *line)
{
    (void)state;
    troth_agent_say("%s", line);
}

/* Where clients come in, as the system has it, and where they are taken. */
static void say_where(const struct troth_channel_end *end)
{
    char in[TROTH_ADDRESS_TEXT_MAX], to[TROTH_ADDRESS_TEXT_MAX];
    struct troth_address address;

    if (troth_address_of_socket(&address, end->listener))
        troth_agent_say("channels are open: %s to %s", troth_address_write(in, &address),
                        troth_address_write(to, &end->upstream));
    if (end->order->upstream_outside)
        troth_agent_say("that is not on this machine: nothing vouches for what is on the "
                        "way there");
}

bool troth_channel_end_open(struct troth_channel_end *end, struct troth_problem *problem,
                            struct troth_agent *agent)
{
    struct troth_relay_options options = {
        .base = agent->options.base,
        .listener = end->listener,
        .tls = end->tls,
        .tools = &end->tools,
        .source = &end->source,
        .asks = end->order->asks,
        .gives = {[TROTH_LEVEL_EPOCH] = true, [TROTH_LEVEL_STRICT] = true},
        .upstream = end->upstream,
        .log = on_log,
        .state = end,
    };

    if (troth_proofs_create(&end->proofs, agent))
        return troth_problem_memory(problem);
    end->agent = agent;
    end->source = troth_proofs_source(end->proofs);
    if (troth_relay_create(&agent->relay, &options))
        return troth_problem_memory(problem);
    agent->upstream = end->order->upstream_outside ? "outside" : "inside";
    say_where(end);
    return true;
}

void troth_channel_end_renew(struct troth_channel_end *end)
{
    struct troth_problem problem = {0};
    struct troth_settings *settings;

    if (!troth_settings_read(&settings, &problem, end->order, end->crypto)) {
        (void)troth_agent_say_problem(&problem);
        troth_agent_say("policy, roots and collateral stay as they were");
        return;
    }
    use_settings(end, settings);
    if (end->agent)
        troth_relay_changed(end->agent->relay);
    troth_agent_say("policy, roots and collateral are read again");
}

void troth_channel_end_close(struct troth_channel_end *end)
{
    if (!end || !end->agent)
        return;
    troth_relay_destroy(end->agent->relay);
    end->agent->relay = NULL;
    end->agent->upstream = NULL;
    troth_proofs_destroy(end->proofs);
    end->proofs = NULL;
}

void troth_channel_end_destroy(struct troth_channel_end *end)
{
    if (!end)
        return;
    if (end->listener >= 0)
        (void)close(end->listener);
    troth_tls_destroy(end->tls);
    troth_settings_destroy(end->settings);
    free(end->arena.base);
    free(end->known_memory);
    free(end->cache_entries);
    free(end);
}
