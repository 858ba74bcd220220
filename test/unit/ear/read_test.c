/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/ear.h"

#include <string.h>

#include "base/span.h"
#include "ear/jws.h"
#include "test/harness.h"
#include "test/support/keys.h"
#include "troth/provider.h"

#define AT_S 1767225600

static uint8_t memory[64 * 1024], room[8192];
static struct troth_crypto crypto;
static struct troth_signer signer;

#define PROFILE "\"eat_profile\":\"tag:ietf.org,2026:rats/ear#04\""
#define TIMES   "\"iat\":1767225600,\"exp\":1767229200"
#define VECTOR  "\"ear_trustworthiness_vector\":{\"hardware\":2}"
#define GOOD    "{\"tdx\":{\"ear_status\":\"affirming\"," VECTOR "}}"

static const struct {
    const char *why, *payload;
    enum troth_err err;
    const char *field;
} cases[] = {
    {"all that must be there", "{" PROFILE "," TIMES ",\"submods\":" GOOD "}", TROTH_OK,
     NULL},
    {"the profile in the last place", "{" TIMES ",\"submods\":" GOOD "," PROFILE "}",
     TROTH_OK, NULL},
    {"names that nobody here knows",
     "{\"x\":[1,{}]," PROFILE "," TIMES ",\"submods\":" GOOD "}", TROTH_OK, NULL},
    {"the profile of 2023",
     "{\"eat_profile\":\"tag:github.com,2023:veraison/ear\"," TIMES
     ",\"submods\":{\"tdx\":{"
     "\"ear.status\":\"warning\",\"ear.trustworthiness-vector\":{\"hardware\":32},"
     "\"ear.appraisal-policy-id\":\"a\"}}}",
     TROTH_OK, NULL},
    {"no profile", "{" TIMES ",\"submods\":" GOOD "}", TROTH_ERR_VERSION,
     "ear.eat_profile"},
    {"another profile", "{\"eat_profile\":\"tag:x\"," TIMES ",\"submods\":" GOOD "}",
     TROTH_ERR_VERSION, "ear.eat_profile"},
    {"names of the other profile",
     "{" PROFILE "," TIMES ",\"submods\":{\"tdx\":{\"ear.status\":\"affirming\"}}}",
     TROTH_ERR_MISSING, "ear.status"},
    {"no time of issue", "{" PROFILE ",\"exp\":1767229200,\"submods\":" GOOD "}",
     TROTH_ERR_MISSING, "ear.iat"},
    {"no end", "{" PROFILE ",\"iat\":1767225600,\"submods\":" GOOD "}", TROTH_ERR_MISSING,
     "ear.exp"},
    {"a time with a fraction",
     "{" PROFILE ",\"iat\":1767225600.5,\"exp\":1767229200,\"submods\":" GOOD "}",
     TROTH_ERR_VALUE, "ear.iat"},
    {"from the future",
     "{" PROFILE ",\"iat\":1767225661,\"exp\":1767229200,\"submods\":" GOOD "}",
     TROTH_ERR_CLOCK, "ear.iat"},
    {"a minute of grace",
     "{" PROFILE ",\"iat\":1767225660,\"exp\":1767229200,\"submods\":" GOOD "}", TROTH_OK,
     NULL},
    {"at its end",
     "{" PROFILE ",\"iat\":1767225000,\"exp\":1767225600,\"submods\":" GOOD "}",
     TROTH_ERR_CLOCK, "ear.exp"},
    {"a second before",
     "{" PROFILE ",\"iat\":1767225000,\"exp\":1767225601,\"submods\":" GOOD "}", TROTH_OK,
     NULL},
    {"no attester", "{" PROFILE "," TIMES ",\"submods\":{}}", TROTH_ERR_MISSING,
     "ear.submods"},
    {"two attesters",
     "{" PROFILE "," TIMES ",\"submods\":{\"a\":{\"ear_status\":\"affirming\"," VECTOR
     "},\"b\":{}}}",
     TROTH_ERR_UNSUPPORTED, "ear.submods"},
    {"no status", "{" PROFILE "," TIMES ",\"submods\":{\"tdx\":{" VECTOR "}}}",
     TROTH_ERR_MISSING, "ear.status"},
    {"no vector",
     "{" PROFILE "," TIMES ",\"submods\":{\"tdx\":{\"ear_status\":\"affirming\"}}}",
     TROTH_ERR_MISSING, "ear.trustworthiness_vector"},
    {"a status that is none",
     "{" PROFILE "," TIMES ",\"submods\":{\"tdx\":{\"ear_status\":\"good\"," VECTOR "}}}",
     TROTH_ERR_VALUE, "ear.status"},
    {"better than its vector",
     "{" PROFILE "," TIMES ",\"submods\":{\"tdx\":{\"ear_status\":\"affirming\","
     "\"ear_trustworthiness_vector\":{\"hardware\":2,\"executables\":33}}}}",
     TROTH_ERR_VALUE, "ear.status"},
    {"a warning over something contraindicated",
     "{" PROFILE "," TIMES ",\"submods\":{\"tdx\":{\"ear_status\":\"warning\","
     "\"ear_trustworthiness_vector\":{\"hardware\":97}}}}",
     TROTH_ERR_VALUE, "ear.status"},
    {"affirming nothing",
     "{" PROFILE "," TIMES ",\"submods\":{\"tdx\":{\"ear_status\":\"affirming\",\"ear_"
     "trustworthiness_vector\":{}}}}",
     TROTH_ERR_VALUE, "ear.status"},
    {"a claim of the vector that is none",
     "{" PROFILE "," TIMES ",\"submods\":{\"tdx\":{\"ear_status\":\"affirming\",\"ear_"
     "trustworthiness_vector\":{\"hard\":2}}}}",
     TROTH_ERR_VALUE, "ear.trustworthiness_vector"},
    {"a value out of range",
     "{" PROFILE "," TIMES ",\"submods\":{\"tdx\":{\"ear_status\":\"affirming\",\"ear_"
     "trustworthiness_vector\":{\"hardware\":258}}}}",
     TROTH_ERR_VALUE, "ear.trustworthiness_vector"},
    {"a status twice",
     "{" PROFILE "," TIMES ",\"submods\":{\"tdx\":{\"ear_status\":\"affirming\",\"ear_"
     "status\":\"warning\"," VECTOR "}}}",
     TROTH_ERR_DUPLICATE, NULL},
    {"a nonce that is no base64url",
     "{" PROFILE "," TIMES ",\"eat_nonce\":\"a+b=\",\"submods\":" GOOD "}",
     TROTH_ERR_VALUE, "ear.eat_nonce"},
    {"no object", "[]", TROTH_ERR_VERSION, "ear.eat_profile"},
};

