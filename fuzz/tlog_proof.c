/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a bundle: what is read is within them, and written again it is the same;
 * what is refused leaves nothing, and of what is verified all is in the checkpoint. */
#include <stdlib.h>

#include "base/span.h"
#include "fuzz/any_crypto.h"
#include "tlog/note_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* A checkpoint that is good, by these rules; of a tree of two. */
#define HASH "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
#define NOTE                                                                             \
    "l\n2\n" HASH "\n"                                                                   \
    "\xe2\x80\x94 l "                                                                    \
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"                       \
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
#define VERSION "c2sp.org/tlog-proof@v1\n"

static const struct troth_crypto crypto = {&any_ops, NULL};

static uint8_t entry[TROTH_LOG_ENTRY_MAX];
static uint8_t again[TROTH_LOG_PROOF_MAX];

static void judge(const struct troth_log_proof *proof, struct troth_span bytes)
{
    const struct troth_witnesses log = {.origin = TROTH_LITERAL("l")};
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    struct troth_checkpoint found;
    const enum troth_err err = troth_log_proof_verify(&found, &fault, proof, bytes, &log,
                                                      &crypto);

    require(!err || (fault.field && found.size == 0 && found.origin.len == 0));
    require(err || (proof->index < found.size && found.witnessed_s == 0));
}

static void check(struct troth_span text)
{
    struct troth_writer w = troth_writer_over(again, sizeof again);
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    struct troth_log_proof proof;
    size_t len;
    enum troth_err err = troth_log_proof_parse(&proof, &fault, text);

    require(fault.err == err && fault.offset <= text.len && !err == !fault.field);
    require(!err == (proof.checkpoint.len > 0));
    if (err)
        return;
    require(!troth_log_proof_write(&w, &proof));
    require(troth_span_equal(troth_writer_span(&w), text));
    err = troth_log_proof_entry(entry, sizeof entry, &len, &proof);
    require(proof.extra.len ? !err : err == TROTH_ERR_MISSING);
    judge(&proof, (struct troth_span){entry, len});
}

/* The bytes between two others, as a bundle. */
static void check_between(const char *before, struct troth_span bytes, const char *after)
{
    static uint8_t room[TROTH_LOG_PROOF_MAX + 1024];
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
    check_between(VERSION, bytes, "\n\n" NOTE);
    check_between(VERSION "index ", bytes, "\n\n" NOTE);
    check_between(VERSION "extra ", bytes, "\nindex 0\n" HASH "\n" NOTE);
    check_between(VERSION "index 0\n" HASH "\n", bytes, "");
    return 0;
}
