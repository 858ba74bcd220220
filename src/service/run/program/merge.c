/* SPDX-License-Identifier: Apache-2.0 */
#include "service/run/program/merge.h"

#include <netinet/in.h>
#include <string.h>

#include "service/run/rules.h"

/* One thing that may be said in two places. */
struct choice {
    const char *option, *key;
    const char *given, *written;       /* by the option, by the file */
    const struct troth_run_rule *rule; /* of the option's; the file's obeys already */
    const char **out;
};

static bool is_said_twice(struct troth_problem *problem, const char *option,
                          const char *key)
{
    (void)troth_problem_usage(problem, "--%s: the run file says '%s' already", option,
                              key);
    troth_problem_hint(problem, "what is in the run file is measured: it is not changed "
                                "by an option");
    return false;
}

static bool choose(struct troth_problem *problem, const struct choice *c)
{
    if (c->given && c->written)
        return is_said_twice(problem, c->option, c->key);
    if (c->given && c->rule && !c->rule->holds(c->given)) {
        (void)troth_problem_usage(problem, "--%s: '%s' %s", c->option, c->given,
                                  c->rule->why);
        if (c->rule->hint)
            troth_problem_hint(problem, "%s", c->rule->hint);
        return false;
    }
    *c->out = c->given ? c->given : c->written;
    return true;
}

static bool choose_list(struct troth_problem *problem, struct troth_run_words *out,
                        const char *names[2], struct troth_run_words given,
                        struct troth_run_words written)
{
    if (given.count && written.rows)
        return is_said_twice(problem, names[0], names[1]);
    *out = given.count ? given : written;
    return true;
}

bool troth_run_merge_program(struct troth_run_made *made, struct troth_problem *problem,
                             const struct troth_run_order *order)
{
    const char *const *written = made->file.program.rows;

    if (order->program && written) {
        (void)troth_problem_usage(problem, "the run file names the program already");
        troth_problem_hint(problem, "either `program` in the file or what stands behind "
                                    "--");
        return false;
    }
    made->plan.sandbox.argv = written ? written : order->program;
    if (made->plan.sandbox.argv)
        return true;
    (void)troth_problem_usage(problem, "no program is named");
    troth_problem_hint(problem, order->run_file
                                    ? "`program` in the run file, or behind --"
                                    : "it stands behind --");
    return false;
}

static bool merge_texts(struct troth_run_made *made, struct troth_problem *problem,
                        const struct troth_run_order *order)
{
    const struct troth_run_file *file = &made->file;
    struct troth_run_plan *plan = &made->plan;
    const struct choice rows[] = {
        {"listen", "listen", order->listen, file->listen, &troth_run_rule_listen,
         &plan->listen},
        {"upstream", "upstream", order->upstream, file->upstream,
         &troth_run_rule_upstream, &plan->upstream},
        {"ask", "ask", order->ask, file->ask, &troth_run_rule_ask, &plan->ask},
        {"policy", "policy", order->policy, file->policy, NULL, &plan->policy},
        {"certificate", "certificate", order->certificate, file->certificate, NULL,
         &plan->certificate},
        {"key", "key", order->key, file->key, NULL, &plan->key},
    };

    if (order->upstream && file->upstream_outside)
        return is_said_twice(problem, "upstream", "upstream_outside");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!choose(problem, &rows[i]))
            return false;
    plan->upstream_outside = file->upstream_outside;
    return true;
}

static bool merge_lists(struct troth_run_made *made, struct troth_problem *problem,
                        const struct troth_run_order *order)
{
    const char *roots[2] = {"root", "roots"};
    const char *collateral[2] = {"collateral", "collateral"};

    return choose_list(problem, &made->plan.roots, roots,
                       (struct troth_run_words){order->roots, order->root_count},
                       made->file.roots) &&
           choose_list(
               problem, &made->plan.collateral, collateral,
               (struct troth_run_words){order->collateral, order->collateral_count},
               made->file.collateral);
}

/* What there is no channel without. */
static bool check(const struct troth_run_plan *plan, struct troth_problem *problem)
{
    if (!plan->listen) {
        (void)troth_problem_usage(problem, "--listen is missing: where clients come");
        troth_problem_hint(problem, "--listen 0.0.0.0:8443, or `listen` in the run file");
        return false;
    }
    if (!plan->upstream && !plan->upstream_outside) {
        (void)troth_problem_usage(problem,
                                  "--upstream is missing: where the program answers");
        troth_problem_hint(problem, "--upstream 127.0.0.1:8000, or `upstream` in the run "
                                    "file");
        return false;
    }
    return true;
}

static void take_addresses(struct troth_run_plan *plan)
{
    struct troth_address upstream;
    struct sockaddr_in v4;

    /* The rules have read both before. */
    if (troth_address_parse(&plan->address, plan->listen) || !plan->upstream ||
        troth_address_parse(&upstream, plan->upstream) ||
        upstream.socket.ss_family != AF_INET)
        return;
    memcpy(&v4, &upstream.socket, sizeof v4);
    plan->port = ntohs(v4.sin_port);
}

bool troth_run_merge(struct troth_run_made *made, struct troth_problem *problem,
                     const struct troth_run_order *order)
{
    const struct troth_run_file *file = &made->file;
    struct troth_run_plan *plan = &made->plan;

    if (!merge_texts(made, problem, order) || !merge_lists(made, problem, order) ||
        !check(plan, problem))
        return false;
    take_addresses(plan);
    plan->allow = file->outbound;
    plan->allow_plain = file->outbound_plain;
    plan->restart = file->restart;
    plan->environment = file->environment;
    plan->sandbox.limits = (struct troth_sandbox_limits){
        file->limits.memory, file->limits.files, file->limits.processes};
    return true;
}
