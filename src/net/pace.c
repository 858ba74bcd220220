/* SPDX-License-Identifier: Apache-2.0 */
#include "net/pace.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "os/lock.h"

enum { STAMP_ROOM = 32 };

/* When the host was asked last; 0 if the file does not say. */
static int64_t read_stamp(int turn)
{
    char text[STAMP_ROOM] = "", *end;
    ssize_t len = pread(turn, text, sizeof text - 1, 0);
    long long stamp = len > 0 ? strtoll(text, &end, 10) : 0;

    return stamp > 0 ? (int64_t)stamp : 0;
}

/* A stamp that cannot be written costs an interval, no more. */
static void write_stamp(int turn, int64_t now_ms)
{
    char text[STAMP_ROOM];
    int len = snprintf(text, sizeof text, "%020lld\n", (long long)now_ms);

    if (len > 0 && ftruncate(turn, 0) == 0)
        (void)!pwrite(turn, text, (size_t)len, 0);
}

int troth_pace_begin(int *out_turn, const struct troth_pace *pace)
{
    const struct troth_patience *patience = pace->patience;
    char why[400];
    int failed;

    (void)snprintf(why, sizeof why, "%s takes one request in %lld s", pace->host,
                   (long long)(pace->interval_ms / 1000));
    failed = troth_lock_take(out_turn, pace->path, patience, pace->longest_ms, why);
    if (failed)
        return failed;

    int64_t now_ms = patience->now_ms(patience->state);
    int64_t since_ms = now_ms - read_stamp(*out_turn);

    /* A stamp from the future is another clock's. */
    if (since_ms >= 0 && since_ms < pace->interval_ms)
        patience->wait(patience->state, pace->interval_ms - since_ms, why);
    /* Now, too, for a process that does not live to see the answer. */
    write_stamp(*out_turn, patience->now_ms(patience->state));
    return 0;
}

void troth_pace_end(int turn, const struct troth_pace *pace)
{
    if (turn >= 0)
        write_stamp(turn, pace->patience->now_ms(pace->patience->state));
    troth_lock_release(turn);
}
