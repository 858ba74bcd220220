/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_complaint.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "os/cause.h"
#include "os/secret.h"

/* clang-format off */
/* What helps. */
static const struct {
    int failed;
    const char *hint;
} hints[] = {
    {EBUSY, "the process that has it takes entries at its inside door: 'troth log append --to URL'"},
    {ESTALE, "another process leads this log now: 'troth log append --to URL' asks that one"},
    {EPROTO, "is this the address of a log?"},
};
/* clang-format on */

static const char *hint_for(int failed)
{
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
        if (hints[i].failed == failed)
            return hints[i].hint;
    return NULL;
}

void troth_log_complaint_line(char *out, size_t size, const struct troth_log_problem *why)
{
    char cause[TROTH_CAUSE_MAX];

    troth_cause_text(cause, why->failed);
    if (cause[0] >= 'A' && cause[0] <= 'Z' && cause[1] >= 'a' && cause[1] <= 'z')
        cause[0] = (char)(cause[0] - 'A' + 'a');
    (void)snprintf(out, size, "%s", why->text[0] ? why->text : cause);
}

bool troth_log_complain(struct troth_problem *problem, const char *subject,
                        const struct troth_log_problem *why)
{
    const char *hint = hint_for(why->failed);
    char line[TROTH_LOG_PROBLEM_ROOM + TROTH_CAUSE_MAX];

    if (why->failed == ENOMEM)
        return troth_problem_memory(problem);
    troth_log_complaint_line(line, sizeof line, why);
    *problem = (struct troth_problem){.name = "IO"};
    (void)snprintf(problem->subject, sizeof problem->subject, "%s", subject);
    (void)snprintf(problem->text, sizeof problem->text, "%.120s%s%s", subject,
                   *subject ? ": " : "", line);
    if (hint)
        troth_problem_hint(problem, "%s", hint);
    return false;
}

bool troth_log_complain_key(struct troth_problem *problem, const char *path, int failed)
{
    if (failed == ENOMEM)
        return troth_problem_memory(problem);
    (void)troth_problem_io(problem, "cannot read", path, failed);
    if (failed == EFBIG)
        return troth_problem_usage(problem, "'%s' is longer than %zu bytes", path,
                                   TROTH_SECRET_MAX);
    if (failed == EPERM) {
        (void)troth_problem_usage(problem, "'%s' is a secret that others may read", path);
        troth_problem_hint(problem, "chmod 600 '%s'", path);
    }
    return false;
}

bool troth_log_complain_no_key(struct troth_problem *problem, const char *path,
                               const char *kind)
{
    (void)troth_problem_usage(problem, "'%s' is no %s private key", path, kind);
    troth_problem_hint(problem,
                       "PEM without a passphrase: openssl genpkey -algorithm %s -out "
                       "key.pem",
                       kind);
    return false;
}

/* clang-format off */
/* What faults mean here; the first row that fits. OK: any error. */
static const struct {
    const char *field;
    enum troth_err err;
    const char *says;
} refusals[] = {
    {"checkpoint.origin", TROTH_OK, "the checkpoint is another log's"},
    {"checkpoint.log_signature", TROTH_ERR_MISSING, "the log's key has not signed the checkpoint"},
    {"checkpoint.log_signature", TROTH_OK, "the signature in the log's name is not good"},
    {"checkpoint.cosignatures", TROTH_ERR_MISSING, "too few of the trusted witnesses have cosigned the checkpoint"},
    {"checkpoint.cosignatures", TROTH_OK, "a signature in a trusted witness's name is not good"},
    {"proof.index", TROTH_OK, "the tree that was signed has no entry of that index"},
    {"proof.path", TROTH_OK, "the hashes do not lead from this entry to the root that was signed"},
    {"record.commitments", TROTH_ERR_MISSING, "the entry commits to no such field"},
    {"record.commitments", TROTH_OK, "the entry commits to another value than this"},
};
/* clang-format on */

const char *troth_log_refusal(const struct troth_fault *fault)
{
    const char *field = fault->field ? fault->field : "";

    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        if (strcmp(refusals[i].field, field) == 0 &&
            (refusals[i].err == TROTH_OK || refusals[i].err == fault->err))
            return refusals[i].says;
    return troth_err_text(fault->err);
}
