/* SPDX-License-Identifier: Apache-2.0 */
#include "channel/standing.h"

#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "test/harness.h"
#include "test/support/channel_pair.h"
#include "test/support/policy.h"

static struct channel_world world;
static struct channel_pair pair;

static void decide(void)
{
    static const struct {
        enum troth_machine_rule rule;
        enum troth_name_backing name;
        enum troth_whose whose;
        enum troth_channel_reason reason;
    } rows[] = {
        {TROTH_MACHINE_UNSAID, TROTH_NAME_UNBACKED, TROTH_WHOSE_ANYBODYS,
         TROTH_REASON_NAME},
        {TROTH_MACHINE_UNSAID, TROTH_NAME_CERTIFIED, TROTH_WHOSE_CERTIFIED,
         TROTH_REASON_NONE},
        {TROTH_MACHINE_UNSAID, TROTH_NAME_PINNED, TROTH_WHOSE_PINNED, TROTH_REASON_NONE},
        {TROTH_MACHINE_ANY, TROTH_NAME_UNBACKED, TROTH_WHOSE_ANYBODYS, TROTH_REASON_NONE},
        {TROTH_MACHINE_ANY, TROTH_NAME_CERTIFIED, TROTH_WHOSE_CERTIFIED,
         TROTH_REASON_NONE},
        {TROTH_MACHINE_ANY, TROTH_NAME_PINNED, TROTH_WHOSE_PINNED, TROTH_REASON_NONE},
        {TROTH_MACHINE_NAMED, TROTH_NAME_UNBACKED, TROTH_WHOSE_LISTED, TROTH_REASON_NONE},
        {TROTH_MACHINE_NAMED, TROTH_NAME_CERTIFIED, TROTH_WHOSE_LISTED,
         TROTH_REASON_NONE},
        {TROTH_MACHINE_NAMED, TROTH_NAME_PINNED, TROTH_WHOSE_LISTED, TROTH_REASON_NONE},
    };
    enum troth_whose whose;

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("whose: rule %d, name %d", (int)rows[i].rule, (int)rows[i].name);
        CHECK_INT(troth_whose_decide(&whose, rows[i].rule, rows[i].name), rows[i].reason);
        CHECK_INT(whose, rows[i].whose);
    }
}

#define POLICY(kind, rest) "{policy: p, accept: [" kind "], images: any" rest "}"

/* `text` with each '%' replaced. */
static void fill_in(char *out, size_t size, const char *text, const char *word)
{
    size_t len = 0;

    for (; *text; text++)
        len += (size_t)snprintf(out + len, size - len, "%.*s",
                                *text == '%' ? (int)strlen(word) : 1,
                                *text == '%' ? word : text);
}

/* What a whole policy comes to; % is the identity of the machine that answers, or of
 * another. */
