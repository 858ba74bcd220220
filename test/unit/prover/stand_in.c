/* SPDX-License-Identifier: Apache-2.0 */
#include "test/unit/prover/stand_in.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct stand_in stand_in;

void stand_in_reset(void)
{
    stand_in.asked = stand_in.released = stand_in.extended = stand_in.sealed = 0;
    stand_in.fails = stand_in.seal_fails = stand_in.takes_ms = 0;
    stand_in.is_held = false;
    stand_in.has_register = true;
    stand_in.evidence_len = stand_in.collateral_len = 0;
}

static void nap(int ms)
{
    const struct timespec while_ms = {ms / 1000, (long)(ms % 1000) * 1000000};

    (void)nanosleep(&while_ms, NULL);
}

/* What every call begins with; false: it fails. */
static bool answer(struct troth_attester_fault *fault, const char *step)
{
    if (stand_in.takes_ms)
        nap(stand_in.takes_ms);
    while (stand_in.is_held)
        nap(1);
    *fault = (struct troth_attester_fault){.error = stand_in.fails, .step = step};
    return stand_in.fails == 0;
}

static bool lacks(struct troth_attester_fault *fault, const char *step)
{
    if (stand_in.has_register)
        return false;
    *fault = (struct troth_attester_fault){.error = ENOTSUP, .step = step};
    return true;
}

bool troth_attester_open(struct troth_attester **out, struct troth_attester_fault *fault)
{
    *out = (struct troth_attester *)&stand_in;
    *fault = (struct troth_attester_fault){.error = 0};
    return true;
}

bool troth_attester_give(struct troth_attester *attester,
                         struct troth_attester_fault *fault, uint32_t user,
                         uint32_t group)
{
    (void)attester;
    (void)user;
    (void)group;
    *fault = (struct troth_attester_fault){.error = 0};
    return true;
}

void troth_attester_close(struct troth_attester *attester)
{
    (void)attester;
}

const char *troth_attester_device(const struct troth_attester *attester)
{
    (void)attester;
    return "stand-in";
}

const char *troth_attester_kind(const struct troth_attester *attester)
{
    (void)attester;
    return "tdx";
}

const char *troth_attester_register(const struct troth_attester *attester)
{
    (void)attester;
    return stand_in.has_register ? "tdx.rtmr3" : NULL;
}

bool troth_attester_quote(struct troth_attester *attester, struct troth_quote *out,
                          struct troth_attester_fault *fault,
                          const uint8_t report_data[static 64], int64_t timeout_ms)
{
    size_t len = stand_in.evidence_len ? stand_in.evidence_len : 72;
    uint8_t *evidence = calloc(1, len),
            *collateral = calloc(1, 1 + stand_in.collateral_len);
    uint64_t number = ++stand_in.asked;

    (void)attester;
    (void)timeout_ms;
    *out = (struct troth_quote){.evidence = {NULL, 0}};
    if (!evidence || !collateral)
        abort();
    if (!answer(fault, "quote")) {
        free(evidence);
        free(collateral);
        return false;
    }
    memcpy(evidence, report_data, 64);
    memcpy(evidence + 64, &number, sizeof number);
    out->evidence = (struct troth_span){evidence, len};
    out->collateral = (struct troth_span){collateral, stand_in.collateral_len};
    out->owned[0] = evidence;
    out->owned[1] = collateral;
    return true;
}

void troth_quote_release(struct troth_quote *quote)
{
    stand_in.released += quote->owned[0] != NULL;
    free(quote->owned[0]);
    free(quote->owned[1]);
    *quote = (struct troth_quote){.evidence = {NULL, 0}};
}

bool troth_attester_extend(struct troth_attester *attester,
                           struct troth_attester_fault *fault,
                           const uint8_t digest[static 48])
{
    (void)attester;
    if (lacks(fault, "extend") || !answer(fault, "extend"))
        return false;
    memcpy(stand_in.digests[stand_in.extended % 16], digest, 48);
    stand_in.extended++;
    return true;
}

bool troth_attester_seal(struct troth_attester *attester,
                         struct troth_attester_fault *fault)
{
    (void)attester;
    *fault = (struct troth_attester_fault){.error = stand_in.seal_fails, .step = "seal"};
    if (stand_in.seal_fails)
        return false;
    stand_in.sealed++;
    return true;
}

bool troth_attester_random(struct troth_attester *attester,
                           struct troth_attester_fault *fault, uint8_t *out, size_t len)
{
    (void)attester;
    if (lacks(fault, "random") || !answer(fault, "random"))
        return false;
    memset(out, 0x5a, len);
    return true;
}
