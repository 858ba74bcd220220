/* SPDX-License-Identifier: Apache-2.0 */
#include "service/agent/agent.h"

#include <errno.h>
#include <stdlib.h>

#include "base/wipe.h"
#include "os/clock.h"

/* An application's key for as long as this process lives; it is not a channel's. */
static bool make_key(struct troth_agent *agent)
{
    struct troth_writer w = troth_writer_over(agent->spki, sizeof agent->spki);
    struct troth_span spki;

    if (troth_signer_generate(&agent->key))
        return false;
    troth_spki_p256_write(&w, agent->key.key.point);
    return troth_writer_finish(&w, &spki) == TROTH_OK && spki.len == sizeof agent->spki;
}

static void learn(struct troth_agent *agent)
{
    const struct troth_attester *attester = agent->options.attester;

    agent->device = troth_attester_device(attester);
    agent->kind = troth_attester_kind(attester);
    agent->register_claim = troth_attester_register(attester);
    agent->begun_s = troth_clock_boot_s();
}

static int load_events(struct troth_agent *agent)
{
    if (troth_events_init(&agent->events))
        return ENOMEM;
    if (!agent->options.events_path || !agent->register_claim)
        return 0;
    return troth_events_load(&agent->events, agent->options.events_path,
                             agent->register_claim);
}

static int fill(struct troth_agent *agent)
{
    const struct troth_prover_options prover = {
        .attester = agent->options.attester,
        .crypto = agent->options.crypto,
        .epoch_s = agent->options.epoch_s,
        .timeout_ms = agent->options.timeout_ms,
    };
    int failed;

    learn(agent);
    agent->page = malloc(TROTH_AGENT_PAGE_MAX);
    agent->scratch = malloc(TROTH_AGENT_SCRATCH_SIZE);
    if (!agent->page || !agent->scratch)
        return ENOMEM;
    failed = load_events(agent);
    if (failed)
        return failed;
    if (!make_key(agent) || troth_prover_create(&agent->prover, &prover))
        return ENOMEM;
    return troth_work_open(&agent->work, agent->options.base, agent->options.attester);
}

int troth_agent_create(struct troth_agent **out,
                       const struct troth_agent_options *options)
{
    struct troth_agent *agent = calloc(1, sizeof *agent);
    int failed = ENOMEM;

    *out = NULL;
    if (agent) {
        agent->options = *options;
        failed = fill(agent);
    }
    if (failed)
        (void)troth_agent_destroy(agent);
    else
        *out = agent;
    return failed;
}

bool troth_agent_destroy(struct troth_agent *agent)
{
    bool is_free;

    if (!agent)
        return true;
    troth_door_close(agent->door);
    agent->door = NULL;
    is_free = troth_work_close(agent->work);
    troth_prover_destroy(agent->prover);
    troth_signer_destroy(&agent->key);
    if (!is_free)
        return false;
    troth_events_finish(&agent->events);
    if (agent->page)
        troth_wipe(agent->page, TROTH_AGENT_PAGE_MAX);
    free(agent->page);
    free(agent->scratch);
    free(agent);
    return true;
}

static void count_quote(struct troth_counters *counters, const struct troth_job *job)
{
    if (job->is_done)
        counters->made++;
    else if (job->fault.error == ETIMEDOUT)
        counters->timed_out++;
    else
        counters->failed++;
}

void troth_agent_note(struct troth_agent *agent, const struct troth_job *job)
{
    if (job->kind == TROTH_JOB_QUOTE)
        count_quote(&agent->counters, job);
    /* What a device does not have is no failure of it. */
    if (!job->is_done && job->fault.error == ENOTSUP)
        return;
    agent->is_failing = !job->is_done;
    if (!job->is_done)
        agent->last_fault = job->fault;
}
