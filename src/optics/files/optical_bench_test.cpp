#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/error_message.h"
#include "optics/files/same_lens.h"

namespace lichtbild::optics::optical_bench_test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string head = "[descriptive data]\r\ntitle\tA zoom\r\n# a comment\r\n[constants]\r\n";
const std::string lens_rows =
    "[variable distances]\r\nFocal Length\t36\t72\r\nF-Number\t2.8\t4\r\nAngle of View\t60\t34\r\n"
    "Aperture Diameter\t8\t9\r\nd2\t3.5\t1\r\nBf\t20\t25\r\n"
    "[lens data]\r\n1\t50\t4\t1.5168\t20\t64.17\tN-BK7\tSchott\r\n2\tInfinity\td2\t\t18\r\n"
    "3\tAS\t1\t\t10\r\n4\tFS\t0\t\t12\r\n5\tCG\t1\t1.5\t\r\n6\t-40\tBf\t\t16\r\n"
    "[aspherical data]\r\n6\t-40\t-1.5\t1e-5\t\t2e-9\r\n";

std::string error_of(const std::string& text) {
  return error_message([&] { parse_optical_bench(text, "a.txt"); });
}

TEST(OpticalBench, TheFirstPositionOfAZoom) {
  const Lens lens = parse_optical_bench(head + lens_rows, "a.txt");
  EXPECT_EQ(lens.title, "A zoom");
  EXPECT_EQ(lens.aperture.value, 2.8);
  EXPECT_EQ(lens.fields.back().y, 30);
  ASSERT_EQ(lens.surfaces.size(), 6U);
  EXPECT_EQ(lens.surfaces[0].shape.curvature, 1 / 50.0);
  EXPECT_EQ(std::get<ModelGlass>(lens.surfaces[0].material).vd, 64.17);
  EXPECT_EQ(lens.surfaces[0].semi_diameter_mm, 10);
  EXPECT_EQ(lens.surfaces[1].thickness_mm, 3.5);
  EXPECT_TRUE(lens.surfaces[2].stop);
  EXPECT_EQ(lens.surfaces[2].semi_diameter_mm, 4);
  EXPECT_EQ(std::get<CircularAperture>(lens.surfaces[3].aperture->outline).outer_mm, 6);
  EXPECT_EQ(std::get<ConstantIndex>(lens.surfaces[4].material).index, 1.5);
  EXPECT_EQ(lens.surfaces[5].thickness_mm, 20);
  EXPECT_EQ(lens.surfaces[5].shape.conic, -1.5);
  EXPECT_THAT(std::get<EvenAsphere>(lens.surfaces[5].shape.form).coefficients,
              ElementsAre(0, 1e-5, 0, 2e-9));
  EXPECT_THAT(lens.notes[0], HasSubstr("of 2 zoom or focus positions"));
}

TEST(OpticalBench, OddAspheresAndThoseWithASquare) {
  const Lens odd = parse_optical_bench(head + "AsphericalOddCount\t1\n" + lens_rows, "a.txt");
  EXPECT_THAT(std::get<OddAsphere>(odd.surfaces[5].shape.form).coefficients,
              ElementsAre(0, 0, 1e-5, 0, 2e-9));
  const Lens square = parse_optical_bench(head + "AsphericalA2\n" + lens_rows, "a.txt");
  EXPECT_THAT(std::get<EvenAsphere>(square.surfaces[5].shape.form).coefficients,
              ElementsAre(1e-5, 0, 2e-9));
}

TEST(OpticalBench, ErrorsNameTheLine) {
  EXPECT_THAT(error_of(head + lens_rows + "[moving data]\n"), HasSubstr("[moving data]"));
  EXPECT_THAT(error_of("[lens data]\n1\tround\t3\n"),
              AllOf(HasSubstr("a.txt:2:"), HasSubstr("'round'")));
  EXPECT_THAT(error_of("[lens data]\n1\t50\td7\n"), HasSubstr("'d7'"));
  EXPECT_THAT(error_of("[aspherical data]\n1\t50\t0\n"), HasSubstr("no surface '1'"));
  EXPECT_THAT(error_of("[lens data]\n1\tAS\t3\n"), HasSubstr("F-Number is missing"));
  EXPECT_THAT(error_of("hello\n"), HasSubstr("before the first section"));
  EXPECT_THAT(error_of(""), HasSubstr("F-Number is missing"));
}

}  // namespace
}  // namespace lichtbild::optics::optical_bench_test
