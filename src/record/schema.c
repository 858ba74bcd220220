/* SPDX-License-Identifier: Apache-2.0 */
#include "record/schema.h"

#include "base/span.h"

enum {
    NAME = 128,    /* names that people give */
    SUBJECT = 512, /* a distinguished name, or a URL */
    DIGEST = 32,
    KEY_MAX = 4096, /* a post-quantum public key fits */
    TRACE = 16,     /* [TRACE-CONTEXT]'s trace-id */
    MEASUREMENTS = 16 * 1024
};

/* clang-format off */
static const char *const families[] = {"nitro", "snp", "sgx", "tdx", NULL};
static const char *const answers[] = {"accepted", "refused", "undetermined", NULL};
static const char *const actions[] = {
    "list", "call", "result", "deny", "confirm", "approve", "inject", "redact", "sign",
    "policy", "key", "attest", NULL};
static const char *const outcomes[] = {"allow", "deny", "hold", "fail", NULL};

#define TEXT_ROW(name, most, is_required, words, meaning) \
    {name, "record." name, TROTH_RECORD_TEXT, 1, most, is_required, words, meaning}
#define HEX_ROW(name, least, most, is_required, meaning) \
    {name, "record." name, TROTH_RECORD_HEX, least, most, is_required, NULL, meaning}
#define UINT_ROW(name, is_required, meaning) \
    {name, "record." name, TROTH_RECORD_UINT, 0, 0, is_required, NULL, meaning}
#define MEASUREMENTS_ROW(is_required, meaning)                                           \
    {"measurements", "record.measurements", TROTH_RECORD_MEASUREMENTS, 0, MEASUREMENTS,  \
     is_required, NULL, meaning}
#define PREVIOUS_ROW(meaning) HEX_ROW("previous", DIGEST, DIGEST, false, meaning)
#define END {NULL, NULL, TROTH_RECORD_TEXT, 0, 0, false, NULL, NULL}

static const struct troth_record_field release[] = {
    TEXT_ROW("name", NAME, true, NULL, "what is released"),
    TEXT_ROW("version", NAME, true, NULL, "which one of that name"),
    MEASUREMENTS_ROW(true, "what evidence of it shows, as policies write images"),
    HEX_ROW("source", DIGEST, DIGEST, false, "SHA-256 of the source it is made from"),
    HEX_ROW("manifest", DIGEST, DIGEST, false, "SHA-256 of the build's manifest"),
    HEX_ROW("provenance", DIGEST, DIGEST, false, "SHA-256 of the statement how it was made"),
    PREVIOUS_ROW("leaf hash of the release of that name before this one"),
    END,
};

static const struct troth_record_field policy[] = {
    TEXT_ROW("name", NAME, true, NULL, "which policy"),
    TEXT_ROW("version", NAME, false, NULL, "which one of that name"),
    HEX_ROW("digest", DIGEST, DIGEST, true, "the policy's digest"),
    PREVIOUS_ROW("leaf hash of the policy of that name before this one"),
    END,
};

static const struct troth_record_field key_epoch[] = {
    TEXT_ROW("name", NAME, true, NULL, "whose key, or what for"),
    UINT_ROW("epoch", true, "counts its keys"),
    TEXT_ROW("algorithm", NAME, true, NULL, "what it is a key of"),
    HEX_ROW("key", 1, KEY_MAX, true, "the public key"),
    MEASUREMENTS_ROW(false, "the code that holds it, as policies write images"),
    PREVIOUS_ROW("leaf hash of the epoch before this one"),
    END,
};

static const struct troth_record_field result[] = {
    TEXT_ROW("verifier", SUBJECT, true, NULL, "who answered"),
    TEXT_ROW("evidence_kind", NAME, true, families, "what the evidence is"),
    HEX_ROW("evidence", DIGEST, DIGEST, true, "SHA-256 of the evidence"),
    HEX_ROW("policy", DIGEST, DIGEST, true, "digest of the policy it was held against"),
    TEXT_ROW("answer", NAME, true, answers, "the answer"),
    UINT_ROW("valid_until_s", false, "seconds since 1970 until which it holds"),
    END,
};

