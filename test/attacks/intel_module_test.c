/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "stage.h"

/* The TDX module: whose it is, which version, and by what it is judged. */

static void svn(struct intel_stage *s, int first, int second, int third)
{
    uint8_t *svn = s->doc.quote.td.tee_tcb_svn;

    svn[0] = (uint8_t)first;
    svn[1] = (uint8_t)second;
    svn[2] = (uint8_t)third;
    memcpy(s->doc.quote.td.tee_tcb_svn2, svn, 16);
}

/* SVN 04 01 02 beside a level of 05 00 02: the identity judges the module. */
static void module_judged_by_identity(struct intel_stage *s, int has_identity)
{
    struct sim_intel_tcb *info = &s->doc.tcb_info;

    info->level_count = 1;
    memset(info->levels[0].tdx, 0, sizeof info->levels[0].tdx);
    info->levels[0].tdx[0] = 5;
    info->levels[0].tdx[2] = 2;
    info->identities[1].levels.rows[0].isv_svn = 4;
    if (!has_identity)
        info->identity_count = 1; /* TDX_03 alone */
    svn(s, 4, 1, 2);
}

static void module_version(struct intel_stage *s, int version)
{
    s->doc.quote.td.tee_tcb_svn[1] = (uint8_t)version;
}

static void without_identities(struct intel_stage *s, int version)
{
    s->doc.tcb_info.identity_count = 0;
    module_version(s, version);
}

static void other_module_signer(struct intel_stage *s, int at)
{
    s->doc.quote.td.mr_signer_seam[at] ^= 1;
}

/* Where the module has an identity, what is said of modules without counts for nothing.
 */
static void other_signer_as_without_identity(struct intel_stage *s, int number)
{
    (void)number;
    other_module_signer(s, 0);
    s->doc.tcb_info.module.mr_signer[0] ^= 1;
}

static void signer_stated(struct intel_stage *s, int which)
{
    s->doc.tcb_info.identities[which].module.mr_signer[0] ^= 1;
}

static void seam_attributes(struct intel_stage *s, int bit)
{
    s->doc.quote.td.seam_attributes ^= UINT64_C(1) << bit;
}

/* Not even where the TCB info wants it, or does not look. */
static void seam_attributes_stated(struct intel_stage *s, int is_masked)
{
    struct sim_intel_module *module = &s->doc.tcb_info.identities[1].module;

    seam_attributes(s, 0);
    if (is_masked)
        module->attributes_mask[0] = 0;
    else
        module->attributes[0] = 1;
}

static void module_name(struct intel_stage *s, int which)
{
    static const char *const names[] = {"tdx_01", "TDX_1", "TDX_001", "TDX-01", "TDX_0g"};

    s->doc.tcb_info.identities[1].id = names[which];
}

static void module_again(struct intel_stage *s, int number)
{
    (void)number;
    s->doc.tcb_info.identities[0].id = "tdx_01";
}

static void modules_many(struct intel_stage *s, int count)
{
    static char names[SIM_INTEL_MODULES_MAX][16];
    struct sim_intel_tcb *info = &s->doc.tcb_info;

    for (int i = 2; i < count; i++) {
        (void)snprintf(names[i], sizeof names[i], "TDX_%02X", 0x40U + (unsigned)i);
        info->identities[i] = info->identities[0];
        info->identities[i].id = names[i];
    }
    info->identity_count = (size_t)count;
}

static void without_module(struct intel_stage *s, int number)
{
    (void)number;
    s->doc.tcb_info.has_module = false;
}

/* clang-format off */
#define TDX(why, change, number, line) {why, SIM_TDX_V4, change, number, TRIAL_ANY, line}
#define TD15(why, change, number, line) {why, SIM_TDX_V5_TD15, change, number, TRIAL_ANY, line}

static const struct intel_attack rows[] = {
    /* why, change, number, line */
    TDX("04 01 02 reaches 05 00 02 with an identity", module_judged_by_identity, 1, "accepted"),
    TDX("04 01 02 without an identity", module_judged_by_identity, 0, "refused: module tcb_status"),
    TDX("version 0: the module of old", module_version, 0, "accepted"),
    TDX("version 3: of another identity", module_version, 3, "accepted"),
    TDX("version 2: nobody's", module_version, 2, "refused: module tcb_status"),
    TDX("no identities, version 1", without_identities, 1, "refused: module tcb_status"),
    TDX("no identities, version 0", without_identities, 0, "accepted"),
    TDX("another signer's module", other_module_signer, 0, "refused: module"),
    TDX("another signer's module", other_module_signer, 47, "refused: module"),
    TDX("signer of modules without an identity", other_signer_as_without_identity, 0, "refused: module"),
    TDX("another signer stated", signer_stated, 1, "refused: module"),
    TDX("another signer stated of another module", signer_stated, 0, "accepted"),
    TDX("attribute of the module", seam_attributes, 0, "refused: module"),
    TDX("attribute of the module", seam_attributes, 63, "refused: module"),
    TDX("attribute of the module that is wanted", seam_attributes_stated, 0, "refused: module"),
    TDX("attribute of the module that is not looked at", seam_attributes_stated, 1, "refused: module"),
    TDX("identity in lower case", module_name, 0, "accepted"),
    TDX("identity of another form", module_name, 1, "error: VALUE dcap.tcb_info.tdxModuleIdentities.id"),
    TDX("identity of another form", module_name, 2, "error: VALUE dcap.tcb_info.tdxModuleIdentities.id"),
    TDX("identity of another form", module_name, 3, "error: VALUE dcap.tcb_info.tdxModuleIdentities.id"),
    TDX("identity of another form", module_name, 4, "error: VALUE dcap.tcb_info.tdxModuleIdentities.id"),
    TD15("04 01 02 reaches 05 00 02 with an identity", module_judged_by_identity, 1, "accepted"),
    TDX("two identities of one version", module_again, 0, "error: DUPLICATE dcap.tcb_info.tdxModuleIdentities"),
    TDX("as many identities as there may be", modules_many, 16, "accepted"),
    TDX("an identity too many", modules_many, 17, "error: LIMIT dcap.tcb_info.tdxModuleIdentities"),
    TDX("TCB info without the module of old", without_module, 0, "error: MISSING dcap.tcb_info.tdxModule"),
};
/* clang-format on */

/* Each attribute the module may have: none of them may be. */
static void test_attributes(void)
{
    static struct intel_attack bits[64];

    for (int bit = 0; bit < 64; bit++)
        bits[bit] = (struct intel_attack)TDX("bit of SEAMATTRIBUTES", seam_attributes,
                                             bit, "refused: module");
    intel_attacks_run(bits, COUNT(bits));
}

int main(void)
{
    intel_attacks_run(rows, COUNT(rows));
    test_attributes();
    return test_finish();
}
