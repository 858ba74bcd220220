/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cursor.h"
#include "base/hex.h"
#include "base/span.h"
#include "image/cpio.h"
#include "image/cpio_layout.h"

static const char *const field_names[TROTH_CPIO_FIELDS] = {
    "cpio.ino",       "cpio.mode",     "cpio.uid",      "cpio.gid",      "cpio.nlink",
    "cpio.mtime",     "cpio.filesize", "cpio.devmajor", "cpio.devminor", "cpio.rdevmajor",
    "cpio.rdevminor", "cpio.namesize", "cpio.check",
};

static const struct {
    uint32_t type;
    enum troth_entry_kind kind;
} kinds[] = {
    {TROTH_CPIO_TYPE_FILE, TROTH_ENTRY_FILE},
    {TROTH_CPIO_TYPE_FOLDER, TROTH_ENTRY_FOLDER},
    {TROTH_CPIO_TYPE_SYMLINK, TROTH_ENTRY_SYMLINK},
    {TROTH_CPIO_TYPE_CHAR, TROTH_ENTRY_DEVICE},
    {TROTH_CPIO_TYPE_BLOCK, TROTH_ENTRY_DEVICE},
    {TROTH_CPIO_TYPE_PIPE, TROTH_ENTRY_PIPE},
    {TROTH_CPIO_TYPE_SOCKET, TROTH_ENTRY_SOCKET},
};

static enum troth_entry_kind kind_of(uint32_t mode)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (kinds[i].type == (mode & ~TROTH_CPIO_PERMISSIONS))
            return kinds[i].kind;
    return TROTH_ENTRY_NONE;
}

/* Other cpio formats are told from what is no cpio at all. */
static void read_magic(struct troth_cursor *c)
{
    static const char *const others[] = {"070702", "070707", "\xc7\x71", "\x71\xc7"};
    const struct troth_span rest = {c->next, troth_cursor_left(c)};

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (troth_span_starts_with(rest, troth_span_of_text(others[i])))
            troth_cursor_fail(c, TROTH_ERR_UNSUPPORTED, "cpio.magic");
    for (const char *magic = TROTH_CPIO_MAGIC; *magic; magic++) {
        troth_cursor_expect(c, !troth_cursor_left(c) || *c->next == (uint8_t)*magic,
                            TROTH_ERR_VALUE, "cpio.magic");
        (void)troth_cursor_u8(c, "cpio.magic");
    }
}

static uint32_t read_number(struct troth_cursor *c, const char *field)
{
    uint32_t value = 0;

    for (size_t i = 0; i < TROTH_CPIO_DIGITS; i++) {
        const uint8_t *const digit = c->next;

        if (!troth_cursor_bytes(c, 1, field).len)
            return 0;
        if (troth_hex_digit(*digit) > 15) {
            c->next = digit;
            troth_cursor_fail(c, TROTH_ERR_VALUE, field);
            return 0;
        }
        value = value << 4 | troth_hex_digit(*digit);
    }
    return value;
}

/* "./init" and "/init" are ways to write "init", and "." is the root. */
static struct troth_span without_lead(struct troth_span path)
{
    if (troth_span_is_text(path, "."))
        return (struct troth_span){NULL, 0};
    if (troth_span_starts_with(path, TROTH_LITERAL("./")))
        return (struct troth_span){path.ptr + 2, path.len - 2};
    if (troth_span_starts_with(path, TROTH_LITERAL("/")))
        return (struct troth_span){path.ptr + 1, path.len - 1};
    return path;
}

static struct troth_span read_name(struct troth_cursor *c, size_t size)
{
    const uint8_t *const start = c->next;
    const struct troth_span name = troth_cursor_bytes(c, size, "cpio.name");

    if (!name.len)
        return name;
    if (name.ptr[size - 1] != 0) {
        c->next = start;
        troth_cursor_fail(c, TROTH_ERR_VALUE, "cpio.name");
        return (struct troth_span){NULL, 0};
    }
    return (struct troth_span){name.ptr, size - 1};
}

