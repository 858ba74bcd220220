/* SPDX-License-Identifier: Apache-2.0 */
/* What is written, as another reader (jansson) reads it. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "evidence/claim_list.h"
#include "test/harness.h"
#include "test/support/minted.h"
#include "test/support/policy.h"

enum { ROOM = 256 * 1024 };

static struct trial t;
static struct sim_keyring *ring;
static uint8_t out[ROOM];

static json_t *read_json(size_t len)
{
    json_error_t error;
    json_t *json = json_loadb((const char *)out, len, JSON_REJECT_DUPLICATES, &error);

    if (!CHECK(json != NULL))
        printf("# %s in line %d\n", error.text, error.line);
    return json;
}

static json_t *write_result(void)
{
    size_t len = 0;

    CHECK_ERR(troth_result_to_json(out, ROOM, &len, &t.result), TROTH_OK);
    return read_json(len);
}

static const char *text_of(const json_t *json, const char *key)
{
    return json_string_value(json_object_get(json, key));
}

/* Every member is there, whatever the result; `type` -1: a string or null. */
static void check_members(const json_t *json)
{
    static const struct {
        const char *key;
        int type;
    } members[] = {
        {"verdict", JSON_STRING}, {"kind", JSON_STRING},   {"title", JSON_STRING},
        {"clock", JSON_OBJECT},   {"archival", -2},        {"anchor", -1},
        {"simulated", -2},        {"valid_until", -1},     {"valid_until_because", -1},
        {"checks", JSON_ARRAY},   {"claims", JSON_OBJECT}, {"not_proven", JSON_ARRAY},
    };

    for (size_t i = 0; i < COUNT(members); i++) {
        const json_t *value = json_object_get(json, members[i].key);
        bool fits = members[i].type == -1 ? json_is_string(value) || json_is_null(value)
                    : members[i].type == -2
                        ? json_is_boolean(value)
                        : value && json_typeof(value) == (json_type)members[i].type;

        if (!CHECK(fits))
            printf("#   %s\n", members[i].key);
    }
    CHECK_INT(json_object_size(json), COUNT(members));
}

static void check_checks(const json_t *json)
{
    static const char *const keys[] = {"name", "outcome", "detail", "subject",
                                       "seen", "wanted",  "flag",   "flag_argument"};
    const json_t *checks = json_object_get(json, "checks");

    CHECK_INT(json_array_size(checks), t.result.verdict.count);
    for (size_t i = 0; i < json_array_size(checks); i++) {
        const json_t *row = json_array_get(checks, i);

        for (size_t k = 0; k < COUNT(keys); k++)
            CHECK(json_object_get(row, keys[k]) != NULL);
        CHECK_INT(json_object_size(row), COUNT(keys));
        CHECK_TEXT(text_of(row, "name"), troth_check_name(t.result.verdict.checks[i].id));
        CHECK_TEXT(text_of(row, "outcome"),
                   troth_outcome_name(t.result.verdict.checks[i].outcome));
        CHECK(text_of(row, "detail") && *text_of(row, "detail"));
    }
}

/* Each claim once, in order, with the value that `troth show` prints. */
static void check_claims(const json_t *json)
{
    const json_t *claims = json_object_get(json, "claims"), *value;
    const char *key;
    size_t i = 0;

    CHECK_INT(json_object_size(claims), t.result.claims.count);
    json_object_foreach((json_t *)claims, key, value)
    {
        const struct troth_claim *claim = &t.result.claims.rows[i++];
        uint8_t text[4096];
        size_t len;

        CHECK_TEXT(key, claim->name);
        CHECK_ERR(troth_value_to_text(text, sizeof text, &len, &claim->value), TROTH_OK);
        if (claim->value.type == TROTH_VALUE_NONE)
            CHECK(json_is_null(value));
        else if (claim->value.type == TROTH_VALUE_BOOL)
            CHECK(json_is_true(value) == claim->value.boolean && json_is_boolean(value));
        else if (json_is_integer(value))
            CHECK((uint64_t)json_integer_value(value) == claim->value.number);
        else
            CHECK_SPAN(((struct troth_span){(const uint8_t *)json_string_value(value),
                                            json_string_length(value)}),
                       ((struct troth_span){text, len}));
    }
}

static struct troth_span mint_nitro(void (*change)(struct sim_nitro *doc))
{
    static struct sim_nitro doc;

    trial_reset(&t);
    sim_nitro_default(&doc, ring, 0, MINTED_AT_S);
    if (change)
        change(&doc);
    return minted_nitro(&t, &doc);
}

