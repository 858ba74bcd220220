/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "base/span.h"
#include "cli/help.h"
#include "cli/inputs.h"
#include "cli/json_page.h"
#include "cli/order.h"
#include "cli/page.h"
#include "cli/status.h"
#include "cli/verbs.h"
#include "codec/json_value.h"
#include "ear/vector.h"
#include "os/clock.h"
#include "troth/ear.h"
#include "troth/provider.h"

#define TOKEN_MAX  ((size_t)256 * 1024)
#define ARENA_SIZE ((size_t)1024 * 1024)
#define KEY_MAX    ((size_t)16 * 1024)

/* Where the values stand. */
enum { COLUMN = 12 };

/* One command line being carried out. */
struct session {
    struct troth_inputs inputs;
    const char *key, *policy;
    struct troth_clock clock;
    struct troth_span nonce;
    bool has_nonce, json;
    struct troth_ear ear;
    const char *refusal; /* why it is not accepted; NULL: it is */
};

static bool take_key(void *session, struct troth_problem *problem, const char *value)
{
    (void)problem;
    ((struct session *)session)->key = value;
    return true;
}

static bool take_time(void *session, struct troth_problem *problem, const char *value)
{
    struct session *s = session;

    if (troth_clock_parse(&s->clock, troth_span_of_text(value)) &&
        s->clock.kind != TROTH_CLOCK_DOCUMENT)
        return true;
    (void)troth_problem_usage(problem, "--time: '%s' is no instant", value);
    troth_problem_hint(problem, "now, 2026-05-01T00:00:00Z, or seconds since 1970");
    return false;
}

static bool take_nonce(void *session, struct troth_problem *problem, const char *value)
{
    struct session *s = session;

    s->has_nonce = troth_nonce_parse(&s->nonce, &s->inputs, problem, value);
    return s->has_nonce;
}

static bool take_policy(void *session, struct troth_problem *problem, const char *value)
{
    (void)problem;
    ((struct session *)session)->policy = value;
    return true;
}

static bool take_json(void *session, struct troth_problem *problem, const char *value)
{
    (void)problem;
    (void)value;
    ((struct session *)session)->json = true;
    return true;
}

static bool read_key(struct troth_public_key *out, struct session *s,
                     struct troth_problem *problem)
{
    struct troth_arena arena = {troth_inputs_allocate(&s->inputs, problem, KEY_MAX),
                                KEY_MAX, 0};
    struct troth_span pem;

    if (!arena.base || !troth_inputs_read(&s->inputs, problem, &pem, s->key, KEY_MAX))
        return false;
    if (!troth_public_key_from_pem(out, pem, &arena) &&
        (out->kind == TROTH_KEY_P256 || out->kind == TROTH_KEY_ED25519))
        return true;
    (void)troth_problem_usage(problem, "'%s' is no public key of P-256 or Ed25519 in PEM",
                              s->key);
    troth_problem_hint(problem,
                       "openssl pkey -in key.pem -pubout prints the public half");
    return false;
}

/* What the token says that this relying party cannot take. */
static const char *refusal_of(const struct session *s, enum troth_err err,
                              const struct troth_fault *fault)
{
    if (err == TROTH_ERR_SIGNATURE)
        return "the key did not sign it";
    if (err == TROTH_ERR_CLOCK)
        return strcmp(fault->field, "ear.exp") == 0 ? "it has ended"
                                                    : "it is of the future";
    if (s->has_nonce && !troth_span_equal(s->nonce, s->ear.nonce))
        return s->ear.nonce.len ? "it answers another nonce" : "it answers no nonce";
    if (s->policy && !troth_span_is_text(s->ear.policy_id, s->policy))
        return "it is by another policy";
    if (s->ear.status != TROTH_EAR_AFFIRMING && s->ear.status != TROTH_EAR_WARNING)
        return s->ear.status == TROTH_EAR_NONE ? "its verifier could not tell"
                                               : "its verifier refused the evidence";
    return NULL;
}

