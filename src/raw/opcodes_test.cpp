#include "raw/opcodes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>

#include "core/error.h"

namespace lichtbild {
namespace {

using testing::HasSubstr;
using Bytes = std::vector<std::uint8_t>;

struct Writer {
  Bytes bytes;
  void integer(std::uint64_t value, int width = 4) {
    for (int i = width - 1; i >= 0; --i) bytes.push_back(std::uint8_t(value >> (8 * i)));
  }
  void real(float value) { integer(std::bit_cast<std::uint32_t>(value)); }
  void long_real(double value) { integer(std::bit_cast<std::uint64_t>(value), 8); }
  void opcode(int number, bool is_optional, const Bytes& parameters) {
    integer(number), integer(0x01030000), integer(is_optional), integer(parameters.size());
    bytes.insert(bytes.end(), parameters.begin(), parameters.end());
  }
};

Bytes gain_map(std::uint32_t rows = 2, std::uint32_t columns = 3) {
  Writer w;
  for (const int value : {1, 0, 100, 200, 0, 1, 2, 2}) w.integer(value);
  w.integer(rows), w.integer(columns);
  for (const double value : {1.0, 0.5, 0.0, 0.25}) w.long_real(value);
  w.integer(1);
  for (int i = 0; i < 6; ++i) w.real(1 + 0.5f * i);
  return w.bytes;
}

Bytes list_of(int number, bool is_optional, const Bytes& parameters) {
  Writer w;
  w.integer(1);
  w.opcode(number, is_optional, parameters);
  return w.bytes;
}

std::string complaint(const Bytes& list) {
  LensCorrections lens;
  try {
    parse_opcodes(list, "a.dng: OpcodeList2", lens);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

TEST(Opcodes, GainMap) {
  LensCorrections lens;
  parse_opcodes(list_of(9, false, gain_map()), "", lens);
  ASSERT_EQ(lens.gain_maps.size(), 1u);
  const GainMap& map = lens.gain_maps[0];
  EXPECT_EQ(map.top, 1);
  EXPECT_EQ(map.right, 200);
  EXPECT_EQ(map.row_pitch, 2);
  EXPECT_EQ(map.rows, 2);
  EXPECT_EQ(map.columns, 3);
  EXPECT_EQ(map.spacing_y, 1);
  EXPECT_EQ(map.spacing_x, 0.5);
  EXPECT_EQ(map.origin_x, 0.25);
  EXPECT_THAT(map.gains, testing::ElementsAre(1, 1.5, 2, 2.5, 3, 3.5));
}

TEST(Opcodes, WarpAndVignette) {
  for (const int planes : {1, 3}) {
    Writer warp, vignette, list;
    warp.integer(planes);
    for (int i = 0; i < 6 * planes; ++i) warp.long_real(i);
    warp.long_real(0.5), warp.long_real(0.25);
    for (int i = 0; i < 5; ++i) vignette.long_real(0.1 * i);
    vignette.long_real(0.4), vignette.long_real(0.6);
    list.integer(2);
    list.opcode(1, false, warp.bytes);
    list.opcode(3, true, vignette.bytes);
    LensCorrections lens;
    parse_opcodes(list.bytes, "", lens);
    ASSERT_TRUE(lens.warp && lens.vignette);
    ASSERT_EQ(lens.warp->planes.size(), std::size_t(planes));
    EXPECT_EQ(lens.warp->planes.back()[5], 6 * planes - 1);
    EXPECT_EQ(lens.warp->center_y, 0.25);
    EXPECT_EQ(lens.vignette->k[4], 0.4);
    EXPECT_EQ(lens.vignette->center_y, 0.6);
  }
}

TEST(Opcodes, AWarpThatNoLensHasIsRefused) {
  for (const auto& [coefficient, center] : {std::pair{1e30, 0.5}, {-1e300, 0.5}, {1.0, 1e12}}) {
    Writer warp, list;
    warp.integer(1);
    for (int i = 0; i < 6; ++i) warp.long_real(coefficient);
    warp.long_real(0.5), warp.long_real(center);
    list.integer(1);
    list.opcode(1, false, warp.bytes);
    LensCorrections lens;
    EXPECT_THROW(parse_opcodes(list.bytes, "", lens), Error) << coefficient << ", " << center;
  }
}

// Byte by byte as the specification lays it out, by the writer of this test.
TEST(Opcodes, WrittenGainMapsAreLaidOutAsSpecified) {
  LensCorrections lens;
  const Bytes expected = list_of(9, true, gain_map());
  parse_opcodes(expected, "", lens);
  EXPECT_EQ(opcode_list_2(lens.gain_maps), expected);
}

TEST(Opcodes, WrittenCorrectionsComeBack) {
  std::vector<GainMap> maps(4);
  for (int phase = 0; phase < 4; ++phase) {
    GainMap& map = maps[phase];
    map = {phase / 2, phase % 2, 3072, 4096, 2, 2, 3, 5, 0.1, -0.2, 1 / 2.0, 1 / 4.0, {}};
    for (int i = 0; i < 15; ++i) map.gains.push_back(1 + 0.1f * float(i * phase));
  }
  const RectilinearWarp warp{{{1.01, -0.02, 0.003, 1e-5, 1e-7, -1e-7},
                              {1, -0.021, 0, 0, 0, 0},
                              {0.99, -0.022, 0, 1e-300, 0, 0}},
                             0.501,
                             0.499};
  const RadialVignette vignette{{0.5, -0.1, 0.02, 1e-3, -1e-4}, 0.49, 0.51};
  LensCorrections lens;
  parse_opcodes(opcode_list_2(maps), "", lens);
  parse_opcodes(opcode_list_3(vignette, warp), "", lens);
  ASSERT_EQ(lens.gain_maps.size(), maps.size());
  for (int phase = 0; phase < 4; ++phase) EXPECT_EQ(lens.gain_maps[phase], maps[phase]) << phase;
  EXPECT_EQ(lens.warp, warp);
  EXPECT_EQ(lens.vignette, vignette);
  EXPECT_TRUE(opcode_list_2({}).empty());
  EXPECT_TRUE(opcode_list_3({}, {}).empty());
}

TEST(Opcodes, UnknownOnesAreSkippedOnlyIfOptional) {
  EXPECT_EQ(complaint(list_of(5, true, {1, 2, 3})), "");
  EXPECT_THAT(complaint(list_of(5, false, {1, 2, 3})),
              HasSubstr("byte 4: FixBadPixelsList is not"));
  EXPECT_THAT(complaint(list_of(77, false, {})), HasSubstr("opcode 77 is not optional"));
}

TEST(Opcodes, BadPixels) {
  Writer constant, places, list;
  constant.integer(4095), constant.integer(0);
  for (const int value : {0, 2, 1, 7, 5, 9, 6, 10, 20, 30, 40}) places.integer(value);
  list.integer(3);
  list.opcode(4, false, constant.bytes);
  list.opcode(5, false, places.bytes);
  list.opcode(6, true, {1, 2});
  const BadPixels bad = parse_bad_pixels(list.bytes, "");
  EXPECT_EQ(bad.constant, 4095u);
  ASSERT_EQ(bad.areas.size(), 3u);
  EXPECT_EQ(bad.areas[1].top, 9);
  EXPECT_EQ(bad.areas[1].right, 7);
  EXPECT_EQ(bad.areas[2].left, 20);
  EXPECT_EQ(bad.areas[2].bottom, 30);
}

TEST(Opcodes, BadPixelsThatLieAreErrors) {
  const auto complains = [](int number, bool is_optional,
                            const std::vector<std::uint32_t>& values) {
    Writer parameters;
    for (const std::uint32_t value : values) parameters.integer(value);
    try {
      parse_bad_pixels(list_of(number, is_optional, parameters.bytes), "a.dng: OpcodeList1");
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_THAT(complains(4, true, {1}), HasSubstr("4 bytes instead of 8"));
  EXPECT_THAT(complains(5, true, {0, 0xffffffff, 0xffffffff}), HasSubstr("claims 4294967295"));
  EXPECT_THAT(complains(5, true, {0, 0x20000000, 0, 1}), HasSubstr("claims"));
  EXPECT_THAT(complains(9, false, {1}), HasSubstr("GainMap is not optional"));
  EXPECT_EQ(complains(9, true, {1}), "");
}

TEST(Opcodes, LengthsThatLieAreErrors) {
  EXPECT_THAT(complaint(list_of(9, true, gain_map(20000, 60000))), HasSubstr("20000 x 60000"));
  EXPECT_THAT(complaint(list_of(9, true, gain_map(0x80000000, 0x80000000))), HasSubstr("claims"));
  EXPECT_THAT(complaint(list_of(1, true, {0, 0, 0, 3})), HasSubstr("3 planes in 0 bytes"));
  EXPECT_THAT(complaint(list_of(3, true, {0})), HasSubstr("1 bytes instead of 56"));
  const Bytes whole = list_of(9, false, gain_map());
  for (std::size_t size = 1; size < whole.size(); ++size)
    EXPECT_THAT(complaint(Bytes(whole.begin(), whole.begin() + long(size))), HasSubstr("byte "))
        << size;
  EXPECT_EQ(complaint({}), "");
}

TEST(Opcodes, GainsMustBeFinite) {
  Bytes map = gain_map();
  map[map.size() - 4] = 0x7f, map[map.size() - 3] = 0xc0;
  EXPECT_THAT(complaint(list_of(9, false, map)), HasSubstr("not a finite number"));
}

}  // namespace
}  // namespace lichtbild
