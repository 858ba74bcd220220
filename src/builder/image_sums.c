/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/image_sums.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "builder/passes.h"

#define BIT(sum) TROTH_SUM_BIT(sum)

/* A reading under way. */
struct reader {
    const struct troth_image_reading *reading;
    struct troth_build_problem *problem;
    struct troth_image_sums *sums;
    struct troth_passes *passes;
    struct stat before;
    uint64_t at; /* in the file */
    struct troth_pass results[TROTH_SUM_COUNT];
    size_t count, pass_of[TROTH_SUM_COUNT]; /* which of the results is a sum's */
    bool has_pcr1;
};

static const enum troth_pass_kind kinds[TROTH_SUM_COUNT] = {
    [TROTH_SUM_PCR0] = TROTH_PASS_SHA384,      [TROTH_SUM_PCR2] = TROTH_PASS_SHA384,
    [TROTH_SUM_FILE] = TROTH_PASS_SHA256,      [TROTH_SUM_CRC] = TROTH_PASS_CRC32,
    [TROTH_SUM_KERNEL] = TROTH_PASS_SHA256,    [TROTH_SUM_INITRD256] = TROTH_PASS_SHA256,
    [TROTH_SUM_INITRD384] = TROTH_PASS_SHA384,
};

/* What a section's data counts in. */
static unsigned sums_of_section(const struct troth_eif *eif, size_t index)
{
    const enum troth_eif_kind kind = eif->sections[index].kind;
    unsigned which = BIT(TROTH_SUM_FILE) | BIT(TROTH_SUM_CRC);

    if (troth_pcr_covers(TROTH_PCR0, eif, index))
        which |= BIT(TROTH_SUM_PCR0);
    if (troth_pcr_covers(TROTH_PCR2, eif, index))
        which |= BIT(TROTH_SUM_PCR2);
    if (kind == TROTH_EIF_KERNEL)
        which |= BIT(TROTH_SUM_KERNEL);
    if (kind == TROTH_EIF_RAMDISK)
        which |= BIT(TROTH_SUM_INITRD256) | BIT(TROTH_SUM_INITRD384);
    return which;
}

/* ---- files ---- */

bool troth_image_fail(struct troth_build_problem *problem, const char *name,
                      const struct troth_fault *fault)
{
    return troth_build_fail(problem, name, "is no strict EIF: %s: %s (offset %zu)",
                            fault->field ? fault->field : "eif",
                            troth_err_text(fault->err), fault->offset);
}

static bool fail_changed(struct troth_build_problem *problem, const char *name)
{
    return troth_build_fail(problem, name, "was changed while it was read");
}

/* Up to `len` bytes; 0 is the end of the file. */
static ssize_t read_some(int file, uint8_t *out, size_t len, uint64_t offset)
{
    ssize_t got;

    do {
        got = pread(file, out, len, (off_t)offset);
    } while (got < 0 && errno == EINTR);
    return got;
}

bool troth_image_read_at(struct troth_build_problem *problem, const char *name, int file,
                         uint8_t *out, size_t len, uint64_t offset)
{
    for (size_t done = 0; done < len;) {
        const ssize_t got = read_some(file, out + done, len - done, offset + done);

        if (got < 0)
            return troth_build_fail_errno(problem, name, "cannot be read", errno);
        if (got == 0)
            return fail_changed(problem, name);
        done += (size_t)got;
    }
    return true;
}

bool troth_image_file_size(uint64_t *out, struct troth_build_problem *problem,
                           const char *name, int file)
{
    struct stat facts;

    *out = 0;
    if (fstat(file, &facts) < 0)
        return troth_build_fail_errno(problem, name, "cannot be read", errno);
    if (!S_ISREG(facts.st_mode))
        return troth_build_fail(problem, name, "is no file");
    *out = (uint64_t)facts.st_size;
    return true;
}

/* ---- passes ---- */

static bool is_wanted(const struct reader *r, size_t sum)
{
    return r->reading->wanted & BIT(sum);
}

static void plan(struct reader *r)
{
    for (size_t i = 0; i < TROTH_SUM_COUNT; i++)
        if (is_wanted(r, i)) {
            r->results[r->count] = (struct troth_pass){.kind = kinds[i]};
            r->pass_of[i] = r->count++;
        }
}

/* From sums to passes. */
static void choose(const struct reader *r, unsigned sums)
{
    unsigned which = 0;

    for (size_t i = 0; i < TROTH_SUM_COUNT; i++)
        if (is_wanted(r, i) && sums & BIT(i))
            which |= 1U << r->pass_of[i];
    troth_passes_choose(r->passes, which);
}

static void fill_sums(const struct reader *r)
{
    struct troth_image_sums *sums = r->sums;

    for (size_t i = 0; i < TROTH_SUM_COUNT; i++)
        if (is_wanted(r, i))
            memcpy(sums->digests[i], r->results[r->pass_of[i]].digest,
                   sizeof(sums->digests[i]));
    sums->crc = is_wanted(r, TROTH_SUM_CRC) ? r->results[r->pass_of[TROTH_SUM_CRC]].crc
                                            : sums->eif.crc;
}

/* ---- reading ---- */

static bool fail_passes(const struct reader *r, int error)
{
    return error == 0 || troth_build_fail_errno(r->problem, r->reading->name,
                                                "cannot be measured", error);
}

static void tell_progress(const struct reader *r)
{
    if (r->reading->progress)
        r->reading->progress(r->reading->state, r->reading->done_before + r->at,
                             r->reading->total);
}

