/* SPDX-License-Identifier: Apache-2.0 */
/* What a guest says happened, held against the register that its evidence carries. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "stage.h"

/* A log is spelled here by its events, separated by blanks: NAME or NAME=HEX. */
#define TDX   "tdx.rtmr3"
#define NITRO "nitro.pcr16"

#define BOOT "image=a1b2 config=00ff "
#define GOOD BOOT "sealed"

static struct trial t;
static struct sim_keyring *ring;

static struct troth_span text_of(const char *target, const char *events)
{
    static char texts[2][4096];
    static unsigned turn;
    char *text = texts[turn++ % 2];
    struct troth_span rest = test_text(events);
    size_t len = (size_t)snprintf(text, sizeof texts[0],
                                  "{\"register\":\"%s\",\"events\":[", target);

    for (bool is_first = true; rest.len > 0; is_first = false) {
        struct troth_span data = troth_span_next_item(&rest, ' ');
        const struct troth_span name = troth_span_next_item(&data, '=');

        len += (size_t)snprintf(
            text + len, sizeof texts[0] - len, "%s{\"name\":\"%.*s\",\"data\":\"%.*s\"}",
            is_first ? "" : ",", (int)name.len, (const char *)name.ptr, (int)data.len,
            data.len ? (const char *)data.ptr : "");
    }
    len += (size_t)snprintf(text + len, sizeof texts[0] - len, "]}");
    return (struct troth_span){(const uint8_t *)text, len};
}

/* What these events make of the register, one extended after the other, as the device
 * does it: so a log with two boundaries has a value, too. */
static void extend(uint8_t value[static 48], const char *events)
{
    struct troth_span rest = test_text(events);
    uint8_t extended[96] = {0};

    while (rest.len > 0) {
        struct troth_span data = troth_span_next_item(&rest, ' ');
        const struct troth_span name = troth_span_next_item(&data, '=');
        char hex[512] = "";

        if (data.len > 0)
            (void)snprintf(hex, sizeof hex, "%.*s", (int)data.len,
                           (const char *)data.ptr);
        const struct troth_event event = {name, test_hex(hex)};

        CHECK_ERR(troth_event_digest(extended + 48, &t.crypto, &event), TROTH_OK);
        CHECK_ERR(troth_digest(&t.crypto, extended, TROTH_SHA384,
                               (struct troth_span){extended, sizeof extended}),
                  TROTH_OK);
    }
    memcpy(value, extended, 48);
}

static struct troth_span mint_tdx(const char *events)
{
    static struct sim_intel doc;

    sim_intel_default(&doc, ring, SIM_TDX_V4, 0, MINTED_AT_S);
    extend(doc.quote.td.rtmr3, events);
    return minted_intel(&t, &doc);
}

static struct troth_span mint_nitro(const char *events)
{
    static struct sim_nitro doc;

    sim_nitro_default(&doc, ring, 0, MINTED_AT_S);
    doc.pcrs[16].is_present = true;
    doc.pcrs[16].len = 48;
    extend(doc.pcrs[16].value, events);
    return minted_nitro(&t, &doc);
}

static struct troth_span mint_snp(const char *events)
{
    static struct sim_snp doc;

    (void)events;
    sim_snp_default(&doc, ring, SIM_GENOA, SIM_VCEK, 0, MINTED_AT_S);
    return minted_snp(&t, &doc);
}

