/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/intel_bundle.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/harness.h"

#define NOW 1771000000 /* 2026-02-13T16:26:40Z */

static json_t *load(struct sim_bytes text)
{
    json_t *root = json_loadb((const char *)text.ptr, text.len, JSON_REJECT_DUPLICATES,
                              NULL);

    sim_bytes_free(&text);
    return root;
}

static void put(struct sim_bytes *out, const char *text)
{
    sim_bytes_append(out, sim_text(text));
}

static bool is_last(const struct sim_bytes *out, size_t start, size_t end)
{
    const size_t len = out->len - end;

    return end >= start + len && memcmp(out->ptr + end - len, out->ptr + end, len) == 0;
}

/*
 * The members' names in order and their types: equal neighbours in an array count as one,
 * and of TCB levels only the first says something. Genuine documents are three deep.
 */
static void put_shape(struct sim_bytes *out, json_t *value) /* NOLINT: of known depth */
{
    const char *name;
    json_t *member;
    size_t i;

    if (json_is_object(value)) {
        put(out, "{");
        json_object_foreach(value, name, member)
        {
            put(out, name);
            put(out, ":");
            if (strcmp(name, "tcbLevels") == 0)
                put_shape(out, json_array_get(member, 0));
            else
                put_shape(out, member);
            put(out, " ");
        }
        put(out, "}");
    } else if (json_is_array(value)) {
        put(out, "[");
        const size_t start = out->len;

        json_array_foreach(value, i, member)
        {
            const size_t end = out->len;

            put_shape(out, member);
            if (is_last(out, start, end))
                out->len = end;
        }
        put(out, "]");
    } else {
        put(out, json_is_string(value) ? "text" : "number");
    }
}

static struct sim_bytes shape_of(json_t *root)
{
    struct sim_bytes out = {0};

    put_shape(&out, root);
    sim_bytes_append_byte(&out, 0);
    return out;
}

static void add_advisory(struct sim_intel *doc)
{
    doc->tcb_info.levels[0].standing.advisories = "INTEL-SA-00615";
}

static void as_version_2(struct sim_intel *doc)
{
    sim_intel_set_tcb_version(doc, 2);
}

static const struct {
    const char *why;
    enum sim_intel_kind kind;
    void (*change)(struct sim_intel *doc);
    struct sim_bytes (*mint)(const struct sim_intel *doc);
    const char *genuine;
} documents[] = {
    {"SGX TCB info", SIM_SGX_V3, add_advisory, sim_intel_tcb_info_document,
     "sgx/automata_0825_sgx_tcbinfov3_00606a000000.json"},
    {"SGX TCB info of version 2", SIM_SGX_V3, as_version_2, sim_intel_tcb_info_document,
     "tdx/dcaprs_tcbinfov2.json"},
    {"TDX TCB info", SIM_TDX_V4, NULL, sim_intel_tcb_info_document,
     "tdx/automata_0625_tcbinfov3_00806f050000.json"},
    {"QE identity", SIM_SGX_V3, NULL, sim_intel_qe_identity_document,
     "sgx/automata_0825_sgx_qeidentity_v4.json"},
    {"TD QE identity", SIM_TDX_V4, NULL, sim_intel_qe_identity_document,
     "tdx/automata_0625_qe_td.json"},
    {"bundle", SIM_TDX_V4, NULL, sim_intel_bundle, "tdx/phala_tdx_v4_collateral.json"},
};

static void as_genuine(struct sim_keyring *ring)
{
    static struct sim_intel doc;

    for (size_t i = 0; i < COUNT(documents); i++) {
        const struct troth_span file = test_vector(documents[i].genuine);

        test_case("a genuine document's shape: %s", documents[i].why);
        if (!file.ptr) {
            test_skip("no vectors: %s", documents[i].genuine);
            continue;
        }
        sim_intel_default(&doc, ring, documents[i].kind, 0, NOW);
        if (documents[i].change)
            documents[i].change(&doc);
        json_t *minted = load(documents[i].mint(&doc));
        json_t *genuine = json_loadb((const char *)file.ptr, file.len, 0, NULL);
        struct sim_bytes seen = shape_of(minted);
        struct sim_bytes wanted = shape_of(genuine);

        CHECK_TEXT((const char *)seen.ptr, (const char *)wanted.ptr);
        sim_bytes_free(&seen);
        sim_bytes_free(&wanted);
        json_decref(minted);
        json_decref(genuine);
    }
}

