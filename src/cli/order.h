/* order.h - what a command line of `troth verify` asks for. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_ORDER_H
#define TROTH_CLI_ORDER_H

#include "cli/inputs.h"
#include "cli/options.h"
#include "cli/supply.h"
#include "troth/ear.h"

/* Words in the order in which they were given; they borrow from the command line. */
struct troth_words {
    const char **rows;
    size_t count;
};

struct troth_order {
    struct troth_inputs inputs; /* owns all memory */
    struct troth_words collateral, roots;
    struct troth_supply_options supply;
    struct troth_clock clock;
    bool json;
    const char *policy;                     /* the file; NULL: none is named */
    const struct troth_policy *policy_read; /* what it holds, where that is known */
    int64_t nonce_made_s;
    const char *ear; /* the key's file; NULL: no token is asked for */
    enum troth_ear_profile ear_profile;
    /* The lists of `requirements`, while they are being written. */
    struct troth_expectation *expect;
    struct troth_span *any, *allow;
    struct troth_requirements requirements;
    const char *event_log;        /* the file; NULL: none */
    struct troth_span event_text; /* what it holds, once it is read */
    const char *log_proof;        /* the file; NULL: none */
    struct troth_span log_text;   /* what it holds, once it is read */
    struct troth_event *events;
    size_t event_count;
};

/* Room for `words`. False, with a problem, if there is no memory. */
bool troth_order_begin(struct troth_order *order, struct troth_problem *problem,
                       const char *const *words);
void troth_order_release(struct troth_order *order);

/* "now", "document", RFC 3339, or seconds since 1970; false if it is none of them. */
bool troth_clock_parse(struct troth_clock *out, struct troth_span text);

/* The value of --nonce: hex, not empty; false with a problem. It lives with the inputs.
 */
bool troth_nonce_parse(struct troth_span *out, struct troth_inputs *inputs,
                       struct troth_problem *problem, const char *value);

/* clang-format off */
/* Options of every command that asks about evidence, whatever that is held against. */
#define TROTH_ASKING_OPTIONS                                                                   \
    {"time", "now|document|RFC3339|UNIX",                                                      \
     "the clock to judge by: this machine's (now, the default), the time the evidence itself " \
     "signs (document: for audit only), or an instant", false, troth_order_time},              \
    {"collateral", "PATH",                                                                     \
     "certificates, revocation lists and statements: a file or every file in a folder", true,  \
     troth_order_collateral},                                                                  \
    {"offline", NULL, "ask no service for collateral that is missing", false,                  \
     troth_order_offline},                                                                     \
    {"pccs", "URL", "ask this PCCS, not Intel's own services", false, troth_order_pccs},       \
    {"kds", "URL", "ask this service, not AMD's own", false, troth_order_kds},                 \
    {"ca", "FILE", "trust these certificates for TLS, too: a PCCS often has its own", false,   \
     troth_order_ca},                                                                          \
    {"cache", "DIR", "where fetched collateral is kept, if not in the user's own cache",       \
     false, troth_order_cache},                                                                \
    {"root", "FILE", "trust this root too; the result will say so", true, troth_order_root},   \
    {"nonce", "HEX", "the challenge this must answer, byte for byte", false,                   \
     troth_order_nonce},                                                                       \
    {"nonce-made", "INSTANT", "when that challenge was made, for a policy's max_age", false,   \
     troth_order_nonce_made},                                                                  \
    {"binding", "SPEC", "what this must be bound to: DOMAIN:FIELD=VALUE,...", false,           \
     troth_order_binding}

/* Of those that hold it against a policy of the caller's. */
#define TROTH_LOG_PROOF_OPTION                                                                 \
    {"log-proof", "FILE",                                                                      \
     "a bundle that shows what runs in the log that the policy names (docs/policy.md)", false, \
     troth_order_log_proof}
/* clang-format on */

/* The rows of troth_verify_options. */
bool troth_order_time(void *order, struct troth_problem *problem, const char *value);
bool troth_order_collateral(void *order, struct troth_problem *problem,
                            const char *value);
bool troth_order_root(void *order, struct troth_problem *problem, const char *value);
bool troth_order_nonce(void *order, struct troth_problem *problem, const char *value);
bool troth_order_binding(void *order, struct troth_problem *problem, const char *value);
bool troth_order_expect(void *order, struct troth_problem *problem, const char *value);
bool troth_order_any(void *order, struct troth_problem *problem, const char *value);
bool troth_order_allow(void *order, struct troth_problem *problem, const char *value);
bool troth_order_log_proof(void *order, struct troth_problem *problem, const char *value);
bool troth_order_event_log(void *order, struct troth_problem *problem, const char *value);
bool troth_order_event(void *order, struct troth_problem *problem, const char *value);
bool troth_order_offline(void *order, struct troth_problem *problem, const char *value);
bool troth_order_pccs(void *order, struct troth_problem *problem, const char *value);
bool troth_order_kds(void *order, struct troth_problem *problem, const char *value);
bool troth_order_ca(void *order, struct troth_problem *problem, const char *value);
bool troth_order_cache(void *order, struct troth_problem *problem, const char *value);
bool troth_order_policy(void *order, struct troth_problem *problem, const char *value);
bool troth_order_nonce_made(void *order, struct troth_problem *problem,
                            const char *value);
bool troth_order_ear(void *order, struct troth_problem *problem, const char *value);
bool troth_order_ear_profile(void *order, struct troth_problem *problem,
                             const char *value);
bool troth_order_json(void *order, struct troth_problem *problem, const char *value);

#endif
