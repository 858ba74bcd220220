/* image_sums.h - one reading of an image's file, front to back, and all that is computed
 * of it meanwhile. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_IMAGE_SUMS_H
#define TROTH_BUILDER_IMAGE_SUMS_H

#include "builder/image_file.h"

/* What can be computed; each has its bit. */
enum troth_image_sum {
    TROTH_SUM_PCR0 = 0, /* SHA-384 of what PCR0 covers; and of PCR1, on the way */
    TROTH_SUM_PCR2,
    TROTH_SUM_FILE,   /* SHA-256 */
    TROTH_SUM_CRC,    /* CRC-32 of all but the CRC */
    TROTH_SUM_KERNEL, /* SHA-256 */
    TROTH_SUM_INITRD256,
    TROTH_SUM_INITRD384,
    TROTH_SUM_COUNT
};
#define TROTH_SUM_BIT(sum) (1U << (sum))

struct troth_image_sums {
    struct troth_eif eif;
    uint8_t pcr1[48];
    uint8_t digests[TROTH_SUM_COUNT][48];
    uint32_t crc;       /* that of the header, where it was not computed */
    uint8_t *signature; /* data of the signature section; NULL: there is none */
    size_t signature_len;
};

struct troth_image_reading {
    const char *name; /* how problems call the file */
    int file;
    unsigned wanted;                /* bits of enum troth_image_sum, PCR0 among them */
    troth_image_progress *progress; /* may be NULL */
    void *state;
    uint64_t done_before, total; /* of progress */
};

/*
 * troth_image_sums_read - the whole file.
 *
 *   out      give it to troth_image_sums_release(); zeroed on failure
 *
 * Errors   false: no strict EIF; reading; a file that changes meanwhile. The CRC is not
 *          compared.
 */
TROTH_MUST_USE bool troth_image_sums_read(struct troth_image_sums *out,
                                          struct troth_build_problem *problem,
                                          const struct troth_image_reading *reading);
void troth_image_sums_release(struct troth_image_sums *sums);

/* From sums to facts: registers, and the signature's. */
TROTH_MUST_USE bool troth_image_facts_of_sums(struct troth_image_facts *out,
                                              struct troth_build_problem *problem,
                                              const struct troth_crypto *crypto,
                                              const char *name,
                                              const struct troth_image_sums *sums);

/* "is no strict EIF: FIELD: … (offset N)". Always false. */
bool troth_image_fail(struct troth_build_problem *problem, const char *name,
                      const struct troth_fault *fault);

/* Exactly `len` bytes at `offset`. */
TROTH_MUST_USE bool troth_image_read_at(struct troth_build_problem *problem,
                                        const char *name, int file, uint8_t *out,
                                        size_t len, uint64_t offset);

/* The size of a file; whatever is none is refused. */
TROTH_MUST_USE bool troth_image_file_size(uint64_t *out,
                                          struct troth_build_problem *problem,
                                          const char *name, int file);

#endif
