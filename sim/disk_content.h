/* disk_content.h - the bytes of a file, in pages that several states of it share. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_DISK_CONTENT_H
#define TROTH_SIM_DISK_CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_DISK_PAGE   4096
#define SIM_DISK_SECTOR 512 /* what a disk writes whole or not at all */

struct sim_page {
    unsigned uses; /* by how many contents */
    uint8_t bytes[SIM_DISK_PAGE];
};

/* Zeroed: an empty one. */
struct sim_content {
    struct sim_page **pages; /* NULL: a hole, that reads as zeros */
    size_t count;
    uint64_t size;
};

/* How many pages may be taken, and are; several contents share one. */
struct sim_room {
    uint64_t most; /* 0: as many as memory has */
    uint64_t used;
};

/* What it reads is at most up to the end. */
size_t sim_content_read(const struct sim_content *content, uint8_t *out, size_t len,
                        uint64_t at);

/* How much of it was written: less than `len` where the room was over. */
size_t sim_content_write(struct sim_content *content, struct sim_room *room,
                         const uint8_t *bytes, size_t len, uint64_t at);

/* False: no room is left. */
bool sim_content_resize(struct sim_content *content, struct sim_room *room,
                        uint64_t size);

/* `room` NULL: of those that do not count. */
void sim_content_clear(struct sim_content *content, struct sim_room *room);

/* `out`, that was cleared, becomes the same. */
void sim_content_share(struct sim_content *out, const struct sim_content *content);

/* Numbers that a seed decides; seed 0: always 0. */
uint64_t sim_disk_chance(uint64_t *seed);

/*
 * sim_content_tear - what a failure of power leaves of a change.
 *
 *   kept   as it was; each sector that differs from `now` may become that, and the size
 *   seed   decides which; 0: none
 */
void sim_content_tear(struct sim_content *kept, const struct sim_content *now,
                      uint64_t *seed);

#endif
