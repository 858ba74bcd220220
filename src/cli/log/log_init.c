/* SPDX-License-Identifier: Apache-2.0 */
/* The C library's own word for realpath(), which POSIX has as an option. */
/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
#define _DEFAULT_SOURCE
#include "cli/log/log_verbs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/number.h"
#include "base/span.h"
#include "base/utf8.h"
#include "cli/help.h"
#include "cli/log/log_complaint.h"
#include "cli/log/log_home.h"
#include "cli/log/log_page.h"
#include "cli/log/log_take.h"
#include "cli/status.h"
#include "log/folder.h"
#include "net/url.h"
#include "os/secret.h"
#include "tlog/note_write.h"
#include "troth/provider.h"

/* Between checkpoints, where nobody says how long. */
#define INTERVAL_MS 1000

/* A verifier key is its name and 60 characters. */
#define KEY_ROOM 512

struct session {
    struct troth_problem problem;
    struct troth_crypto crypto;
    struct troth_log_config config;
    struct troth_signer signer;
    const char *folder, *key;
    char *witnesses[TROTH_WITNESSES_MAX]; /* VKEY=URL, of our own: cut at the '=' */
    bool has_needed, json;
    char path[TROTH_LOG_PATH_ROOM]; /* of what is being made */
    char log_key[KEY_ROOM];
};

/* clang-format off */
TROTH_TAKE_TEXT(origin, struct session, config.origin)
TROTH_TAKE_TEXT(key, struct session, key)
TROTH_TAKE_TEXT(postgres, struct session, config.postgres)
TROTH_TAKE_FLAG(json, struct session, json)
/* clang-format on */

static bool take_witness(void *session, struct troth_problem *problem, const char *value)
{
    struct session *s = session;

    if (s->config.witness_count == TROTH_WITNESSES_MAX)
        return troth_problem_usage(problem, "--witness: at most %d", TROTH_WITNESSES_MAX);
    s->witnesses[s->config.witness_count] = strdup(value);
    return s->witnesses[s->config.witness_count++] || troth_problem_memory(problem);
}

static bool take_needed(void *session, struct troth_problem *problem, const char *value)
{
    struct session *s = session;
    uint64_t needed;

    s->has_needed = troth_uint_parse(&needed, troth_span_of_text(value), 10) ==
                        TROTH_OK &&
                    needed <= TROTH_WITNESSES_MAX;
    s->config.needed = s->has_needed ? (size_t)needed : 0;
    return s->has_needed ||
           troth_problem_usage(problem, "--needed: '%s' is no number up to %d", value,
                               TROTH_WITNESSES_MAX);
}

static bool take_interval(void *session, struct troth_problem *problem, const char *value)
{
    struct session *s = session;

    return (troth_int_parse(&s->config.interval_ms, troth_span_of_text(value)) ==
                TROTH_OK &&
            s->config.interval_ms > 0 &&
            s->config.interval_ms <= TROTH_LOG_INTERVAL_MAX) ||
           troth_problem_usage(problem, "--interval: '%s' is not 1 to %d milliseconds",
                               value, TROTH_LOG_INTERVAL_MAX);
}

const struct troth_option troth_log_init_options[] = {
    {"origin", "ORIGIN", "the log's name, for good: 'example.com/log'; no https://",
     false, take_origin},
    {"key", "FILE", "an Ed25519 key in PEM that is there already; key.pem links to it",
     false, take_key},
    {"witness", "VKEY=URL", "ask this witness to cosign each checkpoint", true,
     take_witness},
    {"needed", "N", "show a checkpoint once N have; more than half if not said", false,
     take_needed},
    {"interval", "MS", "milliseconds between two checkpoints; 1000 if not said", false,
     take_interval},
    {"postgres", "CONNINFO", "keep the order in PostgreSQL, for several servers of a log",
     false, take_postgres},
    {"json", NULL, "print it as JSON (docs/log.schema.json)", false, take_json},
    {"help", NULL, "print this", false, NULL},
    {NULL, NULL, NULL, false, NULL},
};

const char troth_log_init_example[] = "troth log init --origin example.com/log log";

const char troth_log_init_notes[] =
    "Makes FOLDER with log.json, a new key in key.pem that only its owner can read,\n"
    "and public/, which is all that others may see. Prints the verifier key, by which\n"
    "they check the log. Keep a copy of key.pem: without it the log ends. A password\n"
    "for PostgreSQL belongs in a passfile, not in CONNINFO.\n\n";

/* ---- what the options say ---- */

static bool split_witness(struct session *s, struct troth_log_witness *out, char *value)
{
    char *url = strstr(value, "=http");
    const char *refusal = url ? troth_url_refusal(url + 1) : "there is no URL in it";

    if (refusal) {
        (void)troth_problem_usage(&s->problem, "--witness '%s': %s", value, refusal);
        troth_problem_hint(&s->problem, "NAME+HASH+BASE64=https://...");
        return false;
    }
    *url = '\0';
    out->verifier_key = value;
    out->url = url + 1;
    return troth_witness_key_parse(&out->key.name, out->key.key,
                                   troth_span_of_text(value), &s->crypto) == TROTH_OK ||
           troth_problem_usage(&s->problem, "--witness '%s': no verifier key", value);
}

