/* SPDX-License-Identifier: Apache-2.0 */
#include "service/run/restarts.h"

enum { STATUS_SIGNAL = 128 };

int troth_run_status_of(struct troth_run_end end)
{
    return end.by_signal ? STATUS_SIGNAL + end.number : end.number;
}

void troth_run_begin(struct troth_run_state *out, enum troth_run_restart restart,
                     bool has_outbound)
{
    *out = (struct troth_run_state){.restart = restart};
    out->lives[TROTH_RUN_AGENT].stage = TROTH_RUN_DOWN;
    out->lives[TROTH_RUN_OUTBOUND].stage = has_outbound ? TROTH_RUN_DOWN
                                                        : TROTH_RUN_ABSENT;
    out->lives[TROTH_RUN_PROGRAM].stage = TROTH_RUN_DOWN;
}

static bool is_alive(const struct troth_run_life *life)
{
    return life->stage == TROTH_RUN_STARTING || life->stage == TROTH_RUN_UP ||
           life->stage == TROTH_RUN_LEAVING;
}

static void enter(struct troth_run_life *life, enum troth_run_stage stage, int64_t now_ms)
{
    life->stage = stage;
    life->since_ms = now_ms;
}

static void end_all(struct troth_run_state *state, int status)
{
    if (state->is_over)
        return;
    state->is_over = true;
    state->status = status;
}

/* ---- what to do ---- */

static struct troth_run_step do_to(enum troth_run_act act, enum troth_run_part part)
{
    return (struct troth_run_step){act, part, -1};
}

/* Nothing now; again at the earliest of these instants. */
static struct troth_run_step wait_until(struct troth_run_step before, int64_t then_ms,
                                        int64_t now_ms)
{
    const int64_t left_ms = then_ms > now_ms ? then_ms - now_ms : 0;

    if (before.wait_ms < 0 || left_ms < before.wait_ms)
        before.wait_ms = left_ms;
    return before;
}

/* The program is over: helpers may leave, and are not waited for long. */
static struct troth_run_step leave(struct troth_run_state *state, int64_t now_ms)
{
    struct troth_run_step step = do_to(TROTH_RUN_FINISH, TROTH_RUN_PROGRAM);

    for (enum troth_run_part part = 0; part < TROTH_RUN_PARTS; part++) {
        struct troth_run_life *life = &state->lives[part];

        if (!is_alive(life))
            continue;
        if (life->stage != TROTH_RUN_LEAVING) {
            enter(life, TROTH_RUN_LEAVING, now_ms);
            return do_to(TROTH_RUN_STOP, part);
        }
        if (now_ms >= life->since_ms + TROTH_RUN_LEAVE_MS)
            return do_to(TROTH_RUN_FINISH, part);
        if (step.act == TROTH_RUN_FINISH)
            step = do_to(TROTH_RUN_WAIT, part);
        step = wait_until(step, life->since_ms + TROTH_RUN_LEAVE_MS, now_ms);
    }
    return step;
}

/* A helper that is down or starting; WAIT where there is nothing to do about it. */
static struct troth_run_step tend(struct troth_run_state *state, enum troth_run_part part,
                                  int64_t now_ms)
{
    struct troth_run_life *life = &state->lives[part];
    const struct troth_run_step nothing = do_to(TROTH_RUN_WAIT, part);
    const int64_t again_ms = life->since_ms + life->pause_ms;
    const int64_t late_ms = life->since_ms + TROTH_RUN_START_MS;

    if (life->stage == TROTH_RUN_DOWN)
        return now_ms >= again_ms ? do_to(TROTH_RUN_START, part)
                                  : wait_until(nothing, again_ms, now_ms);
    if (part == TROTH_RUN_PROGRAM || life->stage != TROTH_RUN_STARTING || life->is_late)
        return nothing;
    if (now_ms < late_ms)
        return wait_until(nothing, late_ms, now_ms);
    life->is_late = true;
    return do_to(TROTH_RUN_KILL, part);
}

static bool can_start_program(const struct troth_run_state *state)
{
    for (enum troth_run_part part = 0; part < TROTH_RUN_PROGRAM; part++)
        if (state->lives[part].stage != TROTH_RUN_ABSENT &&
            state->lives[part].stage != TROTH_RUN_UP)
            return false;
    return true;
}

static struct troth_run_step keep(struct troth_run_state *state, int64_t now_ms)
{
    struct troth_run_step step = do_to(TROTH_RUN_WAIT, TROTH_RUN_PROGRAM);

