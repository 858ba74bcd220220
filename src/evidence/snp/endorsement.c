/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/snp/endorsement.h"

#include "base/arena.h"
#include "base/memory.h"
#include "base/span.h"
#include "codec/der.h"
#include "evidence/shelf.h"

static bool named(const struct troth_cert *cert, const char *common_name)
{
    return troth_span_is_text(cert->common_name, common_name);
}

/* An extension's contents, when they are exactly one element with this tag. */
static struct troth_span extension_of(const struct troth_cert *vek, struct troth_span oid,
                                      unsigned tag)
{
    struct troth_span value = troth_cert_extension(vek, oid);
    struct troth_cursor c = troth_cursor_over(value);
    struct troth_span contents = troth_der_read(&c, tag, "snp.vek.extension");

    if (!value.ptr || troth_cursor_finish(&c, NULL))
        return (struct troth_span){NULL, 0};
    return contents;
}

const struct troth_snp_product *
troth_snp_certificate_product(const struct troth_cert *vek)
{
    return troth_snp_product_by_name(
        extension_of(vek, TROTH_SNP_OID("\x02"), TROTH_DER_IA5_STRING));
}

const struct troth_snp_product *troth_snp_issuer_product(const struct troth_cert *vek)
{
    struct troth_span name = vek->issuer_common_name;
    struct troth_span prefix = named(vek, "SEV-VLEK") ? TROTH_LITERAL("SEV-VLEK-")
                                                      : TROTH_LITERAL("SEV-");

    return troth_snp_product_behind(name, prefix);
}

struct troth_span troth_snp_certificate_hwid(const struct troth_cert *vek, size_t size)
{
    struct troth_span raw = troth_cert_extension(vek, TROTH_SNP_OID("\x04"));

    /* Most certificates hold the bytes bare, some inside an OCTET STRING: the length
     * tells which, as the first byte cannot. */
    if (raw.len == size + 2 && raw.ptr[0] == TROTH_DER_OCTET_STRING && raw.ptr[1] == size)
        return troth_span_slice(raw, 2, raw.len);
    return raw;
}

struct troth_span troth_snp_certificate_csp(const struct troth_cert *vek)
{
    return extension_of(vek, TROTH_SNP_OID("\x05"), TROTH_DER_IA5_STRING);
}

bool troth_snp_certificate_tcb(uint8_t out[static TROTH_SNP_TCB_SIZE],
                               const struct troth_cert *vek,
                               const struct troth_snp_product *product)
{
    memset(out, 0, TROTH_SNP_TCB_SIZE);
    for (size_t i = 0; i < TROTH_SNP_TCB_SIZE; i++) {
        uint8_t oid[] = {0x2b, 0x06, 0x01, 0x04, 0x01, 0x9c, 0x78, 0x01, 0x03, 0};

        oid[sizeof oid - 1] = product->certificate_arc[i];

        struct troth_span value = troth_cert_extension(
            vek, (struct troth_span){oid, sizeof oid});
        struct troth_cursor c = troth_cursor_over(value);
        uint64_t version = troth_der_u64(&c, "snp.vek.spl");

        if (!value.ptr || troth_cursor_finish(&c, NULL) || version > 255)
            return false;
        out[i] = (uint8_t)version;
    }
    return true;
}

/* What the caller gave, prepared, and behind it what the host put beside the report. */
static enum troth_err gather(struct troth_collateral *out, struct troth_fault *fault,
                             const struct troth_verify_input *input,
                             const struct troth_snp *snp)
{
    struct troth_collateral_item *items;
    size_t count = input->collateral.count;

    *out = input->collateral;
    if (!snp->table.len)
        return TROTH_OK;
    items = troth_arena_take_array(input->arena, TROTH_COLLATERAL_MAX, sizeof *items);
    if (!items)
        return TROTH_ERR_MEMORY;
    if (count > TROTH_COLLATERAL_MAX)
        return TROTH_ERR_LIMIT;
    if (count)
        memcpy(items, input->collateral.items, count * sizeof *items);
    enum troth_err err = troth_collateral_read(items, &count, fault, snp->table,
                                               input->arena);
    if (!err)
        err = troth_collateral_prepare(items, count, NULL, fault, input->crypto,
                                       input->arena);
    *out = (struct troth_collateral){items, count};
    return err;
}

/* Which kind of VEK a certificate says it is, beside the kind the report names. */
enum rank { NO_VEK, OTHER_VEK, WANTED_VEK };

static enum rank rank_of(const struct troth_cert *cert, const struct troth_snp *snp)
{
    struct troth_span name = cert->common_name;
    bool is_vlek = troth_span_equal(name, TROTH_LITERAL("SEV-VLEK"));
    bool wanted_vlek = TROTH_SNP_SIGNING_KEY(troth_snp_uint(snp->signer_info)) ==
                       TROTH_SNP_VLEK;

    if (!is_vlek && !troth_span_equal(name, TROTH_LITERAL("SEV-VCEK")))
        return NO_VEK;
    return is_vlek == wanted_vlek ? WANTED_VEK : OTHER_VEK;
}

/* How well a VEK's own words fit the report, for where there are several: its chip before
 * its firmware. */
