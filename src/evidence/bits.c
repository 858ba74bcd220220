/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/bits.h"

#include "base/value.h"

static const char *why_not(const struct troth_bit_rules *rules, unsigned bit, bool seen)
{
    if (!seen)
        return rules->why_clear;
    if (rules->whys && rules->whys[bit])
        return rules->whys[bit];
    return "a bit without a known meaning is set";
}

static void judge_fixed(struct troth_judgement *j, enum troth_check_id id,
                        const char *name)
{
    troth_judge(j, (struct troth_check){
                       .id = id,
                       .outcome = TROTH_FAILED,
                       .subject = name,
                       .why = "a bit that is always set is not",
                       .seen = troth_value_bool(false),
                       .wanted = troth_value_bool(true),
                   });
}

bool troth_judge_bits(struct troth_judgement *j, enum troth_check_id id, uint64_t word,
                      const struct troth_bit_rules *rules)
{
    uint64_t fixed = rules->fixed & ~word;
    uint64_t wrong = fixed | (rules->set & ~word) | (rules->clear & word);

    for (unsigned i = 0; i < 64 && wrong >> i; i++) {
        bool seen = word >> i & 1;

        if (!(wrong >> i & 1))
            continue;
        if (fixed >> i & 1)
            judge_fixed(j, id, rules->names[i]);
        else
            troth_judge_finding(j, &(struct troth_finding){
                                       .id = id,
                                       .name = rules->names[i],
                                       .why = why_not(rules, i, seen),
                                       .seen = troth_value_bool(seen),
                                       .wanted = troth_value_bool(!seen),
                                   });
    }
    return wrong == 0;
}
