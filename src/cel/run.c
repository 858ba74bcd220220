/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/memory.h"
#include "cel/machine.h"

/* Values that need no arena: what most rules have of locals and stack. */
enum { SMALL = 24 };

static void run(struct troth_cel_machine *m, const struct troth_cel_instruction *in)
{
    while (in && m->call.steps) {
        m->call.steps--;
        in = in->step(m, in);
    }
    if (in)
        m->call.out_of_steps = true;
}

static void run_traced(struct troth_cel_machine *m,
                       const struct troth_cel_instruction *in,
                       struct troth_cel_value *trace)
{
    while (in && m->call.steps) {
        const struct troth_cel_instruction *done = in;

        m->call.steps--;
        in = done->step(m, done);
        /* What is nobody's goes to node 0, which is no node. */
        if (done->constant)
            trace[done->number] = *done->constant;
        trace[done->node] = m->top[-1];
    }
    if (in)
        m->call.out_of_steps = true;
}

void troth_cel_machine_run(struct troth_cel_machine *m, const struct troth_cel_code *code,
                           struct troth_cel_value *trace)
{
    if (!trace) {
        run(m, code->instructions);
        return;
    }
    memset(trace, 0, code->node_count * sizeof *trace);
    run_traced(m, code->instructions, trace);
}

enum troth_err troth_cel_evaluate(struct troth_cel_value *out,
                                  const struct troth_cel_program *program,
                                  const struct troth_cel_run *given)
{
    const struct troth_cel_code *code = program->code;
    struct troth_cel_value small[SMALL];
    struct troth_cel_value *room = small;

    *out = (struct troth_cel_value){0};
    if (code->room > SMALL)
        room = troth_arena_take_unset(given->arena, code->room, sizeof *room);
    if (!room)
        return TROTH_ERR_MEMORY;

    struct troth_cel_machine m = {
        .call = {.arena = given->arena, .steps = given->steps},
        .top = room + code->slots + 1,
        .slots = room,
        .variables = given->variables,
        .nodes = code->nodes,
    };

    /* What a trace finds below an empty stack. */
    m.top[-1] = (struct troth_cel_value){0};
    troth_cel_machine_run(&m, code, given->trace);
    if (m.call.out_of_memory)
        return TROTH_ERR_MEMORY;
    if (m.call.out_of_steps)
        return TROTH_ERR_LIMIT;
    *out = m.top[-1];
    return TROTH_OK;
}
