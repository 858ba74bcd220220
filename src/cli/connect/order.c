/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/connect/order.h"

#include <string.h>

#include "base/duration.h"
#include "base/hex.h"
#include "base/span.h"
#include "cli/commands.h"

static bool take_listen(void *order, struct troth_problem *problem, const char *value)
{
    ((struct troth_connect_order *)order)->listen = value;
    return *value || troth_problem_usage(problem, "--listen: nothing has an empty name");
}

static bool take_stdio(void *order, struct troth_problem *problem, const char *value)
{
    (void)problem;
    (void)value;
    ((struct troth_connect_order *)order)->uses_stdio = true;
    return true;
}

static bool take_require(void *order, struct troth_problem *problem, const char *value)
{
    struct troth_connect_order *o = order;

    for (int level = TROTH_LEVEL_EPOCH; level < TROTH_LEVEL_COUNT; level++)
        if (strcmp(value, troth_level_name((enum troth_level)level)) == 0) {
            o->asks = (enum troth_level)level;
            return true;
        }
    return troth_problem_usage(problem, "--require: '%s' is neither epoch nor strict",
                               value);
}

static bool take_name(void *order, struct troth_problem *problem, const char *value)
{
    ((struct troth_connect_order *)order)->name = value;
    return *value ||
           troth_problem_usage(problem, "--name: no certificate has an empty one");
}

/* 64 hex digits, with or without colons between the bytes. */
static bool take_pin(void *order, struct troth_problem *problem, const char *value)
{
    struct troth_connect_order *o = order;
    uint8_t digits[2 * sizeof o->pin];
    size_t count = 0, len = 0;

    for (const char *c = value; *c && count < sizeof digits; c++)
        if (*c != ':')
            digits[count++] = (uint8_t)*c;
    o->has_pin = strlen(value) <= 3 * sizeof o->pin - 1 &&
                 !troth_hex_parse(o->pin, sizeof o->pin, &len,
                                  (struct troth_span){digits, count}) &&
                 len == sizeof o->pin;
    return o->has_pin || troth_problem_usage(
                             problem, "--pin: '%s' is no SHA-256: 64 hex digits", value);
}

static bool take_server_ca(void *order, struct troth_problem *problem, const char *value)
{
    (void)problem;
    ((struct troth_connect_order *)order)->server_ca = value;
    return true;
}

static bool take_max_age(void *order, struct troth_problem *problem, const char *value)
{
    struct troth_connect_order *o = order;

    return (troth_duration_parse(&o->max_age_s, troth_span_of_text(value)) &&
            o->max_age_s > 0) ||
           troth_problem_usage(problem, "--max-age: '%s' is no time such as 15m or 12h",
                               value);
}

static bool take_evidence(void *order, struct troth_problem *problem, const char *value)
{
    ((struct troth_connect_order *)order)->evidence = value;
    return *value ||
           troth_problem_usage(problem, "--evidence: no file has an empty name");
}

/* clang-format off */
const struct troth_option troth_connect_options[] = {
    {"policy", "FILE", "what the machine at ADDR has to prove (docs/policy.md)", false,
     troth_order_policy},
    {"listen", "ADDR", "take connections here: PORT on this machine alone, a socket's path, or an address "
     "in full", false, take_listen},
    {"stdio", NULL, "one connection, between standard input and standard output", false, take_stdio},
    {"require", "epoch|strict", "how fresh the proof has to be: of this epoch, the default, or made for "
     "each connection", false, take_require},
    {"max-age", "TIME", "how old an epoch's evidence may be: 15m, 1h", false, take_max_age},
    {"root", "FILE", "trust this root too; what is proven will say so", true, troth_order_root},
    {"collateral", "PATH",
     "certificates, revocation lists and statements: a file or every file in a folder", true,
     troth_order_collateral},
    {"offline", NULL, "ask no service for collateral that is missing", false, troth_order_offline},
    {"pccs", "URL", "ask this PCCS, not Intel's own services", false, troth_order_pccs},
    {"kds", "URL", "ask this service, not AMD's own", false, troth_order_kds},
    {"ca", "FILE", "trust these certificates for services' TLS, too", false, troth_order_ca},
    {"cache", "DIR", "where fetched collateral is kept, if not in the user's own cache", false,
     troth_order_cache},
    {"name", "NAME", "the server's certificate has to be of this name", false, take_name},
    {"server-ca", "FILE", "who may certify it, if not one of this system's authorities", false,
     take_server_ca},
    {"pin", "SHA256", "the server's certificate has to be this one", false, take_pin},
    {"evidence", "FILE", "keep the evidence that was accepted first: for 'troth show', 'troth reproduce'", false,
     take_evidence},
    {"json", NULL, "say what happens as JSON, an object a line (docs/connect.schema.json)", false,
     troth_order_json},
    {"help", NULL, "print this", false, NULL},
    {NULL, NULL, NULL, false, NULL},
};
/* clang-format on */

