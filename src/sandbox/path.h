/* path.h - paths as they are written: nothing here looks at a file. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SANDBOX_PATH_H
#define TROTH_SANDBOX_PATH_H

#include <stdbool.h>
#include <stddef.h>

#define TROTH_SANDBOX_PATH_MAX 4096 /* Linux's PATH_MAX, with the zero */

/* Begins with '/', does not end with one unless it is all of it, has no empty part and
 * neither "." nor "..". */
bool troth_sandbox_path_is_plain(const char *path);

/* Is `path` this folder, or in it? Both are plain. */
bool troth_sandbox_path_is_within(const char *path, const char *folder);

/* Is it the root, or in a folder that the sandbox makes itself: /dev, /proc, /sys? */
bool troth_sandbox_path_is_ours(const char *path);

/*
 * troth_sandbox_path_target - where a link leads, as it is written: the link `path` says
 * `link`.
 *
 * Returns  false: it goes by "." or "..", or is too long
 */
bool troth_sandbox_path_target(char out[static TROTH_SANDBOX_PATH_MAX], const char *path,
                               const char *link);

#endif
