/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/pem.h"

#include <openssl/pem.h>
#include <string.h>

#include "base/base64.h"
#include "base/writer.h"
#include "test/harness.h"

#define BLOCK "-----BEGIN A-----\nZm9vYmFy\n-----END A-----\n"

static const struct {
    const char *why;
    const char *text;
    enum troth_err err;
    const char *label, *bytes; /* bytes as text */
    const char *left;          /* what is still to be searched */
} cases[] = {
    {"one block", BLOCK, TROTH_OK, "A", "foobar", ""},
    {"two blocks", BLOCK "x\n" BLOCK, TROTH_OK, "A", "foobar", "x\n" BLOCK},
    {"text before and after", "hello\n" BLOCK "bye", TROTH_OK, "A", "foobar", "bye"},
    {"CRLF", "-----BEGIN A-----\r\nZm9v\r\n-----END A-----\r\n", TROTH_OK, "A", "foo",
     ""},
    {"no last line end", "-----BEGIN A-----\nZm9v\n-----END A-----", TROTH_OK, "A", "foo",
     ""},
    {"a zero byte's padding", "-----BEGIN A-----\nZg==\n-----END A-----", TROTH_OK, "A",
     "f", ""},
    {"lines of odd lengths", "-----BEGIN A-----\nZ\nm9\nvYm\nFy\n-----END A-----\n",
     TROTH_OK, "A", "foobar", ""},
    {"label of words", "-----BEGIN X-1 CRL Q-----\nZm9v\n-----END X-1 CRL Q-----\n",
     TROTH_OK, "X-1 CRL Q", "foo", ""},
    {"BEGIN not at the start of a line", " " BLOCK, TROTH_ERR_MISSING, "", "", ""},
    {"an END alone", "-----END A-----\n", TROTH_ERR_MISSING, "", "", ""},
    {"nothing", "", TROTH_ERR_MISSING, "", "", ""},
    {"another END", "-----BEGIN A-----\nZm9v\n-----END B-----\n", TROTH_ERR_VALUE, "", "",
     ""},
    {"END longer", "-----BEGIN A-----\nZm9v\n-----END A-----x\n", TROTH_ERR_VALUE, "", "",
     ""},
    {"END cut", "-----BEGIN A-----\nZm9v\n-----END A----\n", TROTH_ERR_VALUE, "", "", ""},
    {"no END", "-----BEGIN A-----\nZm9v\n", TROTH_ERR_SHORT, "", "", ""},
    {"BEGIN is all", "-----BEGIN A-----", TROTH_ERR_SHORT, "", "", ""},
    {"no bytes", "-----BEGIN A-----\n-----END A-----\n", TROTH_ERR_SHORT, "", "", ""},
    {"BEGIN twice", "-----BEGIN A-----\n" BLOCK, TROTH_ERR_VALUE, "", "", ""},
    {"BEGIN cut", "-----BEGIN A----\nZm9v\n-----END A-----\n", TROTH_ERR_VALUE, "", "",
     ""},
    {"no label", "-----BEGIN -----\nZm9v\n-----END -----\n", TROTH_ERR_VALUE, "", "", ""},
    {"shared dashes", "-----BEGIN ----\nZm9v\n-----END ----\n", TROTH_ERR_VALUE, "", "",
     ""},
    {"two spaces in a label", "-----BEGIN A  B-----\nZm9v\n-----END A  B-----\n",
     TROTH_ERR_VALUE, "", "", ""},
    {"a label ends in a space", "-----BEGIN A -----\nZm9v\n-----END A -----\n",
     TROTH_ERR_VALUE, "", "", ""},
    {"a label with a control character",
     "-----BEGIN A\033B-----\nZm9v\n-----END A\033B-----\n", TROTH_ERR_VALUE, "", "", ""},
    {"an empty line inside", "-----BEGIN A-----\nZm9v\n\nZm9v\n-----END A-----\n",
     TROTH_ERR_VALUE, "", "", ""},
    {"a header inside", "-----BEGIN A-----\nProc-Type: 4\n-----END A-----\n",
     TROTH_ERR_VALUE, "", "", ""},
    {"a space at a line's end", "-----BEGIN A-----\nZm9v \n-----END A-----\n",
     TROTH_ERR_VALUE, "", "", ""},
    {"a lone CR inside", "-----BEGIN A-----\nZm9\rvZm9\n-----END A-----\n",
     TROTH_ERR_VALUE, "", "", ""},
    {"another alphabet", "-----BEGIN A-----\n-_-_\n-----END A-----\n", TROTH_ERR_VALUE,
     "", "", ""},
    {"padding missing", "-----BEGIN A-----\nZg\n-----END A-----\n", TROTH_ERR_ENCODING,
     "", "", ""},
    {"padding before the end", "-----BEGIN A-----\nZg==\nZm9v\n-----END A-----\n",
     TROTH_ERR_VALUE, "", "", ""},
    {"unused bits", "-----BEGIN A-----\nZh==\n-----END A-----\n", TROTH_ERR_ENCODING, "",
     "", ""},
};

