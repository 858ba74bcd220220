/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/log/audit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/log/place.h"
#include "log/reader.h"
#include "tlog/checkpoint.h"
#include "tlog/merkle.h"
#include "troth/provider.h"

/* Entries put in at once, and those behind which a checkpoint is shown. */
enum { TOGETHER = 1024, SHOWN_EVERY = 8192 };

/* ---- in a process of its own ---- */

/* The most it ever had; what it had of its parent counts, too, and is little. */
static double most_memory(void)
{
    FILE *file = fopen("/proc/self/status", "re");
    char line[256];
    unsigned long kibibytes = 0;

    bench_need(file != NULL, "no /proc/self/status");
    while (!kibibytes && fgets(line, sizeof line, file))
        if (strncmp(line, "VmHWM:", 6) == 0)
            kibibytes = strtoul(line + 6, NULL, 10);
    (void)fclose(file);
    return (double)kibibytes / 1024;
}

struct task {
    void (*run)(struct bench_walk *out, const struct task *task);
    const char *folder;
    uint64_t count;
};

static void run_apart(struct bench_walk *out, const struct task *task)
{
    int ends[2];
    pid_t child;

    (void)fflush(stdout);
    bench_need(pipe(ends) == 0, "no pipe");
    child = fork();
    bench_need(child >= 0, "no process");
    if (child == 0) {
        const double begun = bench_now();

        task->run(out, task);
        out->seconds = out->seconds > 0 ? out->seconds : bench_now() - begun;
        out->mebibytes = most_memory();
        _exit(write(ends[1], out, sizeof *out) == sizeof *out ? 0 : 2);
    }
    (void)close(ends[1]);
    bench_need(read(ends[0], out, sizeof *out) == sizeof *out, "a process has failed");
    (void)close(ends[0]);
    (void)waitpid(child, NULL, 0);
}

/* ---- filling ---- */

static void append(struct bench_log *log, uint64_t from, size_t count)
{
    static struct bench_entry entries[TOGETHER];
    static struct troth_log_item items[TOGETHER];
    struct troth_log_problem problem = {0};
    uint64_t first;

    for (size_t i = 0; i < count; i++) {
        bench_entry_fill(&entries[i], from + i);
        items[i].entry = (struct troth_span)TROTH_ARRAY_SPAN(entries[i].bytes);
    }
    bench_need(!troth_log_append(log->writer, &problem, &first, items, count),
               problem.text);
    bench_need(first == from, "an entry has another index");
}

static void fill(struct bench_walk *out, const struct task *task)
{
    struct bench_log log = {0};

    (void)out;
    bench_log_open(&log, task->folder, true);
    for (uint64_t done = 0; done < task->count; done += TOGETHER) {
        const uint64_t left = task->count - done;

        append(&log, done, left < TOGETHER ? left : TOGETHER);
        if (done % SHOWN_EVERY == SHOWN_EVERY - TOGETHER || left <= TOGETHER)
            bench_log_publish(&log);
    }
    bench_log_close(&log);
}

void bench_fill(struct bench_walk *out, const char *folder, uint64_t count)
{
    const struct task task = {fill, folder, count};

    *out = (struct bench_walk){0};
    run_apart(out, &task);
}

/* ---- reading ---- */

static int look(void *state, uint64_t index, struct troth_span entry)
{
    uint64_t *bytes = state;

    (void)index;
    *bytes += entry.len;
    return 0;
}

static void read_tree(struct troth_log_tree *out, const char *folder,
                      const struct troth_crypto *crypto)
{
    struct troth_witness rows[TROTH_WITNESSES_MAX];
    struct troth_log_problem problem = {0};
    struct troth_witnesses witnesses;
    struct troth_checkpoint shown;
    struct troth_log_home home;
    struct troth_fault fault;
    struct troth_file note;

    bench_log_read(&home, crypto, folder);
    troth_log_config_witnesses(&witnesses, rows, &home.config);
    bench_need(!troth_log_checkpoint_read(&note, &problem, folder), problem.text);
    bench_need(!troth_checkpoint_check(&shown, &fault,
                                       (struct troth_span){note.bytes, note.len},
                                       &witnesses, crypto),
               "the checkpoint is not the log's");
    out->size = shown.size;
    memcpy(out->root.bytes, shown.root, sizeof out->root.bytes);
    troth_file_release(&note);
    troth_log_home_release(&home);
}

static void audit(struct bench_walk *out, const struct task *task)
{
    static struct troth_edge edge;
    struct troth_crypto crypto;
    struct troth_log_problem problem = {0};
    struct troth_log_place place;
    struct troth_log_reader *reader;
    uint64_t bytes = 0;
    double begun;

    bench_need(!troth_provider_create(&crypto), "no cryptography");
    begun = bench_now();
    read_tree(&out->tree, task->folder, &crypto);
    troth_log_place_folder(&place, task->folder);
    bench_need(!troth_log_reader_create(&reader, &place, &crypto), "no memory");
    bench_need(!troth_log_reader_walk(reader, &problem, &edge, &out->tree, look, &bytes),
               problem.text);
    bench_need(bytes == out->tree.size * BENCH_ENTRY_SIZE, "entries are missing");
    out->seconds = bench_now() - begun;
    troth_log_reader_destroy(reader);
    troth_provider_destroy(&crypto);
}

/* Everything is on the disk, so that nothing is lost. */
static void drop_cached(const char *folder, const struct troth_log_tree *tree)
{
    for (uint64_t i = 0; i * TROTH_TILE_WIDTH < tree->size; i++) {
        const struct troth_tile tile = {
            .has_entries = true, .index = i, .width = troth_tile_width(0, i, tree->size)};
        char path[TROTH_LOG_PATH_ROOM], name[TROTH_TILE_PATH_ROOM + 8] = "public/";
        int file;

        troth_tile_path(name + strlen(name), &tile);
        bench_need(troth_log_path(path, folder, name) == 0, "no path");
        file = open(path, O_RDONLY | O_CLOEXEC);
        bench_need(file >= 0, path);
        (void)posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
        (void)close(file);
    }
}

void bench_audit(struct bench_walk *out, const char *folder, bool is_cold)
{
    const struct task task = {audit, folder, 0};

    if (is_cold)
        drop_cached(folder, &out->tree);
    *out = (struct bench_walk){0};
    run_apart(out, &task);
}

double bench_audit_floor(const struct troth_crypto *crypto, uint64_t count)
{
    static uint8_t bytes[1 + BENCH_ENTRY_SIZE];
    const struct troth_span leaf = TROTH_ARRAY_SPAN(bytes);
    const struct troth_span node = {bytes, 1 + 2 * TROTH_LOG_HASH_SIZE};
    const double begun = bench_now();
    uint8_t hash[TROTH_LOG_HASH_SIZE];
    bool good = true;

    for (uint64_t i = 0; i < count; i++)
        good = !troth_digest(crypto, hash, TROTH_SHA256, leaf) &&
               !troth_digest(crypto, hash, TROTH_SHA256, node) && good;
    bench_need(good, "cannot hash");
    return bench_now() - begun;
}
