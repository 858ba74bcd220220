/* tsm_file.h - the files of a folder in Linux's report interface, each read whole. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_ATTESTER_TSM_FILE_H
#define TROTH_ATTESTER_TSM_FILE_H

#include <stdbool.h>

#include "troth/attester.h"

struct troth_tsm_folder {
    int directory; /* open */
    char path[64]; /* for faults */
};

/* A file, and the step of a fault about it; both static. */
struct troth_tsm_file {
    const char *name; /* "outblob" */
    const char *step; /* "read outblob" */
};

#define TROTH_TSM_TEXT_MAX 64
#define TROTH_TSM_BLOB_MAX 65536 /* the kernel's own limit began at 32 KiB */

struct troth_tsm_text {
    uint8_t bytes[TROTH_TSM_TEXT_MAX];
    size_t len;
};

/* Fill `fault`, about this file; always false. */
bool troth_tsm_fail(const struct troth_tsm_folder *folder,
                    struct troth_attester_fault *fault, int error,
                    const struct troth_tsm_file *file);

/*
 * All below return false and fill `fault`. EINTR is a fault as well: a device that says
 * it for ever is to be left by who counts the tries.
 */

/* A line, without its end. EFBIG */
TROTH_MUST_USE bool troth_tsm_read_text(const struct troth_tsm_folder *folder,
                                        struct troth_tsm_text *out,
                                        struct troth_attester_fault *fault,
                                        const struct troth_tsm_file *file);

/* A decimal number. EBADMSG */
TROTH_MUST_USE bool troth_tsm_read_number(const struct troth_tsm_folder *folder,
                                          uint64_t *out,
                                          struct troth_attester_fault *fault,
                                          const struct troth_tsm_file *file);

/* `out` borrows `*owned`, which is to be given to free(). EFBIG, ENOMEM */
TROTH_MUST_USE bool troth_tsm_read_blob(const struct troth_tsm_folder *folder,
                                        struct troth_span *out, void **owned,
                                        struct troth_attester_fault *fault,
                                        const struct troth_tsm_file *file);

/* In one write; configfs takes a binary attribute when it is closed. */
TROTH_MUST_USE bool troth_tsm_write(const struct troth_tsm_folder *folder,
                                    struct troth_attester_fault *fault,
                                    const struct troth_tsm_file *file,
                                    struct troth_span content);

#endif
