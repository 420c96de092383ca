#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "core/error_message.h"
#include "core/temporary_folder.h"
#include "look/look.h"
#include "look/parameters.h"

namespace lichtbild {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

const std::string look_folder = std::string(LICHTBILD_ROOT) + "/data/looks";

std::string error_of(const std::string& toml) {
  return error_message([&] { parse_look(toml, "my.look.toml"); });
}

// A parameter's section and key.
std::string line_of(std::string_view name, const std::string& value) {
  const std::size_t dot = name.find('.');
  return fmt::format("[{}]\n{} = {}\n", name.substr(0, dot), name.substr(dot + 1), value);
}

TEST(ReadLook, EveryParameterIsSetFromAFile) {
  for (const Parameter<Look>& parameter : look_parameters()) {
    const double value = parameter.minimum + 0.37 * (parameter.maximum - parameter.minimum);
    const Look look = parse_look(line_of(parameter.name, fmt::format("{:.17g}", value)), "look");
    EXPECT_EQ(look.*parameter.value, value) << parameter.name;
    for (const Parameter<Look>& other : look_parameters()) {
      if (other.name == parameter.name) continue;
      EXPECT_EQ(look.*other.value, Look{}.*other.value) << parameter.name << ", " << other.name;
    }
  }
  for (const Parameter<HueRule>& parameter : hue_parameters()) {
    const double value = parameter.minimum + 0.37 * (parameter.maximum - parameter.minimum);
    const Look look =
        parse_look(fmt::format("[[color.hue]]\n{} = {:.17g}\n", parameter.name, value), "look");
    ASSERT_EQ(look.hues.size(), 1U);
    EXPECT_EQ(look.hues[0].*parameter.value, value) << parameter.name;
  }
}

TEST(ReadLook, DefaultsLieWithinTheirRanges) {
  for (const Parameter<Look>& p : look_parameters()) {
    EXPECT_GE(Look{}.*p.value, p.minimum) << p.name;
    EXPECT_LE(Look{}.*p.value, p.maximum) << p.name;
    EXPECT_FALSE(p.help.empty()) << p.name;
  }
}

TEST(ReadLook, BothEndsOfARangeBelongToItAndNothingBeyond) {
  for (const Parameter<Look>& p : look_parameters()) {
    for (const double end : {p.minimum, p.maximum})
      EXPECT_EQ(error_of(line_of(p.name, fmt::format("{:.17g}", end))), "no error") << p.name;
    for (const double beyond : {p.minimum - 1e-6, p.maximum + 1e-6})
      EXPECT_THAT(
          error_of(line_of(p.name, fmt::format("{:.17g}", beyond))),
          AllOf(StartsWith("my.look.toml:2:"), HasSubstr(std::string(p.name)),
                HasSubstr("out of range"),
                HasSubstr(fmt::format("give a number from {} to {}", p.minimum, p.maximum))));
  }
}

TEST(ReadLook, WholeNumbersAreNumbers) {
  EXPECT_EQ(parse_look("[tone]\ncontrast = 2\n", "look").contrast, 2);
}

TEST(ReadLook, EveryErrorNamesThePlaceAndTheCure) {
  struct Case {
    std::string toml, place, what, cure;
  };
  std::string rules;
  for (int k = 0; k < 25; ++k) rules += "[[color.hue]]\ncenter_deg = 10\n";
  const Case cases[] = {
      {"[tone]\ncontrast = 1\ncontrasts = 1\n", ":3:1", "unknown key 'contrasts' in [tone]",
       "known: contrast, toe, shoulder"},
      {"[[color.hue]]\ncenter = 5\n", ":2:1", "unknown key 'center' in color.hue",
       "known: center_deg, width_deg"},
      {"name = 'x'\n[tones]\ncontrast = 1\n", ":2:", "unknown key 'tones'", "[exposure], [tone]"},
      {"contrast = 1\n", ":1:1", "unknown key 'contrast'", "[exposure], [tone]"},
      {"tone = 1\n", ":1:1", "unknown key 'tone'", "[exposure], [tone]"},
      {"name = 5\n", ":1:8", "name is not a text", "quotes"},
      {"description = [1]\n", ":1:15", "description is not a text", "quotes"},
      {"[tone]\ncontrast = 'much'\n", ":2:12", "tone.contrast is not a number",
       "give a number from 0.5 to 2.5"},
      {"[tone]\ncontrast = true\n", ":2:12", "tone.contrast is not a number", "give a number"},
      {"[tone]\ncontrast = [1.0]\n", ":2:12", "tone.contrast is not a number", "give a number"},
      {"[tone]\ncontrast = {a = 1}\n", ":2:12", "tone.contrast is not a number", "give a number"},
      {"[tone]\ncontrast = 2026-01-01\n", ":2:12", "tone.contrast is not a number",
       "give a number"},
      {"[tone]\ncontrast = 7\n", ":2:12", "tone.contrast = 7 is out of range",
       "give a number from 0.5 to 2.5"},
      {"[exposure]\n  bias_stops = -5\n", ":2:16", "out of range", "from -4 to 4 stops"},
      {"[tone]\ncontrast = nan\n", ":2:12", "out of range", "give a number from"},
      {"[tone]\ncontrast = inf\n", ":2:12", "out of range", "give a number from"},
      {"[tone]\ncontrast = -inf\n", ":2:12", "out of range", "give a number from"},
      {"[[color.hue]]\nchroma = nan\n", ":2:10", "chroma = nan is out of range", "from 0 to 2.5"},
      {"[color]\nhue = 5\n", ":2:7", "hue rules are tables", "write [[color.hue]]"},
      {"[color]\nhue = [1, 2]\n", ":2:8", "a hue rule is a table", "write [[color.hue]]"},
      {rules, ":1:", "too many hue rules", "give at most 24"},
      {"[tone\ncontrast = 1\n", ":1:", "", "mend the TOML there"},
      {"[tone]\ncontrast = 1\ncontrast = 2\n", ":3:", "", "mend the TOML there"},
      {"[tone]\ncontrast = \n", ":2:", "", "mend the TOML there"},
      {"name = \"\xff\"\n", ":1:", "", "mend the TOML there"},
  };
  for (const Case& k : cases)
    EXPECT_THAT(error_of(k.toml), AllOf(StartsWith("my.look.toml" + k.place), HasSubstr(k.what),
                                        HasSubstr("; "), HasSubstr(k.cure)))
        << k.toml;
}

TEST(ReadLook, AnErrorIsOneLine) {
  for (const std::string toml :
       {"[tone", "a\n=\n", "[tone]\ncontrast = 9", "'x\ny' = 1", "\"a\\nb\" = 1"})
    EXPECT_EQ(error_of(toml).find('\n'), std::string::npos) << toml;
}

TEST(ReadLook, ShippedLooksLoad) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(look_folder)) {
    const std::string path = entry.path().string(), file = entry.path().filename().string();
    if (!file.ends_with(".look.toml")) continue;
    const Look by_path = read_look(path, "nowhere"),
               by_name = read_look(file.substr(0, file.size() - 10), look_folder);
    EXPECT_EQ(by_path.name, by_name.name);
    EXPECT_FALSE(by_name.description.empty()) << file;
    ++count;
  }
  EXPECT_GE(count, 3);
  EXPECT_GT(read_look("vibrant", look_folder).chroma, read_look("authentic", look_folder).chroma);
  EXPECT_EQ(read_look("mono", look_folder).mono, 1);
}

