/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "stage.h"

/* Where a document's chain starts, and which certificates stand where in its bundle. */

#define NO_ANCHOR "refused: anchor ?chain ?validity ?revocation ?signature"

static const struct sim_key *stranger(struct nitro_stage *s)
{
    return sim_keyring_key(s->ring, SIM_KEY_P384, "stranger");
}

/* Roots. */

static void root_of_same_name(struct nitro_stage *s, int number)
{
    (void)number;
    sim_nitro_set_key(&s->doc, SIM_NITRO_ROOT, stranger(s));
}

static void pin_nothing(struct nitro_stage *s, int number)
{
    (void)number;
    s->pins_nothing = true;
}

/* The genuine root stands in the bundle, and somebody else's key signs below it. */
static void genuine_root_in_front(struct nitro_stage *s, int number)
{
    struct sim_cert *regional = &s->doc.certs[SIM_NITRO_REGIONAL];

    sim_nitro_set_key(&s->doc, SIM_NITRO_ROOT, stranger(s));
    s->doc.certs[SIM_NITRO_ROOT] = s->root;
    if (number == 1) /* … and says so of itself */
        sim_extensions_set_authority_key(&regional->extensions, s->root.key);
    if (number == 2)
        (void)sim_extensions_remove(&regional->extensions, SIM_OID_AUTHORITY_KEY_ID);
}

static void root_of_other_serial(struct nitro_stage *s, int number)
{
    (void)number; /* the same key and name, but another certificate than the pinned one */
    s->doc.certs[SIM_NITRO_ROOT].serial.bytes[1] ^= 1;
}

/* The bundle. */

static void set_bundle(struct nitro_stage *s, size_t count,
                       const enum sim_nitro_place *places)
{
    memcpy(s->doc.cabundle, places, count * sizeof *places);
    s->doc.cabundle_count = count;
}

/* Its certificates by place, as decimal digits after a 1: 10123 is the genuine order. */
static void order_bundle(struct nitro_stage *s, int digits)
{
    enum sim_nitro_place places[8];
    size_t count = 0;

    for (int left = digits; left > 1; left /= 10)
        count++;
    for (size_t i = count; i > 0; i--, digits /= 10)
        places[i - 1] = (enum sim_nitro_place)(digits % 10);
    set_bundle(s, count, places);
}

/* A certificate of the bundle in the enclave's place, its key signing the document. */
static void present(struct nitro_stage *s, int place)
{
    s->doc.certificate = (enum sim_nitro_place)place;
    s->doc.key = s->doc.certs[place].key;
    s->doc.cabundle_count = (size_t)place;
}

static void present_root(struct nitro_stage *s, int number)
{
    (void)number;
    present(s, SIM_NITRO_ROOT);
    s->doc.cabundle_count = 1;
}

/* The instance's place is taken by what is fit for an enclave only, and it issues. */
static void enclave_issues(struct nitro_stage *s, int number)
{
    struct sim_cert *issuer = &s->doc.certs[SIM_NITRO_INSTANCE];
    const struct sim_cert *enclave = &s->doc.certs[SIM_NITRO_ENCLAVE];

    (void)number;
    issuer->extensions = enclave->extensions;
    sim_nitro_set_key(&s->doc, SIM_NITRO_INSTANCE, issuer->key);
}

/* clang-format off */
static const struct nitro_attack rows[] = {
    /* why, change, number, options, line */
    {"another root of the same names", root_of_same_name, 0, TRIAL_ANY, NO_ANCHOR},
    {"root is nowhere but in the document", pin_nothing, 0, TRIAL_ANY, NO_ANCHOR},
    {"root of the pinned key, in another certificate", root_of_other_serial, 0, TRIAL_ANY, NO_ANCHOR},
    {"pinned root in front of another's chain", genuine_root_in_front, 0, TRIAL_ANY, "refused: chain"},
    {"pinned root in front, key identifier forged", genuine_root_in_front, 1, TRIAL_ANY, "refused: chain"},
    {"pinned root in front, no key identifier", genuine_root_in_front, 2, TRIAL_ANY, "refused: chain"},

    {"bundle as it is", order_bundle, 10123, TRIAL_ANY, "accepted"},
    {"bundle swapped inside", order_bundle, 10213, TRIAL_ANY, "refused: chain"},
    {"bundle swapped at its end", order_bundle, 10132, TRIAL_ANY, "refused: chain"},
    {"bundle the other way round", order_bundle, 13210, TRIAL_ANY, NO_ANCHOR},
    {"bundle with its root last", order_bundle, 11230, TRIAL_ANY, NO_ANCHOR},
    {"bundle without its root", order_bundle, 1123, TRIAL_ANY, NO_ANCHOR},
    {"bundle without the regional", order_bundle, 1023, TRIAL_ANY, "refused: chain"},
    {"bundle without the zonal", order_bundle, 1013, TRIAL_ANY, "refused: chain"},
    {"bundle without the instance's", order_bundle, 1012, TRIAL_ANY, "refused: chain"},
    {"bundle with the root twice: it vouches for itself", order_bundle, 100123, TRIAL_ANY, "accepted"},
    {"bundle with the zonal twice", order_bundle, 101223, TRIAL_ANY, "refused: chain"},
    {"bundle with the enclave's own", order_bundle, 101234, TRIAL_ANY, "refused: chain"},
    {"bundle of eight, half of them again", order_bundle, 101230123, TRIAL_ANY, "refused: chain"},
    {"bundle of the root alone", order_bundle, 10, TRIAL_ANY, "refused: chain"},
    {"empty bundle", order_bundle, 1, TRIAL_ANY, "error: MISSING nitro.cabundle"},

    {"the instance's certificate as the enclave's", present, SIM_NITRO_INSTANCE, TRIAL_ANY, "refused: chain"},
    {"the zonal certificate as the enclave's", present, SIM_NITRO_ZONAL, TRIAL_ANY, "refused: chain"},
    {"the regional certificate as the enclave's", present, SIM_NITRO_REGIONAL, TRIAL_ANY, "refused: chain"},
    {"the root as the enclave's", present_root, 0, TRIAL_ANY, "refused: chain"},
    {"an enclave's certificate issues another", enclave_issues, 0, TRIAL_ANY, "refused: chain"},
};
/* clang-format on */

int main(void)
{
    nitro_attacks_run(rows, COUNT(rows));
    return test_finish();
}
