/* SPDX-License-Identifier: Apache-2.0 */
#include "service/agent/program/order.h"

#include <string.h>

#include "base/hex.h"
#include "base/number.h"
#include "base/span.h"
#include "service/agent/agent.h"

/* A day: nobody waits longer for a device, and no key should serve longer. */
enum { SECONDS_MAX = 86400 };

static bool take_number(struct troth_problem *problem, uint64_t *out, const char *option,
                        const char *value, uint64_t most)
{
    if (troth_uint_parse(out, troth_span_of_text(value), 10) || *out > most)
        return troth_problem_usage(problem, "%s: '%s' is no number up to %llu", option,
                                   value, (unsigned long long)most);
    return true;
}

static bool take_seconds(struct troth_problem *problem, int64_t *out, const char *option,
                         const char *value)
{
    uint64_t seconds;

    if (!take_number(problem, &seconds, option, value, SECONDS_MAX))
        return false;
    if (seconds == 0)
        return troth_problem_usage(problem, "%s: at least one second", option);
    *out = (int64_t)seconds;
    return true;
}

static bool take_path(struct troth_problem *problem, const char **paths, size_t *count,
                      const char *option, const char *value)
{
    if (*count == TROTH_AGENT_PATHS_MAX)
        return troth_problem_usage(problem, "%s: no more than %d times", option,
                                   TROTH_AGENT_PATHS_MAX);
    paths[(*count)++] = value;
    return true;
}

#define TEXT(member)                                                                     \
    static bool take_##member(void *order, struct troth_problem *problem,                \
                              const char *value)                                         \
    {                                                                                    \
        (void)problem;                                                                   \
        ((struct troth_agent_order *)order)->member = value;                             \
        return true;                                                                     \
    }
TEXT(socket)
TEXT(user)
TEXT(events)
TEXT(ready)
TEXT(checkpoint)
TEXT(listen)
TEXT(upstream)
TEXT(upstream_outside)
TEXT(certificate)
TEXT(key)
TEXT(policy)
#undef TEXT

static bool take_allow_uid(void *given, struct troth_problem *problem, const char *value)
{
    struct troth_agent_order *order = given;
    uint64_t user;

    /* The last number means "no user" to the kernel. */
    if (!take_number(problem, &user, "--allow-uid", value, UINT32_MAX - 1))
        return false;
    if (order->user_count == TROTH_AGENT_USERS_MAX)
        return troth_problem_usage(problem, "--allow-uid: no more than %d users",
                                   TROTH_AGENT_USERS_MAX);
    order->users[order->user_count++] = (uint32_t)user;
    return true;
}

static bool is_event(const struct troth_event *event)
{
    return troth_event_check(event) == TROTH_OK &&
           !troth_span_is_text(event->name, TROTH_EVENT_BOUNDARY);
}

static bool take_event(void *given, struct troth_problem *problem, const char *value)
{
    struct troth_agent_order *order = given;
    const size_t at = order->first_count;
    struct troth_span hex = troth_span_of_text(value);
    struct troth_event *event = &order->first[at];

    if (at == TROTH_AGENT_FIRST_MAX)
        return troth_problem_usage(problem, "--event: no more than %d times",
                                   TROTH_AGENT_FIRST_MAX);
    event->name = troth_span_next_item(&hex, '=');
    event->data.ptr = order->first_data[at];
    if (event->name.len == strlen(value) ||
        troth_hex_parse(order->first_data[at], TROTH_EVENT_DATA_MAX, &event->data.len,
                        hex) ||
        !is_event(event)) {
        (void)troth_problem_usage(problem, "--event: '%s' is no event", value);
        troth_problem_hint(problem, "NAME=HEX: letters, digits, '.', '_', '-', '/' up to "
                                    "64, not 'sealed'; up to 1024 bytes");
        return false;
    }
    order->first_count++;
    return true;
}

static bool take_timeout(void *order, struct troth_problem *problem, const char *value)
{
    return take_seconds(problem, &((struct troth_agent_order *)order)->timeout_s,
                        "--timeout", value);
}

static bool take_epoch(void *order, struct troth_problem *problem, const char *value)
{
    return take_seconds(problem, &((struct troth_agent_order *)order)->epoch_s, "--epoch",
                        value);
}

static bool take_ask(void *given, struct troth_problem *problem, const char *value)
{
    struct troth_agent_order *order = given;

    for (int level = TROTH_LEVEL_NONE; level < TROTH_LEVEL_COUNT; level++)
        if (troth_span_is_text(troth_span_of_text(value),
                               troth_level_name((enum troth_level)level))) {
            order->asks = (enum troth_level)level;
            order->has_ask = true;
            return true;
        }
    return troth_problem_usage(problem, "--ask: '%s' is none of none, epoch, strict",
                               value);
}

static bool take_root(void *given, struct troth_problem *problem, const char *value)
{
    struct troth_agent_order *order = given;

    return take_path(problem, order->roots, &order->root_count, "--root", value);
}

