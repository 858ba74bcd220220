/* SPDX-License-Identifier: Apache-2.0 */
#include "attester/fault.h"

#include <string.h>

#include "base/span.h"

bool troth_attester_fail(struct troth_attester_fault *fault, int error, const char *step,
                         const char *path)
{
    const size_t len = troth_span_of_text(path).len;

    *fault = (struct troth_attester_fault){.error = error, .step = step};
    memcpy(fault->path, path, len < sizeof fault->path ? len : sizeof fault->path - 1);
    return false;
}

void troth_attester_fault_say(struct troth_attester_fault *fault, struct troth_span word)
{
    memset(fault->said, 0, sizeof fault->said);
    for (size_t i = 0; i < word.len && i + 1 < sizeof fault->said; i++) {
        const bool is_printable = word.ptr[i] >= ' ' && word.ptr[i] <= '~';

        memcpy(fault->said + i, is_printable ? word.ptr + i : (const uint8_t *)"?", 1);
    }
}
