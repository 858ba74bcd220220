/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "log/sequence.h"
#include "os/file.h"
#include "test/harness.h"
#include "test/unit/log/log_folder.h"

/* ---- a disk that says that it could not ---- */

long syscall(long number, ...);

static atomic_int syncs_left = -1; /* so many go well, and one does not; below 0: all */

static bool is_to_fail(void)
{
    return syncs_left >= 0 && atomic_fetch_sub(&syncs_left, 1) == 0;
}

/* Instead of the C library's, in SQLite too. */
int fdatasync(int descriptor)
{
    if (is_to_fail()) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fdatasync, descriptor);
}

int fsync(int descriptor)
{
    if (is_to_fail()) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fsync, descriptor);
}

static struct {
    unsigned failures, recoveries;
} told;

static void tell(void *state, const struct troth_log_problem *problem)
{
    (void)state;
    if (problem->failed)
        told.failures++;
    else
        told.recoveries++;
}

/* 0, or what went wrong: then it is not in the log, or all of it is. */
static int try_append(struct troth_log_writer *writer, size_t count)
{
    struct troth_log_item items[64];
    struct troth_log_standing standing;
    char texts[64][32];
    struct troth_log_problem problem;
    uint64_t first;

    troth_log_standing(&standing, writer);
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(texts[i], sizeof texts[i], "entry %llu",
                       (unsigned long long)(standing.next + i));
        items[i] = (struct troth_log_item){test_text(texts[i]), {NULL, 0}};
    }
    if (troth_log_append(writer, &problem, &first, items, count) == 0)
        CHECK_INT(first, standing.next);
    else
        CHECK(strlen(problem.text) > 10);
    return problem.failed;
}

static void append_fails(void)
{
    struct troth_log_writer *writer;

    test_case("an append that could not be synced is refused, and the next one is right");
    (void)test_log_fresh();
    test_log_options()->tell = tell;
    told.failures = told.recoveries = 0;
    writer = test_log_open(0);
    (void)test_log_append(writer, 10);
    syncs_left = 0;
    CHECK_INT(try_append(writer, 5), EIO);
    syncs_left = -1;
    CHECK_INT(told.failures, 1);
    CHECK_INT(told.recoveries, 0);
    CHECK_INT(try_append(writer, 7), 0);
    CHECK_INT(told.recoveries, 1);
    test_log_publish(writer, 0);
    CHECK_INT(test_log_audit(), 17);
    troth_log_writer_close(writer);
    writer = test_log_open(0);
    (void)test_log_append(writer, 1);
    test_log_publish(writer, 0);
    CHECK_INT(test_log_audit(), 18);
    troth_log_writer_close(writer);
}

/* Whichever of the syncs fails on the way to what is shown. */
static void publish_fails(void)
{
    struct troth_log_writer *writer;
    struct troth_log_problem problem;
    uint64_t size = 300, failures = 0;

    test_case("a checkpoint that could not be synced is made again");
    (void)test_log_fresh();
    writer = test_log_open(0);
    (void)test_log_append(writer, size);
    test_log_publish(writer, 0);
    for (int i = 0; i < 40; i++) {
        const uint64_t shown = test_log_audit();
        int failed;

        CHECK(shown <= size);
        (void)test_log_append(writer, 20);
        size += 20;
        syncs_left = i;
        failed = troth_log_publish(writer, &problem);
        if (syncs_left < 0 || failed)
            failures += failed != 0;
        CHECK(failed == 0 || failed == EIO);
        syncs_left = -1;
        if (failed)
            CHECK(test_log_audit() == shown || test_log_audit() == size);
        if (i % 3 == 0)
            test_log_publish(writer, 0);
    }
    CHECK(failures > 5);
    test_log_publish(writer, 0);
    CHECK_INT(test_log_audit(), size);
    troth_log_writer_close(writer);
}

static void opening_fails(void)
{
    struct troth_log_writer *writer;
    struct troth_log_problem problem;

    test_case("a log that could not be opened for the disk's sake opens when it is well");
    (void)test_log_fresh();
    for (int i = 0; i < 12; i++) {
        syncs_left = i;
        if (troth_log_writer_open(&writer, &problem, test_log_options()) == 0)
            troth_log_writer_close(writer);
        else
            CHECK_INT(problem.failed, EIO);
        syncs_left = -1;
        writer = test_log_open(0);
        (void)test_log_append(writer, 1);
        test_log_publish(writer, 0);
        troth_log_writer_close(writer);
        CHECK_INT(test_log_audit(), i + 1);
    }
}

