/* SPDX-License-Identifier: Apache-2.0 */
/* Policies that name a log, before minted evidence and bundles made by hand. */
#include "appraise/policy.h"

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/sha.h>

#include "test/harness.h"
#include "test/support/minted.h"
#include "test/support/note.h"
#include "troth/log.h"
#include "troth/record.h"

#define X8(xx)  xx xx xx xx xx xx xx xx
#define X48(xx) X8(xx) X8(xx) X8(xx) X8(xx) X8(xx) X8(xx)
#define PCR0    "\"pcr0\":\"" X48("1a") "\""
#define PCR1    "\"pcr1\":\"" X48("2b") "\""
#define PCR2    "\"pcr2\":\"" X48("3c") "\""
#define WHOLE   "{\"nitro\":{" PCR0 "," PCR1 "," PCR2 "}}"

enum { LOG = 1, WITNESS = 10, WITNESSES = 3 };

static struct trial t;
static struct sim_keyring *ring;
static struct troth_policy policy;
static struct troth_witness witness_rows[WITNESSES];
static struct troth_span made_name;

/* A bundle in the making: its entry is the second of three. */
static struct {
    uint8_t entry[8192];
    size_t entry_len;
    uint8_t root[32], left[32], right[32];
    struct test_note note;
    char text[32 * 1024];
} made;

static struct troth_span evidence(void)
{
    static const uint8_t nonce[] = {0, 1, 2, 3};
    static struct sim_nitro doc;

    sim_nitro_default(&doc, ring, 0, MINTED_AT_S);
    memset(doc.pcrs[0].value, 0x1a, 48);
    memset(doc.pcrs[1].value, 0x2b, 48);
    memset(doc.pcrs[2].value, 0x3c, 48);
    sim_nitro_set_optional(&doc.nonce, (struct troth_span)TROTH_ARRAY_SPAN(nonce));
    return minted_nitro(&t, &doc);
}

/* A policy that takes any code which two of three witnesses saw released. */
static void start(void)
{
    static const char *const names[WITNESSES] = {"w0", "w1", "w2"};
    struct troth_kind_policy *nitro = &policy.kinds[TROTH_KIND_NITRO];

    trial_reset(&t);
    made_name = test_text("hello");
    policy = (struct troth_policy){
        .name = test_text("test"),
        .log = {.is_made = true,
                .witnesses = {.origin = test_text("log.example"),
                              .log_name = test_text("log.example"),
                              .rows = witness_rows,
                              .count = WITNESSES,
                              .needed = 2},
                .line = 5},
    };
    *nitro = (struct troth_kind_policy){
        .accepted = true, .any_image = true, .machines = {.any = true}};
    test_note_key(policy.log.witnesses.log_key, LOG);
    for (int i = 0; i < WITNESSES; i++) {
        witness_rows[i].name = test_text(names[i]);
        test_note_key(witness_rows[i].key, (uint8_t)(WITNESS + i));
    }
    trial_require(&t, "--nonce 00010203");
    t.policy = &policy;
}

/* ---- the bundle ---- */

static void add_value(struct troth_record *record, const char *name,
                      struct troth_span text)
{
    const struct troth_record_field *field = troth_record_fields(record->kind);

    while (field->name && strcmp(field->name, name) != 0)
        field++;
    if (CHECK(field->name != NULL))
        record->values[record->value_count++] = (struct troth_record_value){field, text,
                                                                            0};
}

static void make_release(const char *measurements)
{
    struct troth_record record = {.kind = TROTH_RECORD_RELEASE, .time_ms = 1700000000000};
    struct troth_fault fault;

    add_value(&record, "name", made_name);
    add_value(&record, "version", test_text("1.0"));
    add_value(&record, "measurements", test_text(measurements));
    CHECK_ERR(troth_record_write(made.entry, sizeof made.entry, &made.entry_len, &fault,
                                 &record),
              TROTH_OK);
}

static void hash_node(uint8_t out[static 32], const uint8_t *left, const uint8_t *right)
{
    uint8_t bytes[65] = {1};

    memcpy(bytes + 1, left, 32);
    memcpy(bytes + 33, right, 32);
    SHA256(bytes, sizeof bytes, out);
}

/* The tree of three leaves, and its checkpoint with the log's line. */
static void make_tree(void)
{
    static uint8_t leaf[1 + sizeof made.entry];
    uint8_t hash[32], pair[32];
    char body[128], root[48];

    memcpy(leaf + 1, made.entry, made.entry_len);
    SHA256(leaf, 1 + made.entry_len, hash);
    memset(made.left, 0x11, 32);
    memset(made.right, 0x22, 32);
    hash_node(pair, made.left, hash);
    hash_node(made.root, pair, made.right);
    EVP_EncodeBlock((uint8_t *)root, made.root, 32);
    (void)snprintf(body, sizeof body, "log.example\n3\n%s\n", root);
    test_note_begin(&made.note, body);
    test_note_sign(&made.note, "log.example", LOG);
}

