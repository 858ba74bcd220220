/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a signed note, and as a set of witnesses. */
#include <stdlib.h>

#include "base/span.h"
#include "base/writer.h"
#include "fuzz/any_crypto.h"
#include "tlog/checkpoint.h"
#include "tlog/note.h"
#include "troth/provider.h"

/* A note that is good, by these rules. */
#define TEXT                                                                             \
    "l\n0\n"                                                                             \
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
#define LINES                                                                            \
    "\xe2\x80\x94 l "                                                                    \
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"                       \
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"                                                 \
    "\xe2\x80\x94 w "                                                                    \
    "AAAAAAAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"                       \
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==\n"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static const struct troth_crypto crypto = {&any_ops, NULL};

/* A text, an empty line, and lines: nothing of a note is lost or read twice. */
static void check_parts(const struct troth_note *note, struct troth_span bytes)
{
    size_t at = note->text.len + 1;

    require(note->text.ptr == bytes.ptr && !troth_note_text_check(note->text));
    for (size_t i = 0; i < note->count; i++) {
        require(note->rows[i].line.ptr == bytes.ptr + at);
        at += note->rows[i].line.len;
    }
    require(at == bytes.len);
}

/* Of a tree: whom nobody needs makes nothing worse. */
static void check_tree(enum troth_err verified, struct troth_span bytes,
                       struct troth_witnesses witnesses)
{
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    struct troth_checkpoint found;

    witnesses.needed = 0;
    const enum troth_err err = troth_checkpoint_check(&found, &fault, bytes, &witnesses,
                                                      &crypto);

    require(!err || (fault.field && verified && found.origin.len == 0));
    require(err || (found.witnessed_s == 0 && found.origin.len > 0));
}

static void check_note(struct troth_span bytes)
{
    struct troth_witness rows[2] = {{.name = TROTH_LITERAL("w"), .key = {1}},
                                    {.name = TROTH_LITERAL("v"), .key = {2}}};
    const struct troth_witnesses witnesses = {
        .origin = TROTH_LITERAL("l"), .rows = rows, .count = 2, .needed = 1};
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    struct troth_checkpoint found;
    struct troth_note note;
    enum troth_err err = troth_note_parse(&note, &fault, bytes);

    require(!err == (note.count > 0));
    require(!err || fault.field);
    if (!err)
        check_parts(&note, bytes);
    err = troth_checkpoint_verify(&found, &fault, bytes, &witnesses, &crypto);
    require(!err || (fault.field && found.witnessed_s == 0 && found.origin.len == 0));
    require(err || (found.witnessed_s > 0 && note.count > 1));
    require(err || bytes.len <= TROTH_CHECKPOINT_MAX);
    check_tree(err, bytes, witnesses);
}

static void check_witnesses(struct troth_span text)
{
    static uint8_t memory[16 * 1024];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    struct troth_witnesses found;
    const enum troth_err err = troth_witnesses_from_json(&found, &fault, text, &crypto,
                                                         &arena);

    require(!err || (fault.field && found.count == 0));
    require(err || (found.needed > 0 && found.needed <= found.count &&
                    found.count <= TROTH_WITNESSES_MAX));
}

/* The bytes between two others, as a note. */
static void check_between(const char *before, struct troth_span bytes, const char *after)
{
    static uint8_t room[3 * TROTH_CHECKPOINT_MAX];
    struct troth_writer w = troth_writer_over(room, sizeof room);

    troth_write_text(&w, before);
    troth_write_bytes(&w, bytes);
    troth_write_text(&w, after);
    if (!w.full)
        check_note(troth_writer_span(&w));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_between(TEXT "\n" LINES, (struct troth_span){data, size}, "");
    check_between(TEXT, (struct troth_span){data, size}, "\n" LINES);
    check_between("", (struct troth_span){data, size}, "\n\n" LINES);
    check_note((struct troth_span){data, size});
    check_witnesses((struct troth_span){data, size});
    return 0;
}
