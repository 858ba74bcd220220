/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a QE identity, or as the answer it comes in: what is read is in order, and
 * a higher version is never judged by a lower level. */
#include "evidence/dcap/qe_identity.h"

#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "codec/json.h"
#include "evidence/dcap/tcb_info.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* {"enclaveIdentity": this, …}; or all of it. */
static struct troth_span inner(struct troth_span whole)
{
    struct troth_json r;
    struct troth_span key;

    troth_json_init(&r, whole);
    troth_json_enter_object(&r, "whole");
    while (troth_json_member(&r, &key, "whole")) {
        const struct troth_span value = troth_json_skip(&r, "whole");

        if (value.ptr && troth_json_text_is(key, "enclaveIdentity"))
            return value;
    }
    return whole;
}

static void require_sorted(const struct troth_qe_identity *identity)
{
    require(identity->level_count > 0 && identity->level_count <= TROTH_ISV_LEVELS_MAX);
    for (size_t i = 0; i < identity->level_count; i++) {
        const struct troth_isv_level *level = &identity->levels[i];

        require(i == 0 || level[-1].isv_svn > level->isv_svn);
        require(level->status > TROTH_TCB_NONE && level->status <= TROTH_TCB_REVOKED);
    }
}

/* By rising versions: nothing, then each level from the last to the first. */
static void require_monotone(const struct troth_qe_identity *identity)
{
    const size_t count = identity->level_count;

    for (size_t i = 0; i < count; i++) {
        const struct troth_isv_level *level = &identity->levels[i];
        const struct troth_tcb_standing at = troth_isv_match(identity->levels, count,
                                                             level->isv_svn);

        require(at.status == level->status && at.date_s == level->date_s &&
                at.advisories.ptr == level->advisories.ptr);
        if (level->isv_svn == 0)
            continue;

        const struct troth_tcb_standing below = troth_isv_match(identity->levels, count,
                                                                level->isv_svn - 1U);

        if (i + 1 == count)
            require(below.status == TROTH_TCB_NONE);
        else
            require(below.date_s == level[1].date_s && below.status == level[1].status);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t memory[2][8192];
    const struct troth_span json = inner((struct troth_span){data, size});
    struct troth_arena arena = TROTH_ARENA_OVER(memory[0]);
    struct troth_arena other = TROTH_ARENA_OVER(memory[1]);
    struct troth_fault fault;
    struct troth_qe_identity identity, again;
    const enum troth_err err = troth_qe_identity_parse(&identity, &fault, json, &arena);

    require(err == fault.err && fault.offset <= json.len);
    require(troth_qe_identity_parse(&again, NULL, json, &other) == err);
    if (err) {
        require(arena.used == 0 && !identity.levels && !troth_qe_id_text(identity.id));
        return 0;
    }
    require(troth_qe_id_text(identity.id) != NULL && arena.used <= json.len);
    require(identity.level_count == again.level_count);
    for (size_t i = 0; i < identity.level_count; i++)
        require(identity.levels[i].isv_svn == again.levels[i].isv_svn &&
                identity.levels[i].status == again.levels[i].status &&
                identity.levels[i].advisories.ptr == again.levels[i].advisories.ptr);
    require_sorted(&identity);
    require_monotone(&identity);
    return 0;
}
