/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_bundle.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/span.h"
#include "cli/log/log_complaint.h"
#include "tlog/note_write.h"

/* What every bundle begins with. [C2SP-PROOF] */
#define FIRST_WORDS TROTH_LITERAL("c2sp.org/tlog-proof@")

/* 4 characters for every 3 bytes. */
#define BASE64_ROOM(len) ((len) / 3 * 4 + 4)

bool troth_log_bundle_is_one(struct troth_span text)
{
    return troth_span_starts_with(text, FIRST_WORDS);
}

bool troth_log_bundle_parse(struct troth_log_bundle *out, struct troth_problem *problem,
                            struct troth_inputs *inputs, const char *subject,
                            struct troth_span text)
{
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    uint8_t *entry;
    size_t len = 0;

    *out = (struct troth_log_bundle){.text = text};
    if (troth_log_proof_parse(&out->proof, &fault, text))
        return troth_problem_fault(problem, subject, &fault);
    if (out->proof.extra.len == 0)
        return true;
    entry = troth_inputs_allocate(inputs, problem, TROTH_LOG_ENTRY_MAX);
    if (!entry)
        return false;
    fault = (struct troth_fault){
        troth_log_proof_entry(entry, TROTH_LOG_ENTRY_MAX, &len, &out->proof),
        "proof.extra", 0};
    out->entry = (struct troth_span){entry, len};
    out->has_entry = fault.err == TROTH_OK;
    return out->has_entry || troth_problem_fault(problem, subject, &fault);
}

/* ---- a log ---- */

static bool learn_trust(struct troth_log_reading *r, struct troth_problem *problem,
                        const struct troth_log_where *where)
{
    r->trust.log = where->log;
    r->trust.witnesses = where->witnesses;
    if (!troth_log_trust_read(&r->trust, problem, r->inputs, r->crypto))
        return false;
    if (r->source.is_remote)
        return true;
    if (!troth_log_home_read(&r->home, problem, r->crypto, where->place))
        return false;
    if (!r->trust.is_known)
        troth_log_trust_home(&r->trust, &r->home);
    return true;
}

/* Another checkpoint than the latest may be a bundle's, too. */
static bool read_named(struct troth_log_reading *r, struct troth_problem *problem,
                       const char *path)
{
    struct troth_log_bundle bundle;

    if (!troth_inputs_read(r->inputs, problem, &r->note, path, TROTH_LOG_PROOF_MAX))
        return false;
    if (!troth_log_bundle_is_one(r->note))
        return true;
    if (!troth_log_bundle_parse(&bundle, problem, r->inputs, troth_inputs_name(path),
                                r->note))
        return false;
    r->note = bundle.proof.checkpoint;
    return true;
}

static bool read_note(struct troth_log_reading *r, struct troth_problem *problem,
                      const char *named)
{
    const char *subject = named ? troth_inputs_name(named) : "the checkpoint";

    if (named) {
        if (!read_named(r, problem, named))
            return false;
    } else {
        if (!troth_log_source_checkpoint(&r->shown, problem, &r->source))
            return false;
        r->note = (struct troth_span){r->shown.bytes, r->shown.len};
    }
    return troth_log_sight_take(&r->sight, problem, subject, r->note, &r->trust,
                                r->crypto);
}

bool troth_log_reading_open(struct troth_log_reading *out, struct troth_problem *problem,
                            struct troth_inputs *inputs,
                            const struct troth_crypto *crypto,
                            const struct troth_log_where *where)
{
    memset(out, 0, sizeof *out);
    out->inputs = inputs;
    out->crypto = crypto;
    if (!troth_log_source_open(&out->source, problem, where->place, where->ca) ||
        !learn_trust(out, problem, where) || !read_note(out, problem, where->checkpoint))
        return false;
    if (troth_log_reader_create(&out->reader, &out->source.place, crypto))
        return troth_problem_memory(problem);
    return true;
}

void troth_log_reading_close(struct troth_log_reading *reading)
{
    troth_log_reader_destroy(reading->reader);
    troth_file_release(&reading->shown);
    troth_log_home_release(&reading->home);
    troth_log_source_close(&reading->source);
    memset(reading, 0, sizeof *reading);
}

