/* SPDX-License-Identifier: Apache-2.0 */
#include "image/pcr.h"

#include "base/memory.h"
#include "image/eif_signature.h"

static size_t ramdisks_before(const struct troth_eif *eif, size_t index)
{
    size_t count = 0;

    for (size_t i = 0; i < index; i++)
        count += eif->sections[i].kind == TROTH_EIF_RAMDISK;
    return count;
}

bool troth_pcr_covers(enum troth_pcr pcr, const struct troth_eif *eif, size_t index)
{
    const enum troth_eif_kind kind = eif->sections[index].kind;
    const bool is_ramdisk = kind == TROTH_EIF_RAMDISK;
    const bool is_kernel = kind == TROTH_EIF_KERNEL || kind == TROTH_EIF_CMDLINE;
    const bool is_first = is_ramdisk && ramdisks_before(eif, index) == 0;

    switch (pcr) {
    case TROTH_PCR0:
        return is_kernel || is_ramdisk;
    case TROTH_PCR1:
        return is_kernel || is_first;
    case TROTH_PCR2:
        return is_ramdisk && !is_first;
    case TROTH_PCR8:
    case TROTH_PCR_COUNT:
        break;
    }
    return false;
}

/* One extend from zero. */
static enum troth_err extend(uint8_t out[static TROTH_PCR_SIZE],
                             const struct troth_crypto *crypto, struct troth_span digest)
{
    static const uint8_t zeros[TROTH_PCR_SIZE];
    const struct troth_span parts[] = {TROTH_ARRAY_SPAN(zeros), digest};
    enum troth_err err = crypto->ops->digest(crypto->state, out, TROTH_SHA384,
                                             (struct troth_parts){parts, 2});

    if (err)
        memset(out, 0, TROTH_PCR_SIZE);
    return err;
}

enum troth_err troth_pcr_of_digest(uint8_t out[static TROTH_PCR_SIZE],
                                   const struct troth_crypto *crypto,
                                   const uint8_t digest[static 48])
{
    return extend(out, crypto, (struct troth_span){digest, TROTH_PCR_SIZE});
}

static enum troth_err measure(uint8_t out[static TROTH_PCR_SIZE],
                              const struct troth_crypto *crypto, struct troth_parts parts)
{
    uint8_t digest[TROTH_PCR_SIZE];
    enum troth_err err = crypto->ops->digest(crypto->state, digest, TROTH_SHA384, parts);

    return err ? err : troth_pcr_of_digest(out, crypto, digest);
}

static enum troth_err measure_sections(uint8_t out[static TROTH_PCR_SIZE],
                                       const struct troth_crypto *crypto,
                                       enum troth_pcr pcr, const struct troth_eif *eif,
                                       struct troth_span file)
{
    struct troth_span parts[TROTH_EIF_SECTIONS_MAX];
    size_t count = 0;

    for (size_t i = 0; i < eif->count; i++)
        if (troth_pcr_covers(pcr, eif, i))
            parts[count++] = troth_eif_data(eif, file, i);
    return measure(out, crypto, (struct troth_parts){parts, count});
}

/* A signature section is the last, if there is one. */
static enum troth_err measure_certificate(uint8_t out[static TROTH_PCR_SIZE],
                                          struct troth_fault *fault,
                                          const struct troth_crypto *crypto,
                                          struct troth_span data,
                                          struct troth_arena *arena)
{
    struct troth_eif_signature signature;
    enum troth_err err = troth_eif_signature_read(&signature, fault, data, arena);

    return err ? err
               : measure(out, crypto, (struct troth_parts){&signature.certificate, 1});
}

static enum troth_err measure_all(uint8_t out[static TROTH_PCR_COUNT][TROTH_PCR_SIZE],
                                  struct troth_fault *fault,
                                  const struct troth_crypto *crypto,
                                  const struct troth_eif *eif, struct troth_span file,
                                  struct troth_arena *arena)
{
    const struct troth_eif_section *signature = troth_eif_find(eif, TROTH_EIF_SIGNATURE);
    enum troth_err err = TROTH_OK;

    for (unsigned pcr = TROTH_PCR0; pcr <= TROTH_PCR2 && !err; pcr++)
        err = measure_sections(out[pcr], crypto, (enum troth_pcr)pcr, eif, file);
    if (err || !signature)
        return err;

    struct troth_fault inner = {0};

    err = measure_certificate(out[TROTH_PCR8], &inner, crypto,
                              troth_eif_data(eif, file, eif->count - 1), arena);
    if (err && fault && inner.err)
        *fault = (struct troth_fault){err, inner.field,
                                      (size_t)signature->offset + inner.offset};
    return err;
}

enum troth_err troth_pcrs_of_eif(uint8_t out[static TROTH_PCR_COUNT][TROTH_PCR_SIZE],
                                 struct troth_fault *fault,
                                 const struct troth_crypto *crypto,
                                 const struct troth_eif *eif, struct troth_span file,
                                 struct troth_arena *arena)
{
    enum { ALL = TROTH_PCR_COUNT * TROTH_PCR_SIZE };

    memset(out, 0, ALL);
    if (fault)
        *fault = (struct troth_fault){0};

    enum troth_err err = measure_all(out, fault, crypto, eif, file, arena);

    if (err)
        memset(out, 0, ALL);
    if (err && fault)
        fault->err = err;
    return err;
}
