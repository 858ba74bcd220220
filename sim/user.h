/*
 * user.h - the memory of the program that a simulated device answers.
 *
 * An ioctl names places in its caller's memory. Who serves it may not know what is there
 * until it has asked the kernel for it, so a handler is run anew until it has all:
 * whatever it wants to read or to write it says before it does anything.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_USER_H
#define TROTH_SIM_USER_H

#include <stdbool.h>
#include <sys/uio.h>

#include "troth/span.h"

#define SIM_USER_PIECES 8
#define SIM_USER_ROOM   0x8000 /* what all of a call's pieces come to at most */

struct sim_user {
    bool is_self;           /* the caller is this process */
    struct troth_span have; /* what was read, in the order of `read` */
    size_t room_len;        /* what may be written, in the order of `written` */
    uint8_t room[SIM_USER_ROOM];

    struct iovec read[SIM_USER_PIECES], written[SIM_USER_PIECES];
    size_t read_count, written_count;
    size_t read_len, written_len; /* in all */
    bool lacks; /* there is more to ask for; do nothing, you will be run again */
};

/* So many bytes at an address; NULL where it lacks them. */
const uint8_t *sim_user_read(struct sim_user *user, uint64_t address, size_t len);

/* Where to write so many bytes that belong there; NULL where it lacks the room. */
uint8_t *sim_user_write(struct sim_user *user, uint64_t address, size_t len);

/* An ioctl of a simulated device: 0 or a negative errno, what it wrote counts in any
 * case. */
typedef int sim_ioctl(void *state, struct sim_user *user, unsigned number,
                      uint64_t argument);

#endif
