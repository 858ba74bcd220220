/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/disk.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/bytes.h"

/* ---- nodes ---- */

struct sim_disk_node *sim_disk_node(const struct sim_disk *disk, uint64_t number)
{
    return number > 0 && number <= disk->count ? disk->nodes[number - 1] : NULL;
}

static uint64_t add_node(struct sim_disk *disk, const struct sim_disk_new *what)
{
    struct sim_disk_node **nodes = realloc(disk->nodes,
                                           (disk->count + 1) * sizeof(void *));
    struct sim_disk_node *node = calloc(1, sizeof *node);

    if (!nodes || !node)
        sim_die("out of memory");
    node->mode = what->mode;
    node->user = what->user;
    node->group = what->group;
    (void)clock_gettime(CLOCK_REALTIME, &node->written);
    disk->nodes = nodes;
    nodes[disk->count++] = node;
    return disk->count;
}

static void free_node(struct sim_disk *disk, uint64_t number)
{
    struct sim_disk_node *node = disk->nodes[number - 1];

    if (!node)
        return;
    sim_content_clear(&node->content, &disk->room);
    sim_content_clear(&node->kept_content, NULL);
    sim_names_clear(&node->names);
    sim_names_clear(&node->kept_names);
    free(node);
    disk->nodes[number - 1] = NULL;
}

void sim_disk_init(struct sim_disk *out, mode_t mode)
{
    const struct sim_disk_new root = {
        .mode = mode, .user = geteuid(), .group = getegid()};

    *out = (struct sim_disk){.count = 0};
    (void)add_node(out, &root);
    out->nodes[0]->links = 1;
}

void sim_disk_be_honest(struct sim_disk *disk)
{
    for (size_t i = 0; i < disk->lie_count; i++)
        free(disk->lies[i]);
    disk->lie_count = 0;
}

void sim_disk_free(struct sim_disk *disk)
{
    for (uint64_t number = 1; number <= disk->count; number++)
        free_node(disk, number);
    sim_disk_be_honest(disk);
    free(disk->nodes);
    *disk = (struct sim_disk){.count = 0};
}

/* Nobody sees its bytes any more; what is kept of it stays. */
static void drop_unseen(struct sim_disk *disk, struct sim_disk_node *node)
{
    if (node->links > 0 || node->opens > 0)
        return;
    sim_content_clear(&node->content, &disk->room);
    node->is_dropped = true;
}

/* ---- what fails ---- */

/* Of whatever changes the disk or syncs it: may it? */
static int begin(const struct sim_disk *disk)
{
    if (disk->is_cut)
        return EIO;
    return disk->is_read_only ? EROFS : 0;
}

/* It was the one that the power failed at: nobody hears that it was done. */
static int end(struct sim_disk *disk)
{
    if (disk->changes_left > 0 && --disk->changes_left == 0)
        disk->is_cut = true;
    return disk->is_cut ? EIO : 0;
}

static int find_folder(struct sim_disk *disk, struct sim_disk_node **out, uint64_t number)
{
    *out = sim_disk_node(disk, number);
    if (disk->is_cut)
        return EIO;
    if (!*out)
        return ENOENT;
    return S_ISDIR((*out)->mode) ? 0 : ENOTDIR;
}

static void touch(struct sim_disk_node *node)
{
    (void)clock_gettime(CLOCK_REALTIME, &node->written);
}

/* ---- what is asked for ---- */

int sim_disk_find(struct sim_disk *disk, uint64_t *out, uint64_t folder, const char *name)
{
    struct sim_disk_node *node;
    const int failed = find_folder(disk, &node, folder);
    const struct sim_disk_name *there = failed ? NULL
                                               : sim_names_find(&node->names, name);

    *out = there ? there->number : 0;
    if (failed)
        return failed;
    return there ? 0 : ENOENT;
}