/* clang-format off */
static const struct {
    const char *why;
    struct troth_span (*mint)(const char *events);
    const char *happened;
    const char *target, *said;
    const char *line, *row;
    size_t counted, uncounted;
} rows[] = {
    {"all that happened", mint_tdx, GOOD, TDX, GOOD, "accepted", NULL, 2, 0},
    {"the same in an enclave", mint_nitro, GOOD, NITRO, GOOD, "accepted", NULL, 2, 0},
    {"nothing happened before the boundary", mint_tdx, "sealed", TDX, "sealed", "accepted", NULL, 0, 0},
    {"events behind the boundary", mint_tdx, GOOD " app=01 app=02", TDX, GOOD " app=01 app=02", "accepted", NULL, 2, 2},
    {"an event repeated behind the boundary", mint_tdx, GOOD " image=ffff", TDX, GOOD " image=ffff", "accepted", NULL, 2, 1},

    {"a repeated event left out of the log", mint_tdx, GOOD " image=ffff", TDX, GOOD, "refused: event_log", "the events make another value", 0, 0},
    {"an event that did not happen, behind the boundary", mint_tdx, GOOD, TDX, GOOD " app=01", "refused: event_log", "the events make another value", 0, 0},
    {"an event that did not happen, before it", mint_tdx, GOOD, TDX, "app= " GOOD, "refused: event_log", "the events make another value", 0, 0},
    {"an event left out", mint_tdx, GOOD, TDX, "image=a1b2 sealed", "refused: event_log", "the events make another value", 0, 0},
    {"the last event left out", mint_tdx, GOOD " app=01", TDX, GOOD, "refused: event_log", "the events make another value", 0, 0},
    {"events in another order", mint_tdx, GOOD, TDX, "config=00ff image=a1b2 sealed", "refused: event_log", "the events make another value", 0, 0},
    {"the boundary moved ahead", mint_tdx, GOOD " app=01", TDX, BOOT "app=01 sealed", "refused: event_log", "the events make another value", 0, 0},
    {"other data", mint_tdx, GOOD, TDX, "image=a1b3 config=00ff sealed", "refused: event_log", "the events make another value", 0, 0},
    {"a byte moved from data to name", mint_tdx, "imagea=1b2f sealed", TDX, "image=a1b2 sealed", "refused: event_log", "the events make another value", 0, 0},
    {"another event by the boundary's name in capitals", mint_tdx, BOOT "Sealed", TDX, BOOT "sealed", "refused: event_log", "the events make another value", 0, 0},
    {"an empty log of a register that was extended", mint_tdx, GOOD, TDX, "", "refused: event_log", "the events make another value", 0, 0},

    {"no boundary", mint_tdx, BOOT, TDX, "image=a1b2 config=00ff", "refused: event_log", "no boundary says which events count", 0, 0},
    {"cut off before the boundary", mint_tdx, "image=a1b2", TDX, "image=a1b2", "refused: event_log", "no boundary says which events count", 0, 0},
    {"an empty log of a register that was not extended", mint_tdx, "", TDX, "", "refused: event_log", "no boundary says which events count", 0, 0},
    {"a boundary in capitals", mint_tdx, BOOT "Sealed", TDX, BOOT "Sealed", "refused: event_log", "no boundary says which events count", 0, 0},
    {"two boundaries", mint_tdx, GOOD " app=01 sealed", TDX, GOOD " app=01 sealed", "refused: event_log", "the boundary is there twice", 0, 0},
    {"two boundaries, one after the other", mint_tdx, GOOD " sealed", TDX, GOOD " sealed", "refused: event_log", "the boundary is there twice", 0, 0},

    {"of another register of the same evidence", mint_tdx, "", "tdx.rtmr2", GOOD, "refused: event_log", "the log is of another register", 0, 0},
    {"of the field that a host chooses", mint_tdx, "", "tdx.mr_config_id", GOOD, "refused: event_log", "the log is of another register", 0, 0},
    {"of another family's register", mint_nitro, GOOD, TDX, GOOD, "refused: event_log", "the log is of another register", 0, 0},
    {"of a register that is none", mint_nitro, GOOD, "nitro.pcr16.", GOOD, "refused: event_log", "the log is of another register", 0, 0},
    {"of evidence without such a register", mint_snp, "", "snp.report_data", GOOD, "refused: event_log", "evidence of this kind carries no register of events", 0, 0},

    {"the boundary with data", mint_tdx, GOOD, TDX, BOOT "sealed=00", "error: VALUE event_log.boundary", NULL, 0, 0},
    {"the boundary with an escape", mint_tdx, GOOD, TDX, BOOT "se\\u0061led", "error: VALUE event_log.events.name", NULL, 0, 0},
    {"hex in capitals", mint_tdx, GOOD, TDX, "image=A1B2 config=00ff sealed", "error: ENCODING event_log.events.data", NULL, 0, 0},
};
/* clang-format on */

static void check_row(size_t i)
{
    const struct troth_check *row = trial_find(&t, TROTH_CHECK_EVENT_LOG, NULL);
    const struct troth_event_log *events = &t.result.events;

    CHECK_INT(events->counted, rows[i].counted);
    CHECK_INT(events->is_sealed, strcmp(rows[i].line, "accepted") == 0);
    if (events->is_sealed)
        CHECK_INT(events->count - events->counted - 1, rows[i].uncounted);
    else
        CHECK_INT(events->count, 0);
    if (t.err || !CHECK(row != NULL))
        return;
    if (rows[i].row)
        CHECK_TEXT(row->why, rows[i].row);
    else
        CHECK(row->outcome == TROTH_PASSED && !row->why);
}

static void test_logs(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%s", rows[i].why);
        trial_reset(&t);
        trial_require(&t, TRIAL_ANY);
        t.event_log = text_of(rows[i].target, rows[i].said);
        CHECK_TEXT(trial_judge(&t, rows[i].mint(rows[i].happened), MINTED_AT_S),
                   rows[i].line);
        check_row(i);
    }
}

/* Events that are asked for, one of them at a time. */
static const struct {
    const char *why, *said, *name, *data, *line, *row;
} asked[] = {
    {"an event that counts", GOOD, "image", "a1b2", "accepted", NULL},
    {"without data", "start " GOOD, "start", "", "accepted", NULL},
    {"of other data", GOOD, "image", "a1b3", "refused: event_log",
     "the event has other data"},
    {"of no data", GOOD, "image", "", "refused: event_log", "the event has other data"},
    {"of another name", GOOD, "images", "a1b2", "refused: event_log",
     "no event of this name counts"},
    {"only behind the boundary", GOOD " app=01", "app", "01", "refused: event_log",
     "no event of this name counts"},
    {"again behind the boundary, as another", GOOD " image=ffff", "image", "a1b2",
     "accepted", NULL},
    {"again behind the boundary, and asked for", GOOD " image=ffff", "image", "ffff",
     "refused: event_log", "the event has other data"},
    {"twice before the boundary", "image=a1b2 " GOOD, "image", "a1b2",
     "refused: event_log", "more than one event of this name counts"},
    {"twice, once as another", "image=ffff " GOOD, "image", "a1b2", "refused: event_log",
     "more than one event of this name counts"},
    {"the boundary itself", GOOD, "sealed", "", "refused: event_log",
     "no event of this name counts"},
};

