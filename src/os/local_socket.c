/* SPDX-License-Identifier: Apache-2.0 */
/* The C library's own word for a peer's credentials, and for O_PATH. */
/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
#define _GNU_SOURCE
#include "os/local_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "os/descriptors.h"

enum { BACKLOG = 128, LOCK_TRIES = 8, LOCK_PATH_MAX = TROTH_LOCAL_SOCKET_PATH_MAX + 8 };

static void lock_path(char out[static LOCK_PATH_MAX], const char *path)
{
    (void)snprintf(out, LOCK_PATH_MAX, "%s.lock", path);
}

static int take_lock(int *out, const char *path)
{
    for (int i = 0; i < LOCK_TRIES; i++) {
        int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0600);

        if (lock < 0)
            return errno;
        /* Whoever had it before may have removed it between our opening and our
         * locking it. */
        if (flock(lock, LOCK_EX | LOCK_NB) == 0 && troth_descriptor_lies_at(lock, path)) {
            *out = lock;
            return 0;
        }
        (void)close(lock);
    }
    return EADDRINUSE;
}

/* Remove a socket that nobody listens on. */
static int clear(const struct sockaddr_un *address, int probe)
{
    struct stat there;

    if (lstat(address->sun_path, &there) != 0)
        return errno == ENOENT ? 0 : errno;
    if (!S_ISSOCK(there.st_mode))
        return EEXIST;
    if (connect(probe, (const struct sockaddr *)address, sizeof *address) == 0 ||
        errno != ECONNREFUSED)
        return EADDRINUSE;
    return unlink(address->sun_path) == 0 ? 0 : errno;
}

static int bind_with_mode(int descriptor, const struct sockaddr_un *address,
                          unsigned mode)
{
    const mode_t before = umask((mode_t)~mode & 0777);
    int failed = bind(descriptor, (const struct sockaddr *)address, sizeof *address) == 0
                     ? 0
                     : errno;

    (void)umask(before);
    if (!failed && listen(descriptor, BACKLOG) != 0)
        failed = errno;
    return failed;
}

static int make(struct troth_local_socket *out, unsigned mode)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int failed = probe < 0 ? errno : 0;

    memcpy(address.sun_path, out->path, sizeof address.sun_path);
    if (!failed)
        failed = clear(&address, probe);
    if (probe >= 0)
        (void)close(probe);
    if (failed)
        return failed;
    out->descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    return out->descriptor < 0 ? errno : bind_with_mode(out->descriptor, &address, mode);
}

static void release(struct troth_local_socket *socket)
{
    if (socket->descriptor >= 0)
        (void)close(socket->descriptor);
    if (socket->lock >= 0)
        (void)close(socket->lock);
    *socket = (struct troth_local_socket){.descriptor = -1, .lock = -1};
}

int troth_local_socket_listen(struct troth_local_socket *out, const char *path,
                              unsigned mode)
{
    char locked[LOCK_PATH_MAX];
    int failed;

    *out = (struct troth_local_socket){.descriptor = -1, .lock = -1};
    if (strlen(path) >= sizeof out->path)
        return ENAMETOOLONG;
    if (!*path)
        return ENOENT;
    (void)snprintf(out->path, sizeof out->path, "%s", path);
    lock_path(locked, path);
    failed = take_lock(&out->lock, locked);
    if (!failed)
        failed = make(out, mode);
    if (failed && out->lock >= 0)
        (void)unlink(locked);
    if (failed)
        release(out);
    return failed;
}

int troth_local_socket_give(const struct troth_local_socket *socket, uint32_t user,
                            uint32_t group)
{
    if (lchown(socket->path, user, group) != 0 || fchown(socket->lock, user, group) != 0)
        return errno;
    return 0;
}

void troth_local_socket_close(struct troth_local_socket *socket)
{
    char locked[LOCK_PATH_MAX];

    if (socket->descriptor >= 0) {
        lock_path(locked, socket->path);
        (void)unlink(socket->path);
        (void)unlink(locked);
    }
    release(socket);
}

int troth_local_socket_connect(int descriptor, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int there = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    struct stat facts;
    int failed = 0;

    if (there < 0)
        return errno;
    if (fstat(there, &facts) != 0)
        failed = errno;
    else if (!S_ISSOCK(facts.st_mode))
        failed = S_ISLNK(facts.st_mode) ? ELOOP : ECONNREFUSED;
    /* Exactly the one that was looked at, whatever has its name by now. */
    (void)snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d", there);
    if (!failed &&
        connect(descriptor, (const struct sockaddr *)&address, sizeof address) != 0)
        failed = errno;
    (void)close(there);
    return failed;
}

bool troth_local_socket_peer(uint32_t *out_user, int descriptor)
{
    struct ucred peer;
    socklen_t len = sizeof peer;

    *out_user = UINT32_MAX;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &len) != 0 ||
        len != sizeof peer)
        return false;
    *out_user = peer.uid;
    return true;
}
