/* SPDX-License-Identifier: Apache-2.0 */
/* Our CBOR reader and libcbor, on thousands of spoilt inputs: what we read, it reads the
 * same; where we refuse what it reads, the reason is one of those listed. */
#include <cbor.h>
#include <stdio.h>
#include <string.h>

#include "codec/cbor.h"
#include "test/harness.h"
#include "test/support/mutate.h"

/* clang-format off */
static const char *const seeds[] = {
    "83010203", "9f0118ff1903e8ff", "8301820203820405", "a26161016162820203", "bf61610161629fff616380ff",
    "a56161614161626142616361436164614461656145", "8a00171818181919010019ffff1a000100001b00000001000000002037",
    "d818456449455446", "c074323031332d30332d32315432303a30343a30305a", "c249010000000000000000",
    "5f42010243030405ff", "7f657374726561646d696e67ff", "826161bf61626163ff", "a201020304", "a301a10203 02a10203 0300",
    "88f4f5f6f7f93c00fa47c35000fb3ff199999999999af97e00", "62c3bc", "63e6b0b4", "64f0908591", "a1a0", "8180", "818181818180",
    "b818 0001 0102 0203 0304 0405 0506 0607 0708 0809 090a 0a0b 0b0c 0c0d 0d0e 0e0f 0f10 1011 1112 1213 1314 1415 1516 1617 17181818 1800",
    ("bf696d6f64756c655f6964616166646967657374665348413338346974696d657374616d701b0000018b0000000064706372 73b000 4400000000 01 4400000000"
    "02 4400000000 03 40 04 40 05 40 06 40 07 40 08 40 09 40 0a 40 0b 40 0c 40 0d 40 0e 40 0f 40 686361 62756e646c65 8241304131 6a7075626c69635f6b6579f6ff"),
    "981903 00", "8518180319 0005 1a00000006 1b0000000000000007", "b8021801021900010358016178 0162", "a2180101190001 02",
    "a378016101620061787801620358020000", "8443a10126a10442313154546869732069732074686520636f6e74656e742e44aabbccdd",
    "d28443a10126a10442313154546869732069732074686520636f6e74656e742e44aabbccdd",
};

/* Where we are stricter than libcbor. */
static const struct {
    enum troth_err err;
    const char *why;
} stricter[] = {
    {TROTH_ERR_DUPLICATE,   "libcbor keeps both of two equal keys"},
    {TROTH_ERR_TRAILING,    "libcbor reads one item and leaves the rest to its caller"},
    {TROTH_ERR_TEXT,        "libcbor hands out text that is not UTF-8"},
    {TROTH_ERR_ENCODING,    "libcbor reads longer heads than needed"},
    {TROTH_ERR_DEPTH,       "libcbor's limit is 2048"},
    {TROTH_ERR_LIMIT,       "libcbor takes any number of keys"},
    {TROTH_ERR_UNSUPPORTED, "libcbor takes any item as a key"},
};
/* clang-format on */

enum { ROUNDS = 20000, ROOM = 600 };

static bool same(struct troth_cbor *r, cbor_item_t *item);

static bool same_array(struct troth_cbor *r, cbor_item_t *item)
{
    size_t i = 0;

    if (!cbor_isa_array(item))
        return false;
    troth_cbor_enter_array(r, "array");
    for (; troth_cbor_more(r); i++)
        if (i >= cbor_array_size(item) || !same(r, cbor_array_handle(item)[i]))
            return false;
    troth_cbor_leave(r, "array");
    return i == cbor_array_size(item);
}

static bool same_map(struct troth_cbor *r, cbor_item_t *item)
{
    size_t i = 0;

    if (!cbor_isa_map(item))
        return false;
    troth_cbor_enter_map(r, "map");
    for (; troth_cbor_more(r); i++)
        if (i >= cbor_map_size(item) || !same(r, cbor_map_handle(item)[i].key) ||
            !same(r, cbor_map_handle(item)[i].value))
            return false;
    troth_cbor_leave(r, "map");
    return i == cbor_map_size(item);
}

static bool same_tag(struct troth_cbor *r, cbor_item_t *item)
{
    if (!cbor_isa_tag(item) || troth_cbor_tag(r, "tag") != cbor_tag_value(item))
        return false;
    cbor_item_t *inner = cbor_tag_item(item);
    const bool result = same(r, inner);
    cbor_decref(&inner);
    return result;
}

static bool same_string(struct troth_cbor *r, cbor_item_t *item, bool is_text)
{
    const bool definite = is_text ? cbor_string_is_definite(item)
                                  : cbor_bytestring_is_definite(item);

    if (!definite) /* no more than where it ends can be compared */
        return troth_cbor_skip(r, "chunks").len > 0;
    const struct troth_span ours = is_text ? troth_cbor_text(r, "text")
                                           : troth_cbor_bytes(r, "bytes");
    const size_t len = is_text ? cbor_string_length(item) : cbor_bytestring_length(item);
    const uint8_t *theirs = is_text ? cbor_string_handle(item)
                                    : cbor_bytestring_handle(item);
    return ours.len == len && (len == 0 || memcmp(ours.ptr, theirs, len) == 0);
}

/* Floats and simple values: what ours skips is as long as libcbor says it is. */
static bool same_float(struct troth_cbor *r, cbor_item_t *item)
{
    static const size_t lengths[] = {[CBOR_FLOAT_0] = 1,
                                     [CBOR_FLOAT_16] = 3,
                                     [CBOR_FLOAT_32] = 5,
                                     [CBOR_FLOAT_64] = 9};

    return cbor_isa_float_ctrl(item) &&
           troth_cbor_skip(r, "float").len == lengths[cbor_float_get_width(item)];
}

