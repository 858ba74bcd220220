/* SPDX-License-Identifier: Apache-2.0 */
#include "event_log/event.h"

#include "codec/json_writer.h"

static enum troth_err check(const struct troth_event_log *log)
{
    size_t boundaries = 0;

    if (!troth_event_name_is_valid(log->target))
        return TROTH_ERR_VALUE;
    if (log->target.len > TROTH_EVENT_NAME_MAX || log->count > TROTH_EVENTS_MAX)
        return TROTH_ERR_LIMIT;
    for (size_t i = 0; i < log->count; i++) {
        const enum troth_err err = troth_event_check(&log->events[i]);

        if (err)
            return err;
        boundaries += troth_event_is_boundary(&log->events[i]);
    }
    return boundaries > 1 ? TROTH_ERR_DUPLICATE : TROTH_OK;
}

static void write_event(struct troth_json_writer *w, const struct troth_event *event)
{
    troth_json_begin_object(w);
    troth_json_write_key(w, "name");
    troth_json_write_string(w, event->name);
    troth_json_write_key(w, "data");
    troth_json_write_hex(w, event->data);
    troth_json_end_object(w);
}

enum troth_err troth_event_log_write(uint8_t *out, size_t size, size_t *out_len,
                                     const struct troth_event_log *log)
{
    struct troth_writer bytes = troth_writer_over(
        out, size < TROTH_EVENT_LOG_MAX ? size : TROTH_EVENT_LOG_MAX);
    struct troth_json_writer w = troth_json_writer_over(&bytes, false);
    struct troth_span text;
    enum troth_err err = check(log);

    *out_len = 0;
    if (err)
        return err;
    troth_json_begin_object(&w);
    troth_json_write_key(&w, "register");
    troth_json_write_string(&w, log->target);
    troth_json_write_key(&w, "events");
    troth_json_begin_array(&w);
    for (size_t i = 0; i < log->count; i++)
        write_event(&w, &log->events[i]);
    troth_json_end_array(&w);
    troth_json_end_object(&w);
    err = troth_writer_finish(&bytes, &text);
    *out_len = err ? 0 : text.len;
    return err;
}
