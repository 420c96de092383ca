#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "core/error.h"
#include "optics/files/same_lens.h"

namespace lichtbild::optics {
namespace {

TEST(LensToml, EveryShippedLensIsReadAndWrittenToTheSameBits) {
  int count = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(LICHTBILD_ROOT) + "/data/lenses")) {
    if (entry.path().extension() != ".toml") continue;
    const Lens lens = read_lens(entry.path());
    EXPECT_FALSE(lens.source.empty()) << entry.path();
    EXPECT_EQ(LensBits::of(parse_lens_toml(lens_toml_from(lens), "again")), LensBits::of(lens));
    ++count;
  }
  EXPECT_EQ(count, 83);
}

}  // namespace
}  // namespace lichtbild::optics
