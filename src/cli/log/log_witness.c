/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_verbs.h"

#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/span.h"
#include "cli/help.h"
#include "cli/json_page.h"
#include "cli/log/log_complaint.h"
#include "cli/log/log_home.h"
#include "cli/log/log_take.h"
#include "cli/page.h"
#include "cli/status.h"
#include "codec/json_writer.h"
#include "os/cause.h"
#include "os/clock.h"
#include "service/address.h"
#include "service/listener.h"
#include "service/log/witness.h"
#include "troth/provider.h"

enum { SIGNALS = 2 };

/* A key, an address, and the origins of all logs, escaped. */
#define SAID_ROOM ((size_t)512 * 1024)

struct session {
    struct troth_problem problem;
    bool json;
    const char *listen, *key, *name, *folder;
    const char *logs[TROTH_WITNESS_LOGS_MAX];
    size_t log_count;
    /* Everything that is open. */
    struct troth_crypto crypto;
    struct troth_signer signer;
    struct troth_watched_log watched[TROTH_WITNESS_LOGS_MAX];
    struct event_base *base;
    struct event *signals[SIGNALS];
    int descriptor;
    struct troth_witness_server *server;
};

/* ---- the command line ---- */

/* clang-format off */
TROTH_TAKE_TEXT(listen, struct session, listen)
TROTH_TAKE_TEXT(key, struct session, key)
TROTH_TAKE_FLAG(json, struct session, json)
/* clang-format on */

static bool take_name(void *session, struct troth_problem *problem, const char *value)
{
    if (!troth_note_name_is_valid(troth_span_of_text(value)))
        return troth_problem_usage(problem,
                                   "--name: '%s' has a space or a '+', or is "
                                   "empty",
                                   value);
    ((struct session *)session)->name = value;
    return true;
}

static bool take_log(void *session, struct troth_problem *problem, const char *value)
{
    struct session *s = session;

    if (s->log_count == TROTH_WITNESS_LOGS_MAX)
        return troth_problem_usage(problem, "--log: at most %d logs",
                                   TROTH_WITNESS_LOGS_MAX);
    s->logs[s->log_count++] = value;
    return true;
}

const struct troth_option troth_log_witness_options[] = {
    {"listen", "ADDR", "where logs ask: '127.0.0.1:8081', '[::1]:8081', or 'fd:3'", false,
     take_listen},
    {"key", "FILE", "the witness's Ed25519 private key, PEM", false, take_key},
    {"name", "NAME", "what the witness is called in signatures: 'witness.example/w1'",
     false, take_name},
    {"log", "VKEY", "verifier key of a log that is watched", true, take_log},
    {"json", NULL, "say as JSON where it is, and by which key it signs", false,
     take_json},
    {"help", NULL, "print this", false, NULL},
    {NULL, NULL, NULL, false, NULL},
};

const char troth_log_witness_example[] =
    "troth log witness --listen 127.0.0.1:8081 --key witness.pem --name witness.example "
    "--log example.com/log+2c8bd1c8+AW… seen";

const char troth_log_witness_notes[] =
    "FOLDER keeps what was cosigned last of each log. Never start from a copy of it, or\n"
    "without it, under the same key: the witness would cosign what contradicts itself.\n"
    "\n"
    "Logs ask over HTTP as c2sp.org/tlog-witness has it; a proxy in front adds TLS.\n\n";

static bool check_order(struct session *s)
{
    const struct {
        const char *option, *value;
    } needed[] = {{"--listen ADDR", s->listen},
                  {"--key FILE", s->key},
                  {"--name NAME", s->name},
                  {"--log VKEY", s->logs[0]}};

    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!needed[i].value)
            return troth_problem_usage(&s->problem, "%s is missing", needed[i].option);
    return true;
}

/* ---- what is open ---- */

