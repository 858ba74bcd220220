/*
 * debian.h - Debian packages from the sources that this machine's apt knows and trusts.
 *
 * Asked only where the user said so (`--lock`, `--fetch`). Which packages a name needs is
 * apt's business; that a file is the one that was locked is ours.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_DEBIAN_H
#define TROTH_BUILDER_DEBIAN_H

#include <stdbool.h>

#include "builder/build_file.h"
#include "builder/lock.h"

/*
 * troth_debian_resolve - these packages ("NAME" or "NAME=VERSION") and what they depend
 * on, as inputs with name, version and architecture, without digests. Recommended ones
 * are left out; nothing of this machine's own installed packages counts.
 */
TROTH_MUST_USE bool troth_debian_resolve(struct troth_inputs_list *out,
                                         struct troth_build_problem *problem,
                                         const struct troth_build_words *packages,
                                         bool aarch64, const char *use);

/* Fetch one into the store, and say digest and size in `input`. apt has checked it
 * against what the archive signed. */
TROTH_MUST_USE bool troth_debian_fetch(struct troth_build_problem *problem,
                                       const char *store, struct troth_input *input);

/* The same for several, of one machine: apt is asked once, which is many times faster. */
TROTH_MUST_USE bool troth_debian_fetch_all(struct troth_build_problem *problem,
                                           const char *store,
                                           struct troth_input *const *inputs,
                                           size_t count);

/*
 * troth_debian_confirm - inputs with digest and size, as an earlier lock has them: those
 * that apt would not fetch to the byte, by its own lists, lose their size.
 *
 * Effects  no network is asked
 */
TROTH_MUST_USE bool troth_debian_confirm(struct troth_build_problem *problem,
                                         struct troth_input *const *inputs, size_t count);

#endif
