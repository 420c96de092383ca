#include "glass/agf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/error_message.h"
#include "glass/catalog.h"
#include "glass/text_encoding.h"

namespace lichtbild {
namespace {

using testing::HasSubstr;

const std::string data = LICHTBILD_ROOT "/../shared/data";

const std::string bk7 =
    "CC a comment\n"
    "NM N-BK7 2 517642 1.5168 64.17 0 1 1\n"
    "GC\n"
    "ED 7.1 8.3 2.51 -0.0009 0\n"
    "CD 1.03961212E+000 6.00069867E-003 2.31792344E-001 2.00179144E-002 1.01046945 "
    "1.03560653E+002\n"
    "TD 1.86E-006 1.31E-008 -1.37E-011 4.34E-007 6.27E-010 0.17 20\n"
    "OD 1 2.3 1 _ - 2.3\n"
    "LD 0.3 2.5\n"
    "IT 0.365 0.971 25\n"
    "IT 0.365 0.988 10\n"
    "IT 0.350 0.967 10\n"
    "IT 0.280 0.000 25\n"
    "IT 0.280 0.010 10\n";

std::vector<Glass> parse(const std::string& bytes) { return parse_agf(bytes, "MAKER", "test.agf"); }

std::string error_of(const std::string& bytes) {
  return error_message([&] { parse(bytes); });
}

std::string utf16(const std::string& ascii, bool big_endian, bool mark) {
  std::string bytes = mark ? (big_endian ? "\xfe\xff" : "\xff\xfe") : "";
  for (const char c : ascii) bytes += big_endian ? std::string{'\0', c} : std::string{c, '\0'};
  return bytes;
}

void expect_bk7(const std::vector<Glass>& glasses) {
  ASSERT_EQ(glasses.size(), 1u);
  const Glass& glass = glasses[0];
  EXPECT_EQ(glass.name, "N-BK7");
  EXPECT_EQ(glass.maker, "MAKER");
  EXPECT_EQ(glass.status, "preferred");
  EXPECT_NEAR(index(glass, line_d_um), 1.5168, 5e-6);
  EXPECT_EQ(glass.dpgf, -0.0009);
  EXPECT_NEAR(*glass.cte_per_k, 7.1e-6, 1e-12);
  EXPECT_EQ(glass.density_g_cm3, 2.51);
  ASSERT_TRUE(glass.thermal);
  EXPECT_EQ(glass.thermal->e1, 6.27e-10);
  EXPECT_EQ(glass.thermal->reference_c, 20);
  EXPECT_EQ(glass.longest_um, 2.5);
  EXPECT_EQ(glass.absorption.size(), 3u);
  EXPECT_NEAR(*internal_transmission(glass, 0.365, 25), 0.971, 1e-12);
  EXPECT_NEAR(*internal_transmission(glass, 0.350, 10), 0.967, 1e-12);
  EXPECT_NEAR(*internal_transmission(glass, 0.280, 10), 0.010, 1e-12);
}

TEST(Agf, ReadsEveryRecord) { expect_bk7(parse(bk7)); }

TEST(Agf, ReadsEveryEncodingAndLineEnd) {
  std::string dos;
  for (const char c : bk7) dos += c == '\n' ? std::string("\r\n") : std::string(1, c);
  expect_bk7(parse(dos));
  std::string mac = bk7;
  std::replace(mac.begin(), mac.end(), '\n', '\r');
  expect_bk7(parse(mac));
  expect_bk7(parse("\xef\xbb\xbf" + bk7));
  expect_bk7(parse("CC Gl\xe4ser\n" + bk7));  // Latin-1
  for (const bool big_endian : {false, true})
    for (const bool mark : {false, true}) expect_bk7(parse(utf16(dos, big_endian, mark)));
}

TEST(Agf, EncodingsBecomeUtf8) {
  EXPECT_EQ(utf8_from_bytes("\xe4"), "\xc3\xa4");
  EXPECT_EQ(utf8_from_bytes("\xc3\xa4"), "\xc3\xa4");
  EXPECT_EQ(utf8_from_bytes(std::string("\xff\xfe\x3d\xd8\x00\xde", 6)), "\xf0\x9f\x98\x80");
  EXPECT_EQ(utf8_from_bytes(std::string("\xff\xfe\x3d\xd8\x41\x00", 6)),
            "\xef\xbf\xbd"
            "A");
  EXPECT_EQ(utf8_from_bytes(""), "");
}

// Nikon's catalogue breaks long CD and TD records; formula 13 is its.
TEST(Agf, GoesOnWithWrappedRecords) {
  const auto glasses = parse(
      "NM J-X 13 - 1.6 50\nCD 2 .4 .16\n .01 +.005 .001 .0001\n1e-5 1e-6 0\n"
      "TD 1e-6 0 0\n 0 0 0.2 25\n");
  ASSERT_EQ(glasses.size(), 1u);
  EXPECT_NEAR(index(glasses[0], 0.5), std::sqrt(2.333936), 1e-14);
  EXPECT_EQ(glasses[0].thermal->reference_c, 25);
}

TEST(Agf, ErrorsNameTheLine) {
  EXPECT_THAT(error_of("NM A 2 0 1.5 60\nCD 1 0.x\n"),
              HasSubstr("test.agf:2: '0.x' is not a number"));
  EXPECT_THAT(error_of("NM A 2 0 1.5 60\nCD 1 nan\n"), HasSubstr("test.agf:2"));
  EXPECT_THAT(error_of("NM A 14 0 1.5 60\nCD 1 0\n"),
              HasSubstr("test.agf:1: formula 14 is not known"));
  EXPECT_THAT(error_of("NM A 1e300 0 1.5 60\nCD 1 0\n"), HasSubstr("is not known"));
  EXPECT_THAT(error_of("\n\nCD 1 0\n"), HasSubstr("test.agf:3: CD stands before the first glass"));
  EXPECT_THAT(error_of("NM A\n"), HasSubstr("test.agf:1"));
  EXPECT_THAT(error_of("NM A 2 0 1.5 60\n\nNM B 5 0 1 1\nCD 1.5\n"),
              HasSubstr("test.agf:1: glass A has no coefficients"));
  EXPECT_THAT(error_of("NM A 1 0 1.5 60\nCD -3\n"), HasSubstr("test.agf:1: glass A has the index"));
  EXPECT_THAT(error_of("NM A 1 0 1.5 60\nLD 2 1\n"), HasSubstr("test.agf:2: LD"));
  EXPECT_THAT(error_of("NM A 1 0 1.5 60\nCD 2\nLD 0.3\n"), HasSubstr("test.agf:3: LD"));
  std::string many;
  for (int i = 0; i < 20001; ++i) many += "NM A 5\nCD 1.5\n";
  EXPECT_THAT(error_of(many), HasSubstr("test.agf:40001: more than 20000 glasses"));
  EXPECT_THAT(error_of(""), HasSubstr("holds no glass"));
  EXPECT_THAT(error_of("\x89PNG\r\n\x1a\n"), HasSubstr("holds no glass"));
}

// The makers' file itself, and what OpticStudio prints for its polymers.
TEST(Agf, PolymersAsPublished) {
  if (!std::filesystem::exists(data)) GTEST_SKIP() << "needs ../shared/data";
  Catalog loaded;
  loaded.add_agf(data + "/glass/PLASTIC2022.AGF");
  const Catalog& polymers = loaded;
  EXPECT_EQ(polymers.glasses().size(), 36u);
  std::ifstream file(data + "/optics/reference-values.json");
  const auto reference = nlohmann::json::parse(file)["plastics"];
  const double nd_tolerance = reference["tolerance"]["nd"],
               vd_tolerance = reference["tolerance"]["vd"];
  const Catalog shipped = read_catalog(LICHTBILD_ROOT "/data/glass");
  int count = 0;
  for (const auto& row : reference["values"]) {
    const std::string name = row["name"];
    for (const Catalog* catalog : {&polymers, &shipped}) {
      const Glass glass = catalog->find("PLASTIC2022:" + name).glass;
      EXPECT_NEAR(index(glass, line_d_um), row["nd"].get<double>(), nd_tolerance) << name;
      EXPECT_NEAR(abbe_number(glass), row["vd"].get<double>(), vd_tolerance) << name;
    }
    const Glass theirs = polymers.find(name).glass, ours = shipped.find(name).glass;
    for (const double wavelength_um : {0.45, 0.55, 0.65})
      EXPECT_NEAR(internal_transmission(theirs, wavelength_um, 5).value_or(1),
                  internal_transmission(ours, wavelength_um, 5).value_or(1), 1e-5)
          << name;
    EXPECT_EQ(theirs.thermal->reference_c, ours.thermal->reference_c) << name;
    ++count;
  }
  EXPECT_EQ(count, 36);
}

}  // namespace
}  // namespace lichtbild