std::string error_of_reading(const std::string& name) {
  return error_message([&] { read_look(name, look_folder); });
}

TEST(ReadLook, AnUnknownLookIsToldTheKnownOnes) {
  EXPECT_THAT(error_of_reading("vivid"),
              AllOf(StartsWith("--look vivid: is not a look"), HasSubstr("authentic"),
                    HasSubstr("mono"), HasSubstr("vibrant")));
  EXPECT_THAT(error_of_reading("/nowhere/my.toml"),
              AllOf(StartsWith("/nowhere/my.toml: cannot be read"), HasSubstr("check the path")));
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.file("folder.toml"));
  EXPECT_THAT(error_of_reading(folder.file("folder.toml")), HasSubstr("cannot be read"));
}

TEST(ReadLook, ALookWithoutANameIsCalledAfterItsFile) {
  const TemporaryFolder folder;
  const std::string dusk = folder.file("dusk.look.toml", "[tone]\ncontrast = 1.1\n");
  EXPECT_EQ(read_look(dusk, look_folder).name, "dusk");
  const std::string endless = folder.file("endless.look.toml", std::string((1 << 20) + 1, '\n'));
  EXPECT_THAT(error_of_reading(endless), HasSubstr("too long"));
}

}  // namespace
}  // namespace lichtbild
