/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/result_json.h"

#include <stdio.h>

#include "cli/json_page.h"

/* Every claim of the largest evidence, escaped, with room to spare; and an event log,
 * each event of it on lines of its own. */
#define JSON_ROOM                                                                        \
    ((size_t)1024 * 1024 + TROTH_EVENT_LOG_MAX + (size_t)TROTH_EVENTS_MAX * 64)

bool troth_result_json_print(struct troth_inputs *inputs, struct troth_problem *problem,
                             const struct troth_result *result)
{
    uint8_t *text = troth_inputs_allocate(inputs, problem, JSON_ROOM);
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    size_t len;

    if (!text)
        return false;
    fault.err = troth_result_to_json(text, JSON_ROOM, &len, result);
    if (fault.err)
        return troth_problem_fault(problem, "result", &fault);
    troth_json_page_print(stdout, (struct troth_span){text, len});
    return true;
}
