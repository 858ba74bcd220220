/* places.h - what of the machine's files is to be seen, each taken hold of. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SANDBOX_PLACES_H
#define TROTH_SANDBOX_PLACES_H

#include "sandbox/path.h"
#include "sandbox/sandbox.h"

enum troth_sandbox_place_kind {
    TROTH_SANDBOX_PLACE_READ,
    TROTH_SANDBOX_PLACE_WRITE,
    TROTH_SANDBOX_PLACE_SOCKET
};

struct troth_sandbox_place {
    const char *path;
    enum troth_sandbox_place_kind kind;
    int tree; /* a mount of it that is not anywhere yet; -1: a link */
    bool is_folder;
    char link[256]; /* what the link says */
};

struct troth_sandbox_places {
    struct troth_sandbox_place rows[2 * TROTH_SANDBOX_PATHS_MAX + 1];
    size_t count;
};

/*
 * troth_sandbox_places_list - the paths of a sandbox, folders before what is in them.
 *
 * Errors   false: one is not plain, is in /dev, /proc or /sys, or is both read and
 * written
 */
TROTH_MUST_USE bool troth_sandbox_places_list(struct troth_sandbox_places *out,
                                              const struct troth_sandbox *sandbox,
                                              struct troth_sandbox_fault *fault);

/*
 * troth_sandbox_places_take - take hold of each, with the rights it is to have.
 *
 * What lies in a written folder may have been replaced by the program of an earlier run:
 * there no link is followed. A link that leads into another place is made again as a
 * link.
 *
 * Effects  leaves descriptors open, which exec closes
 */
TROTH_MUST_USE bool troth_sandbox_places_take(struct troth_sandbox_places *places,
                                              struct troth_sandbox_fault *fault);

#endif
