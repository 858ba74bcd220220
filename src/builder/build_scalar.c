/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/hex.h"
#include "base/instant.h"
#include "base/number.h"
#include "base/span.h"
#include "builder/build_value.h"

#define CORES_MAX 64
#define VCPUS_MAX 512 /* as QEMU's machines */

/* What archives can hold: zip begins with 1980, and what has 32 bits ends in 2106. */
#define TIME_MIN INT64_C(315532800)
#define TIME_MAX INT64_C(4294967295)

/* A text that is none of what may stand here. */
static bool object(struct troth_build_reading *r, const struct troth_build_key *key,
                   const struct troth_tree_node *node, const char *text, const char *hint)
{
    (void)troth_build_object(r, node->place, text, key->name, node->text);
    if (hint)
        troth_build_advise(r, hint);
    return false;
}

static bool is_scalar(struct troth_build_reading *r, const struct troth_build_key *key,
                      const struct troth_tree_node *node)
{
    return node->kind == TROTH_TREE_TEXT ||
           object(r, key, node, "%: one value belongs here", NULL);
}

/* One of two words: is it the second? */
static bool choose(struct troth_build_reading *r, const struct troth_build_key *key,
                   const struct troth_tree_node *node, const char *const words[2],
                   bool *out)
{
    char clause[64];

    if (!is_scalar(r, key, node))
        return false;
    *out = troth_span_is_text(node->text, words[1]);
    if (*out || troth_span_is_text(node->text, words[0]))
        return true;
    (void)snprintf(clause, sizeof clause, "%%: '%%' is neither %s nor %s", words[0],
                   words[1]);
    return object(r, key, node, clause, NULL);
}

bool troth_build_take_architecture(struct troth_build_reading *r,
                                   const struct troth_build_key *key,
                                   const struct troth_tree_node *node, void *out)
{
    static const char *const words[] = {"x86_64", "aarch64"};

    return choose(r, key, node, words, out);
}

bool troth_build_take_order(struct troth_build_reading *r,
                            const struct troth_build_key *key,
                            const struct troth_tree_node *node, void *out)
{
    static const char *const words[] = {"single", "two"};

    return choose(r, key, node, words, out);
}

bool troth_build_take_flag(struct troth_build_reading *r,
                           const struct troth_build_key *key,
                           const struct troth_tree_node *node, void *out)
{
    static const char *const words[] = {"false", "true"};

    return choose(r, key, node, words, out);
}

bool troth_build_take_yes(struct troth_build_reading *r,
                          const struct troth_build_key *key,
                          const struct troth_tree_node *node, void *out)
{
    (void)out;
    if (!is_scalar(r, key, node))
        return false;
    return troth_span_is_text(node->text, "true") ||
           object(r, key, node, "%: only true may stand here", NULL);
}

bool troth_build_take_time(struct troth_build_reading *r,
                           const struct troth_build_key *key,
                           const struct troth_tree_node *node, void *out)
{
    int64_t *time_s = out;

    if (!is_scalar(r, key, node))
        return false;
    if (troth_instant_parse_rfc3339(time_s, node->text))
        return object(r, key, node, "%: '%' is no time", "1980-01-01T00:00:00Z");
    return (*time_s >= TIME_MIN && *time_s <= TIME_MAX) ||
           object(r, key, node, "%: '%' is a time that archives cannot hold",
                  "from 1980-01-01T00:00:00Z to 2106-02-07T06:28:15Z");
}

bool troth_build_take_sha256(struct troth_build_reading *r,
                             const struct troth_build_key *key,
                             const struct troth_tree_node *node, void *out)
{
    struct troth_build_file *file = out;
    size_t len = 0;

    if (!is_scalar(r, key, node))
        return false;
    file->kernel.has_sha256 = !troth_hex_parse(file->kernel.sha256,
                                               sizeof file->kernel.sha256, &len,
                                               node->text) &&
                              len == sizeof file->kernel.sha256;
    return file->kernel.has_sha256 ||
           object(r, key, node, "%: '%' is no SHA-256", "64 hexadecimal digits");
}

static bool take_small(struct troth_build_reading *r, const struct troth_build_key *key,
                       const struct troth_tree_node *node, uint32_t max, uint32_t *out)
{
    uint64_t number;

    if (!is_scalar(r, key, node))
        return false;
    if (troth_uint_parse(&number, node->text, 10) || number == 0 || number > max)
        return object(r, key, node, "%: '%' is no number of them", NULL);
    *out = (uint32_t)number;
    return true;
}

bool troth_build_take_cores(struct troth_build_reading *r,
                            const struct troth_build_key *key,
                            const struct troth_tree_node *node, void *out)
{
    if (take_small(r, key, node, CORES_MAX, out))
        return true;
    if (!r->problem->hint[0])
        troth_build_advise(r, "from 1 to 64");
    return false;
}

bool troth_build_take_vcpus(struct troth_build_reading *r,
                            const struct troth_build_key *key,
                            const struct troth_tree_node *node, void *out)
{
    if (take_small(r, key, node, VCPUS_MAX, out))
        return true;
    if (!r->problem->hint[0])
        troth_build_advise(r, "from 1 to 512");
    return false;
}

bool troth_build_take_features(struct troth_build_reading *r,
                               const struct troth_build_key *key,
                               const struct troth_tree_node *node, void *out)
{
    const bool is_hex = troth_span_starts_with(node->text, TROTH_LITERAL("0x"));
    const struct troth_span digits = troth_span_slice(node->text, is_hex ? 2 : 0,
                                                      node->text.len);

    if (!is_scalar(r, key, node))
        return false;
    return !troth_uint_parse(out, digits, is_hex ? 16 : 10) ||
           object(r, key, node, "%: '%' is no number", "1, or 0x1");
}

bool troth_build_take_size(struct troth_build_reading *r,
                           const struct troth_build_key *key,
                           const struct troth_tree_node *node, void *out)
{

    if (!is_scalar(r, key, node))
        return false;
    if (troth_size_parse(out, node->text))
        return object(r, key, node, "%: '%' is no size", "bytes, or 512M, 2G, 1T");
    return true;
}
