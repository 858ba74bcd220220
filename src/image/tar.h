/*
 * tar.h - tar archives, as container layers and Debian packages have them: ustar, with
 * pax headers and GNU's long names.
 *
 * A pull reader for streams: it is fed blocks of 512 bytes and says what each means. It
 * holds one entry; the content of files passes it by.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_IMAGE_TAR_H
#define TROTH_IMAGE_TAR_H

#include <stdbool.h>

#include "image/entry.h"

#define TROTH_TAR_BLOCK   512
#define TROTH_TAR_PAX_MAX ((size_t)64 * 1024) /* bytes of one extended header */

enum troth_tar_step {
    TROTH_TAR_MORE = 0, /* feed the next block */
    TROTH_TAR_ENTRY,    /* `entry` is there; its content follows: skip or take
                           `entry.size` bytes, rounded up to blocks, then go on */
    TROTH_TAR_END       /* two blocks of zeros; what is behind them does not count */
};

/* Starts zeroed. About 70 KiB. What counts for one entry comes before it: its pax header
 * or GNU's long names. A pax header for all that follow may only hold what changes
 * nothing (comments, times): unpackers disagree on the rest. */
struct troth_tar {
    struct troth_entry entry; /* borrows this struct; plain paths */
    uint64_t offset;          /* bytes fed so far, contents included */
    bool has_attributes;      /* the entry has extended attributes, which are not kept */
    bool grants_rights;       /* security.capability among them */
    /* The reader's own. */
    uint8_t path[TROTH_ENTRY_PATH_MAX + 1], target[TROTH_ENTRY_LINK_MAX + 1];
    size_t path_len, target_len;
    bool path_is_folder; /* it was written with a slash at its end */
    bool has_path, has_target, has_size, has_user, has_group, zero_block, handed_out;
    uint64_t size, user, group;
    uint8_t kind_of_text; /* what the blocks of an extended header are for; 0: none */
    uint64_t text_left, text_len;
    uint8_t text[TROTH_TAR_PAX_MAX];
};

/*
 * troth_tar_feed - the next block that is not a file's content.
 *
 *   fault   the offset in the stream; field "tar.checksum", "tar.size", "tar.path", …
 *
 * Errors   TROTH_ERR_VALUE, TROTH_ERR_LIMIT, TROTH_ERR_UNSUPPORTED (sparse files, several
 *          volumes, an unknown kind), TROTH_ERR_DUPLICATE (a pax key twice)
 */
TROTH_MUST_USE enum troth_err troth_tar_feed(struct troth_tar *tar,
                                             enum troth_tar_step *out,
                                             struct troth_fault *fault,
                                             const uint8_t block[static TROTH_TAR_BLOCK]);

/* The content of `entry`, with its padding, passed by. */
void troth_tar_skip(struct troth_tar *tar);

#endif
