/* SPDX-License-Identifier: Apache-2.0 */
/* A policy's settings for AMD's platforms, by minted reports of every product. */
#include "evidence/snp/snp.h"

#include <string.h>

#include "test/harness.h"
#include "test/support/minted.h"

static struct trial t;
static struct sim_keyring *ring;
static struct sim_snp doc;

static struct troth_span start(enum sim_snp_product product, enum sim_snp_signer signer)
{
    trial_reset(&t);
    sim_snp_default(&doc, ring, product, signer, 0, MINTED_AT_S);
    trial_require(&t, TRIAL_ANY);
    return minted_snp(&t, &doc);
}

/* clang-format off */
#define NO "refused: floor"
#define GENOA(fmc, bl, tee, snp, uc) {{"Genoa", fmc, bl, tee, snp, uc}}
#define TURIN(fmc, bl, tee, snp, uc) {{"Turin", fmc, bl, tee, snp, uc}}
static const struct {
    const char *why;
    enum sim_snp_product product;
    struct {
        const char *product;
        uint64_t fmc, bootloader, tee, snp, microcode;
    } minimums[2];
    const char *line;
    const char *subject; /* of the last row */
} rows[] = {
    {"the versions there are", SIM_GENOA, GENOA(0, 10, 0, 23, 84), "accepted", "snp.reported_tcb"},
    {"zeros", SIM_GENOA, GENOA(0, 0, 0, 0, 0), "accepted", "snp.reported_tcb"},
    {"bootloader one below", SIM_GENOA, GENOA(0, 11, 0, 23, 84), NO, "snp.reported_tcb.bootloader"},
    {"tee one below", SIM_GENOA, GENOA(0, 10, 1, 23, 84), NO, "snp.reported_tcb.tee"},
    {"snp one below", SIM_GENOA, GENOA(0, 10, 0, 24, 84), NO, "snp.reported_tcb.snp"},
    {"microcode one below", SIM_GENOA, GENOA(0, 10, 0, 23, 85), NO, "snp.reported_tcb.microcode"},
    {"one above, one below", SIM_GENOA, GENOA(0, 9, 0, 23, 85), NO, "snp.reported_tcb.microcode"},
    {"more than a byte", SIM_GENOA, GENOA(0, 10, 0, 256, 0), NO, "snp.reported_tcb.snp"},
    {"the most there is", SIM_GENOA, GENOA(0, UINT64_MAX, 0, 0, 0), NO, "snp.reported_tcb.bootloader"},
    {"a part that the product does not have", SIM_GENOA, GENOA(1, 0, 0, 0, 0), NO, "snp.reported_tcb.fmc"},
    {"the versions there are", SIM_TURIN, TURIN(1, 1, 1, 4, 81), "accepted", "snp.reported_tcb"},
    {"fmc one below", SIM_TURIN, TURIN(2, 1, 1, 4, 81), NO, "snp.reported_tcb.fmc"},
    {"snp one below", SIM_TURIN, TURIN(1, 1, 1, 5, 81), NO, "snp.reported_tcb.snp"},
    {"for another product alone", SIM_TURIN, GENOA(0, 0, 0, 0, 0), NO, "snp.product"},
    {"for another product alone", SIM_MILAN, TURIN(0, 0, 0, 0, 0), NO, "snp.product"},
    {"for both products, its own holds", SIM_TURIN, {{"Genoa", 0, 255, 0, 0, 0}, {"Turin", 1, 1, 1, 4, 81}}, "accepted", "snp.reported_tcb"},
    {"for both products, its own does not", SIM_TURIN, {{"Genoa", 0, 0, 0, 0, 0}, {"Turin", 1, 1, 1, 4, 82}}, NO, "snp.reported_tcb.microcode"},
};
/* clang-format on */

