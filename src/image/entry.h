/* entry.h - one file, folder or link of a file system, as archives and images have it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_IMAGE_ENTRY_H
#define TROTH_IMAGE_ENTRY_H

#include <stdbool.h>

#include "troth/error.h"
#include "troth/span.h"

#define TROTH_ENTRY_PATH_MAX 1023 /* bytes */
#define TROTH_ENTRY_LINK_MAX 1023

enum troth_entry_kind {
    TROTH_ENTRY_NONE = 0,
    TROTH_ENTRY_FILE,
    TROTH_ENTRY_FOLDER,
    TROTH_ENTRY_SYMLINK,
    TROTH_ENTRY_HARD_LINK, /* of an archive: the same file as the one at `target` */
    TROTH_ENTRY_DEVICE,    /* block or character: never put into an image */
    TROTH_ENTRY_PIPE,      /* nor this */
    TROTH_ENTRY_SOCKET     /* nor this */
};

struct troth_entry {
    enum troth_entry_kind kind;
    struct troth_span path; /* "usr/bin/hello": relative, plain; "" is the root itself */
    uint32_t mode;          /* permissions, with set-user-id and its kin: 07777 */
    uint32_t user, group;
    uint64_t size;            /* of a file's content */
    struct troth_span target; /* of a link; a symbolic one's is any text without NUL */
};

/*
 * troth_entry_path_is_plain - relative, no empty, "." or ".." component, no NUL, no
 * control characters, each component at most 255 bytes, TROTH_ENTRY_PATH_MAX in all. ""
 * is plain.
 */
bool troth_entry_path_is_plain(struct troth_span path);

/*
 * troth_entry_path_clean - a path as archives write it ("./usr//bin/", "/usr/bin") to the
 * plain one inside of it, in place of what may be copied: `out` has room for `path.len`.
 *
 * Errors   TROTH_ERR_VALUE: a ".." component, NUL or control characters; TROTH_ERR_LIMIT
 */
TROTH_MUST_USE enum troth_err troth_entry_path_clean(uint8_t *out, size_t *out_len,
                                                     struct troth_span path);

/* "file", "folder", "symbolic link", … */
const char *troth_entry_kind_name(enum troth_entry_kind kind);

#endif
