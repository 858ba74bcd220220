/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_verbs.h"

#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/help.h"
#include "cli/json_page.h"
#include "cli/log/log_complaint.h"
#include "cli/log/log_home.h"
#include "cli/log/log_loop.h"
#include "cli/log/log_serve_order.h"
#include "cli/status.h"
#include "codec/json_writer.h"
#include "os/clock.h"
#include "os/descriptors.h"
#include "os/local_socket.h"
#include "service/address.h"
#include "service/listener.h"
#include "service/log/remote.h"
#include "service/log/serve.h"
#include "service/ready.h"
#include "troth/provider.h"

enum {
    WITNESS_MS = 5000,  /* for one witness's answer */
    DESCRIPTORS = 8192, /* connections, and files they read */
    LAST_TURNS = 8,     /* of the loop, for answers that are ready */
    SAID_ROOM = 4096
};

struct session {
    struct troth_problem problem;
    struct troth_log_serve_order order;
    const char *folder;
    /* Everything that is open. */
    int outside;
    struct troth_local_socket within; /* a path's, or only its descriptor */
    bool is_path;
    int ready_descriptor;
    struct troth_crypto crypto;
    struct troth_log_home home;
    struct troth_signer signer;
    struct troth_log_cosigners *cosigners;
    struct troth_log_writer *writer;
    struct troth_log_loop loop;
    struct troth_log_serve *serve;
};

/* ---- the doors ---- */

static bool take_port(int *out, struct troth_problem *problem, const char *option,
                      const char *text)
{
    const int failed = troth_listener_take(out, text);

    if (failed == EINVAL)
        return troth_problem_usage(problem, "--%s: '%s' is no address with a port",
                                   option, text);
    return !failed || troth_problem_io(problem, "cannot listen at", text, failed);
}

static void say_far(const char *at)
{
    char text[TROTH_ADDRESS_TEXT_MAX + 128];

    (void)snprintf(text, sizeof text,
                   "%s is not this machine alone: whoever reaches it puts entries into "
                   "the log",
                   at);
    troth_say("warning", text);
}

static void warn_if_far(const struct session *s)
{
    char at[TROTH_ADDRESS_TEXT_MAX];
    struct troth_address address;

    if (troth_address_of_socket(&address, s->within.descriptor) &&
        !troth_address_is_local(&address))
        say_far(troth_address_write(at, &address));
}

static bool open_inside(struct session *s)
{
    int failed;

    if (!s->order.inside)
        return true;
    if (s->order.inside[0] == '/' || s->order.inside[0] == '.') {
        failed = troth_local_socket_listen(&s->within, s->order.inside, 0600);
        s->is_path = !failed;
        return !failed ||
               troth_problem_io(&s->problem, "cannot listen at", s->order.inside, failed);
    }
    if (!take_port(&s->within.descriptor, &s->problem, "inside", s->order.inside))
        return false;
    warn_if_far(s);
    return true;
}

static bool open_ready(struct session *s)
{
    const int failed = s->order.ready
                           ? troth_ready_take(&s->ready_descriptor, s->order.ready)
                           : 0;

    if (failed == EINVAL)
        return troth_problem_usage(&s->problem, "--ready: '%s' is no descriptor",
                                   s->order.ready);
    return !failed || troth_problem_io(&s->problem, "cannot say at descriptor",
                                       s->order.ready, failed);
}

/* ---- the log ---- */

static bool open_home(struct session *s)
{
    if (!troth_log_home_read(&s->home, &s->problem, &s->crypto, s->folder))
        return false;
    if (s->order.interval_ms)
        s->home.config.interval_ms = (int64_t)s->order.interval_ms;
    if (s->order.is_reader)
        return true;
    return s->order.key ? troth_log_key_read(&s->signer, &s->problem, s->order.key)
                        : troth_log_home_signer(&s->signer, &s->problem, &s->home);
}

/* By either thread of the writer. */
static void on_tell(void *state, const struct troth_log_problem *problem)
{
    char line[2 * TROTH_LOG_PROBLEM_ROOM];

    (void)state;
    if (!problem->failed) {
        troth_say("note", "all is well again");
        return;
    }
    troth_log_complaint_line(line, sizeof line, problem);
    troth_say("error", line);
}

static bool fail_writing(struct session *s, const struct troth_log_problem *why)
{
    (void)troth_log_complain(&s->problem, s->folder, why);
    if (why->failed == EBUSY)
        troth_problem_hint(&s->problem, "'--read-only' serves a log that another process "
                                        "writes");
    return false;
}

static bool open_writer(struct session *s)
{
    struct troth_log_writer_options options = {.folder = s->folder,
                                               .config = &s->home.config,
                                               .signer = &s->signer,
                                               .crypto = &s->crypto,
                                               .tell = on_tell};
    struct troth_log_problem why = {.failed = 0};

    if (s->order.is_reader)
        return true;
    if (s->home.config.witness_count) {
        why.failed = troth_log_cosigners_create(&s->cosigners, s->folder, &s->home.config,
                                                &s->crypto, WITNESS_MS);
        if (why.failed)
            return fail_writing(s, &why);
        troth_log_cosigners_use(&options.cosigner, s->cosigners);
    }
    return !troth_log_writer_open(&s->writer, &why, &options) || fail_writing(s, &why);
}

