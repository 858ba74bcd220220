/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/hints.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "cli/brief.h"
#include "cli/nearest.h"
#include "cli/status.h"

/* One hint being written. */
struct hint {
    char *out;
    size_t size;
    const struct troth_result *result;
    const struct troth_check *check;
};

static bool is(const char *text, const char *wanted)
{
    return text && strcmp(text, wanted) == 0;
}

static const struct troth_value *value_of(const struct hint *h, const char *claim)
{
    static const struct troth_value none = {.type = TROTH_VALUE_NONE};
    const struct troth_claim *found = troth_claims_find(&h->result->claims,
                                                        troth_span_of_text(claim));

    return found ? &found->value : &none;
}

static void write_value(char *out, size_t size, const struct troth_value *value)
{
    struct troth_writer w = troth_writer_over((uint8_t *)out, size - 1);

    troth_brief_write_full(&w, value);
    out[w.len] = '\0';
}

static bool passed(const struct hint *h, enum troth_check_id id)
{
    const struct troth_check *check = troth_verdict_find(&h->result->verdict, id);

    return check && check->outcome == TROTH_PASSED;
}

/* A value that nobody vouches for is not offered as one to expect. */
static void hint_measurement(const struct hint *h)
{
    const char *claim = h->check->flag_argument;
    char value[1536], own[1600] = "";

    if (!is(h->check->flag, "--any"))
        return;
    if (passed(h, TROTH_CHECK_SIGNATURE) && passed(h, TROTH_CHECK_DEBUG)) {
        write_value(value, sizeof value, value_of(h, claim));
        (void)snprintf(own, sizeof own, " (this evidence has %s)", value);
    }
    (void)snprintf(h->out, h->size,
                   "--expect %s=VALUE names the code%s; --any %s takes any", claim, own,
                   claim);
}

static void hint_nonce(const struct hint *h)
{
    const struct troth_check *c = h->check;

    if (is(c->flag, "--any"))
        (void)snprintf(h->out, h->size,
                       "--nonce HEX or --binding SPEC holds it to your own challenge; "
                       "--any nonce takes any, so that it may be an old one");
    else if (c->seen.type == TROTH_VALUE_BYTES && c->wanted.type == TROTH_VALUE_BYTES &&
             c->seen.bytes.len != c->wanted.bytes.len)
        (void)snprintf(h->out, h->size,
                       "the field holds %zu bytes and %zu were given: --nonce compares "
                       "all of it, zeros at its end too",
                       c->seen.bytes.len, c->wanted.bytes.len);
}

static void hint_validity(const struct hint *h)
{
    const struct troth_value *signed_at = value_of(h, "time");
    char instant[64];

    if (h->result->clock.kind == TROTH_CLOCK_DOCUMENT)
        return;
    if (signed_at->type != TROTH_VALUE_INSTANT) {
        (void)snprintf(h->out, h->size,
                       "--time INSTANT judges it at another time, for audit only");
        return;
    }
    write_value(instant, sizeof instant, signed_at);
    (void)snprintf(h->out, h->size,
                   "--time document judges it at the time it was made (%s), for audit "
                   "only",
                   instant);
}

static void hint_time(const struct hint *h)
{
    if (h->check->flag)
        (void)snprintf(h->out, h->size,
                       "is this machine's clock right? --time document judges it at its "
                       "own time, for audit only");
}

static void hint_anchor(const struct hint *h)
{
    if (is(h->check->flag, "--root"))
        (void)snprintf(h->out, h->size,
                       "--root FILE trusts a root of your own; the result then says that "
                       "no vendor vouches for it");
    else if (h->check->flag)
        (void)snprintf(h->out, h->size,
                       "--collateral FILE gives the issuer's certificate (ASK or ASVK)");
}

/* Where AMD hands out the certificate of a chip, once per chip and firmware.
 * spec: [KDS] 4.1 "Get the VCEK certificate". */
