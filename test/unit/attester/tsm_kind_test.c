/* SPDX-License-Identifier: Apache-2.0 */
#include "attester/tsm_kind.h"

#include <stdlib.h>
#include <string.h>

#include "sim/intel.h"
#include "sim/snp.h"
#include "test/harness.h"

static uint8_t asked_bytes[64];
static const struct troth_span asked = {asked_bytes, sizeof asked_bytes};

static void test_find(void)
{
    static const struct {
        const char *why, *provider, *kind;
    } rows[] = {
        {"TDX", "tdx_guest", "tdx"},
        {"SNP", "sev_guest", "snp"},
        {"Arm's, which nothing here verifies", "arm_cca_guest", NULL},
        {"no provider", "", NULL},
        {"half a word", "tdx_gues", NULL},
        {"more than a word", "tdx_guest2", NULL},
        {"another case", "TDX_GUEST", NULL},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct troth_tsm_kind *kind = troth_tsm_kind_find(
            test_text(rows[i].provider));

        test_case("provider: %s", rows[i].why);
        CHECK_TEXT(kind ? kind->kind : "none", rows[i].kind ? rows[i].kind : "none");
    }
}

/* Whole and about what was asked; not a byte less, and about nothing else. */
static void check_answers(const char *provider, struct sim_bytes evidence,
                          bool may_be_padded)
{
    const struct troth_tsm_kind *kind = troth_tsm_kind_find(test_text(provider));
    struct troth_span whole = sim_bytes_span(evidence);
    size_t accepted = 0;

    CHECK(kind->answers(whole, asked));
    for (size_t len = 0; len < whole.len; len++) {
        uint8_t *cut = malloc(len + 1); /* so that a read beyond it is seen */

        memcpy(cut, whole.ptr, len);
        accepted += kind->answers((struct troth_span){cut, len}, asked);
        free(cut);
    }
    CHECK_INT(accepted, 0);
    for (size_t i = 0; i < sizeof asked_bytes; i++) {
        asked_bytes[i] ^= 1;
        accepted += kind->answers(whole, asked);
        asked_bytes[i] ^= 1;
    }
    CHECK_INT(accepted, 0);
    sim_bytes_append_zeros(&evidence, 100);
    CHECK_INT(kind->answers(sim_bytes_span(evidence), asked), may_be_padded);
    sim_bytes_free(&evidence);
}

static void test_answers(struct sim_keyring *ring)
{
    static const enum sim_intel_kind kinds[] = {SIM_TDX_V4, SIM_TDX_V5_TD10,
                                                SIM_TDX_V5_TD15, SIM_TDX_V5_TD15_EX};
    static struct sim_intel intel;
    static struct sim_snp snp;

    for (size_t i = 0; i < COUNT(kinds); i++) {
        test_case("answers: a TDX quote [%d]", (int)kinds[i]);
        sim_intel_default(&intel, ring, kinds[i], 0, 1771000000);
        /* The chain's length says nothing new, and takes its time. */
        intel.chain_count = 0;
        memcpy(intel.quote.td.report_data, asked_bytes, 64);
        check_answers("tdx_guest", sim_intel_mint(&intel), true);
    }
    test_case("answers: an SNP report");
    sim_snp_default(&snp, ring, SIM_GENOA, SIM_VCEK, 0, 1771000000);
    memcpy(snp.report.report_data, asked_bytes, 64);
    check_answers("sev_guest", sim_snp_mint(&snp), false);
}

/* Sizes that add up to no memory there is. */
static void test_sizes(void)
{
    static const struct {
        const char *why;
        const char *version, *body_size;
    } rows[] = {
        {"a body of all there is", "0500", "ffffffff"},
        {"a body smaller than any", "0500", "47020000"},
        {"no body", "0500", "00000000"},
        {"a signature of all there is", "0400", "ffffffff"},
    };
    const struct troth_tsm_kind *kind = troth_tsm_kind_find(test_text("tdx_guest"));

    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t quote[700] = {0};

        test_case("sizes: %s", rows[i].why);
        memcpy(quote, test_hex(rows[i].version).ptr, 2);
        memcpy(quote + 50, test_hex(rows[i].body_size).ptr, 4);
        memset(quote + 632, 0xff, 4);
        CHECK(!kind->answers((struct troth_span){quote, sizeof quote}, asked));
    }
}

int main(void)
{
    struct sim_keyring *ring = sim_keyring_create(0);

    for (size_t i = 0; i < sizeof asked_bytes; i++)
        asked_bytes[i] = (uint8_t)(i + 1);
    test_find();
    test_answers(ring);
    test_sizes();
    sim_keyring_destroy(ring);
    return test_finish();
}
