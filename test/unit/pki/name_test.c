/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/name.h"

#include "pki/cert.h"
#include "test/harness.h"

/* CN in a UTF8String */
#define CN(text_hex, len_text, len_pair, len_set)                                        \
    "31" len_set "30" len_pair "0603550403 0c" len_text text_hex

static const struct {
    const char *why;
    const char *hex;
    const char *common_name; /* NULL: none that can be shown */
} names[] = {
    {"one", "300e" CN("6c656166", "04", "0b", "0d") "", NULL},
    {"UTF8String", "300f" CN("6c656166", "04", "0b", "0d"), "leaf"},
    {"PrintableString", "300f310d300b0603550403 1304 6c656166", "leaf"},
    {"IA5String", "300f310d300b0603550403 1604 6c656166", "leaf"},
    {"T61String", "300f310d300b0603550403 1404 6c656166", NULL},
    {"BMPString", "300f310d300b0603550403 1e04 006c0065", NULL},
    {"not UTF-8", "300f310d300b0603550403 0c04 6c6561ff", NULL},
    {"PrintableString above ASCII", "300f310d300b0603550403 1304 6c65c3a4", NULL},
    {"UTF8String above ASCII", "300f310d300b0603550403 0c04 6c65c3a4", "le\xc3\xa4"},
    {"a zero byte in it", "300f310d300b0603550403 0c04 6c650066", NULL},
    {"a line break in it", "300f310d300b0603550403 0c04 6c650a66", NULL},
    {"empty text", "300b31093007 0603550403 0c00", NULL},
    {"absent", "300f310d300b060355040a 0c04 6c656166", NULL},
    {"twice", "301e" CN("6c656166", "04", "0b", "0d") CN("6c656166", "04", "0b", "0d"),
     NULL},
    {"after another",
     "301e310d300b060355040a 0c04 6c656166" CN("6c656166", "04", "0b", "0d"), "leaf"},
    {"two in one set",
     "301c311a 300b060355040a 0c04 6c656166 300b0603550403 0c04 6c656167", "leag"},
    {"twice in one set",
     "301c311a 300b0603550403 0c04 6c656166 300b0603550403 0c04 6c656167", NULL},
    {"a byte behind it", "300f310d300b0603550403 0c04 6c656166 00", NULL},
    {"an attribute of three", "3011310f300d0603550403 0c04 6c656166 0500", NULL},
};

static void test_attributes(void)
{
    for (size_t i = 0; i < COUNT(names); i++) {
        struct troth_span seen = troth_name_attribute(test_hex(names[i].hex),
                                                      TROTH_OID_COMMON_NAME);

        test_case("attribute: %s", names[i].why);
        if (names[i].common_name)
            CHECK_SPAN(seen, test_text(names[i].common_name));
        else
            CHECK(seen.ptr == NULL && seen.len == 0);
    }
}

/* What reading a name tells of it is what asking it tells. */
static void test_reading(void)
{
    for (size_t i = 0; i < COUNT(names); i++) {
        struct troth_cursor c = troth_cursor_over(test_hex(names[i].hex));
        struct troth_name name = troth_name_read(&c, "name");

        test_case("read: %s", names[i].why);
        if (troth_cursor_finish(&c, NULL))
            continue;
        CHECK_SPAN(name.common_name,
                   troth_name_attribute(name.der, TROTH_OID_COMMON_NAME));
        CHECK_SPAN(name.organization,
                   troth_name_attribute(name.der, TROTH_OID_ORGANIZATION));
        CHECK_INT(name.common_name.ptr != NULL, names[i].common_name != NULL);
    }
}

static const struct {
    const char *why;
    const char *hex;
    enum troth_err err;
    size_t offset;
} shapes[] = {
    {"a name", "300f310d300b0603550403 0c04 6c656166", TROTH_OK, 0},
    {"empty", "3000", TROTH_ERR_MISSING, 2},
    {"an empty set", "30023100", TROTH_ERR_SHORT, 4},
    {"no set", "300f300d300b0603550403 0c04 6c656166", TROTH_ERR_TYPE, 2},
    {"no type", "30083106 3004 0c02 6c65", TROTH_ERR_TYPE, 6},
    {"no value", "300931073005 0603550403", TROTH_ERR_SHORT, 11},
    {"two values", "3011310f300d0603550403 0c04 6c656166 0500", TROTH_ERR_TRAILING, 17},
    {"a number for a value", "300c310a30080603550403 020105", TROTH_ERR_TYPE, 14},
    {"BMPString", "300d310b30090603550403 1e02 006c", TROTH_ERR_TYPE, 15},
    {"not UTF-8", "300d310b30090603550403 0c02 6cff", TROTH_ERR_TEXT, 15},
    {"TeletexString", "300d310b30090603550403 1402 6cff", TROTH_OK, 0},
    {"NumericString", "300d310b30090603550403 1202 3132", TROTH_OK, 0},
    {"cut", "300f310d300b0603550403 0c04 6c6561", TROTH_ERR_SHORT, 0},
};

static void test_shapes(void)
{
    for (size_t i = 0; i < COUNT(shapes); i++) {
        struct troth_span der = test_hex(shapes[i].hex);
        struct troth_cursor c = troth_cursor_over(der);
        struct troth_name name = troth_name_read(&c, "name");
        struct troth_fault fault;

        test_case("shape: %s", shapes[i].why);
        CHECK_ERR(troth_cursor_finish(&c, &fault), shapes[i].err);
        CHECK_INT(fault.offset, shapes[i].offset);
        if (shapes[i].err == TROTH_OK)
            CHECK_SPAN(name.der, der);
    }
}

int main(void)
{
    test_attributes();
    test_reading();
    test_shapes();
    return test_finish();
}
