/* SPDX-License-Identifier: Apache-2.0 */
/* Identities that others wrote: Intel's, and Open Enclave's cases for parsers. */
#include "evidence/dcap/qe_identity.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "test/unit/evidence/dcap/documents.h"

#define DATE "\"tcbDate\":\"2024-03-13T00:00:00Z\""
#define PATH "dcap.qe_identity"
#define ISV(svn, status)                                                                 \
    "{\"tcb\":{\"isvsvn\":" svn "}," DATE ",\"tcbStatus\":\"" status "\"}"

static uint8_t memory[16 * 1024];

static void check_bytes(const uint8_t *seen, size_t len, const char *hex)
{
    const struct troth_span span = {seen, len};

    CHECK_SPAN(span, test_hex(hex));
}

/* Open Enclave's cases: version 1, and where a name is cut out no JSON any more. */
static const char *const oe_cases[] = {"ok",
                                       "missing_attributes",
                                       "missing_attributesmask",
                                       "missing_issuedate",
                                       "missing_isvprodid",
                                       "missing_isvsvn",
                                       "missing_miscselect",
                                       "missing_miscselectmask",
                                       "missing_mrsigner",
                                       "missing_nextupdate",
                                       "missing_qeidentity",
                                       "missing_signature",
                                       "missing_version"};

/* What a case is about, written as version 2 with the names Intel uses; and what is then
 * wrong with it. */
static const struct {
    const char *name;
    enum troth_err err;
    const char *field;
} oe_as_version_2[] = {
    {"ok", TROTH_OK, NULL},
    {"missing_signature", TROTH_OK, NULL},
    {"missing_issuedate", TROTH_ERR_MISSING, PATH ".issueDate"},
    {"missing_nextupdate", TROTH_ERR_MISSING, PATH ".nextUpdate"},
    {"missing_mrsigner", TROTH_ERR_MISSING, PATH ".mrsigner"},
    {"missing_attributes", TROTH_ERR_VALUE, PATH},
    {"missing_attributesmask", TROTH_ERR_VALUE, PATH},
    {"missing_isvprodid", TROTH_ERR_VALUE, PATH},
    {"missing_isvsvn", TROTH_ERR_VALUE, PATH},
    {"missing_miscselect", TROTH_ERR_VALUE, PATH},
    {"missing_miscselectmask", TROTH_ERR_MISSING, PATH ".miscselectMask"},
    {"missing_version", TROTH_ERR_VALUE, PATH},
};

static struct troth_span oe_file(const char *name)
{
    char path[256];

    snprintf(path, sizeof path, "sgx/oe_qeid/qe_identity_%s.json", name);
    return test_vector(path);
}

static bool contains(struct troth_span text, const char *find)
{
    const size_t len = strlen(find);

    for (size_t i = 0; i + len <= text.len; i++)
        if (memcmp(text.ptr + i, find, len) == 0)
            return true;
    return false;
}

/* From the brace after `member` to the one that closes it: not all of these are JSON. */
static struct troth_span braces(struct troth_span file)
{
    size_t start = 1, end = 0;

    while (start < file.len && file.ptr[start] != '{')
        start++;
    for (end = start; end < file.len && file.ptr[end] != '}';)
        end++;
    return (struct troth_span){file.ptr + start, end + 1 - start};
}

static struct troth_span as_version_2(struct troth_span json)
{
    if (contains(json, "\"version\":1,"))
        json = document_edit(
            json, "\"version\":1,",
            "\"id\":\"QE\",\"version\":2,\"tcbEvaluationDataNumber\":1,");
    if (contains(json, "\"isvsvn\":1"))
        json = document_edit(json, "\"isvsvn\":1",
                             "\"tcbLevels\":[" ISV("1", "UpToDate") "]");
    return json;
}

static void test_oe_cases(void)
{
    for (size_t i = 0; i < COUNT(oe_cases); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_qe_identity seen;

        test_case("%s is refused as it is", oe_cases[i]);
        if (!test_vectors_dir()) {
            test_skip("there are no vectors");
            continue;
        }
        CHECK(oe_file(oe_cases[i]).ptr);
        CHECK(troth_qe_identity_parse(&seen, NULL, braces(oe_file(oe_cases[i])), &arena));
    }
    for (size_t i = 0; i < COUNT(oe_as_version_2); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_qe_identity seen;
        struct troth_fault fault;

        test_case("%s as version 2", oe_as_version_2[i].name);
        if (!test_vectors_dir()) {
            test_skip("there are no vectors");
            continue;
        }
        CHECK_ERR(troth_qe_identity_parse(
                      &seen, &fault,
                      as_version_2(braces(oe_file(oe_as_version_2[i].name))), &arena),
                  oe_as_version_2[i].err);
        CHECK_TEXT(fault.field, oe_as_version_2[i].field);
    }
}

