/*
 * attester.h - the device that vouches for this machine, whichever it has.
 *
 * Which one is used is decided by what the machine has: no environment variable, option
 * or socket has a say. Devices are slow (tens of milliseconds; a stuck one, until the
 * time given is over) and one at a time: call from a thread that may wait.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_ATTESTER_H
#define TROTH_ATTESTER_H

#include <stdbool.h>

#include "troth/error.h"
#include "troth/span.h"

struct troth_attester; /* one thread at a time */

/* Why a device did not do what it should; zeroed on success. */
struct troth_attester_fault {
    int error;        /* an errno; ENODEV: this machine has none of them */
    const char *step; /* static: "write inblob" */
    char path[128];   /* "/dev/nsm"; may be "" */
    char said[64];    /* the device's own word: "InvalidIndex"; may be "" */
};

/*
 * troth_attester_open - the first of nsm, tsm, snp, tdx that is there.
 *
 *   out    NULL on failure; give it to troth_attester_close()
 *
 * Errors   returns false and fills `fault`
 * Effects  opens the device; nothing else in the process needs it afterwards
 */
TROTH_MUST_USE bool troth_attester_open(struct troth_attester **out,
                                        struct troth_attester_fault *fault);
void troth_attester_close(struct troth_attester *attester); /* takes NULL */

/*
 * troth_attester_give - let another user ask, whom this process is about to become.
 *
 * Files that are opened for each question become that user's; what is open stays open.
 */
TROTH_MUST_USE bool troth_attester_give(struct troth_attester *attester,
                                        struct troth_attester_fault *fault, uint32_t user,
                                        uint32_t group);

const char *troth_attester_device(const struct troth_attester *attester); /* "tsm" */
const char *troth_attester_kind(const struct troth_attester *attester);   /* "tdx" */
/* The claim that runtime measurements end up in, "tdx.rtmr3"; NULL: there is none. */
const char *troth_attester_register(const struct troth_attester *attester);

/* Zeroed, it holds nothing and may be released. */
struct troth_quote {
    struct troth_span evidence;
    struct troth_span collateral; /* a certificate table that came with it, or empty */
    void *owned[2];               /* private */
};

/*
 * troth_attester_quote - evidence with these 64 bytes in the field of its kind for them
 * (troth/binding.h).
 *
 *   timeout_ms   for all of it, waiting and trying again included
 *
 * Errors   returns false and fills `fault`; ETIMEDOUT, EBUSY
 */
TROTH_MUST_USE bool troth_attester_quote(struct troth_attester *attester,
                                         struct troth_quote *out,
                                         struct troth_attester_fault *fault,
                                         const uint8_t report_data[static 64],
                                         int64_t timeout_ms);
void troth_quote_release(struct troth_quote *quote);

/* Extend the register by a SHA-384 digest. ENOTSUP where the kind has none. */
TROTH_MUST_USE bool troth_attester_extend(struct troth_attester *attester,
                                          struct troth_attester_fault *fault,
                                          const uint8_t digest[static 48]);

/* Make the register's value final where the device can (Nitro locks it; TDX cannot, so
 * there the event that says so has to do). Succeeds where there is nothing to do. */
TROTH_MUST_USE bool troth_attester_seal(struct troth_attester *attester,
                                        struct troth_attester_fault *fault);

/* Random bytes of the device's own; ENOTSUP where it has none. To be mixed, never used
 * alone. */
TROTH_MUST_USE bool troth_attester_random(struct troth_attester *attester,
                                          struct troth_attester_fault *fault,
                                          uint8_t *out, size_t len);

#endif
