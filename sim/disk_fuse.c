/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/disk_fuse.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FUSE_USE_VERSION 31
#include <fuse_lowlevel.h>

/* Whatever changes comes through the kernel: it may remember all it saw. Its own cache of
 * pages also lets programs map files. */
#define REMEMBERED_S 3600.0

static struct sim_disk *disk_of(fuse_req_t request)
{
    return fuse_req_userdata(request);
}

static void reply_status(fuse_req_t request, int failed)
{
    (void)fuse_reply_err(request, failed);
}

static struct stat about(const struct sim_disk *disk, uint64_t number)
{
    const struct sim_disk_node *node = sim_disk_node(disk, number);

    return (struct stat){
        .st_ino = number,
        .st_mode = node->mode,
        .st_nlink = S_ISDIR(node->mode) ? 2 : node->links,
        .st_uid = node->user,
        .st_gid = node->group,
        .st_size = (off_t)node->content.size,
        .st_blocks = (blkcnt_t)(node->content.size + 511) / 512,
        .st_blksize = SIM_DISK_PAGE,
        .st_atim = node->written,
        .st_mtim = node->written,
        .st_ctim = node->written,
    };
}

static struct fuse_entry_param entry_of(const struct sim_disk *disk, uint64_t number)
{
    return (struct fuse_entry_param){.ino = number,
                                     .attr = about(disk, number),
                                     .attr_timeout = REMEMBERED_S,
                                     .entry_timeout = REMEMBERED_S};
}

static void reply_entry(fuse_req_t request, int failed, uint64_t number)
{
    if (failed) {
        reply_status(request, failed);
        return;
    }

    const struct fuse_entry_param entry = entry_of(disk_of(request), number);

    (void)fuse_reply_entry(request, &entry);
}

/* ---- names ---- */

static void do_lookup(fuse_req_t request, fuse_ino_t parent, const char *name)
{
    uint64_t number;
    const int failed = sim_disk_find(disk_of(request), &number, parent, name);

    reply_entry(request, failed, number);
}

static int make(fuse_req_t request, uint64_t *out, fuse_ino_t parent, const char *name,
                mode_t mode)
{
    const struct fuse_ctx *by = fuse_req_ctx(request);
    const struct sim_disk_new what = {.mode = mode, .user = by->uid, .group = by->gid};

    return sim_disk_make(disk_of(request), out, parent, name, &what);
}

static void do_mkdir(fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode)
{
    uint64_t number;
    const int failed = make(request, &number, parent, name,
                            S_IFDIR | (mode & ~(mode_t)S_IFMT));

    reply_entry(request, failed, number);
}

static void do_create(fuse_req_t request, fuse_ino_t parent, const char *name,
                      mode_t mode, struct fuse_file_info *info)
{
    uint64_t number;
    const int failed = make(request, &number, parent, name,
                            S_IFREG | (mode & ~(mode_t)S_IFMT));

    if (failed) {
        reply_status(request, failed);
        return;
    }

    const struct fuse_entry_param entry = entry_of(disk_of(request), number);

    sim_disk_open(disk_of(request), number);
    info->keep_cache = 1;
    if (fuse_reply_create(request, &entry, info) != 0)
        sim_disk_close(disk_of(request), number);
}

static void do_link(fuse_req_t request, fuse_ino_t number, fuse_ino_t parent,
                    const char *name)
{
    const struct sim_disk_new what = {.number = number};
    uint64_t same;
    const int failed = sim_disk_make(disk_of(request), &same, parent, name, &what);

    reply_entry(request, failed, same);
}

static void do_unlink(fuse_req_t request, fuse_ino_t parent, const char *name)
{
    reply_status(request, sim_disk_remove(disk_of(request), parent, name, false));
}

static void do_rmdir(fuse_req_t request, fuse_ino_t parent, const char *name)
{
    reply_status(request, sim_disk_remove(disk_of(request), parent, name, true));
}

static void do_rename(fuse_req_t request, fuse_ino_t parent, const char *name,
                      fuse_ino_t other_parent, const char *other, unsigned flags)
{
    if (flags & ~(unsigned)RENAME_NOREPLACE)
        reply_status(request, EINVAL);
    else
        reply_status(request, sim_disk_rename(
                                  disk_of(request), (struct sim_disk_place){parent, name},
                                  (struct sim_disk_place){other_parent, other},
                                  !(flags & RENAME_NOREPLACE)));
}

