/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/dcap/tcb_info.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/unit/evidence/dcap/documents.h"

#define ZEROS48                                                                          \
    "0000000000000000000000000000000000000000000000000000000000000000000000000000000000" \
    "00000000000000"
#define MODULE                                                                           \
    "\"mrsigner\":\"" ZEROS48 "\",\"attributes\":\"0000000000000000\","                  \
    "\"attributesMask\":\"FFFFFFFFFFFFFFFF\""
#define REST13                                                                           \
    "{\"svn\":1},{\"svn\":1},{\"svn\":1},{\"svn\":1},{\"svn\":1},{\"svn\":1},"           \
    "{\"svn\":1},{\"svn\":1},{\"svn\":1},{\"svn\":1},{\"svn\":1},{\"svn\":1},{\"svn\":"  \
    "1}]"
#define DATE "\"tcbDate\":\"2024-03-13T00:00:00Z\""
#define LEVELS                                                                           \
    "{\"tcb\":{\"sgxtcbcomponents\":[{\"svn\":7,\"category\":\"BIOS\"},{\"svn\":7},"     \
    "{\"svn\":2}," REST13                                                                \
    ",\"pcesvn\":11,\"tdxtcbcomponents\":[{\"svn\":5},{\"svn\":0},"                      \
    "{\"svn\":7}," REST13 "}," DATE ",\"tcbStatus\":\"UpToDate\"},"                      \
    "{\"tcb\":{\"sgxtcbcomponents\":[{\"svn\":6},{\"svn\":6},{\"svn\":2}," REST13        \
    ",\"pcesvn\":5,\"tdxtcbcomponents\":[{\"svn\":3},{\"svn\":0},{\"svn\":6}," REST13    \
    "},\"tcbDate\":\"2018-01-04T00:00:00Z\",\"tcbStatus\":\"OutOfDate\","                \
    "\"advisoryIDs\":[\"INTEL-SA-00106\", \"INTEL-SA-00115\"]}"
#define IDENTITY(id, levels) "{\"id\":\"" id "\"," MODULE ",\"tcbLevels\":[" levels "]}"
#define ISV(svn, status)                                                                 \
    "{\"tcb\":{\"isvsvn\":" svn "}," DATE ",\"tcbStatus\":\"" status "\"}"

static const char tdx[] =
    "{\"id\":\"TDX\",\"version\":3,\"issueDate\":\"2025-07-07T09:06:43Z\","
    "\"nextUpdate\":\"2025-08-06T09:06:43Z\",\"fmspc\":\"00806F050000\","
    "\"pceId\":\"000a\",\"tcbType\":0,\"tcbEvaluationDataNumber\":17,"
    "\"tdxModule\":{" MODULE
    "},\"tdxModuleIdentities\":[" IDENTITY("TDX_03", ISV("3", "UpToDate")) "," IDENTITY(
        "TDX_1a", ISV("4", "UpToDate") "," ISV("2", "OutOfDate")) "],"
                                                                  "\"tcbLevels\":[" LEVELS
                                                                  "]}";

#define NUMBERED(n, svn) "\"sgxtcbcomp" n "svn\":" svn ","
static const char sgx2[] =
    "{\"version\":2,\"issueDate\":\"2019-09-05T07:47:07Z\","
    "\"nextUpdate\":\"2029-09-05T07:47:07Z\",\"fmspc\":\"00707F000000\","
    "\"pceId\":\"0000\",\"tcbType\":0,\"tcbEvaluationDataNumber\":3,"
    "\"tcbLevels\":[{\"tcb\":{" NUMBERED("01", "11") NUMBERED("02", "12")
        NUMBERED("03", "13") NUMBERED("04", "14") NUMBERED("05", "15")
            NUMBERED("06", "16") NUMBERED("07", "17") NUMBERED("08", "18")
                NUMBERED("09", "19") NUMBERED("10", "20") NUMBERED("11", "21")
                    NUMBERED("12", "22") NUMBERED("13", "23") NUMBERED("14", "24")
                        NUMBERED("15", "25")
                            NUMBERED("16", "26") "\"pcesvn\":7}," DATE
                                                 ",\"tcbStatus\":\"UpToDate\"}]}";

#define PATH  "dcap.tcb_info"
#define LEVEL PATH ".tcbLevels"
#define SVN   LEVEL ".tcb.components.svn"
#define WHOM  PATH ".tdxModuleIdentities"

