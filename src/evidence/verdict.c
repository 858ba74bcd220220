/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/verdict.h"

const char *troth_check_name(enum troth_check_id id)
{
    switch (id) {
/* clang-format off */
#define X(id, name, meaning) case TROTH_CHECK_##id: return name;
    TROTH_CHECKS(X)
#undef X
    case TROTH_CHECK_COUNT: break;
        /* clang-format on */
    }
    return "unknown";
}

const char *troth_check_meaning(enum troth_check_id id)
{
    switch (id) {
/* clang-format off */
#define X(id, name, meaning) case TROTH_CHECK_##id: return meaning;
    TROTH_CHECKS(X)
#undef X
    case TROTH_CHECK_COUNT: break;
        /* clang-format on */
    }
    return "unknown";
}

const char *troth_outcome_name(enum troth_outcome outcome)
{
    switch (outcome) {
    case TROTH_NOT_MADE:
        return "not made";
    case TROTH_PASSED:
        return "passed";
    case TROTH_FAILED:
        return "failed";
    case TROTH_NOT_APPLICABLE:
        return "not applicable";
    }
    return "unknown";
}

const char *troth_answer_name(enum troth_answer answer)
{
    switch (answer) {
    case TROTH_REFUSED:
        return "refused";
    case TROTH_ACCEPTED:
        return "accepted";
    case TROTH_UNDETERMINED:
        return "undetermined";
    }
    return "unknown";
}

bool troth_check_is_allowed(const struct troth_check *check)
{
    return check->outcome == TROTH_PASSED && check->flag;
}

enum troth_answer troth_verdict_answer(const struct troth_verdict *verdict)
{
    bool all_made = verdict->count > 0;

    for (size_t i = 0; i < verdict->count; i++) {
        enum troth_outcome outcome = verdict->checks[i].outcome;

        if (outcome == TROTH_FAILED)
            return TROTH_REFUSED;
        if (outcome != TROTH_PASSED && outcome != TROTH_NOT_APPLICABLE)
            all_made = false;
    }
    return all_made ? TROTH_ACCEPTED : TROTH_UNDETERMINED;
}

const struct troth_check *troth_verdict_find(const struct troth_verdict *verdict,
                                             enum troth_check_id id)
{
    for (size_t i = 0; i < verdict->count; i++)
        if (verdict->checks[i].id == id)
            return &verdict->checks[i];
    return NULL;
}
