/* SPDX-License-Identifier: Apache-2.0 */
/* The examples of [RFC8949] appendix A, as its authors publish them in JSON. */
#include <jansson.h>
#include <string.h>

#include "codec/cbor.h"
#include "test/harness.h"

/* Examples that are refused, and why. */
static const struct {
    const char *hex;
    enum troth_err err;
    const char *why;
} refused[] = {
    {"f818", TROTH_ERR_VALUE,
     "RFC 7049 had simple value 24; RFC 8949 3.3 says values below 32 are never two "
     "bytes"},
};

static enum troth_err wanted_for(const char *hex)
{
    for (size_t i = 0; i < COUNT(refused); i++)
        if (strcmp(refused[i].hex, hex) == 0)
            return refused[i].err;
    return TROTH_OK;
}

static bool text_equals(struct troth_span text, const char *wanted)
{
    return text.len == strlen(wanted) && memcmp(text.ptr, wanted, text.len) == 0;
}

/* Read what comes next by its type, and hold it against the example's own reading. Of
 * what JSON cannot say (floats, byte strings, tags, chunks) only the end is checked. */
static void compare(struct troth_cbor *r, const json_t *wanted)
{
    const enum troth_cbor_type type = troth_cbor_peek(r);

    if (type == TROTH_CBOR_UINT && json_is_real(wanted)) {
        CHECK((double)troth_cbor_uint(r, "uint") == json_real_value(wanted));
    } else if (json_is_boolean(wanted) && type == TROTH_CBOR_BOOL) {
        CHECK(troth_cbor_bool(r, "bool") == json_is_true(wanted));
    } else if (json_is_array(wanted)) {
        troth_cbor_enter_array(r, "array");
        for (size_t i = 0; troth_cbor_more(r); i++)
            compare(r, json_array_get(wanted, i));
        troth_cbor_leave(r, "array");
    } else if (json_is_object(wanted)) {
        size_t count = 0;
        troth_cbor_enter_map(r, "map");
        for (; troth_cbor_more(r); count++) {
            char key[32] = "";
            const struct troth_span text = troth_cbor_text(r, "key");
            CHECK(text.len < sizeof key);
            memcpy(key, text.ptr, text.len < sizeof key ? text.len : 0);
            CHECK(json_object_get(wanted, key));
            compare(r, json_object_get(wanted, key));
        }
        CHECK_INT(count, json_object_size(wanted));
        troth_cbor_leave(r, "map");
    } else if (type == TROTH_CBOR_TEXT && json_is_string(wanted) &&
               r->c.next[0] != 0x7f) {
        CHECK(text_equals(troth_cbor_text(r, "text"), json_string_value(wanted)));
    } else if (type == TROTH_CBOR_NEGATIVE && json_real_value(wanted) > -9e18) {
        CHECK((double)troth_cbor_int(r, "int") == json_real_value(wanted));
    } else {
        CHECK(type != TROTH_CBOR_END);
        troth_cbor_skip(r, "other");
    }
}

static void test_example(const json_t *example)
{
    const char *hex = json_string_value(json_object_get(example, "hex"));
    const struct troth_span raw = test_hex(hex);
    const json_t *decoded = json_object_get(example, "decoded");
    struct troth_cbor r;

    test_case("appendix A: %s", hex);
    troth_cbor_init(&r, raw, TROTH_CBOR_SHORTEST);
    const struct troth_span whole = troth_cbor_skip(&r, "example");
    const enum troth_err err = troth_cbor_finish(&r, NULL);
    CHECK_ERR(err, wanted_for(hex));
    if (err)
        return;
    CHECK_SPAN(whole, raw);

    troth_cbor_init(&r, raw, TROTH_CBOR_SHORTEST);
    compare(&r, decoded);
    CHECK_ERR(troth_cbor_finish(&r, NULL), TROTH_OK);

    for (size_t len = 0; len < raw.len; len++) {
        troth_cbor_init(&r, (struct troth_span){raw.ptr, len}, TROTH_CBOR_SHORTEST);
        troth_cbor_skip(&r, "example");
        CHECK_ERR(troth_cbor_finish(&r, NULL), TROTH_ERR_SHORT);
    }
}

int main(void)
{
    const struct troth_span file = test_vector("cbor/appendix_a.json");

    if (!file.ptr) {
        test_case("appendix A of RFC 8949");
        test_skip("no vectors");
        return test_finish();
    }
    /* One example is a number beyond 64 bits. */
    json_t *examples = json_loadb((const char *)file.ptr, file.len,
                                  JSON_DECODE_INT_AS_REAL, NULL);
    test_case("appendix A has its 82 examples");
    CHECK_INT(json_array_size(examples), 82);
    for (size_t i = 0; i < json_array_size(examples); i++)
        test_example(json_array_get(examples, i));
    json_decref(examples);
    return test_finish();
}
