/* A client of attested channels, for test/channel/agent_test.py.
 *
 * usage: channel-client ADDRESS LEVEL TIMES POLICY ROOT COLLATERAL [CHECKPOINT]
 *        channel-client note FILE AGE
 *
 * Connects so many times; says and hears back one line each time, and tells on standard
 * output how each connection stood or why it did not. TIMES "hold": once, and what
 * standard input says is what it says. Proves itself by this machine's
 * device where it has one. With CHECKPOINT, which only has to be there, it takes
 * witnessed checkpoints; "note" makes one that it takes, so many seconds old.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "service/agent/program/say.h"
#include "service/agent/program/settings.h"
#include "service/dial.h"
#include "test/support/note.h"
#include "troth/prover.h"
#include "troth/provider.h"

#define LOG     "log.example"
#define WITNESS "witness.example"

enum { LOG_SEED = 1, WITNESS_SEED = 2, KNOWN = 16, TYPE_LOG = 1, TYPE_WITNESS = 4 };

struct client {
    struct troth_crypto crypto;
    struct troth_settings *settings;
    struct troth_channel_tools tools;
    struct troth_arena arena;
    struct troth_known known;
    struct troth_witnesses witnesses;
    struct troth_witness witness;
    struct troth_attester *attester; /* NULL: it has nothing to prove */
    struct troth_prover *prover;
    struct troth_tls *tls;
    enum troth_level asks;
};

static _Noreturn void die(const char *what)
{
    (void)fprintf(stderr, "channel-client: %s\n", what);
    exit(2);
}

static void ask(void *state, struct troth_proof_waiter *waiter,
                const struct troth_proof_request *request, struct troth_span peer)
{
    struct client *client = state;
    struct troth_attester_fault fault;
    struct troth_proof proof;

    (void)peer;
    if (troth_prover_prove(client->prover, &proof, &fault, (int64_t)time(NULL), request))
        waiter->answer(waiter, NULL, TROTH_REASON_CANNOT);
    else
        waiter->answer(waiter, &proof, TROTH_REASON_NONE);
}

static void forget(void *state, struct troth_proof_waiter *waiter)
{
    (void)state;
    (void)waiter;
}

static enum troth_err sign(void *state, uint8_t out[static 64], enum troth_role role,
                           struct troth_span key, struct troth_span binding)
{
    struct client *client = state;

    return troth_prover_sign(client->prover, out, role, key, binding);
}

/* ---- one connection ---- */

static void tell(const struct troth_connection *connection)
{
    static const char *const freshness[] = {
        [TROTH_FRESH_CONNECTION] = "connection",
        [TROTH_FRESH_NONCE] = "nonce",
        [TROTH_FRESH_CHECKPOINT] = "checkpoint",
    };
    const struct troth_standing *peer = troth_connection_standing(connection);

    if (!peer) {
        (void)printf("open: unasked\n");
        return;
    }
    (void)printf("open: %s, %s, %s, %s%s, by ", troth_level_name(peer->level),
                 freshness[peer->freshness], troth_whose_text(peer->whose), peer->kind,
                 peer->simulated ? ", simulated" : "");
    for (size_t i = 0; i < sizeof peer->evidence_sha256; i++)
        (void)printf("%02x", peer->evidence_sha256[i]);
    (void)printf("\n");
}

static void tell_why(const struct troth_connection *connection)
{
    enum troth_channel_reason peer = TROTH_REASON_NONE;
    enum troth_channel_reason reason = troth_connection_reason(connection, &peer);

    (void)printf("closed: %s, %s, %s\n", troth_channel_reason_name(reason),
                 troth_channel_reason_name(peer), troth_connection_detail(connection));
}

/* One line there and back, through pipes as a program would have them. */
static bool talk(struct troth_dial *dial)
{
    static const char line[] = "a line\n";
    char heard[64] = "";
    int in[2], out[2];
    bool is_well;

    if (pipe(in) != 0 || pipe(out) != 0 ||
        write(in[1], line, sizeof line - 1) != (ssize_t)sizeof line - 1)
        die("cannot make pipes");
    (void)close(in[1]);
    is_well = troth_dial_pipe(dial, in[0], out[1]);
    (void)close(out[1]);
    is_well = read(out[0], heard, sizeof heard - 1) >= 0 && is_well;
    (void)close(in[0]);
    (void)close(out[0]);
    (void)printf("heard: %s", *heard ? heard : "nothing\n");
    return is_well;
}

static void hold(struct troth_dial *dial)
{
    (void)fflush(stdout);
    if (!troth_dial_pipe(dial, 0, 1))
        tell_why(dial->connection);
}