static bool read_logs(struct session *s)
{
    for (size_t i = 0; i < s->log_count; i++) {
        struct troth_watched_log *log = &s->watched[i];
        struct troth_note_key key;
        const enum troth_err err = troth_note_key_parse(
            &key, troth_span_of_text(s->logs[i]), &s->crypto);

        if (err || key.type != TROTH_NOTE_ED25519)
            return troth_problem_usage(&s->problem, "--log: '%s' is no log's key: %s",
                                       s->logs[i],
                                       err ? troth_err_text(err) : "it is a witness's");
        log->origin = key.name;
        memcpy(log->log_key, key.bytes, sizeof log->log_key);
        for (size_t j = 0; j < i; j++)
            if (troth_span_equal(s->watched[j].origin, log->origin))
                return troth_problem_usage(&s->problem, "--log: two keys of one log, %s",
                                           s->logs[i]);
    }
    return true;
}

static void on_end(int number, short what, void *base)
{
    (void)number;
    (void)what;
    (void)event_base_loopbreak(base);
}

/* Nothing that the environment could change. */
static bool make_loop(struct session *s)
{
    static const int numbers[SIGNALS] = {SIGTERM, SIGINT};
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct event_config *config = event_config_new();
    /* A caller who is gone, and a file that may not grow, are errors of one request. */
    bool is_made = sigaction(SIGPIPE, &ignore, NULL) == 0 &&
                   sigaction(SIGXFSZ, &ignore, NULL) == 0;

    if (config) {
        (void)event_config_set_flag(config, EVENT_BASE_FLAG_IGNORE_ENV);
        s->base = event_base_new_with_config(config);
        event_config_free(config);
    }
    is_made = is_made && s->base;
    for (size_t i = 0; is_made && i < SIGNALS; i++) {
        s->signals[i] = evsignal_new(s->base, numbers[i], on_end, s->base);
        is_made = s->signals[i] && event_add(s->signals[i], NULL) == 0;
    }
    return is_made || troth_problem_memory(&s->problem);
}

static bool listen_there(struct session *s)
{
    const int failed = troth_listener_take(&s->descriptor, s->listen);

    if (failed == EINVAL)
        return troth_problem_usage(&s->problem, "--listen: '%s' is no address",
                                   s->listen);
    return !failed ||
           troth_problem_io(&s->problem, "cannot listen at", s->listen, failed);
}

static void complain(const struct troth_log_problem *problem)
{
    char line[TROTH_LOG_PROBLEM_ROOM + TROTH_CAUSE_MAX];

    troth_log_complaint_line(line, sizeof line, problem);
    troth_say("error", line);
}

static bool open_server(struct session *s)
{
    const struct troth_witness_server_options options = {
        .base = s->base,
        .listens = s->descriptor,
        .folder = s->folder,
        .logs = s->watched,
        .log_count = s->log_count,
        .signer = {troth_span_of_text(s->name), &s->signer},
        .crypto = &s->crypto,
        .clock = troth_clock_now_s,
        .tell = complain,
    };
    struct troth_log_problem why;

    if (!troth_witness_server_open(&s->server, &why, &options))
        return true;
    (void)troth_log_complain(&s->problem, s->folder, &why);
    s->problem.hint[0] = '\0'; /* those are of who writes a log */
    if (why.failed == EBADMSG)
        troth_problem_hint(&s->problem, "a witness that cannot read what it cosigned "
                                        "needs a new key, and a new folder");
    return false;
}

static bool open_all(struct session *s)
{
    const struct troth_fault fault = {troth_provider_create(&s->crypto), NULL, 0};

    if (fault.err)
        return troth_problem_fault(&s->problem, "", &fault);
    return check_order(s) && listen_there(s) && read_logs(s) &&
           troth_log_key_read(&s->signer, &s->problem, s->key) && make_loop(s) &&
           open_server(s);
}

