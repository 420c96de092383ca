#include "optics/report/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <regex>

#include "optics/report/gray_png.h"
#include "optics/report/text.h"
#include "optics/report/ticks.h"

namespace lichtbild::optics {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// Biconvex, radii 50 and -40 mm, 6 mm thick, clear to 10 mm; the stop in front.
System singlet() {
  Lens lens;
  lens.title = "Singlet";
  lens.aperture = {SystemAperture::Kind::entrance_pupil_diameter_mm, 8};
  lens.fields = {{.y = 0}, {.y = 5}};
  lens.wavelengths = {{587.5618, 1}};
  Surface stop, front, back;
  stop.stop = true;
  stop.thickness_mm = 2;
  front.shape.curvature = 1.0 / 50;
  front.thickness_mm = 6;
  front.material = ConstantIndex{1.5};
  front.semi_diameter_mm = 10;
  back.shape.curvature = -1.0 / 40;
  back.thickness_mm = 42;
  back.semi_diameter_mm = 10;
  lens.surfaces = {stop, front, back};
  return make_system(lens, Catalog(), "singlet");
}

// Two fields, the second not traced, a number that is none.
Analysis some_analysis() {
  Analysis analysis;
  analysis.working_f_number = 5.6;
  analysis.axial_color_mm = std::numeric_limits<double>::quiet_NaN();
  FieldAnalysis axis;
  axis.traced = true;
  WavelengthAtField w;
  w.wavelength_nm = 587.5618;
  for (int i = -8; i <= 8; ++i) {
    const double p = i / 8.0;
    for (RayFan* fan : {&w.tangential, &w.sagittal}) {
      fan->pupil.push_back(p);
      fan->error_x_um.push_back(p * p * p);
      fan->error_y_um.push_back(i == 3 ? NAN : p * p * p);
      fan->wavefront_waves.push_back(p * p * p * p);
    }
    w.spot.push_back({p, p * p});
  }
  axis.wavelengths = {w};
  analysis.fields = {axis, {}};
  analysis.fields[1].field.y = 5;
  return analysis;
}

double attribute(const std::string& svg, const std::string& name) {
  const auto at = svg.find(name + "=\"");
  return at == std::string::npos ? NAN : std::atof(svg.c_str() + at + name.size() + 2);
}

std::vector<std::array<double, 2>> surface_px(const std::string& svg, int surface) {
  const auto mark = svg.find("data-surface=\"" + std::to_string(surface) + "\"");
  const auto start = svg.rfind("d=\"", mark);
  const std::string path = svg.substr(start + 3, svg.find('"', start + 3) - start - 3);
  std::vector<std::array<double, 2>> points;
  const std::regex pair("[ML](-?[0-9.]+) (-?[0-9.]+)");
  for (std::sregex_iterator i(path.begin(), path.end(), pair), end; i != end; ++i)
    points.push_back({std::stod((*i)[1]), std::stod((*i)[2])});
  return points;
}

// Every point drawn of a sphere is R - sqrt(R^2 - y^2) behind its vertex, to the half of a
// hundredth of a pixel that coordinates are rounded to, in z and in y.
TEST(Layout, SurfacesAreToScale) {
  const std::string svg = layout_svg(singlet());
  const double scale = attribute(svg, "data-px-per-mm"), x0 = attribute(svg, "data-origin-x"),
               y0 = attribute(svg, "data-origin-y");
  ASSERT_GT(scale, 1);
  for (const auto& [surface, vertex, radius] :
       {std::tuple(2, 2.0, 50.0), std::tuple(3, 8.0, -40.0)}) {
    const auto points = surface_px(svg, surface);
    ASSERT_GT(points.size(), 20U);
    EXPECT_NEAR((y0 - points.back()[1]) / scale, 10, 0.0051 / scale);
    EXPECT_NEAR((y0 - points.front()[1]) / scale, -10, 0.0051 / scale);
    for (const auto& [x, y_px] : points) {
      const double y = (y0 - y_px) / scale;
      const double depth = radius - std::copysign(std::sqrt(radius * radius - y * y), radius);
      EXPECT_NEAR((x - x0) / scale, vertex + depth, 0.0051 * (1 + 10.0 / 38) / scale);
    }
  }
}

TEST(Ticks, AreRound) {
  using namespace report;
  EXPECT_THAT(round_ticks({0, 1}, 5), ElementsAre(0, 0.2, 0.4, testing::DoubleEq(0.6), 0.8, 1));
  EXPECT_THAT(round_ticks({-7, 12}, 4), ElementsAre(-5, 0, 5, 10));
  EXPECT_THAT(round_ticks({0, 230}, 5), ElementsAre(0, 50, 100, 150, 200));
  EXPECT_TRUE(round_ticks({1, 1}, 5).empty());
  EXPECT_TRUE(round_ticks({0, INFINITY}, 5).empty());
  EXPECT_THAT(tick_labels({-0.05, 0, 0.05}), ElementsAre("−0.05", "0.00", "0.05"));
  EXPECT_EQ(round_length(19.9), 10);
  EXPECT_EQ(round_length(0.2), 0.2);
}

TEST(Text, NeverSaysNan) {
  using namespace report;
  EXPECT_EQ(fixed(NAN, 2), "–");
  EXPECT_EQ(significant(-INFINITY), "-∞");
  EXPECT_EQ(fixed(-0.001, 2), "0.00");
  EXPECT_EQ(significant(1234.5678, 5), "1234.6");
  EXPECT_EQ(escaped("<b a='\"'>&\x01\xff"), "&lt;b a=&#39;&quot;&#39;&gt;&amp;?\xEF\xBF\xBD");
}

// The vectors of RFC 4648, section 10.
TEST(GrayPng, Base64) {
  EXPECT_EQ(report::base64({'f'}), "Zg==");
  EXPECT_EQ(report::base64({'f', 'o'}), "Zm8=");
  EXPECT_EQ(report::base64({'f', 'o', 'o', 'b', 'a', 'r'}), "Zm9vYmFy");
}

TEST(Report, HasEverySectionAndNoNan) {
  const std::string html = html_report(singlet(), some_analysis());
  for (const char* id : {"layout", "first-order", "fields", "prescription", "seidel", "ray-fans",
                         "opd-fans", "spots", "classical", "lateral-color", "illumination", "mtf",
                         "psf", "footprints", "zernike", "ghosts"})
    EXPECT_THAT(html, HasSubstr(std::string("<section id=\"") + id + "\""));
  EXPECT_FALSE(std::regex_search(html, std::regex("\\b(nan|inf)\\b", std::regex::icase)));
  EXPECT_THAT(html, HasSubstr("ray of this"));  // the field that was not traced
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_EQ(html, html_report(singlet(), some_analysis()));
}

// An independent reader of XML finds the page well formed, whatever the title.
TEST(Report, IsWellFormedUnderAHostileTitle) {
  System system = singlet();
  system.lens.title = "</title><script>alert('&')</script>\x02\xc3";
  system.lens.notes = {"<!-- ]]> \"note\""};
  const std::string html = html_report(system, some_analysis());
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  FILE* reader =
      popen("python3 -c 'import sys,xml.dom.minidom as m;m.parse(sys.stdin.buffer)'", "w");
  ASSERT_NE(reader, nullptr);
  EXPECT_EQ(fwrite(html.data(), 1, html.size(), reader), html.size());
  EXPECT_EQ(pclose(reader), 0);
}

}  // namespace
}  // namespace lichtbild::optics