static bool is_within(struct troth_problem *problem,
                      const struct troth_log_reading *reading, uint64_t index)
{
    if (index < reading->sight.tree.size)
        return true;
    (void)troth_problem_usage(problem, "no entry %" PRIu64 ": the tree has %" PRIu64,
                              index, reading->sight.tree.size);
    troth_problem_hint(problem,
                       "the first is 0; one that was appended is in the tree once "
                       "the log has shown its next checkpoint");
    return false;
}

/* The reader's bytes, kept with the inputs. */
static bool keep(struct troth_span *out, struct troth_problem *problem,
                 struct troth_inputs *inputs, struct troth_file *file)
{
    uint8_t *bytes = troth_inputs_allocate(inputs, problem, file->len);

    if (bytes && file->len > 0)
        memcpy(bytes, file->bytes, file->len);
    *out = (struct troth_span){bytes, bytes ? file->len : 0};
    troth_file_release(file);
    return bytes != NULL;
}

bool troth_log_reading_entry(struct troth_span *out, struct troth_problem *problem,
                             struct troth_log_reading *reading, uint64_t index)
{
    struct troth_log_problem why = {0};
    struct troth_file file;

    *out = (struct troth_span){NULL, 0};
    if (!is_within(problem, reading, index))
        return false;
    if (troth_log_reader_entry(reading->reader, &why, &file, index, &reading->sight.tree))
        return troth_log_complain(problem, reading->source.name, &why);
    return keep(out, problem, reading->inputs, &file);
}

static bool write_bundle(struct troth_log_bundle *out, struct troth_problem *problem,
                         struct troth_log_reading *reading, struct troth_log_proof *proof,
                         struct troth_span entry)
{
    const size_t room = BASE64_ROOM(entry.len);
    uint8_t *extra = troth_inputs_allocate(reading->inputs, problem, room);
    uint8_t *text = troth_inputs_allocate(reading->inputs, problem, TROTH_LOG_PROOF_MAX);
    struct troth_writer encoded = troth_writer_over(extra, extra ? room : 0);
    struct troth_writer w = troth_writer_over(text, text ? TROTH_LOG_PROOF_MAX : 0);
    struct troth_fault fault = {TROTH_OK, "proof", 0};

    if (!extra || !text)
        return false;
    troth_base64_write(&encoded, entry, TROTH_BASE64);
    proof->extra = troth_writer_span(&encoded);
    fault.err = troth_log_proof_write(&w, proof);
    if (fault.err)
        return troth_problem_fault(problem, "the bundle", &fault);
    return troth_log_bundle_parse(out, problem, reading->inputs, "the bundle",
                                  troth_writer_span(&w));
}

/* As whoever gets it will. */
static bool check_bundle(struct troth_problem *problem,
                         const struct troth_log_bundle *bundle,
                         const struct troth_log_reading *reading, struct troth_span entry)
{
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    struct troth_checkpoint checkpoint;

    if (!reading->trust.is_known)
        return true; /* the reader has checked the hashes */
    if (troth_log_proof_verify(&checkpoint, &fault, &bundle->proof, entry,
                               &reading->trust.set, reading->crypto))
        return troth_problem_fault(problem, "the bundle", &fault);
    return true;
}

bool troth_log_bundle_make(struct troth_log_bundle *out, struct troth_problem *problem,
                           struct troth_log_reading *reading, uint64_t index)
{
    struct troth_log_proof proof = {.index = index, .checkpoint = reading->note};
    struct troth_log_problem why = {0};
    struct troth_span entry;

    if (!troth_log_reading_entry(&entry, problem, reading, index))
        return false;
    if (troth_log_reader_inclusion(reading->reader, &why, &proof.path, index,
                                   &reading->sight.tree))
        return troth_log_complain(problem, reading->source.name, &why);
    return write_bundle(out, problem, reading, &proof, entry) &&
           check_bundle(problem, out, reading, entry);
}
