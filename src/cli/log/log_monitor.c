/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_verbs.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/number.h"
#include "base/span.h"
#include "cli/help.h"
#include "cli/json_page.h"
#include "cli/log/follow_tell.h"
#include "cli/log/follow_view.h"
#include "cli/log/log_take.h"
#include "cli/log/log_trust.h"
#include "cli/progress.h"
#include "cli/status.h"
#include "troth/provider.h"

enum { VIEWS_MAX = 32, USUAL_S = 60 };

struct session {
    struct troth_problem problem;
    bool json, once;
    uint64_t every_s;
    const char *state, *filter, *ca, *where;
    const char *compare[VIEWS_MAX];
    size_t view_count;
    const char *const *command;       /* and its arguments; NULL: none */
    const char *short_command[1 + 1]; /* of --command=PROGRAM */
    /* Everything that is open. */
    struct troth_crypto crypto;
    struct troth_inputs inputs;
    struct troth_log_trust trust;
    struct troth_log_source source;
    struct troth_follow_other others[VIEWS_MAX];
    struct troth_follow_view views[VIEWS_MAX];
    struct troth_follow_filter *compiled;
    struct troth_follow *follow;
    struct troth_progress progress;
    sigset_t ends; /* signals that ask for the end */
    bool is_ended;
    uint8_t text[TROTH_FOLLOW_JSON_ROOM];
};

/* ---- the command line ---- */

/* clang-format off */
TROTH_TAKE_TEXT(log, struct session, trust.log)
TROTH_TAKE_TEXT(witnesses, struct session, trust.witnesses)
TROTH_TAKE_TEXT(state, struct session, state)
TROTH_TAKE_TEXT(filter, struct session, filter)
TROTH_TAKE_TEXT(ca, struct session, ca)
TROTH_TAKE_FLAG(json, struct session, json)
TROTH_TAKE_FLAG(once, struct session, once)
/* clang-format on */

static bool take_every(void *session, struct troth_problem *problem, const char *value)
{
    struct session *s = session;
    const uint64_t most = UINT64_C(7) * 24 * 3600;

    if (troth_uint_parse(&s->every_s, troth_span_of_text(value), 10) == TROTH_OK &&
        s->every_s > 0 && s->every_s <= most)
        return true;
    return troth_problem_usage(problem, "--every: '%s' is no number of seconds", value);
}

static bool take_compare(void *session, struct troth_problem *problem, const char *value)
{
    struct session *s = session;

    if (s->view_count == VIEWS_MAX)
        return troth_problem_usage(problem, "--compare: at most %d views", VIEWS_MAX);
    s->compare[s->view_count++] = value;
    return true;
}

static bool take_command(void *session, struct troth_problem *problem, const char *value)
{
    struct session *s = session;

    (void)problem;
    s->short_command[0] = value;
    s->command = s->short_command;
    return true;
}

const struct troth_option troth_log_monitor_options[] = {
    {"log", "VKEY", TROTH_LOG_TRUST_LOG_DOES, false, take_log},
    {"witnesses", "FILE", TROTH_LOG_TRUST_WITNESSES_DOES, false, take_witnesses},
    {"state", "FILE", "what was seen so far; made where it is missing", false,
     take_state},
    {"filter", "CEL", "tell of entries for which this is true", false, take_filter},
    {"compare", "URL|FILE",
     "another view: a mirror, a witness, a checkpoint somebody else was shown", true,
     take_compare},
    {"once", NULL, "look once, and end", false, take_once},
    {"every", "SECONDS", "look so often; 60 unless --once", false, take_every},
    {"command", "PROGRAM ARGS...",
     "run it for each event, which is JSON at its standard input; the last option", false,
     take_command},
    {"ca", "FILE", "certificates to trust for https addresses", false, take_ca},
    {"json", NULL, "print events as lines of JSON (docs/log-monitor.schema.json)", false,
     take_json},
    {"help", NULL, "print this", false, NULL},
    {NULL, NULL, NULL, false, NULL},
};

const char troth_log_monitor_example[] =
    "troth log monitor --log example.com/log+2c8bd1c8+AW… --state log.state --filter "
    "\"kind == 'release'\" https://log.example.com";

