/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_private.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/hex.h"
#include "base/span.h"
#include "base/wipe.h"
#include "cli/log/log_complaint.h"
#include "provider/seal_epoch.h"

static bool read_value(struct troth_log_private *p, struct troth_problem *problem,
                       struct troth_record_secret *row, const char *raw)
{
    struct troth_secret_file *file = &p->files[p->count];
    const char *path;
    int failed;

    if (row->value.len == 0 || row->value.ptr[0] != '@')
        return true;
    path = raw + (row->value.ptr - (const uint8_t *)raw) + 1;
    failed = troth_secret_file_read(file, path);
    row->value = (struct troth_span){file->bytes, file->len};
    return !failed || troth_log_complain_key(problem, path, failed);
}

/* Rows stay sorted; files need not be. */
static void insert(struct troth_log_private *p, const struct troth_record_secret *row)
{
    size_t at = p->count++;

    for (; at > 0 && troth_span_compare(p->rows[at - 1].name, row->name) > 0; at--)
        p->rows[at] = p->rows[at - 1];
    p->rows[at] = *row;
}

static bool take(struct troth_log_private *p, struct troth_problem *problem,
                 struct troth_record_secret *row, const char *raw)
{
    row->value = troth_span_of_text(raw);
    row->name = troth_span_next_item(&row->value, '=');
    if (row->name.len == strlen(raw))
        return troth_problem_usage(problem, "--private: '%s' is no NAME=VALUE", raw);
    if (!read_value(p, problem, row, raw))
        return false;
    if (row->value.len > TROTH_RECORD_VALUE_MAX)
        return troth_problem_usage(problem, "--private %.*s: longer than %zu bytes",
                                   (int)row->name.len, (const char *)row->name.ptr,
                                   TROTH_RECORD_VALUE_MAX);
    if (getrandom(row->salt, sizeof row->salt, 0) != (ssize_t)sizeof row->salt)
        return troth_problem_usage(problem, "the system gives no random numbers");
    insert(p, row);
    return true;
}

static bool read_tag_key(struct troth_log_private *p, struct troth_problem *problem,
                         const char *path)
{
    struct troth_secret_file file;
    const int failed = troth_secret_file_read(&file, path);
    struct troth_span text = {file.bytes, file.len};
    enum troth_err err = TROTH_ERR_VALUE;
    size_t len = 0;

    if (failed)
        return troth_log_complain_key(problem, path, failed);
    if (text.len > 0 && text.ptr[text.len - 1] == '\n')
        text.len--;
    if (text.len == 2 * sizeof p->tag_key)
        err = troth_hex_parse(p->tag_key, sizeof p->tag_key, &len, text);
    troth_secret_file_release(&file);
    if (!err)
        return true;
    (void)troth_problem_usage(problem, "'%s' is no key for tags: 32 bytes in hex", path);
    troth_problem_hint(problem, "(umask 077; openssl rand -hex 32 > tag.key)");
    return false;
}

bool troth_log_private_read(struct troth_log_private *out, struct troth_problem *problem,
                            const struct troth_log_draft_order *order,
                            struct troth_span origin,
                            const uint8_t id[static TROTH_RECORD_ID_SIZE])
{
    out->order = order;
    for (size_t i = 0; i < order->private_count; i++) {
        struct troth_record_secret row = {.origin = origin};
        bool fine;

        memcpy(row.id, id, TROTH_RECORD_ID_SIZE);
        fine = take(out, problem, &row, order->privates[i]);
        troth_wipe(&row, sizeof row);
        if (!fine)
            return false;
    }
    return !order->tag_key || read_tag_key(out, problem, order->tag_key);
}

static const struct troth_record_secret *find(const struct troth_log_private *p,
                                              struct troth_span name)
{
    for (size_t i = 0; i < p->count; i++)
        if (troth_span_equal(p->rows[i].name, name))
            return &p->rows[i];
    return NULL;
}

