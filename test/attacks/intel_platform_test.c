/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "stage.h"

/* Which platform a quote says it is of: what its PCK certificate states, in what order
 * and company certificates come in the quote and beside it. */

/* What the PCK certificate says of its platform; the arc is the row's number. */

static const uint8_t arcs[] = {0,  1,  2,  3,  4,  5,  6,  7,  8, 9,
                               10, 11, 12, 13, 14, 15, 16, 17, 18};

static void lack_entry(struct intel_stage *s, int arc)
{
    s->doc.pck.edit_entries = (struct sim_edit){sim_intel_pck_remove, &arcs[arc]};
}

static void entry_twice(struct intel_stage *s, int arc)
{
    s->doc.pck.edit_entries = (struct sim_edit){sim_intel_pck_repeat, &arcs[arc]};
}

static void lack_version(struct intel_stage *s, int arc)
{
    s->doc.pck.edit_tcb = (struct sim_edit){sim_intel_pck_remove, &arcs[arc]};
}

static void version_twice(struct intel_stage *s, int arc)
{
    s->doc.pck.edit_tcb = (struct sim_edit){sim_intel_pck_repeat, &arcs[arc]};
}

static void entries_reversed(struct intel_stage *s, int number)
{
    (void)number;
    s->doc.pck.edit_entries = (struct sim_edit){sim_intel_pck_reverse, NULL};
    s->doc.pck.edit_tcb = (struct sim_edit){sim_intel_pck_reverse, NULL};
}

/* In which company they come. */

static void set_chain(struct intel_stage *s, const enum sim_intel_place *places,
                      size_t count)
{
    memcpy(s->doc.chain, places, count * sizeof *places);
    s->doc.chain_count = count;
}

static void chain_reversed(struct intel_stage *s, int number)
{
    static const enum sim_intel_place places[] = {SIM_INTEL_ROOT, SIM_INTEL_PLATFORM_CA,
                                                  SIM_INTEL_PCK};

    (void)number;
    set_chain(s, places, COUNT(places));
}

/* The first so many of: leaf, authority, root. */
static void chain_cut(struct intel_stage *s, int count)
{
    s->doc.chain_count = (size_t)count;
    s->doc.chain_ends_with_zero = count > 0;
}

static void chain_without_leaf(struct intel_stage *s, int number)
{
    static const enum sim_intel_place places[] = {SIM_INTEL_PLATFORM_CA, SIM_INTEL_ROOT};

    (void)number;
    set_chain(s, places, COUNT(places));
}

static void chain_of_all(struct intel_stage *s, int count)
{
    static const enum sim_intel_place places[] = {
        SIM_INTEL_TCB_SIGNER,  SIM_INTEL_ROOT, SIM_INTEL_PROCESSOR_CA,
        SIM_INTEL_PLATFORM_CA, SIM_INTEL_PCK,  SIM_INTEL_PCK,
        SIM_INTEL_ROOT,        SIM_INTEL_ROOT};

    set_chain(s, places, (size_t)count);
}

static const enum sim_intel_place any_place = SIM_INTEL_PCK;

/* Some PEM of another platform's PCK certificate, in front or behind. */
static struct sim_bytes stranger_pem(const struct intel_stage *s)
{
    static struct sim_intel other;

    sim_intel_default(&other, s->ring, SIM_TDX_V4, 7, MINTED_AT_S);
    return sim_intel_mint_chain(&other, &any_place, 1);
}

static void put_stranger_first(struct sim_bytes *bytes, const void *context)
{
    struct sim_bytes out = stranger_pem(context);

    sim_bytes_take(&out, *bytes);
    *bytes = out;
}

static void put_stranger_last(struct sim_bytes *bytes, const void *context)
{
    bytes->len--; /* the zero */
    sim_bytes_take(bytes, stranger_pem(context));
}

static void stranger_first(struct intel_stage *s, int number)
{
    (void)number;
    s->doc.quote.edit_certification = (struct sim_edit){put_stranger_first, s};
}

static void stranger_last(struct intel_stage *s, int number)
{
    (void)number;
    s->doc.quote.edit_certification = (struct sim_edit){put_stranger_last, s};
}

/* The caller's own certificate for this platform is another's. */
static void stranger_beside(struct intel_stage *s, int number)
{
    static struct sim_intel other;
    struct sim_cert pck;

    sim_intel_default(&other, s->ring, SIM_TDX_V4, (unsigned)number, MINTED_AT_S);
    sim_intel_get_cert(&pck, &other, SIM_INTEL_PCK);
    stage_add_cert(s->trial, &pck);
}

