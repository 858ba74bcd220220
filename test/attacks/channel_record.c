/* SPDX-License-Identifier: Apache-2.0 */
#include "test/attacks/channel_record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/hmac.h>

#include "test/harness.h"

enum { HANDSHAKE = 22, APPLICATION_DATA = 23, TAG = 16, HEADER = 5 };

static uint8_t secret[32]; /* the leg's own, of application traffic */
static const char *wanted;

static void take_down(const SSL *ssl, const char *line)
{
    const size_t len = strlen(wanted);
    const char *hex = strrchr(line, ' ');

    (void)ssl;
    if (strncmp(line, wanted, len) == 0 && hex && strlen(hex + 1) == 64)
        memcpy(secret, test_hex(hex + 1).ptr, sizeof secret);
}

void record_listen(struct leg *leg)
{
    wanted = leg->role == TROTH_CLIENT ? "CLIENT_TRAFFIC_SECRET_0"
                                       : "SERVER_TRAFFIC_SECRET_0";
    SSL_CTX_set_keylog_callback(leg->context, take_down);
    /* Then a server's first record is the test's own. */
    if (SSL_CTX_set_ciphersuites(leg->context, "TLS_AES_128_GCM_SHA256") <= 0 ||
        SSL_CTX_set_num_tickets(leg->context, 0) <= 0)
        abort();
}

/* spec: [RFC8446] 7.1 HKDF-Expand-Label, of no more than one hash */
static void expand(uint8_t *out, size_t len, const char *label)
{
    uint8_t info[64], hash[32];
    unsigned hash_len = sizeof hash;
    const int label_len = (int)strlen(label) + 6;
    const int info_len = snprintf((char *)info, sizeof info, "%c%c%ctls13 %s%c%c", 0,
                                  (int)len, label_len, label, 0, 1);

    if (!HMAC(EVP_sha256(), secret, sizeof secret, info, (size_t)info_len, hash,
              &hash_len))
        abort();
    memcpy(out, hash, len);
}

static void seal(uint8_t *out, size_t len, const uint8_t header[static HEADER],
                 uint64_t number)
{
    uint8_t key[16], iv[12];
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    int got = 0;

    expand(key, sizeof key, "key");
    expand(iv, sizeof iv, "iv");
    for (int i = 0; i < 8; i++)
        iv[11 - i] ^= (uint8_t)(number >> (8 * i));
    if (!cipher || EVP_EncryptInit_ex(cipher, EVP_aes_128_gcm(), NULL, key, iv) <= 0 ||
        EVP_EncryptUpdate(cipher, NULL, &got, header, HEADER) <= 0 ||
        EVP_EncryptUpdate(cipher, out, &got, out, (int)len) <= 0 ||
        EVP_EncryptFinal_ex(cipher, out + len, &got) <= 0 ||
        EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_GET_TAG, TAG, out + len) <= 0)
        abort();
    EVP_CIPHER_CTX_free(cipher);
}

void record_send_handshake(struct leg *leg, struct troth_span message)
{
    uint8_t record[1024];
    const size_t len = message.len + 1;
    const uint8_t header[HEADER] = {APPLICATION_DATA, 3, 3, (uint8_t)((len + TAG) >> 8),
                                    (uint8_t)(len + TAG)};

    if (HEADER + len + TAG > sizeof record)
        abort();
    memcpy(record, header, HEADER);
    memcpy(record + HEADER, message.ptr, message.len);
    record[HEADER + message.len] = HANDSHAKE;
    seal(record + HEADER, len, header, leg->records);
    CHECK(write(leg->descriptor, record, HEADER + len + TAG) ==
          (ssize_t)(HEADER + len + TAG));
}
