/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/snp/snp.h"

#include "base/value.h"

#define ID TROTH_CHECK_FLOOR

static const struct troth_amd_settings *settings_of(const struct troth_judgement *j)
{
    return &j->input->requirements->amd;
}

bool troth_snp_is_distrusted(const struct troth_judgement *j,
                             const struct troth_snp_product *product)
{
    const struct troth_names *distrusted = &settings_of(j)->distrusted;

    for (size_t i = 0; i < distrusted->count; i++)
        if (troth_snp_product_by_name(distrusted->rows[i]) == product)
            return true;
    return false;
}

/* One part of a TCB_VERSION, and the least that is accepted of it. */
struct floor {
    enum troth_snp_tcb_part part;
    const char *claim;
    uint64_t least;
};

/* The first byte of a product's TCB_VERSION that is this part; its size if none is. */
static size_t place_of(const struct troth_snp_product *product,
                       enum troth_snp_tcb_part part)
{
    size_t at = 0;

    while (at < TROTH_SNP_TCB_SIZE && product->part[at] != part)
        at++;
    return at;
}

/* A part that the product does not have is not below zero, and below all else. */
static bool judge_part(struct troth_judgement *j, const struct troth_snp *s,
                       const struct floor *floor)
{
    const size_t at = place_of(s->product, floor->part);
    const bool has_part = at < TROTH_SNP_TCB_SIZE;
    const uint64_t version = has_part ? s->reported_tcb.ptr[at] : 0;

    if (version >= floor->least)
        return true;
    troth_judge(j, (struct troth_check){
                       .id = ID,
                       .outcome = TROTH_FAILED,
                       .subject = floor->claim,
                       .why = has_part ? "older firmware than is accepted"
                                       : "the product has no such part",
                       .seen = has_part ? troth_value_uint(version) : troth_value_none(),
                       .wanted = troth_value_uint(floor->least),
                   });
    return false;
}

static void judge_minimum(struct troth_judgement *j, const struct troth_snp *s,
                          const struct troth_amd_minimum *minimum)
{
/* clang-format off */
#define X(name) {TROTH_SNP_PART_##name, "snp.reported_tcb." #name, minimum->name},
    const struct floor floors[] = {TROTH_SNP_TCB_PARTS(X)};
#undef X
    /* clang-format on */
    bool holds = true;

    for (size_t i = 0; i < sizeof floors / sizeof floors[0]; i++)
        holds &= judge_part(j, s, &floors[i]);
    if (holds)
        troth_judge(j, (struct troth_check){.id = ID,
                                            .outcome = TROTH_PASSED,
                                            .subject = "snp.reported_tcb"});
}

void troth_snp_judge_floors(struct troth_judgement *j, const struct troth_snp *s,
                            bool is_endorsed)
{
    const struct troth_amd_settings *settings = settings_of(j);
    struct troth_check row = {.id = ID, .subject = "snp.product"};

    if (settings->minimum_count == 0)
        return;
    if (!is_endorsed || !s->product) {
        row.why = "no certificate says which product this is";
        troth_judge(j, row);
        return;
    }
    for (size_t i = 0; i < settings->minimum_count; i++)
        if (troth_snp_product_by_name(settings->minimums[i].product) == s->product) {
            judge_minimum(j, s, &settings->minimums[i]);
            return;
        }
    row.outcome = TROTH_FAILED;
    row.why = "no minimum is given for this product";
    row.seen = troth_value_text(s->product->name);
    troth_judge(j, row);
}
