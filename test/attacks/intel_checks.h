/* intel_checks.h - every check of SGX and TDX quotes, and what breaks it alone. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_INTEL_CHECKS_H
#define TROTH_TEST_INTEL_CHECKS_H

#include "stage.h"

struct intel_check {
    const char *name;
    enum troth_check_id id;
    void (*change)(struct intel_stage *stage); /* NULL: nothing ever fails it */
};

/* Both end with a row of no name. */
extern const struct intel_check sgx_checks[], tdx_checks[];

#endif
