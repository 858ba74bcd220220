/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/log.h"

#include "base/base64.h"
#include "base/fault.h"
#include "base/memory.h"
#include "base/span.h"
#include "tlog/checkpoint.h"
#include "tlog/lines.h"
#include "tlog/note_write.h"

#define VERSION_TEXT "c2sp.org/tlog-proof@v1"

/* The longest entry as base64. */
#define EXTRA_MAX (((size_t)TROTH_LOG_ENTRY_MAX + 2) / 3 * 4)

/* A bundle being read. */
struct reading {
    struct troth_span text;
    struct troth_span rest;
    struct troth_log_proof found;
    const char *field;
    size_t line_at;
};

static enum troth_err next_line(struct troth_span *out, struct reading *t,
                                const char *field)
{
    t->field = field;
    t->line_at = t->text.len - t->rest.len;
    return troth_line_next(out, &t->rest);
}

static enum troth_err read_version(struct reading *t)
{
    const struct troth_span family = TROTH_LITERAL("c2sp.org/tlog-proof@");
    struct troth_span line;
    const enum troth_err err = next_line(&line, t, "proof.version");

    if (err || troth_span_is_text(line, VERSION_TEXT))
        return err;
    return troth_span_starts_with(line, family) ? TROTH_ERR_VERSION : TROTH_ERR_VALUE;
}

static enum troth_err read_extra(struct reading *t, struct troth_span line)
{
    t->field = "proof.extra";
    t->found.extra = line;
    if (line.len > EXTRA_MAX)
        return TROTH_ERR_LIMIT;
    /* Where there is nothing to say, there is no such line. */
    return line.len > 0 ? troth_line_check_base64(line) : TROTH_ERR_VALUE;
}

/* And the line before it, which may be there. */
static enum troth_err read_index(struct reading *t)
{
    static const char field[] = "proof.index";
    struct troth_span line;
    enum troth_err err = next_line(&line, t, field);

    if (!err && troth_line_take_word(&line, "extra")) {
        err = read_extra(t, line);
        if (!err)
            err = next_line(&line, t, field);
    }
    if (!err && !troth_line_take_word(&line, "index"))
        err = TROTH_ERR_VALUE;
    return err ? err : troth_line_number(&t->found.index, line);
}

static enum troth_err read_path(struct reading *t)
{
    const enum troth_err err = troth_lines_path(&t->found.path, &t->rest);

    t->field = "proof.path";
    t->line_at = t->text.len - t->rest.len;
    return err;
}

static enum troth_err read_all(struct reading *t)
{
    enum troth_err err = t->text.len > TROTH_LOG_PROOF_MAX ? TROTH_ERR_LIMIT : TROTH_OK;

    if (!err)
        err = read_version(t);
    if (!err)
        err = read_index(t);
    if (!err)
        err = read_path(t);
    return err;
}

/* A note, wherever it stands in `text`: faults tell their place there. */
static enum troth_err check_note(struct troth_fault *fault, struct troth_span text,
                                 struct troth_span note)
{
    struct troth_note parsed;
    const enum troth_err err = troth_note_parse(&parsed, fault, note);

    if (err && fault)
        fault->offset += text.len - note.len;
    return err;
}

enum troth_err troth_log_proof_parse(struct troth_log_proof *out,
                                     struct troth_fault *fault, struct troth_span text)
{
    struct reading t = {.text = text, .rest = text, .field = "proof"};
    enum troth_err err = read_all(&t);

    memset(out, 0, sizeof *out);
    if (fault)
        *fault = (struct troth_fault){err, err ? t.field : NULL, t.line_at};
    if (!err)
        err = check_note(fault, text, t.rest);
    if (err)
        return err;
    if (fault)
        fault->offset = 0;
    *out = t.found;
    out->checkpoint = t.rest;
    return TROTH_OK;
}

enum troth_err troth_log_proof_entry(uint8_t *out, size_t room, size_t *out_len,
                                     const struct troth_log_proof *proof)
{
    enum troth_err err = TROTH_ERR_MISSING;

    *out_len = 0;
    if (proof->extra.len > 0)
        err = troth_base64_parse(out, room, out_len, proof->extra, TROTH_BASE64);
    return err == TROTH_ERR_VALUE ? TROTH_ERR_ENCODING : err;
}

/* The error of an inclusion, by what is wrong. */
static enum troth_err check_inclusion(struct troth_fault *fault,
                                      const struct troth_log_proof *proof,
                                      struct troth_span entry,
                                      const struct troth_checkpoint *checkpoint,
                                      const struct troth_crypto *crypto)
{
    struct troth_log_tree tree = {.size = checkpoint->size};
    struct troth_log_hash leaf;
    enum troth_err err = troth_log_leaf(&leaf, crypto, entry);

    if (err)
        return troth_fault_set(fault, err, "proof.entry");
    memcpy(tree.root.bytes, checkpoint->root, sizeof tree.root.bytes);
    err = troth_log_check_inclusion(crypto, proof->index, &leaf, &proof->path, &tree);
    if (!err)
        return TROTH_OK;
    return troth_fault_set(fault, err,
                           err == TROTH_ERR_VALUE ? "proof.index" : "proof.path");
}

enum troth_err troth_log_proof_verify(struct troth_checkpoint *out,
                                      struct troth_fault *fault,
                                      const struct troth_log_proof *proof,
                                      struct troth_span entry,
                                      const struct troth_witnesses *witnesses,
                                      const struct troth_crypto *crypto)
{
    enum troth_err err = troth_checkpoint_check(out, fault, proof->checkpoint, witnesses,
                                                crypto);

    if (!err)
        err = check_inclusion(fault, proof, entry, out, crypto);
    if (err)
        *out = (struct troth_checkpoint){0};
    return err;
}

enum troth_err troth_log_proof_write(struct troth_writer *w,
                                     const struct troth_log_proof *proof)
{
    if (proof->path.count > TROTH_LOG_PATH_MAX)
        return TROTH_ERR_LIMIT;
    troth_write_text(w, VERSION_TEXT "\n");
    if (proof->extra.len > 0) {
        troth_write_text(w, "extra ");
        troth_write_bytes(w, proof->extra);
        troth_write_u8(w, '\n');
    }
    troth_write_text(w, "index ");
    troth_write_decimal(w, proof->index);
    troth_write_u8(w, '\n');
    troth_lines_write_path(w, &proof->path);
    troth_write_bytes(w, proof->checkpoint);
    return w->full ? TROTH_ERR_LIMIT : TROTH_OK;
}
