/* SPDX-License-Identifier: Apache-2.0 */
#include "test/support/starter.h"

#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "evidence/format.h"
#include "policy/starter.h"
#include "test/harness.h"
#include "test/support/policy.h"

#define FINDINGS_MAX 1024

static void allow_everything(struct trial *t)
{
    static struct troth_span findings[FINDINGS_MAX];
    size_t count = 0;

    for (const struct troth_format *const *f = troth_formats(); *f; f++)
        for (size_t i = 0; (*f)->findings[i]; i++) {
            if (count == FINDINGS_MAX)
                abort();
            findings[count++] = troth_span_of_text((*f)->findings[i]);
        }
    t->requirements.allow = (struct troth_names){findings, count};
}

/* A report that a lower privilege level asked for is no reason against a policy. */
static bool is_accepted(const struct trial *t)
{
    return strcmp(t->line, "accepted") == 0 ||
           (strcmp(t->line, "refused: requester") == 0 &&
            trial_find(t, TROTH_CHECK_REQUESTER, NULL)->flag);
}

/* The evidence's own, which lives until the trial is reset. */
static void ask_for_its_nonce(struct trial *t)
{
    const struct troth_claim *nonce = troth_claims_find(&t->result.claims,
                                                        TROTH_LITERAL("nonce"));

    t->requirements = (struct troth_requirements){.has_nonce = true};
    if (nonce && nonce->value.type == TROTH_VALUE_BYTES)
        t->requirements.nonce = trial_keep(t, nonce->value.bytes);
}

const char *starter_judge(struct trial *t, const char **out_policy,
                          struct troth_span evidence, int64_t at_s)
{
    static char text[TROTH_STARTER_ROOM + 1];
    struct troth_writer w = troth_writer_over((uint8_t *)text, sizeof text - 1);

    *out_policy = "";
    t->policy = NULL;
    t->requirements = (struct troth_requirements){.any = {t->any, 0}};
    trial_require(t, TRIAL_ANY);
    allow_everything(t);
    (void)trial_judge(t, evidence, at_s);
    if (!is_accepted(t))
        return t->line;
    troth_starter_write(&w, TROTH_LITERAL("starter"), &t->result);
    CHECK(!w.full);
    text[w.len] = '\0';
    *out_policy = text;
    ask_for_its_nonce(t);
    t->policy = test_policy(text);
    return t->policy ? trial_judge(t, evidence, at_s) : "no policy";
}
