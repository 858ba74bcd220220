/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/dcap/tcb_info.h"

#include "base/arena.h"
#include "base/hex.h"
#include "base/memory.h"
#include "base/span.h"
#include "evidence/dcap/tcb_levels.h"

#define HERE     "dcap.tcb_info"
#define MODULE   HERE ".tdxModule"
#define IDENTITY HERE ".tdxModuleIdentities"

enum member {
    ID,
    VERSION,
    ISSUE_DATE,
    NEXT_UPDATE,
    FMSPC,
    PCE_ID,
    TCB_TYPE,
    EVALUATION_NUMBER,
    TDX_MODULE,
    IDENTITIES,
    LEVELS,
    MEMBER_COUNT
};

static const struct troth_member members[MEMBER_COUNT] = {
    [ID] = TROTH_MEMBER(HERE, "id", false),
    [VERSION] = TROTH_MEMBER(HERE, "version", true),
    [ISSUE_DATE] = TROTH_MEMBER(HERE, "issueDate", true),
    [NEXT_UPDATE] = TROTH_MEMBER(HERE, "nextUpdate", true),
    [FMSPC] = TROTH_MEMBER(HERE, "fmspc", true),
    [PCE_ID] = TROTH_MEMBER(HERE, "pceId", true),
    [TCB_TYPE] = TROTH_MEMBER(HERE, "tcbType", true),
    [EVALUATION_NUMBER] = TROTH_MEMBER(HERE, "tcbEvaluationDataNumber", true),
    [TDX_MODULE] = TROTH_MEMBER(HERE, "tdxModule", false),
    [IDENTITIES] = TROTH_MEMBER(HERE, "tdxModuleIdentities", false),
    [LEVELS] = TROTH_MEMBER(HERE, "tcbLevels", true),
};

enum { MODULE_SIGNER, MODULE_ATTRIBUTES, MODULE_MASK };
enum { IDENTITY_ID = MODULE_MASK + 1, IDENTITY_LEVELS, IDENTITY_MEMBER_COUNT };

/* clang-format off */
#define MODULE_MEMBERS(path)                                                             \
    [MODULE_SIGNER] = TROTH_MEMBER(path, "mrsigner", true),                              \
    [MODULE_ATTRIBUTES] = TROTH_MEMBER(path, "attributes", true),                        \
    [MODULE_MASK] = TROTH_MEMBER(path, "attributesMask", true)
/* clang-format on */

static const struct troth_member module_members[] = {MODULE_MEMBERS(MODULE)};

static const struct troth_member identity_members[IDENTITY_MEMBER_COUNT] = {
    MODULE_MEMBERS(IDENTITY),
    [IDENTITY_ID] = TROTH_MEMBER(IDENTITY, "id", true),
    [IDENTITY_LEVELS] = TROTH_MEMBER(IDENTITY, "tcbLevels", true),
};

static const struct troth_member module_level_members[] = {
    TROTH_LEVEL_MEMBERS(IDENTITY ".tcbLevels"),
};

struct reading {
    struct troth_json json;
    struct troth_arena *arena;
    struct troth_tcb_info info;
    struct troth_tcb_levels levels;
    bool has_id;
};

/* One of the three members that say what a module must be. */
static void read_module_member(struct troth_tdx_module *out, struct troth_json *json,
                               const struct troth_members *m)
{
    const char *const field = troth_members_field(m);

    if (m->at == MODULE_SIGNER)
        troth_statement_hex(json, out->mr_signer, sizeof out->mr_signer, field);
    else if (m->at == MODULE_ATTRIBUTES)
        troth_statement_hex(json, out->attributes, sizeof out->attributes, field);
    else
        troth_statement_hex(json, out->attributes_mask, sizeof out->attributes_mask,
                            field);
}

static void read_module(struct troth_tdx_module *out, struct troth_json *json)
{
    struct troth_members m = troth_members_enter(json, module_members, IDENTITY_ID,
                                                 MODULE);

    while (troth_members_next(&m))
        read_module_member(out, json, &m);
}

