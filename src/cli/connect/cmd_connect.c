/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/connect/first.h"
#include "cli/connect/serve.h"
#include "cli/help.h"
#include "cli/status.h"
#include "os/file.h"

static const int statuses[] = {
    [TROTH_FIRST_UNREACHED] = TROTH_STATUS_UNDETERMINED,
    [TROTH_FIRST_REFUSED] = TROTH_STATUS_NO,
    [TROTH_FIRST_PROVEN] = TROTH_STATUS_YES,
};

/* Who reads standard output has all there is, while standard input may go on. */
static void end_output(void *state)
{
    const int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);

    (void)state;
    if (nothing < 0)
        return;
    (void)dup2(nothing, STDOUT_FILENO);
    (void)close(nothing);
}

static int pipe_standard(struct troth_first *first, struct troth_teller *teller)
{
    struct troth_connection *connection = first->dial.connection;

    first->dial.heard = end_output;
    if (troth_dial_pipe(&first->dial, STDIN_FILENO, STDOUT_FILENO))
        return TROTH_STATUS_YES;
    troth_tell_refused(teller, connection);
    return troth_connection_reason(connection, NULL) == TROTH_REASON_LAPSED
               ? TROTH_STATUS_NO
               : TROTH_STATUS_UNDETERMINED;
}

/* Of what was proven, before anything rests on it. */
static bool keep_evidence(const struct troth_first *first, struct troth_problem *problem)
{
    const char *path = first->side->order->evidence;
    const struct troth_span evidence = troth_connection_evidence(first->dial.connection);
    int failed;

    if (!path)
        return true;
    if (!evidence.len)
        return troth_problem_memory(problem);
    failed = troth_file_write(path, evidence);
    return !failed || troth_problem_io(problem, "cannot write", path, failed);
}

static int run(struct troth_side *side, struct troth_teller *teller,
               struct troth_problem *problem)
{
    struct troth_first first;
    const enum troth_first_result result = troth_first_prove(&first, side, teller);
    const bool goes_on = result == TROTH_FIRST_PROVEN && keep_evidence(&first, problem);
    int status = problem->name ? TROTH_STATUS_UNDETERMINED : statuses[result];

    if (goes_on && side->order->uses_stdio)
        status = pipe_standard(&first, teller);
    else if (goes_on)
        /* The program behind is told that there is nothing for it to do. */
        troth_connection_end(first.dial.connection);
    troth_first_end(&first);
    return goes_on && !side->order->uses_stdio ? troth_serve(side, teller, problem)
                                               : status;
}

/* What ends a reader of ours must not end this, too. */
static bool ignore_pipes(struct troth_problem *problem)
{
    const struct sigaction ignore = {.sa_handler = SIG_IGN};

    return sigaction(SIGPIPE, &ignore, NULL) == 0 ||
           troth_problem_io(problem, "cannot guard", "this process", errno);
}

static int begin(struct troth_connect_order *order, struct troth_problem *problem)
{
    struct troth_teller teller = {
        .address = order->address,
        .policy = order->common.policy,
        .asks_strict = order->asks == TROTH_LEVEL_STRICT,
    };
    struct troth_side side = {.order = order};
    int status = TROTH_STATUS_UNDETERMINED;

    /* Where data goes to standard output, nothing else does. */
    if (order->common.json)
        teller.json = order->listen ? stdout : stderr;
    if (ignore_pipes(problem) && troth_side_begin(&side, problem, order))
        status = run(&side, &teller, problem);
    troth_side_end(&side);
    return status;
}

int troth_cmd_connect(const struct troth_command *command, const char *const *words)
{
    struct troth_connect_order order;
    struct troth_problem problem = {0};
    int status = TROTH_STATUS_UNDETERMINED;
    const enum troth_parsed parsed = troth_connect_order_parse(&order, &problem,
                                                               command->options, words);

    if (parsed == TROTH_PARSED_HELP) {
        troth_help_print_command(stdout, command);
        status = TROTH_STATUS_YES;
    } else if (parsed == TROTH_PARSED) {
        status = begin(&order, &problem);
    }
    if (problem.name) {
        const int said = troth_problem_print(
            &problem, order.common.json && order.listen ? "\"event\":\"error\"" : NULL);

        status = status == TROTH_STATUS_YES || status == TROTH_STATUS_NO ? said : status;
    }
    troth_connect_order_release(&order);
    return status;
}
