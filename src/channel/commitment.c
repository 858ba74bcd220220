/* SPDX-License-Identifier: Apache-2.0 */
#include "channel/commitment.h"

#include "base/cursor.h"
#include "base/memory.h"
#include "base/span.h"

enum { DIGEST_SIZE = 32 };

/* The fields of one binding in its schema's order, and room for those that are not
 * elsewhere. */
struct fields {
    enum troth_binding_domain domain;
    struct troth_span values[TROTH_BINDING_FIELDS_MAX];
    uint8_t epoch[8];
    uint8_t checkpoint[DIGEST_SIZE];
};

static struct fields commitment_fields(const struct troth_commitment *commitment)
{
    return (struct fields){TROTH_BINDING_STRICT,
                           {troth_span_of_text(troth_role_name(commitment->role)),
                            troth_span_of_text(troth_level_name(commitment->level)),
                            {commitment->frames, sizeof commitment->frames},
                            commitment->client_certificate,
                            commitment->server_certificate,
                            {commitment->exporter, sizeof commitment->exporter},
                            commitment->evidence},
                           {0},
                           {0}};
}

/* `out` is in place already, because its values borrow it. */
static enum troth_err fill_key_fields(struct fields *out,
                                      const struct troth_crypto *crypto,
                                      enum troth_role role,
                                      const struct troth_proof *proof)
{
    struct troth_writer epoch = troth_writer_over(out->epoch, sizeof out->epoch);
    struct troth_span checkpoint = {NULL, 0};

    if (proof->checkpoint.len) {
        const enum troth_err err = troth_digest(crypto, out->checkpoint, TROTH_SHA256,
                                                proof->checkpoint);

        if (err)
            return err;
        checkpoint = (struct troth_span){out->checkpoint, sizeof out->checkpoint};
    }
    troth_write_uint_be(&epoch, proof->epoch_s, sizeof out->epoch);
    out->domain = TROTH_BINDING_AIK;
    out->values[0] = proof->key;
    out->values[1] = troth_span_of_text(troth_role_name(role));
    out->values[2] = troth_writer_span(&epoch);
    out->values[3] = proof->nonce;
    out->values[4] = checkpoint;
    return TROTH_OK;
}

static void write_value(struct troth_writer *w, enum troth_binding_type type,
                        struct troth_span value)
{
    struct troth_cursor c = troth_cursor_over(value);

    if (type == TROTH_BINDING_TEXT)
        troth_write_bytes(w, value);
    else if (type == TROTH_BINDING_UINT)
        troth_write_decimal(w, troth_cursor_uint_be(&c, 8, "value"));
    else
        troth_write_hex(w, value);
}

static void write_fields(struct troth_writer *w, const struct fields *fields)
{
    const struct troth_binding_schema *schema = troth_binding_schema(fields->domain);

    troth_write_text(w, schema->domain);
    for (size_t i = 0; i < schema->count; i++) {
        troth_write_text(w, i ? "," : ":");
        troth_write_text(w, schema->fields[i].name);
        troth_write_text(w, "=");
        write_value(w, schema->fields[i].type, fields->values[i]);
    }
}

enum troth_err troth_transcript_add(uint8_t transcript[static 32],
                                    const struct troth_crypto *crypto,
                                    enum troth_role sender, struct troth_span frame)
{
    uint8_t prefix[DIGEST_SIZE + 8 + 1 + 8];
    struct troth_writer w = troth_writer_over(prefix, sizeof prefix);

    troth_write_bytes(&w, (struct troth_span){transcript, DIGEST_SIZE});
    troth_write_uint_be(&w, 1, 8);
    troth_write_u8(&w, (uint8_t)sender);
    troth_write_uint_be(&w, frame.len, 8);

    const struct troth_span spans[] = {troth_writer_span(&w), frame};
    const enum troth_err err = crypto->ops->digest(
        crypto->state, transcript, TROTH_SHA256,
        (struct troth_parts){spans, sizeof spans / sizeof spans[0]});
    if (err)
        memset(transcript, 0, DIGEST_SIZE);
    return err;
}

enum troth_err troth_commitment_compute(uint8_t out[static TROTH_BINDING_SIZE],
                                        const struct troth_crypto *crypto,
                                        const struct troth_commitment *commitment)
{
    const struct fields fields = commitment_fields(commitment);

    return troth_binding_compute(out, NULL, crypto, fields.domain, fields.values);
}

void troth_commitment_write(struct troth_writer *w,
                            const struct troth_commitment *commitment)
{
    const struct fields fields = commitment_fields(commitment);

    write_fields(w, &fields);
}

enum troth_err troth_key_commitment_compute(uint8_t out[static TROTH_BINDING_SIZE],
                                            const struct troth_crypto *crypto,
                                            enum troth_role role,
                                            const struct troth_proof *proof)
{
    struct fields fields = {0};
    const enum troth_err err = fill_key_fields(&fields, crypto, role, proof);

    memset(out, 0, TROTH_BINDING_SIZE);
    if (err)
        return err;
    return troth_binding_compute(out, NULL, crypto, fields.domain, fields.values);
}

enum troth_err troth_key_commitment_write(struct troth_writer *w,
                                          const struct troth_crypto *crypto,
                                          enum troth_role role,
                                          const struct troth_proof *proof)
{
    struct fields fields = {0};
    const enum troth_err err = fill_key_fields(&fields, crypto, role, proof);

    if (!err)
        write_fields(w, &fields);
    return err;
}