static bool open_serve(struct session *s)
{
    const struct troth_log_serve_options options = {.base = s->loop.base,
                                                    .folder = s->folder,
                                                    .config = &s->home.config,
                                                    .crypto = &s->crypto,
                                                    .writer = s->writer,
                                                    .outside = s->outside,
                                                    .inside = s->within.descriptor,
                                                    .clock = troth_clock_now_s};
    const enum troth_err err = troth_log_serve_open(&s->serve, &options);

    if (err == TROTH_ERR_MISSING)
        return troth_problem_io(&s->problem, "cannot serve the public files of",
                                s->folder, ENOENT);
    return !err || troth_problem_memory(&s->problem);
}

/* ---- its life ---- */

static bool open_all(struct session *s)
{
    struct troth_fault fault = {TROTH_OK, NULL, 0};

    /* What was handed in comes first: nothing of our own can be mistaken for it. */
    if (!troth_log_serve_check(&s->order, &s->problem) || !open_ready(s) ||
        !take_port(&s->outside, &s->problem, "listen", s->order.listen) ||
        !open_inside(s))
        return false;
    fault.err = troth_provider_create(&s->crypto);
    if (fault.err)
        return troth_problem_fault(&s->problem, "", &fault);
    (void)troth_descriptors_raise(DESCRIPTORS);
    return troth_log_loop_open(&s->loop, &s->problem) && open_home(s) && open_writer(s) &&
           open_serve(s);
}

/* Who put an entry in hears of it, as long as it listens. */
static void end_writing(struct session *s)
{
    if (s->serve)
        troth_log_serve_end_writing(s->serve);
    troth_log_writer_close(s->writer);
    s->writer = NULL;
    for (int i = 0; s->serve && i < LAST_TURNS; i++)
        (void)event_base_loop(s->loop.base, EVLOOP_NONBLOCK);
}

static void close_all(struct session *s)
{
    end_writing(s);
    troth_log_serve_close(s->serve);
    troth_log_cosigners_destroy(s->cosigners);
    troth_signer_destroy(&s->signer);
    troth_log_home_release(&s->home);
    troth_provider_destroy(&s->crypto);
    troth_log_loop_close(&s->loop);
    if (s->is_path)
        troth_local_socket_close(&s->within);
    else if (s->within.descriptor >= 0)
        (void)close(s->within.descriptor);
    if (s->outside >= 0)
        (void)close(s->outside);
}

/* ---- saying where it is ---- */

static const char *where(char out[static TROTH_ADDRESS_TEXT_MAX], int descriptor)
{
    struct troth_address address;

    return troth_address_of_socket(&address, descriptor)
               ? troth_address_write(out, &address)
               : "";
}

static void say_json(const struct session *s, const char *outside, const char *inside)
{
    uint8_t room[SAID_ROOM];
    struct troth_writer w = troth_writer_over(room, sizeof room);
    struct troth_json_writer json = troth_json_writer_over(&w, false);

    troth_json_begin_object(&json);
    troth_json_write_key(&json, "origin");
    troth_json_write_text(&json, s->home.config.origin);
    troth_json_write_key(&json, "at");
    troth_json_write_text(&json, outside);
    if (s->order.inside) {
        troth_json_write_key(&json, "inside");
        troth_json_write_text(&json, inside);
    }
    troth_json_end_object(&json);
    troth_json_page_print(stdout, troth_writer_span(&w));
}

static bool say(struct session *s)
{
    char outside[TROTH_ADDRESS_TEXT_MAX], inside[TROTH_ADDRESS_TEXT_MAX];
    const char *at = where(outside, s->outside);
    const char *in = s->is_path ? s->order.inside : where(inside, s->within.descriptor);

    if (s->order.json)
        say_json(s, at, in);
    else if (s->order.inside)
        (void)printf("the log is at http://%s, entries come in at %s%s\n", at,
                     s->is_path ? "" : "http://", in);
    else
        (void)printf("the log is at http://%s\n", at);
    return fflush(stdout) == 0 ||
           troth_problem_io(&s->problem, "cannot write", "standard output", errno);
}

/* Until somebody asks for the end. */
static int serve(struct session *s)
{
    if (!say(s))
        return TROTH_STATUS_UNDETERMINED;
    if (troth_ready_tell(s->ready_descriptor))
        troth_say("note", "nobody listens at the descriptor of --ready");
    return event_base_dispatch(s->loop.base) >= 0 ? TROTH_STATUS_YES
                                                  : TROTH_STATUS_UNDETERMINED;
}

int troth_log_serve_verb(const struct troth_command *command, const char *const *words)
{
    struct session s = {
        .outside = -1, .within = {.descriptor = -1, .lock = -1}, .ready_descriptor = -1};
    const struct troth_parsing parsing = troth_options_parse(&s.order, &s.problem,
                                                             command->options, words);
    int status = TROTH_STATUS_YES;

    s.folder = parsing.file;
    if (parsing.parsed == TROTH_PARSED_HELP)
        troth_help_print_command(stdout, command);
    else if (parsing.parsed == TROTH_PARSED && open_all(&s))
        status = serve(&s);
    close_all(&s);
    if (s.problem.name)
        status = troth_problem_print(
            &s.problem, troth_options_want_json(words) ? "\"at\":null" : NULL);
    return status;
}