static void write_accepted(void)
{
    struct troth_span document = mint_nitro(NULL);
    json_t *json;

    test_case("an accepted result");
    trial_require(&t, TRIAL_ANY);
    CHECK_TEXT(trial_judge(&t, document, MINTED_AT_S), "accepted");
    json = write_result();
    check_members(json);
    check_checks(json);
    check_claims(json);
    CHECK(memcmp(out, "{\n  \"verdict\": ", 15) == 0); /* for people too */
    CHECK_TEXT(text_of(json, "verdict"), "accepted");
    CHECK_TEXT(text_of(json, "kind"), "nitro");
    CHECK(json_is_true(json_object_get(json, "simulated")));
    CHECK(json_is_false(json_object_get(json, "archival")));
    CHECK_TEXT(text_of(json_object_get(json, "clock"), "kind"), "given");
    CHECK_TEXT(text_of(json_object_get(json, "clock"), "at"), "2026-01-01T00:00:00Z");
    CHECK(strncmp(text_of(json, "anchor"), "custom:", 7) == 0);
    CHECK_INT(strlen(text_of(json, "anchor")), 7 + 64);
    CHECK_TEXT(text_of(json, "valid_until"), "2026-01-01T03:00:00Z");
    CHECK_INT(json_array_size(json_object_get(json, "not_proven")),
              t.result.not_proven_count);
    json_decref(json);
}

static void write_refused(void)
{
    struct troth_span document = mint_nitro(sim_nitro_set_debug);
    json_t *json;

    test_case("a refused result without an anchor");
    t.anchors.count = 0;
    (void)trial_judge(&t, document, TRIAL_AT_DOCUMENT);
    json = write_result();
    check_members(json);
    check_checks(json);
    check_claims(json);
    CHECK_TEXT(text_of(json, "verdict"), "refused");
    CHECK(json_is_null(json_object_get(json, "anchor")));
    CHECK(json_is_null(json_object_get(json, "valid_until")));
    CHECK(json_is_true(json_object_get(json, "archival")));
    CHECK_TEXT(text_of(json_object_get(json, "clock"), "kind"), "document");
    json_decref(json);
}

/* An enclave's host, or whoever made the bytes, chooses these. */
static void put_controls_into_module_id(struct sim_nitro *doc)
{
    (void)snprintf(doc->module_id, sizeof doc->module_id, "%s",
                   "\x1b[31m\"\\\n\r\t\x01\x7f</script>\xc3\xa9\xf0\x9f\x98\x80");
}

static void escape(void)
{
    struct troth_span document = mint_nitro(put_controls_into_module_id);
    json_t *json;

    test_case("control characters in module_id");
    trial_require(&t, TRIAL_ANY);
    CHECK_TEXT(trial_judge(&t, document, MINTED_AT_S), "accepted");
    json = write_result();
    check_claims(json);
    json_decref(json);
    for (const uint8_t *c = out; *c != '\0' && c < out + ROOM; c++)
        if ((*c < 0x20 && *c != '\n') || *c == 0x7f)
            FAIL("a control character got through");

    test_case("what the caller expects is no UTF-8");
    trial_reset(&t);
    document = mint_nitro(NULL);
    trial_require(&t, TRIAL_ANY "--expect kind=\xff\xfe --expect \xc0\x80=x");
    CHECK_TEXT(trial_judge(&t, document, MINTED_AT_S), "refused: claim");
    json = write_result();
    check_members(json);
    json_decref(json);
}

static void write_numbers(void)
{
    static const struct {
        uint64_t number;
        const char *text; /* NULL: a number */
    } numbers[] = {
        {0, NULL},
        {(UINT64_C(1) << 53) - 1, NULL},
        {UINT64_C(1) << 53, "9007199254740992"},
        {UINT64_MAX, "18446744073709551615"},
    };

    for (size_t i = 0; i < COUNT(numbers); i++) {
        const struct troth_claim claim = {"x", "", troth_value_uint(numbers[i].number)};
        const struct troth_showing showing = {"kind", "title", {&claim, 1}};
        size_t len = 0;

        test_case("number %llu", (unsigned long long)numbers[i].number);
        CHECK_ERR(troth_showing_to_json(out, ROOM, &len, &showing), TROTH_OK);
        json_t *json = read_json(len);
        const json_t *value = json_object_get(json_object_get(json, "claims"), "x");

        if (numbers[i].text)
            CHECK_TEXT(json_string_value(value), numbers[i].text);
        else
            CHECK(json_is_integer(value) &&
                  (uint64_t)json_integer_value(value) == numbers[i].number);
        json_decref(json);
    }
}

