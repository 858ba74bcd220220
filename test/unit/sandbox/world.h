/* world.h - a folder to try sandboxes in, and what runs in one. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_SANDBOX_WORLD_H
#define TROTH_TEST_SANDBOX_WORLD_H

#include "sandbox/sandbox.h"

/* Nobody's number, as far as Debian's lists go. */
#define WORLD_USER 60601

#define WORLD_PATH_MAX 128

struct world {
    char folder[WORLD_PATH_MAX];  /* root's, 0755 */
    char bin[WORLD_PATH_MAX];     /* in it: hostile and friendly; read */
    char kept[WORLD_PATH_MAX];    /* the user's; written */
    char outside[WORLD_PATH_MAX]; /* anybody's; not in the sandbox */
    char hostile[WORLD_PATH_MAX], friendly[WORLD_PATH_MAX];
    const char *read[16];
    const char *write[1];
    struct troth_sandbox sandbox; /* of all that, with a network; no words */
};

/* Why not here; NULL: it can be tried. */
const char *world_obstacle(void);

/* What fails here ends the test. */
void world_open(struct world *world);
void world_close(struct world *world);

/* FOLDER/NAME; lives until the next call but seven. */
const char *world_path(const char *folder, const char *name);

/* A text in which {kept}, {bin}, {outside} stand for the folders; lives until the next
 * call but seven. */
const char *world_words(const struct world *world, const char *text);

/*
 * world_run - run words in the sandbox, to their end.
 *
 *   out   what it wrote to standard output, cut to `size`, ends with a zero
 *
 * Returns  its exit status, 128 and a signal's number included; -1: it was not started,
 *          which fails the case
 */
int world_run(const struct world *world, const char *const *words, char *out,
              size_t size);

/* Start words; `out_stream` is where their standard output can be read. */
int world_start(const struct world *world, const char *const *words, int *out_stream);

/* The status of something that ends within ten seconds; -1: it does not, and was killed.
 */
int world_wait(int process);

/* All there is until the end, or until `until`. */
void world_read(int stream, char *out, size_t size, const char *until);

/* Does this number mean nobody in a sandbox? The first few of a process namespace do not.
 */
bool world_is_outside(int process);

/* From now on this process is answered `error` to this call. */
bool world_without(unsigned call, int error);

/*
 * world_try - the hostile program outside of every sandbox, but after `confine`.
 *
 *   confine   what is being tested, in a process of its own; NULL: nothing
 *   attempt   as world_words() has it
 *
 * Returns  what it exits with; -1: `confine` failed
 */
int world_try(const struct world *world, bool (*confine)(const struct world *world),
              const char *attempt);

#endif
