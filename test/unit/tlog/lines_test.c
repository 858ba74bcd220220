/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/lines.h"

#include <string.h>

#include "base/span.h"
#include "test/harness.h"

#define HASH "f+7CoKgXKE/tNys9TTXcr/ad6U/K3xvznmzew9y6SP0="

static void test_next(void)
{
    struct troth_span rest = test_text("one\n\nthree\nrest"), line;

    test_case("lines, an empty one, and what is none");
    CHECK_ERR(troth_line_next(&line, &rest), TROTH_OK);
    CHECK(troth_span_is_text(line, "one"));
    CHECK_ERR(troth_line_next(&line, &rest), TROTH_OK);
    CHECK_INT(line.len, 0);
    CHECK_ERR(troth_line_next(&line, &rest), TROTH_OK);
    CHECK(troth_span_is_text(line, "three"));
    CHECK_ERR(troth_line_next(&line, &rest), TROTH_ERR_SHORT);
    CHECK_INT(line.len, 0);
    CHECK(troth_span_is_text(rest, "rest"));
    rest.len = 0;
    CHECK_ERR(troth_line_next(&line, &rest), TROTH_ERR_SHORT);
}

static void test_words(void)
{
    static const struct {
        const char *line, *rest;
    } rows[] = {{"old 5", "5"}, {"old ", ""},   {"old  5", " 5"}, {"old", NULL},
                {"ol 5", NULL}, {"old5", NULL}, {" old 5", NULL}, {"", NULL}};

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_span line = test_text(rows[i].line);

        test_case("the word of '%s'", rows[i].line);
        CHECK(troth_line_take_word(&line, "old") == (rows[i].rest != NULL));
        CHECK_SPAN(line, test_text(rows[i].rest ? rows[i].rest : rows[i].line));
    }
}

static void test_numbers(void)
{
    static const struct {
        const char *line;
        enum troth_err err;
        uint64_t value;
    } rows[] = {{"0", TROTH_OK, 0},
                {"73894", TROTH_OK, 73894},
                {"18446744073709551615", TROTH_OK, UINT64_MAX},
                {"18446744073709551616", TROTH_ERR_LIMIT, 0},
                {"00", TROTH_ERR_ENCODING, 0},
                {"01", TROTH_ERR_ENCODING, 0},
                {"", TROTH_ERR_VALUE, 0},
                {"-1", TROTH_ERR_VALUE, 0},
                {"1 ", TROTH_ERR_VALUE, 0}};

    for (size_t i = 0; i < COUNT(rows); i++) {
        uint64_t value = 99;

        test_case("the number '%s'", rows[i].line);
        CHECK_ERR(troth_line_number(&value, test_text(rows[i].line)), rows[i].err);
        CHECK(value == rows[i].value);
    }
}

/* clang-format off */
static const struct {
    const char *why, *text;
    enum troth_err err;
    size_t count, left; /* what stands behind the path, or where it is wrong */
} paths[] = {
    {"no hash", "\nrest", TROTH_OK, 0, 4},
    {"two", HASH "\n" HASH "\n\nrest", TROTH_OK, 2, 4},
    {"nothing behind it", HASH "\n\n", TROTH_OK, 1, 0},
    {"no empty line", HASH "\n", TROTH_ERR_SHORT, 0, 0},
    {"half a line", HASH "\nf+7C", TROTH_ERR_SHORT, 0, 4},
    {"31 bytes", "f+7CoKgXKE/tNys9TTXcr/ad6U/K3xvznmzew9y6SA==\n\n", TROTH_ERR_VALUE, 0, 46},
    {"33 bytes", HASH "\nf+7CoKgXKE/tNys9TTXcr/ad6U/K3xvznmzew9y6SP0A\n\n", TROTH_ERR_VALUE, 0, 46},
    {"unused bits", "f+7CoKgXKE/tNys9TTXcr/ad6U/K3xvznmzew9y6SP1=\n\n", TROTH_ERR_ENCODING, 0, 46},
    {"a carriage return", HASH "\r\n\n", TROTH_ERR_VALUE, 0, 47},
};
/* clang-format on */

static void test_paths(void)
{
    for (size_t i = 0; i < COUNT(paths); i++) {
        struct troth_span rest = test_text(paths[i].text);
        struct troth_log_path path;
        uint8_t room[512];
        struct troth_writer w = troth_writer_over(room, sizeof room);

        test_case("a path: %s", paths[i].why);
        CHECK_ERR(troth_lines_path(&path, &rest), paths[i].err);
        CHECK_INT(path.count, paths[i].count);
        CHECK_INT(rest.len, paths[i].left);
        if (paths[i].err)
            continue;
        troth_lines_write_path(&w, &path);
        CHECK_SPAN(troth_writer_span(&w),
                   troth_span_slice(test_text(paths[i].text), 0,
                                    strlen(paths[i].text) - rest.len));
    }
}

static void test_path_limit(void)
{
    static char text[64 * 45 + 2];
    struct troth_log_path path;
    struct troth_span rest;

    test_case("63 hashes, and 64");
    for (size_t i = 0; i < 64; i++)
        memcpy(text + i * 45, HASH "\n", 45);
    text[63 * 45] = '\n';
    rest = test_text(text);
    rest.len = 63 * 45 + 1;
    CHECK_ERR(troth_lines_path(&path, &rest), TROTH_OK);
    CHECK_INT(path.count, 63);
    memcpy(text + 63 * 45, HASH "\n\n", 46);
    rest = (struct troth_span){(const uint8_t *)text, 64 * 45 + 1};
    CHECK_ERR(troth_lines_path(&path, &rest), TROTH_ERR_LIMIT);
    CHECK_INT(path.count, 0);
}

static void test_base64(void)
{
    char text[1025];

    test_case("base64 of every length about that of a piece");
    memset(text, 'A', sizeof text);
    for (size_t len = 0; len <= 1024; len++)
        CHECK_ERR(troth_line_check_base64((struct troth_span){(uint8_t *)text, len}),
                  len % 4 ? TROTH_ERR_ENCODING : TROTH_OK);

    test_case("whatever else, at every place");
    for (size_t i = 0; i < 1024; i++) {
        text[i] = i % 2 ? '=' : '-';
        CHECK_ERR(troth_line_check_base64((struct troth_span){(uint8_t *)text, 1024}),
                  i == 1023 ? TROTH_OK : TROTH_ERR_VALUE);
        text[i] = 'A';
    }
    memcpy(text + 1020, "AB==", 4);
    CHECK_ERR(troth_line_check_base64((struct troth_span){(uint8_t *)text, 1024}),
              TROTH_ERR_ENCODING);
}

int main(void)
{
    test_next();
    test_words();
    test_numbers();
    test_paths();
    test_path_limit();
    test_base64();
    return test_finish();
}