static void test_cases(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint8_t memory[128];
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_span text = test_text(cases[i].text);
        struct troth_pem_block block;
        enum troth_err err = troth_pem_next(&block, &text, &arena);

        test_case("%s", cases[i].why);
        CHECK_ERR(err, cases[i].err);
        CHECK_SPAN(block.label, test_text(cases[i].label));
        CHECK_SPAN(block.bytes, test_text(cases[i].bytes));
        CHECK_SPAN(text, test_text(err ? cases[i].text : cases[i].left));
        CHECK(err ? arena.used == 0
                  : memory + arena.used == block.bytes.ptr + block.bytes.len);
        CHECK_INT(troth_pem_recognise(test_text(cases[i].text)),
                  err != TROTH_ERR_MISSING);
    }
}

/* 64 letters, the full line of nearly all files, and what they say. */
#define FULL   "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB"
#define SAID   "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define TWELVE "QUFBQUFBQUFB\n"
#define FIRST  "-----BEGIN A-----\n"
#define LAST   "-----END A-----\n"

static const struct {
    const char *why;
    const char *text;
    enum troth_err err;
    const char *bytes;
} full[] = {
    {"one", FIRST FULL "\n" LAST, TROTH_OK, SAID},
    {"two", FIRST FULL "\n" FULL "\n" LAST, TROTH_OK, SAID SAID},
    {"with CRLF", FIRST FULL "\r\n" FULL "\r\n" LAST, TROTH_OK, SAID SAID},
    {"before a short one", FIRST FULL "\nZg==\n" LAST, TROTH_OK, SAID "f"},
    {"behind a short one", FIRST "Zm9v\n" FULL "\n" LAST, TROTH_OK, "foo" SAID},
    {"behind an odd one", FIRST "Zm9vZ\nm9v" FULL "\n" LAST, TROTH_OK, "foofoo" SAID},
    {"around a longer one", FIRST FULL "\n" FULL "Zm9v\n" FULL "\n" LAST, TROTH_OK,
     SAID SAID "foo" SAID},
    {"two letters longer", FIRST FULL "Zg\n==\n" LAST, TROTH_OK, SAID "f"},
    {"padded, before another",
     FIRST "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQQ==\n" FULL
           "\n" LAST,
     TROTH_ERR_VALUE, ""},
    {"an empty line behind it", FIRST FULL "\n\n" LAST, TROTH_ERR_VALUE, ""},
    {"a space in the second",
     FIRST FULL
     "\nQUFB UFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB\n" LAST,
     TROTH_ERR_VALUE, ""},
    {"a line end in the second",
     FIRST FULL
     "\nQUF\nQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB\n" LAST,
     TROTH_ERR_ENCODING, ""},
    {"a hyphen in the second",
     FIRST FULL
     "\n-UFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB\n" LAST,
     TROTH_ERR_VALUE, ""},
    {"five of twelve letters, as long together",
     FIRST TWELVE TWELVE TWELVE TWELVE TWELVE LAST, TROTH_OK,
     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
    {"a short block and text, as long together",
     FIRST "Zm9v\n" LAST "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUF\n" FIRST FULL
           "\n" LAST,
     TROTH_OK, "foo"},
    {"unused bits behind it", FIRST FULL "\nZh==\n" LAST, TROTH_ERR_ENCODING, ""},
    {"END at its end", FIRST FULL LAST, TROTH_ERR_VALUE, ""},
    {"no END", FIRST FULL "\n", TROTH_ERR_SHORT, ""},
};

static void test_full_lines(void)
{
    for (size_t i = 0; i < COUNT(full); i++) {
        uint8_t memory[512];
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_span text = test_text(full[i].text);
        struct troth_pem_block block;

        test_case("a full line: %s", full[i].why);
        CHECK_ERR(troth_pem_next(&block, &text, &arena), full[i].err);
        CHECK_SPAN(block.bytes, test_text(full[i].bytes));
        CHECK(full[i].err ? arena.used == 0
                          : memory + arena.used == block.bytes.ptr + block.bytes.len);
    }
}

static void test_memory(void)
{
    uint8_t memory[16];
    struct troth_arena arena = {memory, 4, 0};
    struct troth_span text = test_text(BLOCK);
    struct troth_pem_block block;

    test_case("an arena too small is an error, and stays as it was");
    CHECK_ERR(troth_pem_next(&block, &text, &arena), TROTH_ERR_MEMORY);
    CHECK(block.bytes.ptr == NULL && block.label.ptr == NULL && arena.used == 0);
    CHECK_INT(text.len, strlen(BLOCK));
}

/* Whether OpenSSL reads the same block; `bio` is at or before it. */
static bool openssl_reads(BIO *bio, const struct troth_pem_block *block)
{
    char *name = NULL;
    char *header = NULL;
    unsigned char *data = NULL;
    long len = 0;
    bool same = PEM_read_bio(bio, &name, &header, &data, &len) == 1 &&
                strlen(name) == block->label.len &&
                memcmp(name, block->label.ptr, block->label.len) == 0 &&
                (size_t)len == block->bytes.len &&
                memcmp(data, block->bytes.ptr, block->bytes.len) == 0;

    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_free(data);
    return same;
}

/* A block of random bytes in lines of `width` characters; its length. */
static size_t random_block(struct test_random *random, uint8_t *out, size_t size)
{
    uint8_t bytes[120];
    uint8_t text[160];
    size_t len = 1 + test_random_below(random, sizeof bytes);
    size_t width = test_random_below(random, 2)
                       ? 64
                       : 4 * (1 + (size_t)test_random_below(random, 19));
    struct troth_writer encoded = troth_writer_over(text, sizeof text);
    struct troth_writer w = troth_writer_over(out, size);

    for (size_t i = 0; i < len; i++)
        bytes[i] = (uint8_t)test_random_below(random, 256);
    troth_base64_write(&encoded, (struct troth_span){bytes, len}, TROTH_BASE64);
    troth_write_text(&w, "-----BEGIN A B-----\n");
    for (size_t i = 0; i < encoded.len; i += width) {
        size_t left = encoded.len - i;

        troth_write_bytes(&w, (struct troth_span){text + i, left < width ? left : width});
        troth_write_text(&w, "\n");
    }
    troth_write_text(&w, "-----END A B-----\n");
    return w.len;
}

static void test_never_laxer_than_openssl(void)
{
    static const char letters[] = "Aa0+/=\n\n\r -\t:";
    struct test_random random = {43};
    unsigned accepted = 0;

    test_case("random blocks with a character or two changed: never laxer than OpenSSL");
    for (unsigned i = 0; i < 20000; i++) {
        uint8_t text[512];
        uint8_t memory[512];
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_pem_block block;
        size_t len = random_block(&random, text, sizeof text);
        struct troth_span left = {text, len};

        for (unsigned j = test_random_below(&random, 3); j > 0; j--)
            text[test_random_below(&random, (unsigned)len)] =
                (uint8_t)letters[test_random_below(&random, sizeof letters - 1)];
        if (troth_pem_next(&block, &left, &arena))
            continue;
        accepted++;

        BIO *bio = BIO_new_mem_buf(text, (int)len);

        CHECK(openssl_reads(bio, &block));
        BIO_free(bio);
    }
    CHECK(accepted > 5000 && accepted < 15000);
}

static const char *const files[] = {
    "tpm/keylime_akpub.pem",
    "snp/ms_genoa_ask.pem",
    "snp/virtee_cert_chain_milan.pem",
    "azure-vtpm/trustee_az-snp-vtpm_vcek.pem",
};

/* Every block of a genuine file, as OpenSSL reads it. */
static void test_genuine(void)
{
    for (size_t i = 0; i < COUNT(files); i++) {
        static uint8_t memory[64 * 1024];
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_span text = test_vector(files[i]);
        struct troth_pem_block block;
        enum troth_err err;
        unsigned count = 0;

        test_case("genuine file %s", files[i]);
        if (!text.ptr) {
            test_skip("there are no vectors here");
            continue;
        }

        BIO *bio = BIO_new_mem_buf(text.ptr, (int)text.len);

        while (!(err = troth_pem_next(&block, &text, &arena)) && count < 10) {
            CHECK(openssl_reads(bio, &block));
            count++;
        }
        CHECK_ERR(err, TROTH_ERR_MISSING);
        CHECK(count > 0);
        BIO_free(bio);
    }
}

int main(void)
{
    test_cases();
    test_full_lines();
    test_memory();
    test_never_laxer_than_openssl();
    test_genuine();
    return test_finish();
}
