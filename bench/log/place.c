/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/log/place.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "log/folder.h"
#include "troth/provider.h"

static char place[] = "/tmp/troth-bench-log-XXXXXX";

void bench_need(bool holds, const char *what)
{
    if (!holds) {
        (void)fprintf(stderr, "bench: %s\n", what);
        exit(2);
    }
}

void *bench_keep(size_t size)
{
    void *memory = calloc(1, size);

    if (!memory)
        exit(2);
    return memory;
}

double bench_now(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void bench_run(const char *const *words)
{
    const pid_t child = fork();
    int status = -1;

    if (child == 0) {
        const int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);

        (void)dup2(nothing, STDOUT_FILENO);
        (void)execvp(words[0], (char *const *)words);
        _exit(127);
    }
    bench_need(child > 0 && waitpid(child, &status, 0) == child && status == 0, words[0]);
}

const char *bench_place_make(void)
{
    bench_need(mkdtemp(place) != NULL, "no temporary folder");
    return place;
}

void bench_place_remove(void)
{
    bench_run((const char *const[]){"rm", "-r", place, NULL});
}

const char *bench_log_make(const char *name, const char *conninfo)
{
    char *path = bench_keep(TROTH_LOG_PATH_ROOM);

    bench_need(troth_log_path(path, place, name) == 0, "no path");
    bench_run((const char *const[]){TROTH_PROGRAM, "log", "init", "--origin",
                                    "bench.example/log", path,
                                    conninfo ? "--postgres" : NULL, conninfo, NULL});
    return path;
}

void bench_log_read(struct troth_log_home *out, const struct troth_crypto *crypto,
                    const char *folder)
{
    struct troth_problem problem = {0};

    bench_need(troth_log_home_read(out, &problem, crypto, folder), problem.text);
}

void bench_log_open(struct bench_log *out, const char *folder, bool no_timer)
{
    struct troth_problem why = {0};
    struct troth_log_problem problem = {0};
    const struct troth_log_writer_options options = {.folder = folder,
                                                     .config = &out->home.config,
                                                     .signer = &out->signer,
                                                     .crypto = &out->crypto,
                                                     .no_timer = no_timer};

    bench_need(!troth_provider_create(&out->crypto), "no cryptography");
    bench_log_read(&out->home, &out->crypto, folder);
    bench_need(troth_log_home_signer(&out->signer, &why, &out->home), why.text);
    bench_need(!troth_log_writer_open(&out->writer, &problem, &options), problem.text);
}

void bench_log_close(struct bench_log *log)
{
    troth_log_writer_close(log->writer);
    troth_signer_destroy(&log->signer);
    troth_log_home_release(&log->home);
    troth_provider_destroy(&log->crypto);
}

void bench_log_publish(struct bench_log *log)
{
    struct troth_log_problem problem = {0};

    bench_need(!troth_log_publish(log->writer, &problem), problem.text);
}

void bench_entry_fill(struct bench_entry *out, uint64_t number)
{
    memset(out->bytes, 'e', sizeof out->bytes);
    (void)snprintf((char *)out->bytes, sizeof out->bytes, "%020llu",
                   (unsigned long long)number);
}
