/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two rounds over the image's bytes. The first reads the sources once and writes the
 * file, with its CRC, and digests each source file that somebody asks for. The CRC stands
 * before everything else, so that no digest of the file can begin before the CRC has
 * ended; therefore, the second reads the file as a stranger would, from the page cache,
 * and takes all digests at once, each with a thread. What is printed is so what is in the
 * file. Taking the registers in the first round would not save time: they and the file's
 * SHA-256 keep two processors busy either way.
 */
#include "builder/image_file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "builder/image_ramdisk.h"
#include "builder/image_sums.h"
#include "builder/passes.h"

/* What AWS's own builder puts there; nobody obeys them. */
#define DEFAULT_MEMORY ((uint64_t)1024 * 1024 * 1024)
#define DEFAULT_CPUS   2

#define NAME "the image" /* in problems: a file that has no name yet */

enum { CRC = 0, WRITE, FILES, PASSES }; /* the last, where somebody asks for it */
#define TO_WRITE (1U << WRITE)
#define TO_ALL   (1U << CRC | TO_WRITE | 1U << FILES)

/* The CRC is that of the first round. */
#define BUILT                                                                            \
    (TROTH_SUM_BIT(TROTH_SUM_PCR0) | TROTH_SUM_BIT(TROTH_SUM_PCR2) |                     \
     TROTH_SUM_BIT(TROTH_SUM_FILE) | TROTH_SUM_BIT(TROTH_SUM_KERNEL))
#define INITRD (TROTH_SUM_BIT(TROTH_SUM_INITRD256) | TROTH_SUM_BIT(TROTH_SUM_INITRD384))

enum { KERNEL = 0, CMDLINE, METADATA, BASE, APPLICATION, SECTIONS };

/* An image under way. */
struct image {
    const struct troth_image_parts *parts;
    struct troth_build_problem *problem;
    struct troth_passes *passes;
    struct troth_eif eif;
    int file;
    uint64_t total, section_start; /* of progress */
};

static bool passed(const struct image *image, int error)
{
    return error == 0 ||
           troth_build_fail_errno(image->problem, NAME, "cannot be written", error);
}

static bool feed(const struct image *image, struct troth_span bytes)
{
    return passed(image, troth_passes_feed(image->passes, bytes));
}

static void tell_progress(void *state, uint64_t done)
{
    const struct image *image = state;

    if (image->parts->progress)
        image->parts->progress(image->parts->state, image->section_start + done,
                               image->total);
}

/* ---- what is known before anything is written ---- */

static bool check_parts(const struct image *image)
{
    uint64_t size;

    if (!troth_image_file_size(&size, image->problem, NAME, image->file))
        return false;
    if (size != 0)
        return troth_build_fail(image->problem, NAME,
                                "is written to a file with content");
    if (image->parts->time_s < 0 || image->parts->time_s > UINT32_MAX)
        return troth_build_fail(image->problem, "time",
                                "is not between 1970 and 2106, as a ramdisk has it");
    return true;
}

static bool lay_out(struct image *image)
{
    const struct troth_image_parts *parts = image->parts;
    struct troth_fault fault;
    uint64_t kernel_size;

    if (!troth_image_file_size(&kernel_size, image->problem, "the kernel", parts->kernel))
        return false;
    image->eif = (struct troth_eif){
        .version = 4,
        .aarch64 = parts->aarch64,
        .default_memory = DEFAULT_MEMORY,
        .default_cpus = DEFAULT_CPUS,
        .sections = {[KERNEL] = {.kind = TROTH_EIF_KERNEL, .size = kernel_size},
                     [CMDLINE] = {.kind = TROTH_EIF_CMDLINE, .size = parts->cmdline.len},
                     [METADATA] = {.kind = TROTH_EIF_METADATA,
                                   .size = parts->metadata.len},
                     [BASE] = {.kind = TROTH_EIF_RAMDISK,
                               .size = troth_ramdisk_size(parts->ramdisks[0])},
                     [APPLICATION] = {.kind = TROTH_EIF_RAMDISK,
                                      .size = troth_ramdisk_size(parts->ramdisks[1])}},
        .count = SECTIONS,
    };
    if (troth_eif_lay_out(&image->eif, &fault))
        return troth_build_fail(image->problem, NAME, "has no valid form: %s: %s",
                                fault.field, troth_err_text(fault.err));
    image->total = 2 * image->eif.size; /* it is written, then read */
    return true;
}

/* ---- the first round ---- */

static bool write_header(const struct image *image)
{
    uint8_t header[TROTH_EIF_HEADER_SIZE];
    const struct troth_span all = {header, sizeof(header)};

    troth_eif_write_header(header, &image->eif);
    troth_passes_choose(image->passes, TO_ALL);
    if (!feed(image, (struct troth_span){all.ptr, TROTH_EIF_CRC_OFFSET}))
        return false;
    /* The CRC is of everything but itself. */
    troth_passes_choose(image->passes, TO_WRITE);
    if (!feed(image, (struct troth_span){all.ptr + TROTH_EIF_CRC_OFFSET,
                                         all.len - TROTH_EIF_CRC_OFFSET}))
        return false;
    troth_passes_choose(image->passes, TO_ALL);
    return true;
}