static void try_policies(void)
{
    static const struct {
        const char *why;
        enum channel_device device;
        const char *policy;
        bool is_other;
        enum troth_name_backing name;
        const char *state;
        enum troth_whose whose;
    } rows[] = {
        {"nothing said of machines", CHANNEL_NITRO, POLICY("nitro", ""), false,
         TROTH_NAME_UNBACKED, "name", TROTH_WHOSE_ANYBODYS},
        {"any, in so many words", CHANNEL_NITRO, POLICY("nitro", ", machines: any"),
         false, TROTH_NAME_UNBACKED, "open", TROTH_WHOSE_ANYBODYS},
        {"any of this kind", CHANNEL_NITRO, POLICY("nitro", ", machines: {nitro: any}"),
         false, TROTH_NAME_UNBACKED, "open", TROTH_WHOSE_ANYBODYS},
        {"nothing, and a name that is certified", CHANNEL_NITRO, POLICY("nitro", ""),
         false, TROTH_NAME_CERTIFIED, "open", TROTH_WHOSE_CERTIFIED},
        {"nothing, and a certificate that is pinned", CHANNEL_NITRO, POLICY("nitro", ""),
         false, TROTH_NAME_PINNED, "open", TROTH_WHOSE_PINNED},
        {"a list with this TDX machine", CHANNEL_TDX,
         POLICY("tdx", ", machines: {tdx: ['%']}"), false, TROTH_NAME_UNBACKED, "open",
         TROTH_WHOSE_LISTED},
        {"a list with this SNP machine, and a name", CHANNEL_SNP,
         POLICY("snp", ", machines: {snp: ['%']}"), false, TROTH_NAME_CERTIFIED, "open",
         TROTH_WHOSE_LISTED},
        {"a list with another machine", CHANNEL_TDX,
         POLICY("tdx", ", machines: {tdx: ['%']}"), true, TROTH_NAME_PINNED, "evidence",
         TROTH_WHOSE_ANYBODYS},
        {"a claim that names this machine", CHANNEL_TDX,
         POLICY("tdx", ", expect: {dcap.ppid: '%'}"), false, TROTH_NAME_UNBACKED, "open",
         TROTH_WHOSE_LISTED},
    };
    char yaml[512];

    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct channel_machine machine = {rows[i].device, rows[i].is_other};

        test_case("whose, by policy: %s", rows[i].why);
        channel_pair_begin(&pair, &world, rows[i].device);
        pair.client.terms.asks = TROTH_LEVEL_EPOCH;
        pair.client.terms.name = rows[i].name;
        fill_in(yaml, sizeof yaml, rows[i].policy,
                rows[i].device == CHANNEL_NITRO
                    ? ""
                    : channel_world_identity(&world, machine));
        pair.client.tools.policy = test_policy(yaml);
        channel_pair_run(&pair);
        CHECK_TEXT(channel_side_state(&pair.client), rows[i].state);
        CHECK_INT(pair.client.standing.whose, rows[i].whose);
        channel_pair_end(&pair);
    }
}

static void fill(void)
{
    const struct troth_standing *standing = &pair.client.standing;
    const uint8_t *digest;

    test_case("a standing says what was found");
    channel_pair_begin(&pair, &world, CHANNEL_TDX);
    pair.client.terms.asks = TROTH_LEVEL_STRICT;
    channel_pair_run(&pair);
    digest = troth_policy_digest(pair.client.tools.policy);
    CHECK_TEXT(channel_side_state(&pair.client), "open");
    CHECK_TEXT(standing->kind, "tdx");
    CHECK_TEXT(standing->image, "");
    CHECK_INT(standing->machine_len, 16);
    CHECK(memcmp(standing->machine, "TROTH", 5) == 0);
    CHECK(memcmp(standing->policy_digest, digest, 32) == 0);
    CHECK(!troth_span_is_zero(
        (struct troth_span)TROTH_ARRAY_SPAN(standing->evidence_sha256)));
    CHECK_INT(standing->fresh_s, MINTED_AT_S);
    CHECK(standing->valid_until_s > MINTED_AT_S);
    CHECK(standing->valid_until_what[0] != 0);
    channel_pair_end(&pair);

    test_case("a release with a long name");
    static char yaml[2048];
    struct troth_standing found = {0};
    struct troth_result result = {.kind = "tdx", .policy = channel_any_policy()};
    memset(yaml, 'r', 100);
    yaml[61] = '\xc3'; /* a character of two bytes where the name is cut */
    yaml[62] = '\xa4';
    result.image = (struct troth_span){(const uint8_t *)yaml, 100};
    troth_standing_fill(&found, &result);
    CHECK_INT(strlen(found.image) < sizeof found.image, true);
    CHECK(memcmp(found.image, "rrrrrrrr", 8) == 0);
    CHECK_TEXT(found.valid_until_what, "");
    CHECK_INT(found.machine_len, 0);
}

int main(void)
{
    channel_world_begin(&world);
    decide();
    try_policies();
    fill();
    channel_world_end(&world);
    return test_finish();
}
