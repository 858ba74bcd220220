/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/ear.h"

#include <jansson.h>
#include <string.h>

#include "base/base64.h"
#include "test/harness.h"
#include "test/support/keys.h"
#include "test/support/minted.h"
#include "troth/provider.h"

static struct troth_crypto crypto;
static struct troth_signer signer;
static struct trial trial;
static uint8_t token[TROTH_EAR_SIZE];

/* The payload of the token, as another reader of JSON sees it. */
static json_t *payload_of(size_t len)
{
    static uint8_t text[TROTH_EAR_SIZE];
    const uint8_t *dot = memchr(token, '.', len);
    const uint8_t *end = dot ? memchr(dot + 1, '.', len - (size_t)(dot + 1 - token))
                             : NULL;
    size_t text_len = 0;

    if (!CHECK(end != NULL))
        return NULL;
    CHECK_ERR(troth_base64_parse(text, sizeof text, &text_len,
                                 (struct troth_span){dot + 1, (size_t)(end - dot - 1)},
                                 TROTH_BASE64URL),
              TROTH_OK);
    return json_loadb((const char *)text, text_len, JSON_REJECT_DUPLICATES, NULL);
}

/* The member at a path of keys. */
static const json_t *at(const json_t *value, const char *const *keys)
{
    for (; *keys && value; keys++)
        value = json_object_get(value, *keys);
    return value;
}

#define AT(value, ...) at((value), (const char *const[]){__VA_ARGS__, NULL})

static const char *text_at(const json_t *value)
{
    const char *text = json_string_value(value);

    return text ? text : "(none)";
}

static void judge(const char *line)
{
    struct sim_keyring *ring = sim_keyring_create(0);
    struct sim_intel doc;

    trial_reset(&trial);
    sim_intel_default(&doc, ring, SIM_TDX_V4, 0, MINTED_AT_S);
    trial_require(&trial, TRIAL_ANY);
    CHECK_TEXT(trial_judge(&trial, minted_intel(&trial, &doc), MINTED_AT_S), line);
    sim_keyring_destroy(ring);
}

static const struct troth_ear_options options = {.issued_at_s = MINTED_AT_S,
                                                 .crypto = &crypto};

static void test_draft(void)
{
    const struct troth_span evidence = TROTH_LITERAL("evidence");
    struct troth_ear_options with = options;
    struct troth_result *result = &trial.result;
    size_t len = 0;
    json_t *payload;

    test_case("the names of the draft");
    judge("accepted");
    result->has_nonce = true;
    result->nonce = TROTH_LITERAL("12345678");
    with.raw_evidence = evidence;
    CHECK_ERR(troth_ear_write(token, sizeof token, &len, result, &with, &signer),
              TROTH_OK);
    payload = payload_of(len);
    CHECK_TEXT(text_at(AT(payload, "eat_profile")), "tag:ietf.org,2026:rats/ear#04");
    CHECK_TEXT(text_at(AT(payload, "eat_nonce")), "MTIzNDU2Nzg");
    CHECK_INT(json_integer_value(AT(payload, "iat")), MINTED_AT_S);
    CHECK(json_integer_value(AT(payload, "exp")) <= result->valid_until_s);
    CHECK(json_integer_value(AT(payload, "exp")) <= MINTED_AT_S + 86400);
    CHECK(AT(payload, "ear_verifier_id", "developer") &&
          AT(payload, "ear_verifier_id", "build"));
    /* Any code will do, and the root is the simulator's: no more than a warning. */
    CHECK_TEXT(text_at(AT(payload, "submods", "tdx", "ear_status")), "warning");
    CHECK_INT(json_integer_value(AT(payload, "submods", "tdx",
                                    "ear_trustworthiness_vector", "executables")),
              33);
    CHECK_INT(json_integer_value(AT(payload, "submods", "tdx",
                                    "ear_trustworthiness_vector", "hardware")),
              32);
    CHECK_TEXT(text_at(AT(payload, "submods", "tdx", "ear_verifier_claims", "verdict")),
               "accepted");
    CHECK(
        json_is_true(AT(payload, "submods", "tdx", "ear_verifier_claims", "simulated")));
    CHECK_TEXT(
        text_at(AT(payload, "submods", "tdx", "ear_verifier_claims", "evidence_sha256")),
        "ee8250fb76e094b34b471f13a73dbbe51d1ae142e9df59d7c0d31ec20f0a0a8e");
    CHECK(AT(payload, "submods", "tdx", "ear_attester_claims", "measurement"));
    CHECK(!AT(payload, "submods", "tdx", "ear_appraisal_policy_ids"));
    json_decref(payload);
}

