/* SPDX-License-Identifier: Apache-2.0 */
#include "log/writer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/span.h"
#include "log/folder.h"
#include "log/gather.h"
#include "log/problem.h"
#include "log/publish.h"
#include "log/thread.h"
#include "os/clock.h"
#include "os/lock.h"

/* The two threads, by whose problems is meant. */
enum side { GATHERING, PUBLISHING, SIDE_COUNT };

struct troth_log_writer {
    struct troth_log_writer_options options;
    int lock; /* where the order has none of its own */
    struct troth_sequence *sequence;
    struct troth_log_gather *gather;
    struct troth_log_publisher publisher; /* of its thread alone */
    struct troth_log_gate gate;           /* of all that follows */
    bool has_gate, has_thread, is_ending;
    pthread_t thread;
    uint64_t asked, begun, done;  /* runs of the publishing thread */
    struct troth_log_problem run; /* of the last one */
    struct troth_log_problem problems[SIDE_COUNT];
    uint64_t next, shown;
    bool is_leader;
};

/* ---- what is wrong ---- */

/* Told when it changes only. */
static void note_problem(struct troth_log_writer *w, enum side side,
                         const struct troth_log_problem *problem)
{
    bool is_news;

    troth_log_gate_enter(&w->gate);
    is_news = w->problems[side].failed != problem->failed ||
              strcmp(w->problems[side].text, problem->text) != 0;
    w->problems[side] = *problem;
    troth_log_gate_leave(&w->gate);
    if (is_news && w->options.tell)
        w->options.tell(w->options.state, problem);
}

static void report(void *state, const struct troth_log_problem *problem, uint64_t next)
{
    struct troth_log_writer *w = state;

    if (!problem->failed) {
        troth_log_gate_enter(&w->gate);
        if (next > w->next)
            w->next = next;
        troth_log_gate_leave(&w->gate);
    }
    note_problem(w, GATHERING, problem);
}

/* ---- the thread that makes checkpoints ---- */

static void run_once(struct troth_log_writer *w)
{
    struct troth_log_problem problem = {0};

    if (troth_log_publisher_run(&w->publisher, &problem) == 0)
        problem = (struct troth_log_problem){0};
    note_problem(w, PUBLISHING, &problem);
    troth_log_gate_enter(&w->gate);
    w->run = problem;
    w->shown = w->publisher.shown;
    w->is_leader = w->publisher.is_leader;
    if (w->publisher.state.next > w->next)
        w->next = w->publisher.state.next;
    troth_log_gate_leave(&w->gate);
}

static bool is_due(const struct troth_log_writer *w, int64_t at_ms)
{
    return w->asked > w->begun ||
           (!w->options.no_timer && troth_clock_monotonic_ms() >= at_ms);
}

static void wait_for_work(struct troth_log_writer *w, int64_t at_ms)
{
    if (w->options.no_timer)
        troth_log_gate_wait(&w->gate);
    else
        troth_log_gate_wait_until(&w->gate, at_ms);
}

static void *work(void *state)
{
    struct troth_log_writer *w = state;
    int64_t at_ms = 0;

    troth_log_gate_enter(&w->gate);
    while (!w->is_ending) {
        uint64_t run;

        if (!is_due(w, at_ms)) {
            wait_for_work(w, at_ms);
            continue;
        }
        run = w->begun = w->asked;
        troth_log_gate_leave(&w->gate);
        run_once(w);
        at_ms = troth_clock_monotonic_ms() + w->options.config->interval_ms;
        troth_log_gate_enter(&w->gate);
        w->done = run;
        troth_log_gate_tell(&w->gate);
    }
    troth_log_gate_tell(&w->gate);
    troth_log_gate_leave(&w->gate);
    return NULL;
}

/* ---- open and close ---- */

static int check_signer(const struct troth_log_writer_options *options,
                        struct troth_log_problem *problem)
{
    const struct troth_public_key *key = &options->signer->key;

    if (options->signer->algorithm != TROTH_ED25519 ||
        !troth_span_equal(
            key->point, (struct troth_span)TROTH_ARRAY_SPAN(options->config->public_key)))
        return troth_log_problem_say(problem, EBADMSG,
                                     "the private key is not the one of log.json");
    return 0;
}

/* Was anything of the log ever published here? Then its order has to be here, too. */
static bool is_published(const char *folder)
{
    static const char *const names[] = {"public/checkpoint", "public/tile"};
    char path[TROTH_LOG_PATH_ROOM];

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (troth_log_path(path, folder, names[i]) != 0 || access(path, F_OK) == 0)
            return true;
    return false;
}

static int open_database(struct troth_log_writer *w, struct troth_log_problem *problem)
{
    const bool was_published = is_published(w->options.folder);
    char path[TROTH_LOG_PATH_ROOM];
    int failed = troth_log_path(path, w->options.folder, "sequence.db");

    if (failed)
        return troth_log_problem_disk(problem, failed, "open", w->options.folder);
    failed = troth_sequence_open_sqlite(&w->sequence, problem, path, !was_published,
                                        false);
    if (failed == ENOENT && was_published && access(path, F_OK) != 0)
        return troth_log_problem_set(
            problem, EBADMSG, "entries were published, and their order is gone: '%'",
            (const char *const[3]){path, NULL, NULL});
    return failed;
}

