/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "stage.h"

/* The JSON that Intel signs: the very bytes count, and what is not as it should be is not
 * read, whoever signed it. */

/* How it is written: some text in the place of other text, before it is signed or after
 * that. */

struct rewrite {
    const char *find, *put;
};

static void apply_rewrite(struct sim_bytes *text, const void *context)
{
    const struct rewrite *rewrite = context;
    const size_t len = strlen(rewrite->find);
    struct sim_bytes out = {0};
    size_t at = 0;

    while (at + len <= text->len && memcmp(text->ptr + at, rewrite->find, len) != 0)
        at++;
    if (at + len > text->len)
        sim_die("a test wants to rewrite what is not there");
    sim_bytes_append(&out, (struct troth_span){text->ptr, at});
    sim_bytes_append(&out, test_text(rewrite->put));
    sim_bytes_append(&out,
                     (struct troth_span){text->ptr + at + len, text->len - at - len});
    sim_bytes_free(text);
    *text = out;
}

/* clang-format off */
static const struct rewrite rewrites[] = {
    {"\"version\":3", "\"version\":3,\"version\":3"},
    {"\"fmspc\":", "\"note\":1,\"note\":2,\"fmspc\":"},
    {"\"fmspc\":", "\"note\":{\"a\":[1,{}]},\"fmspc\":"},
    {"\"tcbStatus\":", "\"tcbStatus\":\"Revoked\",\"tcbStatus\":"},
    {"\"svn\":8", "\"svn\":0,\"svn\":8"},
    {"{\"svn\":0}],\"pcesvn\"", "],\"pcesvn\""},
    {",{\"svn\":0}],\"pcesvn\"", "],\"pcesvn\""},
    {",{\"svn\":0}],\"pcesvn\"", ",{\"svn\":0},{\"svn\":0}],\"pcesvn\""},
    {"\"svn\":8", "\"svn\":256"},
    {"\"svn\":8", "\"svn\":-8"},
    {"\"svn\":8", "\"svn\":8.0"},
    {"\"svn\":8", "\"svn\":8e0"},
    {"\"svn\":8", "\"svn\":\"8\""},
    {"\"svn\":8", "\"svn\":08"},
    {"\"svn\":8", "\"svm\":8"},
    {"\"pcesvn\":13", "\"pcesvn\":65549"},
    {"\"issueDate\":", "\"issued\":"},
    {"\"nextUpdate\":", "\"next\":"},
    {"\"fmspc\":", "\"fmsp\":"},
    {"\"pceId\":", "\"pceid\":"},
    {"\"tcbType\":", "\"tcbtype\":"},
    {"\"tcbEvaluationDataNumber\":", "\"tcbEvaluation\":"},
    {"\"tcbLevels\":", "\"levels\":"},
    {"\"tcbDate\":", "\"date\":"},
    {"\"tcbStatus\":", "\"status\":"},
    {"\"pcesvn\":", "\"pce\":"},
    {"\"id\":\"SGX\",", ""},
    {"\"pceId\":\"00", "\"pceId\":\""},
    {"\"pceId\":\"00", "\"pceId\":\"0x"},
    {"\"tcbType\":0", "\"tcbType\":null"},
    {"Z\",\"nextUpdate\"", "+00:00\",\"nextUpdate\""},
    {"Z\",\"nextUpdate\"", ".000Z\",\"nextUpdate\""},
    {"Z\",\"nextUpdate\"", "\",\"nextUpdate\""},
    {"{\"id\"", "\xef\xbb\xbf{\"id\""},
    {"{\"id\"", "{ \"id\""},
    {"\"id\"", "\"\\u0069d\""},
    {"\"UpToDate\"", "\"UpToDat\\u0065\""},
    {"\"INTEL-SA-00615\"", "\"INTEL SA 00615\""},
    {"\"INTEL-SA-00615\"", "\"\""},
    {"{\"id\"", "[{\"id\""},
};
enum { VERSION_TWICE, UNKNOWN_TWICE, UNKNOWN, STATUS_TWICE, SVN_TWICE, HOLE, FIFTEEN, SEVENTEEN,
       SVN_256, SVN_NEGATIVE, SVN_FRACTION, SVN_EXPONENT, SVN_TEXT, SVN_OCTAL, NO_SVN, PCE_LARGE,
       NO_ISSUE, NO_NEXT, NO_FMSPC, NO_PCE, NO_TYPE, NO_EVALUATION, NO_LEVELS, NO_DATE, NO_STATUS,
       NO_PCE_SVN, NO_ID, PCE_SHORT, PCE_HEX, TYPE_NULL, OFFSET, FRACTION, NO_ZONE, BOM, BLANK,
       ID_ESCAPED, STATUS_ESCAPED, ADVISORY_BLANKS, ADVISORY_EMPTY, ARRAY };
