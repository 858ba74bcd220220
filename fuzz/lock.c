/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a lock: what is read is written, and what is written is read as the same.
 */
#include "builder/lock.h"

#include <stdlib.h>

#include "base/span.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check(const struct troth_inputs_list *list)
{
    struct troth_build_problem problem;
    struct troth_inputs_list again;
    uint8_t *text, *second;
    size_t len, second_len;

    require(troth_lock_write(&text, &len, &problem, list));
    require(troth_lock_read(&again, &problem, (struct troth_span){text, len}));
    require(troth_lock_compare(list, &again, NULL, NULL) == 0);
    require(troth_lock_write(&second, &second_len, &problem, &again));
    require(troth_span_equal((struct troth_span){text, len},
                             (struct troth_span){second, second_len}));
    free(text);
    free(second);
    troth_inputs_list_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct troth_inputs_list list;
    struct troth_build_problem problem = {.text = ""};

    if (troth_lock_read(&list, &problem, (struct troth_span){data, size}))
        check(&list);
    else
        require(problem.text[0] && !list.rows);
    troth_inputs_list_release(&list);
    return 0;
}