/* MISCSELECT as the report of the same enclave has it, in Intel's samples: the only ones
 * in which it is not zero. */
static void test_byte_order(void)
{
    static const struct {
        const char *identity, *quote;
        size_t qe_report; /* where it begins in the quote */
    } samples[] = {
        {"sgx/intel_qvl_sample/qeIdentity.json", "sgx/intel_qvl_sample/quote.dat", 564},
        {"tdx/intel_qvl_sample/qeIdentity.json", "tdx/intel_qvl_sample/quote.dat", 770},
    };

    for (size_t i = 0; i < COUNT(samples); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_qe_identity seen;

        test_case("MISCSELECT in the order of the report's bytes: %s", samples[i].quote);
        if (!test_vectors_dir()) {
            test_skip("there are no vectors");
            continue;
        }

        const struct troth_span quote = test_vector(samples[i].quote);
        const struct troth_span json = document_value(test_vector(samples[i].identity),
                                                      "enclaveIdentity");

        CHECK_ERR(troth_qe_identity_parse(&seen, NULL, json, &arena), TROTH_OK);
        CHECK(quote.len > samples[i].qe_report + 64);
        CHECK(memcmp(seen.misc_select, quote.ptr + samples[i].qe_report + 16, 4) == 0);
        CHECK(memcmp(seen.attributes, quote.ptr + samples[i].qe_report + 48, 16) == 0);
    }
}

static void compare(const struct troth_qe_identity *seen, const json_t *wanted)
{
    const json_t *levels = json_object_get(wanted, "tcbLevels");

    CHECK_TEXT(troth_qe_id_text(seen->id),
               json_string_value(json_object_get(wanted, "id")));
    CHECK_INT(seen->evaluation_number,
              json_integer_value(json_object_get(wanted, "tcbEvaluationDataNumber")));
    CHECK_INT(seen->isv_prod_id,
              json_integer_value(json_object_get(wanted, "isvprodid")));
    check_bytes(seen->mr_signer, 32,
                json_string_value(json_object_get(wanted, "mrsigner")));
    check_bytes(seen->attributes, 16,
                json_string_value(json_object_get(wanted, "attributes")));
    check_bytes(seen->attributes_mask, 16,
                json_string_value(json_object_get(wanted, "attributesMask")));
    CHECK_INT(seen->level_count, json_array_size(levels));
    for (size_t i = 0; i < seen->level_count && i < json_array_size(levels); i++) {
        const json_t *level = json_array_get(levels, i);
        const json_t *tcb = json_object_get(level, "tcb");

        CHECK_INT(seen->levels[i].isv_svn,
                  json_integer_value(json_object_get(tcb, "isvsvn")));
        CHECK_TEXT(troth_tcb_status_text(seen->levels[i].status),
                   json_string_value(json_object_get(level, "tcbStatus")));
    }
}

static void test_genuine(void)
{
    static const char *const names[] = {"enclaveIdentity", "qe_identity"};
    const char *const *paths;
    const size_t files = document_files(&paths);
    unsigned count = 0;

    test_case("genuine identities as jansson reads them");
    if (!files) {
        test_skip("there are no vectors");
        return;
    }
    for (size_t i = 0; i < files * COUNT(names); i++) {
        const struct troth_span json = document_value(
            test_vector(paths[i / COUNT(names)]), names[i % COUNT(names)]);
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_qe_identity seen;

        if (!json.ptr)
            continue;
        CHECK_ERR(troth_qe_identity_parse(&seen, NULL, json, &arena), TROTH_OK);

        json_t *theirs = json_loadb((const char *)json.ptr, json.len, 0, NULL);

        CHECK(theirs);
        compare(&seen, theirs);
        json_decref(theirs);
        count++;
    }
    CHECK(count >= 19);
}

int main(void)
{
    test_oe_cases();
    test_byte_order();
    test_genuine();
    return test_finish();
}
