/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/tdx/tdx.h"

#define X(name, size, kind, about) +(size)
_Static_assert((0 TROTH_TD10_REPORT(X)) == TROTH_TD10_REPORT_SIZE, "rows must tile");
_Static_assert((0 TROTH_TD10_REPORT(X) TROTH_TD15_REPORT(X)) == TROTH_TD15_REPORT_SIZE,
               "rows must tile");
_Static_assert((0 TROTH_TD10_REPORT(X) TROTH_TD15_REPORT(X) TROTH_TD15_EX_REPORT(X)) ==
                   TROTH_TD15_EX_REPORT_SIZE,
               "rows must tile");
#undef X

/* Each type of body is the one before it with more behind it. */
static enum troth_err read_body(struct troth_tdx *t, struct troth_fault *fault)
{
    struct troth_cursor c = troth_cursor_over(t->dcap.quote.body);

#define X(name, size, kind, about) t->name = troth_cursor_bytes(&c, size, "tdx." #name);
    TROTH_TD10_REPORT(X)
    if (t->dcap.quote.body_type >= TROTH_QUOTE_BODY_TD15) {
        TROTH_TD15_REPORT(X)
    }
    if (t->dcap.quote.body_type >= TROTH_QUOTE_BODY_TD15_EX) {
        TROTH_TD15_EX_REPORT(X)
    }
#undef X
    return troth_cursor_finish(&c, fault);
}

enum troth_err troth_tdx_parse(struct troth_tdx *out, struct troth_fault *fault,
                               struct troth_span raw)
{
    enum troth_err err;

    *out = (struct troth_tdx){0};
    err = troth_quote_parse(&out->dcap.quote, fault, raw);
    if (!err && !out->dcap.quote.is_tdx) {
        *out = (struct troth_tdx){0};
        err = TROTH_ERR_VALUE;
        if (fault)
            *fault = (struct troth_fault){err, "dcap.quote.tee_type", 4};
    }
    return err ? err : read_body(out, fault);
}
