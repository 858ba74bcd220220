/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/witnessing.h"

#include "base/fault.h"
#include "base/memory.h"
#include "base/span.h"
#include "tlog/checkpoint.h"
#include "tlog/lines.h"
#include "tlog/merkle.h"
#include "tlog/note_verify.h"

#define OLD_FIELD "request.old"

/* What stands before the checkpoint; `rest` is that then, or begins where it is wrong. */
static enum troth_err parse_head(struct troth_witness_request *out, const char **field,
                                 struct troth_span *rest)
{
    struct troth_span behind = *rest;
    struct troth_span line;
    enum troth_err err = troth_line_next(&line, &behind);

    *field = OLD_FIELD;
    if (!err && !troth_line_take_word(&line, "old"))
        err = TROTH_ERR_VALUE;
    if (!err)
        err = troth_line_number(&out->old_size, line);
    if (err)
        return err;
    *field = "request.path";
    *rest = behind;
    return troth_lines_path(&out->path, rest);
}

static enum troth_err parse_checkpoint(struct troth_checkpoint *out,
                                       struct troth_note *note, struct troth_fault *fault,
                                       struct troth_span bytes)
{
    enum troth_err err = troth_note_parse(note, fault, bytes);

    *out = (struct troth_checkpoint){0};
    return err ? err : troth_checkpoint_parse(out, fault, note->text);
}

enum troth_err troth_witness_request_parse(struct troth_witness_request *out,
                                           struct troth_fault *fault,
                                           struct troth_span body)
{
    struct troth_witness_request found = {0};
    struct troth_span rest = body;
    struct troth_checkpoint checkpoint;
    struct troth_note note;
    const char *field = "request";
    enum troth_err err = body.len > TROTH_WITNESS_REQUEST_MAX
                             ? TROTH_ERR_LIMIT
                             : parse_head(&found, &field, &rest);

    memset(out, 0, sizeof *out);
    if (fault)
        *fault = (struct troth_fault){err, err ? field : NULL, 0};
    if (err) {
        if (fault)
            fault->offset = body.len - rest.len;
        return err;
    }
    err = parse_checkpoint(&checkpoint, &note, fault, rest);
    if (err && fault)
        fault->offset += body.len - rest.len;
    if (err)
        return err;
    *out = found;
    out->checkpoint = rest;
    out->origin = checkpoint.origin;
    return TROTH_OK;
}

enum troth_err troth_witness_request_write(struct troth_writer *w,
                                           const struct troth_witness_request *request)
{
    if (request->path.count > TROTH_LOG_PATH_MAX)
        return TROTH_ERR_LIMIT;
    troth_write_text(w, "old ");
    troth_write_decimal(w, request->old_size);
    troth_write_u8(w, '\n');
    troth_lines_write_path(w, &request->path);
    troth_write_bytes(w, request->checkpoint);
    return w->full ? TROTH_ERR_LIMIT : TROTH_OK;
}

/* A checkpoint under judgement. */
struct hearing {
    struct troth_witness_decision *out;
    const struct troth_witness_request *request;
    const struct troth_watched_log *log;
    const struct troth_crypto *crypto;
    struct troth_note note;
};

static bool refuse(struct hearing *h, enum troth_witness_status status,
                   enum troth_err err, const char *field)
{
    h->out->status = status;
    /* Nobody sent what makes a library fail. */
    if (err == TROTH_ERR_CRYPTO || err == TROTH_ERR_MEMORY)
        h->out->status = TROTH_WITNESS_FAILED;
    (void)troth_fault_set(&h->out->fault, err, field);
    return false;
}

static bool find_log(struct hearing *h)
{
    return h->log && troth_span_equal(h->log->origin, h->request->origin)
               ? true
               : refuse(h, TROTH_WITNESS_UNKNOWN, TROTH_ERR_MISSING, "checkpoint.origin");
}

/* The request was read before; here it is for its parts. */
static bool read_checkpoint(struct hearing *h)
{
    struct troth_checkpoint found;
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    enum troth_err err = parse_checkpoint(&found, &h->note, &fault,
                                          h->request->checkpoint);

    if (!err && !troth_span_equal(found.origin, h->request->origin))
        err = troth_fault_set(&fault, TROTH_ERR_VALUE, "checkpoint.origin");
    if (err)
        return refuse(h, TROTH_WITNESS_MALFORMED, err, fault.field);
    h->out->text = h->note.text;
    h->out->tree.size = found.size;
    memcpy(h->out->tree.root.bytes, found.root, sizeof found.root);
    return true;
}

static bool is_by_the_log(struct hearing *h)
{
    struct troth_note_key key = {.name = h->log->log_name, .type = TROTH_NOTE_ED25519};
    struct troth_note_word word;

    if (key.name.len == 0)
        key.name = h->log->origin;
    memcpy(key.bytes, h->log->log_key, sizeof key.bytes);

    const enum troth_err err = troth_note_verify(&word, h->crypto, &h->note, &key);

    if (err)
        return refuse(h, TROTH_WITNESS_UNTRUSTED, err, "checkpoint.log_signature");
    h->out->log_line = word.line;
    return true;
}

static bool is_in_order(struct hearing *h)
{
    if (h->request->old_size > h->out->tree.size)
        return refuse(h, TROTH_WITNESS_MALFORMED, TROTH_ERR_VALUE, OLD_FIELD);
    if (h->request->old_size != h->log->seen.size)
        return refuse(h, TROTH_WITNESS_CONFLICT, TROTH_ERR_MISMATCH, OLD_FIELD);
    return true;
}

/* An empty tree is the beginning of each, and has one root; what was kept of it before
 * there was any checkpoint is nothing. */
static bool is_grown(struct hearing *h)
{
    struct troth_log_tree older = h->log->seen;
    enum troth_err err = older.size == 0 ? troth_merkle_empty(&older.root, h->crypto)
                                         : TROTH_OK;

    if (!err)
        err = troth_log_check_consistency(h->crypto, &older, &h->request->path,
                                          &h->out->tree);
    return err ? refuse(h, TROTH_WITNESS_INCONSISTENT, err, "request.path") : true;
}

void troth_witness_decide(struct troth_witness_decision *out,
                          const struct troth_witness_request *request,
                          const struct troth_watched_log *log,
                          const struct troth_crypto *crypto)
{
    struct hearing h = {.out = out, .request = request, .log = log, .crypto = crypto};

    *out = (struct troth_witness_decision){0};
    if (find_log(&h) && read_checkpoint(&h) && is_by_the_log(&h) && is_in_order(&h) &&
        is_grown(&h)) {
        out->status = TROTH_WITNESS_COSIGN;
        return;
    }
    /* Nothing is left to sign by mistake. */
    *out = (struct troth_witness_decision){.status = out->status, .fault = out->fault};
}
