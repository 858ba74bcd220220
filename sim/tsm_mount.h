/* tsm_mount.h - folders where the kernel has none, seen by one program and its children.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_TSM_MOUNT_H
#define TROTH_SIM_TSM_MOUNT_H

/*
 * What cannot be done ends the program, with the words of the kernel.
 */

/* From here on this process and its children see mounts of their own; who is not root
 * becomes the owner of a user namespace first. */
void sim_mount_enter(void);

/* Make `path` a folder, where it is none: in memory, over the deepest folder there is on
 * the way, with all that was in that still in its place. */
void sim_mount_make_folder(const char *path);

/* A mount taken out of the tree: a descriptor, and how it is put back. */
int sim_mount_take(const char *path);
void sim_mount_put(int taken, const char *path);

/* What is mounted on it, from sight. */
void sim_mount_drop(const char *path);

#endif
