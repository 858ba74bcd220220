/* SPDX-License-Identifier: Apache-2.0 */
#include "channel/commitment.h"

#include <string.h>

#include "test/harness.h"
#include "test/support/failing_crypto.h"
#include "troth/provider.h"

static struct troth_crypto crypto;
static const uint8_t client_digest[32] = {0xc1}, server_digest[32] = {0x5e},
                     evidence_digest[32] = {0xe1};
static const uint8_t key_bytes[91] = {0x30, 0x59}, challenge[32] = {0xcc};

/* ---- the transcript ---- */

/* SHA-256( zeros ‖ 0…01 ‖ 01 ‖ 0…05 ‖ 03 000001 01 ), computed by hand with a program of
 * another make; then the same of what came out, with a frame of the server. */
static void test_transcript(void)
{
    uint8_t transcript[32] = {0}, other[32] = {0};

    test_case("one frame, then another");
    CHECK_ERR(
        troth_transcript_add(transcript, &crypto, TROTH_CLIENT, test_hex("0300000101")),
        TROTH_OK);
    CHECK_SPAN(((struct troth_span)TROTH_ARRAY_SPAN(transcript)),
               test_hex("6ee63de0f8ba816d27f91b8ab4c0695a"
                        "ece8d272735e32ba52156f12e174e5b6"));
    CHECK_ERR(
        troth_transcript_add(transcript, &crypto, TROTH_SERVER, test_hex("0300000102")),
        TROTH_OK);
    CHECK_SPAN(((struct troth_span)TROTH_ARRAY_SPAN(transcript)),
               test_hex("fab928ea579221294faeeee8ec27de95"
                        "56fd82b79962d7bfe977d13a8603dffb"));

    test_case("who sent a frame matters");
    CHECK_ERR(troth_transcript_add(other, &crypto, TROTH_SERVER, test_hex("0300000101")),
              TROTH_OK);
    CHECK(memcmp(other,
                 test_hex("6ee63de0f8ba816d27f91b8ab4c0695a"
                          "ece8d272735e32ba52156f12e174e5b6")
                     .ptr,
                 32) != 0);
}

/* ---- bytes and text agree ---- */

static struct troth_commitment commitment(void)
{
    struct troth_commitment c = {
        .role = TROTH_SERVER,
        .level = TROTH_LEVEL_EPOCH,
        .client_certificate = TROTH_ARRAY_SPAN(client_digest),
        .server_certificate = TROTH_ARRAY_SPAN(server_digest),
        .evidence = TROTH_ARRAY_SPAN(evidence_digest),
    };

    memset(c.frames, 0xf1, sizeof c.frames);
    memset(c.exporter, 0xee, sizeof c.exporter);
    return c;
}

/* Another value for each field in turn, the first being as it was. */
enum { FIELD_CHANGES = 9 };
static struct troth_commitment changed_commitment(int change)
{
    struct troth_commitment c = commitment();

    switch (change) {
    case 1:
        c.role = TROTH_CLIENT;
        break;
    case 2:
        c.level = TROTH_LEVEL_STRICT;
        break;
    case 3:
        c.frames[31] ^= 1;
        break;
    case 4:
        c.client_certificate = (struct troth_span){NULL, 0};
        break;
    case 5:
        c.server_certificate = (struct troth_span){NULL, 0};
        break;
    case 6: /* what one side's is must not pass for the other's */
        c.client_certificate = (struct troth_span)TROTH_ARRAY_SPAN(server_digest);
        c.server_certificate = (struct troth_span)TROTH_ARRAY_SPAN(client_digest);
        break;
    case 7:
        c.exporter[0] ^= 1;
        break;
    case 8:
        c.evidence = (struct troth_span){NULL, 0};
        break;
    default:
        break;
    }
    return c;
}

static struct troth_proof changed_proof(int change)
{
    struct troth_proof p = {.level = TROTH_LEVEL_EPOCH,
                            .key = TROTH_ARRAY_SPAN(key_bytes),
                            .epoch_s = 1767225600,
                            .nonce = TROTH_ARRAY_SPAN(challenge)};

    switch (change) {
    case 1:
        p.key.len--;
        break;
    case 2:
        p.epoch_s++;
        break;
    case 3:
        p.epoch_s = UINT64_MAX;
        break;
    case 4:
        p.nonce = (struct troth_span){NULL, 0};
        break;
    case 5:
        p.checkpoint = TROTH_LITERAL("note\n");
        break;
    case 6:
        p.nonce = (struct troth_span){NULL, 0};
        p.checkpoint = TROTH_LITERAL("note\n");
        break;
    case 7: /* all of the note counts */
        p.nonce = (struct troth_span){NULL, 0};
        p.checkpoint = TROTH_LITERAL("note\nsigned\n");
        break;
    default:
        break;
    }
    return p;
}

static void check_different(uint8_t (*seen)[TROTH_BINDING_SIZE], size_t count)
{
    for (size_t i = 0; i + 1 < count; i++)
        CHECK(memcmp(seen[i], seen[count - 1], TROTH_BINDING_SIZE) != 0);
}

/* What the bytes are is what a verifier makes of the text. */
static void check_agree(const uint8_t bytes[TROTH_BINDING_SIZE], struct troth_span text)
{
    uint8_t parsed[TROTH_BINDING_SIZE];
    struct troth_fault fault = {0};

    CHECK_ERR(troth_binding_parse(parsed, &fault, &crypto, text), TROTH_OK);
    CHECK_SPAN(((struct troth_span){bytes, TROTH_BINDING_SIZE}),
               ((struct troth_span)TROTH_ARRAY_SPAN(parsed)));
}

