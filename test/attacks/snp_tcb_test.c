/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "stage.h"

/* Firmware versions: four in the report, one in the certificate, each part off by one. */

static uint8_t *tcb(struct snp_stage *s, int which)
{
    uint8_t *const all[] = {s->doc.report.reported_tcb, s->doc.report.current_tcb,
                            s->doc.report.committed_tcb, s->doc.report.launch_tcb};

    return all[which];
}

enum { REPORTED, CURRENT, COMMITTED, LAUNCH };

/* Byte `at` of one of the report's, by `by`; the certificate stays as it is. */
static void shift(struct snp_stage *s, int which, int at, int by)
{
    tcb(s, which)[at] = (uint8_t)(tcb(s, which)[at] + by);
}

static void reported_up(struct snp_stage *s, int at)
{
    shift(s, REPORTED, at, 1);
}

static void reported_down(struct snp_stage *s, int at)
{
    shift(s, REPORTED, at, -1);
}

static void current_up(struct snp_stage *s, int at)
{
    shift(s, CURRENT, at, 1);
}

static void current_down(struct snp_stage *s, int at)
{
    shift(s, CURRENT, at, -1);
}

static void committed_up(struct snp_stage *s, int at)
{
    shift(s, COMMITTED, at, 1);
}

static void committed_down(struct snp_stage *s, int at)
{
    shift(s, COMMITTED, at, -1);
}

static void launch_up(struct snp_stage *s, int at)
{
    shift(s, LAUNCH, at, 1);
}

/* Report and certificate agree on what does not run. */
static void certified_up(struct snp_stage *s, int at)
{
    reported_up(s, at);
    sim_snp_match_vek(&s->doc);
}

/* Report and certificate agree on less than what runs: a host may ask for that. */
static void certified_down(struct snp_stage *s, int at)
{
    reported_down(s, at);
    sim_snp_match_vek(&s->doc);
}

/* What runs, and is committed, is below what is reported. */
static void run_down(struct snp_stage *s, int at)
{
    current_down(s, at);
    committed_down(s, at);
}

/* One part up and another down: no order of whole numbers shows it. */
static void mixed(struct snp_stage *s, int number)
{
    shift(s, CURRENT, 7, 1);
    shift(s, COMMITTED, 7, 1);
    shift(s, REPORTED, 0, 1);
    sim_snp_match_vek(&s->doc);
    (void)number;
}

/* The certificate's versions. */

static void vek_part(struct snp_stage *s, int part)
{
    const int at = sim_snp_product_facts(s->doc.product)->tcb_byte[part];

    sim_snp_set_vek_part(&s->doc, (enum sim_tcb_part)part,
                         (uint8_t)(s->doc.report.reported_tcb[at] + 1));
}

static void vek_part_down(struct snp_stage *s, int part)
{
    const int at = sim_snp_product_facts(s->doc.product)->tcb_byte[part];

    sim_snp_set_vek_part(&s->doc, (enum sim_tcb_part)part,
                         (uint8_t)(s->doc.report.reported_tcb[at] - 1));
}

#define SPL "1.3.6.1.4.1.3704.1.3."

static struct sim_extensions *extensions(struct snp_stage *s)
{
    return &s->doc.certs[SIM_SNP_VEK].extensions;
}

static const char *const arcs[] = {NULL,    SPL "1", SPL "2", SPL "3", SPL "4",
                                   SPL "5", SPL "6", SPL "7", SPL "8", SPL "9"};

static void without_arc(struct snp_stage *s, int arc)
{
    (void)sim_extensions_remove(extensions(s), arcs[arc]);
}

static void set_arc(struct snp_stage *s, int arc, const char *hex)
{
    sim_extensions_set(extensions(s), arcs[arc], false, test_hex(hex));
}

static void reserved_arc(struct snp_stage *s, int arc)
{
    set_arc(s, arc, "020101");
}

/* Ways not to write a version; Milan's microcode is 0xdb. */
enum { NEGATIVE, TWO_BYTES, OCTETS, EMPTY, TRAILED, LONG };

static void microcode_as(struct snp_stage *s, int number)
{
    static const char *const values[] = {
        [NEGATIVE] = "0201db", [TWO_BYTES] = "020201db", [OCTETS] = "0401db",
        [EMPTY] = "0200",      [TRAILED] = "020200db00", [LONG] = "02030000db",
    };

    set_arc(s, 8, values[number]);
}

/* A VEK's versions by another product's table: what a reader with that table would find
 * equal to the report. Turin's report, with Milan's arcs for its bytes, or the other way.
 */
static void other_layout(struct snp_stage *s, int number)
{
    static const int milan[] = {1, 2, 4, 5, 6, 7, 3, 8};
    static const int turin[] = {9, 1, 2, 3, 5, 6, 7, 8};
    const int *layout = s->doc.product == SIM_TURIN ? milan : turin;

    for (size_t i = 0; i < 8; i++) {
        struct sim_bytes value = {0};

        sim_der_number(&value, s->doc.report.reported_tcb[i]);
        sim_extensions_set(extensions(s), arcs[layout[i]], false, sim_bytes_span(value));
        sim_bytes_free(&value);
    }
    if (number) /* none of what the right table needs is missing */
        set_arc(s, s->doc.product == SIM_TURIN ? 9 : 4, "020100");
}

/* clang-format off */
#define BYTES(why, machine, change, a, b, c, d, line)              \
    {why, machine, change, a, TRIAL_ANY, line},                    \
    {why, machine, change, b, TRIAL_ANY, line},                    \
    {why, machine, change, c, TRIAL_ANY, line},                    \
    {why, machine, change, d, TRIAL_ANY, line}