static int fitness(const struct troth_cert *vek, const struct troth_snp *snp)
{
    const struct troth_snp_product *product = troth_snp_certificate_product(vek);
    uint8_t tcb[TROTH_SNP_TCB_SIZE];

    if (!product)
        return 0;

    struct troth_span hwid = troth_snp_certificate_hwid(vek, product->hwid_size);
    bool same_chip = troth_span_starts_with(snp->chip_id, hwid);
    bool same_tcb = troth_snp_certificate_tcb(tcb, vek, product) &&
                    memcmp(tcb, snp->reported_tcb.ptr, sizeof tcb) == 0;

    return 1 + 2 * same_chip + same_tcb;
}

static const struct troth_cert *choose_vek(const struct troth_shelf *shelf,
                                           const struct troth_snp *snp)
{
    const struct troth_cert *best = NULL;
    enum rank best_rank = NO_VEK;

    for (size_t i = 0; i < shelf->cert_count; i++) {
        const struct troth_cert *cert = shelf->certs[i];
        enum rank rank = rank_of(cert, snp);

        if (rank == NO_VEK || rank < best_rank)
            continue;
        if (rank > best_rank || fitness(cert, snp) > fitness(best, snp)) {
            best = cert;
            best_rank = rank;
        }
    }
    return best;
}

static bool same_key(const struct troth_public_key *a, const struct troth_public_key *b)
{
    return a->kind == b->kind && a->exponent == b->exponent &&
           troth_span_equal(a->modulus, b->modulus) &&
           troth_span_equal(a->point, b->point);
}

/* The pinned intermediate of this name, and of this key where one is given. */
static const struct troth_anchor *pinned_issuer(const struct troth_anchors *anchors,
                                                struct troth_span name,
                                                const struct troth_public_key *key)
{
    for (size_t i = 0; i < anchors->count; i++) {
        const struct troth_anchor *row = &anchors->rows[i];
        bool fits = row->role == TROTH_ANCHOR_AMD_ASK ||
                    row->role == TROTH_ANCHOR_AMD_ASVK;

        if (fits && troth_span_equal(row->subject, name) &&
            (!key || same_key(&row->key, key)))
            return row;
    }
    return NULL;
}

/* The root of this name; of several, the one whose key identifier `key_id` is. */
static const struct troth_anchor *root_named(const struct troth_anchors *anchors,
                                             struct troth_span name,
                                             struct troth_span key_id)
{
    for (size_t i = 0; i < anchors->count; i++) {
        const struct troth_anchor *row = &anchors->rows[i];
        bool fits = row->role == TROTH_ANCHOR_AMD_ARK || row->role == TROTH_ANCHOR_CUSTOM;

        if (fits && troth_span_equal(row->subject, name) &&
            (!key_id.len || !row->key_id.len || troth_span_equal(row->key_id, key_id)))
            return row;
    }
    return NULL;
}

/* The root of a pinned intermediate's product. */
static const struct troth_anchor *root_of(const struct troth_anchors *anchors,
                                          const struct troth_anchor *issuer)
{
    for (size_t i = 0; i < anchors->count; i++)
        if (anchors->rows[i].role == TROTH_ANCHOR_AMD_ARK && issuer->product &&
            troth_span_equal(troth_span_of_text(anchors->rows[i].product),
                             troth_span_of_text(issuer->product)))
            return &anchors->rows[i];
    return NULL;
}

static const struct troth_cert *issuer_of(const struct troth_shelf *shelf,
                                          const struct troth_cert *vek)
{
    for (size_t i = 0; i < shelf->cert_count; i++)
        if (troth_span_equal(shelf->certs[i]->subject, vek->issuer))
            return shelf->certs[i];
    return NULL;
}

void troth_snp_endorsement_root(struct troth_snp_endorsement *out,
                                const struct troth_shelf *shelf,
                                const struct troth_anchors *anchors)
{
    const struct troth_cert *ask = issuer_of(shelf, out->vek);

    out->anchor = pinned_issuer(anchors, out->vek->issuer, ask ? &ask->key : NULL);
    if (out->anchor) {
        out->ark = root_of(anchors, out->anchor);
        return;
    }
    out->ask = ask;
    if (ask)
        out->anchor = root_named(anchors, ask->issuer, ask->authority_key_id);
    out->ark = out->anchor;
}

enum troth_err troth_snp_endorsement_find(struct troth_snp_endorsement *out,
                                          struct troth_fault *fault,
                                          const struct troth_verify_input *input,
                                          const struct troth_snp *snp)
{
    struct troth_collateral gathered;
    struct troth_shelf shelf;
    enum troth_err err;

    *out = (struct troth_snp_endorsement){0};
    err = gather(&gathered, fault, input, snp);
    if (!err)
        err = troth_shelf_fill(&shelf, &gathered, input->arena);
    if (err)
        return err;
    out->crls = shelf.crls;
    out->crl_count = shelf.crl_count;
    out->vek = choose_vek(&shelf, snp);
    if (out->vek)
        troth_snp_endorsement_root(out, &shelf, input->anchors);
    return TROTH_OK;
}
