/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "builder/compile.h"
#include "test/harness.h"

/* A script, started in a folder. */
static int shell(const char *path, const char *script)
{
    char text[1024];

    (void)snprintf(text, sizeof text, "cd %s && %s", path, script);
    return system(text);
}

/* A process that is killed, some time after it made a folder and put something in. */
static bool is_gone_with_its_process(void)
{
    char path[256] = "";
    int ends[2], status;
    pid_t maker;

    if (pipe(ends) != 0 || (maker = fork()) < 0)
        return false;
    if (maker == 0) {
        if (troth_scratch_create(path, sizeof path, NULL) &&
            shell(path, "mkdir -p a/b && echo x >a/b/c") == 0 &&
            write(ends[1], path, sizeof path) == sizeof path)
            (void)raise(SIGKILL);
        _exit(1);
    }
    if (read(ends[0], path, sizeof path) != sizeof path || access(path, F_OK) != 0 ||
        waitpid(maker, &status, 0) != maker || !WIFSIGNALED(status))
        return false;
    for (int i = 0; i < 100 && access(path, F_OK) == 0; i++)
        (void)nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    return access(path, F_OK) != 0;
}

int main(void)
{
    struct troth_build_problem problem;
    char path[256], link[300], outside[] = "/tmp/troth-outside-XXXXXX";
    struct stat about;

    CHECK(unsetenv("TMPDIR") == 0 && mkdtemp(outside));
    test_case("a folder for this user alone");
    CHECK(troth_scratch_create(path, sizeof path, &problem));
    CHECK(strncmp(path, "/tmp/troth-", 11) == 0);
    CHECK(stat(path, &about) == 0 && (about.st_mode & 07777) == 0700);

    test_case("away with all in it, whatever its modes, and nothing outside");
    CHECK(shell(path,
                "mkdir -p a/b/c/d a/b/removed-0 removed-1 removed-2/x && "
                "echo x >a/b/c/f && mkfifo a/p && chmod 0 a/b/c/f a/b/c/d a/b a") == 0);
    (void)snprintf(link, sizeof link, "%s/link", path);
    CHECK(symlink(outside, link) == 0);
    troth_scratch_remove(path);
    CHECK(stat(path, &about) != 0);
    CHECK(stat(outside, &about) == 0 && (about.st_mode & 07777) == 0700);

    test_case("deeper than a path can be long");
    CHECK(troth_scratch_create(path, sizeof path, &problem));
    CHECK(shell(path, "i=0 && while [ $i -lt 3000 ]; do mkdir d && cd -P d || exit 1; "
                      "i=$((i+1)); done 2>/dev/null") >= 0);
    troth_scratch_remove(path);
    CHECK(stat(path, &about) != 0);

    test_case("what is not there, and a link");
    troth_scratch_remove(path);
    CHECK(symlink(outside, path) == 0);
    troth_scratch_remove(path);
    CHECK(lstat(path, &about) == 0 && stat(outside, &about) == 0);
    CHECK(unlink(path) == 0);

    test_case("gone with who made it, however that ends");
    CHECK(is_gone_with_its_process());

    test_case("where TMPDIR says");
    CHECK(setenv("TMPDIR", outside, 1) == 0);
    CHECK(troth_scratch_create(path, sizeof path, &problem));
    CHECK(strncmp(path, outside, strlen(outside)) == 0);
    troth_scratch_remove(path);
    CHECK(!troth_scratch_create(path, 20, &problem));
    CHECK_TEXT(problem.subject, "TMPDIR");
    CHECK_TEXT(path, "");
    CHECK(rmdir(outside) == 0);
    CHECK(!troth_scratch_create(path, sizeof path, &problem));
    CHECK_TEXT(path, "");
    return test_finish();
}
