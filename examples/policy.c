/*
 * A relying party with a policy: one call from evidence, collateral, policy and clock to
 * verdict, result and explanation.
 *
 *     cc policy.c $(pkg-config --cflags --libs troth) -o policy
 *     ./policy policy.json quote.bin collateral.json
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <troth/provider.h>
#include <troth/verify.h>

/* A whole file; an empty span where there is none. */
static struct troth_span read_file(const char *path)
{
    static uint8_t room[3][1024 * 1024];
    static int used;
    FILE *file = used < 3 ? fopen(path, "rb") : NULL;
    struct troth_span bytes = {NULL, 0};

    if (file) {
        bytes = (struct troth_span){room[used], fread(room[used], 1, sizeof room[0], file)};
        used++;
        fclose(file);
    }
    return bytes;
}

/* The sub-expressions that decided, as the rule has them, and what they were. */
static void explain(const struct troth_explanation *explanation)
{
    const struct troth_rule *rule = explanation->rule;
    char value[512];
    size_t len;

    printf("rule %.*s, line %u:\n", (int)rule->name.len, (const char *)rule->name.ptr,
           rule->line);
    for (size_t i = 0; i < explanation->count; i++) {
        const struct troth_cel_reason *r = &explanation->reasons[i];

        if (troth_cel_value_to_text((uint8_t *)value, sizeof value, &len, &r->value))
            len = 0;
        printf("  %.*s = %.*s\n", (int)(r->end - r->start),
               (const char *)rule->source.ptr + r->start, (int)len, value);
    }
}

static int judge(const struct troth_policy *policy, const struct troth_crypto *crypto,
                 struct troth_span evidence, const struct troth_collateral *collateral)
{
    static uint8_t memory[TROTH_VERIFY_ARENA_SIZE];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_result result;
    struct troth_fault fault;

    if (troth_verify(&result, &fault,
                     &(struct troth_verify_input){
                         .evidence = evidence,
                         .collateral = *collateral,
                         .crypto = crypto,
                         .clock = {TROTH_CLOCK_NOW, time(NULL)},
                         .arena = &arena,
                         .policy = policy,
                     })) {
        fprintf(stderr, "%s: %s\n", fault.field ? fault.field : "evidence",
                troth_err_text(fault.err));
        return 2;
    }
    puts(troth_answer_name(result.answer));
    for (size_t i = 0; i < result.explanation_count; i++)
        explain(&result.explanations[i]);
    return result.answer == TROTH_ACCEPTED ? 0 : result.answer == TROTH_REFUSED ? 1 : 2;
}

int main(int argc, char **argv)
{
    static uint8_t document[TROTH_POLICY_ARENA_SIZE], unpacked[4 * 1024 * 1024];
    struct troth_arena arena = TROTH_ARENA_OVER(document);
    struct troth_arena room = TROTH_ARENA_OVER(unpacked);
    struct troth_collateral_item items[TROTH_COLLATERAL_MAX];
    struct troth_collateral collateral = {items, 0};
    const struct troth_policy *policy;
    struct troth_policy_issue issue;
    struct troth_crypto crypto;
    int status = 2;

    if (argc < 3 || troth_provider_create(&crypto))
        return 2;
    if (argc > 3 && troth_collateral_read(items, &collateral.count, NULL,
                                          read_file(argv[3]), &room))
        fputs("the collateral cannot be read\n", stderr);
    else if (troth_policy_from_json(&policy, &issue, read_file(argv[1]), &crypto, &arena))
        fprintf(stderr, "%u:%u: %s: %s\n", issue.line, issue.column, issue.path, issue.text);
    else
        status = judge(policy, &crypto, read_file(argv[2]), &collateral);
    troth_provider_destroy(&crypto);
    return status;
}