static void give_name(struct sim_disk *disk, struct sim_disk_node *folder,
                      const char *name, uint64_t number)
{
    struct sim_disk_node *node = sim_disk_node(disk, number);

    sim_names_set(&folder->names, name, number);
    node->links++;
    (void)snprintf(node->name, sizeof node->name, "%s", name);
    touch(folder);
}

static void take_name(struct sim_disk *disk, struct sim_disk_node *folder,
                      const char *name)
{
    struct sim_disk_node *node = sim_disk_node(
        disk, sim_names_find(&folder->names, name)->number);

    sim_names_drop(&folder->names, name);
    node->links--;
    drop_unseen(disk, node);
    touch(folder);
}

int sim_disk_make(struct sim_disk *disk, uint64_t *out, uint64_t folder, const char *name,
                  const struct sim_disk_new *what)
{
    struct sim_disk_node *node;
    int failed = begin(disk);

    *out = 0;
    if (!failed)
        failed = find_folder(disk, &node, folder);
    if (failed)
        return failed;
    if (strlen(name) > SIM_DISK_NAME_MAX)
        return ENAMETOOLONG;
    if (sim_names_find(&node->names, name))
        return EEXIST;
    *out = what->number ? what->number : add_node(disk, what);
    give_name(disk, node, name, *out);
    return end(disk);
}

/* May what is behind a name go? */
static int may_go(const struct sim_disk *disk, uint64_t number, bool is_folder)
{
    const struct sim_disk_node *node = sim_disk_node(disk, number);

    if (S_ISDIR(node->mode) != is_folder)
        return is_folder ? ENOTDIR : EISDIR;
    return node->names.count > 0 ? ENOTEMPTY : 0;
}

int sim_disk_remove(struct sim_disk *disk, uint64_t folder, const char *name,
                    bool is_folder)
{
    uint64_t number;
    int failed = begin(disk);

    if (!failed)
        failed = sim_disk_find(disk, &number, folder, name);
    if (!failed)
        failed = may_go(disk, number, is_folder);
    if (failed)
        return failed;
    take_name(disk, sim_disk_node(disk, folder), name);
    return end(disk);
}

int sim_disk_rename(struct sim_disk *disk, struct sim_disk_place from,
                    struct sim_disk_place to, bool may_replace)
{
    struct sim_disk_node *target;
    uint64_t number, there;
    int failed = begin(disk);

    if (!failed)
        failed = sim_disk_find(disk, &number, from.folder, from.name);
    if (!failed)
        failed = find_folder(disk, &target, to.folder);
    if (failed)
        return failed;
    if (strlen(to.name) > SIM_DISK_NAME_MAX)
        return ENAMETOOLONG;
    if (sim_disk_find(disk, &there, to.folder, to.name) == 0) {
        failed = may_replace
                     ? may_go(disk, there, S_ISDIR(sim_disk_node(disk, number)->mode))
                     : EEXIST;
        if (failed || there == number)
            return failed;
        take_name(disk, target, to.name);
    }
    give_name(disk, target, to.name, number);
    take_name(disk, sim_disk_node(disk, from.folder), from.name);
    return end(disk);
}

static int find_file(struct sim_disk *disk, struct sim_disk_node **out, uint64_t number)
{
    const int failed = begin(disk);

    *out = sim_disk_node(disk, number);
    if (failed)
        return failed;
    if (!*out)
        return ENOENT;
    return S_ISDIR((*out)->mode) ? EISDIR : 0;
}

int sim_disk_write(struct sim_disk *disk, size_t *out, uint64_t number,
                   struct troth_span bytes, uint64_t at)
{
    struct sim_disk_node *node;
    const int failed = find_file(disk, &node, number);

    *out = 0;
    if (failed)
        return failed;
    *out = sim_content_write(&node->content, &disk->room, bytes.ptr, bytes.len, at);
    if (*out == 0 && bytes.len > 0)
        return ENOSPC;
    touch(node);
    return end(disk);
}