/* As it is when it is opened: whoever removes what he lists misses nothing. */
static void do_opendir(fuse_req_t request, fuse_ino_t number, struct fuse_file_info *info)
{
    const struct sim_disk_node *node = sim_disk_node(disk_of(request), number);
    struct sim_disk_names *names = calloc(1, sizeof *names);

    if (!names || disk_of(request)->is_cut) {
        free(names);
        reply_status(request, EIO);
        return;
    }
    sim_names_copy(names, &node->names);
    info->fh = (uintptr_t)names;
    if (fuse_reply_open(request, info) != 0) {
        sim_names_clear(names);
        free(names);
    }
}

static struct sim_disk_names *names_of(const struct fuse_file_info *info)
{
    return (struct sim_disk_names *)(uintptr_t)info->fh; /* NOLINT: where FUSE keeps it */
}

static void do_releasedir(fuse_req_t request, fuse_ino_t number,
                          struct fuse_file_info *info)
{
    (void)number;
    sim_names_clear(names_of(info));
    free(names_of(info));
    reply_status(request, 0);
}

/* The folder itself, the one it is in, and what is in it. */
static size_t add_name(fuse_req_t request, char *out, size_t room, fuse_ino_t folder,
                       const struct sim_disk_names *names, size_t at)
{
    const struct sim_disk_name dots[] = {{(char[]){"."}, folder},
                                         {(char[]){".."}, folder}};
    const struct sim_disk_name *there = at < 2 ? &dots[at] : &names->list[at - 2];
    const struct stat found = {
        .st_ino = there->number,
        .st_mode = sim_disk_node(disk_of(request), there->number)->mode};

    return fuse_add_direntry(request, out, room, there->text, &found, (off_t)at + 1);
}

static void do_readdir(fuse_req_t request, fuse_ino_t folder, size_t room, off_t offset,
                       struct fuse_file_info *info)
{
    const struct sim_disk_names *names = names_of(info);
    char *list = calloc(1, room + 1);
    size_t used = 0;

    if (!list) {
        reply_status(request, ENOMEM);
        return;
    }
    for (size_t at = (size_t)offset; at < names->count + 2; at++) {
        const size_t size = add_name(request, list + used, room - used, folder, names,
                                     at);

        if (size > room - used)
            break;
        used += size;
    }
    (void)fuse_reply_buf(request, list, used);
    free(list);
}

/* ---- files ---- */

static void do_getattr(fuse_req_t request, fuse_ino_t number, struct fuse_file_info *info)
{
    const struct stat found = about(disk_of(request), number);

    (void)info;
    if (disk_of(request)->is_cut)
        reply_status(request, EIO);
    else
        (void)fuse_reply_attr(request, &found, REMEMBERED_S);
}

static void do_setattr(fuse_req_t request, fuse_ino_t number, struct stat *wanted,
                       int which, struct fuse_file_info *info)
{
    struct sim_disk *disk = disk_of(request);
    struct sim_disk_node *node = sim_disk_node(disk, number);
    int failed = disk->is_read_only ? EROFS : 0;

    if (!failed && which & FUSE_SET_ATTR_SIZE)
        failed = sim_disk_resize(disk, number, (uint64_t)wanted->st_size);
    if (failed) {
        reply_status(request, failed);
        return;
    }
    if (which & FUSE_SET_ATTR_MODE)
        node->mode = (node->mode & (mode_t)S_IFMT) | (wanted->st_mode & ~(mode_t)S_IFMT);
    if (which & FUSE_SET_ATTR_UID)
        node->user = wanted->st_uid;
    if (which & FUSE_SET_ATTR_GID)
        node->group = wanted->st_gid;
    do_getattr(request, number, info);
}

static void do_open(fuse_req_t request, fuse_ino_t number, struct fuse_file_info *info)
{
    if (disk_of(request)->is_cut) {
        reply_status(request, EIO);
        return;
    }
    sim_disk_open(disk_of(request), number);
    info->keep_cache = 1;
    if (fuse_reply_open(request, info) != 0)
        sim_disk_close(disk_of(request), number);
}

