/* SPDX-License-Identifier: Apache-2.0 */
#include "service/quota.h"

#include "test/harness.h"

struct taking {
    const char *why;
    int64_t now_ms;
    const char *peer;
    bool granted;
};

/* Two buckets of three tokens, one token a second; the rows follow each other. */
static const struct taking takings[] = {
    {"a full bucket", 1000, "192.0.2.1", true},
    {"its second token", 1000, "192.0.2.1", true},
    {"its last", 1000, "192.0.2.1", true},
    {"it is empty", 1000, "192.0.2.1", false},
    {"another peer has its own", 1000, "192.0.2.2", true},
    {"every bucket is in use: a stranger waits", 1000, "192.0.2.3", false},
    {"not quite a second later", 1999, "192.0.2.1", false},
    {"a second later there is one", 2000, "192.0.2.1", true},
    {"and no other", 2000, "192.0.2.1", false},
    {"the second peer's bucket is full again: the stranger has it", 2000, "192.0.2.3",
     true},
    {"so that the second peer now waits", 2000, "192.0.2.2", false},
    {"refusals took nothing", 3000, "192.0.2.1", true},
    {"long after it is full and no fuller: one", 900000, "192.0.2.1", true},
    {"two", 900000, "192.0.2.1", true},
    {"three", 900000, "192.0.2.1", true},
    {"no fourth", 900000, "192.0.2.1", false},
    {"a peer without a name is a peer", 900000, "", true},
};

static void test_takings(void)
{
    struct troth_quota_row rows[2];
    struct troth_quota quota;

    troth_quota_init(&quota, rows, COUNT(rows), 3, 1000);
    for (size_t i = 0; i < COUNT(takings); i++) {
        const struct taking *t = &takings[i];

        test_case("%s", t->why);
        CHECK_INT(troth_quota_take(&quota, test_text(t->peer), t->now_ms), t->granted);
    }
}

static void test_long_peers(void)
{
    static const uint8_t a[TROTH_QUOTA_PEER_MAX + 1] = {[TROTH_QUOTA_PEER_MAX] = 'a'};
    static const uint8_t b[TROTH_QUOTA_PEER_MAX + 1] = {[TROTH_QUOTA_PEER_MAX] = 'b'};
    struct troth_quota_row rows[2];
    struct troth_quota quota;

    test_case("peers that begin alike and are too long count as one");
    troth_quota_init(&quota, rows, COUNT(rows), 1, 1000);
    CHECK(troth_quota_take(&quota, (struct troth_span){a, sizeof a}, 1));
    CHECK(!troth_quota_take(&quota, (struct troth_span){b, sizeof b}, 1));

    test_case("no rows, no tokens");
    troth_quota_init(&quota, NULL, 0, 1, 1000);
    CHECK(!troth_quota_take(&quota, test_text("192.0.2.1"), 1));
}

int main(void)
{
    test_takings();
    test_long_peers();
    return test_finish();
}
