/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_append.h"

#include <stdio.h>

#include "base/duration.h"
#include "base/span.h"
#include "cli/help.h"
#include "cli/log/log_page.h"
#include "cli/log/log_source.h"
#include "cli/log/log_take.h"
#include "cli/log/log_verbs.h"
#include "cli/status.h"
#include "troth/provider.h"

static bool take_many(const char **rows, size_t *count, size_t most,
                      struct troth_problem *problem, const char *option,
                      const char *value)
{
    if (*count == most)
        return troth_problem_usage(problem, "--%s: at most %zu of them", option, most);
    rows[(*count)++] = value;
    return true;
}

static struct troth_log_draft_order *draft_of(void *session)
{
    return &((struct troth_log_appending *)session)->draft;
}

static bool take_field(void *session, struct troth_problem *problem, const char *value)
{
    struct troth_log_draft_order *draft = draft_of(session);

    return take_many(draft->fields, &draft->field_count, TROTH_RECORD_FIELDS_MAX, problem,
                     "field", value);
}

static bool take_private(void *session, struct troth_problem *problem, const char *value)
{
    struct troth_log_draft_order *draft = draft_of(session);

    return take_many(draft->privates, &draft->private_count, TROTH_RECORD_PRIVATE_MAX,
                     problem, "private", value);
}

static bool take_tag(void *session, struct troth_problem *problem, const char *value)
{
    struct troth_log_draft_order *draft = draft_of(session);

    return take_many(draft->tags, &draft->tag_count, TROTH_RECORD_PRIVATE_MAX, problem,
                     "tag", value);
}

/* clang-format off */
TROTH_TAKE_TEXT(record, struct troth_log_appending, draft.kind)
TROTH_TAKE_TEXT(tag_key, struct troth_log_appending, draft.tag_key)
TROTH_TAKE_TEXT(auditor, struct troth_log_appending, draft.auditor)
TROTH_TAKE_TEXT(to, struct troth_log_appending, to)
TROTH_TAKE_TEXT(origin, struct troth_log_appending, origin)
TROTH_TAKE_TEXT(ca, struct troth_log_appending, ca)
TROTH_TAKE_FLAG(json, struct troth_log_appending, json)
/* clang-format on */

static bool take_wait(void *session, struct troth_problem *problem, const char *value)
{
    struct troth_log_appending *a = session;

    if (troth_duration_parse(&a->wait_s, troth_span_of_text(value)) && a->wait_s > 0 &&
        a->wait_s <= 3600)
        return true;
    (void)troth_problem_usage(problem, "--wait: '%s' is no time of up to 1h", value);
    troth_problem_hint(problem, "30s, 15m; or seconds");
    return false;
}

static bool take_word(void *session, struct troth_problem *problem, const char *value)
{
    struct troth_log_appending *a = session;

    (void)problem;
    a->words[a->word_count++] = value;
    return true;
}

const struct troth_option troth_log_append_options[] = {
    {"record", "KIND",
     "a record: release, policy, key-epoch, result, decision, "
     "certificate; no FILE",
     false, take_record},
    {"field", "NAME=VALUE", "a field of it, that everybody can read; =@FILE: from a file",
     true, take_field},
    {"private", "NAME=@FILE", "a value that is committed to, and sealed for the auditor",
     true, take_private},
    {"auditor", "FILE", "whom it is sealed for: an X25519 public key in PEM", false,
     take_auditor},
    {"tag", "NAME", "let who has the tags' key find the private NAME by its value", true,
     take_tag},
    {"tag-key", "FILE", "that key: 32 bytes in hex, that nobody else may read", false,
     take_tag_key},
    {"to", "URL", "hand the entries to a log's server at its inside door, URL or path",
     false, take_to},
    {"origin", "ORIGIN", "of the log at URL, which private values are bound to", false,
     take_origin},
    {"wait", "TIME", "until the log at URL shows a tree with the entries in it", false,
     take_wait},
    {"ca", "FILE", "certificates to trust for the log's https address", false, take_ca},
    {"json", NULL, "print it as JSON (docs/log.schema.json)", false, take_json},
    {"help", NULL, "print this", false, NULL},
    {NULL, NULL, NULL, false, NULL},
};

const char troth_log_append_example[] =
    "troth log append --record policy --field name=web --field digest=@policy.digest log";

const char troth_log_append_notes[] =
    "also: troth log append [OPTION]... --to URL [FILE]...\n"
    "\n"
    "Each FILE is one entry as it is, at most 65535 bytes; '-' is standard input.\n"
    "Prints the entries' indices once they are on the disk. In a FOLDER all are taken\n"
    "or none, and a checkpoint is signed. --private NAME=VALUE works, too, but a\n"
    "command line can be read by others on this machine: give secrets as NAME=@FILE,\n"
    "of a file that only its owner can read. A tag shows everybody which records have\n"
    "the same value, and who has the key can try values.\n\n";

/* ---- what is appended ---- */

static bool check_address(struct troth_log_appending *a)
{
    if (!troth_log_is_url(a->to) && !troth_log_is_socket(a->to))
        return troth_problem_usage(
            &a->problem,
            "--to: '%s' is no http or https address, and no socket's whole path", a->to);
    if (a->draft.private_count == 0 || a->origin)
        return true;
    (void)troth_problem_usage(&a->problem, "--origin is missing");
    troth_problem_hint(&a->problem,
                       "private values are bound to a log: which one is at "
                       "'%s'?",
                       a->to);
    return false;
}

