/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/build_rules.h"

#include <string.h>

#include "base/span.h"
#include "image/entry.h"

#define DIGITS  "0123456789"
#define LOWER   "abcdefghijklmnopqrstuvwxyz"
#define UPPER   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LETTERS LOWER UPPER

#define NAME_MAX_LEN    64
#define LINE_MAX_LEN    128
#define PACKAGE_MAX_LEN 128
#define MODULE_MAX_LEN  64
/* Linux keeps 2048 bytes of it on x86, its zero among them. */
#define CMDLINE_MAX_LEN 2047
/* What the system calls take. */
#define PATH_MAX_LEN    4095

/* Is each byte one of `letters`, the first one of `first`, and the length in bounds? */
static bool is_made_of(const char *text, const char *first, const char *letters,
                       size_t max)
{
    const size_t len = strlen(text);

    return len > 0 && len <= max && strchr(first, text[0]) &&
           strspn(text, letters) == len;
}

static bool is_text(const char *text)
{
    return *text != '\0';
}

static bool is_printable(const char *text, size_t max)
{
    size_t len = 0;

    while (text[len] >= 0x20 && text[len] < 0x7f)
        len++;
    return text[len] == '\0' && len <= max;
}

static bool is_line(const char *text)
{
    return *text != '\0' && is_printable(text, LINE_MAX_LEN);
}

static bool is_name(const char *text)
{
    return is_made_of(text, LOWER DIGITS, LOWER DIGITS "._-", NAME_MAX_LEN);
}

static bool is_cmdline(const char *text)
{
    return is_printable(text, CMDLINE_MAX_LEN);
}

static bool is_inside(const char *text)
{
    return *text != '\0' && troth_entry_path_is_plain(troth_span_of_text(text));
}

static bool is_anywhere(const char *text)
{
    size_t len = 0;

    while ((unsigned char)text[len] >= 0x20 && text[len] != 0x7f)
        len++;
    return len > 0 && text[len] == '\0' && len <= PATH_MAX_LEN;
}

static bool is_place(const char *text)
{
    return *text == '/' && troth_entry_path_is_plain(troth_span_of_text(text + 1));
}

static bool is_module(const char *text)
{
    return is_made_of(text, LETTERS DIGITS, LETTERS DIGITS "_-", MODULE_MAX_LEN);
}

static bool is_variable(const char *text)
{
    return is_made_of(text, LETTERS "_", LETTERS "_" DIGITS, LINE_MAX_LEN);
}

static bool is_monitor(const char *text)
{
    return strcmp(text, "qemu") == 0 || strcmp(text, "ec2") == 0 ||
           strcmp(text, "gce") == 0;
}

/* apt takes away what ends with a minus. */
bool troth_build_is_package_name(const char *text)
{
    return is_made_of(text, LOWER DIGITS, LOWER DIGITS "+.-", PACKAGE_MAX_LEN) &&
           text[1] != '\0' && text[strlen(text) - 1] != '-';
}

bool troth_build_is_package_version(const char *text)
{
    return is_made_of(text, LETTERS DIGITS, LETTERS DIGITS ".+-~:", PACKAGE_MAX_LEN);
}

bool troth_build_is_architecture(const char *text)
{
    return is_made_of(text, LOWER, LOWER DIGITS "-", NAME_MAX_LEN);
}

static bool is_package(const char *text)
{
    char name[PACKAGE_MAX_LEN + 1];
    const size_t len = strcspn(text, "=");

    if (len >= sizeof name)
        return false;
    memcpy(name, text, len);
    name[len] = '\0';
    return troth_build_is_package_name(name) &&
           (text[len] == '\0' || troth_build_is_package_version(text + len + 1));
}

/* clang-format off */
const struct troth_build_rule troth_build_rule_text = {is_text, "is empty", NULL};
const struct troth_build_rule troth_build_rule_line = {
    is_line, "is no short line of printable ASCII", NULL};
const struct troth_build_rule troth_build_rule_name = {
    is_name, "is no name of an image", "a-z, 0-9, '.', '_' and '-', from a letter or digit on, at most 64"};
const struct troth_build_rule troth_build_rule_cmdline = {
    is_cmdline, "is no command line", "printable ASCII, at most 2047 characters"};
const struct troth_build_rule troth_build_rule_inside = {
    is_inside, "is no path within its folder", "relative, without . and .., without / at its end"};
const struct troth_build_rule troth_build_rule_anywhere = {
    is_anywhere, "is no path", NULL};
const struct troth_build_rule troth_build_rule_place = {
    is_place, "is no place in the image", "from / on, without . and .., without / at its end"};
const struct troth_build_rule troth_build_rule_module = {
    is_module, "is no name of a module", "as lsmod has it; files go into module_files"};
const struct troth_build_rule troth_build_rule_variable = {
    is_variable, "is no name of a variable", "letters, digits and _, no digit first"};
const struct troth_build_rule troth_build_rule_monitor = {
    is_monitor, "is none of qemu, ec2, gce", NULL};
const struct troth_build_rule troth_build_rule_package = {
    is_package, "is no Debian package", "NAME, or NAME=VERSION"};
/* clang-format on */
