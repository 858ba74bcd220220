/* SPDX-License-Identifier: Apache-2.0 */
#include "init/cmdline.h"

#include "base/number.h"
#include "base/span.h"

#define OURS      "troth."
#define HEARTBEAT "troth.heartbeat="

static bool read_number(uint32_t *out, struct troth_span digits)
{
    uint64_t number;

    if (troth_uint_parse(&number, digits, 10) != TROTH_OK || number > UINT32_MAX)
        return false;
    *out = (uint32_t)number;
    return true;
}

static bool read_heartbeat(struct troth_init_heartbeat *out, struct troth_span value)
{
    if (troth_span_is_text(value, "off")) {
        *out = (struct troth_init_heartbeat){.is_off = true};
        return true;
    }

    const struct troth_span cid = troth_span_next_item(&value, ':');

    *out = (struct troth_init_heartbeat){.is_off = false};
    return read_number(&out->cid, cid) && read_number(&out->port, value);
}

static bool read_word(struct troth_init_heartbeat *out, struct troth_span word)
{
    const struct troth_span name = troth_span_of_text(HEARTBEAT);

    if (!troth_span_starts_with(word, troth_span_of_text(OURS)))
        return true;
    return troth_span_starts_with(word, name) &&
           read_heartbeat(out, troth_span_slice(word, name.len, word.len));
}

static bool is_space(uint8_t byte)
{
    return byte == ' ' || byte == '\n' || byte == '\t';
}

bool troth_init_cmdline_parse(struct troth_init_heartbeat *out,
                              struct troth_init_fault *fault, struct troth_span text)
{
    *out = (struct troth_init_heartbeat){.cid = TROTH_INIT_HEARTBEAT_CID,
                                         .port = TROTH_INIT_HEARTBEAT_PORT};
    for (size_t start = 0, end; start < text.len; start = end + 1) {
        for (end = start; end < text.len && !is_space(text.ptr[end]);)
            end++;

        const struct troth_span word = troth_span_slice(text, start, end);

        if (read_word(out, word))
            continue;
        *out = (struct troth_init_heartbeat){.is_off = false};
        return troth_init_fail(fault, "'%.*s' makes no sense", (int)word.len,
                               (const char *)word.ptr);
    }
    return true;
}
