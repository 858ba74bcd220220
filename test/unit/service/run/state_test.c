/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE /* mkdtemp() */
#include "service/run/state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "harness.h"
#include "os/lock.h"

static char base[64] = "/tmp/troth-state-XXXXXX";

/* In turn, as its answers are read at once. */
static const char *in_base(const char *name)
{
    static char paths[4][128];
    static unsigned turn;
    char *path = paths[turn++ % 4];

    (void)snprintf(path, sizeof paths[0], "%s/%s", base, name);
    return path;
}

/* The user who runs this: so nobody has to be root. */
static struct troth_run_user me(void)
{
    return (struct troth_run_user){geteuid(), getegid()};
}

static void makes(void)
{
    char path[TROTH_RUN_STATE_PATH_MAX];
    struct troth_sandbox_fault fault;
    struct stat seen;

    test_case("a folder that was not there");
    CHECK(troth_run_state_make(path, &fault, in_base("a"), me()));
    CHECK_TEXT(path, in_base("a"));
    CHECK(stat(path, &seen) == 0 && (seen.st_mode & 07777) == 0711);

    test_case("the same again, by a link");
    CHECK(symlink("a", in_base("link")) == 0);
    CHECK(troth_run_state_make(path, &fault, in_base("link"), me()));
    CHECK_TEXT(path, in_base("a"));

    test_case("no folder to make it in");
    CHECK(!troth_run_state_make(path, &fault, in_base("none/a"), me()));
    CHECK_INT(fault.error, ENOENT);
    CHECK_TEXT(fault.step, "make");

    test_case("a file");
    CHECK(close(open(in_base("file"), O_CREAT | O_WRONLY, 0600)) == 0);
    CHECK(!troth_run_state_make(path, &fault, in_base("file"), me()));
    CHECK_INT(fault.error, ENOTDIR);
}

static void spares(void)
{
    const struct troth_run_user other = {60600, 60600};
    char path[TROTH_RUN_STATE_PATH_MAX];
    struct troth_sandbox_fault fault;
    struct stat seen;

    test_case("a folder of somebody else's stays as it is");
    CHECK(mkdir(in_base("full"), 0750) == 0 && mkdir(in_base("full/x"), 0700) == 0);
    CHECK(!troth_run_state_make(path, &fault, in_base("full"), other));
    CHECK_INT(fault.error, ENOTEMPTY);
    CHECK(stat(in_base("full"), &seen) == 0 && (seen.st_mode & 07777) == 0750 &&
          seen.st_uid == geteuid());

    if (geteuid() != 0) {
        test_skip("an empty one is given away by root alone");
        return;
    }
    test_case("an empty one is taken, and given to the agent; later, too");
    CHECK(mkdir(in_base("empty"), 0750) == 0);
    CHECK(troth_run_state_make(path, &fault, in_base("empty"), other));
    CHECK(stat(path, &seen) == 0 && (seen.st_mode & 07777) == 0711 &&
          seen.st_uid == 60600);
    CHECK(mkdir(in_base("empty/x"), 0700) == 0);
    CHECK(troth_run_state_make(path, &fault, in_base("empty"), other));
}

static struct troth_run_plan plan_in(const char *state)
{
    static char lock[128], program[128], upstream[128];

    (void)snprintf(lock, sizeof lock, "%s/lock", state);
    (void)snprintf(program, sizeof program, "%s/program", state);
    (void)snprintf(upstream, sizeof upstream, "%s/program/app", state);
    return (struct troth_run_plan){
        .upstream = upstream,
        .agent = {geteuid(), getegid()},
        .places = {.state = state, .lock = lock, .program = program},
        .sandbox = {.user = geteuid(), .group = getegid()}};
}

static void takes(void)
{
    char path[TROTH_RUN_STATE_PATH_MAX];
    struct troth_run_plan plan;
    struct troth_sandbox_fault fault;
    struct stat seen;
    int lock = -1;

    test_case("held, with the program's folder in it");
    CHECK(troth_run_state_make(path, &fault, in_base("b"), me()));
    plan = plan_in(path);
    CHECK(troth_run_state_take(&lock, &fault, &plan));
    CHECK(stat(plan.places.program, &seen) == 0 && (seen.st_mode & 07777) == 0750);
    troth_lock_release(lock);

    test_case("a link in its place is not followed");
    CHECK(rmdir(plan.places.program) == 0 && symlink("/tmp", plan.places.program) == 0);
    CHECK(!troth_run_state_take(&lock, &fault, &plan));
    CHECK(fault.error == ENOTDIR || fault.error == ELOOP);
    CHECK_INT(lock, -1);
    CHECK(unlink(plan.places.program) == 0);
}

static void clears(void)
{
    char path[TROTH_RUN_STATE_PATH_MAX];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct troth_run_plan plan;
    struct troth_sandbox_fault fault;
    struct stat seen;
    int lock, left;

    test_case(
        "a socket is the agent's, too; one that was left is removed, and nothing else");
    CHECK(troth_run_state_make(path, &fault, in_base("c"), me()));
    plan = plan_in(path);
    CHECK(troth_run_state_take(&lock, &fault, &plan));
    troth_run_state_clear(&plan);
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", plan.upstream);
    left = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(bind(left, (struct sockaddr *)&address, sizeof address) == 0);
    (void)close(left);
    CHECK(chmod(plan.upstream, 0700) == 0);
    troth_run_state_share(&plan);
    CHECK(stat(plan.upstream, &seen) == 0 && (seen.st_mode & 07777) == 0660);
    troth_run_state_clear(&plan);
    CHECK(access(plan.upstream, F_OK) != 0);
    CHECK(close(open(plan.upstream, O_CREAT | O_WRONLY, 0600)) == 0);
    troth_run_state_share(&plan);
    troth_run_state_clear(&plan);
    CHECK(stat(plan.upstream, &seen) == 0 && (seen.st_mode & 07777) == 0600);
    troth_lock_release(lock);
}

int main(void)
{
    char command[128];

    CHECK(mkdtemp(base) != NULL);
    makes();
    spares();
    takes();
    clears();
    (void)snprintf(command, sizeof command, "rm -r %s", base);
    CHECK_INT(system(command), 0); /* NOLINT: a folder of this test's */
    return test_finish();
}
