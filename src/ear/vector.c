/* SPDX-License-Identifier: Apache-2.0 */
#include "ear/vector.h"

#include "base/span.h"

const char *const troth_ear_claim_names[TROTH_EAR_CLAIM_COUNT + 1] = {
#define X(id, name) [TROTH_EAR_##id] = (name),
    TROTH_EAR_CLAIMS(X)
#undef X
};

/* What AR4SI says with a number; 2 is its best in every claim. */
enum {
    NO_CLAIM = 0,
    GOOD = 2,
    APPROVED_BOOT = 3,  /* executables: all that was loaded at the start is approved */
    UNSAFE = 32,        /* configuration, hardware: known weaknesses */
    UNRECOGNISED = 33,  /* executables: nobody said what they should be */
    BAD = 96,           /* known to be compromised, or unsupportable, or visible */
    UNKNOWN_TO_US = 97, /* instance, hardware: not one of those that are recognised */
    CRYPTO_FAILED = 99
};

/* One check's part in one claim: what it means to fail, and to pass only because the
 * policy allows what was found. */
struct part {
    enum troth_ear_claim claim;
    enum troth_check_id check;
    int good, failed, allowed;
};

static const struct part parts[] = {
    {TROTH_EAR_HARDWARE, TROTH_CHECK_SIGNATURE, GOOD, CRYPTO_FAILED, UNSAFE},
    {TROTH_EAR_HARDWARE, TROTH_CHECK_CHAIN, GOOD, CRYPTO_FAILED, UNSAFE},
    {TROTH_EAR_HARDWARE, TROTH_CHECK_COLLATERAL, GOOD, CRYPTO_FAILED, UNSAFE},
    {TROTH_EAR_HARDWARE, TROTH_CHECK_ANCHOR, GOOD, UNKNOWN_TO_US, UNSAFE},
    {TROTH_EAR_HARDWARE, TROTH_CHECK_VALIDITY, GOOD, UNKNOWN_TO_US, UNSAFE},
    {TROTH_EAR_HARDWARE, TROTH_CHECK_QUOTING_ENCLAVE, GOOD, UNKNOWN_TO_US, UNSAFE},
    {TROTH_EAR_HARDWARE, TROTH_CHECK_SIGNING_KEY, GOOD, UNKNOWN_TO_US, UNSAFE},
    {TROTH_EAR_HARDWARE, TROTH_CHECK_HARDWARE, GOOD, UNKNOWN_TO_US, UNSAFE},
    {TROTH_EAR_HARDWARE, TROTH_CHECK_MODULE, GOOD, UNKNOWN_TO_US, UNSAFE},
    {TROTH_EAR_HARDWARE, TROTH_CHECK_PRODUCT, GOOD, BAD, UNSAFE},
    {TROTH_EAR_HARDWARE, TROTH_CHECK_TCB, GOOD, UNSAFE, UNSAFE},
    {TROTH_EAR_HARDWARE, TROTH_CHECK_TCB_STATUS, GOOD, UNSAFE, UNSAFE},
    {TROTH_EAR_HARDWARE, TROTH_CHECK_PROVISIONAL, GOOD, UNSAFE, UNSAFE},
    {TROTH_EAR_HARDWARE, TROTH_CHECK_PLATFORM_BITS, GOOD, UNSAFE, UNSAFE},
    {TROTH_EAR_HARDWARE, TROTH_CHECK_FLOOR, GOOD, UNSAFE, UNSAFE},
    {TROTH_EAR_INSTANCE, TROTH_CHECK_REVOCATION, NO_CLAIM, BAD, NO_CLAIM},
    {TROTH_EAR_INSTANCE, TROTH_CHECK_MACHINE, GOOD, UNKNOWN_TO_US, UNSAFE},
    {TROTH_EAR_CONFIGURATION, TROTH_CHECK_DEBUG, GOOD, BAD, UNSAFE},
    {TROTH_EAR_CONFIGURATION, TROTH_CHECK_MIGRATION, GOOD, UNSAFE, UNSAFE},
    {TROTH_EAR_CONFIGURATION, TROTH_CHECK_ATTRIBUTES, GOOD, UNSAFE, UNSAFE},
    {TROTH_EAR_CONFIGURATION, TROTH_CHECK_POLICY_BITS, GOOD, UNSAFE, UNSAFE},
    {TROTH_EAR_CONFIGURATION, TROTH_CHECK_REQUESTER, GOOD, UNSAFE, UNSAFE},
    {TROTH_EAR_CONFIGURATION, TROTH_CHECK_RULE, GOOD, UNSAFE, UNSAFE},
    {TROTH_EAR_CONFIGURATION, TROTH_CHECK_EVENT_LOG, GOOD, UNSAFE, UNSAFE},
    {TROTH_EAR_EXECUTABLES, TROTH_CHECK_MEASUREMENT, APPROVED_BOOT, UNRECOGNISED,
     UNRECOGNISED},
};

enum { PARTS = sizeof parts / sizeof parts[0] };

enum troth_ear_tier troth_ear_tier_of(int value)
{
    if (value >= -1 && value <= 1)
        return TROTH_EAR_NONE;
    if (value >= -32 && value <= 31)
        return TROTH_EAR_AFFIRMING;
    if (value >= -96 && value <= 95)
        return TROTH_EAR_WARNING;
    return TROTH_EAR_CONTRAINDICATED;
}

const char *troth_ear_tier_name(enum troth_ear_tier tier)
{
    switch (tier) {
    case TROTH_EAR_NONE:
        return "none";
    case TROTH_EAR_AFFIRMING:
        return "affirming";
    case TROTH_EAR_WARNING:
        return "warning";
    case TROTH_EAR_CONTRAINDICATED:
        return "contraindicated";
    }
    return NULL;
}

