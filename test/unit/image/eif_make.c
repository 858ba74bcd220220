/* SPDX-License-Identifier: Apache-2.0 */
#include "test/unit/image/eif_make.h"

#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "test/support/x509_make.h"

/* clang-format off */
const struct eif_part eif_usual[EIF_USUAL_PARTS] = {
    {1, {(const uint8_t *)"KERNEL", 6}},
    {2, {(const uint8_t *)"console=ttyS0", 13}},
    {5, {(const uint8_t *)"{}", 2}},
    {3, {(const uint8_t *)"RAMDISK0", 8}},
    {3, {(const uint8_t *)"RAMDISK1", 8}},
};
/* clang-format on */

struct sink {
    uint8_t *bytes;
    size_t len, max;
};

static void put(struct sink *sink, struct troth_span bytes)
{
    if (bytes.len > sink->max - sink->len)
        abort();
    if (bytes.len)
        memcpy(sink->bytes + sink->len, bytes.ptr, bytes.len);
    sink->len += bytes.len;
}

static void put_number(struct sink *sink, uint64_t value, unsigned width)
{
    while (width-- > 0) {
        const uint8_t byte = (uint8_t)(value >> (8 * width));

        put(sink, (struct troth_span){&byte, 1});
    }
}

void eif_seal(uint8_t *file, size_t len)
{
    uLong crc = crc32(0, file, 0x220);

    crc = crc32(crc, file + 0x224, (uInt)(len - 0x224));
    for (unsigned i = 0; i < 4; i++)
        file[0x220 + i] = (uint8_t)(crc >> (24 - 8 * i));
}

struct troth_span eif_make(uint8_t *room, unsigned version, const struct eif_part *parts,
                           size_t count)
{
    struct sink sink = {room, 0, EIF_MAKE_MAX};
    uint64_t start = 548;

    put(&sink, test_text(".eif"));
    put_number(&sink, version, 2);
    put_number(&sink, 0, 2);
    put_number(&sink, 1 << 30, 8);
    put_number(&sink, 2, 8);
    put_number(&sink, count, 4);
    for (size_t i = 0; i < 32; i++) {
        put_number(&sink, i < count ? start : 0, 8);
        start += i < count ? 12 + parts[i].data.len : 0;
    }
    for (size_t i = 0; i < 32; i++)
        put_number(&sink, i < count ? parts[i].data.len : 0, 8);
    put_number(&sink, 0, 8);
    for (size_t i = 0; i < count; i++) {
        put_number(&sink, parts[i].type, 2);
        put_number(&sink, 0, 2);
        put_number(&sink, parts[i].data.len, 8);
        put(&sink, parts[i].data);
    }
    eif_seal(room, sink.len);
    return (struct troth_span){room, sink.len};
}

bool eif_same(const struct troth_eif *a, const struct troth_eif *b)
{
    bool same = a->version == b->version && a->aarch64 == b->aarch64 &&
                a->default_memory == b->default_memory &&
                a->default_cpus == b->default_cpus && a->crc == b->crc &&
                a->count == b->count && a->size == b->size;

    for (size_t i = 0; i < TROTH_EIF_SECTIONS_MAX; i++)
        same = same && a->sections[i].kind == b->sections[i].kind &&
               a->sections[i].offset == b->sections[i].offset &&
               a->sections[i].size == b->sections[i].size;
    return same;
}

struct troth_span eif_certificate(enum x509_key key)
{
    return x509_make_cert(&(struct x509_cert_recipe){
        .subject = "signer",
        .issuer = "signer",
        .serial = 1,
        .not_before_s = 1700000000,
        .not_after_s = 1900000000,
        .key = key,
        .signer = key,
    });
}

struct troth_span eif_pem(struct troth_span der)
{
    static uint8_t room[8][24 * 1024];
    static unsigned next;
    struct sink sink = {room[next++ % 8], 0, sizeof room[0]};
    uint8_t text[20 * 1024];
    const size_t len = (size_t)EVP_EncodeBlock(text, der.ptr, (int)der.len);

    put(&sink, test_text("-----BEGIN CERTIFICATE-----\n"));
    for (size_t i = 0; i < len; i += 64) {
        put(&sink, (struct troth_span){text + i, len - i < 64 ? len - i : 64});
        put(&sink, test_text("\n"));
    }
    put(&sink, test_text("-----END CERTIFICATE-----\n"));
    sink.bytes[sink.len] = '\0';
    return (struct troth_span){sink.bytes, sink.len};
}

struct troth_span eif_certificate_pem(enum x509_key key)
{
    return eif_pem(eif_certificate(key));
}

struct troth_span eif_sign(enum x509_key key, struct troth_span message)
{
    static uint8_t raw[96];
    const bool is_256 = x509_public_key(key)->kind == TROTH_KEY_P256;
    const int width = is_256 ? 32 : 48;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    uint8_t der[160];
    const uint8_t *at = der;
    size_t len = sizeof der;

