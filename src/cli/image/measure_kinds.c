/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/measure.h"

static const struct troth_measure_kind kinds[] = {
    {"nitro", troth_measure_eif},
    {NULL, NULL},
};

const struct troth_measure_kind *troth_measure_kinds(void)
{
    return kinds;
}