static void beside_by_type(struct intel_stage *s, int type)
{
    stranger_beside(s, 7);
    sim_intel_set_certification(&s->doc, (uint16_t)type);
}

static void lack_beside(struct intel_stage *s, int lacks_ca)
{
    sim_intel_set_certification(&s->doc, 3);
    s->lacks_ca = lacks_ca != 0;
    s->lacks_pck = !lacks_ca;
}

static void no_pem(struct intel_stage *s, int number)
{
    static const struct stage_swap swap = {"2d2d2d2d2d424547494e",
                                           "2d2d2d2d2d424547494f"};

    (void)number;
    s->doc.quote.edit_certification = stage_swap_edit(&swap);
}

/* clang-format off */
#define TD(why, change, number, line) {why, SIM_TDX_V4, change, number, TRIAL_ANY, line}
#define UNREADABLE "refused: chain ?collateral ?module ?tcb_status"
#define NO_CHAIN                                                               \
    "undetermined: ?anchor ?chain ?revocation ?collateral ?quoting_enclave "   \
    "?module ?tcb_status"

static const struct intel_attack rows[] = {
    /* why, change, number, line */
    TD("states no PPID", lack_entry, 1, UNREADABLE),
    TD("states no versions", lack_entry, 2, UNREADABLE),
    TD("states no PCEID", lack_entry, 3, UNREADABLE),
    TD("states no FMSPC", lack_entry, 4, UNREADABLE),
    TD("states no type", lack_entry, 5, UNREADABLE),
    TD("states no instance", lack_entry, 6, "accepted"),
    TD("states no configuration", lack_entry, 7, "accepted"),
    TD("states its FMSPC twice", entry_twice, 4, UNREADABLE),
    TD("states its versions twice", entry_twice, 2, UNREADABLE),
    TD("states no first component", lack_version, 1, UNREADABLE),
    TD("states no last component", lack_version, 16, UNREADABLE),
    TD("states no PCESVN", lack_version, 17, UNREADABLE),
    TD("states no CPUSVN", lack_version, 18, UNREADABLE),
    TD("states a component twice", version_twice, 1, UNREADABLE),
    TD("states its PCESVN twice", version_twice, 17, UNREADABLE),
    TD("states it all from the last to the first", entries_reversed, 0, "accepted"),

    TD("chain from the root down", chain_reversed, 0, "accepted"),
    TD("chain without the root", chain_cut, 2, "accepted"),
    TD("leaf alone", chain_cut, 1, NO_CHAIN),
    TD("empty chain", chain_cut, 0, "error: MISSING dcap.quote.certification"),
    TD("chain without the leaf", chain_without_leaf, 0, "refused: chain ?collateral quoting_enclave ?module ?tcb_status"),
    TD("chain with all there are in it", chain_of_all, 5, "accepted"),
    TD("chain of eight", chain_of_all, 8, "accepted"),
    TD("another platform's leaf in front", stranger_first, 0, "refused: quoting_enclave"),
    TD("another platform's leaf behind", stranger_last, 0, "accepted"),
    TD("chain that is no PEM", no_pem, 0, "refused: chain ?collateral quoting_enclave ?module ?tcb_status"),

    TD("another platform's leaf beside the quote's own", stranger_beside, 7, "refused: chain"),
    TD("the same platform's leaf beside the quote's own", stranger_beside, 0, "accepted"),
    TD("another platform's leaf beside the right one", beside_by_type, 1, "accepted"), /* by PPID */
    /* Alike in all that the quote says in the clear: the first is taken. */
    TD("another platform's leaf beside the right one", beside_by_type, 2, "refused: quoting_enclave"),
    TD("another platform's leaf beside the right one", beside_by_type, 3, "refused: quoting_enclave"),
    TD("another platform's leaf beside the right one", beside_by_type, 7, "refused: quoting_enclave"),
    TD("another platform's leaf beside a quote with its leaf", beside_by_type, 4, "accepted"),
    TD("no leaf at hand", lack_beside, 0, NO_CHAIN),
    TD("no authority at hand", lack_beside, 1, NO_CHAIN),
};
/* clang-format on */

int main(void)
{
    intel_attacks_run(rows, COUNT(rows));
    return test_finish();
}
