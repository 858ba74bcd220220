/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/library_types.h"

#include "base/span.h"
#include "cel/address.h"
#include "cel/text.h"

/* An address or a network, as `parse` says. */
static bool read(struct troth_cel_address *out, struct troth_cel_call *call,
                 const struct troth_cel_value *text,
                 enum troth_err (*parse)(struct troth_cel_address *, struct troth_span))
{
    (void)troth_cel_spend(call, text->as.text.len / TROTH_CEL_BYTES_A_STEP);
    return !parse(out, text->as.text);
}

static struct troth_cel_value failed(enum troth_cel_error code)
{
    return TROTH_CEL_ERROR_VALUE(code);
}

static struct troth_cel_value new_value(struct troth_cel_call *call,
                                        enum troth_cel_kind kind,
                                        const struct troth_cel_address *address)
{
    struct troth_cel_address *copy = troth_cel_take(call, 1, sizeof *copy);
    struct troth_cel_value value = {.kind = kind};

    if (!copy)
        return failed(TROTH_CEL_ERROR_RANGE);
    *copy = *address;
    value.as.address = copy;
    return value;
}

static struct troth_cel_value ip(struct troth_cel_call *call,
                                 const struct troth_cel_value *arguments)
{
    struct troth_cel_address address;

    if (!read(&address, call, &arguments[0], troth_cel_address_parse))
        return failed(TROTH_CEL_ERROR_CONVERT);
    return new_value(call, TROTH_CEL_ADDRESS, &address);
}

static struct troth_cel_value cidr(struct troth_cel_call *call,
                                   const struct troth_cel_value *arguments)
{
    struct troth_cel_address network;

    if (!read(&network, call, &arguments[0], troth_cel_network_parse))
        return failed(TROTH_CEL_ERROR_CONVERT);
    return new_value(call, TROTH_CEL_NETWORK, &network);
}

static struct troth_cel_value is_ip(struct troth_cel_call *call,
                                    const struct troth_cel_value *arguments)
{
    struct troth_cel_address address;

    return TROTH_CEL_BOOL_VALUE(
        read(&address, call, &arguments[0], troth_cel_address_parse));
}

static struct troth_cel_value is_cidr(struct troth_cel_call *call,
                                      const struct troth_cel_value *arguments)
{
    struct troth_cel_address network;

    return TROTH_CEL_BOOL_VALUE(
        read(&network, call, &arguments[0], troth_cel_network_parse));
}

/* Is the address written as string() writes it? */
static struct troth_cel_value is_canonical(struct troth_cel_call *call,
                                           const struct troth_cel_value *arguments)
{
    uint8_t text[TROTH_CEL_ADDRESS_TEXT_MAX];
    struct troth_writer w = troth_writer_over(text, sizeof text);
    struct troth_cel_address address;

    if (!read(&address, call, &arguments[0], troth_cel_address_parse))
        return failed(TROTH_CEL_ERROR_CONVERT);
    troth_cel_write_address(&w, &address);
    return TROTH_CEL_BOOL_VALUE(
        troth_span_equal(troth_writer_span(&w), arguments[0].as.text));
}

static struct troth_cel_value to_string(struct troth_cel_call *call,
                                        const struct troth_cel_value *arguments)
{
    struct troth_cel_text made = troth_cel_text_begin(call);

    if (troth_cel_text_reserve(&made, TROTH_CEL_ADDRESS_TEXT_MAX)) {
        if (arguments[0].kind == TROTH_CEL_NETWORK)
            troth_cel_write_network(&made.w, arguments[0].as.address);
        else
            troth_cel_write_address(&made.w, arguments[0].as.address);
    }
    return troth_cel_text_finish(&made, TROTH_CEL_STRING);
}

static struct troth_cel_value family(struct troth_cel_call *call,
                                     const struct troth_cel_value *arguments)
{
    (void)call;
    return TROTH_CEL_INT_VALUE(arguments[0].as.address->is_v6 ? 6 : 4);
}

/* The blocks that addresses of a special kind are in, of each version one. [RFC6890] */
struct blocks {
    struct troth_cel_address v4, v6;
};

/* clang-format off */
static const struct blocks
    unspecified        = {{false, {0},                  32}, {true, {0},          128}},
    loopback           = {{false, {127},                 8}, {true, {[15] = 1},   128}},
    link_local_unicast = {{false, {169, 254},           16}, {true, {0xfe, 0x80},  10}},
    multicast          = {{false, {224},                 4}, {true, {0xff},         8}},
    broadcast          = {{false, {255, 255, 255, 255}, 32}, {true, {0xff},         8}};
/* clang-format on */

static bool is_in_block(const struct troth_cel_address *address,
                        const struct blocks *blocks)
{
    return troth_cel_address_is_in(address, &blocks->v4) ||
           troth_cel_address_is_in(address, &blocks->v6);
}

static struct troth_cel_value is_in_one(struct troth_cel_call *call,
                                        const struct troth_cel_value *arguments)
{
    return TROTH_CEL_BOOL_VALUE(is_in_block(arguments[0].as.address, call->host));
}

/* Of version 6, the second byte has flags and then the scope. [RFC4291] 2.7 */
static struct troth_cel_value
is_link_local_multicast(struct troth_cel_call *call,
                        const struct troth_cel_value *arguments)
{
    static const struct troth_cel_address v4 = {false, {224, 0, 0}, 24};
    const struct troth_cel_address *address = arguments[0].as.address;

    (void)call;
    return TROTH_CEL_BOOL_VALUE(address->is_v6 ? address->bytes[0] == 0xff &&
                                                     (address->bytes[1] & 0x0f) == 2
                                               : troth_cel_address_is_in(address, &v4));
}

