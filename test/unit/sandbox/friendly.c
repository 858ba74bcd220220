/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server as they are: a master that binds, workers that it forks, in them threads that
 * accept; SIGHUP makes a new worker, SIGTERM ends it all with status 3. It echoes bytes.
 *
 *     friendly PORT
 */
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int listen_at(uint16_t port)
{
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_port = htons(port),
                                        .sin_addr.s_addr = htonl(INADDR_ANY)};
    const int on = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (listener < 0 ||
        setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0 ||
        bind(listener, (const struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, 64) != 0)
        return -1;
    return listener;
}

static void *serve(void *argument)
{
    const int listener = *(const int *)argument, waiting = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN};

    if (waiting < 0 || epoll_ctl(waiting, EPOLL_CTL_ADD, listener, &event) != 0)
        exit(EXIT_FAILURE);
    while (epoll_wait(waiting, &event, 1, -1) == 1) {
        char block[256];
        ssize_t len;
        const int peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

        while (peer >= 0 && (len = read(peer, block, sizeof block)) > 0)
            if (write(peer, block, (size_t)len) != len)
                break;
        if (peer >= 0)
            (void)close(peer);
    }
    return NULL;
}

static pid_t start_worker(int listener)
{
    const pid_t worker = fork();
    pthread_t threads[2];

    if (worker != 0)
        return worker;
    for (int i = 0; i < 2; i++)
        if (pthread_create(&threads[i], NULL, serve, &listener) != 0)
            exit(EXIT_FAILURE);
    (void)pthread_join(threads[0], NULL);
    exit(EXIT_SUCCESS);
}

int main(int argc, char **argv)
{
    sigset_t awaited;
    const int listener = argc == 2 ? listen_at((uint16_t)strtol(argv[1], NULL, 10)) : -1;
    pid_t worker;
    int number;

    (void)sigemptyset(&awaited);
    (void)sigaddset(&awaited, SIGHUP);
    (void)sigaddset(&awaited, SIGTERM);
    (void)sigprocmask(SIG_BLOCK, &awaited, NULL);
    if (listener < 0 || (worker = start_worker(listener)) < 0)
        return errno;
    (void)puts("ready");
    (void)fflush(stdout);
    while (sigwait(&awaited, &number) == 0) {
        (void)kill(worker, SIGKILL);
        if (waitpid(worker, NULL, 0) != worker)
            return 4;
        if (number == SIGTERM)
            return 3;
        worker = start_worker(listener);
        (void)puts("again");
        (void)fflush(stdout);
    }
    return 5;
}
