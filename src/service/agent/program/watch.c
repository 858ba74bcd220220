/* SPDX-License-Identifier: Apache-2.0 */
#include "service/agent/program/watch.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "os/file.h"
#include "service/agent/program/say.h"

struct troth_watch {
    struct troth_agent *agent;
    const char *path;
    struct event *timer;
    struct timespec changed; /* when the file last was, as far as we know */
    off_t size;
    bool is_told; /* that it cannot be read */
};

static int read_note(struct troth_watch *watch)
{
    struct troth_file file;
    int failed = troth_file_read(&file, watch->path, TROTH_PROOF_CHECKPOINT_MAX);

    if (!failed && file.len == 0)
        failed = ENODATA;
    if (!failed && troth_prover_set_checkpoint(watch->agent->prover,
                                               (struct troth_span){file.bytes, file.len}))
        failed = ENOMEM;
    troth_file_release(&file);
    return failed;
}

/* Read it if it is another one by its date or size. */
static int look(struct troth_watch *watch)
{
    struct stat now;
    int failed;

    if (stat(watch->path, &now) != 0)
        return errno;
    if (now.st_mtim.tv_sec == watch->changed.tv_sec &&
        now.st_mtim.tv_nsec == watch->changed.tv_nsec && now.st_size == watch->size)
        return 0;
    failed = read_note(watch);
    if (!failed) {
        watch->changed = now.st_mtim;
        watch->size = now.st_size;
    }
    return failed;
}

/* A checkpoint that has gone, or is half written, leaves the one before in place: peers
 * judge its age for themselves. */
static void on_time(int unused, short what, void *given)
{
    struct troth_watch *watch = given;
    struct troth_problem problem = {0};
    const int failed = look(watch);

    (void)unused;
    (void)what;
    if (failed && !watch->is_told) {
        (void)troth_problem_io(&problem, "cannot read", watch->path, failed);
        troth_agent_say("%s", problem.text);
    }
    watch->is_told = failed != 0;
}

bool troth_watch_create(struct troth_watch **out, struct troth_problem *problem,
                        struct troth_agent *agent, const char *path)
{
    const struct timeval often = {TROTH_WATCH_S, 0};
    struct troth_watch *watch = calloc(1, sizeof *watch);
    int failed = ENOMEM;

    *out = NULL;
    if (watch) {
        watch->agent = agent;
        watch->path = path;
        watch->timer = event_new(agent->options.base, -1, EV_PERSIST, on_time, watch);
        if (watch->timer && event_add(watch->timer, &often) == 0)
            failed = look(watch);
    }
    if (!failed) {
        *out = watch;
        return true;
    }
    troth_watch_destroy(watch);
    return troth_problem_io(problem, "cannot read", path, failed);
}

void troth_watch_destroy(struct troth_watch *watch)
{
    if (!watch)
        return;
    if (watch->timer)
        event_free(watch->timer);
    free(watch);
}
