/* SPDX-License-Identifier: Apache-2.0 */
#include "base/span.h"
#include "image/oci_blob.h"

static const char *const manifests[] = {
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json", NULL};
static const char *const indexes[] = {
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json", NULL};

/* What is asked for, and what was found so far. */
struct search {
    const struct troth_oci_wanted *wanted;
    struct troth_arena *arena;
    struct troth_oci_blob found;
    bool is_found, is_index, is_ambiguous;
};

static bool text_equals(struct search *search, struct troth_span raw,
                        struct troth_span wanted)
{
    const size_t used = search->arena->used;
    struct troth_span text;
    const bool equal = !troth_json_unescape(&text, search->arena, raw) &&
                       troth_span_equal(text, wanted);

    search->arena->used = used;
    return equal;
}

static bool fits(struct search *search, const struct troth_oci_descriptor *row)
{
    if (!troth_oci_media_is(row->media_type, manifests) &&
        !troth_oci_media_is(row->media_type, indexes))
        return false;
    if (search->wanted->reference.len &&
        !(row->has_reference &&
          text_equals(search, row->reference, search->wanted->reference)))
        return false;
    return !row->has_platform ||
           (text_equals(search, row->architecture, search->wanted->architecture) &&
            troth_json_text_is(row->os, "linux"));
}

static void note(struct search *search, const struct troth_oci_descriptor *row)
{
    /* One thing under two names is one thing. */
    if (search->is_found)
        search->is_ambiguous =
            search->is_ambiguous ||
            !troth_span_equal((struct troth_span)TROTH_ARRAY_SPAN(search->found.sha256),
                              (struct troth_span)TROTH_ARRAY_SPAN(row->blob.sha256));
    search->found = row->blob;
    search->is_found = true;
    search->is_index = troth_oci_media_is(row->media_type, indexes);
}

static void read_rows(struct troth_json *r, struct search *search)
{
    troth_json_enter_array(r, "oci.manifests");
    while (troth_json_more(r)) {
        struct troth_oci_descriptor row;

        troth_oci_descriptor_read(r, &row);
        if (!r->c.fault.err && fits(search, &row))
            note(search, &row);
    }
    troth_json_leave(r, "oci.manifests");
}

static void read_index(struct troth_json *r, struct search *search)
{
    bool has_schema = false, has_rows = false;
    struct troth_span key;

    troth_json_enter_object(r, "oci.index");
    while (troth_json_member(r, &key, "oci.index")) {
        if (troth_json_text_is(key, "schemaVersion")) {
            troth_oci_schema_read(r);
            has_schema = true;
        } else if (troth_json_text_is(key, "mediaType")) {
            troth_json_expect(
                r, troth_oci_media_is(troth_json_string(r, "oci.mediaType"), indexes),
                TROTH_ERR_UNSUPPORTED, "oci.mediaType");
        } else if (troth_json_text_is(key, "manifests")) {
            read_rows(r, search);
            has_rows = true;
        } else {
            (void)troth_json_skip(r, "oci.index");
        }
    }
    troth_json_leave(r, "oci.index");
    troth_json_expect(r, has_schema, TROTH_ERR_MISSING, "oci.schemaVersion");
    troth_json_expect(r, has_rows, TROTH_ERR_MISSING, "oci.manifests");
    troth_json_expect(r, search->is_found, TROTH_ERR_MISSING, "oci.manifests");
    troth_json_expect(r, !search->is_ambiguous, TROTH_ERR_DUPLICATE, "oci.manifests");
}

enum troth_err troth_oci_index_find(struct troth_oci_blob *out, bool *out_index,
                                    struct troth_fault *fault, struct troth_span text,
                                    const struct troth_oci_wanted *wanted,
                                    struct troth_arena *arena)
{
    struct search search = {.wanted = wanted, .arena = arena};
    struct troth_json r;

    troth_json_init(&r, text);
    read_index(&r, &search);

    const enum troth_err err = troth_json_finish(&r, fault);

    *out = err ? (struct troth_oci_blob){.size = 0} : search.found;
    *out_index = !err && search.is_index;
    return err;
}
