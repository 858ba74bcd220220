/* bundle.h - what some evidence needs, as one file to take along. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_COLLATERAL_BUNDLE_H
#define TROTH_COLLATERAL_BUNDLE_H

#include "collateral/piece.h"

/* More than all answers together may be. */
#define TROTH_BUNDLE_MAX ((size_t)16 * 1024 * 1024)

/*
 * troth_bundle_write - every piece that is there.
 *
 *   out     filled on success, zeroed on failure; give it to troth_file_release()
 *   items   those that the pieces gave
 *
 * Shape    of Intel's: one JSON object with dcap-qvl's names, each statement as the very
 *          text that is signed; of AMD's: PEM
 * Errors   false: no memory, or more than there is room for
 */
bool troth_bundle_write(struct troth_file *out, const struct troth_pieces *pieces,
                        const struct troth_collateral_item *items);

#endif
