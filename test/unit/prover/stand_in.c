/* SPDX-License-Identifier: Apache-2.0 */
#include "test/unit/prover/stand_in.h"

#include <stdlib.h>
#include <string.h>

struct stand_in stand_in;

bool troth_attester_quote(struct troth_attester *attester, struct troth_quote *out,
                          struct troth_attester_fault *fault,
                          const uint8_t report_data[static 64], int64_t timeout_ms)
{
    size_t len = stand_in.evidence_len ? stand_in.evidence_len : 72;
    uint8_t *evidence = calloc(1, len),
            *collateral = calloc(1, 1 + stand_in.collateral_len);
    uint64_t number = ++stand_in.asked;

    (void)attester;
    (void)timeout_ms;
    *out = (struct troth_quote){.evidence = {NULL, 0}};
    *fault = (struct troth_attester_fault){.error = stand_in.fails, .step = "quote"};
    if (!evidence || !collateral)
        abort();
    if (stand_in.fails) {
        free(evidence);
        free(collateral);
        return false;
    }
    memcpy(evidence, report_data, 64);
    memcpy(evidence + 64, &number, sizeof number);
    out->evidence = (struct troth_span){evidence, len};
    out->collateral = (struct troth_span){collateral, stand_in.collateral_len};
    out->owned[0] = evidence;
    out->owned[1] = collateral;
    return true;
}

void troth_quote_release(struct troth_quote *quote)
{
    stand_in.released += quote->owned[0] != NULL;
    free(quote->owned[0]);
    free(quote->owned[1]);
    *quote = (struct troth_quote){.evidence = {NULL, 0}};
}
