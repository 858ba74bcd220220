/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a TCB info, or as the answer it comes in: what is read is in order, the
 * same every time, and a higher version is never judged by a lower level. */
#include "evidence/dcap/tcb_info.h"

#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "codec/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 1 << 17 };

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* {"tcbInfo": this, …}; or all of it. */
static struct troth_span inner(struct troth_span whole)
{
    struct troth_json r;
    struct troth_span key;

    troth_json_init(&r, whole);
    troth_json_enter_object(&r, "whole");
    while (troth_json_member(&r, &key, "whole")) {
        const struct troth_span value = troth_json_skip(&r, "whole");

        if (value.ptr && troth_json_text_is(key, "tcbInfo"))
            return value;
    }
    return whole;
}

static void require_stated(enum troth_tcb_status status)
{
    const char *text = troth_tcb_status_text(status);

    require(text && troth_tcb_status_parse(troth_span_of_text(text)) == status);
}

static void require_advisories(struct troth_span list, struct troth_span json)
{
    struct troth_span one;

    require(list.len == 0 ||
            (list.ptr >= json.ptr && list.ptr + list.len <= json.ptr + json.len));
    while ((one = troth_advisory_next(&list)).ptr) {
        require(one.len <= 64);
        for (size_t i = 0; i < one.len; i++)
            require(strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                           "0123456789-",
                           one.ptr[i]) &&
                    one.ptr[i]);
    }
}

static void require_isv_levels(const struct troth_isv_level *levels, size_t count,
                               struct troth_span json)
{
    require(count > 0 && count <= TROTH_ISV_LEVELS_MAX);
    for (size_t i = 0; i < count; i++) {
        require(i == 0 || levels[i - 1].isv_svn > levels[i].isv_svn);
        require_stated(levels[i].status);
        require_advisories(levels[i].advisories, json);
    }
}

static void require_levels(const struct troth_tcb_info *info, struct troth_span json)
{
    require(info->level_count > 0 && info->level_count <= TROTH_TCB_LEVELS_MAX);
    for (size_t i = 0; i < info->level_count; i++) {
        const struct troth_tcb_level *level = &info->levels[i];

        require(i == 0 || troth_tcb_level_compare(level - 1, level) > 0);
        require_stated(level->status);
        require_advisories(level->advisories, json);
        for (size_t k = 0; !info->is_tdx && k < TROTH_TCB_COMPONENTS; k++)
            require(level->tdx[k] == 0);
    }
}

static void require_modules(const struct troth_tcb_info *info, struct troth_span json)
{
    require(info->identity_count <= TROTH_TCB_MODULES_MAX);
    require(info->is_tdx || (!info->has_module && !info->identity_count));
    require(!info->is_tdx || (info->has_module && info->version == 3));
    for (size_t i = 0; i < info->identity_count; i++) {
        const struct troth_tdx_module_identity *identity = &info->identities[i];

        require(troth_tcb_info_module(info, identity->version) == identity);
        require_isv_levels(identity->levels, identity->level_count, json);
    }
}

/* Which level a platform gets; their count for none. The dates of `levels` are their
 * places. */
static size_t place_of(const struct troth_tcb_level *levels, size_t count,
                       const struct troth_pck *pck, const uint8_t *tdx)
{
    struct troth_tcb_standing standing = troth_tcb_match(levels, count, pck, tdx);

    return standing.status == TROTH_TCB_NONE ? count : (size_t)standing.date_s;
}

/* Each level is reached by its own versions, and by higher ones nothing below it. */
static void require_monotone(const struct troth_tcb_info *info)
{
    static struct troth_tcb_level levels[TROTH_TCB_LEVELS_MAX];
    const size_t count = info->level_count;

    memcpy(levels, info->levels, count * sizeof *levels);
    for (size_t i = 0; i < count; i++)
        levels[i].date_s = (int64_t)i;
    for (size_t i = 0; i < count; i++) {
        struct troth_pck pck = {.pce_svn = levels[i].pce_svn};
        uint8_t tdx[TROTH_TCB_COMPONENTS];
        const uint8_t *const tdx_svn = info->is_tdx ? tdx : NULL;

        memcpy(pck.components, levels[i].sgx, sizeof pck.components);
        memcpy(tdx, levels[i].tdx, sizeof tdx);

        const size_t place = place_of(levels, count, &pck, tdx_svn);

        require(place <= i);
        for (size_t k = 0; k < TROTH_TCB_COMPONENTS; k++) {
            struct troth_pck higher = pck;

            higher.components[k] |= 0x81;
            require(place_of(levels, count, &higher, tdx_svn) <= place);
        }
        pck.pce_svn |= 0x8001;
        require(place_of(levels, count, &pck, tdx_svn) <= place);
        tdx[i % TROTH_TCB_COMPONENTS] |= 0x81;
        require(place_of(levels, count, &pck, tdx_svn) <= place);
    }
}

/* What one reading found, another finds. */
static void require_same(const struct troth_tcb_info *a, const struct troth_tcb_info *b)
{
    require(a->version == b->version && a->is_tdx == b->is_tdx);
    require(a->issue_date_s == b->issue_date_s && a->next_update_s == b->next_update_s);
    require(memcmp(a->fmspc, b->fmspc, sizeof a->fmspc) == 0);
    require(a->evaluation_number == b->evaluation_number);
    require(a->level_count == b->level_count && a->identity_count == b->identity_count);
    for (size_t i = 0; i < a->level_count; i++)
        require(troth_tcb_level_compare(&a->levels[i], &b->levels[i]) == 0 &&
                a->levels[i].status == b->levels[i].status &&
                a->levels[i].advisories.ptr == b->levels[i].advisories.ptr);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t memory[2][ROOM];
    const struct troth_span json = inner((struct troth_span){data, size});
    struct troth_arena arena = TROTH_ARENA_OVER(memory[0]);
    struct troth_arena other = TROTH_ARENA_OVER(memory[1]);
    struct troth_fault fault;
    struct troth_tcb_info info, again;
    const enum troth_err err = troth_tcb_info_parse(&info, &fault, json, &arena);

    require(err == fault.err && fault.offset <= json.len);
    require(troth_tcb_info_parse(&again, NULL, json, &other) == err);
    if (err) {
        require(arena.used == 0 && !info.levels && !info.identities && !info.version);
        return 0;
    }
    require(info.version == 2 || info.version == 3);
    require(arena.used <= json.len);
    require_levels(&info, json);
    require_modules(&info, json);
    require_monotone(&info);
    require_same(&info, &again);
    return 0;
}
