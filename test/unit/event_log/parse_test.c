/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/event_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "test/harness.h"

#define R      "{\"register\":\"tdx.rtmr3\",\"events\":["
#define E(n)   "{\"name\":\"" n "\",\"data\":\"\"}"
#define END    "]}"
#define TEN(x) x x x x x x x x x x

static uint8_t memory[TROTH_EVENT_LOG_ARENA_SIZE];

/* clang-format off */
static const struct {
    const char *why, *text;
    enum troth_err err;
    const char *field;
    size_t count, counted;
    bool is_sealed;
} rows[] = {
    {"no events", R END, TROTH_OK, NULL, 0, 0, false},
    {"one event, no boundary", R E("a") END, TROTH_OK, NULL, 1, 0, false},
    {"the boundary alone", R E("sealed") END, TROTH_OK, NULL, 1, 0, true},
    {"before and behind the boundary", R E("a") "," E("b") "," E("sealed") "," E("c") END, TROTH_OK, NULL, 4, 2, true},
    {"the same event twice", R E("a") "," E("a") "," E("sealed") END, TROTH_OK, NULL, 3, 2, true},
    {"names that are nearly the boundary's", R E("Sealed") "," E("sealed.") "," E("seale") END, TROTH_OK, NULL, 3, 0, false},
    {"members in another order", "{\"events\":[{\"data\":\"\",\"name\":\"sealed\"}],\"register\":\"tdx.rtmr3\"}", TROTH_OK, NULL, 1, 0, true},
    {"white space", " { \"register\" : \"tdx.rtmr3\" , \"events\" : [ ] } \n", TROTH_OK, NULL, 0, 0, false},

    {"nothing", "", TROTH_ERR_SHORT, "event_log", 0, 0, false},
    {"no object", "[]", TROTH_ERR_TYPE, "event_log", 0, 0, false},
    {"cut short", R E("a"), TROTH_ERR_SHORT, NULL, 0, 0, false},
    {"more behind it", R END "{}", TROTH_ERR_TRAILING, "event_log", 0, 0, false},
    {"no register", "{\"events\":[]}", TROTH_ERR_MISSING, "event_log.register", 0, 0, false},
    {"no list", "{\"register\":\"tdx.rtmr3\"}", TROTH_ERR_MISSING, "event_log.events", 0, 0, false},
    {"a member that is none", "{\"register\":\"tdx.rtmr3\",\"events\":[],\"v\":1}", TROTH_ERR_UNSUPPORTED, "event_log", 0, 0, false},
    {"two lists", "{\"register\":\"tdx.rtmr3\",\"events\":[],\"events\":[]}", TROTH_ERR_DUPLICATE, "event_log", 0, 0, false},
    {"a register with an escape", "{\"register\":\"tdx.rtm\\u00723\",\"events\":[]}", TROTH_ERR_VALUE, "event_log.register", 0, 0, false},
    {"an empty register", "{\"register\":\"\",\"events\":[]}", TROTH_ERR_VALUE, "event_log.register", 0, 0, false},

    {"two boundaries", R E("sealed") "," E("a") "," E("sealed") END, TROTH_ERR_DUPLICATE, "event_log.boundary", 0, 0, false},
    {"the boundary with data", R "{\"name\":\"sealed\",\"data\":\"00\"}" END, TROTH_ERR_VALUE, "event_log.boundary", 0, 0, false},
    {"the boundary's name with an escape", R E("se\\u0061led") END, TROTH_ERR_VALUE, "event_log.events.name", 0, 0, false},
    {"no name", R "{\"data\":\"\"}" END, TROTH_ERR_MISSING, "event_log.events", 0, 0, false},
    {"no data", R "{\"name\":\"a\"}" END, TROTH_ERR_MISSING, "event_log.events", 0, 0, false},
    {"data that is null", R "{\"name\":\"a\",\"data\":null}" END, TROTH_ERR_TYPE, "event_log.events.data", 0, 0, false},
    {"a name twice", R "{\"name\":\"a\",\"name\":\"b\",\"data\":\"\"}" END, TROTH_ERR_DUPLICATE, NULL, 0, 0, false},
    {"a member of an event that is none", R "{\"name\":\"a\",\"data\":\"\",\"digest\":\"\"}" END, TROTH_ERR_UNSUPPORTED, "event_log.events", 0, 0, false},
    {"an empty name", R E("") END, TROTH_ERR_VALUE, "event_log.events.name", 0, 0, false},
    {"a space in a name", R E("a b") END, TROTH_ERR_VALUE, "event_log.events.name", 0, 0, false},
    {"a name too long", R E(TEN("aaaaaa") "aaaaa") END, TROTH_ERR_LIMIT, "event_log.events", 0, 0, false},
    {"hex in capitals", R "{\"name\":\"a\",\"data\":\"AB\"}" END, TROTH_ERR_ENCODING, "event_log.events.data", 0, 0, false},
    {"half a byte", R "{\"name\":\"a\",\"data\":\"abc\"}" END, TROTH_ERR_VALUE, "event_log.events.data", 0, 0, false},
    {"no hex", R "{\"name\":\"a\",\"data\":\"0x\"}" END, TROTH_ERR_VALUE, "event_log.events.data", 0, 0, false},
    {"an event that is none", R "\"sealed\"" END, TROTH_ERR_TYPE, "event_log.events", 0, 0, false},
};
/* clang-format on */

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_fault fault;
        struct troth_event_log log;

        test_case("%s", rows[i].why);
        CHECK_ERR(troth_event_log_parse(&log, &fault, test_text(rows[i].text), &arena),
                  rows[i].err);
        if (rows[i].field)
            CHECK_TEXT(fault.field, rows[i].field);
        CHECK_INT(log.count, rows[i].count);
        CHECK_INT(log.counted, rows[i].counted);
        CHECK_INT(log.is_sealed, rows[i].is_sealed);
        CHECK(rows[i].err ? log.target.len == 0
                          : troth_span_is_text(log.target, "tdx.rtmr3"));
    }
}

