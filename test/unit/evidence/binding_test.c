/* SPDX-License-Identifier: Apache-2.0 */
/* The preimage is written here byte by byte and hashed by OpenSSL. */
#include "troth/binding.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>

#include "test/harness.h"
#include "test/support/failing_crypto.h"
#include "troth/provider.h"

static struct troth_crypto crypto;

struct preimage {
    uint8_t bytes[4096];
    size_t len;
};

static void put(struct preimage *p, struct troth_span field)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        p->bytes[p->len++] = (uint8_t)((uint64_t)field.len >> shift);
    if (field.len)
        memcpy(p->bytes + p->len, field.ptr, field.len);
    p->len += field.len;
}

static void check_digest(const uint8_t seen[static TROTH_BINDING_SIZE],
                         const struct preimage *p)
{
    uint8_t digest[SHA512_DIGEST_LENGTH];

    SHA512(p->bytes, p->len, digest);
    CHECK_SPAN(((struct troth_span){seen, TROTH_BINDING_SIZE}),
               ((struct troth_span){digest, sizeof digest}));
}

#define H32 "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define G32 "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define TEN "aaaaaaaaaa"

/* clang-format off */
/* Fields in the order of the schema, as hex; and the same as a person writes it. */
static const struct {
    enum troth_binding_domain domain;
    const char *label;
    const char *text;
    const char *fields[TROTH_BINDING_FIELDS_MAX];
} rows[] = {
    {TROTH_BINDING_APP, "troth/app/v1", "app:nonce=00ff,user_data=", {"00ff", ""}},
    {TROTH_BINDING_APP, "troth/app/v1", "app:user_data=,nonce=00ff", {"00ff", ""}},
    {TROTH_BINDING_APP, "troth/app/v1", "app:nonce=,user_data=00FF", {"", "00ff"}},
    {TROTH_BINDING_APP, "troth/app/v1", "app:nonce=,user_data=", {"", ""}},
    {TROTH_BINDING_AIK, "troth/aik/v1", "aik:key=3059,role=server,epoch=7,nonce=" H32 ",checkpoint=",
     {"3059", "736572766572", "0000000000000007", H32, ""}},
    {TROTH_BINDING_AIK, "troth/aik/v1", "aik:checkpoint=" H32 ",nonce=,epoch=18446744073709551615,role=\xc3\xa9,key=",
     {"", "c3a9", "ffffffffffffffff", "", H32}},
    {TROTH_BINDING_STRICT, "troth/strict/v1",
     "strict:role=a=b,level=epoch,frames=" H32 ",client_certificate=,server_certificate=" H32 ",exporter=" G32 ",evidence=",
     {"613d62", "65706f6368", H32, "", H32, G32, ""}},
    {TROTH_BINDING_COMPOSITE, "troth/composite/v1", "composite:nonce=01,channel_key=" H32 ",devices=" G32,
     {"01", H32, G32}},
    {TROTH_BINDING_KEY, "troth/key/v1", "key:key=3059,purpose=application,nonce=00ff", {"3059", "6170706c69636174696f6e", "00ff"}},
    {TROTH_BINDING_KEY, "troth/key/v1", "key:nonce=,purpose=a,key=", {"", "61", ""}},
};

