/* Write minted evidence and what it takes to verify it into a directory. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/mint.h"

#define LATEST 253000000000 /* in the year 9987: X.509 has no room for five digits */
#define MOST   1000000      /* documents */

const char mint_program[] = "troth-mint";

static const struct {
    const char *name;
    void (*mint)(const struct mint_order *order, struct sim_keyring *ring);
} kinds[] = {
    {"nitro", mint_nitro},     {"snp-milan", mint_milan}, {"snp-genoa", mint_genoa},
    {"snp-turin", mint_turin}, {"sgx", mint_sgx},         {"tdx", mint_tdx},
    {"tdx-1.5", mint_tdx15},
};

static const char usage[] =
    "usage: troth-mint KIND [OPTIONS] DIRECTORY\n"
    "\n"
    "Write evidence.bin and what verifies it into DIRECTORY. The keys follow from a\n"
    "seed and vouch for nothing.\n"
    "\n"
    "  nitro                               root.pem\n"
    "  snp-milan | snp-genoa | snp-turin   root.pem, vek.pem, ask.pem, crl.pem\n"
    "  sgx | tdx | tdx-1.5                 root.pem; collateral.json, and the same in\n"
    "                                      Intel's own files in collateral/\n"
    "\n"
    "  --seed N     another seed, other keys (default 0)\n"
    "  --time UNIX  when the evidence is made (default now)\n"
    "  --debug      of an enclave or guest that its host may debug\n"
    "  --old        sgx, tdx: of a platform whose firmware is out of date\n"
    "  --set CLAIM=VALUE\n"
    "               what it says: nonce, tcb.status (sgx, tdx), a register, a field\n"
    "  --count N    N different ones: evidence.bin, evidence-1.bin, …\n"
    "\n"
    "example: troth-mint nitro --time 1755506509 /tmp/evidence\n";

_Noreturn static void refuse(const char *what, const char *subject)
{
    (void)fprintf(stderr, "troth-mint: error: %s '%s'\n\n%s", what, subject, usage);
    exit(2);
}

static uint64_t parse_number(const char *option, const char *text, uint64_t most)
{
    char *end = NULL;

    if (!text || *text < '0' || *text > '9')
        refuse("a number must follow", option);
    errno = 0;
    const unsigned long long number = strtoull(text, &end, 10);
    if (errno || *end || number > most)
        refuse("no such number is possible:", text);
    return number;
}

static void add_wish(struct mint_order *order, const char *option, const char *wish)
{
    if (!wish || !strchr(wish, '=') || *wish == '=')
        refuse("CLAIM=VALUE must follow", option);
    if (order->wish_count == MINT_WISHES_MAX)
        refuse("too many of", option);
    order->wishes[order->wish_count++] = wish;
}

/* Takes the option's value, if it has one; false when `argv[0]` is none of ours. */
static bool parse_option(struct mint_order *order, char ***argv)
{
    const char *name = **argv;

    if (strcmp(name, "--debug") == 0)
        order->is_debug = true;
    else if (strcmp(name, "--old") == 0)
        order->is_old = true;
    else if (strcmp(name, "--seed") == 0)
        order->seed = parse_number(name, *++*argv, UINT64_MAX);
    else if (strcmp(name, "--time") == 0)
        order->time_s = (int64_t)parse_number(name, *++*argv, LATEST);
    else if (strcmp(name, "--set") == 0)
        add_wish(order, name, *++*argv);
    else if (strcmp(name, "--count") == 0)
        order->count = parse_number(name, *++*argv, MOST);
    else
        return false;
    return true;
}

static struct mint_order parse_arguments(char **argv)
{
    struct mint_order order = {.count = 1, .time_s = (int64_t)time(NULL)};

    for (argv++; *argv; argv++) {
        if (strcmp(*argv, "--help") == 0) {
            (void)fputs(usage, stdout);
            exit(0);
        }
        if (parse_option(&order, &argv))
            continue;
        if (**argv == '-')
            refuse("no such option", *argv);
        if (!order.kind)
            order.kind = *argv;
        else if (!order.directory)
            order.directory = *argv;
        else
            refuse("too many arguments:", *argv);
    }
    if (!order.directory)
        refuse("missing", order.kind ? "DIRECTORY" : "KIND");
    return order;
}

int main(int argc, char **argv)
{
    (void)argc;
    const struct mint_order order = parse_arguments(argv);

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].name, order.kind) != 0)
            continue;
        mint_make_directory(order.directory);
        struct sim_keyring *ring = sim_keyring_create(order.seed);
        kinds[i].mint(&order, ring);
        sim_keyring_destroy(ring);
        return 0;
    }
    refuse("no such kind of evidence", order.kind);
}