    for (enum troth_run_part part = 0; part < TROTH_RUN_PARTS; part++) {
        struct troth_run_step one;

        if (part == TROTH_RUN_PROGRAM && !can_start_program(state))
            continue;
        one = tend(state, part, now_ms);
        if (one.act != TROTH_RUN_WAIT)
            return one;
        if (one.wait_ms >= 0)
            step = wait_until(step, now_ms + one.wait_ms, now_ms);
    }
    return step;
}

struct troth_run_step troth_run_next(struct troth_run_state *state, int64_t now_ms)
{
    struct troth_run_life *program = &state->lives[TROTH_RUN_PROGRAM];

    if (state->is_over)
        return leave(state, now_ms);
    if (!state->is_ending)
        return keep(state, now_ms);
    if (now_ms < state->end_ms)
        return wait_until(do_to(TROTH_RUN_WAIT, TROTH_RUN_PROGRAM), state->end_ms,
                          now_ms);
    if (program->is_late)
        return do_to(TROTH_RUN_WAIT, TROTH_RUN_PROGRAM);
    program->is_late = true;
    return do_to(TROTH_RUN_KILL, TROTH_RUN_PROGRAM);
}

/* ---- what happened ---- */

void troth_run_started(struct troth_run_state *state, enum troth_run_part part,
                       int64_t now_ms)
{
    state->lives[part].is_late = false;
    enter(&state->lives[part], TROTH_RUN_STARTING, now_ms);
    if (part == TROTH_RUN_PROGRAM)
        troth_run_ready(state, part, now_ms);
}

void troth_run_ready(struct troth_run_state *state, enum troth_run_part part,
                     int64_t now_ms)
{
    if (state->lives[part].stage != TROTH_RUN_STARTING)
        return;
    state->lives[part].was_up = true;
    enter(&state->lives[part], TROTH_RUN_UP, now_ms);
}

/* Down, for a while that depends on how long it lived. */
static int64_t rest(struct troth_run_life *life, int64_t now_ms)
{
    const bool is_settled = life->stage == TROTH_RUN_UP &&
                            now_ms - life->since_ms >= TROTH_RUN_SETTLED_MS;

    if (life->pause_ms == 0 || is_settled)
        life->pause_ms = TROTH_RUN_PAUSE_MS;
    else if (life->pause_ms < TROTH_RUN_PAUSE_MAX_MS / 2)
        life->pause_ms *= 2;
    else
        life->pause_ms = TROTH_RUN_PAUSE_MAX_MS;
    enter(life, TROTH_RUN_DOWN, now_ms);
    return life->pause_ms;
}

static bool is_to_restart(const struct troth_run_state *state, struct troth_run_end end)
{
    switch (state->restart) {
    case TROTH_RUN_RESTART_NEVER:
        return false;
    case TROTH_RUN_RESTART_ON_FAILURE:
        return end.by_signal || end.number != 0;
    case TROTH_RUN_RESTART_ALWAYS:
        return true;
    }
    return false;
}

/* A program that could not be started even once would not be the next time. */
static int64_t program_ended(struct troth_run_state *state, struct troth_run_end end,
                             int64_t now_ms)
{
    struct troth_run_life *life = &state->lives[TROTH_RUN_PROGRAM];

    if (life->was_up && !state->is_ending && !state->is_over && is_to_restart(state, end))
        return rest(life, now_ms);
    enter(life, TROTH_RUN_ABSENT, now_ms);
    end_all(state, troth_run_status_of(end));
    return -1;
}

int64_t troth_run_ended(struct troth_run_state *state, enum troth_run_part part,
                        struct troth_run_end end, int64_t now_ms)
{
    struct troth_run_life *life = &state->lives[part];

    if (part == TROTH_RUN_PROGRAM)
        return program_ended(state, end, now_ms);
    /* Who was killed may have been by anybody, but not time after time; who says itself
     * that it cannot would say it again. */
    if (!life->was_up &&
        (!end.by_signal || life->is_late || life->pause_ms == TROTH_RUN_PAUSE_MAX_MS))
        end_all(state, TROTH_RUN_STATUS_NOT_RUN);
    if (!state->is_over && !state->is_ending)
        return rest(life, now_ms);
    enter(life, TROTH_RUN_ABSENT, now_ms);
    return -1;
}

bool troth_run_asked_to_end(struct troth_run_state *state, int number, int64_t now_ms)
{
    if (state->is_ending && now_ms - state->asked_ms < TROTH_RUN_ECHO_MS)
        return false;
    if (!is_alive(&state->lives[TROTH_RUN_PROGRAM]))
        end_all(state, STATUS_SIGNAL + number);
    if (!state->is_ending)
        state->asked_ms = now_ms;
    state->end_ms = state->is_ending ? now_ms : now_ms + TROTH_RUN_END_MS;
    state->is_ending = true;
    return true;
}