/* `text` is JSON, and as jansson would write it, too. */
static void check_canonical(struct troth_span text, json_t *value)
{
    char *again = json_dumps(value, JSON_COMPACT | JSON_PRESERVE_ORDER);

    CHECK(again && text.len == strlen(again) && memcmp(text.ptr, again, text.len) == 0);
    free(again);
}

static void check_hex(json_t *value, struct sim_bytes wanted)
{
    const char *digits = json_string_value(value);

    if (CHECK(digits != NULL))
        CHECK_SPAN(test_hex(digits), sim_bytes_span(wanted));
    sim_bytes_free(&wanted);
}

static void jansson_reads(struct sim_keyring *ring)
{
    static struct sim_intel doc;

    for (int kind = 0; kind < SIM_INTEL_KINDS; kind++) {
        test_case("jansson reads and writes the same [%d]", kind);
        sim_intel_default(&doc, ring, (enum sim_intel_kind)kind, 0, NOW);
        struct sim_bytes text = sim_intel_tcb_info(&doc);
        struct sim_bytes qe_text = sim_intel_qe_identity(&doc);
        json_t *info = load(sim_intel_tcb_info_document(&doc));
        json_t *identity = load(sim_intel_qe_identity_document(&doc));
        json_t *bundle = load(sim_intel_bundle(&doc));

        check_canonical(sim_bytes_span(text), json_object_get(info, "tcbInfo"));
        check_canonical(sim_bytes_span(qe_text),
                        json_object_get(identity, "enclaveIdentity"));
        check_hex(json_object_get(info, "signature"), sim_intel_tcb_info_signature(&doc));
        check_hex(json_object_get(identity, "signature"),
                  sim_intel_qe_identity_signature(&doc));
        check_hex(json_object_get(bundle, "root_ca_crl"), sim_crl_mint(&doc.root_crl));
        check_hex(json_object_get(bundle, "pck_crl"), sim_crl_mint(&doc.pck_crl));
        const char *copy = json_string_value(json_object_get(bundle, "tcb_info"));
        if (CHECK(copy != NULL))
            CHECK_SPAN(sim_text(copy), sim_bytes_span(text));
        json_decref(info);
        json_decref(identity);
        json_decref(bundle);
        sim_bytes_free(&text);
        sim_bytes_free(&qe_text);
    }
}

static void values(struct sim_keyring *ring)
{
    static struct sim_intel doc;
    const char *status, *date, *advisory, *first, *second, *fmspc;
    json_int_t component = 0, part = 0;

    test_case("what jansson finds in a TCB info");
    sim_intel_default(&doc, ring, SIM_TDX_V4, 16, NOW);
    doc.tcb_info.levels[3].sgx[15] = 200;
    doc.tcb_info.levels[3].tdx[15] = 201;
    json_t *root = load(sim_intel_tcb_info(&doc));
    json_t *level = json_array_get(json_object_get(root, "tcbLevels"), 3);

    CHECK_INT(json_unpack(level, "{s:s, s:s, s:[s, s]}", "tcbStatus", &status, "tcbDate",
                          &date, "advisoryIDs", &first, &second),
              0);
    CHECK_TEXT(status, "ConfigurationAndSWHardeningNeeded");
    CHECK_TEXT(date, "2024-03-13T00:00:00Z");
    CHECK_TEXT(second, "INTEL-SA-00657");
    json_t *tcb = json_object_get(level, "tcb");
    CHECK_INT(json_unpack(json_array_get(json_object_get(tcb, "sgxtcbcomponents"), 15),
                          "{s:I}", "svn", &component),
              0);
    CHECK_INT(component, 200);
    CHECK_INT(json_unpack(json_array_get(json_object_get(tcb, "tdxtcbcomponents"), 15),
                          "{s:I}", "svn", &part),
              0);
    CHECK_INT(part, 201);
    CHECK_INT(json_unpack(root, "{s:s, s:s}", "issueDate", &date, "fmspc", &fmspc), 0);
    CHECK_TEXT(date, "2026-02-03T16:26:40Z");
    CHECK_TEXT(fmspc, "90C06F000001");
    json_decref(root);

    test_case("no advisories, none named, and one");
    doc.tcb_info.levels[1].standing.advisories = "";
    doc.tcb_info.levels[2].standing.advisories = "INTEL-SA-00001";
    root = load(sim_intel_tcb_info(&doc));
    json_t *levels = json_object_get(root, "tcbLevels");
    CHECK(!json_object_get(json_array_get(levels, 0), "advisoryIDs"));
    json_t *list = json_object_get(json_array_get(levels, 1), "advisoryIDs");
    CHECK(json_is_array(list) && json_array_size(list) == 0);
    CHECK_INT(json_unpack(json_array_get(levels, 2), "{s:[s]}", "advisoryIDs", &advisory),
              0);
    CHECK_TEXT(advisory, "INTEL-SA-00001");
    json_decref(root);
}