/* What only some kinds may have. */
static void check_data(struct troth_cursor *c, const struct troth_cpio_member *member)
{
    const uint64_t size = member->data_size;

    if (member->end || (member->entry.kind != TROTH_ENTRY_FILE &&
                        member->entry.kind != TROTH_ENTRY_SYMLINK))
        troth_cursor_expect(c, size == 0, TROTH_ERR_VALUE, "cpio.filesize");
    if (member->entry.kind == TROTH_ENTRY_SYMLINK) {
        troth_cursor_expect(c, size != 0, TROTH_ERR_VALUE, "cpio.filesize");
        troth_cursor_expect(c, size <= TROTH_ENTRY_LINK_MAX, TROTH_ERR_LIMIT,
                            "cpio.filesize");
    }
}

static void fill(struct troth_cpio_member *out, struct troth_cursor *c,
                 const uint32_t *numbers)
{
    const uint32_t mode = numbers[TROTH_CPIO_MODE];
    const size_t name_size = numbers[TROTH_CPIO_NAMESIZE];

    troth_cursor_expect(c, name_size != 0, TROTH_ERR_VALUE, "cpio.namesize");
    /* As long as any that is plain, with "./" before it and a zero behind. */
    troth_cursor_expect(c, name_size <= TROTH_ENTRY_PATH_MAX + 3, TROTH_ERR_LIMIT,
                        "cpio.namesize");

    const struct troth_span name = read_name(c, name_size);

    *out = (struct troth_cpio_member){
        .entry = {.kind = kind_of(mode),
                  .path = without_lead(name),
                  .mode = mode & TROTH_CPIO_PERMISSIONS,
                  .user = numbers[TROTH_CPIO_UID],
                  .group = numbers[TROTH_CPIO_GID],
                  .size = numbers[TROTH_CPIO_FILESIZE]},
        .mtime = numbers[TROTH_CPIO_MTIME],
        .ino = numbers[TROTH_CPIO_INO],
        .links = numbers[TROTH_CPIO_NLINK],
        .data_size = numbers[TROTH_CPIO_FILESIZE],
        .end = troth_span_is_text(name, TROTH_CPIO_TRAILER),
    };
    if (out->end)
        out->entry = (struct troth_entry){.kind = TROTH_ENTRY_NONE};
    troth_cursor_expect(c, out->end || out->entry.kind, TROTH_ERR_VALUE, "cpio.mode");
    troth_cursor_expect(c, troth_entry_path_is_plain(out->entry.path), TROTH_ERR_VALUE,
                        "cpio.name");
    /* The root itself can be but a folder. */
    troth_cursor_expect(
        c, out->end || out->entry.path.len || out->entry.kind == TROTH_ENTRY_FOLDER,
        TROTH_ERR_VALUE, "cpio.name");
    check_data(c, out);
}

enum troth_err troth_cpio_read_member(struct troth_cpio_member *out, size_t *out_len,
                                      struct troth_fault *fault, struct troth_span bytes)
{
    struct troth_cursor c = troth_cursor_over(bytes);
    uint32_t numbers[TROTH_CPIO_FIELDS];

    read_magic(&c);
    for (size_t i = 0; i < TROTH_CPIO_FIELDS; i++)
        numbers[i] = read_number(&c, field_names[i]);
    fill(out, &c, numbers);
    (void)troth_cursor_bytes(&c, (size_t)(c.origin - c.next) & 3, "cpio.name");
    *out_len = (size_t)(c.next - c.origin);
    (void)troth_cursor_rest(&c, "cpio.data");

    const enum troth_err err = troth_cursor_finish(&c, fault);

    if (err) {
        *out = (struct troth_cpio_member){.end = false};
        *out_len = 0;
    }
    return err;
}
