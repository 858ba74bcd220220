/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/policy_verbs.h"

#include <stdio.h>

#include "cli/help.h"
#include "cli/json_page.h"
#include "cli/policy_page.h"
#include "cli/status.h"
#include "troth/provider.h"

/* One policy, each character of it escaped, with room to spare. */
#define JSON_ROOM ((size_t)4 * 1024 * 1024)

/* One command line being carried out. */
struct session {
    struct troth_problem problem;
    struct troth_crypto crypto;
    struct troth_inputs inputs;
    const char **files;                      /* those of the command line; borrows */
    struct troth_policy_document *documents; /* of each */
    size_t file_count;
    bool json, canonical;
    bool is_one_unusable;
};

static bool take_file(void *session, struct troth_problem *problem, const char *value)
{
    struct session *s = session;

    (void)problem;
    s->files[s->file_count++] = value;
    return true;
}

static bool take_json(void *session, struct troth_problem *problem, const char *value)
{
    (void)problem;
    (void)value;
    ((struct session *)session)->json = true;
    return true;
}

static bool take_canonical(void *session, struct troth_problem *problem,
                           const char *value)
{
    (void)problem;
    (void)value;
    ((struct session *)session)->canonical = true;
    return true;
}

const struct troth_option troth_policy_check_options[] = {
    {"json", NULL, "print it as JSON (docs/policy-check.schema.json)", false, take_json},
    {"help", NULL, "print this", false, NULL},
    {NULL, NULL, NULL, false, NULL},
};

const struct troth_option troth_policy_digest_options[] = {
    {"canonical", NULL, "print the canonical JSON that it is the digest of", false,
     take_canonical},
    {"json", NULL, "print name and digest as JSON", false, take_json},
    {"help", NULL, "print this", false, NULL},
    {NULL, NULL, NULL, false, NULL},
};

static bool print_json(struct session *s)
{
    const struct troth_fault too_long = {TROTH_ERR_LIMIT, NULL, 0};
    const size_t size = JSON_ROOM * s->file_count;
    uint8_t *room = troth_inputs_allocate(&s->inputs, &s->problem, size);
    struct troth_writer text = troth_writer_over(room, size);
    struct troth_json_writer w = troth_json_writer_over(&text, true);

    if (!room)
        return false;
    troth_json_begin_object(&w);
    troth_json_write_key(&w, "policies");
    troth_json_begin_array(&w);
    for (size_t i = 0; i < s->file_count; i++)
        troth_policy_page_write_json(&w, troth_inputs_name(s->files[i]),
                                     &s->documents[i]);
    troth_json_end_array(&w);
    troth_json_end_object(&w);
    if (text.full)
        return troth_problem_fault(&s->problem, "", &too_long);
    troth_json_page_print(stdout, troth_writer_span(&text));
    return true;
}

static void print(const struct session *s, size_t i)
{
    struct troth_page page = troth_page_of_output();

    if (i > 0)
        troth_page_end_line(&page);
    troth_policy_page_print(&page, troth_inputs_name(s->files[i]), &s->documents[i]);
    if (s->documents[i].issue.hint[0] && fflush(stdout) == 0)
        troth_say("hint", s->documents[i].issue.hint);
}

static bool check(struct session *s)
{
    for (size_t i = 0; i < s->file_count; i++) {
        if (!troth_policy_document_read(&s->documents[i], &s->inputs, &s->problem,
                                        &s->crypto, s->files[i]))
            return false;
        s->is_one_unusable = s->is_one_unusable || !s->documents[i].policy;
        if (!s->json)
            print(s, i);
    }
    return !s->json || print_json(s);
}

static void print_digest(const struct session *s, const struct troth_policy *policy)
{
    uint8_t text[2048];
    struct troth_writer w = troth_writer_over(text, sizeof text);
    struct troth_json_writer json = troth_json_writer_over(&w, true);
    char id[TROTH_POLICY_ID_ROOM];

    troth_policy_id(id, policy);
    if (!s->json) {
        (void)puts(id);
        return;
    }
    troth_json_begin_object(&json);
    troth_json_write_key(&json, "policy");
    troth_json_write_string(&json, troth_policy_name(policy));
    troth_json_write_key(&json, "digest");
    troth_json_write_text(&json, id);
    troth_json_end_object(&json);
    troth_json_page_print(stdout, troth_writer_span(&w));
}

static bool digest(struct session *s)
{
    const struct troth_policy *policy;
    bool fine = s->file_count == 1 ||
                troth_problem_usage(&s->problem, "one FILE is enough, '%s' is another",
                                    s->files[1]);

    if (fine && s->json && s->canonical)
        fine = troth_problem_usage(&s->problem, "--canonical is JSON already");
    fine = fine && troth_policy_file_read(&policy, &s->inputs, &s->problem, &s->crypto,
                                          s->files[0]);
    if (fine && s->canonical) {
        struct troth_span text = troth_policy_canonical(policy);

        /* These bytes and no others are what the digest is of. */
        (void)fwrite(text.ptr, 1, text.len, stdout);
    } else if (fine) {
        print_digest(s, policy);
    }
    return fine;
}

static bool begin(struct session *s, const char *const *words)
{
    size_t count = 1;

    while (words[count - 1])
        count++;
    s->files = troth_inputs_allocate(&s->inputs, &s->problem, count * sizeof *s->files);
    s->documents = troth_inputs_allocate(&s->inputs, &s->problem,
                                         count * sizeof *s->documents);
    return s->files && s->documents;
}

static bool has_file(struct session *s)
{
    if (s->file_count > 0)
        return true;
    (void)troth_problem_usage(&s->problem, "FILE is missing");
    troth_problem_hint(&s->problem, "'-' is standard input; --help says the rest");
    return false;
}

static bool work(struct session *s, bool (*verb)(struct session *s))
{
    struct troth_fault fault = {TROTH_OK, NULL, 0};

    if (!has_file(s))
        return false;
    fault.err = troth_provider_create(&s->crypto);
    return fault.err ? troth_problem_fault(&s->problem, "", &fault) : verb(s);
}

static int run(const struct troth_command *command, const char *const *words,
               bool (*verb)(struct session *s), const char *json)
{
    struct session s = {.json = false};
    struct troth_parsing parsing = {TROTH_PARSED_NOT, NULL};
    int status = TROTH_STATUS_UNDETERMINED;

    if (begin(&s, words))
        parsing = troth_options_parse_files(&s, &s.problem, command->options, words,
                                            take_file);
    if (parsing.parsed == TROTH_PARSED_HELP) {
        troth_help_print_command(stdout, command);
        status = TROTH_STATUS_YES;
    } else if (parsing.parsed == TROTH_PARSED && work(&s, verb)) {
        status = s.is_one_unusable ? TROTH_STATUS_NO : TROTH_STATUS_YES;
    }
    if (s.problem.name)
        status = troth_problem_print(&s.problem,
                                     troth_options_want_json(words) ? json : NULL);
    troth_provider_destroy(&s.crypto);
    troth_inputs_release(&s.inputs);
    return status;
}

int troth_policy_check(const struct troth_command *command, const char *const *words)
{
    return run(command, words, check, "\"policies\":[]");
}

int troth_policy_digest_verb(const struct troth_command *command,
                             const char *const *words)
{
    return run(command, words, digest, "\"policy\":null");
}
