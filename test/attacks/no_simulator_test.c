/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "stage.h"

/*
 * The simulator's keys are known to everyone, so nothing of it may be in what is shipped,
 * and what it mints must never pass for genuine: refused where only the vendors are
 * trusted, called simulated where its root is.
 */

/* In two pieces, so that this program does not hold them itself. */
static const struct {
    const char *front, *back;
    bool is_symbol; /* stands at the start of a name */
} marks[] = {
    {"TROTH-", "SIMULATED", false}, {"troth-", "mint", false},
    {"nitro/", "regional", false},  {"snp/%s", "/%s", false},
    {"si", "m_nitro_", true},       {"si", "m_snp_", true},
    {"si", "m_key", true},          {"si", "m_cert_", true},
    {"si", "m_bytes_", true},       {"si", "m_intel_", true},
    {"intel/", "platform", false},  {"troth-", "sim", false},
    {"si", "m_machine_", true},     {"si", "m_tsm_", true},
    {"libfu", "se", false},         {"fuse_", "session", false},
};

static bool is_name_part(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static bool holds(struct troth_span file, size_t mark)
{
    char text[40];
    int len = snprintf(text, sizeof text, "%s%s", marks[mark].front, marks[mark].back);
    size_t size = len < 0 ? 0 : (size_t)len;

    for (size_t at = 0; at + size <= file.len; at++)
        if (file.ptr[at] == (uint8_t)text[0] && memcmp(file.ptr + at, text, size) == 0 &&
            !(marks[mark].is_symbol && at > 0 && is_name_part(file.ptr[at - 1])))
            return true;
    return false;
}

/* A root of the simulator: its key, and its certificate's digest. */
struct root {
    struct sim_bytes key;
    uint8_t sha256[32];
};

#define SEEDS      5
#define ROOT_KINDS 5
static struct root roots[SEEDS * ROOT_KINDS];

static void add_root(struct root *out, const struct troth_crypto *crypto,
                     const struct sim_cert *cert)
{
    struct sim_bytes der = sim_cert_mint(cert);

    sim_bytes_append(&out->key, sim_key_public(cert->key));
    CHECK_ERR(troth_digest(crypto, out->sha256, TROTH_SHA256, sim_bytes_span(der)),
              TROTH_OK);
    sim_bytes_free(&der);
}

static void mint_roots(const struct troth_crypto *crypto)
{
    static struct sim_nitro nitro;
    static struct sim_intel intel;
    static struct sim_snp snp;

    test_case("the roots of several seeds are minted");
    for (unsigned seed = 0; seed < SEEDS; seed++) {
        struct sim_keyring *ring = sim_keyring_create(seed);
        struct root *out = &roots[(size_t)seed * ROOT_KINDS];

        sim_nitro_default(&nitro, ring, 0, MINTED_AT_S);
        add_root(out++, crypto, &nitro.certs[SIM_NITRO_ROOT]);
        sim_intel_default(&intel, ring, SIM_TDX_V4, 0, MINTED_AT_S);
        add_root(out++, crypto, &intel.certs[SIM_INTEL_ROOT]);
        for (int product = SIM_MILAN; product <= SIM_TURIN; product++) {
            sim_snp_default(&snp, ring, (enum sim_snp_product)product, SIM_VCEK, 0,
                            MINTED_AT_S);
            add_root(out++, crypto, &snp.certs[SIM_SNP_ARK]);
        }
        sim_keyring_destroy(ring);
    }
}

static void free_roots(void)
{
    for (size_t i = 0; i < COUNT(roots); i++)
        sim_bytes_free(&roots[i].key);
}

/* The middle of the key will do: of an EC point, of a modulus. */
static const uint8_t *key_piece(const struct root *root)
{
    return root->key.ptr + root->key.len / 2;
}

/* Which first two bytes are worth a look: there are many roots, and files are long. */
static bool is_worth[65536];

static size_t pair_at(const uint8_t *at)
{
    return (size_t)at[0] << 8 | at[1];
}

static void note_roots(void)
{
    for (size_t i = 0; i < COUNT(roots); i++) {
        is_worth[pair_at(roots[i].sha256)] = true;
        is_worth[pair_at(key_piece(&roots[i]))] = true;
    }
}

static size_t count_roots(struct troth_span file)
{
    size_t count = 0;

    for (size_t at = 0; at + 32 <= file.len; at++) {
        if (!is_worth[pair_at(file.ptr + at)])
            continue;
        for (size_t i = 0; i < COUNT(roots); i++)
            count += memcmp(file.ptr + at, roots[i].sha256, 32) == 0 ||
                     memcmp(file.ptr + at, key_piece(&roots[i]), 32) == 0;
    }
    return count;
}

/* Were one there, it would be found. */
static void test_root_scan(void)
{
    test_case("the scan finds a root where there is one");
    for (size_t i = 0; i < COUNT(roots); i++) {
        struct sim_bytes file = {0};

        sim_bytes_append_zeros(&file, 100);
        sim_bytes_append(&file, sim_bytes_span(roots[i].key));
        CHECK_INT(count_roots(sim_bytes_span(file)), 1);
        sim_bytes_free(&file);
        sim_bytes_append_zeros(&file, 100);
        sim_bytes_append(&file, SIM_ARRAY(roots[i].sha256));
        CHECK_INT(count_roots(sim_bytes_span(file)), 1);
        sim_bytes_free(&file);
    }
}

static void check_free_of(const char *what, const char *path)
{
    struct troth_span file = test_file(path);

    test_case("no simulator in %s", what);
    if (!file.ptr) {
        test_skip("%s is not built", what);
        return;
    }
    CHECK(file.len > 1000);
    for (size_t i = 0; i < COUNT(marks); i++)
        if (holds(file, i))
            CHECK_TEXT(marks[i].back, "not in the file");
    CHECK_INT(count_roots(file), 0);
}

/* The scan finds in this program, which links the simulator, what it looks for. */
static void test_scan(void)
{
    static const size_t found_here[] = {0, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    struct troth_span self = test_file("/proc/self/exe");

    test_case("the scan finds a simulator where there is one");
    if (!self.ptr) {
        test_skip("no /proc here");
        return;
    }
    for (size_t i = 0; i < COUNT(found_here); i++)
        if (!holds(self, found_here[i]))
            CHECK_TEXT(marks[found_here[i]].back, "found");
}

#define NO_ROOT "refused: anchor ?chain ?revocation ?collateral ?quoting_enclave "

static void check_refused(struct trial *t, struct troth_span evidence, const char *line)
{
    struct troth_verify_input input = {
        .evidence = evidence,
        .collateral = {t->items, t->item_count},
        .anchors = NULL, /* the vendors' own */
        .crypto = &t->crypto,
        .clock = {TROTH_CLOCK_GIVEN, MINTED_AT_S},
        .arena = &t->arena,
        .requirements = &t->requirements,
    };
    struct troth_result result;

    t->arena.used = 0;
    CHECK_ERR(troth_verify(&result, NULL, &input), TROTH_OK);
    CHECK_INT(result.answer, TROTH_REFUSED);
    CHECK(!result.anchor && !result.simulated);
    CHECK_TEXT(trial_judge(t, evidence, MINTED_AT_S), line);
}

static bool says(const struct troth_result *result, const char *text)
{
    static uint8_t json[65536];
    size_t len = 0;

    CHECK_ERR(troth_result_to_json(json, sizeof json - 1, &len, result), TROTH_OK);
    json[len] = 0;
    return strstr((const char *)json, text) != NULL;
}

static void check_simulated(struct trial *t, const struct sim_cert *root)
{
    struct sim_bytes der = sim_cert_mint(root);
    struct troth_span kept = minted_keep(t, der);
    uint8_t sha256[32];
    char wanted[128] = "\"anchor\": \"custom:";

    CHECK_INT(t->result.answer, TROTH_ACCEPTED);
    CHECK(t->result.simulated);
    CHECK(trial_leaves_open(t, "custom_root"));
    CHECK(says(&t->result, "\"simulated\": true"));
    CHECK_ERR(troth_digest(&t->crypto, sha256, TROTH_SHA256, kept), TROTH_OK);
    for (size_t i = 0; i < sizeof sha256; i++)
        (void)snprintf(wanted + strlen(wanted), 3, "%02x", sha256[i]);
    CHECK(says(&t->result, wanted));
}

static void test_nitro(struct trial *t, struct sim_keyring *ring)
{
    static struct nitro_stage stage;

    test_case("nitro: minted evidence is refused without its root");
    trial_reset(t);
    trial_require(t, TRIAL_ANY);
    nitro_stage_set(&stage, t, ring);
    stage.pins_nothing = true;
    check_refused(t, nitro_stage_mint(&stage),
                  "refused: anchor ?chain ?validity ?revocation ?signature");

    test_case("nitro: minted evidence is simulated with its root");
    stage.pins_nothing = false;
    struct troth_span evidence = nitro_stage_mint(&stage);

    CHECK_TEXT(trial_judge(t, evidence, MINTED_AT_S), "accepted");
    check_simulated(t, &stage.root);
}

static void test_snp(struct trial *t, struct sim_keyring *ring, enum snp_machine machine)
{
    static struct snp_stage stage;

    test_case("snp: minted evidence is refused without its root [%d]", machine);
    trial_reset(t);
    trial_require(t, TRIAL_ANY);
    snp_stage_set(&stage, t, ring, machine);
    stage.pins_nothing = true;
    check_refused(t, snp_stage_mint(&stage),
                  "refused: anchor ?chain ?validity ?revocation ?signature");

    test_case("snp: minted evidence is simulated with its root [%d]", machine);
    trial_reset(t);
    trial_require(t, TRIAL_ANY);
    stage.pins_nothing = false;
    struct troth_span evidence = snp_stage_mint(&stage);

    CHECK_TEXT(trial_judge(t, evidence, MINTED_AT_S), "accepted");
    check_simulated(t, &stage.ark);
}

static void test_intel(struct trial *t, struct sim_keyring *ring,
                       enum sim_intel_kind kind)
{
    static struct intel_stage stage;

    test_case("intel: minted evidence is refused without its root [%d]", kind);
    trial_reset(t);
    trial_require(t, TRIAL_ANY);
    intel_stage_set(&stage, t, ring, kind);
    stage.pins_nothing = true;
    check_refused(t, intel_stage_mint(&stage),
                  stage.doc.is_tdx ? NO_ROOT "?module ?tcb_status"
                                   : NO_ROOT "?tcb_status");

    test_case("intel: minted evidence is simulated with its root [%d]", kind);
    trial_reset(t);
    trial_require(t, TRIAL_ANY);
    stage.pins_nothing = false;
    struct troth_span evidence = intel_stage_mint(&stage);

    CHECK_TEXT(trial_judge(t, evidence, MINTED_AT_S), "accepted");
    check_simulated(t, &stage.root);
}

int main(void)
{
    static struct trial trial;
    struct sim_keyring *ring = sim_keyring_create(1);

    trial_begin(&trial);
    mint_roots(&trial.crypto);
    note_roots();
    test_scan();
    test_root_scan();
    check_free_of("troth", TROTH_PROGRAM);
    check_free_of("troth-agent", TROTH_BUILD_DIR "/troth-agent");
    check_free_of("libtroth.so", TROTH_BUILD_DIR "/libtroth.so");
    check_free_of("libtroth.a", TROTH_BUILD_DIR "/libtroth.a");

    test_nitro(&trial, ring);
    for (int machine = ON_MILAN; machine <= ON_TURIN_BY_VLEK; machine++)
        test_snp(&trial, ring, (enum snp_machine)machine);
    for (int kind = 0; kind < SIM_INTEL_KINDS; kind++)
        test_intel(&trial, ring, (enum sim_intel_kind)kind);
    trial_end(&trial);
    sim_keyring_destroy(ring);
    free_roots();
    return test_finish();
}