/* Have the first so many witnesses other keys? One that is twice there would be counted
 * twice, and the log itself is no witness. */
static bool is_others(const struct session *s, size_t count, struct troth_span key)
{
    for (size_t i = 0; i < count; i++)
        if (troth_span_equal(
                (struct troth_span)TROTH_ARRAY_SPAN(s->config.witnesses[i].key.key), key))
            return false;
    return true;
}

static bool read_witnesses(struct session *s)
{
    for (size_t i = 0; i < s->config.witness_count; i++) {
        struct troth_log_witness *witness = &s->config.witnesses[i];

        if (!split_witness(s, witness, s->witnesses[i]))
            return false;
        if (!is_others(s, i, (struct troth_span)TROTH_ARRAY_SPAN(witness->key.key)))
            return troth_problem_usage(&s->problem,
                                       "--witness '%s': its key is there twice",
                                       witness->verifier_key);
    }
    return true;
}

/* As keys and log.json have them. */
static bool is_name(struct troth_span origin)
{
    for (size_t i = 0; i < origin.len; i++)
        if (origin.ptr[i] < ' ' || origin.ptr[i] == 0x7f)
            return false;
    return troth_note_name_is_valid(origin) && troth_utf8_is_valid(origin) &&
           origin.len <= 255;
}

static bool check(struct session *s)
{
    if (!s->config.origin) {
        (void)troth_problem_usage(&s->problem, "--origin is missing: a log's name");
        troth_problem_hint(&s->problem, "a host that is yours and a path, without "
                                        "https://: 'example.com/log'");
        return false;
    }
    if (!is_name(troth_span_of_text(s->config.origin)))
        return troth_problem_usage(&s->problem,
                                   "--origin: '%s' is no name of a log: it "
                                   "has no spaces and no '+'",
                                   s->config.origin);
    if (!read_witnesses(s))
        return false;
    if (!s->has_needed && s->config.witness_count > 0)
        s->config.needed = s->config.witness_count / 2 + 1;
    return s->config.needed <= s->config.witness_count ||
           troth_problem_usage(&s->problem, "--needed %zu: there are only %zu witnesses",
                               s->config.needed, s->config.witness_count);
}

/* ---- files ---- */

static bool name(struct session *s, const char *file)
{
    return troth_log_path(s->path, s->folder, file) == 0 ||
           troth_problem_io(&s->problem, "cannot make", s->folder, ENAMETOOLONG);
}

static bool make_folder(struct session *s)
{
    const int failed = troth_log_folder_make(s->folder);
    struct stat about;

    if (failed)
        return troth_problem_io(&s->problem, "cannot make", s->folder, failed);
    if (!name(s, "log.json"))
        return false;
    if (lstat(s->path, &about) == 0) {
        (void)troth_problem_usage(&s->problem, "'%s' is a log already", s->folder);
        troth_problem_hint(&s->problem, "'troth log show' says which");
        return false;
    }
    return true;
}

static bool fail_key(struct session *s, int failed)
{
    if (failed != EEXIST)
        return troth_problem_io(&s->problem, "cannot write", s->path, failed);
    (void)troth_problem_usage(&s->problem, "'%s' is there already, and no log", s->path);
    troth_problem_hint(&s->problem, "--key uses it; nothing overwrites a key");
    return false;
}

static bool make_key(struct session *s)
{
    struct troth_secret_file pem;
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    int failed = troth_secret_file_map(&pem);

    if (failed)
        return fail_key(s, failed);
    fault.err = troth_signer_generate_ed25519(&s->signer, pem.bytes, &pem.len);
    if (!fault.err)
        failed = troth_secret_file_write(s->path,
                                         (struct troth_span){pem.bytes, pem.len});
    troth_secret_file_release(&pem);
    if (fault.err)
        return troth_problem_fault(&s->problem, "a new key", &fault);
    return !failed || fail_key(s, failed);
}

/* Its whole path, as a link's words begin at the link. */
static bool link_key(struct session *s)
{
    char *whole;
    bool fine = true;
    struct stat there, given;

    if (!troth_log_key_read(&s->signer, &s->problem, s->key))
        return false;
    if (!is_others(s, s->config.witness_count, s->signer.key.point))
        return troth_problem_usage(&s->problem,
                                   "--witness: '%s' is the log's own key: it would "
                                   "vouch for itself",
                                   s->key);
    if (stat(s->path, &there) == 0 && stat(s->key, &given) == 0 &&
        there.st_dev == given.st_dev && there.st_ino == given.st_ino)
        return true;
    whole = realpath(s->key, NULL);
    if (!whole)
        return troth_problem_io(&s->problem, "cannot open", s->key, errno);
    if (symlink(whole, s->path) != 0)
        fine = fail_key(s, errno);
    free(whole);
    return fine;
}