static bool check_folder(struct troth_log_appending *a)
{
    if (a->word_count == 0)
        return troth_problem_usage(&a->problem, "which log? FOLDER, or --to URL");
    if (troth_log_is_url(a->words[0])) {
        (void)troth_problem_usage(&a->problem, "'%s' is no folder", a->words[0]);
        troth_problem_hint(&a->problem, "--to '%s'", a->words[0]);
        return false;
    }
    if (a->origin || a->wait_s || a->ca)
        return troth_problem_usage(&a->problem, "--origin, --wait and --ca are for --to");
    return true;
}

static bool check_entries(struct troth_log_appending *a)
{
    const size_t before = a->to ? 0 : 1;

    a->files = a->words + before;
    a->count = a->word_count - before;
    if (!troth_log_draft_check(&a->problem, &a->draft))
        return false;
    if (a->draft.kind && a->count > 0)
        return troth_problem_usage(
            &a->problem, "--record makes the entry: '%s' is one too many", a->files[0]);
    if (a->draft.kind)
        a->count = 1;
    if (a->count > 0)
        return true;
    (void)troth_problem_usage(&a->problem, "there is nothing to append");
    troth_problem_hint(&a->problem, "FILE, '-' for standard input, or --record KIND");
    return false;
}

bool troth_log_append_read(struct troth_log_appending *a, struct troth_span origin)
{
    struct troth_log_draft draft;

    a->items = troth_inputs_allocate(&a->inputs, &a->problem,
                                     a->count * sizeof *a->items);
    a->indices = troth_inputs_allocate(&a->inputs, &a->problem,
                                       a->count * sizeof *a->indices);
    if (!a->items || !a->indices)
        return false;
    if (a->draft.kind) {
        if (!troth_log_draft_make(&draft, &a->problem, &a->inputs, &a->crypto, &a->draft,
                                  origin))
            return false;
        a->items[0] = (struct troth_log_item){draft.entry, draft.sealed};
        return true;
    }
    for (size_t i = 0; i < a->count; i++)
        if (!troth_inputs_read(&a->inputs, &a->problem, &a->items[i].entry, a->files[i],
                               TROTH_LOG_ENTRY_MAX))
            return false;
    return true;
}

/* ---- what is said of it ---- */

static void write_json(struct troth_json_writer *w, const void *state)
{
    const struct troth_log_appending *a = state;

    troth_json_write_key(w, "indices");
    troth_json_begin_array(w);
    for (size_t i = 0; i < a->done; i++)
        troth_json_write_uint(w, a->indices[i]);
    troth_json_end_array(w);
    troth_json_write_key(w, "shown");
    troth_json_write_bool(w, a->is_shown);
}

static void print(struct troth_log_appending *a)
{
    for (size_t i = 0; !a->json && i < a->done; i++)
        (void)printf("%llu\n", (unsigned long long)a->indices[i]);
    if (a->json && a->done > 0 && !a->problem.name)
        (void)troth_log_json_print(&a->problem, write_json, a);
}

static int append(struct troth_log_appending *a)
{
    bool fine;

    if (!(a->to ? check_address(a) : check_folder(a)) || !check_entries(a))
        return TROTH_STATUS_UNDETERMINED;
    fine = a->to ? troth_log_append_remote(a) : troth_log_append_folder(a, a->words[0]);
    print(a);
    return fine && !a->problem.name ? TROTH_STATUS_YES : TROTH_STATUS_UNDETERMINED;
}

/* "indices":[0,1], or null where nothing is in the log: they are told even then. */
static int fail(struct troth_log_appending *a, bool json)
{
    const size_t room = 24 * a->done + 32;
    struct troth_problem ignored;
    char *member = troth_inputs_allocate(&a->inputs, &ignored, room);
    int len = 0;

    if (!json || !member)
        return troth_problem_print(&a->problem, json ? "\"indices\":null" : NULL);
    len = snprintf(member, room, "\"indices\":%s", a->done ? "[" : "null");
    for (size_t i = 0; i < a->done; i++)
        len += snprintf(member + len, room - (size_t)len, "%s%llu", i ? "," : "",
                        (unsigned long long)a->indices[i]);
    (void)snprintf(member + len, room - (size_t)len, "%s", a->done ? "]" : "");
    return troth_problem_print(&a->problem, member);
}

static size_t count_words(const char *const *words)
{
    size_t n = 0;

    while (words[n])
        n++;
    return n;
}

int troth_log_append_verb(const struct troth_command *command, const char *const *words)
{
    struct troth_log_appending a = {.json = false};
    struct troth_parsing parsing = {TROTH_PARSED_NOT, NULL};
    int status = TROTH_STATUS_YES;

    a.words = troth_inputs_allocate(&a.inputs, &a.problem,
                                    (count_words(words) + 1) * sizeof *a.words);
    if (a.words)
        parsing = troth_options_parse_files(&a, &a.problem, command->options, words,
                                            take_word);
    if (parsing.parsed == TROTH_PARSED_HELP)
        troth_help_print_command(stdout, command);
    if (parsing.parsed == TROTH_PARSED) {
        const struct troth_fault fault = {troth_provider_create(&a.crypto), NULL, 0};

        status = TROTH_STATUS_UNDETERMINED;
        if (fault.err)
            (void)troth_problem_fault(&a.problem, "", &fault);
        else
            status = append(&a);
        troth_provider_destroy(&a.crypto);
    }
    if (a.problem.name)
        status = fail(&a, troth_options_want_json(words));
    troth_inputs_release(&a.inputs);
    return status;
}