int sim_disk_resize(struct sim_disk *disk, uint64_t number, uint64_t size)
{
    struct sim_disk_node *node;
    const int failed = find_file(disk, &node, number);

    if (failed)
        return failed;
    if (!sim_content_resize(&node->content, &disk->room, size))
        return ENOSPC;
    touch(node);
    return end(disk);
}

static bool is_lie(const struct sim_disk *disk, const struct sim_disk_node *node)
{
    char name[SIM_DISK_NAME_MAX + 2];

    (void)snprintf(name, sizeof name, "%s%s", node->name, S_ISDIR(node->mode) ? "/" : "");
    for (size_t i = 0; i < disk->lie_count; i++)
        if (fnmatch(disk->lies[i], name, 0) == 0)
            return true;
    return false;
}

/* A disk that can only be read has nothing that was not synced. */
int sim_disk_sync(struct sim_disk *disk, uint64_t number)
{
    struct sim_disk_node *node = sim_disk_node(disk, number);

    if (!node)
        return disk->is_cut ? EIO : ENOENT;
    if (disk->is_read_only && !disk->is_cut)
        return 0;
    if (end(disk) != 0)
        return EIO;
    if (is_lie(disk, node))
        return 0;
    if (S_ISDIR(node->mode)) {
        sim_names_copy(&node->kept_names, &node->names);
    } else {
        sim_content_clear(&node->kept_content, NULL);
        sim_content_share(&node->kept_content, &node->content);
    }
    return 0;
}

void sim_disk_open(struct sim_disk *disk, uint64_t number)
{
    sim_disk_node(disk, number)->opens++;
}

void sim_disk_close(struct sim_disk *disk, uint64_t number)
{
    struct sim_disk_node *node = sim_disk_node(disk, number);

    if (node && node->opens > 0) {
        node->opens--;
        drop_unseen(disk, node);
    }
}

/* ---- the power is back ---- */

static void tear_node(struct sim_disk *disk, uint64_t number, uint64_t *seed)
{
    struct sim_disk_node *node = sim_disk_node(disk, number);

    if (!node)
        return;
    sim_names_tear(&node->kept_names, &node->names, seed);
    if (!node->is_dropped)
        sim_content_tear(&node->kept_content, &node->content, seed);
    sim_content_clear(&node->content, &disk->room);
    sim_content_share(&node->content, &node->kept_content);
    sim_names_copy(&node->names, &node->kept_names);
    node->links = 0;
    node->opens = 0;
    node->is_dropped = false;
}

/* What has no name from the root on is gone. */
static void sweep(struct sim_disk *disk)
{
    uint64_t *found = calloc(disk->count + 1, sizeof *found);
    size_t count = 0;

    if (!found)
        sim_die("out of memory");
    found[count++] = SIM_DISK_ROOT;
    disk->nodes[0]->links = 1;
    for (size_t i = 0; i < count; i++) {
        const struct sim_disk_names names = disk->nodes[found[i] - 1]->names;

        for (size_t at = 0; at < names.count; at++)
            if (sim_disk_node(disk, names.list[at].number)->links++ == 0)
                found[count++] = names.list[at].number;
    }
    free(found);
    for (uint64_t number = 1; number <= disk->count; number++)
        if (disk->nodes[number - 1] && disk->nodes[number - 1]->links == 0)
            free_node(disk, number);
}

static void count_pages(struct sim_disk *disk)
{
    disk->room.used = 0;
    for (size_t i = 0; i < disk->count; i++) {
        const struct sim_content *content = disk->nodes[i] ? &disk->nodes[i]->content
                                                           : NULL;

        for (size_t at = 0; content && at < content->count; at++)
            disk->room.used += content->pages[at] ? 1 : 0;
    }
}

void sim_disk_again(struct sim_disk *disk, uint64_t seed)
{
    for (uint64_t number = 1; number <= disk->count; number++)
        tear_node(disk, number, &seed);
    sweep(disk);
    count_pages(disk);
    disk->is_cut = false;
    disk->changes_left = 0;
}
