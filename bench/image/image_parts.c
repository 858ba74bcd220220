/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of building an image that have no command of their own.
 *
 * usage: image_parts floor MIB
 *            seconds for so much of SHA-384, SHA-256 and CRC-32, each on one processor
 * and on two at once, and of all that an image needs, on two: one figure a line
 *        image_parts write FOLDER KERNEL OUT
 *            the folder as the second ramdisk of an image
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/sha.h>
#include <zlib.h>

#include "builder/image_file.h"
#include "builder/sources.h"
#include "troth/provider.h"

#define MIB ((size_t)1024 * 1024)

/* So many are gone over again and again: more than a processor's caches hold. */
#define BUFFER_MIB 64

enum { THREADS = 2 };

/* ---- the floor ---- */

struct work {
    const char *name;
    unsigned sha384, sha256, crc32; /* how often over each byte */
};

static const struct work works[] = {
    {"sha384", 1, 0, 0},
    {"sha256", 0, 1, 0},
    {"crc32", 0, 0, 1},
    {"image", 2, 1, 1}, /* PCR0 and PCR2, the file's digest, its CRC */
};

struct hand {
    const struct work *work;
    const uint8_t *buffer;
    size_t mib, first, step; /* which of them are this hand's */
    pthread_t thread;
    SHA512_CTX sha384[2];
    SHA256_CTX sha256;
    unsigned long crc;
};

static void *labour(void *given)
{
    struct hand *hand = given;

    for (size_t i = 0; i < 2; i++)
        (void)SHA384_Init(&hand->sha384[i]);
    (void)SHA256_Init(&hand->sha256);
    for (size_t i = hand->first; i < hand->mib; i += hand->step) {
        const uint8_t *piece = hand->buffer + i % BUFFER_MIB * MIB;

        for (unsigned n = 0; n < hand->work->sha384; n++)
            (void)SHA384_Update(&hand->sha384[n], piece, MIB);
        if (hand->work->sha256)
            (void)SHA256_Update(&hand->sha256, piece, MIB);
        if (hand->work->crc32)
            hand->crc = crc32_z(hand->crc, piece, MIB);
    }
    return NULL;
}

static double now_s(clockid_t clock)
{
    struct timespec now;

    (void)clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void time_work(const struct work *work, const uint8_t *buffer, size_t mib,
                      size_t threads)
{
    struct hand hands[THREADS];
    const double start = now_s(CLOCK_MONOTONIC);
    const double start_cpu = now_s(CLOCK_PROCESS_CPUTIME_ID);

    for (size_t i = 0; i < threads; i++) {
        hands[i] = (struct hand){
            .work = work, .buffer = buffer, .mib = mib, .first = i, .step = threads};
        if (pthread_create(&hands[i].thread, NULL, labour, &hands[i]))
            exit(2);
    }
    for (size_t i = 0; i < threads; i++)
        (void)pthread_join(hands[i].thread, NULL);
    (void)printf("%s %zu %.6f %.6f\n", work->name, threads,
                 now_s(CLOCK_MONOTONIC) - start,
                 now_s(CLOCK_PROCESS_CPUTIME_ID) - start_cpu);
}

static int measure_floor(size_t mib)
{
    uint8_t *buffer = malloc(BUFFER_MIB * MIB);

    if (!buffer)
        return 2;
    for (size_t i = 0; i < BUFFER_MIB * MIB; i++)
        buffer[i] = (uint8_t)(i * 2654435761U >> 13);
    for (size_t i = 0; i < sizeof(works) / sizeof(*works); i++)
        for (size_t threads = 1; threads <= THREADS; threads++)
            time_work(&works[i], buffer, mib, threads);
    free(buffer);
    return 0;
}

/* ---- writing ---- */

static int complain(const struct troth_build_problem *problem)
{
    (void)fprintf(stderr, "%s: %s\n", problem->subject, problem->text);
    return 2;
}

static bool add_init(struct troth_file_tree *tree, struct troth_build_problem *problem)
{
    static const uint8_t bytes[] = "#!/bin/false\n";
    const struct troth_content content = {.descriptor = -1, .bytes = bytes};
    const struct troth_entry entry = {.kind = TROTH_ENTRY_FILE,
                                      .path = {(const uint8_t *)"init", 4},
                                      .mode = 0755,
                                      .size = sizeof(bytes) - 1};

    return troth_file_tree_add(tree, problem, &entry, &content, SIZE_MAX,
                               TROTH_TREE_REFUSE) &&
           troth_file_tree_finish(tree, problem);
}

static bool write_image(struct troth_build_problem *problem, int folder, int kernel,
                        int out)
{
    static const char cmdline[] = "console=ttyS0";
    struct troth_file_tree *base = troth_file_tree_create();
    struct troth_file_tree *application = troth_file_tree_create();
    struct troth_image_parts parts = {
        .kernel = kernel,
        .cmdline = {(const uint8_t *)cmdline, sizeof(cmdline) - 1},
        .metadata = {(const uint8_t *)"{}", 2},
        .ramdisks = {base, application},
        .no_initrd_digests = true};
    struct troth_image_written written;
    struct troth_crypto crypto;
    bool done = false;

    if (base && application && !troth_provider_create(&crypto)) {
        done = add_init(base, problem) &&
               troth_source_folder(application, problem, "folder", folder, 0) &&
               troth_file_tree_finish(application, problem) &&
               troth_image_write(&written, problem, &crypto, out, &parts);
        troth_provider_destroy(&crypto);
    }
    troth_file_tree_destroy(application);
    troth_file_tree_destroy(base);
    return done;
}

int main(int argc, char **argv)
{
    struct troth_build_problem problem = {.subject = "image_parts", .text = "no memory"};

    if (argc == 3 && strcmp(argv[1], "floor") == 0)
        return measure_floor(strtoul(argv[2], NULL, 10));
    if (argc == 5 && strcmp(argv[1], "write") == 0) {
        const int folder = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        const int kernel = open(argv[3], O_RDONLY | O_CLOEXEC);
        const int out = open(argv[4], O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

        return write_image(&problem, folder, kernel, out) ? 0 : complain(&problem);
    }
    (void)fprintf(stderr, "usage: image_parts floor MIB | write FOLDER KERNEL OUT\n");
    return 2;
}
