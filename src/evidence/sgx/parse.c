/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/sgx/sgx.h"

enum troth_err troth_sgx_parse(struct troth_sgx *out, struct troth_fault *fault,
                               struct troth_span raw)
{
    struct troth_cursor c;
    enum troth_err err;

    *out = (struct troth_sgx){0};
    err = troth_quote_parse(&out->dcap.quote, fault, raw);
    if (!err && out->dcap.quote.is_tdx) {
        *out = (struct troth_sgx){0};
        err = TROTH_ERR_VALUE;
        if (fault)
            *fault = (struct troth_fault){err, "dcap.quote.tee_type", 4};
    }
    if (err)
        return err;
    c = troth_cursor_over(out->dcap.quote.body);
    troth_sgx_report_read(&out->body, &c, "dcap.quote.body");
    return troth_cursor_finish(&c, fault);
}