/* False, with a problem, where the token cannot be read at all. */
static bool judge(struct session *s, struct troth_problem *problem,
                  const struct troth_crypto *crypto, const char *file)
{
    struct troth_arena arena = {troth_inputs_allocate(&s->inputs, problem, ARENA_SIZE),
                                ARENA_SIZE, 0};
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    struct troth_public_key key;
    struct troth_span token;
    enum troth_err err;

    if (!arena.base || !read_key(&key, s, problem) ||
        !troth_inputs_read(&s->inputs, problem, &token, file, TOKEN_MAX))
        return false;
    if (s->clock.kind == TROTH_CLOCK_NOW)
        s->clock.at_s = troth_clock_now_s();
    err = troth_ear_verify(&s->ear, &fault,
                           &(struct troth_ear_input){
                               .token = token,
                               .key = &key,
                               .at_s = s->clock.at_s,
                               .crypto = crypto,
                               .arena = &arena,
                           });
    if (err && err != TROTH_ERR_SIGNATURE && err != TROTH_ERR_CLOCK)
        return troth_problem_fault(problem, troth_inputs_name(file), &fault);
    s->refusal = refusal_of(s, err, &fault);
    return true;
}

static const char *verdict_of(const struct session *s)
{
    if (!s->refusal)
        return "accepted";
    return s->ear.payload.len && s->ear.status == TROTH_EAR_NONE ? "undetermined"
                                                                 : "refused";
}

static void print_line(struct troth_page *page, const char *label, struct troth_span text)
{
    if (text.len == 0)
        return;
    troth_page_column(page, 2);
    troth_page_say(page, TROTH_STYLE_DIM, label);
    troth_page_column(page, COLUMN);
    troth_page_text(page, TROTH_STYLE_PLAIN, text);
    troth_page_end_line(page);
}

static void print_instant(struct troth_page *page, const char *label, int64_t at_s)
{
    uint8_t room[32];
    struct troth_writer w = troth_writer_over(room, sizeof room);

    troth_write_rfc3339(&w, at_s);
    print_line(page, label, troth_writer_span(&w));
}

static void print_page(const struct session *s)
{
    struct troth_page page = troth_page_of_output();
    enum troth_style style = s->refusal ? TROTH_STYLE_BAD : TROTH_STYLE_GOOD;

    troth_page_say(&page, style, verdict_of(s));
    if (s->refusal) {
        troth_page_column(&page, (unsigned)strlen(verdict_of(s)) + 2);
        troth_page_say(&page, TROTH_STYLE_PLAIN, s->refusal);
    }
    troth_page_end_line(&page);
    if (s->ear.payload.len == 0)
        return;
    print_line(&page, "status", troth_span_of_text(troth_ear_tier_name(s->ear.status)));
    print_line(&page, "kind", s->ear.kind);
    print_line(&page, "policy", s->ear.policy_id);
    print_line(&page, "verifier", s->ear.verifier);
    print_instant(&page, "issued", s->ear.issued_at_s);
    print_instant(&page, "ends", s->ear.expires_s);
}

static void write_member(struct troth_json_writer *w, const char *key,
                         struct troth_span text)
{
    troth_json_write_key(w, key);
    if (text.len)
        troth_json_write_string(w, text);
    else
        troth_json_write_null(w);
}

static bool print_json(struct session *s, struct troth_problem *problem)
{
    uint8_t *room = troth_inputs_allocate(&s->inputs, problem, ARENA_SIZE);
    struct troth_writer text = troth_writer_over(room, ARENA_SIZE);
    struct troth_json_writer w = troth_json_writer_over(&text, true);

    if (!room)
        return false;
    troth_json_begin_object(&w);
    write_member(&w, "verdict", troth_span_of_text(verdict_of(s)));
    write_member(&w, "reason",
                 s->refusal ? troth_span_of_text(s->refusal)
                            : (struct troth_span){NULL, 0});
    if (s->ear.payload.len) {
        write_member(&w, "status",
                     troth_span_of_text(troth_ear_tier_name(s->ear.status)));
        write_member(&w, "kind", s->ear.kind);
        write_member(&w, "policy", s->ear.policy_id);
        write_member(&w, "verifier", s->ear.verifier);
        troth_json_write_key(&w, "nonce");
        troth_json_write_hex(&w, s->ear.nonce);
        troth_json_write_key(&w, "issued");
        troth_json_write_instant(&w, s->ear.issued_at_s);
        troth_json_write_key(&w, "ends");
        troth_json_write_instant(&w, s->ear.expires_s);
        write_member(&w, "payload", s->ear.payload);
    }
    troth_json_end_object(&w);
    troth_json_page_print(stdout, troth_writer_span(&text));
    return true;
}

