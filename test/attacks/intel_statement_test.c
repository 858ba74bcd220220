/* SPDX-License-Identifier: Apache-2.0 */
#include "stage.h"

/* TCB info and QE identity: what they are about, when they are from, and which of several
 * is taken. */

#define DAY INT64_C(86400)

static struct sim_intel_tcb *info(struct intel_stage *s)
{
    return &s->doc.tcb_info;
}

/* What it is about. */

static void other_fmspc(struct intel_stage *s, int at)
{
    info(s)->fmspc[at] ^= 1;
}

static void other_pce(struct intel_stage *s, int at)
{
    info(s)->pce_id[at] ^= 1;
}

static void id(struct intel_stage *s, int which)
{
    static const char *const ids[] = {"SGX", "TDX", "sgx", ""};

    info(s)->id = ids[which];
}

static void version(struct intel_stage *s, int number)
{
    info(s)->version = (unsigned)number;
}

static void tcb_type(struct intel_stage *s, int number)
{
    info(s)->tcb_type = (unsigned)number;
}

static void status(struct intel_stage *s, int which)
{
    static const char *const words[] = {"uptodate", "UpToDate ", "Up",
                                        "",         "Unknown",   "TDRelaunchAdvised"};

    info(s)->levels[0].standing.status = words[which];
}

static void no_levels(struct intel_stage *s, int number)
{
    (void)number;
    info(s)->level_count = 0;
}

static void level_twice(struct intel_stage *s, int number)
{
    (void)number;
    info(s)->levels[1] = info(s)->levels[0];
    info(s)->levels[1].standing.status = "OutOfDate";
}

static void levels_many(struct intel_stage *s, int count)
{
    for (int i = 0; i < count; i++) {
        info(s)->levels[i] = info(s)->levels[0];
        info(s)->levels[i].pce_svn = (uint16_t)(13 - i % 13);
        info(s)->levels[i].sgx[15] = (uint8_t)(i / 13);
    }
    info(s)->level_count = (size_t)count;
}

/* When it is from. */

static void issued(struct intel_stage *s, int seconds)
{
    info(s)->issue_date_s = MINTED_AT_S + seconds;
}

static void next(struct intel_stage *s, int seconds)
{
    info(s)->next_update_s = MINTED_AT_S + seconds;
}

static void qe_issued(struct intel_stage *s, int seconds)
{
    s->doc.qe_identity.issue_date_s = MINTED_AT_S + seconds;
}

static void qe_next(struct intel_stage *s, int seconds)
{
    s->doc.qe_identity.next_update_s = MINTED_AT_S + seconds;
}

/* All of it from a year ago, the quote from today; or the relying party's clock, too. */
static void rolled_back(struct intel_stage *s, int is_clock_too)
{
    static struct sim_intel past;

    sim_intel_default(&past, s->ring, SIM_TDX_V4, 0, MINTED_AT_S - 365 * DAY);
    s->doc.tcb_info = past.tcb_info;
    s->doc.qe_identity = past.qe_identity;
    s->doc.root_crl = past.root_crl;
    s->doc.pck_crl = past.pck_crl;
    s->doc.certs[SIM_INTEL_PCK] = past.certs[SIM_INTEL_PCK];
    s->doc.certs[SIM_INTEL_TCB_SIGNER] = past.certs[SIM_INTEL_TCB_SIGNER];
    if (is_clock_too)
        s->at_s -= 365 * DAY;
}

/* Several. The stage's own is ten days old, of evaluation 18, and all is up to date by
 * it; by the other one this platform is out of date. */

static struct sim_intel *another(struct intel_stage *s, int days_old, int evaluation)
{
    static struct sim_intel other;

    other = s->doc;
    other.tcb_info.issue_date_s = MINTED_AT_S - days_old * DAY;
    other.tcb_info.evaluation_number = (uint64_t)evaluation;
    other.tcb_info.levels[0].standing.status = "OutOfDate";
    return &other;
}

static void beside(struct intel_stage *s, int days_old)
{
    minted_add_tcb_info(s->trial, another(s, days_old, 18));
}

static void beside_of_evaluation(struct intel_stage *s, int evaluation)
{
    minted_add_tcb_info(s->trial, another(s, 10, evaluation));
}

/* An older one of a higher evaluation: by when it was issued, before all. */
static void beside_older_of_evaluation(struct intel_stage *s, int evaluation)
{
    minted_add_tcb_info(s->trial, another(s, 11, evaluation));
}

static void beside_expired(struct intel_stage *s, int days_old)
{
    struct sim_intel *other = another(s, days_old, 18);

    other->tcb_info.next_update_s = MINTED_AT_S - 1;
    minted_add_tcb_info(s->trial, other);
}

static void beside_forged(struct intel_stage *s, int days_old)
{
    struct sim_intel *other = another(s, days_old, 18);

    other->tcb_info_signing.key = sim_keyring_key(s->ring, SIM_KEY_P256, "stranger");
    minted_add_tcb_info(s->trial, other);
}

static void beside_other_platform(struct intel_stage *s, int at)
{
    struct sim_intel *other = another(s, 0, 99);

    other->tcb_info.fmspc[at] ^= 1;
    minted_add_tcb_info(s->trial, other);
}

static void beside_other_tee(struct intel_stage *s, int number)
{
    struct sim_intel *other = another(s, 0, 99);

    (void)number;
    other->tcb_info.id = s->doc.is_tdx ? "SGX" : "TDX";
    other->tcb_info.has_module = true;
    other->qe_identity.id = s->doc.is_tdx ? "QE" : "TD_QE";
    other->qe_identity.issue_date_s = MINTED_AT_S;
    minted_add_tcb_info(s->trial, other);
    minted_add_qe_identity(s->trial, other);
}

