/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/image_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "builder/image_sums.h"
#include "image/eif_signature.h"

#define MEASURED                                                                         \
    (TROTH_SUM_BIT(TROTH_SUM_PCR0) | TROTH_SUM_BIT(TROTH_SUM_PCR2) |                     \
     TROTH_SUM_BIT(TROTH_SUM_FILE) | TROTH_SUM_BIT(TROTH_SUM_CRC))

/* PCR8, and whether the certificate's key signed this PCR0. */
static bool judge_signature(struct troth_image_facts *out,
                            struct troth_build_problem *problem,
                            const struct troth_crypto *crypto, const char *name,
                            const struct troth_image_sums *sums,
                            struct troth_arena *arena)
{
    struct troth_eif_signature signature;
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    uint8_t digest[48];
    enum troth_err err;

    fault.err = troth_eif_signature_read(
        &signature, &fault, (struct troth_span){sums->signature, sums->signature_len},
        arena);
    if (fault.err) {
        fault.offset += (size_t)sums->eif.sections[sums->eif.count - 1].offset;
        return troth_image_fail(problem, name, &fault);
    }
    err = crypto->ops->digest(crypto->state, digest, TROTH_SHA384,
                              (struct troth_parts){&signature.certificate, 1});
    if (!err)
        err = troth_pcr_of_digest(out->pcrs[TROTH_PCR8], crypto, digest);
    if (!err) {
        err = troth_eif_signature_verify(&signature, &fault, crypto,
                                         out->pcrs[TROTH_PCR0]);
        out->signature_good = err == TROTH_OK;
    }
    if (err == TROTH_ERR_CRYPTO || err == TROTH_ERR_MEMORY)
        return troth_build_fail(problem, name, "the signature cannot be judged: %s",
                                troth_err_text(err));
    return true;
}

static bool fill_registers(struct troth_image_facts *out,
                           struct troth_build_problem *problem,
                           const struct troth_crypto *crypto, const char *name,
                           const struct troth_image_sums *sums)
{
    const uint8_t *const digests[] = {
        [TROTH_PCR0] = sums->digests[TROTH_SUM_PCR0],
        [TROTH_PCR1] = sums->pcr1,
        [TROTH_PCR2] = sums->digests[TROTH_SUM_PCR2],
    };

    for (size_t i = 0; i < sizeof(digests) / sizeof(*digests); i++)
        if (troth_pcr_of_digest(out->pcrs[i], crypto, digests[i]))
            return troth_build_fail(problem, name, "cannot be measured: %s",
                                    troth_err_text(TROTH_ERR_CRYPTO));
    return true;
}

static bool fill_facts(struct troth_image_facts *out, struct troth_build_problem *problem,
                       const struct troth_crypto *crypto, const char *name,
                       const struct troth_image_sums *sums)
{
    struct troth_arena arena = {NULL, TROTH_EIF_SIGNATURE_ROOM, 0};
    bool done;

    out->eif = sums->eif;
    memcpy(out->sha256, sums->digests[TROTH_SUM_FILE], sizeof(out->sha256));
    if (!fill_registers(out, problem, crypto, name, sums))
        return false;
    if (!sums->signature)
        return true;
    arena.base = malloc(arena.size);
    if (!arena.base)
        return troth_build_fail_errno(problem, name, "cannot be measured", ENOMEM);
    out->is_signed = true;
    done = judge_signature(out, problem, crypto, name, sums, &arena);
    free(arena.base);
    return done;
}

bool troth_image_facts_of_sums(struct troth_image_facts *out,
                               struct troth_build_problem *problem,
                               const struct troth_crypto *crypto, const char *name,
                               const struct troth_image_sums *sums)
{
    memset(out, 0, sizeof(*out));
    if (sums->crc != sums->eif.crc)
        return troth_build_fail(problem, name,
                                "is damaged: the CRC-32 in its header is %08x, that of "
                                "the file %08x",
                                (unsigned)sums->eif.crc, (unsigned)sums->crc);
    if (fill_facts(out, problem, crypto, name, sums))
        return true;
    memset(out, 0, sizeof(*out));
    return false;
}

bool troth_image_measure(struct troth_image_facts *out,
                         struct troth_build_problem *problem,
                         const struct troth_crypto *crypto, const char *name, int file)
{
    const struct troth_image_reading reading = {
        .name = name, .file = file, .wanted = MEASURED};
    struct troth_image_sums sums;
    bool done;

    memset(out, 0, sizeof(*out));
    if (!troth_image_sums_read(&sums, problem, &reading))
        return false;
    done = troth_image_facts_of_sums(out, problem, crypto, name, &sums);
    troth_image_sums_release(&sums);
    return done;
}

/* The headers of the sections; the file's own was read. */
static bool open_sections(struct troth_eif *eif, struct troth_build_problem *problem,
                          const char *name, int file)
{
    struct troth_fault fault;

    for (size_t i = 0; i < eif->count; i++) {
        uint8_t header[TROTH_EIF_SECTION_HEADER_SIZE];
        const uint64_t offset = eif->sections[i].offset - sizeof(header);

        if (!troth_image_read_at(problem, name, file, header, sizeof(header), offset))
            return false;
        if (troth_eif_read_section(eif, &fault, i,
                                   (struct troth_span){header, sizeof(header)}))
            return troth_image_fail(problem, name, &fault);
    }
    return troth_eif_check_complete(eif, &fault) == TROTH_OK ||
           troth_image_fail(problem, name, &fault);
}

bool troth_image_open(struct troth_eif *out, struct troth_build_problem *problem,
                      const char *name, int file)
{
    uint8_t header[TROTH_EIF_HEADER_SIZE];
    struct troth_fault fault;
    uint64_t size;
    size_t len;

    memset(out, 0, sizeof(*out));
    if (!troth_image_file_size(&size, problem, name, file))
        return false;
    len = size < sizeof(header) ? (size_t)size : sizeof(header);
    if (!troth_image_read_at(problem, name, file, header, len, 0))
        return false;
    if (troth_eif_read_header(out, &fault, (struct troth_span){header, len}, size))
        return troth_image_fail(problem, name, &fault);
    if (open_sections(out, problem, name, file))
        return true;
    memset(out, 0, sizeof(*out));
    return false;
}

void troth_image_measurements(struct troth_measurements *out,
                              const struct troth_image_facts *facts)
{
    static const struct {
        const char *claim, *covers;
    } rows[TROTH_PCR_COUNT] = {
        [TROTH_PCR0] = {"nitro.pcr0", "kernel, command line, every ramdisk"},
        [TROTH_PCR1] = {"nitro.pcr1", "kernel, command line, first ramdisk"},
        [TROTH_PCR2] = {"nitro.pcr2", "the ramdisks after the first"},
        [TROTH_PCR8] = {"nitro.pcr8", "the certificate that signed the image"},
    };

    *out = (struct troth_measurements){.kind = "nitro"};
    for (size_t i = 0; i < TROTH_PCR_COUNT; i++)
        if (i != TROTH_PCR8 || facts->is_signed)
            troth_measurements_add(out, rows[i].claim,
                                   (struct troth_span){facts->pcrs[i], TROTH_PCR_SIZE},
                                   rows[i].covers);
}