const char troth_log_monitor_notes[] =
    "Every entry is hashed, and each tree has to begin with the one before it. It ends "
    "with status 1\n"
    "on a match and on a violation; with --command and without --once it goes on.\n"
    "\n"
    "The filter may name index, entry (bytes), kind, id, time_ms and record, a map: an "
    "entry that is\n"
    "no record has kind ''. An entry that it cannot judge is told, too.\n"
    "\n"
    "Notes that contradict each other are kept beside the state: they are signed by the "
    "log.\n\n";

/* "--command PROGRAM ARGS…" takes everything behind it; the rest is read as usual. The
 * words before it; NULL: no memory. */
static const char **words_before_command(struct session *s, const char *const *words)
{
    size_t count = 0;
    const char **before;

    while (words[count] && strcmp(words[count], "--") != 0 &&
           strcmp(words[count], "--command") != 0)
        count++;
    if (words[count] && words[count][2] && words[count + 1])
        s->command = &words[count + 1];
    while (!s->command && words[count])
        count++;
    before = calloc(count + 1, sizeof *before);
    for (size_t i = 0; before && i < count; i++)
        before[i] = words[i];
    return before;
}

static bool check_order(struct session *s)
{
    if (!s->state)
        return troth_problem_usage(&s->problem, "--state FILE is missing");
    if (s->once && s->every_s > 0)
        return troth_problem_usage(&s->problem, "--once and --every exclude each other");
    if (s->every_s == 0)
        s->every_s = USUAL_S;
    return true;
}

/* ---- being asked to end ---- */

/* The signals wait until they are looked for: no work is cut in two. A single look ends
 * as the signal says. */
static void begin_signals(struct session *s)
{
    (void)sigemptyset(&s->ends);
    (void)sigaddset(&s->ends, SIGTERM);
    (void)sigaddset(&s->ends, SIGINT);
    if (!s->once)
        (void)sigprocmask(SIG_BLOCK, &s->ends, NULL);
}

static bool wait_or_end(struct session *s, time_t seconds)
{
    const struct timespec time = {seconds, 0};

    if (!s->once && sigtimedwait(&s->ends, NULL, &time) > 0)
        s->is_ended = true;
    return s->is_ended;
}

/* ---- telling ---- */

static bool flush(struct troth_problem *problem)
{
    return fflush(stdout) == 0 ||
           troth_problem_io(problem, "cannot write", "standard output", errno);
}

static bool tell(void *state, struct troth_problem *problem,
                 const struct troth_follow_event *event)
{
    struct session *s = state;
    const struct troth_fault fault = {TROTH_ERR_LIMIT, NULL, 0};
    struct troth_span json;

    troth_progress_tell(&s->progress, NULL);
    if (troth_follow_event_json(&json, s->text, event))
        return troth_problem_fault(problem, event->name, &fault);
    if (s->json)
        troth_json_page_print(stdout, json);
    else
        troth_follow_event_print(event);
    return flush(problem) &&
           (!s->command || troth_follow_command(problem, s->command, json));
}

static bool progress(void *state, uint64_t index, uint64_t size)
{
    struct session *s = state;
    char text[96];

    (void)snprintf(text, sizeof text, "hashing entry %" PRIu64 " of %" PRIu64, index,
                   size);
    troth_progress_tell(&s->progress, text);
    return wait_or_end(s, 0);
}

/* ---- looking ---- */

static bool open_views(struct session *s)
{
    for (size_t i = 0; i < s->view_count; i++) {
        if (!troth_follow_other_open(&s->others[i], &s->views[i], &s->problem, &s->inputs,
                                     s->compare[i], s->ca))
            return false;
        if (!troth_follow_other_name(&s->others[i], s->trust.set.origin, &s->crypto))
            return troth_problem_usage(&s->problem, "--compare: '%s' is too long",
                                       s->compare[i]);
    }
    return true;
}

static bool open_follow(struct session *s)
{
    const struct troth_follow_options options = {
        .name = s->where,
        .place = &s->source.place,
        .trust = &s->trust.set,
        .crypto = &s->crypto,
        .state_path = s->state,
        .filter = s->compiled,
        .views = s->views,
        .view_count = s->view_count,
        .state = s,
        .tell = tell,
        .progress = progress,
    };

    return troth_follow_open(&s->follow, &s->problem, &options);
}