/* clang-format off */
static const struct {
    const char *why;
    const char *text, *find, *replacement;
    enum troth_err err;
    const char *field;
} rows[] = {
    {"TDX as it is", tdx, "TDX", "TDX", TROTH_OK, NULL},
    {"version 2 as it is", sgx2, "2", "2", TROTH_OK, NULL},
    {"white space", tdx, ":3,", " :\n\t3 ,", TROTH_OK, NULL},
    {"a member without a meaning", tdx, "\"version\"", "\"later\":{\"x\":[1,{}]},\"version\"", TROTH_OK, NULL},
    {"one within a level", tdx, "\"pcesvn\"", "\"x\":null,\"pcesvn\"", TROTH_OK, NULL},
    {"one within a component", tdx, "\"category\"", "\"x\":-1.5e3,\"category\"", TROTH_OK, NULL},
    {"SGX, what is TDX's having no meaning", tdx, "\"TDX\"", "\"SGX\"", TROTH_OK, NULL},
    {"members in another order", tdx, "{\"id\":\"TDX\",\"version\":3,", "{\"version\":3,\"id\":\"TDX\",", TROTH_OK, NULL},
    {"no identities", tdx, "\"tdxModuleIdentities\"", "\"tdxModuleIdentitie\"", TROTH_OK, NULL},

    {"a member twice", tdx, "\"version\":3", "\"version\":3,\"version\":3", TROTH_ERR_DUPLICATE, PATH},
    {"the same under an escape", tdx, "\"version\":3", "\"version\":3,\"versio\\u006e\":3", TROTH_ERR_DUPLICATE, PATH},
    {"a name under an escape is no name of Intel's", tdx, "\"version\":3", "\"versio\\u006e\":3", TROTH_ERR_MISSING, PATH ".version"},
    {"version 1", sgx2, "\"version\":2", "\"version\":1", TROTH_ERR_VERSION, PATH ".version"},
    {"version 4", tdx, "\"version\":3", "\"version\":4", TROTH_ERR_VERSION, PATH ".version"},
    {"version 3.0", tdx, "\"version\":3", "\"version\":3.0", TROTH_ERR_VALUE, PATH ".version"},
    {"a version that is a string", tdx, "\"version\":3", "\"version\":\"3\"", TROTH_ERR_TYPE, PATH ".version"},
    {"version 2 for TDX", tdx, "\"version\":3", "\"version\":2", TROTH_ERR_VALUE, PATH ".id"},
    {"version 2 for SGX, listed", tdx, "{\"id\":\"TDX\",\"version\":3", "{\"version\":2", TROTH_ERR_MISSING, LEVEL ".tcb.sgxtcbcomp01svn"},
    {"version 3, numbered", sgx2, "{\"version\":2", "{\"id\":\"SGX\",\"version\":3", TROTH_ERR_MISSING, LEVEL ".tcb.sgxtcbcomponents"},
    {"version 3 without an id", sgx2, "\"version\":2", "\"version\":3", TROTH_ERR_MISSING, PATH ".id"},
    {"another id", tdx, "\"TDX\"", "\"TDY\"", TROTH_ERR_VALUE, PATH ".id"},
    {"an id in lower case", tdx, "\"TDX\"", "\"tdx\"", TROTH_ERR_VALUE, PATH ".id"},
    {"TCB type 1", tdx, "\"tcbType\":0", "\"tcbType\":1", TROTH_ERR_VALUE, PATH ".tcbType"},
    {"no version", tdx, "\"version\"", "\"verslon\"", TROTH_ERR_MISSING, PATH ".version"},
    {"no issue date", tdx, "\"issueDate\"", "\"IssueDate\"", TROTH_ERR_MISSING, PATH ".issueDate"},
    {"no next update", tdx, "\"nextUpdate\"", "\"nextupdate\"", TROTH_ERR_MISSING, PATH ".nextUpdate"},
    {"no FMSPC", tdx, "\"fmspc\"", "\"FMSPC\"", TROTH_ERR_MISSING, PATH ".fmspc"},
    {"no PCEID", tdx, "\"pceId\"", "\"pceid\"", TROTH_ERR_MISSING, PATH ".pceId"},
    {"no TCB type", tdx, "\"tcbType\"", "\"tcbtype\"", TROTH_ERR_MISSING, PATH ".tcbType"},
    {"no evaluation number", tdx, "\"tcbEvaluationDataNumber\"", "\"number\"", TROTH_ERR_MISSING, PATH ".tcbEvaluationDataNumber"},
    {"a number below zero", tdx, "\"tcbEvaluationDataNumber\":17", "\"tcbEvaluationDataNumber\":-17", TROTH_ERR_VALUE, PATH ".tcbEvaluationDataNumber"},
    {"no levels", sgx2, "\"tcbLevels\"", "\"levels\"", TROTH_ERR_MISSING, PATH ".tcbLevels"},
    {"TDX without a module", tdx, "\"tdxModule\"", "\"tdxmodule\"", TROTH_ERR_MISSING, PATH ".tdxModule"},

    {"a month 16", tdx, "2025-07-07", "2025-16-07", TROTH_ERR_VALUE, PATH ".issueDate"},
    {"a date with a fraction", tdx, "09:06:43Z", "09:06:43.0Z", TROTH_ERR_VALUE, PATH ".issueDate"},
    {"a date with an offset", tdx, "09:06:43Z", "09:06:43+00:00", TROTH_ERR_VALUE, PATH ".issueDate"},
    {"a date without a zone", tdx, "09:06:43Z", "09:06:43", TROTH_ERR_VALUE, PATH ".issueDate"},
    {"a date in lower case", tdx, "2025-07-07T", "2025-07-07t", TROTH_ERR_VALUE, PATH ".issueDate"},
    {"a zone in lower case", tdx, "09:06:43Z", "09:06:43z", TROTH_ERR_VALUE, PATH ".issueDate"},
    {"a date with a space", tdx, "2025-07-07T", "2025-07-07 ", TROTH_ERR_VALUE, PATH ".issueDate"},
    {"a fraction instead of seconds", tdx, "2025-07-07T09:06:43Z", "2025-07-07T09:06.43Z", TROTH_ERR_VALUE, PATH ".issueDate"},
    {"a letter in a date", tdx, "2025-07", "2o25-07", TROTH_ERR_VALUE, PATH ".issueDate"},
    {"a level's date, wrong", tdx, "2024-03-13T00:00:00Z\",\"tcbStatus\":\"UpToDate\"},{\"tcb\":{\"sgx", "2024-02-30T00:00:00Z\",\"tcbStatus\":\"UpToDate\"},{\"tcb\":{\"sgx", TROTH_ERR_VALUE, LEVEL ".tcbDate"},

    {"an FMSPC cut short", tdx, "00806F050000", "00806F0500", TROTH_ERR_VALUE, PATH ".fmspc"},
    {"one too long", tdx, "00806F050000", "00806F05000000", TROTH_ERR_VALUE, PATH ".fmspc"},
    {"one that is not hex", tdx, "00806F050000", "00806G050000", TROTH_ERR_VALUE, PATH ".fmspc"},
    {"one that is a number", tdx, "\"00806F050000\"", "806050000", TROTH_ERR_TYPE, PATH ".fmspc"},
    {"an empty PCEID", tdx, "\"000a\"", "\"\"", TROTH_ERR_VALUE, PATH ".pceId"},
    {"an odd PCEID", tdx, "\"000a\"", "\"00a\"", TROTH_ERR_VALUE, PATH ".pceId"},

    {"an SVN of 255", tdx, "{\"svn\":7,", "{\"svn\":255,", TROTH_OK, NULL},
    {"an SVN of 256", tdx, "{\"svn\":7,", "{\"svn\":256,", TROTH_ERR_VALUE, SVN},
    {"an SVN of 2^32", tdx, "{\"svn\":7,", "{\"svn\":4294967296,", TROTH_ERR_VALUE, SVN},
    {"an SVN of 2^64", tdx, "{\"svn\":7,", "{\"svn\":18446744073709551616,", TROTH_ERR_LIMIT, SVN},
    {"an SVN below zero", tdx, "{\"svn\":7,", "{\"svn\":-7,", TROTH_ERR_VALUE, SVN},
    {"an SVN with a zero in front", tdx, "{\"svn\":7,", "{\"svn\":07,", TROTH_ERR_VALUE, LEVEL ".tcb.sgxtcbcomponents"},
    {"a fraction", tdx, "{\"svn\":7,", "{\"svn\":7.0,", TROTH_ERR_VALUE, SVN},
    {"an SVN that is a string", tdx, "{\"svn\":7,", "{\"svn\":\"7\",", TROTH_ERR_TYPE, SVN},
    {"no SVN", tdx, "{\"svn\":7,", "{\"svm\":7,", TROTH_ERR_MISSING, SVN},
    {"no SVN, nor anything", tdx, "{\"svn\":7,\"category\":\"BIOS\"}", "{}", TROTH_ERR_MISSING, SVN},
    {"an SVN twice", tdx, "{\"svn\":7,", "{\"svn\":7,\"svn\":7,", TROTH_ERR_DUPLICATE, LEVEL ".tcb.sgxtcbcomponents"},
    {"a number for a component", tdx, "{\"svn\":7,\"category\":\"BIOS\"}", "7", TROTH_ERR_TYPE, LEVEL ".tcb.sgxtcbcomponents"},
    {"fifteen components", tdx, "{\"svn\":7,\"category\":\"BIOS\"},", "", TROTH_ERR_MISSING, LEVEL ".tcb.sgxtcbcomponents"},
    {"seventeen", tdx, "{\"svn\":7,\"category\":\"BIOS\"},", "{\"svn\":7},{\"svn\":7},", TROTH_ERR_TRAILING, LEVEL ".tcb.sgxtcbcomponents"},
    {"fifteen for TDX", tdx, "\"tdxtcbcomponents\":[{\"svn\":5},", "\"tdxtcbcomponents\":[", TROTH_ERR_MISSING, LEVEL ".tcb.tdxtcbcomponents"},
    {"none for TDX", tdx, "\"tdxtcbcomponents\"", "\"tdxcomponents\"", TROTH_ERR_MISSING, LEVEL ".tcb.tdxtcbcomponents"},
    {"none for SGX", tdx, "\"sgxtcbcomponents\"", "\"sgxcomponents\"", TROTH_ERR_MISSING, LEVEL ".tcb.sgxtcbcomponents"},
    {"PCESVN 65535", tdx, "\"pcesvn\":11", "\"pcesvn\":65535", TROTH_OK, NULL},
    {"PCESVN 65536", tdx, "\"pcesvn\":11", "\"pcesvn\":65536", TROTH_ERR_VALUE, LEVEL ".tcb.pcesvn"},
    {"no PCESVN", tdx, "\"pcesvn\":11", "\"PCESVN\":11", TROTH_ERR_MISSING, LEVEL ".tcb.pcesvn"},
    {"a numbered component missing", sgx2, "\"sgxtcbcomp07svn\":17,", "", TROTH_ERR_MISSING, LEVEL ".tcb.sgxtcbcomp"},
    {"one in capitals", sgx2, "sgxtcbcomp07svn", "SGXtcbcomp07svn", TROTH_ERR_MISSING, LEVEL ".tcb.sgxtcbcomp"},
    {"number 17 has no meaning", sgx2, "\"pcesvn\"", "\"sgxtcbcomp17svn\":1,\"pcesvn\"", TROTH_OK, NULL},
    {"a numbered one of 256", sgx2, "\"sgxtcbcomp16svn\":26", "\"sgxtcbcomp16svn\":256", TROTH_ERR_VALUE, LEVEL ".tcb.sgxtcbcomp16svn"},
    {"numbered and listed", sgx2, "\"pcesvn\"", "\"sgxtcbcomponents\":[{\"svn\":1},{\"svn\":1},{\"svn\":1}," REST13 ",\"pcesvn\"", TROTH_ERR_DUPLICATE, LEVEL ".tcb.sgxtcbcomponents"},

    {"an unknown status", tdx, "\"OutOfDate\",\"adv", "\"OutOfdate\",\"adv", TROTH_ERR_VALUE, LEVEL ".tcbStatus"},
    {"a status that is never stated", tdx, "\"OutOfDate\",\"adv", "\"TDRelaunchAdvised\",\"adv", TROTH_ERR_VALUE, LEVEL ".tcbStatus"},
    {"a status under an escape", tdx, "\"OutOfDate\",\"adv", "\"\\u004futOfDate\",\"adv", TROTH_ERR_VALUE, LEVEL ".tcbStatus"},
    {"no status", tdx, "\"tcbStatus\":\"OutOfDate\",\"adv", "\"tcbstatus\":\"OutOfDate\",\"adv", TROTH_ERR_MISSING, LEVEL ".tcbStatus"},
    {"no date", tdx, "\"tcbDate\":\"2018", "\"tcbdate\":\"2018", TROTH_ERR_MISSING, LEVEL ".tcbDate"},
    {"no TCB", sgx2, "\"tcb\":{", "\"TCB\":{", TROTH_ERR_MISSING, LEVEL ".tcb"},

    {"an empty list of advisories", tdx, "[\"INTEL-SA-00106\", \"INTEL-SA-00115\"]", "[ ]", TROTH_OK, NULL},
    {"an empty advisory", tdx, "\"INTEL-SA-00106\"", "\"\"", TROTH_ERR_VALUE, LEVEL ".advisoryIDs"},
    {"an advisory of 64", tdx, "INTEL-SA-00106", "0123456789012345678901234567890123456789012345678901234567890123", TROTH_OK, NULL},
    {"one of 65", tdx, "INTEL-SA-00106", "01234567890123456789012345678901234567890123456789012345678901234", TROTH_ERR_VALUE, LEVEL ".advisoryIDs"},
    {"an advisory with a space", tdx, "INTEL-SA-00106", "INTEL SA-00106", TROTH_ERR_VALUE, LEVEL ".advisoryIDs"},
    {"one with a comma", tdx, "INTEL-SA-00106", "INTEL-SA,00106", TROTH_ERR_VALUE, LEVEL ".advisoryIDs"},
    {"one with an escape", tdx, "INTEL-SA-00106", "INTEL\\u002dSA-00106", TROTH_ERR_VALUE, LEVEL ".advisoryIDs"},
    {"one with an escaped quote", tdx, "INTEL-SA-00106", "INTEL\\\"SA-00106", TROTH_ERR_VALUE, LEVEL ".advisoryIDs"},
    {"one with an at sign", tdx, "INTEL-SA-00106", "INTEL@SA-00106", TROTH_ERR_VALUE, LEVEL ".advisoryIDs"},
    {"one with a bracket", tdx, "INTEL-SA-00106", "INTEL[SA-00106", TROTH_ERR_VALUE, LEVEL ".advisoryIDs"},
    {"one beyond ASCII", tdx, "INTEL-SA-00106", "INT\xc3\x89L-SA-00106", TROTH_ERR_VALUE, LEVEL ".advisoryIDs"},
    {"an advisory that is a number", tdx, "\"INTEL-SA-00106\"", "106", TROTH_ERR_TYPE, LEVEL ".advisoryIDs"},
    {"a string for the list", tdx, "[\"INTEL-SA-00106\", \"INTEL-SA-00115\"]", "\"INTEL-SA-00106\"", TROTH_ERR_TYPE, LEVEL ".advisoryIDs"},

    {"an empty list of levels", tdx, "\"tcbLevels\":[" LEVELS "]", "\"tcbLevels\":[]", TROTH_ERR_MISSING, PATH ".tcbLevels"},
    {"a level twice", tdx, LEVELS, LEVELS "," LEVELS, TROTH_ERR_DUPLICATE, PATH ".tcbLevels"},
    {"an object for the levels", tdx, "\"tcbLevels\":[" LEVELS "]", "\"tcbLevels\":{}", TROTH_ERR_TYPE, PATH ".tcbLevels"},

    {"a module's signer too short", tdx, "\"mrsigner\":\"0000", "\"mrsigner\":\"00", TROTH_ERR_VALUE, PATH ".tdxModule.mrsigner"},
    {"a module without attributes", tdx, "\"attributes\"", "\"attribute\"", TROTH_ERR_MISSING, PATH ".tdxModule.attributes"},
    {"a module without a mask", tdx, "\"attributesMask\"", "\"attributesmask\"", TROTH_ERR_MISSING, PATH ".tdxModule.attributesMask"},
    {"a module that is no object", tdx, "\"tdxModule\":{" MODULE "}", "\"tdxModule\":null", TROTH_ERR_TYPE, PATH ".tdxModule"},
    {"an identity in lower case", tdx, "TDX_03", "tdx_03", TROTH_OK, NULL},
    {"an identity of another name", tdx, "TDX_03", "TDY_03", TROTH_ERR_VALUE, WHOM ".id"},
    {"an identity of three digits", tdx, "TDX_03", "TDX_003", TROTH_ERR_VALUE, WHOM ".id"},
    {"an identity of one", tdx, "TDX_03", "TDX_3", TROTH_ERR_VALUE, WHOM ".id"},
    {"an identity that is not hex", tdx, "TDX_03", "TDX_0g", TROTH_ERR_VALUE, WHOM ".id"},
    {"an identity with another mark", tdx, "TDX_03", "TDX-03", TROTH_ERR_VALUE, WHOM ".id"},
    {"no id", tdx, "\"id\":\"TDX_03\"", "\"ID\":\"TDX_03\"", TROTH_ERR_MISSING, WHOM ".id"},
    {"an identity twice", tdx, "TDX_03", "tdx_1A", TROTH_ERR_DUPLICATE, WHOM},
    {"an identity without levels", tdx, IDENTITY("TDX_03", ISV("3", "UpToDate")), "{\"id\":\"TDX_03\"," MODULE "}", TROTH_ERR_MISSING, WHOM ".tcbLevels"},
    {"an identity with an empty list of them", tdx, "[" ISV("3", "UpToDate") "]", "[]", TROTH_ERR_MISSING, WHOM ".tcbLevels"},
    {"a module's level twice", tdx, ISV("2", "OutOfDate"), ISV("4", "OutOfDate"), TROTH_ERR_DUPLICATE, WHOM ".tcbLevels"},
    {"a module's level of 65536", tdx, "\"isvsvn\":3", "\"isvsvn\":65536", TROTH_ERR_VALUE, "dcap.isv_level.tcb.isvsvn"},
    {"a module's level without a version", tdx, "\"isvsvn\":3", "\"isvsvm\":3", TROTH_ERR_MISSING, "dcap.isv_level.tcb.isvsvn"},
    {"a module's level of an unknown status", tdx, ISV("3", "UpToDate"), ISV("3", "Good"), TROTH_ERR_VALUE, WHOM ".tcbLevels.tcbStatus"},

    {"bytes behind it", tdx, "\"INTEL-SA-00115\"]}]}", "\"INTEL-SA-00115\"]}]}}", TROTH_ERR_TRAILING, "dcap.tcb_info"},
    {"an array", tdx, "{\"id\":\"TDX\",", "[", TROTH_ERR_TYPE, PATH},
};
/* clang-format on */

