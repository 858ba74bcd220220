/*
 * A whole relying party: is this an accepted Nitro document, by the clock on the wall?
 *
 *     cc verify.c $(pkg-config --cflags --libs troth) -o verify && ./verify document.cose
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <time.h>

#include <troth/provider.h>
#include <troth/verify.h>

int main(int argc, char **argv)
{
    static uint8_t evidence[32768], memory[TROTH_VERIFY_ARENA_SIZE];
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;

    if (!file)
        return 2;

    size_t len = fread(evidence, 1, sizeof evidence, file);
    struct troth_crypto crypto;

    fclose(file);
    if (troth_provider_create(&crypto) != TROTH_OK)
        return 2;

    /* Name the code you mean: here, any will do, and the result says so. */
    const struct troth_span any[] = {TROTH_LITERAL("measurement"), TROTH_LITERAL("nonce")};
    const struct troth_requirements wanted = {.any = {any, 2}};
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_result result;
    struct troth_fault fault;
    enum troth_err err = troth_verify(&result, &fault,
                                      &(struct troth_verify_input){
                                          .evidence = {evidence, len},
                                          .crypto = &crypto,
                                          .clock = {TROTH_CLOCK_NOW, time(NULL)},
                                          .arena = &arena,
                                          .requirements = &wanted,
                                      });

    if (err != TROTH_OK) {
        fprintf(stderr, "%s: %s\n", fault.field ? fault.field : "evidence",
                troth_err_text(err));
    } else {
        puts(troth_answer_name(result.answer));
        for (size_t i = 0; i < result.verdict.count; i++) {
            const struct troth_check *check = &result.verdict.checks[i];

            if (check->outcome == TROTH_FAILED)
                printf("  %s: %s\n", troth_check_name(check->id),
                       check->why ? check->why : troth_check_meaning(check->id));
        }
    }
    troth_provider_destroy(&crypto);
    /* The enumerators are not the exit statuses: say which is which. */
    return err != TROTH_OK                    ? 2
           : result.answer == TROTH_ACCEPTED ? 0
           : result.answer == TROTH_REFUSED  ? 1
                                             : 2;
}