static bool take_collateral(void *given, struct troth_problem *problem, const char *value)
{
    struct troth_agent_order *order = given;

    return take_path(problem, order->collateral, &order->collateral_count, "--collateral",
                     value);
}

/* clang-format off */
const struct troth_option troth_agent_options_table[] = {
    {"socket", "PATH", "where applications ask: a path, or fd:N, a socket that listens already; "
     TROTH_AGENT_SOCKET " unless given", false, take_socket},
    {"allow-uid", "N", "this user may ask, too, beside root and the agent's own", true,
     take_allow_uid},
    {"user", "NAME", "be this user, by name or number, once the device and the sockets are open",
     false, take_user},
    {"event-log", "FILE", "keep the log of events here, so that a later agent of the same boot "
     "goes on with it", false, take_events},
    {"event", "NAME=HEX", "extend the register by this, and then by the boundary, before anybody can ask "
     "for more, unless the log has it", true, take_event},
    {"ready", "FD", "write a byte to this descriptor and close it once all can ask", false,
     take_ready},
    {"timeout", "SECONDS", "for the device, waiting for it included; 30 unless given", false,
     take_timeout},
    {"listen", "ADDRESS", "end attested channels here: an address and port, vsock:PORT, "
     "vsock:CID:PORT, or fd:N, a socket that listens already", false, take_listen},
    {"upstream", "ADDRESS", "where their data goes: a loopback address and port, or the path of "
     "a Unix socket", false, take_upstream},
    {"upstream-outside", "ADDRESS", "instead: an address that is not on this machine; nothing "
     "vouches for what is on the way there", false, take_upstream_outside},
    {"ask", "none|epoch|strict", "what clients have to prove; nothing unless given", false,
     take_ask},
    {"policy", "FILE", "what their evidence is held against: JSON (docs/policy.md)", false,
     take_policy},
    {"root", "FILE", "trust this root for their evidence, too", true, take_root},
    {"collateral", "PATH", "certificates, revocation lists and statements for it: a file or every "
     "file in a folder", true, take_collateral},
    {"certificate", "FILE", "the server's own, PEM, its chain behind it; made at start unless given",
     false, take_certificate},
    {"key", "FILE", "its private key, PEM; nobody else may read the file", false, take_key},
    {"checkpoint", "FILE", "a log's witnessed checkpoint, read again when it changes: evidence is "
     "made after it, for clients that take that for a nonce", false, take_checkpoint},
    {"epoch", "SECONDS", "how long a channel key serves; 1800 unless given", false, take_epoch},
    {"help", NULL, "print this", false, NULL},
    {0},
};
/* clang-format on */

/* Options that mean nothing without another. */
static bool check(const struct troth_agent_order *order, struct troth_problem *problem)
{
    const struct {
        const char *option;
        bool is_given;
        const char *needs;
        bool has_it;
    } rows[] = {
        {"--listen", order->listen, "--upstream",
         order->upstream || order->upstream_outside},
        {"--upstream", order->upstream, "--listen", order->listen},
        {"--upstream-outside", order->upstream_outside, "--listen", order->listen},
        {"--event", order->first_count, "--event-log", order->events},
        {"--certificate", order->certificate, "--key", order->key},
        {"--key", order->key, "--certificate", order->certificate},
        {"--certificate", order->certificate, "--listen", order->listen},
        {"--checkpoint", order->checkpoint, "--listen", order->listen},
        {"--ask", order->has_ask, "--listen", order->listen},
        {"--policy", order->policy, "--ask", order->asks != TROTH_LEVEL_NONE},
        {"--ask", order->asks != TROTH_LEVEL_NONE, "--policy", order->policy},
        {"--root", order->root_count, "--policy", order->policy},
        {"--collateral", order->collateral_count, "--policy", order->policy},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].is_given && !rows[i].has_it)
            return troth_problem_usage(problem, "%s means nothing without %s",
                                       rows[i].option, rows[i].needs);
    if (order->upstream && order->upstream_outside)
        return troth_problem_usage(problem,
                                   "--upstream or --upstream-outside: there is one");
    return true;
}

bool troth_agent_order_parse(struct troth_agent_order *out, struct troth_problem *problem,
                             bool *out_help, const char *const *words)
{
    struct troth_parsing parsing;

    *out = (struct troth_agent_order){.socket = TROTH_AGENT_SOCKET,
                                      .timeout_s = TROTH_AGENT_TIMEOUT_S,
                                      .epoch_s = TROTH_PROVER_EPOCH_S};
    parsing = troth_options_parse_files(out, problem, troth_agent_options_table, words,
                                        troth_options_refuse_word);
    *out_help = parsing.parsed == TROTH_PARSED_HELP;
    return *out_help || (parsing.parsed == TROTH_PARSED && check(out, problem));
}