static bool open_all(struct session *s)
{
    const struct troth_fault fault = {troth_provider_create(&s->crypto), NULL, 0};

    if (fault.err)
        return troth_problem_fault(&s->problem, "", &fault);
    if (!check_order(s) ||
        !troth_log_trust_read(&s->trust, &s->problem, &s->inputs, &s->crypto))
        return false;
    if (!s->trust.is_known)
        return troth_log_trust_missing(&s->problem);
    return (!s->filter ||
            troth_follow_filter_create(&s->compiled, &s->problem, s->filter)) &&
           troth_log_source_open(&s->source, &s->problem, s->where, s->ca) &&
           open_views(s) && open_follow(s);
}

static void close_all(struct session *s)
{
    troth_progress_tell(&s->progress, NULL);
    troth_follow_close(s->follow);
    troth_follow_filter_destroy(s->compiled);
    for (size_t i = 0; i < s->view_count; i++)
        troth_follow_other_close(&s->others[i]);
    troth_log_source_close(&s->source);
    troth_inputs_release(&s->inputs);
    troth_provider_destroy(&s->crypto);
}

/* What went wrong this time may be well again the next. */
static void complain_and_go_on(struct session *s)
{
    char line[1024];

    troth_problem_line(line, sizeof line, &s->problem);
    troth_say("error", line);
    s->problem = (struct troth_problem){.name = NULL};
}

/* One look. The status to end with, or -1: there is reason to go on. */
static int look(struct session *s, bool is_first)
{
    struct troth_follow_round round;
    const bool fine = troth_follow_round(&round, &s->problem, s->follow);
    const bool found = round.matches > 0 || round.violations > 0;

    troth_progress_tell(&s->progress, NULL);
    /* What was found before the end was asked for is the answer all the same. */
    if (round.is_stopped && !found)
        return TROTH_STATUS_YES;
    if (fine && (s->once || is_first || found || round.hashed > 0))
        troth_follow_round_print(&round, s->trust.set.origin, s->where, s->json);
    if (found && !fine)
        complain_and_go_on(s); /* what was found is the answer all the same */
    if (found && (s->once || !s->command))
        return TROTH_STATUS_NO;
    if (s->once)
        return fine ? TROTH_STATUS_YES : TROTH_STATUS_UNDETERMINED;
    if (s->problem.name)
        complain_and_go_on(s);
    return -1;
}

static int monitor(struct session *s)
{
    bool is_first = true;
    int status;

    do {
        status = look(s, is_first);
        is_first = false;
        (void)fflush(stdout);
    } while (status < 0 && !wait_or_end(s, (time_t)s->every_s));
    return status < 0 ? TROTH_STATUS_YES : status;
}

static int run(struct session *s, const struct troth_command *command,
               const char *const *words)
{
    const struct troth_parsing parsing = troth_options_parse(s, &s->problem,
                                                             command->options, words);

    s->where = parsing.file;
    s->progress = troth_progress_begin();
    if (parsing.parsed == TROTH_PARSED_HELP) {
        troth_help_print_command(stdout, command);
        return TROTH_STATUS_YES;
    }
    if (parsing.parsed != TROTH_PARSED || !open_all(s))
        return TROTH_STATUS_UNDETERMINED;
    begin_signals(s);
    return monitor(s);
}

int troth_log_monitor_verb(const struct troth_command *command, const char *const *words)
{
    struct session *s = calloc(1, sizeof *s);
    const char **before = s ? words_before_command(s, words) : NULL;
    struct troth_problem memory = {0};
    int status;

    if (!before) {
        free(s);
        (void)troth_problem_memory(&memory);
        return troth_problem_print(&memory, NULL);
    }
    status = run(s, command, before);
    close_all(s);
    if (s->problem.name)
        status = troth_problem_print(
            &s->problem, troth_options_want_json(before) ? "\"event\":\"error\"" : NULL);
    free(before);
    free(s);
    return troth_status_after_output(status);
}