static void call(struct client *client, const char *text, bool is_held)
{
    const struct troth_proof_source source = {client, ask, forget, sign};
    struct troth_connection_options options = {
        .tls = client->tls,
        .asks = client->asks,
        .gives =
            {[TROTH_LEVEL_EPOCH] = client->prover, [TROTH_LEVEL_STRICT] = client->prover},
        .peer = {(const uint8_t *)text, strlen(text)},
    };
    struct troth_dial dial = {.tools = &client->tools,
                              .source = client->prover ? &source : NULL};
    struct troth_address address;

    if (troth_address_parse(&address, text))
        die("no such address");
    dial.socket = troth_address_connect(&address);
    if (dial.socket < 0 ||
        troth_connection_create(&dial.connection, dial.socket, &options))
        die("cannot connect");
    if (troth_dial_open(&dial)) {
        tell(dial.connection);
        if (is_held)
            hold(&dial);
        else if (!talk(&dial))
            tell_why(dial.connection);
    } else {
        tell_why(dial.connection);
    }
    (void)fflush(stdout);
    troth_connection_destroy(dial.connection);
    (void)close(dial.socket);
}

/* ---- what it has ---- */

static void make_prover(struct client *client)
{
    struct troth_prover_options options = {.crypto = &client->crypto};
    struct troth_attester_fault fault;

    if (!troth_attester_open(&client->attester, &fault)) {
        if (fault.error != ENODEV)
            die("cannot open the device");
        return;
    }
    options.attester = client->attester;
    if (troth_prover_create(&client->prover, &options))
        die("cannot make a prover");
}

static void take_witnesses(struct client *client)
{
    client->witness.name = TROTH_LITERAL(WITNESS);
    test_note_key(client->witness.key, WITNESS_SEED);
    client->witnesses.origin = TROTH_LITERAL(LOG);
    test_note_key(client->witnesses.log_key, LOG_SEED);
    client->witnesses.rows = &client->witness;
    client->witnesses.count = client->witnesses.needed = 1;
    client->tools.witnesses = &client->witnesses;
}

static void begin(struct client *client, const struct troth_agent_order *order)
{
    const struct troth_tls_options tls = {.role = TROTH_CLIENT};
    const size_t known_size = KNOWN * TROTH_KNOWN_ENTRY_SIZE;
    uint8_t *known = malloc(known_size);
    struct troth_problem problem = {0};

    client->arena = (struct troth_arena){malloc(TROTH_CHANNEL_ARENA_SIZE),
                                         TROTH_CHANNEL_ARENA_SIZE, 0};
    if (!known || !client->arena.base || troth_provider_create(&client->crypto) ||
        troth_tls_create(&client->tls, &tls))
        die("cannot begin");
    if (!troth_settings_read(&client->settings, &problem, order, &client->crypto))
        exit(troth_agent_say_problem(&problem));
    troth_known_init(&client->known, known, known_size);
    client->tools = (struct troth_channel_tools){
        .crypto = &client->crypto,
        .policy = client->settings->policy,
        .anchors = &client->settings->anchors,
        .collateral = {client->settings->inputs.items,
                       client->settings->inputs.item_count},
        .generation = 1,
        .known = &client->known,
        .arena = &client->arena,
    };
    make_prover(client);
}

static void end(struct client *client)
{
    troth_prover_destroy(client->prover);
    troth_attester_close(client->attester);
    troth_tls_destroy(client->tls);
    troth_settings_destroy(client->settings);
    troth_provider_destroy(&client->crypto);
    free(client->known.memory);
    free(client->arena.base);
}

static int make_note(const char *path, const char *age)
{
    static struct test_note note;
    const uint64_t now_s = (uint64_t)time(NULL) - strtoull(age, NULL, 10);
    struct troth_span text;
    FILE *file;

    test_note_begin(&note, LOG "\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
    test_note_sign(&note, LOG, LOG_SEED);
    test_note_cosign(&note, WITNESS, WITNESS_SEED, now_s);
    text = test_note_span(&note);
    file = fopen(path, "w");
    if (!file || fwrite(text.ptr, 1, text.len, file) != text.len || fclose(file) != 0)
        die("cannot write the note");
    return 0;
}

int main(int argc, char **argv)
{
    struct client client = {.asks = TROTH_LEVEL_NONE};
    struct troth_agent_order order = {.policy = NULL};

    if (argc == 4 && strcmp(argv[1], "note") == 0)
        return make_note(argv[2], argv[3]);
    if (argc < 7)
        die("usage: channel-client ADDRESS LEVEL TIMES POLICY ROOT COLLATERAL");
    for (int level = 0; level < TROTH_LEVEL_COUNT; level++)
        if (strcmp(argv[2], troth_level_name((enum troth_level)level)) == 0)
            client.asks = (enum troth_level)level;
    order.policy = argv[4];
    order.roots[order.root_count++] = argv[5];
    order.collateral[order.collateral_count++] = argv[6];
    begin(&client, &order);
    if (argc > 7)
        take_witnesses(&client);
    if (strcmp(argv[3], "hold") == 0)
        call(&client, argv[1], true);
    for (unsigned long i = strtoul(argv[3], NULL, 10); i > 0; i--)
        call(&client, argv[1], false);
    end(&client);
    return 0;
}
