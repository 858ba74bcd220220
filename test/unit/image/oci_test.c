/* SPDX-License-Identifier: Apache-2.0 */
#include "image/oci.h"

#include <string.h>

#include "base/span.h"
#include "base/writer.h"
#include "test/harness.h"

#define HEX(digit) digit digit digit digit digit digit digit digit
#define HEX64(d)   HEX(d) HEX(d) HEX(d) HEX(d) HEX(d) HEX(d) HEX(d) HEX(d)
#define OCI        "application/vnd.oci.image."
#define DOCKER     "application/vnd.docker."
#define BLOB(type, d, more)                                                              \
    "{\"mediaType\":\"" type "\",\"digest\":\"sha256:" HEX64(d) "\",\"size\":12" more "}"
#define MANIFEST(d, more) BLOB(OCI "manifest.v1+json", d, more)
#define PLATFORM(system, machine)                                                        \
    ",\"platform\":{\"os\":\"" system "\",\"architecture\":\"" machine "\"}"
#define NAMED(name)                                                                      \
    ",\"annotations\":{\"a\":\"b\",\"org.opencontainers.image.ref.name\":\"" name "\"}"
#define INDEX(rows) "{\"schemaVersion\":2,\"manifests\":[" rows "]}"

static uint8_t memory[TROTH_OCI_ARENA_SIZE];