/* The same bytes twice, and no byte beyond the room there is. */
static void write_into_less(void)
{
    struct troth_span document = mint_nitro(NULL);
    size_t whole = 0, len = 0;

    test_case("stable, and never more than fits");
    (void)trial_judge(&t, document, MINTED_AT_S);
    CHECK_ERR(troth_result_to_json(out, ROOM, &whole, &t.result), TROTH_OK);

    uint8_t *again = malloc(whole);

    CHECK_ERR(troth_result_to_json(again, whole, &len, &t.result), TROTH_OK);
    CHECK(len == whole && memcmp(out, again, whole) == 0);
    free(again);
    for (size_t size = 0; size < whole; size += 97) {
        uint8_t *small = malloc(size ? size : 1);

        CHECK_ERR(troth_result_to_json(small, size, &len, &t.result), TROTH_ERR_LIMIT);
        CHECK_INT(len, 0);
        free(small);
    }
    CHECK_ERR(troth_result_to_json(out, whole - 1, &len, &t.result), TROTH_ERR_LIMIT);
}

static void write_showing(void)
{
    struct troth_span document = mint_nitro(NULL);
    struct troth_showing showing;
    size_t len = 0, less = 0;

    test_case("a showing says that nobody verified it");
    t.arena.used = 0;
    CHECK_ERR(troth_show_unverified(&showing, NULL, document, &t.arena), TROTH_OK);
    CHECK_ERR(troth_showing_to_json(out, ROOM, &len, &showing), TROTH_OK);
    json_t *json = read_json(len);
    CHECK_INT(json_object_size(json), 4);
    CHECK(memcmp(out, "{\n  \"kind\": ", 12) == 0);
    CHECK_TEXT(text_of(json, "kind"), "nitro");
    CHECK(text_of(json, "title") != NULL);
    CHECK(json_is_false(json_object_get(json, "verified")));
    CHECK_INT(json_object_size(json_object_get(json, "claims")), showing.claims.count);
    json_decref(json);
    CHECK_ERR(troth_showing_to_json(out, len - 1, &less, &showing), TROTH_ERR_LIMIT);
    CHECK_INT(less, 0);
}

/* A signed time may be any number of milliseconds. */
static void sign_in_another_era(struct sim_nitro *doc)
{
    doc->timestamp_ms = INT64_MAX;
}

static void write_far_times(void)
{
    struct troth_span document = mint_nitro(sign_in_another_era);
    json_t *json;

    test_case("a time beyond the calendar is the last there is");
    (void)trial_judge(&t, document, MINTED_AT_S);
    json = write_result();
    CHECK_TEXT(text_of(json_object_get(json, "claims"), "time"), "9999-12-31T23:59:59Z");
    json_decref(json);
}

static const json_t *row_of(const json_t *json, const char *name)
{
    const json_t *checks = json_object_get(json, "checks"), *row;
    size_t i;

    json_array_foreach(checks, i,
                       row) if (strcmp(text_of(row, "name"), name) == 0) return row;
    FAIL(name);
    return NULL;
}

static json_t *judge_by(const char *yaml)
{
    struct troth_span document = mint_nitro(NULL);

    t.policy = test_policy(yaml);
    (void)trial_judge(&t, document, MINTED_AT_S);
    return write_result();
}

/* What is there only with a policy. */
static void write_with_policy(void)
{
    char digest[65];
    json_t *json = judge_by("policy: by the book\naccept: [nitro]\nnonce: any\n"
                            "images: any\nrules:\n  - holds: debug == false\n");

    test_case("a result by a policy");
    for (size_t i = 0; i < 32; i++)
        (void)snprintf(&digest[2 * i], 3, "%02x", troth_policy_digest(t.policy)[i]);
    CHECK_TEXT(text_of(json, "verdict"), "accepted");
    CHECK_INT(json_object_size(json), 15);
    CHECK_TEXT(text_of(json_object_get(json, "policy"), "name"), "by the book");
    CHECK_TEXT(text_of(json_object_get(json, "policy"), "digest"), digest);
    CHECK(json_is_null(json_object_get(json, "image")));
    CHECK_INT(json_array_size(json_object_get(json, "explanations")), 0);
    CHECK(json_is_array(json_object_get(json, "explanations")));
    CHECK(json_is_null(json_object_get(row_of(json, "signature"), "policy_line")));
    CHECK_INT(json_integer_value(json_object_get(row_of(json, "rule"), "policy_line")),
              6);
    json_decref(json);
}

static void write_image(void)
{
    char yaml[1024], zeros[97];

    test_case("a result that names an image");
    memset(zeros, '0', 96);
    zeros[96] = 0;
    (void)snprintf(yaml, sizeof yaml,
                   "policy: p\naccept: [nitro]\nnonce: any\nallow: [debug]\nimages:\n"
                   "  release-7: {nitro: {pcr0: any, pcr1: any, pcr2: any, pcr8: %s}}\n",
                   zeros);
    json_t *json = judge_by(yaml);

    CHECK_TEXT(text_of(json, "image"), "release-7");
    CHECK_INT(
        json_integer_value(json_object_get(row_of(json, "measurement"), "policy_line")),
        6);
    json_decref(json);
}

