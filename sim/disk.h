/*
 * disk.h - a disk in memory that forgets, when its power fails, what was not synced.
 *
 * It is stricter than any: what is written to a file is kept once the file was synced, a
 * name once its folder was, and nothing is synced by the way. Only the owner, the rights
 * and the kind of a file are kept as soon as its name is.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_DISK_H
#define TROTH_SIM_DISK_H

#include <sys/types.h>
#include <time.h>

#include "sim/disk_content.h"
#include "sim/disk_names.h"
#include "troth/span.h"

#define SIM_DISK_ROOT     1
#define SIM_DISK_NAME_MAX 255
#define SIM_DISK_LIES_MAX 16

/* Each thing twice: as programs see it, and as it is kept. */
struct sim_disk_node {
    mode_t mode;
    uid_t user;
    gid_t group;
    struct timespec written;
    unsigned links, opens;
    bool is_dropped; /* removed, and open nowhere: it has no bytes but those kept */
    char name[SIM_DISK_NAME_MAX + 1]; /* the last it was given */
    struct sim_content content, kept_content;
    struct sim_disk_names names, kept_names;
};

struct sim_disk {
    struct sim_disk_node **nodes; /* by their number, less one */
    size_t count;
    struct sim_room room;
    bool is_cut, is_read_only;
    uint64_t changes_left; /* until the power fails; 0: it does not by itself */
    /* Files that it only says it has synced: names as a shell matches them; a folder's
     * ends with a slash. */
    char *lies[SIM_DISK_LIES_MAX]; /* the disk's own */
    size_t lie_count;
};

/* `mode` of its first folder, which is the caller's. */
void sim_disk_init(struct sim_disk *out, mode_t mode);
void sim_disk_free(struct sim_disk *disk);

struct sim_disk_node *sim_disk_node(const struct sim_disk *disk, uint64_t number);

/* All that follow return 0 or an errno; once the power has failed EIO. */

int sim_disk_find(struct sim_disk *disk, uint64_t *out, uint64_t folder,
                  const char *name);

/* A file or a folder, by its mode, or where `number` is one that is there another name of
 * it. */
struct sim_disk_new {
    mode_t mode;
    uid_t user;
    gid_t group;
    uint64_t number;
};
int sim_disk_make(struct sim_disk *disk, uint64_t *out, uint64_t folder, const char *name,
                  const struct sim_disk_new *what);
int sim_disk_remove(struct sim_disk *disk, uint64_t folder, const char *name,
                    bool is_folder);

struct sim_disk_place {
    uint64_t folder;
    const char *name;
};
int sim_disk_rename(struct sim_disk *disk, struct sim_disk_place from,
                    struct sim_disk_place to, bool may_replace);

/* How much was written: all, unless it is full. */
int sim_disk_write(struct sim_disk *disk, size_t *out, uint64_t number,
                   struct troth_span bytes, uint64_t at);
int sim_disk_resize(struct sim_disk *disk, uint64_t number, uint64_t size);

/* A file or a folder. */
int sim_disk_sync(struct sim_disk *disk, uint64_t number);

/* No lies from now on; what they were about is synced when it is synced again. */
void sim_disk_be_honest(struct sim_disk *disk);

/* A removed file's bytes are there as long as somebody has it open. */
void sim_disk_open(struct sim_disk *disk, uint64_t number);
void sim_disk_close(struct sim_disk *disk, uint64_t number);

/*
 * sim_disk_again - the power is back: only what was synced is there.
 *
 *   seed   other than 0: and a part of what was not, which it decides
 */
void sim_disk_again(struct sim_disk *disk, uint64_t seed);

#endif
