/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/compile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "builder/compile_step.h"
#include "builder/sources.h"

/* Whom root compiles as. Not as itself: the kernel lets user 0 of the machine do things
 * in any namespace. */
#define NOBODY 65534

/* ---- the folders ---- */

/* Is there such a user where this process lives? */
static bool is_mapped(unsigned user)
{
    FILE *map = fopen("/proc/self/uid_map", "re");
    char line[128];
    bool is_found = false;

    while (map && !is_found && fgets(line, sizeof line, map)) {
        char *rest = line;
        const unsigned long first = strtoul(rest, &rest, 10);
        const unsigned long outside = strtoul(rest, &rest, 10);
        const unsigned long count = strtoul(rest, NULL, 10);

        (void)outside;
        is_found = user >= first && user - first < count;
    }
    if (map)
        (void)fclose(map);
    return is_found;
}

static void choose_owner(struct troth_compile_step *s)
{
    s->owner = (struct troth_compile_owner){.is_given = false,
                                            .user = geteuid(),
                                            .group = getegid(),
                                            .time_s = s->compile->time_s};
    if (s->owner.user != 0 || !is_mapped(NOBODY))
        return;
    s->owner.is_given = true;
    s->owner.user = s->owner.group = NOBODY;
}

static bool make_folder(struct troth_compile_step *s, const char *name, int *out)
{
    *out = -1;
    if (mkdirat(s->scratch, name, 0700) == 0)
        *out = openat(s->scratch, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return *out >= 0 || troth_build_fail_errno(s->problem, name,
                                               "cannot be made to compile in", errno);
}

static bool make_folders(struct troth_compile_step *s)
{
    const struct troth_compile *c = s->compile;

    s->scratch = open(s->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (s->scratch < 0)
        return troth_build_fail_errno(s->problem, s->path, "cannot be opened", errno);
    return make_folder(s, "root", &s->root) && make_folder(s, "source", &s->source) &&
           make_folder(s, "output", &s->output) &&
           troth_compile_write_tree(s->problem, c->root, s->root, &s->owner) &&
           troth_compile_write_places(s->problem, s->root, &s->owner) &&
           troth_compile_finish_tree(s->problem, c->root, s->root, &s->owner) &&
           troth_compile_write_tree(s->problem, c->source, s->source, &s->owner) &&
           troth_compile_finish_tree(s->problem, c->source, s->source, &s->owner) &&
           troth_compile_finish_tree(s->problem, NULL, s->output, &s->owner);
}

/* ---- its environment ---- */

static bool is_overridden(const struct troth_build_words *own, const char *variable)
{
    const size_t len = strcspn(variable, "=") + 1;

    for (size_t i = 0; i < own->count; i++)
        if (strncmp(own->rows[i], variable, len) == 0)
            return true;
    return false;
}

static bool make_environment(struct troth_compile_step *s)
{
    const struct troth_build_words *own = &s->compile->environment;
    char date[48];
    const char *const fixed[] = {
        "PATH=/usr/bin:/bin", "HOME=/tmp", "LANG=C.UTF-8",
        "LC_ALL=C.UTF-8",     "TZ=UTC",    date,
    };
    const size_t fixed_count = sizeof fixed / sizeof fixed[0];
    size_t count = 0;

    (void)snprintf(date, sizeof date, "SOURCE_DATE_EPOCH=%lld",
                   (long long)s->compile->time_s);
    s->environment = calloc(fixed_count + own->count + 1, sizeof *s->environment);
    for (size_t i = 0; s->environment && i < fixed_count + own->count; i++) {
        const char *text = i < fixed_count ? fixed[i] : own->rows[i - fixed_count];

        if (i < fixed_count && is_overridden(own, text))
            continue;
        s->environment[count] = strdup(text);
        if (!s->environment[count++])
            return troth_build_fail(s->problem, "", "out of memory");
    }
    return s->environment || troth_build_fail(s->problem, "", "out of memory");
}

/* ---- what came of it ---- */

/* The last line that says something, on one line of its own. */
static const char *last_line(struct troth_compile_step *s,
                             char out[static TROTH_COMPILE_TAIL + 3])
{
    size_t end = s->tail_len, start, len = 0;

    while (end > 0 && (unsigned char)s->tail[end - 1] <= ' ')
        end--;
    for (start = end; start > 0 && s->tail[start - 1] != '\n'; start--)
        ;
    if (start < end) {
        out[len++] = ':';
        out[len++] = ' ';
    }
    for (; start < end; start++) {
        const char byte = s->tail[start];

        out[len++] = '?';
        if ((unsigned char)byte >= ' ' && byte != 0x7f)
            out[len - 1] = byte;
    }
    out[len] = '\0';
    return out;
}

static bool judge(struct troth_compile_step *s)
{
    const char *program = s->compile->command.rows[0];
    const int status = s->report.status;
    char line[TROTH_COMPILE_TAIL + 3];

    if (!s->is_reported)
        return troth_build_fail(s->problem, program, "was killed with its whole world");
    if (strcmp(s->report.step, "start") == 0)
        return troth_build_fail_errno(s->problem, program, "cannot be started",
                                      s->report.error);
    if (s->report.step[0])
        return troth_compile_object(s, s->report.step, s->report.error);
    if (WIFSIGNALED(status))
        return troth_build_fail(s->problem, program, "was ended by signal %d%s",
                                WTERMSIG(status), last_line(s, line));
    return WEXITSTATUS(status) == 0 ||
           troth_build_fail(s->problem, program, "ended with status %d%s",
                            WEXITSTATUS(status), last_line(s, line));
}

static bool check_order(const struct troth_compile *compile,
                        struct troth_build_problem *problem)
{
    const unsigned cores = troth_compile_cores();

    if (compile->command.count == 0)
        return troth_build_fail(problem, "compile", "has no command");
    if (compile->cores >= 1 && compile->cores <= cores)
        return true;
    (void)troth_build_fail(problem, "compile.cores",
                           "says %u, and there are %u to be used here",
                           (unsigned)compile->cores, cores);
    troth_build_hint(problem, "what is built may differ with it, so it is never fewer");
    return false;
}

static void release(struct troth_compile_step *s)
{
    for (size_t i = 0; i < TROTH_COMPILE_ENDS; i++) {
        troth_compile_close(&s->words[i]);
        troth_compile_close(&s->reports[i]);
        troth_compile_close(&s->parent[i]);
    }
    troth_compile_close(&s->scratch);
    troth_compile_close(&s->root);
    troth_compile_close(&s->source);
    troth_compile_close(&s->output);
    for (size_t i = 0; s->environment && s->environment[i]; i++)
        free(s->environment[i]);
    free((void *)s->environment);
}

bool troth_compile(struct troth_file_tree *tree, struct troth_build_problem *problem,
                   const struct troth_compile *compile, const char *scratch, int said,
                   size_t row)
{
    struct troth_compile_step s = {.compile = compile,
                                   .problem = problem,
                                   .path = scratch,
                                   .scratch = -1,
                                   .root = -1,
                                   .source = -1,
                                   .output = -1,
                                   .words = {-1, -1},
                                   .reports = {-1, -1},
                                   .parent = {-1, -1}};
    bool is_done;

    if (!check_order(compile, problem))
        return false;
    choose_owner(&s);
    is_done = make_folders(&s) && make_environment(&s) &&
              troth_compile_step_run(&s, said) && judge(&s) &&
              troth_source_folder(tree, problem, "/output", s.output, row);
    /* What the tree holds is read from there. */
    if (is_done)
        s.output = -1;
    release(&s);
    return is_done;
}
