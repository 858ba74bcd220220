/* SPDX-License-Identifier: Apache-2.0 */
#include "image/cpio.h"

#include <string.h>

#include "test/harness.h"

/* clang-format off */
static const struct {
    const char *why;
    enum troth_entry_kind kind;
    const char *path, *target;
    uint32_t mode, user, group;
    uint64_t size;
    enum troth_err err;
    const char *header; /* NULL: not written; up to the name's zero, then `zeros` */
    size_t zeros, padding;
} cases[] = {
    {"a file", TROTH_ENTRY_FILE, "init", NULL, 0755, 0, 0, 5, TROTH_OK,
     "070701" "00000001" "000081ED" "00000000" "00000000" "00000001" "12CEA600"
     "00000005" "00000000" "00000000" "00000000" "00000000" "00000005" "00000000" "init", 2, 3},
    {"a folder", TROTH_ENTRY_FOLDER, "usr/bin", NULL, 0755, 0, 0, 0, TROTH_OK,
     "070701" "00000001" "000041ED" "00000000" "00000000" "00000001" "12CEA600"
     "00000000" "00000000" "00000000" "00000000" "00000000" "00000008" "00000000" "usr/bin", 3, 0},
    {"a link", TROTH_ENTRY_SYMLINK, "sh", "dash", 0777, 0, 0, 0, TROTH_OK,
     "070701" "00000001" "0000A1FF" "00000000" "00000000" "00000001" "12CEA600"
     "00000004" "00000000" "00000000" "00000000" "00000000" "00000003" "00000000" "sh", 4, 0},
    {"owner and modes", TROTH_ENTRY_FILE, "a", NULL, 06750, 1000, 0xfffffffe, 4, TROTH_OK,
     "070701" "00000001" "00008DE8" "000003E8" "FFFFFFFE" "00000001" "12CEA600"
     "00000004" "00000000" "00000000" "00000000" "00000000" "00000002" "00000000" "a", 1, 0},
    {"the largest file", TROTH_ENTRY_FILE, "a", NULL, 0, 0, 0, UINT32_MAX, TROTH_OK,
     "070701" "00000001" "00008000" "00000000" "00000000" "00000001" "12CEA600"
     "FFFFFFFF" "00000000" "00000000" "00000000" "00000000" "00000002" "00000000" "a", 1, 1},
    {"too large a file", TROTH_ENTRY_FILE, "a", NULL, 0, 0, 0, (uint64_t)UINT32_MAX + 1,
     TROTH_ERR_LIMIT},
    {"the root", TROTH_ENTRY_FOLDER, "", NULL, 0755, 0, 0, 0, TROTH_ERR_VALUE},
    {"from the root", TROTH_ENTRY_FILE, "/a", NULL, 0755, 0, 0, 0, TROTH_ERR_VALUE},
    {"above", TROTH_ENTRY_FILE, "../a", NULL, 0755, 0, 0, 0, TROTH_ERR_VALUE},
    {"the name that ends an archive", TROTH_ENTRY_FILE, "TRAILER!!!", NULL, 0, 0, 0, 0,
     TROTH_ERR_VALUE},
    {"an empty link", TROTH_ENTRY_SYMLINK, "a", "", 0777, 0, 0, 0, TROTH_ERR_VALUE},
    {"a hard link", TROTH_ENTRY_HARD_LINK, "a", "b", 0, 0, 0, 0, TROTH_ERR_VALUE},
    {"a device", TROTH_ENTRY_DEVICE, "a", NULL, 0, 0, 0, 0, TROTH_ERR_VALUE},
    {"a pipe", TROTH_ENTRY_PIPE, "a", NULL, 0, 0, 0, 0, TROTH_ERR_VALUE},
    {"a socket", TROTH_ENTRY_SOCKET, "a", NULL, 0, 0, 0, 0, TROTH_ERR_VALUE},
    {"nothing", TROTH_ENTRY_NONE, "a", NULL, 0, 0, 0, 0, TROTH_ERR_VALUE},
};
/* clang-format on */

