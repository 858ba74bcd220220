/* troth-sim run: a program behind proof, on a machine that only simulates it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/beside.h"
#include "sim/command.h"
#include "sim/machine_file.h"
#include "sim/machine_policy.h"
#include "sim/state_folder.h"
#include "sim/supervise.h"
#include "sim/tsm_guest.h"

#define REGISTER "\"register\""
#define DIGITS   96 /* of SHA-384 in hex */

/* The command line, divided: what is ours, and what troth-run is told. */
struct wish {
    struct sim_order order;
    struct sim_tsm_guest guest;
    const char *folder;
    const char *listen; /* as troth-run is told; NULL: by its run file, or not at all */
    const char *state;  /* as troth-run is told; NULL: in our folder */
    bool measures;      /* that is all that is asked for: no machine is needed */
    char **told;        /* options */
    size_t told_count;
    char **program; /* from "--" on; or where words end */
};

static const char *take_folder(const char *folder)
{
    if (!folder || !*folder)
        sim_refuse("a directory must follow", "--write");
    return folder;
}

/* The value of "--state DIR" or "--state=DIR"; `known` where the word is another. */
static const char *value_of(char *const *word, const char *name, const char *known)
{
    const size_t len = strlen(name);

    if (strncmp(*word, name, len) != 0 || ((*word)[len] != 0 && (*word)[len] != '='))
        return known;
    return (*word)[len] ? *word + len + 1 : word[1];
}

static void note(struct wish *wish, char **word)
{
    wish->state = value_of(word, "--state", wish->state);
    wish->listen = value_of(word, "--listen", wish->listen);
    wish->measures = wish->measures || strcmp(*word, "--measure") == 0;
    wish->told[wish->told_count++] = *word;
}

static struct wish parse(char **arguments)
{
    struct wish wish = {.order = sim_order_default(), .folder = "troth-sim"};
    size_t count = 0;

    while (arguments[count])
        count++;
    wish.told = calloc(count + 1, sizeof *wish.told);
    if (!wish.told)
        sim_die("out of memory");
    for (; *arguments && strcmp(*arguments, "--") != 0; arguments++) {
        if (strcmp(*arguments, "--write") == 0)
            wish.folder = take_folder(*++arguments);
        else if (strcmp(*arguments, "--force") == 0)
            wish.guest.is_forced = true;
        else if (!sim_order_option(&wish.order, &arguments))
            note(&wish, arguments);
    }
    wish.program = arguments;
    return wish;
}

/* troth-run's command line: these first, then as it was given. NULL ends `first`. */
static char **words_of(const struct wish *wish, char *const *first)
{
    size_t count = wish->told_count + 1, at = 0;

    for (size_t i = 0; first[i]; i++)
        count++;
    for (size_t i = 0; wish->program[i]; i++)
        count++;
    char **words = calloc(count, sizeof *words);

    if (!words)
        sim_die("out of memory");
    for (size_t i = 0; first[i]; i++)
        words[at++] = first[i];
    for (size_t i = 0; i < wish->told_count; i++)
        words[at++] = wish->told[i];
    for (size_t i = 0; wish->program[i]; i++)
        words[at++] = wish->program[i];
    return words;
}

static unsigned digit_of(char digit)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = digit ? strchr(digits, digit) : NULL;

    if (!at)
        sim_fail(SIM_STATUS_NOT_RUN, "troth-run --measure did not say", REGISTER, 0);
    return (unsigned)(at - digits);
}

/* What the register will be, by the word of the program that will extend it. */
static void measure(uint8_t rtmr3[static 48], const struct wish *wish, char *run)
{
    char *const first[] = {run, (char[]){"--measure"}, (char[]){"--json"}, NULL};
    char **words = words_of(wish, first);
    struct sim_bytes page = sim_beside_ask(words);

    sim_bytes_append_byte(&page, 0);
    const char *at = strstr((const char *)page.ptr, REGISTER);

    at = at ? at + strlen(REGISTER) : "";
    at += strspn(at, ": \"");
    for (size_t i = 0; i < DIGITS / 2; i++, at += 2) {
        const unsigned high = digit_of(at[0]);

        rtmr3[i] = (uint8_t)(high << 4 | digit_of(at[1]));
    }
    sim_bytes_free(&page);
    free((void *)words);
}

