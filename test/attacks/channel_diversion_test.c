/* SPDX-License-Identifier: Apache-2.0 */
/* The client is led to another machine: genuine, of the same image, under the same root
 * of its vendor, and the attacker's. */
#include <stdio.h>
#include <string.h>

#include "test/harness.h"
#include "test/support/channel_party.h"
#include "test/support/policy.h"
#include "test/support/tls_authority.h"

static struct channel_world world;
static struct tls_authority authority, other_authority;
static struct party client, honest, diverted;

/* Both machines run the same image; what tells them apart is who made them. */
enum { OURS = 0, THEIRS = 1 };

enum backing { NO_NAME, CERTIFIED, CERTIFIED_WRONG, CERTIFIED_STOLEN, PINNED };

/* The attacker's machine does all an honest server does. What it shows of TLS is his:
 * a certificate of his own making, or for a name that is his. */
static void dress(struct party *party, struct tls_certificate *certificate, bool is_ours,
                  enum backing backing)
{
    if (backing == NO_NAME)
        return;
    if (is_ours || backing == CERTIFIED_STOLEN)
        tls_authority_issue(&authority, certificate, "server.example");
    else if (backing == CERTIFIED_WRONG)
        tls_authority_issue(&authority, certificate, "attacker.example");
    else
        tls_authority_issue(&other_authority, certificate, "server.example");
    party->tls_options.certificate_chain = certificate->chain;
    party->tls_options.private_key = certificate->key;
}

static void expect_name(enum backing backing, const struct tls_certificate *ours)
{
    if (backing == NO_NAME)
        return;
    if (backing == PINNED) {
        client.tls_options.pinned_sha256 = (struct troth_span)TROTH_ARRAY_SPAN(
            ours->sha256);
        return;
    }
    client.tls_options.ca_file = authority.path;
    client.tls_options.server_name = "server.example";
}

struct row {
    const char *why;
    enum channel_device device;
    enum { UNSAID, LISTED, CLAIMED, ANY } machines; /* in the client's policy */
    enum backing backing;
    const char *diverted, *honest; /* what becomes of the client */
    enum troth_whose whose;        /* where it is open */
};

static const struct troth_policy *policy_of(const struct row *row)
{
    static const char *const kinds[] = {
        [CHANNEL_NITRO] = "nitro", [CHANNEL_SNP] = "snp", [CHANNEL_TDX] = "tdx"};
    const struct channel_machine ours = {row->device, OURS};
    const char *kind = kinds[row->device];
    char line[256] = "", yaml[512];

    if (row->machines == ANY)
        (void)snprintf(line, sizeof line, ", machines: any");
    else if (row->machines == LISTED)
        (void)snprintf(line, sizeof line, ", machines: {%s: ['%s']}", kind,
                       channel_world_identity(&world, ours));
    else if (row->machines == CLAIMED)
        (void)snprintf(line, sizeof line, ", expect: {dcap.ppid: '%s'}",
                       channel_world_identity(&world, ours));
    (void)snprintf(yaml, sizeof yaml, "{policy: p, accept: [%s], images: any%s}", kind,
                   line);
    return test_policy(yaml);
}

/* What the host of an SNP machine hands out beside its report. */
static bool prove_with_table(struct channel_side *side, struct troth_proof *out,
                             const struct troth_proof_request *request)
{
    static struct sim_snp snp;

    if (!channel_side_prove(side, out, request))
        return false;
    if (side->machine.device == CHANNEL_SNP && !out->is_held) {
        sim_snp_default(&snp, world.ring, SIM_GENOA, SIM_VCEK, side->machine.number,
                        MINTED_AT_S);
        out->collateral = minted_keep(&world.trial, sim_snp_mint_table(&snp));
    }
    return true;
}

static void check_meeting(struct party *server, const char *state, enum troth_whose whose)
{
    const bool is_open = strcmp(state, "open") == 0;
    const struct troth_standing *standing;

    party_meet(&client, server);
    CHECK_TEXT(party_state(&client), state);
    CHECK_INT(party_say(&client, "a secret"), is_open);
    party_step(server);
    CHECK_TEXT(server->heard, is_open ? "a secret" : "");
    standing = troth_connection_standing(client.connection);
    CHECK_INT(standing != NULL, is_open);
    if (standing)
        CHECK_TEXT(troth_whose_text(standing->whose), troth_whose_text(whose));
}

