/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_bundle.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/span.h"
#include "cli/help.h"
#include "cli/log/log_complaint.h"
#include "cli/log/log_page.h"
#include "cli/log/log_take.h"
#include "cli/log/log_verbs.h"
#include "cli/progress.h"
#include "cli/status.h"
#include "troth/provider.h"

struct session {
    struct troth_problem problem;
    struct troth_crypto crypto;
    struct troth_inputs inputs;
    struct troth_log_where where;
    struct troth_log_reading reading;
    struct troth_log_bundle bundle;
    const char *entry, *out;
    bool has_index, json;
    uint64_t index;
};

/* clang-format off */
TROTH_TAKE_NUMBER(index, "index", struct session, index)
TROTH_TAKE_TEXT(entry, struct session, entry)
TROTH_TAKE_TEXT(output, struct session, out)
TROTH_TAKE_TEXT(log, struct session, where.log)
TROTH_TAKE_TEXT(witnesses, struct session, where.witnesses)
TROTH_TAKE_TEXT(checkpoint, struct session, where.checkpoint)
TROTH_TAKE_TEXT(ca, struct session, where.ca)
TROTH_TAKE_FLAG(json, struct session, json)
/* clang-format on */

const struct troth_option troth_log_prove_options[] = {
    {"index", "N", "the entry of this index; the first is 0", false, take_index},
    {"entry", "FILE", "the latest entry with these bytes", false, take_entry},
    {"checkpoint", "FILE", "under this checkpoint, instead of the latest", false,
     take_checkpoint},
    {"log", "VKEY", TROTH_LOG_TRUST_LOG_DOES, false, take_log},
    {"witnesses", "FILE", TROTH_LOG_TRUST_WITNESSES_DOES, false, take_witnesses},
    {"ca", "FILE", "certificates to trust for the log's https address", false, take_ca},
    {"o", "FILE", "the bundle, instead of on standard output", false, take_output},
    {"json", NULL, "print it as JSON (docs/log.schema.json)", false, take_json},
    {"help", NULL, "print this", false, NULL},
    {NULL, NULL, NULL, false, NULL},
};

const char troth_log_prove_example[] =
    "troth log prove --index 5 -o release.tlog-proof log";

const char troth_log_prove_notes[] =
    "The bundle has the entry in it, the hashes from there to the root, and the\n"
    "checkpoint that signs the root: all that 'troth log verify' needs, without the\n"
    "log. It is verified before it is written; of a URL by the keys of --log or\n"
    "--witnesses, and where neither is given by its hashes alone.\n"
    "Status 1: no entry of the tree has these bytes.\n\n";

/* ---- an entry by its bytes: its leaf is looked for from the end ---- */

struct search {
    struct session *s;
    struct troth_log_hash leaf;
    struct troth_progress progress;
    bool found;
};

static bool search_tile(struct search *search, uint64_t number)
{
    struct session *s = search->s;
    const struct troth_log_place *place = &s->reading.source.place;
    const struct troth_tile tile = {
        .index = number,
        .width = troth_tile_width(0, number, s->reading.sight.tree.size)};
    struct troth_log_problem why = {0};
    struct troth_file bytes;

    if (place->tile(place->state, &why, &bytes, &tile))
        return troth_log_complain(&s->problem, s->reading.source.name, &why);
    for (size_t i = tile.width; !search->found && i > 0; i--) {
        const struct troth_span hash = troth_span_slice(
            (struct troth_span){bytes.bytes, bytes.len}, (i - 1) * TROTH_LOG_HASH_SIZE,
            i * TROTH_LOG_HASH_SIZE);

        search->found = troth_span_equal(
            hash, (struct troth_span)TROTH_ARRAY_SPAN(search->leaf.bytes));
        s->index = number * TROTH_TILE_WIDTH + i - 1;
    }
    troth_file_release(&bytes);
    return true;
}