/* From the best to the worst, for comparing. */
static unsigned badness(int value)
{
    switch (troth_ear_tier_of(value)) {
    case TROTH_EAR_AFFIRMING:
        return 0;
    case TROTH_EAR_WARNING:
        return 1;
    case TROTH_EAR_NONE:
        return 2;
    case TROTH_EAR_CONTRAINDICATED:
        break;
    }
    return 3;
}

/* Of two values of one claim the worse; within a tier the higher, and that is the worse
 * too wherever both may stand in one claim. */
static int worse(int a, int b)
{
    if (badness(a) != badness(b))
        return badness(a) > badness(b) ? a : b;
    return a > b ? a : b;
}

enum troth_ear_tier troth_ear_vector_tier(const struct troth_ear_vector *vector)
{
    int all = GOOD;
    bool any = false;

    for (size_t i = 0; i < TROTH_EAR_CLAIM_COUNT; i++)
        if (vector->has[i]) {
            all = worse(all, vector->values[i]);
            any = true;
        }
    return any ? troth_ear_tier_of(all) : TROTH_EAR_NONE;
}

/* What the row says in its claim; false: nothing. */
static bool value_of(int *out, const struct part *part, const struct troth_check *row)
{
    switch (row->outcome) {
    case TROTH_FAILED:
        *out = part->failed;
        return true;
    case TROTH_NOT_MADE:
        *out = NO_CLAIM;
        return true;
    case TROTH_PASSED:
        *out = troth_check_is_allowed(row) ? part->allowed : part->good;
        return *out != NO_CLAIM;
    case TROTH_NOT_APPLICABLE:
        *out = part->allowed;
        return part->check == TROTH_CHECK_MEASUREMENT; /* any code will do */
    }
    return false;
}

static void put(struct troth_ear_vector *v, enum troth_ear_claim claim, int value)
{
    v->values[claim] = v->has[claim] ? worse(v->values[claim], value) : value;
    v->has[claim] = true;
}

/* Memory that is encrypted outside the processor, where the family does that. */
static void put_opaque(struct troth_ear_vector *v, const struct troth_result *result)
{
    const struct troth_check *debug = troth_verdict_find(&result->verdict,
                                                         TROTH_CHECK_DEBUG);
    bool is_open = debug &&
                   (debug->outcome == TROTH_FAILED || troth_check_is_allowed(debug));
    bool encrypts = !troth_span_is_text(TROTH_LITERAL("nitro"), result->kind);

    if (is_open)
        put(v, TROTH_EAR_RUNTIME_OPAQUE, BAD);
    else if (encrypts && debug && debug->outcome == TROTH_PASSED)
        put(v, TROTH_EAR_RUNTIME_OPAQUE, GOOD);
}

/* A signature is known to be good if one that passed is there, and all passed that say
 * whose it is: anybody can sign with a key of his own. */
bool troth_ear_is_signed(const struct troth_verdict *verdict)
{
    static const enum troth_check_id owed[] = {TROTH_CHECK_SIGNATURE, TROTH_CHECK_ANCHOR,
                                               TROTH_CHECK_CHAIN, TROTH_CHECK_SIGNING_KEY,
                                               TROTH_CHECK_QUOTING_ENCLAVE};
    const struct troth_check *row = troth_verdict_find(verdict, TROTH_CHECK_SIGNATURE);
    bool is_good = row && troth_verdict_find(verdict, TROTH_CHECK_ANCHOR);

    for (size_t i = 0; i < verdict->count; i++)
        for (size_t k = 0; k < sizeof owed / sizeof owed[0]; k++)
            if (verdict->checks[i].id == owed[k] &&
                verdict->checks[i].outcome != TROTH_PASSED)
                is_good = false;
    return is_good;
}

/* An image that says `any` of a part of the code passes, and says so among the limits. */
static bool leaves_code_open(const struct troth_result *result)
{
    for (size_t i = 0; i < result->not_proven_count; i++)
        if (troth_span_is_text(TROTH_LITERAL("code"), result->not_proven[i]->name))
            return true;
    return false;
}

struct troth_ear_vector troth_ear_vector_of(const struct troth_result *result)
{
    struct troth_ear_vector v = {0};

    for (size_t i = 0; i < result->verdict.count; i++)
        for (size_t k = 0; k < PARTS; k++) {
            const struct troth_check *row = &result->verdict.checks[i];
            int value;

            if (row->id == parts[k].check && value_of(&value, &parts[k], row))
                put(&v, parts[k].claim, value);
        }
    put_opaque(&v, result);
    if (result->simulated)
        put(&v, TROTH_EAR_HARDWARE, UNSAFE);
    if (v.has[TROTH_EAR_EXECUTABLES] && leaves_code_open(result))
        put(&v, TROTH_EAR_EXECUTABLES, UNRECOGNISED);
    if (troth_ear_is_signed(&result->verdict))
        return v;
    for (size_t i = 0; i < TROTH_EAR_CLAIM_COUNT; i++)
        v.has[i] = i == TROTH_EAR_HARDWARE;
    return v;
}

enum troth_ear_tier troth_ear_status_of(const struct troth_result *result,
                                        const struct troth_ear_vector *vector)
{
    switch (result->answer) {
    case TROTH_ACCEPTED:
        return troth_ear_vector_tier(vector);
    case TROTH_UNDETERMINED:
        return TROTH_EAR_NONE;
    case TROTH_REFUSED:
        break;
    }
    return TROTH_EAR_CONTRAINDICATED;
}