static void begin_server(struct party *server, const struct row *row, unsigned number)
{
    static struct tls_certificate certificates[2];

    party_begin(server, &world, TROTH_SERVER, row->device);
    server->side.machine.number = number;
    server->side.habits.prove = prove_with_table;
    dress(server, &certificates[number], number == OURS, row->backing);
    if (number == OURS)
        expect_name(row->backing, &certificates[number]);
    if (number == THEIRS) {
        sim_bytes_free(&server->side.key_info);
        server->side.key = sim_keyring_key(world.ring, SIM_KEY_P256, "theirs");
        server->side.key_info = sim_key_info(server->side.key);
    }
}

static void lead_away(const struct row *row, enum troth_level level)
{
    test_case("diversion, %s: %s", troth_level_name(level), row->why);
    party_begin(&client, &world, TROTH_CLIENT, row->device);
    begin_server(&honest, row, OURS);
    begin_server(&diverted, row, THEIRS);
    client.side.terms.asks = level;
    client.side.tools.policy = policy_of(row);
    check_meeting(&honest, row->honest, row->whose);
    check_meeting(&diverted, row->diverted, row->whose);
    party_end(&client);
    party_end(&honest);
    party_end(&diverted);
}

static const struct row rows[] = {
    {"nothing says whose machine it is", CHANNEL_TDX, UNSAID, NO_NAME, "name", "name",
     TROTH_WHOSE_ANYBODYS},
    {"nothing says whose machine it is, Nitro", CHANNEL_NITRO, UNSAID, NO_NAME, "name",
     "name", TROTH_WHOSE_ANYBODYS},
    {"a list of machines, TDX", CHANNEL_TDX, LISTED, NO_NAME, "evidence", "open",
     TROTH_WHOSE_LISTED},
    {"a list of machines, SNP", CHANNEL_SNP, LISTED, NO_NAME, "evidence", "open",
     TROTH_WHOSE_LISTED},
    {"a claim that names the machine", CHANNEL_TDX, CLAIMED, NO_NAME, "evidence", "open",
     TROTH_WHOSE_LISTED},
    {"a certified name, and he has another authority's", CHANNEL_TDX, UNSAID, CERTIFIED,
     "tls", "open", TROTH_WHOSE_CERTIFIED},
    {"a certified name, and he has one of his own", CHANNEL_NITRO, UNSAID,
     CERTIFIED_WRONG, "tls", "open", TROTH_WHOSE_CERTIFIED},
    {"a certified name, though any machine will do", CHANNEL_TDX, ANY, CERTIFIED, "tls",
     "open", TROTH_WHOSE_CERTIFIED},
    {"a list, and he stole a certificate for the name", CHANNEL_TDX, LISTED,
     CERTIFIED_STOLEN, "evidence", "open", TROTH_WHOSE_LISTED},
    {"a pinned certificate", CHANNEL_TDX, UNSAID, PINNED, "tls", "open",
     TROTH_WHOSE_PINNED},
    {"a pinned certificate, Nitro", CHANNEL_NITRO, UNSAID, PINNED, "tls", "open",
     TROTH_WHOSE_PINNED},
    /* The policy says so in as many words, and so does the result. */
    {"any machine will do, TDX: it is accepted", CHANNEL_TDX, ANY, NO_NAME, "open",
     "open", TROTH_WHOSE_ANYBODYS},
    {"any machine will do, SNP: it is accepted", CHANNEL_SNP, ANY, NO_NAME, "open",
     "open", TROTH_WHOSE_ANYBODYS},
    {"any machine will do, Nitro: it is accepted", CHANNEL_NITRO, ANY, NO_NAME, "open",
     "open", TROTH_WHOSE_ANYBODYS},
};

/* The certificate for the name is all that he needs where nothing else says whose. */
static void steal_the_name(void)
{
    static const struct row row = {
        "a certified name, and he stole a certificate for it: it is accepted",
        CHANNEL_TDX,
        UNSAID,
        CERTIFIED_STOLEN,
        "open",
        "open",
        TROTH_WHOSE_CERTIFIED};

    lead_away(&row, TROTH_LEVEL_STRICT);
}

int main(void)
{
    channel_world_begin(&world);
    tls_authority_begin(&authority);
    tls_authority_begin(&other_authority);
    for (size_t i = 0; i < COUNT(rows); i++) {
        lead_away(&rows[i], TROTH_LEVEL_EPOCH);
        lead_away(&rows[i], TROTH_LEVEL_STRICT);
    }
    steal_the_name();
    tls_authority_end(&authority);
    tls_authority_end(&other_authority);
    channel_world_end(&world);
    return test_finish();
}
