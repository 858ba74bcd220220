/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/tsm_fuse.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FUSE_USE_VERSION 31
#include <fuse_lowlevel.h>

#define TRICKLE 500 /* bytes */

/* One thread answers everything, as the kernel has one lock for all of it; nothing is
 * remembered by the kernel, so that every question comes here. */

/* An open file: configfs reads the whole when it is first read, and takes what was
 * written when it is closed. */
struct open_file {
    struct sim_node node;
    bool is_filled, is_dirty;
    struct sim_bytes content;
    bool is_trickle;
};

static struct sim_tsm *tsm_of(fuse_req_t request)
{
    return fuse_req_userdata(request);
}

static struct open_file *file_of(const struct fuse_file_info *info)
{
    return (struct open_file *)(uintptr_t)info->fh; /* NOLINT: where FUSE keeps it */
}

/* Only death ends the waiting: FUSE would have the dying wait for an answer, too. */
static void let_die(fuse_req_t request, void *unused)
{
    (void)unused;
    (void)fuse_reply_err(request, EINTR);
}

static void reply_error(fuse_req_t request, int error)
{
    if (error == SIM_TSM_NO_ANSWER)
        fuse_req_interrupt_func(request, let_die, NULL);
    else
        (void)fuse_reply_err(request, error);
}

static struct stat about(const struct sim_node *node, uint64_t number)
{
    return (struct stat){
        .st_ino = number,
        .st_mode = node->mode,
        .st_nlink = S_ISDIR(node->mode) ? 2 : 1,
        .st_uid = node->owner.is_given ? node->owner.user : geteuid(),
        .st_gid = node->owner.is_given ? node->owner.group : getegid(),
        .st_size = (off_t)node->size,
    };
}

static void reply_entry(fuse_req_t request, uint64_t number)
{
    const struct sim_node node = sim_tree_node(tsm_of(request), number);
    const struct fuse_entry_param entry = {.ino = number, .attr = about(&node, number)};

    if (node.kind == SIM_NODE_NONE)
        reply_error(request, ENOENT);
    else
        (void)fuse_reply_entry(request, &entry);
}

static void do_lookup(fuse_req_t request, fuse_ino_t parent, const char *name)
{
    reply_entry(request, sim_tree_lookup(tsm_of(request), parent, name));
}

static void do_getattr(fuse_req_t request, fuse_ino_t number, struct fuse_file_info *info)
{
    const struct sim_node node = sim_tree_node(tsm_of(request), number);
    const struct stat found = about(&node, number);

    (void)info;
    if (node.kind == SIM_NODE_NONE)
        reply_error(request, ENOENT);
    else
        (void)fuse_reply_attr(request, &found, 0);
}

/* That this process may give it away is for the kernel to say. */
static bool give(fuse_req_t request, fuse_ino_t number, const struct stat *wanted,
                 int which)
{
    const struct sim_node node = sim_tree_node(tsm_of(request), number);
    const struct stat now = about(&node, number);
    const struct sim_tsm_owner owner = {
        .is_given = true,
        .user = which & FUSE_SET_ATTR_UID ? wanted->st_uid : now.st_uid,
        .group = which & FUSE_SET_ATTR_GID ? wanted->st_gid : now.st_gid,
    };

    return !(which & (FUSE_SET_ATTR_UID | FUSE_SET_ATTR_GID)) ||
           sim_tree_give(tsm_of(request), number, owner);
}

/* A shell truncates what it is about to write to; that changes nothing. */
static void do_setattr(fuse_req_t request, fuse_ino_t number, struct stat *wanted,
                       int which, struct fuse_file_info *info)
{
    const int harmless = FUSE_SET_ATTR_SIZE | FUSE_SET_ATTR_ATIME | FUSE_SET_ATTR_MTIME |
                         FUSE_SET_ATTR_CTIME | FUSE_SET_ATTR_ATIME_NOW |
                         FUSE_SET_ATTR_MTIME_NOW;
    const int known = harmless | FUSE_SET_ATTR_UID | FUSE_SET_ATTR_GID;

    if (which & ~known || !give(request, number, wanted, which))
        reply_error(request, EPERM);
    else
        do_getattr(request, number, info);
}

