/* SPDX-License-Identifier: Apache-2.0 */
#include "image/surface.h"

#include <stdio.h>

#include "base/span.h"
#include "test/harness.h"

#define BIT(id) (1U << TROTH_SURFACE_##id)
#define FILE_   TROTH_ENTRY_FILE
#define FOLDER  TROTH_ENTRY_FOLDER
#define LINK    TROTH_ENTRY_SYMLINK

static uint8_t memory[TROTH_SURFACE_ARENA_SIZE];

static const struct {
    const char *why;
    enum troth_entry_kind kind;
    uint32_t mode;
    const char *path, *start;
    uint32_t found;
} rows[] = {
    {"an ordinary program", FILE_, 0755, "rootfs/usr/bin/hello", "\177ELF", 0},
    {"set-user-id", FILE_, 04755, "rootfs/usr/bin/hello", "", BIT(SET_USER)},
    {"set-group-id", FILE_, 02755, "rootfs/usr/bin/hello", "", BIT(SET_GROUP)},
    {"set-user-id that nobody executes", FILE_, 04644, "rootfs/data", "", 0},
    {"a folder that gives its group on", FOLDER, 02775, "rootfs/var/mail", "", 0},
    {"a file for all to write", FILE_, 0666, "rootfs/data", "", BIT(WRITABLE)},
    {"a folder for all to write", FOLDER, 0777, "rootfs/data", "", BIT(WRITABLE)},
    {"a folder where each keeps his own", FOLDER, 01777, "rootfs/tmp", "", 0},
    {"a link's mode says nothing", LINK, 0777, "rootfs/data", "", 0},
    {"a shell", FILE_, 0755, "rootfs/usr/bin/dash", "", BIT(SHELL)},
    {"a shell that may not be executed", FILE_, 0644, "rootfs/usr/bin/dash", "", 0},
    {"another name for one", LINK, 0777, "rootfs/bin/sh", "", BIT(SHELL)},
    {"a link that is no program's", LINK, 0777, "rootfs/usr/share/sh", "", 0},
    {"a folder of that name", FOLDER, 0755, "rootfs/usr/bin/bash", "", 0},
    {"a program at the root", FILE_, 0755, "init", "", 0},
    {"a unit", FILE_, 0644, "rootfs/etc/systemd/system/a.service", "", BIT(SERVICE)},
    {"a unit of a package", FILE_, 0644, "rootfs/usr/lib/systemd/system/a.socket", "",
     BIT(SERVICE)},
    {"a file of that name elsewhere", FILE_, 0644, "rootfs/srv/a.service", "", 0},
    {"a script of init's", FILE_, 0755, "rootfs/etc/init.d/a", "#!/bin/sh", BIT(SERVICE)},
    {"the folder of those", FOLDER, 0755, "rootfs/etc/init.d", "", 0},
    {"without the folder that becomes the root", FILE_, 0644, "etc/inetd.conf", "",
     BIT(SERVICE)},
    {"what cron starts", FILE_, 0755, "rootfs/etc/cron.daily/a", "", BIT(SERVICE)},
    {"a module", FILE_, 0644, "modules/00-nsm.ko", "\177ELF", BIT(MODULE)},
    {"a compressed module", FILE_, 0644, "modules/00-nsm.ko.xz", "", BIT(MODULE)},
    {"no module", FILE_, 0644, "rootfs/a.kotlin", "", 0},
    {"a key by its name", FILE_, 0600, "rootfs/root/.ssh/id_ed25519", "",
     BIT(PRIVATE_KEY)},
    {"its other half", FILE_, 0600, "rootfs/root/.ssh/id_ed25519.pub", "", 0},
    {"a host's key", FILE_, 0600, "rootfs/etc/ssh/ssh_host_rsa_key", "",
     BIT(PRIVATE_KEY)},
    {"a file that ends so elsewhere", FILE_, 0600, "rootfs/srv/api_key", "", 0},
    {"a key by its ending", FILE_, 0600, "rootfs/srv/tls.key", "\x30\x82",
     BIT(PRIVATE_KEY)},
    {"a key by what it holds", FILE_, 0600, "rootfs/srv/tls",
     "-----BEGIN EC PRIVATE KEY-----\n", BIT(PRIVATE_KEY)},
    {"a public key in spite of its name", FILE_, 0600, "rootfs/srv/archive.key",
     "-----BEGIN PGP PUBLIC KEY BLOCK-----\n", 0},
    {"a certificate", FILE_, 0644, "rootfs/etc/ssl/certs/a.pem",
     "-----BEGIN CERTIFICATE-----\n", 0},
    {"text before what counts", FILE_, 0644, "rootfs/etc/a.pem", "subject=CN",
     BIT(MAYBE_KEY)},
    {"PEM with a key in it", FILE_, 0644, "rootfs/etc/a.pem",
     "-----BEGIN PRIVATE KEY-----\n", BIT(PRIVATE_KEY)},
};

