/*
 * A whole client of an attested channel: standard input goes to the server once it has
 * proven what the policy asks, what the server says goes to standard output, and what was
 * proven is one line on standard error.
 *
 *     cc channel_client.c $(pkg-config --cflags --libs troth) -o channel_client
 *     ./channel_client epoch policy.json 192.0.2.7 8443 root.pem collateral.json
 *
 * With "prove" before the level, the client proves itself, too, if it is asked to. Roots
 * count beside the vendors' own; files that hold no root are collateral.
 *
 * Exit status: 0 both sides said all they had to say, 1 refused, 2 it could not be tried.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <troth/connection.h>
#include <troth/prover.h>
#include <troth/provider.h>

enum { FILES = 8, ROOTS = 16 };

/* What a connection is lent for each step. */
static struct troth_crypto crypto;
static struct troth_collateral_item items[TROTH_COLLATERAL_MAX];
static size_t item_count;
static struct troth_anchor roots[ROOTS];
static struct troth_anchors anchors = {roots, 0};
static struct troth_channel_tools tools;
static struct troth_attester *attester;
static struct troth_prover *prover; /* NULL: this side proves nothing */

static int give_up(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    return 2;
}

/* ---- what is needed to judge the server ---- */

static struct troth_span read_file(const char *path)
{
    static uint8_t room[FILES + 1][1024 * 1024];
    static int used;
    FILE *file = used <= FILES ? fopen(path, "rb") : NULL;
    struct troth_span bytes = {NULL, 0};

    if (file) {
        bytes = (struct troth_span){room[used],
                                    fread(room[used], 1, sizeof room[0], file)};
        used++;
        fclose(file);
    }
    return bytes;
}

static int load_policy(const char *path)
{
    static uint8_t document[TROTH_POLICY_ARENA_SIZE];
    struct troth_arena arena = TROTH_ARENA_OVER(document);
    struct troth_policy_issue issue;

    if (!troth_policy_from_json(&tools.policy, &issue, read_file(path), &crypto, &arena))
        return 0;
    fprintf(stderr, "%s:%u:%u: %s\n", path, issue.line, issue.column, issue.text);
    return 2;
}

/* A self-signed certificate authority is a root, everything else is collateral. */
static int load_file(const char *path, struct troth_arena *arena)
{
    struct troth_collateral_item found[TROTH_COLLATERAL_MAX];
    size_t count = 0;

    if (troth_collateral_read(found, &count, NULL, read_file(path), arena))
        return give_up(path, "neither root nor collateral");
    for (size_t i = 0; i < count; i++)
        if (found[i].kind == TROTH_COLLATERAL_CERTIFICATE && anchors.count < ROOTS &&
            !troth_anchor_from_certificate(&roots[anchors.count], NULL, &crypto,
                                           found[i].bytes))
            anchors.count++;
        else if (item_count < TROTH_COLLATERAL_MAX)
            items[item_count++] = found[i];
    return 0;
}

static int load(const char *policy, char **files, int count)
{
    static uint8_t unpacked[FILES * 4 * 1024 * 1024], memory[TROTH_CHANNEL_ARENA_SIZE];
    static struct troth_arena step = {memory, sizeof memory, 0};
    struct troth_arena arena = TROTH_ARENA_OVER(unpacked);
    const struct troth_anchors built_in = troth_anchors_built_in();

    if (troth_provider_create(&crypto))
        return give_up("provider", "the cryptographic library does not start");
    for (; anchors.count < built_in.count; anchors.count++)
        roots[anchors.count] = built_in.rows[anchors.count];
    for (int i = 0; i < count; i++)
        if (load_file(files[i], &arena))
            return 2;
    tools.crypto = &crypto;
    tools.anchors = &anchors;
    tools.collateral = (struct troth_collateral){items, item_count};
    tools.arena = &step;
    return load_policy(policy);
}

/* ---- what this side proves ---- */

static int open_prover(void)
{
    struct troth_attester_fault fault;

    if (!troth_attester_open(&attester, &fault))
        return give_up(fault.path[0] ? fault.path : "attester", strerror(fault.error));

    const struct troth_prover_options options = {.attester = attester, .crypto = &crypto};

    if (troth_prover_create(&prover, &options))
        return give_up("prover", "it cannot be made");
    return 0;
}

static struct troth_proof proof; /* signed for, after it was made */

static void prove(struct troth_connection *connection)
{
    struct troth_attester_fault fault = {0};

    if (prover && !troth_prover_prove(prover, &proof, &fault, time(NULL),
                                      troth_connection_request(connection))) {
        troth_connection_prove(connection, &proof, TROTH_REASON_NONE);
        return;
    }
    if (fault.error)
        fprintf(stderr, "%s: %s\n", fault.step, strerror(fault.error));
    troth_connection_prove(connection, NULL, TROTH_REASON_CANNOT);
}

static void sign(struct troth_connection *connection)
{
    uint8_t signature[64];
    enum troth_err err = troth_prover_sign(prover, signature, TROTH_CLIENT, proof.key,
                                           troth_connection_to_sign(connection));

    troth_connection_signed(connection,
                            (struct troth_span){signature, err ? 0 : sizeof signature});
}

/* Step, and answer what the connection wants, until it wants only its socket. */
static enum troth_connection_phase step(struct troth_connection *connection)
{
    for (;;) {
        enum troth_connection_phase phase = troth_connection_step(connection, &tools,
                                                                  time(NULL));
        unsigned wants = troth_connection_wants(connection);

        if (wants & TROTH_WANT_PROOF)
            prove(connection);
        else if (wants & TROTH_WANT_SIGNATURE)
            sign(connection);
        else if (wants & TROTH_WANT_COLLATERAL)
            troth_connection_looked(connection); /* there is no more than was given */
        else
            return phase;
    }
}