    if (EVP_DigestSignInit(context, NULL, is_256 ? EVP_sha256() : EVP_sha384(), NULL,
                           x509_key(key)) <= 0 ||
        EVP_DigestSign(context, der, &len, message.ptr, message.len) <= 0)
        abort();
    EVP_MD_CTX_free(context);

    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &at, (long)len);

    BN_bn2binpad(ECDSA_SIG_get0_r(pair), raw, width);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair), raw + width, width);
    ECDSA_SIG_free(pair);
    return (struct troth_span){raw, (size_t)width * 2};
}

/* CBOR, as far as it is needed. */

enum { UINT = 0, BYTES = 2 << 5, TEXT = 3 << 5, ARRAY = 4 << 5, MAP = 5 << 5 };

static void head(struct sink *sink, unsigned major, size_t argument)
{
    if (argument < 24) {
        put_number(sink, major | argument, 1);
        return;
    }
    put_number(sink, major | (argument < 256 ? 24 : 25), 1);
    put_number(sink, argument, argument < 256 ? 1 : 2);
}

static void put_text(struct sink *sink, const char *text)
{
    head(sink, TEXT, strlen(text));
    put(sink, test_text(text));
}

static void put_bytes(struct sink *sink, struct troth_span bytes)
{
    head(sink, BYTES, bytes.len);
    put(sink, bytes);
}

static void put_numbers(struct sink *sink, struct troth_span bytes, bool with_256)
{
    head(sink, ARRAY, bytes.len);
    for (size_t i = 0; i < bytes.len; i++)
        head(sink, UINT, with_256 && i == 5 ? 256 : bytes.ptr[i]);
}

static struct troth_span payload_of(uint8_t *room, size_t max,
                                    const struct eif_signature_recipe *recipe)
{
    static const uint8_t zeros[48];
    struct sink sink = {room, 0, max};

    if (recipe->payload_hex)
        return test_hex(recipe->payload_hex);
    head(&sink, MAP, 2);
    put_text(&sink, "register_index");
    head(&sink, UINT, recipe->index);
    put_text(&sink, "register_value");
    put_numbers(&sink, (struct troth_span){recipe->pcr0 ? recipe->pcr0 : zeros, 48},
                false);
    return (struct troth_span){room, sink.len};
}

static struct troth_span protected_of(const struct eif_signature_recipe *recipe)
{
    if (recipe->protected_hex)
        return test_hex(recipe->protected_hex);
    return test_hex(x509_public_key(recipe->key)->kind == TROTH_KEY_P256 ? "a10126"
                                                                         : "a1013822");
}

static struct troth_span sign(const struct eif_signature_recipe *recipe,
                              struct troth_span header, struct troth_span payload)
{
    uint8_t room[512];
    struct sink sink = {room, 0, sizeof room};

    if (recipe->signature_hex)
        return test_hex(recipe->signature_hex);
    head(&sink, ARRAY, 4);
    put_text(&sink, "Signature1");
    put_bytes(&sink, header);
    put_bytes(&sink, (struct troth_span){NULL, 0});
    put_bytes(&sink, payload);
    return eif_sign(recipe->key, (struct troth_span){room, sink.len});
}

static struct troth_span message_of(uint8_t *room, size_t max,
                                    const struct eif_signature_recipe *recipe)
{
    uint8_t payload_room[256];
    struct sink sink = {room, 0, max};
    const struct troth_span header = protected_of(recipe);
    const struct troth_span payload = payload_of(payload_room, sizeof payload_room,
                                                 recipe);

    if (recipe->tag_hex)
        put(&sink, test_hex(recipe->tag_hex));
    head(&sink, ARRAY, 4);
    put_bytes(&sink, header);
    put(&sink, test_hex(recipe->unprotected_hex ? recipe->unprotected_hex : "a0"));
    put_bytes(&sink, payload);
    put_bytes(&sink, sign(recipe, header, payload));
    room[sink.len - 1] ^= recipe->flip;
    return (struct troth_span){room, sink.len};
}

static void put_entry(struct sink *sink, const struct eif_signature_recipe *recipe,
                      size_t *out_at)
{
    uint8_t room[1024];
    const struct troth_span message = message_of(room, sizeof room, recipe);
    const struct troth_span pem = recipe->pem ? test_text(recipe->pem)
                                              : eif_certificate_pem(recipe->key);

    head(sink, MAP, 2);
    put_text(sink,
             recipe->certificate_key ? recipe->certificate_key : "signing_certificate");
    if (recipe->as_byte_strings)
        put_bytes(sink, pem);
    else
        put_numbers(sink, pem, recipe->number_256);
    put_text(sink, "signature");
    *out_at = sink->len;
    put_numbers(sink, message, false);
}

struct troth_span eif_make_signature(uint8_t *room,
                                     const struct eif_signature_recipe *recipe,
                                     size_t *out_at)
{
    struct sink sink = {room, 0, EIF_MAKE_MAX};
    size_t second;

    head(&sink, ARRAY, recipe->two_entries ? 2 : 1);
    put_entry(&sink, recipe, out_at);
    if (recipe->two_entries)
        put_entry(&sink, recipe, &second);
    if (recipe->tail_hex)
        put(&sink, test_hex(recipe->tail_hex));
    return (struct troth_span){room, sink.len};
}