static struct troth_cel_value is_global_unicast(struct troth_cel_call *call,
                                                const struct troth_cel_value *arguments)
{
    static const struct blocks *const others[] = {
        &unspecified, &loopback, &link_local_unicast, &multicast, &broadcast};

    (void)call;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (is_in_block(arguments[0].as.address, others[i]))
            return TROTH_CEL_BOOL_VALUE(false);
    return TROTH_CEL_BOOL_VALUE(true);
}

/* Is the second argument, which may be text, in the network? */
static struct troth_cel_value
contains(struct troth_cel_call *call, const struct troth_cel_value *arguments,
         enum troth_err (*parse)(struct troth_cel_address *, struct troth_span))
{
    struct troth_cel_address read_from_text;
    const struct troth_cel_address *inner = &read_from_text;

    if (arguments[1].kind != TROTH_CEL_STRING)
        inner = arguments[1].as.address;
    else if (!read(&read_from_text, call, &arguments[1], parse))
        return failed(TROTH_CEL_ERROR_CONVERT);
    return TROTH_CEL_BOOL_VALUE(troth_cel_address_is_in(inner, arguments[0].as.address));
}

static struct troth_cel_value contains_ip(struct troth_cel_call *call,
                                          const struct troth_cel_value *arguments)
{
    return contains(call, arguments, troth_cel_address_parse);
}

static struct troth_cel_value contains_cidr(struct troth_cel_call *call,
                                            const struct troth_cel_value *arguments)
{
    return contains(call, arguments, troth_cel_network_parse);
}

static struct troth_cel_value ip_of(struct troth_cel_call *call,
                                    const struct troth_cel_value *arguments)
{
    struct troth_cel_address address = *arguments[0].as.address;

    address.prefix_len = address.is_v6 ? 128 : 32;
    return new_value(call, TROTH_CEL_ADDRESS, &address);
}

static struct troth_cel_value masked(struct troth_cel_call *call,
                                     const struct troth_cel_value *arguments)
{
    struct troth_cel_address network = *arguments[0].as.address;

    troth_cel_address_mask(&network);
    return new_value(call, TROTH_CEL_NETWORK, &network);
}

static struct troth_cel_value prefix_length(struct troth_cel_call *call,
                                            const struct troth_cel_value *arguments)
{
    (void)call;
    return TROTH_CEL_INT_VALUE(arguments[0].as.address->prefix_len);
}

#define BOOL    TROTH_CEL_OF(BOOL)
#define INT     TROTH_CEL_OF(INT)
#define STRING  TROTH_CEL_OF(STRING)
#define ADDRESS TROTH_CEL_OF(ADDRESS)
#define NETWORK TROTH_CEL_OF(NETWORK)

/* clang-format off */
static const struct troth_cel_overload overloads[] = {
    /*                 name                    call                     result   arguments */
    TROTH_CEL_FUNCTION("ip",                   ip,                      ADDRESS, STRING)
    TROTH_CEL_FUNCTION("isIP",                 is_ip,                   BOOL,    STRING)
    TROTH_CEL_FUNCTION("ip.isCanonical",       is_canonical,            BOOL,    STRING)
    TROTH_CEL_FUNCTION("string",               to_string,               STRING,  ADDRESS)
    TROTH_CEL_METHOD("family",                 family,                  INT,     ADDRESS)
    TROTH_CEL_METHOD_OF(&unspecified,        "isUnspecified",      is_in_one, BOOL, ADDRESS)
    TROTH_CEL_METHOD_OF(&loopback,           "isLoopback",         is_in_one, BOOL, ADDRESS)
    TROTH_CEL_METHOD_OF(&link_local_unicast, "isLinkLocalUnicast", is_in_one, BOOL, ADDRESS)
    TROTH_CEL_METHOD("isLinkLocalMulticast",   is_link_local_multicast, BOOL,    ADDRESS)
    TROTH_CEL_METHOD("isGlobalUnicast",        is_global_unicast,       BOOL,    ADDRESS)

    TROTH_CEL_FUNCTION("cidr",                 cidr,                    NETWORK, STRING)
    TROTH_CEL_FUNCTION("isCIDR",               is_cidr,                 BOOL,    STRING)
    TROTH_CEL_FUNCTION("string",               to_string,               STRING,  NETWORK)
    TROTH_CEL_METHOD("containsIP",             contains_ip,             BOOL,    NETWORK, ADDRESS)
    TROTH_CEL_METHOD("containsIP",             contains_ip,             BOOL,    NETWORK, STRING)
    TROTH_CEL_METHOD("containsCIDR",           contains_cidr,           BOOL,    NETWORK, NETWORK)
    TROTH_CEL_METHOD("containsCIDR",           contains_cidr,           BOOL,    NETWORK, STRING)
    TROTH_CEL_METHOD("ip",                     ip_of,                   ADDRESS, NETWORK)
    TROTH_CEL_METHOD("masked",                 masked,                  NETWORK, NETWORK)
    TROTH_CEL_METHOD("prefixLength",           prefix_length,           INT,     NETWORK)
};
/* clang-format on */

const struct troth_cel_library troth_cel_network = {
    .name = "network",
    .overloads = overloads,
    .overload_count = sizeof overloads / sizeof overloads[0],
};
