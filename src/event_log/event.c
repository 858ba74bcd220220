/* SPDX-License-Identifier: Apache-2.0 */
#include "event_log/event.h"

#include "base/memory.h"
#include "base/span.h"
#include "base/writer.h"

#define LABEL    "troth/event/v1"
#define LP_SIZE  ((size_t)8)
#define REGISTER 48

static bool is_name_byte(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '.' || c == '_' || c == '-' || c == '/';
}

bool troth_event_name_is_valid(struct troth_span name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!is_name_byte(name.ptr[i]))
            return false;
    return name.len > 0;
}

bool troth_event_is_boundary(const struct troth_event *event)
{
    return troth_span_equal(event->name, TROTH_LITERAL(TROTH_EVENT_BOUNDARY));
}

enum troth_err troth_event_check(const struct troth_event *event)
{
    if (event->name.len > TROTH_EVENT_NAME_MAX || event->data.len > TROTH_EVENT_DATA_MAX)
        return TROTH_ERR_LIMIT;
    if (!troth_event_name_is_valid(event->name))
        return TROTH_ERR_VALUE;
    return troth_event_is_boundary(event) && event->data.len > 0 ? TROTH_ERR_VALUE
                                                                 : TROTH_OK;
}

enum troth_err troth_event_digest(uint8_t out[static REGISTER],
                                  const struct troth_crypto *crypto,
                                  const struct troth_event *event)
{
    uint8_t
        message[3 * LP_SIZE + sizeof LABEL + TROTH_EVENT_NAME_MAX + TROTH_EVENT_DATA_MAX];
    struct troth_writer w = troth_writer_over(message, sizeof message);
    enum troth_err err = troth_event_check(event);

    troth_write_lp(&w, TROTH_LITERAL(LABEL));
    troth_write_lp(&w, event->name);
    troth_write_lp(&w, event->data);
    if (!err)
        err = troth_digest(crypto, out, TROTH_SHA384, troth_writer_span(&w));
    if (err)
        memset(out, 0, REGISTER);
    return err;
}

enum troth_err troth_event_log_replay(uint8_t out[static REGISTER],
                                      const struct troth_crypto *crypto,
                                      const struct troth_event_log *log)
{
    uint8_t extended[2 * REGISTER] = {0};
    enum troth_err err = TROTH_OK;

    for (size_t i = 0; !err && i < log->count; i++) {
        err = troth_event_digest(extended + REGISTER, crypto, &log->events[i]);
        if (!err)
            err = troth_digest(crypto, out, TROTH_SHA384,
                               (struct troth_span)TROTH_ARRAY_SPAN(extended));
        if (!err)
            memcpy(extended, out, REGISTER);
    }
    if (err)
        memset(extended, 0, REGISTER);
    memcpy(out, extended, REGISTER);
    return err;
}
