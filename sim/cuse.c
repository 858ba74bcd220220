/* SPDX-License-Identifier: Apache-2.0 */
#define FUSE_USE_VERSION 31
#include "sim/cuse.h"

#include <cuse_lowlevel.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "sim/bytes.h"

/* For a node to appear that the kernel has made. */
enum { PATIENCE_S = 10, STEP_MS = 10 };

struct server {
    const struct sim_cuse *device;
    struct fuse_session *session;
    sem_t is_there;
};

static void on_init_done(void *given)
{
    struct server *server = given;

    (void)sem_post(&server->is_there);
}

static void on_open(fuse_req_t request, struct fuse_file_info *file)
{
    (void)fuse_reply_open(request, file);
}

/* Whatever the handler lacks is asked of the kernel, and then it is run anew. */
/* NOLINTNEXTLINE(readability-function-size): its parameters are libfuse's. */
static void on_ioctl(fuse_req_t request, int number, void *argument,
                     struct fuse_file_info *file, unsigned flags, const void *in,
                     size_t in_len, size_t out_len)
{
    const struct server *server = fuse_req_userdata(request);
    struct sim_user *user = calloc(1, sizeof *user);

    (void)file;
    (void)flags;
    if (!user)
        sim_die("out of memory");
    user->have = (struct troth_span){in, in_len};
    user->room_len = out_len;

    const int result = server->device->ioctl(server->device->state, user,
                                             (unsigned)number, (uintptr_t)argument);

    if (user->lacks)
        (void)fuse_reply_ioctl_retry(request, user->read, user->read_count, user->written,
                                     user->written_count);
    else
        (void)fuse_reply_ioctl(request, result, user->room, user->written_len);
    free(user);
}

static const struct cuse_lowlevel_ops operations = {
    .init_done = on_init_done,
    .open = on_open,
    .ioctl = on_ioctl,
};

static void *loop(void *given)
{
    const struct server *server = given;

    (void)fuse_session_loop(server->session);
    return NULL;
}

/* In the foreground, by one thread; NULL where the kernel will not have it. */
static struct fuse_session *begin(struct server *server)
{
    static char program[] = "troth-sim", in_foreground[] = "-f", alone[] = "-s";
    char *arguments[] = {program, in_foreground, alone, NULL};
    char name[64];
    const char *properties[] = {name};
    const struct cuse_info info = {
        .dev_info_argc = 1,
        .dev_info_argv = properties,
        .flags = CUSE_UNRESTRICTED_IOCTL,
    };
    int has_many_threads;

    (void)snprintf(name, sizeof name, "DEVNAME=%s", server->device->name);
    return cuse_lowlevel_setup(3, arguments, &info, &operations, &has_many_threads,
                               server);
}

static int await_node(struct server *server)
{
    const struct timespec step = {0, (long)STEP_MS * 1000000};
    struct timespec until;
    char path[64];

    (void)snprintf(path, sizeof path, "/dev/%s", server->device->name);
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_S;
    while (sem_timedwait(&server->is_there, &until) != 0)
        if (errno != EINTR)
            return errno;
    for (int waited_ms = 0; waited_ms < PATIENCE_S * 1000; waited_ms += STEP_MS) {
        if (access(path, F_OK) == 0)
            return 0;
        (void)nanosleep(&step, NULL);
    }
    return ETIMEDOUT;
}

int sim_cuse_serve(const struct sim_cuse *device)
{
    struct server *server = calloc(1, sizeof *server);
    pthread_t thread;

    if (!server)
        return ENOMEM;
    server->device = device;
    if (access("/dev/cuse", F_OK) != 0) {
        free(server);
        return ENOENT;
    }
    (void)sem_init(&server->is_there, 0, 0);
    server->session = begin(server);

    const int error = server->session ? pthread_create(&thread, NULL, loop, server)
                                      : EACCES;

    if (error) {
        if (server->session)
            cuse_lowlevel_teardown(server->session);
        (void)sem_destroy(&server->is_there);
        free(server);
        return error;
    }
    (void)pthread_detach(thread);
    return await_node(server);
}