static enum troth_err verify(struct troth_ear *out, struct troth_fault *fault,
                             const struct troth_writer *token, struct troth_arena *arena)
{
    return troth_ear_verify(out, fault,
                            &(struct troth_ear_input){troth_writer_span(token),
                                                      &signer.key, AT_S, &crypto, arena});
}

static void test_cases(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_writer w = troth_writer_over(room, sizeof room);
        struct troth_fault fault = {TROTH_OK, NULL, 0};
        struct troth_ear ear;

        test_case("%s", cases[i].why);
        CHECK_ERR(troth_jws_write(&w, test_text(cases[i].payload), &signer), TROTH_OK);
        CHECK_ERR(verify(&ear, &fault, &w, &arena), cases[i].err);
        if (cases[i].field)
            CHECK_TEXT(fault.field ? fault.field : "(none)", cases[i].field);
        /* A result that is out of time may be shown; one that is wrong may not. */
        CHECK((ear.payload.len > 0) ==
              (!cases[i].err || cases[i].err == TROTH_ERR_CLOCK));
    }
}

static void test_contents(void)
{
    static const char payload[] =
        "{" PROFILE "," TIMES
        ",\"eat_nonce\":\"MTIzNDU2Nzg\",\"ear_verifier_id\":{\"build\":\"1\","
        "\"developer\":\"them\"},\"submods\":{\"snp\":{\"ear_status\":"
        "\"contraindicated\"," VECTOR ",\"ear_appraisal_policy_ids\":[\"sha-256:00\"]}}}";
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_writer w = troth_writer_over(room, sizeof room);
    struct troth_ear ear;

    test_case("what it says");
    CHECK_ERR(troth_jws_write(&w, test_text(payload), &signer), TROTH_OK);
    CHECK_ERR(verify(&ear, NULL, &w, &arena), TROTH_OK);
    CHECK_INT(ear.status, TROTH_EAR_CONTRAINDICATED);
    CHECK(troth_span_is_text(ear.kind, "snp"));
    CHECK(troth_span_is_text(ear.nonce, "12345678"));
    CHECK(troth_span_is_text(ear.policy_id, "sha-256:00"));
    CHECK(troth_span_is_text(ear.verifier, "them"));
    CHECK_INT(ear.issued_at_s, AT_S);
    CHECK_INT(ear.expires_s, AT_S + 3600);
}

static void test_another_key(void)
{
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_writer w = troth_writer_over(room, sizeof room);
    struct troth_signer other;
    struct troth_ear ear;

    test_case("signed by another key");
    CHECK_ERR(troth_signer_from_pem(&other, test_pem_key("P-256", NULL).secret),
              TROTH_OK);
    CHECK_ERR(troth_jws_write(&w, test_text(cases[0].payload), &other), TROTH_OK);
    CHECK_ERR(verify(&ear, NULL, &w, &arena), TROTH_ERR_SIGNATURE);
    CHECK_INT(ear.payload.len, 0);
    troth_signer_destroy(&other);
}

int main(void)
{
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    CHECK_ERR(troth_signer_from_pem(&signer, test_pem_key("P-256", NULL).secret),
              TROTH_OK);
    test_cases();
    test_contents();
    test_another_key();
    troth_signer_destroy(&signer);
    troth_provider_destroy(&crypto);
    return test_finish();
}