/* clang-format on */

static void written(struct intel_stage *s, int how)
{
    s->doc.tcb_info_signing.edit_text = (struct sim_edit){apply_rewrite, &rewrites[how]};
}

static void append_text(struct sim_bytes *bytes, const void *context)
{
    sim_bytes_append(bytes, test_text(context));
}

static void followed_by(struct intel_stage *s, int which)
{
    static const char *const texts[] = {" \r\n\t", "{}", ",", "}", "x"};

    s->doc.tcb_info_signing.edit_text = (struct sim_edit){append_text, texts[which]};
}

static void cut_end(struct sim_bytes *bytes, const void *context)
{
    (void)context;
    bytes->len--;
}

static void cut_short(struct intel_stage *s, int number)
{
    (void)number;
    s->doc.tcb_info_signing.edit_text = (struct sim_edit){cut_end, NULL};
}

/* Signed, and then written otherwise. */
static void rewritten(struct intel_stage *s, int how)
{
    struct sim_bytes text = sim_intel_tcb_info(&s->doc);

    apply_rewrite(&text, &rewrites[how]);
    s->lacks_tcb_info = true;
    minted_add(s->trial, TROTH_COLLATERAL_TCB_INFO, text,
               sim_intel_tcb_info_signature(&s->doc));
}

static void edited(struct intel_stage *s, int number)
{
    static const struct rewrite better = {"\"OutOfDate\"", "\"UpToDate\""};
    struct sim_bytes text;

    (void)number;
    sim_intel_set_status(&s->doc, SIM_OUT_OF_DATE);
    text = sim_intel_tcb_info(&s->doc);
    apply_rewrite(&text, &better);
    s->lacks_tcb_info = true;
    minted_add(s->trial, TROTH_COLLATERAL_TCB_INFO, text,
               sim_intel_tcb_info_signature(&s->doc));
}

/* The one in the place of the other, each with its signature. */
static void mislabelled(struct intel_stage *s, int is_tcb_info)
{
    if (is_tcb_info)
        minted_add(s->trial, TROTH_COLLATERAL_QE_IDENTITY, sim_intel_tcb_info(&s->doc),
                   sim_intel_tcb_info_signature(&s->doc));
    else
        minted_add(s->trial, TROTH_COLLATERAL_TCB_INFO, sim_intel_qe_identity(&s->doc),
                   sim_intel_qe_identity_signature(&s->doc));
}

/* clang-format off */
#define SGX(why, change, number, line) {why, SIM_SGX_V3, change, number, TRIAL_ANY, line}
#define TDX(why, change, number, line) {why, SIM_TDX_V4, change, number, TRIAL_ANY, line}
#define WRONG "refused: collateral ?tcb_status"

