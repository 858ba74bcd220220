/*
 * policy.h - what a relying party demands of evidence, written down.
 *
 * docs/policy.md is the schema for people. A policy is read once and then only read:
 * several threads may verify with it at once.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_POLICY_H
#define TROTH_POLICY_H

#include "troth/arena.h"
#include "troth/cel.h"
#include "troth/crypto.h"
#include "troth/requirements.h"
#include "troth/vocabulary.h"

struct troth_policy; /* src/policy/policy.h */

/* Room for the largest policy there may be. */
#define TROTH_POLICY_ARENA_SIZE  ((size_t)16 * 1024 * 1024)
#define TROTH_POLICY_SOURCE_MAX  ((size_t)256 * 1024) /* bytes of the document */
#define TROTH_POLICY_RULES_MAX   64
#define TROTH_POLICY_RULES_SIZE  ((size_t)16 * 1024) /* bytes of all expressions */
#define TROTH_POLICY_DIGEST_SIZE 32

/* Why a policy cannot be used: one clause for people, and where. */
struct troth_policy_issue {
    uint32_t line, column; /* from 1; 0 where it is about no place */
    char path[96];         /* "images.release-7.tdx.rtmr1"; "" for the whole */
    char text[256];
    char hint[192]; /* what to do about it; may be "" */
};

/*
 * troth_policy_from_json - read, check and compile a policy written as JSON.
 *
 *   out     NULL on failure; borrows `text` and the arena
 *   issue   filled on every failure but TROTH_ERR_MEMORY and TROTH_ERR_CRYPTO; may be
 *           NULL
 *
 * Errors   TROTH_ERR_VALUE and the JSON reader's: see `issue`; TROTH_ERR_MEMORY,
 *          TROTH_ERR_CRYPTO
 * Effects  writes the arena; TROTH_POLICY_ARENA_SIZE bytes always suffice
 */
TROTH_MUST_USE enum troth_err troth_policy_from_json(const struct troth_policy **out,
                                                     struct troth_policy_issue *issue,
                                                     struct troth_span text,
                                                     const struct troth_crypto *crypto,
                                                     struct troth_arena *arena);

/* The document's `policy:`. */
struct troth_span troth_policy_name(const struct troth_policy *policy);

/*
 * SHA-256("troth/policy/v1" ‖ 0 ‖ canonical JSON): the same for the same meaning however
 * it was written (comments, order, YAML or JSON, defaults left out); `tests` do not
 * count.
 */
const uint8_t *troth_policy_digest(const struct troth_policy *policy);

/* The canonical JSON itself (RFC 8785). Borrows the policy. */
struct troth_span troth_policy_canonical(const struct troth_policy *policy);

/* The rules, for those who list them. */
struct troth_rule {
    struct troth_span name;
    struct troth_span source; /* CEL */
    uint32_t line, column;    /* of the source in the document */
    struct troth_cel_program program;
    uint64_t cost; /* steps of one evaluation at most: lists of 64, texts of 1 KiB */
};
struct troth_rules {
    const struct troth_rule *rows;
    size_t count;
};
struct troth_rules troth_policy_rules(const struct troth_policy *policy);

#endif