static const struct troth_record_field decision[] = {
    TEXT_ROW("principal", NAME, true, NULL, "who asked, by a pseudonym"),
    TEXT_ROW("action", NAME, true, actions, "what happened"),
    TEXT_ROW("upstream", NAME, false, NULL, "whom it was for, as the gateway names it"),
    TEXT_ROW("method", NAME, false, NULL, "the protocol's method"),
    TEXT_ROW("tool", NAME, false, NULL, "the tool that was named"),
    TEXT_ROW("outcome", NAME, true, outcomes, "what came of it"),
    TEXT_ROW("rule", NAME, false, NULL, "the rule that decided"),
    HEX_ROW("policy", DIGEST, DIGEST, false, "digest of the policy that has the rule"),
    UINT_ROW("bytes", false, "how much was carried"),
    UINT_ROW("duration_us", false, "microseconds that it took"),
    HEX_ROW("trace", TRACE, TRACE, false, "the trace it is part of"),
    END,
};

static const struct troth_record_field certificate[] = {
    TEXT_ROW("subject", SUBJECT, true, NULL, "whom it names"),
    HEX_ROW("sha256", DIGEST, DIGEST, true, "SHA-256 of the certificate"),
    TEXT_ROW("issuer", SUBJECT, true, NULL, "who issued it"),
    UINT_ROW("not_before_s", false, "seconds since 1970 from which it holds"),
    UINT_ROW("not_after_s", false, "seconds since 1970 until which it holds"),
    END,
};
/* clang-format on */

static const struct {
    const char *name;
    const struct troth_record_field *fields;
} kinds[] = {
    [TROTH_RECORD_NONE] = {NULL, NULL},
    [TROTH_RECORD_RELEASE] = {"release", release},
    [TROTH_RECORD_POLICY] = {"policy", policy},
    [TROTH_RECORD_KEY_EPOCH] = {"key-epoch", key_epoch},
    [TROTH_RECORD_RESULT] = {"result", result},
    [TROTH_RECORD_DECISION] = {"decision", decision},
    [TROTH_RECORD_CERTIFICATE] = {"certificate", certificate},
};

enum { KIND_COUNT = sizeof kinds / sizeof kinds[0] };

const char *troth_record_kind_name(enum troth_record_kind kind)
{
    return (unsigned)kind < KIND_COUNT ? kinds[kind].name : NULL;
}

const struct troth_record_field *troth_record_fields(enum troth_record_kind kind)
{
    return (unsigned)kind < KIND_COUNT ? kinds[kind].fields : NULL;
}

enum troth_record_kind troth_record_kind_of(struct troth_span name)
{
    for (unsigned i = 1; i < KIND_COUNT; i++)
        if (troth_span_is_text(name, kinds[i].name))
            return (enum troth_record_kind)i;
    return TROTH_RECORD_NONE;
}

const struct troth_record_field *troth_record_find_field(enum troth_record_kind kind,
                                                         struct troth_span name)
{
    const struct troth_record_field *row = troth_record_fields(kind);

    for (; row && row->name; row++)
        if (troth_span_is_text(name, row->name))
            return row;
    return NULL;
}

bool troth_record_name_is_valid(struct troth_span name)
{
    for (size_t i = 0; i < name.len; i++) {
        const uint8_t c = name.ptr[i];

        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return name.len > 0 && name.len <= TROTH_RECORD_NAME_MAX;
}

bool troth_record_is_lower_hex(struct troth_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        const uint8_t c = text.ptr[i];

        if (!((c >= 'a' && c <= 'f') || (c >= '0' && c <= '9')))
            return false;
    }
    return text.len % 2 == 0;
}