static void cosign(int which, int64_t at_s)
{
    const char name[] = {'w', (char)('0' + which), '\0'};

    test_note_cosign(&made.note, name, (uint8_t)(WITNESS + which), (uint64_t)at_s);
}

static struct troth_span bundle(void)
{
    static uint8_t extra[2 * sizeof made.entry];
    char left[48], right[48];
    const struct troth_span note = test_note_span(&made.note);

    EVP_EncodeBlock(extra, made.entry, (int)made.entry_len);
    EVP_EncodeBlock((uint8_t *)left, made.left, 32);
    EVP_EncodeBlock((uint8_t *)right, made.right, 32);
    (void)snprintf(made.text, sizeof made.text,
                   "c2sp.org/tlog-proof@v1\nextra %s\nindex 1\n%s\n%s\n\n%.*s",
                   (const char *)extra, left, right, (int)note.len,
                   (const char *)note.ptr);
    return test_text(made.text);
}

static void make(const char *measurements)
{
    make_release(measurements);
    make_tree();
    cosign(0, MINTED_AT_S - 100);
    cosign(1, MINTED_AT_S - 200);
}

/* The line, and why the check of the log came out as it did. */
static void expect(const char *line, const char *why)
{
    const struct troth_check *row;

    CHECK_TEXT(trial_judge(&t, evidence(), MINTED_AT_S), line);
    row = trial_find(&t, TROTH_CHECK_LOG, NULL);
    if (!CHECK(row != NULL))
        return;
    CHECK_INT(row->policy_line, 5);
    CHECK_TEXT(row->why ? row->why : "", why);
}

/* ---- what is tried ---- */

static void test_releases(void)
{
    static const char other[] = "the release that was logged measures otherwise";
    static const struct {
        const char *why, *measurements;
        bool names_image; /* the policy's own images say which code */
        const char *line, *says;
    } rows[] = {
        {"the whole code", WHOLE, false, "accepted", ""},
        {"another kind beside it",
         "{\"nitro\":{" PCR0 "," PCR1 "," PCR2
         "},\"snp\":{\"measurement\":\"" X48("1a") "\"}}",
         false, "accepted", ""},
        {"one register is another's",
         "{\"nitro\":{" PCR0 "," PCR1 ",\"pcr2\":\"" X48("3d") "\"}}", false,
         "refused: log", other},
        {"one register is not named", "{\"nitro\":{" PCR0 "," PCR1 "}}", false,
         "refused: log", other},
        {"nor by the policy's images", "{\"nitro\":{" PCR0 "," PCR1 "}}", true,
         "accepted", ""},
        {"a register that holds no code",
         "{\"nitro\":{" PCR0 "," PCR1 "," PCR2 ",\"pcr8\":\"" X48("01") "\"}}", false,
         "refused: log", other},
        {"none that holds code", "{\"nitro\":{\"pcr8\":\"" X48("00") "\"}}", true,
         "refused: log", other},
        {"no register there is",
         "{\"nitro\":{" PCR0 "," PCR1 "," PCR2 ",\"pcr77\":\"" X48("00") "\"}}", false,
         "refused: log", other},
        {"a kind that this is not", "{\"snp\":{\"measurement\":\"" X48("1a") "\"}}",
         false, "refused: log", other},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        static uint8_t pcr2[48];
        const struct troth_demand demand = {"nitro.pcr2", false, {pcr2, sizeof pcr2}, 4};
        const struct troth_image image = {
            test_text("release-7"), TROTH_KIND_NITRO, {&demand, 1}, 4};

        test_case("a release: %s", rows[i].why);
        memset(pcr2, 0x3c, sizeof pcr2);
        start();
        policy.kinds[TROTH_KIND_NITRO].any_image = !rows[i].names_image;
        policy.kinds[TROTH_KIND_NITRO].images = &image;
        policy.kinds[TROTH_KIND_NITRO].image_count = 1;
        make(rows[i].measurements);
        t.log_proof = bundle();
        expect(rows[i].line, rows[i].says);
    }
}

