/* SPDX-License-Identifier: Apache-2.0 */
#include "attester/device.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attester/fault.h"
#include "attester/rtmr.h"
#include "attester/tsm_entry.h"
#include "os/clock.h"
#include "os/worker.h"

/*
 * Neither configfs nor sysfs can be read without waiting, and a driver that waits for its
 * host may wait for ever, in a way that no signal ends. So all that touches their files
 * is a task of a thread of its own, which is left behind when the time is over; what the
 * task needs belongs to it, and the folder to whoever is the last to have it.
 */
struct folder {
    atomic_uint holders;
    struct troth_tsm_entry entry;
};

struct tsm {
    struct troth_worker *worker;
    struct folder *folder;
};

/* For what has no deadline of its own. */
enum { PATIENCE_MS = 10000, GOODBYE_MS = 1000 };

struct errand {
    struct troth_task task;
    struct folder *folder;
    bool (*go)(struct errand *errand);
    int64_t deadline_ms;
    uint8_t bytes[64]; /* report data, or a digest */
    uint32_t user, group;

    bool is_done;
    struct troth_attester_fault fault;
    struct troth_quote quote;
};

static void drop_folder(struct folder *folder)
{
    if (atomic_fetch_sub(&folder->holders, 1) != 1)
        return;
    troth_tsm_entry_close(&folder->entry);
    free(folder);
}

static void run_errand(struct troth_task *task)
{
    struct errand *errand = (struct errand *)task;

    errand->is_done = errand->go(errand);
}

static void release_errand(struct troth_task *task)
{
    struct errand *errand = (struct errand *)task;

    if (errand->folder)
        drop_folder(errand->folder);
    troth_quote_release(&errand->quote);
    free(errand);
}

static bool go_open(struct errand *errand)
{
    return troth_tsm_entry_open(&errand->folder->entry, &errand->fault);
}

static bool go_quote(struct errand *errand)
{
    return troth_tsm_entry_quote(&errand->folder->entry, &errand->quote, &errand->fault,
                                 errand->bytes, errand->deadline_ms);
}

static bool go_give(struct errand *errand)
{
    return troth_tsm_entry_give(&errand->folder->entry, &errand->fault, errand->user,
                                errand->group) &&
           troth_rtmr_give(&errand->fault, errand->user, errand->group);
}

static bool go_extend(struct errand *errand)
{
    return troth_rtmr_extend(&errand->fault, errand->bytes);
}

/* On the thread that may hang: the folder is removed by whoever drops it last. */
static bool go_home(struct errand *errand)
{
    drop_folder(errand->folder);
    errand->folder = NULL;
    return true;
}

/* NULL without memory. Holds the folder, too. */
static struct errand *make_errand(const struct tsm *tsm, bool (*go)(struct errand *),
                                  int64_t deadline_ms)
{
    struct errand *errand = calloc(1, sizeof *errand);

    if (!errand)
        return NULL;
    errand->task = (struct troth_task){run_errand, release_errand};
    errand->folder = tsm->folder;
    errand->go = go;
    errand->deadline_ms = deadline_ms;
    atomic_fetch_add(&tsm->folder->holders, 1);
    return errand;
}

/* Run it; what it brought is in *out if it succeeded. Takes NULL, for lack of memory. */
static bool send(const struct tsm *tsm, struct errand *errand, struct troth_quote *out,
                 struct troth_attester_fault *fault, const char *step)
{
    const int error = errand ? troth_worker_run(tsm->worker, &errand->task,
                                                errand->deadline_ms)
                             : ENOMEM;

    if (error)
        return troth_attester_fail(fault, error, step, TROTH_TSM_REPORTS);
    const bool is_done = errand->is_done;

    *fault = errand->fault;
    if (out) {
        *out = errand->quote;
        errand->quote = (struct troth_quote){{NULL, 0}, {NULL, 0}, {NULL, NULL}};
    }
    release_errand(&errand->task);
    return is_done;
}

static bool is_present(void)
{
    return access(TROTH_TSM_REPORTS, F_OK) == 0;
}

static void close_tsm(void *state)
{
    struct tsm *tsm = state;
    struct troth_attester_fault fault;

    if (tsm->folder && tsm->worker) {
        struct errand *errand = make_errand(tsm, go_home,
                                            troth_clock_monotonic_ms() + GOODBYE_MS);

        drop_folder(tsm->folder);
        (void)send(tsm, errand, NULL, &fault, "close");
    } else if (tsm->folder) {
        drop_folder(tsm->folder);
    }
    troth_worker_destroy(tsm->worker);
    free(tsm);
}

/* Returns NULL without memory or thread. */
static struct tsm *make_tsm(void)
{
    struct tsm *tsm = calloc(1, sizeof *tsm);

    if (!tsm)
        return NULL;
    tsm->folder = calloc(1, sizeof *tsm->folder);
    if (tsm->folder) {
        atomic_init(&tsm->folder->holders, 1);
        tsm->folder->entry.folder.directory = -1;
    }
    if (tsm->folder && troth_worker_create(&tsm->worker) == 0)
        return tsm;
    close_tsm(tsm);
    return NULL;
}

static bool open_tsm(void **out_state, struct troth_attester_fault *fault)
{
    struct tsm *tsm = make_tsm();

    *out_state = NULL;
    if (!tsm)
        return troth_attester_fail(fault, ENOMEM, "open", TROTH_TSM_REPORTS);
    struct errand *errand = make_errand(tsm, go_open,
                                        troth_clock_monotonic_ms() + PATIENCE_MS);

    if (!send(tsm, errand, NULL, fault, "open")) {
        close_tsm(tsm);
        return false;
    }
    *out_state = tsm;
    return true;
}

static bool give(void *state, struct troth_attester_fault *fault, uint32_t user,
                 uint32_t group)
{
    struct errand *errand = make_errand(state, go_give,
                                        troth_clock_monotonic_ms() + PATIENCE_MS);

    if (errand) {
        errand->user = user;
        errand->group = group;
    }
    return send(state, errand, NULL, fault, "give");
}

static const char *kind(const void *state)
{
    const struct tsm *tsm = state;

    return tsm->folder->entry.kind->kind;
}

static const char *measured(const void *state)
{
    const struct tsm *tsm = state;

    return tsm->folder->entry.kind->has_rtmr && troth_rtmr_is_present() ? "tdx.rtmr3"
                                                                        : NULL;
}

static bool quote(void *state, struct troth_quote *out,
                  struct troth_attester_fault *fault,
                  const uint8_t report_data[static 64], int64_t deadline_ms)
{
    struct tsm *tsm = state;
    struct errand *errand = make_errand(tsm, go_quote, deadline_ms);

    if (errand)
        memcpy(errand->bytes, report_data, 64);
    return send(tsm, errand, out, fault, "quote");
}

static bool extend(void *state, struct troth_attester_fault *fault,
                   const uint8_t digest[static 48])
{
    struct tsm *tsm = state;

    struct errand *errand = make_errand(tsm, go_extend,
                                        troth_clock_monotonic_ms() + PATIENCE_MS);

    if (errand)
        memcpy(errand->bytes, digest, 48);
    return send(tsm, errand, NULL, fault, "extend");
}

const struct troth_device_ops troth_device_tsm = {
    .name = "tsm",
    .is_present = is_present,
    .open = open_tsm,
    .close = close_tsm,
    .give = give,
    .kind = kind,
    .measured = measured,
    .quote = quote,
    .extend = extend,
};
