/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/dcap/qe_identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evidence/dcap/tcb_info.h"
#include "test/unit/evidence/dcap/documents.h"

#define DATE "\"tcbDate\":\"2024-03-13T00:00:00Z\""
#define ISV(svn, status)                                                                 \
    "{\"tcb\":{\"isvsvn\":" svn "}," DATE ",\"tcbStatus\":\"" status "\"}"

/* clang-format off */
static const char identity[] =
    "{\"id\":\"TD_QE\",\"version\":2,\"issueDate\":\"2025-07-07T09:20:26Z\","
    "\"nextUpdate\":\"2025-08-06T09:20:26Z\",\"tcbEvaluationDataNumber\":17,"
    "\"miscselect\":\"01020304\",\"miscselectMask\":\"FFFFFFfe\","
    "\"attributes\":\"11000000000000000000000000000012\","
    "\"attributesMask\":\"FBFFFFFFFFFFFFFF0000000000000000\","
    "\"mrsigner\":\"DC9E2A7C6F948F17474E34A7FC43ED030F7C1563F1BABDDF6340C82E0E54A8C5\","
    "\"isvprodid\":2,\"tcbLevels\":[" ISV("4", "UpToDate") "," ISV("8", "SWHardeningNeeded") ","
    "{\"tcb\":{\"isvsvn\":6}," DATE ",\"tcbStatus\":\"OutOfDate\",\"advisoryIDs\":[\"INTEL-SA-00615\"]}]}";

#define PATH  "dcap.qe_identity"
#define LEVEL PATH ".tcbLevels"