static void test_witnesses(void)
{
    static const char few[] = "too few witnesses signed the checkpoint";
    static const struct {
        const char *why;
        int64_t times_s[WITNESSES]; /* before the verification; 0: did not sign */
        size_t needed;
        int64_t max_age_s; /* 0: any */
        const char *line, *says;
    } rows[] = {
        {"two of two", {100, 200}, 2, 0, "accepted", ""},
        {"one of two", {100}, 2, 0, "refused: log", few},
        {"none of one", {0}, 1, 0, "refused: log", few},
        {"none is needed", {0}, 0, 0, "accepted", ""},
        {"young enough", {100, 200}, 2, 200, "accepted", ""},
        {"one of them too long ago",
         {100, 200},
         2,
         199,
         "refused: log",
         "witnessed longer ago than the policy allows"},
        {"a little ahead of the clock", {-60, -60}, 2, 60, "accepted", ""},
        {"in the future",
         {-61, -61},
         2,
         60,
         "refused: log",
         "witnessed in the future, by the clock of this verification"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("witnesses: %s", rows[i].why);
        start();
        policy.log.witnesses.needed = rows[i].needed;
        policy.log.has_max_age = rows[i].max_age_s != 0;
        policy.log.max_age_s = rows[i].max_age_s;
        make_release(WHOLE);
        make_tree();
        for (int w = 0; w < WITNESSES; w++)
            if (rows[i].times_s[w])
                cosign(w, MINTED_AT_S - rows[i].times_s[w]);
        t.log_proof = bundle();
        expect(rows[i].line, rows[i].says);
    }
    test_case("witnesses: the answer ends with their word");
    start();
    policy.log.has_max_age = true;
    policy.log.max_age_s = 300;
    make(WHOLE);
    t.log_proof = bundle();
    expect("accepted", "");
    CHECK_INT(t.result.valid_until_s, MINTED_AT_S - 200 + 300);
}

/* What is changed in a good bundle, and what is said of it then. */
static void test_forgeries(void)
{
    test_case("no bundle");
    start();
    expect("undetermined: ?log", "no proof from the log was given");
    CHECK_TEXT(trial_find(&t, TROTH_CHECK_LOG, NULL)->flag, "--log-proof");

    test_case("no bundle at all");
    t.log_proof = test_text("c2sp.org/tlog-proof@v2\n");
    CHECK_TEXT(trial_judge(&t, evidence(), MINTED_AT_S), "error: VERSION proof.version");

    test_case("another log");
    make(WHOLE);
    policy.log.witnesses.origin = test_text("log.elsewhere");
    t.log_proof = bundle();
    expect("refused: log", "the checkpoint is of another log");

    test_case("another log's key");
    start();
    test_note_key(policy.log.witnesses.log_key, LOG + 1);
    t.log_proof = bundle();
    expect("refused: log", "the log did not sign the checkpoint");

    test_case("another entry than the one that was logged");
    start();
    make(WHOLE);
    make_release("{\"nitro\":{" PCR0 "}}");
    t.log_proof = bundle();
    expect("refused: log", "the proof does not lead to the checkpoint's root");

    test_case("another way");
    start();
    make(WHOLE);
    made.left[0] ^= 1;
    t.log_proof = bundle();
    expect("refused: log", "the proof does not lead to the checkpoint's root");

    test_case("a checkpoint that is none");
    start();
    make(WHOLE);
    test_note_begin(&made.note, "log.example\n03\nAAAA\n");
    test_note_sign(&made.note, "log.example", LOG);
    t.log_proof = bundle();
    expect("refused: log", "the bundle's checkpoint is none");

    test_case("a release whose name has a zero in it");
    start();
    made_name = TROTH_LITERAL("a\0b");
    make(WHOLE);
    t.log_proof = bundle();
    expect("accepted", "");
    CHECK(trial_find(&t, TROTH_CHECK_LOG, NULL)->subject == NULL);
    start();
    make(WHOLE);
    t.log_proof = bundle();
    expect("accepted", "");
    CHECK_TEXT(trial_find(&t, TROTH_CHECK_LOG, NULL)->subject, "hello");

    test_case("a release of what the policy names");
    start();
    policy.log.release = test_text("hello");
    make(WHOLE);
    t.log_proof = bundle();
    expect("accepted", "");

    test_case("a release of something else");
    policy.log.release = test_text("hell");
    expect("refused: log",
           "the entry is a release of something else than the policy names");

    test_case("an entry that is no record");
    start();
    memcpy(made.entry, "hello", 5);
    made.entry_len = 5;
    make_tree();
    cosign(0, MINTED_AT_S);
    cosign(1, MINTED_AT_S);
    t.log_proof = bundle();
    expect("refused: log", "the entry is no record");
}

int main(void)
{
    trial_begin(&t);
    ring = sim_keyring_create(1);
    test_releases();
    test_witnesses();
    test_forgeries();
    trial_end(&t);
    sim_keyring_destroy(ring);
    return test_finish();
}
