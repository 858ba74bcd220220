/*
 * verify.h - judge evidence: the one entry to everything below it.
 *
 * The core is a pure function: time, randomness, trust anchors, cryptography, memory and
 * requirements are arguments, so any result can be reproduced from its inputs.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_VERIFY_H
#define TROTH_VERIFY_H

#include "troth/anchor.h"
#include "troth/cache.h"
#include "troth/collateral.h"
#include "troth/event_log.h"
#include "troth/policy.h"
#include "troth/verdict.h"

/*
 * NOW and GIVEN differ only in what the result says of them. DOCUMENT takes the time that
 * the evidence itself signs; the verdict is then archival: it says the evidence was good
 * when it was made, not that it is good now. Services never offer it.
 */
enum troth_clock_kind { TROTH_CLOCK_NOW, TROTH_CLOCK_GIVEN, TROTH_CLOCK_DOCUMENT };

struct troth_clock {
    enum troth_clock_kind kind;
    int64_t at_s; /* seconds since 1970, UTC; ignored for DOCUMENT */
};

struct troth_verify_input {
    struct troth_span evidence; /* as received, armour removed */
    struct troth_collateral collateral;
    const struct troth_anchors *anchors; /* NULL: the built-in ones */
    const struct troth_crypto *crypto;
    struct troth_clock clock;
    struct troth_cache *cache; /* NULL: each call verifies every signature */
    /* TROTH_VERIFY_ARENA_SIZE bytes always suffice; with an event log,
     * TROTH_EVENT_LOG_ARENA_SIZE more; with a bundle, TROTH_LOG_PROOF_ARENA_SIZE. */
    struct troth_arena *arena;
    /* With a policy: the nonce and the binding to answer, and nothing else. */
    const struct troth_requirements *requirements;
    const struct troth_policy *policy; /* NULL: `requirements` say it all */
    /* When the caller made the nonce; for a policy's max_age, where the family signs no
     * time. TROTH_INSTANT_UNSAID: he does not say, and the age cannot be told. */
    int64_t nonce_made_s;
    /* What happened at run time (troth/event_log.h), as text; empty: nobody says. */
    struct troth_span event_log;
    /* A bundle that shows what runs in a log (troth/log.h), for a policy that asks for
     * one; empty: none. */
    struct troth_span log_proof;
    /* Each must be among its counted events: the name once, with this data. */
    const struct troth_event *wanted_events;
    size_t wanted_event_count; /* at most TROTH_WANTED_EVENTS_MAX */
};

#define TROTH_INSTANT_UNSAID       0
#define TROTH_LOG_PROOF_ARENA_SIZE ((size_t)512 * 1024)
#define TROTH_WANTED_EVENTS_MAX    64

/* Room for the result of one verification, whatever the evidence and requirements; of
 * it 1 MiB for a policy's images, its rules and their explanations. */
#define TROTH_VERIFY_ARENA_SIZE (TROTH_PREPARE_ARENA_SIZE + (size_t)1280 * 1024)

/* Something that an accepted verdict still leaves open. */
struct troth_limit {
    const char *name; /* "side_channels" */
    const char *text; /* one sentence */
};

/* Why a rule of the policy came out as it did (troth_cel_explain). */
struct troth_explanation {
    const struct troth_rule *rule;
    struct troth_cel_value value; /* false, or an error */
    const struct troth_cel_reason *reasons;
    size_t count;
};

/* Everything borrows from the input and its arena. */
struct troth_result {
    enum troth_answer answer;
    const char *kind;         /* "nitro" */
    const char *title;        /* "AWS Nitro Enclaves document" */
    struct troth_clock clock; /* at_s filled in for DOCUMENT too */
    bool archival;
    const struct troth_anchor *anchor; /* what the chain rests on; NULL if on nothing */
    bool simulated;                    /* it rests on an anchor that is not built in */
    struct troth_verdict verdict;
    struct troth_claims claims;
    const struct troth_limit *const *not_proven;
    size_t not_proven_count;
    /* The earliest instant at which this would stop verifying, and because of what. */
    int64_t valid_until_s;
    const char *valid_until_what;
    /* With a policy: which, the image that was recognised (or "" if none was, or any
     * would do), and an explanation of each rule that does not hold. */
    const struct troth_policy *policy;
    struct troth_span image;
    const struct troth_explanation *explanations;
    size_t explanation_count;
    bool has_nonce; /* the question's nonce, for results that are handed on */
    struct troth_span nonce;
    /* The log that makes the register; empty where there is none, or it does not. Only
     * the first events.counted of its events count. */
    struct troth_event_log events;
};

/*
 * troth_verify - judge one piece of evidence.
 *
 *   out     filled on success, zeroed (so: refused) on failure
 *   fault   where and why the question could not be answered; may be NULL
 *
 * Errors   TROTH_ERR_KIND (nothing recognises it), the family parser's own,
 *          TROTH_ERR_CLOCK (DOCUMENT without a signed time), TROTH_ERR_CRYPTO,
 *          TROTH_ERR_MEMORY (arena), troth_event_log_parse()'s, TROTH_ERR_CLAIM,
 * TROTH_ERR_VALUE (a requirement that cannot be understood; fault.field says
 * "requirements.…", also where requirements ask what the policy beside them should);
 * TROTH_ERR_CLOCK too where a policy meets the DOCUMENT clock Effects  writes the arena
 * and the cache; nothing else
 */
TROTH_MUST_USE enum troth_err troth_verify(struct troth_result *out,
                                           struct troth_fault *fault,
                                           const struct troth_verify_input *input);

/* What `troth show` prints: the claims of evidence that nobody has verified. */
struct troth_showing {
    const char *kind, *title;
    struct troth_claims claims;
};
TROTH_MUST_USE enum troth_err troth_show_unverified(struct troth_showing *out,
                                                    struct troth_fault *fault,
                                                    struct troth_span evidence,
                                                    struct troth_arena *arena);

/*
 * The result as JSON (docs/verify.schema.json), and the showing (docs/show.schema.json).
 *
 *   out, size   receives UTF-8 text without a terminating zero
 *
 * Errors   TROTH_ERR_LIMIT: does not fit
 */
TROTH_MUST_USE enum troth_err troth_result_to_json(uint8_t *out, size_t size,
                                                   size_t *out_len,
                                                   const struct troth_result *result);
TROTH_MUST_USE enum troth_err troth_showing_to_json(uint8_t *out, size_t size,
                                                    size_t *out_len,
                                                    const struct troth_showing *showing);

/* One value as people and scripts read it: hex, decimal, true, RFC 3339, or the text. */
TROTH_MUST_USE enum troth_err troth_value_to_text(uint8_t *out, size_t size,
                                                  size_t *out_len,
                                                  const struct troth_value *value);

#endif
