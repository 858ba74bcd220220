/* modules.h - the kernel modules of an image. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_INIT_MODULES_H
#define TROTH_INIT_MODULES_H

#include "init/fault.h"

/*
 * troth_init_modules - load what is in this folder, in the order of names by their bytes.
 *
 * Shape    one that is loaded already is fine; of one whose device is not there it is
 *          said. No folder has none. The kernel resolves nothing: what a module needs has
 * to come before it Errors   false: one that does not load, or anything else that lies
 * there
 */
bool troth_init_modules(struct troth_init_fault *fault, const char *path);

#endif
