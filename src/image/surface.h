/*
 * surface.h - what there is in an image for somebody who gets inside of it: what runs
 * with others' rights, what helps to look around, what listens, what nobody may see.
 *
 * It goes by names, modes and the first bytes of contents: a report for people, and no
 * proof that something is absent.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_IMAGE_SURFACE_H
#define TROTH_IMAGE_SURFACE_H

#include "image/entry.h"
#include "troth/arena.h"

/* clang-format off */
#define TROTH_SURFACE_KINDS(X)                                                            \
    /* id              name                title                what is meant           */ \
    X(SET_USER,        "set_user",         "set-user-id")     /* run with their owner's rights */ \
    X(SET_GROUP,       "set_group",        "set-group-id")    /* or their group's       */ \
    X(WRITABLE,        "writable",         "for all to write") /* folders, too          */ \
    X(SHELL,           "shells",           "shells")                                       \
    X(PACKAGE_MANAGER, "package_managers", "package managers")                             \
    X(INTERPRETER,     "interpreters",     "interpreters")                                 \
    X(COMPILER,        "compilers",        "compilers")       /* and linkers            */ \
    X(DEBUGGER,        "debuggers",        "debuggers")       /* and tracers            */ \
    X(SERVER,          "servers",          "network programs") /* servers and clients   */ \
    X(SERVICE,         "services",         "services")        /* that something may start */ \
    X(MODULE,          "modules",          "kernel modules")                               \
    X(PRIVATE_KEY,     "private_keys",     "private keys")                                 \
    X(MAYBE_KEY,       "maybe_keys",       "maybe keys")      /* files that may hold some */
/* clang-format on */

enum troth_surface_kind {
#define X(id, name, title) TROTH_SURFACE_##id,
    TROTH_SURFACE_KINDS(X)
#undef X
        TROTH_SURFACE_COUNT
};

const char *troth_surface_name(enum troth_surface_kind kind);
const char *troth_surface_title(enum troth_surface_kind kind);

#define TROTH_SURFACE_NAMED 64 /* more are counted only */
/* Room for as many names of the longest. */
#define TROTH_SURFACE_ARENA_SIZE                                                         \
    ((size_t)TROTH_SURFACE_COUNT * TROTH_SURFACE_NAMED * (TROTH_ENTRY_PATH_MAX + 1))
#define TROTH_SURFACE_START 64 /* bytes of a content that say what it is */

struct troth_surface_finding {
    uint64_t count;
    size_t named;
    struct troth_span paths[TROTH_SURFACE_NAMED]; /* in the order in which they came */
};

/* Starts zeroed, but for the arena that the names go to. */
struct troth_surface {
    struct troth_arena *arena;
    struct troth_surface_finding findings[TROTH_SURFACE_COUNT];
    uint64_t files, folders, links, others, bytes; /* `bytes` of files */
    uint64_t programs, program_bytes;              /* ELF that may be executed */
    uint64_t libraries, library_bytes;             /* any other ELF */
    uint64_t scripts;                              /* executable, "#!" */
};

/*
 * troth_surface_add - one entry of an image.
 *
 *   entry   the path is that in the ramdisk: "rootfs/usr/bin/sh", "init"
 *   start   of its content, TROTH_SURFACE_START bytes or all of it; empty but for files
 *
 * Shape    a name that does not fit the arena is counted and not named
 */
void troth_surface_add(struct troth_surface *surface, const struct troth_entry *entry,
                       struct troth_span start);

/*
 * troth_surface_of_program - which of the kinds a program of this name is, a bit each (1
 * << TROTH_SURFACE_SHELL); "python3.11" and "x86_64-linux-gnu-gcc-12" are known as
 * "python" and "gcc".
 */
uint32_t troth_surface_of_program(struct troth_span name);

#endif
