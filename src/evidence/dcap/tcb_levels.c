/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/dcap/tcb_levels.h"

#include <limits.h>

#include "base/arena.h"
#include "base/memory.h"
#include "evidence/dcap/tcb_info.h"

/* In the order of TROTH_LEVEL_MEMBERS. */
enum { LEVEL_TCB, LEVEL_DATE, LEVEL_STATUS, LEVEL_ADVISORIES };

#define LEVEL "dcap.tcb_info.tcbLevels"

static const struct troth_member platform_level[] = {TROTH_LEVEL_MEMBERS(LEVEL)};

#define NUMBERED(number) TROTH_MEMBER(LEVEL ".tcb", "sgxtcbcomp" number "svn", false)

/* In the order of version 3; of version 2 the numbered ones come first. */
enum { TCB_SGX, TCB_PCE_SVN, TCB_TDX, TCB_NUMBERED };
#define ALL_NUMBERED ((UINT32_C(1) << TROTH_TCB_COMPONENTS) - 1)

static const struct troth_member platform_tcb[] = {
    [TCB_SGX] = TROTH_MEMBER(LEVEL ".tcb", "sgxtcbcomponents", false),
    [TCB_PCE_SVN] = TROTH_MEMBER(LEVEL ".tcb", "pcesvn", true),
    [TCB_TDX] = TROTH_MEMBER(LEVEL ".tcb", "tdxtcbcomponents", false),
    [TCB_NUMBERED] = NUMBERED("01"),
    NUMBERED("02"),
    NUMBERED("03"),
    NUMBERED("04"),
    NUMBERED("05"),
    NUMBERED("06"),
    NUMBERED("07"),
    NUMBERED("08"),
    NUMBERED("09"),
    NUMBERED("10"),
    NUMBERED("11"),
    NUMBERED("12"),
    NUMBERED("13"),
    NUMBERED("14"),
    NUMBERED("15"),
    NUMBERED("16"),
};

/* "category" and "type" are for people. */
static const struct troth_member component[] = {
    TROTH_MEMBER(LEVEL ".tcb.components", "svn", true),
};

