/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "stage.h"

/* Each bit of the words that a quote signs about its enclave or trust domain, turned over
 * alone. Bits that no row covers have no known meaning: each is a finding of its own. */

struct row {
    int first, last;
    const char *allow; /* a finding's name; "": the bit's own; NULL: no finding */
    enum troth_check_id id;
    const char *line;
};

#define SAID TROTH_CHECK_ATTRIBUTES, "refused: attributes"
#define OPEN TROTH_CHECK_DEBUG, "refused: debug"
#define FREE TROTH_CHECK_ATTRIBUTES, "accepted"

/* clang-format off */
static const struct row flag_rows[] = {
    {0,  0,  NULL,    SAID},  /* INIT: always set */
    {1,  1,  "debug", OPEN},
    {2,  2,  NULL,    FREE},
    {4,  7,  NULL,    FREE},
    {10, 10, NULL,    FREE},
};
static const struct row xfrm_rows[] = {
    {0,  1,  NULL, SAID},     /* x87, SSE: always set */
    {2,  9,  NULL, FREE},
    {11, 12, NULL, FREE},
    {14, 15, NULL, FREE},
    {17, 18, NULL, FREE},
};
static const struct row td_rows[] = {
    {0,  0,  "debug", OPEN},
    {1,  7,  "",      OPEN},
    {27, 27, NULL,    FREE},
    {28, 28, "",      SAID},  /* SEPT_VE_DISABLE: has to be set */
    {29, 29, "",      TROTH_CHECK_MIGRATION, "refused: migration"},
    {30, 31, NULL,    FREE},
    {63, 63, NULL,    FREE},
};
static const struct row xfam_rows[] = {
    {0,  1,  NULL, SAID},
    {2,  2,  NULL, FREE},
    {5,  9,  NULL, FREE},
    {11, 12, NULL, FREE},
    {14, 15, NULL, FREE},
    {17, 18, NULL, FREE},
};
/* clang-format on */

static struct intel_stage stage;
static struct trial trial;
static struct sim_keyring *ring;

static uint64_t *flags(void)
{
    return &stage.doc.quote.enclave.flags;
}

static uint64_t *xfrm(void)
{
    return &stage.doc.quote.enclave.xfrm;
}

static uint64_t *td_attributes(void)
{
    return &stage.doc.quote.td.td_attributes;
}

static uint64_t *xfam(void)
{
    return &stage.doc.quote.td.xfam;
}

static const struct word {
    const char *name;
    enum sim_intel_kind kind;
    uint64_t *(*where)(void);
    const struct row *rows;
    size_t count;
} words[] = {
    {"sgx.attributes", SIM_SGX_V3, flags, flag_rows, COUNT(flag_rows)},
    {"sgx.xfrm", SIM_SGX_V3, xfrm, xfrm_rows, COUNT(xfrm_rows)},
    {"tdx.td_attributes", SIM_TDX_V4, td_attributes, td_rows, COUNT(td_rows)},
    {"tdx.xfam", SIM_TDX_V5_TD15, xfam, xfam_rows, COUNT(xfam_rows)},
};

static struct row row_of(const struct word *word, int bit)
{
    for (size_t i = 0; i < word->count; i++)
        if (bit >= word->rows[i].first && bit <= word->rows[i].last)
            return word->rows[i];
    return (struct row){bit, bit, "", SAID};
}

static const char *judge(const struct word *word, int bit, const char *allow)
{
    char options[96];

    (void)snprintf(options, sizeof options, TRIAL_ANY "%s%s", allow ? "--allow " : "",
                   allow ? allow : "");
    trial_reset(&trial);
    trial_require(&trial, options);
    intel_stage_set(&stage, &trial, ring, word->kind);
    *word->where() ^= UINT64_C(1) << bit;
    struct troth_span quote = intel_stage_mint(&stage);

    return stage_judge(&trial, quote, MINTED_AT_S);
}

/* The bit refused as its row says, taken if what it is called is allowed, and not if
 * another is. */
static void try_bit(const struct word *word, int bit)
{
    const struct row row = row_of(word, bit);
    char own[48], other[48];

    (void)snprintf(own, sizeof own, "%s.bit%d", word->name, bit);
    (void)snprintf(other, sizeof other, "%s.bit%d", word->name, bit == 63 ? 62 : 63);
    test_case("%s", own);
    CHECK_TEXT(judge(word, bit, NULL), row.line);
    if (!row.allow) {
        CHECK_TEXT(judge(word, bit, own), row.line);
        return;
    }
    const char *name = row.allow[0] ? row.allow : own;

    CHECK(trial_find(&trial, row.id, name));
    CHECK_TEXT(judge(word, bit, other), row.line);
    CHECK_TEXT(judge(word, bit, name), "accepted, allowed");
    CHECK(trial_find(&trial, row.id, name));
}

int main(void)
{
    ring = sim_keyring_create(1);
    trial_begin(&trial);
    for (size_t i = 0; i < COUNT(words); i++)
        for (int bit = 0; bit < 64; bit++)
            try_bit(&words[i], bit);
    trial_end(&trial);
    sim_keyring_destroy(ring);
    return test_finish();
}
