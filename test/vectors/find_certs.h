/* find_certs.h - every certificate in the folders of genuine evidence. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_FIND_CERTS_H
#define TROTH_TEST_FIND_CERTS_H

#include <glob.h>

#include "test/harness.h"

/* The paths of the files to look into; folders among them are not. */
void find_cert_files(glob_t *out);

struct found_cert {
    struct troth_span der;
    const char *file; /* where it was first */
};

/*
 * Each certificate once: PEM blocks, and anything that begins like a version 3
 * certificate, wherever it stands in a file. At most `max`; how many.
 */
size_t find_certs(struct found_cert *out, size_t max, const glob_t *files);

/* Its bytes; {NULL, 0} for a folder. */
struct troth_span find_cert_read(const char *path);

#endif
