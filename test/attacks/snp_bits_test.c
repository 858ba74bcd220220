/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "stage.h"

/* Each bit of the guest's policy and of the platform's state, turned over alone. Bits
 * that no row covers have no known meaning. */

struct row {
    int first, last;
    const char *allow; /* a finding's name; NULL: nothing can be allowed */
    const char *line;
};

/* clang-format off */
static const struct row policy_rows[] = {
    {0,  15, NULL,         "accepted"}, /* lowest firmware ABI */
    {16, 16, NULL,         "accepted"},
    {17, 17, NULL,         "refused: policy_bits"},
    {18, 18, "migrate_ma", "refused: migration"},
    {19, 19, "debug",      "refused: debug"},
    {20, 25, NULL,         "accepted"},
};
static const struct row platform_rows[] = {
    {0,  4, NULL,          "accepted"},
    {5,  5, "alias_check", "refused: platform_bits"},
    {6,  7, NULL,          "accepted"},
};
/* clang-format on */

static struct row row_of(const struct row *rows, size_t count, int bit, const char *line)
{
    for (size_t i = 0; i < count; i++)
        if (bit >= rows[i].first && bit <= rows[i].last)
            return rows[i];
    return (struct row){bit, bit, "", line};
}

static struct snp_stage stage;
static struct trial trial;

static const char *judge(struct sim_keyring *ring, uint64_t policy, uint64_t platform,
                         const char *allow)
{
    char options[96];

    (void)snprintf(options, sizeof options, TRIAL_ANY "%s%s", allow ? "--allow " : "",
                   allow ? allow : "");
    trial_reset(&trial);
    trial_require(&trial, options);
    snp_stage_set(&stage, &trial, ring, ON_MILAN);
    stage.doc.report.policy ^= policy;
    stage.doc.report.platform_info ^= platform;
    struct troth_span evidence = snp_stage_mint(&stage);

    return stage_judge(&trial, evidence, MINTED_AT_S);
}

/* The bit refused as its row says, and taken if what it is called is allowed. */
static void try_bit(struct sim_keyring *ring, bool is_policy, int bit)
{
    const char *word = is_policy ? "policy" : "platform";
    const uint64_t flipped = UINT64_C(1) << bit;
    const uint64_t policy = is_policy ? flipped : 0, platform = is_policy ? 0 : flipped;
    const struct row row = is_policy ? row_of(policy_rows, COUNT(policy_rows), bit,
                                              "refused: policy_bits")
                                     : row_of(platform_rows, COUNT(platform_rows), bit,
                                              "refused: platform_bits");
    char number[32];

    test_case("%s bit %d", word, bit);
    CHECK_TEXT(judge(ring, policy, platform, NULL), row.line);
    if (!row.allow)
        return;
    (void)snprintf(number, sizeof number, "snp.%s.bit%d", word, bit);
    const char *name = row.allow[0] ? row.allow : number;

    CHECK_TEXT(judge(ring, policy, platform, name), "accepted, allowed");
    CHECK(trial_find(&trial,
                     is_policy && bit == 18   ? TROTH_CHECK_MIGRATION
                     : is_policy && bit == 19 ? TROTH_CHECK_DEBUG
                     : is_policy              ? TROTH_CHECK_POLICY_BITS
                                              : TROTH_CHECK_PLATFORM_BITS,
                     name));
    (void)snprintf(number, sizeof number, "snp.%s.bit%d", word, 63 - (bit == 63));
    if (bit != 63)
        CHECK_TEXT(judge(ring, policy, platform, number), row.line);
}

int main(void)
{
    struct sim_keyring *ring = sim_keyring_create(1);

    trial_begin(&trial);
    for (int bit = 0; bit < 64; bit++) {
        try_bit(ring, true, bit);
        try_bit(ring, false, bit);
    }
    trial_end(&trial);
    sim_keyring_destroy(ring);
    return test_finish();
}
