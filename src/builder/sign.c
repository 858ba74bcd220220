/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/sign.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/span.h"
#include "builder/image_sums.h"
#include "image/crc32.h"

#define NAME "the signed image" /* in problems: a file that has no name yet */

enum { CHUNK = 256 * 1024 };

/* A signed image under way. */
struct copy {
    const struct troth_sign_order *order;
    struct troth_build_problem *problem;
    struct troth_eif eif; /* of what is written */
    uint64_t end;         /* of the sections that are copied */
    uint8_t *room;        /* CHUNK bytes */
    uint32_t crc;
};

static bool put(const struct copy *copy, struct troth_span bytes, uint64_t offset)
{
    for (size_t done = 0; done < bytes.len;) {
        const ssize_t wrote = pwrite(copy->order->file, bytes.ptr + done,
                                     bytes.len - done, (off_t)(offset + done));

        if (wrote < 0 && errno != EINTR)
            return troth_build_fail_errno(copy->problem, NAME, "cannot be written",
                                          errno);
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    return true;
}

static bool add(struct copy *copy, struct troth_span bytes, uint64_t offset)
{
    copy->crc = troth_crc32(copy->crc, bytes);
    return put(copy, bytes, offset);
}

/* The sections stay where they are: the signature is behind them. */
static bool copy_sections(struct copy *copy)
{
    for (uint64_t at = TROTH_EIF_HEADER_SIZE; at < copy->end;) {
        const size_t len = copy->end - at < CHUNK ? (size_t)(copy->end - at) : CHUNK;

        if (!troth_image_read_at(copy->problem, copy->order->name, copy->order->image,
                                 copy->room, len, at) ||
            !add(copy, (struct troth_span){copy->room, len}, at))
            return false;
        at += len;
    }
    return true;
}

static bool add_signature(struct copy *copy, struct troth_span section)
{
    const struct troth_eif_section *signature = &copy->eif.sections[copy->eif.count - 1];
    uint8_t header[TROTH_EIF_SECTION_HEADER_SIZE];

    troth_eif_write_section(header, signature);
    return add(copy, (struct troth_span){header, sizeof(header)},
               signature->offset - sizeof(header)) &&
           add(copy, section, signature->offset);
}

/* The CRC is of everything but itself, which ends the header. */
static bool write_copy(struct copy *copy, struct troth_span section)
{
    uint8_t header[TROTH_EIF_HEADER_SIZE];

    troth_eif_write_header(header, &copy->eif);
    copy->crc = troth_crc32(0, (struct troth_span){header, TROTH_EIF_CRC_OFFSET});
    if (!copy_sections(copy) || !add_signature(copy, section))
        return false;
    copy->eif.crc = copy->crc;
    troth_eif_write_header(header, &copy->eif);
    return put(copy, (struct troth_span){header, sizeof(header)}, 0);
}

static bool lay_out(struct copy *copy, const struct troth_eif *image,
                    struct troth_span section)
{
    struct troth_fault fault;

    copy->eif = *image;
    copy->end = image->size;
    if (image->count == TROTH_EIF_SECTIONS_MAX)
        return troth_build_fail(copy->problem, copy->order->name,
                                "has no room for a signature: it has %d sections",
                                TROTH_EIF_SECTIONS_MAX);
    copy->eif.sections[copy->eif.count++] = (struct troth_eif_section){
        .kind = TROTH_EIF_SIGNATURE, .size = section.len};
    return troth_eif_lay_out(&copy->eif, &fault) == TROTH_OK ||
           troth_image_fail(copy->problem, copy->order->name, &fault);
}

/* What was signed is what is there: nobody wrote to either file meanwhile. */
static bool check_copy(const struct copy *copy, const struct troth_image_facts *before,
                       const struct troth_image_facts *after)
{
    const size_t len = (size_t)TROTH_PCR8 * TROTH_PCR_SIZE; /* all that come before */
    const bool same = troth_span_equal((struct troth_span){before->pcrs[0], len},
                                       (struct troth_span){after->pcrs[0], len});

    return (same && after->signature_good) ||
           troth_build_fail(copy->problem, copy->order->name,
                            "was changed while it was signed");
}

static bool sign(struct troth_image_facts *out, struct copy *copy,
                 const struct troth_crypto *crypto,
                 const struct troth_image_facts *before, struct troth_arena *arena)
{
    struct troth_span section;

    return troth_sign_section(&section, copy->problem, crypto, copy->order,
                              before->pcrs[TROTH_PCR0], arena) &&
           lay_out(copy, &before->eif, section) && write_copy(copy, section) &&
           troth_image_measure(out, copy->problem, crypto, NAME, copy->order->file) &&
           check_copy(copy, before, out);
}

/* May it be signed, and is there an empty file for what comes of it? */
static bool check_files(struct troth_image_facts *before, const struct copy *copy,
                        const struct troth_crypto *crypto)
{
    const struct troth_sign_order *order = copy->order;
    uint64_t size;

    if (!troth_image_measure(before, copy->problem, crypto, order->name, order->image))
        return false;
    if (before->is_signed)
        return troth_build_fail(copy->problem, order->name, "is signed already");
    if (!troth_image_file_size(&size, copy->problem, NAME, order->file))
        return false;
    return size == 0 ||
           troth_build_fail(copy->problem, NAME, "is written to a file with content");
}

bool troth_image_sign(struct troth_image_facts *out, struct troth_build_problem *problem,
                      const struct troth_crypto *crypto,
                      const struct troth_sign_order *order)
{
    struct copy copy = {.order = order, .problem = problem};
    struct troth_image_facts before;
    bool done = false;

    memset(out, 0, sizeof(*out));
    if (!check_files(&before, &copy, crypto))
        return false;

    uint8_t *memory = malloc(TROTH_SIGN_ROOM + CHUNK);

    if (memory) {
        struct troth_arena arena = {memory, TROTH_SIGN_ROOM, 0};

        copy.room = memory + TROTH_SIGN_ROOM;
        done = sign(out, &copy, crypto, &before, &arena);
        free(memory);
    } else {
        (void)troth_build_fail_errno(problem, order->name, "cannot be signed", ENOMEM);
    }
    if (!done)
        memset(out, 0, sizeof(*out));
    return done;
}
