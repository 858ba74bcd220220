/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/starter.h"

#include "base/instant.h"
#include "base/span.h"
#include "codec/json_writer.h"
#include "policy/meaning.h"
#include "policy/sections.h"

#define IMAGE "this-image"

/* A policy being written. */
struct starter {
    struct troth_writer *w;
    const struct troth_result *result;
    enum troth_kind kind;
};

static void say(const struct starter *s, const char *text)
{
    troth_write_text(s->w, text);
}

static const struct troth_value *value_of(const struct starter *s, const char *claim,
                                          enum troth_value_type type)
{
    const struct troth_claim *found = troth_claims_find(&s->result->claims,
                                                        troth_span_of_text(claim));

    return found && found->value.type == type ? &found->value : NULL;
}

static uint64_t number_of(const struct starter *s, const char *claim)
{
    const struct troth_value *value = value_of(s, claim, TROTH_VALUE_UINT);

    return value ? value->number : 0;
}

/* ---- what had to be allowed ---- */

/* What this row needed; NULL: nothing. */
static const char *allowed_by(const struct troth_check *check)
{
    const bool is_allowed = troth_check_is_allowed(check) &&
                            troth_span_is_text(troth_span_of_text(check->flag),
                                               "--allow");

    return is_allowed ? check->flag_argument : NULL;
}

/* Does an earlier row need the same? */
static bool is_named_before(const struct troth_verdict *verdict, size_t row)
{
    const struct troth_span name = troth_span_of_text(allowed_by(&verdict->checks[row]));

    for (size_t i = 0; i < row; i++)
        if (allowed_by(&verdict->checks[i]) &&
            troth_span_is_text(name, allowed_by(&verdict->checks[i])))
            return true;
    return false;
}

/* The finding that row `row` needed, each once: Intel's statuses or all others. */
static const char *finding_at(const struct starter *s, size_t row, bool is_status)
{
    const struct troth_verdict *verdict = &s->result->verdict;
    const char *finding = allowed_by(&verdict->checks[row]);

    if (!finding || is_named_before(verdict, row) ||
        troth_section_is_status(troth_span_of_text(finding)) != is_status)
        return NULL;
    return finding;
}

static const char *meaning_of(const char *finding)
{
    const char *meaning = troth_finding_meaning(troth_span_of_text(finding));

    return meaning ? meaning : "refused unless it is allowed";
}

static void write_allow(const struct starter *s)
{
    bool is_there = false;

    for (size_t i = 0; i < s->result->verdict.count; i++) {
        const char *finding = finding_at(s, i, false);

        if (!finding)
            continue;
        if (!is_there)
            say(s, "\n# WARNING: this evidence is refused unless these are allowed. Keep "
                   "only those that\n# you can live with.\nallow:\n");
        is_there = true;
        say(s, "  - ");
        say(s, finding);
        say(s, " # ");
        say(s, meaning_of(finding));
        say(s, "\n");
    }
}

/* ---- what is said of every kind ---- */

static bool is_plain(struct troth_span name)
{
    for (size_t i = 0; i < name.len; i++) {
        const uint8_t c = name.ptr[i];

        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
            !(c >= '0' && c <= '9') && (i == 0 || c != '-'))
            return false;
    }
    return name.len > 0;
}

static void write_head(const struct starter *s, struct troth_span name)
{
    struct troth_json_writer quoted = troth_json_writer_over(s->w, false);

    say(s, "# A first policy: it accepts exactly this image, on this machine.\n"
           "# Written by `troth policy init` from one piece of evidence (");
    say(s, s->result->title);
    say(s, "),\n# which was judged as of ");
    troth_write_rfc3339(s->w, s->result->clock.at_s);
    say(s, ". docs/policy.md says what else there is.\n");
    if (s->result->simulated)
        say(s, "# WARNING: the evidence rests on a root of --root, for which no vendor "
               "vouches; verify\n# needs the same --root.\n");
    say(s, "\npolicy: ");
    if (is_plain(name))
        troth_write_bytes(s->w, name);
    else
        troth_json_write_string(&quoted, name);
    say(s, "\naccept: [");
    say(s, s->result->kind);
    say(s, "]\n");
}

static void write_nonce(const struct starter *s)
{
    say(s, "\n"
           "# Evidence must answer a nonce (or a binding) of the asker's: troth verify "
           "--nonce HEX.\n"
           "nonce: required\n");
    if (!value_of(s, "nonce", TROTH_VALUE_BYTES))
        say(s,
            "# WARNING: this evidence answers none, and so is refused: ask for one, or "
            "say any.\n");
    say(s, "# And be no older than this: where it signs no time of its own, --nonce-made "
           "says when\n# the nonce was made.\n"
           "# max_age: 5m\n");
}

static const char *label_of(const struct starter *s, const char *claim)
{
    const size_t prefix = troth_span_of_text(s->result->kind).len;

    return claim + prefix + 1;
}

static void write_demand(const struct starter *s, const struct troth_identity_row *row)
{
    const struct troth_word *word = troth_word_find(troth_span_of_text(row->claim));
    const struct troth_value *value = value_of(s, row->claim, TROTH_VALUE_BYTES);

    if (word) {
        say(s, "      # ");
        say(s, word->about);
        say(s, value ? "\n" : "; this evidence does not say\n");
    }
    say(s, "      ");
    say(s, label_of(s, row->claim));
    say(s, ": ");
    if (value)
        troth_write_hex(s->w, value->bytes);
    else
        say(s, "any");
    say(s, "\n");
}

