/* limits.h - what an accepted verdict still does not prove, as data. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_LIMITS_H
#define TROTH_EVIDENCE_LIMITS_H

#include "troth/verify.h"

/* clang-format off */
#define TROTH_LIMITS(X)                                                                   \
    X(VENDOR,        "vendor",        "the vendor's hardware, firmware and key handling are trusted") \
    X(SIDE_CHANNELS, "side_channels", "secrets may leak through timing, power or shared caches") \
    X(PHYSICAL,      "physical",      "whoever holds the machine may extract its keys and forge fresh evidence") \
    X(CORRECTNESS,   "correctness",   "the code is the code that was named; whether it is right is another question") \
    X(AVAILABILITY,  "availability",  "the host can stop, slow down or cut off what runs") \
    X(CODE,          "code",          "any code was accepted: nobody said which is wanted") \
    X(FRESHNESS,     "freshness",     "the evidence may be old or replayed: it was not asked to answer a nonce") \
    X(ARCHIVAL,      "archival",      "judged at the time the evidence itself claims: good then, not necessarily now") \
    X(MACHINE,       "machine",       "some machine running this code, not a particular one") \
    X(NO_HARDWARE_ID,"no_hardware_id","the evidence carries no identity of the chip") \
    X(REVOCATION,    "revocation",    "no revocation list was consulted") \
    X(KERNEL,        "kernel",        "kernel, initrd and command line are measured only if the firmware was given their hashes, which the report cannot show") \
    X(ACPI,          "acpi",          "the host writes the guest's ACPI tables, which the firmware may leave unmeasured") \
    X(MILAN_KEYS,    "milan_keys",    "published attacks extract signing keys from processors of this product in software") \
    X(UNSIGNED_BYTES,"unsigned_bytes","bytes that nothing signs follow the evidence") \
    X(CUSTOM_ROOT,   "custom_root",   "the chain rests on a root that no hardware vendor vouches for") \
    X(ALLOWED,       "allowed",       "the caller allowed something that is refused by default")
/* clang-format on */

enum troth_limit_id {
#define X(id, name, text) TROTH_LIMIT_##id,
    TROTH_LIMITS(X)
#undef X
        TROTH_LIMIT_COUNT
};

/* A set of them, one bit each. */
struct troth_limits {
    uint32_t bits;
};

void troth_limits_add(struct troth_limits *limits, enum troth_limit_id id);

/* The rows of a set, in the table's order; returns how many were written. */
size_t troth_limits_list(const struct troth_limit *out[static TROTH_LIMIT_COUNT],
                         struct troth_limits limits);

#endif