/* A quote that somebody signed whom nobody knows. */
static void test_unsigned(void)
{
    static const enum troth_check_id checks[] = {TROTH_CHECK_SIGNATURE,
                                                 TROTH_CHECK_ANCHOR, TROTH_CHECK_CHAIN,
                                                 TROTH_CHECK_QUOTING_ENCLAVE};

    for (size_t i = 0; i < COUNT(checks); i++) {
        size_t len = 0;

        test_case("without %s what the evidence says is not repeated",
                  troth_check_name(checks[i]));
        judge("accepted");
        for (size_t k = 0; k < trial.result.verdict.count; k++)
            if (trial.result.verdict.checks[k].id == checks[i])
                trial.result.verdict.checks[k].outcome = TROTH_FAILED;
        trial.result.answer = TROTH_REFUSED;
        trial.result.image = TROTH_LITERAL("release-7");
        CHECK_ERR(
            troth_ear_write(token, sizeof token, &len, &trial.result, &options, &signer),
            TROTH_OK);
        json_t *payload = payload_of(len);
        CHECK_TEXT(text_at(AT(payload, "submods", "tdx", "ear_status")),
                   "contraindicated");
        CHECK_INT(json_object_size(AT(payload, "submods", "tdx", "ear_attester_claims")),
                  0);
        CHECK(AT(payload, "submods", "tdx", "ear_attester_claims"));
        CHECK(!AT(payload, "submods", "tdx", "ear_verifier_claims", "image"));
        json_decref(payload);
    }
}

static void test_veraison(void)
{
    struct troth_ear_options with = options;
    size_t len = 0;
    json_t *payload;

    test_case("the names that were read before");
    judge("accepted");
    with.profile = TROTH_EAR_VERAISON;
    CHECK_ERR(troth_ear_write(token, sizeof token, &len, &trial.result, &with, &signer),
              TROTH_OK);
    payload = payload_of(len);
    CHECK_TEXT(text_at(AT(payload, "eat_profile")), "tag:github.com,2023:veraison/ear");
    CHECK_TEXT(text_at(AT(payload, "submods", "tdx", "ear.status")), "warning");
    CHECK(AT(payload, "submods", "tdx", "ear.trustworthiness-vector", "hardware"));
    json_decref(payload);
}

static int64_t end_with(int64_t expires_s, int64_t valid_until_s)
{
    struct troth_ear_options with = options;
    size_t len = 0;
    json_t *payload;
    int64_t end_s;

    with.expires_s = expires_s;
    trial.result.valid_until_s = valid_until_s;
    CHECK_ERR(troth_ear_write(token, sizeof token, &len, &trial.result, &with, &signer),
              TROTH_OK);
    payload = payload_of(len);
    end_s = json_integer_value(AT(payload, "exp")) - MINTED_AT_S;
    json_decref(payload);
    return end_s;
}

static void test_end(void)
{
    judge("accepted");
    test_case("it ends with the evidence, after a day, or when told, whichever is first");
    CHECK_INT(end_with(0, INT64_MAX), 86400);
    CHECK_INT(end_with(0, MINTED_AT_S + 50), 50);
    CHECK_INT(end_with(MINTED_AT_S + 20, MINTED_AT_S + 50), 20);
    CHECK_INT(end_with(MINTED_AT_S + 80, MINTED_AT_S + 50), 50);
    CHECK_INT(end_with(0, MINTED_AT_S - 50), 0);
}

static void test_refused(void)
{
    size_t len = 0;

    judge("accepted");
    test_case("what evidence said once is no result of now");
    trial.result.archival = true;
    CHECK_ERR(
        troth_ear_write(token, sizeof token, &len, &trial.result, &options, &signer),
        TROTH_ERR_CLOCK);
    CHECK_INT(len, 0);
    trial.result.archival = false;
    test_case("a nonce that the token cannot carry is not left out");
    trial.result.has_nonce = true;
    trial.result.nonce = TROTH_LITERAL("12345");
    CHECK_ERR(
        troth_ear_write(token, sizeof token, &len, &trial.result, &options, &signer),
        TROTH_ERR_LIMIT);
    trial.result.has_nonce = false;
    test_case("every room that is too small is refused");
    CHECK_ERR(
        troth_ear_write(token, sizeof token, &len, &trial.result, &options, &signer),
        TROTH_OK);
    for (size_t size = 0; size < len; size += 7) {
        size_t written = 1;

        CHECK_ERR(
            troth_ear_write(token, size, &written, &trial.result, &options, &signer),
            TROTH_ERR_LIMIT);
        CHECK_INT(written, 0);
    }
}

int main(void)
{
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    CHECK_ERR(troth_signer_from_pem(&signer, test_pem_key("ED25519", NULL).secret),
              TROTH_OK);
    trial_begin(&trial);
    test_draft();
    test_unsigned();
    test_veraison();
    test_end();
    test_refused();
    trial_end(&trial);
    troth_signer_destroy(&signer);
    troth_provider_destroy(&crypto);
    return test_finish();
}
