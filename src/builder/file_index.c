/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/file_index.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/span.h"
#include "base/word.h"

enum { FIRST_BUCKETS = 1024, BLOCK_SIZE = 256 * 1024 };

/* Memory that is given back with the tree. */
struct troth_file_block {
    struct troth_file_block *next;
    size_t size, used;
    alignas(max_align_t) uint8_t bytes[];
};

static void *take(struct troth_file_tree *tree, size_t len)
{
    const size_t mask = alignof(max_align_t) - 1, rounded = (len + mask) & ~mask;
    struct troth_file_block *block = tree->blocks;

    if (len > TROTH_FILE_TREE_TEXT_MAX - tree->copied)
        return NULL;
    if (!block || rounded > block->size - block->used) {
        const size_t size = rounded > BLOCK_SIZE / 4 ? rounded : BLOCK_SIZE;

        block = malloc(sizeof(*block) + size);
        if (!block)
            return NULL;
        *block = (struct troth_file_block){.next = tree->blocks, .size = size};
        tree->blocks = block;
    }

    void *const room = block->bytes + block->used;

    block->used += rounded;
    tree->copied += len;
    return room;
}

const uint8_t *troth_file_index_copy(struct troth_file_tree *tree, const uint8_t *bytes,
                                     size_t len)
{
    uint8_t *const copy = take(tree, len + 1);

    if (!copy)
        return NULL;
    if (len)
        memcpy(copy, bytes, len);
    copy[len] = 0;
    return copy;
}

static uint64_t rotate(uint64_t word, unsigned by)
{
    return word << by | word >> (64 - by);
}

static void sip_round(uint64_t v[static 4])
{
    v[0] += v[1];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[0] = rotate(v[0], 32);
    v[2] += v[3];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[2] = rotate(v[2], 32);
}

static void sip_word(uint64_t v[static 4], uint64_t word)
{
    v[3] ^= word;
    sip_round(v);
    v[0] ^= word;
}

/* SipHash-1-3: names in archives are a stranger's choice, and must not be able to all
 * fall into one bucket. */
static uint64_t hash(const struct troth_file_tree *tree, struct troth_span path)
{
    uint64_t v[4] = {tree->key[0] ^ UINT64_C(0x736f6d6570736575),
                     tree->key[1] ^ UINT64_C(0x646f72616e646f6d),
                     tree->key[0] ^ UINT64_C(0x6c7967656e657261),
                     tree->key[1] ^ UINT64_C(0x7465646279746573)};
    uint8_t last[TROTH_WORD_SIZE] = {0};
    size_t done = 0;

    for (; path.len - done >= TROTH_WORD_SIZE; done += TROTH_WORD_SIZE)
        sip_word(v, troth_word_at(path.ptr + done));
    for (size_t i = done; i < path.len; i++)
        last[i - done] = path.ptr[i];
    last[TROTH_WORD_SIZE - 1] = (uint8_t)path.len;
    sip_word(v, troth_word_at(last));
    v[2] ^= 0xff;
    for (unsigned i = 0; i < 3; i++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static struct troth_file_node **bucket_of(const struct troth_file_tree *tree,
                                          struct troth_span path)
{
    return &tree->buckets[hash(tree, path) & (tree->bucket_count - 1)];
}

/* Twice as many buckets. Not getting them only makes it slower. */
static void grow(struct troth_file_tree *tree)
{
    struct troth_file_node **const old = tree->buckets;
    const size_t old_count = tree->bucket_count;
    struct troth_file_node **const buckets = calloc(old_count * 2,
                                                    sizeof(struct troth_file_node *));

    if (!buckets)
        return;
    tree->buckets = buckets;
    tree->bucket_count = old_count * 2;
    for (size_t i = 0; i < old_count; i++)
        for (struct troth_file_node *node = old[i], *next; node; node = next) {
            struct troth_file_node **const bucket = bucket_of(tree,
                                                              node->entry.entry.path);

            next = node->same_bucket;
            node->same_bucket = *bucket;
            *bucket = node;
        }
    free(old);
}

bool troth_file_index_init(struct troth_file_tree *tree)
{
    *tree = (struct troth_file_tree){
        .root = {.entry = {.entry = {.kind = TROTH_ENTRY_FOLDER}, .row = SIZE_MAX}},
        .bucket_count = FIRST_BUCKETS,
    };
    tree->buckets = calloc(FIRST_BUCKETS, sizeof(struct troth_file_node *));
    return tree->buckets &&
           getrandom(tree->key, sizeof(tree->key), 0) == (ssize_t)sizeof(tree->key);
}

void troth_file_index_release(struct troth_file_tree *tree)
{
    for (struct troth_file_block *block = tree->blocks, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    free(tree->buckets);
}

struct troth_file_node *troth_file_index_find(const struct troth_file_tree *tree,
                                              struct troth_span path)
{
    struct troth_file_node *node;

    if (path.len == 0)
        return (struct troth_file_node *)&tree->root;
    for (node = *bucket_of(tree, path); node; node = node->same_bucket)
        if (troth_span_equal(node->entry.entry.path, path))
            return node;
    return NULL;
}

static struct troth_file_node *take_node(struct troth_file_tree *tree)
{
    struct troth_file_node *node = tree->unused;

    if (!node)
        return take(tree, sizeof(*node));
    tree->unused = node->next;
    return node;
}

struct troth_file_node *troth_file_index_add(struct troth_file_tree *tree,
                                             struct troth_file_node *parent,
                                             struct troth_span path)
{
    struct troth_file_node *node;
    struct troth_file_node **bucket;
    const uint8_t *const copy = troth_file_index_copy(tree, path.ptr, path.len);

    if (!copy || tree->count == TROTH_FILE_TREE_MAX || !(node = take_node(tree)))
        return NULL;
    if (tree->count >= tree->bucket_count)
        grow(tree);
    *node = (struct troth_file_node){
        .entry = {.entry = {.path = {copy, path.len}}},
        .parent = parent,
        .next = parent->first_child,
        .layer = tree->layer,
    };
    if (node->next)
        node->next->previous = node;
    parent->first_child = node;
    bucket = bucket_of(tree, path);
    node->same_bucket = *bucket;
    *bucket = node;
    tree->count++;
    return node;
}

void troth_file_index_drop(struct troth_file_tree *tree, struct troth_file_node *node)
{
    struct troth_file_node **link = bucket_of(tree, node->entry.entry.path);

    while (*link != node)
        link = &(*link)->same_bucket;
    *link = node->same_bucket;
    if (node->previous)
        node->previous->next = node->next;
    else
        node->parent->first_child = node->next;
    if (node->next)
        node->next->previous = node->previous;
    node->next = tree->unused;
    tree->unused = node;
    tree->count--;
}

struct troth_file_node *troth_file_index_after(const struct troth_file_node *top,
                                               const struct troth_file_node *node)
{
    if (node->first_child)
        return node->first_child;
    while (node != top && !node->next)
        node = node->parent;
    return node == top ? NULL : node->next;
}

struct troth_file_node *troth_file_index_deepest(struct troth_file_node *top)
{
    while (top->first_child)
        top = top->first_child;
    return top;
}

struct troth_file_node *troth_file_index_next(const struct troth_file_node *top,
                                              const struct troth_file_node *node)
{
    if (node == top)
        return NULL;
    return node->next ? troth_file_index_deepest(node->next) : node->parent;
}
