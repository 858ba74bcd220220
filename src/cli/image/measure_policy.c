/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/measure_page.h"

#include <string.h>
#include <strings.h>

#include "base/writer.h"
#include "codec/json_writer.h"

/* A name of 128 bytes, each of them escaped. */
#define NAME_ROOM 1024

/* Names that any reader of YAML takes for a text without quotes. */
static bool is_plain(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char rest[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "0123456789-_.";
    static const char *const others[] = {"y",    "n",    "on",  "off",   "yes", "no",
                                         "true", "null", "any", "false", "none"};

    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
        if (strcasecmp(name, others[i]) == 0)
            return false;
    return *name && strchr(letters, *name) && name[strspn(name, rest)] == '\0';
}

/* JSON's strings are YAML's, too. */
static void print_name(FILE *to, const char *name)
{
    uint8_t text[NAME_ROOM];
    struct troth_writer bytes = troth_writer_over(text, sizeof(text));
    struct troth_json_writer w = troth_json_writer_over(&bytes, false);

    if (is_plain(name)) {
        (void)fputs(name, to);
        return;
    }
    troth_json_write_text(&w, name);
    (void)fwrite(text, 1, bytes.len, to);
}

/* "pcr0" of "nitro.pcr0". */
static const char *label_of(const char *claim)
{
    const char *dot = strchr(claim, '.');

    return dot ? dot + 1 : claim;
}

static void print_claim(FILE *to, const struct troth_measurement *row)
{
    uint8_t hex[2 * sizeof(row->value)];
    struct troth_writer w = troth_writer_over(hex, sizeof(hex));

    troth_write_hex(&w, (struct troth_span){row->value, row->len});
    (void)fprintf(to, "      %s: %.*s\n", label_of(row->claim), (int)w.len,
                  (const char *)hex);
}

bool troth_measure_policy_print(FILE *to, struct troth_problem *problem,
                                const struct troth_measure_finding *finding,
                                const char *image)
{
    const struct troth_measurements *all = &finding->measurements;

    for (size_t i = 0; i < all->count; i++)
        if (all->rows[i].len == 0)
            return troth_problem_usage(problem, "%s cannot be computed: %s",
                                       all->rows[i].claim, all->rows[i].covers);
    (void)fputs("images:\n  ", to);
    print_name(to, image);
    (void)fprintf(to, ":\n    %s:\n", all->kind);
    for (size_t i = 0; i < all->count; i++)
        print_claim(to, &all->rows[i]);
    return true;
}
