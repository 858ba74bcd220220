/*
 * What an attested channel costs over the same TLS 1.3 without attestation, and beside
 * stunnel and haproxy: handshakes, small requests, bulk data, idle connections. All of it
 * on loopback and in one run.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "bench/channel_figures.h"

const char *bench_mark(bool reached)
{
    return reached ? "" : "   MISSED";
}

double bench_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void bench_line_to(struct bench_line *line, struct bench_party *party,
                   const struct bench_child *child, enum troth_level client_proves)
{
    const struct bench_line_terms terms = {child->kind, TROTH_LEVEL_EPOCH, client_proves};

    if (bench_line_begin(line, party, TROTH_CLIENT, &terms, bench_connect(child->port)) &&
        bench_line_open(line))
        return;
    fprintf(stderr, "bench: no connection to %s\n", child->name);
    exit(2);
}

/* What the proxies read: certificate and key in one file. */
static void write_certificate(const char *folder, const struct tls_certificate *leaf)
{
    char path[128];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/server.pem", folder);
    file = fopen(path, "w");
    if (!file || fwrite(leaf->chain.ptr, 1, leaf->chain.len, file) != leaf->chain.len ||
        fwrite(leaf->key.ptr, 1, leaf->key.len, file) != leaf->key.len ||
        fclose(file) != 0)
        exit(2);
}

static void remove_folder(const char *folder)
{
    static const char *const names[] = {"server.pem", "haproxy.conf", "stunnel.conf"};
    char path[128];

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        (void)unlink(path);
    }
    (void)rmdir(folder);
}

/* Two descriptors a connection in the relay, one here. */
static unsigned most_connections(unsigned wanted)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 100;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur / 2 < wanted + 200 ? (unsigned)(limit.rlim_cur / 2 - 200)
                                             : wanted;
}

int main(int argc, char **argv)
{
    static struct bench_certificate certificate;
    char folder[] = "/tmp/troth-bench-XXXXXX";
    unsigned scale = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 100;
    struct bench_party *party;

    if (scale == 0 || !mkdtemp(folder))
        return 2;
    (void)signal(SIGPIPE, SIG_IGN);
    tls_authority_begin(&certificate.authority);
    tls_authority_issue(&certificate.authority, &certificate.leaf, "localhost");
    write_certificate(folder, &certificate.leaf);
    party = bench_party_create(&certificate);
    bench_memory(party, folder, most_connections(20 * scale));
    bench_latency(party, 30 * scale);
    bench_bulk(party, folder, 2 * scale);
    printf("\n");
    bench_handshakes(&certificate, 2 * scale);
    remove_folder(folder);
    tls_authority_end(&certificate.authority);
    return 0;
}
