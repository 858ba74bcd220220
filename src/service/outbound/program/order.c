/* SPDX-License-Identifier: Apache-2.0 */
#include "service/outbound/program/order.h"

#include "base/number.h"
#include "base/span.h"
#include "service/outbound/outbound.h"

/* Nobody waits longer for a connection to begin. */
enum { SECONDS_MAX = 3600 };

#define TEXT(member)                                                                     \
    static bool take_##member(void *order, struct troth_problem *problem,                \
                              const char *value)                                         \
    {                                                                                    \
        (void)problem;                                                                   \
        ((struct troth_outbound_order *)order)->member = value;                          \
        return true;                                                                     \
    }
TEXT(listen)
TEXT(user)
TEXT(ready)
#undef TEXT

static bool complain(struct troth_problem *problem, const char *option, const char *value,
                     const char *why, const char *hint)
{
    (void)troth_problem_usage(problem, "%s: '%s' %s", option, value, why);
    troth_problem_hint(problem, "%s", hint);
    return false;
}

static bool add(void *given, struct troth_problem *problem, const char *value,
                bool is_plain)
{
    struct troth_outbound_order *order = given;
    const char *option = is_plain ? "--allow-plain" : "--allow";

    switch ((unsigned)troth_allow_add(&order->allow, value, is_plain)) {
    case TROTH_OK:
        return true;
    case TROTH_ERR_KIND:
        return complain(
            problem, option, value, "is an address",
            "only names can be allowed; /etc/hosts may give one to an address");
    case TROTH_ERR_DUPLICATE:
        return complain(problem, option, value, "is allowed already",
                        "a name and port have one row: TLS, or plain");
    case TROTH_ERR_LIMIT:
        return troth_problem_usage(problem, "%s: no more than %d names", option,
                                   TROTH_ALLOW_ROWS_MAX);
    default:
        return complain(
            problem, option, value, "is no NAME:PORT",
            "api.example.com:443, *.example.org:443, db.internal:5432/private");
    }
}

static bool take_allow(void *order, struct troth_problem *problem, const char *value)
{
    return add(order, problem, value, false);
}

static bool take_allow_plain(void *order, struct troth_problem *problem,
                             const char *value)
{
    return add(order, problem, value, true);
}

static bool take_timeout(void *given, struct troth_problem *problem, const char *value)
{
    struct troth_outbound_order *order = given;
    uint64_t seconds;

    if (troth_uint_parse(&seconds, troth_span_of_text(value), 10) || seconds == 0 ||
        seconds > SECONDS_MAX)
        return troth_problem_usage(problem, "--timeout: '%s' is no number from 1 to %d",
                                   value, SECONDS_MAX);
    order->timeout_s = (int64_t)seconds;
    return true;
}

/* clang-format off */
const struct troth_option troth_outbound_options_table[] = {
    {"listen", "fd:N|ADDRESS:PORT", "where the program asks: a listening socket that was handed in, "
     "or a port to take", false, take_listen},
    {"user", "NAME", "be this user, by name or number, once the socket is open", false, take_user},
    {"allow", "NAME:PORT[/private]", "may be reached by TLS that asks for this name; *.NAME is every "
     "name below it; /private lets its addresses be private ones", true, take_allow},
    {"allow-plain", "NAME:PORT[/private]", "the same, whatever is spoken", true, take_allow_plain},
    {"timeout", "SECONDS", "until a connection stands, its request and look-up included; 30 unless "
     "given", false, take_timeout},
    {"ready", "FD", "write a byte to this descriptor once programs may ask", false, take_ready},
    {"help", NULL, "print this", false, NULL},
    {0},
};
/* clang-format on */

bool troth_outbound_order_parse(struct troth_outbound_order *out,
                                struct troth_problem *problem, bool *out_help,
                                const char *const *words)
{
    struct troth_parsing parsing;

    *out = (struct troth_outbound_order){.timeout_s = TROTH_OUTBOUND_TIMEOUT_S};
    parsing = troth_options_parse_files(out, problem, troth_outbound_options_table, words,
                                        troth_options_refuse_word);
    *out_help = parsing.parsed == TROTH_PARSED_HELP;
    if (*out_help || parsing.parsed != TROTH_PARSED)
        return *out_help;
    return out->listen || troth_problem_usage(problem, "--listen is missing");
}
