/* SPDX-License-Identifier: Apache-2.0 */
#include "message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "peer.h"
#include "sim/nitro.h"

struct troth_span message_bytes(const cbor_item_t *bytes)
{
    return (struct troth_span){cbor_bytestring_handle(bytes),
                               cbor_bytestring_length(bytes)};
}

static cbor_item_t *load(struct troth_span bytes)
{
    struct cbor_load_result result;
    cbor_item_t *item = cbor_load(bytes.ptr, bytes.len, &result);

    if (item && result.read != bytes.len)
        cbor_decref(&item);
    return item;
}

/* libcbor 0.8 refuses tag 18 as unassigned, so it is taken off here. */
bool message_init(struct message *out, struct troth_span bytes)
{
    const bool is_tagged = bytes.len > 0 && bytes.ptr[0] == 0xd2;

    if (is_tagged)
        bytes = (struct troth_span){bytes.ptr + 1, bytes.len - 1};
    *out = (struct message){.whole = load(bytes), .is_tagged = is_tagged};
    if (!out->whole || !cbor_isa_array(out->whole) || cbor_array_size(out->whole) != 4)
        return false;
    out->parts = cbor_array_handle(out->whole);
    out->payload = load(message_bytes(out->parts[2]));
    return out->payload && cbor_isa_map(out->payload);
}

void message_finish(struct message *message)
{
    if (message->whole)
        cbor_decref(&message->whole);
    if (message->payload)
        cbor_decref(&message->payload);
}

static void put(struct sim_bytes *out, const char *text)
{
    sim_bytes_append(out, sim_text(text));
}

static bool is_zero(struct troth_span bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.ptr[i])
            return false;
    return bytes.len > 0;
}

/* A certificate's length is not exact: it ends in two numbers. */
static void describe_bytes(struct sim_bytes *out, struct troth_span bytes)
{
    char text[48];

    if (bytes.len > 400)
        (void)snprintf(text, sizeof text, "bytes of a certificate");
    else
        (void)snprintf(text, sizeof text, "bytes %zu%s", bytes.len,
                       is_zero(bytes) ? " zero" : "");
    put(out, text);
}

static void describe_scalar(struct sim_bytes *out, const cbor_item_t *item)
{
    char text[48];

    if (cbor_isa_bytestring(item)) {
        describe_bytes(out, message_bytes(item));
        return;
    }
    if (cbor_isa_string(item))
        (void)snprintf(text, sizeof text, "text %zu", cbor_string_length(item));
    else if (cbor_isa_uint(item))
        (void)snprintf(text, sizeof text, "number of %d bytes",
                       1 << (int)cbor_int_get_width(item));
    else if (cbor_is_null(item))
        (void)snprintf(text, sizeof text, "null");
    else
        (void)snprintf(text, sizeof text, "type %d", (int)cbor_typeof(item));
    put(out, text);
}

static void describe_value(struct sim_bytes *out, const cbor_item_t *item)
{
    char text[48];

    if (cbor_isa_array(item)) {
        put(out, cbor_array_is_definite(item) ? "array" : "array*");
        for (size_t i = 0; i < cbor_array_size(item); i++) {
            put(out, ", ");
            describe_scalar(out, cbor_array_handle(item)[i]);
        }
    } else if (cbor_isa_map(item)) {
        put(out, cbor_map_is_definite(item) ? "map" : "map*");
        for (size_t i = 0; i < cbor_map_size(item); i++) {
            (void)snprintf(text, sizeof text, ", %u = ",
                           (unsigned)cbor_get_int(cbor_map_handle(item)[i].key));
            put(out, text);
            describe_scalar(out, cbor_map_handle(item)[i].value);
        }
    } else {
        describe_scalar(out, item);
    }
}

struct sim_bytes message_describe(const struct message *message)
{
    struct sim_bytes out = {0};

    put(&out, message->is_tagged ? "tag 18\n" : "no tag\n");
    put(&out, "protected ");
    describe_scalar(&out, message->parts[0]);
    put(&out, "\nunprotected ");
    describe_value(&out, message->parts[1]);
    put(&out, "\nsignature ");
    describe_scalar(&out, message->parts[3]);
    put(&out,
        cbor_map_is_definite(message->payload) ? "\npayload map\n" : "\npayload map*\n");
    for (size_t i = 0; i < cbor_map_size(message->payload); i++) {
        const struct cbor_pair pair = cbor_map_handle(message->payload)[i];

        sim_bytes_append(&out, (struct troth_span){cbor_string_handle(pair.key),
                                                   cbor_string_length(pair.key)});
        put(&out, ": ");
        describe_value(&out, pair.value);
        put(&out, "\n");
    }
    sim_bytes_append_byte(&out, 0);
    return out;
}

bool message_is_signed_by(const struct message *message, const struct sim_cert *leaf)
{
    const struct troth_span raw = message_bytes(message->parts[3]);
    unsigned char *bytes = NULL;
    size_t capacity = 0;
    struct sim_bytes numbers = {0};
    struct sim_bytes signature = {0};
    cbor_item_t *structure = cbor_new_definite_array(4);
    X509 *cert = peer_cert(sim_cert_mint(leaf));

    bool is_good = cbor_array_push(structure, cbor_move(cbor_build_string("Signature1")));
    is_good = is_good && cbor_array_push(structure, message->parts[0]);
    is_good = is_good &&
              cbor_array_push(structure, cbor_move(cbor_build_bytestring(raw.ptr, 0)));
    is_good = is_good && cbor_array_push(structure, message->parts[2]);
    const size_t len = cbor_serialize_alloc(structure, &bytes, &capacity);
    sim_der_integer(&numbers, (struct troth_span){raw.ptr, raw.len / 2});
    sim_der_integer(&numbers, (struct troth_span){raw.ptr + raw.len / 2, raw.len / 2});
    sim_der_wrap(&signature, SIM_DER_SEQUENCE, numbers);
    is_good = is_good && raw.len == 96 && cert &&
              peer_verifies(cert, (struct troth_span){bytes, len},
                            sim_bytes_span(signature));
    sim_bytes_free(&signature);
    X509_free(cert);
    cbor_decref(&structure);
    free(bytes);
    return is_good;
}

/* The entry of that name, or NULL. */
static const cbor_item_t *entry(const struct message *message, const char *key)
{
    for (size_t i = 0; i < cbor_map_size(message->payload); i++) {
        const struct cbor_pair pair = cbor_map_handle(message->payload)[i];

        if (cbor_string_length(pair.key) == strlen(key) &&
            memcmp(cbor_string_handle(pair.key), key, strlen(key)) == 0)
            return pair.value;
    }
    return NULL;
}

struct troth_span message_cert(const struct message *message, size_t place)
{
    if (place == SIM_NITRO_ENCLAVE)
        return message_bytes(entry(message, "certificate"));
    return message_bytes(cbor_array_handle(entry(message, "cabundle"))[place]);
}
