/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "stage.h"

/* The quoting enclave: what it reports of itself beside what Intel's identity says of the
 * genuine one. All of it is signed by the platform, so that nothing else tells. */

static struct sim_sgx_report *qe(struct intel_stage *s)
{
    return &s->doc.quote.qe;
}

static struct sim_intel_qe *identity(struct intel_stage *s)
{
    return &s->doc.qe_identity;
}

static void debug(struct intel_stage *s, int number)
{
    (void)number;
    qe(s)->flags |= 2;
}

/* Not even where the identity does not look. */
static void debug_unmasked(struct intel_stage *s, int is_stated)
{
    debug(s, 0);
    identity(s)->attributes_mask[0] &= (uint8_t)~2U;
    if (is_stated) {
        identity(s)->attributes_mask[0] |= 2;
        identity(s)->attributes[0] |= 2;
    }
}

static void signer(struct intel_stage *s, int at)
{
    qe(s)->mr_signer[at] ^= 1;
}

static void signer_stated(struct intel_stage *s, int at)
{
    identity(s)->mr_signer[at] ^= 1;
}

/* What signs the other TEE's quotes. */
static void of_other_tee(struct intel_stage *s, int is_identity_too)
{
    static struct sim_intel other;

    sim_intel_default(&other, s->ring, s->doc.is_tdx ? SIM_SGX_V3 : SIM_TDX_V4, 0,
                      MINTED_AT_S);
    memcpy(qe(s)->mr_signer, other.quote.qe.mr_signer, sizeof qe(s)->mr_signer);
    qe(s)->isv_prod_id = other.quote.qe.isv_prod_id;
    if (is_identity_too)
        s->doc.qe_identity = other.qe_identity;
}

static void product(struct intel_stage *s, int number)
{
    qe(s)->isv_prod_id = (uint64_t)number;
}

static void product_stated(struct intel_stage *s, int number)
{
    identity(s)->isv_prod_id = (unsigned)number;
}

static void misc_select(struct intel_stage *s, int bit)
{
    qe(s)->misc_select ^= UINT64_C(1) << bit;
}

static void misc_select_unmasked(struct intel_stage *s, int bit)
{
    misc_select(s, bit);
    identity(s)->misc_select_mask[bit / 8] ^= (uint8_t)(1U << bit % 8);
}

static void attribute_unmasked(struct intel_stage *s, int bit)
{
    qe(s)->flags ^= UINT64_C(1) << bit;
    identity(s)->attributes_mask[bit / 8] ^= (uint8_t)(1U << bit % 8);
}

/* The identity wants a bit where it says that it does not look. */
static void stated_unmasked(struct intel_stage *s, int number)
{
    (void)number;
    memset(identity(s)->attributes, 0xff, sizeof identity(s)->attributes);
    memset(identity(s)->attributes_mask, 0, sizeof identity(s)->attributes_mask);
}

static void svn(struct intel_stage *s, int number)
{
    qe(s)->isv_svn = (uint64_t)number;
}

static void one_level(struct intel_stage *s, int isv_svn)
{
    identity(s)->levels.rows[0].isv_svn = (uint16_t)isv_svn;
    identity(s)->levels.count = 1;
}

/* Levels in another order are the same levels. */
static void levels_reversed(struct intel_stage *s, int isv_svn)
{
    struct sim_intel_isv_levels *levels = &identity(s)->levels;
    const struct sim_intel_isv_levels was = *levels;

    for (size_t i = 0; i < was.count; i++)
        levels->rows[i] = was.rows[was.count - 1 - i];
    svn(s, isv_svn);
}

static void level_twice(struct intel_stage *s, int number)
{
    struct sim_intel_isv_levels *levels = &identity(s)->levels;

    (void)number;
    levels->rows[levels->count] = levels->rows[0];
    levels->rows[levels->count++].standing.status = "OutOfDate";
}

static void levels_many(struct intel_stage *s, int count)
{
    struct sim_intel_isv_levels *levels = &identity(s)->levels;

    for (levels->count = 0; levels->count < (size_t)count; levels->count++) {
        levels->rows[levels->count] = levels->rows[0];
        levels->rows[levels->count].isv_svn = (uint16_t)(100 - levels->count);
    }
    svn(s, 100);
}

static void id(struct intel_stage *s, int which)
{
    static const char *const ids[] = {"QE", "TD_QE", "QVE", "td_qe", "TD_QE ", ""};

    identity(s)->id = ids[which];
}

static void version(struct intel_stage *s, int number)
{
    identity(s)->version = (unsigned)number;
}

/* What the identity does not state may be anything: another build of the enclave. */
static void other_build(struct intel_stage *s, int number)
{
    (void)number;
    qe(s)->mr_enclave[0] ^= 1;
    qe(s)->config_id[0] ^= 1;
    qe(s)->cpu_svn[0] ^= 1;
}

/* clang-format off */
#define SGX(why, change, number, line) {why, SIM_SGX_V3, change, number, TRIAL_ANY, line}
#define TDX(why, change, number, line) {why, SIM_TDX_V4, change, number, TRIAL_ANY, line}
#define BOTH(why, change, number, line) SGX(why, change, number, line), TDX(why, change, number, line)
#define ALLOW(change, number, status) \
    {status, SIM_TDX_V4, change, number, TRIAL_ANY "--allow " status, "accepted, allowed"}
