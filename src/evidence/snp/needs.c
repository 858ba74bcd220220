/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "base/span.h"
#include "evidence/snp/answer.h"
#include "evidence/snp/endorsement.h"

/* The longest: a hardware identity of 64 bytes in hex, and five versions. */
#define TEXT_ROOM 320

/* What is known of whose signature a report bears. */
struct origin {
    const struct troth_snp_product *product; /* by CPUID, or by the certificate at hand */
    const struct troth_cert *vek;            /* of the report's chip and firmware */
    bool is_vlek;
};

static const char *write_text(struct troth_need_list *list, const char *const *pieces)
{
    uint8_t room[TEXT_ROOM];
    struct troth_writer w = troth_writer_over(room, sizeof room);

    for (; *pieces; pieces++)
        troth_write_text(&w, *pieces);
    return troth_need_text(list, &w);
}

static const char *kind_word(bool is_vlek)
{
    return is_vlek ? "vlek" : "vcek";
}

const char *troth_snp_vcek_name(struct troth_need_list *list,
                                const struct troth_snp_product *product,
                                struct troth_span hwid, struct troth_span tcb)
{
    uint8_t room[TEXT_ROOM];
    struct troth_writer w = troth_writer_over(room, sizeof room);

    troth_write_text(&w, "amd/vcek/");
    troth_write_text(&w, product->name);
    troth_write_text(&w, "/");
    troth_write_hex(&w, hwid);
    troth_write_text(&w, "/");
    troth_write_hex(&w, tcb);
    return troth_need_text(list, &w);
}

const char *troth_snp_chain_name(struct troth_need_list *list, bool is_vlek,
                                 const struct troth_snp_product *product)
{
    const char *const name[] = {"amd/",        kind_word(is_vlek), "/",
                                product->name, "/chain",           NULL};

    return write_text(list, name);
}

const char *troth_snp_crl_name(struct troth_need_list *list, bool is_vlek,
                               const struct troth_snp_product *product)
{
    const char *const name[] = {"amd/", kind_word(is_vlek), "/", product->name, "/crl",
                                NULL};

    return write_text(list, name);
}

/* spec: [KDS] 4.1 "VCEK": the parameters are decimal, and Turin's begin with its FMC's */
static const char *write_vcek_path(struct troth_need_list *list,
                                   const struct troth_snp_product *product,
                                   struct troth_span hwid, struct troth_span tcb)
{
    static const struct {
        enum troth_snp_tcb_part part;
        const char *parameter;
    } parameters[] = {{TROTH_SNP_PART_fmc, "fmcSPL="},
                      {TROTH_SNP_PART_bootloader, "blSPL="},
                      {TROTH_SNP_PART_tee, "teeSPL="},
                      {TROTH_SNP_PART_snp, "snpSPL="},
                      {TROTH_SNP_PART_microcode, "ucodeSPL="}};
    uint8_t room[TEXT_ROOM];
    struct troth_writer w = troth_writer_over(room, sizeof room);
    const char *separator = "?";

    troth_write_text(&w, "vcek/v1/");
    troth_write_text(&w, product->name);
    troth_write_text(&w, "/");
    troth_write_hex(&w, hwid);
    for (size_t i = 0; i < sizeof parameters / sizeof parameters[0]; i++) {
        for (size_t at = 0; at < TROTH_SNP_TCB_SIZE; at++) {
            if (product->part[at] != parameters[i].part)
                continue;
            troth_write_text(&w, separator);
            troth_write_text(&w, parameters[i].parameter);
            if (tcb.ptr[at] < 10)
                troth_write_text(&w, "0");
            troth_write_decimal(&w, tcb.ptr[at]);
            separator = "&";
        }
    }
    return troth_need_text(list, &w);
}

/* A VLEK belongs to a provider, who alone can ask for it; and a chip that is hidden
 * cannot be asked about. */
static void need_vcek(struct troth_need_list *list, const struct troth_snp *s,
                      const struct origin *origin)
{
    struct troth_span hwid = troth_span_slice(s->chip_id, 0, origin->product->hwid_size);

    if (origin->is_vlek || troth_span_is_zero(s->chip_id))
        return;
    troth_need_add(
        list,
        &(struct troth_need){
            .kind = TROTH_NEED_VCEK,
            .service = TROTH_SERVICE_AMD_KDS,
            .name = troth_snp_vcek_name(list, origin->product, hwid, s->reported_tcb),
            .about = "VCEK of the chip that reported",
            .path = write_vcek_path(list, origin->product, hwid, s->reported_tcb),
            .is_met = origin->vek != NULL,
        });
}

/* Is the key built in that signs this product's VCEKs or VLEKs? */
static bool is_pinned(const struct origin *origin)
{
    const struct troth_anchors anchors = troth_anchors_built_in();
    enum troth_anchor_role role = origin->is_vlek ? TROTH_ANCHOR_AMD_ASVK
                                                  : TROTH_ANCHOR_AMD_ASK;
    const struct troth_anchor *end = anchors.rows + anchors.count;

    for (const struct troth_anchor *row = anchors.rows; row < end; row++) {
        bool same_product = row->product &&
                            troth_span_equal(troth_span_of_text(row->product),
                                             troth_span_of_text(origin->product->name));

        if (row->role != role || !same_product)
            continue;
        /* A certificate at hand says itself who issued it. */
        return !origin->vek || troth_span_equal(origin->vek->issuer, row->subject);
    }
    return false;
}