/* The next bytes of the file go to these sums; `keep` takes a copy, and may be NULL. */
static bool pass_on(struct reader *r, unsigned which, uint64_t len, uint8_t *keep)
{
    choose(r, which);
    for (const uint64_t end = r->at + len; r->at < end;) {
        uint8_t *room;
        size_t room_len;

        if (!fail_passes(r, troth_passes_room(r->passes, &room, &room_len)))
            return false;
        if (room_len > end - r->at)
            room_len = (size_t)(end - r->at);
        if (!troth_image_read_at(r->problem, r->reading->name, r->reading->file, room,
                                 room_len, r->at))
            return false;
        if (keep) {
            memcpy(keep, room, room_len);
            keep += room_len;
        }
        if (!fail_passes(r, troth_passes_filled(r->passes, room_len)))
            return false;
        r->at += room_len;
        tell_progress(r);
    }
    return true;
}

static bool read_header(struct reader *r)
{
    const unsigned all = BIT(TROTH_SUM_FILE) | BIT(TROTH_SUM_CRC);
    uint8_t header[TROTH_EIF_HEADER_SIZE];
    const uint64_t size = (uint64_t)r->before.st_size;
    const size_t len = size < sizeof(header) ? (size_t)size : sizeof(header);
    struct troth_fault fault;

    if (!pass_on(r, all, len < TROTH_EIF_CRC_OFFSET ? len : TROTH_EIF_CRC_OFFSET, header))
        return false;
    if (len == sizeof(header) &&
        !pass_on(r, BIT(TROTH_SUM_FILE), len - TROTH_EIF_CRC_OFFSET,
                 header + TROTH_EIF_CRC_OFFSET))
        return false;
    if (troth_eif_read_header(&r->sums->eif, &fault, (struct troth_span){header, len},
                              size))
        return troth_image_fail(r->problem, r->reading->name, &fault);
    return true;
}

/* Room for the data of a signature section, which the format bounds. */
static bool keep_signature(struct reader *r, const struct troth_eif_section *section)
{
    r->sums->signature_len = (size_t)section->size;
    r->sums->signature = malloc(r->sums->signature_len + 1);
    return r->sums->signature ||
           troth_build_fail_errno(r->problem, r->reading->name, "cannot be read", ENOMEM);
}

static bool read_section(struct reader *r, size_t index)
{
    const unsigned all = BIT(TROTH_SUM_FILE) | BIT(TROTH_SUM_CRC);
    const struct troth_eif_section *section = &r->sums->eif.sections[index];
    uint8_t header[TROTH_EIF_SECTION_HEADER_SIZE];
    uint8_t *keep = NULL;
    struct troth_fault fault;

    if (!pass_on(r, all, sizeof(header), header))
        return false;
    if (troth_eif_read_section(&r->sums->eif, &fault, index,
                               (struct troth_span){header, sizeof(header)}))
        return troth_image_fail(r->problem, r->reading->name, &fault);
    if (section->kind == TROTH_EIF_SIGNATURE) {
        if (!keep_signature(r, section))
            return false;
        keep = r->sums->signature;
    }
    if (!pass_on(r, sums_of_section(&r->sums->eif, index), section->size, keep))
        return false;
    /* PCR1 is PCR0 without the ramdisks behind the first. */
    if (section->kind == TROTH_EIF_RAMDISK && !r->has_pcr1) {
        r->has_pcr1 = true;
        return fail_passes(
            r, troth_passes_peek(r->passes, r->pass_of[TROTH_SUM_PCR0], r->sums->pcr1));
    }
    return true;
}

static bool check_unchanged(struct reader *r)
{
    struct stat after;

    if (fstat(r->reading->file, &after) < 0)
        return troth_build_fail_errno(r->problem, r->reading->name, "cannot be read",
                                      errno);
    if (after.st_size != r->before.st_size ||
        after.st_mtim.tv_sec != r->before.st_mtim.tv_sec ||
        after.st_mtim.tv_nsec != r->before.st_mtim.tv_nsec)
        return fail_changed(r->problem, r->reading->name);
    return true;
}

static bool read_all(struct reader *r)
{
    struct troth_fault fault;

    if (!read_header(r))
        return false;
    for (size_t i = 0; i < r->sums->eif.count; i++)
        if (!read_section(r, i))
            return false;
    if (troth_eif_check_complete(&r->sums->eif, &fault))
        return troth_image_fail(r->problem, r->reading->name, &fault);
    return check_unchanged(r);
}

static bool read_with_passes(struct reader *r)
{
    bool done;

    plan(r);
    if (!fail_passes(r, troth_passes_start(&r->passes, r->results, r->count)))
        return false;
    done = read_all(r);

    const int failed = troth_passes_finish(r->passes);

    if (!done || !fail_passes(r, failed))
        return false;
    fill_sums(r);
    return true;
}

bool troth_image_sums_read(struct troth_image_sums *out,
                           struct troth_build_problem *problem,
                           const struct troth_image_reading *reading)
{
    struct reader r = {.reading = reading, .problem = problem, .sums = out};
    uint64_t size;

    memset(out, 0, sizeof(*out));
    if (!troth_image_file_size(&size, problem, reading->name, reading->file))
        return false;
    if (fstat(reading->file, &r.before) < 0)
        return troth_build_fail_errno(problem, reading->name, "cannot be read", errno);
    (void)posix_fadvise(reading->file, 0, 0, POSIX_FADV_SEQUENTIAL);
    if (read_with_passes(&r))
        return true;
    troth_image_sums_release(out);
    return false;
}

void troth_image_sums_release(struct troth_image_sums *sums)
{
    free(sums->signature);
    memset(sums, 0, sizeof(*sums));
}
