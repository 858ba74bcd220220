/* SPDX-License-Identifier: Apache-2.0 */
#include "net/pace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/lock.h"
#include "test/harness.h"

/* A clock that waiting moves on, and that counts. */
struct fake {
    int64_t now_ms, waited_ms;
    int held; /* a lock that its holder gives up once somebody waited so long */
    int64_t held_for_ms;
};

static int64_t fake_now(void *state)
{
    return ((struct fake *)state)->now_ms;
}

static void fake_wait(void *state, int64_t ms, const char *why)
{
    struct fake *fake = state;

    CHECK(strcmp(why, "amd takes one request in 10 s") == 0);
    fake->now_ms += ms;
    fake->waited_ms += ms;
    if (fake->held >= 0 && fake->waited_ms >= fake->held_for_ms) {
        troth_lock_release(fake->held);
        fake->held = -1;
    }
}

static char path[] = "/tmp/troth-pace-XXXXXX";

static void write_stamp(const char *text)
{
    int to = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);

    CHECK(to >= 0 && write(to, text, strlen(text)) == (ssize_t)strlen(text));
    (void)close(to);
}

static const struct {
    const char *why, *stamp;
    int64_t waits_ms;
} stamps[] = {
    {"a new file", "", 0},
    {"asked just now", "1000000", 10000},
    {"asked a while ago", "0000000000000996000", 6000},
    {"asked long ago", "5", 0},
    {"asked exactly an interval ago", "990000", 0},
    {"a stamp from the future", "1000001", 0},
    {"a stamp from before time", "-5", 0},
    {"no stamp", "nonsense", 0},
    {"a stamp beyond numbers", "99999999999999999999999999999999999", 0},
};

static void test_stamps(void)
{
    for (size_t i = 0; i < COUNT(stamps); i++) {
        struct fake fake = {1000000, 0, -1, 0};
        const struct troth_patience patience = {&fake, fake_now, fake_wait};
        const struct troth_pace pace = {path, "amd", 10000, 60000, &patience};
        int turn;

        test_case("%s", stamps[i].why);
        write_stamp(stamps[i].stamp);
        CHECK_INT(troth_pace_begin(&turn, &pace), 0);
        CHECK(turn >= 0);
        CHECK_INT(fake.waited_ms, stamps[i].waits_ms);
        fake.now_ms += 500; /* the request */
        troth_pace_end(turn, &pace);
        fake.waited_ms = 0;
        fake.now_ms += 1;
        CHECK_INT(troth_pace_begin(&turn, &pace), 0);
        CHECK_INT(fake.waited_ms, 9999);
        /* Killed before the answer: the next one waits from the question on. */
        troth_lock_release(turn);
        fake.waited_ms = 0;
        CHECK_INT(troth_pace_begin(&turn, &pace), 0);
        CHECK_INT(fake.waited_ms, 10000);
        troth_pace_end(turn, &pace);
    }
}

static void test_others(void)
{
    struct fake fake = {1000000, 0, -1, 3000};
    const struct troth_patience patience = {&fake, fake_now, fake_wait};
    struct troth_pace pace = {path, "amd", 10000, 5000, &patience};
    const struct troth_pace nowhere = {"/nowhere/at/all", "amd", 10000, 5000, &patience};
    int turn;

    test_case("another process asks meanwhile");
    write_stamp("");
    CHECK_INT(troth_lock_take(&fake.held, path, &patience, 0, ""), 0);
    CHECK_INT(troth_pace_begin(&turn, &pace), 0);
    CHECK_INT(fake.waited_ms, 3000);
    troth_pace_end(turn, &pace);

    test_case("another process asks all the time");
    fake = (struct fake){2000000, 0, -1, INT64_MAX};
    CHECK_INT(troth_lock_take(&fake.held, path, &patience, 0, ""), 0);
    CHECK_INT(troth_pace_begin(&turn, &pace), EBUSY);
    CHECK_INT(turn, -1);
    CHECK_INT(fake.waited_ms, 5000);
    troth_lock_release(fake.held);
    troth_pace_end(-1, &pace);

    test_case("a file that cannot be made");
    CHECK_INT(troth_pace_begin(&turn, &nowhere), ENOENT);
    CHECK_INT(turn, -1);
}

int main(void)
{
    int file = mkstemp(path);

    (void)close(file);
    test_stamps();
    test_others();
    (void)unlink(path);
    return test_finish();
}
