/* troth-sim boot: an image on a machine that is simulated, all of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/boot_disk.h"
#include "sim/boot_image.h"
#include "sim/boot_watch.h"
#include "sim/command.h"
#include "sim/guest.h"
#include "sim/json.h"
#include "sim/machine_policy.h"
#include "sim/mint_file.h"
#include "sim/state_folder.h"
#include "sim/supervise.h"

#define TEXT(number)  #number
#define TEXT_OF(name) TEXT(name)

/* Behind the image's own command line, of which the last word counts. */
#define APPENDED                                                                         \
    " rdinit=/" SIM_GUEST_INIT                                                           \
    " troth.heartbeat=" TEXT_OF(SIM_GUEST_LOCAL) ":" TEXT_OF(SIM_GUEST_HEARTBEAT)

enum {
    MEGABYTE = 1 << 20,
    MEMORY_LEAST = 512, /* megabytes, for the kernel and its buffers */
    MEMORY_TIMES = 4,   /* the image: it, it unpacked, and room to work */
    MEMORY_MOST = 1 << 20,
    WORD = 512
};

struct wish {
    struct sim_order order;
    const char *image, *listen, *modules, *folder;
    uint64_t memory; /* megabytes; 0: as the image needs */
    bool is_verbose;
};

/* ---- the command line ---- */

static const char *take(const char *option, const char *value)
{
    if (!value || !*value)
        sim_refuse("something must follow", option);
    return value;
}

static bool take_option(struct wish *wish, char ***at)
{
    const char *name = **at;
    const struct {
        const char *name, **value;
    } texts[] = {{"--listen", &wish->listen},
                 {"--modules", &wish->modules},
                 {"--write", &wish->folder}};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strcmp(name, texts[i].name) == 0) {
            *texts[i].value = take(name, *++*at);
            return true;
        }
    }
    if (strcmp(name, "--memory") == 0)
        wish->memory = sim_parse_number(name, *++*at, MEMORY_MOST);
    else if (strcmp(name, "--verbose") == 0)
        wish->is_verbose = true;
    else
        return strcmp(name, "--kind") != 0 && sim_order_option(&wish->order, at);
    return true;
}

static struct wish parse(char **arguments)
{
    struct wish wish = {.order = sim_order_default(),
                        .listen = "127.0.0.1:" TEXT_OF(SIM_GUEST_PORT),
                        .modules = "/lib/modules",
                        .folder = "troth-sim"};

    wish.order.mint.kind = "nitro";
    for (; *arguments; arguments++) {
        if (**arguments == '-' && take_option(&wish, &arguments))
            continue;
        if (**arguments == '-')
            sim_refuse("no such option", *arguments);
        if (wish.image)
            sim_refuse("too many arguments:", *arguments);
        wish.image = *arguments;
    }
    if (!wish.image)
        sim_refuse("missing", "IMAGE");
    return wish;
}

/* ---- the machine that vouches ---- */

/* What is measured comes before what is wished for: that may be a lie. */
static void add_measured(struct mint_order *order, const struct troth_image_facts *facts)
{
    static const struct {
        const char *claim;
        enum troth_pcr pcr;
    } rows[] = {{"nitro.pcr0=", TROTH_PCR0},
                {"nitro.pcr1=", TROTH_PCR1},
                {"nitro.pcr2=", TROTH_PCR2},
                {"nitro.pcr8=", TROTH_PCR8}};
    enum { ROWS = sizeof rows / sizeof *rows };

    if (order->wish_count + ROWS > MINT_WISHES_MAX)
        sim_refuse("too many of", "--set");
    memmove((void *)(order->wishes + ROWS), (const void *)order->wishes,
            order->wish_count * sizeof *order->wishes);
    order->wish_count += ROWS;
    for (size_t i = 0; i < ROWS; i++) {
        struct sim_bytes wish = {0};

        sim_bytes_append(&wish, sim_text(rows[i].claim));
        sim_hex_lower(&wish, SIM_ARRAY(facts->pcrs[rows[i].pcr]));
        sim_bytes_append_byte(&wish, 0);
        order->wishes[i] = (const char *)wish.ptr; /* until the end */
    }
}

