/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/algorithm.h"

#include "base/span.h"
#include "codec/der.h"

/* RSASSA-PSS-params, whole: hash, MGF1 with the same hash, salt as long as the hash.
 * [RFC4055] 3.1 gives trailerField a DEFAULT, which DER leaves out; AMD's own roots
 * nevertheless spell it, so both encodings have a row. */
/* clang-format off */
#define SHA2(last)      "\x60\x86\x48\x01\x65\x03\x04\x02" last
#define PSS             "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"
#define HASH(last)      "\xa0\x0f\x30\x0d\x06\x09" SHA2(last) "\x05\x00"
#define MGF1(last)      "\xa1\x1c\x30\x1a\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08" \
                        "\x30\x0d\x06\x09" SHA2(last) "\x05\x00"
#define SALT(len)       "\xa2\x03\x02\x01" len
#define TRAILER         "\xa3\x03\x02\x01\x01"
#define PSS_SHORT(last, len) "\x30\x41" PSS "\x30\x34" HASH(last) MGF1(last) SALT(len)
#define PSS_LONG(last, len)  "\x30\x46" PSS "\x30\x39" HASH(last) MGF1(last) SALT(len) TRAILER
#define PKCS1(last)     "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01" last "\x05\x00"
#define ECDSA(last)     "\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03" last

#define SIGNATURES(X)                              \
    /* algorithm         whole encoding         */ \
    X(ECDSA_P256_SHA256, ECDSA("\x02"))            \
    X(ECDSA_P384_SHA384, ECDSA("\x03"))            \
    X(RSA_PSS_SHA256,    PSS_SHORT("\x01", "\x20")) \
    X(RSA_PSS_SHA256,    PSS_LONG("\x01", "\x20"))  \
    X(RSA_PSS_SHA384,    PSS_SHORT("\x02", "\x30")) \
    X(RSA_PSS_SHA384,    PSS_LONG("\x02", "\x30"))  \
    X(RSA_PSS_SHA512,    PSS_SHORT("\x03", "\x40")) \
    X(RSA_PSS_SHA512,    PSS_LONG("\x03", "\x40"))  \
    X(RSA_PKCS1_SHA256,  PKCS1("\x0b"))            \
    X(RSA_PKCS1_SHA384,  PKCS1("\x0c"))            \
    X(RSA_PKCS1_SHA512,  PKCS1("\x0d"))            \
    X(ED25519,           "\x30\x05\x06\x03\x2b\x65\x70")

#define KEYS(X)                                                                      \
    /* kind   bytes of the key, 0 for any;  whole encoding of its algorithm       */ \
    X(P256,    65, "\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"                    \
                   "\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07")                       \
    X(P384,    97, "\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"                    \
                   "\x06\x05\x2b\x81\x04\x00\x22")                                   \
    X(RSA,      0, "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00")   \
    X(ED25519, 32, "\x30\x05\x06\x03\x2b\x65\x70")
/* clang-format on */

struct signature_row {
    enum troth_signature_algorithm algorithm;
    struct troth_span identifier;
};

struct key_row {
    enum troth_key_kind kind;
    size_t len;
    struct troth_span identifier;
};

/* clang-format off */
#define BYTES(text) {(const uint8_t *)(text), sizeof(text) - 1}

static const struct signature_row signatures[] = {
#define X(name, bytes) {TROTH_##name, BYTES(bytes)},
    SIGNATURES(X)
#undef X
};

static const struct key_row keys[] = {
#define X(name, len, bytes) {TROTH_KEY_##name, len, BYTES(bytes)},
    KEYS(X)
#undef X
};
/* clang-format on */

enum troth_signature_algorithm troth_algorithm_find(struct troth_span identifier)
{
    for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++)
        if (troth_span_equal(signatures[i].identifier, identifier))
            return signatures[i].algorithm;
    return TROTH_SIGNATURE_NONE;
}

static struct key_row find_key(struct troth_span identifier)
{
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (troth_span_equal(keys[i].identifier, identifier))
            return keys[i];
    return (struct key_row){TROTH_KEY_NONE, 0, {NULL, 0}};
}

/* RSAPublicKey inside the BIT STRING. [RFC8017] A.1.1 */
static void read_rsa(struct troth_cursor *c, struct troth_public_key *key,
                     const char *field)
{
    struct troth_cursor rsa = troth_der_enter(c, TROTH_DER_SEQUENCE, field);

    key->modulus = troth_der_unsigned(&rsa, field);
    uint64_t exponent = troth_der_u64(&rsa, field);
    troth_cursor_expect(&rsa,
                        exponent >= 3 && exponent <= UINT32_MAX && exponent % 2 == 1,
                        TROTH_ERR_KEY, field);
    troth_cursor_leave(c, &rsa);
    troth_cursor_expect(c, key->modulus.len > 1, TROTH_ERR_KEY, field);
    key->exponent = (uint32_t)exponent;
}

struct troth_public_key troth_key_read(struct troth_cursor *c, const char *field)
{
    struct troth_cursor info = troth_der_enter(c, TROTH_DER_SEQUENCE, field);
    struct key_row row = find_key(troth_der_element(&info, TROTH_DER_SEQUENCE, field));
    struct troth_public_key key = {.kind = row.kind};

    troth_cursor_expect(&info, row.kind != TROTH_KEY_NONE, TROTH_ERR_ALGORITHM, field);
    struct troth_span bits = troth_der_bit_string(&info, field);
    if (row.kind == TROTH_KEY_RSA) {
        struct troth_cursor inside = info;

        inside.next = bits.len ? bits.ptr : info.next;
        inside.end = inside.next + bits.len;
        read_rsa(&inside, &key, field);
        troth_cursor_leave(&info, &inside);
    } else {
        bool compressed = row.kind != TROTH_KEY_ED25519 && bits.len &&
                          bits.ptr[0] != 0x04;

        troth_cursor_expect(&info, bits.len == row.len && !compressed, TROTH_ERR_KEY,
                            field);
        key.point = bits;
    }
    troth_cursor_leave(c, &info);
    return key;
}