static void write_files(struct wish *wish, const struct sim_machine *machine, char *run)
{
    struct mint_order order = wish->order.mint;
    char *root = sim_path_in(wish->folder, "root.pem");
    char *collateral = sim_path_in(wish->folder, "collateral");
    uint8_t rtmr3[48];

    if (machine->kind == SIM_MACHINE_TDX)
        measure(rtmr3, wish, run);
    mint_make_directory(wish->folder);
    mint_write_root(root, sim_machine_root(machine));
    order.directory = collateral;
    sim_machine_write_collateral(&order, machine);
    order.directory = wish->folder;
    mint_write(&order, "policy", "yaml", 0, sim_machine_policy(machine, rtmr3));
    free(root);
    free(collateral);
}

static void tell(const struct wish *wish)
{
    (void)fprintf(
        stderr,
        "troth-sim: what a client takes is in %s; it connects by\n"
        "troth-sim: troth connect %s --policy %s/policy.yaml --root %s/root.pem "
        "--collateral %s/collateral -- …\n",
        wish->folder, wish->listen ? wish->listen : "ADDR", wish->folder, wish->folder,
        wish->folder);
}

static int run(char **arguments)
{
    struct wish wish = parse(arguments);
    struct sim_machine *machine = sim_machine_create(&wish.order);

    if (machine->kind == SIM_MACHINE_NITRO)
        sim_refuse("no report interface on a machine of this kind:", "nitro");
    char *run = sim_beside_find("troth-run");
    char *const alone[] = {run, NULL};

    if (wish.measures) {
        (void)execv(run, words_of(&wish, alone));
        sim_fail(SIM_STATUS_NOT_RUN, "cannot run", run, errno);
    }
    write_files(&wish, machine, run);
    char *state = wish.state ? NULL : sim_state_folder_make(wish.folder);
    char *const first[] = {run, state ? (char[]){"--state"} : NULL, state, NULL};

    sim_state_folder_forget(state ? state : wish.state);
    tell(&wish);
    sim_tsm_guest_run(machine, wish.guest, words_of(&wish, first));
}

const struct sim_command sim_command_run = {
    .name = "run",
    .help =
        "usage: troth-sim run [OPTIONS] [OPTIONS OF troth run] [-- PROGRAM [ARGUMENT…]]\n"
        "\n"
        "troth run on a simulated machine, for whoever has no other. What a client "
        "takes\n"
        "to believe it, and a policy that this machine meets and no other, are written\n"
        "first: root.pem, collateral/ and policy.yaml, and a link to troth run's own "
        "state.\n"
        "\n"
        "  --write DIRECTORY\n"
        "                 where to (default troth-sim); troth run's own --state is in "
        "it,\n"
        "                 unless it is given\n"
        "  --kind KIND    tdx or snp (default tdx)\n"
        "  --seed N       another seed, other keys (default 0)\n"
        "  --machine N    another machine, of the same image and under the same root\n"
        "                 (default 0)\n"
        "  --set CLAIM=VALUE\n"
        "                 what it says: tcb.status (tdx), a register, a field; the "
        "policy\n"
        "                 names that image, but no firmware that is out of date is in "
        "it\n"
        "  --force        although the machine has a device of its own\n"
        "\n"
        "All other options are troth run's: troth run --help. Takes root, as that does.\n"
        "The exit status is the program's; 125: it was not run.\n"
        "\n"
        "example: troth-sim run --listen 127.0.0.1:8443 --upstream 127.0.0.1:8000 \\\n"
        "             -- python3 -m http.server\n",
    .run = run,
};
