/* SPDX-License-Identifier: Apache-2.0 */
#include "base/span.h"
#include "evidence/dcap/answer.h"
#include "evidence/dcap/endorsement.h"

/* Intel's longest: a PCK by an identity of 384 encrypted bytes. */
#define TEXT_ROOM 1280

/* Texts are put together here, piece by piece. */
struct text {
    uint8_t room[TEXT_ROOM];
    struct troth_writer w;
};

static struct troth_writer *begin(struct text *text)
{
    text->w = troth_writer_over(text->room, sizeof text->room);
    return &text->w;
}

static const char *tee_word(const struct troth_dcap *d)
{
    return d->quote.is_tdx ? "tdx" : "sgx";
}

/* A text of pieces, the last of them in hex. */
static const char *write_text(struct troth_need_list *list, const char *const *pieces,
                              struct troth_span hex)
{
    struct text text;
    struct troth_writer *w = begin(&text);

    for (; *pieces; pieces++)
        troth_write_text(w, *pieces);
    troth_write_hex(w, hex);
    return troth_need_text(list, w);
}

/*
 * The identity that certification data of types 2 and 3 hold, and what stands behind it.
 * spec: [SGX-DCAP] A.4 "QE Certification Data": encrypted PPID ‖ CPUSVN ‖ PCESVN ‖ PCEID
 */
struct encrypted_platform {
    struct troth_span ppid, cpu_svn, pce_svn, pce_id;
};

#define BEHIND_PPID 20

static bool read_platform(struct encrypted_platform *out, const struct troth_quote *quote)
{
    struct troth_span data = quote->certification;
    bool has = quote->certification_type == TROTH_CERTIFICATION_PPID_RSA2048 ||
               quote->certification_type == TROTH_CERTIFICATION_PPID_RSA3072;
    size_t at = data.len - BEHIND_PPID;

    if (!has || data.len <= BEHIND_PPID || data.len > TEXT_ROOM / 2 - 128)
        return false;
    *out = (struct encrypted_platform){
        troth_span_slice(data, 0, at),
        troth_span_slice(data, at, at + 16),
        troth_span_slice(data, at + 16, at + 18),
        troth_span_slice(data, at + 18, at + 20),
    };
    return true;
}

/* spec: [PCS] v4 "Get PCK Certificate"; a PCCS knows its platforms by their QE's number.
 */
static const char *write_pck_path(struct troth_need_list *list,
                                  const struct encrypted_platform *p,
                                  struct troth_span qe_id)
{
    struct text text;
    struct troth_writer *w = begin(&text);

    troth_write_text(w, "sgx/certification/v4/pckcert?");
    if (qe_id.len > 0) {
        troth_write_text(w, "qeid=");
        troth_write_hex(w, qe_id);
        troth_write_text(w, "&");
    }
    troth_write_text(w, "encrypted_ppid=");
    troth_write_hex(w, p->ppid);
    troth_write_text(w, "&cpusvn=");
    troth_write_hex(w, p->cpu_svn);
    troth_write_text(w, "&pcesvn=");
    troth_write_hex(w, p->pce_svn);
    troth_write_text(w, "&pceid=");
    troth_write_hex(w, p->pce_id);
    return troth_need_text(list, w);
}

static const char *write_pck_name(struct troth_need_list *list,
                                  const struct encrypted_platform *p,
                                  struct troth_span qe_id)
{
    struct text text;
    struct troth_writer *w = begin(&text);

    troth_write_text(w, "intel/pck/");
    troth_write_hex(w, qe_id);
    troth_write_text(w, "/");
    troth_write_hex(w, p->cpu_svn);
    troth_write_hex(w, p->pce_svn);
    troth_write_hex(w, p->pce_id);
    return troth_need_text(list, w);
}

static void need_pck(struct troth_need_list *list, const struct troth_dcap *d,
                     const struct troth_dcap_endorsement *e)
{
    struct encrypted_platform p;
    struct troth_span qe_id = troth_span_slice(d->quote.user_data, 0, 16);
    struct troth_need need = {
        .kind = TROTH_NEED_PCK,
        .service = TROTH_SERVICE_INTEL_PCS,
        .about = "PCK certificate of the platform",
        .is_met = e->pck != NULL && e->pck_ca != NULL,
    };

    if (!read_platform(&p, &d->quote))
        return;
    need.name = write_pck_name(list, &p, qe_id);
    need.path = write_pck_path(list, &p, (struct troth_span){NULL, 0});
    need.pccs_path = write_pck_path(list, &p, qe_id);
    troth_need_add(list, &need);
}

const char *troth_dcap_tcb_info_name(struct troth_need_list *list, bool is_tdx,
                                     struct troth_span fmspc)
{
    const char *const name[] = {"intel/", is_tdx ? "tdx" : "sgx", "/tcb/", NULL};

    return write_text(list, name, fmspc);
}

