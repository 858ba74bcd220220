/* SPDX-License-Identifier: Apache-2.0 */
/* The init, seen from outside: what it hands on, how it ends, what it keeps. */
#define _GNU_SOURCE
#include "sandbox/init.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/harness.h"
#include "test/unit/sandbox/world.h"

static const struct {
    const char *name;
    int number;
} signals[] = {
    {"TERM", SIGTERM}, {"INT", SIGINT},   {"HUP", SIGHUP},     {"QUIT", SIGQUIT},
    {"USR1", SIGUSR1}, {"USR2", SIGUSR2}, {"WINCH", SIGWINCH},
};

static void hand_on(const struct world *world)
{
    for (size_t i = 0; i < COUNT(signals); i++) {
        char script[256], out[256];
        const char *words[] = {"sh", "-c", script, NULL};
        int stream, init;

        test_case("a signal is handed on: %s", signals[i].name);
        (void)snprintf(script, sizeof script,
                       "trap 'echo heard; exit %d' %s; echo up; while :; do sleep 0.02; "
                       "done",
                       40 + (int)i, signals[i].name);
        init = world_start(world, words, &stream);
        world_read(stream, out, sizeof out, "up\n");
        if (init > 0)
            CHECK(kill(init, signals[i].number) == 0);
        world_read(stream, out, sizeof out, NULL);
        CHECK_TEXT(out, "heard\n");
        CHECK_INT(world_wait(init), 40 + (int)i);
        (void)close(stream);
    }
}

static void end_by_signal(const struct world *world)
{
    static const char *const words[] = {"sh", "-c", "echo up; exec sleep 100", NULL};
    char out[64];
    int stream;
    const int init = world_start(world, words, &stream);

    test_case("a program that a signal ends");
    world_read(stream, out, sizeof out, "up\n");
    CHECK(init > 0 && kill(init, SIGTERM) == 0);
    CHECK_INT(world_wait(init), 128 + SIGTERM);
    (void)close(stream);
}

/* The value of a line of /proc/PROCESS/status. */
static const char *status_of(int process, const char *name)
{
    static char line[256];
    char path[64];
    FILE *file;
    const size_t len = strlen(name);
    const char *value = "";

    (void)snprintf(path, sizeof path, "/proc/%d/status", process);
    file = fopen(path, "r");
    while (file && !*value && fgets(line, sizeof line, file))
        if (strncmp(line, name, len) == 0 && line[len] == ':') {
            line[strcspn(line, "\n")] = '\0';
            value = line + len + 2;
        }
    if (file)
        (void)fclose(file);
    return value;
}

static size_t descriptors_of(int process)
{
    char path[64];
    DIR *folder;
    size_t count = 0;

    (void)snprintf(path, sizeof path, "/proc/%d/fd", process);
    folder = opendir(path);
    for (const struct dirent *entry = folder ? readdir(folder) : NULL; entry;
         entry = readdir(folder))
        count += entry->d_name[0] != '.';
    if (folder)
        (void)closedir(folder);
    return count;
}

static void look_at(const struct world *world)
{
    static const char *const words[] = {"sh", "-c", "echo up; sleep 100", NULL};
    char out[64];
    int stream;
    const int init = world_start(world, words, &stream);

    world_read(stream, out, sizeof out, "up\n");
    test_case("of all privileges it may kill");
    CHECK_TEXT(status_of(init, "CapEff"), "0000000000000020");
    CHECK_TEXT(status_of(init, "CapPrm"), "0000000000000020");
    CHECK_TEXT(status_of(init, "CapBnd"), "0000000000000000");
    CHECK_TEXT(status_of(init, "NoNewPrivs"), "1");
    test_case("of all descriptors it has the standard ones");
    /* It says that it is done before it closes what it says that through. */
    for (int i = 0; i < 200 && descriptors_of(init) != 3; i++)
        (void)usleep(5000);
    CHECK_INT(descriptors_of(init), 3);
    test_case("it handles nothing, and nobody's handlers are left");
    CHECK_TEXT(status_of(init, "SigCgt"), "0000000000000000");
    CHECK(init > 0 && kill(init, SIGKILL) == 0);
    CHECK_INT(world_wait(init), 128 + SIGKILL);
    (void)close(stream);
}