static const struct intel_attack rows[] = {
    /* why, change, number, line */
    SGX("signed, then a blank put in", rewritten, BLANK, WRONG),
    SGX("signed, then written with escapes", rewritten, STATUS_ESCAPED, "error: VALUE dcap.tcb_info.tcbLevels.tcbStatus"),
    SGX("signed, then a member added", rewritten, UNKNOWN, WRONG),
    SGX("signed, then made better", edited, 0, WRONG),
    TDX("signed, then made better", edited, 0, "refused: collateral ?module ?tcb_status"),
    SGX("TCB info as identity", mislabelled, 1, "error: VALUE dcap.qe_identity.id"),
    SGX("identity as TCB info", mislabelled, 0, "error: VALUE dcap.tcb_info.id"),
    SGX("blanks behind", followed_by, 0, "accepted"),
    SGX("an object behind", followed_by, 1, "error: TRAILING dcap.tcb_info"),
    SGX("a comma behind", followed_by, 2, "error: TRAILING dcap.tcb_info"),
    SGX("a bracket behind", followed_by, 3, "error: TRAILING dcap.tcb_info"),
    SGX("a letter behind", followed_by, 4, "error: TRAILING dcap.tcb_info"),
    SGX("its end missing", cut_short, 0, "error: SHORT dcap.tcb_info"),
};
static const struct {
    const char *why;
    int how;
    const char *line;
} texts[] = {
    {"version twice", VERSION_TWICE, "error: DUPLICATE dcap.tcb_info"},
    {"unknown member twice", UNKNOWN_TWICE, "error: DUPLICATE dcap.tcb_info"},
    {"unknown member", UNKNOWN, "accepted"},
    {"status twice", STATUS_TWICE, "error: DUPLICATE dcap.tcb_info.tcbLevels"},
    {"svn twice", SVN_TWICE, "error: DUPLICATE dcap.tcb_info.tcbLevels.tcb.sgxtcbcomponents"},
    {"component missing behind its comma", HOLE, "error: VALUE dcap.tcb_info.tcbLevels.tcb.sgxtcbcomponents"},
    {"fifteen components", FIFTEEN, "error: MISSING dcap.tcb_info.tcbLevels.tcb.sgxtcbcomponents"},
    {"seventeen components", SEVENTEEN, "error: TRAILING dcap.tcb_info.tcbLevels.tcb.sgxtcbcomponents"},
    {"svn of 256", SVN_256, "error: VALUE dcap.tcb_info.tcbLevels.tcb.components.svn"},
    {"svn negative", SVN_NEGATIVE, "error: VALUE dcap.tcb_info.tcbLevels.tcb.components.svn"},
    {"svn with a fraction", SVN_FRACTION, "error: VALUE dcap.tcb_info.tcbLevels.tcb.components.svn"},
    {"svn with an exponent", SVN_EXPONENT, "error: VALUE dcap.tcb_info.tcbLevels.tcb.components.svn"},
    {"svn as text", SVN_TEXT, "error: TYPE dcap.tcb_info.tcbLevels.tcb.components.svn"},
    {"svn with a zero in front", SVN_OCTAL, "error: VALUE dcap.tcb_info.tcbLevels.tcb.sgxtcbcomponents"},
    {"component without svn", NO_SVN, "error: MISSING dcap.tcb_info.tcbLevels.tcb.components.svn"},
    {"PCESVN of 65549", PCE_LARGE, "error: VALUE dcap.tcb_info.tcbLevels.tcb.pcesvn"},
    {"no issueDate", NO_ISSUE, "error: MISSING dcap.tcb_info.issueDate"},
    {"no nextUpdate", NO_NEXT, "error: MISSING dcap.tcb_info.nextUpdate"},
    {"no fmspc", NO_FMSPC, "error: MISSING dcap.tcb_info.fmspc"},
    {"no pceId", NO_PCE, "error: MISSING dcap.tcb_info.pceId"},
    {"no tcbType", NO_TYPE, "error: MISSING dcap.tcb_info.tcbType"},
    {"no evaluation number", NO_EVALUATION, "error: MISSING dcap.tcb_info.tcbEvaluationDataNumber"},
    {"no tcbLevels", NO_LEVELS, "error: MISSING dcap.tcb_info.tcbLevels"},
    {"no tcbDate", NO_DATE, "error: MISSING dcap.tcb_info.tcbLevels.tcbDate"},
    {"no tcbStatus", NO_STATUS, "error: MISSING dcap.tcb_info.tcbLevels.tcbStatus"},
    {"no pcesvn", NO_PCE_SVN, "error: MISSING dcap.tcb_info.tcbLevels.tcb.pcesvn"},
    {"no id", NO_ID, "error: MISSING dcap.tcb_info.id"},
    {"pceId of one byte", PCE_SHORT, "error: VALUE dcap.tcb_info.pceId"},
    {"pceId no hex", PCE_HEX, "error: VALUE dcap.tcb_info.pceId"},
    {"tcbType null", TYPE_NULL, "error: TYPE dcap.tcb_info.tcbType"},
    {"date with an offset", OFFSET, "error: VALUE dcap.tcb_info.issueDate"},
    {"date with a fraction", FRACTION, "error: VALUE dcap.tcb_info.issueDate"},
    {"date without a zone", NO_ZONE, "error: VALUE dcap.tcb_info.issueDate"},
    {"byte order mark", BOM, "error: TEXT dcap.tcb_info"},
    {"blank", BLANK, "accepted"},
    {"name with escapes", ID_ESCAPED, "error: MISSING dcap.tcb_info.id"},
    {"status with escapes", STATUS_ESCAPED, "error: VALUE dcap.tcb_info.tcbLevels.tcbStatus"},
    {"advisory with blanks", ADVISORY_BLANKS, "error: VALUE dcap.tcb_info.tcbLevels.advisoryIDs"},
    {"empty advisory", ADVISORY_EMPTY, "error: VALUE dcap.tcb_info.tcbLevels.advisoryIDs"},
    {"array", ARRAY, "error: TYPE dcap.tcb_info"},
};
/* clang-format on */

static void test_texts(void)
{
    static struct intel_attack attacks[COUNT(texts)];

    for (size_t i = 0; i < COUNT(texts); i++)
        attacks[i] = (struct intel_attack)SGX(texts[i].why, written, texts[i].how,
                                              texts[i].line);
    intel_attacks_run(attacks, COUNT(attacks));
}

int main(void)
{
    intel_attacks_run(rows, COUNT(rows));
    test_texts();
    return test_finish();
}
