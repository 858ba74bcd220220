/* SPDX-License-Identifier: Apache-2.0 */
#include "service/run/restarts.h"

#include <string.h>

#include "harness.h"

/* A story: what happens at an instant, and what is to be done next. */
enum event { BEGIN, STARTED, READY, EXITED, KILLED, FAILED, END, NOTHING };

struct line {
    int64_t at_ms;
    enum event event;
    int part;                 /* or a signal's number, of END */
    int number;               /* a status or a signal */
    enum troth_run_act act;   /* the next step's */
    enum troth_run_part whom; /* if it is about one */
    int64_t wait_ms;          /* of WAIT */
};

enum { LINES = 24 };

#define AGENT    TROTH_RUN_AGENT
#define OUTBOUND TROTH_RUN_OUTBOUND
#define PROGRAM  TROTH_RUN_PROGRAM

#define WAITS(ms)   TROTH_RUN_WAIT, PROGRAM, ms
#define STARTS(who) TROTH_RUN_START, who, 0
#define STOPS(who)  TROTH_RUN_STOP, who, 0
#define KILLS(who)  TROTH_RUN_KILL, who, 0
#define FINISHES    TROTH_RUN_FINISH, PROGRAM, 0

/* clang-format off */
static const struct {
    const char *why;
    enum troth_run_restart restart;
    bool has_outbound;
    int status; /* at the end; -1: none yet */
    struct line lines[LINES];
} stories[] = {
    {"a program that ends", TROTH_RUN_RESTART_NEVER, false, 3,
     {{0, BEGIN, AGENT, 0, STARTS(AGENT)},
      {0, STARTED, AGENT, 0, WAITS(90000)},
      {40, READY, AGENT, 0, STARTS(PROGRAM)},
      {45, STARTED, PROGRAM, 0, WAITS(-1)},
      {900, EXITED, PROGRAM, 3, STOPS(AGENT)},
      {900, NOTHING, AGENT, 0, WAITS(1000)},
      {910, EXITED, AGENT, 0, FINISHES}}},
    {"an agent that does not leave is not waited for", TROTH_RUN_RESTART_NEVER, false, 137,
     {{0, BEGIN, AGENT, 0, STARTS(AGENT)},
      {0, STARTED, AGENT, 0, WAITS(90000)},
      {40, READY, AGENT, 0, STARTS(PROGRAM)},
      {45, STARTED, PROGRAM, 0, WAITS(-1)},
      {900, KILLED, PROGRAM, 9, STOPS(AGENT)},
      {1899, NOTHING, AGENT, 0, WAITS(1)},
      {1900, NOTHING, AGENT, 0, FINISHES}}},
    {"the program waits for both helpers", TROTH_RUN_RESTART_NEVER, true, -1,
     {{0, BEGIN, AGENT, 0, STARTS(AGENT)},
      {0, STARTED, AGENT, 0, STARTS(OUTBOUND)},
      {1, STARTED, OUTBOUND, 0, WAITS(89999)},
      {5, READY, AGENT, 0, WAITS(89996)},
      {9, READY, OUTBOUND, 0, STARTS(PROGRAM)}}},
    {"an agent that cannot start at all", TROTH_RUN_RESTART_ALWAYS, true, 125,
     {{0, BEGIN, AGENT, 0, STARTS(AGENT)},
      {0, STARTED, AGENT, 0, STARTS(OUTBOUND)},
      {0, STARTED, OUTBOUND, 0, WAITS(90000)},
      {9, EXITED, AGENT, 2, STOPS(OUTBOUND)},
      {9, NOTHING, AGENT, 0, WAITS(1000)},
      {12, EXITED, OUTBOUND, 0, FINISHES}}},
    {"an agent that was killed before it was ready is started again", TROTH_RUN_RESTART_NEVER, false, -1,
     {{0, BEGIN, AGENT, 0, STARTS(AGENT)},
      {0, STARTED, AGENT, 0, WAITS(90000)},
      {10, KILLED, AGENT, 9, WAITS(100)},
      {60, NOTHING, AGENT, 0, WAITS(50)},
      {110, NOTHING, AGENT, 0, STARTS(AGENT)}}},
    {"an agent that is killed time after time before it was ever ready cannot start",
     TROTH_RUN_RESTART_NEVER, false, 125,
     {{0, BEGIN, AGENT, 0, STARTS(AGENT)},
      {0, STARTED, AGENT, 0, WAITS(90000)},
      {0, KILLED, AGENT, 25, WAITS(100)},
      {100, STARTED, AGENT, 0, WAITS(90000)},
      {100, KILLED, AGENT, 25, WAITS(200)},
      {300, STARTED, AGENT, 0, WAITS(90000)},
      {300, KILLED, AGENT, 25, WAITS(400)},
      {700, STARTED, AGENT, 0, WAITS(90000)},
      {700, KILLED, AGENT, 25, WAITS(800)},
      {1500, STARTED, AGENT, 0, WAITS(90000)},
      {1500, KILLED, AGENT, 25, WAITS(1600)},
      {3100, STARTED, AGENT, 0, WAITS(90000)},
      {3100, KILLED, AGENT, 25, WAITS(3200)},
      {6300, STARTED, AGENT, 0, WAITS(90000)},
      {6300, KILLED, AGENT, 25, WAITS(6400)},
      {12700, STARTED, AGENT, 0, WAITS(90000)},
      {12700, KILLED, AGENT, 25, WAITS(12800)},
      {25500, STARTED, AGENT, 0, WAITS(90000)},
      {25500, KILLED, AGENT, 25, WAITS(25600)},
      {51100, STARTED, AGENT, 0, WAITS(90000)},
      {51100, KILLED, AGENT, 25, WAITS(30000)},
      {81100, STARTED, AGENT, 0, WAITS(90000)},
      {81100, KILLED, AGENT, 25, FINISHES}}},
    {"an agent that hangs at its first start", TROTH_RUN_RESTART_NEVER, false, 125,
     {{0, BEGIN, AGENT, 0, STARTS(AGENT)},
      {0, STARTED, AGENT, 0, WAITS(90000)},
      {90000, NOTHING, AGENT, 0, KILLS(AGENT)},
      {90000, NOTHING, AGENT, 0, WAITS(-1)},
      {90001, KILLED, AGENT, 9, FINISHES}}},
    {"an agent that ends: the program stays; pauses double, and begin anew after a while",
     TROTH_RUN_RESTART_NEVER, false, -1,
     {{0, BEGIN, AGENT, 0, STARTS(AGENT)},
      {0, STARTED, AGENT, 0, WAITS(90000)},
      {40, READY, AGENT, 0, STARTS(PROGRAM)},
      {45, STARTED, PROGRAM, 0, WAITS(-1)},
      {50, KILLED, AGENT, 11, WAITS(100)},
      {150, NOTHING, AGENT, 0, STARTS(AGENT)},
      {150, STARTED, AGENT, 0, WAITS(90000)},
      {160, EXITED, AGENT, 2, WAITS(200)},
      {360, NOTHING, AGENT, 0, STARTS(AGENT)},
      {360, STARTED, AGENT, 0, WAITS(90000)},
      {370, READY, AGENT, 0, WAITS(-1)},
      {60369, KILLED, AGENT, 9, WAITS(400)},
      {60769, NOTHING, AGENT, 0, STARTS(AGENT)},
      {60769, STARTED, AGENT, 0, WAITS(90000)},
      {60780, READY, AGENT, 0, WAITS(-1)},
      {120780, KILLED, AGENT, 9, WAITS(100)}}},
    {"a helper that hangs later is started again", TROTH_RUN_RESTART_NEVER, false, -1,
     {{0, BEGIN, AGENT, 0, STARTS(AGENT)},
      {0, STARTED, AGENT, 0, WAITS(90000)},
      {40, READY, AGENT, 0, STARTS(PROGRAM)},
      {45, STARTED, PROGRAM, 0, WAITS(-1)},
      {50, KILLED, AGENT, 11, WAITS(100)},
      {150, STARTED, AGENT, 0, WAITS(90000)},
      {90150, NOTHING, AGENT, 0, KILLS(AGENT)},
      {90151, KILLED, AGENT, 9, WAITS(200)}}},
    {"restart: always; it waits until the agent is back", TROTH_RUN_RESTART_ALWAYS, false, -1,
     {{0, BEGIN, AGENT, 0, STARTS(AGENT)},
      {0, STARTED, AGENT, 0, WAITS(90000)},
      {40, READY, AGENT, 0, STARTS(PROGRAM)},
      {45, STARTED, PROGRAM, 0, WAITS(-1)},
      {50, EXITED, PROGRAM, 0, WAITS(100)},
      {60, KILLED, AGENT, 9, WAITS(100)},
      {160, NOTHING, AGENT, 0, STARTS(AGENT)},
      {160, STARTED, AGENT, 0, WAITS(90000)},
      {190, READY, AGENT, 0, STARTS(PROGRAM)}}},
    {"restart: on-failure, and it fails", TROTH_RUN_RESTART_ON_FAILURE, false, 0,
     {{0, BEGIN, AGENT, 0, STARTS(AGENT)},
      {0, STARTED, AGENT, 0, WAITS(90000)},
      {40, READY, AGENT, 0, STARTS(PROGRAM)},
      {45, STARTED, PROGRAM, 0, WAITS(-1)},
      {50, EXITED, PROGRAM, 1, WAITS(100)},
      {150, NOTHING, AGENT, 0, STARTS(PROGRAM)},
      {150, STARTED, PROGRAM, 0, WAITS(-1)},
      {160, KILLED, PROGRAM, 11, WAITS(200)},
      {360, STARTED, PROGRAM, 0, WAITS(-1)},
      {400, EXITED, PROGRAM, 0, STOPS(AGENT)}}},
    {"a program that cannot be started the first time", TROTH_RUN_RESTART_ALWAYS, false, 127,
     {{0, BEGIN, AGENT, 0, STARTS(AGENT)},
      {0, STARTED, AGENT, 0, WAITS(90000)},
      {40, READY, AGENT, 0, STARTS(PROGRAM)},
      {45, FAILED, PROGRAM, 127, STOPS(AGENT)}}},
    {"told to end, it ends", TROTH_RUN_RESTART_ALWAYS, false, 0,
     {{0, BEGIN, AGENT, 0, STARTS(AGENT)},
      {0, STARTED, AGENT, 0, WAITS(90000)},
      {40, READY, AGENT, 0, STARTS(PROGRAM)},
      {45, STARTED, PROGRAM, 0, WAITS(-1)},
      {100, END, 15, 0, WAITS(10000)},
      {150, EXITED, PROGRAM, 0, STOPS(AGENT)}}},
    {"told to end, it does not", TROTH_RUN_RESTART_NEVER, false, 137,
     {{0, BEGIN, AGENT, 0, STARTS(AGENT)},
      {0, STARTED, AGENT, 0, WAITS(90000)},
      {40, READY, AGENT, 0, STARTS(PROGRAM)},
      {45, STARTED, PROGRAM, 0, WAITS(-1)},
      {100, END, 15, 0, WAITS(10000)},
      {10100, NOTHING, AGENT, 0, KILLS(PROGRAM)},
      {10100, NOTHING, AGENT, 0, WAITS(-1)},
      {10101, EXITED, PROGRAM, 137, STOPS(AGENT)}}},
    {"told to end twice", TROTH_RUN_RESTART_NEVER, false, 137,
     {{0, BEGIN, AGENT, 0, STARTS(AGENT)},
      {0, STARTED, AGENT, 0, WAITS(90000)},
      {40, READY, AGENT, 0, STARTS(PROGRAM)},
      {45, STARTED, PROGRAM, 0, WAITS(-1)},
      {100, END, 15, 0, WAITS(10000)},
      {399, END, 15, 0, WAITS(9701)},
      {400, END, 2, 0, KILLS(PROGRAM)},
      {401, KILLED, PROGRAM, 9, STOPS(AGENT)}}},
    {"told to end before it runs", TROTH_RUN_RESTART_NEVER, false, 143,
     {{0, BEGIN, AGENT, 0, STARTS(AGENT)},
      {0, STARTED, AGENT, 0, WAITS(90000)},
      {10, END, 15, 0, STOPS(AGENT)},
      {11, KILLED, AGENT, 15, FINISHES}}},
    {"an agent that ends meanwhile is let go", TROTH_RUN_RESTART_NEVER, false, -1,
     {{0, BEGIN, AGENT, 0, STARTS(AGENT)},
      {0, STARTED, AGENT, 0, WAITS(90000)},
      {40, READY, AGENT, 0, STARTS(PROGRAM)},
      {45, STARTED, PROGRAM, 0, WAITS(-1)},
      {100, END, 15, 0, WAITS(10000)},
      {150, KILLED, AGENT, 9, WAITS(9950)}}},
};
/* clang-format on */

