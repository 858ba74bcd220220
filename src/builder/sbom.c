/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/statements.h"

#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "base/span.h"
#include "builder/statement_text.h"
#include "troth/version.h"

#define NOBODY_SAYS  "NOASSERTION"
#define IMAGE_ID     "SPDXRef-Image"
#define DOCUMENT_ID  "SPDXRef-DOCUMENT"
#define INPUT_ID_FMT "SPDXRef-Input-%zu"

/* How each kind of input is called, and what the image has to do with it. Everything is
 * a package there: a file would need a SHA-1 ([SPDX23] 8.4). */
struct kind {
    const char *purpose;
    const char *relation; /* of the image to it; NULL: it is no part of the image */
};

static const struct kind kinds[TROTH_INPUT_KINDS_COUNT] = {
    [TROTH_INPUT_BUILD_FILE] = {"SOURCE", "GENERATED_FROM"},
    [TROTH_INPUT_FILE] = {"FILE", "CONTAINS"},
    [TROTH_INPUT_LINK] = {"FILE", "CONTAINS"},
    [TROTH_INPUT_FOLDER] = {"FILE", NULL},
    [TROTH_INPUT_FIRMWARE] = {"FIRMWARE", NULL},
    [TROTH_INPUT_KERNEL] = {"OPERATING_SYSTEM", "CONTAINS"},
    [TROTH_INPUT_MODULE] = {"OPERATING_SYSTEM", "CONTAINS"},
    [TROTH_INPUT_OCI] = {"CONTAINER", "CONTAINS"},
    [TROTH_INPUT_PACKAGE] = {"INSTALL", "CONTAINS"},
    [TROTH_INPUT_RUNTIME] = {"APPLICATION", "CONTAINS"},
};

static bool is_below(const char *name, const char *folder)
{
    const size_t len = folder ? strlen(folder) : 0;

    return len > 0 && strncmp(name, folder, len) == 0 && name[len] == '/';
}

/* What a compile step reads does not come into the image as it is. */
static bool is_source(const struct troth_input *input,
                      const struct troth_build_file *file)
{
    return input->kind <= TROTH_INPUT_LINK && is_below(input->name, file->compile.source);
}

static bool is_tool(const struct troth_input *input)
{
    return input->kind == TROTH_INPUT_PACKAGE && input->use &&
           strcmp(input->use, "compile") == 0;
}

/* A package that is used twice stands in two rows, one after the other. */
static bool same_package(const struct troth_input *a, const struct troth_input *b)
{
    return a->kind == TROTH_INPUT_PACKAGE && b->kind == TROTH_INPUT_PACKAGE &&
           strcmp(a->name, b->name) == 0 &&
           troth_span_equal((struct troth_span){a->sha256, sizeof a->sha256},
                            (struct troth_span){b->sha256, sizeof b->sha256});
}

static size_t first_of(const struct troth_inputs_list *inputs, size_t i)
{
    while (i > 0 && same_package(&inputs->rows[i - 1], &inputs->rows[i]))
        i--;
    return i;
}

static void write_checksum(struct troth_json_writer *w, const uint8_t sha256[static 32])
{
    troth_json_write_key(w, "checksums");
    troth_json_begin_array(w);
    troth_json_begin_object(w);
    troth_statement_put_text(w, "algorithm", "SHA256");
    troth_statement_put_hex(w, "checksumValue", (struct troth_span){sha256, 32});
    troth_json_end_object(w);
    troth_json_end_array(w);
}

/* The members that every package has and nobody knows here. */
static void write_unknown(struct troth_json_writer *w)
{
    troth_statement_put_text(w, "downloadLocation", NOBODY_SAYS);
    troth_json_write_key(w, "filesAnalyzed");
    troth_json_write_bool(w, false);
    troth_statement_put_text(w, "licenseConcluded", NOBODY_SAYS);
    troth_statement_put_text(w, "licenseDeclared", NOBODY_SAYS);
    troth_statement_put_text(w, "copyrightText", NOBODY_SAYS);
}

static void write_image(struct troth_json_writer *w,
                        const struct troth_statement *statement)
{
    troth_json_begin_object(w);
    troth_statement_put_text(w, "SPDXID", IMAGE_ID);
    troth_statement_put_image(w, "name", statement);
    troth_statement_put_text(w, "versionInfo", statement->file->version);
    troth_statement_put_image(w, "packageFileName", statement);
    troth_statement_put_text(w, "primaryPackagePurpose", "OPERATING_SYSTEM");
    write_unknown(w);
    write_checksum(w, statement->result->image.facts.sha256);
    troth_json_end_object(w);
}

static void write_purl(struct troth_json_writer *w, const struct troth_input *input)
{
    troth_json_write_key(w, "externalRefs");
    troth_json_begin_array(w);
    troth_json_begin_object(w);
    troth_statement_put_text(w, "referenceCategory", "PACKAGE-MANAGER");
    troth_statement_put_text(w, "referenceType", "purl");
    troth_statement_put_purl(w, "referenceLocator", input);
    troth_json_end_object(w);
    troth_json_end_array(w);
}

