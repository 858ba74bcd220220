/* SPDX-License-Identifier: Apache-2.0 */
/* Our regular expressions and Python's re, on thousands of patterns that both of them
 * know: what matches there matches here, and nothing else. */
#include "regex/regex.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/harness.h"

enum { PATTERNS = 8000, TEXTS = 6, STEPS = 1000000, FIELD_MAX = 4096, SHOWN = 10 };

static _Alignas(max_align_t) uint8_t room[1 << 20];

/* A field of the table: hexadecimal, or "-" for nothing. */
static struct troth_span field(uint8_t out[static FIELD_MAX], const char *hex)
{
    size_t len = 0;

    for (; *hex && *hex != '-'; hex += 2) {
        const char byte[] = {hex[0], hex[1], 0};
        out[len++] = (uint8_t)strtoul(byte, NULL, 16);
    }
    return (struct troth_span){out, len};
}

/* 1 yes, 0 no, less than 0 an error. */
static int ask(struct troth_span pattern, struct troth_span text)
{
    struct troth_arena arena = TROTH_ARENA_OVER(room);
    struct troth_regex regex;
    uint64_t steps = STEPS;
    bool matches;
    enum troth_err err = troth_regex_compile(&regex, NULL, pattern, &arena);

    if (!err)
        err = troth_regex_search(&matches, &regex, text, &steps, &arena);
    return err ? -(int)err : matches;
}

int main(void)
{
    static char hex[2][2 * FIELD_MAX + 1];
    static uint8_t bytes[2][FIELD_MAX];
    unsigned pairs = 0;
    unsigned wrong = 0;
    unsigned matched = 0;
    char command[1000];
    int theirs;

    test_case("Python's re");
    snprintf(command, sizeof command, "python3 '%s/test/differential/regex_peer.py' %d",
             TROTH_SOURCE_DIR, PATTERNS);
    FILE *table = popen(command, "r");
    if (!CHECK(table != NULL))
        return test_finish();
    while (fscanf(table, "%8192s %8192s %d", hex[0], hex[1], &theirs) == 3) {
        const struct troth_span pattern = field(bytes[0], hex[0]);
        const struct troth_span text = field(bytes[1], hex[1]);
        const int ours = ask(pattern, text);

        pairs++;
        matched += theirs == 1;
        if (ours != theirs && wrong++ < SHOWN)
            printf("# /%.*s/ on '%.*s': %d here, %d there\n", (int)pattern.len,
                   (const char *)pattern.ptr, (int)text.len, (const char *)text.ptr, ours,
                   theirs);
    }
    CHECK_INT(pclose(table), 0);
    CHECK_INT(wrong, 0);
    CHECK_INT(pairs, PATTERNS * TEXTS);
    CHECK(matched > pairs / 5 && matched < pairs / 5 * 4);
    return test_finish();
}
