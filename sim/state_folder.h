/* state_folder.h - where troth-run keeps its state on a simulated machine. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_STATE_FOLDER_H
#define TROTH_SIM_STATE_FOLDER_H

/* "FOLDER/NAME"; the caller frees it. */
char *sim_path_in(const char *folder, const char *name);

/*
 * sim_state_folder_make - a place below /run that is this folder's own, and always the
 * same; `folder`/state becomes a link to it. The folder itself may lie where the agent's
 * user cannot go, in somebody's home.
 *
 * Returns  its path, which the caller frees; what cannot be made ends the program
 */
char *sim_state_folder_make(const char *folder);

/* A machine that starts now has registers of zeros: what is kept there of an earlier
 * one's goes, unless somebody still uses it. */
void sim_state_folder_forget(const char *state);

#endif
