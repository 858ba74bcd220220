/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inputs whose digests are those of the very bytes that went into the image. They are
 * compared with the lock when it is written, and it is kept only if all are as locked.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "builder/building.h"

struct path {
    char text[TROTH_BUILDING_PATH + TROTH_ENTRY_PATH_MAX + 2];
};

/* The folder of ours that a row's file is in; NULL: it comes from elsewhere. */
static const struct troth_building_own *folder_of(const struct troth_building *b,
                                                  const struct troth_content *content)
{
    for (size_t i = 0; content->path && i < b->own_count; i++)
        if (b->own[i].is_folder && b->own[i].descriptor == content->descriptor)
            return &b->own[i];
    return NULL;
}

uint8_t *troth_building_digest_of(struct troth_building *b,
                                  const struct troth_tree_entry *entry)
{
    const struct troth_building_own *own = folder_of(b, &entry->content);
    struct path path;
    const struct troth_input key = {.kind = TROTH_INPUT_FILE, .name = path.text};
    struct troth_building_passed *row;
    struct troth_input *input;

    if (!own || b->passed_count == b->passed_room)
        return NULL;
    (void)snprintf(path.text, sizeof path.text, "%s/%s", own->path, entry->content.path);
    input = troth_inputs_find(&b->out->inputs, &key);
    if (!input || !input->is_unread)
        return NULL;
    row = &b->passed[b->passed_count++];
    row->input = (size_t)(input - b->out->inputs.rows);
    return row->sha256;
}

bool troth_building_expect_passed(struct troth_building *b)
{
    b->passed_room = troth_file_tree_count(b->application);
    b->passed = calloc(b->passed_room + 1, sizeof *b->passed);
    return b->passed || troth_building_fail_memory(b);
}

/* A file may go into an image in two places. */
static bool take(struct troth_building *b, const struct troth_building_passed *row)
{
    struct troth_input *input = &b->out->inputs.rows[row->input];

    if (!input->is_unread)
        return troth_span_equal((struct troth_span){input->sha256, sizeof input->sha256},
                                (struct troth_span){row->sha256, sizeof row->sha256}) ||
               troth_build_fail(b->problem, input->name,
                                "changed while the image was built");
    memcpy(input->sha256, row->sha256, sizeof input->sha256);
    input->is_unread = false;
    return true;
}

static const struct troth_tree_entry *find_entry(const struct troth_building *b,
                                                 const char *name)
{
    const struct troth_tree_entry *found = NULL;

    for (size_t i = 0; !found && i < b->own_count; i++) {
        const size_t len = strlen(b->own[i].path);

        if (b->own[i].is_folder && strncmp(name, b->own[i].path, len) == 0 &&
            name[len] == '/')
            found = troth_file_tree_find(b->own[i].tree,
                                         troth_span_of_text(name + len + 1));
    }
    return found;
}

bool troth_building_read_rest(struct troth_building *b)
{
    for (size_t i = 0; i < b->out->inputs.count; i++) {
        struct troth_input *input = &b->out->inputs.rows[i];
        const struct troth_tree_entry *entry;

        if (!input->is_unread)
            continue;
        entry = find_entry(b, input->name);
        if (!entry || entry->entry.kind != TROTH_ENTRY_FILE)
            return troth_build_fail(b->problem, input->name, "was not read");
        if (!troth_building_digest(b, input->sha256, entry))
            return false;
        input->is_unread = false;
    }
    return true;
}

bool troth_building_take_passed(struct troth_building *b)
{
    for (size_t i = 0; i < b->passed_count; i++)
        if (!take(b, &b->passed[i]))
            return false;
    return troth_building_read_rest(b) &&
           (!b->compares_later || troth_building_compare(b, true));
}