static void edits(struct sim_keyring *ring)
{
    static struct sim_intel doc;

    test_case("text and signature are edited alone");
    sim_intel_default(&doc, ring, SIM_SGX_V4, 0, NOW);
    struct sim_bytes plain = sim_intel_tcb_info_signature(&doc);
    doc.tcb_info_signing.edit_signature.apply = sim_flip_last_bit;
    struct sim_bytes flipped = sim_intel_tcb_info_signature(&doc);
    CHECK_INT(flipped.ptr[63], plain.ptr[63] ^ 1);
    sim_bytes_free(&flipped);
    doc.tcb_info_signing.edit_signature.apply = NULL;
    doc.tcb_info_signing.edit_text.apply = sim_flip_last_bit; /* '}' becomes '|' */
    struct sim_bytes text = sim_intel_tcb_info(&doc);
    CHECK_INT(text.ptr[text.len - 1], '|');
    struct sim_bytes anew = sim_key_sign_raw(doc.certs[SIM_INTEL_TCB_SIGNER].key,
                                             sim_bytes_span(text));
    struct sim_bytes signature = sim_intel_tcb_info_signature(&doc);
    CHECK_SPAN(sim_bytes_span(signature), sim_bytes_span(anew));
    sim_bytes_free(&plain);
    sim_bytes_free(&text);
    sim_bytes_free(&anew);
    sim_bytes_free(&signature);
}

/* Undo the escapes of a URL. */
static struct sim_bytes unescape(const uint8_t *text, const uint8_t *end)
{
    struct sim_bytes out = {0};

    for (; text < end; text++) {
        char digits[3] = {0};

        if (*text != '%') {
            sim_bytes_append_byte(&out, *text);
            continue;
        }
        memcpy(digits, text + 1, 2);
        sim_bytes_append_byte(&out, (uint8_t)strtoul(digits, NULL, 16));
        text += 2;
    }
    return out;
}

static void answers(struct sim_keyring *ring)
{
    static const struct {
        enum sim_intel_answer answer;
        const char *header;
    } rows[] = {{SIM_ANSWER_TCB_INFO, "\r\nTCB-Info-Issuer-Chain: "},
                {SIM_ANSWER_QE_IDENTITY, "\r\nSGX-Enclave-Identity-Issuer-Chain: "},
                {SIM_ANSWER_PCK_CRL, "\r\nSGX-PCK-CRL-Issuer-Chain: "}};
    static struct sim_intel doc;

    sim_intel_default(&doc, ring, SIM_TDX_V4, 0, NOW);
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("the service's answer: %s", rows[i].header + 2);
        struct sim_bytes answer = sim_intel_answer(&doc, rows[i].answer);
        struct sim_bytes wanted = rows[i].answer == SIM_ANSWER_PCK_CRL
                                      ? sim_intel_ca_chain(&doc)
                                      : sim_intel_signer_chain(&doc);

        sim_bytes_append_byte(&answer, 0);
        const char *start = strstr((const char *)answer.ptr, rows[i].header);
        const char *end = start ? strstr(start + 2, "\r\n\r\n") : NULL;
        if (CHECK(start && end)) {
            struct sim_bytes chain = unescape(
                (const uint8_t *)start + strlen(rows[i].header), (const uint8_t *)end);

            CHECK_SPAN(sim_bytes_span(chain), sim_bytes_span(wanted));
            CHECK(end[4] == '{' || end[4] == 0x30);
            sim_bytes_free(&chain);
        }
        sim_bytes_free(&answer);
        sim_bytes_free(&wanted);
    }
}

int main(void)
{
    struct sim_keyring *ring = sim_keyring_create(9);

    as_genuine(ring);
    jansson_reads(ring);
    values(ring);
    edits(ring);
    answers(ring);
    sim_keyring_destroy(ring);
    return test_finish();
}
