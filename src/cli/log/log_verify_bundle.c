/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_verify.h"

#include "base/span.h"
#include "cli/log/log_complaint.h"
#include "cli/log/log_page.h"
#include "cli/status.h"

/* A fault is an answer, or a problem. */
static bool settle(struct troth_log_verifying *v, const char *subject,
                   const struct troth_fault *fault)
{
    if (!troth_log_sight_refuses(fault))
        return troth_problem_fault(&v->problem, subject, fault);
    v->why = troth_log_refusal(fault);
    return true;
}

static bool judge(struct troth_log_finding *f, struct troth_log_verifying *v,
                  const char *subject)
{
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    struct troth_checkpoint checkpoint;

    if (troth_log_sight_verify(&f->sight, &fault, f->bundle.proof.checkpoint,
                               &v->trust.set, &v->crypto) ||
        troth_log_proof_verify(&checkpoint, &fault, &f->bundle.proof, f->given,
                               &v->trust.set, &v->crypto))
        return settle(v, subject, &fault);
    return true;
}

bool troth_log_verify_find(struct troth_log_finding *out, struct troth_log_verifying *v,
                           const char *subject)
{
    struct troth_fault fault = {TROTH_OK, NULL, 0};

    if (troth_log_sight_parse(&out->sight, &fault, out->bundle.proof.checkpoint))
        return troth_problem_fault(&v->problem, subject, &fault);
    if (!v->trust.is_known)
        return troth_log_trust_missing(&v->problem);
    return judge(out, v, subject) &&
           troth_log_entry_take(&out->entry, &v->problem, &v->inputs,
                                out->bundle.proof.index, out->given);
}

static bool read_bundle(struct troth_log_finding *out, struct troth_log_verifying *v)
{
    const char *subject = troth_inputs_name(v->words[0]);
    struct troth_span text;

    if (!troth_inputs_read(&v->inputs, &v->problem, &text, v->words[0],
                           TROTH_LOG_PROOF_MAX) ||
        !troth_log_bundle_parse(&out->bundle, &v->problem, &v->inputs, subject, text))
        return false;
    out->given = out->bundle.entry;
    if (v->entry)
        return troth_inputs_read(&v->inputs, &v->problem, &out->given, v->entry,
                                 TROTH_LOG_ENTRY_MAX);
    if (out->bundle.has_entry)
        return true;
    (void)troth_problem_usage(&v->problem, "'%s' carries no entry", subject);
    troth_problem_hint(&v->problem, "--entry FILE says which one it is about");
    return false;
}

struct report {
    const struct troth_log_verifying *v;
    const struct troth_log_finding *finding;
};

static void write_json(struct troth_json_writer *w, const void *state)
{
    const struct report *report = state;

    troth_log_verify_json(w, report->v);
    troth_log_sight_json(w, &report->finding->sight);
    troth_log_entry_json(w, &report->finding->entry);
}

static void print_meaning(struct troth_page *page, const struct troth_log_sight *sight)
{
    troth_log_page_text(page, "proves",
                        "this log has signed a tree with this entry in it");
    if (sight->needed > 0)
        troth_log_page_text(page, "and",
                            "as many witnesses as are needed have seen that "
                            "tree, each after a smaller one of the same log");
    troth_log_page_text(page, "proves not", "that what the entry says is true");
    if (sight->needed == 0)
        troth_log_page_text(
            page, "nor", "that others are shown the same tree: no witness is asked for");
}

int troth_log_verify_bundle(struct troth_log_verifying *v)
{
    struct troth_log_finding finding = {.given = {NULL, 0}};
    const struct report report = {v, &finding};
    struct troth_page page = troth_page_of_output();

    if (!read_bundle(&finding, v) ||
        !troth_log_verify_find(&finding, v, troth_inputs_name(v->words[0])))
        return TROTH_STATUS_UNDETERMINED;
    if (v->json) {
        if (!troth_log_json_print(&v->problem, write_json, &report))
            return TROTH_STATUS_UNDETERMINED;
        return v->why ? TROTH_STATUS_NO : TROTH_STATUS_YES;
    }
    (void)troth_log_verify_conclude(&page, v, "the entry is in the log");
    troth_log_sight_print(&page, &finding.sight);
    if (v->why)
        return TROTH_STATUS_NO;
    print_meaning(&page, &finding.sight);
    troth_log_entry_print(&page, &finding.entry);
    return TROTH_STATUS_YES;
}
