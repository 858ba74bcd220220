/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/tdx/tdx.h"

#include "base/span.h"
#include "base/value.h"
#include "evidence/bits.h"
#include "evidence/dcap/reserved.h"

/* spec: [TDX-ABI] "ATTRIBUTES": the group whose bits all open the trust domain (TUD). */
#define UNTRUSTED  UINT64_C(0xff)
#define DEBUG      UINT64_C(0x01)
#define MIGRATABLE (UINT64_C(1) << 29)

/* clang-format off */
static const char *const attribute_names[64] = {TROTH_BIT_NAMES("tdx.td_attributes.bit")};
static const char *const xfam_names[64] = {TROTH_BIT_NAMES("tdx.xfam.bit")};

const char *const troth_tdx_findings[] = {
    "debug", "service_td", TROTH_DCAP_FINDINGS, TROTH_BIT_NAMES("tdx.td_attributes.bit"),
    TROTH_BIT_NAMES("tdx.xfam.bit"), NULL,
};

#define X(number, name, wanted, about) [number] = about,
static const char *const attribute_whys[64] = {TROTH_TD_ATTRIBUTES(X)};
#undef X

#define WANTED_ANY(number)   0
#define WANTED_SET(number)   UINT64_C(1) << (number)
#define WANTED_CLEAR(number) 0
#define X(number, name, wanted, about) | WANTED_##wanted(number)
static const uint64_t must_be_set = 0 TROTH_TD_ATTRIBUTES(X);
#undef X
#undef WANTED_ANY
#define WANTED_ANY(number)   UINT64_C(1) << (number)
#define X(number, name, wanted, about) | WANTED_##wanted(number)
static const uint64_t may_be_set = 0 TROTH_TD_ATTRIBUTES(X);
#undef X
/* clang-format on */

/* The bits of `group` among the attributes, by the table. */
static bool judge_group(struct troth_judgement *j, enum troth_check_id id,
                        uint64_t attributes, uint64_t group)
{
    const struct troth_bit_rules rules = {
        .names = attribute_names,
        .set = must_be_set & group,
        .clear = ~may_be_set & group,
        .why_clear = "the host can take pages away where the guest should stop, and have "
                     "it told instead",
        .whys = attribute_whys,
    };

    return troth_judge_bits(j, id, attributes, &rules);
}

static void judge_debug(struct troth_judgement *j, uint64_t attributes)
{
    bool good = judge_group(j, TROTH_CHECK_DEBUG, attributes, UNTRUSTED & ~DEBUG);

    if (attributes & DEBUG)
        troth_judge_finding(
            j, &(struct troth_finding){
                   .id = TROTH_CHECK_DEBUG,
                   .name = "debug",
                   .why = "the host may debug the trust domain (tdx.td_attributes bit 0)",
                   .seen = troth_value_bool(true),
                   .wanted = troth_value_bool(false),
               });
    else if (good)
        troth_judge_passed(j, TROTH_CHECK_DEBUG);
}

/* A service trust domain may migrate those it is bound to. */
static bool judge_service(struct troth_judgement *j, const struct troth_tdx *t)
{
    const struct {
        struct troth_span hash;
        const char *why;
    } services[] = {
        {t->mr_servicetd, "a service trust domain is bound to it (tdx.mr_servicetd)"},
        {t->current_servicetd_hash,
         "a service trust domain is bound to it (current_servicetd_hash)"},
        {t->init_servicetd_hash,
         "a service trust domain was bound to it at first (init_servicetd_hash)"},
    };
    static const uint8_t none[48];

    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        if (troth_span_is_zero(services[i].hash))
            continue;
        troth_judge_finding(
            j, &(struct troth_finding){
                   .id = TROTH_CHECK_MIGRATION,
                   .name = "service_td",
                   .why = services[i].why,
                   .seen = troth_value_bytes(services[i].hash),
                   .wanted = troth_value_bytes((struct troth_span)TROTH_ARRAY_SPAN(none)),
               });
        return false;
    }
    return true;
}

static void judge_migration(struct troth_judgement *j, const struct troth_tdx *t)
{
    uint64_t attributes = troth_dcap_uint(t->td_attributes);
    bool stays = judge_group(j, TROTH_CHECK_MIGRATION, attributes, MIGRATABLE);
    bool alone = judge_service(j, t);

    if (stays && alone)
        troth_judge_passed(j, TROTH_CHECK_MIGRATION);
}

static void judge_attributes(struct troth_judgement *j, const struct troth_tdx *t)
{
    static const struct troth_bit_rules xfam_rules = {
        .names = xfam_names,
        .fixed = TROTH_XFEATURES_FIXED,
        .clear = ~TROTH_XFEATURES_KNOWN,
    };
    bool attributes_good = judge_group(j, TROTH_CHECK_ATTRIBUTES,
                                       troth_dcap_uint(t->td_attributes),
                                       ~(UNTRUSTED | MIGRATABLE));
    bool xfam_good = troth_judge_bits(j, TROTH_CHECK_ATTRIBUTES, troth_dcap_uint(t->xfam),
                                      &xfam_rules);

    if (attributes_good && xfam_good)
        troth_judge_passed(j, TROTH_CHECK_ATTRIBUTES);
}

void troth_tdx_judge_report(struct troth_judgement *j, const struct troth_tdx *tdx)
{
    troth_judge_reserved(j, troth_quote_reserved(&tdx->dcap.quote));
    judge_debug(j, troth_dcap_uint(tdx->td_attributes));
    judge_migration(j, tdx);
    judge_attributes(j, tdx);
}
