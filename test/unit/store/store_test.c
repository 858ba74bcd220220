/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "os/lock.h"
#include "test/harness.h"

static char root[] = "/tmp/troth-store-XXXXXX";
static char folder[64];
static struct troth_store store = {folder};

static void in_store(char out[static 256], const char *name)
{
    (void)snprintf(out, 256, "%s/%s", folder, name);
}

static int put(const char *name, struct troth_span bytes)
{
    int lock, failed = troth_store_lock(&lock, &store, troth_patience_real(), 2000);

    if (!failed)
        failed = troth_store_put(&store, lock, name, bytes);
    troth_lock_release(lock);
    return failed;
}

static void check_holds(const char *name, struct troth_span wanted)
{
    struct troth_file file;

    CHECK_INT(troth_store_get(&file, &store, name, 1 << 20), 0);
    CHECK_SPAN(((struct troth_span){file.bytes, file.len}), wanted);
    troth_file_release(&file);
}

static unsigned mode_of(const char *path)
{
    struct stat about = {0};

    CHECK(lstat(path, &about) == 0);
    return about.st_mode & 0777U;
}

static void test_put_and_get(void)
{
    struct troth_file file;
    char path[256];

    test_case("a store that is not there yet");
    CHECK_INT(troth_store_get(&file, &store, "a/b", 10), ENOENT);
    CHECK(!file.bytes && !file.len);

    test_case("put, get, put again");
    CHECK_INT(put("a/b", test_text("one")), 0);
    check_holds("a/b", test_text("one"));
    CHECK_INT(put("a/b", test_text("two and more")), 0);
    check_holds("a/b", test_text("two and more"));
    CHECK_INT(put("a/empty", test_text("")), 0);
    check_holds("a/empty", test_text(""));

    test_case("nobody else may read it");
    in_store(path, "a/b");
    CHECK_INT(mode_of(path), 0600);
    in_store(path, "a");
    CHECK_INT(mode_of(path), 0700);
    CHECK_INT(mode_of(folder), 0700);

    test_case("longer than is asked for");
    CHECK_INT(troth_store_get(&file, &store, "a/b", 11), EFBIG);
    CHECK(!file.bytes && !file.len);

    test_case("names that none may have");
    CHECK_INT(put("../b", test_text("")), EINVAL);
    CHECK_INT(troth_store_get(&file, &store, "/etc/passwd", 10), EINVAL);

    test_case("what is no file");
    CHECK_INT(troth_store_get(&file, &store, "a", 10), EISDIR);
    in_store(path, "a/link");
    CHECK(symlink("/etc/passwd", path) == 0);
    CHECK_INT(troth_store_get(&file, &store, "a/link", 1 << 20), ELOOP);
    in_store(path, "a/pipe");
    CHECK(mkfifo(path, 0600) == 0);
    CHECK_INT(troth_store_get(&file, &store, "a/pipe", 1 << 20), EISDIR);

    test_case("a link is replaced, never written through");
    CHECK_INT(put("a/link", test_text("mine")), 0);
    check_holds("a/link", test_text("mine"));

    test_case("nothing is written without the lock");
    CHECK_INT(troth_store_put(&store, -1, "a/c", test_text("x")), ENOLCK);
    CHECK_INT(troth_store_get(&file, &store, "a/c", 10), ENOENT);
}

static void test_list(void)
{
    struct troth_store_names names;
    const struct troth_store nowhere = {"/nowhere/at/all"};
    char path[256];

    test_case("names in the order of their bytes, and nothing else");
    CHECK_INT(put("a/z/y", test_text("1")), 0);
    CHECK_INT(put("Z", test_text("1")), 0);
    in_store(path, "a/.new-b");
    CHECK_INT(close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600)), 0);
    CHECK_INT(troth_store_list(&names, &store, 100), 0);
    CHECK_INT(names.count, 5);
    CHECK_TEXT(names.count ? names.rows[0] : "", "Z");
    CHECK_TEXT(names.count ? names.rows[1] : "", "a/b");
    CHECK_TEXT(names.count == 5 ? names.rows[4] : "", "a/z/y");
    troth_store_names_release(&names);
    troth_store_names_release(&names);

    test_case("more than is asked for");
    CHECK_INT(troth_store_list(&names, &store, 4), ENFILE);
    CHECK(!names.rows && !names.count);

    test_case("a store that is not there is empty");
    CHECK_INT(troth_store_list(&names, &nowhere, 4), 0);
    CHECK_INT(names.count, 0);
}

static void test_failures(void)
{
    char path[256];

    test_case("what was there stays when it cannot be replaced");
    in_store(path, "a");
    CHECK(chmod(path, 0500) == 0);
    if (geteuid() == 0) {
        test_skip("nothing is read-only to root");
    } else {
        CHECK_INT(put("a/b", test_text("three")), EACCES);
        check_holds("a/b", test_text("two and more"));
    }
    CHECK(chmod(path, 0700) == 0);

    test_case("a file where a folder should be");
    CHECK_INT(put("a/b/c", test_text("x")), ENOTDIR);

    test_case("a folder where a file should be");
    CHECK(put("a/z", test_text("x")) != 0);
    check_holds("a/z/y", test_text("1"));
}

static void test_lock(void)
{
    int mine, other;

    test_case("one process at a time");
    CHECK_INT(troth_store_lock(&mine, &store, troth_patience_real(), 0), 0);
    CHECK_INT(troth_store_lock(&other, &store, troth_patience_real(), 60), EBUSY);
    CHECK_INT(other, -1);
    troth_lock_release(mine);
    CHECK_INT(troth_store_lock(&other, &store, troth_patience_real(), 0), 0);
    troth_lock_release(other);
}

/* Write over and over, a run of one letter each time, until killed. */
_Noreturn static void write_forever(void)
{
    static uint8_t run[200000];

    for (unsigned i = 0;; i++) {
        memset(run, 'a' + (int)(i % 26), sizeof run);
        if (put("storm", (struct troth_span){run, sizeof run}))
            _exit(1);
    }
}

static void test_killed(void)
{
    struct troth_file file;

    test_case("killed in the middle of a write, twenty times");
    CHECK_INT(put("storm", test_text("z")), 0);
    for (unsigned i = 0; i < 20; i++) {
        pid_t child = fork();
        bool same = true;

        if (child == 0)
            write_forever();
        (void)nanosleep(&(struct timespec){0, (long)(2 + i) * 1000000}, NULL);
        (void)kill(child, SIGKILL);
        (void)waitpid(child, NULL, 0);
        CHECK_INT(troth_store_get(&file, &store, "storm", 1 << 20), 0);
        CHECK(file.len == 1 || file.len == 200000);
        for (size_t k = 1; k < file.len; k++)
            same = same && file.bytes[k] == file.bytes[0];
        CHECK(same);
        troth_file_release(&file);
    }
    test_case("what they left is in nobody's way");
    CHECK_INT(put("storm", test_text("after")), 0);
    check_holds("storm", test_text("after"));
}

int main(void)
{
    char command[300];

    CHECK(mkdtemp(root) != NULL);
    (void)snprintf(folder, sizeof folder, "%s/deep/er", root);
    test_put_and_get();
    test_list();
    test_failures();
    test_lock();
    test_killed();
    (void)snprintf(command, sizeof command, "rm -rf %s", root);
    CHECK_INT(system(command), 0);
    return test_finish();
}