static void test_commitments(void)
{
    static uint8_t seen[FIELD_CHANGES][TROTH_BINDING_SIZE];

    for (int change = 0; change < FIELD_CHANGES; change++) {
        const struct troth_commitment c = changed_commitment(change);
        uint8_t text[TROTH_COMMITMENT_TEXT_MAX];
        struct troth_writer w = troth_writer_over(text, sizeof text);
        struct troth_span written;

        test_case("commitment: field %d is another", change);
        CHECK_ERR(troth_commitment_compute(seen[change], &crypto, &c), TROTH_OK);
        troth_commitment_write(&w, &c);
        CHECK_ERR(troth_writer_finish(&w, &written), TROTH_OK);
        check_agree(seen[change], written);
        check_different(seen, (size_t)change + 1);
    }
}

static void test_key_commitments(void)
{
    static uint8_t seen[2 * 8][TROTH_BINDING_SIZE];

    for (int change = 0; change < 2 * 8; change++) {
        const enum troth_role role = change < 8 ? TROTH_SERVER : TROTH_CLIENT;
        const struct troth_proof p = changed_proof(change % 8);
        uint8_t text[TROTH_COMMITMENT_TEXT_MAX];
        struct troth_writer w = troth_writer_over(text, sizeof text);
        struct troth_span written;

        test_case("%s's key: field %d is another", troth_role_name(role), change % 8);
        CHECK_ERR(troth_key_commitment_compute(seen[change], &crypto, role, &p),
                  TROTH_OK);
        CHECK_ERR(troth_key_commitment_write(&w, &crypto, role, &p), TROTH_OK);
        CHECK_ERR(troth_writer_finish(&w, &written), TROTH_OK);
        check_agree(seen[change], written);
        check_different(seen, (size_t)change + 1);
    }
}

/* The longest that a frame may carry fits the room for its text. */
static void test_longest(void)
{
    static const uint8_t key[TROTH_PROOF_KEY_MAX];
    struct troth_proof p = changed_proof(3);
    uint8_t text[TROTH_COMMITMENT_TEXT_MAX], bytes[TROTH_BINDING_SIZE];
    struct troth_writer w = troth_writer_over(text, sizeof text);
    struct troth_span written;

    test_case("the longest text has room");
    p.key = (struct troth_span)TROTH_ARRAY_SPAN(key);
    p.checkpoint = TROTH_LITERAL("note\n");
    CHECK_ERR(troth_key_commitment_compute(bytes, &crypto, TROTH_SERVER, &p), TROTH_OK);
    CHECK_ERR(troth_key_commitment_write(&w, &crypto, TROTH_SERVER, &p), TROTH_OK);
    CHECK_ERR(troth_writer_finish(&w, &written), TROTH_OK);
    check_agree(bytes, written);
}

/* ---- refusals ---- */

static bool all_zero(const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (bytes[i])
            return false;
    return true;
}

static void test_refusals(void)
{
    uint8_t out[TROTH_BINDING_SIZE];
    struct troth_commitment c = commitment();
    struct troth_proof p = changed_proof(0);

    test_case("a certificate's hash of another size");
    c.client_certificate.len = 31;
    CHECK_ERR(troth_commitment_compute(out, &crypto, &c), TROTH_ERR_VALUE);
    CHECK(all_zero(out, sizeof out));

    test_case("a key too long");
    p.key = (struct troth_span){(const uint8_t[257]){0}, 257};
    CHECK_ERR(troth_key_commitment_compute(out, &crypto, TROTH_CLIENT, &p),
              TROTH_ERR_LIMIT);
    CHECK(all_zero(out, sizeof out));

    test_case("half a nonce");
    p = changed_proof(0);
    p.nonce.len = 16;
    CHECK_ERR(troth_key_commitment_compute(out, &crypto, TROTH_CLIENT, &p),
              TROTH_ERR_VALUE);
}

static void test_failing(void)
{
    struct failing_crypto failing;
    struct troth_crypto bad = failing_crypto_over(&failing, &crypto, 1);
    uint8_t out[TROTH_BINDING_SIZE] = {1};
    struct troth_writer w = troth_writer_over(out, sizeof out);
    const struct troth_commitment c = commitment();
    const struct troth_proof p = changed_proof(6);

    test_case("cryptography fails: nothing is left to be taken for an answer");
    CHECK_ERR(troth_transcript_add(out, &bad, TROTH_CLIENT, test_hex("0300000101")),
              TROTH_ERR_CRYPTO);
    CHECK(all_zero(out, 32));
    bad = failing_crypto_over(&failing, &crypto, 1);
    CHECK_ERR(troth_commitment_compute(out, &bad, &c), TROTH_ERR_CRYPTO);
    CHECK(all_zero(out, sizeof out));
    for (unsigned fail_at = 1; fail_at <= 2; fail_at++) {
        memset(out, 1, sizeof out);
        bad = failing_crypto_over(&failing, &crypto, fail_at);
        CHECK_ERR(troth_key_commitment_compute(out, &bad, TROTH_CLIENT, &p),
                  TROTH_ERR_CRYPTO);
        CHECK(all_zero(out, sizeof out));
    }
    bad = failing_crypto_over(&failing, &crypto, 1);
    CHECK_ERR(troth_key_commitment_write(&w, &bad, TROTH_CLIENT, &p), TROTH_ERR_CRYPTO);
    CHECK_INT(w.len, 0);
}

int main(void)
{
    if (troth_provider_create(&crypto))
        return 1;
    test_transcript();
    test_commitments();
    test_key_commitments();
    test_longest();
    test_refusals();
    test_failing();
    troth_provider_destroy(&crypto);
    return test_finish();
}
