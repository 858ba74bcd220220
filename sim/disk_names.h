/* disk_names.h - what a folder says of the things in it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_DISK_NAMES_H
#define TROTH_SIM_DISK_NAMES_H

#include <stddef.h>
#include <stdint.h>

struct sim_disk_name {
    char *text;
    uint64_t number; /* of what it names */
};

/* Zeroed: none. */
struct sim_disk_names {
    struct sim_disk_name *list;
    size_t count;
};

/* NULL where there is none of the kind. */
struct sim_disk_name *sim_names_find(const struct sim_disk_names *names,
                                     const char *text);

/* Instead of the one of that text, if there is one. */
void sim_names_set(struct sim_disk_names *names, const char *text, uint64_t number);
void sim_names_drop(struct sim_disk_names *names, const char *text);
void sim_names_clear(struct sim_disk_names *names);
void sim_names_copy(struct sim_disk_names *out, const struct sim_disk_names *names);

/* What a failure of power leaves of changes: each is in `kept`, or it is not, as the seed
 * decides; seed 0: none. */
void sim_names_tear(struct sim_disk_names *kept, const struct sim_disk_names *now,
                    uint64_t *seed);

#endif
