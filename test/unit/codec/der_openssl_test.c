/* SPDX-License-Identifier: Apache-2.0 */
/* The DER reader beside OpenSSL's, on random inputs: it may only be stricter. */
#include "codec/der.h"

#include <openssl/asn1.h>
#include <openssl/ec.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/instant.h"
#include "test/harness.h"

enum { ROUNDS = 30000 };

/* Random and mostly almost right: `len` bytes, one in four of them an extreme. */
static void random_bytes(struct test_random *random, uint8_t *out, size_t len)
{
    static const uint8_t extremes[] = {0x00, 0x01, 0x7f, 0x80, 0x81, 0xff};

    for (size_t i = 0; i < len; i++)
        out[i] = test_random_below(random, 4)
                     ? (uint8_t)test_random_below(random, 256)
                     : extremes[test_random_below(random, sizeof extremes)];
}

/* A random INTEGER of up to 12 bytes, seldom with a wrong header; its length. */
static size_t random_integer(struct test_random *random, uint8_t out[static 16])
{
    size_t len = test_random_below(random, 13);

    random_bytes(random, out + 2, len);
    out[0] = test_random_below(random, 20) ? TROTH_DER_INTEGER : TROTH_DER_ENUMERATED;
    out[1] = (uint8_t)(len + !test_random_below(random, 20));
    return 2 + len;
}

static void test_integers(void)
{
    struct test_random random = {23};
    unsigned accepted = 0;

    test_case("integers like OpenSSL");
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint8_t der[16];
        size_t len = random_integer(&random, der);
        struct troth_cursor c = troth_cursor_over((struct troth_span){der, len});
        struct troth_span seen = troth_der_unsigned(&c, "x");
        bool ours = troth_cursor_finish(&c, NULL) == TROTH_OK;
        const uint8_t *p = der;
        ASN1_INTEGER *theirs = d2i_ASN1_INTEGER(NULL, &p, (long)len);
        bool same = theirs && p == der + len &&
                    ASN1_STRING_type(theirs) == V_ASN1_INTEGER;

        accepted += ours;
        CHECK_INT(ours, same);
        if (ours && same)
            CHECK_SPAN(seen, ((struct troth_span){ASN1_STRING_get0_data(theirs),
                                                  (size_t)ASN1_STRING_length(theirs)}));
        ASN1_INTEGER_free(theirs);
    }
    CHECK(accepted > ROUNDS / 10);
}

static void test_oids(void)
{
    struct test_random random = {29};
    unsigned accepted = 0;

    test_case("object identifiers like OpenSSL");
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint8_t der[16] = {TROTH_DER_OID, (uint8_t)test_random_below(&random, 8)};
        size_t len = 2U + der[1];

        random_bytes(&random, der + 2, der[1]);

        struct troth_cursor c = troth_cursor_over((struct troth_span){der, len});
        const uint8_t *p = der;
        ASN1_OBJECT *theirs = d2i_ASN1_OBJECT(NULL, &p, (long)len);

        (void)troth_der_oid(&c, "x");

        bool ours = troth_cursor_finish(&c, NULL) == TROTH_OK;

        accepted += ours;
        CHECK_INT(ours, theirs != NULL);
        ASN1_OBJECT_free(theirs);
    }
    CHECK(accepted > ROUNDS / 10);
}

static void test_named_bits(void)
{
    struct test_random random = {31};
    unsigned accepted = 0;

    test_case("named bits like OpenSSL, where they are DER");
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint8_t der[8] = {TROTH_DER_BIT_STRING,
                          (uint8_t)(1 + test_random_below(&random, 3)),
                          (uint8_t)test_random_below(&random, 9)};
        size_t len = 2U + der[1];

        random_bytes(&random, der + 3, der[1] - 1U);

        struct troth_cursor c = troth_cursor_over((struct troth_span){der, len});
        unsigned seen = troth_der_named_bits(&c, "x");
        const uint8_t *p = der;

        if (troth_cursor_finish(&c, NULL))
            continue;
        accepted++;

        ASN1_BIT_STRING *theirs = d2i_ASN1_BIT_STRING(NULL, &p, (long)len);

        if (CHECK(theirs))
            for (int bit = 0; bit < 16; bit++)
                CHECK_INT(seen >> bit & 1, ASN1_BIT_STRING_get_bit(theirs, bit));
        ASN1_BIT_STRING_free(theirs);
    }
    CHECK(accepted > ROUNDS / 50);
}

