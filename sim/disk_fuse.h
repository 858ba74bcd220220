/* disk_fuse.h - the disk of disk.h as a file system. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_DISK_FUSE_H
#define TROTH_SIM_DISK_FUSE_H

#include "sim/disk.h"

struct fuse_session;

/*
 * sim_disk_mount - put it on a folder.
 *
 *   out   NULL on failure; for sim_disk_unmount()
 *
 * Errors   an errno
 */
int sim_disk_mount(struct fuse_session **out, struct sim_disk *disk, const char *folder);

/* Ready to be read: somebody asks. */
int sim_disk_descriptor(const struct fuse_session *session);

/* Answers one question. False: it is not mounted any more. */
bool sim_disk_answer(struct fuse_session *session);

/* Whoever still has files open there gets errors. */
void sim_disk_unmount(struct fuse_session *session);

#endif
