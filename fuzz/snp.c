/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as an SNP report: what is read tiles it, and alone it is never enough. */
#include "evidence/snp/snp.h"

#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "evidence/claim_list.h"
#include "evidence/snp_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* The fields lie in a row, and nothing is between them. */
static void require_tiles(const struct troth_snp *snp)
{
    const uint8_t *next = snp->report.ptr;

#define X(name, bytes, kind, about)                                                      \
    require(snp->name.ptr == next && snp->name.len == (bytes));                          \
    next += snp->name.len;
    TROTH_SNP_REPORT(X)
#undef X
    require(next == snp->report.ptr + snp->report.len);
}

/* What surrounds the report is all accounted for. */
static void require_whole(const struct troth_snp *snp, struct troth_span whole)
{
    size_t head = snp->in_response ? TROTH_SNP_RESPONSE_HEAD : 0;

    require(snp->report.ptr == whole.ptr + head);
    require(head + snp->report.len + snp->table.len + snp->trailing.len == whole.len);
    require(snp->table.len == 0 || snp->trailing.len == 0);
}

static void read_table(struct troth_span table)
{
    struct troth_snp_table_entry entries[TROTH_SNP_TABLE_MAX];
    size_t count;

    if (troth_snp_table_parse(entries, &count, NULL, table)) {
        require(count == 0);
        return;
    }
    for (size_t i = 0; i < count; i++)
        require(entries[i].bytes.len == 0 ||
                (entries[i].bytes.ptr >= table.ptr &&
                 entries[i].bytes.ptr + entries[i].bytes.len <= table.ptr + table.len));
}

/* Judged without a certificate: there is a row for everything, and never a yes. */
static void judge(const struct troth_snp *snp)
{
    static const struct troth_requirements nothing;
    static uint8_t memory[TROTH_VERIFY_ARENA_SIZE];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    const struct troth_verify_input input = {.arena = &arena, .requirements = &nothing};
    struct troth_judgement j;
    struct troth_claims claims;

    require(troth_judgement_begin(&j, &input, 0, troth_snp_plan) == TROTH_OK);
    troth_snp_judge_report(&j, snp);
    require(j.err == TROTH_OK);
    require(troth_verdict_answer(&j.verdict) != TROTH_ACCEPTED);
    require(troth_snp_claims(&claims, snp, &arena) == TROTH_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct troth_span whole = {data, size};
    struct troth_fault fault;
    struct troth_snp snp;
    enum troth_err err = troth_snp_parse(&snp, &fault, whole);

    require(err == fault.err && fault.offset <= size);
    if (err) {
        require(!snp.report.ptr && !snp.version.ptr && !snp.table.ptr);
        return 0;
    }
    require(troth_snp_format.recognise(whole));
    require_tiles(&snp);
    require_whole(&snp, whole);
    read_table(snp.table);
    judge(&snp);
    return 0;
}
