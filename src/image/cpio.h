/*
 * cpio.h - cpio archives in the form that Linux unpacks as a ramdisk ("newc", 070701),
 * written so that nothing in them depends on where they were written.
 *
 * A member is a header, its name, its data, each padded to four bytes. Numbers count from
 * 1, links count 1, devices are 0; a file's data is as long as the header says.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_IMAGE_CPIO_H
#define TROTH_IMAGE_CPIO_H

#include <stdbool.h>

#include "image/entry.h"

#define TROTH_CPIO_HEADER_SIZE 110
/* A header, the longest name, zero and padding. */
#define TROTH_CPIO_MEMBER_MAX  (TROTH_CPIO_HEADER_SIZE + TROTH_ENTRY_PATH_MAX + 5)
#define TROTH_CPIO_ALIGNMENT   512 /* of an archive we write */
#define TROTH_CPIO_FILE_MAX    UINT32_MAX

/* Starts zeroed. */
struct troth_cpio_writer {
    uint32_t members;
    uint64_t written; /* bytes so far, data and padding included */
};

/*
 * troth_cpio_write_member - header and name of the next member. Its data follows: a
 * file's content, a symbolic link's target; then troth_cpio_padding().
 *
 *   out     TROTH_CPIO_MEMBER_MAX bytes
 *   mtime   seconds since 1970
 *
 * Errors   TROTH_ERR_LIMIT: a file longer than the format can say; TROTH_ERR_VALUE: a
 * path that is not plain, a kind that no image has
 */
TROTH_MUST_USE enum troth_err troth_cpio_write_member(struct troth_cpio_writer *writer,
                                                      uint8_t *out, size_t *out_len,
                                                      const struct troth_entry *entry,
                                                      uint32_t mtime);

/* Zeros behind the member's data, fewer than 4. */
size_t troth_cpio_padding(const struct troth_entry *entry);

/* The trailer and the zeros behind it: TROTH_CPIO_MEMBER_MAX + TROTH_CPIO_ALIGNMENT bytes
 * of room. */
void troth_cpio_write_end(struct troth_cpio_writer *writer, uint8_t *out,
                          size_t *out_len);

/* The size of an archive without writing it: add every member, then the end. */
uint64_t troth_cpio_member_size(const struct troth_entry *entry);
uint64_t troth_cpio_end_size(uint64_t members_size);

struct troth_cpio_member {
    struct troth_entry entry; /* the target of a symbolic link is its data, not here */
    uint32_t mtime, ino, links;
    uint64_t data_size; /* then padding to 4 */
    bool end;           /* the trailer */
};

/*
 * troth_cpio_read_member - the header and the name at the start of `bytes`.
 *
 *   out_len  bytes of it, with the padding behind the name; data follows
 *
 * Errors   TROTH_ERR_SHORT: more bytes are needed (TROTH_CPIO_MEMBER_MAX always suffice);
 *          TROTH_ERR_VALUE, TROTH_ERR_UNSUPPORTED (another cpio), TROTH_ERR_LIMIT
 */
TROTH_MUST_USE enum troth_err troth_cpio_read_member(struct troth_cpio_member *out,
                                                     size_t *out_len,
                                                     struct troth_fault *fault,
                                                     struct troth_span bytes);

#endif
