/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/statements.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "test/harness.h"

static struct troth_build_file asked = {.name = "hello", .version = "1"};

static struct troth_input inputs[] = {
    {.kind = TROTH_INPUT_BUILD_FILE, .name = "build.yaml", .sha256 = {1}, .size = 3},
    {.kind = TROTH_INPUT_FILE, .name = "files/a\"b", .mode = 0644, .sha256 = {2}},
    {.kind = TROTH_INPUT_FILE, .name = "src/hello.c", .mode = 0644, .sha256 = {3}},
    {.kind = TROTH_INPUT_LINK, .name = "files/link", .target = "hello"},
    {.kind = TROTH_INPUT_FOLDER, .name = "files/empty"},
    {.kind = TROTH_INPUT_FIRMWARE, .name = "OVMF.fd", .sha256 = {4}},
    {.kind = TROTH_INPUT_KERNEL, .name = "vmlinuz", .sha256 = {5}},
    {.kind = TROTH_INPUT_PACKAGE,
     .name = "g++-12",
     .version = "1:12.2~rc1+b1",
     .architecture = "amd64",
     .use = "compile",
     .sha256 = {6}},
    {.kind = TROTH_INPUT_PACKAGE,
     .name = "g++-12",
     .version = "1:12.2~rc1+b1",
     .architecture = "amd64",
     .use = "rootfs.0",
     .sha256 = {6}},
    {.kind = TROTH_INPUT_RUNTIME, .name = "troth-init", .sha256 = {7}},
};

static void make_result(struct troth_build_result *out)
{
    static const uint8_t value[48] = {0xab};

    memset(out, 0, sizeof *out);
    asked.compile.source = "src";
    out->file = &asked;
    out->inputs = (struct troth_inputs_list){inputs, COUNT(inputs), COUNT(inputs)};
    out->image.facts.sha256[0] = 0xee;
    out->image.facts.eif.size = 4321;
    troth_measurements_add(&out->nitro, "nitro.pcr0",
                           (struct troth_span){value, sizeof value}, "all");
    troth_measurements_add(&out->tdx, "tdx.rtmr0", (struct troth_span){NULL, 0}, "why");
}

static json_t *parse(uint8_t *text, size_t len)
{
    json_t *root = json_loadb((const char *)text, len, JSON_REJECT_DUPLICATES, NULL);

    CHECK(root != NULL);
    CHECK(len > 0 && text[len - 1] == '\n');
    free(text);
    return root;
}

static const char *text_at(json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "(none)";
}

static json_t *find(json_t *rows, const char *key, const char *value)
{
    json_t *row;
    size_t i;

    json_array_foreach(rows, i,
                       row) if (strcmp(text_at(row, key), value) == 0) return row;
    return NULL;
}

static void test_measurements(const struct troth_build_result *result)
{
    uint8_t *text;
    size_t len;
    json_t *root, *all;

    test_case("measurements by family and claim; what nobody can compute is null");
    CHECK(troth_statement_measurements(&text, &len, result));
    root = parse(text, len);
    all = json_object_get(root, "measurements");
    CHECK(strncmp(text_at(json_object_get(all, "nitro"), "nitro.pcr0"), "ab00", 4) == 0);
    CHECK(json_is_null(json_object_get(json_object_get(all, "tdx"), "tdx.rtmr0")));
    CHECK(!json_object_get(all, "snp"));
    CHECK_TEXT(text_at(json_object_get(root, "image"), "file"), "hello.eif");
    json_decref(root);
}

static void test_provenance(const struct troth_build_result *result)
{
    uint8_t *text;
    size_t len;
    json_t *root, *rows, *row;

    CHECK(troth_statement_provenance(&text, &len, &asked, result));
    root = parse(text, len);
    rows = json_object_get(
        json_object_get(json_object_get(root, "predicate"), "buildDefinition"),
        "resolvedDependencies");
    test_case("every input is a dependency, with its digest or what a link says");
    CHECK_INT(json_array_size(rows), COUNT(inputs));
    row = find(rows, "name", "files/a\"b");
    CHECK(strncmp(text_at(json_object_get(row, "digest"), "sha256"), "02", 2) == 0);
    row = find(rows, "name", "files/link");
    CHECK(!json_object_get(row, "digest"));
    CHECK_TEXT(text_at(row, "content"), "aGVsbG8=");

    test_case("a package's URL has what needs it escaped");
    row = find(rows, "name", "g++-12");
    CHECK_TEXT(text_at(row, "uri"),
               "pkg:deb/debian/g%2B%2B-12@1%3A12.2~rc1%2Bb1?arch=amd64");
    json_decref(root);
}

static bool relates(json_t *rows, const char *from, const char *how, const char *to)
{
    json_t *row;
    size_t i;

    json_array_foreach(rows, i,
                       row) if (strcmp(text_at(row, "spdxElementId"), from) == 0 &&
                                strcmp(text_at(row, "relationshipType"), how) == 0 &&
                                strcmp(text_at(row, "relatedSpdxElement"), to) ==
                                    0) return true;
    return false;
}

static void test_sbom(const struct troth_build_result *result)
{
    static const struct {
        const char *why, *from, *how, *to;
    } relations[] = {
        {"the document is of the image", "SPDXRef-DOCUMENT", "DESCRIBES",
         "SPDXRef-Image"},
        {"a file is in it", "SPDXRef-Image", "CONTAINS", "SPDXRef-Input-1"},
        {"it was made of a source", "SPDXRef-Image", "GENERATED_FROM", "SPDXRef-Input-2"},
        {"a compiler is needed", "SPDXRef-Input-7", "BUILD_DEPENDENCY_OF",
         "SPDXRef-Image"},
        {"the same package is in it, and is one", "SPDXRef-Image", "CONTAINS",
         "SPDXRef-Input-7"},
    };
    uint8_t *text, *again;
    size_t len, again_len;
    json_t *root, *packages;

    CHECK(troth_statement_sbom(&text, &len, &asked, result));
    CHECK(troth_statement_sbom(&again, &again_len, &asked, result));
    test_case("twice the same");
    CHECK_SPAN(((struct troth_span){text, len}), ((struct troth_span){again, again_len}));
    free(again);
    root = parse(text, len);
    packages = json_object_get(root, "packages");
    for (size_t i = 0; i < COUNT(relations); i++) {
        test_case("%s", relations[i].why);
        CHECK(relates(json_object_get(root, "relationships"), relations[i].from,
                      relations[i].how, relations[i].to));
    }
    test_case("what only measures is no part of it, and nothing is there twice");
    CHECK(!find(packages, "name", "OVMF.fd"));
    CHECK(!find(packages, "SPDXID", "SPDXRef-Input-8"));
    CHECK_INT(json_array_size(packages), 8);
    json_decref(root);
}

int main(void)
{
    struct troth_build_result result;

    make_result(&result);
    test_measurements(&result);
    test_provenance(&result);
    test_sbom(&result);
    return test_finish();
}
