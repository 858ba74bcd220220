/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox/places.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/fault.h"

/* What a mount of each kind may never do. */
static const uint64_t attributes[] = {
    [TROTH_SANDBOX_PLACE_READ] = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV,
    [TROTH_SANDBOX_PLACE_WRITE] = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
                                  MOUNT_ATTR_NOEXEC,
    [TROTH_SANDBOX_PLACE_SOCKET] = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
                                   MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC,
};

/* By the bytes of their paths, '/' first of all: so a folder comes before what is in it,
 * and nothing else comes between. */
static int compare(const void *a, const void *b)
{
    const char *left = ((const struct troth_sandbox_place *)a)->path;
    const char *right = ((const struct troth_sandbox_place *)b)->path;
    size_t at = 0;

    while (left[at] != '\0' && left[at] == right[at])
        at++;
    const int x = left[at] == '/' ? 1 : (unsigned char)left[at] << 1;
    const int y = right[at] == '/' ? 1 : (unsigned char)right[at] << 1;

    return (x > y) - (x < y);
}

static bool add(struct troth_sandbox_places *places, const char *path,
                enum troth_sandbox_place_kind kind, struct troth_sandbox_fault *fault)
{
    if (places->count == sizeof places->rows / sizeof places->rows[0])
        return troth_sandbox_fail_with(fault, E2BIG, "paths", path);
    if (!troth_sandbox_path_is_plain(path) || troth_sandbox_path_is_ours(path))
        return troth_sandbox_fail_with(fault, EINVAL, "paths", path);
    places->rows[places->count++] = (struct troth_sandbox_place){
        .path = path, .kind = kind, .tree = -1};
    return true;
}

/* The same path twice is once; but not for two purposes. */
static bool unite(struct troth_sandbox_places *places, struct troth_sandbox_fault *fault)
{
    size_t count = 0;

    for (size_t i = 0; i < places->count; i++) {
        struct troth_sandbox_place *last = count ? &places->rows[count - 1] : NULL;

        if (!last || strcmp(last->path, places->rows[i].path) != 0)
            places->rows[count++] = places->rows[i];
        else if (last->kind != places->rows[i].kind)
            return troth_sandbox_fail_with(fault, EINVAL, "paths", last->path);
    }
    places->count = count;
    return true;
}

bool troth_sandbox_places_list(struct troth_sandbox_places *out,
                               const struct troth_sandbox *sandbox,
                               struct troth_sandbox_fault *fault)
{
    out->count = 0;
    for (size_t i = 0; i < sandbox->read_count; i++)
        if (!add(out, sandbox->read[i], TROTH_SANDBOX_PLACE_READ, fault))
            return false;
    for (size_t i = 0; i < sandbox->write_count; i++)
        if (!add(out, sandbox->write[i], TROTH_SANDBOX_PLACE_WRITE, fault))
            return false;
    if (sandbox->socket && !add(out, sandbox->socket, TROTH_SANDBOX_PLACE_SOCKET, fault))
        return false;
    qsort(out->rows, out->count, sizeof out->rows[0], compare);
    return unite(out, fault);
}

/* The nearest written folder that this one is in; NULL: none. */
static const char *written_above(const struct troth_sandbox_places *places, size_t at)
{
    for (size_t i = at; i-- > 0;)
        if (places->rows[i].kind == TROTH_SANDBOX_PLACE_WRITE &&
            troth_sandbox_path_is_within(places->rows[at].path, places->rows[i].path))
            return places->rows[i].path;
    return NULL;
}

static int open_without_links(const char *folder, const char *path)
{
    const struct open_how how = {.flags = O_PATH | O_CLOEXEC,
                                 .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
    const int base = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);

    if (base < 0)
        return -1;
    return (int)syscall(SYS_openat2, base, path + strlen(folder) + 1, &how, sizeof how);
}

/* Does its link lead into another place, which is not a link itself? Then it says so. */
static bool is_link_inside(struct troth_sandbox_places *places, size_t at)
{
    struct troth_sandbox_place *row = &places->rows[at];
    char target[TROTH_SANDBOX_PATH_MAX];
    struct stat status;
    const ssize_t len = readlink(row->path, row->link, sizeof row->link);

    if (len <= 0 || (size_t)len >= sizeof row->link)
        return false;
    row->link[len] = '\0';
    if (!troth_sandbox_path_target(target, row->path, row->link))
        return false;
    for (size_t i = 0; i < places->count; i++)
        if (i != at && troth_sandbox_path_is_within(target, places->rows[i].path) &&
            lstat(places->rows[i].path, &status) == 0 && !S_ISLNK(status.st_mode))
            return true;
    return false;
}

static bool set_attributes(struct troth_sandbox_place *row)
{
    struct mount_attr attr = {.attr_set = attributes[row->kind],
                              .propagation = MS_PRIVATE};

    return mount_setattr(row->tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attr,
                         sizeof attr) == 0;
}

static bool take(struct troth_sandbox_places *places, size_t at)
{
    struct troth_sandbox_place *row = &places->rows[at];
    const char *folder = written_above(places, at);
    struct stat status;

    if (!folder && is_link_inside(places, at))
        return true;

    const int source = folder ? open_without_links(folder, row->path)
                              : open(row->path, O_PATH | O_CLOEXEC);

    if (source < 0 || fstat(source, &status) != 0)
        return false;
    if (row->kind == TROTH_SANDBOX_PLACE_SOCKET && !S_ISSOCK(status.st_mode)) {
        errno = ENOTSOCK;
        return false;
    }
    row->is_folder = S_ISDIR(status.st_mode);
    row->tree = open_tree(
        source, "", AT_EMPTY_PATH | AT_RECURSIVE | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
    return row->tree >= 0 && set_attributes(row);
}

bool troth_sandbox_places_take(struct troth_sandbox_places *places,
                               struct troth_sandbox_fault *fault)
{
    for (size_t i = 0; i < places->count; i++)
        if (!take(places, i))
            return troth_sandbox_fail(fault, "open", places->rows[i].path);
    return true;
}