/* clang-format off */
static const struct {
    const char *why, *text, *reference;
    enum troth_err err;
    const char *field;
    uint8_t digest; /* each of its bytes */
    bool is_index;
} indexes[] = {
    {"one manifest", INDEX(MANIFEST("1", "")), "", TROTH_OK, NULL, 0x11},
    {"one that is said to be an index",
     "{\"mediaType\":\"" OCI "index.v1+json\",\"schemaVersion\":2,\"manifests\":[" MANIFEST("1", "") "]}",
     "", TROTH_OK, NULL, 0x11},
    {"another index", INDEX(BLOB(OCI "index.v1+json", "2", "")), "", TROTH_OK, NULL, 0x22, true},
    {"Docker's list", INDEX(BLOB(DOCKER "distribution.manifest.list.v2+json", "2", "")), "",
     TROTH_OK, NULL, 0x22, true},
    {"Docker's manifest", INDEX(BLOB(DOCKER "distribution.manifest.v2+json", "2", "")), "",
     TROTH_OK, NULL, 0x22},
    {"our machine's", INDEX(MANIFEST("1", PLATFORM("linux", "arm64")) ","
                            MANIFEST("2", PLATFORM("linux", "amd64"))), "", TROTH_OK, NULL, 0x22},
    {"in another spelling", INDEX(MANIFEST("2", PLATFORM("lin\\u0075x", "\\u0061md64"))), "",
     TROTH_OK, NULL, 0x22},
    {"by its name", INDEX(MANIFEST("1", NAMED("a")) "," MANIFEST("2", NAMED("b"))), "b",
     TROTH_OK, NULL, 0x22},
    {"one under two names", INDEX(MANIFEST("1", NAMED("a")) "," MANIFEST("1", NAMED("b"))), "",
     TROTH_OK, NULL, 0x11},
    {"what else is there does not count",
     INDEX(BLOB("text/plain", "1", "") "," MANIFEST("2", "")), "", TROTH_OK, NULL, 0x22},
    {"no such name", INDEX(MANIFEST("1", NAMED("a"))), "b", TROTH_ERR_MISSING, "oci.manifests"},
    {"no name at all", INDEX(MANIFEST("1", "")), "b", TROTH_ERR_MISSING, "oci.manifests"},
    {"another machine", INDEX(MANIFEST("1", PLATFORM("linux", "arm64"))), "", TROTH_ERR_MISSING, "oci.manifests"},
    {"another system", INDEX(MANIFEST("1", PLATFORM("windows", "amd64"))), "", TROTH_ERR_MISSING, "oci.manifests"},
    {"none", INDEX(""), "", TROTH_ERR_MISSING, "oci.manifests"},
    {"several", INDEX(MANIFEST("1", "") "," MANIFEST("2", "")), "", TROTH_ERR_DUPLICATE, "oci.manifests"},
    {"several of one name", INDEX(MANIFEST("1", NAMED("a")) "," MANIFEST("2", NAMED("a"))), "a",
     TROTH_ERR_DUPLICATE, "oci.manifests"},
    {"one, another, and the first again",
     INDEX(MANIFEST("1", "") "," MANIFEST("2", "") "," MANIFEST("2", "")), "", TROTH_ERR_DUPLICATE, "oci.manifests"},
    {"another schema", "{\"schemaVersion\":1,\"manifests\":[" MANIFEST("1", "") "]}", "",
     TROTH_ERR_UNSUPPORTED, "oci.schemaVersion"},
    {"no schema", "{\"manifests\":[" MANIFEST("1", "") "]}", "", TROTH_ERR_MISSING, "oci.schemaVersion"},
    {"no list", "{\"schemaVersion\":2}", "", TROTH_ERR_MISSING, "oci.manifests"},
    {"a manifest for an index", "{\"schemaVersion\":2,\"mediaType\":\"" OCI "manifest.v1+json\",\"manifests\":[]}", "",
     TROTH_ERR_UNSUPPORTED, "oci.mediaType"},
    {"no digest", INDEX("{\"mediaType\":\"x\",\"size\":1}"), "", TROTH_ERR_MISSING, "oci.digest"},
    {"no size", INDEX("{\"mediaType\":\"x\",\"digest\":\"sha256:" HEX64("1") "\"}"), "", TROTH_ERR_MISSING, "oci.size"},
    {"a size below zero", INDEX("{\"digest\":\"sha256:" HEX64("1") "\",\"size\":-1}"), "", TROTH_ERR_VALUE, "oci.size"},
    {"a size beyond all", INDEX("{\"digest\":\"sha256:" HEX64("1") "\",\"size\":9223372036854775808}"), "",
     TROTH_ERR_LIMIT, "oci.size"},
    {"another digest", INDEX("{\"digest\":\"sha512:" HEX64("1") HEX64("1") "\",\"size\":1}"), "",
     TROTH_ERR_UNSUPPORTED, "oci.digest"},
    {"a short digest", INDEX("{\"digest\":\"sha256:" HEX("1") "\",\"size\":1}"), "", TROTH_ERR_VALUE, "oci.digest"},
    {"a digest in capitals", INDEX("{\"digest\":\"sha256:" HEX64("A") "\",\"size\":1}"), "", TROTH_ERR_VALUE, "oci.digest"},
    {"a digest with an escape", INDEX("{\"digest\":\"sha256:\\u0031" HEX64("1") "\",\"size\":1}"), "",
     TROTH_ERR_VALUE, "oci.digest"},
    {"no digest at all", INDEX("{\"digest\":\"" HEX64("1") "\",\"size\":1}"), "", TROTH_ERR_VALUE, "oci.digest"},
    {"a key twice", INDEX("{\"size\":1,\"size\":1}"), "", TROTH_ERR_DUPLICATE, "oci.descriptor"},
    {"no JSON", "hello", "", TROTH_ERR_VALUE, "oci.index"},
    {"nothing", "", "", TROTH_ERR_SHORT, "oci.index"},
    {"a list", "[]", "", TROTH_ERR_TYPE, "oci.index"},
};
/* clang-format on */

static bool is_all(const uint8_t *bytes, uint8_t value)
{
    for (size_t i = 0; i < 32; i++)
        if (bytes[i] != value)
            return false;
    return true;
}

static void test_indexes(void)
{
    for (size_t i = 0; i < COUNT(indexes); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        const struct troth_oci_wanted wanted = {test_text(indexes[i].reference),
                                                test_text("amd64")};
        struct troth_oci_blob blob;
        struct troth_fault fault;
        bool is_index = true;

        test_case("an index: %s", indexes[i].why);
        CHECK_ERR(troth_oci_index_find(&blob, &is_index, &fault,
                                       test_text(indexes[i].text), &wanted, &arena),
                  indexes[i].err);
        CHECK_TEXT(fault.field, indexes[i].field);
        CHECK(is_all(blob.sha256, indexes[i].digest));
        CHECK_INT(blob.size, indexes[i].err ? 0 : 12);
        CHECK_INT(is_index, indexes[i].is_index);
    }
}

#define LAYERS(config, layers)                                                           \
    "{\"schemaVersion\":2,\"config\":" config ",\"layers\":[" layers "]}"
#define CONFIG BLOB(OCI "config.v1+json", "c", "")

