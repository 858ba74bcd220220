/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "base/span.h"
#include "image/oci_blob.h"

struct config {
    uint8_t (*digests)[32];
    size_t count;
    struct troth_span architecture;
    struct troth_arena *arena;
    bool has_architecture, has_os, has_digests;
};

static void read_digests(struct troth_json *r, struct config *config)
{
    config->has_digests = true;
    troth_json_enter_array(r, "oci.rootfs.diff_ids");
    while (troth_json_more(r)) {
        uint8_t digest[32];

        troth_oci_digest_read(r, digest, "oci.rootfs.diff_ids");
        troth_json_expect(r, config->count < TROTH_OCI_LAYERS_MAX, TROTH_ERR_LIMIT,
                          "oci.rootfs.diff_ids");
        if (!r->c.fault.err)
            memcpy(config->digests[config->count++], digest, sizeof(digest));
    }
    troth_json_leave(r, "oci.rootfs.diff_ids");
}

static void read_rootfs(struct troth_json *r, struct config *config)
{
    struct troth_span key;

    troth_json_enter_object(r, "oci.rootfs");
    while (troth_json_member(r, &key, "oci.rootfs")) {
        if (troth_json_text_is(key, "type"))
            troth_json_expect(
                r, troth_json_text_is(troth_json_string(r, "oci.rootfs.type"), "layers"),
                TROTH_ERR_UNSUPPORTED, "oci.rootfs.type");
        else if (troth_json_text_is(key, "diff_ids"))
            read_digests(r, config);
        else
            (void)troth_json_skip(r, "oci.rootfs");
    }
    troth_json_leave(r, "oci.rootfs");
}

static void check_architecture(struct troth_json *r, struct config *config)
{
    const struct troth_span raw = troth_json_string(r, "oci.architecture");
    struct troth_span text;
    const enum troth_err err = troth_json_unescape(&text, config->arena, raw);

    config->has_architecture = true;
    troth_json_expect(r, !err, err, "oci.architecture");
    troth_json_expect(r, troth_span_equal(text, config->architecture), TROTH_ERR_MISMATCH,
                      "oci.architecture");
}

static void read_member(struct troth_json *r, struct config *config,
                        struct troth_span key)
{
    if (troth_json_text_is(key, "architecture")) {
        check_architecture(r, config);
    } else if (troth_json_text_is(key, "os")) {
        config->has_os = true;
        troth_json_expect(r, troth_json_text_is(troth_json_string(r, "oci.os"), "linux"),
                          TROTH_ERR_MISMATCH, "oci.os");
    } else if (troth_json_text_is(key, "rootfs")) {
        read_rootfs(r, config);
    } else {
        (void)troth_json_skip(r, "oci.config");
    }
}

enum troth_err troth_oci_config_read(uint8_t out[static TROTH_OCI_LAYERS_MAX][32],
                                     size_t *out_count, struct troth_fault *fault,
                                     struct troth_span text,
                                     struct troth_span architecture,
                                     struct troth_arena *arena)
{
    struct config config = {.digests = out, .architecture = architecture, .arena = arena};
    struct troth_json r;
    struct troth_span key;

    memset(out, 0, TROTH_OCI_LAYERS_MAX * sizeof(out[0]));
    troth_json_init(&r, text);
    troth_json_enter_object(&r, "oci.config");
    while (troth_json_member(&r, &key, "oci.config"))
        read_member(&r, &config, key);
    troth_json_leave(&r, "oci.config");
    troth_json_expect(&r, config.has_architecture, TROTH_ERR_MISSING, "oci.architecture");
    troth_json_expect(&r, config.has_os, TROTH_ERR_MISSING, "oci.os");
    troth_json_expect(&r, config.has_digests, TROTH_ERR_MISSING, "oci.rootfs.diff_ids");

    const enum troth_err err = troth_json_finish(&r, fault);

    if (err)
        memset(out, 0, TROTH_OCI_LAYERS_MAX * sizeof(out[0]));
    *out_count = err ? 0 : config.count;
    return err;
}