/* ---- the socket ---- */

static int connect_to(const char *host, const char *port)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int made = -1, one = 1;

    if (getaddrinfo(host, port, &hints, &found) != 0)
        return -1;
    for (const struct addrinfo *a = found; a && made < 0; a = a->ai_next) {
        made = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
        if (made >= 0 && connect(made, a->ai_addr, a->ai_addrlen) != 0) {
            close(made);
            made = -1;
        }
    }
    freeaddrinfo(found);
    if (made >= 0) {
        fcntl(made, F_SETFL, O_NONBLOCK);
        setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    }
    return made;
}

static void wait_for(int socket, const struct troth_connection *connection, int input)
{
    unsigned wants = troth_connection_wants(connection);
    struct pollfd ready[] = {
        {.fd = socket,
         .events = (short)((wants & TROTH_WANT_READ ? POLLIN : 0) |
                           (wants & TROTH_WANT_WRITE ? POLLOUT : 0))},
        {.fd = wants & TROTH_WANT_WRITE ? -1 : input, .events = POLLIN},
    };

    /* Every second the clock gets its say: proofs lapse. */
    poll(ready, 2, 1000);
}

/* ---- what it is all for ---- */

static void say_what_is_proven(const struct troth_connection *connection)
{
    const struct troth_standing *s = troth_connection_standing(connection);

    if (s)
        fprintf(stderr, "proven: %s, %s, image %s, %s%s\n", troth_level_name(s->level),
                s->kind, s->image[0] ? s->image : "any", troth_whose_text(s->whose),
                s->simulated ? ", SIMULATED" : "");
}

/* False: there is no more, or there is nothing yet. */
static int copy_output(struct troth_connection *connection)
{
    uint8_t bytes[16384];
    ptrdiff_t len = troth_connection_read(connection, &tools, time(NULL), bytes,
                                          sizeof bytes);

    if (len > 0)
        fwrite(bytes, 1, (size_t)len, stdout);
    return len > 0;
}

/* Returns the descriptor, or -1 once it has ended. */
static int copy_input(struct troth_connection *connection, int input)
{
    uint8_t bytes[TROTH_DATA_MAX]; /* as much as one call surely takes */
    struct pollfd ready = {.fd = input, .events = POLLIN};
    ssize_t len;

    if (input < 0 || troth_connection_wants(connection) & TROTH_WANT_WRITE ||
        poll(&ready, 1, 0) <= 0)
        return input;
    len = read(input, bytes, sizeof bytes);
    if (len > 0) {
        troth_connection_write(connection, (struct troth_span){bytes, (size_t)len});
        return input;
    }
    troth_connection_end(connection);
    return -1;
}

static void talk(int socket, struct troth_connection *connection)
{
    enum troth_connection_phase phase = step(connection);
    int input = STDIN_FILENO, is_open = 0;

    while (phase != TROTH_CONNECTION_CLOSED) {
        if (phase == TROTH_CONNECTION_OPEN) {
            if (!is_open)
                say_what_is_proven(connection);
            is_open = 1;
            while (copy_output(connection))
                ;
            fflush(stdout);
            input = copy_input(connection, input);
        }
        wait_for(socket, connection, phase == TROTH_CONNECTION_OPEN ? input : -1);
        phase = step(connection);
    }
}

static int conclude(const struct troth_connection *connection)
{
    enum troth_channel_reason theirs,
        reason = troth_connection_reason(connection, &theirs);

    if (reason == TROTH_REASON_NONE)
        return 0;
    fprintf(stderr, "refused: %s", troth_channel_reason_text(reason));
    if (reason == TROTH_REASON_PEER)
        fprintf(stderr, ": %s", troth_channel_reason_text(theirs));
    else if (troth_connection_detail(connection)[0])
        fprintf(stderr, ": %s", troth_connection_detail(connection));
    fputc('\n', stderr);
    return 1;
}

int main(int argc, char **argv)
{
    int proves = argc > 1 && strcmp(argv[1], "prove") == 0;
    char **words = argv + 1 + proves;
    int count = argc - 1 - proves;

    if (count < 4 || count > 4 + FILES ||
        (strcmp(words[0], "epoch") != 0 && strcmp(words[0], "strict") != 0))
        return give_up("usage",
                       "channel_client [prove] epoch|strict POLICY HOST PORT [FILE…]");
    if (load(words[1], words + 4, count - 4) || (proves && open_prover()))
        return 2;

    /* No name is asked for: the policy has to say which machines will do. */
    const struct troth_tls_options tls = {.role = TROTH_CLIENT};
    struct troth_connection_options options = {
        .asks = words[0][0] == 'e' ? TROTH_LEVEL_EPOCH : TROTH_LEVEL_STRICT,
        .gives = {[TROTH_LEVEL_EPOCH] = proves, [TROTH_LEVEL_STRICT] = proves},
        .peer = {(const uint8_t *)words[2], strlen(words[2])},
        .open_by_s = time(NULL) + 150,
    };
    struct troth_connection *connection;
    int socket = connect_to(words[2], words[3]);

    if (socket < 0)
        return give_up(words[2], "cannot connect");
    if (troth_tls_create(&options.tls, &tls) ||
        troth_connection_create(&connection, socket, &options))
        return give_up("TLS", "it cannot be made");
    talk(socket, connection);

    int status = conclude(connection);

    troth_connection_destroy(connection);
    troth_tls_destroy(options.tls);
    close(socket);
    troth_prover_destroy(prover);
    troth_attester_close(attester);
    troth_provider_destroy(&crypto);
    return status;
}
