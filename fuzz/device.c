/* SPDX-License-Identifier: Apache-2.0 */
/* What devices and hosts answer: read in full or refused, and never beyond its end. */
#include <stdlib.h>

#include "attester/nsm_message.h"
#include "attester/qgs_message.h"
#include "attester/snp_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void require_within(struct troth_span inner, struct troth_span outer)
{
    require(inner.len == 0 ||
            (inner.ptr >= outer.ptr && inner.ptr + inner.len <= outer.ptr + outer.len));
}

static void read_nsm(struct troth_span raw)
{
    for (int kind = TROTH_NSM_ATTESTATION; kind <= TROTH_NSM_GET_RANDOM; kind++) {
        struct troth_nsm_answer answer;
        struct troth_fault fault;
        const enum troth_err err = troth_nsm_answer_parse(&answer, &fault,
                                                          (enum troth_nsm_kind)kind, raw);

        require(fault.err == err && fault.offset <= raw.len);
        require_within(answer.bytes, raw);
        require_within(answer.error, raw);
        require(!err || (answer.bytes.len == 0 && answer.error.len == 0));
        require(answer.error.len == 0 || answer.bytes.len == 0);
    }
}

static void read_qgs(struct troth_span raw)
{
    struct troth_span quote;
    uint32_t error;
    const enum troth_err err = troth_qgs_answer_parse(&quote, &error, raw);

    require_within(quote, raw);
    require(err ? quote.len == 0 && error == 0 : (quote.len > 0) == (error == 0));
}

static void read_snp(struct troth_span raw)
{
    struct troth_span report;
    uint32_t status;
    const enum troth_err err = troth_snp_answer_parse(&report, &status, raw);
    const struct troth_span table = troth_snp_table_trim(raw);

    require_within(report, raw);
    require_within(table, raw);
    require(report.len == (!err && status == 0 ? TROTH_SNP_REPORT_SIZE : 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct troth_span raw = {data, size};

    read_nsm(raw);
    read_qgs(raw);
    read_snp(raw);
    return 0;
}
