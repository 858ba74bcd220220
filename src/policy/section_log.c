/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/sections.h"

#include "base/span.h"
#include "tlog/key.h"
#include "tlog/witnesses.h"

static struct troth_note_key read_key(struct troth_reader *r,
                                      const struct troth_tree_node *node,
                                      struct troth_span text)
{
    struct troth_note_key key = {{NULL, 0}, TROTH_NOTE_ED25519, {0}};

    if (!r->err && troth_note_key_parse(&key, text, r->crypto))
        troth_read_object(r, &(struct troth_objection){
                                 .node = node,
                                 .text = "this is no verifier key",
                                 .hint = "NAME+HASH+BASE64, as `troth log init` and "
                                         "others' logs and witnesses print it"});
    return key;
}

static void read_log_key(struct troth_reader *r, const struct troth_tree_node *node,
                         void *unused)
{
    struct troth_witnesses *who = &r->draft.log.witnesses;
    struct troth_note_key key;

    (void)unused;
    if (!node)
        return;
    r->draft.log_key = troth_read_text(r, node);
    key = read_key(r, node, r->draft.log_key);
    if (!r->err && key.type != TROTH_NOTE_ED25519)
        troth_read_object(
            r, &(struct troth_objection){
                   .node = node, .text = "this is the key of a witness, not of a log"});
    who->origin = key.name;
    who->log_name = key.name;
    for (size_t i = 0; i < sizeof key.bytes; i++)
        who->log_key[i] = key.bytes[i];
}

static void read_max_age(struct troth_reader *r, const struct troth_tree_node *node,
                         void *unused)
{
    (void)unused;
    if (!node || troth_read_is_word(node, "any"))
        return;
    r->draft.log.has_max_age = true;
    r->draft.log.max_age_s = troth_read_duration(r, node);
}

static void read_needed(struct troth_reader *r, const struct troth_tree_node *node,
                        void *unused)
{
    (void)unused;
    if (node)
        r->draft.log.witnesses.needed = (size_t)troth_read_number(r, node,
                                                                  TROTH_WITNESSES_MAX);
}

/* Read behind the key, whose name it is if nothing else is said. */
static void read_origin(struct troth_reader *r, const struct troth_tree_node *node,
                        void *unused)
{
    (void)unused;
    if (node)
        r->draft.log.witnesses.origin = troth_read_text(r, node);
}

/* No word says `any` here: it could be a release's name. */
static void read_release(struct troth_reader *r, const struct troth_tree_node *node,
                         void *unused)
{
    (void)unused;
    if (node)
        r->draft.log.release = troth_read_text(r, node);
}

static void read_witnesses(struct troth_reader *r, const struct troth_tree_node *node,
                           void *unused)
{
    struct troth_witness *rows;
    struct troth_entries list;

    (void)unused;
    if (!node)
        return;
    list = troth_read_list(r, node);
    troth_read_sort(r, &list);
    if (!r->err && list.count > TROTH_WITNESSES_MAX)
        troth_read_object(
            r, &(struct troth_objection){.node = node, .text = "more than 16 witnesses"});
    rows = r->err ? NULL : troth_read_take(r, list.count, sizeof *rows);
    for (size_t i = 0; i < list.count && !r->err; i++) {
        const struct troth_note_key key = read_key(r, list.rows[i].node,
                                                   list.rows[i].text);

        rows[i].name = key.name;
        for (size_t k = 0; k < sizeof key.bytes; k++)
            rows[i].key[k] = key.bytes[k];
    }
    r->draft.log_witnesses = list;
    r->draft.log.witnesses.rows = rows;
    r->draft.log.witnesses.count = list.count;
}

static const struct troth_key keys[] = {
    {.name = "key",
     .read = read_log_key,
     .is_required = true,
     .hint = "the log's verifier key"},
    {.name = "max_age", .read = read_max_age},
    {.name = "needed", .read = read_needed},
    {.name = "origin", .read = read_origin},
    {.name = "release", .read = read_release},
    {.name = "witnesses", .read = read_witnesses},
};

static void check(struct troth_reader *r, const struct troth_tree_node *node)
{
    const struct troth_log_demand *log = &r->draft.log;
    struct troth_objection objection = {.node = node, .is_key = true};

    if (log->witnesses.count > 0 && !troth_tree_find(node, "needed")) {
        objection.text = "'needed' is missing: how many of the witnesses have to have "
                         "signed";
        objection.hint = "needed: 2";
    } else if (log->witnesses.needed > log->witnesses.count) {
        objection.text = "more witnesses are needed than are named";
    } else if (log->witnesses.count > 0 && log->witnesses.needed == 0) {
        objection.text = "witnesses are named, and none of them has to have signed";
    } else if (troth_witnesses_have_log(&log->witnesses)) {
        objection.text = "the log's own key is among the witnesses";
        objection.hint = "whoever vouches for the log has a key of his own";
    } else if (log->witnesses.count > 0 &&
               troth_witnesses_check(NULL, &log->witnesses, 1)) {
        objection.text = "one key stands for two witnesses";
    } else if (log->has_max_age && log->witnesses.needed == 0) {
        objection.text = "without a witness nobody says how old a checkpoint is";
        objection.hint = "name witnesses, or leave max_age out";
    } else {
        return;
    }
    troth_read_object(r, &objection);
}

void troth_section_read_log(struct troth_reader *r, const struct troth_tree_node *node,
                            void *unused)
{
    (void)unused;
    if (!node)
        return;
    r->draft.log.is_made = true;
    r->draft.log.line = node->key_place.line;
    troth_read_map(r, node, TROTH_KEYS(keys), NULL);
    if (!r->err)
        check(r, node);
}

bool troth_section_has_log(const struct troth_draft *draft)
{
    return draft->log.is_made;
}

void troth_section_write_log(struct troth_json_writer *w, const struct troth_draft *draft)
{
    const struct troth_log_demand *log = &draft->log;

    troth_json_begin_object(w);
    troth_json_write_key(w, "key");
    troth_json_write_string(w, draft->log_key);
    troth_json_write_key(w, "max_age");
    if (log->has_max_age)
        troth_json_write_uint(w, (uint64_t)log->max_age_s);
    else
        troth_json_write_text(w, "any");
    troth_json_write_key(w, "needed");
    troth_json_write_uint(w, log->witnesses.needed);
    troth_json_write_key(w, "origin");
    troth_json_write_string(w, log->witnesses.origin);
    if (log->release.len > 0) {
        troth_json_write_key(w, "release");
        troth_json_write_string(w, log->release);
    }
    troth_json_write_key(w, "witnesses");
    troth_json_begin_array(w);
    for (size_t i = 0; i < draft->log_witnesses.count; i++)
        troth_json_write_string(w, draft->log_witnesses.rows[i].text);
    troth_json_end_array(w);
    troth_json_end_object(w);
}