static void do_release(fuse_req_t request, fuse_ino_t number, struct fuse_file_info *info)
{
    (void)info;
    sim_disk_close(disk_of(request), number);
    reply_status(request, 0);
}

static void do_read(fuse_req_t request, fuse_ino_t number, size_t size, off_t offset,
                    struct fuse_file_info *info)
{
    const struct sim_disk_node *node = sim_disk_node(disk_of(request), number);
    uint8_t *bytes = disk_of(request)->is_cut ? NULL : calloc(1, size + 1);

    (void)info;
    if (!bytes) {
        reply_status(request, EIO);
        return;
    }
    (void)fuse_reply_buf(request, (const char *)bytes,
                         sim_content_read(&node->content, bytes, size, (uint64_t)offset));
    free(bytes);
}

static void do_write(fuse_req_t request, fuse_ino_t number, const char *bytes,
                     size_t size, off_t offset, struct fuse_file_info *info)
{
    const struct troth_span span = {(const uint8_t *)bytes, size};
    size_t written;
    const int failed = sim_disk_write(disk_of(request), &written, number, span,
                                      (uint64_t)offset);

    (void)info;
    if (failed)
        reply_status(request, failed);
    else
        (void)fuse_reply_write(request, written);
}

static void do_fsync(fuse_req_t request, fuse_ino_t number, int only_data,
                     struct fuse_file_info *info)
{
    (void)only_data;
    (void)info;
    reply_status(request, sim_disk_sync(disk_of(request), number));
}

static void do_statfs(fuse_req_t request, fuse_ino_t number)
{
    const struct sim_room *room = &disk_of(request)->room;
    const uint64_t most = room->most ? room->most : room->used + ((uint64_t)1 << 20);
    const struct statvfs found = {
        .f_bsize = SIM_DISK_PAGE,
        .f_frsize = SIM_DISK_PAGE,
        .f_blocks = most,
        .f_bfree = most > room->used ? most - room->used : 0,
        .f_bavail = most > room->used ? most - room->used : 0,
        .f_namemax = SIM_DISK_NAME_MAX,
    };

    (void)number;
    (void)fuse_reply_statfs(request, &found);
}

static const struct fuse_lowlevel_ops operations = {
    .lookup = do_lookup,
    .getattr = do_getattr,
    .setattr = do_setattr,
    .mkdir = do_mkdir,
    .unlink = do_unlink,
    .rmdir = do_rmdir,
    .rename = do_rename,
    .link = do_link,
    .create = do_create,
    .open = do_open,
    .read = do_read,
    .write = do_write,
    .release = do_release,
    .fsync = do_fsync,
    .opendir = do_opendir,
    .readdir = do_readdir,
    .releasedir = do_releasedir,
    .fsyncdir = do_fsync,
    .statfs = do_statfs,
};

/* ---- its life ---- */

int sim_disk_mount(struct fuse_session **out, struct sim_disk *disk, const char *folder)
{
    char name[] = "troth-sim", flag[] = "-o";
    char options[] = "default_permissions,fsname=troth-sim";
    char *words[] = {name, flag, options};
    struct fuse_args arguments = FUSE_ARGS_INIT(3, words);
    struct fuse_session *session = fuse_session_new(&arguments, &operations,
                                                    sizeof operations, disk);

    fuse_opt_free_args(&arguments);
    *out = NULL;
    if (!session)
        return ENOMEM;
    errno = 0;
    if (fuse_session_mount(session, folder) != 0) {
        const int error = errno;

        fuse_session_destroy(session);
        return error ? error : EIO;
    }
    *out = session;
    return 0;
}

int sim_disk_descriptor(const struct fuse_session *session)
{
    return fuse_session_fd((struct fuse_session *)(uintptr_t)session); /* NOLINT */
}

bool sim_disk_answer(struct fuse_session *session)
{
    struct fuse_buf buffer = {.mem = NULL};
    const int len = fuse_session_receive_buf(session, &buffer);

    if (len > 0)
        fuse_session_process_buf(session, &buffer);
    free(buffer.mem);
    return len > 0 || len == -EINTR || len == -EAGAIN;
}

void sim_disk_unmount(struct fuse_session *session)
{
    if (!session)
        return;
    fuse_session_unmount(session);
    fuse_session_destroy(session);
}
