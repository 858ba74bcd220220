/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "init/say.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/harness.h"

/* What a process of its own says on standard error. */
static void hear(char *out, size_t size, const char *word)
{
    int ends[2];
    size_t have = 0;
    ssize_t part;

    if (!CHECK(pipe(ends) == 0))
        return;
    const pid_t child = fork();

    if (child == 0) {
        (void)dup2(ends[1], STDERR_FILENO);
        troth_init_say("%s", word);
        troth_init_say_all();
        _exit(0);
    }
    (void)close(ends[1]);
    while (have < size - 1 && (part = read(ends[0], out + have, size - 1 - have)) > 0)
        have += (size_t)part;
    out[have] = '\0';
    (void)close(ends[0]);
    CHECK(waitpid(child, NULL, 0) == child);
}

int main(void)
{
    char said[1024], longer[600];

    test_case("a line");
    hear(said, sizeof said, "mounts");
    CHECK_TEXT(said, "troth-init: mounts\n");
    test_case("one line stays one");
    hear(said, sizeof said, "a\nb\033[2J\r");
    CHECK_TEXT(said, "troth-init: a?b?[2J?\n");
    test_case("a long one ends");
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    hear(said, sizeof said, longer);
    CHECK(strlen(said) < 330 && said[strlen(said) - 1] == '\n');
    return test_finish();
}
