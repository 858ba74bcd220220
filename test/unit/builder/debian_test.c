/* SPDX-License-Identifier: Apache-2.0 */
/* Packages of an archive made here: nothing is asked of any network. */
#include "builder/debian.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "builder/input_store.h"
#include "test/harness.h"

/* An archive of three packages, and an apt that knows no other. */
static const char script[] =
    "set -eu; cd \"$1\"; machine=$(dpkg --print-architecture)\n"
    "make() { # name version architecture depends recommends\n"
    "  mkdir -p tree/DEBIAN tree/usr/share/$1; echo $2 >tree/usr/share/$1/version\n"
    "  { echo Package: $1; echo Version: $2; echo Architecture: $3\n"
    "    echo Maintainer: Nobody; echo Description: none\n"
    "    [ -z \"$4\" ] || echo Depends: $4; [ -z \"$5\" ] || echo Recommends: $5\n"
    "  } >tree/DEBIAN/control\n"
    "  file=$1-$(echo $2 | tr : _).deb\n"
    "  dpkg-deb --root-owner-group -b tree $file >/dev/null\n"
    "  { cat tree/DEBIAN/control; echo Filename: ./$file; echo Size: $(stat -c %s "
    "$file)\n"
    "    echo SHA256: $(sha256sum $file | cut -d' ' -f1); echo; } >>Packages\n"
    "  rm -r tree; }\n"
    "make hello 1:1.0-1+b1 $machine 'greeting (>= 2)' more-words\n"
    "make greeting 2~rc-1 $machine '' ''\n"
    "make greeting 2.1-1 $machine words ''\n"
    "make words 3 all '' ''\n"
    "make more-words 3 all '' ''\n"
    "make broken 1 $machine nowhere ''\n"
    "make wrong 1 all '' ''\n"
    "cp words-3.deb wrong-1.deb\n"
    "mkdir -p lists/partial cache/archives/partial\n"
    "echo \"deb [trusted=yes] file:$1 ./\" >sources\n"
    "echo \"Dir::Etc::sourcelist \\\"$1/sources\\\"; Dir::Etc::sourceparts "
    "\\\"/dev/null\\\";\n"
    "Dir::State::lists \\\"$1/lists\\\"; Dir::Cache \\\"$1/cache\\\"; Acquire::Languages "
    "\\\"none\\\"; Dir::Etc::preferences \\\"/dev/null\\\"; Dir::Etc::preferencesparts "
    "\\\"/dev/null\\\"; APT::Sandbox::User \\\"root\\\";\" >config\n"
    "APT_CONFIG=$1/config apt-get -qq update >said 2>&1\n";

static char folder[] = "/tmp/troth-debian-XXXXXX";

static bool make_archive(void)
{
    char path[64];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/make", folder);
    file = fopen(path, "w");
    if (!file || fputs(script, file) < 0 || fclose(file) != 0)
        return false;
    (void)snprintf(path, sizeof path, "chmod 755 %s", folder);
    if (system(path) != 0)
        return false;
    (void)snprintf(path, sizeof path, "sh %s/make %s", folder, folder);
    return system(path) == 0;
}

static void show(char *out, size_t size, const struct troth_inputs_list *list)
{
    size_t len = 0;

    *out = '\0';
    for (size_t i = 0; i < list->count; i++)
        len += (size_t)snprintf(out + len, size - len, "%s %s %s;", list->rows[i].name,
                                list->rows[i].version, list->rows[i].use);
}

static void resolve(void)
{
    static const struct {
        const char *why, *words[3], *list, *subject, *said;
    } rows[] = {
        {"one, with what it depends on and the newest of each",
         {"hello"},
         "greeting 2.1-1 compile;hello 1:1.0-1+b1 compile;words 3 compile;"},
        {"two, one of a version",
         {"greeting=2~rc-1", "more-words"},
         "greeting 2~rc-1 compile;more-words 3 compile;"},
        {"none", {NULL}, ""},
        {"an unknown one",
         {"hello", "nobody"},
         NULL,
         "hello",
         "apt-get: E: Unable to locate package nobody"},
        {"an unknown version",
         {"hello=2"},
         NULL,
         "hello=2",
         "apt-get: E: Version '2' for 'hello' was not found"},
        {"one that cannot be",
         {"broken"},
         NULL,
         "broken",
         "apt-get: E: Unable to correct problems, you have held broken packages."},
        {"an option", {"-y"}, NULL, "-y", "is no Debian package"},
        /* Which to apt is every name with an o in it. */
        {"a pattern", {"hell.o"}, NULL, "hell.o", NULL},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_build_words words = {rows[i].words, 0};
        struct troth_build_problem problem = {.text = ""};
        struct troth_inputs_list list;
        char seen[512];

        test_case("resolved: %s", rows[i].why);
        while (words.rows[words.count])
            words.count++;
        CHECK_INT(troth_debian_resolve(&list, &problem, &words, false, "compile"),
                  rows[i].list != NULL);
        show(seen, sizeof seen, &list);
        CHECK_TEXT(seen, rows[i].list ? rows[i].list : "");
        CHECK_TEXT(problem.subject, rows[i].subject ? rows[i].subject : "");
        if (rows[i].said || rows[i].list)
            CHECK_TEXT(problem.text, rows[i].said ? rows[i].said : "");
        troth_inputs_list_release(&list);
    }
}