static void write_vcek_address(char *out, size_t size, const struct hint *h)
{
    const struct troth_value *product = value_of(h, "snp.product");
    const struct troth_value *chip = value_of(h, "hardware_id");
    const struct troth_value *fmc = value_of(h, "snp.reported_tcb.fmc");
    struct troth_value id = *chip;
    char name[16], hex[160], fmc_part[32] = "";

    out[0] = '\0';
    if (product->type != TROTH_VALUE_TEXT || chip->type != TROTH_VALUE_BYTES)
        return;
    if (fmc->type == TROTH_VALUE_UINT) {
        id.bytes.len = id.bytes.len > 8 ? 8 : id.bytes.len;
        (void)snprintf(fmc_part, sizeof fmc_part, "fmcSPL=%02" PRIu64 "&", fmc->number);
    }
    write_value(name, sizeof name, product);
    write_value(hex, sizeof hex, &id);
    (void)snprintf(out, size,
                   ": https://kdsintf.amd.com/vcek/v1/%s/%s?%sblSPL=%02" PRIu64
                   "&teeSPL=%02" PRIu64 "&snpSPL=%02" PRIu64 "&ucodeSPL=%02" PRIu64,
                   name, hex, fmc_part,
                   value_of(h, "snp.reported_tcb.bootloader")->number,
                   value_of(h, "snp.reported_tcb.tee")->number,
                   value_of(h, "snp.reported_tcb.snp")->number,
                   value_of(h, "snp.reported_tcb.microcode")->number);
}

static void hint_chain(const struct hint *h)
{
    char address[512] = "";

    if (!h->check->flag)
        return;
    if (is(h->check->flag_argument, "VCEK"))
        write_vcek_address(address, sizeof address, h);
    (void)snprintf(h->out, h->size, "--collateral FILE gives the %s%s",
                   h->check->subject ? h->check->subject : "certificate", address);
}

static void hint_revocation(const struct hint *h)
{
    if (h->check->flag)
        (void)snprintf(h->out, h->size,
                       "--collateral FILE gives the vendor's revocation list (CRL)");
}

static void hint_requester(const struct hint *h)
{
    if (h->check->flag)
        (void)snprintf(h->out, h->size,
                       "--expect snp.vmpl=%" PRIu64
                       " or --any snp.vmpl would accept this",
                       h->check->seen.number);
}

/* Expected of a claim that this evidence does not have. */
static void hint_claim(const struct hint *h)
{
    struct troth_nearest near = {NULL, 0};
    const struct troth_claims *claims = &h->result->claims;
    const char *name = h->check->subject;

    if (!name || troth_claims_find(claims, troth_span_of_text(name)))
        return;
    for (size_t i = 0; i < claims->count; i++)
        troth_nearest_offer(&near, troth_span_of_text(name), claims->rows[i].name);
    if (near.word)
        (void)snprintf(h->out, h->size, "no claim '%s' here: did you mean %s?", name,
                       near.word);
    else
        (void)snprintf(h->out, h->size,
                       "no claim '%s' here: 'troth show FILE' lists those there are",
                       name);
}

static void hint_flag(const struct hint *h)
{
    if (h->check->flag)
        (void)snprintf(h->out, h->size, "%s %s would accept this", h->check->flag,
                       h->check->flag_argument);
}

/* Checks that a general word does not do for. */
static void (*const special[TROTH_CHECK_COUNT])(const struct hint *) = {
    [TROTH_CHECK_MEASUREMENT] = hint_measurement,
    [TROTH_CHECK_NONCE] = hint_nonce,
    [TROTH_CHECK_VALIDITY] = hint_validity,
    [TROTH_CHECK_TIME] = hint_time,
    [TROTH_CHECK_ANCHOR] = hint_anchor,
    [TROTH_CHECK_CHAIN] = hint_chain,
    [TROTH_CHECK_REVOCATION] = hint_revocation,
    [TROTH_CHECK_REQUESTER] = hint_requester,
    [TROTH_CHECK_CLAIM] = hint_claim,
};

void troth_hint_write(char *out, size_t size, const struct troth_result *result,
                      const struct troth_check *check)
{
    const struct hint h = {out, size, result, check};

    out[0] = '\0';
    /* One that was not made and names no flag waits for another check. */
    if (check->outcome != TROTH_FAILED &&
        (check->outcome != TROTH_NOT_MADE || !check->flag))
        return;
    if (special[check->id])
        special[check->id](&h);
    else
        hint_flag(&h);
}

void troth_hints_print(const struct troth_result *result)
{
    const struct troth_verdict *verdict = &result->verdict;
    char text[TROTH_HINT_ROOM], last[TROTH_HINT_ROOM] = "";

    for (unsigned id = 0; id < TROTH_CHECK_COUNT; id++)
        for (size_t i = 0; i < verdict->count; i++) {
            if (verdict->checks[i].id != id)
                continue;
            troth_hint_write(text, sizeof text, result, &verdict->checks[i]);
            if (text[0] && strcmp(text, last) != 0)
                troth_say("hint", text);
            memcpy(last, text, sizeof last);
        }
}
