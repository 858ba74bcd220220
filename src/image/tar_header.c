/* SPDX-License-Identifier: Apache-2.0 */
#include "image/tar_header.h"

#include "base/span.h"

/* clang-format off */
#define FIELDS(X)                                                                       \
    /* field    at   bytes                                                           */ \
    X(NAME,       0, 100)                                                               \
    X(MODE,     100,   8)                                                               \
    X(UID,      108,   8)                                                               \
    X(GID,      116,   8)                                                               \
    X(SIZE,     124,  12)                                                               \
    X(CHECKSUM, 148,   8)                                                               \
    X(TYPE,     156,   1)                                                               \
    X(LINK,     157, 100)                                                               \
    X(MAGIC,    257,   6)                                                               \
    X(PREFIX,   345, 155)
/* clang-format on */

enum {
#define X(name, at, len) name##_AT = (at), name##_LEN = (len),
    FIELDS(X)
#undef X
};

enum { OCTAL = 3 /* bits of a digit */, BINARY_MARK = 0x80, BINARY_NEGATIVE = 0x40 };

static bool is_octal(uint8_t byte)
{
    return byte >= '0' && byte <= '7';
}

/* Blanks, digits, and then nothing but blanks and zeros; none at all is 0. */
static enum troth_err parse_octal(uint64_t *out, const uint8_t *field, size_t len)
{
    size_t i = 0;

    *out = 0;
    while (i < len && field[i] == ' ')
        i++;
    for (; i < len && is_octal(field[i]); i++)
        *out = *out << OCTAL | (uint64_t)(field[i] - '0');
    while (i < len && (field[i] == ' ' || field[i] == 0))
        i++;
    return i == len ? TROTH_OK : TROTH_ERR_VALUE;
}

/* GNU's way to write larger numbers: the first bit set, then big-endian. */
static enum troth_err parse_number(uint64_t *out, const uint8_t *field, size_t len)
{
    if (!(field[0] & BINARY_MARK))
        return parse_octal(out, field, len);

    *out = 0;
    if (field[0] & BINARY_NEGATIVE)
        return TROTH_ERR_VALUE;
    for (size_t i = 0; i < len; i++) {
        if (*out >> 55)
            return TROTH_ERR_LIMIT;
        *out = *out << 8 | (i ? field[i] : field[i] & (BINARY_MARK - 1));
    }
    return TROTH_OK;
}

static struct troth_span text_of(const uint8_t *field, size_t len)
{
    size_t used = 0;

    while (used < len && field[used])
        used++;
    return (struct troth_span){field, used};
}

/* The sum of all bytes, its own field counting as blanks. */
static bool checksum_holds(const uint8_t *block)
{
    uint64_t wanted;
    uint32_t sum = CHECKSUM_LEN * ' ';

    for (size_t i = 0; i < TROTH_TAR_BLOCK; i++)
        if (i < CHECKSUM_AT || i >= CHECKSUM_AT + CHECKSUM_LEN)
            sum += block[i];
    return !parse_octal(&wanted, block + CHECKSUM_AT, CHECKSUM_LEN) && wanted == sum;
}

static enum troth_err fail(struct troth_tar_header *out, struct troth_fault *fault,
                           enum troth_err err, const char *field)
{
    *out = (struct troth_tar_header){.type = 0};
    *fault = (struct troth_fault){err, field, 0};
    return err;
}

enum troth_err troth_tar_header_parse(struct troth_tar_header *out,
                                      struct troth_fault *fault,
                                      const uint8_t block[static TROTH_TAR_BLOCK])
{
    uint64_t mode = 0;
    const struct {
        uint64_t *value;
        size_t at, len;
        const char *field;
    } numbers[] = {
        {&mode, MODE_AT, MODE_LEN, "tar.mode"},
        {&out->user, UID_AT, UID_LEN, "tar.uid"},
        {&out->group, GID_AT, GID_LEN, "tar.gid"},
        {&out->size, SIZE_AT, SIZE_LEN, "tar.size"},
    };

    if (!checksum_holds(block))
        return fail(out, fault, TROTH_ERR_VALUE, "tar.checksum");
    *out = (struct troth_tar_header){.type = block[TYPE_AT]};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        const enum troth_err err = parse_number(numbers[i].value, block + numbers[i].at,
                                                numbers[i].len);

        if (err)
            return fail(out, fault, err, numbers[i].field);
    }
    /* Old programs put the type in there, too. */
    out->mode = (uint32_t)(mode & 07777);
    out->name = text_of(block + NAME_AT, NAME_LEN);
    out->link = text_of(block + LINK_AT, LINK_LEN);
    /* GNU's magic has a blank here, and other things than a prefix there. */
    if (troth_span_equal((struct troth_span){block + MAGIC_AT, MAGIC_LEN},
                         TROTH_LITERAL("ustar\0")))
        out->prefix = text_of(block + PREFIX_AT, PREFIX_LEN);
    return TROTH_OK;
}
