/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as an Intel quote: what is read tiles it, and alone it is never enough. */
#include "evidence/sgx/sgx.h"
#include "evidence/tdx/tdx.h"

#include <stdlib.h>

#include "base/span.h"
#include "evidence/claim_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t memory[TROTH_VERIFY_ARENA_SIZE];

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* This field lies `gap` bytes behind the one before it. */
static void require_next(const uint8_t **next, size_t gap, struct troth_span field)
{
    require(field.ptr == *next + gap);
    *next = field.ptr + field.len;
}

/* The fields lie in a row; between them are only types and lengths. */
static void require_tiles(const struct troth_quote *q, struct troth_span whole)
{
    const uint8_t *next = whole.ptr;

#define X(name, bytes) require_next(&next, 0, q->name);
    TROTH_QUOTE_HEADER(X)
#undef X
    require_next(&next, q->number == 5 ? 6 : 0, q->body);
    require(q->signed_part.ptr == whole.ptr &&
            q->signed_part.ptr + q->signed_part.len == next);
    require_next(&next, 4, q->signature);
    require_next(&next, 0, q->attestation_key);
    require_next(&next, q->number == 3 ? 0 : 6, q->qe_report);
    require_next(&next, 0, q->qe_signature);
    require_next(&next, 2, q->qe_auth_data);
    require_next(&next, 6, q->certification);
    require_next(&next, 0, q->trailing);
    require(next == whole.ptr + whole.len);
    require(q->signature.len == 64 && q->attestation_key.len == 64 &&
            q->qe_report.len == TROTH_SGX_REPORT_SIZE && q->qe_signature.len == 64);
}

/* Claims can always be told, and what is judged without collateral is never a yes. */
static void judge(const struct troth_format *format, void *fields,
                  struct troth_arena *arena,
                  void (*judge_report)(struct troth_judgement *j, const void *fields))
{
    static const struct troth_requirements nothing;
    const struct troth_verify_input input = {.arena = arena, .requirements = &nothing};
    struct troth_judgement j;
    struct troth_claims claims;

    require(troth_judgement_begin(&j, &input, 0, format->plan) == TROTH_OK);
    judge_report(&j, fields);
    require(j.err == TROTH_OK);
    require(troth_verdict_answer(&j.verdict) != TROTH_ACCEPTED);
    require(format->claims(&claims, fields, arena) == TROTH_OK);
}

static void judge_sgx(struct troth_judgement *j, const void *fields)
{
    troth_sgx_judge_report(j, fields);
}

static void judge_tdx(struct troth_judgement *j, const void *fields)
{
    troth_tdx_judge_report(j, fields);
}

static void read_as(const struct troth_format *format, struct troth_span whole,
                    enum troth_err expected,
                    void (*judge_report)(struct troth_judgement *j, const void *fields))
{
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_fault fault;
    void *fields;
    enum troth_err err = format->parse(&fields, &fault, whole, &arena);

    require(err == expected);
    if (err)
        return;
    require(format->recognise(whole));
    judge(format, fields, &arena, judge_report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct troth_span whole = {data, size};
    struct troth_fault fault;
    struct troth_quote q;
    enum troth_err err = troth_quote_parse(&q, &fault, whole);

    require(err == fault.err && fault.offset <= size);
    if (err)
        require(!q.body.ptr && !q.version.ptr && !q.trailing.ptr && !q.number);
    else
        require_tiles(&q, whole);
    read_as(&troth_sgx_format, whole,
            err        ? err
            : q.is_tdx ? TROTH_ERR_VALUE
                       : TROTH_OK,
            judge_sgx);
    read_as(&troth_tdx_format, whole,
            err        ? err
            : q.is_tdx ? TROTH_OK
                       : TROTH_ERR_VALUE,
            judge_tdx);
    return 0;
}