static void identity_beside(struct intel_stage *s, int days_old)
{
    struct sim_intel *other = another(s, 10, 18);

    other->qe_identity.issue_date_s = MINTED_AT_S - days_old * DAY;
    other->qe_identity.levels.rows[0].standing.status = "OutOfDate";
    minted_add_qe_identity(s->trial, other);
}

/* clang-format off */
#define SGX(why, change, number, line) {why, SIM_SGX_V3, change, number, TRIAL_ANY, line}
#define TDX(why, change, number, line) {why, SIM_TDX_V4, change, number, TRIAL_ANY, line}
#define BOTH(why, change, number, line) SGX(why, change, number, line), TDX(why, change, number, line)
#define NO_INFO "undetermined: ?collateral ?tcb_status"
#define NO_TD_INFO "undetermined: ?collateral ?module ?tcb_status"
#define WRONG "refused: collateral ?tcb_status"

static const struct intel_attack rows[] = {
    /* why, change, number, line */
    SGX("of another platform", other_fmspc, 0, NO_INFO),
    SGX("of another platform", other_fmspc, 5, NO_INFO),
    TDX("of another platform", other_fmspc, 2, NO_TD_INFO),
    BOTH("of another provisioning enclave", other_pce, 0, "refused: collateral"),
    BOTH("of another provisioning enclave", other_pce, 1, "refused: collateral"),
    TDX("of SGX", id, 0, NO_TD_INFO),
    SGX("of nothing known", id, 2, "error: VALUE dcap.tcb_info.id"),
    SGX("of nothing", id, 3, "error: VALUE dcap.tcb_info.id"),
    SGX("version 1", version, 1, "error: VERSION dcap.tcb_info.version"),
    SGX("version 4", version, 4, "error: VERSION dcap.tcb_info.version"),
    SGX("version 2", version, 2, "accepted"),
    TDX("version 2", version, 2, "undetermined: ?collateral ?module ?tcb_status"),
    SGX("type 1", tcb_type, 1, "error: VALUE dcap.tcb_info.tcbType"),
    SGX("unknown status", status, 0, "error: VALUE dcap.tcb_info.tcbLevels.tcbStatus"),
    SGX("unknown status", status, 1, "error: VALUE dcap.tcb_info.tcbLevels.tcbStatus"),
    SGX("unknown status", status, 2, "error: VALUE dcap.tcb_info.tcbLevels.tcbStatus"),
    SGX("unknown status", status, 3, "error: VALUE dcap.tcb_info.tcbLevels.tcbStatus"),
    SGX("unknown status", status, 4, "error: VALUE dcap.tcb_info.tcbLevels.tcbStatus"),
    TDX("status that is never stated", status, 5, "error: VALUE dcap.tcb_info.tcbLevels.tcbStatus"),
    SGX("no levels", no_levels, 0, "error: MISSING dcap.tcb_info.tcbLevels"),
    SGX("level twice", level_twice, 0, "error: DUPLICATE dcap.tcb_info.tcbLevels"),
    TDX("level twice", level_twice, 0, "error: DUPLICATE dcap.tcb_info.tcbLevels"),
    SGX("as many levels as there may be", levels_many, 96, "accepted"),
    SGX("a level too many", levels_many, 97, "error: LIMIT dcap.tcb_info.tcbLevels"),

    BOTH("issued this second", issued, 0, "accepted"),
    BOTH("issued a second ahead", issued, 1, "refused: validity"),
    BOTH("ends this second", next, 0, "accepted"),
    BOTH("ended a second ago", next, -1, "refused: validity"),
    BOTH("identity issued this second", qe_issued, 0, "accepted"),
    BOTH("identity issued a second ahead", qe_issued, 1, "refused: validity"),
    BOTH("identity ends this second", qe_next, 0, "accepted"),
    BOTH("identity ended a second ago", qe_next, -1, "refused: validity"),
    TDX("all collateral of a year ago", rolled_back, 0, "refused: validity revocation"),
    TDX("all collateral of a year ago, the clock's, too", rolled_back, 1, "accepted"),


    SGX("newer: out of date", beside, 5, "refused: tcb_status"),
    SGX("older: out of date", beside, 15, "accepted"),
    SGX("of tomorrow: out of date", beside, -1, "accepted"),
    SGX("higher evaluation: out of date", beside_of_evaluation, 19, "refused: tcb_status"),
    SGX("lower evaluation: out of date", beside_of_evaluation, 17, "accepted"),
    SGX("older of a higher evaluation", beside_older_of_evaluation, 19, "accepted"),
    TDX("newer, and expired", beside_expired, 5, "refused: validity tcb_status"),
    TDX("older, and expired", beside_expired, 15, "accepted"),
    SGX("newer, and forged", beside_forged, 5, WRONG),
    SGX("older, and forged", beside_forged, 15, "accepted"),
    SGX("another platform's beside", beside_other_platform, 0, "accepted"),
    TDX("another platform's beside", beside_other_platform, 5, "accepted"),
    BOTH("the other TEE's beside", beside_other_tee, 0, "accepted"),
    SGX("newer identity: out of date", identity_beside, 5, "refused: tcb_status"),
    SGX("older identity: out of date", identity_beside, 15, "accepted"),
};
/* clang-format on */

int main(void)
{
    intel_attacks_run(rows, COUNT(rows));
    return test_finish();
}
