/* tree.h - the file system that a program sees. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SANDBOX_TREE_H
#define TROTH_SANDBOX_TREE_H

#include "sandbox/places.h"

/*
 * troth_sandbox_tree_build - make it, and be in it.
 *
 * The root is a folder in memory that is read-only in the end; in it are the places, and
 * tmp, dev and proc of its own. The machine's own tree is gone afterwards.
 *
 *   out_memfd   as troth_sandbox_processes_mount()
 *
 * Effects  the process is in a mount namespace of its own from then on, whatever it was
 * in before: what it changes can be nobody else's
 */
TROTH_MUST_USE bool troth_sandbox_tree_build(bool *out_memfd,
                                             struct troth_sandbox_places *places,
                                             struct troth_sandbox_fault *fault);

#endif
