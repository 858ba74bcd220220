/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/dcap/dcap.h"

#include "base/span.h"

static struct troth_value bytes_if(bool is_known, struct troth_span bytes)
{
    return is_known && bytes.ptr ? troth_value_bytes(bytes) : troth_value_none();
}

static struct troth_value uint_if(bool is_known, uint64_t number)
{
    return is_known ? troth_value_uint(number) : troth_value_none();
}

static struct troth_value bool_if(bool is_known, bool value)
{
    return is_known ? troth_value_bool(value) : troth_value_none();
}

static struct troth_value instant_if(bool is_known, int64_t instant_s)
{
    return is_known ? troth_value_instant(instant_s) : troth_value_none();
}

static struct troth_value text_if(bool is_known, struct troth_span text)
{
    return is_known ? troth_value_text_span(text) : troth_value_none();
}

static struct troth_value status_of(enum troth_tcb_status status)
{
    return troth_value_text(troth_tcb_status_text(status));
}

static const char *sgx_type_text(enum troth_sgx_type type)
{
    switch (type) {
    case TROTH_SGX_STANDARD:
        return "Standard";
    case TROTH_SGX_SCALABLE:
        return "Scalable";
    case TROTH_SGX_SCALABLE_WITH_INTEGRITY:
        return "Scalable with Integrity";
    }
    return NULL;
}

/* clang-format off */
/* One line a claim: its name, what it is, its value. */
#define CLAIM(name, about, value) troth_claim_add(list, name, about, value)

/* That nothing is said is not that nothing applies: an old TCB info names none. */
static bool states_advisories(const struct troth_dcap *d)
{
    return d->tcb_info && d->tcb_info->version >= TROTH_TCB_INFO_STATES_ADVISORIES;
}

static void add_status(struct troth_claim_list *list, const struct troth_dcap *d)
{
    bool is_known = d->status != TROTH_TCB_NONE;

    CLAIM("tcb.status", "Intel's word for the platform's firmware, all parts together",
          status_of(d->status));
    CLAIM("tcb.date", "firmware is as good as known on that day, the oldest part's",
          instant_if(is_known, d->date_s));
    CLAIM("tcb.advisories", "Intel's security advisories that apply, with commas between",
          text_if(is_known && states_advisories(d), d->advisories));
}

static void add_pck(struct troth_claim_list *list, const struct troth_dcap *d)
{
    const struct troth_pck *p = &d->pck;
    bool has = d->has_pck;

    CLAIM("dcap.fmspc", "kind of platform (FMSPC)", bytes_if(has, p->fmspc));
    CLAIM("dcap.ppid", "the platform's identity (PPID)", bytes_if(has, p->ppid));
    CLAIM("dcap.pce_id", "kind of provisioning certification enclave", bytes_if(has, p->pce_id));
    CLAIM("dcap.pce_svn", "security version of that enclave", uint_if(has, p->pce_svn));
    CLAIM("dcap.cpu_svn", "security version of processor and microcode", bytes_if(has, p->cpu_svn));
    CLAIM("dcap.tcb_components", "the sixteen versions that TCB levels are compared with",
          bytes_if(has, (struct troth_span)TROTH_ARRAY_SPAN(p->components)));
    CLAIM("dcap.sgx_type", "kind of memory protection",
          has ? troth_value_text(sgx_type_text(p->sgx_type)) : troth_value_none());
    CLAIM("dcap.pck_ca", "which of Intel's authorities certified the platform",
          troth_value_text(d->pck_ca));
    CLAIM("dcap.platform_instance_id", "identity of a platform of several processors",
          bytes_if(has && p->platform_instance_id.len > 0, p->platform_instance_id));
    CLAIM("dcap.dynamic_platform", "processors may be added to the platform",
          bool_if(has && p->has_dynamic_platform, p->dynamic_platform));
    CLAIM("dcap.cached_keys", "Intel's registration service keeps the platform's keys",
          bool_if(has && p->has_cached_keys, p->cached_keys));
    CLAIM("dcap.smt", "hyper-threading is on", bool_if(has && p->has_smt, p->smt));
}

