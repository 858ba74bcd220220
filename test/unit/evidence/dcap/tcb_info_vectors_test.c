/* SPDX-License-Identifier: Apache-2.0 */
/* TCB infos that others wrote: Intel's, and Open Enclave's cases for parsers. */
#include "evidence/dcap/tcb_info.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "base/writer.h"
#include "test/unit/evidence/dcap/documents.h"

#define DATE  "\"tcbDate\":\"2024-03-13T00:00:00Z\""
#define PATH  "dcap.tcb_info"
#define LEVEL PATH ".tcbLevels"

static uint8_t memory[64 * 1024];

static void check_bytes(const uint8_t *seen, size_t len, const char *hex)
{
    const struct troth_span span = {seen, len};

    CHECK_SPAN(span, test_hex(hex));
}

/* A case of Open Enclave's, which are version 1, written as version 2. */
static struct troth_span as_version_2(struct troth_span json)
{
    static const char version[] = "\"version\": 1,";
    bool has_pce_id = false;

    for (size_t i = 0; i + 7 < json.len; i++)
        has_pce_id |= memcmp(json.ptr + i, "\"pceId\"", 7) == 0;
    json = document_edit_all(json, "\"status\":", DATE ",\"tcbStatus\":");
    json = document_edit(json, "\"fmspc\"",
                         has_pce_id ? "\"tcbType\":0,\"tcbEvaluationDataNumber\":1,"
                                      "\"fmspc\""
                                    : "\"pceId\":\"0000\",\"tcbType\":0,"
                                      "\"tcbEvaluationDataNumber\":1,\"fmspc\"");
    for (size_t i = 0; i + sizeof version <= json.len; i++)
        if (memcmp(json.ptr + i, version, sizeof version - 1) == 0)
            return document_edit(json, version, "\"version\": 2,");
    return json;
}

/* clang-format off */
static const struct {
    const char *name;
    enum troth_err as_it_is, as_version_2;
    const char *field;
} oe_cases[] = {
    {"tcbInfo.json", TROTH_ERR_VERSION, TROTH_OK, NULL},
    {"tcbInfo_with_pceid.json", TROTH_ERR_VERSION, TROTH_OK, NULL},
    {"tcbInfoNegativeCompSvn.json", TROTH_ERR_VERSION, TROTH_ERR_VALUE, LEVEL ".tcb.sgxtcbcomp01svn"},
    {"tcbInfoNegativeFloat.json", TROTH_ERR_VALUE, TROTH_ERR_VALUE, PATH ".version"},
    {"tcbInfoNegativeIntegerOverflow.json", TROTH_ERR_LIMIT, TROTH_ERR_LIMIT, PATH ".version"},
    {"tcbInfoNegativeIntegerWithSign.json", TROTH_ERR_VALUE, TROTH_ERR_VALUE, PATH ".version"},
    {"tcbInfoNegativeInvalidIssueDate.json", TROTH_ERR_VERSION, TROTH_ERR_VALUE, PATH ".issueDate"},
    {"tcbInfoNegativeInvalidNextUpdate.json", TROTH_ERR_VERSION, TROTH_ERR_VALUE, PATH ".nextUpdate"},
    {"tcbInfoNegativeMissingNextUpdate.json", TROTH_ERR_VERSION, TROTH_ERR_MISSING, PATH ".nextUpdate"},
    {"tcbInfoNegativePceSvn.json", TROTH_ERR_VERSION, TROTH_ERR_VALUE, LEVEL ".tcb.pcesvn"},
    {"tcbInfoNegativePropertyMissingLevel0.json", TROTH_ERR_VERSION, TROTH_ERR_MISSING, PATH ".nextUpdate"},
    {"tcbInfoNegativePropertyMissingLevel1.json", TROTH_ERR_MISSING, TROTH_ERR_MISSING, PATH ".version"},
    {"tcbInfoNegativePropertyMissingLevel2.json", TROTH_ERR_VERSION, TROTH_ERR_MISSING, LEVEL ".tcb"},
    {"tcbInfoNegativePropertyMissingLevel3.json", TROTH_ERR_VERSION, TROTH_ERR_MISSING, LEVEL ".tcb.pcesvn"},
    {"tcbInfoNegativePropertyWrongTypeLevel1.json", TROTH_ERR_VERSION, TROTH_ERR_TYPE, PATH ".fmspc"},
    {"tcbInfoNegativePropertyWrongTypeLevel2.json", TROTH_ERR_VERSION, TROTH_ERR_TYPE, LEVEL ".tcbStatus"},
    {"tcbInfoNegativePropertyWrongTypeLevel3.json", TROTH_ERR_VERSION, TROTH_ERR_TYPE, LEVEL ".tcb.sgxtcbcomp06svn"},
    {"tcbInfoNegativeStringEscape.json", TROTH_ERR_VERSION, TROTH_ERR_VALUE, PATH ".issueDate"},
    /* Wrong in the signature beside them, which is not read here. */
    {"tcbInfoNegativePropertyWrongTypeLevel0.json", TROTH_ERR_VERSION, TROTH_OK, NULL},
    {"tcbInfoNegativeSignature.json", TROTH_ERR_VERSION, TROTH_OK, NULL},
};
/* clang-format on */

static void test_oe_cases(void)
{
    for (size_t i = 0; i < COUNT(oe_cases); i++) {
        char path[256];
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_tcb_info info;
        struct troth_fault fault;

        test_case("%s", oe_cases[i].name);
        if (!test_vectors_dir()) {
            test_skip("there are no vectors");
            continue;
        }
        snprintf(path, sizeof path, "sgx/oe_tcbjson/%s", oe_cases[i].name);

        const struct troth_span json = document_value(test_vector(path), "tcbInfo");

        CHECK(json.ptr);
        CHECK_ERR(troth_tcb_info_parse(&info, NULL, json, &arena), oe_cases[i].as_it_is);
        CHECK_ERR(troth_tcb_info_parse(&info, &fault, as_version_2(json), &arena),
                  oe_cases[i].as_version_2);
        CHECK_TEXT(fault.field, oe_cases[i].field);
    }
}