static uint8_t memory[64 * 1024];

static void check_bytes(const uint8_t *seen, size_t len, const char *hex)
{
    const struct troth_span span = {seen, len};

    CHECK_SPAN(span, test_hex(hex));
}

static void test_rows(void)
{
    static const struct troth_tcb_info nothing;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_tcb_info info;
        struct troth_fault fault;
        const struct troth_span json = document_edit(test_text(rows[i].text),
                                                     rows[i].find, rows[i].replacement);

        test_case("%s", rows[i].why);
        CHECK_ERR(troth_tcb_info_parse(&info, &fault, json, &arena), rows[i].err);
        CHECK_ERR(fault.err, rows[i].err);
        CHECK_TEXT(fault.field, rows[i].field);
        if (!rows[i].err)
            continue;
        CHECK(memcmp(&info, &nothing, sizeof info) == 0);
        CHECK_INT(arena.used, 0);
    }
}

static void test_values(void)
{
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_tcb_info info;

    test_case("each value in its place");
    CHECK_ERR(troth_tcb_info_parse(&info, NULL, test_text(tdx), &arena), TROTH_OK);
    CHECK_INT(info.version, 3);
    CHECK(info.is_tdx && info.has_module);
    CHECK_INT(info.issue_date_s, 1751879203);
    CHECK_INT(info.next_update_s, 1754471203);
    check_bytes(info.fmspc, 6, "00806f050000");
    check_bytes(info.pce_id, 2, "000a");
    CHECK_INT(info.evaluation_number, 17);
    check_bytes(info.module.attributes_mask, 8, "ffffffffffffffff");

    CHECK_INT(info.level_count, 2);
    check_bytes(info.levels[0].sgx, 16, "070702 01010101010101010101010101");
    check_bytes(info.levels[0].tdx, 16, "050007 01010101010101010101010101");
    CHECK_INT(info.levels[0].pce_svn, 11);
    CHECK_INT(info.levels[0].status, TROTH_TCB_UP_TO_DATE);
    CHECK_INT(info.levels[0].date_s, 1710288000);
    CHECK(!info.levels[0].advisories.ptr);
    CHECK_INT(info.levels[1].status, TROTH_TCB_OUT_OF_DATE);
    CHECK_SPAN(info.levels[1].advisories,
               test_text("\"INTEL-SA-00106\", \"INTEL-SA-00115\""));

    CHECK_INT(info.identity_count, 2);
    CHECK(troth_tcb_info_module(&info, 3) == &info.identities[0]);
    CHECK(troth_tcb_info_module(&info, 0x1a) == &info.identities[1]);
    CHECK(!troth_tcb_info_module(&info, 1));
    CHECK_INT(info.identities[1].level_count, 2);
    CHECK_INT(info.identities[1].levels[1].isv_svn, 2);
    CHECK_INT(info.identities[1].levels[1].status, TROTH_TCB_OUT_OF_DATE);

    test_case("version 2");
    CHECK_ERR(troth_tcb_info_parse(&info, NULL, test_text(sgx2), &arena), TROTH_OK);
    CHECK_INT(info.version, 2);
    CHECK(!info.is_tdx && !info.has_module && !info.identity_count);
    check_bytes(info.levels[0].sgx, 16, "0b0c0d0e0f101112131415161718191a");

    test_case("SGX forgets what is about TDX");
    CHECK_ERR(troth_tcb_info_parse(&info, NULL,
                                   document_edit(test_text(tdx), "\"TDX\"", "\"SGX\""),
                                   &arena),
              TROTH_OK);
    CHECK(!info.has_module && !info.identity_count && !info.identities);
    check_bytes(info.levels[0].tdx, 16, "00000000000000000000000000000000");
}

