/* SPDX-License-Identifier: Apache-2.0 */
/* Landlock alone, with every privilege there is, in the machine's own tree. */
#define _GNU_SOURCE
#include "sandbox/landlock.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "test/harness.h"
#include "test/unit/sandbox/world.h"

/* spec: Linux's landlock.h: thirteen rights at first, then refer, truncate, ioctl_dev. */
static const struct {
    int version;
    struct troth_sandbox_landlock_scope knows;
} versions[] = {
    {0, {0, 0}},      {1, {0x1fff, 0}}, {2, {0x3fff, 0}},
    {3, {0x7fff, 0}}, {4, {0x7fff, 0}}, {5, {0xffff, 0}},
    {6, {0xffff, 3}}, {7, {0xffff, 3}}, {99, {0xffff, 3}},
};

static struct troth_sandbox_fault fault;

static bool confine(const struct world *world)
{
    struct troth_sandbox_places *places = calloc(1, sizeof *places);
    bool is_done;

    /* No mounts: only whether there could be one is asked. */
    is_done = places && troth_sandbox_places_list(places, &world->sandbox, &fault);
    for (size_t i = 0; is_done && i < places->count; i++)
        places->rows[i].tree = 0;
    is_done = is_done && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
              troth_sandbox_landlock_restrict(places, &fault);
    free(places);
    return is_done;
}

static bool confine_wholly(const struct world *world)
{
    (void)world;
    return troth_sandbox_landlock_restrict(NULL, &fault) &&
           access("/etc/passwd", R_OK) == 0 && !fopen("/etc/passwd", "r") &&
           errno == EACCES && kill(getppid(), 0) == 0;
}

static const struct {
    const char *why, *attempt;
    int version, error;
} rows[] = {
    {"its own folder", "write={kept}/file", 1, 0},
    {"a folder that is read", "list={bin}", 1, 0},
    {"to write there", "write={bin}/new", 1, EACCES},
    {"to change a program", "write={bin}/friendly", 1, EACCES},
    {"to remove one", "remove={bin}/friendly", 1, EACCES},
    {"the system's settings", "write=/etc/troth-never-there", 1, EACCES},
    {"to read elsewhere", "read={outside}/secret", 1, EACCES},
    {"to write elsewhere", "write={outside}/secret", 1, EACCES},
    {"the machine's settings", "list=/sys/kernel", 1, 0},
    {"to read one", "read=/sys/kernel/uevent_seqnum", 1, EACCES},
    {"a program of its own", "run={kept}/program", 1, EACCES},
    {"a program in /tmp", "run=/tmp/troth-program", 1, EACCES},
    {"a character device", "mknod={kept}/device", 1, EACCES},
    {"a block device", "mknodat={kept}/device", 1, EACCES},
    {"a mount", "mount={kept}", 1, EPERM},
    {"to trace its parent", "ptrace=1", 1, EPERM},
    {"to signal it", "kill=1", 6, EPERM},
    {"an abstract socket", "abstract=troth-landlock-test", 6, EPERM},
};

static int listen_abstract(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const size_t len = offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name);

    (void)snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "%s", name);
    CHECK(bind(listener, (const struct sockaddr *)&address, (socklen_t)len) == 0 &&
          listen(listener, 8) == 0);
    return listener;
}

static void try_all(const struct world *world)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%s", rows[i].why);
        if (troth_sandbox_landlock_version() < rows[i].version) {
            test_skip("this kernel's Landlock cannot hold that");
            continue;
        }
        CHECK_INT(world_try(world, confine, rows[i].attempt), rows[i].error);
    }
    (void)remove("/tmp/troth-program");
}

int main(void)
{
    const char *obstacle = world_obstacle();
    struct world world;
    FILE *secret;

    for (size_t i = 0; i < COUNT(versions); i++) {
        const struct troth_sandbox_landlock_scope seen = troth_sandbox_landlock_knows(
            versions[i].version);

        test_case("version %d", versions[i].version);
        CHECK_INT(seen.files, versions[i].knows.files);
        CHECK_INT(seen.others, versions[i].knows.others);
    }
    test_case("what it holds alone");
    if (obstacle) {
        test_skip("%s", obstacle);
        return test_finish();
    }
    world_open(&world);
    secret = fopen(world_path(world.outside, "secret"), "w");
    CHECK(secret && fputs("secret", secret) >= 0 && fclose(secret) == 0);

    const int listener = listen_abstract("troth-landlock-test");

    CHECK_INT(world_try(&world, NULL, "abstract=troth-landlock-test"), 0);
    try_all(&world);
    test_case("no file at all");
    CHECK_INT(world_try(&world, confine_wholly, "nothing"), -1);
    (void)close(listener);
    world_close(&world);
    return test_finish();
}
