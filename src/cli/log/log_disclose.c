/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_bundle.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/span.h"
#include "base/wipe.h"
#include "cli/help.h"
#include "cli/log/log_complaint.h"
#include "cli/log/log_disclosed.h"
#include "cli/log/log_entry.h"
#include "cli/log/log_take.h"
#include "cli/log/log_verbs.h"
#include "cli/status.h"
#include "os/secret.h"
#include "provider/seal_epoch.h"
#include "troth/provider.h"
#include "troth/sealed.h"

/* The sealed values are parsed in it, and one is opened. */
#define ARENA_ROOM (3 * TROTH_SEALED_MAX)

struct session {
    struct troth_problem problem;
    struct troth_crypto crypto;
    struct troth_inputs inputs;
    struct troth_log_where where;
    struct troth_log_reading reading;
    struct troth_log_bundle bundle;
    struct troth_log_entry entry;
    const char *field, *key, *out;
    bool has_index;
    uint64_t index;
    struct troth_file sealed;
    struct troth_arena arena; /* wiped at the end */
};

/* clang-format off */
TROTH_TAKE_NUMBER(index, "index", struct session, index)
TROTH_TAKE_TEXT(field, struct session, field)
TROTH_TAKE_TEXT(key, struct session, key)
TROTH_TAKE_TEXT(output, struct session, out)
/* clang-format on */

/* The output is JSON in any case. */
static bool take_json(void *session, struct troth_problem *problem, const char *value)
{
    (void)session;
    (void)problem;
    (void)value;
    return true;
}

const struct troth_option troth_log_disclose_options[] = {
    {"index", "N", "the record; the first entry is 0", false, take_index},
    {"field", "NAME", "its private field", false, take_field},
    {"key", "FILE", "the auditor's X25519 private key in PEM, that nobody else may read",
     false, take_key},
    {"o", "FILE", "a new file that only its owner can read, instead of standard output",
     false, take_output},
    {"json", NULL, "say problems as JSON, too; the rest is JSON anyway", false,
     take_json},
    {"help", NULL, "print this", false, NULL},
    {NULL, NULL, NULL, false, NULL},
};

const char troth_log_disclose_example[] =
    "troth log disclose --index 7 --field user --key auditor.pem -o user.json log";

const char troth_log_disclose_notes[] =
    "Opens one private field of one record, and nothing else, for somebody who checks\n"
    "it with 'troth log verify --disclosure'. The value is checked against the\n"
    "record's commitment first. The sealed values lie in the log's FOLDER, or in its\n"
    "database; they are not public.\n\n";

/* ---- the sealed values, and the record ---- */

static bool read_record(struct session *s)
{
    if (!troth_log_reading_open(&s->reading, &s->problem, &s->inputs, &s->crypto,
                                &s->where) ||
        !troth_log_bundle_make(&s->bundle, &s->problem, &s->reading, s->index) ||
        !troth_log_entry_take(&s->entry, &s->problem, &s->inputs, s->index,
                              s->bundle.entry))
        return false;
    return s->entry.is_record ||
           troth_problem_usage(&s->problem,
                               "entry %llu is no record: it has no private "
                               "fields",
                               (unsigned long long)s->index);
}

static int open_sequence(struct troth_sequence **out, struct troth_log_problem *why,
                         const struct session *s)
{
    const struct troth_log_config *config = &s->reading.home.config;
    char path[TROTH_LOG_PATH_ROOM];
    int failed;

    if (config->postgres)
        return troth_sequence_open_postgres(out, why, config->postgres, config->origin,
                                            false);
    failed = troth_log_path(path, s->where.place, "sequence.db");
    return failed ? failed : troth_sequence_open_sqlite(out, why, path, false, true);
}

static bool read_sealed(struct session *s)
{
    struct troth_sequence *sequence = NULL;
    struct troth_log_problem why = {0};
    int failed = open_sequence(&sequence, &why, s);

    if (!failed)
        failed = sequence->ops->sealed(sequence, &why, s->index, &s->sealed);
    if (sequence)
        sequence->ops->close(sequence);
    if (failed == ENOENT)
        return troth_problem_usage(&s->problem, "nothing is sealed beside entry %llu",
                                   (unsigned long long)s->index);
    return !failed || troth_log_complain(&s->problem, s->where.place, &why);
}

/* ---- opening ---- */

static bool unwrap(struct session *s, uint8_t out[static TROTH_SEAL_KEY_SIZE],
                   struct troth_span sealed)
{
    uint8_t wrapped[TROTH_SEAL_WRAPPED_SIZE];
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    struct troth_secret_file pem;
    int failed;

