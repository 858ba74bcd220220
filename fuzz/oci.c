/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as each document of an OCI layout: what is refused leaves nothing, and what
 * is read is within its limits. */
#include "image/oci.h"

#include <stdlib.h>
#include <string.h>

#include "base/span.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t memory[TROTH_OCI_ARENA_SIZE];
static const struct troth_span amd64 = {(const uint8_t *)"amd64", 5};

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_fault(enum troth_err err, const struct troth_fault *fault, size_t size)
{
    require(fault->err == err && fault->offset <= size);
}

static void read_index(struct troth_span text, struct troth_span reference)
{
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    static const struct troth_oci_blob nothing;
    struct troth_fault fault;
    struct troth_oci_blob blob;
    bool is_index;
    const struct troth_oci_wanted wanted = {reference, amd64};
    const enum troth_err err = troth_oci_index_find(&blob, &is_index, &fault, text,
                                                    &wanted, &arena);

    check_fault(err, &fault, text.len);
    require(blob.size <= INT64_MAX);
    if (err)
        require(!is_index && !blob.size &&
                memcmp(blob.sha256, nothing.sha256, sizeof(blob.sha256)) == 0);
}

static void read_manifest(struct troth_span text)
{
    static struct troth_oci_manifest manifest, again;
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_fault fault;
    const enum troth_err err = troth_oci_manifest_read(&manifest, &fault, text, &arena);

    check_fault(err, &fault, text.len);
    require(manifest.count <= TROTH_OCI_LAYERS_MAX);
    require(!err || (!manifest.count && !manifest.config.size));
    require(troth_oci_manifest_read(&again, NULL, text, &arena) == err &&
            again.count == manifest.count);
}

static void read_config(struct troth_span text)
{
    static uint8_t digests[TROTH_OCI_LAYERS_MAX][32];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_fault fault;
    size_t count;
    const enum troth_err err = troth_oci_config_read(digests, &count, &fault, text, amd64,
                                                     &arena);

    check_fault(err, &fault, text.len);
    require(count <= TROTH_OCI_LAYERS_MAX && (!err || !count));
    for (size_t i = 0; err && i < TROTH_OCI_LAYERS_MAX; i++)
        require(troth_span_is_zero((struct troth_span)TROTH_ARRAY_SPAN(digests[i])));
}

static void read_layout(struct troth_span text)
{
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_fault fault;

    check_fault(troth_oci_layout_check(&fault, text, &arena), &fault, text.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct troth_span text = {data, size}, none = {NULL, 0};

    read_index(text, none);
    read_index(text, (struct troth_span){(const uint8_t *)"v1", 2});
    read_manifest(text);
    read_config(text);
    read_layout(text);
    return 0;
}