/* Digits with the letters that times may hold strewn in. */
static size_t random_time(struct test_random *random, uint8_t out[static 32])
{
    static const char *const models[] = {"260501123456Z",   "20260501123456Z",
                                         "99991231235959Z", "491231235959Z",
                                         "2026050112345Z",  "20260501123456.5Z"};
    static const char letters[] = "0123456789Z+-.";
    const char *model = models[test_random_below(random, COUNT(models))];
    size_t len = strlen(model);

    out[0] = len == 13 ? TROTH_DER_UTC_TIME : TROTH_DER_GENERALIZED_TIME;
    out[1] = (uint8_t)len;
    memcpy(out + 2, model, len);
    for (unsigned i = test_random_below(random, 4); i > 0; i--)
        out[2 + test_random_below(random, (unsigned)len)] =
            (uint8_t)letters[test_random_below(random, sizeof letters - 1)];
    return 2 + len;
}

static void test_times(void)
{
    struct test_random random = {37};
    unsigned accepted = 0;

    test_case("times are OpenSSL's, and never laxer");
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint8_t der[32];
        size_t len = random_time(&random, der);
        struct troth_cursor c = troth_cursor_over((struct troth_span){der, len});
        int64_t seen_s = troth_der_time(&c, "x");
        const uint8_t *p = der;
        struct tm tm = {0};

        if (troth_cursor_finish(&c, NULL))
            continue;
        accepted++;

        ASN1_TIME *theirs = d2i_ASN1_TIME(NULL, &p, (long)len);

        CHECK(theirs && ASN1_TIME_to_tm(theirs, &tm));
        CHECK_INT(mktime(&tm), seen_s);
        ASN1_TIME_free(theirs);
    }
    CHECK(accepted > ROUNDS / 10);
}

/* A SEQUENCE of two random integers, now and then with a byte changed; its length. */
static size_t random_signature(struct test_random *random, uint8_t out[static 40])
{
    size_t len = 2;

    len += random_integer(random, out + len);
    len += random_integer(random, out + len);
    out[0] = TROTH_DER_SEQUENCE;
    out[1] = (uint8_t)(len - 2);
    if (!test_random_below(random, 8))
        out[test_random_below(random, (unsigned)len)] = (uint8_t)test_random_below(random,
                                                                                   256);
    return len;
}

static void test_signatures(void)
{
    enum { WIDTH = 40 }; /* no number here is wider */
    struct test_random random = {41};
    unsigned accepted = 0;

    test_case("ECDSA signatures like OpenSSL");
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint8_t der[40];
        uint8_t seen[2 * WIDTH];
        uint8_t wanted[2 * WIDTH];
        size_t len = random_signature(&random, der);
        bool ours = troth_der_ecdsa_parse(seen, WIDTH, (struct troth_span){der, len}) ==
                    TROTH_OK;
        const uint8_t *p = der;
        ECDSA_SIG *theirs = d2i_ECDSA_SIG(NULL, &p, (long)len);

        /* OpenSSL stops at the end of the sequence; what follows it is not its concern.
         */
        CHECK_INT(ours, theirs && p == der + len);
        if (ours && theirs) {
            BN_bn2binpad(ECDSA_SIG_get0_r(theirs), wanted, WIDTH);
            BN_bn2binpad(ECDSA_SIG_get0_s(theirs), wanted + WIDTH, WIDTH);
            CHECK(memcmp(seen, wanted, sizeof seen) == 0);
        }
        accepted += ours;
        ECDSA_SIG_free(theirs);
    }
    CHECK(accepted > ROUNDS / 20);
}

int main(void)
{
    setenv("TZ", "UTC0", 1); /* so that mktime() is the inverse of gmtime_r() */
    tzset();
    test_integers();
    test_oids();
    test_named_bits();
    test_times();
    test_signatures();
    return test_finish();
}
