/* SPDX-License-Identifier: Apache-2.0 */
#include "test/support/note.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static EVP_PKEY *key_of(uint8_t seed)
{
    uint8_t secret[32];
    EVP_PKEY *key;

    memset(secret, seed, sizeof secret);
    key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret, sizeof secret);
    if (!key)
        abort();
    return key;
}

void test_note_key(uint8_t out[static 32], uint8_t seed)
{
    EVP_PKEY *key = key_of(seed);
    size_t len = 32;

    if (EVP_PKEY_get_raw_public_key(key, out, &len) != 1 || len != 32)
        abort();
    EVP_PKEY_free(key);
}

static void sign(uint8_t out[static 64], uint8_t seed, const void *message, size_t len)
{
    EVP_PKEY *key = key_of(seed);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t out_len = 64;

    if (!context || EVP_DigestSignInit(context, NULL, NULL, NULL, key) != 1 ||
        EVP_DigestSign(context, out, &out_len, message, len) != 1)
        abort();
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
}

void test_note_key_id(uint8_t out[static 4], const char *name, uint8_t seed, uint8_t type)
{
    uint8_t message[512], digest[32];
    const size_t len = strlen(name);

    if (len + 34 > sizeof message)
        abort();
    memcpy(message, name, len);
    message[len] = '\n';
    message[len + 1] = type;
    test_note_key(message + len + 2, seed);
    if (EVP_Digest(message, len + 34, digest, NULL, EVP_sha256(), NULL) != 1)
        abort();
    memcpy(out, digest, 4);
}

const char *test_note_vkey(const char *name, uint8_t seed, uint8_t type)
{
    static char texts[8][512];
    static unsigned turn;
    char *text = texts[turn++ % 8];
    uint8_t id[4], material[33] = {type};
    char base64[64];

    test_note_key_id(id, name, seed, type);
    test_note_key(material + 1, seed);
    (void)EVP_EncodeBlock((uint8_t *)base64, material, sizeof material);
    (void)snprintf(text, sizeof texts[0], "%s+%02x%02x%02x%02x+%s", name, id[0], id[1],
                   id[2], id[3], base64);
    return text;
}

static void append(struct test_note *note, const char *text)
{
    const size_t len = strlen(text);

    if (len >= sizeof note->bytes - note->len)
        abort();
    memcpy(note->bytes + note->len, text, len + 1);
    note->len += len;
}

void test_note_begin(struct test_note *note, const char *text)
{
    note->len = 0;
    append(note, text);
    note->text_len = note->len;
    append(note, "\n");
}

void test_note_line(struct test_note *note, const char *name, struct troth_span blob)
{
    char base64[8 * 1024];

    if (blob.len > sizeof base64 / 2)
        abort();
    (void)EVP_EncodeBlock((uint8_t *)base64, blob.ptr, (int)blob.len);
    append(note, "\xe2\x80\x94 ");
    append(note, name);
    append(note, " ");
    append(note, base64);
    append(note, "\n");
}

void test_note_sign(struct test_note *note, const char *name, uint8_t seed)
{
    uint8_t blob[4 + 64];

    test_note_key_id(blob, name, seed, 0x01);
    sign(blob + 4, seed, note->bytes, note->text_len);
    test_note_line(note, name, (struct troth_span){blob, sizeof blob});
}

void test_note_cosign(struct test_note *note, const char *name, uint8_t seed,
                      uint64_t time_s)
{
    char message[sizeof note->bytes + 64];
    uint8_t blob[4 + 8 + 64];
    const int len = snprintf(message, sizeof message, "cosignature/v1\ntime %llu\n%.*s",
                             (unsigned long long)time_s, (int)note->text_len,
                             note->bytes);

    test_note_key_id(blob, name, seed, 0x04);
    for (int i = 0; i < 8; i++)
        blob[4 + i] = (uint8_t)(time_s >> (56 - 8 * i));
    sign(blob + 12, seed, message, (size_t)len);
    test_note_line(note, name, (struct troth_span){blob, sizeof blob});
}

struct troth_span test_note_span(const struct test_note *note)
{
    return (struct troth_span){(const uint8_t *)note->bytes, note->len};
}
