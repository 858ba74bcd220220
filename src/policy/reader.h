/*
 * reader.h - from a document's tree to values: the words that the sections of a policy
 * are read in.
 *
 * The first objection sticks; what is read after it is empty, so a section is a straight
 * list of what it wants, with loops that look at `err`.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_POLICY_READER_H
#define TROTH_POLICY_READER_H

#include "base/clause.h"
#include "codec/json_writer.h"
#include "policy/draft.h"

struct troth_reader {
    struct troth_arena *arena;
    const struct troth_tree_node *document;
    const struct troth_crypto *crypto;
    struct troth_policy_issue issue;
    enum troth_err err; /* sticky */
    struct troth_draft draft;
};

/* What is wrong with a value, or with its key. In texts each '%' is the next word. */
struct troth_objection {
    const struct troth_tree_node *node;
    bool is_key; /* the key is what is wrong, not the value */
    const char *text;
    struct troth_span words[TROTH_CLAUSE_WORDS];
    const char *hint; /* what to do about it, or NULL */
    struct troth_span hint_words[TROTH_CLAUSE_WORDS];
};
void troth_read_object(struct troth_reader *r, const struct troth_objection *objection);

/* Memory, or {NULL, 0} and TROTH_ERR_MEMORY. */
void *troth_read_take(struct troth_reader *r, size_t count, size_t size);
struct troth_span troth_read_copy(struct troth_reader *r, struct troth_span bytes);

/* A text of one line, without control characters, not empty. */
struct troth_span troth_read_text(struct troth_reader *r,
                                  const struct troth_tree_node *node);

/* The same, of at most 128 bytes, without spaces at its ends, in the arena with a zero
 * byte behind it: what people call a policy, a release or a rule. */
struct troth_span troth_read_name(struct troth_reader *r,
                                  const struct troth_tree_node *node,
                                  struct troth_span text);

bool troth_read_is_word(const struct troth_tree_node *node, const char *word);

/* Is there nothing, or the word `none`, which says the same? */
bool troth_read_is_none(const struct troth_tree_node *node);

/* Decimal digits, no zeros in front, at most `max`. */
uint64_t troth_read_number(struct troth_reader *r, const struct troth_tree_node *node,
                           uint64_t max);

/* Hex of either case; of `size` bytes, or of any number where that is 0. */
struct troth_span troth_read_hex(struct troth_reader *r,
                                 const struct troth_tree_node *node, size_t size);

/* 90s, 5m, 2h, 30d, or seconds. */
int64_t troth_read_duration(struct troth_reader *r, const struct troth_tree_node *node);

/* A list of at least one text, in the document's order. */
struct troth_entries troth_read_list(struct troth_reader *r,
                                     const struct troth_tree_node *node);

/* In the order of RFC 8785; a text that is there twice is objected to. */
void troth_read_sort(struct troth_reader *r, const struct troth_entries *entries);

/* Whether the keys are those of a table with at least one of them. */
struct troth_key {
    const char *name;
    bool is_required;
    const char *hint; /* what to write, where it is required and missing */
    /* `node` is NULL where the key is not there: then the default is to be written. */
    void (*read)(struct troth_reader *r, const struct troth_tree_node *node, void *out);
    /* The canonical value, after its key was written; NULL: it has none. */
    void (*write)(struct troth_json_writer *w, const struct troth_draft *draft);
    /* Has the draft this key at all? NULL: always. */
    bool (*is_there)(const struct troth_draft *draft);
};
struct troth_keys {
    const struct troth_key *rows; /* sorted by name */
    size_t count;
};
#define TROTH_KEYS(rows) ((struct troth_keys){(rows), sizeof(rows) / sizeof((rows)[0])})

/* Every row of the table is read, in its order. A `map` of NULL has no keys. */
void troth_read_map(struct troth_reader *r, const struct troth_tree_node *map,
                    struct troth_keys keys, void *out);
void troth_read_write_map(struct troth_json_writer *w, struct troth_keys keys,
                          const struct troth_draft *draft);

/* A map with at least one key, or an objection. */
bool troth_read_is_map(struct troth_reader *r, const struct troth_tree_node *node);

/* A kind of evidence by its name, which is a key or a text of `node`. */
enum troth_kind troth_read_kind(struct troth_reader *r,
                                const struct troth_tree_node *node, bool is_key);

/* The same, and the policy accepts it: else whatever is said of it is never used. */
enum troth_kind troth_read_accepted_kind(struct troth_reader *r,
                                         const struct troth_tree_node *node);

#endif
