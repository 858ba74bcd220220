/* SPDX-License-Identifier: Apache-2.0 */
#include "image/tar_pax.h"

#include "base/memory.h"
#include "base/number.h"
#include "base/span.h"

enum troth_err troth_tar_take_path(struct troth_tar *tar, struct troth_span path)
{
    /* A path is seldom longer than its plain form. */
    uint8_t plain[2 * TROTH_ENTRY_PATH_MAX];
    size_t len = 0;

    if (tar->has_path)
        return TROTH_ERR_DUPLICATE;
    if (path.len == 0)
        return TROTH_ERR_VALUE;
    if (path.len > sizeof(plain))
        return TROTH_ERR_LIMIT;

    const enum troth_err err = troth_entry_path_clean(plain, &len, path);

    if (err)
        return err;
    memcpy(tar->path, plain, len);
    tar->path_len = len;
    tar->path_is_folder = path.ptr[path.len - 1] == '/';
    tar->has_path = true;
    return TROTH_OK;
}

enum troth_err troth_tar_take_target(struct troth_tar *tar, struct troth_span target)
{
    if (tar->has_target)
        return TROTH_ERR_DUPLICATE;
    if (target.len > TROTH_ENTRY_LINK_MAX)
        return TROTH_ERR_LIMIT;
    for (size_t i = 0; i < target.len; i++)
        if (target.ptr[i] == 0)
            return TROTH_ERR_VALUE;
    if (target.len)
        memcpy(tar->target, target.ptr, target.len);
    tar->target_len = target.len;
    tar->has_target = true;
    return TROTH_OK;
}

static enum troth_err take_number(uint64_t *out, bool *there, struct troth_span digits)
{
    if (*there)
        return TROTH_ERR_DUPLICATE;
    *there = true;
    return troth_uint_parse(out, digits, 10);
}

static enum troth_err take_size(struct troth_tar *tar, struct troth_span value)
{
    return take_number(&tar->size, &tar->has_size, value);
}

static enum troth_err take_user(struct troth_tar *tar, struct troth_span value)
{
    return take_number(&tar->user, &tar->has_user, value);
}

static enum troth_err take_group(struct troth_tar *tar, struct troth_span value)
{
    return take_number(&tar->group, &tar->has_group, value);
}

static enum troth_err take_attribute(struct troth_tar *tar, struct troth_span value)
{
    (void)value;
    tar->has_attributes = true;
    return TROTH_OK;
}

static enum troth_err take_capability(struct troth_tar *tar, struct troth_span value)
{
    tar->grants_rights = true;
    return take_attribute(tar, value);
}

static enum troth_err refuse(struct troth_tar *tar, struct troth_span value)
{
    (void)tar;
    (void)value;
    return TROTH_ERR_UNSUPPORTED;
}

/* Both mean that names are the bytes they are. */
static enum troth_err check_charset(struct troth_tar *tar, struct troth_span value)
{
    (void)tar;
    return troth_span_is_text(value, "BINARY") ||
                   troth_span_is_text(value, "ISO-IR 10646 2000 UTF-8")
               ? TROTH_OK
               : TROTH_ERR_UNSUPPORTED;
}

/* The first row that fits. Other keys (times, names of users, comments, those of vendors)
 * say nothing that counts here. */
static const struct {
    const char *key;
    bool is_prefix, is_harmless;
    const char *field;
    enum troth_err (*take)(struct troth_tar *tar, struct troth_span value);
} keys[] = {
    {"path", false, false, "tar.path", troth_tar_take_path},
    {"linkpath", false, false, "tar.linkpath", troth_tar_take_target},
    {"size", false, false, "tar.size", take_size},
    {"uid", false, false, "tar.uid", take_user},
    {"gid", false, false, "tar.gid", take_group},
    {"hdrcharset", false, true, "tar.hdrcharset", check_charset},
    {"SCHILY.xattr.security.capability", false, false, "tar.xattr", take_capability},
    {"LIBARCHIVE.xattr.security.capability", false, false, "tar.xattr", take_capability},
    {"SCHILY.xattr.", true, false, "tar.xattr", take_attribute},
    {"LIBARCHIVE.xattr.", true, false, "tar.xattr", take_attribute},
    {"SCHILY.acl.", true, false, "tar.acl", take_attribute},
    {"RHT.security.", true, false, "tar.xattr", take_attribute},
    {"GNU.sparse.", true, false, "tar.sparse", refuse},
    {"SCHILY.realsize", false, false, "tar.sparse", refuse},
    {"SUN.holesdata", false, false, "tar.sparse", refuse},
    {"GNU.volume.", true, false, "tar.volume", refuse},
};

static enum troth_err take_record(struct troth_tar *tar, const char **field,
                                  const struct troth_span pair[2], bool for_all)
{
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        const struct troth_span key = troth_span_of_text(keys[i].key);

        if (!(keys[i].is_prefix ? troth_span_starts_with(pair[0], key)
                                : troth_span_equal(pair[0], key)))
            continue;
        *field = keys[i].field;
        if (for_all && !keys[i].is_harmless)
            return TROTH_ERR_UNSUPPORTED;
        return keys[i].take(tar, pair[1]);
    }
    return TROTH_OK;
}

/* The next record's key and value; `text` moves behind it. */
static enum troth_err next_record(struct troth_span pair[2], struct troth_span *text)
{
    struct troth_span rest = *text, record;
    uint64_t len;

    const struct troth_span digits = troth_span_next_item(&rest, ' ');

    /* The length counts itself, the blank and the line's end. */
    if (troth_uint_parse(&len, digits, 10) || len > text->len || len < digits.len + 2 ||
        text->ptr[digits.len] != ' ' || text->ptr[len - 1] != '\n')
        return TROTH_ERR_VALUE;
    record = troth_span_slice(*text, digits.len + 1, (size_t)len - 1);
    pair[0] = troth_span_next_item(&record, '=');
    /* Without '=' the key would be all of it. */
    if (pair[0].len == 0 || digits.len + 1 + pair[0].len + 1 >= len)
        return TROTH_ERR_VALUE;
    pair[1] = record;
    *text = (struct troth_span){text->ptr + len, text->len - (size_t)len};
    return TROTH_OK;
}

enum troth_err troth_tar_pax_apply(struct troth_tar *tar, struct troth_fault *fault,
                                   struct troth_span text, bool for_all)
{
    while (text.len) {
        struct troth_span pair[2];
        const char *field = "tar.pax";
        enum troth_err err = next_record(pair, &text);

        if (!err)
            err = take_record(tar, &field, pair, for_all);
        if (err) {
            *fault = (struct troth_fault){err, field, 0};
            return err;
        }
    }
    return TROTH_OK;
}

enum troth_err troth_tar_long_name_apply(struct troth_tar *tar, struct troth_fault *fault,
                                         struct troth_span text, uint8_t type)
{
    const bool is_path = type == 'L';
    enum troth_err err;

    /* Zeros end it; another one is refused below. */
    while (text.len && text.ptr[text.len - 1] == 0)
        text.len--;
    err = is_path ? troth_tar_take_path(tar, text) : troth_tar_take_target(tar, text);
    if (err)
        *fault = (struct troth_fault){err, is_path ? "tar.path" : "tar.linkpath", 0};
    return err;
}
