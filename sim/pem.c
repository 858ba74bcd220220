/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/pem.h"

#include <nettle/base64.h>

#define LINE_BYTES 48 /* 64 characters */

static void put_line(struct sim_bytes *out, const char *start, const char *label)
{
    sim_bytes_append(out, sim_text(start));
    sim_bytes_append(out, sim_text(label));
    sim_bytes_append(out, sim_text("-----\n"));
}

struct sim_bytes sim_pem_mint(const char *label, struct troth_span der)
{
    struct sim_bytes out = {0};

    put_line(&out, "-----BEGIN ", label);
    for (size_t at = 0; at < der.len; at += LINE_BYTES) {
        const size_t len = der.len - at < LINE_BYTES ? der.len - at : LINE_BYTES;
        char line[BASE64_ENCODE_RAW_LENGTH(LINE_BYTES)];

        base64_encode_raw(line, len, der.ptr + at);
        sim_bytes_append(&out, (struct troth_span){(const uint8_t *)line,
                                                   BASE64_ENCODE_RAW_LENGTH(len)});
        sim_bytes_append_byte(&out, '\n');
    }
    put_line(&out, "-----END ", label);
    return out;
}