static int answer(struct session *s, struct troth_problem *problem, const char *file)
{
    struct troth_crypto crypto;
    struct troth_fault fault = {troth_provider_create(&crypto), NULL, 0};
    bool fine;

    if (!s->key) {
        (void)troth_problem_usage(problem, "--key is missing: whose word is it?");
        troth_problem_hint(problem, "--key PUB is the verifier's public key, in PEM");
        fine = false;
    } else {
        fine = fault.err ? troth_problem_fault(problem, "", &fault)
                         : judge(s, problem, &crypto, file);
    }
    troth_provider_destroy(&crypto);
    if (!fine)
        return TROTH_STATUS_UNDETERMINED;
    if (!s->json)
        print_page(s);
    else if (!print_json(s, problem))
        return TROTH_STATUS_UNDETERMINED;
    if (!s->refusal)
        return TROTH_STATUS_YES;
    return strcmp(verdict_of(s), "refused") == 0 ? TROTH_STATUS_NO
                                                 : TROTH_STATUS_UNDETERMINED;
}

static int run_verify(const struct troth_command *command, const char *const *words)
{
    struct session s = {.clock = {TROTH_CLOCK_NOW, 0}};
    struct troth_problem problem = {.name = NULL};
    struct troth_parsing parsing = troth_options_parse(&s, &problem, command->options,
                                                       words);
    int status = TROTH_STATUS_UNDETERMINED;

    if (parsing.parsed == TROTH_PARSED_HELP) {
        troth_help_print_command(stdout, command);
        status = TROTH_STATUS_YES;
    } else if (parsing.parsed == TROTH_PARSED) {
        status = answer(&s, &problem, parsing.file);
    }
    if (problem.name)
        status = troth_problem_print(&problem, troth_options_want_json(words)
                                                   ? "\"verdict\":\"undetermined\""
                                                   : NULL);
    troth_inputs_release(&s.inputs);
    return status;
}

/* clang-format off */
static const struct troth_option verify_options[] = {
    {"key", "PUB", "the public key, in PEM, of whom you trust to verify evidence", false, take_key},
    {"nonce", "HEX", "the challenge that the evidence had to answer", false, take_nonce},
    {"policy-id", "ID", "the policy it must be by: sha-256:HEX, as 'troth policy digest' prints it", false,
     take_policy},
    {"time", "now|RFC3339|UNIX", "the clock to judge by: this machine's (now, the default), or an instant",
     false, take_time},
    {"json", NULL, "print what it says as JSON", false, take_json},
    {"help", NULL, "print this", false, NULL},
    {NULL, NULL, NULL, false, NULL},
};

const struct troth_command troth_result_verbs[] = {
    {"result verify", "--key PUB FILE", "judge a token that another verifier signed", verify_options,
     "troth result verify --key verifier.pub.pem result.jwt",
     "FILE is an EAR, a JWT, as 'troth verify --ear' prints it; '-' is standard input.\n"
     "Status 0: affirming, or a warning, which is printed. Status 1: contraindicated, badly\n"
     "signed, out of time, or another question's. Status 2: its verifier could not tell, or it\n"
     "cannot be read.\n\n", run_verify, " FILE"},
    {.name = NULL},
};
/* clang-format on */

const struct troth_option troth_result_options[] = {
    {"help", NULL, "print this", false, NULL}, {NULL, NULL, NULL, false, NULL}};

const char troth_result_operands[] = " verify ...";

const char troth_result_example[] =
    "troth result verify --key verifier.pub.pem result.jwt";

const char troth_result_notes[] =
    "verify --key PUB FILE   judge a token that another verifier signed\n\n"
    "'troth verify --ear KEY' makes them.\n\n";

int troth_cmd_result(const struct troth_command *command, const char *const *words)
{
    return troth_verbs_run(command, words);
}
