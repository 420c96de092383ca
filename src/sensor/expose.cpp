// expose: blocks of a row go through the stages of the light one after the other, each a loop that
// the compiler makes into vectors; a block stays in the first-level cache.
//
// Two counters make all that is random: (x, y, 0, pattern) under the sensor's seed what belongs to
// the pixel, (x, y, frame, exposure) under the exposure's what belongs to the frame.
#include "sensor/expose.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/parallel.h"
#include "core/vector_clones.h"
#include "sensor/distributions.h"
#include "sensor/philox.h"

namespace lichtbild {
namespace {

constexpr int block = 256;
using Words = std::array<std::uint32_t, block>;
using Floats = std::array<float, block>;

enum Stream : std::uint32_t { pattern_stream = 1, exposure_stream = 2 };

// Sensor and settings in the units of one exposure.
struct Conditions {
  float prnu, dsnu_e;
  float dark_e, hot_e;      // of this exposure; hot: the mean of what hot pixels add
  std::uint32_t hot_words;  // of 2^32 that make a pixel hot
  float full_well_e;
  float dn_per_e, read_noise_dn, black_dn, white_dn;
  float largest_mean;  // beyond which every pixel is full
  std::uint64_t pattern_seed, exposure_seed;
  std::uint32_t frame;
};

Conditions conditions_of(const Sensor& s, const ExposureSettings& e) {
  const double per_dn = s.electrons_per_dn(e.iso);
  const double hotter = std::exp2((e.temperature_c - 25) / s.dark_doubling_c);
  const double seconds = std::max(e.exposure_s, 0.0);
  Conditions c{};
  c.prnu = float(s.prnu), c.dsnu_e = float(s.dsnu_e);
  c.dark_e = float(s.dark_current_e_s * hotter * seconds);
  c.hot_e = float(s.hot_current_e_s * hotter * seconds);
  c.hot_words = std::uint32_t(std::clamp(s.hot_pixel_share * 0x1p32, 0.0, 0x1p32 - 1));
  c.full_well_e = float(s.full_well_e);
  c.dn_per_e = float(1 / per_dn);
  c.read_noise_dn = float(std::hypot(s.read_noise_e / per_dn, s.converter_noise_dn));
  c.black_dn = float(s.black_dn), c.white_dn = float(s.white_dn());
  c.largest_mean = float(std::min(4 * s.full_well_e + 1000, 1e7));
  c.pattern_seed = s.seed, c.exposure_seed = e.seed;
  c.frame = std::uint32_t(e.frame);
  return c;
}

// What a block of pixels collects and what is drawn for it.
struct Block {
  int count = 0;
  Floats mean;    // of the electrons, dark current included
  Floats offset;  // DSNU
  Words poisson, noise;
  std::array<std::int32_t, block> electrons;
};

LICHTBILD_VECTOR_CLONES
void collect(const float* mean_e, int x, int y, const Conditions& c, Block& b) {
  const auto low = std::uint32_t(c.pattern_seed), high = std::uint32_t(c.pattern_seed >> 32);
  for (int i = 0; i < b.count; ++i) {
    const auto [gain, offset, heat, current] =
        philox({std::uint32_t(x + i), std::uint32_t(y), 0, pattern_stream}, low, high);
    const float response = 1 + c.prnu * normal_quantile(gain);
    const float light = mean_e[i] * response;
    const float hot = heat < c.hot_words ? c.hot_e * exponential_quantile(current) : 0;
    const float mean = (light > 0 ? light : 0) + (c.dark_e + hot);
    b.mean[i] = mean < c.largest_mean ? mean : c.largest_mean;
    b.offset[i] = c.dsnu_e * normal_quantile(offset);
  }
}

LICHTBILD_VECTOR_CLONES
void draw(int x, int y, const Conditions& c, Block& b) {
  const auto low = std::uint32_t(c.exposure_seed), high = std::uint32_t(c.exposure_seed >> 32);
  for (int i = 0; i < b.count; ++i) {
    const PhiloxWords words =
        philox({std::uint32_t(x + i), std::uint32_t(y), c.frame, exposure_stream}, low, high);
    b.poisson[i] = words[0];
    b.noise[i] = words[1];
  }
}

LICHTBILD_VECTOR_CLONES
void count_many(Block& b) {
  for (int i = 0; i < b.count; ++i)
    b.electrons[i] = poisson_quantile_large(b.mean[i], normal_quantile(b.poisson[i]));
}

// Sums of a block as arrays, for vectors.
struct Sums {
  std::array<double, block> mean, point, probability, sum;
  std::array<std::int64_t, block> quantile;
};

LICHTBILD_VECTOR_CLONES
void count_few(Block& b, Sums& s) {
  for (int i = 0; i < b.count; ++i) {
    const float mean = b.mean[i] < smallest_large_mean ? b.mean[i] : 0;
    const PoissonSum start = poisson_start(mean, b.poisson[i]);
    s.mean[i] = start.mean, s.point[i] = start.point;
    s.probability[i] = start.probability, s.sum[i] = start.sum, s.quantile[i] = start.quantile;
  }
  std::int64_t unfinished = 1;
  for (int k = 0; unfinished; ++k) {
    const double reciprocal = 1.0 / (k + 1);
    unfinished = 0;
    for (int i = 0; i < b.count; ++i) {
      PoissonSum one{s.mean[i], s.point[i], s.probability[i], s.sum[i], s.quantile[i]};
      unfinished |= std::int64_t(poisson_step(one, reciprocal));
      s.probability[i] = one.probability, s.sum[i] = one.sum, s.quantile[i] = one.quantile;
    }
  }
  for (int i = 0; i < b.count; ++i)
    if (b.mean[i] < smallest_large_mean) b.electrons[i] = std::int32_t(s.quantile[i]);
}

LICHTBILD_VECTOR_CLONES
void convert(const Conditions& c, const Block& b, std::uint16_t* numbers) {
  for (int i = 0; i < b.count; ++i) {
    float electrons = float(b.electrons[i]) + b.offset[i];
    electrons = electrons < c.full_well_e ? electrons : c.full_well_e;
    const float noise = c.read_noise_dn * normal_quantile(b.noise[i]);
    float dn = electrons * c.dn_per_e + noise + c.black_dn + 0.5f;
    dn = dn > 0 ? dn : 0;
    dn = dn < c.white_dn ? dn : c.white_dn;
    numbers[i] = std::uint16_t(std::int32_t(dn));
  }
}

void expose_block(const float* mean_e, int x, int y, const Conditions& c, std::uint16_t* numbers,
                  Block& b, Sums& sums) {
  collect(mean_e, x, y, c, b);
  draw(x, y, c, b);
  const auto [least, most] = std::minmax_element(b.mean.begin(), b.mean.begin() + b.count);
  if (*most >= smallest_large_mean) count_many(b);
  if (*least < smallest_large_mean) count_few(b, sums);
  convert(c, b, numbers);
}

}  // namespace

void expose_rows(const Image<float>& mean_e, const Sensor& sensor, const ExposureSettings& settings,
                 int first, int last, Image<std::uint16_t>& numbers) {
  const Conditions conditions = conditions_of(sensor, settings);
  Block b;
  Sums sums;
  for (int y = first; y < last; ++y)
    for (int x = 0; x < mean_e.width(); x += block) {
      b.count = std::min(block, mean_e.width() - x);
      expose_block(mean_e.row(y) + x, x, y, conditions, numbers.row(y) + x, b, sums);
    }
}

Image<std::uint16_t> expose(const Image<float>& mean_e, const Sensor& sensor,
                            const ExposureSettings& settings) {
  Image<std::uint16_t> numbers(mean_e.width(), mean_e.height());
  parallel_rows(mean_e.height(), [&](int first, int last) {
    expose_rows(mean_e, sensor, settings, first, last, numbers);
  });
  return numbers;
}

}  // namespace lichtbild
