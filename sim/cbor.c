/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cbor.h"

/* log2 of the bytes that follow the first one; -1 where the argument is in it. */
static int argument_size(uint64_t argument)
{
    if (argument < 24)
        return -1;
    return argument <= UINT8_MAX    ? 0
           : argument <= UINT16_MAX ? 1
           : argument <= UINT32_MAX ? 2
                                    : 3;
}

void sim_cbor_head(struct sim_bytes *out, enum sim_cbor_major major, uint64_t argument)
{
    const int size = argument_size(argument);
    const unsigned low = size < 0 ? (unsigned)argument : 24 + (unsigned)size;

    sim_bytes_append_byte(out, (uint8_t)((unsigned)major << 5 | low));
    for (unsigned left = size < 0 ? 0 : 1U << size; left > 0; left--)
        sim_bytes_append_byte(out, (uint8_t)(argument >> 8 * (left - 1)));
}

void sim_cbor_bytes(struct sim_bytes *out, struct troth_span value)
{
    sim_cbor_head(out, SIM_CBOR_BYTES, value.len);
    sim_bytes_append(out, value);
}

void sim_cbor_text(struct sim_bytes *out, const char *value)
{
    const struct troth_span text = sim_text(value);

    sim_cbor_head(out, SIM_CBOR_TEXT, text.len);
    sim_bytes_append(out, text);
}

void sim_cbor_null(struct sim_bytes *out)
{
    sim_bytes_append_byte(out, 0xf6);
}

void sim_cbor_open_map(struct sim_bytes *out)
{
    sim_bytes_append_byte(out, 0xbf);
}

void sim_cbor_break(struct sim_bytes *out)
{
    sim_bytes_append_byte(out, 0xff);
}
