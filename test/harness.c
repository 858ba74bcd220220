/* SPDX-License-Identifier: Apache-2.0 */
#include "test/harness.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
    char name[200];
    bool open, skipped;
    unsigned number, failed_here, failed;
} now;

/* What was lent to tests, freed at the end so that the leak checker has nothing to say.
 */
static struct {
    void **blocks;
    size_t count;
} lent;

static void *lend(size_t size)
{
    void *block = malloc(size ? size : 1);
    void **blocks = realloc(lent.blocks, (lent.count + 1) * sizeof *blocks);

    if (!block || !blocks)
        abort();
    lent.blocks = blocks;
    lent.blocks[lent.count++] = block;
    return block;
}

static void close_case(void)
{
    if (!now.open)
        return;
    now.open = false;
    if (now.failed_here)
        printf("not ok %u - %s\n", now.number, now.name);
    else if (!now.skipped)
        printf("ok %u - %s\n", now.number, now.name);
    now.failed += now.failed_here != 0;
}

void test_case(const char *format, ...)
{
    va_list args;

    close_case();
    va_start(args, format);
    vsnprintf(now.name, sizeof now.name, format, args);
    va_end(args);
    now.open = true;
    now.skipped = false;
    now.failed_here = 0;
    now.number++;
}

void test_skip(const char *format, ...)
{
    va_list args;

    now.skipped = true;
    printf("ok %u - %s # SKIP ", now.number, now.name);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
}

static bool report(bool holds)
{
    if (!now.open)
        test_case("(unnamed)");
    now.failed_here += !holds;
    return holds;
}

bool test_check(bool holds, const char *text, const char *file, int line)
{
    if (!holds)
        printf("# %s:%d: [%s] %s\n", file, line, now.name, text);
    return report(holds);
}

bool test_check_err(enum troth_err seen, enum troth_err wanted, const char *file,
                    int line)
{
    if (seen != wanted)
        printf("# %s:%d: [%s] error is '%s', wanted '%s'\n", file, line, now.name,
               troth_err_text(seen), troth_err_text(wanted));
    return report(seen == wanted);
}

static void print_span(const char *label, struct troth_span span)
{
    printf("#   %s %zu bytes:", label, span.len);
    for (size_t i = 0; i < span.len && i < 64; i++)
        printf(" %02x", span.ptr[i]);
    putchar('\n');
}

bool test_check_span(struct troth_span seen, struct troth_span wanted, const char *file,
                     int line)
{
    bool same = seen.len == wanted.len &&
                (seen.len == 0 || memcmp(seen.ptr, wanted.ptr, seen.len) == 0);

    if (!same) {
        printf("# %s:%d: [%s] bytes differ\n", file, line, now.name);
        print_span("seen  ", seen);
        print_span("wanted", wanted);
    }
    return report(same);
}

bool test_check_text(const char *seen, const char *wanted, const char *file, int line)
{
    bool same = seen && wanted ? strcmp(seen, wanted) == 0 : seen == wanted;

    if (!same)
        printf("# %s:%d: [%s] '%s', wanted '%s'\n", file, line, now.name,
               seen ? seen : "(null)", wanted ? wanted : "(null)");
    return report(same);
}

bool test_check_int(long long seen, long long wanted, const char *file, int line)
{
    if (seen != wanted)
        printf("# %s:%d: [%s] %lld, wanted %lld\n", file, line, now.name, seen, wanted);
    return report(seen == wanted);
}

int test_finish(void)
{
    close_case();
    printf("1..%u\n", now.number);
    for (size_t i = 0; i < lent.count; i++)
        free(lent.blocks[i]);
    free(lent.blocks);
    lent.blocks = NULL;
    lent.count = 0;
    return now.failed != 0;
}

struct troth_span test_text(const char *text)
{
    return (struct troth_span){(const uint8_t *)text, strlen(text)};
}

struct troth_span test_hex(const char *hex)
{
    uint8_t *out = lend(strlen(hex) / 2 + 1);
    size_t digits = 0;

    memset(out, 0, strlen(hex) / 2 + 1);
    for (; *hex; hex++) {
        const char *all = "0123456789abcdef";
        const char *at = strchr(all, *hex | 0x20);

        if (*hex == ' ')
            continue;
        if (!at)
            abort();
        out[digits / 2] = (uint8_t)(out[digits / 2] << 4 | (at - all));
        digits++;
    }
    if (digits % 2)
        abort();
    return (struct troth_span){out, digits / 2};
}

struct troth_span test_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = NULL;
    size_t len = 0;

    if (!file)
        return (struct troth_span){NULL, 0};
    if (fseek(file, 0, SEEK_END) == 0) {
        long size = ftell(file);

        rewind(file);
        if (size >= 0) {
            bytes = lend((size_t)size);
            len = fread(bytes, 1, (size_t)size, file);
        }
    }
    fclose(file);
    return (struct troth_span){bytes, len};
}

const char *test_vectors_dir(void)
{
    static char found[4096];
    const char *named = getenv("TROTH_VECTORS");
    char probe[4200];

    snprintf(found, sizeof found, "%s",
             named ? named : TROTH_SOURCE_DIR "/../shared/vectors");
    snprintf(probe, sizeof probe, "%s/MANIFEST.tsv", found);
    FILE *file = fopen(probe, "rb");

    if (!file)
        return NULL;
    fclose(file);
    return found;
}

struct troth_span test_vector(const char *relative_path)
{
    const char *dir = test_vectors_dir();
    char path[4400];

    if (!dir)
        return (struct troth_span){NULL, 0};
    snprintf(path, sizeof path, "%s/%s", dir, relative_path);
    return test_file(path);
}

unsigned test_random_below(struct test_random *random, unsigned limit)
{
    random->state ^= random->state << 13;
    random->state ^= random->state >> 7;
    random->state ^= random->state << 17;
    return (unsigned)(random->state >> 33) % limit;
}
