/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/dcap/qe_identity.h"

#include "base/span.h"
#include "evidence/dcap/tcb_levels.h"

#define HERE    "dcap.qe_identity"
#define VERSION 2

enum member {
    ID,
    VERSION_NUMBER,
    ISSUE_DATE,
    NEXT_UPDATE,
    EVALUATION_NUMBER,
    MISC_SELECT,
    MISC_SELECT_MASK,
    ATTRIBUTES,
    ATTRIBUTES_MASK,
    MR_SIGNER,
    ISV_PROD_ID,
    LEVELS,
    MEMBER_COUNT
};

static const struct troth_member members[MEMBER_COUNT] = {
    [ID] = TROTH_MEMBER(HERE, "id", true),
    [VERSION_NUMBER] = TROTH_MEMBER(HERE, "version", true),
    [ISSUE_DATE] = TROTH_MEMBER(HERE, "issueDate", true),
    [NEXT_UPDATE] = TROTH_MEMBER(HERE, "nextUpdate", true),
    [EVALUATION_NUMBER] = TROTH_MEMBER(HERE, "tcbEvaluationDataNumber", true),
    [MISC_SELECT] = TROTH_MEMBER(HERE, "miscselect", true),
    [MISC_SELECT_MASK] = TROTH_MEMBER(HERE, "miscselectMask", true),
    [ATTRIBUTES] = TROTH_MEMBER(HERE, "attributes", true),
    [ATTRIBUTES_MASK] = TROTH_MEMBER(HERE, "attributesMask", true),
    [MR_SIGNER] = TROTH_MEMBER(HERE, "mrsigner", true),
    [ISV_PROD_ID] = TROTH_MEMBER(HERE, "isvprodid", true),
    [LEVELS] = TROTH_MEMBER(HERE, "tcbLevels", true),
};

static const struct troth_member level_members[] = {
    TROTH_LEVEL_MEMBERS(HERE ".tcbLevels"),
};

static const char *const ids[] = {
    [TROTH_QE_SGX] = "QE",
    [TROTH_QE_TD] = "TD_QE",
    [TROTH_QE_VERIFIER] = "QVE",
};

const char *troth_qe_id_text(enum troth_qe_id id)
{
    return id >= TROTH_QE_SGX && id <= TROTH_QE_VERIFIER ? ids[id] : NULL;
}

static enum troth_qe_id read_id(struct troth_json *json, const char *field)
{
    const struct troth_span text = troth_json_string(json, field);

    for (size_t i = TROTH_QE_SGX; i <= TROTH_QE_VERIFIER; i++)
        if (troth_span_equal(text, troth_span_of_text(ids[i])))
            return (enum troth_qe_id)i;
    troth_json_expect(json, false, TROTH_ERR_VALUE, field);
    return TROTH_QE_VERIFIER;
}

static void read_member(struct troth_qe_identity *out, enum member which,
                        struct troth_json *json, struct troth_arena *arena)
{
    const char *const field = members[which].field;

    switch (which) {
    case ID:
        out->id = read_id(json, field);
        break;
    case VERSION_NUMBER:
        troth_json_expect(json, troth_json_uint(json, field) == VERSION,
                          TROTH_ERR_VERSION, field);
        break;
    case ISSUE_DATE:
        out->issue_date_s = troth_statement_instant(json, field);
        break;
    case NEXT_UPDATE:
        out->next_update_s = troth_statement_instant(json, field);
        break;
    case EVALUATION_NUMBER:
        out->evaluation_number = troth_json_uint(json, field);
        break;
    case MISC_SELECT:
        troth_statement_hex(json, out->misc_select, sizeof out->misc_select, field);
        break;
    case MISC_SELECT_MASK:
        troth_statement_hex(json, out->misc_select_mask, sizeof out->misc_select_mask,
                            field);
        break;
    case ATTRIBUTES:
        troth_statement_hex(json, out->attributes, sizeof out->attributes, field);
        break;
    case ATTRIBUTES_MASK:
        troth_statement_hex(json, out->attributes_mask, sizeof out->attributes_mask,
                            field);
        break;
    case MR_SIGNER:
        troth_statement_hex(json, out->mr_signer, sizeof out->mr_signer, field);
        break;
    case ISV_PROD_ID:
        out->isv_prod_id = (uint16_t)troth_statement_uint(json, UINT16_MAX, field);
        break;
    case LEVELS:
        out->levels = troth_isv_levels_read(&out->level_count, json, level_members, arena,
                                            field);
        break;
    case MEMBER_COUNT:
        break;
    }
}

enum troth_err troth_qe_identity_parse(struct troth_qe_identity *out,
                                       struct troth_fault *fault, struct troth_span json,
                                       struct troth_arena *arena)
{
    const size_t used = arena->used;
    struct troth_qe_identity identity = {.level_count = 0};
    struct troth_json r;

    troth_json_init(&r, json);

    struct troth_members m = troth_members_enter(&r, members, MEMBER_COUNT, HERE);

    while (troth_members_next(&m))
        read_member(&identity, (enum member)m.at, &r, arena);

    const enum troth_err err = troth_json_finish(&r, fault);

    if (err) {
        if (fault && !fault->field) /* bytes behind the object are in no member */
            fault->field = HERE;
        arena->used = used;
        identity = (struct troth_qe_identity){.level_count = 0};
    }
    *out = identity;
    return err;
}
