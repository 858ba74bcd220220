/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/dcap/reserved.h"

#include "base/span.h"
#include "base/value.h"

struct troth_reserved troth_quote_reserved(const struct troth_quote *quote)
{
    /* In version 3 they are security versions, and say nothing that is not said better by
     * what is signed by more than the quoting enclave. */
    if (quote->number == 3)
        return (struct troth_reserved){0};
    if (!troth_span_is_zero(quote->word_8))
        return (struct troth_reserved){"dcap.quote.word_8", quote->word_8};
    if (!troth_span_is_zero(quote->word_10))
        return (struct troth_reserved){"dcap.quote.word_10", quote->word_10};
    return (struct troth_reserved){0};
}

void troth_judge_reserved(struct troth_judgement *j, struct troth_reserved reserved)
{
    static const uint8_t zeros[64]; /* no reserved field is longer */
    struct troth_check row = {.id = TROTH_CHECK_RESERVED, .outcome = TROTH_PASSED};

    if (reserved.field) {
        row.outcome = TROTH_FAILED;
        row.subject = reserved.field;
        row.why = "a field without a meaning is not zero";
        row.seen = troth_value_bytes(reserved.seen);
        row.wanted = troth_value_bytes((struct troth_span){zeros, reserved.seen.len});
    }
    troth_judge(j, row);
}
