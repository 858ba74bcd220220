/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/format.h"

#include "base/span.h"
#include "evidence/nitro/nitro.h"
#include "evidence/sgx/sgx.h"
#include "evidence/snp/snp.h"
#include "evidence/tdx/tdx.h"

static const struct troth_format *const formats[] = {
    &troth_nitro_format, &troth_snp_format, &troth_sgx_format, &troth_tdx_format, NULL,
};

const struct troth_format *const *troth_formats(void)
{
    return formats;
}

const struct troth_format *troth_format_recognise(struct troth_span raw)
{
    for (size_t i = 0; formats[i]; i++)
        if (formats[i]->recognise(raw))
            return formats[i];
    return NULL;
}

/* Most of several hundred differ in their first letter. */
static bool is_among(const char *const *findings, struct troth_span name)
{
    for (; *findings; findings++)
        if (name.ptr[0] == (uint8_t)(*findings)[0] && troth_span_is_text(name, *findings))
            return true;
    return false;
}

bool troth_format_has_finding(struct troth_span name)
{
    for (size_t f = 0; formats[f] && name.len > 0; f++)
        if (is_among(formats[f]->findings, name))
            return true;
    return false;
}
