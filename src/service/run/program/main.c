/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/lock.h"
#include "os/standard.h"
#include "service/run/front.h"
#include "service/run/program/made.h"
#include "service/run/program/say.h"
#include "service/run/restarts.h"
#include "service/run/state.h"
#include "troth/attester.h"
#include "troth/provider.h"

/* The service manager's words, which nothing below is to see. */
static void open_notify(struct troth_run_notify *out)
{
    static const char *const names[] = {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"};

    /* One thread. NOLINTBEGIN(concurrency-mt-unsafe) */
    troth_run_notify_open(out, getenv(names[0]), getenv(names[1]), getenv(names[2]));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        (void)unsetenv(names[i]);
    /* NOLINTEND(concurrency-mt-unsafe) */
}

static bool fail(struct troth_problem *problem, const char *what,
                 const struct troth_sandbox_fault *fault)
{
    char text[96];

    (void)snprintf(text, sizeof text, "cannot %s", what);
    return troth_problem_io(problem, text, *fault->path ? fault->path : fault->step,
                            fault->error);
}

/* What cannot be made up for later. */
static bool check(struct troth_problem *problem)
{
    struct troth_sandbox_fault fault;

    if (geteuid() != 0) {
        (void)troth_problem_io(problem, "cannot start", "a program as another user",
                               EPERM);
        troth_problem_hint(problem, "it takes root: sudo troth run ...");
        return false;
    }
    if (troth_sandbox_check(&fault))
        return true;
    (void)fail(problem, "hold a program in", &fault);
    troth_problem_hint(problem,
                       "this kernel lacks %s: Linux 5.13 or later has it, unless it "
                       "is switched off",
                       fault.step);
    return false;
}

/* Is there a register for events? */
static bool ask_device(struct troth_problem *problem, bool *out_records,
                       const struct troth_run_order *order)
{
    struct troth_attester *attester;
    struct troth_attester_fault fault;

    *out_records = false;
    if (!troth_attester_open(&attester, &fault)) {
        (void)troth_problem_io(problem, "cannot use",
                               fault.path[0] ? fault.path : "an attestation device",
                               fault.error);
        if (fault.error == ENODEV)
            troth_problem_hint(problem,
                               "nothing vouches for this machine; 'troth-sim run' "
                               "simulates one that does");
        return false;
    }
    *out_records = troth_attester_register(attester) != NULL;
    if (!*out_records && order->run_file && !order->image_holds_run_file) {
        (void)troth_problem_usage(problem,
                                  "--run-file: this machine (%s) has no register that it "
                                  "could be measured into",
                                  troth_attester_kind(attester));
        troth_problem_hint(problem, "--image-holds-run-file, if the image's own "
                                    "measurement covers the file");
    }
    troth_attester_close(attester);
    return *out_records || !order->run_file || order->image_holds_run_file;
}

/* An outbound door at a port of the system's choice, but that which clients are brought
 * to: that is the program's. */
static bool open_outbound(struct troth_run_doors *doors, uint16_t upstream,
                          struct troth_sandbox_fault *fault)
{
    bool is_open = troth_sandbox_listen(&doors->outbound_listener, &doors->proxy_port,
                                        doors->network, 0, fault);
    int first;

    if (!is_open || doors->proxy_port != upstream)
        return is_open;
    first = doors->outbound_listener; /* kept meanwhile: so it is another one */
    is_open = troth_sandbox_listen(&doors->outbound_listener, &doors->proxy_port,
                                   doors->network, 0, fault);
    (void)close(first);
    return is_open;
}

/* The folder, the outer address, the network inside. */
static bool open_doors(struct troth_run_doors *doors, struct troth_problem *problem,
                       const struct troth_run_plan *plan)
{
    struct troth_sandbox_fault fault;
    int failed;

    if (!troth_run_state_take(&doors->lock, &fault, plan)) {
        (void)fail(problem, fault.step, &fault);
        if (fault.error == EBUSY)
            troth_problem_hint(problem, "another troth-run has it: --state DIR names one "
                                        "of its own");
        return false;
    }
    failed = troth_local_socket_listen(&doors->socket, plan->places.socket, 0666);
    if (!failed)
        failed = troth_local_socket_give(&doors->socket, plan->agent.user,
                                         plan->agent.group);
    if (failed)
        return troth_problem_io(problem, "cannot listen at", plan->places.socket, failed);
    doors->listener = troth_address_listen(&plan->address);
    if (doors->listener < 0)
        return troth_problem_io(problem, "cannot listen at", plan->listen, errno);
    if (!troth_sandbox_network(&doors->network, &fault))
        return fail(problem, "make a network for", &fault);
    if (troth_run_plan_has_outbound(plan) && !open_outbound(doors, plan->port, &fault))
        return fail(problem, "listen inside:", &fault);
    return true;
}

static void close_doors(struct troth_run_doors *doors)
{
    const int all[] = {doors->listener, doors->network, doors->outbound_listener};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i] >= 0)
            (void)close(all[i]);
    troth_local_socket_close(&doors->socket);
    troth_lock_release(doors->lock);
}

