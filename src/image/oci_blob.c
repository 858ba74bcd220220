/* SPDX-License-Identifier: Apache-2.0 */
#include "image/oci_blob.h"

#include "base/hex.h"
#include "base/memory.h"
#include "base/span.h"

#define REFERENCE "org.opencontainers.image.ref.name"

/* Other algorithms are named "NAME:" as well; [OCI-image] "Digests". */
static bool has_algorithm(struct troth_span digest)
{
    for (size_t i = 0; i < digest.len; i++)
        if (digest.ptr[i] == ':')
            return i > 0;
    return false;
}

static bool is_lower(struct troth_span hex)
{
    for (size_t i = 0; i < hex.len; i++)
        if (hex.ptr[i] >= 'A' && hex.ptr[i] <= 'F')
            return false;
    return true;
}

void troth_oci_digest_read(struct troth_json *r, uint8_t out[static 32],
                           const char *field)
{
    const struct troth_span name = TROTH_LITERAL("sha256:");
    const struct troth_span text = troth_json_string(r, field);
    size_t len = 0;

    memset(out, 0, 32);
    if (!text.ptr)
        return;
    if (!troth_span_starts_with(text, name)) {
        troth_json_expect(r, false,
                          has_algorithm(text) ? TROTH_ERR_UNSUPPORTED : TROTH_ERR_VALUE,
                          field);
        return;
    }

    const struct troth_span hex = troth_span_slice(text, name.len, text.len);

    if (hex.len != 64 || !is_lower(hex) || troth_hex_parse(out, 32, &len, hex))
        troth_json_expect(r, false, TROTH_ERR_VALUE, field);
}

static void read_platform(struct troth_json *r, struct troth_oci_descriptor *out)
{
    struct troth_span key;

    out->has_platform = true;
    troth_json_enter_object(r, "oci.platform");
    while (troth_json_member(r, &key, "oci.platform")) {
        if (troth_json_text_is(key, "architecture"))
            out->architecture = troth_json_string(r, "oci.platform.architecture");
        else if (troth_json_text_is(key, "os"))
            out->os = troth_json_string(r, "oci.platform.os");
        else
            (void)troth_json_skip(r, "oci.platform");
    }
    troth_json_leave(r, "oci.platform");
}

static void read_annotations(struct troth_json *r, struct troth_oci_descriptor *out)
{
    struct troth_span key;

    troth_json_enter_object(r, "oci.annotations");
    while (troth_json_member(r, &key, "oci.annotations")) {
        if (troth_json_text_is(key, REFERENCE)) {
            out->reference = troth_json_string(r, "oci.annotations." REFERENCE);
            out->has_reference = true;
        } else {
            (void)troth_json_skip(r, "oci.annotations");
        }
    }
    troth_json_leave(r, "oci.annotations");
}

static void read_member(struct troth_json *r, struct troth_oci_descriptor *out,
                        struct troth_span key)
{
    if (troth_json_text_is(key, "mediaType")) {
        out->media_type = troth_json_string(r, "oci.mediaType");
    } else if (troth_json_text_is(key, "digest")) {
        troth_oci_digest_read(r, out->blob.sha256, "oci.digest");
        out->has_digest = true;
    } else if (troth_json_text_is(key, "size")) {
        out->blob.size = troth_json_uint(r, "oci.size");
        out->has_size = true;
    } else if (troth_json_text_is(key, "platform") &&
               troth_json_peek(r) != TROTH_JSON_NULL) {
        read_platform(r, out);
    } else if (troth_json_text_is(key, "annotations") &&
               troth_json_peek(r) != TROTH_JSON_NULL) {
        read_annotations(r, out);
    } else {
        (void)troth_json_skip(r, "oci.descriptor");
    }
}

void troth_oci_descriptor_read(struct troth_json *r, struct troth_oci_descriptor *out)
{
    struct troth_span key;

    *out = (struct troth_oci_descriptor){.has_digest = false};
    troth_json_enter_object(r, "oci.descriptor");
    while (troth_json_member(r, &key, "oci.descriptor"))
        read_member(r, out, key);
    troth_json_leave(r, "oci.descriptor");
    troth_json_expect(r, out->has_digest, TROTH_ERR_MISSING, "oci.digest");
    troth_json_expect(r, out->has_size, TROTH_ERR_MISSING, "oci.size");
    troth_json_expect(r, out->blob.size <= INT64_MAX, TROTH_ERR_LIMIT, "oci.size");
}

void troth_oci_schema_read(struct troth_json *r)
{
    troth_json_expect(r, troth_json_uint(r, "oci.schemaVersion") == 2,
                      TROTH_ERR_UNSUPPORTED, "oci.schemaVersion");
}

bool troth_oci_media_is(struct troth_span raw, const char *const *names)
{
    for (; *names; names++)
        if (troth_json_text_is(raw, *names))
            return true;
    return false;
}
