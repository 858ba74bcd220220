/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/nitro.h"
#include "sim/snp.h"
#include "test/harness.h"
#include "troth/binding.h"
#include "troth/provider.h"

#define AT_S 1755506509

static char folder[] = "/tmp/troth-minted-XXXXXX";

static void write_file(const char *name, struct sim_bytes content)
{
    char path[256];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "wb");
    CHECK(file && fwrite(content.ptr, 1, content.len, file) == content.len);
    CHECK(file && fclose(file) == 0);
    sim_bytes_free(&content);
}

static void remove_file(const char *name)
{
    char path[256];

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    (void)remove(path);
}

/* What `troth verify` with these words prints; its exit status in `*status`. */
static const char *verify(const char *words, int *status)
{
    static char said[64 * 1024];
    char command[1024];
    size_t len;
    FILE *pipe;

    (void)snprintf(command, sizeof command, "cd %s && %s verify --time %d %s 2>&1",
                   folder, TROTH_PROGRAM, AT_S, words);
    pipe = popen(command, "r");
    len = pipe ? fread(said, 1, sizeof said - 1, pipe) : 0;
    said[len] = '\0';
    *status = pipe ? pclose(pipe) : -1;
    *status = WIFEXITED(*status) ? WEXITSTATUS(*status) : -1;
    return said;
}

static const struct {
    const char *why;
    const char *words;
    int status;
    const char *said;
} cases[] = {
    {"the binding that was minted", "--binding app:nonce=00ff,user_data=", 0, "nonce"},
    {"its fields in another order", "--binding app:user_data=,nonce=00FF", 0, "nonce"},
    {"another binding", "--binding app:nonce=00fe,user_data=", 1,
     "the evidence answers another nonce"},
    {"another domain", "--binding aik:key=,role=x,epoch=1,nonce=,checkpoint=", 1,
     "the evidence answers another nonce"},
    {"the nonce that was minted", "--nonce 0102030405", 0, "nonce"},
    {"the nonce as a claim", "--expect nonce=0102030405", 0, "nonce"},
    {"the nonce as the family calls it", "--expect nitro.nonce=0102030405", 0, "nonce"},
    {"a longer nonce", "--nonce 010203040500", 1, "the field has another length"},
    {"another nonce", "--nonce 0102030406", 1, "the evidence answers another nonce"},
    {"nonce and binding", "--nonce 0102030405 --binding app:nonce=00ff,user_data=", 0,
     "nonce"},
    {"the right nonce, another binding",
     "--nonce 0102030405 --binding app:nonce=00,user_data=", 1, "failed          nonce"},
    {"the right binding, another nonce",
     "--nonce 01 --binding app:nonce=00ff,user_data=", 1, "failed          nonce"},
    {"waved through beside another nonce", "--any nonce --nonce 01", 1,
     "failed          nonce"},
};

static void mint_nitro(struct sim_keyring *ring, const struct troth_crypto *crypto)
{
    static const uint8_t nonce[] = {1, 2, 3, 4, 5};
    static const uint8_t challenge[] = {0x00, 0xff};
    const struct troth_span fields[] = {{challenge, sizeof challenge}, {NULL, 0}};
    uint8_t binding[TROTH_BINDING_SIZE];
    struct sim_nitro doc;

    sim_nitro_default(&doc, ring, 0, AT_S);
    CHECK_ERR(troth_binding_compute(binding, NULL, crypto, TROTH_BINDING_APP, fields),
              TROTH_OK);
    sim_nitro_set_optional(&doc.user_data, (struct troth_span){binding, sizeof binding});
    sim_nitro_set_optional(&doc.nonce, (struct troth_span){nonce, sizeof nonce});
    (void)snprintf(doc.module_id, sizeof doc.module_id, "i-\033[2J\n0");
    write_file("nitro.bin", sim_nitro_mint(&doc));
    write_file("nitro-root.der", sim_cert_mint(&doc.certs[SIM_NITRO_ROOT]));
}

static void test_nitro(void)
{
    char words[512];
    int status;

    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *said;

        test_case("%s", cases[i].why);
        (void)snprintf(words, sizeof words,
                       "--root nitro-root.der --any measurement %s nitro.bin",
                       cases[i].words);
        said = verify(words, &status);
        CHECK_INT(status, cases[i].status);
        if (!CHECK(strstr(said, cases[i].said) != NULL))
            printf("# %s\n", said);
    }
}

/* A genuine signature does not make a text harmless. */
static void test_hostile(void)
{
    const char *said;
    int status;

    test_case("a signed text that would clear the screen");
    said = verify("--root nitro-root.der --any measurement --any nonce "
                  "--expect nitro.module_id=x nitro.bin",
                  &status);
    CHECK_INT(status, 1);
    CHECK(strchr(said, '\033') == NULL);
    CHECK(strstr(said, "seen    i-\\x1b[2J\\x0a0\n") != NULL);
    CHECK(strstr(said, "passed          kind, reserved, anchor, chain, validity, "
                       "signature") != NULL);
}

static void test_snp(struct sim_keyring *ring)
{
    struct sim_snp doc;
    int status;

    test_case("a report that brings its own certificates, signed by a VLEK");
    sim_snp_default(&doc, ring, SIM_GENOA, SIM_VLEK, 0, AT_S);
    write_file("snp.bin", sim_snp_mint_extended(&doc));
    write_file("snp-root.der", sim_cert_mint(&doc.certs[SIM_SNP_ARK]));
    write_file("snp.crl", sim_crl_mint(&doc.crl));
    CHECK(strstr(verify("--root snp-root.der --collateral snp.crl --any measurement "
                        "--any nonce --expect snp.csp_id=CN=cc-us-east-2.amazonaws.com "
                        "snp.bin",
                        &status),
                 "accepted  AMD SEV-SNP") != NULL);
    CHECK_INT(status, 0);

    test_case("the same without its root's list");
    CHECK(strstr(verify("--root snp-root.der --any measurement --any nonce snp.bin",
                        &status),
                 "not made        revocation") != NULL);
    CHECK_INT(status, 2);
}

int main(void)
{
    static const char *const files[] = {"nitro.bin", "nitro-root.der", "snp.bin",
                                        "snp-root.der", "snp.crl"};
    struct sim_keyring *ring = sim_keyring_create(0);
    struct troth_crypto crypto;

    test_case("evidence is minted");
    CHECK(mkdtemp(folder) != NULL);
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    mint_nitro(ring, &crypto);
    test_nitro();
    test_hostile();
    test_snp(ring);
    for (size_t i = 0; i < COUNT(files); i++)
        remove_file(files[i]);
    (void)remove(folder);
    troth_provider_destroy(&crypto);
    sim_keyring_destroy(ring);
    return test_finish();
}
