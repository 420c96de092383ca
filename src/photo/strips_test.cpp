#include "photo/strips.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace lichtbild {
namespace {

TEST(Strips, EachOnce) {
  for (const int count : {0, 1, 2, 1000}) {
    std::vector<std::atomic<int>> done(count);
    for_each_strip(count, [&](int i) { ++done[i]; });
    for (const auto& times : done) EXPECT_EQ(times, 1);
  }
}

TEST(Strips, ExceptionReachesTheCaller) {
  EXPECT_THROW(for_each_strip(100,
                              [](int i) {
                                if (i == 37) throw std::runtime_error("37");
                              }),
               std::runtime_error);
}

}  // namespace
}  // namespace lichtbild