    if (troth_record_sealed_wrapped(wrapped, &fault, sealed, &s->arena))
        return troth_problem_fault(&s->problem, "the sealed values", &fault);
    failed = troth_secret_file_read(&pem, s->key);
    if (failed)
        return troth_log_complain_key(&s->problem, s->key, failed);
    fault.err = troth_seal_epoch_unwrap(out, &s->crypto, wrapped,
                                        (struct troth_span){pem.bytes, pem.len});
    troth_secret_file_release(&pem);
    if (fault.err == TROTH_ERR_KEY)
        return troth_log_complain_no_key(&s->problem, s->key, "x25519");
    if (fault.err == TROTH_ERR_SIGNATURE)
        return troth_problem_usage(&s->problem,
                                   "'%s' is not the auditor's key that the values are "
                                   "sealed for",
                                   s->key);
    return !fault.err || troth_problem_fault(&s->problem, s->key, &fault);
}

static bool fail_opening(struct session *s, const struct troth_fault *fault)
{
    if (fault->err == TROTH_ERR_MISSING)
        return troth_problem_usage(&s->problem, "entry %llu has no private field '%s'",
                                   (unsigned long long)s->index, s->field);
    if (fault->err == TROTH_ERR_SIGNATURE)
        return troth_problem_usage(&s->problem,
                                   "'%s' was sealed for another record, or has been "
                                   "changed",
                                   s->field);
    if (fault->err == TROTH_ERR_MISMATCH)
        return troth_problem_usage(&s->problem, "'%s' is not what the entry commits to",
                                   s->field);
    return troth_problem_fault(&s->problem, "the sealed values", fault);
}

static bool open_field(struct session *s, struct troth_record_secret *out)
{
    const struct troth_span sealed = {s->sealed.bytes, s->sealed.len};
    uint8_t key[TROTH_SEAL_KEY_SIZE];
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    enum troth_err err;

    s->arena.base = troth_inputs_allocate(&s->inputs, &s->problem, ARENA_ROOM);
    s->arena.size = s->arena.base ? ARENA_ROOM : 0;
    if (!s->arena.base || !unwrap(s, key, sealed))
        return false;
    s->arena.used = 0;
    err = troth_record_open(
        out, &fault, &s->entry.record, s->reading.sight.checkpoint.origin,
        troth_span_of_text(s->field), sealed, key, &s->crypto, &s->arena);
    troth_wipe(key, sizeof key);
    fault.err = err;
    return !err || fail_opening(s, &fault);
}

/* ---- what is handed out ---- */

static bool hand_out(struct session *s, struct troth_span text)
{
    int failed;

    if (!s->out) {
        (void)fwrite(text.ptr, 1, text.len, stdout);
        return true;
    }
    failed = troth_secret_file_write(s->out, text);
    return !failed || troth_problem_io(&s->problem, "cannot write", s->out, failed);
}

static bool write(struct session *s, const struct troth_record_secret *secret)
{
    struct troth_log_disclosed disclosed = {
        .origin = secret->origin,
        .name = secret->name,
        .value = secret->value,
        .bundle = s->bundle.text,
    };
    uint8_t *text = troth_inputs_allocate(&s->inputs, &s->problem,
                                          TROTH_LOG_DISCLOSED_MAX);
    struct troth_writer w = troth_writer_over(text, text ? TROTH_LOG_DISCLOSED_MAX : 0);
    bool fine;

    if (!text)
        return false;
    memcpy(disclosed.salt, secret->salt, sizeof disclosed.salt);
    troth_log_disclosed_write(&w, &disclosed);
    fine = w.full ? troth_problem_memory(&s->problem)
                  : hand_out(s, troth_writer_span(&w));
    troth_wipe(text, TROTH_LOG_DISCLOSED_MAX);
    troth_wipe(&disclosed, sizeof disclosed);
    return fine;
}

static bool disclose(struct session *s)
{
    struct troth_record_secret secret;
    bool fine;

    memset(&secret, 0, sizeof secret);
    if (!s->has_index || !s->field || !s->key)
        return troth_problem_usage(&s->problem, "it takes --index, --field and --key");
    if (troth_log_is_url(s->where.place)) {
        (void)troth_problem_usage(&s->problem, "'%s' is no folder", s->where.place);
        troth_problem_hint(&s->problem,
                           "sealed values are not public: they lie where the "
                           "log is written");
        return false;
    }
    fine = read_record(s) && read_sealed(s) && open_field(s, &secret) &&
           write(s, &secret);
    troth_wipe(&secret, sizeof secret);
    if (s->arena.base)
        troth_wipe(s->arena.base, s->arena.size);
    return fine;
}

int troth_log_disclose_verb(const struct troth_command *command, const char *const *words)
{
    struct session s = {.has_index = false};
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
        else if (disclose(&s))
            status = TROTH_STATUS_YES;
        troth_file_release(&s.sealed);
        troth_log_reading_close(&s.reading);
        troth_provider_destroy(&s.crypto);
    }
    if (s.problem.name)
        status = troth_problem_print(
            &s.problem, troth_options_want_json(words) ? "\"value\":null" : NULL);
    troth_inputs_release(&s.inputs);
    return status;
}
