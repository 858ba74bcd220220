/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/tsm_fault.h"

#include <string.h>

#include "sim/command.h"

static const struct {
    const char *word;
    enum sim_tsm_fault_kind kind;
} words[] = {
#define X(name, word, meaning) {word, SIM_TSM_##name},
    SIM_TSM_FAULTS(X)
#undef X
};

struct sim_tsm_fault sim_tsm_fault_parse(const char *option, const char *text)
{
    const char *colon = text ? strchr(text, ':') : NULL;

    if (!text)
        sim_refuse("a kind of fault must follow", option);
    const size_t len = colon ? (size_t)(colon - text) : strlen(text);

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strlen(words[i].word) == len && strncmp(words[i].word, text, len) == 0)
            return (struct sim_tsm_fault){
                words[i].kind,
                colon ? sim_parse_number(text, colon + 1, UINT64_MAX) : UINT64_MAX};
    sim_refuse("no such fault", text);
}

bool sim_tsm_fault_strikes(struct sim_tsm_fault *fault, enum sim_tsm_fault_kind kind)
{
    if (fault->kind != kind || fault->left == 0)
        return false;
    fault->left--;
    return true;
}
