/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/memory.h"
#include "codec/cbor_writer.h"
#include "codec/cose.h"
#include "image/eif_signature.h"

enum { PAYLOAD_MAX = 160, PREIMAGE_MAX = 256 }; /* at most 2 bytes a number */

static const struct troth_span no_bytes = {NULL, 0};

/* The protected header {1: number of the algorithm}; empty for one that we do not write.
 */
static struct troth_span header_of(enum troth_signature_algorithm algorithm)
{
    if (algorithm == TROTH_ECDSA_P256_SHA256)
        return TROTH_LITERAL("\xa1\x01\x26");
    if (algorithm == TROTH_ECDSA_P384_SHA384)
        return TROTH_LITERAL("\xa1\x01\x38\x22");
    return no_bytes;
}

static void write_numbers(struct troth_writer *w, struct troth_span bytes)
{
    troth_cbor_begin_array(w, bytes.len);
    for (size_t i = 0; i < bytes.len; i++)
        troth_cbor_write_uint(w, bytes.ptr[i]);
}

static void write_payload(struct troth_writer *w,
                          const uint8_t pcr0[static TROTH_PCR_SIZE])
{
    troth_cbor_begin_map(w, 2);
    troth_cbor_write_text(w, "register_index");
    troth_cbor_write_uint(w, 0);
    troth_cbor_write_text(w, "register_value");
    write_numbers(w, (struct troth_span){pcr0, TROTH_PCR_SIZE});
}

static void write_message(struct troth_writer *w, struct troth_span header,
                          struct troth_span payload, struct troth_span signature)
{
    troth_cbor_begin_array(w, 4);
    troth_cbor_write_bytes(w, header);
    troth_cbor_begin_map(w, 0);
    troth_cbor_write_bytes(w, payload);
    troth_cbor_write_bytes(w, signature);
}

static void write_section(struct troth_writer *w, struct troth_span certificate_pem,
                          struct troth_span message)
{
    troth_cbor_begin_array(w, 1);
    troth_cbor_begin_map(w, 2);
    troth_cbor_write_text(w, "signing_certificate");
    write_numbers(w, certificate_pem);
    troth_cbor_write_text(w, "signature");
    write_numbers(w, message);
}

enum troth_err troth_eif_signature_preimage(struct troth_span *out,
                                            struct troth_arena *arena,
                                            enum troth_signature_algorithm algorithm,
                                            const uint8_t pcr0[static TROTH_PCR_SIZE])
{
    const struct troth_span header = header_of(algorithm);
    uint8_t *bytes = troth_arena_take(arena, PREIMAGE_MAX);
    uint8_t room[PAYLOAD_MAX];
    struct troth_writer payload = troth_writer_over(room, sizeof room);
    struct troth_cose_heads heads;

    *out = no_bytes;
    if (header.len == 0)
        return TROTH_ERR_ALGORITHM;
    if (!bytes)
        return TROTH_ERR_MEMORY;
    write_payload(&payload, pcr0);

    const struct troth_cose_sign1 message = {.protected_raw = header,
                                             .protected_count = 1,
                                             .payload = troth_writer_span(&payload)};
    const struct troth_cose_signed pieces = troth_cose_sign1_signed(&message, no_bytes,
                                                                    &heads);
    struct troth_writer w = troth_writer_over(bytes, PREIMAGE_MAX);

    for (size_t i = 0; i < pieces.count; i++)
        troth_write_bytes(&w, pieces.parts[i]);
    return troth_writer_finish(&w, out);
}

enum troth_err troth_eif_signature_write(struct troth_span *out,
                                         struct troth_arena *arena,
                                         enum troth_signature_algorithm algorithm,
                                         const uint8_t pcr0[static TROTH_PCR_SIZE],
                                         struct troth_span certificate_pem,
                                         struct troth_span signature)
{
    const struct troth_span header = header_of(algorithm);
    uint8_t *bytes = troth_arena_take_unset(arena, TROTH_EIF_SIGNATURE_MAX, 1);
    uint8_t payload_room[PAYLOAD_MAX], message_room[2 * PAYLOAD_MAX];
    struct troth_writer payload = troth_writer_over(payload_room, sizeof payload_room);
    struct troth_writer message = troth_writer_over(message_room, sizeof message_room);

    *out = no_bytes;
    if (header.len == 0)
        return TROTH_ERR_ALGORITHM;
    if (!bytes)
        return TROTH_ERR_MEMORY;
    write_payload(&payload, pcr0);
    write_message(&message, header, troth_writer_span(&payload), signature);
    if (message.full)
        return TROTH_ERR_LIMIT;

    struct troth_writer w = troth_writer_over(bytes, TROTH_EIF_SIGNATURE_MAX);

    write_section(&w, certificate_pem, troth_writer_span(&message));
    arena->used -= TROTH_EIF_SIGNATURE_MAX - w.len;
    return troth_writer_finish(&w, out);
}
