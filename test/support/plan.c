/* SPDX-License-Identifier: Apache-2.0 */
#include "test/support/plan.h"

#include "test/harness.h"

void plan_check(const enum troth_check_id *plan, const enum troth_check_id *owed,
                size_t count)
{
    size_t planned = 0;

    while (plan[planned] != TROTH_CHECK_COUNT)
        planned++;
    CHECK_INT(planned, count);
    for (size_t i = 0; i < count; i++) {
        size_t found = 0;

        for (size_t k = 0; k < planned; k++)
            found += plan[k] == owed[i];
        CHECK_INT(found, 1);
    }
}