static void set_floors(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_amd_minimum minimums[2];
        size_t count = 0;

        for (; count < 2 && rows[i].minimums[count].product; count++)
            minimums[count] = (struct troth_amd_minimum){
                test_text(rows[i].minimums[count].product),
                rows[i].minimums[count].fmc,
                rows[i].minimums[count].bootloader,
                rows[i].minimums[count].tee,
                rows[i].minimums[count].snp,
                rows[i].minimums[count].microcode,
            };
        for (int signer = SIM_VCEK; signer <= SIM_VLEK; signer++) {
            test_case("minimum, %s: %s", signer == SIM_VCEK ? "VCEK" : "VLEK",
                      rows[i].why);
            struct troth_span report = start(rows[i].product,
                                             (enum sim_snp_signer)signer);

            t.requirements.amd.minimums = minimums;
            t.requirements.amd.minimum_count = count;
            CHECK_TEXT(trial_judge(&t, report, MINTED_AT_S), rows[i].line);
            CHECK(trial_find(&t, TROTH_CHECK_FLOOR, rows[i].subject) != NULL);
        }
    }
}

/* A table of minimums is a table of products: what is not in it is not accepted. */
static void know_no_product(void)
{
    const struct troth_amd_minimum minimum = {.product = test_text("Genoa")};
    const struct troth_check *row;
    struct troth_span report;

    test_case("minimum: not made before a certificate says which product it is");
    report = start(SIM_GENOA, SIM_VCEK);
    t.item_count = 0;
    t.requirements.amd.minimums = &minimum;
    t.requirements.amd.minimum_count = 1;
    (void)trial_judge(&t, report, MINTED_AT_S);
    CHECK_INT(t.result.answer, TROTH_UNDETERMINED);
    row = trial_find(&t, TROTH_CHECK_FLOOR, NULL);
    CHECK(row && row->outcome == TROTH_NOT_MADE);

    test_case("minimum: seen and wanted are said");
    report = start(SIM_GENOA, SIM_VCEK);
    const struct troth_amd_minimum high = {.product = test_text("Genoa"),
                                           .microcode = 85};

    t.requirements.amd.minimums = &high;
    t.requirements.amd.minimum_count = 1;
    (void)trial_judge(&t, report, MINTED_AT_S);
    row = trial_find(&t, TROTH_CHECK_FLOOR, NULL);
    if (CHECK(row != NULL)) {
        CHECK_INT(row->seen.number, 84);
        CHECK_INT(row->wanted.number, 85);
    }
}

static void distrust(void)
{
    static const struct {
        const char *why;
        enum sim_snp_product product;
        const char *names[2];
        const char *line;
    } products[] = {
        {"the product", SIM_MILAN, {"Milan"}, "refused: product"},
        {"another", SIM_GENOA, {"Milan"}, "accepted"},
        {"another and the product", SIM_TURIN, {"Milan", "Turin"}, "refused: product"},
        {"the product's other name", SIM_GENOA, {"Siena"}, "refused: product"},
        {"nobody's name", SIM_GENOA, {"Naples"}, "accepted"},
    };

    for (size_t i = 0; i < COUNT(products); i++) {
        struct troth_span names[2];
        size_t count = 0;

        for (; count < 2 && products[i].names[count]; count++)
            names[count] = test_text(products[i].names[count]);
        test_case("distrusted: %s", products[i].why);
        struct troth_span report = start(products[i].product, SIM_VCEK);

        t.requirements.amd.distrusted = (struct troth_names){names, count};
        CHECK_TEXT(trial_judge(&t, report, MINTED_AT_S), products[i].line);
    }
    test_case("distrusted: a refusal says so");
    const struct troth_span milan = test_text("Milan");
    struct troth_span report = start(SIM_MILAN, SIM_VLEK);

    t.requirements.amd.distrusted = (struct troth_names){&milan, 1};
    CHECK_TEXT(trial_judge(&t, report, MINTED_AT_S), "refused: product");
    const struct troth_check *row = trial_find(&t, TROTH_CHECK_PRODUCT, NULL);

    CHECK_TEXT(row ? row->why : NULL, "the policy does not trust this product");
    CHECK_SPAN(row ? row->seen.bytes : milan, test_text("Milan"));
}

int main(void)
{
    ring = sim_keyring_create(1);
    trial_begin(&t);
    set_floors();
    know_no_product();
    distrust();
    trial_end(&t);
    sim_keyring_destroy(ring);
    return test_finish();
}
