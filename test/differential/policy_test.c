/* SPDX-License-Identifier: Apache-2.0 */
/* Digests of policies, held against a canonical form that Python's json writes. */
#include <stdio.h>

#include "base/hex.h"
#include "base/span.h"
#include "test/harness.h"
#include "test/support/policy.h"

enum { POLICIES = 400, DOCUMENT_MAX = 1 << 16, SHOWN = 3 };

/* Is this the digest of the policy? Says why not, of the first few. */
static bool agree(struct troth_span document, struct troth_span digest, unsigned wrong)
{
    const struct troth_policy *policy;
    struct troth_policy_issue issue;
    struct troth_span seen = {NULL, TROTH_POLICY_DIGEST_SIZE};

    if (test_policy_json(&policy, &issue, document) == TROTH_OK) {
        seen.ptr = troth_policy_digest(policy);
        if (troth_span_equal(seen, digest))
            return true;
        (void)snprintf(issue.text, sizeof issue.text, "another digest");
    }
    if (wrong < SHOWN)
        printf("# %u:%u: %s: %s\n# %.*s\n", (unsigned)issue.line, (unsigned)issue.column,
               issue.path, issue.text, (int)(document.len < 400 ? document.len : 400),
               (const char *)document.ptr);
    return false;
}

int main(void)
{
    static char hex[2 * DOCUMENT_MAX + 1];
    static uint8_t document[DOCUMENT_MAX];
    char digest_hex[2 * TROTH_POLICY_DIGEST_SIZE + 1];
    char command[1000];
    unsigned seen = 0, wrong = 0;

    test_case("Python's json");
    (void)snprintf(command, sizeof command,
                   "python3 '%s/test/differential/policy_peer.py' %d", TROTH_SOURCE_DIR,
                   POLICIES);
    FILE *table = popen(command, "r");
    if (!CHECK(table != NULL))
        return test_finish();
    while (fscanf(table, "%131072s %64s", hex, digest_hex) == 2) {
        uint8_t digest[TROTH_POLICY_DIGEST_SIZE];
        struct troth_span bytes = {document, 0}, wanted = {digest, 0};

        CHECK_ERR(troth_hex_parse(document, sizeof document, &bytes.len, test_text(hex)),
                  TROTH_OK);
        CHECK_ERR(
            troth_hex_parse(digest, sizeof digest, &wanted.len, test_text(digest_hex)),
            TROTH_OK);
        seen++;
        wrong += !agree(bytes, wanted, wrong);
    }
    CHECK_INT(pclose(table), 0);
    CHECK_INT(wrong, 0);
    CHECK_INT(seen, POLICIES);
    return test_finish();
}
