/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/claim_list.h"

#include "test/harness.h"

static void fill(void)
{
    uint8_t memory[1024];

    for (size_t capacity = 0; capacity < 4; capacity++) {
        for (size_t added = 0; added < 6; added++) {
            struct troth_arena arena = TROTH_ARENA_OVER(memory);
            struct troth_claim_list list = troth_claim_list_in(&arena, capacity);
            struct troth_claims claims = {(const struct troth_claim *)memory, 99};
            bool fits = added <= capacity;

            test_case("%zu claims in a list for %zu", added, capacity);
            for (size_t i = 0; i < added; i++)
                troth_claim_add(&list, "name", "about", troth_value_uint(i));
            CHECK_ERR(troth_claim_list_finish(&claims, &list),
                      fits ? TROTH_OK : TROTH_ERR_MEMORY);
            CHECK_INT(claims.count, fits ? added : 0);
            for (size_t i = 0; i < claims.count; i++)
                CHECK_INT(claims.rows[i].value.number, i);
            CHECK(fits || !claims.rows);
        }
    }
}

static void starve(void)
{
    uint8_t memory[8];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_claim_list list = troth_claim_list_in(&arena, 10);
    struct troth_claims claims;

    test_case("no room for the list");
    CHECK(!list.rows && list.capacity == 0);
    troth_claim_add(&list, "name", "about", troth_value_none());
    CHECK_ERR(troth_claim_list_finish(&claims, &list), TROTH_ERR_MEMORY);
    CHECK(!claims.rows && claims.count == 0);
}

static void find(void)
{
    const struct troth_claim rows[] = {{"kind", "", {0}}, {"x.one", "", {0}}};
    const struct troth_claims claims = {rows, COUNT(rows)};
    static const struct {
        const char *name;
        int at;
    } names[] = {{"kind", 0},    {"x.one", 1}, {"x.on", -1},
                 {"x.one1", -1}, {"", -1},     {"X.one", -1}};

    for (size_t i = 0; i < COUNT(names); i++) {
        const struct troth_claim *found = troth_claims_find(&claims,
                                                            test_text(names[i].name));

        test_case("find '%s'", names[i].name);
        CHECK(found == (names[i].at < 0 ? NULL : &rows[names[i].at]));
        CHECK(troth_claims_named(&claims, names[i].name) == found);
    }
}

static void find_by_address(void)
{
    static const char name[] = "x.one";
    const struct troth_claim rows[] = {{"kind", "", {0}}, {name, "", {0}}};
    const struct troth_claims claims = {rows, COUNT(rows)};

    test_case("find a claim whose name is the very text");
    CHECK(troth_claims_named(&claims, name) == &rows[1]);
    test_case("find a claim whose name is the same elsewhere");
    CHECK(troth_claims_named(&claims, "x.one") == &rows[1]);
}

int main(void)
{
    fill();
    starve();
    find();
    find_by_address();
    return test_finish();
}