static void close_all(struct session *s)
{
    troth_witness_server_close(s->server);
    for (size_t i = 0; i < SIGNALS; i++)
        if (s->signals[i])
            event_free(s->signals[i]);
    if (s->base)
        event_base_free(s->base);
    if (s->descriptor >= 0)
        (void)close(s->descriptor);
    troth_signer_destroy(&s->signer);
    troth_provider_destroy(&s->crypto);
}

/* ---- saying where it is ---- */

static void say_json(struct session *s, struct troth_span key, const char *at)
{
    uint8_t *room = malloc(SAID_ROOM);
    struct troth_writer w = troth_writer_over(room, room ? SAID_ROOM : 0);
    struct troth_json_writer json = troth_json_writer_over(&w, false);

    troth_json_begin_object(&json);
    troth_json_write_key(&json, "key");
    troth_json_write_string(&json, key);
    troth_json_write_key(&json, "at");
    troth_json_write_text(&json, at);
    troth_json_write_key(&json, "logs");
    troth_json_begin_array(&json);
    for (size_t i = 0; i < s->log_count; i++)
        troth_json_write_string(&json, s->watched[i].origin);
    troth_json_end_array(&json);
    troth_json_end_object(&json);
    troth_json_page_print(stdout, troth_writer_span(&w));
    free(room);
}

static void say_row(struct troth_page *page, const char *name, struct troth_span value)
{
    troth_page_say(page, TROTH_STYLE_DIM, name);
    troth_page_column(page, 10);
    troth_page_text(page, TROTH_STYLE_PLAIN, value);
    troth_page_end_line(page);
}

static bool say(struct session *s)
{
    char address_text[TROTH_ADDRESS_TEXT_MAX];
    struct troth_address address;
    struct troth_note_key key = {.name = troth_span_of_text(s->name),
                                 .type = TROTH_NOTE_COSIGNATURE};
    uint8_t text[1024];
    struct troth_writer w = troth_writer_over(text, sizeof text);
    struct troth_page page = troth_page_of_output();
    const char *at = s->listen;

    memcpy(key.bytes, s->signer.key.point.ptr, sizeof key.bytes);
    if (troth_note_key_write(&w, &s->crypto, &key))
        return troth_problem_usage(&s->problem, "--name: '%s' is too long", s->name);
    if (troth_address_of_socket(&address, s->descriptor))
        at = troth_address_write(address_text, &address);
    if (s->json) {
        say_json(s, troth_writer_span(&w), at);
    } else {
        say_row(&page, "key", troth_writer_span(&w));
        say_row(&page, "at", troth_span_of_text(at));
        for (size_t i = 0; i < s->log_count; i++)
            say_row(&page, "log", s->watched[i].origin);
    }
    return fflush(stdout) == 0 ||
           troth_problem_io(&s->problem, "cannot write", "standard output", errno);
}

/* Until somebody asks for the end. */
static int serve(struct session *s)
{
    if (!say(s))
        return TROTH_STATUS_UNDETERMINED;
    return event_base_dispatch(s->base) >= 0 ? TROTH_STATUS_YES
                                             : TROTH_STATUS_UNDETERMINED;
}

int troth_log_witness_verb(const struct troth_command *command, const char *const *words)
{
    struct session *s = calloc(1, sizeof *s);
    struct troth_problem memory = {0};
    struct troth_parsing parsing;
    int status = TROTH_STATUS_YES;

    if (!s) {
        (void)troth_problem_memory(&memory);
        return troth_problem_print(&memory, NULL);
    }
    s->descriptor = -1;
    parsing = troth_options_parse(s, &s->problem, command->options, words);
    s->folder = parsing.file;
    if (parsing.parsed == TROTH_PARSED_HELP)
        troth_help_print_command(stdout, command);
    else if (parsing.parsed == TROTH_PARSED && open_all(s))
        status = serve(s);
    close_all(s);
    if (s->problem.name)
        status = troth_problem_print(
            &s->problem, troth_options_want_json(words) ? "\"witness\":null" : NULL);
    free(s);
    return status;
}