/* clang-format off */
static const struct {
    const char *why, *text;
    enum troth_err err;
    const char *field;
    size_t count;
    enum troth_oci_packing last;
} manifests[] = {
    {"no layers", LAYERS(CONFIG, ""), TROTH_OK},
    {"one", LAYERS(CONFIG, BLOB(OCI "layer.v1.tar", "1", "")), TROTH_OK, NULL, 1, TROTH_OCI_PLAIN},
    {"two, one packed", LAYERS(CONFIG, BLOB(OCI "layer.v1.tar", "1", "") "," BLOB(OCI "layer.v1.tar+gzip", "2", "")),
     TROTH_OK, NULL, 2, TROTH_OCI_GZIP},
    {"packed in another way", LAYERS(CONFIG, BLOB(OCI "layer.v1.tar+zstd", "1", "")), TROTH_OK, NULL, 1, TROTH_OCI_ZSTD},
    {"Docker's", "{\"mediaType\":\"" DOCKER "distribution.manifest.v2+json\",\"schemaVersion\":2,\"config\":"
     BLOB(DOCKER "container.image.v1+json", "c", "") ",\"layers\":["
     BLOB(DOCKER "image.rootfs.diff.tar.gzip", "1", "") "]}", TROTH_OK, NULL, 1, TROTH_OCI_GZIP},
    {"layers that lie elsewhere", LAYERS(CONFIG, BLOB(OCI "layer.nondistributable.v1.tar", "1", "")),
     TROTH_ERR_UNSUPPORTED, "oci.layers.mediaType"},
    {"layers of no kind", LAYERS(CONFIG, "{\"digest\":\"sha256:" HEX64("1") "\",\"size\":1}"),
     TROTH_ERR_UNSUPPORTED, "oci.layers.mediaType"},
    {"something else than an image", LAYERS(BLOB("application/vnd.oci.empty.v1+json", "c", ""), ""),
     TROTH_ERR_UNSUPPORTED, "oci.config.mediaType"},
    {"no configuration", "{\"schemaVersion\":2,\"layers\":[]}", TROTH_ERR_MISSING, "oci.config"},
    {"no list of layers", "{\"schemaVersion\":2,\"config\":" CONFIG "}", TROTH_ERR_MISSING, "oci.layers"},
    {"no schema", "{\"config\":" CONFIG ",\"layers\":[]}", TROTH_ERR_MISSING, "oci.schemaVersion"},
    {"an index", "{\"schemaVersion\":2,\"mediaType\":\"" OCI "index.v1+json\"}", TROTH_ERR_UNSUPPORTED, "oci.mediaType"},
    {"more behind it", LAYERS(CONFIG, "") "{}", TROTH_ERR_TRAILING, NULL},
};
/* clang-format on */

static void test_manifests(void)
{
    static struct troth_oci_manifest manifest;

    for (size_t i = 0; i < COUNT(manifests); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        const size_t count = manifests[i].count;
        struct troth_fault fault;

        test_case("a manifest: %s", manifests[i].why);
        CHECK_ERR(troth_oci_manifest_read(&manifest, &fault, test_text(manifests[i].text),
                                          &arena),
                  manifests[i].err);
        CHECK_TEXT(fault.field, manifests[i].field);
        CHECK_INT(manifest.count, count);
        CHECK(is_all(manifest.config.sha256, manifests[i].err ? 0 : 0xcc));
        if (manifest.count == count && count) {
            CHECK(is_all(manifest.layers[0].sha256, 0x11));
            CHECK_INT(manifest.layers[count - 1].packing, manifests[i].last);
        }
    }
}

static void test_many_layers(void)
{
    static struct troth_oci_manifest manifest;
    static char text[200 * 200];
    const char *const layer = BLOB(OCI "layer.v1.tar", "1", "");

    for (size_t count = TROTH_OCI_LAYERS_MAX; count <= TROTH_OCI_LAYERS_MAX + 1;
         count++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);

        struct troth_writer w = troth_writer_over((uint8_t *)text, sizeof(text));

        test_case("%zu layers", count);
        troth_write_text(&w, "{\"schemaVersion\":2,\"config\":" CONFIG ",\"layers\":[");
        for (size_t i = 0; i < count; i++) {
            troth_write_text(&w, i ? "," : "");
            troth_write_text(&w, layer);
        }
        troth_write_text(&w, "]}");
        CHECK_ERR(troth_oci_manifest_read(&manifest, NULL, troth_writer_span(&w), &arena),
                  count > TROTH_OCI_LAYERS_MAX ? TROTH_ERR_LIMIT : TROTH_OK);
    }
}

