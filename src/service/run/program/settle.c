/* SPDX-License-Identifier: Apache-2.0 */
#include "service/run/program/settle.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/writer.h"
#include "os/beside.h"
#include "os/local_socket.h"
#include "os/process.h"
#include "service/run/state.h"

enum { TEXT_MAX = TROTH_RUN_STATE_PATH_MAX + 64 };

#define TEXT(number)  #number
#define TEXT_OF(name) TEXT(name)

/* Texts live as long as what is made. */
__attribute__((format(printf, 3, 4))) static const char *
compose(struct troth_run_made *made, struct troth_problem *problem, const char *format,
        ...)
{
    char *text = troth_inputs_allocate(&made->inputs, problem, TEXT_MAX);
    va_list arguments;

    if (!text)
        return NULL;
    va_start(arguments, format);
    (void)vsnprintf(text, TEXT_MAX, format, arguments);
    va_end(arguments);
    return text;
}

/* ---- users ---- */

static bool find_program_user(struct troth_run_made *made, struct troth_problem *problem)
{
    struct troth_run_plan *plan = &made->plan;
    struct troth_sandbox *sandbox = &plan->sandbox;
    const char *name = made->file.user;
    const int failed = name ? troth_process_find_user(&sandbox->user, &sandbox->group,
                                                      name)
                            : 0;

    if (failed)
        return troth_problem_io(problem, "user: cannot find", name, failed);
    if (!name)
        sandbox->user = sandbox->group = TROTH_RUN_PROGRAM_USER;
    if (sandbox->user == 0)
        return troth_problem_usage(problem, "user: '%s' is root", name);
    if (sandbox->user == plan->agent.user || sandbox->user == plan->outbound.user)
        return troth_problem_usage(problem, "user: '%s' is not the program's alone",
                                   name ? name : TEXT_OF(TROTH_RUN_PROGRAM_USER));
    return true;
}

static bool find_users(struct troth_run_made *made, struct troth_problem *problem)
{
    struct troth_run_user *agent = &made->plan.agent;

    if (troth_process_find_user(&agent->user, &agent->group, TROTH_RUN_AGENT_NAME))
        *agent = (struct troth_run_user){TROTH_RUN_AGENT_USER, TROTH_RUN_AGENT_USER};
    made->plan.outbound = (struct troth_run_user){TROTH_RUN_OUTBOUND_USER,
                                                  TROTH_RUN_OUTBOUND_USER};
    return find_program_user(made, problem);
}

/* ---- programs ---- */

static bool find_beside(struct troth_run_made *made, struct troth_problem *problem,
                        const char **out, const char *name)
{
    char path[TROTH_BESIDE_MAX];
    int failed = troth_beside_find(path, name);

    if (!failed && access(path, X_OK) != 0)
        failed = errno;
    if (failed) {
        (void)troth_problem_io(problem, "cannot run", *path ? path : name, failed);
        troth_problem_hint(problem, "%s belongs in the same folder as troth-run", name);
        return false;
    }
    *out = compose(made, problem, "%s", path);
    return *out != NULL;
}

static bool find_programs(struct troth_run_made *made, struct troth_problem *problem)
{
    struct troth_run_plan *plan = &made->plan;

    return find_beside(made, problem, &plan->agent_path, "troth-agent") &&
           (!troth_run_plan_has_outbound(plan) ||
            find_beside(made, problem, &plan->outbound_path, "troth-outbound"));
}

/* ---- the state folder ---- */

static bool is_in(const char *folder, const char *path)
{
    const size_t len = strlen(folder);

    return strncmp(path, folder, len) == 0 && path[len] == '/' &&
           !strchr(path + len + 1, '/');
}

static bool make_state(struct troth_run_made *made, struct troth_problem *problem,
                       const char *given)
{
    struct troth_run_places *places = &made->plan.places;
    struct troth_sandbox_fault fault;
    char path[TROTH_RUN_STATE_PATH_MAX], what[64];

    if (!troth_run_state_make(path, &fault, given, made->plan.agent)) {
        (void)snprintf(what, sizeof what, "--state: cannot %s", fault.step);
        (void)troth_problem_io(problem, what, fault.path, fault.error);
        if (fault.error == ENOTEMPTY)
            troth_problem_hint(problem,
                               "a state folder is a new or empty one, or was one "
                               "before: it becomes the agent's");
        return false;
    }
    places->state = compose(made, problem, "%s", path);
    places->lock = compose(made, problem, "%s/lock", path);
    places->socket = compose(made, problem, "%s/agent.sock", path);
    places->events = compose(made, problem, "%s/events.json", path);
    places->program = compose(made, problem, "%s/program", path);
    if (!places->state || !places->lock || !places->socket || !places->events ||
        !places->program)
        return false;
    if (strlen(places->socket) < TROTH_LOCAL_SOCKET_PATH_MAX)
        return true;
    (void)troth_problem_usage(problem, "--state: '%s' is too long for a socket's path",
                              path);
    return false;
}

static bool check_upstream(const struct troth_run_plan *plan,
                           struct troth_problem *problem)
{
    if (!plan->upstream || plan->port || is_in(plan->places.program, plan->upstream))
        return true;
    (void)troth_problem_usage(problem, "upstream: '%s' is not in the program's folder",
                              plan->upstream);
    troth_problem_hint(problem, "%s/NAME: seen and writable inside, at the same path",
                       plan->places.program);
    return false;
}

/* ---- what is seen ---- */

static bool has(const char *const *rows, size_t count, const char *path)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(rows[i], path) == 0)
            return true;
    return false;
}

