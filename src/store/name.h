/* name.h - what an entry of a store may be called: "intel/tdx/tcb/b0c06f000000". */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_STORE_NAME_H
#define TROTH_STORE_NAME_H

#include <stdbool.h>
#include <stddef.h>

/* Room for any name, and how many folders one may stand in. */
#define TROTH_STORE_NAME_ROOM 256
#define TROTH_STORE_DEPTH     6

/*
 * troth_store_name_is_valid - may a file be called so?
 *
 * Shape    parts of ASCII letters, digits, '-', '_' and '.', none empty, none beginning
 *          with '.', between single slashes. So no name leaves the store, and none is
 *          that of its own files.
 */
bool troth_store_name_is_valid(const char *name);

#endif