static void test_asked(void)
{
    for (size_t i = 0; i < COUNT(asked); i++) {
        const struct troth_event wanted = {test_text(asked[i].name),
                                           test_hex(asked[i].data)};
        const struct troth_check *row;

        test_case("asked for: %s", asked[i].why);
        trial_reset(&t);
        trial_require(&t, TRIAL_ANY);
        t.event_log = text_of(TDX, asked[i].said);
        t.wanted_events = &wanted;
        t.wanted_event_count = 1;
        CHECK_TEXT(trial_judge(&t, mint_tdx(asked[i].said), MINTED_AT_S), asked[i].line);
        row = trial_find(&t, TROTH_CHECK_EVENT_LOG, asked[i].name);
        if (!CHECK(row != NULL))
            continue;
        CHECK(asked[i].row ? row->why && strcmp(row->why, asked[i].row) == 0 : !row->why);
    }
}

static void test_edges(void)
{
    struct troth_event wanted[TROTH_WANTED_EVENTS_MAX + 1];

    for (size_t i = 0; i < COUNT(wanted); i++)
        wanted[i] = (struct troth_event){TROTH_LITERAL("image"), test_hex("a1b2")};

    test_case("an event is asked for, and there is no log");
    trial_reset(&t);
    trial_require(&t, TRIAL_ANY);
    t.wanted_events = wanted;
    t.wanted_event_count = 1;
    CHECK_TEXT(trial_judge(&t, mint_tdx(GOOD), MINTED_AT_S), "refused: event_log");

    test_case("as many as may be asked for, and one more");
    trial_reset(&t);
    trial_require(&t, TRIAL_ANY);
    t.event_log = text_of(TDX, GOOD);
    t.wanted_event_count = TROTH_WANTED_EVENTS_MAX;
    CHECK_TEXT(trial_judge(&t, mint_tdx(GOOD), MINTED_AT_S), "accepted");
    t.wanted_event_count++;
    CHECK_TEXT(trial_judge(&t, mint_tdx(GOOD), MINTED_AT_S),
               "error: LIMIT requirements.events");

    test_case("no log: no row");
    trial_reset(&t);
    trial_require(&t, TRIAL_ANY);
    CHECK_TEXT(trial_judge(&t, mint_tdx(GOOD), MINTED_AT_S), "accepted");
    CHECK(trial_find(&t, TROTH_CHECK_EVENT_LOG, NULL) == NULL);

    test_case("a log does not make up for code that was not named");
    trial_reset(&t);
    t.event_log = text_of(TDX, GOOD);
    CHECK_TEXT(trial_judge(&t, mint_tdx(GOOD), MINTED_AT_S),
               "refused: measurement nonce");
}

/* The memory that is promised to suffice does for the largest log. */
static void test_largest(void)
{
    static struct troth_event events[TROTH_EVENTS_MAX];
    static uint8_t text[TROTH_EVENT_LOG_MAX], data[100];
    static struct sim_intel doc;
    struct troth_event_log log = {
        .target = TROTH_LITERAL(TDX), .events = events, .count = COUNT(events)};
    size_t len = 0;

    test_case("as many events as there may be");
    for (size_t i = 0; i < COUNT(events); i++)
        events[i] = (struct troth_event){TROTH_LITERAL("event"), {data, sizeof data}};
    events[COUNT(events) - 1] = (struct troth_event){TROTH_LITERAL("sealed"), {NULL, 0}};
    CHECK_ERR(troth_event_log_write(text, sizeof text, &len, &log), TROTH_OK);
    trial_reset(&t);
    trial_require(&t, TRIAL_ANY);
    t.event_log = (struct troth_span){text, len};
    sim_intel_default(&doc, ring, SIM_TDX_V4, 0, MINTED_AT_S);
    CHECK_ERR(troth_event_log_replay(doc.quote.td.rtmr3, &t.crypto, &log), TROTH_OK);
    CHECK_TEXT(trial_judge(&t, minted_intel(&t, &doc), MINTED_AT_S), "accepted");
    CHECK_INT(t.result.events.counted, TROTH_EVENTS_MAX - 1);
}

int main(void)
{
    trial_begin(&t);
    ring = sim_keyring_create(1);
    test_logs();
    test_asked();
    test_edges();
    test_largest();
    sim_keyring_destroy(ring);
    trial_end(&t);
    return test_finish();
}
