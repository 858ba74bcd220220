/* result_json.h - a result on standard output, for programs. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_RESULT_JSON_H
#define TROTH_CLI_RESULT_JSON_H

#include "cli/inputs.h"

/* As docs/verify.schema.json has it. False, with a problem, where there is no memory. */
bool troth_result_json_print(struct troth_inputs *inputs, struct troth_problem *problem,
                             const struct troth_result *result);

#endif