/* Sends a byte and hears it again. */
static bool is_served(const struct world *world, uint16_t port)
{
    char byte = 0;
    struct pollfd wait = {.events = POLLIN};

    wait.fd = troth_sandbox_connect(world->sandbox.network, port);
    if (wait.fd < 0)
        return false;

    const bool is_heard = send(wait.fd, "x", 1, MSG_NOSIGNAL) == 1 &&
                          poll(&wait, 1, 5000) == 1 && read(wait.fd, &byte, 1) == 1 &&
                          byte == 'x';

    (void)close(wait.fd);
    return is_heard;
}

static void serve(const struct world *world)
{
    const char *words[] = {world->friendly, "80", NULL};
    char out[64];
    int stream;
    const int init = world_start(world, words, &stream);

    test_case("a server, its workers and their threads");
    world_read(stream, out, sizeof out, "ready\n");
    CHECK_TEXT(out, "ready\n");
    CHECK(is_served(world, 80));
    CHECK(init > 0 && kill(init, SIGHUP) == 0);
    world_read(stream, out, sizeof out, "again\n");
    CHECK_TEXT(out, "again\n");
    CHECK(is_served(world, 80));
    CHECK(init > 0 && kill(init, SIGTERM) == 0);
    CHECK_INT(world_wait(init), 3);
    CHECK(!is_served(world, 80));
    (void)close(stream);
}

/* How an init began whose caller is the process behind `caller`; the first of a process
 * namespace, or not. It has nothing to work with if it goes on all the same. */
static void begin(struct troth_sandbox_fault *out, const struct world *world, int caller,
                  bool is_first)
{
    static const char *const words[] = {"true", NULL};
    struct troth_sandbox sandbox = world->sandbox;
    struct troth_sandbox_places *places = calloc(1, sizeof *places);
    int ends[2];
    pid_t above;

    sandbox.argv = words;
    *out = (struct troth_sandbox_fault){0};
    CHECK(places && pipe(ends) == 0);
    above = fork();
    if (above == 0) {
        if (unshare(CLONE_NEWNS) != 0 || (is_first && unshare(CLONE_NEWPID) != 0))
            _exit(1);

        const pid_t init = fork();

        if (init == 0)
            troth_sandbox_init_run(&sandbox, places, caller, ends[1]);
        _exit(world_wait(init) == 125 ? 0 : 1);
    }
    CHECK_INT(world_wait(above), 0);
    CHECK(read(ends[0], out, sizeof *out) == (ssize_t)sizeof *out);
    (void)close(ends[0]);
    (void)close(ends[1]);
    free(places);
}

/* Killed before it could be asked to die with the caller, it would be nobody's. */
static void begin_too_late(const struct world *world)
{
    struct troth_sandbox_fault fault;
    const pid_t caller = fork();

    if (caller == 0)
        _exit(0);

    const int gone = (int)syscall(SYS_pidfd_open, caller, 0);

    test_case("its caller has gone before it begins");
    CHECK(gone >= 0 && waitpid(caller, NULL, 0) == caller);
    begin(&fault, world, gone, true);
    CHECK_TEXT(fault.step ? fault.step : "none", "death signal");
    CHECK_INT(fault.error, ESRCH);
    (void)close(gone);
}

/* It would change the machine. */
static void begin_elsewhere(const struct world *world)
{
    struct troth_sandbox_fault fault;
    const int self = (int)syscall(SYS_pidfd_open, getpid(), 0);

    test_case("it is not the first of its processes");
    begin(&fault, world, self, false);
    CHECK_TEXT(fault.step ? fault.step : "none", "init");
    (void)close(self);
}

static void handler(int number)
{
    (void)number;
}

int main(void)
{
    const char *obstacle = world_obstacle();
    struct world world;

    test_case("an init");
    if (obstacle) {
        test_skip("%s", obstacle);
        return test_finish();
    }
    world_open(&world);
    (void)signal(SIGUSR1, handler);
    hand_on(&world);
    end_by_signal(&world);
    look_at(&world);
    serve(&world);
    begin_too_late(&world);
    begin_elsewhere(&world);
    world_close(&world);
    return test_finish();
}