static const struct {
    const char *why;
    const char *text;
    enum troth_err err;
    const char *field;
} refused[] = {
    {"nothing", "", TROTH_ERR_KIND, "binding.domain"},
    {"no colon", "app", TROTH_ERR_KIND, "binding.domain"},
    {"no domain", ":nonce=,user_data=", TROTH_ERR_KIND, "binding.domain"},
    {"another domain", "application:nonce=,user_data=", TROTH_ERR_KIND, "binding.domain"},
    {"a capital", "App:nonce=,user_data=", TROTH_ERR_KIND, "binding.domain"},
    {"no fields", "app:", TROTH_ERR_MISSING, "nonce"},
    {"the first missing", "app:user_data=", TROTH_ERR_MISSING, "nonce"},
    {"the second missing", "app:nonce=", TROTH_ERR_MISSING, "user_data"},
    {"a field twice", "app:nonce=00,nonce=00,user_data=", TROTH_ERR_DUPLICATE, "nonce"},
    {"a field of another domain", "app:nonce=,user_data=,role=x", TROTH_ERR_KIND, "binding.field"},
    {"a comma at the end", "app:nonce=,user_data=,", TROTH_ERR_KIND, "binding.field"},
    {"two commas", "app:nonce=,,user_data=", TROTH_ERR_KIND, "binding.field"},
    {"no equals sign", "app:nonce,user_data=", TROTH_ERR_KIND, "binding.field"},
    {"a space", "app: nonce=,user_data=", TROTH_ERR_KIND, "binding.field"},
    {"half a byte", "app:nonce=0,user_data=", TROTH_ERR_VALUE, "nonce"},
    {"no hex", "app:nonce=xx,user_data=", TROTH_ERR_VALUE, "nonce"},
    {"31 bytes where 32 or none", "aik:key=,role=r,epoch=0,nonce=00,checkpoint=", TROTH_ERR_VALUE, "nonce"},
    {"an empty text", "aik:key=,role=,epoch=0,nonce=,checkpoint=", TROTH_ERR_VALUE, "role"},
    {"no UTF-8", "aik:key=,role=\xff,epoch=0,nonce=,checkpoint=", TROTH_ERR_VALUE, "role"},
    {"no number", "aik:key=,role=r,epoch=,nonce=,checkpoint=", TROTH_ERR_VALUE, "epoch"},
    {"a negative number", "aik:key=,role=r,epoch=-1,nonce=,checkpoint=", TROTH_ERR_VALUE, "epoch"},
    {"a number in hex", "aik:key=,role=r,epoch=0x1,nonce=,checkpoint=", TROTH_ERR_VALUE, "epoch"},
    {"a number of 65 bits", "aik:key=,role=r,epoch=18446744073709551616,nonce=,checkpoint=", TROTH_ERR_LIMIT, "epoch"},
    {"a number of 68 bits", "aik:key=,role=r,epoch=184467440737095516150,nonce=,checkpoint=", TROTH_ERR_LIMIT, "epoch"},
    {"none where 32 bytes must be", "composite:nonce=,channel_key=,devices=", TROTH_ERR_VALUE, "devices"},
    {"a key for nothing", "key:key=3059,purpose=,nonce=", TROTH_ERR_VALUE, "purpose"},
};
/* clang-format on */

static void compute_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct troth_binding_schema *schema = troth_binding_schema(rows[i].domain);
        struct troth_span fields[TROTH_BINDING_FIELDS_MAX];
        uint8_t out[TROTH_BINDING_SIZE];
        struct preimage p = {.len = 0};

        test_case("%s", rows[i].text);
        put(&p, test_text(rows[i].label));
        for (size_t k = 0; k < schema->count; k++) {
            fields[k] = test_hex(rows[i].fields[k]);
            put(&p, fields[k]);
        }
        CHECK_ERR(troth_binding_compute(out, NULL, &crypto, rows[i].domain, fields),
                  TROTH_OK);
        check_digest(out, &p);
        memset(out, 0, sizeof out);
        CHECK_ERR(troth_binding_parse(out, NULL, &crypto, test_text(rows[i].text)),
                  TROTH_OK);
        check_digest(out, &p);
    }
}

static bool is_zero(const uint8_t out[static TROTH_BINDING_SIZE])
{
    static const uint8_t zero[TROTH_BINDING_SIZE];

    return memcmp(out, zero, sizeof zero) == 0;
}

static void refuse_texts(void)
{
    for (size_t i = 0; i < COUNT(refused); i++) {
        uint8_t out[TROTH_BINDING_SIZE];
        struct troth_fault fault = {TROTH_OK, NULL, 0};

        test_case("%s", refused[i].why);
        memset(out, 0xaa, sizeof out);
        CHECK_ERR(troth_binding_parse(out, &fault, &crypto, test_text(refused[i].text)),
                  refused[i].err);
        CHECK_ERR(fault.err, refused[i].err);
        CHECK_TEXT(fault.field, refused[i].field);
        CHECK(is_zero(out));
        CHECK_ERR(troth_binding_parse(out, NULL, &crypto, test_text(refused[i].text)),
                  refused[i].err);
    }
}

