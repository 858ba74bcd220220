/*
 * image_file.h - an EIF on disk: written, read, measured.
 *
 * Nothing is ever held whole. Every byte of a source and of an image is read once, and
 * every digest that the format or the caller asks for is computed meanwhile.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_IMAGE_FILE_H
#define TROTH_BUILDER_IMAGE_FILE_H

#include <stdbool.h>

#include "builder/file_tree.h"
#include "image/eif.h"
#include "image/measurements.h"
#include "image/pcr.h"
#include "troth/crypto.h"

/* What an image says of itself, strictly read and measured. */
struct troth_image_facts {
    struct troth_eif eif;
    uint8_t pcrs[TROTH_PCR_COUNT][TROTH_PCR_SIZE];
    bool is_signed;
    bool signature_good; /* over this PCR0, by the certificate that PCR8 is of */
    uint8_t sha256[32];  /* of the whole file */
};

/*
 * troth_image_measure - read all of an open file.
 *
 * Errors   false: not an EIF, or not a strict one (the offset is in the text); a CRC that
 *          is wrong; reading
 */
TROTH_MUST_USE bool troth_image_measure(struct troth_image_facts *out,
                                        struct troth_build_problem *problem,
                                        const struct troth_crypto *crypto,
                                        const char *name, int file);

/* Only the sections, without reading their data. */
TROTH_MUST_USE bool troth_image_open(struct troth_eif *out,
                                     struct troth_build_problem *problem,
                                     const char *name, int file);

/* nitro.pcr0 … as rows; nitro.pcr8 where it is signed. */
void troth_image_measurements(struct troth_measurements *out,
                              const struct troth_image_facts *facts);

/* Called now and then. */
typedef void troth_image_progress(void *state, uint64_t done, uint64_t total);

/* An image to be written. */
struct troth_image_parts {
    bool aarch64;
    int kernel; /* an open file, from its start */
    struct troth_span cmdline, metadata;
    const struct troth_file_tree *ramdisks[2]; /* finished; base, application */
    int64_t time_s;                            /* mtime of everything */
    bool no_initrd_digests; /* nobody asks for those two of the ramdisks together: they
                               cost as much as two registers */
    troth_image_progress *progress; /* of twice the image's bytes: it is written, then
                                       read; may be NULL */
    /* Where the SHA-256 of a file's bytes goes, which stays there until the image is
     * written; NULL: nobody asks. May be NULL itself. */
    uint8_t *(*digest_of)(void *state, const struct troth_tree_entry *entry);
    void *state;
};

/* What came of writing it, beside the file. */
struct troth_image_written {
    struct troth_image_facts facts;
    uint8_t kernel_sha256[32];
    uint8_t initrd_sha256[32], initrd_sha384[48]; /* of both ramdisks, one after the
                                                     other, as a machine gets them that
                                                     boots them directly; zeros where
                                                     they were not asked for */
    uint64_t kernel_size, initrd_size;
};

/*
 * troth_image_write - to an open, empty file.
 *
 *   file     open for reading and writing, at its start
 *
 * Errors   false: something that cannot be read or has changed, an image that could not
 *          be read again, writing. What is in the file then is nothing.
 */
TROTH_MUST_USE bool troth_image_write(struct troth_image_written *out,
                                      struct troth_build_problem *problem,
                                      const struct troth_crypto *crypto, int file,
                                      const struct troth_image_parts *parts);

/*
 * troth_image_walk - the members of a ramdisk of an image, one by one.
 *
 *   visit    false stops; `content` is where its bytes are in `file`, and a symbolic
 * link's entry has its target
 *
 * Errors   a ramdisk that is no plain newc archive ("is compressed" is said), or one of
 *          which Linux makes other files than its members seem to be: a path twice, or
 *          one that goes through what is no folder before it; hard links; a size after
 *          which Linux would not look for the next ramdisk
 */
typedef bool troth_image_visit(void *state, const struct troth_entry *entry,
                               const struct troth_content *content);
TROTH_MUST_USE bool troth_image_walk(struct troth_build_problem *problem, int file,
                                     const struct troth_eif_section *ramdisk,
                                     troth_image_visit *visit, void *state);

#endif
