/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/debian.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "builder/build_rules.h"
#include "builder/debian_ask.h"

#define APT "/usr/bin/apt-get"

/* No package of this machine is installed, none is left from before, and what is found is
 * kept nowhere. */
/* clang-format off */
static const char *const options[] = {
    APT, "-q", "-y",
    "-o", "Dir::State::status=/dev/null",
    "-o", "Dir::State::extended_states=/dev/null",
    "-o", "Dir::Cache::pkgcache=",
    "-o", "APT::Install-Recommends=false",
    "-o", "APT::Install-Suggests=false",
    "-o", "APT::Get::AllowUnauthenticated=false",
    "-o", "APT::Get::Show-User-Simulation-Note=false",
    "-o", "quiet::NoUpdate=true",
};
/* clang-format on */

enum { OPTIONS = sizeof options / sizeof options[0] };

/* ---- what it says ---- */

/* The last thing that apt calls an error, for `problem`. */
static void take_complaint(char *out, size_t size, const struct troth_child_output *said)
{
    const char *last = said->complaint;
    const char *next = strncmp(last, "E: ", 3) == 0 ? last : strstr(last, "\nE: ");
    size_t len;

    for (; next; next = strstr(next + 1, "\nE: "))
        last = *next == '\n' ? next + 1 : next;
    len = strcspn(last, "\n");
    (void)snprintf(out, size, "%.*s", (int)(len < size ? len : size - 1), last);
}

static bool object(struct troth_build_problem *problem, const char *subject,
                   const struct troth_child_output *said)
{
    char complaint[160];

    take_complaint(complaint, sizeof complaint, said);
    (void)troth_build_fail(problem, subject, "apt-get: %s",
                           complaint[0] ? complaint : "failed without a word");
    troth_build_hint(problem, "what this machine's apt knows is as old as its last "
                              "apt-get update");
    return false;
}

bool troth_debian_ask(struct troth_child_output *said,
                      struct troth_build_problem *problem, const char *subject,
                      const char *const *words, size_t count, const char *folder)
{
    const char **all = calloc(OPTIONS + count + 1, sizeof *all);
    int failed;

    *said = (struct troth_child_output){.text = NULL};
    if (!all)
        return troth_build_fail(problem, subject, "out of memory");
    memcpy((void *)all, options, sizeof options);
    memcpy((void *)(all + OPTIONS), words, count * sizeof *words);
    failed = troth_child_ask(said, all, folder);
    free((void *)all);
    if (failed)
        return troth_build_fail_errno(problem, subject, APT " cannot be asked", failed);
    if (WIFEXITED(said->status) && WEXITSTATUS(said->status) == 0)
        return true;
    if (WIFEXITED(said->status) && WEXITSTATUS(said->status) == 127) {
        (void)troth_build_fail(problem, subject, APT " cannot be started");
        troth_build_hint(problem, "packages are looked up on a Debian machine");
    } else {
        (void)object(problem, subject, said);
    }
    troth_child_output_release(said);
    return false;
}

/* A piece of a line up to one of `ends`, without it; false: there is none. */
static bool take_word(char *out, size_t size, const char **line, const char *ends)
{
    const size_t len = strcspn(*line, ends);

    if (len == 0 || len >= size || (*line)[len] == '\0')
        return false;
    memcpy(out, *line, len);
    out[len] = '\0';
    *line += len + 1;
    return true;
}

/* "Inst NAME (VERSION ORIGIN [ARCHITECTURE]) …"; what else there is in brackets in front
 * of it would be a package that is installed. */
static bool read_line(const char *line, char name[static 256], char version[static 256],
                      char architecture[static 64])
{
    const char *bracket;

    if (!take_word(name, 256, &line, " ") || *line++ != '(' ||
        !take_word(version, 256, &line, " "))
        return false;
    bracket = line + strcspn(line, "[)");
    if (*bracket++ != '[' || !take_word(architecture, 64, &bracket, "]") ||
        *bracket != ')')
        return false;
    name[strcspn(name, ":")] = '\0';
    return troth_build_is_package_name(name) && troth_build_is_package_version(version) &&
           troth_build_is_architecture(architecture);
}