static const struct troth_member isv_tcb[] = {
    TROTH_MEMBER("dcap.isv_level.tcb", "isvsvn", true),
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* To a level's "tcb"; what else the level says is read on the way and behind it. */
static bool to_tcb(struct troth_members *level, struct troth_tcb_standing *out)
{
    while (troth_members_next(level)) {
        const char *const field = troth_members_field(level);

        switch (level->at) {
        case LEVEL_DATE:
            out->date_s = troth_statement_instant(level->json, field);
            break;
        case LEVEL_STATUS:
            out->status = troth_statement_status(level->json, field);
            break;
        case LEVEL_ADVISORIES:
            out->advisories = troth_statement_advisories(level->json, field);
            break;
        default:
            return true;
        }
    }
    return false;
}

static uint8_t read_svn(struct troth_json *json, const char *field)
{
    return (uint8_t)troth_statement_uint(json, UINT8_MAX, field);
}

/* {"svn":7}, or with more in it. */
static uint8_t read_component(struct troth_json *json, const char *field)
{
    uint8_t svn = 0;

    troth_json_enter_object(json, field);

    /* Most of a TCB info is these, and most of them have one member. */
    const bool is_plain = troth_json_member_is(json, component->quoted);
    struct troth_members m = {.json = json,
                              .rows = component,
                              .field = field,
                              .count = COUNT(component),
                              .at = is_plain ? 0 : UINT_MAX,
                              .seen = is_plain};

    if (is_plain) {
        svn = read_svn(json, component->field);
        if (troth_json_leave_at_end(json))
            return svn;
    }
    while (troth_members_next(&m))
        svn = read_svn(json, component->field);
    return svn;
}

/* Sixteen objects, neither more nor fewer. */
static void read_components(uint8_t out[static TROTH_TCB_COMPONENTS],
                            struct troth_json *json, const char *field)
{
    troth_json_enter_array(json, field);
    for (size_t i = 0; i < TROTH_TCB_COMPONENTS && !json->c.fault.err; i++)
        out[i] = read_component(json, field);
    troth_json_leave(json, field);
}

/* Returns the ways in which the components are written. */
static unsigned read_platform_tcb(struct troth_tcb_level *out, struct troth_json *json)
{
    struct troth_members m = troth_members_enter(json, platform_tcb, COUNT(platform_tcb),
                                                 LEVEL ".tcb");

    while (troth_members_next(&m)) {
        const char *const field = troth_members_field(&m);

        if (m.at >= TCB_NUMBERED)
            out->sgx[m.at - TCB_NUMBERED] = read_svn(json, field);
        else if (m.at == TCB_PCE_SVN)
            out->pce_svn = (uint16_t)troth_statement_uint(json, UINT16_MAX, field);
        else
            read_components(m.at == TCB_SGX ? out->sgx : out->tdx, json, field);
    }

    const uint32_t numbered = m.seen >> TCB_NUMBERED;
    const bool is_listed = m.seen >> TCB_SGX & 1, is_tdx = m.seen >> TCB_TDX & 1;

    troth_json_expect(json, numbered == 0 || numbered == ALL_NUMBERED, TROTH_ERR_MISSING,
                      LEVEL ".tcb.sgxtcbcomp");
    troth_json_expect(json, numbered == 0 || !is_listed, TROTH_ERR_DUPLICATE,
                      LEVEL ".tcb.sgxtcbcomponents");
    return (numbered ? TROTH_LEVEL_NUMBERED : 0U) |
           (is_listed ? TROTH_LEVEL_LISTED : 0U) | (is_tdx ? TROTH_LEVEL_TDX : 0U);
}

static unsigned read_platform_level(struct troth_tcb_level *out, struct troth_json *json)
{
    struct troth_members m = troth_members_enter(json, platform_level,
                                                 COUNT(platform_level), LEVEL);
    struct troth_tcb_standing standing = {TROTH_TCB_NONE, 0, {NULL, 0}};
    unsigned forms = 0;

    while (to_tcb(&m, &standing))
        forms = read_platform_tcb(out, json);
    out->status = standing.status;
    out->date_s = standing.date_s;
    out->advisories = standing.advisories;
    return forms;
}

/* Give back what lies behind `end`. */
static void trim(struct troth_arena *arena, const void *end)
{
    arena->used = (size_t)((const uint8_t *)end - arena->base);
}

struct troth_tcb_levels troth_tcb_levels_read(struct troth_json *json,
                                              struct troth_arena *arena,
                                              const char *field)
{
    struct troth_tcb_levels levels = {
        .rows = troth_arena_take_array(arena, TROTH_TCB_LEVELS_MAX, sizeof *levels.rows),
        .forms = TROTH_LEVEL_NUMBERED | TROTH_LEVEL_LISTED | TROTH_LEVEL_TDX,
    };

    troth_json_expect(json, levels.rows, TROTH_ERR_MEMORY, field);
    troth_json_enter_array(json, field);
    while (troth_json_more(json)) {
        if (levels.count == TROTH_TCB_LEVELS_MAX) {
            troth_json_expect(json, false, TROTH_ERR_LIMIT, field);
            break;
        }
        levels.forms &= read_platform_level(&levels.rows[levels.count++], json);
    }
    troth_json_expect(json, levels.count > 0, TROTH_ERR_MISSING, field);
    troth_json_leave(json, field);
    if (levels.rows)
        trim(arena, levels.rows + levels.count);
    return levels;
}

bool troth_tcb_levels_sort(struct troth_tcb_levels *levels)
{
    bool is_unique = true;

    /* They come sorted, so that this is one comparison each. */
    for (size_t i = 1; i < levels->count; i++) {
        const struct troth_tcb_level level = levels->rows[i];
        size_t to = i;
        int order = -1;

        while (to > 0 &&
               (order = troth_tcb_level_compare(&levels->rows[to - 1], &level)) < 0) {
            levels->rows[to] = levels->rows[to - 1];
            to--;
        }
        levels->rows[to] = level;
        if (to > 0 && order == 0)
            is_unique = false;
    }
    return is_unique;
}

static void read_isv_level(struct troth_isv_level *out, struct troth_json *json,
                           const struct troth_member *rows, const char *field)
{
    struct troth_members m = troth_members_enter(json, rows, TROTH_LEVEL_MEMBER_COUNT,
                                                 field);
    struct troth_tcb_standing standing = {TROTH_TCB_NONE, 0, {NULL, 0}};

    while (to_tcb(&m, &standing)) {
        struct troth_members tcb = troth_members_enter(json, isv_tcb, COUNT(isv_tcb),
                                                       field);

        while (troth_members_next(&tcb))
            out->isv_svn = (uint16_t)troth_statement_uint(json, UINT16_MAX,
                                                          troth_members_field(&tcb));
    }
    out->status = standing.status;
    out->date_s = standing.date_s;
    out->advisories = standing.advisories;
}

/* Put the last row where it belongs. False if it is there already. */
static bool insert_isv_level(struct troth_isv_level *rows, size_t count)
{
    const struct troth_isv_level level = rows[count - 1];
    size_t to = count - 1;

    while (to > 0 && rows[to - 1].isv_svn < level.isv_svn) {
        rows[to] = rows[to - 1];
        to--;
    }
    rows[to] = level;
    return to == 0 || rows[to - 1].isv_svn != level.isv_svn;
}

const struct troth_isv_level *
troth_isv_levels_read(size_t *out_count, struct troth_json *json,
                      const struct troth_member rows[static TROTH_LEVEL_MEMBER_COUNT],
                      struct troth_arena *arena, const char *field)
{
    struct troth_isv_level *const levels = troth_arena_take_array(
        arena, TROTH_ISV_LEVELS_MAX, sizeof *levels);
    size_t count = 0;

    troth_json_expect(json, levels, TROTH_ERR_MEMORY, field);
    troth_json_enter_array(json, field);
    while (troth_json_more(json)) {
        if (count == TROTH_ISV_LEVELS_MAX) {
            troth_json_expect(json, false, TROTH_ERR_LIMIT, field);
            break;
        }
        read_isv_level(&levels[count++], json, rows, field);
        troth_json_expect(json, insert_isv_level(levels, count), TROTH_ERR_DUPLICATE,
                          field);
    }
    troth_json_expect(json, count > 0, TROTH_ERR_MISSING, field);
    troth_json_leave(json, field);
    if (levels)
        trim(arena, levels + count);
    *out_count = count;
    return levels;
}
