/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/machine_boot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "builder/image_file.h"
#include "builder/passes.h"
#include "cli/image/build_problem.h"

/* An open file that is digested. */
struct feed {
    struct troth_passes *passes;
    int file;
    uint64_t size; /* that passed so far */
};

/* Up to `limit` bytes from where the file stands; fewer where it ends. An errno. */
static int feed_bytes(struct feed *feed, uint64_t limit)
{
    while (limit > 0) {
        uint8_t *room;
        size_t len;
        const int failed = troth_passes_room(feed->passes, &room, &len);
        ssize_t got;

        if (failed)
            return failed;
        do {
            got = read(feed->file, room, len < limit ? len : (size_t)limit);
        } while (got < 0 && errno == EINTR);
        if (got < 0)
            return errno;
        const int full = troth_passes_filled(feed->passes, (size_t)got);

        if (full || got == 0)
            return full;
        feed->size += (uint64_t)got;
        limit -= (uint64_t)got;
    }
    return 0;
}

/* A file to its end, or an image's ramdisks, one after the other. */
static int feed_all(struct feed *feed, const struct troth_eif *eif)
{
    if (!eif)
        return feed_bytes(feed, UINT64_MAX);
    for (size_t i = 0; i < eif->count; i++) {
        const struct troth_eif_section *section = &eif->sections[i];
        const uint64_t before = feed->size;
        int failed;

        if (section->kind != TROTH_EIF_RAMDISK)
            continue;
        if (lseek(feed->file, (off_t)section->offset, SEEK_SET) < 0)
            return errno;
        failed = feed_bytes(feed, section->size);
        if (failed || feed->size - before != section->size)
            return failed ? failed : EIO;
    }
    return 0;
}

static bool digest_initrd(struct troth_machine_boot *out, struct troth_problem *problem,
                          struct feed *feed, const struct troth_eif *eif,
                          enum troth_hash hash)
{
    struct troth_pass pass = {.kind = hash == TROTH_SHA256 ? TROTH_PASS_SHA256
                                                           : TROTH_PASS_SHA384};
    int failed = troth_passes_start(&feed->passes, &pass, 1);
    int ended;

    if (failed)
        return troth_problem_memory(problem);
    failed = feed_all(feed, eif);
    ended = troth_passes_finish(feed->passes);
    if (failed || ended)
        return troth_problem_io(problem, "cannot read", "the initrd",
                                failed ? failed : ended);
    out->initrd_size = feed->size;
    memcpy(out->initrd, pass.digest, sizeof(out->initrd));
    return true;
}

static int open_file(struct troth_problem *problem, const char *path)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

    if (file < 0)
        (void)troth_problem_io(problem, "cannot open", path, errno);
    return file;
}

static bool read_initrd(struct troth_machine_boot *out, struct troth_problem *problem,
                        const char *path, enum troth_hash hash)
{
    struct feed feed = {.file = open_file(problem, path ? path : "/dev/null")};
    bool done;

    if (feed.file < 0)
        return false;
    done = digest_initrd(out, problem, &feed, NULL, hash);
    (void)close(feed.file);
    if (done && path && out->initrd_size == 0)
        return troth_problem_usage(problem,
                                   "%s: this initrd is empty: leave --initrd out", path);
    return done;
}

static bool copy_cmdline(struct troth_machine_boot *out, struct troth_problem *problem,
                         const char *text)
{
    out->cmdline = (struct troth_file){(uint8_t *)strdup(text), strlen(text)};
    return out->cmdline.bytes || troth_problem_memory(problem);
}

static bool read_files(struct troth_machine_boot *out, struct troth_problem *problem,
                       const struct troth_machine_order *order, enum troth_hash hash)
{
    const int failed = troth_file_read(&out->kernel, order->kernel,
                                       TROTH_MACHINE_KERNEL_MAX);

    if (failed)
        return troth_problem_io(problem, "cannot read", order->kernel, failed);
    return copy_cmdline(out, problem, order->cmdline ? order->cmdline : "") &&
           read_initrd(out, problem, order->initrd, hash);
}

/* A section's data and a zero. */
static bool read_section(struct troth_file *out, struct troth_problem *problem,
                         const char *name, int file,
                         const struct troth_eif_section *section)
{
    if (section->size > TROTH_MACHINE_KERNEL_MAX)
        return troth_problem_io(problem, "cannot read", name, EFBIG);
    out->len = (size_t)section->size;
    out->bytes = calloc(1, out->len + 1);
    if (!out->bytes)
        return troth_problem_memory(problem);
    for (size_t done = 0; done < out->len;) {
        const ssize_t got = pread(file, out->bytes + done, out->len - done,
                                  (off_t)(section->offset + done));

        if (got == 0 || (got < 0 && errno != EINTR))
            return troth_problem_io(problem, "cannot read", name, got ? errno : EIO);
        done += got > 0 ? (size_t)got : 0;
    }
    return true;
}

static bool read_sections(struct troth_machine_boot *out, struct troth_problem *problem,
                          const char *name, int file, const struct troth_eif *eif)
{
    for (size_t i = 0; i < eif->count; i++) {
        const struct troth_eif_section *section = &eif->sections[i];
        struct troth_file *to = section->kind == TROTH_EIF_KERNEL    ? &out->kernel
                                : section->kind == TROTH_EIF_CMDLINE ? &out->cmdline
                                                                     : NULL;

        if (to && !read_section(to, problem, name, file, section))
            return false;
    }
    if (strlen((const char *)out->cmdline.bytes) != out->cmdline.len)
        return troth_problem_usage(problem,
                                   "%s: its command line holds a zero byte, "
                                   "where any other machine would end it",
                                   name);
    return true;
}

static bool read_open_image(struct troth_machine_boot *out, struct troth_problem *problem,
                            const char *name, struct feed *feed, enum troth_hash hash)
{
    struct troth_build_problem why;
    struct troth_eif eif;

    if (!troth_image_open(&eif, &why, name, feed->file))
        return troth_problem_of_build(problem, &why);
    if (eif.aarch64)
        return troth_problem_usage(problem,
                                   "%s: is for aarch64, which has neither "
                                   "SEV-SNP nor TDX",
                                   name);
    return read_sections(out, problem, name, feed->file, &eif) &&
           digest_initrd(out, problem, feed, &eif, hash);
}

static bool read_image(struct troth_machine_boot *out, struct troth_problem *problem,
                       const char *path, enum troth_hash hash)
{
    struct feed feed = {.file = open_file(problem, path)};
    bool done;

    if (feed.file < 0)
        return false;
    done = read_open_image(out, problem, path, &feed, hash);
    (void)close(feed.file);
    return done;
}

bool troth_machine_boot_read(struct troth_machine_boot *out,
                             struct troth_problem *problem,
                             const struct troth_machine_order *order,
                             enum troth_hash hash)
{
    bool done = true;

    *out = (struct troth_machine_boot){.has_kernel = order->kernel || order->eif};
    if (order->eif)
        done = read_image(out, problem, order->eif, hash);
    else if (order->kernel)
        done = read_files(out, problem, order, hash);
    if (!done)
        troth_machine_boot_release(out);
    return done;
}

void troth_machine_boot_release(struct troth_machine_boot *boot)
{
    troth_file_release(&boot->kernel);
    troth_file_release(&boot->cmdline);
    *boot = (struct troth_machine_boot){0};
}
