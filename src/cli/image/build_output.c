/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/build_output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

bool troth_build_output_begin(struct troth_build_output *out,
                              struct troth_problem *problem, const char *folder)
{
    *out = (struct troth_build_output){.path = folder, .folder = -1};
    out->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return out->folder >= 0 ||
           troth_problem_io(problem, "cannot write into", folder, errno);
}

/* A name that nobody else has now: processes differ, and the files of one. */
static void temporary_name(struct troth_build_output_file *file, unsigned number)
{
    (void)snprintf(file->written, sizeof file->written, ".troth-build-%ld-%u",
                   (long)getpid(), number);
}

/* Where files cannot be without a name. */
static int create_named(const struct troth_build_output *out,
                        struct troth_build_output_file *file)
{
    const int flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC;
    int made;

    temporary_name(file, out->count);
    made = openat(out->folder, file->written, flags, 0666);
    /* A process that was killed had the same number. */
    if (made < 0 && errno == EEXIST && unlinkat(out->folder, file->written, 0) == 0)
        made = openat(out->folder, file->written, flags, 0666);
    if (made < 0)
        file->written[0] = '\0';
    return made;
}

int troth_build_output_add(struct troth_build_output *out, struct troth_problem *problem)
{
    struct troth_build_output_file *file = &out->files[out->count];

    file->descriptor = openat(out->folder, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
    if (file->descriptor < 0 && (errno == EOPNOTSUPP || errno == EISDIR))
        file->descriptor = create_named(out, file);
    if (file->descriptor < 0)
        (void)troth_problem_io(problem, "cannot write into", out->path, errno);
    else
        out->count++;
    return file->descriptor;
}

bool troth_build_output_name(struct troth_build_output *out,
                             struct troth_problem *problem, unsigned file,
                             const char *stem, const char *ending)
{
    struct troth_build_output_file *row = &out->files[file];
    struct stat about;
    const int len = snprintf(row->name, sizeof row->name, "%s%s", stem, ending);

    if (len < 0 || (size_t)len >= sizeof row->name)
        return troth_problem_io(problem, "cannot write", stem, ENAMETOOLONG);
    if (fstatat(out->folder, row->name, &about, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISDIR(about.st_mode))
        return troth_problem_io(problem, "cannot write", row->name, EISDIR);
    return true;
}

bool troth_build_output_write(struct troth_build_output *out,
                              struct troth_problem *problem, unsigned file,
                              struct troth_span bytes)
{
    const struct troth_build_output_file *row = &out->files[file];

    while (bytes.len > 0) {
        const ssize_t put = write(row->descriptor, bytes.ptr, bytes.len);

        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return troth_problem_io(problem, "cannot write", row->name, errno);
        bytes = (struct troth_span){bytes.ptr + put, bytes.len - (size_t)put};
    }
    return true;
}

/* A process that was killed had the same number, and leaves its names. */
static int link_file(const struct troth_build_output *out, const char *open_file,
                     const char *name)
{
    if (!linkat(AT_FDCWD, open_file, out->folder, name, AT_SYMLINK_FOLLOW))
        return 0;
    if (errno != EEXIST || unlinkat(out->folder, name, 0))
        return errno;
    return linkat(AT_FDCWD, open_file, out->folder, name, AT_SYMLINK_FOLLOW) ? errno : 0;
}

static bool give_name(struct troth_build_output *out, struct troth_problem *problem,
                      unsigned i)
{
    struct troth_build_output_file *row = &out->files[i];

    if (!row->written[0]) {
        char open_file[48];
        int failed;

        (void)snprintf(open_file, sizeof open_file, "/proc/self/fd/%d", row->descriptor);
        temporary_name(row, i);
        failed = link_file(out, open_file, row->written);
        if (failed) {
            row->written[0] = '\0';
            return troth_problem_io(problem, "cannot write", row->name, failed);
        }
    }
    return true;
}

bool troth_build_output_commit(struct troth_build_output *out,
                               struct troth_problem *problem)
{
    unsigned done = 0;

    for (unsigned i = 0; i < out->count; i++)
        if (!give_name(out, problem, i))
            return false;
    while (done < out->count) {
        struct troth_build_output_file *row = &out->files[done];

        if (renameat(out->folder, row->written, out->folder, row->name)) {
            (void)troth_problem_io(problem, "cannot write", row->name, errno);
            break;
        }
        row->written[0] = '\0';
        done++;
    }
    if (done == out->count)
        return true;
    while (done-- > 0)
        (void)unlinkat(out->folder, out->files[done].name, 0);
    return false;
}

void troth_build_output_end(struct troth_build_output *out)
{
    for (unsigned i = 0; i < out->count; i++) {
        if (out->files[i].written[0])
            (void)unlinkat(out->folder, out->files[i].written, 0);
        (void)close(out->files[i].descriptor);
    }
    if (out->folder >= 0)
        (void)close(out->folder);
    *out = (struct troth_build_output){.folder = -1};
}
