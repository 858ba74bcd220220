/* SPDX-License-Identifier: Apache-2.0 */
#include "image/eif_certificate.h"

#include <string.h>

#include "base/writer.h"
#include "test/harness.h"
#include "test/support/x509_make.h"
#include "test/unit/image/eif_make.h"

static uint8_t memory[64 * 1024];

static enum troth_err read(struct troth_eif_certificate *out, struct troth_span pem)
{
    struct troth_arena arena = TROTH_ARENA_OVER(memory);

    memset(out, 0xa5, sizeof *out);
    return troth_eif_certificate_read(out, pem, &arena);
}

static void check_key(const struct troth_eif_certificate *certificate)
{
    CHECK_INT(certificate->key.kind, TROTH_KEY_P384);
    CHECK_INT(certificate->key.point.len, 97);
}

/* ---- what stands around it ---- */

/* `long_line`: so many letters, without an end, right before the block. */
static const struct {
    const char *why, *before, *behind;
    size_t before_len, long_line;
    bool other_behind;
    enum troth_err err;
} texts[] = {
    {.why = "nothing"},
    {.why = "lines", .before = "Certificate:\n  Data:\n", .behind = "\nthe end"},
    {.why = "lines as Windows ends them", .before = "Data\r\n", .behind = "\r\n"},
    {.why = "the longest line", .before = "\n", .long_line = 253},
    {.why = "a line that OpenSSL takes for two, the block on the second",
     .long_line = 254,
     .other_behind = true,
     .err = TROTH_ERR_VALUE},
    {.why = "a longer line", .before = "\n", .long_line = 254, .err = TROTH_ERR_VALUE},
    {.why = "a block that is not at a line's start",
     .before = "x",
     .err = TROTH_ERR_VALUE},
    {.why = "a zero, where C's strings end",
     .before = "a\0b\n",
     .before_len = 4,
     .err = TROTH_ERR_VALUE},
    {.why = "dashes before it", .before = "-----\n", .err = TROTH_ERR_VALUE},
    {.why = "dashes behind it", .behind = " -----", .err = TROTH_ERR_UNSUPPORTED},
    {.why = "another one", .other_behind = true, .err = TROTH_ERR_UNSUPPORTED},
};

static void test_texts(void)
{
    const struct troth_span mine = eif_certificate_pem(X509_P384_A);
    const struct troth_span other = eif_certificate_pem(X509_P384_B);

    for (size_t i = 0; i < COUNT(texts); i++) {
        struct troth_eif_certificate certificate;
        uint8_t room[8192];
        struct troth_writer w = troth_writer_over(room, sizeof room);
        const struct troth_span before = test_text(texts[i].before ? texts[i].before
                                                                   : "");
        const bool ends_line = texts[i].long_line && texts[i].before;

        test_case("around the block: %s", texts[i].why);
        troth_write_bytes(&w, (struct troth_span){before.ptr, texts[i].before_len
                                                                  ? texts[i].before_len
                                                                  : before.len});
        for (size_t k = 0; k < texts[i].long_line; k++)
            troth_write_u8(&w, 'x');
        if (ends_line)
            troth_write_u8(&w, '\n');
        troth_write_bytes(&w, mine);
        troth_write_text(&w, texts[i].behind ? texts[i].behind : "");
        if (texts[i].other_behind)
            troth_write_bytes(&w, other);
        CHECK_ERR(read(&certificate, troth_writer_span(&w)), texts[i].err);
        if (texts[i].err)
            CHECK(!certificate.der.ptr && certificate.key.kind == TROTH_KEY_NONE);
        else
            check_key(&certificate);
    }
}

/* ---- what it is ---- */

/* Its version stands behind two headers, the first of four bytes. */
static size_t version_at(struct troth_span der)
{
    const struct troth_span version = test_hex("a003020102");

    for (size_t at = 4; at + version.len < der.len; at++)
        if (memcmp(der.ptr + at, version.ptr, version.len) == 0)
            return at;
    return 0;
}

/* With bytes at `at` in place of some, and both lengths changed by so much. */
static struct troth_span changed(struct troth_span der, size_t at, size_t out,
                                 const char *hex, int outer, int inner)
{
    static uint8_t room[4096];
    const struct troth_span in = test_hex(hex);

    memcpy(room, der.ptr, at);
    if (in.len)
        memcpy(room + at, in.ptr, in.len);
    memcpy(room + at + in.len, der.ptr + at + out, der.len - at - out);
    room[3] = (uint8_t)(room[3] + outer);
    room[version_at(der) - 1] = (uint8_t)(room[version_at(der) - 1] + inner);
    return (struct troth_span){room, der.len - out + in.len};
}

static void test_ders(void)
{
    /* One for all rows: each call signs anew, and the signature's length varies. */
    const struct troth_span der = eif_certificate(X509_P384_A);
    const size_t version = version_at(der);
    const struct {
        const char *why;
        struct troth_span pem;
        enum troth_err err;
    } rows[] = {
        {"version 1", eif_pem(changed(der, version, 5, "", -5, -5)), TROTH_OK},
        {"version 4", eif_pem(changed(der, version, 5, "a003020103", 0, 0)), TROTH_OK},
        {"a byte behind it", eif_pem(changed(der, der.len, 0, "00", 0, 0)),
         TROTH_ERR_TRAILING},
        {"a byte in it", eif_pem(changed(der, der.len, 0, "00", 1, 0)),
         TROTH_ERR_TRAILING},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_eif_certificate certificate;

        test_case("certificate: %s", rows[i].why);
        CHECK_ERR(read(&certificate, rows[i].pem), rows[i].err);
        if (!rows[i].err)
            check_key(&certificate);
    }
}

/* What others would write out again as something else. */
static void test_by_hand(void)
{
    static const struct {
        const char *why, *hex;
        enum troth_err err;
    } rows[] = {
        {"the least there is", "3018300d02010130003000300030003000300306012a03020000",
         TROTH_OK},
        {"its own length", "308118300d02010130003000300030003000300306012a03020000",
         TROTH_ERR_ENCODING},
        {"the length of what is signed",
         "301930810d02010130003000300030003000300306012a03020000", TROTH_ERR_ENCODING},
        {"the length of the algorithm",
         "3019300d0201013000300030003000300030810306012a03020000", TROTH_ERR_ENCODING},
        {"an arc with a zero before it",
         "3019300d0201013000300030003000300030040602802a03020000", TROTH_ERR_ENCODING},
        {"two parameters", "301c300d02010130003000300030003000300706012a0500050003020000",
         TROTH_ERR_TRAILING},
        {"bits that are not used", "3018300d02010130003000300030003000300306012a03020101",
         TROTH_ERR_VALUE},
        {"no length", "3080300d02010130003000300030003000300306012a030200000000",
         TROTH_ERR_ENCODING},
        {"no key", "3016300b0201013000300030003000300306012a03020000", TROTH_ERR_SHORT},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_eif_certificate certificate;

        test_case("by hand: %s", rows[i].why);
        CHECK_ERR(read(&certificate, eif_pem(test_hex(rows[i].hex))), rows[i].err);
    }
}

int main(void)
{
    test_texts();
    test_ders();
    test_by_hand();
    x509_forget();
    return test_finish();
}