/* `count` levels of rising versions, so that all have to be sorted. */
static struct troth_span many(unsigned count)
{
    struct troth_span text = document_edit(test_text(sgx2), "\"tcbLevels\":[{",
                                           "\"tcbLevels\":[LEVEL,{");

    for (unsigned i = 0; i + 1 < count; i++) {
        char level[1024] = "{\"tcb\":{";
        size_t len = strlen(level);

        for (unsigned k = 1; k <= 16; k++)
            len += (size_t)snprintf(level + len, sizeof level - len,
                                    "\"sgxtcbcomp%02usvn\":%u,", k, k == 9 ? i : 1);
        snprintf(level + len, sizeof level - len,
                 "\"pcesvn\":%u}," DATE ",\"tcbStatus\":\"OutOfDate\"},LEVEL", i);
        text = document_edit(text, "LEVEL", level);
    }
    return document_edit(text, "LEVEL,", "");
}

static void test_limits(void)
{
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_tcb_info info;

    test_case("as many levels as fit, sorted");
    CHECK_ERR(troth_tcb_info_parse(&info, NULL, many(TROTH_TCB_LEVELS_MAX), &arena),
              TROTH_OK);
    CHECK_INT(info.level_count, TROTH_TCB_LEVELS_MAX);
    for (size_t i = 1; i < info.level_count; i++)
        CHECK(troth_tcb_level_compare(&info.levels[i - 1], &info.levels[i]) > 0);

    test_case("one more");
    CHECK_ERR(troth_tcb_info_parse(&info, NULL, many(TROTH_TCB_LEVELS_MAX + 1), &arena),
              TROTH_ERR_LIMIT);

    test_case("an arena of any size");
    for (size_t size = 0; size < 16 * 1024; size += 8) {
        arena = (struct troth_arena){memory, size, 0};
        enum troth_err err = troth_tcb_info_parse(&info, NULL, test_text(tdx), &arena);

        CHECK(err == TROTH_OK || err == TROTH_ERR_MEMORY);
        CHECK(err == TROTH_OK || arena.used == 0);
    }
    CHECK(arena.used > 0);

    test_case("what is kept of it is less than the JSON, and what is needed is said");
    CHECK(arena.used < sizeof tdx);
    arena = (struct troth_arena){memory, sizeof tdx + TROTH_TCB_INFO_ROOM, 0};
    CHECK_ERR(troth_tcb_info_parse(&info, NULL, test_text(tdx), &arena), TROTH_OK);
}

static void test_cut(void)
{
    test_case("cut off anywhere");
    for (size_t len = 0; len + 1 < sizeof tdx; len++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_tcb_info info;
        uint8_t *const copy = malloc(len ? len : 1);

        memcpy(copy, tdx, len);
        CHECK(troth_tcb_info_parse(&info, NULL, (struct troth_span){copy, len}, &arena));
        free(copy);
    }
}

int main(void)
{
    test_rows();
    test_values();
    test_limits();
    test_cut();
    return test_finish();
}
