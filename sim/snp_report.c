/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/snp_report.h"

#include <assert.h>

#define SIZE_OF(name, size) +(size)
static_assert((0 SIM_SNP_REPORT(SIZE_OF, SIZE_OF)) == SIM_SNP_SIGNED_SIZE,
              "the rows tile what is signed");
#undef SIZE_OF

#define NUMBER_FIELD 72 /* bytes of r and of s */

static void put_number(struct sim_bytes *out, uint64_t number, size_t size)
{
    for (size_t i = 0; i < size; i++)
        sim_bytes_append_byte(out, (uint8_t)(number >> 8 * i));
}

static void put_reversed(struct sim_bytes *out, struct troth_span big_endian)
{
    for (size_t i = big_endian.len; i > 0; i--)
        sim_bytes_append_byte(out, big_endian.ptr[i - 1]);
    sim_bytes_append_zeros(out, NUMBER_FIELD - big_endian.len);
}

static struct sim_bytes encode(const struct sim_snp_report *report)
{
    struct sim_bytes out = {0};

#define NUMBER(name, size) put_number(&out, report->name, size);
#define BYTES(name, size)  sim_bytes_append(&out, SIM_ARRAY(report->name));
    SIM_SNP_REPORT(NUMBER, BYTES)
#undef NUMBER
#undef BYTES
    return out;
}

struct sim_bytes sim_snp_report_mint(const struct sim_snp_report *report,
                                     const struct sim_key *key,
                                     struct sim_edit edit_report,
                                     struct sim_edit edit_signature)
{
    struct sim_bytes out = encode(report);
    struct sim_bytes field = {0};

    sim_edit_apply(edit_report, &out);
    const struct sim_ecdsa signature = sim_key_sign_ecdsa(key, sim_bytes_span(out));
    put_reversed(&field, (struct troth_span){signature.r, signature.width});
    put_reversed(&field, (struct troth_span){signature.s, signature.width});
    sim_bytes_append_zeros(&field, SIM_SNP_REPORT_SIZE - SIM_SNP_SIGNED_SIZE - field.len);
    sim_edit_apply(edit_signature, &field);
    sim_bytes_take(&out, field);
    return out;
}
