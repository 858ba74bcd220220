/*
 * sandbox.h - a program alone: what it sees, whom it can reach, what it may ask the
 * kernel for.
 *
 * It runs as another user without privileges, as the child of a small init of its own, in
 * namespaces of its own: a file system of only what is named, a /proc of only its own
 * processes, a /dev without devices of this machine, a network that is handed in. On top
 * of that Landlock and a list of allowed system calls hold what the namespaces promise.
 * Nothing is left out because this kernel lacks it: then the program does not start.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SANDBOX_H
#define TROTH_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "troth/error.h"

#define TROTH_SANDBOX_PATHS_MAX 64

/* 0: no limit of ours. */
struct troth_sandbox_limits {
    uint64_t memory;    /* bytes of address space, each process */
    uint64_t files;     /* descriptors, each process */
    uint64_t processes; /* of its user, threads included */
};

/* Borrows everything. Paths are absolute; a folder stands for all in it. */
struct troth_sandbox {
    const char *const *argv;        /* ends with NULL; argv[0] is looked for in PATH */
    const char *const *environment; /* "NAME=VALUE", ends with NULL; there is no other */
    const char *directory;          /* where it starts; has to be among the paths */
    uint32_t user, group;
    const char *const *read; /* seen where they are, read-only, programs in them run */
    size_t read_count;
    const char *const *write; /* seen and written, nothing there runs */
    size_t write_count;
    const char *socket; /* a Unix socket that is seen at its place; NULL: none */
    int network;        /* descriptor of the network namespace to be in */
    struct troth_sandbox_limits limits;
};

/* What could not be done: "mount /proc", an errno. */
struct troth_sandbox_fault {
    const char *step;
    char path[256]; /* may be "" */
    int error;
};

/*
 * troth_sandbox_check - could this machine's kernel hold any of it? Nothing is changed.
 *
 * Returns  false, with what is missing: "landlock", "seccomp", "namespaces"
 */
TROTH_MUST_USE bool troth_sandbox_check(struct troth_sandbox_fault *fault);

/*
 * troth_sandbox_network - a network of its own, with loopback and nothing else.
 *
 *   out   a descriptor, closed by exec; the caller's
 *
 * Effects  none on the caller's own network
 */
TROTH_MUST_USE bool troth_sandbox_network(int *out, struct troth_sandbox_fault *fault);

/*
 * troth_sandbox_listen - a listening TCP socket on 127.0.0.1 inside of such a network.
 *
 *   port   0: any; out_port says which
 */
TROTH_MUST_USE bool troth_sandbox_listen(int *out, uint16_t *out_port, int network,
                                         uint16_t port,
                                         struct troth_sandbox_fault *fault);

/* One that connects to `port` there, not blocking; -1 and errno. */
int troth_sandbox_connect(int network, uint16_t port);

/*
 * troth_sandbox_start - the program, behind its init.
 *
 *   out_init   the init's process: SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2 and
 *              SIGWINCH go on to the program; it ends as the program ended (an exit
 *              status, or 128 and the signal's number), and takes all that is left of it
 *              along. It dies with the caller.
 *
 * Shape    the program's standard streams are the caller's; it has no other descriptor
 * Returns  true once the program has been executed; false: nothing is left running. Step
 *          "exec" says that all is done but this program cannot be executed, and ENOENT
 *          with it that there is none
 * Effects  one thread only: forks
 */
TROTH_MUST_USE bool troth_sandbox_start(int *out_init,
                                        const struct troth_sandbox *sandbox,
                                        struct troth_sandbox_fault *fault);

#endif
