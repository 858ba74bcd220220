/* Write minted evidence and what it takes to verify it into a directory. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "sim/nitro.h"
#include "sim/pem.h"
#include "sim/snp.h"

#define LATEST 253000000000 /* in the year 9987: X.509 has no room for five digits */
#define MOST   1000000      /* documents */

struct order {
    const char *kind;
    const char *directory;
    uint64_t seed;
    uint64_t count;
    int64_t time_s;
    bool is_debug;
};

_Noreturn static void fail(const char *what, const char *subject)
{
    (void)fprintf(stderr, "troth-mint: error: %s '%s'%s%s\n", what, subject,
                  errno ? ": " : "", errno ? strerror(errno) : "");
    exit(2);
}

/* Write and free. Files after the first of each kind carry their number. */
static void write_file(const struct order *order, const char *stem, const char *ending,
                       uint64_t number, struct sim_bytes content)
{
    char path[4096];
    char which[24] = "";

    if (number > 0)
        (void)snprintf(which, sizeof which, "-%llu", (unsigned long long)number);
    if (snprintf(path, sizeof path, "%s/%s%s.%s", order->directory, stem, which,
                 ending) >= (int)sizeof path)
        fail("name is too long for", order->directory);

    FILE *file = fopen(path, "wb");
    if (!file)
        fail("cannot create", path);
    const bool is_written = fwrite(content.ptr, 1, content.len, file) == content.len;
    if (fclose(file) != 0 || !is_written)
        fail("cannot write", path);
    sim_bytes_free(&content);
}

static void write_pem(const struct order *order, const char *stem, const char *label,
                      uint64_t number, struct sim_bytes der)
{
    write_file(order, stem, "pem", number, sim_pem_mint(label, sim_bytes_span(der)));
    sim_bytes_free(&der);
}

static void write_cert(const struct order *order, const char *stem, uint64_t number,
                       const struct sim_cert *cert)
{
    write_pem(order, stem, "CERTIFICATE", number, sim_cert_mint(cert));
}

static void mint_nitro(const struct order *order, struct sim_keyring *ring)
{
    struct sim_nitro doc;

    for (uint64_t i = 0; i < order->count; i++) {
        sim_nitro_default(&doc, ring, (unsigned)i, order->time_s);
        if (order->is_debug)
            sim_nitro_set_debug(&doc);
        write_file(order, "evidence", "bin", i, sim_nitro_mint(&doc));
        if (i == 0)
            write_cert(order, "root", 0, &doc.certs[SIM_NITRO_ROOT]);
    }
}

static void mint_snp(const struct order *order, struct sim_keyring *ring,
                     enum sim_snp_product product)
{
    struct sim_snp doc;

    for (uint64_t i = 0; i < order->count; i++) {
        sim_snp_default(&doc, ring, product, SIM_VCEK, (unsigned)i, order->time_s);
        if (order->is_debug)
            sim_snp_set_debug(&doc);
        write_file(order, "evidence", "bin", i, sim_snp_mint(&doc));
        write_cert(order, "vek", i, &doc.certs[SIM_SNP_VEK]);
        if (i == 0) {
            write_cert(order, "root", 0, &doc.certs[SIM_SNP_ARK]);
            write_cert(order, "ask", 0, &doc.certs[SIM_SNP_ASK]);
            write_pem(order, "crl", "X509 CRL", 0, sim_crl_mint(&doc.crl));
        }
    }
}

static void mint_milan(const struct order *order, struct sim_keyring *ring)
{
    mint_snp(order, ring, SIM_MILAN);
}

static void mint_genoa(const struct order *order, struct sim_keyring *ring)
{
    mint_snp(order, ring, SIM_GENOA);
}

static void mint_turin(const struct order *order, struct sim_keyring *ring)
{
    mint_snp(order, ring, SIM_TURIN);
}

static const struct {
    const char *name;
    void (*mint)(const struct order *order, struct sim_keyring *ring);
} kinds[] = {
    {"nitro", mint_nitro},
    {"snp-milan", mint_milan},
    {"snp-genoa", mint_genoa},
    {"snp-turin", mint_turin},
};

static const char usage[] =
    "usage: troth-mint nitro|snp-milan|snp-genoa|snp-turin [OPTIONS] DIRECTORY\n"
    "\n"
    "Write evidence.bin and what verifies it (root.pem; for SNP also vek.pem, ask.pem "
    "and\n"
    "crl.pem) into DIRECTORY. The keys follow from the seed and vouch for nothing.\n"
    "\n"
    "  --seed N     another seed, other keys (default 0)\n"
    "  --time UNIX  when the evidence is made (default now)\n"
    "  --debug      of an enclave or guest that its host may debug\n"
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

/* Takes the option's value, if it has one; false when `argv[0]` is none of ours. */
static bool parse_option(struct order *order, char ***argv)
{
    const char *name = **argv;

    if (strcmp(name, "--debug") == 0)
        order->is_debug = true;
    else if (strcmp(name, "--seed") == 0)
        order->seed = parse_number(name, *++*argv, UINT64_MAX);
    else if (strcmp(name, "--time") == 0)
        order->time_s = (int64_t)parse_number(name, *++*argv, LATEST);
    else if (strcmp(name, "--count") == 0)
        order->count = parse_number(name, *++*argv, MOST);
    else
        return false;
    return true;
}

static struct order parse_arguments(char **argv)
{
    struct order order = {.count = 1, .time_s = (int64_t)time(NULL)};

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
    const struct order order = parse_arguments(argv);

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].name, order.kind) != 0)
            continue;
        if (mkdir(order.directory, 0777) != 0 && errno != EEXIST)
            fail("cannot create", order.directory);
        errno = 0;
        struct sim_keyring *ring = sim_keyring_create(order.seed);
        kinds[i].mint(&order, ring);
        sim_keyring_destroy(ring);
        return 0;
    }
    refuse("no such kind of evidence", order.kind);
}
