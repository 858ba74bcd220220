/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/writer.h"
#include "builder/build_rules.h"
#include "builder/compile.h"
#include "builder/debian.h"
#include "builder/debian_ask.h"
#include "builder/input_store.h"
#include "os/process.h"

#define FETCHER "_apt" /* the user that apt lets speak to the network */

enum {
    MORE = 7,       /* words in front of the packages */
    WORD_ROOM = 512 /* "NAME:ARCHITECTURE=VERSION", each far shorter */
};

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

/* `apt-get download` of these, each of which is named as a package is. */
struct question {
    struct troth_input *const *inputs;
    size_t count;
    const char *option; /* NULL: none */
    const char *folder;
};

static size_t write_words(const char **words, char (*room)[WORD_ROOM],
                          const struct question *question)
{
    static const char *const names[] = {"APT::Architecture", "APT::Architectures"};
    const char *machine = machine_of(question->inputs, question->count);
    size_t count = 0;

    for (size_t i = 0; machine && i < sizeof names / sizeof names[0]; i++, room++) {
        (void)snprintf(*room, WORD_ROOM, "%s=%s", names[i], machine);
        words[count++] = "-o";
        words[count++] = *room;
    }
    words[count++] = "download";
    if (question->option)
        words[count++] = question->option;
    words[count++] = "--";
    for (size_t i = 0; i < question->count; i++, room++) {
        const struct troth_input *input = question->inputs[i];

        (void)snprintf(*room, WORD_ROOM, "%s:%s=%s", input->name, input->architecture,
                       input->version);
        words[count++] = *room;
    }
    return count;
}

static bool ask(struct troth_child_output *said, struct troth_build_problem *problem,
                const struct question *question)
{
    const char *subject = question->inputs[0]->name;
    const char **words = calloc(MORE + question->count, sizeof *words);
    char(*room)[WORD_ROOM] = calloc(MORE + question->count, sizeof *room);
    bool is_said;

    *said = (struct troth_child_output){.text = NULL};
    is_said = words && room
                  ? troth_debian_ask(said, problem, subject, words,
                                     write_words(words, room, question), question->folder)
                  : troth_build_fail(problem, subject, "out of memory");

    free((void *)words);
    free(room);
    return is_said;
}

static bool fetch(struct troth_build_problem *problem, const char *store,
                  const struct question *question)
{
    struct troth_child_output said;

    if (!ask(&said, problem, question))
        return false;
    troth_child_output_release(&said);
    for (size_t i = 0; i < question->count; i++)
        if (!keep(problem, store, question->inputs[i], question->folder))
            return false;
    return true;
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

static bool are_named(struct troth_build_problem *problem,
                      struct troth_input *const *inputs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!is_named(inputs[i]))
            return troth_build_fail(problem, inputs[i]->name,
                                    "is not named as a package is");
    return true;
}

bool troth_debian_fetch_all(struct troth_build_problem *problem, const char *store,
                            struct troth_input *const *inputs, size_t count)
{
    char folder[4096];
    bool is_kept;

    if (!are_named(problem, inputs, count))
        return false;
    if (count == 0)
        return true;
    if (!troth_scratch_create(folder, sizeof folder, problem))
        return false;
    give_to_fetcher(folder);
    is_kept = fetch(problem, store, &(struct question){inputs, count, NULL, folder});
    troth_scratch_remove(folder);
    return is_kept;
}

bool troth_debian_fetch(struct troth_build_problem *problem, const char *store,
                        struct troth_input *input)
{
    return troth_debian_fetch_all(problem, store, &input, 1);
}

/* ---- what is known without fetching ---- */

/* Does apt say that it would fetch this? "'URI' FILE SIZE SHA256:HEX", a line each. */
static bool is_in(const char *text, const struct troth_input *input)
{
    char line[2 * WORD_ROOM] = "'";
    const char *at = text;
    struct troth_writer end;
    size_t len;

    if (!name_file(line + 1, WORD_ROOM, "", input))
        return false;
    line[1] = ' '; /* in the place of the folder */
    len = strlen(line);
    len += (size_t)snprintf(line + len, sizeof line - len,
                            " %" PRIu64 " SHA256:", input->size);
    end = troth_writer_over((uint8_t *)line + len, sizeof line - 1 - len);
    troth_write_hex(&end, (struct troth_span)TROTH_ARRAY_SPAN(input->sha256));
    len += end.len;
    line[len] = '\0';
    while ((at = strstr(at, line)) && at[len] != '\n' && at[len] != '\0')
        at += len;
    return at != NULL;
}

bool troth_debian_confirm(struct troth_build_problem *problem,
                          struct troth_input *const *inputs, size_t count)
{
    struct troth_child_output said;

    if (!are_named(problem, inputs, count))
        return false;
    if (count == 0)
        return true;
    if (!ask(&said, problem, &(struct question){inputs, count, "--print-uris", NULL}))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!said.text || !is_in(said.text, inputs[i]))
            inputs[i]->size = 0;
    troth_child_output_release(&said);
    return true;
}
