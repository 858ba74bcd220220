/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as what a monitor remembers. */
#include <stdlib.h>

#include "base/span.h"
#include "base/writer.h"
#include "cli/log/follow_state.h"
#include "tlog/checkpoint.h"
#include "tlog/note.h"

/* A state that is good. */
#define HEAD "troth-log-monitor/1\n"
#define TEXT "l\n0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
#define LINE "\xe2\x80\x94 l AAAAAAAA\n"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* What is taken is a head of ours and a note of a checkpoint, and nothing else is. */
static void check(struct troth_span text)
{
    struct troth_fault fault;
    struct troth_span note;
    struct troth_note parsed;
    struct troth_checkpoint checkpoint;
    const enum troth_err err = troth_follow_state_parse(&note, &fault, text);

    require(fault.err == err);
    if (err) {
        require(!note.ptr && fault.field);
        return;
    }
    require(troth_span_starts_with(text, TROTH_LITERAL(HEAD)) &&
            note.len + sizeof HEAD - 1 == text.len && note.ptr > text.ptr);
    require(!troth_note_parse(&parsed, NULL, note) &&
            !troth_checkpoint_parse(&checkpoint, NULL, parsed.text));
}

static void check_between(const char *before, struct troth_span bytes, const char *after)
{
    static uint8_t room[TROTH_FOLLOW_STATE_MAX];
    struct troth_writer w = troth_writer_over(room, sizeof room);

    troth_write_text(&w, before);
    troth_write_bytes(&w, bytes);
    troth_write_text(&w, after);
    if (!w.full)
        check(troth_writer_span(&w));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct troth_span bytes = {data, size};

    check(bytes);
    check_between(HEAD, bytes, "");
    check_between(HEAD, bytes, "\n" LINE);
    check_between(HEAD TEXT, bytes, LINE);
    check_between(HEAD TEXT "\n" LINE, bytes, "");
    return 0;
}
