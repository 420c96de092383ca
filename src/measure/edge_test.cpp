#include "measure/edge.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace lichtbild {
namespace {

// An edge blurred by a Gaussian and integrated over square pixels, in closed form: the second
// integral of the normal distribution, differenced over the pixel's extent along the normal.
struct BlurredEdge {
  double x, y, normal_deg, sigma, dark = 0.15, light = 0.6;

  double nx() const { return std::cos(normal_deg * M_PI / 180); }
  double ny() const { return std::sin(normal_deg * M_PI / 180); }
  double operator()(double px, double py) const {
    const auto second = [&](double z) {
      const double u = z / sigma;
      return 0.5 * ((z * z + sigma * sigma) * 0.5 * std::erfc(-u / std::sqrt(2)) +
                    z * sigma * std::exp(-u * u / 2) / std::sqrt(2 * M_PI));
    };
    const double d = (px - x) * nx() + (py - y) * ny(), a = std::abs(nx()) / 2,
                 b = std::abs(ny()) / 2;
    const double share =
        (second(d + a + b) - second(d + a - b) - second(d - a + b) + second(d - a - b)) /
        (4 * a * b);
    return dark + (light - dark) * share;
  }
  double mtf(double f) const {
    const auto sinc = [](double v) { return v == 0 ? 1 : std::sin(M_PI * v) / (M_PI * v); };
    return std::exp(-2 * std::pow(M_PI * sigma * f, 2)) * std::abs(sinc(f * nx()) * sinc(f * ny()));
  }
};

Image<float> drawn(const BlurredEdge& edge, int width, int height) {
  Image<float> picture(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) picture(x, y) = float(edge(x, y));
  return picture;
}

double worst(const EdgeResponse& response, const BlurredEdge& edge, double up_to) {
  double error = 0;
  for (std::size_t k = 0; k < response.mtf.size() && response.frequency[k] <= up_to; ++k)
    error = std::max(error, std::abs(response.mtf[k] - edge.mtf(response.frequency[k])));
  return error;
}

// Up to Nyquist, without noise: what is left are the quarters' unevenly lying samples.
constexpr double mtf_tolerance = 0.005;

TEST(EdgeResponse, FollowsTheClosedForm) {
  for (const double sigma : {0.3, 0.5, 0.8, 1.5, 3.0})
    for (const double normal : {5.0, 23.0, 50.0, 97.0, -161.0, -84.0}) {
      const BlurredEdge truth{100.3, 99.1, normal, sigma};
      const Image<float> picture = drawn(truth, 201, 200);
      // The first guess is off, as found ones are.
      const Edge guess{.x = 100, .y = 100, .normal_deg = normal + 0.7, .length_px = 120};
      const auto response = edge_response(picture, {.name = "gray"}, guess);
      ASSERT_TRUE(response) << sigma << ' ' << normal;
      EXPECT_LT(worst(*response, truth, 0.5), mtf_tolerance) << sigma << ' ' << normal;
      EXPECT_NEAR(response->dark, 0.15, 1e-3);
      EXPECT_NEAR(response->light, 0.6, 1e-3);
      EXPECT_LT(response->overshoot, 1e-3);
      const double place = (truth.x - 100) * truth.nx() + (truth.y - 100) * truth.ny();
      EXPECT_NEAR(response->place_px, place, 0.02) << sigma << ' ' << normal;
    }
}

TEST(EdgeResponse, FrequenciesWhereTheContrastIsHalfAndATenth) {
  const BlurredEdge truth{100, 100, 12, 1.0};
  const auto response = edge_response(drawn(truth, 201, 201), {.name = "gray"},
                                      {.x = 100, .y = 100, .normal_deg = 12, .length_px = 120});
  ASSERT_TRUE(response && response->mtf50 && response->mtf10);
  EXPECT_NEAR(truth.mtf(*response->mtf50), 0.5, 0.01);
  EXPECT_NEAR(truth.mtf(*response->mtf10), 0.1, 0.01);
}

// Each color of a mosaic by its own samples: another blur and place for each, and no mixture.
TEST(EdgeResponse, MosaicColorsKeepApart) {
  const std::array<BlurredEdge, 3> truth{{{100.6, 100, 8, 1.2, 0.1, 0.4},
                                          {100.0, 100, 8, 0.5, 0.2, 0.8},
                                          {99.5, 100, 8, 0.9, 0.05, 0.3}}};
  const Cfa cfa{{CfaColor::green, CfaColor::blue, CfaColor::red, CfaColor::green}};
  Image<float> mosaic(201, 201);
  for (int y = 0; y < 201; ++y)
    for (int x = 0; x < 201; ++x) mosaic(x, y) = float(truth[int(cfa.at(x, y))](x, y));
  const Edge guess{.x = 100, .y = 100, .normal_deg = 8.4, .length_px = 130};
  const std::vector<Channel> channels = channels_of(cfa);
  for (int c = 0; c < 3; ++c) {
    const auto response = edge_response(mosaic, channels[c], guess);
    ASSERT_TRUE(response) << c;
    EXPECT_LT(worst(*response, truth[c], 0.5), 2 * mtf_tolerance) << c;  // a quarter of the samples
    EXPECT_NEAR(response->place_px, (truth[c].x - 100) * truth[c].nx(), 0.02) << c;
  }
}

// An unsharp mask of known strength: e + k (e - g * e); its excess follows from two Gaussians.
TEST(EdgeResponse, Overshoot) {
  const BlurredEdge sharp{100, 100, 10, 0.6}, soft{100, 100, 10, 2.0};
  Image<float> picture(201, 201);
  double excess = 0;
  for (int y = 0; y < 201; ++y)
    for (int x = 0; x < 201; ++x) {
      const double v = sharp(x, y) + 0.8 * (sharp(x, y) - soft(x, y));
      picture(x, y) = float(v);
      excess = std::max(excess, (v - 0.6) / 0.45);
    }
  const auto response = edge_response(picture, {.name = "gray"},
                                      {.x = 100, .y = 100, .normal_deg = 10, .length_px = 130});
  ASSERT_TRUE(response);
  EXPECT_GT(excess, 0.1);
  EXPECT_NEAR(response->overshoot, excess, 0.01);
}

// A dark turned square: four edges, where and how they were drawn.
TEST(FindEdges, FourSidesOfASquare) {
  const double middle_x = 320, middle_y = 260, half = 60;
  for (const double angle : {7.0, 31.0, 64.0}) {
    Image<float> picture(601, 501);
    std::mt19937 random(5);
    std::normal_distribution<float> noise(0, 0.01F);
    for (int y = 0; y < 501; ++y)
      for (int x = 0; x < 601; ++x) {
        double dark = 1;
        for (int side = 0; side < 4; ++side) {
          const double normal = angle + 90 * side, nx = std::cos(normal * M_PI / 180),
                       ny = std::sin(normal * M_PI / 180);
          dark *=
              1 - BlurredEdge{middle_x + half * nx, middle_y + half * ny, normal, 1, 0, 1}(x, y);
        }
        // Light falls off towards the right by two stops.
        picture(x, y) = float((0.6 - 0.45 * dark) * std::exp2(-2.0 * x / 600)) + noise(random);
      }
    const std::vector<Edge> edges = find_edges(picture, channels_of(picture));
    ASSERT_EQ(edges.size(), 4u) << angle;
    for (int side = 0; side < 4; ++side) {
      const double normal = angle + 90 * side, x = middle_x + half * std::cos(normal * M_PI / 180),
                   y = middle_y + half * std::sin(normal * M_PI / 180);
      const auto edge = std::ranges::find_if(edges, [&](const Edge& e) {
        return std::abs(std::remainder(e.normal_deg - normal, 360)) < 2;
      });
      ASSERT_NE(edge, edges.end()) << angle << ' ' << side;
      EXPECT_LT(std::hypot(edge->x - x, edge->y - y), 3);
      EXPECT_NEAR(edge->length_px, 2 * half, 12);
      const double radial = std::atan2(edge->y - 250, edge->x - 300) * 180 / M_PI;
      EXPECT_NEAR(edge->from_radius_deg, std::abs(std::remainder(edge->normal_deg - radial, 180)),
                  0.1);
    }
  }
}

TEST(FindEdges, NothingInNoise) {
  Image<float> picture(400, 300);
  std::mt19937 random(7);
  std::normal_distribution<float> noise(0.4F, 0.04F);
  for (float& v : picture.samples()) v = noise(random);
  EXPECT_TRUE(find_edges(picture, channels_of(picture)).empty());
}

}  // namespace
}  // namespace lichtbild