static bool write_kernel(const struct image *image)
{
    const uint64_t size = image->eif.sections[KERNEL].size;
    uint64_t now;

    for (uint64_t done = 0; done < size;) {
        uint8_t *room;
        size_t len;

        if (!passed(image, troth_passes_room(image->passes, &room, &len)))
            return false;
        if (len > size - done)
            len = (size_t)(size - done);
        if (!troth_image_read_at(image->problem, "the kernel", image->parts->kernel, room,
                                 len, done) ||
            !passed(image, troth_passes_filled(image->passes, len)))
            return false;
        done += len;
    }
    if (!troth_image_file_size(&now, image->problem, "the kernel", image->parts->kernel))
        return false;
    return now == size || troth_build_fail(image->problem, "the kernel",
                                           "was changed while it was read");
}

static uint8_t *digest_of(void *state, const struct troth_tree_entry *entry)
{
    const struct image *image = state;

    return image->parts->digest_of(image->parts->state, entry);
}

static bool write_data(struct image *image, size_t section)
{
    const struct troth_image_parts *parts = image->parts;

    switch (section) {
    case KERNEL:
        return write_kernel(image);
    case CMDLINE:
        return feed(image, parts->cmdline);
    case METADATA:
        return feed(image, parts->metadata);
    default:
        return troth_ramdisk_write(
            image->passes, image->problem, parts->ramdisks[section - BASE],
            (uint32_t)parts->time_s,
            &(struct troth_ramdisk_ear){tell_progress,
                                        parts->digest_of ? digest_of : NULL, image});
    }
}

static bool write_sections(struct image *image)
{
    if (!write_header(image))
        return false;
    for (size_t i = 0; i < image->eif.count; i++) {
        uint8_t header[TROTH_EIF_SECTION_HEADER_SIZE];

        image->section_start = image->eif.sections[i].offset;
        troth_eif_write_section(header, &image->eif.sections[i]);
        if (!feed(image, (struct troth_span){header, sizeof(header)}) ||
            !write_data(image, i))
            return false;
        tell_progress(image, image->eif.sections[i].size);
    }
    return true;
}

/* Now that the CRC is known. */
static bool rewrite_header(const struct image *image)
{
    uint8_t header[TROTH_EIF_HEADER_SIZE];

    troth_eif_write_header(header, &image->eif);
    for (size_t done = 0; done < sizeof(header);) {
        const ssize_t wrote = pwrite(image->file, header + done, sizeof(header) - done,
                                     (off_t)done);

        if (wrote < 0 && errno != EINTR)
            return passed(image, errno);
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    return true;
}

static bool write_file(struct image *image)
{
    struct troth_pass passes[PASSES] = {
        [CRC] = {.kind = TROTH_PASS_CRC32},
        [WRITE] = {.kind = TROTH_PASS_WRITE, .descriptor = image->file},
        [FILES] = {.kind = TROTH_PASS_PARTS},
    };
    const size_t count = image->parts->digest_of ? PASSES : FILES;
    bool done;

    if (!passed(image, troth_passes_start(&image->passes, passes, count)))
        return false;
    done = write_sections(image);

    const int failed = troth_passes_finish(image->passes);

    if (!done || !passed(image, failed))
        return false;
    image->eif.crc = passes[CRC].crc;
    return rewrite_header(image);
}

/* ---- the second ---- */

static bool is_as_laid_out(const struct troth_eif *seen, const struct troth_eif *wanted)
{
    bool same = seen->size == wanted->size && seen->count == wanted->count &&
                seen->crc == wanted->crc;

    for (size_t i = 0; same && i < seen->count; i++)
        same = seen->sections[i].kind == wanted->sections[i].kind &&
               seen->sections[i].offset == wanted->sections[i].offset &&
               seen->sections[i].size == wanted->sections[i].size;
    return same;
}

static bool fill(struct troth_image_written *out, const struct image *image,
                 const struct troth_crypto *crypto, const struct troth_image_sums *sums)
{
    const struct troth_eif_section *sections = image->eif.sections;

    if (!is_as_laid_out(&sums->eif, &image->eif))
        return troth_build_fail(image->problem, NAME,
                                "holds something else than was written to it");
    if (!troth_image_facts_of_sums(&out->facts, image->problem, crypto, NAME, sums))
        return false;
    memcpy(out->kernel_sha256, sums->digests[TROTH_SUM_KERNEL],
           sizeof(out->kernel_sha256));
    memcpy(out->initrd_sha256, sums->digests[TROTH_SUM_INITRD256],
           sizeof(out->initrd_sha256));
    memcpy(out->initrd_sha384, sums->digests[TROTH_SUM_INITRD384],
           sizeof(out->initrd_sha384));
    out->kernel_size = sections[KERNEL].size;
    out->initrd_size = sections[BASE].size + sections[APPLICATION].size;
    return true;
}

static bool measure_file(struct troth_image_written *out, const struct image *image,
                         const struct troth_crypto *crypto)
{
    const struct troth_image_reading reading = {
        .name = NAME,
        .file = image->file,
        .wanted = image->parts->no_initrd_digests ? BUILT : BUILT | INITRD,
        .progress = image->parts->progress,
        .state = image->parts->state,
        .done_before = image->eif.size,
        .total = image->total,
    };
    struct troth_image_sums sums;
    bool done;

    if (!troth_image_sums_read(&sums, image->problem, &reading))
        return false;
    done = fill(out, image, crypto, &sums);
    troth_image_sums_release(&sums);
    return done;
}

bool troth_image_write(struct troth_image_written *out,
                       struct troth_build_problem *problem,
                       const struct troth_crypto *crypto, int file,
                       const struct troth_image_parts *parts)
{
    struct image image = {.parts = parts, .problem = problem, .file = file};

    memset(out, 0, sizeof(*out));
    if (check_parts(&image) && lay_out(&image) && write_file(&image) &&
        measure_file(out, &image, crypto))
        return true;
    memset(out, 0, sizeof(*out));
    return false;
}
