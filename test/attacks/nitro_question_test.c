/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "stage.h"

/* What the relying party asks for, and evidence that answers something else. */

#define TEN(x)   x x x x x x x x x x
#define HEX48(x) TEN(x) TEN(x) TEN(x) TEN(x) x x x x x x x x
#define HEX32(x) TEN(x) TEN(x) TEN(x) x x
#define ZERO     HEX48("00")
#define P0       HEX48("a0")
#define P1       HEX48("a1")
#define P2       HEX48("a2")
#define BAD      HEX48("bb")
#define N32      HEX32("c7")

#define ANY_CODE  "--any measurement "
#define ANY_NONCE "--any nonce "

/* Registers 0, 1 and 2 are a0…, a1… and a2…; the nonce is c7…, of so many bytes. */
static void answer(struct nitro_stage *s, int nonce_len)
{
    static uint8_t nonce[1024];

    for (size_t i = 0; i < 3; i++)
        memset(s->doc.pcrs[i].value, 0xa0 + (int)i, 48);
    memset(nonce, 0xc7, sizeof nonce);
    sim_nitro_set_optional(&s->doc.nonce, (struct troth_span){nonce, (size_t)nonce_len});
}

static void answer_elsewhere(struct nitro_stage *s, int number)
{
    answer(s, 32);
    s->doc.user_data = s->doc.nonce;
    s->doc.nonce.is_bytes = false;
    (void)number;
}

static void answer_padded(struct nitro_stage *s, int zeros)
{
    answer(s, 32);
    memset(s->doc.nonce.value + 32, 0, (size_t)zeros);
    s->doc.nonce.len += (size_t)zeros;
}

static void answer_almost(struct nitro_stage *s, int byte)
{
    answer(s, 32);
    s->doc.nonce.value[byte] ^= 1;
}

static void without(struct nitro_stage *s, int index)
{
    answer(s, 32);
    s->doc.pcrs[index].is_present = false;
}

/* The 64 bytes of app:nonce=c7…,user_data= (SHA-512 by another program). */
static void bind(struct nitro_stage *s, int field)
{
    const struct troth_span bound = test_hex(
        "b70164adc71b9618acf4b5f5f83c22ca6252c8c37e7269f30eba99f5307caf15"
        "238b5d0cb9263a1bb647049f403a1a25ef9f5df8d217ed543c8528d78d9b8bb9");

    sim_nitro_set_optional(field ? &s->doc.nonce : &s->doc.user_data, bound);
}