/* ---- a small disk of its own ---- */

static int run(const char *const *words)
{
    const pid_t child = fork();
    int status = -1;

    if (child == 0) {
        (void)execvp(words[0], (char *const *)words);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        return -1;
    return status;
}

static void must_run(const char *const *words)
{
    CHECK_INT(run(words), 0);
}

static void fill(const char *name)
{
    static uint8_t block[64 * 1024];
    FILE *file = fopen(test_log_at(name), "w");

    while (file && fwrite(block, 1, sizeof block, file) == sizeof block &&
           fflush(file) == 0)
        ;
    if (file)
        (void)fclose(file);
}

static void full(void)
{
    struct troth_log_writer *writer;
    struct troth_log_problem problem;
    int failed = 0;

    test_case("a full disk: appends are refused in its words, and reads go on");
    (void)test_log_fresh();
    must_run((const char *const[]){"mount", "-t", "tmpfs", "-o", "size=16m", "none",
                                   test_log_at("."), NULL});
    test_log_options()->tell = tell;
    writer = test_log_open(0);
    (void)test_log_append(writer, 300);
    test_log_publish(writer, 0);
    fill("ballast");
    for (int i = 0; i < 5000 && !failed; i++)
        failed = try_append(writer, 64);
    CHECK_INT(failed, ENOSPC);
    CHECK_INT(test_log_audit(), 300);

    struct troth_log_standing standing;

    troth_log_standing(&standing, writer);
    CHECK_INT(standing.problem.failed, ENOSPC);
    CHECK(strstr(standing.problem.text, "No space left on device") != NULL);
    CHECK_INT(troth_log_publish(writer, &problem), ENOSPC);
    CHECK(strstr(problem.text, "No space left on device") != NULL);
    CHECK_INT(test_log_audit(), 300);

    test_case("and when there is room again all goes on");
    CHECK_INT(unlink(test_log_at("ballast")), 0);
    CHECK_INT(try_append(writer, 10), 0);
    troth_log_standing(&standing, writer);
    test_log_publish(writer, 0);
    CHECK_INT(test_log_audit(), standing.next);
    troth_log_writer_close(writer);
}

static void read_only(void)
{
    struct troth_sequence *sequence;
    struct troth_log_problem problem;
    struct troth_file file;

    test_case("a folder that can only be read: not opened for writing, and read");
    must_run((const char *const[]){"mount", "-o", "remount,ro", test_log_at("."), NULL});
    CHECK(!test_log_open(EROFS));
    CHECK(strstr(test_log_problem()->text, "Read-only file system") != NULL);
    CHECK(test_log_audit() > 300);
    if (CHECK_INT(troth_sequence_open_sqlite(&sequence, &problem,
                                             test_log_at("sequence.db"), false, true),
                  0)) {
        CHECK_INT(sequence->ops->sealed(sequence, &problem, 0, &file), ENOENT);
        sequence->ops->close(sequence);
    } else {
        printf("# %s\n", problem.text);
    }
    must_run((const char *const[]){"umount", test_log_at("."), NULL});
}

/* Mounts of a process and of those it starts; nobody else sees them. */
static void become_alone(const char *program)
{
    static const char *const trial[] = {"unshare", "-m", "--propagation", "private",
                                        "mount",   "-t", "tmpfs",         "none",
                                        "/mnt",    NULL};

    (void)fflush(stdout);
    if (run(trial) == 0)
        (void)execlp("unshare", "unshare", "-m", "--propagation", "private", program,
                     "alone", (char *)NULL);
}

int main(int count, char **words)
{
    if (count == 1)
        become_alone(words[0]);
    test_log_setup();
    append_fails();
    publish_fails();
    opening_fails();
    if (count > 1) {
        full();
        read_only();
    } else {
        test_case("a full disk, and one that can only be read");
        test_skip("a small disk needs a mount namespace, which this user may not have");
    }
    test_log_finish();
    return test_finish();
}
