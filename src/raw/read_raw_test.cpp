#include "raw/read_raw.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/error.h"
#include "core/temporary_folder.h"
#include "raw/raw.h"
#include "raw/small_dng.h"

namespace lichtbild::read_raw_test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing_raw::Bytes;
using testing_raw::small_dng;
using tiff::DirectoryWriter;

RawFrame read(const Bytes& file, Decoder decoder = Decoder::automatic) {
  return read_raw(std::as_bytes(std::span(file)), "small.dng", decoder);
}

std::string complaint(const Bytes& file) {
  try {
    read(file);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

std::string complaint(const std::function<void(DirectoryWriter&)>& spoil) {
  return complaint(small_dng(spoil));
}

TEST(ReadRaw, SamplesAreLinearBetweenBlackAndWhite) {
  for (const Decoder decoder : {Decoder::automatic, Decoder::libraw}) {
    const RawFrame frame = read(small_dng(), decoder);
    ASSERT_EQ(frame.mosaic.width(), 40);
    ASSERT_EQ(frame.mosaic.height(), 32);
    for (int y = 0; y < 32; ++y)
      for (int x = 0; x < 40; ++x)
        EXPECT_NEAR(frame.mosaic(x, y), (100 + 10 * x + 100 * y - 64) / (4095.0 - 64), 1e-7);
    EXPECT_EQ(frame.info.bits, 12);
    EXPECT_NEAR(frame.info.color.as_shot_neutral[0], 0.5, 1e-9);
    EXPECT_EQ(frame.info.color.illuminants[0].temperature_kelvin, 6500);
    EXPECT_EQ(frame.info.color.illuminants[1].temperature_kelvin, 0);
  }
}

TEST(ReadRaw, AllFourBayerOrdersAndOddMargins) {
  const std::array<std::array<std::uint8_t, 4>, 4> orders{
      {{0, 1, 1, 2}, {1, 0, 2, 1}, {1, 2, 0, 1}, {2, 1, 1, 0}}};
  for (const auto& order : orders)
    for (const Decoder decoder : {Decoder::automatic, Decoder::libraw}) {
      const Bytes file = small_dng([&](DirectoryWriter& tags) {
        tags.add_bytes(33422, order);
        tags.add_longs(50829, {3, 1, 29, 38});  // top, left, bottom, right
        // A black level for each place of the 2x2, counted from the active area's corner.
        tags.add_shorts(50713, {2, 2});
        tags.add_shorts(50714, {10, 20, 30, 40});
      });
      const RawFrame frame = read(file, decoder);
      // The odd last column is left out.
      ASSERT_EQ(frame.mosaic.width(), 36);
      ASSERT_EQ(frame.mosaic.height(), 26);
      for (int i = 0; i < 4; ++i) EXPECT_EQ(int(frame.info.cfa.colors[i]), order[i]);
      for (int y = 0; y < 26; ++y)
        for (int x = 0; x < 36; ++x) {
          const double black = 10 + 10 * (x % 2) + 20 * (y % 2);
          const double dn = 100 + 10 * (x + 1) + 100 * (y + 3);
          EXPECT_NEAR(frame.mosaic(x, y), (dn - black) / (4095 - black), 1e-7);
        }
    }
}

TEST(ReadRaw, BlackBelowSamplesStaysNegative) {
  const RawFrame frame =
      read(small_dng([](DirectoryWriter& tags) { tags.add_shorts(50714, {200}); }));
  EXPECT_NEAR(frame.mosaic(0, 0), (100 - 200) / (4095.0 - 200), 1e-7);
}

TEST(ReadRaw, LinearizationTable) {
  const Bytes file = small_dng([](DirectoryWriter& tags) {
    std::vector<std::uint16_t> table(4096);
    for (std::size_t i = 0; i < table.size(); ++i) table[i] = std::uint16_t(2 * i);
    tags.add_shorts(50712, table);
  });
  EXPECT_NEAR(read(file).mosaic(3, 4), (2 * (100 + 30 + 400) - 64) / (4095.0 - 64), 1e-7);
}

// OpcodeList1: a list of bad samples, or a number that marks them.
Bytes opcode_list_1(std::uint8_t opcode, std::initializer_list<std::uint32_t> parameters) {
  Bytes list;
  const auto put = [&](std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) list.push_back(std::uint8_t(value >> shift));
  };
  for (const std::uint32_t value :
       {1u, std::uint32_t(opcode), 0x01030000u, 0u, std::uint32_t(4 * parameters.size())})
    put(value);
  for (const std::uint32_t value : parameters) put(value);
  return list;
}

TEST(ReadRaw, SamplesThatTheFileCallsBadAreRepaired) {
  // The ramp has 10 a column and 100 a row; sample (7, 5) and a piece of row 20 are called bad, and
  // 450 marks (5, 3) and all others on the ramp that have it.
  const auto good = [](int x, int y) { return (100 + 10 * x + 100 * y - 64) / (4095.0 - 64); };
  const auto with = [](const Bytes& list) {
    Bytes file = small_dng([&](DirectoryWriter& tags) {
      tags.add_bytes(51008, list, true);
      tags.add_longs(50829, {2, 2, 32, 40});
    });
    // The last 40 x 32 numbers are the samples.
    const auto spoil = [&](int x, int y, int dn) {
      const std::size_t at = file.size() - 2 * (40 * 32 - (40 * y + x));
      file[at] = std::uint8_t(dn), file[at + 1] = std::uint8_t(dn >> 8);
    };
    spoil(7, 5, 3);
    spoil(12, 20, 3);
    return read(file);
  };
  const RawFrame left = with({}), listed = with(opcode_list_1(5, {0, 1, 1, 5, 7, 20, 12, 21, 14})),
                 marked = with(opcode_list_1(4, {3, 0}));
  EXPECT_NEAR(left.mosaic(5, 3), (3 - 64) / (4095.0 - 64), 1e-6);
  for (const RawFrame* frame : {&listed, &marked}) {
    EXPECT_NEAR(frame->mosaic(5, 3), good(7, 5), 1e-6);
    EXPECT_NEAR(frame->mosaic(10, 18), good(12, 20), 1e-6);
    EXPECT_NEAR(frame->mosaic(20, 20), good(22, 22), 1e-6);
  }
  EXPECT_THAT(complaint([](auto& tags) {
                tags.add_bytes(51008, opcode_list_1(5, {0, 0, 1, 0, 0, 65535, 65535}), true);
              }),
              HasSubstr("OpcodeList1: marks more than 1 %"));
  EXPECT_THAT(complaint([](auto& tags) { tags.add_bytes(51008, opcode_list_1(6, {}), true); }),
              HasSubstr("TrimBounds is not optional"));
}

TEST(ReadRaw, OrientationCropAndExposure) {
  for (std::uint16_t orientation = 1; orientation <= 8; ++orientation) {
    const RawFrame frame = read(small_dng([&](DirectoryWriter& tags) {
      tags.add_shorts(274, {orientation});
      tags.add_longs(50719, {2, 1});
      tags.add_longs(50720, {10, 8});
      tags.add_rationals(50730, std::array{-0.5}, true);
    }));
    EXPECT_EQ(frame.info.metadata.orientation, orientation);
    EXPECT_EQ(frame.info.crop.x, 2);
    EXPECT_EQ(frame.info.crop.y, 1);
    EXPECT_EQ(frame.info.crop.width, 10);
    EXPECT_EQ(frame.info.crop.height, 8);
    EXPECT_NEAR(frame.info.baseline_exposure_stops, -0.5, 1e-9);
  }
}

// Each refusal names the file, what it is or where it is wrong, and the cure after a semicolon.
TEST(ReadRaw, RefusesWhatItCannotDevelop) {
  const auto refused = [](const std::string& what) {
    return AllOf(HasSubstr("small.dng"), HasSubstr(what), HasSubstr("; "));
  };
  const auto cfa = [](std::uint16_t size) {
    return [size](DirectoryWriter& tags) {
      tags.add_shorts(33421, {size, size});
      tags.add_bytes(33422, std::vector<std::uint8_t>(std::size_t(size) * size, 1));
    };
  };
  EXPECT_THAT(complaint(cfa(4)), refused("Quad-Bayer"));
  EXPECT_THAT(complaint(cfa(6)), refused("X-Trans"));
  EXPECT_THAT(complaint(cfa(2)), refused("not in a Bayer order"));
  EXPECT_THAT(complaint([](auto& t) { t.add_shorts(262, {34892}); }), refused("monochrome"));
  EXPECT_THAT(complaint([](auto& t) { t.add_shorts(262, {34892}), t.add_shorts(277, {3}); }),
              refused("linear DNG"));
  EXPECT_THAT(complaint([](auto& t) { t.add_longs(256, {1000000}), t.add_longs(257, {1000000}); }),
              refused("1000000 x 1000000"));
  EXPECT_THAT(complaint([](auto& t) { t.add_longs(257, {0}); }), refused("40 x 0"));
  EXPECT_THAT(complaint([](auto& t) {
                t.add_longs(322, {0}), t.add_longs(323, {0});
                t.add_longs(324, {8}), t.add_longs(325, {8});
              }),
              refused("tiles of size zero"));
  EXPECT_THAT(complaint([](auto& t) { t.add_shorts(50714, {4095}); }),
              refused("black level 4095 is not below white level 4095"));
  EXPECT_THAT(complaint([](auto& t) { t.add_doubles(50721, std::array<double, 9>{}); }),
              refused("ColorMatrix is not an invertible"));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(complaint([&](auto& t) {
                t.add_doubles(50721, std::array{nan, 0., 0., 0., 1., 0., 0., 0., 1.});
              }),
              refused("ColorMatrix is not an invertible"));
  EXPECT_THAT(complaint([](auto& t) {
                t.add_rationals(50728, std::array{0.0, 1.0, 1.0});
              }),
              refused("AsShotNeutral"));
  EXPECT_THAT(complaint([](auto& t) {
                t.add_bytes(51009, std::array<std::uint8_t, 6>{0, 0, 0, 1, 0, 0}, true);
              }),
              refused("OpcodeList2: byte 4"));
  EXPECT_THAT(complaint([](auto& t) { t.add_longs(279, {100}); }), refused("cut off"));
  EXPECT_THAT(complaint(Bytes{'h', 'e', 'l', 'l', 'o', '\n'}), refused("is not a RAW file"));
  EXPECT_THAT(complaint(Bytes{0xff, 0xd8, 0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F'}),
              refused("is a JPEG picture"));
}

TEST(ReadRaw, TruncatedAnywhereIsAnError) {
  const Bytes whole = small_dng();
  for (std::size_t size = 1; size < whole.size(); ++size)
    EXPECT_THAT(complaint(Bytes(whole.begin(), whole.begin() + long(size))),
                AllOf(HasSubstr("small.dng"), HasSubstr("; ")))
        << size;
  EXPECT_EQ(complaint(whole), "");
}

// One byte of the directory changed at a time: an Error or a picture, nothing else.
TEST(ReadRaw, EveryDamagedByteIsSurvived) {
  const Bytes whole = small_dng();
  for (std::size_t at = 0; at < whole.size() - 2 * 40 * 32; ++at)
    for (const int value : {0x00, 0x7f, 0x80, 0xff}) {
      Bytes damaged = whole;
      damaged[at] = std::uint8_t(value);
      complaint(damaged);
    }
}

TEST(ReadRaw, PathsThatAreNoFiles) {
  const auto complaint_of = [](const std::string& path) -> std::string {
    try {
      read_raw(path);
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  };
  EXPECT_THAT(complaint_of("/tmp"), HasSubstr("is a folder"));
  EXPECT_THAT(complaint_of("/nowhere/a.dng"), HasSubstr("cannot be read"));
  const TemporaryFolder folder;
  EXPECT_THAT(complaint_of(folder.file("empty.dng", "")), HasSubstr("is empty (zero bytes)"));
}

}  // namespace
}  // namespace lichtbild::read_raw_test