static void add(struct troth_surface *surface, enum troth_entry_kind kind, uint32_t mode,
                const char *path, const char *start)
{
    const struct troth_entry entry = {.kind = kind,
                                      .mode = mode,
                                      .path = troth_span_of_text(path),
                                      .size = kind == FILE_ ? 100 : 0};

    troth_surface_add(surface, &entry, troth_span_of_text(start));
}

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_surface surface = {.arena = &arena};
        uint32_t found = 0;

        test_case("%s", rows[i].why);
        add(&surface, rows[i].kind, rows[i].mode, rows[i].path, rows[i].start);
        for (unsigned kind = 0; kind < TROTH_SURFACE_COUNT; kind++) {
            const struct troth_surface_finding *finding = &surface.findings[kind];

            found |= finding->count == 1 ? 1U << kind : 0;
            CHECK_INT(finding->named, finding->count);
            if (finding->named)
                CHECK_SPAN(finding->paths[0], troth_span_of_text(rows[i].path));
        }
        CHECK_INT(found, rows[i].found);
    }
}

static void test_sums(void)
{
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_surface s = {.arena = &arena};

    test_case("what there is of each");
    add(&s, FILE_, 0755, "a", "\177ELF");
    add(&s, FILE_, 0755, "b", "\177ELF");
    add(&s, FILE_, 0644, "c.so", "\177ELF");
    add(&s, FILE_, 0755, "d", "#!/bin/sh");
    add(&s, FILE_, 0644, "e", "#!/bin/sh");
    add(&s, FOLDER, 0755, "f", "");
    add(&s, LINK, 0777, "g", "");
    add(&s, TROTH_ENTRY_DEVICE, 0600, "h", "");
    CHECK_INT(s.files, 5);
    CHECK_INT(s.bytes, 500);
    CHECK_INT(s.programs, 2);
    CHECK_INT(s.program_bytes, 200);
    CHECK_INT(s.libraries, 1);
    CHECK_INT(s.library_bytes, 100);
    CHECK_INT(s.scripts, 1);
    CHECK_INT(s.folders, 1);
    CHECK_INT(s.links, 1);
    CHECK_INT(s.others, 1);
}

static void test_bounds(void)
{
    struct troth_arena arena = TROTH_ARENA_OVER(memory), none = {memory, 0, 0};
    struct troth_surface s = {.arena = &arena}, poor = {.arena = &none};
    char path[32];

    test_case("of many the first are named, and all are counted");
    for (int i = 0; i < 1000; i++) {
        (void)snprintf(path, sizeof path, "%d.key", i);
        add(&s, FILE_, 0600, path, "");
    }
    CHECK_INT(s.findings[TROTH_SURFACE_PRIVATE_KEY].count, 1000);
    CHECK_INT(s.findings[TROTH_SURFACE_PRIVATE_KEY].named, TROTH_SURFACE_NAMED);
    CHECK_SPAN(s.findings[TROTH_SURFACE_PRIVATE_KEY].paths[63],
               troth_span_of_text("63.key"));

    test_case("without room for names they are counted");
    add(&poor, FILE_, 0600, "a.key", "");
    CHECK_INT(poor.findings[TROTH_SURFACE_PRIVATE_KEY].count, 1);
    CHECK_INT(poor.findings[TROTH_SURFACE_PRIVATE_KEY].named, 0);
}

int main(void)
{
    test_rows();
    test_sums();
    test_bounds();
    return test_finish();
}