/* "TDX_03" and "tdx_03" alike; the digits are hexadecimal. */
static uint8_t read_module_version(struct troth_json *json, const char *field)
{
    static const uint8_t prefix[] = {'t', 'd', 'x'};
    const struct troth_span text = troth_json_string(json, field);
    uint8_t version = 0;
    size_t len = 0;
    bool is_one = text.len == 6 && text.ptr[3] == '_';

    for (size_t i = 0; is_one && i < sizeof prefix; i++)
        is_one = (text.ptr[i] | 0x20) == prefix[i];
    if (!is_one || troth_hex_parse(&version, 1, &len, troth_span_slice(text, 4, 6)))
        troth_json_expect(json, false, TROTH_ERR_VALUE, field);
    return version;
}

static void read_identity(struct troth_tdx_module_identity *out, struct reading *t)
{
    struct troth_members m = troth_members_enter(&t->json, identity_members,
                                                 IDENTITY_MEMBER_COUNT, IDENTITY);

    while (troth_members_next(&m)) {
        const char *const field = troth_members_field(&m);

        if (m.at == IDENTITY_ID)
            out->version = read_module_version(&t->json, field);
        else if (m.at == IDENTITY_LEVELS)
            out->levels = troth_isv_levels_read(&out->level_count, &t->json,
                                                module_level_members, t->arena, field);
        else
            read_module_member(&out->module, &t->json, &m);
    }
}

static bool is_known(const struct troth_tdx_module_identity *identities, size_t count,
                     uint8_t version)
{
    for (size_t i = 0; i < count; i++)
        if (identities[i].version == version)
            return true;
    return false;
}

static void read_identities(struct reading *t)
{
    /* Not in the arena yet: there the levels go first. */
    struct troth_tdx_module_identity read[TROTH_TCB_MODULES_MAX] = {{.version = 0}};
    size_t count = 0;

    troth_json_enter_array(&t->json, IDENTITY);
    while (troth_json_more(&t->json)) {
        if (count == TROTH_TCB_MODULES_MAX) {
            troth_json_expect(&t->json, false, TROTH_ERR_LIMIT, IDENTITY);
            break;
        }
        read_identity(&read[count], t);
        troth_json_expect(&t->json, !is_known(read, count, read[count].version),
                          TROTH_ERR_DUPLICATE, IDENTITY);
        count++;
    }
    troth_json_leave(&t->json, IDENTITY);
    if (t->json.c.fault.err || count == 0)
        return;

    struct troth_tdx_module_identity *const kept = troth_arena_take_array(t->arena, count,
                                                                          sizeof *kept);

    troth_json_expect(&t->json, kept, TROTH_ERR_MEMORY, IDENTITY);
    if (kept)
        memcpy(kept, read, count * sizeof *kept);
    t->info.identities = kept;
    t->info.identity_count = count;
}

static void read_id(struct reading *t, const char *field)
{
    const struct troth_span id = troth_json_string(&t->json, field);

    t->has_id = true;
    t->info.is_tdx = troth_span_equal(id, TROTH_LITERAL("TDX"));
    troth_json_expect(&t->json,
                      t->info.is_tdx || troth_span_equal(id, TROTH_LITERAL("SGX")),
                      TROTH_ERR_VALUE, field);
}

static void read_version(struct reading *t, const char *field)
{
    const uint64_t version = troth_json_uint(&t->json, field);

    troth_json_expect(&t->json, version == 2 || version == 3, TROTH_ERR_VERSION, field);
    t->info.version = (unsigned)version;
}