static void insert_mark(struct troth_record_mark *marks, size_t count,
                        const struct troth_record_mark *mark)
{
    size_t at = count;

    for (; at > 0 && troth_span_compare(marks[at - 1].name, mark->name) > 0; at--)
        marks[at] = marks[at - 1];
    marks[at] = *mark;
}

static bool tag(struct troth_record *out, const struct troth_log_private *p,
                struct troth_problem *problem, const struct troth_crypto *crypto,
                const char *name)
{
    const struct troth_record_secret *row = find(p, troth_span_of_text(name));
    struct troth_fault fault = {TROTH_OK, "record.tags", 0};
    struct troth_record_mark mark;

    if (!row) {
        (void)troth_problem_usage(problem, "--tag: no --private is called '%s'", name);
        troth_problem_hint(problem, "fields can be searched as they are");
        return false;
    }
    memset(&mark, 0, sizeof mark);
    mark.name = row->name;
    fault.err = troth_record_tag(mark.bytes, crypto, p->tag_key, row->origin, row->name,
                                 row->value);
    if (fault.err)
        return troth_problem_fault(problem, "--tag", &fault);
    insert_mark(out->tags, out->tag_count++, &mark);
    return true;
}

bool troth_log_private_mark(struct troth_record *out,
                            const struct troth_log_private *private,
                            struct troth_problem *problem,
                            const struct troth_crypto *crypto)
{
    for (size_t i = 0; i < private->count; i++) {
        struct troth_record_mark *mark = &out->commitments[out->commitment_count++];
        const struct troth_fault fault = {
            troth_record_commit(mark->bytes, crypto, &private->rows[i]),
            "record.commitments", 0};

        mark->name = private->rows[i].name;
        if (fault.err)
            return troth_problem_fault(problem, "--private", &fault);
    }
    for (size_t i = 0; i < private->order->tag_count; i++)
        if (!tag(out, private, problem, crypto, private->order->tags[i]))
            return false;
    return true;
}

static bool open_epoch(struct troth_seal_epoch *out, const struct troth_log_private *p,
                       struct troth_problem *problem, struct troth_inputs *inputs,
                       const struct troth_crypto *crypto)
{
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    struct troth_span pem;

    if (!troth_inputs_read(inputs, problem, &pem, p->order->auditor, TROTH_SECRET_MAX))
        return false;
    fault.err = troth_seal_epoch_make(out, crypto, pem);
    if (fault.err != TROTH_ERR_KEY)
        return !fault.err || troth_problem_fault(problem, p->order->auditor, &fault);
    (void)troth_problem_usage(problem, "--auditor: '%s' is no X25519 public key in PEM",
                              p->order->auditor);
    troth_problem_hint(problem, "openssl genpkey -algorithm x25519 -out auditor.pem; "
                                "openssl pkey -in auditor.pem -pubout");
    return false;
}

bool troth_log_private_seal(struct troth_span *out,
                            const struct troth_log_private *private,
                            struct troth_problem *problem, struct troth_inputs *inputs,
                            const struct troth_crypto *crypto)
{
    struct troth_fault fault = {TROTH_OK, "sealed", 0};
    struct troth_seal_epoch epoch;
    uint8_t *room;
    size_t len = 0;

    *out = (struct troth_span){NULL, 0};
    if (private->count == 0)
        return true;
    room = troth_inputs_allocate(inputs, problem, TROTH_SEALED_MAX);
    if (!room || !open_epoch(&epoch, private, problem, inputs, crypto))
        return false;
    fault.err = troth_record_seal(room, TROTH_SEALED_MAX, &len, crypto, &epoch,
                                  private->rows, private->count);
    troth_wipe(&epoch, sizeof epoch);
    *out = (struct troth_span){room, len};
    return !fault.err || troth_problem_fault(problem, "--private", &fault);
}

void troth_log_private_wipe(struct troth_log_private *private)
{
    for (size_t i = 0; i < TROTH_RECORD_PRIVATE_MAX; i++)
        troth_secret_file_release(&private->files[i]);
    troth_wipe(private, sizeof *private);
}
