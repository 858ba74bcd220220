/* SPDX-License-Identifier: Apache-2.0 */
#include "stage.h"

/* Where the chain behind a report starts: roots by name, by key, by being there. */

#define NO_ANCHOR "refused: anchor ?chain ?validity ?revocation ?signature"

static const struct sim_key *rsa_stranger(struct snp_stage *s)
{
    return sim_keyring_key(s->ring, SIM_KEY_RSA4096, "stranger");
}

static struct sim_cert *cert(struct snp_stage *s, int place)
{
    return &s->doc.certs[place];
}

/* Another ARK of the same names signs ASK and list; the relying party pins AMD's. */
static void root_of_same_name(struct snp_stage *s, int number)
{
    (void)number;
    sim_snp_set_key(&s->doc, SIM_SNP_ARK, rsa_stranger(s));
}

/* … and the ASK claims to be AMD's own. */
static void root_forged(struct snp_stage *s, int number)
{
    struct sim_extensions *ask = &cert(s, SIM_SNP_ASK)->extensions;

    root_of_same_name(s, number);
    if (number == 0)
        (void)sim_extensions_remove(ask, SIM_OID_AUTHORITY_KEY_ID);
    else
        sim_extensions_set_authority_key(ask, s->ark.key);
    sim_crl_default(&s->doc.crl, &s->ark, MINTED_AT_S); /* the list is AMD's */
}

static void pin_nothing(struct snp_stage *s, int number)
{
    (void)number;
    s->pins_nothing = true;
}

static void self_made_in_table(struct snp_stage *s, int number)
{
    root_of_same_name(s, number);
    s->is_extended = true;
    s->lacks_issuer = s->lacks_vek = true;
}

static void table_alone(struct snp_stage *s, int number)
{
    (void)number;
    s->is_extended = true;
    s->lacks_issuer = s->lacks_vek = true;
}

static void table_and_nothing_pinned(struct snp_stage *s, int number)
{
    table_alone(s, number);
    s->pins_nothing = true;
}

static void pin_other_product(struct snp_stage *s, int product)
{
    static struct sim_snp other;

    sim_snp_default(&other, s->ring, (enum sim_snp_product)product, SIM_VCEK, 0,
                    MINTED_AT_S);
    s->ark = other.certs[SIM_SNP_ARK];
}

/* ASK and VEK of another product of the same maker, its root pinned beside this one's. */
static void other_products_issuer(struct snp_stage *s, int product)
{
    static struct sim_snp other;

    sim_snp_default(&other, s->ring, (enum sim_snp_product)product, SIM_VCEK, 0,
                    MINTED_AT_S);
    sim_cert_set_issuer(cert(s, SIM_SNP_VEK), &other.certs[SIM_SNP_ASK]);
    *cert(s, SIM_SNP_ASK) = other.certs[SIM_SNP_ASK];
    s->doc.crl = other.crl;
    s->ark = other.certs[SIM_SNP_ARK];
}

/* clang-format off */
static const struct snp_attack rows[] = {
    /* why, machine, change, number, options, line */
    {"another root of the same names", ON_MILAN, root_of_same_name, 0, TRIAL_ANY, NO_ANCHOR},
    {"another root of the same names", ON_TURIN_BY_VLEK, root_of_same_name, 0, TRIAL_ANY, NO_ANCHOR},
    {"another root, and its ASK names no key: AMD's own of that name is taken", ON_MILAN, root_forged, 0, TRIAL_ANY, "refused: chain revocation"},
    {"another root, and its ASK names AMD's key", ON_MILAN, root_forged, 1, TRIAL_ANY, "refused: chain"},
    {"nothing pinned but AMD's own", ON_MILAN, pin_nothing, 0, TRIAL_ANY, NO_ANCHOR},
    {"nothing pinned but AMD's own", ON_GENOA, pin_nothing, 0, TRIAL_ANY, NO_ANCHOR},
    {"nothing pinned but AMD's own", ON_TURIN, pin_nothing, 0, TRIAL_ANY, NO_ANCHOR},
    {"nothing pinned but AMD's own", ON_MILAN_BY_VLEK, pin_nothing, 0, TRIAL_ANY, NO_ANCHOR},
    {"certificates from the host's table", ON_MILAN, table_alone, 0, TRIAL_ANY, "accepted"},
    {"certificates from the host's table", ON_TURIN_BY_VLEK, table_alone, 0, TRIAL_ANY, "accepted"},
    {"self-made root in the host's table", ON_MILAN, self_made_in_table, 0, TRIAL_ANY, NO_ANCHOR},
    {"root is nowhere but in the host's table", ON_MILAN, table_and_nothing_pinned, 0, TRIAL_ANY, NO_ANCHOR},
    {"root of another product pinned", ON_MILAN, pin_other_product, SIM_GENOA, TRIAL_ANY, NO_ANCHOR},
    {"whole chain of another product", ON_MILAN, other_products_issuer, SIM_GENOA, TRIAL_ANY, "refused: product ?hardware ?tcb"},
    {"whole chain of another product", ON_TURIN, other_products_issuer, SIM_MILAN, TRIAL_ANY, "refused: product ?hardware ?tcb"},
};
/* clang-format on */

int main(void)
{
    snp_attacks_run(rows, COUNT(rows));
    return test_finish();
}
