#include "photo/exif.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

namespace lichtbild {
namespace {

using Bytes = std::vector<std::uint8_t>;

std::uint32_t number(const Bytes& bytes, std::size_t at, int size) {
  std::uint32_t value = 0;
  for (int i = 0; i < size; ++i) value |= std::uint32_t(bytes.at(at + i)) << 8 * i;
  return value;
}

// A plain reader of the block: directory after directory, each value as text ("1/125", "48/1 8/1
// ...").
struct Reader {
  const Bytes& bytes;

  std::string value(std::size_t entry) const {
    const int type = int(number(bytes, entry + 2, 2));
    const int size = std::map<int, int>{{1, 1}, {2, 1}, {3, 2}, {4, 4}, {5, 8}, {7, 1}}.at(type);
    const std::uint32_t count = number(bytes, entry + 4, 4);
    const std::size_t at = count * size <= 4 ? entry + 8 : number(bytes, entry + 8, 4);
    std::string text;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (type == 2 || type == 7)
        text += char(number(bytes, at + i, 1));
      else
        text.append(i ? " " : "")
            .append(std::to_string(number(bytes, at + i * size, std::min(size, 4))));
      if (type == 5) text.append("/").append(std::to_string(number(bytes, at + i * size + 4, 4)));
    }
    return text.substr(0, text.find('\0', type == 2 ? 0 : text.size()));
  }

  std::map<int, std::string> directory(std::size_t at) const {
    std::map<int, std::string> tags;
    int before = -1;
    for (std::uint32_t i = 0; i < number(bytes, at, 2); ++i) {
      const std::size_t entry = at + 2 + 12 * i;
      const int tag = int(number(bytes, entry, 2));
      EXPECT_GT(tag, before) << "TIFF demands ascending tags";
      before = tag;
      tags[tag] = value(entry);
    }
    return tags;
  }
};

Metadata full() {
  Metadata m;
  m.make = "Maker";
  m.model = "Model 3";
  m.date_time = "2026:11:22 10:11:12";
  m.exposure_time_s = 0.008;
  m.iso = 100;
  m.f_number = 1.8;
  m.focal_length_mm = 4.38;
  m.focal_length_35mm = 27;
  m.orientation = 6;
  m.gps = GpsPosition{48.5, -11.25, -3.5};
  return m;
}

TEST(Exif, AllThatIsKnown) {
  const Bytes bytes = exif_bytes(full(), {4000, 3000, ColorSpace::srgb});
  const Reader reader{bytes};
  auto top = reader.directory(8);
  EXPECT_EQ(top[0x010F], "Maker");
  EXPECT_EQ(top[0x0110], "Model 3");
  EXPECT_EQ(top[0x0112], "1");
  EXPECT_EQ(top[0x0131], "Lichtbild");
  auto exif = reader.directory(std::stoul(top[0x8769]));
  EXPECT_EQ(exif[0x829A], "1/125");
  EXPECT_EQ(exif[0x829D], "9/5");
  EXPECT_EQ(exif[0x8827], "100");
  EXPECT_EQ(exif[0x9003], "2026:11:22 10:11:12");
  EXPECT_EQ(exif[0x920A], "219/50");
  EXPECT_EQ(exif[0xA001], "1");
  EXPECT_EQ(exif[0xA002], "4000");
  EXPECT_EQ(exif[0xA003], "3000");
  EXPECT_EQ(exif[0xA405], "27");
  auto gps = reader.directory(std::stoul(top[0x8825]));
  EXPECT_EQ(gps[1] + gps[3], "NW");
  EXPECT_EQ(gps[2], "48/1 30/1 0/10000");
  EXPECT_EQ(gps[4], "11/1 15/1 0/10000");
  EXPECT_EQ(gps[5], "1");
  EXPECT_EQ(gps[6], "350/100");
}

TEST(Exif, UnknownIsLeftOut) {
  Metadata odd;
  odd.date_time = "yesterday";
  odd.exposure_time_s = NAN;
  odd.iso = -1;
  odd.gps = GpsPosition{NAN, 0, {}};
  const Bytes bytes = exif_bytes(odd, {1, 1, ColorSpace::display_p3});
  const Reader reader{bytes};
  auto top = reader.directory(8);
  for (const int tag : {0x010F, 0x0110, 0x0132, 0x8825}) EXPECT_EQ(top.count(tag), 0U) << tag;
  auto exif = reader.directory(std::stoul(top[0x8769]));
  for (const int tag : {0x829A, 0x829D, 0x8827, 0x9003, 0x920A, 0xA405})
    EXPECT_EQ(exif.count(tag), 0U) << tag;
  EXPECT_EQ(exif[0xA001], "65535");
}

TEST(Exif, SimplestFraction) {
  const auto text = [](double value) {
    const Rational r = rational(value);
    return std::to_string(r.numerator) + "/" + std::to_string(r.denominator);
  };
  EXPECT_EQ(text(1 / 125.0), "1/125");
  EXPECT_EQ(text(1 / 3.0F), "1/3");
  EXPECT_EQ(text(30), "30/1");
  EXPECT_EQ(text(2.4), "12/5");
  EXPECT_EQ(text(-1), "0/1");
  EXPECT_EQ(text(NAN), "0/1");
  for (const double value : {3.14159265358979, 1e-6, 12345.678, 3.9e9})
    EXPECT_NEAR(double(rational(value).numerator) / rational(value).denominator, value,
                value * 1e-6);
}

}  // namespace
}  // namespace lichtbild
