/* SPDX-License-Identifier: Apache-2.0 */
#include "image/eif_metadata.h"

#include "base/instant.h"
#include "codec/json_writer.h"

enum { TIME_SIZE = 20 }; /* "2026-05-01T00:00:00Z" */

static void write_member(struct troth_json_writer *w, const char *key,
                         struct troth_span value)
{
    troth_json_write_key(w, key);
    troth_json_write_string(w, value);
}

static void write_empty(struct troth_json_writer *w, const char *key)
{
    troth_json_write_key(w, key);
    troth_json_begin_object(w);
    troth_json_end_object(w);
}

static void write_build(struct troth_json_writer *w,
                        const struct troth_eif_metadata *metadata)
{
    uint8_t text[TIME_SIZE];
    struct troth_writer built = troth_writer_over(text, sizeof text);

    troth_write_rfc3339(&built, metadata->built_s);
    troth_json_write_key(w, "BuildMetadata");
    troth_json_begin_object(w);
    write_member(w, "BuildTime", troth_writer_span(&built));
    write_member(w, "BuildTool", TROTH_LITERAL("troth"));
    write_member(w, "BuildToolVersion", metadata->tool_version);
    write_member(w, "OperatingSystem", metadata->operating_system);
    write_member(w, "KernelVersion", metadata->kernel_version);
    troth_json_end_object(w);
}

/* The keys are those that `nitro-cli describe-eif` wants, in the order of its structs. */
void troth_eif_metadata_write(struct troth_writer *out,
                              const struct troth_eif_metadata *metadata)
{
    struct troth_json_writer w = troth_json_writer_over(out, false);

    troth_json_begin_object(&w);
    write_member(&w, "ImageName", metadata->name);
    write_member(&w, "ImageVersion", metadata->version);
    write_build(&w, metadata);
    write_empty(&w, "DockerInfo");
    write_empty(&w, "CustomMetadata");
    troth_json_end_object(&w);
}
