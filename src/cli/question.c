/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/question.h"

#include <stdio.h>

#include "cli/complaint.h"
#include "cli/event_file.h"
#include "cli/flag_policy.h"
#include "cli/hints.h"
#include "cli/policy_file.h"
#include "os/clock.h"
#include "policy/policy.h"
#include "troth/log.h"

/* Parsed already here: what is wrong with it is wrong with this file. */
static bool read_log_proof(struct troth_order *order, struct troth_problem *problem)
{
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    struct troth_log_proof proof;

    if (!troth_inputs_read(&order->inputs, problem, &order->log_text, order->log_proof,
                           TROTH_LOG_PROOF_MAX))
        return false;
    return !troth_log_proof_parse(&proof, &fault, order->log_text) ||
           troth_problem_fault(problem, troth_inputs_name(order->log_proof), &fault);
}

static bool read_files(struct troth_order *order, struct troth_problem *problem,
                       const struct troth_crypto *crypto, const char *file)
{
    struct troth_inputs *inputs = &order->inputs;
    bool fine = inputs->evidence.len > 0 ||
                troth_inputs_read_evidence(inputs, problem, file);

    for (size_t i = 0; fine && i < order->collateral.count; i++)
        fine = troth_inputs_read_collateral(inputs, problem, order->collateral.rows[i]);
    if (fine && order->event_log)
        fine = troth_event_file_read(&order->event_text, inputs, problem,
                                     order->event_log);
    if (fine && order->log_proof)
        fine = read_log_proof(order, problem);
    for (size_t i = 0; fine && i < order->roots.count; i++)
        fine = troth_inputs_read_root(inputs, problem, crypto, order->roots.rows[i]);
    return fine;
}

/* The policy that was named, or the one that the flags are short for; NULL: neither. */
static bool read_policy(const struct troth_policy **out, struct troth_order *order,
                        struct troth_problem *problem, const struct troth_crypto *crypto)
{
    *out = order->policy_read;
    if (order->policy && !troth_flags_fit_policy(order, problem))
        return false;
    if (order->policy_read)
        return true;
    if (order->policy)
        return troth_policy_file_read(out, &order->inputs, problem, crypto,
                                      order->policy);
    return troth_flag_policy(out, order, problem, crypto);
}

/* What proves something that nobody asks for is a mistake somewhere. */
static bool wants_log(const struct troth_order *order, struct troth_problem *problem,
                      const struct troth_policy *policy)
{
    if (!order->log_proof || (policy && policy->log.is_made))
        return true;
    (void)troth_problem_usage(problem, "--log-proof is given, and no policy names a log");
    troth_problem_hint(problem, "docs/policy.md says how one does: log:");
    return false;
}

/* What the flags alone still say beside a policy. */
static struct troth_requirements question_of(const struct troth_requirements *r)
{
    return (struct troth_requirements){
        .has_nonce = r->has_nonce,
        .nonce = r->nonce,
        .has_binding = r->has_binding,
        .binding = r->binding,
    };
}

static bool judge(struct troth_question *q, struct troth_problem *problem,
                  const struct troth_policy *policy)
{
    struct troth_order *order = q->order;
    struct troth_inputs *in = &order->inputs;
    const struct troth_anchors anchors = {in->anchors, in->anchor_count};
    const struct troth_requirements question = question_of(&order->requirements);
    const size_t room = TROTH_VERIFY_ARENA_SIZE +
                        (order->event_log ? TROTH_EVENT_LOG_ARENA_SIZE : 0) +
                        (order->log_proof ? TROTH_LOG_PROOF_ARENA_SIZE : 0);
    struct troth_arena arena = {troth_inputs_allocate(in, problem, room), room, 0};
    const struct troth_verify_input input = {
        .evidence = in->evidence,
        .collateral = {in->items, in->item_count},
        .anchors = in->anchors ? &anchors : NULL,
        .crypto = q->crypto,
        .clock = order->clock,
        .arena = &arena,
        .requirements = policy ? &question : &order->requirements,
        .policy = policy,
        .nonce_made_s = order->nonce_made_s,
        .event_log = order->event_text,
        .log_proof = order->log_text,
        .wanted_events = order->events,
        .wanted_event_count = order->event_count,
    };
    struct troth_showing showing = {NULL, NULL, {NULL, 0}};
    struct troth_fault fault = {TROTH_OK, NULL, 0};

    if (!arena.base)
        return false;
    if (!troth_verify(&q->result, &fault, &input))
        return true;
    arena.used = 0;
    if (troth_show_unverified(&showing, NULL, in->evidence, &arena))
        showing.claims.count = 0;
    troth_complaint(problem, &fault, troth_inputs_name(q->file), &order->requirements,
                    &showing.claims);
    return false;
}

bool troth_question_ask(struct troth_question *question, struct troth_problem *problem,
                        struct troth_order *order, const struct troth_crypto *crypto,
                        const char *file)
{
    const struct troth_policy *policy;

    question->order = order;
    question->crypto = crypto;
    question->file = file;
    if (order->requirements.has_binding &&
        !troth_complaint_binding(problem, crypto, order->requirements.binding))
        return false;
    if (!read_files(order, problem, crypto, file) ||
        !read_policy(&policy, order, problem, crypto) ||
        !wants_log(order, problem, policy))
        return false;
    if (order->clock.kind == TROTH_CLOCK_NOW)
        order->clock.at_s = troth_clock_now_s();
    troth_supplement_begin(&question->supplement, order, crypto);
    return judge(question, problem, policy);
}

void troth_question_end(struct troth_question *question)
{
    troth_supplement_end(&question->supplement);
}

void troth_question_hint(const struct troth_question *question)
{
    char command[TROTH_COMMAND_ROOM];

    if (fflush(stdout) != 0)
        return;
    troth_supplement_tell(&question->supplement);
    troth_supplement_command(command, question->order, question->file);
    troth_hints_print(&question->result, command);
}
