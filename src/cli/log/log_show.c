/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_bundle.h"

#include "base/number.h"
#include "base/span.h"
#include "cli/help.h"
#include "cli/log/log_entry.h"
#include "cli/log/log_page.h"
#include "cli/log/log_take.h"
#include "cli/log/log_verbs.h"
#include "cli/status.h"
#include "troth/provider.h"

/* More are read with --index, or one bundle of entries after another. */
#define LATEST_MAX 1000

struct session {
    struct troth_problem problem;
    struct troth_crypto crypto;
    struct troth_inputs inputs;
    struct troth_log_where where;
    struct troth_log_reading reading;
    struct troth_log_sight sight; /* what is shown */
    struct troth_log_entry *entries;
    size_t entry_count;
    bool has_index, has_latest, json, is_bundle;
    uint64_t index, latest;
};

/* clang-format off */
TROTH_TAKE_NUMBER(index, "index", struct session, index)
TROTH_TAKE_NUMBER(any_latest, "latest", struct session, latest)
TROTH_TAKE_TEXT(log, struct session, where.log)
TROTH_TAKE_TEXT(witnesses, struct session, where.witnesses)
TROTH_TAKE_TEXT(ca, struct session, where.ca)
TROTH_TAKE_FLAG(json, struct session, json)
/* clang-format on */

static bool take_latest(void *order, struct troth_problem *problem, const char *value)
{
    if (!take_any_latest(order, problem, value))
        return false;
    return ((struct session *)order)->latest <= LATEST_MAX ||
           troth_problem_usage(problem, "--latest: at most %d", LATEST_MAX);
}

const struct troth_option troth_log_show_options[] = {
    {"index", "N", "the entry of this index, too; the first is 0", false, take_index},
    {"latest", "K", "the last K entries, too; at most 1000", false, take_latest},
    {"log", "VKEY", TROTH_LOG_TRUST_LOG_DOES, false, take_log},
    {"witnesses", "FILE", TROTH_LOG_TRUST_WITNESSES_DOES, false, take_witnesses},
    {"ca", "FILE", "certificates to trust for the log's https address", false, take_ca},
    {"json", NULL, "print it as JSON (docs/log.schema.json)", false, take_json},
    {"help", NULL, "print this", false, NULL},
    {NULL, NULL, NULL, false, NULL},
};

const char troth_log_show_example[] = "troth log show --latest 10 log";

const char troth_log_show_notes[] =
    "Of a log: the tree it shows, who has seen it, and entries, each checked against\n"
    "the root. Of a FILE, a bundle or a checkpoint: what it says, unverified; 'troth\n"
    "log verify' is for the rest.\n\n";

/* ---- a bundle or a checkpoint ---- */

static bool add_entry(struct session *s, uint64_t index, struct troth_span bytes)
{
    return troth_log_entry_take(&s->entries[s->entry_count++], &s->problem, &s->inputs,
                                index, bytes);
}

static bool make_room(struct session *s, uint64_t count)
{
    s->entries = troth_inputs_allocate(&s->inputs, &s->problem,
                                       (size_t)count * sizeof *s->entries);
    return s->entries != NULL;
}

static bool look_at_file(struct session *s, const char *path)
{
    const char *subject = troth_inputs_name(path);
    const struct troth_log_trust nobody = {.log = NULL};
    struct troth_log_bundle bundle;
    struct troth_span text;

    if (s->has_index || s->has_latest)
        return troth_problem_usage(&s->problem,
                                   "'%s' is no log: --index and --latest are "
                                   "for one",
                                   subject);
    if (!troth_inputs_read(&s->inputs, &s->problem, &text, path, TROTH_LOG_PROOF_MAX))
        return false;
    s->is_bundle = troth_log_bundle_is_one(text);
    if (s->is_bundle) {
        if (!make_room(s, 1) ||
            !troth_log_bundle_parse(&bundle, &s->problem, &s->inputs, subject, text))
            return false;
        text = bundle.proof.checkpoint;
        if (!add_entry(s, bundle.proof.index, bundle.entry))
            return false;
    }
    return troth_log_sight_take(&s->sight, &s->problem, subject, text, &nobody,
                                &s->crypto);
}

