/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/span.h"
#include "test/harness.h"
#include "troth/event_log.h"

static uint8_t out[4096], memory[65536];

static void test_round_trip(void)
{
    static const uint8_t data[] = {0x00, 0xff, 0x10};
    const struct troth_event events[] = {{TROTH_LITERAL("image/digest"), {data, 3}},
                                         {TROTH_LITERAL("sealed"), {NULL, 0}},
                                         {TROTH_LITERAL("later"), {data, 1}}};
    const struct troth_event_log log = {
        .target = TROTH_LITERAL("nitro.pcr16"), .events = events, .count = 3};
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_event_log again;
    size_t len, shorter;

    test_case("what is written");
    CHECK_ERR(troth_event_log_write(out, sizeof out, &len, &log), TROTH_OK);
    CHECK(troth_span_is_text((struct troth_span){out, len},
                             "{\"register\":\"nitro.pcr16\",\"events\":["
                             "{\"name\":\"image/digest\",\"data\":\"00ff10\"},"
                             "{\"name\":\"sealed\",\"data\":\"\"},"
                             "{\"name\":\"later\",\"data\":\"00\"}]}"));

    test_case("what is written is read again");
    CHECK_ERR(troth_event_log_parse(&again, NULL, (struct troth_span){out, len}, &arena),
              TROTH_OK);
    CHECK_SPAN(again.target, log.target);
    CHECK(again.count == 3 && again.counted == 1 && again.is_sealed);
    for (size_t i = 0; i < again.count; i++) {
        CHECK_SPAN(again.events[i].name, events[i].name);
        CHECK_SPAN(again.events[i].data, events[i].data);
    }

    test_case("any less room");
    for (size_t size = 0; size < len; size++) {
        CHECK_ERR(troth_event_log_write(out, size, &shorter, &log), TROTH_ERR_LIMIT);
        CHECK_INT(shorter, 0);
    }
}

static void test_refused(void)
{
    static const uint8_t byte = 0;
    const struct {
        const char *why, *target;
        struct troth_event events[2];
        size_t count;
        enum troth_err err;
    } rows[] = {
        {"no register", "", {{{NULL, 0}, {NULL, 0}}}, 0, TROTH_ERR_VALUE},
        {"a quote in the register", "a\"", {{{NULL, 0}, {NULL, 0}}}, 0, TROTH_ERR_VALUE},
        {"no name", "a", {{{NULL, 0}, {NULL, 0}}}, 1, TROTH_ERR_VALUE},
        {"the boundary with data",
         "a",
         {{TROTH_LITERAL("sealed"), {&byte, 1}}},
         1,
         TROTH_ERR_VALUE},
        {"two boundaries",
         "a",
         {{TROTH_LITERAL("sealed"), {NULL, 0}}, {TROTH_LITERAL("sealed"), {NULL, 0}}},
         2,
         TROTH_ERR_DUPLICATE},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct troth_event_log log = {.target = test_text(rows[i].target),
                                            .events = rows[i].events,
                                            .count = rows[i].count};
        size_t len = 1;

        test_case("%s", rows[i].why);
        CHECK_ERR(troth_event_log_write(out, sizeof out, &len, &log), rows[i].err);
        CHECK_INT(len, 0);
    }
}

int main(void)
{
    test_round_trip();
    test_refused();
    return test_finish();
}