static void test_content(void)
{
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_event_log log;

    test_case("what events hold");
    CHECK_ERR(
        troth_event_log_parse(
            &log, NULL,
            test_text(R "{\"name\":\"image/digest\",\"data\":\"00ff\"}," E("sealed") END),
            &arena),
        TROTH_OK);
    CHECK(troth_span_is_text(log.events[0].name, "image/digest"));
    CHECK_SPAN(log.events[0].data, test_hex("00ff"));
    CHECK_INT(log.events[1].data.len, 0);
}

/* So many events of `data_len` bytes each, as text. */
static struct troth_span text_of(size_t count, size_t data_len)
{
    static char text[TROTH_EVENT_LOG_MAX + 65536];
    size_t len = (size_t)snprintf(text, sizeof text, "%s", R);

    for (size_t i = 0; i < count; i++) {
        len += (size_t)snprintf(text + len, sizeof text - len,
                                "%s{\"name\":\"a\",\"data\":\"", i ? "," : "");
        memset(text + len, '0', 2 * data_len);
        len += 2 * data_len;
        len += (size_t)snprintf(text + len, sizeof text - len, "\"}");
    }
    len += (size_t)snprintf(text + len, sizeof text - len, "%s", END);
    return (struct troth_span){(const uint8_t *)text, len};
}

static void test_limits(void)
{
    static const struct {
        const char *why;
        size_t count, data_len;
        enum troth_err err;
    } sizes[] = {
        {"as many events as there may be", TROTH_EVENTS_MAX, 0, TROTH_OK},
        {"one more", TROTH_EVENTS_MAX + 1, 0, TROTH_ERR_LIMIT},
        {"as many, of as much data as fits", TROTH_EVENTS_MAX, 115, TROTH_OK},
        {"the most data", 1, TROTH_EVENT_DATA_MAX, TROTH_OK},
        {"a byte more", 1, TROTH_EVENT_DATA_MAX + 1, TROTH_ERR_LIMIT},
        {"the largest events", 505, TROTH_EVENT_DATA_MAX, TROTH_OK},
        {"more text than there may be", 512, TROTH_EVENT_DATA_MAX, TROTH_ERR_LIMIT},
    };

    for (size_t i = 0; i < COUNT(sizes); i++) {
        const struct troth_span text = text_of(sizes[i].count, sizes[i].data_len);
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_event_log log;

        test_case("%s: %zu bytes", sizes[i].why, text.len);
        CHECK_ERR(troth_event_log_parse(&log, NULL, text, &arena), sizes[i].err);
        CHECK_INT(log.count, sizes[i].err ? 0 : sizes[i].count);
    }
}

static void test_memory(void)
{
    const struct troth_span text = test_text(
        R "{\"name\":\"a\",\"data\":\"00\"}," E("sealed") END);
    struct troth_event_log log;
    size_t size = 0;

    test_case("too little memory");
    for (;; size++) {
        struct troth_arena arena = {memory, size, 0};
        const enum troth_err err = troth_event_log_parse(&log, NULL, text, &arena);

        if (err == TROTH_OK)
            break;
        CHECK_ERR(err, TROTH_ERR_MEMORY);
        CHECK(log.count == 0 && !log.is_sealed);
    }
    CHECK(size > sizeof(struct troth_event));
}

int main(void)
{
    test_rows();
    test_content();
    test_limits();
    test_memory();
    return test_finish();
}