static void happen(struct troth_run_state *state, const struct line *l)
{
    const enum troth_run_part part = (enum troth_run_part)l->part;

    switch (l->event) {
    case STARTED:
        troth_run_started(state, part, l->at_ms);
        return;
    case READY:
        troth_run_ready(state, part, l->at_ms);
        return;
    case EXITED:
    case FAILED:
        (void)troth_run_ended(state, part, (struct troth_run_end){false, l->number},
                              l->at_ms);
        return;
    case KILLED:
        (void)troth_run_ended(state, part, (struct troth_run_end){true, l->number},
                              l->at_ms);
        return;
    case END:
        (void)troth_run_asked_to_end(state, l->part, l->at_ms);
        return;
    case BEGIN:
    case NOTHING:
        return;
    }
}

static void tell(size_t i)
{
    struct troth_run_state state;

    troth_run_begin(&state, stories[i].restart, stories[i].has_outbound);
    for (size_t n = 0; n < LINES; n++) {
        const struct line *l = &stories[i].lines[n];
        struct troth_run_step step;

        if (n > 0 && l->event == BEGIN)
            break;
        happen(&state, l);
        step = troth_run_next(&state, l->at_ms);
        CHECK_INT(step.act, l->act);
        if (l->act == TROTH_RUN_WAIT)
            CHECK_INT(step.wait_ms, l->wait_ms);
        else if (l->act != TROTH_RUN_FINISH)
            CHECK_INT(step.part, l->whom);
    }
    CHECK_INT(state.is_over, stories[i].status >= 0);
    if (stories[i].status >= 0)
        CHECK_INT(state.status, stories[i].status);
}

static void pauses(void)
{
    static const int64_t wanted[] = {100,  200,   400,   800,   1600, 3200,
                                     6400, 12800, 25600, 30000, 30000};
    struct troth_run_state state;

    test_case("pauses grow to half a minute");
    troth_run_begin(&state, TROTH_RUN_RESTART_ALWAYS, false);
    for (size_t i = 0; i < COUNT(wanted); i++) {
        troth_run_started(&state, TROTH_RUN_PROGRAM, 0);
        CHECK_INT(troth_run_ended(&state, TROTH_RUN_PROGRAM,
                                  (struct troth_run_end){false, 1}, 0),
                  wanted[i]);
    }
}

int main(void)
{
    for (size_t i = 0; i < COUNT(stories); i++) {
        test_case("%s", stories[i].why);
        tell(i);
    }
    pauses();
    return test_finish();
}