/* Parts with a name. */
#define MILAN(why, change, line) BYTES(why, ON_MILAN, change, 0, 1, 6, 7, line)
#define TURIN(why, change, line) BYTES(why, ON_TURIN, change, 0, 1, 2, 3, line), \
    {why, ON_TURIN, change, 7, TRIAL_ANY, line}

static const struct snp_attack rows[] = {
    /* why, machine, change, number, options, line */
    MILAN("reported, one up", reported_up, "refused: tcb"),
    TURIN("reported, one up", reported_up, "refused: tcb"),
    MILAN("reported, one down", reported_down, "refused: tcb"),
    TURIN("reported, one down", reported_down, "refused: tcb"),
    MILAN("reported and certified, more than runs", certified_up, "refused: tcb"),
    TURIN("reported and certified, more than runs", certified_up, "refused: tcb"),
    BYTES("reported and certified, less than runs", ON_TURIN, certified_down, 0, 1, 3, 7, "accepted"),
    {"reported and certified, less than runs", ON_MILAN, certified_down, 7, TRIAL_ANY, "accepted"},
    MILAN("runs more than is committed", current_up, "refused: provisional"),
    TURIN("runs more than is committed", current_up, "refused: provisional"),
    TURIN("runs less than is reported and committed", current_down, "refused: tcb provisional"),
    TURIN("runs less than is reported", run_down, "refused: tcb"),
    BYTES("runs less than is reported", ON_MILAN, run_down, 0, 6, 7, 7, "refused: tcb"),
    MILAN("committed to more than runs", committed_up, "refused: tcb provisional"),
    {"committed to more than runs, provisional allowed", ON_MILAN, committed_up, 7, TRIAL_ANY "--allow provisional", "refused: tcb"},
    {"committed to less than runs", ON_MILAN, committed_down, 7, TRIAL_ANY, "refused: provisional"},
    {"launched on other firmware: no check", ON_MILAN, launch_up, 7, TRIAL_ANY, "accepted"},
    {"launched on other firmware than expected", ON_MILAN, launch_up, 7, TRIAL_ANY "--expect snp.launch_tcb.microcode=219", "refused: claim"},
    {"one part up, another down", ON_MILAN, mixed, 0, TRIAL_ANY, "refused: tcb"},
    BYTES("reserved part reported", ON_MILAN, reported_up, 2, 3, 4, 5, "refused: tcb"),
    BYTES("reserved part reported", ON_TURIN, reported_up, 4, 5, 6, 6, "refused: tcb"),

    BYTES("certified, one up", ON_MILAN, vek_part, SIM_TCB_BOOTLOADER, SIM_TCB_TEE, SIM_TCB_SNP, SIM_TCB_MICROCODE, "refused: tcb"),
    BYTES("certified, one up", ON_TURIN, vek_part, SIM_TCB_BOOTLOADER, SIM_TCB_TEE, SIM_TCB_SNP, SIM_TCB_MICROCODE, "refused: tcb"),
    BYTES("certified, one up", ON_MILAN_BY_VLEK, vek_part, SIM_TCB_BOOTLOADER, SIM_TCB_TEE, SIM_TCB_SNP, SIM_TCB_MICROCODE, "refused: tcb"),
    {"certified, one up", ON_TURIN, vek_part, SIM_TCB_FMC, TRIAL_ANY, "refused: tcb"},
    BYTES("certified, one down", ON_TURIN, vek_part_down, SIM_TCB_FMC, SIM_TCB_BOOTLOADER, SIM_TCB_SNP, SIM_TCB_MICROCODE, "refused: tcb"),
    BYTES("certified for a reserved part", ON_MILAN, reserved_arc, 4, 5, 6, 7, "refused: tcb"),
    BYTES("certified for a reserved part", ON_TURIN, reserved_arc, 5, 6, 7, 7, "refused: tcb"),
    BYTES("certificate lacks a part", ON_MILAN, without_arc, 1, 2, 3, 8, "refused: tcb"),
    BYTES("certificate lacks a reserved part", ON_MILAN, without_arc, 4, 5, 6, 7, "refused: tcb"),
    BYTES("certificate lacks a part", ON_TURIN, without_arc, 1, 2, 3, 9, "refused: tcb"),
    {"certificate lacks a part", ON_GENOA_BY_VLEK, without_arc, 8, TRIAL_ANY, "refused: tcb"},
    {"version is negative", ON_MILAN, microcode_as, NEGATIVE, TRIAL_ANY, "refused: tcb"},
    {"version of two bytes that ends alike", ON_MILAN, microcode_as, TWO_BYTES, TRIAL_ANY, "refused: tcb"},
    {"version is no integer", ON_MILAN, microcode_as, OCTETS, TRIAL_ANY, "refused: tcb"},
    {"version is empty", ON_MILAN, microcode_as, EMPTY, TRIAL_ANY, "refused: tcb"},
    {"byte behind the version", ON_MILAN, microcode_as, TRAILED, TRIAL_ANY, "refused: tcb"},
    {"version in more bytes than it needs", ON_MILAN, microcode_as, LONG, TRIAL_ANY, "refused: tcb"},
    {"Turin's versions laid out as Milan's", ON_TURIN, other_layout, 0, TRIAL_ANY, "refused: tcb"},
    {"Turin's versions laid out as Milan's, none missing", ON_TURIN, other_layout, 1, TRIAL_ANY, "refused: tcb"},
    {"Milan's versions laid out as Turin's", ON_MILAN, other_layout, 0, TRIAL_ANY, "refused: tcb"},
    {"Milan's versions laid out as Turin's, none missing", ON_MILAN, other_layout, 1, TRIAL_ANY, "refused: tcb"},
};
/* clang-format on */

int main(void)
{
    snp_attacks_run(rows, COUNT(rows));
    return test_finish();
}
