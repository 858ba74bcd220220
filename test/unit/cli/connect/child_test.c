/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/connect/child.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "test/harness.h"

static const struct {
    const char *why;
    const char *words[5];
    int status;
} rows[] = {
    {"its own status", {"sh", "-c", "exit 7"}, 7},
    {"a signal's", {"sh", "-c", "kill -TERM $$"}, 128 + SIGTERM},
    {"the address in its words",
     {"sh", "-c", "test \"$0\" = a127.0.0.1:8080/127.0.0.1:8080", "a{}/{}"},
     0},
    {"the port in its words", {"sh", "-c", "test \"$0\" = 8080{}}", "{port}{{}}"}, 1},
    {"and what only looks like it",
     {"sh", "-c", "test \"$0\" = '{ }{por'", "{ }{por"},
     0},
    {"nothing ignored", {"sh", "-c", "kill -PIPE $$; exit 3"}, 128 + SIGPIPE},
};

static int await(pid_t child)
{
    const struct timespec moment = {.tv_nsec = 5000000};
    int status = -1;

    for (int i = 0; i < 4000 && !troth_child_has_ended(&status, child); i++)
        (void)nanosleep(&moment, NULL);
    return status;
}

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_inputs inputs = {.item_count = 0};
        struct troth_problem problem = {0};
        pid_t child;

        test_case("%s", rows[i].why);
        CHECK_INT(troth_child_start(&child, &inputs, &problem, rows[i].words, 8080), 0);
        CHECK_INT(await(child), rows[i].status);
        troth_inputs_release(&inputs);
    }
}

static void test_failures(void)
{
    static const char *const none[] = {"./no-such-command", NULL};
    static const char *const folder[] = {"/", NULL};
    struct troth_inputs inputs = {.item_count = 0};
    struct troth_problem problem = {0};
    pid_t child;

    test_case("what is not there, and what is no program");
    CHECK_INT(troth_child_start(&child, &inputs, &problem, none, 1), 127);
    CHECK_TEXT(problem.name, "IO");
    CHECK_INT(troth_child_start(&child, &inputs, &problem, folder, 1), 126);
    troth_inputs_release(&inputs);
}

static void test_signal(void)
{
    static const char *const words[] = {"sleep", "60", NULL};
    struct troth_inputs inputs = {.item_count = 0};
    struct troth_problem problem = {0};
    pid_t child;

    test_case("a signal is passed on");
    CHECK_INT(troth_child_start(&child, &inputs, &problem, words, 1), 0);
    troth_child_signal(child, SIGTERM);
    CHECK_INT(await(child), 128 + SIGTERM);
    troth_inputs_release(&inputs);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    test_rows();
    test_failures();
    test_signal();
    return test_finish();
}
