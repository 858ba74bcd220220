/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/measure_page.h"

#include <string.h>
#include <strings.h>

#include "base/span.h"
#include "base/writer.h"
#include "codec/json_writer.h"
#include "evidence/format.h"

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

static bool is_open(const struct troth_measure_order *order, const char *claim)
{
    for (size_t i = 0; i < order->setting_count; i++)
        if (order->settings[i].len == 0 &&
            troth_measure_means(&order->settings[i], claim))
            return true;
    return false;
}

static void print_claim(FILE *to, const char *claim, struct troth_span value)
{
    uint8_t hex[2 * sizeof(((struct troth_measurement *)NULL)->value)];
    struct troth_writer w = troth_writer_over(hex, sizeof(hex));

    troth_write_hex(&w, value);
    (void)fprintf(to, "      %s: %.*s\n", label_of(claim), value.len ? (int)w.len : 3,
                  value.len ? (const char *)hex : "any");
}

static struct troth_span value_of(const struct troth_measurements *all, const char *claim)
{
    const struct troth_measurement *row = troth_measurements_find(all, claim);

    return row ? (struct troth_span){row->value, row->len} : (struct troth_span){NULL, 0};
}

/* The claims that together are the code, for this kind. */
static const struct troth_identity_row *identity_of(const char *kind)
{
    static const struct troth_identity_row none = {NULL, NULL};

    for (const struct troth_format *const *f = troth_formats(); *f; f++)
        if (strcmp((*f)->name, kind) == 0)
            return (*f)->identity;
    return &none;
}

static bool is_identity(const struct troth_identity_row *identity, const char *claim)
{
    for (; identity->claim; identity++)
        if (strcmp(identity->claim, claim) == 0)
            return true;
    return false;
}

static bool fail_unknown(struct troth_problem *problem,
                         const struct troth_measurements *all, const char *claim)
{
    const struct troth_measurement *row = troth_measurements_find(all, claim);

    (void)troth_problem_usage(problem, "%s cannot be computed: %s", claim,
                              row ? row->covers : "it is in none of the files");
    troth_problem_hint(
        problem,
        "--set %s=HEX, from a machine that you trust; or --any %s, and the "
        "policy takes any value",
        label_of(claim), label_of(claim));
    return false;
}

/* --any of what is no claim that names code, and no code that has none. */
static bool check_open(struct troth_problem *problem,
                       const struct troth_measure_finding *finding,
                       const struct troth_identity_row *identity,
                       const struct troth_measure_setting *setting)
{
    bool known = setting->len > 0 ||
                 (finding->uncovered && strcmp(setting->claim, finding->uncovered) == 0);

    for (; identity->claim && !known; identity++)
        known = troth_measure_means(setting, identity->claim);
    return known ||
           troth_problem_usage(problem, "--any: '%s' is no claim that names code",
                               setting->claim);
}

/* A policy that names a measurement says that it knows the code, which it must not say
 * unasked of code that nothing measures. */
static bool check_uncovered(struct troth_problem *problem,
                            const struct troth_measure_finding *finding,
                            const struct troth_measure_order *order)
{
    if (!finding->uncovered || is_open(order, finding->uncovered))
        return true;
    (void)troth_problem_usage(problem, "no measurement covers the %s: %s",
                              finding->uncovered, finding->measurements.rows[0].covers);
    troth_problem_hint(problem, "--any %s, and the policy takes any", finding->uncovered);
    return false;
}

/* Is there a value, or leave to take any, for all of them? */
static bool check_identity(struct troth_problem *problem,
                           const struct troth_measure_finding *finding,
                           const struct troth_identity_row *identity,
                           const struct troth_measure_order *order)
{
    const struct troth_measurements *all = &finding->measurements;

    for (size_t i = 0; i < order->setting_count; i++)
        if (!check_open(problem, finding, identity, &order->settings[i]))
            return false;
    for (; identity->claim; identity++)
        if (!is_open(order, identity->claim) && !value_of(all, identity->claim).len)
            return fail_unknown(problem, all, identity->claim);
    return check_uncovered(problem, finding, order);
}

bool troth_measure_policy_print(FILE *to, struct troth_problem *problem,
                                const struct troth_measure_finding *finding,
                                const struct troth_measure_order *order,
                                const char *image)
{
    const struct troth_measurements *all = &finding->measurements;
    const struct troth_identity_row *identity = identity_of(all->kind);
    const struct troth_span any = {NULL, 0};

    if (!check_identity(problem, finding, identity, order))
        return false;
    (void)fputs("images:\n  ", to);
    print_name(to, image);
    (void)fprintf(to, ":\n    %s:\n", all->kind);
    for (const struct troth_identity_row *row = identity; row->claim; row++)
        print_claim(to, row->claim,
                    is_open(order, row->claim) ? any : value_of(all, row->claim));
    /* What is beside them only where it says something: zeros are what it starts with. */
    for (size_t i = 0; i < all->count; i++) {
        const struct troth_span value = {all->rows[i].value, all->rows[i].len};

        if (!is_identity(identity, all->rows[i].claim) && !troth_span_is_zero(value))
            print_claim(to, all->rows[i].claim, value);
    }
    return true;
}