const char *troth_dcap_qe_identity_name(bool is_tdx)
{
    return is_tdx ? "intel/tdx/qe" : "intel/sgx/qe";
}

const char *troth_dcap_pck_crl_name(bool is_platform)
{
    return is_platform ? "intel/pckcrl/platform" : "intel/pckcrl/processor";
}

static void need_tcb_info(struct troth_need_list *list, const struct troth_dcap *d,
                          const struct troth_dcap_endorsement *e)
{
    const char *tee = tee_word(d);
    const char *const about[] = {"TCB info of ", d->quote.is_tdx ? "TDX" : "SGX",
                                 " platforms ", NULL};
    const char *const path[] = {tee, "/certification/v4/tcb?fmspc=", NULL};

    troth_need_add(
        list, &(struct troth_need){
                  .kind = TROTH_NEED_TCB_INFO,
                  .service = TROTH_SERVICE_INTEL_PCS,
                  .name = troth_dcap_tcb_info_name(list, d->quote.is_tdx, d->pck.fmspc),
                  .about = write_text(list, about, d->pck.fmspc),
                  .path = write_text(list, path, d->pck.fmspc),
                  .takes_update = true,
                  .is_met = e->tcb_info != NULL && e->tcb_signer != NULL,
              });
}

static void need_qe_identity(struct troth_need_list *list, const struct troth_dcap *d,
                             const struct troth_dcap_endorsement *e)
{
    bool is_tdx = d->quote.is_tdx;

    troth_need_add(list, &(struct troth_need){
                             .kind = TROTH_NEED_QE_IDENTITY,
                             .service = TROTH_SERVICE_INTEL_PCS,
                             .name = troth_dcap_qe_identity_name(is_tdx),
                             .about = is_tdx ? "identity of the TD quoting enclave"
                                             : "identity of the quoting enclave",
                             .path = is_tdx ? "tdx/certification/v4/qe/identity"
                                            : "sgx/certification/v4/qe/identity",
                             .takes_update = true,
                             .is_met = e->qe_identity != NULL && e->tcb_signer != NULL,
                         });
}

static bool has_list_of(const struct troth_dcap_endorsement *e, struct troth_span issuer)
{
    for (size_t i = 0; i < e->shelf.crl_count; i++)
        if (troth_span_equal(e->shelf.crls[i].issuer, issuer))
            return true;
    return false;
}

/* What a PCK CRL comes with also holds its authority's certificate. */
static void need_pck_crl(struct troth_need_list *list, const struct troth_dcap *d,
                         const struct troth_dcap_endorsement *e)
{
    static const struct troth_need needs[] = {
        {.about = "revocation list of Intel's PCK Processor CA",
         .path = "sgx/certification/v4/pckcrl?ca=processor&encoding=der"},
        {.about = "revocation list of Intel's PCK Platform CA",
         .path = "sgx/certification/v4/pckcrl?ca=platform&encoding=der"},
    };
    struct troth_need need;

    if (!d->pck_ca)
        return;
    bool is_platform = troth_span_equal(troth_span_of_text(d->pck_ca),
                                        TROTH_LITERAL("platform"));

    need = needs[is_platform];
    need.name = troth_dcap_pck_crl_name(is_platform);
    need.kind = TROTH_NEED_PCK_CRL;
    need.service = TROTH_SERVICE_INTEL_PCS;
    need.is_met = e->pck && e->pck_ca && has_list_of(e, e->pck->issuer);
    troth_need_add(list, &need);
}

static void need_root_crl(struct troth_need_list *list,
                          const struct troth_dcap_endorsement *e)
{
    troth_need_add(list, &(struct troth_need){
                             .kind = TROTH_NEED_ROOT_CRL,
                             .service = TROTH_SERVICE_INTEL_ROOT,
                             .name = "intel/rootcrl",
                             .about = "revocation list of Intel's SGX Root CA",
                             .path = "IntelSGXRootCA.der",
                             .pccs_path = "sgx/certification/v4/rootcacrl",
                             .is_met = e->pck_ca && has_list_of(e, e->pck_ca->issuer),
                         });
}

void troth_dcap_needs(struct troth_need_list *list, const struct troth_dcap *d,
                      const struct troth_collateral *collateral)
{
    const struct troth_dcap_choice choice = {
        .collateral = collateral, .at_s = INT64_MAX, .is_tdx = d->quote.is_tdx};
    struct troth_dcap known = *d;
    struct troth_dcap_endorsement e;
    enum troth_err err = troth_dcap_read_pck(&known, collateral, list->arena);

    if (!err)
        err = troth_dcap_endorsement_find(&e, &known, &choice, list->arena);
    if (err) {
        list->err = err;
        return;
    }
    need_pck(list, &known, &e);
    if (known.has_pck)
        need_tcb_info(list, &known, &e);
    need_qe_identity(list, &known, &e);
    need_pck_crl(list, &known, &e);
    need_root_crl(list, &e);
}
