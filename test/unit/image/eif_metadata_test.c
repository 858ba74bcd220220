/* SPDX-License-Identifier: Apache-2.0 */
#include "image/eif_metadata.h"

#include <jansson.h>

#include "test/harness.h"

/* clang-format off */
static const struct {
    const char *why;
    struct troth_eif_metadata metadata;
    const char *text;
} rows[] = {
    {"everything",
     {.name = {(const uint8_t *)"hello", 5}, .version = {(const uint8_t *)"1", 1}, .built_s = 315532800,
      .tool_version = {(const uint8_t *)"0.1.0", 5}, .operating_system = {(const uint8_t *)"Linux", 5},
      .kernel_version = {(const uint8_t *)"6.12.1", 6}},
     "{\"ImageName\":\"hello\",\"ImageVersion\":\"1\",\"BuildMetadata\":{\"BuildTime\":\"1980-01-01T00:00:00Z\","
     "\"BuildTool\":\"troth\",\"BuildToolVersion\":\"0.1.0\",\"OperatingSystem\":\"Linux\",\"KernelVersion\":\"6.12.1\"},"
     "\"DockerInfo\":{},\"CustomMetadata\":{}}"},
    {"nothing",
     {.built_s = 0},
     "{\"ImageName\":\"\",\"ImageVersion\":\"\",\"BuildMetadata\":{\"BuildTime\":\"1970-01-01T00:00:00Z\","
     "\"BuildTool\":\"troth\",\"BuildToolVersion\":\"\",\"OperatingSystem\":\"\",\"KernelVersion\":\"\"},"
     "\"DockerInfo\":{},\"CustomMetadata\":{}}"},
    {"a name that tries to leave its quotes",
     {.name = {(const uint8_t *)"\",\"x\":\"\n", 8}},
     "{\"ImageName\":\"\\\",\\\"x\\\":\\\"\\n\",\"ImageVersion\":\"\",\"BuildMetadata\":{\"BuildTime\":\"1970-01-01T00:00:00Z\","
     "\"BuildTool\":\"troth\",\"BuildToolVersion\":\"\",\"OperatingSystem\":\"\",\"KernelVersion\":\"\"},"
     "\"DockerInfo\":{},\"CustomMetadata\":{}}"},
};
/* clang-format on */

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t room[1024];
        struct troth_writer w = troth_writer_over(room, sizeof room);
        json_t *json;

        test_case("written: %s", rows[i].why);
        troth_eif_metadata_write(&w, &rows[i].metadata);
        CHECK_SPAN(troth_writer_span(&w), test_text(rows[i].text));
        json = json_loadb((const char *)room, w.len, JSON_REJECT_DUPLICATES, NULL);
        CHECK(json != NULL);
        CHECK_INT(json_object_size(json), 5);
        json_decref(json);
    }
    test_case("no room");
    struct troth_writer none = troth_writer_over(NULL, 0);
    troth_eif_metadata_write(&none, &rows[0].metadata);
    CHECK(none.full);
    return test_finish();
}
