/* cache_folder.h - where what was fetched is kept, if nobody says otherwise. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_CACHE_FOLDER_H
#define TROTH_CLI_CACHE_FOLDER_H

#include <stdbool.h>

#define TROTH_CACHE_FOLDER_ROOM 4096

/*
 * troth_cache_folder - "$XDG_CACHE_HOME/troth/collateral", or below "$HOME/.cache".
 *
 * Errors   false: the environment names no absolute folder
 * Spec     [XDG]
 */
bool troth_cache_folder(char out[static TROTH_CACHE_FOLDER_ROOM]);

#endif
