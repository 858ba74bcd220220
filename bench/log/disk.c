/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/log/appends.h"
#include "bench/log/place.h"
#include "log/folder.h"

enum { BLOCK = 4096, BLOCKS = 1024 };

struct disk {
    int whole, growing;
    off_t next[2]; /* where the next block goes, of each */
    uint8_t block[BLOCK];
};

static int open_file(const char *folder, const char *name)
{
    char path[TROTH_LOG_PATH_ROOM];
    int file = -1;

    if (troth_log_path(path, folder, name) == 0)
        file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    bench_need(file >= 0, "no file to write to");
    return file;
}

static void put(int file, const uint8_t *block, off_t at)
{
    bench_need(pwrite(file, block, BLOCK, at) == BLOCK, "cannot write");
}

void *bench_disk_open(const char *folder)
{
    struct disk *disk = bench_keep(sizeof *disk);

    memset(disk->block, 'd', sizeof disk->block);
    disk->whole = open_file(folder, "whole");
    disk->growing = open_file(folder, "growing");
    for (off_t i = 0; i < BLOCKS; i++)
        put(disk->whole, disk->block, i * BLOCK);
    bench_need(fsync(disk->whole) == 0, "cannot sync");
    return disk;
}

double bench_disk_run(void *state, size_t is_growing, double seconds)
{
    struct disk *disk = state;
    const int file = is_growing ? disk->growing : disk->whole;
    off_t *next = &disk->next[is_growing != 0];
    const double begun = bench_now();
    double ran = 0;
    size_t done = 0;

    while (ran < seconds) {
        put(file, disk->block, *next * BLOCK);
        bench_need(fdatasync(file) == 0, "cannot sync");
        *next = is_growing ? *next + 1 : (*next + 1) % BLOCKS;
        done++;
        ran = bench_now() - begun;
    }
    return (double)done / ran;
}
