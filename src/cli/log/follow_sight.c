/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/follow_sight.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tlog/checkpoint.h"

bool troth_follow_sight_verify(struct troth_follow_sight *sight, char *why, size_t size,
                               const struct troth_witnesses *trust,
                               const struct troth_crypto *crypto)
{
    struct troth_checkpoint checkpoint;
    struct troth_fault fault;

    sight->is_known = troth_checkpoint_check(&checkpoint, &fault,
                                             troth_follow_sight_note(sight), trust,
                                             crypto) == TROTH_OK;
    why[0] = '\0';
    if (sight->is_known) {
        sight->tree.size = checkpoint.size;
        memcpy(sight->tree.root.bytes, checkpoint.root, sizeof checkpoint.root);
    } else {
        (void)snprintf(why, size, "%s%s%s", fault.field ? fault.field : "",
                       fault.field ? ": " : "", troth_err_text(fault.err));
    }
    return sight->is_known;
}

int troth_follow_sight_copy(struct troth_follow_sight *out, struct troth_span note)
{
    *out = (struct troth_follow_sight){.file = {malloc(note.len + 1), 0}};
    if (!out->file.bytes)
        return ENOMEM;
    if (note.len > 0)
        memcpy(out->file.bytes, note.ptr, note.len);
    out->file.len = note.len;
    return 0;
}

struct troth_span troth_follow_sight_note(const struct troth_follow_sight *sight)
{
    return (struct troth_span){sight->file.bytes, sight->file.len};
}

void troth_follow_sight_release(struct troth_follow_sight *sight)
{
    troth_file_release(&sight->file);
    *sight = (struct troth_follow_sight){.is_known = false};
}
