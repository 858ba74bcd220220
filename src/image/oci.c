/* SPDX-License-Identifier: Apache-2.0 */
#include "image/oci.h"

#include "base/memory.h"
#include "base/span.h"
#include "image/oci_blob.h"

static const char *const manifests[] = {
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json", NULL};
static const char *const configs[] = {"application/vnd.oci.image.config.v1+json",
                                      "application/vnd.docker.container.image.v1+json",
                                      NULL};

static const struct {
    const char *media_type;
    enum troth_oci_packing packing;
} layers[] = {
    {"application/vnd.oci.image.layer.v1.tar", TROTH_OCI_PLAIN},
    {"application/vnd.oci.image.layer.v1.tar+gzip", TROTH_OCI_GZIP},
    {"application/vnd.oci.image.layer.v1.tar+zstd", TROTH_OCI_ZSTD},
    {"application/vnd.docker.image.rootfs.diff.tar", TROTH_OCI_PLAIN},
    {"application/vnd.docker.image.rootfs.diff.tar.gzip", TROTH_OCI_GZIP},
};

enum troth_err troth_oci_layout_check(struct troth_fault *fault, struct troth_span text,
                                      struct troth_arena *arena)
{
    struct troth_json r;
    struct troth_span key;
    bool has_version = false;

    (void)arena;
    troth_json_init(&r, text);
    troth_json_enter_object(&r, "oci.layout");
    while (troth_json_member(&r, &key, "oci.layout")) {
        if (!troth_json_text_is(key, "imageLayoutVersion")) {
            (void)troth_json_skip(&r, "oci.layout");
            continue;
        }
        has_version = true;
        troth_json_expect(
            &r,
            troth_json_text_is(troth_json_string(&r, "oci.imageLayoutVersion"), "1.0.0"),
            TROTH_ERR_UNSUPPORTED, "oci.imageLayoutVersion");
    }
    troth_json_leave(&r, "oci.layout");
    troth_json_expect(&r, has_version, TROTH_ERR_MISSING, "oci.imageLayoutVersion");
    return troth_json_finish(&r, fault);
}

static bool find_packing(enum troth_oci_packing *out, struct troth_span media_type)
{
    for (size_t i = 0; i < sizeof(layers) / sizeof(layers[0]); i++)
        if (troth_json_text_is(media_type, layers[i].media_type)) {
            *out = layers[i].packing;
            return true;
        }
    return false;
}

static void read_layers(struct troth_json *r, struct troth_oci_manifest *out)
{
    troth_json_enter_array(r, "oci.layers");
    while (troth_json_more(r)) {
        struct troth_oci_descriptor row;

        troth_oci_descriptor_read(r, &row);
        troth_json_expect(r, find_packing(&row.blob.packing, row.media_type),
                          TROTH_ERR_UNSUPPORTED, "oci.layers.mediaType");
        troth_json_expect(r, out->count < TROTH_OCI_LAYERS_MAX, TROTH_ERR_LIMIT,
                          "oci.layers");
        if (!r->c.fault.err)
            out->layers[out->count++] = row.blob;
    }
    troth_json_leave(r, "oci.layers");
}

static void read_config_row(struct troth_json *r, struct troth_oci_manifest *out)
{
    struct troth_oci_descriptor row;

    troth_oci_descriptor_read(r, &row);
    troth_json_expect(r, troth_oci_media_is(row.media_type, configs),
                      TROTH_ERR_UNSUPPORTED, "oci.config.mediaType");
    out->config = row.blob;
}

/* What a manifest must have. */
struct manifest_seen {
    bool schema, config, layers;
};

static void read_manifest_member(struct troth_json *r, struct troth_oci_manifest *out,
                                 struct manifest_seen *seen, struct troth_span key)
{
    if (troth_json_text_is(key, "schemaVersion")) {
        troth_oci_schema_read(r);
        seen->schema = true;
    } else if (troth_json_text_is(key, "mediaType")) {
        troth_json_expect(
            r, troth_oci_media_is(troth_json_string(r, "oci.mediaType"), manifests),
            TROTH_ERR_UNSUPPORTED, "oci.mediaType");
    } else if (troth_json_text_is(key, "config")) {
        read_config_row(r, out);
        seen->config = true;
    } else if (troth_json_text_is(key, "layers")) {
        read_layers(r, out);
        seen->layers = true;
    } else {
        (void)troth_json_skip(r, "oci.manifest");
    }
}

enum troth_err troth_oci_manifest_read(struct troth_oci_manifest *out,
                                       struct troth_fault *fault, struct troth_span text,
                                       struct troth_arena *arena)
{
    struct manifest_seen seen = {.schema = false};
    struct troth_json r;
    struct troth_span key;

    (void)arena;
    memset(out, 0, sizeof(*out));
    troth_json_init(&r, text);
    troth_json_enter_object(&r, "oci.manifest");
    while (troth_json_member(&r, &key, "oci.manifest"))
        read_manifest_member(&r, out, &seen, key);
    troth_json_leave(&r, "oci.manifest");
    troth_json_expect(&r, seen.schema, TROTH_ERR_MISSING, "oci.schemaVersion");
    troth_json_expect(&r, seen.config, TROTH_ERR_MISSING, "oci.config");
    troth_json_expect(&r, seen.layers, TROTH_ERR_MISSING, "oci.layers");

    const enum troth_err err = troth_json_finish(&r, fault);

    if (err)
        memset(out, 0, sizeof(*out));
    return err;
}
