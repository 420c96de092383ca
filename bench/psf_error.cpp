// How far the kernels that pictures are blurred with are from the exact ones: between the radii of
// the profile, and in colored light (a channel has one blur for all colors; docs/decisions/006).
//
// bench/psf_error CAMERA.camera.toml
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <numeric>
#include <vector>

#include "camera_file.h"
#include "core/spectrum.h"
#include "optics/files/lens_files.h"
#include "optics/profile/profile.h"

namespace {

using namespace lichtbild;

const std::string data = LICHTBILD_ROOT "/data";
constexpr const char* channel_names[] = {"red", "green", "blue"};

// Of whole pixels around the middle: what a sensor can tell apart. Kernels end at a disk.
std::vector<double> pixels_of(const PsfField& psf, const std::vector<float>& cells) {
  const int half = psf.size / 2, count = 2 * (half / psf.oversampling) + 1, middle = count / 2;
  std::vector<double> pixel(std::size_t(count) * count);
  for (int j = -half; j <= half; ++j)
    for (int i = -half; i <= half; ++i) {
      const int x = middle + int(std::lround(double(i) / psf.oversampling)),
                y = middle + int(std::lround(double(j) / psf.oversampling));
      if (i * i + j * j <= half * half && x >= 0 && y >= 0 && x < count && y < count)
        pixel[std::size_t(y) * count + x] += cells[std::size_t(j + half) * psf.size + i + half];
    }
  const double sum = std::accumulate(pixel.begin(), pixel.end(), 0.0);
  for (double& v : pixel) v /= sum;
  return pixel;
}

// Share of the light that lies in another pixel.
double misplaced(const PsfField& psf, const std::vector<float>& a, const std::vector<float>& b) {
  const std::vector<double> one = pixels_of(psf, a), other = pixels_of(psf, b);
  double sum = 0;
  for (std::size_t i = 0; i < one.size(); ++i) sum += std::abs(one[i] - other[i]);
  return sum / 2;
}

struct Worst {
  double sum = 0, most = 0, at = 0;
  int count = 0;
  void add(double error, double radius) {
    sum += error, ++count;
    if (error > most) most = error, at = radius;
  }
  std::string text() const {
    return fmt::format("{:.1f} % of the light in another pixel, at most {:.1f} % at radius {:.2f}",
                       100 * sum / count, 100 * most, at);
  }
};

void between_radii(const LensProfile& used, const LensProfile& fine) {
  for (int c = 0; c < 3; ++c) {
    Worst worst;
    for (std::size_t i = 0; i + 1 < used.psf.radius.size(); ++i) {
      std::vector<float> mixed = used.psf.kernel[c][i].cell;
      const std::vector<float>& next = used.psf.kernel[c][i + 1].cell;
      for (std::size_t k = 0; k < mixed.size(); ++k) mixed[k] = (mixed[k] + next[k]) / 2;
      worst.add(misplaced(used.psf, mixed, fine.psf.kernel[c][2 * i + 1].cell),
                fine.psf.radius[2 * i + 1]);
    }
    fmt::print("between radii, {:5}: {}\n", channel_names[c], worst.text());
  }
}

// The profile's lines as a light changes their shares.
std::array<ProfileBand, 3> lit(const LensProfile& used, const Spectrum& light) {
  std::array<ProfileBand, 3> bands = used.bands;
  for (ProfileBand& band : bands) {
    double sum = 0;
    for (std::size_t i = 0; i < band.weight.size(); ++i) {
      const double at = (band.wavelength_nm[i] - Spectrum::wavelength_nm(0)) / Spectrum::step_nm;
      const int k = std::clamp(int(at), 0, Spectrum::samples - 2);
      // Lines carry equal shares of a light with as many photons everywhere.
      band.weight[i] *= band.wavelength_nm[i] * (light[k] + (at - k) * (light[k + 1] - light[k]));
      sum += band.weight[i];
    }
    for (double& weight : band.weight) weight /= sum;
  }
  return bands;
}

void run(const std::string& path) {
  const Camera camera = read_camera(path);
  const optics::Lens lens = optics::read_lens(camera.lens.file);
  const Catalog catalog = read_catalog(data + "/glass");
  const LensProfile used = camera_lens(camera, data);
  optics::ProfileOptions options;
  options.psf_oversampling = used.psf.oversampling;
  options.psf_radius_px = used.psf.size / used.psf.oversampling / 2;
  const auto traced = [&](const std::array<ProfileBand, 3>& bands, int points) {
    options.bands = bands, options.psf_points = points;
    return optics::profile(lens, catalog, camera.lens.file, used.sensor, options);
  };
  between_radii(used, traced(used.bands, 2 * int(used.psf.radius.size()) - 1));

  const std::string lights_path = data + "/spectra/illuminants.tsv",
                    patches_path = data + "/spectra/colorchecker.tsv";
  const auto lights = read_spectra(lights_path), patches = read_spectra(patches_path);
  constexpr int points = 5;
  const int step = (int(used.psf.radius.size()) - 1) / (points - 1);
  for (const auto& [light, patch] : {std::pair{"D65", "white"},
                                     {"A", "white"},
                                     {"D65", "blue"},
                                     {"D65", "green"},
                                     {"D65", "red"}}) {
    const LensProfile exact = traced(lit(used, find_spectrum(lights, light, lights_path) *
                                                   find_spectrum(patches, patch, patches_path)),
                                     points);
    for (int c = 0; c < 3; ++c) {
      Worst worst;
      for (int i = 0; i < points; ++i)
        worst.add(
            misplaced(used.psf, used.psf.kernel[c][i * step].cell, exact.psf.kernel[c][i].cell),
            exact.psf.radius[i]);
      fmt::print("{} under {}, {:5}: {}\n", patch, light, channel_names[c], worst.text());
    }
  }
}

}  // namespace

int main(int count, char** arguments) try {
  run(count > 1 ? arguments[1] : data + "/cameras/main.camera.toml");
} catch (const std::exception& error) {
  fmt::print(stderr, "psf_error: {}\n", error.what());
  return 1;
}
