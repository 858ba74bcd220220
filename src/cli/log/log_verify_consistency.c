/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_verify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "cli/log/log_complaint.h"
#include "cli/log/log_page.h"
#include "cli/status.h"

/* The words of log/reader.c for trees that contradict each other, where the tiles do make
 * the newer one. */
#define CONTRADICTION "the older tree is not the beginning"

/* Two checkpoints, the smaller one first. */
struct pair {
    const struct troth_log_verifying *v;
    struct troth_log_sight sights[2];
    const struct troth_log_sight *older, *newer;
};

static bool read_sight(struct troth_log_sight *out, struct troth_log_verifying *v,
                       const char *path)
{
    struct troth_log_bundle bundle;
    struct troth_span note;

    if (!troth_inputs_read(&v->inputs, &v->problem, &note, path, TROTH_LOG_PROOF_MAX))
        return false;
    if (troth_log_bundle_is_one(note)) {
        if (!troth_log_bundle_parse(&bundle, &v->problem, &v->inputs,
                                    troth_inputs_name(path), note))
            return false;
        note = bundle.proof.checkpoint;
    }

    struct troth_fault fault = {TROTH_OK, NULL, 0};
    const enum troth_err err = troth_log_sight_parse(out, &fault, note);

    if (err || troth_log_sight_verify(out, &fault, note, &v->trust.set, &v->crypto)) {
        if (err || !troth_log_sight_refuses(&fault))
            return troth_problem_fault(&v->problem, troth_inputs_name(path), &fault);
        v->why = troth_log_refusal(&fault);
    }
    return true;
}

static bool is_same_root(const struct pair *pair)
{
    return troth_span_equal(
        (struct troth_span)TROTH_ARRAY_SPAN(pair->older->tree.root.bytes),
        (struct troth_span)TROTH_ARRAY_SPAN(pair->newer->tree.root.bytes));
}

/* With the hashes that the log gives, which need not be believed. */
static bool compare(struct troth_log_verifying *v, const struct pair *pair,
                    const struct troth_log_source *source)
{
    struct troth_log_problem why = {0};
    struct troth_log_path path;
    struct troth_log_reader *reader;
    int failed;

    if (pair->older->tree.size == pair->newer->tree.size) {
        if (!is_same_root(pair))
            v->why = "two trees of one size: the log has shown different ones";
        return true;
    }
    if (troth_log_reader_create(&reader, &source->place, &v->crypto))
        return troth_problem_memory(&v->problem);
    failed = troth_log_reader_consistency(reader, &why, &path, &pair->older->tree,
                                          &pair->newer->tree);
    troth_log_reader_destroy(reader);
    if (failed == EBADMSG &&
        strncmp(why.text, CONTRADICTION, sizeof CONTRADICTION - 1) == 0)
        v->why = "the older tree is not the beginning of the newer one";
    else if (failed)
        return troth_log_complain(&v->problem, source->name, &why);
    return true;
}

/* Whom a folder's own log.json trusts, where the command line names nobody. */
static bool settle_trust(struct troth_log_verifying *v, struct troth_log_home *home)
{
    if (v->trust.is_known)
        return true;
    if (troth_log_is_url(v->words[2]))
        return troth_log_trust_missing(&v->problem);
    if (!troth_log_home_read(home, &v->problem, &v->crypto, v->words[2]))
        return false;
    troth_log_trust_home(&v->trust, home);
    return true;
}

static bool judge(struct troth_log_verifying *v, struct pair *pair)
{
    struct troth_log_source source;
    bool fine;

    for (size_t i = 0; i < 2 && !v->why; i++)
        if (!read_sight(&pair->sights[i], v, v->words[i]))
            return false;
    if (v->why)
        return true;

    const bool is_in_order = pair->sights[0].tree.size <= pair->sights[1].tree.size;

    pair->older = &pair->sights[is_in_order ? 0 : 1];
    pair->newer = &pair->sights[is_in_order ? 1 : 0];
    fine = troth_log_source_open(&source, &v->problem, v->words[2], v->ca) &&
           compare(v, pair, &source);
    troth_log_source_close(&source);
    return fine;
}

static void write_tree(struct troth_json_writer *w, const char *key,
                       const struct troth_log_sight *sight)
{
    troth_json_write_key(w, key);
    if (!sight) {
        troth_json_write_null(w);
        return;
    }
    troth_json_begin_object(w);
    troth_log_sight_json(w, sight);
    troth_json_end_object(w);
}

static void write_json(struct troth_json_writer *w, const void *state)
{
    const struct pair *pair = state;

    troth_log_verify_json(w, pair->v);
    write_tree(w, "older", pair->older);
    write_tree(w, "newer", pair->newer);
}

static int print(struct troth_log_verifying *v, const struct pair *pair)
{
    struct troth_page page = troth_page_of_output();
    char text[96];
    int status;

    if (v->json) {
        if (!troth_log_json_print(&v->problem, write_json, pair))
            return TROTH_STATUS_UNDETERMINED;
        return v->why ? TROTH_STATUS_NO : TROTH_STATUS_YES;
    }
    status = troth_log_verify_conclude(&page, v,
                                       "the log has only grown between the two");
    if (pair->older) {
        (void)snprintf(text, sizeof text, "%" PRIu64 " and %" PRIu64 " entries",
                       pair->older->tree.size, pair->newer->tree.size);
        troth_log_page_text(&page, "sizes", text);
    }
    return status;
}

int troth_log_verify_consistency(struct troth_log_verifying *v)
{
    struct troth_log_home home = {.folder = NULL};
    struct pair pair = {.v = v};
    int status = TROTH_STATUS_UNDETERMINED;

    if (settle_trust(v, &home) && judge(v, &pair))
        status = print(v, &pair);
    troth_log_home_release(&home);
    return status;
}
