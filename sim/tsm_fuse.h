/* tsm_fuse.h - the simulated interfaces as a file system. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_TSM_FUSE_H
#define TROTH_SIM_TSM_FUSE_H

#include "sim/tsm_tree.h"

/*
 * sim_tsm_serve - mount the tree of tsm_tree.h on a folder and answer for it, in a thread
 * of its own, until the program ends.
 *
 *   tsm   the thread's from here on
 *
 * Errors   returns 0 or an errno
 */
int sim_tsm_serve(struct sim_tsm *tsm, const char *folder);

#endif