/* ---- a log ---- */

static bool read_entries(struct session *s)
{
    const uint64_t size = s->sight.tree.size;
    const uint64_t count = s->has_index ? 1 : s->latest < size ? s->latest : size;
    const uint64_t first = s->has_index ? s->index : size - count;
    struct troth_span bytes;

    if (!make_room(s, count + 1))
        return false;
    for (uint64_t i = 0; i < count; i++)
        if (!troth_log_reading_entry(&bytes, &s->problem, &s->reading, first + i) ||
            !add_entry(s, first + i, bytes))
            return false;
    return true;
}

static bool look_at_log(struct session *s)
{
    if (s->has_index && s->has_latest)
        return troth_problem_usage(&s->problem,
                                   "--index and --latest exclude each other");
    if (!troth_log_reading_open(&s->reading, &s->problem, &s->inputs, &s->crypto,
                                &s->where))
        return false;
    s->sight = s->reading.sight;
    return read_entries(s);
}

/* ---- what is printed ---- */

static void print(const struct session *s)
{
    struct troth_page page = troth_page_of_output();

    if (!s->sight.is_verified) {
        troth_page_say(&page, TROTH_STYLE_OPEN,
                       "unverified: it says so itself, and nobody has checked it");
        troth_page_end_line(&page);
    }
    troth_log_sight_print(&page, &s->sight);
    for (size_t i = 0; i < s->entry_count; i++)
        troth_log_entry_print(&page, &s->entries[i]);
}

static void write_json(struct troth_json_writer *w, const void *state)
{
    const struct session *s = state;

    troth_log_sight_json(w, &s->sight);
    troth_json_write_key(w, "signers");
    troth_json_begin_array(w);
    for (size_t i = 0; i < s->sight.note.count; i++)
        troth_json_write_string(w, s->sight.note.rows[i].name);
    troth_json_end_array(w);
    troth_json_write_key(w, "entries");
    troth_json_begin_array(w);
    for (size_t i = 0; i < s->entry_count; i++) {
        troth_json_begin_object(w);
        troth_log_entry_json(w, &s->entries[i]);
        troth_json_end_object(w);
    }
    troth_json_end_array(w);
}

static int show(struct session *s, const char *place)
{
    const bool is_log = troth_log_is_url(place) || troth_log_is_socket(place) ||
                        troth_log_is_folder(place);

    s->where.place = place;
    if (!(is_log ? look_at_log(s) : look_at_file(s, place)))
        return TROTH_STATUS_UNDETERMINED;
    if (!s->json)
        print(s);
    else if (!troth_log_json_print(&s->problem, write_json, s))
        return TROTH_STATUS_UNDETERMINED;
    return TROTH_STATUS_YES;
}

int troth_log_show_verb(const struct troth_command *command, const char *const *words)
{
    struct session s = {.json = false};
    const struct troth_parsing parsing = troth_options_parse(&s, &s.problem,
                                                             command->options, words);
    int status = TROTH_STATUS_YES;

    if (parsing.parsed == TROTH_PARSED_HELP)
        troth_help_print_command(stdout, command);
    if (parsing.parsed == TROTH_PARSED) {
        const struct troth_fault fault = {troth_provider_create(&s.crypto), NULL, 0};

        status = TROTH_STATUS_UNDETERMINED;
        if (fault.err)
            (void)troth_problem_fault(&s.problem, "", &fault);
        else
            status = show(&s, parsing.file);
        troth_log_reading_close(&s.reading);
        troth_provider_destroy(&s.crypto);
    }
    if (s.problem.name)
        status = troth_problem_print(
            &s.problem, troth_options_want_json(words) ? "\"size\":null" : NULL);
    troth_inputs_release(&s.inputs);
    return status;
}