static void write_image(const struct starter *s)
{
    say(s, "\n# The code, by every claim that names a part of it. A release more is "
           "another image.\n"
           "images:\n  " IMAGE ":\n    ");
    say(s, s->result->kind);
    say(s, ":\n");
    for (const struct troth_identity_row *row = troth_read_format(s->kind)->identity;
         row->claim; row++)
        write_demand(s, row);
}

static void write_machine(const struct starter *s)
{
    const struct troth_value *id = value_of(s, "hardware_id", TROTH_VALUE_BYTES);
    const bool is_known = s->kind != TROTH_KIND_NITRO && id && id->bytes.len > 0 &&
                          !troth_span_is_zero(id->bytes);

    if (!is_known)
        say(s,
            "\n# This evidence does not say which machine it is of, so any will do.\n");
    else
        say(s, "\n# The machine, by its hardware_id; 'any' takes every machine.\n");
    say(s, "machines:\n  ");
    say(s, s->result->kind);
    if (is_known) {
        say(s, ":\n    - ");
        troth_write_hex(s->w, id->bytes);
        say(s, "\n");
    } else {
        say(s, ": any\n");
    }
}

/* ---- Intel's settings ---- */

static bool write_statuses(const struct starter *s)
{
    bool is_there = false;

    for (size_t i = 0; i < s->result->verdict.count; i++) {
        const char *status = finding_at(s, i, true);

        if (!status)
            continue;
        say(s, "  # WARNING: the platform is ");
        say(s, status);
        say(s, ": ");
        say(s, meaning_of(status));
        say(s, ".\n");
        is_there = true;
    }
    say(s, "  # Intel's words for the platforms that are accepted.\n  tcb: [UpToDate");
    for (size_t i = 0; i < s->result->verdict.count; i++)
        if (finding_at(s, i, true)) {
            say(s, ", ");
            say(s, finding_at(s, i, true));
        }
    say(s, "]\n");
    return is_there;
}

/* An accepted word is accepted for what is known of it today, and for nothing more. */
static void write_advisories(const struct starter *s)
{
    const struct troth_value *list = value_of(s, "tcb.advisories", TROTH_VALUE_TEXT);

    if (!list || list->bytes.len == 0) {
        say(s, "  # Accept them only with these security advisories:\n"
               "  # advisories: [INTEL-SA-00615]\n");
        return;
    }
    say(s, "  # The security advisories that applied; with one more such a platform is "
           "refused.\n  advisories: [");
    for (size_t i = 0; i < list->bytes.len; i++) {
        troth_write_u8(s->w, list->bytes.ptr[i]);
        if (list->bytes.ptr[i] == ',')
            say(s, " ");
    }
    say(s, "]\n");
}

static void write_intel(const struct starter *s)
{
    const uint64_t tcb_info = number_of(s, "dcap.tcb_info.evaluation_number");
    const uint64_t identity = number_of(s, "dcap.qe_identity.evaluation_number");
    const uint64_t least = tcb_info < identity ? tcb_info : identity;

    say(s, "\nintel:\n");
    if (write_statuses(s))
        write_advisories(s);
    say(s, "  # Intel's statements must know at least what these knew (evaluation "
           "number).\n  min_evaluation: ");
    troth_write_decimal(s->w, least <= UINT32_MAX ? least : UINT32_MAX);
    say(s, "\n");
}

/* ---- AMD's ---- */

static void write_part(const struct starter *s, const char *part, const char *claim)
{
    if (!value_of(s, claim, TROTH_VALUE_UINT))
        return;
    say(s, "      ");
    say(s, part);
    say(s, ": ");
    troth_write_decimal(s->w, number_of(s, claim));
    say(s, "\n");
}

static void write_amd(const struct starter *s)
{
    const struct troth_value *product = value_of(s, "snp.product", TROTH_VALUE_TEXT);

    if (product) {
        say(s, "\namd:\n"
               "  # The firmware, by product: each part at least as new as it was here.\n"
               "  min_tcb:\n    ");
        troth_write_bytes(s->w, product->bytes);
        say(s, ":\n");
#define PART(name) write_part(s, #name, "snp.reported_tcb." #name);
        PART(fmc)
        PART(bootloader)
        PART(tee)
        PART(snp)
        PART(microcode)
#undef PART
    }
    if (number_of(s, "snp.vmpl") == 0)
        return;
    say(s, "\n# The privilege level that asked for the report; 0 unless it is named.\n"
           "expect:\n  snp.vmpl: ");
    troth_write_decimal(s->w, number_of(s, "snp.vmpl"));
    say(s, "\n");
}

/* ---- an example ---- */

static void write_example(const struct starter *s)
{
    static const char *const examples[TROTH_KIND_COUNT] = {
        [TROTH_KIND_NITRO] = "signed lately: now - time < duration('5m')",
        [TROTH_KIND_SNP] = "one socket: snp.policy.single_socket",
        [TROTH_KIND_SGX] = "version: sgx.isv_svn >= 1",
        [TROTH_KIND_TDX] = "mended lately: now - tcb.date < duration('8760h')",
    };

    say(s, "\n# What else must hold, in CEL over the claims of docs/claims.md, by a name "
           "of your own:\n# rules:\n#   - ");
    say(s, examples[s->kind]);
    say(s, "\n");
}

void troth_starter_write(struct troth_writer *w, struct troth_span name,
                         const struct troth_result *result)
{
    const struct starter s = {w, result,
                              troth_kind_named(troth_span_of_text(result->kind))};

    write_head(&s, name);
    write_nonce(&s);
    write_image(&s);
    write_machine(&s);
    if (s.kind == TROTH_KIND_SGX || s.kind == TROTH_KIND_TDX)
        write_intel(&s);
    if (s.kind == TROTH_KIND_SNP)
        write_amd(&s);
    write_allow(&s);
    write_example(&s);
}
