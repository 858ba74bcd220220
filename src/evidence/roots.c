/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/anchor.h"

#include "evidence/roots_data.inc"

struct troth_anchors troth_anchors_built_in(void)
{
    return (struct troth_anchors){built_in, sizeof built_in / sizeof built_in[0]};
}
