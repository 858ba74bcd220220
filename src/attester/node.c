/* SPDX-License-Identifier: Apache-2.0 */
#include "attester/node.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "attester/fault.h"
#include "os/clock.h"
#include "os/worker.h"

struct troth_node {
    const char *path;
    int descriptor;
    struct troth_worker *worker;
};

/* Tries, and pauses between them that double: about two seconds in all. */
enum { TRIES_MAX = 24, PAUSE_MAX_MS = 128 };

enum { ARGUMENT_MAX = 2048 }; /* of these devices' ioctls, TDX has the longest: 1088 */

/* All that an ioctl needs that may be left behind. */
struct call {
    struct troth_task task;
    int descriptor; /* its own: the node may be closed under it */
    unsigned long number;
    void *block;
    int error;
};

static void run_call(struct troth_task *task)
{
    struct call *call = (struct call *)task;

    call->error = ioctl(call->descriptor, call->number, call->block) < 0 ? errno : 0;
}

static void release_call(struct troth_task *task)
{
    struct call *call = (struct call *)task;

    (void)close(call->descriptor);
    free(call->block);
    free(call);
}

/* Returns 0 or an errno; *block is NULL where it was left behind. */
static int call_once(const struct troth_node *node, unsigned long number, void **block,
                     int64_t deadline_ms)
{
    struct call *call = calloc(1, sizeof *call);
    const int descriptor = call ? fcntl(node->descriptor, F_DUPFD_CLOEXEC, 0) : -1;
    int error = call ? errno : ENOMEM;

    if (descriptor < 0) {
        free(call);
        return error;
    }
    *call = (struct call){{run_call, release_call}, descriptor, number, *block, 0};
    *block = NULL;
    error = troth_worker_run(node->worker, &call->task, deadline_ms);
    if (error)
        return error;
    error = call->error;
    *block = call->block;
    call->block = NULL;
    release_call(&call->task);
    return error;
}

static bool is_passing(int error, enum troth_node_again again)
{
    return error == EBUSY || error == EAGAIN ||
           (error == EINTR && again == TROTH_NODE_IF_INTERRUPTED);
}

/* Before another call; false if there is no time for one. */
static bool pause_after(unsigned calls, int64_t deadline_ms)
{
    const int64_t wanted_ms = calls < 7 ? (int64_t)1 << calls : PAUSE_MAX_MS;
    const struct timespec pause = {0, (long)wanted_ms * 1000000};

    if (troth_clock_monotonic_ms() + wanted_ms >= deadline_ms)
        return false;
    (void)nanosleep(&pause, NULL);
    return true;
}

bool troth_node_is_present(const char *path)
{
    return access(path, F_OK) == 0;
}

bool troth_node_open(void **out_state, struct troth_attester_fault *fault,
                     const char *path)
{
    struct troth_node *node = calloc(1, sizeof *node);

    *out_state = NULL;
    if (!node)
        return troth_attester_fail(fault, ENOMEM, "open", path);
    node->path = path;
    node->descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOCTTY);

    const int error = node->descriptor < 0 ? errno : troth_worker_create(&node->worker);

    if (error) {
        troth_node_close(node);
        return troth_attester_fail(fault, error, "open", path);
    }
    *out_state = node;
    *fault = (struct troth_attester_fault){0};
    return true;
}

void troth_node_close(void *state)
{
    struct troth_node *node = state;

    if (!node)
        return;
    troth_worker_destroy(node->worker);
    if (node->descriptor >= 0)
        (void)close(node->descriptor);
    free(node);
}

const char *troth_node_path(const struct troth_node *node)
{
    return node->path;
}

bool troth_node_call(struct troth_node *node, struct troth_attester_fault *fault,
                     const struct troth_node_request *request, void **block,
                     int64_t deadline_ms)
{
    uint8_t argument[ARGUMENT_MAX];
    const size_t size = _IOC_SIZE(request->number);
    int error = EINTR;

    if (size > sizeof argument)
        return troth_attester_fail(fault, EINVAL, request->step, node->path);
    memcpy(argument, *block, size);
    for (unsigned calls = 0; calls < TRIES_MAX; calls++) {
        /* A call that failed may have written into it all the same. */
        memcpy(*block, argument, size);
        error = call_once(node, request->number, block, deadline_ms);
        if (!*block || !is_passing(error, request->again) ||
            !pause_after(calls, deadline_ms))
            break;
    }
    if (error)
        return troth_attester_fail(fault, error, request->step, node->path);
    *fault = (struct troth_attester_fault){0};
    return true;
}