static const char *version_of(const struct troth_input *input)
{
    return input->kind == TROTH_INPUT_RUNTIME ? troth_version() : input->version;
}

static void write_input(struct troth_json_writer *w, const struct troth_statement *of,
                        size_t i)
{
    const struct troth_input *input = &of->result->inputs.rows[i];
    const char *purpose = kinds[input->kind].purpose;
    char id[64];

    (void)snprintf(id, sizeof id, INPUT_ID_FMT, i);
    troth_json_begin_object(w);
    troth_statement_put_text(w, "SPDXID", id);
    troth_statement_put_text(w, "name", input->name);
    if (version_of(input))
        troth_statement_put_text(w, "versionInfo", version_of(input));
    troth_statement_put_text(w, "primaryPackagePurpose",
                             is_source(input, of->file) ? "SOURCE" : purpose);
    write_unknown(w);
    /* A link has none, and an OCI manifest's is that of all it names. */
    if (!input->target)
        write_checksum(w, input->sha256);
    if (input->kind == TROTH_INPUT_PACKAGE)
        write_purl(w, input);
    troth_json_end_object(w);
}

static void write_relation(struct troth_json_writer *w, const char *from,
                           const char *relation, const char *to)
{
    troth_json_begin_object(w);
    troth_statement_put_text(w, "spdxElementId", from);
    troth_statement_put_text(w, "relationshipType", relation);
    troth_statement_put_text(w, "relatedSpdxElement", to);
    troth_json_end_object(w);
}

static void relate(struct troth_json_writer *w, const struct troth_statement *of,
                   size_t i)
{
    const struct troth_input *input = &of->result->inputs.rows[i];
    const char *relation = kinds[input->kind].relation;
    char id[64];

    (void)snprintf(id, sizeof id, INPUT_ID_FMT, first_of(&of->result->inputs, i));
    if (is_tool(input))
        write_relation(w, id, "BUILD_DEPENDENCY_OF", IMAGE_ID);
    else if (is_source(input, of->file))
        write_relation(w, IMAGE_ID, "GENERATED_FROM", id);
    else if (relation)
        write_relation(w, IMAGE_ID, relation, id);
}

/* Which document this is: there is but one of this image. [SPDX23] 6.5 */
static void write_namespace(struct troth_json_writer *w, const struct troth_statement *of)
{
    const uint8_t *sha256 = of->result->image.facts.sha256;
    uint8_t text[1024];
    struct troth_writer name = troth_writer_over(text, sizeof text);

    troth_write_text(&name, TROTH_STATEMENT_BASE "/spdx/");
    troth_write_text(&name, of->file->name);
    troth_write_text(&name, "-");
    troth_write_hex(&name, (struct troth_span){sha256, 32});
    troth_json_write_key(w, "documentNamespace");
    troth_json_write_string(w, troth_writer_span(&name));
}

static void write_creation(struct troth_json_writer *w, int64_t time_s)
{
    uint8_t text[64];
    struct troth_writer instant = troth_writer_over(text, sizeof text);
    char tool[64];

    troth_write_rfc3339(&instant, time_s);
    (void)snprintf(tool, sizeof tool, "Tool: troth-%s", troth_version());
    troth_json_write_key(w, "creationInfo");
    troth_json_begin_object(w);
    troth_json_write_key(w, "created");
    troth_json_write_string(w, troth_writer_span(&instant));
    troth_json_write_key(w, "creators");
    troth_json_begin_array(w);
    troth_json_write_text(w, tool);
    troth_json_end_array(w);
    troth_json_end_object(w);
}

static void write_sbom(struct troth_json_writer *w, const struct troth_statement *of)
{
    const struct troth_inputs_list *inputs = &of->result->inputs;

    troth_json_begin_object(w);
    troth_statement_put_text(w, "spdxVersion", "SPDX-2.3");
    troth_statement_put_text(w, "dataLicense", "CC0-1.0");
    troth_statement_put_text(w, "SPDXID", DOCUMENT_ID);
    troth_statement_put_text(w, "name", of->file->name);
    write_namespace(w, of);
    write_creation(w, of->file->time_s);
    troth_json_write_key(w, "packages");
    troth_json_begin_array(w);
    write_image(w, of);
    for (size_t i = 0; i < inputs->count; i++)
        if (kinds[inputs->rows[i].kind].relation && first_of(inputs, i) == i)
            write_input(w, of, i);
    troth_json_end_array(w);
    troth_json_write_key(w, "relationships");
    troth_json_begin_array(w);
    write_relation(w, DOCUMENT_ID, "DESCRIBES", IMAGE_ID);
    for (size_t i = 0; i < inputs->count; i++)
        relate(w, of, i);
    troth_json_end_array(w);
    troth_json_end_object(w);
}

bool troth_statement_sbom(uint8_t **out, size_t *out_len,
                          const struct troth_build_file *build_file,
                          const struct troth_build_result *result)
{
    const struct troth_statement statement = {build_file, result};

    return troth_statement_render(out, out_len, write_sbom, &statement);
}
