/* SPDX-License-Identifier: Apache-2.0 */
#include "image/pcr.h"

#include <openssl/evp.h>
#include <string.h>

#include "image/eif_signature.h"
#include "test/harness.h"
#include "test/support/failing_crypto.h"
#include "test/support/x509_make.h"
#include "test/unit/image/eif_make.h"
#include "troth/provider.h"

static struct troth_crypto crypto;
static uint8_t room[EIF_MAKE_MAX], signature_room[EIF_MAKE_MAX];
static uint8_t memory[TROTH_EIF_SIGNATURE_ROOM];

typedef uint8_t pcrs_t[TROTH_PCR_COUNT][TROTH_PCR_SIZE];

static enum troth_err measure(pcrs_t out, struct troth_fault *fault,
                              const struct troth_crypto *with, struct troth_span file)
{
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_eif eif;

    CHECK_ERR(troth_eif_read(&eif, NULL, file), TROTH_OK);
    memset(out, 0xa5, sizeof(pcrs_t));
    return troth_pcrs_of_eif(out, fault, with, &eif, file, &arena);
}

#define NOTHING                                                                          \
    "21b9efbc184807662e966d34f390821309eeac6802309798826296bf3e8bec7c"                   \
    "10edb30948c90ba67310f7b964fc500a"
#define ZEROS                                                                            \
    "000000000000000000000000000000000000000000000000"                                   \
    "000000000000000000000000000000000000000000000000"

/* Of the usual image, computed by hand with sha384sum; what nothing measures to is in
 * every description of an image with one ramdisk. */
static void test_known(void)
{
    static const char *const known[] = {
        "61fd2b06210a933b3db5e15c5752e394894bb097f7f1d96ad1f55a7525d0d7aa"
        "2c63b235f44420b12d8376cc392bdefb",
        "a6d35ce3e7ba80048a2b23da9b15063726a7cea90e16e9d6934e92a15aa1896f"
        "d54de706310e2fbc585d9c37db9c1805",
        "5f699ae4300525c628f5c96fc521729dd6ca1a2c07cb07b69e7ae9e3fa935cfd"
        "7cc83b3e26d89201a486d9db2405c562",
        ZEROS,
    };
    pcrs_t pcrs;

    test_case("known registers");
    CHECK_ERR(measure(pcrs, NULL, &crypto, eif_make(room, 4, eif_usual, EIF_USUAL_PARTS)),
              TROTH_OK);
    for (size_t i = 0; i < TROTH_PCR_COUNT; i++)
        CHECK_SPAN(((struct troth_span){pcrs[i], 48}), test_hex(known[i]));

    test_case("one ramdisk");
    CHECK_ERR(measure(pcrs, NULL, &crypto, eif_make(room, 4, eif_usual, 4)), TROTH_OK);
    CHECK_SPAN(((struct troth_span){pcrs[2], 48}), test_hex(NOTHING));
    CHECK(memcmp(pcrs[0], pcrs[1], 48) == 0);
    CHECK_SPAN(((struct troth_span){pcrs[1], 48}), test_hex(known[1]));
}

/* What lies in which register; the index of the last ramdisk is 5. */
static void test_covers(void)
{
    static const struct troth_eif eif = {.count = 7,
                                         .sections = {{TROTH_EIF_KERNEL, 0, 0},
                                                      {TROTH_EIF_METADATA, 0, 0},
                                                      {TROTH_EIF_CMDLINE, 0, 0},
                                                      {TROTH_EIF_RAMDISK, 0, 0},
                                                      {TROTH_EIF_RAMDISK, 0, 0},
                                                      {TROTH_EIF_RAMDISK, 0, 0},
                                                      {TROTH_EIF_SIGNATURE, 0, 0}}};
    static const int numbers[] = {0, 1, 2, 8};
    static const char *const rows[] = {"1011110", "1011000", "0000110", "0000000"};

    for (unsigned pcr = 0; pcr < TROTH_PCR_COUNT; pcr++) {
        test_case("sections of register %d", numbers[pcr]);
        for (size_t i = 0; i < eif.count; i++)
            CHECK(troth_pcr_covers((enum troth_pcr)pcr, &eif, i) ==
                  (rows[pcr][i] == '1'));
    }
}

