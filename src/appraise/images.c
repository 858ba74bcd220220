/* SPDX-License-Identifier: Apache-2.0 */
#include "appraise/appraise.h"
#include "appraise/policy.h"
#include "base/arena.h"
#include "base/span.h"
#include "base/writer.h"
#include "evidence/claim_list.h"

#define ID TROTH_CHECK_MEASUREMENT

/* A claim that the evidence does not make meets no demand, not even an empty one. */
static bool holds(const struct troth_claims *claims, const struct troth_demand *demand)
{
    const struct troth_claim *claim = troth_claims_named(claims, demand->claim);
    bool same = false;

    if (demand->any)
        return true;
    if (!claim)
        return false;
    if (claim->value.type == TROTH_VALUE_BYTES)
        return troth_span_equal(claim->value.bytes, demand->value);
    /* What cannot be understood as the claim's type is not its value. */
    return !troth_claim_is(&same, claim, demand->value) && same;
}

static size_t count_failing(const struct troth_policy_case *c,
                            const struct troth_image *image)
{
    size_t failing = 0;

    for (size_t i = 0; i < image->demands.count; i++)
        failing += !holds(c->claims, &image->demands.rows[i]);
    return failing;
}

/* Does the image say which value this claim must have? */
static bool names(const struct troth_image *image, const char *claim)
{
    const struct troth_span name = troth_span_of_text(claim);

    for (size_t i = 0; i < image->demands.count; i++)
        if (!image->demands.rows[i].any &&
            troth_span_is_text(name, image->demands.rows[i].claim))
            return true;
    return false;
}

/* Is there code that any would do for? */
static bool leaves_code_open(const struct troth_policy_case *c,
                             const struct troth_image *image)
{
    const struct troth_identity_row *row = c->format->identity;

    while (row->claim && names(image, row->claim))
        row++;
    return row->claim != NULL;
}

/* What nobody looked at has not passed: a row for each. */
static void list_open(const struct troth_policy_case *c, const struct troth_image *image)
{
    for (size_t i = 0; i < image->demands.count; i++)
        if (image->demands.rows[i].any)
            troth_judge(c->j, (struct troth_check){
                                  .id = ID,
                                  .outcome = TROTH_NOT_APPLICABLE,
                                  .subject = image->demands.rows[i].claim,
                                  .why = "the policy takes any value",
                                  .policy_line = image->demands.rows[i].line,
                              });
}

static bool names_anything(const struct troth_image *image)
{
    size_t i = 0;

    while (i < image->demands.count && image->demands.rows[i].any)
        i++;
    return i < image->demands.count;
}

static enum troth_err pass(const struct troth_policy_case *c,
                           const struct troth_image *image)
{
    const struct troth_span name = troth_arena_copy(c->j->input->arena, image->name);

    if (!name.ptr)
        return TROTH_ERR_MEMORY;
    if (leaves_code_open(c, image))
        troth_limits_add(&c->j->not_proven, TROTH_LIMIT_CODE);
    if (names_anything(image))
        troth_judge(c->j, (struct troth_check){.id = ID,
                                               .outcome = TROTH_PASSED,
                                               .subject = (const char *)name.ptr,
                                               .policy_line = image->line});
    list_open(c, image);
    return TROTH_OK;
}

/* "another value than image 'release-7' demands", as a text. */
static const char *say_why(const struct troth_policy_case *c,
                           const struct troth_image *image)
{
    static const char before[] = "another value than image '", after[] = "' demands";
    const size_t size = sizeof before + image->name.len + sizeof after;
    uint8_t *room = troth_arena_take(c->j->input->arena, size);
    struct troth_writer w = troth_writer_over(room, room ? size : 0);

    if (!room)
        return NULL;
    troth_write_text(&w, before);
    troth_write_bytes(&w, image->name);
    troth_write_text(&w, after);
    return (const char *)room;
}

static struct troth_value value_of(const struct troth_claim *claim,
                                   const struct troth_demand *demand)
{
    const struct troth_word *word = troth_word_find(troth_span_of_text(demand->claim));

    if ((claim && claim->value.type == TROTH_VALUE_BYTES) ||
        (word && word->type == TROTH_VALUE_BYTES))
        return troth_value_bytes(demand->value);
    return troth_value_text_span(demand->value);
}

static enum troth_err fail_each(const struct troth_policy_case *c,
                                const struct troth_image *image)
{
    const char *why = say_why(c, image);

    if (!why)
        return TROTH_ERR_MEMORY;
    for (size_t i = 0; i < image->demands.count; i++) {
        const struct troth_demand *demand = &image->demands.rows[i];
        const struct troth_claim *claim = troth_claims_named(c->claims, demand->claim);

        if (holds(c->claims, demand))
            continue;
        troth_judge(c->j, (struct troth_check){
                              .id = ID,
                              .outcome = TROTH_FAILED,
                              .subject = demand->claim,
                              .why = why,
                              .seen = claim ? claim->value : troth_value_none(),
                              .wanted = value_of(claim, demand),
                              .policy_line = demand->line,
                          });
    }
    return TROTH_OK;
}

/* The image of which the fewest demands fail, the first of several; and how many do. */
static const struct troth_image *find_nearest(size_t *out_failing,
                                              const struct troth_policy_case *c)
{
    const struct troth_image *nearest = NULL;

    *out_failing = SIZE_MAX;
    for (size_t i = 0; i<c->kind->image_count && * out_failing> 0; i++) {
        const size_t failing = count_failing(c, &c->kind->images[i]);

        if (failing < *out_failing && c->kind->images[i].demands.count > 0) {
            nearest = &c->kind->images[i];
            *out_failing = failing;
        }
    }
    return nearest;
}

enum troth_err troth_policy_judge_images(struct troth_span *out_image,
                                         const struct troth_policy_case *c)
{
    const struct troth_image *nearest;
    size_t failing;

    *out_image = (struct troth_span){NULL, 0};
    if (c->kind->any_image) {
        troth_limits_add(&c->j->not_proven, TROTH_LIMIT_CODE);
        troth_judge_not_applicable(c->j, ID, "the policy takes any code");
        return TROTH_OK;
    }
    nearest = find_nearest(&failing, c);
    if (nearest && failing > 0)
        return fail_each(c, nearest);
    if (nearest) {
        *out_image = nearest->name;
        return pass(c, nearest);
    }
    troth_judge_failed(c->j, ID, "the policy names no image of this kind");
    return TROTH_OK;
}