/* The second opinion: jansson, and hex and dates by the C library. */
static void compare_hex(const uint8_t *seen, size_t len, const json_t *wanted)
{
    check_bytes(seen, len, json_string_value(wanted));
}

static void compare_date(int64_t seen, const json_t *wanted)
{
    uint8_t room[32];
    struct troth_writer w = troth_writer_over(room, sizeof room);

    troth_write_rfc3339(&w, seen);
    CHECK_SPAN(troth_writer_span(&w), test_text(json_string_value(wanted)));
}

static void compare_standing(enum troth_tcb_status status, int64_t date_s,
                             struct troth_span advisories, const json_t *level)
{
    const json_t *ids = json_object_get(level, "advisoryIDs");

    CHECK_TEXT(troth_tcb_status_text(status),
               json_string_value(json_object_get(level, "tcbStatus")));
    compare_date(date_s, json_object_get(level, "tcbDate"));
    for (size_t i = 0; i < json_array_size(ids); i++)
        CHECK_SPAN(troth_advisory_next(&advisories),
                   test_text(json_string_value(json_array_get(ids, i))));
    CHECK(!troth_advisory_next(&advisories).ptr);
}

static void compare_components(const uint8_t *seen, const json_t *tcb, const char *name)
{
    const json_t *list = json_object_get(tcb, name);

    for (size_t i = 0; i < TROTH_TCB_COMPONENTS; i++) {
        char numbered[32];
        const json_t *svn = json_object_get(json_array_get(list, i), "svn");

        snprintf(numbered, sizeof numbered, "sgxtcbcomp%02zusvn", i + 1);
        if (!svn && name[0] == 's')
            svn = json_object_get(tcb, numbered);
        CHECK_INT(seen[i], json_integer_value(svn));
    }
}

static void compare(const struct troth_tcb_info *info, const json_t *json)
{
    const json_t *levels = json_object_get(json, "tcbLevels");
    const json_t *modules = json_object_get(json, "tdxModuleIdentities");

    CHECK_INT(info->version, json_integer_value(json_object_get(json, "version")));
    compare_hex(info->fmspc, 6, json_object_get(json, "fmspc"));
    compare_hex(info->pce_id, 2, json_object_get(json, "pceId"));
    compare_date(info->issue_date_s, json_object_get(json, "issueDate"));
    compare_date(info->next_update_s, json_object_get(json, "nextUpdate"));
    CHECK_INT(info->evaluation_number,
              json_integer_value(json_object_get(json, "tcbEvaluationDataNumber")));
    CHECK_INT(info->level_count, json_array_size(levels));
    /* Intel's come sorted. */
    for (size_t i = 0; i < info->level_count && i < json_array_size(levels); i++) {
        const struct troth_tcb_level *level = &info->levels[i];
        const json_t *wanted = json_array_get(levels, i);
        const json_t *tcb = json_object_get(wanted, "tcb");

        compare_components(level->sgx, tcb, "sgxtcbcomponents");
        compare_components(level->tdx, tcb, "tdxtcbcomponents");
        CHECK_INT(level->pce_svn, json_integer_value(json_object_get(tcb, "pcesvn")));
        compare_standing(level->status, level->date_s, level->advisories, wanted);
    }
    CHECK_INT(info->identity_count, json_array_size(modules));
    for (size_t i = 0; i < info->identity_count && i < json_array_size(modules); i++) {
        const struct troth_tdx_module_identity *seen = &info->identities[i];
        const json_t *wanted = json_array_get(modules, i);
        const json_t *isv = json_object_get(wanted, "tcbLevels");

        compare_hex(seen->module.mr_signer, 48, json_object_get(wanted, "mrsigner"));
        compare_hex(seen->module.attributes_mask, 8,
                    json_object_get(wanted, "attributesMask"));
        CHECK_INT(seen->level_count, json_array_size(isv));
        for (size_t k = 0; k < seen->level_count && k < json_array_size(isv); k++)
            compare_standing(seen->levels[k].status, seen->levels[k].date_s,
                             seen->levels[k].advisories, json_array_get(isv, k));
    }
}

/* Intel's sample for TDX has versions above 255, which no firmware has. */
static bool is_genuine(const char *path)
{
    return strcmp(path, "tdx/intel_qvl_sample/tcbInfo.json") != 0;
}

static void test_genuine(void)
{
    static const char *const names[] = {"tcbInfo", "tcb_info"};
    const char *const *paths;
    const size_t files = document_files(&paths);
    unsigned count = 0;

    test_case("genuine TCB infos as jansson reads them");
    if (!files) {
        test_skip("there are no vectors");
        return;
    }
    for (size_t i = 0; i < files * COUNT(names); i++) {
        const char *path = paths[i / COUNT(names)];
        const struct troth_span json = document_value(test_vector(path),
                                                      names[i % COUNT(names)]);
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_tcb_info info;

        if (!json.ptr || !is_genuine(path))
            continue;
        CHECK_ERR(troth_tcb_info_parse(&info, NULL, json, &arena), TROTH_OK);

        json_t *theirs = json_loadb((const char *)json.ptr, json.len, 0, NULL);

        CHECK(theirs);
        compare(&info, theirs);
        json_decref(theirs);
        count++;
    }
    CHECK(count >= 18);
}

int main(void)
{
    test_oe_cases();
    test_genuine();
    return test_finish();
}