static int open_postgres(struct troth_log_writer *w, struct troth_log_problem *problem)
{
    char path[TROTH_LOG_PATH_ROOM];
    int failed = troth_log_path(path, w->options.folder, "lock");

    if (!failed)
        failed = troth_lock_take(&w->lock, path, troth_patience_real(), 0, "");
    if (failed == EBUSY)
        return troth_log_problem_set(problem, EBUSY, "another process has the log: '%'",
                                     (const char *const[3]){path, NULL, NULL});
    if (failed)
        return troth_log_problem_disk(problem, failed, "lock", path);
    return troth_sequence_open_postgres(&w->sequence, problem,
                                        w->options.config->postgres,
                                        w->options.config->origin, true);
}

static int start(struct troth_log_writer *w, struct troth_log_problem *problem)
{
    const struct troth_log_gather_options options = {w->sequence, report, w};
    int failed = troth_log_gather_start(&w->gather, &options);

    if (!failed)
        failed = troth_log_thread_start(&w->thread, work, w);
    w->has_thread = !failed;
    return failed ? troth_log_problem_say(problem, failed, "cannot start a thread") : 0;
}

static int open_writer(struct troth_log_writer *w, struct troth_log_problem *problem)
{
    int failed = troth_log_gate_init(&w->gate);

    w->has_gate = !failed;
    if (failed)
        return troth_log_problem_say(problem, failed, "cannot start a thread");
    failed = w->options.config->postgres ? open_postgres(w, problem)
                                         : open_database(w, problem);
    if (failed)
        return failed;
    w->publisher.options = w->options;
    w->publisher.sequence = w->sequence;
    failed = troth_log_publisher_open(&w->publisher, problem);
    w->next = w->publisher.state.next;
    w->shown = w->publisher.shown;
    w->is_leader = w->publisher.is_leader;
    return failed ? failed : start(w, problem);
}

int troth_log_writer_open(struct troth_log_writer **out,
                          struct troth_log_problem *problem,
                          const struct troth_log_writer_options *options)
{
    struct troth_log_writer *w;
    int failed;

    *out = NULL;
    *problem = (struct troth_log_problem){0};
    failed = check_signer(options, problem);
    if (failed)
        return failed;
    w = calloc(1, sizeof *w);
    if (!w)
        return troth_log_problem_say(problem, ENOMEM, "out of memory");
    w->options = *options;
    w->lock = -1;
    failed = open_writer(w, problem);
    if (failed)
        troth_log_writer_close(w);
    else
        *out = w;
    return failed;
}

void troth_log_writer_close(struct troth_log_writer *writer)
{
    if (!writer)
        return;
    troth_log_gather_stop(writer->gather);
    if (writer->has_thread) {
        troth_log_gate_enter(&writer->gate);
        writer->is_ending = true;
        troth_log_gate_tell(&writer->gate);
        troth_log_gate_leave(&writer->gate);
        (void)pthread_join(writer->thread, NULL);
    }
    troth_log_publisher_close(&writer->publisher);
    if (writer->sequence)
        writer->sequence->ops->close(writer->sequence);
    if (writer->has_gate)
        troth_log_gate_finish(&writer->gate);
    troth_lock_release(writer->lock);
    free(writer);
}

/* ---- what others ask for ---- */

int troth_log_submit(struct troth_log_writer *writer, const struct troth_log_item *item,
                     void (*done)(void *state, uint64_t index,
                                  const struct troth_log_problem *problem),
                     void *state)
{
    return troth_log_gather_put(writer->gather, item, 1, done, state);
}

int troth_log_append(struct troth_log_writer *writer, struct troth_log_problem *problem,
                     uint64_t *out_first, const struct troth_log_item *items,
                     size_t count)
{
    return troth_log_gather_append(writer->gather, problem, out_first, items, count);
}

int troth_log_publish(struct troth_log_writer *writer, struct troth_log_problem *problem)
{
    uint64_t mine;

    troth_log_gate_enter(&writer->gate);
    mine = ++writer->asked;
    troth_log_gate_tell(&writer->gate);
    while (writer->done < mine && !writer->is_ending)
        troth_log_gate_wait(&writer->gate);
    if (writer->done < mine)
        (void)troth_log_problem_say(problem, ESHUTDOWN, "the log is being closed");
    else
        *problem = writer->run;
    troth_log_gate_leave(&writer->gate);
    return problem->failed;
}

void troth_log_standing(struct troth_log_standing *out, struct troth_log_writer *writer)
{
    troth_log_gate_enter(&writer->gate);
    *out = (struct troth_log_standing){
        .next = writer->next,
        .shown = writer->shown,
        .is_leader = writer->is_leader,
        .problem = writer->problems[GATHERING].failed ? writer->problems[GATHERING]
                                                      : writer->problems[PUBLISHING],
    };
    troth_log_gate_leave(&writer->gate);
}