static void write_explanations(void)
{
    json_t *json = judge_by(
        "policy: p\naccept: [nitro]\nnonce: any\nimages: any\nrules:\n"
        "  - it: kind == 'nitro' && nitro.digest == 'SHA512'\n"
        "  - error: nitro.pcr31 == nitro.pcr0\n");
    const json_t *all = json_object_get(json, "explanations");
    const json_t *first = json_array_get(all, 0), *second = json_array_get(all, 1);
    const json_t *reasons = json_object_get(first, "reasons");

    test_case("a result that explains its rules");
    CHECK_TEXT(text_of(json, "verdict"), "refused");
    CHECK_INT(json_array_size(all), 2);
    CHECK_TEXT(text_of(first, "rule"), "it");
    CHECK_TEXT(text_of(first, "expression"),
               "kind == 'nitro' && nitro.digest == 'SHA512'");
    CHECK_TEXT(text_of(first, "value"), "false");
    CHECK(json_is_null(json_object_get(first, "error")));
    CHECK_INT(json_integer_value(json_object_get(first, "policy_line")), 6);
    CHECK(json_array_size(reasons) >= 2);
    CHECK_TEXT(text_of(json_array_get(reasons, 0), "expression"),
               "nitro.digest == 'SHA512'");
    CHECK_TEXT(text_of(json_array_get(reasons, 1), "expression"), "nitro.digest");
    CHECK_TEXT(text_of(json_array_get(reasons, 1), "value"), "'SHA384'");
    CHECK_INT(json_integer_value(json_object_get(json_array_get(reasons, 1), "depth")),
              1);
    CHECK_TEXT(text_of(second, "rule"), "error");
    CHECK(json_is_null(json_object_get(second, "value")));
    CHECK_TEXT(text_of(second, "error"), "the variable has no value here");
    json_decref(json);

    test_case("a result by a policy that does not fit");
    for (size_t size = 0, len; size < 4096; size += 61) {
        CHECK_ERR(troth_result_to_json(out, size, &len, &t.result), TROTH_ERR_LIMIT);
        CHECK_INT(len, 0);
    }
}

/* Register 16 after "a" without data and the boundary, by Python's hashlib. */
static void extend(struct sim_nitro *doc)
{
    doc->pcrs[16].is_present = true;
    doc->pcrs[16].len = 48;
    memcpy(doc->pcrs[16].value,
           test_hex("b33cabdb0883bd0d9d743abaa76b6dbe2c3b16f24703e3e858e59d4eb6224383132f"
                    "25831ba3d1cc90bf555c21275628")
               .ptr,
           48);
}

static void write_events(void)
{
    static const char log[] = "{\"register\":\"nitro.pcr16\",\"events\":["
                              "{\"name\":\"a\",\"data\":\"\"},"
                              "{\"name\":\"sealed\",\"data\":\"\"}]}";
    struct troth_span document = mint_nitro(extend);
    const json_t *events, *event;
    json_t *json;

    test_case("the events of a log");
    trial_require(&t, TRIAL_ANY);
    t.event_log = test_text(log);
    CHECK_TEXT(trial_judge(&t, document, MINTED_AT_S), "accepted");
    json = write_result();
    events = json_object_get(json, "events");
    CHECK_INT(json_object_size(events), 3);
    CHECK_TEXT(text_of(events, "register"), "nitro.pcr16");
    CHECK_INT(json_integer_value(json_object_get(events, "uncounted")), 0);
    CHECK_INT(json_array_size(json_object_get(events, "counted")), 1);
    event = json_array_get(json_object_get(events, "counted"), 0);
    CHECK_INT(json_object_size(event), 2);
    CHECK_TEXT(text_of(event, "name"), "a");
    CHECK_TEXT(text_of(event, "data"), "");
    json_decref(json);

    test_case("a log that does not hold has none");
    document = mint_nitro(NULL);
    t.event_log = test_text(log);
    trial_require(&t, TRIAL_ANY);
    CHECK_TEXT(trial_judge(&t, document, MINTED_AT_S), "refused: event_log");
    json = write_result();
    CHECK(json_is_null(json_object_get(json, "events")));
    json_decref(json);
}

int main(void)
{
    trial_begin(&t);
    ring = sim_keyring_create(1);
    write_accepted();
    write_refused();
    escape();
    write_numbers();
    write_into_less();
    write_showing();
    write_far_times();
    write_with_policy();
    write_image();
    write_explanations();
    write_events();
    sim_keyring_destroy(ring);
    trial_end(&t);
    return test_finish();
}
