/* measure_order.h - the options of `troth measure`; `order` is a struct
 * troth_measure_order. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_IMAGE_MEASURE_ORDER_H
#define TROTH_CLI_IMAGE_MEASURE_ORDER_H

#include "cli/image/measure.h"
#include "cli/options.h"

bool troth_measure_take_kind(void *order, struct troth_problem *problem,
                             const char *value);
bool troth_measure_take_format(void *order, struct troth_problem *problem,
                               const char *value);
bool troth_measure_take_json(void *order, struct troth_problem *problem,
                             const char *value);
bool troth_measure_take_image(void *order, struct troth_problem *problem,
                              const char *value);

/* Do the options given go together? */
bool troth_measure_order_check(const struct troth_measure_order *order,
                               struct troth_problem *problem);

#endif