/* Which registers tell that a byte of a section changed: 1, 2 and 4 for PCR0, 1 and 2. */
static void test_changes(void)
{
    static const unsigned told[EIF_USUAL_PARTS] = {3, 3, 0, 3, 5};
    pcrs_t was, is;

    CHECK_ERR(measure(was, NULL, &crypto, eif_make(room, 4, eif_usual, EIF_USUAL_PARTS)),
              TROTH_OK);
    for (size_t i = 0; i < EIF_USUAL_PARTS; i++) {
        struct eif_part parts[EIF_USUAL_PARTS];

        test_case("section %zu changed", i);
        memcpy(parts, eif_usual, sizeof parts);
        parts[i].data = test_text("x");
        CHECK_ERR(measure(is, NULL, &crypto, eif_make(room, 4, parts, EIF_USUAL_PARTS)),
                  TROTH_OK);
        for (unsigned pcr = 0; pcr < 3; pcr++)
            CHECK((memcmp(was[pcr], is[pcr], 48) != 0) == (told[i] >> pcr & 1));
    }

    test_case("what no register tells");
    const struct troth_span file = eif_make(room, 4, eif_usual, EIF_USUAL_PARTS);

    for (size_t at = 7; at < 24; at++)
        room[at] ^= 1;
    eif_seal(room, file.len);
    CHECK_ERR(measure(is, NULL, &crypto, file), TROTH_OK);
    CHECK(memcmp(was, is, sizeof was) == 0);
}

static struct troth_span make_signed(const struct eif_signature_recipe *recipe)
{
    struct eif_part parts[EIF_USUAL_PARTS + 1];
    size_t at;

    memcpy(parts, eif_usual, sizeof eif_usual);
    parts[EIF_USUAL_PARTS] = (struct eif_part){
        4, eif_make_signature(signature_room, recipe, &at)};
    return eif_make(room, 4, parts, EIF_USUAL_PARTS + 1);
}

static void test_signed(void)
{
    static const uint8_t zeros[48];
    uint8_t content[96], wanted[48];
    pcrs_t without, pcrs;

    test_case("the certificate, by OpenSSL's hand");
    CHECK_ERR(
        measure(without, NULL, &crypto, eif_make(room, 4, eif_usual, EIF_USUAL_PARTS)),
        TROTH_OK);
    CHECK_ERR(measure(pcrs, NULL, &crypto,
                      make_signed(&(struct eif_signature_recipe){.key = X509_P384_A})),
              TROTH_OK);

    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_eif_signature signature;
    struct troth_eif eif;
    const struct troth_span file = {
        room, 645 + 12 + (size_t)((room[0x11c + 46] << 8) | room[0x11c + 47])};

    CHECK_ERR(troth_eif_read(&eif, NULL, file), TROTH_OK);
    CHECK_ERR(
        troth_eif_signature_read(&signature, NULL, troth_eif_data(&eif, file, 5), &arena),
        TROTH_OK);
    memcpy(content, zeros, sizeof zeros);
    CHECK(EVP_Digest(signature.certificate.ptr, signature.certificate.len, content + 48,
                     NULL, EVP_sha384(), NULL) > 0);
    CHECK(EVP_Digest(content, sizeof content, wanted, NULL, EVP_sha384(), NULL) > 0);
    CHECK_SPAN(((struct troth_span){pcrs[TROTH_PCR8], 48}),
               ((struct troth_span){wanted, 48}));

    test_case("a signature changes no other");
    CHECK(memcmp(pcrs, without, (size_t)3 * 48) == 0);
}

static void test_broken_signature(void)
{
    const struct troth_span file = make_signed(
        &(struct eif_signature_recipe){.two_entries = true});
    struct troth_fault fault;
    pcrs_t pcrs;

    test_case("a signature that is none: no registers");
    CHECK_ERR(measure(pcrs, &fault, &crypto, file), TROTH_ERR_UNSUPPORTED);
    CHECK_TEXT(fault.field, "eif.signature");
    CHECK(fault.offset > 657 && fault.offset < file.len);
    for (size_t i = 0; i < TROTH_PCR_COUNT; i++)
        CHECK_SPAN(((struct troth_span){pcrs[i], 48}), test_hex(ZEROS));
}

static void test_failing(void)
{
    const struct troth_span file = make_signed(&(struct eif_signature_recipe){0});

    for (unsigned n = 1; n <= 8; n++) {
        struct failing_crypto failing;
        const struct troth_crypto with = failing_crypto_over(&failing, &crypto, n);
        struct troth_fault fault;
        pcrs_t pcrs;

        test_case("the library fails at call %u", n);
        CHECK_ERR(measure(pcrs, &fault, &with, file), TROTH_ERR_CRYPTO);
        CHECK_ERR(fault.err, TROTH_ERR_CRYPTO);
        for (size_t i = 0; i < TROTH_PCR_COUNT; i++)
            CHECK_SPAN(((struct troth_span){pcrs[i], 48}), test_hex(ZEROS));
    }
    test_case("no memory for the signature");
    struct troth_arena none = {NULL, 0, 0};
    struct troth_eif eif;
    pcrs_t pcrs;

    CHECK_ERR(troth_eif_read(&eif, NULL, file), TROTH_OK);
    CHECK_ERR(troth_pcrs_of_eif(pcrs, NULL, &crypto, &eif, file, &none),
              TROTH_ERR_MEMORY);
}

int main(void)
{
    if (troth_provider_create(&crypto))
        return 1;
    test_known();
    test_covers();
    test_changes();
    test_signed();
    test_broken_signature();
    test_failing();
    troth_provider_destroy(&crypto);
    return test_finish();
}