static bool look_for(struct session *s, bool *found)
{
    struct search search = {.s = s, .progress = troth_progress_begin()};
    const struct troth_fault fault = {TROTH_ERR_LIMIT, NULL, 0};
    uint64_t tiles = s->reading.sight.tree.size / TROTH_TILE_WIDTH + 1;
    struct troth_span entry;
    char text[64];
    bool fine = true;

    if (!troth_inputs_read(&s->inputs, &s->problem, &entry, s->entry,
                           TROTH_LOG_ENTRY_MAX))
        return false;
    if (troth_log_leaf(&search.leaf, &s->crypto, entry))
        return troth_problem_fault(&s->problem, troth_inputs_name(s->entry), &fault);
    if (s->reading.sight.tree.size % TROTH_TILE_WIDTH == 0)
        tiles--;
    for (; fine && tiles > 0 && !search.found; tiles--) {
        (void)snprintf(text, sizeof text, "looking before entry %" PRIu64,
                       tiles * TROTH_TILE_WIDTH);
        troth_progress_tell(&search.progress, text);
        fine = search_tile(&search, tiles - 1);
    }
    troth_progress_tell(&search.progress, NULL);
    *found = search.found;
    return fine;
}

/* ---- the answer ---- */

static void write_json(struct troth_json_writer *w, const void *state)
{
    const struct session *s = state;

    troth_json_write_key(w, "index");
    troth_json_write_uint(w, s->index);
    troth_log_sight_json(w, &s->reading.sight);
    troth_json_write_key(w, "bundle");
    troth_json_write_string(w, s->bundle.text);
}

static bool write_file(struct session *s)
{
    const int failed = troth_file_write(s->out, s->bundle.text);

    return !failed || troth_problem_io(&s->problem, "cannot write", s->out, failed);
}

static bool answer(struct session *s)
{
    if (!troth_log_bundle_make(&s->bundle, &s->problem, &s->reading, s->index) ||
        (s->out && !write_file(s)))
        return false;
    if (s->json)
        return troth_log_json_print(&s->problem, write_json, s);
    if (!s->out)
        (void)fwrite(s->bundle.text.ptr, 1, s->bundle.text.len, stdout);
    if (!s->reading.sight.is_verified)
        troth_say("warning", "nobody's key was asked for: whose log it is, 'troth log "
                             "verify' has to say");
    return true;
}

static int prove(struct session *s)
{
    bool found = true;

    if (s->has_index == (s->entry != NULL)) {
        (void)troth_problem_usage(&s->problem, "which entry? --index N, or --entry FILE");
        return TROTH_STATUS_UNDETERMINED;
    }
    if (!troth_log_reading_open(&s->reading, &s->problem, &s->inputs, &s->crypto,
                                &s->where) ||
        (s->entry && !look_for(s, &found)))
        return TROTH_STATUS_UNDETERMINED;
    if (!found) {
        troth_say("no", "no entry of the tree has these bytes");
        if (s->json)
            (void)printf("{\"index\":null,\"bundle\":null}\n");
        return TROTH_STATUS_NO;
    }
    return answer(s) ? TROTH_STATUS_YES : TROTH_STATUS_UNDETERMINED;
}

int troth_log_prove_verb(const struct troth_command *command, const char *const *words)
{
    struct session s = {.json = false};
    const struct troth_parsing parsing = troth_options_parse(&s, &s.problem,
                                                             command->options, words);
    int status = TROTH_STATUS_YES;

    s.where.place = parsing.file;
    if (parsing.parsed == TROTH_PARSED_HELP)
        troth_help_print_command(stdout, command);
    if (parsing.parsed == TROTH_PARSED) {
        const struct troth_fault fault = {troth_provider_create(&s.crypto), NULL, 0};

        status = TROTH_STATUS_UNDETERMINED;
        if (fault.err)
            (void)troth_problem_fault(&s.problem, "", &fault);
        else
            status = prove(&s);
        troth_log_reading_close(&s.reading);
        troth_provider_destroy(&s.crypto);
    }
    if (s.problem.name)
        status = troth_problem_print(
            &s.problem, troth_options_want_json(words) ? "\"bundle\":null" : NULL);
    troth_inputs_release(&s.inputs);
    return status;
}