static bool write_key(struct session *s)
{
    struct troth_note_key key = {.name = troth_span_of_text(s->config.origin),
                                 .type = TROTH_NOTE_ED25519};
    struct troth_writer w = troth_writer_over((uint8_t *)s->log_key,
                                              sizeof s->log_key - 1);
    struct troth_fault fault = {TROTH_OK, NULL, 0};

    memcpy(key.bytes, s->signer.key.point.ptr, sizeof key.bytes);
    memcpy(s->config.public_key, key.bytes, sizeof key.bytes);
    fault.err = troth_note_key_write(&w, &s->crypto, &key);
    s->log_key[w.len] = '\0';
    s->config.log_key = s->log_key;
    return !fault.err || troth_problem_fault(&s->problem, "a verifier key", &fault);
}

/* Where the order is kept, empty. */
static bool make_sequence(struct session *s)
{
    struct troth_sequence *sequence = NULL;
    struct troth_sequence_state *state = malloc(sizeof *state);
    struct troth_log_problem why = {0};
    bool fine = true;
    int failed;

    if (!state)
        return troth_problem_memory(&s->problem);
    failed = s->config.postgres
                 ? troth_sequence_open_postgres(&sequence, &why, s->config.postgres,
                                                s->config.origin, true)
                 : troth_sequence_open_sqlite(&sequence, &why, s->path, true, false);
    if (!failed)
        failed = sequence->ops->state(sequence, &why, state);
    if (failed)
        fine = troth_log_complain(&s->problem, "", &why);
    /* In a database another server of the log may have begun. */
    else if (state->next > 0 && !s->config.postgres)
        fine = troth_problem_usage(&s->problem, "'%s' holds entries, and no log is there",
                                   s->path);
    if (sequence)
        sequence->ops->close(sequence);
    free(state);
    return fine;
}

/* Last, as it makes the folder a log. It is no secret, but where the database is. */
static bool write_config(struct session *s)
{
    uint8_t *text = malloc(TROTH_LOG_CONFIG_MAX);
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    size_t len = 0;
    int failed = 0;

    if (!text)
        return troth_problem_memory(&s->problem);
    fault.err = troth_log_config_write(text, TROTH_LOG_CONFIG_MAX, &len, &s->config);
    if (!fault.err)
        failed = troth_secret_file_write(s->path, (struct troth_span){text, len});
    free(text);
    if (fault.err)
        return troth_problem_fault(&s->problem, "log.json", &fault);
    if (!failed && !s->config.postgres && chmod(s->path, 0644) != 0)
        failed = errno;
    return !failed || troth_problem_io(&s->problem, "cannot write", s->path, failed);
}

static bool make(struct session *s)
{
    if (!make_folder(s) || !name(s, "key.pem") || !(s->key ? link_key(s) : make_key(s)) ||
        !write_key(s))
        return false;
    return name(s, "sequence.db") && make_sequence(s) && name(s, "log.json") &&
           write_config(s);
}

static void write_json(struct troth_json_writer *w, const void *state)
{
    const struct session *s = state;

    troth_json_write_key(w, "origin");
    troth_json_write_text(w, s->config.origin);
    troth_json_write_key(w, "key");
    troth_json_write_text(w, s->log_key);
    troth_json_write_key(w, "needed");
    troth_json_write_uint(w, s->config.needed);
}

static int init(struct session *s)
{
    if (!check(s) || !make(s))
        return TROTH_STATUS_UNDETERMINED;
    if (!s->json)
        (void)printf("%s\n", s->log_key);
    else if (!troth_log_json_print(&s->problem, write_json, s))
        return TROTH_STATUS_UNDETERMINED;
    return TROTH_STATUS_YES;
}

int troth_log_init_verb(const struct troth_command *command, const char *const *words)
{
    struct session s = {.config = {.interval_ms = INTERVAL_MS}};
    const struct troth_parsing parsing = troth_options_parse(&s, &s.problem,
                                                             command->options, words);
    int status = TROTH_STATUS_YES;

    s.folder = parsing.file;
    if (parsing.parsed == TROTH_PARSED_HELP)
        troth_help_print_command(stdout, command);
    if (parsing.parsed == TROTH_PARSED) {
        const struct troth_fault fault = {troth_provider_create(&s.crypto), NULL, 0};

        status = TROTH_STATUS_UNDETERMINED;
        if (fault.err)
            (void)troth_problem_fault(&s.problem, "", &fault);
        else
            status = init(&s);
        troth_signer_destroy(&s.signer);
        troth_provider_destroy(&s.crypto);
    }
    if (s.problem.name)
        status = troth_problem_print(
            &s.problem, troth_options_want_json(words) ? "\"key\":null" : NULL);
    for (size_t i = 0; i < s.config.witness_count; i++)
        free(s.witnesses[i]);
    return status;
}