const char troth_connect_operands[] = " ADDR [-- COMMAND...]";

const char troth_connect_example[] =
    "troth connect app.example:8443 --policy policy.yaml -- curl http://{}/";

const char troth_connect_notes[] =
    "ADDR is HOST:PORT, IP:PORT, [IPv6]:PORT or vsock:CID:PORT. The machine there is "
    "verified before\n"
    "anything is listened for or run, and again by each connection. One of --listen, "
    "--stdio and\n"
    "-- COMMAND says what goes through; {} in the words of COMMAND is 127.0.0.1:PORT, "
    "{port} the PORT.\n"
    "With COMMAND the exit status is the command's.\n\n";

static bool check_ways(const struct troth_connect_order *o, struct troth_problem *problem)
{
    const int ways = (o->listen != NULL) + o->uses_stdio + (o->command != NULL);

    if (!o->address)
        return troth_problem_usage(problem, "no ADDR is given");
    if (o->command && !*o->command)
        return troth_problem_usage(problem, "no COMMAND stands behind '--'");
    if (ways == 1)
        return true;
    (void)troth_problem_usage(problem,
                              ways ? "--listen, --stdio and -- COMMAND: one at a time"
                                   : "what is to go through the connection?");
    troth_problem_hint(problem, "--listen PORT, --stdio, or -- COMMAND");
    return false;
}

static bool check(const struct troth_connect_order *o, struct troth_problem *problem)
{
    if (!check_ways(o, problem))
        return false;
    if (!o->common.policy) {
        (void)troth_problem_usage(problem, "no --policy is given");
        troth_problem_hint(problem,
                           "a policy says what the machine has to prove: 'troth policy "
                           "init' writes one");
        return false;
    }
    return true;
}

/* Those before "--", which ends with them; the rest are the command's. */
static const char **take_own(struct troth_connect_order *o, struct troth_problem *problem,
                             const char *const *words)
{
    size_t count = 0;
    const char **own;

    while (words[count] && strcmp(words[count], "--") != 0)
        count++;
    if (words[count])
        o->command = words + count + 1;
    own = troth_inputs_allocate(&o->common.inputs, problem, (count + 1) * sizeof *own);
    for (size_t i = 0; own && i < count; i++)
        own[i] = words[i];
    return own;
}

enum troth_parsed troth_connect_order_parse(struct troth_connect_order *out,
                                            struct troth_problem *problem,
                                            const struct troth_option *options,
                                            const char *const *words)
{
    struct troth_parsing parsing = {TROTH_PARSED_NOT, NULL};
    const char **own;

    *out = (struct troth_connect_order){.asks = TROTH_LEVEL_EPOCH};
    if (!troth_order_begin(&out->common, problem, words))
        return TROTH_PARSED_NOT;
    own = take_own(out, problem, words);
    if (own)
        parsing = troth_options_parse(out, problem, options, own);
    out->address = parsing.file;
    if (parsing.parsed == TROTH_PARSED && !check(out, problem))
        parsing.parsed = TROTH_PARSED_NOT;
    return parsing.parsed;
}

void troth_connect_order_release(struct troth_connect_order *order)
{
    troth_order_release(&order->common);
}