static const struct {
    const char *why, *find, *replacement;
    enum troth_err err;
    const char *field;
} rows[] = {
    {"as it is", "TD_QE", "TD_QE", TROTH_OK, NULL},
    {"the SGX one", "TD_QE", "QE", TROTH_OK, NULL},
    {"the verification enclave's", "TD_QE", "QVE", TROTH_OK, NULL},
    {"a member without a meaning", "\"version\"", "\"x\":[{}],\"version\"", TROTH_OK, NULL},
    {"another id", "TD_QE", "TD_QF", TROTH_ERR_VALUE, PATH ".id"},
    {"an empty id", "TD_QE", "", TROTH_ERR_VALUE, PATH ".id"},
    {"an id under an escape", "TD_QE", "\\u0051E", TROTH_ERR_VALUE, PATH ".id"},
    {"version 1", "\"version\":2", "\"version\":1", TROTH_ERR_VERSION, PATH ".version"},
    {"version 3", "\"version\":2", "\"version\":3", TROTH_ERR_VERSION, PATH ".version"},
    {"a member twice", "\"version\":2", "\"version\":2,\"version\":2", TROTH_ERR_DUPLICATE, PATH},
    {"no id", "\"id\"", "\"ID\"", TROTH_ERR_MISSING, PATH ".id"},
    {"no version", "\"version\"", "\"VERSION\"", TROTH_ERR_MISSING, PATH ".version"},
    {"no issue date", "\"issueDate\"", "\"issuedate\"", TROTH_ERR_MISSING, PATH ".issueDate"},
    {"no next update", "\"nextUpdate\"", "\"nextupdate\"", TROTH_ERR_MISSING, PATH ".nextUpdate"},
    {"no evaluation number", "\"tcbEvaluationDataNumber\"", "\"number\"", TROTH_ERR_MISSING, PATH ".tcbEvaluationDataNumber"},
    {"no MISCSELECT", "\"miscselect\"", "\"miscSelect\"", TROTH_ERR_MISSING, PATH ".miscselect"},
    {"no mask for it", "\"miscselectMask\"", "\"miscselectmask\"", TROTH_ERR_MISSING, PATH ".miscselectMask"},
    {"no attributes", "\"attributes\"", "\"Attributes\"", TROTH_ERR_MISSING, PATH ".attributes"},
    {"no mask for them", "\"attributesMask\"", "\"attributesmask\"", TROTH_ERR_MISSING, PATH ".attributesMask"},
    {"no signer", "\"mrsigner\"", "\"mrSigner\"", TROTH_ERR_MISSING, PATH ".mrsigner"},
    {"no product", "\"isvprodid\"", "\"isvProdId\"", TROTH_ERR_MISSING, PATH ".isvprodid"},
    {"no levels", "\"tcbLevels\"", "\"levels\"", TROTH_ERR_MISSING, PATH ".tcbLevels"},
    {"MISCSELECT too short", "01020304", "010203", TROTH_ERR_VALUE, PATH ".miscselect"},
    {"MISCSELECT too long", "01020304", "0102030400", TROTH_ERR_VALUE, PATH ".miscselect"},
    {"MISCSELECT that is a number", "\"01020304\"", "1020304", TROTH_ERR_TYPE, PATH ".miscselect"},
    {"its mask not hex", "FFFFFFfe", "FFFFFFfg", TROTH_ERR_VALUE, PATH ".miscselectMask"},
    {"attributes too short", "11000000000000000000000000000012", "110000000000000000000000000000", TROTH_ERR_VALUE, PATH ".attributes"},
    {"their mask too long", "FBFFFFFFFFFFFFFF0000000000000000", "FBFFFFFFFFFFFFFF000000000000000000", TROTH_ERR_VALUE, PATH ".attributesMask"},
    {"a signer too short", "DC9E2A7C", "DC9E2A", TROTH_ERR_VALUE, PATH ".mrsigner"},
    {"product 65535", "\"isvprodid\":2", "\"isvprodid\":65535", TROTH_OK, NULL},
    {"product 65536", "\"isvprodid\":2", "\"isvprodid\":65536", TROTH_ERR_VALUE, PATH ".isvprodid"},
    {"a date with an offset", "2025-07-07T09:20:26Z", "2025-07-07T09:20:26+00:00", TROTH_ERR_VALUE, PATH ".issueDate"},
    {"a date in February", "2025-08-06T", "2025-02-29T", TROTH_ERR_VALUE, PATH ".nextUpdate"},
    {"a level twice", "\"isvsvn\":8", "\"isvsvn\":4", TROTH_ERR_DUPLICATE, LEVEL},
    {"the last level twice", "\"isvsvn\":6", "\"isvsvn\":4", TROTH_ERR_DUPLICATE, LEVEL},
    {"no level", "\"tcbLevels\":[", "\"tcbLevels\":[],\"x\":[", TROTH_ERR_MISSING, LEVEL},
    {"a level above 65535", "\"isvsvn\":8", "\"isvsvn\":65536", TROTH_ERR_VALUE, "dcap.isv_level.tcb.isvsvn"},
    {"a level without a version", "\"isvsvn\":8", "\"svn\":8", TROTH_ERR_MISSING, "dcap.isv_level.tcb.isvsvn"},
    {"a level without a TCB", "\"tcb\":{\"isvsvn\":8}", "\"TCB\":{\"isvsvn\":8}", TROTH_ERR_MISSING, LEVEL ".tcb"},
    {"a level without a date", DATE, "\"date\":1", TROTH_ERR_MISSING, LEVEL ".tcbDate"},
    {"an unknown status", "SWHardeningNeeded", "Fine", TROTH_ERR_VALUE, LEVEL ".tcbStatus"},
    {"an advisory with a slash", "INTEL-SA-00615", "INTEL/SA/00615", TROTH_ERR_VALUE, LEVEL ".advisoryIDs"},
    {"bytes behind it", "\"INTEL-SA-00615\"]}]}", "\"INTEL-SA-00615\"]}]} x", TROTH_ERR_TRAILING, "dcap.qe_identity"},
    {"an array", "{\"id\":\"TD_QE\",", "[", TROTH_ERR_TYPE, PATH},
};
/* clang-format on */

static uint8_t memory[16 * 1024];

static void check_bytes(const uint8_t *seen, size_t len, const char *hex)
{
    const struct troth_span span = {seen, len};

    CHECK_SPAN(span, test_hex(hex));
}

static void test_rows(void)
{
    static const struct troth_qe_identity nothing;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_qe_identity seen;
        struct troth_fault fault;
        const struct troth_span json = document_edit(test_text(identity), rows[i].find,
                                                     rows[i].replacement);

        test_case("%s", rows[i].why);
        CHECK_ERR(troth_qe_identity_parse(&seen, &fault, json, &arena), rows[i].err);
        CHECK_ERR(fault.err, rows[i].err);
        CHECK_TEXT(fault.field, rows[i].field);
        if (!rows[i].err)
            continue;
        CHECK(memcmp(&seen, &nothing, sizeof seen) == 0);
        CHECK_INT(arena.used, 0);
    }
}

