/*
 * fake_node.h - device nodes and files that are not on this machine: the program's own
 * open(), access(), ioctl(), socket() and connect() stand before the C library's.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_FAKE_NODE_H
#define TROTH_TEST_FAKE_NODE_H

#include <stdatomic.h>

#include "sim/user.h"
#include "troth/attester.h"

/* What the kernel would do, beginning with the next call; all zero: nothing is there. */
struct fake_node {
    const char *path; /* of the node */
    sim_ioctl *ioctl; /* who answers */
    void *state;
    int open_error;

    int passing_error;     /* this often so many calls fail so: */
    unsigned passing_left; /* … before it reaches whoever answers */
    int lost_error;        /* it fails so after it was done, once */
    int error;             /* each fails so */
    atomic_bool hangs;     /* each waits until fake_node_open_gate(), and then fails */
    atomic_uint calls;     /* that were made, */
    atomic_uint returns;   /* … and that came back */

    const char *file; /* one more file, */
    const char *text; /* … what is read from it, NULL: it can be written */
    uint8_t written[256];
    size_t written_len;

    int vsock;       /* what the next vsock is connected to: a descriptor; 0: nobody */
    int vsock_error; /* of connect() */
    unsigned vsock_cid, vsock_port;
};

extern struct fake_node fake_node;

/* As if the program had just begun. */
void fake_node_reset(void);

/* A hanging call goes on; returns when it has, and whoever made it is done with it. */
void fake_node_open_gate(void);

/* What came to the file that can be written; after it was closed. */
struct troth_span fake_node_written(void);

/* Why a call failed, against what is wanted. */
void fake_node_check_fault(const struct troth_attester_fault *fault, int error,
                           const char *step, const char *said);

/* An instant so many ms from now. */
int64_t fake_node_in_ms(int64_t ms);

#endif
