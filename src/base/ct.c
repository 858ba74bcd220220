/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ct.h"

bool troth_ct_equal(struct troth_span a, struct troth_span b)
{
    /* Volatile, so that the compiler may not stop at the first difference. */
    const volatile uint8_t *left = a.ptr;
    const volatile uint8_t *right = b.ptr;
    uint8_t difference = 0;

    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        difference |= left[i] ^ right[i];
    return difference == 0;
}
