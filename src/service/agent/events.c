/* SPDX-License-Identifier: Apache-2.0 */
#include "service/agent/events.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "os/file.h"

enum {
    ROW_TEXT = 24,  /* {"name":"","data":""}, and a comma */
    LOG_TEXT = 128, /* {"register":"…","events":[]} */
};

static size_t text_len(const struct troth_event *event)
{
    return ROW_TEXT + event->name.len + 2 * event->data.len;
}

static bool is_boundary(const struct troth_event *event)
{
    return troth_span_is_text(event->name, TROTH_EVENT_BOUNDARY);
}

enum troth_err troth_events_init(struct troth_events *out)
{
    *out = (struct troth_events){
        .rows = calloc(TROTH_EVENTS_MAX, sizeof *out->rows),
        .text_len = LOG_TEXT,
    };
    return out->rows ? TROTH_OK : TROTH_ERR_MEMORY;
}

void troth_events_finish(struct troth_events *events)
{
    for (size_t i = 0; i < events->count; i++)
        free((void *)events->rows[i].name.ptr);
    free(events->rows);
    *events = (struct troth_events){.rows = NULL};
}

/* Name and data in one piece, which the name's span owns. */
static bool duplicate(struct troth_event *out, const struct troth_event *event)
{
    const size_t name_len = event->name.len, data_len = event->data.len;
    uint8_t *bytes = malloc(name_len + data_len + 1);

    if (!bytes)
        return false;
    memcpy(bytes, event->name.ptr, name_len);
    if (data_len)
        memcpy(bytes + name_len, event->data.ptr, data_len);
    *out = (struct troth_event){{bytes, name_len}, {bytes + name_len, data_len}};
    return true;
}

enum troth_err troth_events_promise(struct troth_events *events,
                                    struct troth_event *out_copy,
                                    const struct troth_event *event)
{
    enum troth_err err = troth_event_check(event);

    *out_copy = (struct troth_event){{NULL, 0}, {NULL, 0}};
    if (err)
        return err;
    if (events->count + events->promised >= TROTH_EVENTS_MAX ||
        text_len(event) > TROTH_EVENT_LOG_MAX - events->text_len)
        return TROTH_ERR_LIMIT;
    if (!duplicate(out_copy, event))
        return TROTH_ERR_MEMORY;
    events->promised++;
    events->text_len += text_len(event);
    return TROTH_OK;
}

void troth_events_keep(struct troth_events *events, const struct troth_event *copy)
{
    events->promised--;
    events->rows[events->count++] = *copy;
    events->is_sealed |= is_boundary(copy);
}

void troth_events_drop(struct troth_events *events, struct troth_event *copy)
{
    if (!copy->name.ptr)
        return;
    events->promised--;
    events->text_len -= text_len(copy);
    free((void *)copy->name.ptr);
    *copy = (struct troth_event){{NULL, 0}, {NULL, 0}};
}

struct troth_event_log troth_events_log(const struct troth_events *events,
                                        const char *register_claim)
{
    return (struct troth_event_log){
        .target = troth_span_of_text(register_claim),
        .events = events->rows,
        .count = events->count,
    };
}

static enum troth_err take_all(struct troth_events *events,
                               const struct troth_event_log *log)
{
    for (size_t i = 0; i < log->count; i++) {
        struct troth_event kept;
        enum troth_err err = troth_events_promise(events, &kept, &log->events[i]);

        if (err)
            return err;
        troth_events_keep(events, &kept);
    }
    return TROTH_OK;
}

static int parse(struct troth_events *events, struct troth_span text,
                 const char *register_claim)
{
    uint8_t *memory = malloc(TROTH_EVENT_LOG_ARENA_SIZE);
    struct troth_arena arena = {memory, TROTH_EVENT_LOG_ARENA_SIZE, 0};
    struct troth_event_log log;
    int failed = memory ? 0 : ENOMEM;

    if (!failed &&
        (troth_event_log_parse(&log, NULL, text, &arena) ||
         !troth_span_is_text(log.target, register_claim) || take_all(events, &log)))
        failed = EBADMSG;
    free(memory);
    return failed;
}

int troth_events_load(struct troth_events *events, const char *path,
                      const char *register_claim)
{
    struct troth_file file;
    int failed = troth_file_read(&file, path, TROTH_EVENT_LOG_MAX);

    if (failed)
        return failed == ENOENT ? 0 : failed;
    failed = parse(events, (struct troth_span){file.bytes, file.len}, register_claim);
    troth_file_release(&file);
    return failed;
}

int troth_events_save(const struct troth_events *events, const char *path,
                      const char *register_claim)
{
    const struct troth_event_log log = troth_events_log(events, register_claim);
    uint8_t *text = malloc(TROTH_EVENT_LOG_MAX);
    size_t len = 0;
    int failed = text ? 0 : ENOMEM;

    if (!failed && troth_event_log_write(text, TROTH_EVENT_LOG_MAX, &len, &log))
        failed = EFBIG;
    if (!failed)
        failed = troth_file_write(path, (struct troth_span){text, len});
    free(text);
    return failed;
}
