// bench_kernel NAME: runs one stage once on a small fixed picture; check-budget counts its
// instructions and misses.
#include <cmath>
#include <cstdio>
#include <string>

#include "burst/burst.h"
#include "develop/demosaic_picture.h"
#include "develop/develop.h"
#include "look/look.h"

namespace lichtbild {
namespace {

RawFrame small_frame(int shift) {
  constexpr int width = 512, height = 384;
  RawFrame frame{{}, Image<float>(width, height)};
  frame.info.width = width;
  frame.info.height = height;
  frame.info.crop = {0, 0, width, height};
  frame.info.noise = NoiseModel{{1e-3, 1e-3, 1e-3}, {1e-6, 1e-6, 1e-6}};
  frame.info.color.illuminants[0] = {6504, Matrix3::identity(), {}, Matrix3::identity()};
  unsigned state = 1;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      state = state * 1664525u + 1013904223u;
      frame.mosaic(x, y) = 0.3f +
                           0.2f * std::sin(0.11f * float(x + shift)) * std::cos(0.07f * float(y)) +
                           float(state >> 8) * 2e-9f;
    }
  return frame;
}

int run(const std::string& name) {
  if (name == "merge") {
    merge_burst({small_frame(0).info, small_frame(0).info},
                [](int k) { return small_frame(3 * k); }, {}, {.reference = 1});
  } else if (name == "demosaic") {
    const RawFrame frame = small_frame(0);
    demosaic_encoded(frame.mosaic, frame.info.cfa, {1e-4f, {0.01, 0.01, 0.01}}, {});
  } else if (name == "develop") {
    develop(small_frame(0), {});
  } else if (name == "render") {
    Image<float> wave(512, 128);
    for (std::size_t k = 0; k < wave.size(); ++k)
      wave.samples()[k] = 0.2f + 0.15f * std::sin(0.01f * float(k));
    const Image<Half> once = halves(wave);
    Image<Half> picture(512, 384, 3);
    for (std::size_t k = 0; k < picture.size(); ++k)
      picture.samples()[k] = once.samples()[k % once.size()];
    Look look;
    look.sharpening = 0.5;
    look.shadows = 0.2;
    render(picture, look, *small_frame(0).info.noise, 0);
  } else if (name == "nothing") {
    small_frame(0);
  } else {
    return std::fprintf(stderr, "bench_kernel merge|demosaic|develop|render|nothing\n"), 2;
  }
  return 0;
}

}  // namespace
}  // namespace lichtbild

int main(int count, char** names) { return lichtbild::run(count > 1 ? names[1] : ""); }