static void read_member(struct reading *t, enum member which)
{
    const char *const field = members[which].field;

    switch (which) {
    case ID:
        read_id(t, field);
        break;
    case VERSION:
        read_version(t, field);
        break;
    case ISSUE_DATE:
        t->info.issue_date_s = troth_statement_instant(&t->json, field);
        break;
    case NEXT_UPDATE:
        t->info.next_update_s = troth_statement_instant(&t->json, field);
        break;
    case FMSPC:
        troth_statement_hex(&t->json, t->info.fmspc, sizeof t->info.fmspc, field);
        break;
    case PCE_ID:
        troth_statement_hex(&t->json, t->info.pce_id, sizeof t->info.pce_id, field);
        break;
    case TCB_TYPE:
        (void)troth_statement_uint(&t->json, 0, field);
        break;
    case EVALUATION_NUMBER:
        t->info.evaluation_number = troth_json_uint(&t->json, field);
        break;
    case TDX_MODULE:
        t->info.has_module = true;
        read_module(&t->info.module, &t->json);
        break;
    case IDENTITIES:
        read_identities(t);
        break;
    case LEVELS:
        t->levels = troth_tcb_levels_read(&t->json, t->arena, field);
        break;
    case MEMBER_COUNT:
        break;
    }
}

/* What only the whole of it can tell: members may come in any order. */
static void check_whole(struct reading *t)
{
    const bool is_3 = t->info.version == 3;
    const unsigned form = is_3 ? TROTH_LEVEL_LISTED : TROTH_LEVEL_NUMBERED;

    troth_json_expect(&t->json, !is_3 || t->has_id, TROTH_ERR_MISSING, members[ID].field);
    troth_json_expect(&t->json, is_3 || !t->info.is_tdx, TROTH_ERR_VALUE,
                      members[ID].field);
    troth_json_expect(&t->json, t->levels.forms & form, TROTH_ERR_MISSING,
                      is_3 ? HERE ".tcbLevels.tcb.sgxtcbcomponents"
                           : HERE ".tcbLevels.tcb.sgxtcbcomp01svn");
    troth_json_expect(&t->json, !t->info.is_tdx || t->levels.forms & TROTH_LEVEL_TDX,
                      TROTH_ERR_MISSING, HERE ".tcbLevels.tcb.tdxtcbcomponents");
    troth_json_expect(&t->json, !t->info.is_tdx || t->info.has_module, TROTH_ERR_MISSING,
                      members[TDX_MODULE].field);
}

/* What is about TDX has no meaning to SGX. */
static void forget_tdx(struct reading *t)
{
    t->info.has_module = false;
    t->info.module = (struct troth_tdx_module){.mr_signer = {0}};
    t->info.identities = NULL;
    t->info.identity_count = 0;
    for (size_t i = 0; i < t->levels.count; i++)
        memset(t->levels.rows[i].tdx, 0, sizeof t->levels.rows[i].tdx);
}

enum troth_err troth_tcb_info_parse(struct troth_tcb_info *out, struct troth_fault *fault,
                                    struct troth_span json, struct troth_arena *arena)
{
    const size_t used = arena->used;
    struct reading t;

    troth_json_init(&t.json, json);
    t.arena = arena;
    t.info = (struct troth_tcb_info){.version = 0};
    t.levels = (struct troth_tcb_levels){.count = 0};
    t.has_id = false;

    struct troth_members m = troth_members_enter(&t.json, members, MEMBER_COUNT, HERE);

    while (troth_members_next(&m))
        read_member(&t, (enum member)m.at);
    check_whole(&t);
    if (!t.json.c.fault.err && !t.info.is_tdx)
        forget_tdx(&t);
    troth_json_expect(&t.json, t.json.c.fault.err || troth_tcb_levels_sort(&t.levels),
                      TROTH_ERR_DUPLICATE, members[LEVELS].field);
    t.info.levels = t.levels.rows;
    t.info.level_count = t.levels.count;

    const enum troth_err err = troth_json_finish(&t.json, fault);

    if (err) {
        if (fault && !fault->field) /* bytes behind the object are in no member */
            fault->field = HERE;
        arena->used = used;
        t.info = (struct troth_tcb_info){.version = 0};
    }
    *out = t.info;
    return err;
}

const struct troth_tdx_module_identity *
troth_tcb_info_module(const struct troth_tcb_info *info, uint8_t version)
{
    for (size_t i = 0; i < info->identity_count; i++)
        if (info->identities[i].version == version)
            return &info->identities[i];
    return NULL;
}
