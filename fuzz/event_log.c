/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as an event log; what is read is written and read again. */
#include <stdlib.h>

#include "base/span.h"
#include "troth/event_log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void require_equal(const struct troth_event_log *a,
                          const struct troth_event_log *b)
{
    require(troth_span_equal(a->target, b->target));
    require(a->count == b->count && a->counted == b->counted);
    require(a->is_sealed == b->is_sealed);
    for (size_t i = 0; i < a->count; i++) {
        require(troth_span_equal(a->events[i].name, b->events[i].name));
        require(troth_span_equal(a->events[i].data, b->events[i].data));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t first[TROTH_EVENT_LOG_ARENA_SIZE], second[TROTH_EVENT_LOG_ARENA_SIZE];
    static uint8_t text[TROTH_EVENT_LOG_MAX];
    struct troth_arena arena = TROTH_ARENA_OVER(first);
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    struct troth_event_log log, again;
    size_t len = 0;
    const enum troth_err err = troth_event_log_parse(
        &log, &fault, (struct troth_span){data, size}, &arena);

    require(err != TROTH_ERR_MEMORY && fault.err == err);
    require(!err || (fault.field && log.count == 0));
    if (err)
        return 0;
    require(log.counted <= log.count && log.count <= TROTH_EVENTS_MAX);
    require(!log.is_sealed ||
            troth_span_is_text(log.events[log.counted].name, TROTH_EVENT_BOUNDARY));
    require(troth_event_log_write(text, sizeof text, &len, &log) == TROTH_OK);
    require(len <= size);
    arena = TROTH_ARENA_OVER(second);
    require(troth_event_log_parse(&again, &fault, (struct troth_span){text, len},
                                  &arena) == TROTH_OK);
    require_equal(&log, &again);
    return 0;
}