static int serve(struct troth_run_made *made, struct troth_problem *problem,
                 const struct troth_run_notify *notify)
{
    struct troth_run_keeping keeping = {
        .plan = &made->plan,
        .doors = {.listener = -1,
                  .network = -1,
                  .outbound_listener = -1,
                  .lock = -1,
                  .socket = {.descriptor = -1, .lock = -1}},
        .front = -1,
        .say = troth_run_say,
    };
    int status = -1;

    if (!open_doors(&keeping.doors, problem, &made->plan)) {
        close_doors(&keeping.doors);
        return troth_run_say_problem(problem);
    }
    status = troth_run_front(&keeping, notify);
    if (status < 0) {
        (void)troth_problem_io(problem, "cannot start", "a process namespace", errno);
        status = troth_run_say_problem(problem);
    }
    close_doors(&keeping.doors);
    return status;
}

/* A run file may hold what nobody else is to see, in a dump neither; and what is made
 * here is for nobody else to write, the agent's log among it. */
static bool guard(void)
{
    const struct rlimit none = {0, 0};

    (void)umask(umask(077) | 022);
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && setrlimit(RLIMIT_CORE, &none) == 0;
}

static int run(const struct troth_run_order *order, struct troth_run_made *made,
               const struct troth_crypto *crypto, struct troth_problem *problem)
{
    struct troth_run_notify notify;
    bool records;
    int status;

    if (!troth_run_made_begin(made, problem, order, crypto))
        return troth_run_say_problem(problem);
    if (order->measure)
        return troth_run_say_measure(&made->measure, order->json);
    open_notify(&notify);
    if (check(problem) && ask_device(problem, &records, order) &&
        troth_run_made_finish(made, problem, order, records))
        status = serve(made, problem, &notify);
    else
        status = troth_run_say_problem(problem);
    troth_run_notify_close(&notify);
    return status;
}

int main(int argc, char **argv)
{
    struct troth_run_made made = {.plan = {.listen = NULL}};
    struct troth_run_order order;
    struct troth_problem problem = {0};
    struct troth_crypto crypto;
    bool wants_help = false;
    int status = troth_standard_hold();

    (void)argc;
    if (status || !guard())
        return TROTH_RUN_STATUS_NOT_RUN;
    if (!troth_run_order_parse(&order, &problem, &wants_help,
                               (const char *const *)argv + 1))
        return troth_run_say_problem(&problem);
    if (wants_help) {
        troth_run_say_help();
        return 0;
    }
    if (troth_provider_openssl_create(&crypto)) {
        (void)troth_problem_memory(&problem);
        return troth_run_say_problem(&problem);
    }
    status = run(&order, &made, &crypto, &problem);
    troth_run_made_release(&made);
    troth_provider_openssl_destroy(&crypto);
    return status;
}