/* Every field of every domain: the sizes around its bound. */
static void measure_fields(void)
{
    static uint8_t filler[1100];

    memset(filler, 'a', sizeof filler);
    for (int d = 0; d < TROTH_BINDING_DOMAIN_COUNT; d++) {
        const struct troth_binding_schema *schema = troth_binding_schema(
            (enum troth_binding_domain)d);

        for (size_t k = 0; k < schema->count; k++) {
            const struct troth_binding_field *field = &schema->fields[k];
            const size_t sizes[] = {0, 1, field->size - 1, field->size, field->size + 1};

            test_case("%s.%s", schema->domain, field->name);
            for (size_t n = 0; n < COUNT(sizes); n++) {
                struct troth_span fields[TROTH_BINDING_FIELDS_MAX];
                struct troth_fault fault = {TROTH_OK, NULL, 0};
                uint8_t out[TROTH_BINDING_SIZE];
                bool exact = sizes[n] == field->size, over = sizes[n] > field->size;
                bool may_be_empty = field->type == TROTH_BINDING_DIGEST_OR_EMPTY;
                enum troth_err wanted = TROTH_OK;

                for (size_t m = 0; m < schema->count; m++)
                    fields[m] = (struct troth_span){filler, schema->fields[m].size};
                fields[k].len = sizes[n];
                if (field->type == TROTH_BINDING_BYTES && over)
                    wanted = TROTH_ERR_LIMIT;
                if (field->type == TROTH_BINDING_TEXT)
                    wanted = over            ? TROTH_ERR_LIMIT
                             : sizes[n] == 0 ? TROTH_ERR_VALUE
                                             : TROTH_OK;
                if (field->type == TROTH_BINDING_FIXED ||
                    field->type == TROTH_BINDING_UINT || may_be_empty)
                    wanted = exact || (may_be_empty && sizes[n] == 0) ? TROTH_OK
                                                                      : TROTH_ERR_VALUE;
                CHECK_ERR(troth_binding_compute(out, &fault, &crypto,
                                                (enum troth_binding_domain)d, fields),
                          wanted);
                CHECK_TEXT(fault.field, wanted ? field->name : NULL);
                CHECK(is_zero(out) == (wanted != TROTH_OK));
            }
        }
    }
}

/* Moving a byte from a field to its neighbour, or to another domain, is another value. */
static void tell_apart(void)
{
    static const char *const texts[] = {
        "app:nonce=,user_data=" TEN,      "app:nonce=aa,user_data=aaaaaaaa",
        "app:nonce=" TEN ",user_data=",   "app:nonce=" TEN ",user_data=00",
        "app:nonce=" TEN "00,user_data=",
    };
    uint8_t out[COUNT(texts)][TROTH_BINDING_SIZE];

    test_case("no two bindings are the same");
    for (size_t i = 0; i < COUNT(texts); i++) {
        CHECK_ERR(troth_binding_parse(out[i], NULL, &crypto, test_text(texts[i])),
                  TROTH_OK);
        for (size_t k = 0; k < i; k++)
            CHECK(memcmp(out[i], out[k], TROTH_BINDING_SIZE) != 0);
    }
}

static void refuse_the_rest(void)
{
    const struct troth_span fields[TROTH_BINDING_FIELDS_MAX] = {{NULL, 0}};
    struct failing_crypto failing;
    struct troth_crypto broken = failing_crypto_over(&failing, &crypto, 1);
    struct troth_fault fault;
    uint8_t out[TROTH_BINDING_SIZE];

    test_case("no such domain");
    CHECK(troth_binding_schema(TROTH_BINDING_DOMAIN_COUNT) == NULL);
    CHECK_ERR(
        troth_binding_compute(out, &fault, &crypto, TROTH_BINDING_DOMAIN_COUNT, fields),
        TROTH_ERR_KIND);
    CHECK(is_zero(out));

    test_case("the library fails");
    memset(out, 0xaa, sizeof out);
    CHECK_ERR(troth_binding_compute(out, &fault, &broken, TROTH_BINDING_APP, fields),
              TROTH_ERR_CRYPTO);
    CHECK(is_zero(out));

    test_case("hex that is longer than any field");
    static char text[8192];
    size_t len = (size_t)snprintf(text, sizeof text, "app:nonce=,user_data=");

    memset(text + len, 'a', 5000);
    CHECK_ERR(troth_binding_parse(out, &fault, &crypto, test_text(text)),
              TROTH_ERR_LIMIT);
    CHECK_TEXT(fault.field, "user_data");
}

int main(void)
{
    if (!CHECK(troth_provider_create(&crypto) == TROTH_OK))
        return test_finish();
    compute_rows();
    refuse_texts();
    measure_fields();
    tell_apart();
    refuse_the_rest();
    troth_provider_destroy(&crypto);
    return test_finish();
}
