/*
 * verdict.h - the answer to "may I trust this?", check by check.
 *
 * An error (error.h) means the question could not be asked. A verdict means it was
 * asked, and says why. The zero value refuses, so forgotten code fails shut.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_VERDICT_H
#define TROTH_VERDICT_H

#include "troth/claims.h"

/* Exit status 1, 0 and 2 of the command line. */
enum troth_answer { TROTH_REFUSED = 0, TROTH_ACCEPTED, TROTH_UNDETERMINED };

/*
 * NOT_MADE never counts as passed. NOT_APPLICABLE is decided by family, version and
 * policy tables, never by something being absent from the evidence.
 */
enum troth_outcome {
    TROTH_NOT_MADE = 0,
    TROTH_PASSED,
    TROTH_FAILED,
    TROTH_NOT_APPLICABLE
};

/* Every check there is, in the order in which results list them. */
/* clang-format off */
#define TROTH_CHECKS(X)                                                                 \
    /* id            name            what it means to pass                           */ \
    X(KIND,          "kind",         "the evidence is of a kind that may be accepted")  \
    X(TRAILING,      "trailing",     "nothing but padding follows the evidence")        \
    X(RESERVED,      "reserved",     "fields without a meaning are zero")               \
    X(PRODUCT,       "product",      "every source names the same processor product")   \
    X(SIGNING_KEY,   "signing_key",  "the certificate is of the kind the report names") \
    X(ANCHOR,        "anchor",       "the chain starts at a pinned root")               \
    X(CHAIN,         "chain",        "each certificate is issued by the one above it and fit for its role") \
    X(VALIDITY,      "validity",     "every certificate and list is valid at the clock") \
    X(REVOCATION,    "revocation",   "no certificate of the chain is revoked")          \
    X(COLLATERAL,    "collateral",   "what the vendor states of this platform is signed in the role for it") \
    X(QUOTING_ENCLAVE, "quoting_enclave", "the vendor's own enclave holds the key that signed") \
    X(SIGNATURE,     "signature",    "the key that the chain certifies signed the evidence") \
    X(TIME,          "time",         "the signed time is not ahead of the clock")       \
    X(HARDWARE,      "hardware",     "the certificate is of the chip that reported")    \
    X(TCB,           "tcb",          "the firmware versions in certificate and report agree") \
    X(MODULE,        "module",       "the module that isolates the guest is the vendor's own") \
    X(TCB_STATUS,    "tcb_status",   "the vendor calls the platform's firmware up to date") \
    X(PROVISIONAL,   "provisional",  "the running firmware can no longer be rolled back") \
    X(DEBUG,         "debug",        "the host cannot read the memory through debugging") \
    X(MIGRATION,     "migration",    "no migration agent can move the guest")           \
    X(POLICY_BITS,   "policy_bits",  "every bit of the guest policy has a known meaning") \
    X(PLATFORM_BITS, "platform_bits","every bit of the platform's state is known and as it should be") \
    X(ATTRIBUTES,    "attributes",   "every attribute of what runs is known and as it should be") \
    X(REQUESTER,     "requester",    "the guest asked for the report at the expected privilege level") \
    X(MEASUREMENT,   "measurement",  "the code is the code that was named")             \
    X(EVENT_LOG,     "event_log",    "the events make the register that the evidence carries") \
    X(NONCE,         "nonce",        "the evidence answers this very question")         \
    X(CLAIM,         "claim",        "a claim has the value that was asked for")        \
    X(FLOOR,         "floor",        "versions are not below the policy's floors")      \
    X(MACHINE,       "machine",      "the machine is one of those the policy lists")    \
    X(AGE,           "age",          "the evidence is not older than the policy allows") \
    X(LOG,           "log",          "what runs is a release in the log that the policy names") \
    X(RULE,          "rule",         "the policy's own rule holds")
/* clang-format on */

enum troth_check_id {
#define X(id, name, meaning) TROTH_CHECK_##id,
    TROTH_CHECKS(X)
#undef X
        TROTH_CHECK_COUNT
};

const char *troth_check_name(enum troth_check_id id);
const char *troth_check_meaning(enum troth_check_id id);
const char *troth_outcome_name(enum troth_outcome outcome); /* "not made", … */
const char *troth_answer_name(enum troth_answer answer);    /* "refused", … */

/* One row of a result. Texts are static or live in the arena of the verification. */
struct troth_check {
    enum troth_check_id id;
    enum troth_outcome outcome;
    const char *subject;     /* the claim, certificate or bit it is about, or NULL */
    const char *why;         /* one clause for people, or NULL: the name says it */
    struct troth_value seen; /* TROTH_VALUE_NONE where there is nothing to show */
    struct troth_value wanted;
    const char *flag;          /* "--allow": what would change the outcome, or NULL */
    const char *flag_argument; /* "debug" */
    uint32_t policy_line;      /* the line of the policy that decided; 0: none did */
};

/* Did it pass although something was found, because the caller allows that by name? */
bool troth_check_is_allowed(const struct troth_check *check);

struct troth_verdict {
    struct troth_check *checks;
    size_t count;
    size_t capacity;
};

/*
 * Refused if any check failed; else undetermined if any was not made, or there is none;
 * else accepted.
 */
enum troth_answer troth_verdict_answer(const struct troth_verdict *verdict);

/* The first row of `id`, or NULL. */
const struct troth_check *troth_verdict_find(const struct troth_verdict *verdict,
                                             enum troth_check_id id);

#endif
