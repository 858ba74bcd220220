/* machine_order.h - the options of `troth measure` that describe a machine; `order` is a
 * struct troth_measure_order. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_IMAGE_MACHINE_ORDER_H
#define TROTH_CLI_IMAGE_MACHINE_ORDER_H

#include "cli/image/measure.h"

struct troth_machine_order troth_machine_order_default(void);

#define TROTH_MACHINE_TAKER(name)                                                        \
    bool troth_machine_take_##name(void *order, struct troth_problem *problem,           \
                                   const char *value)

TROTH_MACHINE_TAKER(kernel);
TROTH_MACHINE_TAKER(initrd);
TROTH_MACHINE_TAKER(cmdline);
TROTH_MACHINE_TAKER(eif);
TROTH_MACHINE_TAKER(vcpus);
TROTH_MACHINE_TAKER(vcpu);
TROTH_MACHINE_TAKER(vmm);
TROTH_MACHINE_TAKER(features);
TROTH_MACHINE_TAKER(memory);
TROTH_MACHINE_TAKER(order);
TROTH_MACHINE_TAKER(kernel_header);
TROTH_MACHINE_TAKER(initrd_option);

bool troth_measure_take_set(void *order, struct troth_problem *problem,
                            const char *value);
bool troth_measure_take_any(void *order, struct troth_problem *problem,
                            const char *value);

/* Are they for the kind that is asked for, and do they go together? */
bool troth_machine_order_check(const struct troth_measure_order *order,
                               struct troth_problem *problem);

#endif
