/* SPDX-License-Identifier: Apache-2.0 */
#include "event_log/event.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/hex.h"
#include "base/span.h"
#include "codec/json.h"

/* {"name":"a","data":""}: no event takes fewer bytes of text. */
#define EVENT_TEXT_MIN 22

/* A log being read. */
struct reading {
    struct troth_json r;
    struct troth_arena *arena;
    struct troth_event_log log;
    struct troth_event *rows;
    size_t capacity; /* more events do not fit into the text */
    bool has_register, has_events;
};

static void fail(struct reading *t, enum troth_err err, const char *field)
{
    troth_json_expect(&t->r, !err, err, field);
}

static void read_register(struct reading *t)
{
    static const char field[] = "event_log.register";

    t->log.target = troth_json_string(&t->r, field);
    t->has_register = true;
    if (t->log.target.len > TROTH_EVENT_NAME_MAX)
        fail(t, TROTH_ERR_LIMIT, field);
    else if (!troth_event_name_is_valid(t->log.target))
        fail(t, TROTH_ERR_VALUE, field);
}

/* Names stand in the text as they are: of what would have to be unescaped, no name is
 * made. */
static void read_name(struct reading *t, struct troth_event *event)
{
    static const char field[] = "event_log.events.name";

    event->name = troth_json_string(&t->r, field);
    if (!troth_event_name_is_valid(event->name))
        fail(t, TROTH_ERR_VALUE, field);
}

static bool has_upper_case(struct troth_span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] >= 'A' && text.ptr[i] <= 'F')
            return true;
    return false;
}

static void read_data(struct reading *t, struct troth_event *event)
{
    static const char field[] = "event_log.events.data";
    const struct troth_span text = troth_json_string(&t->r, field);
    uint8_t *bytes;
    size_t len = 0;

    if (text.len > (size_t)2 * TROTH_EVENT_DATA_MAX) {
        fail(t, TROTH_ERR_LIMIT, field);
        return;
    }
    bytes = troth_arena_take_unset(t->arena, text.len / 2 + 1, 1);
    if (!bytes)
        fail(t, TROTH_ERR_MEMORY, field);
    else if (has_upper_case(text))
        fail(t, TROTH_ERR_ENCODING, field);
    else
        fail(t, troth_hex_parse(bytes, text.len / 2 + 1, &len, text), field);
    event->data = (struct troth_span){bytes, len};
}

static void read_event_member(struct reading *t, struct troth_event *event,
                              struct troth_span key, bool has[static 2])
{
    if (troth_json_text_is(key, "name")) {
        read_name(t, event);
        has[0] = true;
    } else if (troth_json_text_is(key, "data")) {
        read_data(t, event);
        has[1] = true;
    } else {
        fail(t, TROTH_ERR_UNSUPPORTED, "event_log.events");
    }
}

/* The boundary once, and nothing else by its name. */
static void keep_event(struct reading *t, const struct troth_event *event)
{
    const bool is_boundary = troth_event_is_boundary(event);

    if (t->log.count == t->capacity) {
        fail(t, TROTH_ERR_LIMIT, "event_log.events");
        return;
    }
    if (is_boundary && t->log.is_sealed) {
        fail(t, TROTH_ERR_DUPLICATE, "event_log.boundary");
        return;
    }
    fail(t, troth_event_check(event),
         is_boundary ? "event_log.boundary" : "event_log.events");
    if (is_boundary) {
        t->log.is_sealed = true;
        t->log.counted = t->log.count;
    }
    t->rows[t->log.count++] = *event;
}

static void read_event(struct reading *t)
{
    static const char field[] = "event_log.events";
    struct troth_event event = {{NULL, 0}, {NULL, 0}};
    bool has[2] = {false, false};
    struct troth_span key;

    troth_json_enter_object(&t->r, field);
    while (troth_json_member(&t->r, &key, field))
        read_event_member(t, &event, key, has);
    troth_json_leave(&t->r, field);
    if (!has[0] || !has[1])
        fail(t, TROTH_ERR_MISSING, field);
    if (!t->r.c.fault.err)
        keep_event(t, &event);
}

static void read_events(struct reading *t)
{
    static const char field[] = "event_log.events";

    t->has_events = true;
    troth_json_enter_array(&t->r, field);
    while (troth_json_more(&t->r) && !t->r.c.fault.err)
        read_event(t);
    troth_json_leave(&t->r, field);
}

static void read_document(struct reading *t)
{
    struct troth_span key;

    troth_json_enter_object(&t->r, "event_log");
    while (troth_json_member(&t->r, &key, "event_log")) {
        if (troth_json_text_is(key, "register"))
            read_register(t);
        else if (troth_json_text_is(key, "events"))
            read_events(t);
        else
            fail(t, TROTH_ERR_UNSUPPORTED, "event_log");
    }
    troth_json_leave(&t->r, "event_log");
}

static enum troth_err finish(const struct reading *t, struct troth_fault *fault,
                             enum troth_err err)
{
    if (err)
        return troth_fault_name(fault, err, "event_log");
    if (!t->has_register)
        return troth_fault_set(fault, TROTH_ERR_MISSING, "event_log.register");
    return t->has_events ? TROTH_OK
                         : troth_fault_set(fault, TROTH_ERR_MISSING, "event_log.events");
}

enum troth_err troth_event_log_parse(struct troth_event_log *out,
                                     struct troth_fault *fault, struct troth_span text,
                                     struct troth_arena *arena)
{
    struct reading t = {.arena = arena, .capacity = text.len / EVENT_TEXT_MIN};
    enum troth_err err;

    *out = (struct troth_event_log){0};
    if (fault)
        *fault = (struct troth_fault){TROTH_OK, NULL, 0};
    if (text.len > TROTH_EVENT_LOG_MAX)
        return troth_fault_set(fault, TROTH_ERR_LIMIT, "event_log");
    if (t.capacity > TROTH_EVENTS_MAX)
        t.capacity = TROTH_EVENTS_MAX;
    t.rows = troth_arena_take_unset(arena, t.capacity + 1, sizeof *t.rows);
    if (!t.rows)
        return troth_fault_set(fault, TROTH_ERR_MEMORY, "event_log");
    troth_json_init(&t.r, text);
    read_document(&t);
    err = finish(&t, fault, troth_json_finish(&t.r, fault));
    if (err)
        return err;
    t.log.events = t.rows;
    *out = t.log;
    return TROTH_OK;
}