/* Both packages whose bytes are those of words 3.deb, and others. */
static void fetch(void)
{
    static const struct {
        const char *why;
        struct troth_input input;
        const char *said;
    } rows[] = {
        {"of this machine", {.name = "greeting", .version = "2~rc-1"}},
        {"with an epoch", {.name = "hello", .version = "1:1.0-1+b1"}},
        {"of every machine", {.name = "words", .version = "3", .architecture = "all"}},
        {"not what the archive says",
         {.name = "wrong", .version = "1", .architecture = "all"},
         "apt-get: E: "},
        {"not there",
         {.name = "words", .version = "4", .architecture = "all"},
         "apt-get: E: "},
        {"an option", {.name = "--version", .version = "4"}, "is not named as"},
    };
    char store[64];

    (void)snprintf(store, sizeof store, "%s/store", folder);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_build_problem problem = {.text = ""};
        struct troth_input input = rows[i].input;
        int file = -1;

        test_case("fetched: %s", rows[i].why);
        input.kind = TROTH_INPUT_PACKAGE;
        input.use = "compile";
        if (!input.architecture)
            input.architecture = "amd64";
        CHECK_INT(troth_debian_fetch(&problem, store, &input), !rows[i].said);
        if (rows[i].said) {
            CHECK(strncmp(problem.text, rows[i].said, strlen(rows[i].said)) == 0);
            CHECK_TEXT(problem.subject, input.name);
            continue;
        }
        CHECK_TEXT(problem.text, "");
        CHECK(input.size > 0);
        CHECK(troth_input_store_open(&file, &problem, store, input.name, input.sha256));
        CHECK(close(file) == 0);
    }
}

static void fetch_all(void)
{
    struct troth_input rows[] = {
        {.name = "greeting", .version = "2~rc-1", .architecture = "amd64"},
        {.name = "hello", .version = "1:1.0-1+b1", .architecture = "amd64"},
        {.name = "words", .version = "3", .architecture = "all"},
    };
    struct troth_input *const all[] = {&rows[2], &rows[0], &rows[1]};
    struct troth_build_problem problem = {.text = ""};
    struct troth_input one = rows[1];
    char store[64];

    test_case("fetched: several at once, each in its place");
    (void)snprintf(store, sizeof store, "%s/store", folder);
    CHECK(troth_debian_fetch(&problem, store, &one));
    CHECK(troth_debian_fetch_all(&problem, store, all, COUNT(all)));
    CHECK_TEXT(problem.text, "");
    CHECK_SPAN(((struct troth_span)TROTH_ARRAY_SPAN(rows[1].sha256)),
               ((struct troth_span)TROTH_ARRAY_SPAN(one.sha256)));
    CHECK(rows[0].size > 0 && rows[2].size > 0);
    CHECK(memcmp(rows[0].sha256, rows[2].sha256, 32) != 0);
    CHECK(troth_debian_fetch_all(&problem, store, all, 0));

    test_case("fetched: none where one is missing");
    rows[2].version = "4";
    CHECK(!troth_debian_fetch_all(&problem, store, all, COUNT(all)));
}

static void confirm(void)
{
    static const struct {
        const char *why;
        size_t row; /* which one is bent */
        uint8_t flip;
        uint64_t more;
        const char *version;
        bool confirmed[3];
    } rows[] = {
        {"as they are", 0, 0, 0, NULL, {true, true, true}},
        {"one of another digest", 1, 1, 0, NULL, {true, false, true}},
        {"one of another size", 2, 0, 10, NULL, {true, true, false}},
        {"one of a version that apt has, too", 0, 0, 0, "2.1-1", {false, true, true}},
    };
    struct troth_input known[] = {
        {.name = "greeting", .version = "2~rc-1", .architecture = "amd64"},
        {.name = "hello", .version = "1:1.0-1+b1", .architecture = "amd64"},
        {.name = "words", .version = "3", .architecture = "all"},
    };
    struct troth_input *const all[] = {&known[0], &known[1], &known[2]};
    struct troth_build_problem problem = {.text = ""};
    struct troth_input before[COUNT(known)];
    char store[64];
    (void)snprintf(store, sizeof store, "%s/store", folder);
    CHECK(troth_debian_fetch_all(&problem, store, all, COUNT(all)));
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("confirmed: %s", rows[i].why);
        memcpy(before, known, sizeof known);
        all[rows[i].row]->sha256[31] ^= rows[i].flip;
        all[rows[i].row]->size += rows[i].more;
        if (rows[i].version)
            all[rows[i].row]->version = rows[i].version;
        CHECK(troth_debian_confirm(&problem, all, COUNT(all)));
        for (size_t k = 0; k < COUNT(known); k++)
            CHECK_INT(known[k].size > 0, rows[i].confirmed[k]);
        memcpy(known, before, sizeof known);
    }

    test_case("confirmed: none where apt does not know one of them");
    known[1].version = "4";
    CHECK(!troth_debian_confirm(&problem, all, COUNT(all)));
    CHECK(strncmp(problem.text, "apt-get: E: ", 12) == 0);
    test_case("confirmed: an option is no name");
    known[1].name = "--version";
    CHECK(!troth_debian_confirm(&problem, all, COUNT(all)));
    CHECK(troth_debian_confirm(&problem, all, 0));
}

int main(void)
{
    char config[64];

    if (access("/usr/bin/apt-get", X_OK) != 0 || access("/usr/bin/dpkg-deb", X_OK) != 0 ||
        system("test \"$(dpkg --print-architecture)\" = amd64") != 0) {
        test_case("packages");
        test_skip("no Debian machine, or another processor");
        return test_finish();
    }
    CHECK(mkdtemp(folder) && make_archive());
    (void)snprintf(config, sizeof config, "%s/config", folder);
    CHECK(setenv("APT_CONFIG", config, 1) == 0);
    resolve();
    fetch();
    fetch_all();
    confirm();
    (void)snprintf(config, sizeof config, "rm -rf %s", folder);
    CHECK(system(config) == 0);
    return test_finish();
}
