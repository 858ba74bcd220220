/* SPDX-License-Identifier: Apache-2.0 */
/* Launch digests of SEV-SNP machines that another implementation publishes. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "image/snp.h"
#include "test/harness.h"
#include "troth/provider.h"

static struct troth_crypto crypto;

static const char *text(const json_t *row, const char *key)
{
    const char *value = json_string_value(json_object_get(row, key));

    return value ? value : "";
}

static struct troth_span firmware_of(const json_t *row)
{
    char path[256];

    snprintf(path, sizeof(path), "measure/%s", text(row, "ovmf"));
    return test_vector(path);
}

/* Kernels and initrds of these cases are empty files; no kernel: no hashes. */
static bool hashes_of(struct troth_kernel_hashes *out, const json_t *row)
{
    const struct troth_span cmdline = {(const uint8_t *)text(row, "cmdline"),
                                       strlen(text(row, "cmdline")) + 1};

    if (json_is_null(json_object_get(row, "kernel")))
        return false;
    CHECK_TEXT(text(row, "kernel"), "/dev/null");
    CHECK_TEXT(text(row, "initrd"), "/dev/null");
    CHECK_ERR(troth_digest(&crypto, out->kernel, TROTH_SHA256, test_text("")), TROTH_OK);
    CHECK_ERR(troth_digest(&crypto, out->initrd, TROTH_SHA256, test_text("")), TROTH_OK);
    CHECK_ERR(troth_digest(&crypto, out->cmdline, TROTH_SHA256, cmdline), TROTH_OK);
    return true;
}

static enum troth_snp_vmm vmm_of(const json_t *row)
{
    if (!strcmp(text(row, "vmm_type"), "ec2"))
        return TROTH_SNP_EC2;
    return strcmp(text(row, "vmm_type"), "gce") ? TROTH_SNP_QEMU : TROTH_SNP_GCE;
}

static void launch_row(const json_t *row)
{
    struct troth_kernel_hashes hashes;
    struct troth_ovmf ovmf;
    struct troth_snp_launch launch = {
        .firmware = &ovmf,
        .hashes = hashes_of(&hashes, row) ? &hashes : NULL,
        .cpus = (uint32_t)json_integer_value(json_object_get(row, "vcpus")),
        .vmm = vmm_of(row),
        .features = (uint64_t)json_integer_value(json_object_get(row, "guest_features")),
    };
    const char *given = text(row, "snp_ovmf_hash_str");
    uint8_t digest[48];

    if (launch.vmm != TROTH_SNP_GCE)
        CHECK(
            troth_snp_cpu_signature(&launch.cpu_signature, test_text(text(row, "vcpu"))));
    CHECK_ERR(troth_ovmf_read(&ovmf, NULL, firmware_of(row)), TROTH_OK);
    /* Otherwise it says to hash the pages of the file, as is done without it. */
    if (strlen(given) == 96)
        launch.firmware_digest = test_hex(given).ptr;
    CHECK_ERR(troth_snp_launch_digest(digest, NULL, &crypto, &launch), TROTH_OK);
    CHECK_SPAN(((struct troth_span)TROTH_ARRAY_SPAN(digest)),
               test_hex(text(row, "expected_launch_digest")));
}

static void launch_rows(const json_t *cases)
{
    size_t i, judged = 0;
    const json_t *row;

    json_array_foreach(cases, i, row)
    {
        test_case("%s", text(row, "case"));
        if (strcmp(text(row, "mode"), "SEV_SNP") != 0) {
            test_skip("%s machines are none that Troth judges", text(row, "mode"));
            continue;
        }
        launch_row(row);
        judged++;
    }
    test_case("all of them were there");
    CHECK_INT(judged, 16);
}

static void signatures(const json_t *cpus)
{
    const char *name;
    json_t *numbers;

    json_object_foreach((json_t *)cpus, name, numbers)
    {
        const unsigned family = (unsigned)json_integer_value(json_array_get(numbers, 0));
        const unsigned model = (unsigned)json_integer_value(json_array_get(numbers, 1));
        const unsigned step = (unsigned)json_integer_value(json_array_get(numbers, 2));
        uint32_t seen;

        test_case("signature of %s", name);
        CHECK(troth_snp_cpu_signature(&seen, test_text(name)));
        CHECK_INT((seen >> 8 & 15) + (seen >> 20 & 255), family);
        CHECK_INT((seen >> 4 & 15) | (seen >> 16 & 15) << 4, model);
        CHECK_INT(seen & 15, step);
    }
}

int main(void)
{
    const struct troth_span file = test_vector("measure/sev_launch_digests.json");

    if (!file.ptr) {
        test_case("launch digests");
        test_skip("no vectors");
        return test_finish();
    }
    json_t *all = json_loadb((const char *)file.ptr, file.len, 0, NULL);

    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    launch_rows(json_object_get(all, "cases"));
    signatures(json_object_get(all, "vcpu_family_model_stepping"));
    troth_provider_destroy(&crypto);
    json_decref(all);
    return test_finish();
}