/* clang-format off */
static const struct nitro_attack rows[] = {
    /* why, change, number, options, line */
    {"nothing named", answer, 32, "", "refused: measurement nonce"},
    {"code not named", answer, 32, "--nonce " N32, "refused: measurement"},
    {"nonce not named", answer, 32, ANY_CODE, "refused: nonce"},

    {"the nonce", answer, 32, ANY_CODE "--nonce " N32, "accepted"},
    {"any nonce by the family's name", answer, 32, ANY_CODE "--any nitro.nonce", "accepted"},
    {"the nonce, and any would do", answer, 32, TRIAL_ANY "--nonce " N32, "accepted"},
    {"nonce missing", NULL, 0, ANY_CODE "--nonce " N32, "refused: nonce"},
    {"nonce missing, and any would do", NULL, 0, TRIAL_ANY "--nonce " N32, "refused: nonce"},
    {"nonce empty", answer, 0, ANY_CODE "--nonce " N32, "refused: nonce"},
    {"nonce a byte short", answer, 31, ANY_CODE "--nonce " N32, "refused: nonce"},
    {"nonce a byte long", answer, 33, ANY_CODE "--nonce " N32, "refused: nonce"},
    {"nonce is a prefix", answer, 16, ANY_CODE "--nonce " N32, "refused: nonce"},
    {"nonce is one byte of it", answer, 1, ANY_CODE "--nonce " N32, "refused: nonce"},
    {"nonce padded with zeros", answer_padded, 32, ANY_CODE "--nonce " N32, "refused: nonce"},
    {"wanted nonce padded with zeros", answer, 32, ANY_CODE "--nonce " N32 HEX32("00"), "refused: nonce"},
    {"first byte of the nonce", answer_almost, 0, ANY_CODE "--nonce " N32, "refused: nonce"},
    {"last byte of the nonce", answer_almost, 31, ANY_CODE "--nonce " N32, "refused: nonce"},
    {"nonce in user_data", answer_elsewhere, 0, ANY_CODE "--nonce " N32, "refused: nonce"},
    {"empty nonce wanted, none there", NULL, 0, ANY_CODE "--nonce ", "refused: nonce"},
    {"empty nonce wanted and there", answer, 0, ANY_CODE "--nonce ", "accepted"},
    {"nonce as a claim", answer, 32, ANY_CODE "--expect nonce=" N32, "accepted"},
    {"other nonce as a claim", answer, 31, ANY_CODE "--expect nonce=" N32, "refused: nonce"},
    {"nonce by the family's name", answer, 32, ANY_CODE "--expect nitro.nonce=" N32, "accepted"},
    {"other nonce by the family's name", answer, 31, ANY_CODE "--expect nitro.nonce=" N32, "refused: nonce"},
    {"one name right, the other wrong", answer, 32, ANY_CODE "--expect nonce=" N32 " --expect nitro.nonce=" BAD, "refused: nonce"},
    {"one name wrong, the other right", answer, 32, ANY_CODE "--expect nonce=" BAD " --expect nitro.nonce=" N32, "refused: nonce"},
    {"flag right, claim wrong", answer, 32, ANY_CODE "--nonce " N32 " --expect nonce=" BAD, "refused: nonce"},
    {"claim right, flag wrong", answer, 32, ANY_CODE "--nonce " BAD " --expect nonce=" N32, "refused: nonce"},

    {"the binding", bind, 0, ANY_CODE "--binding app:nonce=" N32 ",user_data=", "accepted"},
    {"binding of another nonce", bind, 0, ANY_CODE "--binding app:nonce=" BAD ",user_data=", "refused: nonce"},
    {"binding with more user data", bind, 0, ANY_CODE "--binding app:nonce=" N32 ",user_data=00", "refused: nonce"},
    {"binding in another domain", bind, 0, ANY_CODE "--binding composite:nonce=" N32 ",channel_key=,devices=" N32, "refused: nonce"},
    {"binding in the wrong field", bind, 1, ANY_CODE "--binding app:nonce=" N32 ",user_data=", "refused: nonce"},
    {"bare nonce where a binding is wanted", answer_elsewhere, 0, ANY_CODE "--binding app:nonce=" N32 ",user_data=", "refused: nonce"},
    {"binding where a bare nonce is wanted", bind, 1, ANY_CODE "--nonce " N32, "refused: nonce"},
    {"binding right, nonce wrong", bind, 0, ANY_CODE "--nonce " N32 " --binding app:nonce=" N32 ",user_data=", "refused: nonce"},
    {"binding without all its fields", bind, 0, ANY_CODE "--binding app:nonce=" N32, "error: MISSING user_data"},
    {"binding of no domain", bind, 0, ANY_CODE "--binding ap:nonce=,user_data=", "error: KIND binding.domain"},

    {"each register named", answer, 32, ANY_NONCE "--expect nitro.pcr0=" P0 " --expect nitro.pcr1=" P1 " --expect nitro.pcr2=" P2, "accepted"},
    {"registers in capitals", answer, 32, ANY_NONCE "--expect measurement=pcr0=" P0 ",pcr1=" P1 ",pcr2=" HEX48("A2"), "accepted"},
    {"the measurement", answer, 32, ANY_NONCE "--expect measurement=pcr0=" P0 ",pcr1=" P1 ",pcr2=" P2, "accepted"},
    {"PCR0 differs", answer, 32, ANY_NONCE "--expect measurement=pcr0=" BAD ",pcr1=" P1 ",pcr2=" P2, "refused: measurement"},
    {"PCR2 differs", answer, 32, ANY_NONCE "--expect measurement=pcr0=" P0 ",pcr1=" P1 ",pcr2=" BAD, "refused: measurement"},
    {"measurement of two registers", answer, 32, ANY_NONCE "--expect measurement=pcr0=" P0 ",pcr1=" P1, "refused: measurement"},
    {"empty measurement", answer, 32, ANY_NONCE "--expect measurement=", "refused: measurement"},
    {"one register named", answer, 32, ANY_NONCE "--expect nitro.pcr0=" P0, "refused: measurement"},
    {"one register wrong, the others any", answer, 32, TRIAL_ANY "--expect nitro.pcr0=" BAD, "refused: measurement"},
    {"one register right, the others any", answer, 32, TRIAL_ANY "--expect nitro.pcr0=" P0, "accepted"},
    {"one register any, the others unnamed", answer, 32, ANY_NONCE "--any nitro.pcr0", "refused: measurement"},
    {"measurement right, a register wrong", answer, 32, ANY_NONCE "--expect measurement=pcr0=" P0 ",pcr1=" P1 ",pcr2=" P2 " --expect nitro.pcr1=" BAD, "refused: measurement"},
    {"register a byte short", answer, 32, TRIAL_ANY "--expect nitro.pcr0=a0a0", "refused: measurement"},
    {"register empty", answer, 32, TRIAL_ANY "--expect nitro.pcr0=", "refused: measurement"},
    {"PCR1 named and missing", without, 1, TRIAL_ANY "--allow debug --expect nitro.pcr1=" P1, "refused: measurement"},
    {"PCR1 expected to be zero and missing", without, 1, TRIAL_ANY "--allow debug --expect nitro.pcr1=" ZERO, "refused: measurement"},
    {"PCR1 any and missing", without, 1, ANY_NONCE "--allow debug --any nitro.pcr1 --expect nitro.pcr0=" P0 " --expect nitro.pcr2=" P2, "error: CLAIM requirements.any"},
    {"measurement named and PCR1 missing", without, 1, ANY_NONCE "--allow debug --expect measurement=pcr0=" P0 ",pcr2=" P2, "refused: measurement"},
    {"PCR8 zero: nobody signed the image", answer, 32, TRIAL_ANY "--expect nitro.pcr8=" ZERO, "accepted"},
    {"PCR8 named and zero", answer, 32, TRIAL_ANY "--expect nitro.pcr8=" BAD, "refused: claim"},
    {"PCR8 named and missing", without, 8, TRIAL_ANY "--expect nitro.pcr8=" BAD, "refused: claim"},
    {"PCR8 expected to be zero and missing", without, 8, TRIAL_ANY "--expect nitro.pcr8=" ZERO, "refused: claim"},
    {"PCR8 expected to be empty and missing", without, 8, TRIAL_ANY "--expect nitro.pcr8=", "refused: claim"},
    {"register that no document has", answer, 32, TRIAL_ANY "--expect nitro.pcr32=" ZERO, "refused: claim"},
    {"user_data wanted and null", answer, 32, TRIAL_ANY "--expect nitro.user_data=", "refused: claim"},
    {"hardware id wanted", answer, 32, TRIAL_ANY "--expect hardware_id=", "refused: claim"},
    {"kind of another family", answer, 32, TRIAL_ANY "--expect kind=snp", "refused: claim"},

    {"half a byte of hex", answer, 32, TRIAL_ANY "--expect nitro.pcr0=a", "error: VALUE requirements.expect"},
    {"no hex", answer, 32, TRIAL_ANY "--expect nitro.pcr0=zz", "error: VALUE requirements.expect"},
    {"claim expected twice", answer, 32, TRIAL_ANY "--expect nitro.pcr0=" P0 " --expect nitro.pcr0=" BAD, "error: DUPLICATE requirements.expect"},
    {"any of what there is not", answer, 32, TRIAL_ANY "--any nosuch", "error: CLAIM requirements.any"},
    {"finding there is not", answer, 32, TRIAL_ANY "--allow nosuch", "error: CLAIM requirements.allow"},
    {"check, which is no finding, allowed", answer, 32, TRIAL_ANY "--allow signature", "error: CLAIM requirements.allow"},
};
/* clang-format on */

int main(void)
{
    nitro_attacks_run(rows, COUNT(rows));
    return test_finish();
}
