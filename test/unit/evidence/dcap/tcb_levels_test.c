/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/dcap/tcb_levels.h"

#include <string.h>

#include "test/harness.h"

/* Orders of the PCESVNs 1 to 4, some of them twice. */
static const struct {
    uint16_t pce_svn[4];
    bool is_unique;
} orders[] = {
    {{4, 3, 2, 1}, true},  {{1, 2, 3, 4}, true},  {{3, 4, 1, 2}, true},
    {{2, 4, 3, 1}, true},  {{4, 4, 2, 1}, false}, {{1, 2, 3, 1}, false},
    {{3, 4, 1, 3}, false}, {{2, 4, 4, 2}, false}, {{1, 1, 1, 1}, false},
};

static void test_sort(void)
{
    for (size_t i = 0; i < COUNT(orders); i++) {
        struct troth_tcb_level rows[4];
        struct troth_tcb_levels levels = {rows, COUNT(rows), 0};

        test_case("sorted: %u %u %u %u", orders[i].pce_svn[0], orders[i].pce_svn[1],
                  orders[i].pce_svn[2], orders[i].pce_svn[3]);
        memset(rows, 0, sizeof rows);
        for (size_t k = 0; k < COUNT(rows); k++)
            rows[k].pce_svn = orders[i].pce_svn[k];
        CHECK_INT(troth_tcb_levels_sort(&levels), orders[i].is_unique);
        for (size_t k = 1; k < COUNT(rows); k++)
            CHECK(rows[k - 1].pce_svn >= rows[k].pce_svn);
    }
    test_case("none to sort");
    CHECK(troth_tcb_levels_sort(&(struct troth_tcb_levels){NULL, 0, 0}));
}

static void test_room(void)
{
    static const struct troth_member members[] = {TROTH_LEVEL_MEMBERS("test")};
    static const char text[] = "[{\"tcb\":{\"isvsvn\":1},"
                               "\"tcbDate\":\"2024-03-13T00:00:00Z\","
                               "\"tcbStatus\":\"UpToDate\"}]";
    static uint8_t memory[8192];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_json json;
    size_t count;

    test_case("room that is not needed is given back");
    troth_json_init(&json, test_text(text));

    const struct troth_isv_level *levels = troth_isv_levels_read(&count, &json, members,
                                                                 &arena, "test");

    CHECK_ERR(troth_json_finish(&json, NULL), TROTH_OK);
    CHECK_INT(count, 1);
    CHECK_INT(levels[0].isv_svn, 1);
    CHECK(arena.used >= sizeof *levels && arena.used < 3 * sizeof *levels);
}

int main(void)
{
    test_sort();
    test_room();
    return test_finish();
}