static void do_mkdir(fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode)
{
    const int error = parent == SIM_NODE_REPORTS ? sim_tsm_make(tsm_of(request), name)
                                                 : EPERM;

    (void)mode;
    if (error)
        reply_error(request, error);
    else
        reply_entry(request, sim_tree_lookup(tsm_of(request), parent, name));
}

static void do_rmdir(fuse_req_t request, fuse_ino_t parent, const char *name)
{
    reply_error(request, parent == SIM_NODE_REPORTS
                             ? sim_tsm_remove(tsm_of(request), name)
                             : EPERM);
}

/* The folder itself, the one it is in, and what is in it. */
static const char *list_at(struct sim_tsm *tsm, uint64_t folder, size_t at,
                           struct stat *out)
{
    static const char *const dots[] = {".", ".."};
    const uint64_t number = at < 2 ? folder : sim_tree_list(tsm, folder, at - 2);
    const struct sim_node node = sim_tree_node(tsm, number);

    *out = about(&node, number);
    if (number == 0)
        return NULL;
    return at < 2 ? dots[at] : node.name;
}

static void do_readdir(fuse_req_t request, fuse_ino_t folder, size_t room, off_t offset,
                       struct fuse_file_info *info)
{
    char *list = calloc(1, room + 1);
    size_t used = 0;

    (void)info;
    if (!list) {
        reply_error(request, ENOMEM);
        return;
    }
    for (size_t at = (size_t)offset;; at++) {
        struct stat found;
        const char *name = list_at(tsm_of(request), folder, at, &found);
        const size_t size = name ? fuse_add_direntry(request, list + used, room - used,
                                                     name, &found, (off_t)at + 1)
                                 : 0;

        if (!name || size > room - used)
            break;
        used += size;
    }
    (void)fuse_reply_buf(request, list, used);
    free(list);
}

/* The rights of configfs hold for root as well. */
static bool may_open(const struct sim_node *node, int flags)
{
    const int how = flags & O_ACCMODE;
    const bool reads = how == O_RDONLY || how == O_RDWR;
    const bool writes = how == O_WRONLY || how == O_RDWR;

    return (!reads || node->mode & 0444) && (!writes || node->mode & 0222);
}

static void do_open(fuse_req_t request, fuse_ino_t number, struct fuse_file_info *info)
{
    const struct sim_node node = sim_tree_node(tsm_of(request), number);
    struct open_file *file;

    if (node.kind != SIM_NODE_ATTRIBUTE && node.kind != SIM_NODE_REGISTER) {
        reply_error(request, node.kind == SIM_NODE_NONE ? ENOENT : EISDIR);
        return;
    }
    if (!may_open(&node, info->flags)) {
        reply_error(request, EACCES);
        return;
    }
    file = calloc(1, sizeof *file);
    if (!file) {
        reply_error(request, ENOMEM);
        return;
    }
    file->node = node;
    info->fh = (uintptr_t)file;
    info->direct_io = 1; /* reads and writes come as they were made */
    if (fuse_reply_open(request, info) != 0)
        free(file);
}

/* Once an opening, so that one reader never sees halves of two reports. */
static int fill(struct sim_tsm *tsm, struct open_file *file)
{
    const struct sim_node *node = &file->node;
    int error = 0;

    if (file->is_filled)
        return 0;
    if (node->kind == SIM_NODE_REGISTER) {
        sim_bytes_append(&file->content,
                         (struct troth_span){sim_tree_value(tsm, node->reg), node->size});
    } else {
        struct sim_tsm_report *report = sim_tsm_find(tsm, node->serial);

        error = report ? sim_tsm_show(tsm, report, node->attribute, &file->content)
                       : ENOENT;
        file->is_trickle = node->attribute == SIM_TSM_OUTBLOB &&
                           sim_tsm_fault_strikes(&tsm->fault, SIM_TSM_TRICKLE);
    }
    file->is_filled = !error;
    return error;
}

static void do_read(fuse_req_t request, fuse_ino_t number, size_t size, off_t offset,
                    struct fuse_file_info *info)
{
    struct open_file *file = file_of(info);
    const int error = fill(tsm_of(request), file);
    const size_t at = (size_t)offset;