/* clang-format off */
static const struct {
    const char *why, *text;
    enum troth_err err;
    const char *field;
    size_t count;
} configs[] = {
    {"two layers", "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"Cmd\":null},\"rootfs\":{\"type\":\"layers\","
     "\"diff_ids\":[\"sha256:" HEX64("1") "\",\"sha256:" HEX64("2") "\"]}}", TROTH_OK, NULL, 2},
    {"in another order", "{\"rootfs\":{\"diff_ids\":[],\"type\":\"layers\"},\"os\":\"linux\",\"architecture\":\"amd64\"}",
     TROTH_OK, NULL, 0},
    {"another machine", "{\"architecture\":\"arm64\",\"os\":\"linux\"}", TROTH_ERR_MISMATCH, "oci.architecture"},
    {"another system", "{\"architecture\":\"amd64\",\"os\":\"darwin\"}", TROTH_ERR_MISMATCH, "oci.os"},
    {"no machine", "{\"os\":\"linux\",\"rootfs\":{\"diff_ids\":[]}}", TROTH_ERR_MISSING, "oci.architecture"},
    {"no system", "{\"architecture\":\"amd64\",\"rootfs\":{\"diff_ids\":[]}}", TROTH_ERR_MISSING, "oci.os"},
    {"no layers", "{\"architecture\":\"amd64\",\"os\":\"linux\"}", TROTH_ERR_MISSING, "oci.rootfs.diff_ids"},
    {"layers of another kind", "{\"rootfs\":{\"type\":\"x\"}}", TROTH_ERR_UNSUPPORTED, "oci.rootfs.type"},
    {"another digest", "{\"rootfs\":{\"diff_ids\":[\"sha384:00\"]}}", TROTH_ERR_UNSUPPORTED, "oci.rootfs.diff_ids"},
    {"a number for a digest", "{\"rootfs\":{\"diff_ids\":[1]}}", TROTH_ERR_TYPE, "oci.rootfs.diff_ids"},
};

static const struct {
    const char *why, *text;
    enum troth_err err;
    const char *field;
} layouts[] = {
    {"the version there is", "{\"imageLayoutVersion\": \"1.0.0\"}", TROTH_OK},
    {"and more", "{\"x\":[1],\"imageLayoutVersion\": \"1.0.0\"}", TROTH_OK},
    {"another", "{\"imageLayoutVersion\":\"1.0.1\"}", TROTH_ERR_UNSUPPORTED, "oci.imageLayoutVersion"},
    {"none", "{}", TROTH_ERR_MISSING, "oci.imageLayoutVersion"},
    {"a number", "{\"imageLayoutVersion\":1}", TROTH_ERR_TYPE, "oci.imageLayoutVersion"},
    {"no object", "\"1.0.0\"", TROTH_ERR_TYPE, "oci.layout"},
};
/* clang-format on */

static void test_configs(void)
{
    static uint8_t digests[TROTH_OCI_LAYERS_MAX][32];

    for (size_t i = 0; i < COUNT(configs); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_fault fault;
        size_t count = 99;

        test_case("a configuration: %s", configs[i].why);
        CHECK_ERR(troth_oci_config_read(digests, &count, &fault,
                                        test_text(configs[i].text), test_text("amd64"),
                                        &arena),
                  configs[i].err);
        CHECK_TEXT(fault.field, configs[i].field);
        CHECK_INT(count, configs[i].count);
        CHECK(is_all(digests[0], count ? 0x11 : 0));
        CHECK(is_all(digests[1], count ? 0x22 : 0));
    }
}

static void test_layouts(void)
{
    for (size_t i = 0; i < COUNT(layouts); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_fault fault;

        test_case("a layout: %s", layouts[i].why);
        CHECK_ERR(troth_oci_layout_check(&fault, test_text(layouts[i].text), &arena),
                  layouts[i].err);
        CHECK_TEXT(fault.field, layouts[i].field);
    }
}

int main(void)
{
    test_indexes();
    test_manifests();
    test_many_layers();
    test_configs();
    test_layouts();
    return test_finish();
}
