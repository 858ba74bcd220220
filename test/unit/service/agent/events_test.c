/* SPDX-License-Identifier: Apache-2.0 */
#include "service/agent/events.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test/harness.h"

static enum troth_err add(struct troth_events *events, const char *name,
                          struct troth_span data)
{
    const struct troth_event event = {test_text(name), data};
    struct troth_event copy;
    enum troth_err err = troth_events_promise(events, &copy, &event);

    if (!err)
        troth_events_keep(events, &copy);
    return err;
}

static void test_order(void)
{
    struct troth_events events;
    struct troth_event first, second, refused;
    const struct troth_event a = {TROTH_LITERAL("a"), TROTH_LITERAL("data")};
    struct troth_event_log log;

    test_case("an event is logged when it is kept, in the order of keeping");
    CHECK_ERR(troth_events_init(&events), TROTH_OK);
    CHECK_ERR(troth_events_promise(&events, &first, &a), TROTH_OK);
    CHECK_ERR(troth_events_promise(&events, &second, &a), TROTH_OK);
    CHECK_ERR(troth_events_promise(&events, &refused, &a), TROTH_OK);
    CHECK_INT(troth_events_log(&events, "tdx.rtmr3").count, 0);
    CHECK_INT(events.promised, 3);
    troth_events_keep(&events, &second);
    troth_events_drop(&events, &refused);
    troth_events_drop(&events, &refused); /* a second time is none */
    troth_events_keep(&events, &first);
    log = troth_events_log(&events, "tdx.rtmr3");
    CHECK_INT(log.count, 2);
    CHECK_INT(events.promised, 0);
    CHECK_SPAN(log.events[0].name, TROTH_LITERAL("a"));
    CHECK_SPAN(log.events[1].data, TROTH_LITERAL("data"));
    CHECK_SPAN(log.target, TROTH_LITERAL("tdx.rtmr3"));
    CHECK(!events.is_sealed);

    test_case("what is no event gets no row");
    CHECK_ERR(add(&events, "", (struct troth_span){NULL, 0}), TROTH_ERR_VALUE);
    CHECK_ERR(add(&events, "a b", (struct troth_span){NULL, 0}), TROTH_ERR_VALUE);
    CHECK_ERR(add(&events, TROTH_EVENT_BOUNDARY, TROTH_LITERAL("x")), TROTH_ERR_VALUE);
    CHECK_INT(events.count + events.promised, 2);

    test_case("the boundary seals");
    CHECK_ERR(add(&events, TROTH_EVENT_BOUNDARY, (struct troth_span){NULL, 0}), TROTH_OK);
    CHECK(events.is_sealed);
    troth_events_finish(&events);
}

/* However many, the text of the log can be written and read. */
static void test_room(size_t data_len, const char *why)
{
    static uint8_t data[TROTH_EVENT_DATA_MAX], text[TROTH_EVENT_LOG_MAX];
    const size_t most = TROTH_EVENTS_MAX + 1;
    struct troth_event_log log;
    struct troth_events events;
    enum troth_err err = TROTH_OK;
    size_t count = 0, len;

    test_case("%s: full before its text is too long", why);
    CHECK_ERR(troth_events_init(&events), TROTH_OK);
    while (!err && count < most) {
        err = add(&events, "name", (struct troth_span){data, data_len});
        count += !err;
    }
    CHECK_ERR(err, TROTH_ERR_LIMIT);
    log = troth_events_log(&events, "nitro.pcr16");
    CHECK_ERR(troth_event_log_write(text, sizeof text, &len, &log), TROTH_OK);
    CHECK(len <= events.text_len);
    CHECK(count == TROTH_EVENTS_MAX || len > TROTH_EVENT_LOG_MAX / 2);
    troth_events_finish(&events);
}

static void test_kept(void)
{
    char folder[] = "/tmp/troth-events-XXXXXX", path[64];
    struct troth_events events, again;
    FILE *file;

    test_case("a log that is kept is found by the next process");
    CHECK(mkdtemp(folder) != NULL);
    (void)snprintf(path, sizeof path, "%s/log.json", folder);
    CHECK_ERR(troth_events_init(&events), TROTH_OK);
    CHECK_INT(troth_events_load(&events, path, "tdx.rtmr3"), 0);
    CHECK_ERR(add(&events, "start", TROTH_LITERAL("\x01\x02")), TROTH_OK);
    CHECK_ERR(add(&events, TROTH_EVENT_BOUNDARY, (struct troth_span){NULL, 0}), TROTH_OK);
    CHECK_INT(troth_events_save(&events, path, "tdx.rtmr3"), 0);
    CHECK_ERR(troth_events_init(&again), TROTH_OK);
    CHECK_INT(troth_events_load(&again, path, "tdx.rtmr3"), 0);
    CHECK_INT(again.count, 2);
    CHECK(again.is_sealed);
    CHECK_SPAN(again.rows[0].data, test_hex("0102"));
    CHECK_INT(again.text_len, events.text_len);
    troth_events_finish(&again);

    test_case("another register's is refused, and what is no log");
    CHECK_ERR(troth_events_init(&again), TROTH_OK);
    CHECK_INT(troth_events_load(&again, path, "nitro.pcr16"), EBADMSG);
    file = fopen(path, "w");
    CHECK(file && fputs("{}", file) >= 0 && fclose(file) == 0);
    CHECK_INT(troth_events_load(&again, path, "tdx.rtmr3"), EBADMSG);
    CHECK_INT(troth_events_load(&again, folder, "tdx.rtmr3"), EISDIR);
    troth_events_finish(&again);
    troth_events_finish(&events);
    CHECK(unlink(path) == 0 && rmdir(folder) == 0);
}

int main(void)
{
    test_order();
    test_room(0, "events without data");
    test_room(TROTH_EVENT_DATA_MAX, "events of the longest data");
    test_kept();
    return test_finish();
}