    (void)number;
    if (error) {
        reply_error(request, error);
        return;
    }
    const size_t left = at < file->content.len ? file->content.len - at : 0;
    const size_t most = file->is_trickle && left > TRICKLE ? TRICKLE : left;

    (void)fuse_reply_buf(request, left ? (const char *)file->content.ptr + at : NULL,
                         size < most ? size : most);
}

/* A binary attribute is gathered until it is closed; all else is taken at once. */
static int write_attribute(struct sim_tsm *tsm, struct open_file *file,
                           struct troth_span written, size_t at)
{
    struct sim_tsm_report *report = sim_tsm_find(tsm, file->node.serial);

    if (!report)
        return ENOENT;
    if (file->node.attribute != SIM_TSM_INBLOB)
        return sim_tsm_store(report, file->node.attribute, written);
    if (at > SIM_TSM_INBLOB_MAX || written.len > SIM_TSM_INBLOB_MAX - at)
        return EFBIG;
    if (file->content.len < at + written.len)
        sim_bytes_append_zeros(&file->content, at + written.len - file->content.len);
    memcpy(file->content.ptr + at, written.ptr, written.len);
    file->is_dirty = true;
    return 0;
}

/* What would go beyond the register's end is cut off, as sysfs does. */
static int write_register(struct sim_tsm *tsm, const struct sim_node *node,
                          struct troth_span *written, size_t at)
{
    unsigned rtmr;

    if (at >= node->size)
        return EFBIG;
    if (written->len > node->size - at)
        written->len = node->size - at;
    if (at != 0 || !sim_tree_is_rtmr(node->reg, &rtmr))
        return EINVAL;
    return sim_tsm_extend(tsm, rtmr, *written);
}

static void do_write(fuse_req_t request, fuse_ino_t number, const char *bytes,
                     size_t size, off_t offset, struct fuse_file_info *info)
{
    struct open_file *file = file_of(info);
    struct troth_span written = {(const uint8_t *)bytes, size};
    const int error =
        file->node.kind == SIM_NODE_REGISTER
            ? write_register(tsm_of(request), &file->node, &written, (size_t)offset)
            : write_attribute(tsm_of(request), file, written, (size_t)offset);

    (void)number;
    if (error)
        reply_error(request, error);
    else
        (void)fuse_reply_write(request, written.len);
}

/* The kernel waits for the answer to this when a file is closed, and for none to
 * release. */
static void do_flush(fuse_req_t request, fuse_ino_t number, struct fuse_file_info *info)
{
    struct open_file *file = file_of(info);
    struct sim_tsm_report *report = sim_tsm_find(tsm_of(request), file->node.serial);

    (void)number;
    if (file->is_dirty && report)
        (void)sim_tsm_store(report, file->node.attribute, sim_bytes_span(file->content));
    file->is_dirty = false;
    reply_error(request, 0);
}

static void do_release(fuse_req_t request, fuse_ino_t number, struct fuse_file_info *info)
{
    struct open_file *file = file_of(info);

    (void)number;
    sim_bytes_free(&file->content);
    free(file);
    reply_error(request, 0);
}

static const struct fuse_lowlevel_ops operations = {
    .lookup = do_lookup,
    .getattr = do_getattr,
    .setattr = do_setattr,
    .mkdir = do_mkdir,
    .rmdir = do_rmdir,
    .readdir = do_readdir,
    .open = do_open,
    .read = do_read,
    .write = do_write,
    .flush = do_flush,
    .release = do_release,
};

static void *answer(void *session)
{
    (void)fuse_session_loop(session);
    return NULL;
}

int sim_tsm_serve(struct sim_tsm *tsm, const char *folder)
{
    char name[] = "troth-sim", flag[] = "-o";
    char options[] = "default_permissions,allow_other,fsname=troth-sim";
    char *words[] = {name, flag, options};
    struct fuse_args arguments = FUSE_ARGS_INIT(3, words);
    struct fuse_session *session = fuse_session_new(&arguments, &operations,
                                                    sizeof operations, tsm);
    pthread_t thread;

    if (!session)
        return ENOMEM;
    errno = 0;
    if (fuse_session_mount(session, folder) != 0) {
        const int error = errno;

        fuse_session_destroy(session);
        return error ? error : EIO;
    }
    return pthread_create(&thread, NULL, answer, session);
}