static void add_enclave(struct troth_claim_list *list, const struct troth_dcap *d)
{
    const struct troth_sgx_report *qe = &d->quote.qe;

    CLAIM("dcap.certification_type", "how the quote names its platform: 5 is by certificates",
          troth_value_uint((uint64_t)d->quote.certification_type));
    CLAIM("dcap.qe.mr_enclave", "measurement of the quoting enclave", troth_value_bytes(qe->mr_enclave));
    CLAIM("dcap.qe.mr_signer", "hash of the key that signed it", troth_value_bytes(qe->mr_signer));
    CLAIM("dcap.qe.isv_prod_id", "its product number", troth_value_uint(troth_dcap_uint(qe->isv_prod_id)));
    CLAIM("dcap.qe.isv_svn", "its security version", troth_value_uint(troth_dcap_uint(qe->isv_svn)));
    CLAIM("dcap.qe.misc_select", "what it reveals of itself on an exit", troth_value_bytes(qe->misc_select));
    CLAIM("dcap.qe.attributes", "its flags and extended features", troth_value_bytes(qe->attributes));
}

#define STANDING(part, what, is_said)                                                   \
    CLAIM("dcap." #part ".status", "Intel's word for the " what,                        \
          status_of(d->part.status));                                                   \
    CLAIM("dcap." #part ".date", "the " what " is as good as known on that day",        \
          instant_if(d->part.status != TROTH_TCB_NONE, d->part.date_s));                \
    CLAIM("dcap." #part ".advisories", "security advisories that apply to the " what,   \
          text_if(d->part.status != TROTH_TCB_NONE && (is_said), d->part.advisories))

static void add_standings(struct troth_claim_list *list, const struct troth_dcap *d)
{
    STANDING(platform, "platform", states_advisories(d));
    STANDING(qe, "quoting enclave", true);
    STANDING(module, "TDX module", true);
    CLAIM("dcap.current.status", "the same for what runs now, where a trust domain says it",
          status_of(d->current.status));
}

static void add_collateral(struct troth_claim_list *list, const struct troth_dcap *d)
{
    static const struct troth_tcb_info no_info;
    static const struct troth_qe_identity no_identity;
    const struct troth_tcb_info *info = d->tcb_info ? d->tcb_info : &no_info;
    const struct troth_qe_identity *identity = d->qe_identity ? d->qe_identity : &no_identity;
    bool has_info = d->tcb_info, has_identity = d->qe_identity;

    CLAIM("dcap.tcb_info.version", "format of the TCB info", uint_if(has_info, info->version));
    CLAIM("dcap.tcb_info.evaluation_number", "which of Intel's recoveries it takes into account",
          uint_if(has_info, info->evaluation_number));
    CLAIM("dcap.tcb_info.issue_date", "when it was issued", instant_if(has_info, info->issue_date_s));
    CLAIM("dcap.tcb_info.next_update", "when it ends", instant_if(has_info, info->next_update_s));
    CLAIM("dcap.qe_identity.evaluation_number", "which of Intel's recoveries the QE identity takes into account",
          uint_if(has_identity, identity->evaluation_number));
    CLAIM("dcap.qe_identity.issue_date", "when it was issued", instant_if(has_identity, identity->issue_date_s));
    CLAIM("dcap.qe_identity.next_update", "when it ends", instant_if(has_identity, identity->next_update_s));
    CLAIM("dcap.collateral.earliest_expiry", "the first of all that was used ends then",
          instant_if(d->has_collateral_dates, d->earliest_expiry_s));
    CLAIM("dcap.collateral.latest_issue", "the last of all that was used was issued then",
          instant_if(d->has_collateral_dates, d->latest_issue_s));
}
/* clang-format on */

void troth_dcap_claims(struct troth_claim_list *list, const struct troth_dcap *d)
{
    troth_claim_add(list, "hardware_id", "identity of the platform",
                    bytes_if(d->has_pck, d->pck.ppid));
    add_status(list, d);
    add_pck(list, d);
    add_enclave(list, d);
    add_standings(list, d);
    add_collateral(list, d);
}