/* Recursive, because the depth of what we accept is at most eight. */
static bool same(struct troth_cbor *r, cbor_item_t *item)
{
    switch (troth_cbor_peek(r)) {
    case TROTH_CBOR_UINT:
        return cbor_isa_uint(item) && troth_cbor_uint(r, "uint") == cbor_get_int(item);
    case TROTH_CBOR_NEGATIVE:
        if (!cbor_isa_negint(item))
            return false;
        if (cbor_get_int(item) > INT64_MAX)
            return troth_cbor_skip(r, "int").len == 9;
        return troth_cbor_int(r, "int") == -1 - (int64_t)cbor_get_int(item);
    case TROTH_CBOR_BYTES:
        return cbor_isa_bytestring(item) && same_string(r, item, false);
    case TROTH_CBOR_TEXT:
        return cbor_isa_string(item) && same_string(r, item, true);
    case TROTH_CBOR_ARRAY:
        return same_array(r, item);
    case TROTH_CBOR_MAP:
        return same_map(r, item);
    case TROTH_CBOR_TAG:
        return same_tag(r, item);
    case TROTH_CBOR_BOOL:
        return cbor_is_bool(item) && troth_cbor_bool(r, "bool") == cbor_get_bool(item);
    case TROTH_CBOR_NULL:
        troth_cbor_null(r, "null");
        return cbor_is_null(item);
    case TROTH_CBOR_UNDEFINED:
        return cbor_is_undef(item) && troth_cbor_skip(r, "undefined").len == 1;
    case TROTH_CBOR_SIMPLE:
    case TROTH_CBOR_FLOAT:
        return same_float(r, item);
    case TROTH_CBOR_END:
        break;
    }
    return false;
}

/* Where libcbor is stricter than the standard: it refuses unassigned simple values, and
 * tags 6 to 20 in their shortest form, as unassigned. Both are well-formed. */
static bool may_be_beyond_libcbor(struct troth_span raw)
{
    for (size_t i = 0; i < raw.len; i++) {
        const uint8_t byte = raw.ptr[i];
        if ((byte >= 0xe0 && byte < 0xf4) || byte == 0xf8 ||
            (byte >= 0xc6 && byte < 0xd5))
            return true;
    }
    return false;
}

/* libcbor allocates what a count of four or eight bytes claims before it looks further.
 */
static bool has_huge_count(struct troth_span raw)
{
    for (size_t i = 0; i < raw.len; i++)
        if ((raw.ptr[i] & 0xde) == 0x9a)
            return true;
    return false;
}

static bool is_listed(enum troth_err err)
{
    for (size_t i = 0; i < COUNT(stricter); i++)
        if (stricter[i].err == err)
            return true;
    return false;
}

/* Which way this input went: 0 both read it, 1 both refuse it, 2 we alone refuse it. */
static unsigned compare(struct troth_span raw, enum troth_cbor_strictness strictness)
{
    struct troth_cbor r;
    struct cbor_load_result result;
    unsigned way;

    troth_cbor_init(&r, raw, strictness);
    troth_cbor_skip(&r, "test");
    const enum troth_err err = troth_cbor_finish(&r, NULL);
    cbor_item_t *item = cbor_load(raw.ptr, raw.len, &result);
    if (!err) {
        CHECK(item || may_be_beyond_libcbor(raw));
        troth_cbor_init(&r, raw, strictness);
        CHECK(!item || (result.read == raw.len && same(&r, item)));
        CHECK(!item || troth_cbor_finish(&r, NULL) == TROTH_OK);
        way = 0;
    } else {
        CHECK(!item || is_listed(err));
        way = item ? 2 : 1;
    }
    if (item)
        cbor_decref(&item);
    return way;
}

static void test_strictness(enum troth_cbor_strictness strictness, const char *name)
{
    /* Heads of every type and length, small numbers, breaks. */
    const struct troth_span alphabet = test_hex(
        "0001020304051718191a1b202137383940414244585f606162787f808182839f98a0a1a2"
        "a3bfb8c0c1d8f4f5f6f7f9fafbf8ff");
    struct test_random random = {20260501};
    struct troth_span bytes[COUNT(seeds)];
    unsigned ways[3] = {0};
    uint8_t room[ROOM];

    test_case("%u spoilt inputs, %s", ROUNDS, name);
    for (size_t i = 0; i < COUNT(seeds); i++)
        bytes[i] = test_hex(seeds[i]);
    for (unsigned round = 0; round < ROUNDS; round++) {
        const struct troth_span raw = test_mutate(&random, room, sizeof room,
                                                  bytes[round % COUNT(seeds)], alphabet);
        if (!has_huge_count(raw))
            ways[compare(raw, strictness)]++;
    }
    printf("# both read %u, both refuse %u, we alone refuse %u\n", ways[0], ways[1],
           ways[2]);
    CHECK(ways[0] > ROUNDS / 20 && ways[1] > ROUNDS / 20 && ways[2] > ROUNDS / 20);
}

int main(void)
{
    test_case("the seeds themselves");
    for (size_t i = 0; i < COUNT(seeds); i++)
        compare(test_hex(seeds[i]), TROTH_CBOR_SHORTEST);
    test_strictness(TROTH_CBOR_SHORTEST, "shortest heads");
    test_strictness(TROTH_CBOR_ANY_LENGTH, "heads of any length");
    return test_finish();
}