static bool add(struct troth_inputs_list *out, struct troth_build_problem *problem,
                const char *line, const char *use)
{
    char name[256], version[256], architecture[64];
    struct troth_input input = {.kind = TROTH_INPUT_PACKAGE,
                                .name = name,
                                .use = use,
                                .version = version,
                                .architecture = architecture};

    if (!read_line(line, name, version, architecture)) {
        (void)snprintf(name, sizeof name, "%.*s", (int)strcspn(line, "\n") % 200, line);
        return troth_build_fail(problem, name, "is no package as apt-get names them");
    }
    return troth_inputs_add(out, problem, &input);
}

static bool read_all(struct troth_inputs_list *out, struct troth_build_problem *problem,
                     char *text, const char *use)
{
    static const char mark[] = "Inst ";

    while (text && *text) {
        char *end = strchr(text, '\n');

        if (end)
            *end++ = '\0';
        if (strncmp(text, mark, sizeof mark - 1) == 0 &&
            !add(out, problem, text + sizeof mark - 1, use))
            return false;
        text = end;
    }
    return true;
}

/* Has apt understood this word as the name it is? */
static bool is_among(const struct troth_inputs_list *list, const char *word)
{
    const size_t len = strcspn(word, "=");

    for (size_t i = 0; i < list->count; i++) {
        const struct troth_input *row = &list->rows[i];

        if (strncmp(row->name, word, len) == 0 && row->name[len] == '\0')
            return word[len] == '\0' || strcmp(row->version, word + len + 1) == 0;
    }
    return false;
}

static bool check_all(const struct troth_inputs_list *list,
                      struct troth_build_problem *problem,
                      const struct troth_build_words *packages)
{
    for (size_t i = 0; i < packages->count; i++)
        if (!is_among(list, packages->rows[i]))
            return troth_build_fail(problem, packages->rows[i],
                                    "is not a package of this name to apt");
    return true;
}

/* ---- what it is asked ---- */

static bool resolve(struct troth_inputs_list *out, struct troth_build_problem *problem,
                    const char *const *words, size_t count,
                    const struct troth_build_words *packages, const char *use)
{
    struct troth_child_output said;
    bool is_found;

    if (!troth_debian_ask(&said, problem, packages->rows[0], words, count, NULL))
        return false;
    is_found = read_all(out, problem, said.text, use) &&
               check_all(out, problem, packages) && troth_inputs_sort(out, problem);
    troth_child_output_release(&said);
    return is_found;
}

static bool check_words(struct troth_build_problem *problem,
                        const struct troth_build_words *packages)
{
    for (size_t i = 0; i < packages->count; i++)
        if (!troth_build_rule_package.holds(packages->rows[i]))
            return troth_build_fail(problem, packages->rows[i], "%s",
                                    troth_build_rule_package.why);
    return true;
}

bool troth_debian_resolve(struct troth_inputs_list *out,
                          struct troth_build_problem *problem,
                          const struct troth_build_words *packages, bool aarch64,
                          const char *use)
{
    const char *const machine[] = {
        "-s",
        "-o",
        aarch64 ? "APT::Architecture=arm64" : "APT::Architecture=amd64",
        "-o",
        aarch64 ? "APT::Architectures=arm64" : "APT::Architectures=amd64",
        "install",
        "--",
    };
    const size_t count = sizeof machine / sizeof machine[0];
    const char **words;
    bool is_found;

    *out = (struct troth_inputs_list){NULL, 0, 0};
    if (packages->count == 0)
        return true;
    if (!check_words(problem, packages))
        return false;
    words = calloc(count + packages->count, sizeof *words);
    if (!words)
        return troth_build_fail(problem, packages->rows[0], "out of memory");
    memcpy((void *)words, machine, sizeof machine);
    memcpy((void *)(words + count), packages->rows, packages->count * sizeof *words);
    is_found = resolve(out, problem, words, count + packages->count, packages, use);
    free((void *)words);
    if (!is_found)
        troth_inputs_list_release(out);
    return is_found;
}
