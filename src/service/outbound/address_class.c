/* SPDX-License-Identifier: Apache-2.0 */
#include "service/outbound/address_class.h"

#include "base/span.h"

enum { V4_SIZE = 4, V6_SIZE = 16, PREFIX_MAX = 12 };

struct row {
    uint8_t prefix[PREFIX_MAX];
    unsigned bits;
    enum troth_address_class class;
    const char *name;
};

/* The first row that fits decides. Clouds tell a machine its secrets at addresses of
 * their own (Alibaba, Azure, AWS, Google), one of which anybody would take for global. */
/* clang-format off */
static const struct row v4[] = {
    {{0},             8, TROTH_ADDRESS_UNUSABLE, "this network"},
    {{10},            8, TROTH_ADDRESS_PRIVATE,  "private"},
    {{100, 100, 100, 200}, 32, TROTH_ADDRESS_UNUSABLE, "a cloud's service"},
    {{168, 63, 129, 16},   32, TROTH_ADDRESS_UNUSABLE, "a cloud's service"},
    {{100, 64},      10, TROTH_ADDRESS_PRIVATE,  "a provider's own"},
    {{127},           8, TROTH_ADDRESS_PRIVATE,  "loopback"},
    {{169, 254},     16, TROTH_ADDRESS_UNUSABLE, "link-local"},
    {{172, 16},      12, TROTH_ADDRESS_PRIVATE,  "private"},
    {{192, 0, 0},    24, TROTH_ADDRESS_UNUSABLE, "reserved for protocols"},
    {{192, 0, 2},    24, TROTH_ADDRESS_UNUSABLE, "for documentation"},
    {{192, 88, 99},  24, TROTH_ADDRESS_UNUSABLE, "a relay's"},
    {{192, 168},     16, TROTH_ADDRESS_PRIVATE,  "private"},
    {{198, 18},      15, TROTH_ADDRESS_UNUSABLE, "for benchmarks"},
    {{198, 51, 100}, 24, TROTH_ADDRESS_UNUSABLE, "for documentation"},
    {{203, 0, 113},  24, TROTH_ADDRESS_UNUSABLE, "for documentation"},
    {{224},           4, TROTH_ADDRESS_UNUSABLE, "multicast"},
    {{240},           4, TROTH_ADDRESS_UNUSABLE, "reserved"},
    {{0},             0, TROTH_ADDRESS_GLOBAL,   "global"},
};

/* Teredo's and 6to4's addresses have another's inside, which nobody sees checked. */
static const struct row v6[] = {
    {{0xfd, 0x00, 0x0e, 0xc2},        32, TROTH_ADDRESS_UNUSABLE, "a cloud's service"},
    {{0xfd, 0x20, 0x00, 0xce},        32, TROTH_ADDRESS_UNUSABLE, "a cloud's service"},
    {{0xfc},                           7, TROTH_ADDRESS_PRIVATE,  "private"},
    {{0xfe, 0x80},                    10, TROTH_ADDRESS_UNUSABLE, "link-local"},
    {{0xff},                           8, TROTH_ADDRESS_UNUSABLE, "multicast"},
    {{0x20, 0x01},                    23, TROTH_ADDRESS_UNUSABLE, "reserved for protocols"},
    {{0x20, 0x01, 0x0d, 0xb8},        32, TROTH_ADDRESS_UNUSABLE, "for documentation"},
    {{0x20, 0x02},                    16, TROTH_ADDRESS_UNUSABLE, "a relay's"},
    {{0x3f, 0xff},                    20, TROTH_ADDRESS_UNUSABLE, "for documentation"},
    {{0x20},                           3, TROTH_ADDRESS_GLOBAL,   "global"},
    {{0},                              0, TROTH_ADDRESS_UNUSABLE, "reserved"},
};

/* Whose last four bytes are an IPv4 address: mapped, and behind NAT64. */
static const uint8_t clothes[][PREFIX_MAX] = {
    {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff},
    {0, 0x64, 0xff, 0x9b},
};
/* clang-format on */

static const uint8_t loopback[V6_SIZE] = {[V6_SIZE - 1] = 1};

static bool is_in(const struct row *row, struct troth_span bytes)
{
    for (unsigned i = 0; i < row->bits; i++)
        if ((row->prefix[i / 8] ^ bytes.ptr[i / 8]) >> (7 - i % 8) & 1)
            return false;
    return true;
}

static enum troth_address_class look_up(const char **out_name, const struct row *rows,
                                        struct troth_span bytes)
{
    while (!is_in(rows, bytes)) /* the last row has no bits */
        rows++;
    *out_name = rows->name;
    return rows->class;
}

static enum troth_address_class classify_v6(const char **out_name,
                                            struct troth_span bytes)
{
    for (size_t i = 0; i < sizeof clothes / sizeof *clothes; i++)
        if (troth_span_starts_with(bytes, (struct troth_span){clothes[i], PREFIX_MAX}))
            return look_up(out_name, v4, troth_span_slice(bytes, PREFIX_MAX, V6_SIZE));
    if (troth_span_equal(bytes, (struct troth_span){loopback, V6_SIZE})) {
        *out_name = "loopback";
        return TROTH_ADDRESS_PRIVATE;
    }
    return look_up(out_name, v6, bytes);
}

enum troth_address_class troth_address_classify(const char **out_name,
                                                struct troth_span bytes)
{
    *out_name = "no address";
    switch (bytes.len) {
    case V4_SIZE:
        return look_up(out_name, v4, bytes);
    case V6_SIZE:
        return classify_v6(out_name, bytes);
    default:
        return TROTH_ADDRESS_UNUSABLE;
    }
}
