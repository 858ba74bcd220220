/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/boot_image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "sim/command.h"
#include "sim/supervise.h"
#include "troth/provider.h"

/* [LINUX] Documentation/arch/x86/boot.rst: the setup header's magic, and where the text
 * of the release is, counted from the second sector. */
enum { SECTOR = 512, MAGIC = 0x202, RELEASE = 0x20e, HEAD = 0x210 };

static void measure(struct sim_boot_image *image)
{
    struct troth_build_problem problem = {.subject = ""};
    struct troth_crypto crypto;

    if (troth_provider_create(&crypto))
        sim_die("out of memory");
    if (!troth_image_measure(&image->facts, &problem, &crypto, image->path,
                             image->file)) {
        (void)fprintf(stderr, "troth-sim: error: '%s': %s\n", image->path, problem.text);
        exit(SIM_STATUS_NOT_RUN);
    }
    troth_provider_destroy(&crypto);
    if (image->facts.eif.aarch64)
        sim_fail(SIM_STATUS_NOT_RUN,
                 "for a machine of another kind (aarch64):", image->path, 0);
}

static const struct troth_eif_section *section_of(const struct sim_boot_image *image,
                                                  enum troth_eif_kind kind)
{
    const struct troth_eif *eif = &image->facts.eif;

    for (size_t i = 0; i < eif->count; i++)
        if (eif->sections[i].kind == kind)
            return &eif->sections[i];
    sim_fail(SIM_STATUS_NOT_RUN, "there is none in the image:", troth_eif_kind_name(kind),
             0);
}

static void read_at(const struct sim_boot_image *image, uint8_t *out, size_t len,
                    uint64_t offset)
{
    if (pread(image->file, out, len, (off_t)offset) != (ssize_t)len)
        sim_fail(SIM_STATUS_NOT_RUN, "cannot read", image->path, EIO);
}

static void read_cmdline(struct sim_boot_image *image)
{
    const struct troth_eif_section *section = section_of(image, TROTH_EIF_CMDLINE);
    uint8_t text[TROTH_EIF_CMDLINE_MAX];

    read_at(image, text, (size_t)section->size, section->offset);
    sim_bytes_append(&image->cmdline, (struct troth_span){text, (size_t)section->size});
    sim_bytes_append_byte(&image->cmdline, 0);
}

/* Up to the blank behind it. A kernel that does not say it has no release. */
static void read_release(struct sim_boot_image *image)
{
    const struct troth_eif_section *section = section_of(image, TROTH_EIF_KERNEL);
    uint8_t head[HEAD];

    if (section->size < HEAD)
        return;
    read_at(image, head, sizeof head, section->offset);

    const uint64_t at = (uint64_t)SECTOR + head[RELEASE] +
                        ((uint64_t)head[RELEASE + 1] << 8);

    if (memcmp(head + MAGIC, "HdrS", 4) != 0 ||
        at + sizeof image->release > section->size)
        return;
    read_at(image, (uint8_t *)image->release, sizeof image->release - 1,
            section->offset + at);
    image->release[strcspn(image->release, " /")] = 0;
}

struct sim_boot_image sim_boot_image_open(const char *path)
{
    struct sim_boot_image image = {.path = path,
                                   .file = open(path, O_RDONLY | O_CLOEXEC)};

    if (image.file < 0)
        sim_fail(SIM_STATUS_NOT_RUN, "cannot open", path, errno);
    measure(&image);
    read_cmdline(&image);
    read_release(&image);
    return image;
}

static void append(int out, const struct sim_boot_image *image,
                   const struct troth_eif_section *section)
{
    off_t offset = (off_t)section->offset;

    for (uint64_t left = section->size; left > 0;) {
        const ssize_t part = sendfile(out, image->file, &offset, (size_t)left);

        if (part <= 0)
            sim_fail(SIM_STATUS_NOT_RUN, "cannot copy", image->path,
                     part < 0 ? errno : EIO);
        left -= (uint64_t)part;
    }
}

int sim_boot_image_copy(const struct sim_boot_image *image, enum troth_eif_kind kind,
                        struct troth_span before)
{
    const struct troth_eif *eif = &image->facts.eif;
    const int out = memfd_create("troth-sim", 0);

    if (out < 0)
        sim_fail(SIM_STATUS_NOT_RUN, "cannot make a file for", image->path, errno);
    for (size_t done = 0; done < before.len;) {
        const ssize_t part = write(out, before.ptr + done, before.len - done);

        if (part <= 0)
            sim_fail(SIM_STATUS_NOT_RUN, "cannot copy", image->path, errno);
        done += (size_t)part;
    }
    for (size_t i = 0; i < eif->count; i++)
        if (eif->sections[i].kind == kind)
            append(out, image, &eif->sections[i]);
    return out;
}