/* Where the program starts is seen, unless that is everything. */
static bool choose_read(struct troth_run_made *made, struct troth_problem *problem)
{
    static const char *const usual[] = {"/usr",   "/bin",   "/sbin",   "/lib",
                                        "/lib32", "/lib64", "/libx32", "/etc"};
    enum { USUAL = sizeof usual / sizeof *usual };
    struct troth_sandbox *sandbox = &made->plan.sandbox;
    const char **rows = troth_inputs_allocate(&made->inputs, problem,
                                              (USUAL + 2) * sizeof *rows);
    struct stat there;
    size_t count = 0;

    if (!rows)
        return false;
    for (size_t i = 0; i < USUAL; i++)
        if (lstat(usual[i], &there) == 0)
            rows[count++] = usual[i];
    if (strcmp(sandbox->directory, "/") != 0 && !has(rows, count, sandbox->directory) &&
        !has(made->file.write.rows, made->file.write.count, sandbox->directory))
        rows[count++] = sandbox->directory;
    sandbox->read = rows;
    sandbox->read_count = count;
    return true;
}

/* What the run file says, and the program's own folder. */
static bool choose_write(struct troth_run_made *made, struct troth_problem *problem)
{
    const struct troth_run_words given = made->file.write;
    struct troth_sandbox *sandbox = &made->plan.sandbox;
    const char **rows = troth_inputs_allocate(&made->inputs, problem,
                                              (given.count + 2) * sizeof *rows);

    if (!rows)
        return false;
    for (size_t i = 0; i < given.count; i++)
        rows[i] = given.rows[i];
    rows[given.count] = made->plan.places.program;
    sandbox->write = rows;
    sandbox->write_count = given.count + 1;
    return true;
}

/* What is written that a path is in, or is; NULL: nothing. */
static const char *written(const struct troth_sandbox *sandbox, const char *path)
{
    for (size_t i = 0; path && i < sandbox->write_count; i++) {
        const size_t len = strlen(sandbox->write[i]);

        if (strncmp(path, sandbox->write[i], len) == 0 &&
            (path[len] == '\0' || path[len] == '/'))
            return sandbox->write[i];
    }
    return NULL;
}

static bool complain_of_written(struct troth_problem *problem, const char *key,
                                const char *path, const char *folder)
{
    (void)troth_problem_usage(problem, "%s: '%s' is in '%s', which the program may write",
                              key, path, folder);
    troth_problem_hint(problem, "what clients are judged by, and who this is to "
                                "them, is not the program's to change");
    return false;
}

static bool check_written(const struct troth_run_plan *plan,
                          struct troth_problem *problem)
{
    const struct {
        const char *key;
        struct troth_run_words paths;
    } rows[] = {
        {"policy", {&plan->policy, 1}},           {"roots", plan->roots},
        {"collateral", plan->collateral},         {"key", {&plan->key, 1}},
        {"certificate", {&plan->certificate, 1}},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t k = 0; k < rows[i].paths.count; k++) {
            const char *path = rows[i].paths.rows[k];
            const char *folder = written(&plan->sandbox, path);

            if (folder)
                return complain_of_written(problem, rows[i].key, path, folder);
        }
    return true;
}

static bool choose_directory(struct troth_run_made *made, struct troth_problem *problem,
                             const struct troth_run_order *order)
{
    struct troth_sandbox *sandbox = &made->plan.sandbox;
    char here[TROTH_RUN_STATE_PATH_MAX];

    sandbox->directory = made->file.directory ? made->file.directory : "/";
    if (order->run_file)
        return true;
    if (!getcwd(here, sizeof here))
        return troth_problem_io(problem, "cannot find", ".", errno);
    sandbox->directory = compose(made, problem, "%s", here);
    return sandbox->directory != NULL;
}

static bool choose_paths(struct troth_run_made *made, struct troth_problem *problem,
                         const struct troth_run_order *order)
{
    const struct troth_run_words read = made->file.read;
    struct troth_sandbox *sandbox = &made->plan.sandbox;

    if (!choose_directory(made, problem, order) || !choose_write(made, problem) ||
        !check_written(&made->plan, problem))
        return false;
    if (!read.rows && !choose_read(made, problem))
        return false;
    if (read.rows) {
        sandbox->read = read.rows;
        sandbox->read_count = read.count;
    }
    sandbox->socket = made->plan.places.socket;
    if (sandbox->read_count > TROTH_SANDBOX_PATHS_MAX ||
        sandbox->write_count > TROTH_SANDBOX_PATHS_MAX)
        return troth_problem_usage(problem, "read, write: no more than %d paths",
                                   TROTH_SANDBOX_PATHS_MAX);
    return true;
}

/* ---- events ---- */

static const char *event_of(struct troth_run_made *made, struct troth_problem *problem,
                            const char *name, const uint8_t digest[static 32])
{
    uint8_t hex[64];
    struct troth_writer w = troth_writer_over(hex, sizeof hex);

    troth_write_hex(&w, (struct troth_span){digest, 32});
    return compose(made, problem, "%s=%.*s", name, (int)w.len, (const char *)hex);
}

static bool name_events(struct troth_run_made *made, struct troth_problem *problem)
{
    struct troth_run_plan *plan = &made->plan;

    plan->events[0] = event_of(made, problem, TROTH_RUN_EVENT_FILE,
                               made->measure.run_file);
    plan->events[1] = event_of(made, problem, TROTH_RUN_EVENT_PROGRAM,
                               made->measure.program);
    return plan->events[0] && plan->events[1];
}

bool troth_run_settle(struct troth_run_made *made, struct troth_problem *problem,
                      const struct troth_run_order *order, bool records)
{
    return find_users(made, problem) && find_programs(made, problem) &&
           make_state(made, problem, order->state) &&
           check_upstream(&made->plan, problem) && choose_paths(made, problem, order) &&
           (!records || name_events(made, problem));
}