static void add_word(struct sim_bytes *words, const char *word)
{
    sim_bytes_append(words, sim_text(word));
    sim_bytes_append_byte(words, 0);
}

static void add_number(struct sim_bytes *words, const char *option, uint64_t number)
{
    char text[24];

    (void)snprintf(text, sizeof text, "%llu", (unsigned long long)number);
    add_word(words, option);
    add_word(words, text);
}

/* The same machine once more, by the words that make it inside. */
static struct sim_bytes words_of(const struct sim_order *order)
{
    struct sim_bytes words = {0};

    add_number(&words, "--seed", order->mint.seed);
    add_number(&words, "--machine", order->machine);
    add_number(&words, "--time", (uint64_t)order->mint.time_s);
    for (size_t i = 0; i < order->mint.wish_count; i++) {
        add_word(&words, "--set");
        add_word(&words, order->mint.wishes[i]);
    }
    return words;
}

static void write_files(struct wish *wish)
{
    struct mint_order *order = &wish->order.mint;
    struct sim_machine *machine = sim_machine_create(&wish->order);
    char *root = sim_path_in(wish->folder, "root.pem");

    mint_make_directory(wish->folder);
    mint_write_root(root, sim_machine_root(machine));
    order->directory = wish->folder;
    mint_write(order, "policy", "yaml", 0, sim_machine_policy(machine, NULL));
    free(root);
    sim_machine_destroy(machine);
}

/* ---- the machine that runs ---- */

__attribute__((format(printf, 1, 2))) static char *compose(const char *format, ...)
{
    char *text = malloc(WORD);
    va_list arguments;

    if (!text)
        sim_die("out of memory");
    va_start(arguments, format);
    (void)vsnprintf(text, WORD, format, arguments);
    va_end(arguments);
    return text;
}

static const char *cmdline_of(struct sim_boot_image *image)
{
    struct sim_bytes *cmdline = &image->cmdline;

    if (strstr((const char *)cmdline->ptr, " -- "))
        sim_fail(SIM_STATUS_NOT_RUN, "nothing can be appended to the command line of",
                 image->path, 0);
    cmdline->len--;
    sim_bytes_append(cmdline, SIM_ARRAY(((const uint8_t[]){APPENDED})));
    (void)fprintf(stderr, "troth-sim: appended to the measured command line:%s\n",
                  APPENDED);
    return (const char *)cmdline->ptr;
}

static uint64_t memory_of(const struct wish *wish, const struct sim_boot_image *image)
{
    return wish->memory ? wish->memory
                        : MEMORY_LEAST + MEMORY_TIMES * image->facts.eif.size / MEGABYTE;
}

/* What the image is given of a machine: a processor, memory, a console, the network of
 * QEMU with one way in and none out. */
static struct sim_child start(const struct wish *wish, struct sim_boot_image *image,
                              int console)
{
    const struct sim_bytes words = words_of(&wish->order);
    struct sim_bytes disk = sim_boot_disk(wish->modules, image->release,
                                          sim_bytes_span(words));
    const int kernel = sim_boot_image_copy(image, TROTH_EIF_KERNEL,
                                           (struct troth_span){NULL, 0});
    const int ramdisks = sim_boot_image_copy(image, TROTH_EIF_RAMDISK,
                                             sim_bytes_span(disk));
    const char *const command[] = {
        "qemu-system-x86_64",
        "-nodefaults",
        "-no-user-config",
        "-display",
        "none",
        "-no-reboot",
        "-machine",
        "q35",
        "-accel",
        "tcg",
        "-cpu",
        "max",
        "-m",
        compose("%llu", (unsigned long long)memory_of(wish, image)),
        "-kernel",
        compose("/dev/fd/%d", kernel),
        "-initrd",
        compose("/dev/fd/%d", ramdisks),
        "-append",
        cmdline_of(image),
        "-serial",
        compose("file:/dev/fd/%d", console),
        "-netdev",
        compose("user,id=network,restrict=on,hostfwd=tcp:%s-%s:%d", wish->listen,
                SIM_GUEST_ADDRESS, SIM_GUEST_PORT),
        "-device",
        "virtio-net-pci,netdev=network,romfile=",
        NULL,
    };

    sim_bytes_free(&disk);
    /* execvp() changes none of the words. */
    return sim_child_fork((char **)command);
}