static const struct troth_cert *find_issuer(const struct troth_shelf *shelf,
                                            const struct origin *origin)
{
    const char *name[] = {origin->is_vlek ? "SEV-VLEK-" : "SEV-", origin->product->name};

    for (size_t i = 0; i < shelf->cert_count; i++) {
        struct troth_span common = shelf->certs[i]->common_name;
        struct troth_span prefix = troth_span_of_text(name[0]);

        if (troth_span_starts_with(common, prefix) &&
            troth_span_equal(troth_span_slice(common, prefix.len, common.len),
                             troth_span_of_text(name[1])))
            return shelf->certs[i];
    }
    return NULL;
}

static bool has_list(const struct troth_shelf *shelf, const struct origin *origin)
{
    for (size_t i = 0; i < shelf->crl_count; i++) {
        struct troth_span common = troth_name_attribute(shelf->crls[i].issuer,
                                                        TROTH_OID_COMMON_NAME);
        struct troth_span prefix = TROTH_LITERAL("ARK-");

        if (troth_span_starts_with(common, prefix) &&
            troth_span_equal(troth_span_slice(common, prefix.len, common.len),
                             troth_span_of_text(origin->product->name)))
            return true;
    }
    return false;
}

static void need_issuer(struct troth_need_list *list, const struct troth_shelf *shelf,
                        const struct origin *origin)
{
    const char *kind = kind_word(origin->is_vlek);
    const char *product = origin->product->name;
    const char *const chain[] = {kind, "/v1/", product, "/cert_chain", NULL};
    const char *const crl[] = {kind, "/v1/", product, "/crl", NULL};
    bool pinned = is_pinned(origin);

    troth_need_add(
        list, &(struct troth_need){
                  .kind = TROTH_NEED_AMD_CHAIN,
                  .service = TROTH_SERVICE_AMD_KDS,
                  .name = troth_snp_chain_name(list, origin->is_vlek, origin->product),
                  .about = origin->is_vlek ? "certificates of AMD's ASVK and ARK"
                                           : "certificates of AMD's ASK and ARK",
                  .path = write_text(list, chain),
                  .is_optional = pinned,
                  .is_met = find_issuer(shelf, origin) != NULL,
              });
    troth_need_add(list,
                   &(struct troth_need){
                       .kind = TROTH_NEED_AMD_CRL,
                       .service = TROTH_SERVICE_AMD_KDS,
                       .name = troth_snp_crl_name(list, origin->is_vlek, origin->product),
                       .about = "revocation list of AMD's ARK",
                       .path = write_text(list, crl),
                       .is_optional = pinned,
                       .is_met = has_list(shelf, origin),
                   });
}

/* Does a certificate say that it is for this chip and its firmware? */
static bool is_for(const struct troth_cert *cert, const struct troth_snp *s, bool is_vlek)
{
    const struct troth_snp_product *product = troth_snp_certificate_product(cert);
    struct troth_span name = cert->common_name;
    uint8_t tcb[TROTH_SNP_TCB_SIZE];
    struct troth_span hwid;

    if (!product ||
        !troth_span_equal(name, is_vlek ? TROTH_LITERAL("SEV-VLEK")
                                        : TROTH_LITERAL("SEV-VCEK")) ||
        !troth_snp_certificate_tcb(tcb, cert, product) ||
        memcmp(tcb, s->reported_tcb.ptr, sizeof tcb) != 0)
        return false;
    hwid = troth_snp_certificate_hwid(cert, product->hwid_size);
    return is_vlek || (hwid.len > 0 && troth_span_starts_with(s->chip_id, hwid));
}

void troth_snp_needs(struct troth_need_list *list, const void *fields,
                     const struct troth_collateral *collateral)
{
    const struct troth_snp *s = fields;
    unsigned key = (unsigned)TROTH_SNP_SIGNING_KEY(troth_snp_uint(s->signer_info));
    struct origin origin = {.product = s->product, .is_vlek = key == TROTH_SNP_VLEK};
    struct troth_shelf shelf;
    enum troth_err err = troth_shelf_fill(&shelf, collateral, list->arena);

    if (err) {
        list->err = err;
        return;
    }
    if (key != TROTH_SNP_VCEK && key != TROTH_SNP_VLEK)
        return;
    for (size_t i = 0; !origin.vek && i < shelf.cert_count; i++)
        if (is_for(shelf.certs[i], s, origin.is_vlek))
            origin.vek = shelf.certs[i];
    /* A report of version 2 does not say which product made it. */
    if (!origin.product && origin.vek)
        origin.product = troth_snp_certificate_product(origin.vek);
    if (!origin.product)
        return;
    need_vcek(list, s, &origin);
    need_issuer(list, &shelf, &origin);
}