#define NO "refused: quoting_enclave"
#define NO_STATUS "refused: tcb_status"
#define NO_IDENTITY "undetermined: ?collateral ?quoting_enclave ?tcb_status"

static const struct intel_attack rows[] = {
    /* why, change, number, line */
    BOTH("debug", debug, 0, NO),
    BOTH("debug, and the identity does not look", debug_unmasked, 0, NO),
    BOTH("debug, and the identity wants it", debug_unmasked, 1, NO),
    {"debug of the quoting enclave is no finding", SIM_SGX_V3, debug, 0, TRIAL_ANY "--allow debug", NO},
    BOTH("another signer", signer, 0, NO),
    BOTH("another signer", signer, 31, NO),
    BOTH("another signer stated", signer_stated, 0, NO),
    BOTH("the other TEE's enclave", of_other_tee, 0, NO),
    BOTH("the other TEE's enclave and identity", of_other_tee, 1, NO_IDENTITY),
    BOTH("product 0", product, 0, NO),
    BOTH("product 3", product, 3, NO),
    BOTH("product 3 stated", product_stated, 3, NO),
    BOTH("first bit of MISCSELECT", misc_select, 0, NO),
    BOTH("last bit of MISCSELECT", misc_select, 31, NO),
    BOTH("bit of MISCSELECT that is not looked at", misc_select_unmasked, 0, "accepted"),
    BOTH("bit of MISCSELECT that is not looked at", misc_select_unmasked, 31, "accepted"),
    BOTH("bit of ATTRIBUTES that is not looked at", attribute_unmasked, 4, "accepted"),
    BOTH("bit of ATTRIBUTES that is not looked at", attribute_unmasked, 63, "accepted"),
    BOTH("ATTRIBUTES stated where it does not look", stated_unmasked, 0, "accepted"),
    BOTH("another build of the enclave", other_build, 0, "accepted"),

    BOTH("above every level", svn, 6, "accepted"),
    BOTH("far above every level", svn, 65535, "accepted"),
    BOTH("a level below", svn, 4, NO_STATUS),
    BOTH("two levels below", svn, 3, NO_STATUS),
    BOTH("three levels below", svn, 2, NO_STATUS),
    BOTH("four levels below: revoked", svn, 1, NO_STATUS),
    BOTH("below every level", svn, 0, "refused: quoting_enclave tcb_status"),
    ALLOW(svn, 4, "SWHardeningNeeded"),
    ALLOW(svn, 3, "OutOfDate"),
    ALLOW(svn, 2, "OutOfDateConfigurationNeeded"),
    BOTH("at the only level", one_level, 5, "accepted"),
    BOTH("below the only level", one_level, 6, "refused: quoting_enclave tcb_status"),
    BOTH("levels from the lowest up", levels_reversed, 5, "accepted"),
    BOTH("levels from the lowest up", levels_reversed, 3, NO_STATUS),
    BOTH("level twice", level_twice, 0, "error: DUPLICATE dcap.qe_identity.tcbLevels"),
    SGX("as many levels as there may be", levels_many, 32, "accepted"),
    SGX("a level too many", levels_many, 33, "error: LIMIT dcap.qe_identity.tcbLevels"),

    TDX("identity of QE", id, 0, NO_IDENTITY),
    SGX("identity of TD_QE", id, 1, NO_IDENTITY),
    BOTH("identity of QVE", id, 2, NO_IDENTITY),
    TDX("identity of td_qe", id, 3, "error: VALUE dcap.qe_identity.id"),
    TDX("identity of TD_QE and a blank", id, 4, "error: VALUE dcap.qe_identity.id"),
    SGX("identity of nothing", id, 5, "error: VALUE dcap.qe_identity.id"),
    SGX("version 1", version, 1, "error: VERSION dcap.qe_identity.version"),
    SGX("version 3", version, 3, "error: VERSION dcap.qe_identity.version"),
};
/* clang-format on */

/* Every bit of ATTRIBUTES: the mask leaves out MODE64BIT and the upper half's features.
 */
static void test_attributes(void)
{
    static struct intel_stage stage;
    static struct trial trial;
    struct sim_keyring *ring = sim_keyring_create(1);

    trial_begin(&trial);
    for (int bit = 0; bit < 128; bit++) {
        test_case("bit %d of ATTRIBUTES", bit);
        trial_reset(&trial);
        trial_require(&trial, TRIAL_ANY);
        intel_stage_set(&stage, &trial, ring, SIM_SGX_V4);
        if (bit < 64)
            qe(&stage)->flags ^= UINT64_C(1) << bit;
        else
            qe(&stage)->xfrm ^= UINT64_C(1) << (bit - 64);
        struct troth_span quote = intel_stage_mint(&stage);

        CHECK_TEXT(stage_judge(&trial, quote, MINTED_AT_S),
                   bit == 2 || bit >= 64 ? "accepted" : NO);
    }
    trial_end(&trial);
    sim_keyring_destroy(ring);
}

int main(void)
{
    intel_attacks_run(rows, COUNT(rows));
    test_attributes();
    return test_finish();
}