static struct troth_address address_of(const struct wish *wish)
{
    struct troth_address address;

    if (troth_address_parse(&address, wish->listen) ||
        address.socket.ss_family != AF_INET)
        sim_refuse("IP:PORT must follow", "--listen");
    return address;
}

static int run(char **arguments)
{
    struct wish wish = parse(arguments);
    struct sim_boot_watch watch = {.is_verbose = wish.is_verbose,
                                   .listen = wish.listen,
                                   .address = address_of(&wish)};
    struct sim_boot_image image = sim_boot_image_open(wish.image);
    int console[2], status, told;

    add_measured(&wish.order.mint, &image.facts);
    write_files(&wish);
    if (pipe(console) != 0)
        sim_fail(SIM_STATUS_NOT_RUN, "cannot make a pipe for", "the console", errno);
    (void)fcntl(console[0], F_SETFD, FD_CLOEXEC);

    const struct sim_child machine = start(&wish, &image, console[1]);

    (void)close(console[1]);
    watch.console = console[0];
    sim_boot_watch_start(&watch);
    (void)fprintf(stderr,
                  "troth-sim: what a client takes is in %s; it connects by\n"
                  "troth-sim: troth connect %s --policy %s/policy.yaml --root "
                  "%s/root.pem -- …\n",
                  wish.folder, wish.listen, wish.folder, wish.folder);
    status = sim_child_await(machine, &told);
    sim_boot_watch_finish(&watch);
    if (watch.status >= 0)
        return watch.status;
    if (told)
        return SIM_STATUS_SIGNAL + told;
    if (status == SIM_STATUS_NOT_FOUND)
        (void)fputs("troth-sim: hint: Debian's package is qemu-system-x86\n", stderr);
    else
        (void)fputs("troth-sim: error: the machine ended before a program of the image "
                    "did\ntroth-sim: hint: --verbose shows its console\n",
                    stderr);
    return status == SIM_STATUS_NOT_FOUND ? status : SIM_STATUS_NOT_RUN;
}

const struct sim_command sim_command_boot = {
    .name = "boot",
    .help =
        "usage: troth-sim boot [OPTIONS] IMAGE\n"
        "\n"
        "Boot an image (EIF) as its enclave would: measured, with a device /dev/nsm "
        "that\n"
        "says what was measured, in an emulated machine of its own. The kernel and the\n"
        "ramdisks are the image's; a ramdisk before them makes the device. Two words "
        "are\n"
        "appended to the kernel's command line, and said. Root and policy for who\n"
        "connects to it are written first. Prints \"ready: ADDRESS\" when it answers.\n"
        "\n"
        "  --listen IP:PORT\n"
        "                 where clients connect: what comes there goes to port 8443 of\n"
        "                 the image's vsock (default 127.0.0.1:8443)\n"
        "  --modules DIR  modules of the image's kernel, for the simulator's own use:\n"
        "                 lib/modules of its package (default /lib/modules)\n"
        "  --write DIRECTORY\n"
        "                 where root.pem and policy.yaml go (default troth-sim)\n"
        "  --memory M     megabytes of the machine (default 512, and 4 times the image)\n"
        "  --verbose      the machine's console on standard error\n"
        "  --seed N       another seed, other keys (default 0)\n"
        "  --machine N    another machine under the same root (default 0)\n"
        "  --set CLAIM=VALUE\n"
        "                 what it says: a register, instead of what was measured\n"
        "\n"
        "Takes qemu-system-x86_64, and no root. The exit status is the program's; 125: "
        "the\n"
        "image was not started, or ended before its program.\n"
        "\n"
        "example: troth-sim boot --listen 127.0.0.1:8443 hello.eif\n",
    .run = run,
};
