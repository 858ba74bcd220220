/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/debian.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "builder/build_rules.h"
#include "builder/child.h"
#include "builder/compile.h"
#include "builder/input_store.h"
#include "os/process.h"

#define APT     "/usr/bin/apt-get"
#define FETCHER "_apt" /* the user that apt lets speak to the network */

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

enum {
    OPTIONS = sizeof options / sizeof options[0],
    MACHINE_WORDS = 2,
    MORE = 8,       /* what is between the options and the packages, and NULL */
    WORD_ROOM = 512 /* "NAME:ARCHITECTURE=VERSION", each far shorter */
};

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

static bool ask(struct troth_child_output *said, struct troth_build_problem *problem,
                const char *subject, const char *const *words, const char *folder)
{
    const int failed = troth_child_ask(said, words, folder);

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
                    const char *const *words, const struct troth_build_words *packages,
                    const char *use)
{
    struct troth_child_output said;
    bool is_found;

    if (!ask(&said, problem, packages->rows[0], words, NULL))
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
    words = calloc(OPTIONS + count + packages->count + 1, sizeof *words);
    if (!words)
        return troth_build_fail(problem, packages->rows[0], "out of memory");
    memcpy((void *)words, options, sizeof options);
    memcpy((void *)(words + OPTIONS), machine, sizeof machine);
    memcpy((void *)(words + OPTIONS + count), packages->rows,
           packages->count * sizeof *words);
    is_found = resolve(out, problem, words, packages, use);
    free((void *)words);
    if (!is_found)
        troth_inputs_list_release(out);
    return is_found;
}

/* The name that apt gives a package's file, in which no version has a colon. */
static bool name_file(char *out, size_t size, const char *folder,
                      const struct troth_input *input)
{
    int len = snprintf(out, size, "%s/%s_", folder, input->name);

    for (const char *c = input->version; *c && len >= 0 && (size_t)len < size; c++)
        len += snprintf(out + len, size - (size_t)len, *c == ':' ? "%%3a" : "%c", *c);
    if (len >= 0 && (size_t)len < size)
        len += snprintf(out + len, size - (size_t)len, "_%s.deb", input->architecture);
    return len >= 0 && (size_t)len < size;
}

/* From the folder to the store. */
static bool keep(struct troth_build_problem *problem, const char *store,
                 struct troth_input *input, const char *folder)
{
    char path[4096 + 512];
    int file;
    bool is_kept;

    if (!name_file(path, sizeof path, folder, input))
        return troth_build_fail(problem, input->name, "has too long a name");
    file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        return troth_build_fail_errno(problem, input->name, "was not fetched as a file",
                                      errno);
    is_kept = troth_input_store_put(problem, store, input->name, file, input->sha256,
                                    &input->size);
    (void)close(file);
    return is_kept;
}

/* The machine that they are for; NULL: for every one. */
static const char *machine_of(struct troth_input *const *inputs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(inputs[i]->architecture, "all") != 0)
            return inputs[i]->architecture;
    return NULL;
}

static size_t write_machine(const char **words, char (*room)[WORD_ROOM],
                            const char *machine)
{
    static const char *const names[] = {"APT::Architecture", "APT::Architectures"};
    size_t count = 0;

    for (size_t i = 0; machine && i < sizeof names / sizeof names[0]; i++) {
        (void)snprintf(room[i], WORD_ROOM, "%s=%s", names[i], machine);
        words[count++] = "-o";
        words[count++] = room[i];
    }
    return count;
}

static bool ask_for(struct troth_build_problem *problem, const char **words,
                    char (*room)[WORD_ROOM], struct troth_input *const *inputs,
                    size_t count, const char *folder)
{
    struct troth_child_output said;
    size_t at = OPTIONS;

    memcpy((void *)words, options, sizeof options);
    at += write_machine(words + at, room, machine_of(inputs, count));
    words[at++] = "download";
    words[at++] = "--";
    for (size_t i = 0; i < count; i++) {
        char *word = room[MACHINE_WORDS + i];

        (void)snprintf(word, WORD_ROOM, "%s:%s=%s", inputs[i]->name,
                       inputs[i]->architecture, inputs[i]->version);
        words[at++] = word;
    }
    if (!ask(&said, problem, inputs[0]->name, words, folder))
        return false;
    troth_child_output_release(&said);
    return true;
}

static bool fetch(struct troth_build_problem *problem, const char *store,
                  struct troth_input *const *inputs, size_t count, const char *folder)
{
    const char **words = calloc(OPTIONS + MORE + count, sizeof *words);
    char(*room)[WORD_ROOM] = calloc(count + MACHINE_WORDS, sizeof *room);
    bool is_done = words && room
                       ? ask_for(problem, words, room, inputs, count, folder)
                       : troth_build_fail(problem, inputs[0]->name, "out of memory");

    free((void *)words);
    free(room);
    for (size_t i = 0; is_done && i < count; i++)
        is_done = keep(problem, store, inputs[i], folder);
    return is_done;
}

/* apt gives root away before it speaks to anybody, if it can still write here then. */
static void give_to_fetcher(const char *folder)
{
    uint32_t user, group;

    if (geteuid() == 0 && !troth_process_find_user(&user, &group, FETCHER))
        (void)!lchown(folder, user, group);
}

static bool is_named(const struct troth_input *input)
{
    return input->name && input->version && input->architecture &&
           troth_build_is_package_name(input->name) &&
           troth_build_is_package_version(input->version) &&
           troth_build_is_architecture(input->architecture);
}

bool troth_debian_fetch_all(struct troth_build_problem *problem, const char *store,
                            struct troth_input *const *inputs, size_t count)
{
    char folder[4096];
    bool is_kept;

    for (size_t i = 0; i < count; i++)
        if (!is_named(inputs[i]))
            return troth_build_fail(problem, inputs[i]->name,
                                    "is not named as a package is");
    if (count == 0)
        return true;
    if (!troth_scratch_create(folder, sizeof folder, problem))
        return false;
    give_to_fetcher(folder);
    is_kept = fetch(problem, store, inputs, count, folder);
    troth_scratch_remove(folder);
    return is_kept;
}

bool troth_debian_fetch(struct troth_build_problem *problem, const char *store,
                        struct troth_input *input)
{
    return troth_debian_fetch_all(problem, store, &input, 1);
}
