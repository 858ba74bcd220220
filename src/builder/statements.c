/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/statements.h"

#include "base/base64.h"
#include "base/instant.h"
#include "base/span.h"
#include "builder/statement_text.h"
#include "troth/version.h"

/* A link's target is no longer. */
#define CONTENT_ROOM ((TROTH_ENTRY_LINK_MAX + 2) / 3 * 4 + 4)

static const char *const kind_names[] = {
#define X(name, text, foreign) text,
    TROTH_INPUT_KINDS(X)
#undef X
};

static void write_instant(struct troth_json_writer *w, const char *key, int64_t time_s)
{
    uint8_t text[64];
    struct troth_writer instant = troth_writer_over(text, sizeof text);

    troth_write_rfc3339(&instant, time_s);
    troth_json_write_key(w, key);
    troth_json_write_string(w, troth_writer_span(&instant));
}

/* ---- measurements ---- */

static void write_kind(struct troth_json_writer *w, const char *key,
                       const struct troth_measurements *measurements)
{
    if (measurements->count == 0)
        return;
    troth_json_write_key(w, key);
    troth_json_begin_object(w);
    for (size_t i = 0; i < measurements->count; i++) {
        const struct troth_measurement *row = &measurements->rows[i];

        troth_json_write_key(w, row->claim);
        if (row->len > 0)
            troth_json_write_hex(w, (struct troth_span){row->value, row->len});
        else
            troth_json_write_null(w);
    }
    troth_json_end_object(w);
}

static void write_measurements(struct troth_json_writer *w,
                               const struct troth_statement *statement)
{
    const struct troth_build_result *result = statement->result;
    const struct troth_image_facts *facts = &result->image.facts;

    troth_json_begin_object(w);
    troth_statement_put_text(w, "name", statement->file->name);
    troth_statement_put_text(w, "version", statement->file->version);
    troth_json_write_key(w, "image");
    troth_json_begin_object(w);
    troth_statement_put_image(w, "file", statement);
    troth_statement_put_hex(w, "sha256",
                            (struct troth_span){facts->sha256, sizeof facts->sha256});
    troth_json_write_key(w, "size");
    troth_json_write_uint(w, facts->eif.size);
    troth_json_end_object(w);
    troth_json_write_key(w, "measurements");
    troth_json_begin_object(w);
    write_kind(w, "nitro", &result->nitro);
    write_kind(w, "snp", &result->snp);
    write_kind(w, "tdx", &result->tdx);
    troth_json_end_object(w);
    troth_json_end_object(w);
}

bool troth_statement_measurements(uint8_t **out, size_t *out_len,
                                  const struct troth_build_result *result)
{
    const struct troth_statement statement = {result->file, result};

    return troth_statement_render(out, out_len, write_measurements, &statement);
}

/* ---- provenance ---- */

static void write_digest(struct troth_json_writer *w, const uint8_t sha256[static 32])
{
    troth_json_write_key(w, "digest");
    troth_json_begin_object(w);
    troth_statement_put_hex(w, "sha256", (struct troth_span){sha256, 32});
    troth_json_end_object(w);
}

/* A link has no digest: where it leads is all there is. An empty folder has not even
 * that.
 */
static void write_content(struct troth_json_writer *w, const char *target)
{
    uint8_t text[CONTENT_ROOM];
    struct troth_writer content = troth_writer_over(text, sizeof text);

    troth_base64_write(&content, troth_span_of_text(target), TROTH_BASE64);
    troth_json_write_key(w, "content");
    troth_json_write_string(w, troth_writer_span(&content));
}

static void write_dependency(struct troth_json_writer *w, const struct troth_input *input)
{
    troth_json_begin_object(w);
    if (input->kind == TROTH_INPUT_PACKAGE)
        troth_statement_put_purl(w, "uri", input);
    if (input->target || input->kind == TROTH_INPUT_FOLDER)
        write_content(w, input->target ? input->target : "");
    else
        write_digest(w, input->sha256);
    troth_statement_put_text(w, "name", input->name);
    troth_json_write_key(w, "annotations");
    troth_json_begin_object(w);
    troth_statement_put_text(w, "kind", kind_names[input->kind]);
    if (input->use)
        troth_statement_put_text(w, "use", input->use);
    troth_json_end_object(w);
    troth_json_end_object(w);
}

static const char *name_of_build_file(const struct troth_inputs_list *inputs)
{
    for (size_t i = 0; i < inputs->count; i++)
        if (inputs->rows[i].kind == TROTH_INPUT_BUILD_FILE)
            return inputs->rows[i].name;
    return "";
}

static void write_definition(struct troth_json_writer *w,
                             const struct troth_statement *statement)
{
    const struct troth_build_file *file = statement->file;
    const struct troth_inputs_list *inputs = &statement->result->inputs;

    troth_json_begin_object(w);
    troth_statement_put_text(w, "buildType", TROTH_STATEMENT_BASE "/build/v1");
    troth_json_write_key(w, "externalParameters");
    troth_json_begin_object(w);
    troth_statement_put_text(w, "buildFile", name_of_build_file(inputs));
    troth_statement_put_text(w, "name", file->name);
    troth_statement_put_text(w, "version", file->version);
    troth_statement_put_text(w, "architecture", file->aarch64 ? "aarch64" : "x86_64");
    troth_json_end_object(w);
    troth_json_write_key(w, "internalParameters");
    troth_json_begin_object(w);
    write_instant(w, "time", file->time_s);
    troth_json_end_object(w);
    troth_json_write_key(w, "resolvedDependencies");
    troth_json_begin_array(w);
    for (size_t i = 0; i < inputs->count; i++)
        write_dependency(w, &inputs->rows[i]);
    troth_json_end_array(w);
    troth_json_end_object(w);
}

/* Who ran it, when and as which run is nothing that two builds have in common. */
static void write_run(struct troth_json_writer *w)
{
    troth_json_begin_object(w);
    troth_json_write_key(w, "builder");
    troth_json_begin_object(w);
    troth_statement_put_text(w, "id", TROTH_STATEMENT_BASE "/troth-build");
    troth_json_write_key(w, "version");
    troth_json_begin_object(w);
    troth_statement_put_text(w, "troth", troth_version());
    troth_json_end_object(w);
    troth_json_end_object(w);
    troth_json_write_key(w, "metadata");
    troth_json_begin_object(w);
    troth_json_end_object(w);
    troth_json_end_object(w);
}

static void write_provenance(struct troth_json_writer *w,
                             const struct troth_statement *statement)
{
    troth_json_begin_object(w);
    troth_statement_put_text(w, "_type", "https://in-toto.io/Statement/v1");
    troth_json_write_key(w, "subject");
    troth_json_begin_array(w);
    troth_json_begin_object(w);
    troth_statement_put_image(w, "name", statement);
    write_digest(w, statement->result->image.facts.sha256);
    troth_json_end_object(w);
    troth_json_end_array(w);
    troth_statement_put_text(w, "predicateType", "https://slsa.dev/provenance/v1");
    troth_json_write_key(w, "predicate");
    troth_json_begin_object(w);
    troth_json_write_key(w, "buildDefinition");
    write_definition(w, statement);
    troth_json_write_key(w, "runDetails");
    write_run(w);
    troth_json_end_object(w);
    troth_json_end_object(w);
}

bool troth_statement_provenance(uint8_t **out, size_t *out_len,
                                const struct troth_build_file *build_file,
                                const struct troth_build_result *result)
{
    const struct troth_statement statement = {build_file, result};

    return troth_statement_render(out, out_len, write_provenance, &statement);
}
