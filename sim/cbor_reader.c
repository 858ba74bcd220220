/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cbor_reader.h"

#define NULL_BYTE 0xf6

static uint8_t take_byte(struct sim_cbor_reader *r)
{
    if (r->has_failed || r->left.len == 0) {
        r->has_failed = true;
        return 0;
    }
    r->left = (struct troth_span){r->left.ptr + 1, r->left.len - 1};
    return r->left.ptr[-1];
}

bool sim_cbor_next_is(const struct sim_cbor_reader *r, enum sim_cbor_major major)
{
    return !r->has_failed && r->left.len > 0 && r->left.ptr[0] >> 5 == (int)major;
}

uint64_t sim_cbor_read_head(struct sim_cbor_reader *r, enum sim_cbor_major major)
{
    const bool is_right = sim_cbor_next_is(r, major);
    const uint8_t info = take_byte(r) & 31;
    uint64_t argument = 0;

    if (!is_right || info > 27)
        r->has_failed = true;
    if (info < 24)
        return r->has_failed ? 0 : info;
    for (unsigned left = 1U << (info & 3); left > 0; left--)
        argument = argument << 8 | take_byte(r);
    return r->has_failed ? 0 : argument;
}

struct troth_span sim_cbor_read_string(struct sim_cbor_reader *r,
                                       enum sim_cbor_major major)
{
    const uint64_t len = sim_cbor_read_head(r, major);

    if (r->has_failed || len > r->left.len) {
        r->has_failed = true;
        return (struct troth_span){NULL, 0};
    }
    const struct troth_span string = {r->left.ptr, (size_t)len};

    r->left = (struct troth_span){string.ptr + len, r->left.len - (size_t)len};
    return string;
}

bool sim_cbor_read_optional(struct sim_cbor_reader *r, struct troth_span *out)
{
    *out = (struct troth_span){NULL, 0};
    if (!r->has_failed && r->left.len > 0 && r->left.ptr[0] == NULL_BYTE) {
        (void)take_byte(r);
        return false;
    }
    *out = sim_cbor_read_string(r, SIM_CBOR_BYTES);
    return !r->has_failed;
}
