/* tar_pax.h - the records of a pax extended header: "LENGTH KEY=VALUE\n". For tar.c
 * alone.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_IMAGE_TAR_PAX_H
#define TROTH_IMAGE_TAR_PAX_H

#include "image/tar.h"

/*
 * troth_tar_pax_apply - what they say, noted in `tar` for the entry that follows.
 *
 *   for_all  of a header for all entries: what would change one is refused
 *
 * Errors   TROTH_ERR_VALUE, TROTH_ERR_LIMIT, TROTH_ERR_UNSUPPORTED, TROTH_ERR_DUPLICATE
 * Spec     [POSIX-pax] "pax Extended Header"
 */
TROTH_MUST_USE enum troth_err troth_tar_pax_apply(struct troth_tar *tar,
                                                  struct troth_fault *fault,
                                                  struct troth_span text, bool for_all);

/* The same for GNU's long names: 'L' a path, 'K' a link's target. */
TROTH_MUST_USE enum troth_err troth_tar_long_name_apply(struct troth_tar *tar,
                                                        struct troth_fault *fault,
                                                        struct troth_span text,
                                                        uint8_t type);

/* Note a path as it stands in an archive. */
TROTH_MUST_USE enum troth_err troth_tar_take_path(struct troth_tar *tar,
                                                  struct troth_span path);
TROTH_MUST_USE enum troth_err troth_tar_take_target(struct troth_tar *tar,
                                                    struct troth_span target);

#endif