static void test_member(size_t i)
{
    static const uint8_t zeros[8];
    struct troth_cpio_writer writer = {0};
    uint8_t out[TROTH_CPIO_MEMBER_MAX];
    size_t len = 99;
    const struct troth_entry entry = {
        .kind = cases[i].kind,
        .path = test_text(cases[i].path),
        .mode = cases[i].mode,
        .user = cases[i].user,
        .group = cases[i].group,
        .size = cases[i].size,
        .target = test_text(cases[i].target ? cases[i].target : ""),
    };
    const size_t head = cases[i].header ? strlen(cases[i].header) : 0;

    test_case("%s", cases[i].why);
    CHECK_ERR(troth_cpio_write_member(&writer, out, &len, &entry, 0x12cea600),
              cases[i].err);
    CHECK_INT(len, head + cases[i].zeros);
    CHECK_INT(writer.members, head != 0);
    if (len != head + cases[i].zeros || !head)
        return;
    CHECK_SPAN(((struct troth_span){out, head}), test_text(cases[i].header));
    CHECK_SPAN(((struct troth_span){out + head, cases[i].zeros}),
               ((struct troth_span){zeros, cases[i].zeros}));
    CHECK_INT(troth_cpio_padding(&entry), cases[i].padding);
    CHECK_INT(writer.written, troth_cpio_member_size(&entry));
    CHECK_INT(writer.written, len + cases[i].padding +
                                  (entry.target.len ? entry.target.len : entry.size));
}

static void test_end(void)
{
    /* With the zero behind it. */
    static const uint8_t trailer[] = "070701"
                                     "00000000"
                                     "00000000"
                                     "00000000"
                                     "00000000"
                                     "00000001"
                                     "00000000"
                                     "00000000"
                                     "00000000"
                                     "00000000"
                                     "00000000"
                                     "00000000"
                                     "0000000B"
                                     "00000000"
                                     "TRAILER!!!";
    static const struct troth_entry entry = {
        .kind = TROTH_ENTRY_FILE, .path = {(const uint8_t *)"a", 1}, .size = 4};
    uint8_t out[TROTH_CPIO_MEMBER_MAX + TROTH_CPIO_ALIGNMENT];
    struct troth_cpio_writer writer = {0};
    uint64_t size = 0;
    size_t len;

    for (unsigned count = 0; count < 20; count++) {
        struct troth_cpio_writer ending = writer;

        test_case("an archive of %u ends on a block", count);
        troth_cpio_write_end(&ending, out, &len);
        CHECK_INT(ending.written % TROTH_CPIO_ALIGNMENT, 0);
        CHECK_INT(ending.written, size + troth_cpio_end_size(size));
        CHECK_INT(len, troth_cpio_end_size(size));
        CHECK_SPAN(((struct troth_span){out, sizeof(trailer)}),
                   ((struct troth_span)TROTH_ARRAY_SPAN(trailer)));
        CHECK_ERR(troth_cpio_write_member(&writer, out, &len, &entry, 0), TROTH_OK);
        size += troth_cpio_member_size(&entry);
    }
}

static void test_longest(void)
{
    static uint8_t path[TROTH_ENTRY_PATH_MAX];
    struct troth_entry entry = {.kind = TROTH_ENTRY_FILE, .path = TROTH_ARRAY_SPAN(path)};
    struct troth_cpio_writer writer = {.members = UINT32_MAX - 1};
    uint8_t out[TROTH_CPIO_MEMBER_MAX];
    size_t len;

    test_case("the longest name fits");
    for (size_t i = 0; i < sizeof(path); i++)
        path[i] = i % 200 == 199 ? '/' : 'n';
    CHECK_ERR(troth_cpio_write_member(&writer, out, &len, &entry, 0), TROTH_OK);
    CHECK(len <= TROTH_CPIO_MEMBER_MAX && len % 4 == 0);

    test_case("a number more than there can be");
    CHECK_ERR(troth_cpio_write_member(&writer, out, &len, &entry, 0), TROTH_ERR_LIMIT);
    CHECK_INT(len, 0);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(cases); i++)
        test_member(i);
    test_end();
    test_longest();
    return test_finish();
}
