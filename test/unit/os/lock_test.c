/* SPDX-License-Identifier: Apache-2.0 */
#include "os/lock.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "test/harness.h"

static int64_t waited_ms;

static int64_t no_time(void *state)
{
    (void)state;
    return 0;
}

static void count(void *state, int64_t ms, const char *why)
{
    (void)state;
    (void)why;
    waited_ms += ms;
}

static const struct troth_patience none = {NULL, no_time, count};

int main(void)
{
    char path[] = "/tmp/troth-lock-XXXXXX";
    int file = mkstemp(path), mine, other;

    (void)close(file);
    test_case("held by one at a time");
    CHECK_INT(troth_lock_take(&mine, path, &none, 0, "x"), 0);
    CHECK_INT(troth_lock_take(&other, path, &none, 500, "x"), EBUSY);
    CHECK_INT(other, -1);
    CHECK_INT(waited_ms, 500);
    troth_lock_release(mine);
    CHECK_INT(troth_lock_take(&other, path, &none, 0, "x"), 0);
    troth_lock_release(other);
    troth_lock_release(-1);

    test_case("a file that is made where it was missing");
    (void)unlink(path);
    CHECK_INT(troth_lock_take(&mine, path, &none, 0, "x"), 0);
    CHECK(access(path, F_OK) == 0);
    troth_lock_release(mine);

    test_case("a link is not followed");
    (void)unlink(path);
    CHECK(symlink("/etc/passwd", path) == 0);
    CHECK_INT(troth_lock_take(&mine, path, &none, 0, "x"), ELOOP);
    CHECK_INT(mine, -1);
    (void)unlink(path);

    test_case("nowhere");
    CHECK_INT(troth_lock_take(&mine, "/nowhere/at/all", &none, 0, "x"), ENOENT);
    return test_finish();
}
