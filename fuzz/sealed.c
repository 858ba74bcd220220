/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as sealed values, under a cipher that hides nothing: what is opened is opened
 * again when it is sealed again, and what is refused leaves nothing. */
#include "troth/sealed.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/span.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static enum troth_err digest(void *state, uint8_t *out, enum troth_hash hash,
                             struct troth_parts message)
{
    (void)state;
    (void)message;
    memset(out, 0, troth_hash_size(hash));
    return TROTH_OK;
}

/* NOLINTNEXTLINE(readability-function-size): as many parameters as RFC 5869 has */
static enum troth_err hkdf(void *state, uint8_t *out, size_t out_len,
                           enum troth_hash hash, struct troth_span secret,
                           struct troth_span salt, struct troth_span info)
{
    (void)state;
    (void)hash;
    (void)secret;
    (void)salt;
    (void)info;
    memset(out, 0, out_len);
    return TROTH_OK;
}

static enum troth_err seal(void *state, uint8_t *out, const struct troth_aead_lock *lock,
                           struct troth_span plain)
{
    (void)state;
    (void)lock;
    memmove(out, plain.ptr, plain.len);
    memset(out + plain.len, 0, TROTH_AEAD_TAG_SIZE);
    return TROTH_OK;
}

static enum troth_err open(void *state, uint8_t *out, const struct troth_aead_lock *lock,
                           struct troth_span sealed)
{
    const size_t len = sealed.len - TROTH_AEAD_TAG_SIZE;

    (void)state;
    (void)lock;
    if (!troth_span_is_zero((struct troth_span){sealed.ptr + len, TROTH_AEAD_TAG_SIZE})) {
        memset(out, 0, len);
        return TROTH_ERR_SIGNATURE;
    }
    memmove(out, sealed.ptr, len);
    return TROTH_OK;
}

static const struct troth_crypto_ops ops = {
    .name = "clear", .digest = digest, .hkdf = hkdf, .seal = seal, .open = open};
static const struct troth_crypto crypto = {&ops, NULL};
static const uint8_t key[TROTH_SEAL_KEY_SIZE];

/* The field "a" of a record that commits to nothing but it. */
static enum troth_err open_a(struct troth_record_secret *out, struct troth_fault *fault,
                             struct troth_span sealed, struct troth_arena *arena)
{
    const struct troth_record record = {
        .kind = TROTH_RECORD_POLICY,
        .commitments = {{.name = {(const uint8_t *)"a", 1}}},
        .commitment_count = 1};

    return troth_record_open(out, fault, &record, TROTH_LITERAL("log"),
                             TROTH_LITERAL("a"), sealed, key, &crypto, arena);
}

static void open_again(const struct troth_record_secret *secret)
{
    static uint8_t sealed[TROTH_SEALED_MAX], memory[TROTH_SEALED_MAX];
    static const struct troth_seal_epoch epoch;
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_record_secret again;
    size_t len = 0;

    require(troth_record_seal(sealed, sizeof sealed, &len, &crypto, &epoch, secret, 1) ==
            TROTH_OK);
    require(open_a(&again, NULL, (struct troth_span){sealed, len}, &arena) == TROTH_OK);
    require(troth_span_equal(again.value, secret->value));
    require(memcmp(again.salt, secret->salt, sizeof again.salt) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t memory[TROTH_SEALED_MAX];
    const struct troth_span sealed = {data, size};
    struct troth_arena arena = {memory, sizeof memory, 0};
    uint8_t wrapped[TROTH_SEAL_WRAPPED_SIZE];
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    struct troth_record_secret secret;
    enum troth_err err = troth_record_sealed_wrapped(wrapped, &fault, sealed, &arena);

    require(!err || (fault.err == err && fault.field));
    err = open_a(&secret, &fault, sealed, &arena);
    require(err != TROTH_ERR_MEMORY && err != TROTH_ERR_CRYPTO);
    require(!err || (fault.err == err && fault.field && !secret.value.ptr));
    if (!err)
        open_again(&secret);
    return 0;
}