static void test_values(void)
{
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_qe_identity seen;

    test_case("each value in its place");
    CHECK_ERR(troth_qe_identity_parse(&seen, NULL, test_text(identity), &arena),
              TROTH_OK);
    CHECK_INT(seen.id, TROTH_QE_TD);
    CHECK_INT(seen.issue_date_s, 1751880026);
    CHECK_INT(seen.next_update_s, 1754472026);
    CHECK_INT(seen.evaluation_number, 17);
    check_bytes(seen.misc_select, 4, "01020304");
    check_bytes(seen.misc_select_mask, 4, "fffffffe");
    check_bytes(seen.attributes, 16, "11000000000000000000000000000012");
    check_bytes(seen.attributes_mask, 16, "fbffffffffffffff0000000000000000");
    check_bytes(seen.mr_signer, 32,
                "dc9e2a7c6f948f17474e34a7fc43ed030f7c1563f1babddf6340c82e0e54a8c5");
    CHECK_INT(seen.isv_prod_id, 2);

    test_case("levels from the highest down");
    CHECK_INT(seen.level_count, 3);
    CHECK_INT(seen.levels[0].isv_svn, 8);
    CHECK_INT(seen.levels[0].status, TROTH_TCB_SW_HARDENING);
    CHECK_INT(seen.levels[1].isv_svn, 6);
    CHECK_SPAN(seen.levels[1].advisories, test_text("\"INTEL-SA-00615\""));
    CHECK_INT(seen.levels[2].isv_svn, 4);
    CHECK_INT(seen.levels[2].date_s, 1710288000);

    test_case("names of enclaves");
    CHECK_TEXT(troth_qe_id_text(TROTH_QE_SGX), "QE");
    CHECK_TEXT(troth_qe_id_text(TROTH_QE_TD), "TD_QE");
    CHECK_TEXT(troth_qe_id_text(TROTH_QE_VERIFIER), "QVE");
    CHECK(!troth_qe_id_text((enum troth_qe_id)0));
    CHECK(!troth_qe_id_text((enum troth_qe_id)4));
}

static void test_limits(void)
{
    struct troth_span text = document_edit(test_text(identity), "\"tcbLevels\":[",
                                           "\"tcbLevels\":[LEVEL");
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_qe_identity seen;

    for (unsigned i = 3; i < TROTH_ISV_LEVELS_MAX; i++) {
        char level[256];

        snprintf(level, sizeof level,
                 "{\"tcb\":{\"isvsvn\":%u}," DATE ",\"tcbStatus\":\"Revoked\"},LEVEL",
                 100 + i);
        text = document_edit(text, "LEVEL", level);
    }
    test_case("as many levels as fit");
    CHECK_ERR(
        troth_qe_identity_parse(&seen, NULL, document_edit(text, "LEVEL", ""), &arena),
        TROTH_OK);
    CHECK_INT(seen.level_count, TROTH_ISV_LEVELS_MAX);
    for (size_t i = 1; i < seen.level_count; i++)
        CHECK(seen.levels[i - 1].isv_svn > seen.levels[i].isv_svn);
    test_case("one more");
    CHECK_ERR(
        troth_qe_identity_parse(
            &seen, NULL, document_edit(text, "LEVEL", ISV("1", "Revoked") ","), &arena),
        TROTH_ERR_LIMIT);

    test_case("an arena of any size");
    for (size_t size = 0; size < 4096; size += 8) {
        arena = (struct troth_arena){memory, size, 0};
        enum troth_err err = troth_qe_identity_parse(&seen, NULL, test_text(identity),
                                                     &arena);

        CHECK(err == TROTH_OK || err == TROTH_ERR_MEMORY);
        CHECK(err == TROTH_OK || arena.used == 0);
    }
    CHECK(arena.used > 0 && arena.used < sizeof identity);
}

static void test_cut(void)
{
    test_case("cut off anywhere");
    for (size_t len = 0; len + 1 < sizeof identity; len++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_qe_identity seen;
        uint8_t *const copy = malloc(len ? len : 1);

        memcpy(copy, identity, len);
        CHECK(
            troth_qe_identity_parse(&seen, NULL, (struct troth_span){copy, len}, &arena));
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
