/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/token.h"

#include <errno.h>
#include <stdio.h>

#include "os/secret.h"

static bool fail_reading(struct troth_problem *problem, const char *path, int failed)
{
    (void)troth_problem_io(problem, "cannot use the key", path, failed);
    if (failed == EPERM) {
        (void)troth_problem_usage(problem, "'%s' is a private key that others may read",
                                  path);
        troth_problem_hint(problem, "chmod 600 '%s'", path);
    }
    return false;
}

static bool read_signer(struct troth_signer *out, struct troth_problem *problem,
                        const char *path)
{
    struct troth_secret_file file;
    struct troth_fault fault = {TROTH_OK, "key", 0};
    int failed = troth_secret_file_read(&file, path);

    if (failed)
        return fail_reading(problem, path, failed);
    fault.err = troth_signer_from_pem(out, (struct troth_span){file.bytes, file.len});
    troth_secret_file_release(&file);
    /* A token has no algorithm for this one. */
    if (!fault.err && out->key.kind == TROTH_KEY_P384) {
        troth_signer_destroy(out);
        fault.err = TROTH_ERR_KEY;
    }
    if (!fault.err)
        return true;
    if (fault.err != TROTH_ERR_KEY)
        return troth_problem_fault(problem, path, &fault);
    (void)troth_problem_usage(problem,
                              "'%s' is no private key of a kind that is used here", path);
    troth_problem_hint(problem,
                       "PEM without a passphrase: openssl genpkey -algorithm ed25519 "
                       "-out key.pem");
    return false;
}

static bool fail_writing(struct troth_problem *problem, enum troth_err err)
{
    const struct troth_fault fault = {err, NULL, 0};

    if (err == TROTH_ERR_CLOCK)
        return troth_problem_usage(problem,
                                   "--ear: a result at the document's own time says "
                                   "nothing of now");
    if (err == TROTH_ERR_LIMIT)
        return troth_problem_usage(problem,
                                   "--ear: a token carries a nonce of 6 to 66 bytes");
    return troth_problem_fault(problem, "result", &fault);
}

bool troth_token_print(const struct troth_order *order, struct troth_problem *problem,
                       const struct troth_result *result,
                       const struct troth_crypto *crypto)
{
    uint8_t token[TROTH_EAR_SIZE];
    const struct troth_ear_options options = {
        .profile = order->ear_profile,
        .issued_at_s = result->clock.at_s,
        .raw_evidence = order->inputs.evidence,
        .crypto = crypto,
    };
    struct troth_signer signer;
    enum troth_err err;
    size_t len;

    if (!read_signer(&signer, problem, order->ear))
        return false;
    err = troth_ear_write(token, sizeof token, &len, result, &options, &signer);
    troth_signer_destroy(&signer);
    if (err)
        return fail_writing(problem, err);
    (void)fwrite(token, 1, len, stdout);
    (void)putchar('\n');
    return true;
}
