#include "optics/profile/psf_kernel.h"

#include <algorithm>
#include <cmath>

#include "optics/analysis/diffraction.h"

namespace lichtbild::optics {
namespace {

// Moves the image by -offset along t: what was at t + offset is then at t.
void shift_image(PupilFunction& pupil, double offset_mm) {
  const double wave_number = 2 * M_PI * pupil.index / pupil.wavelength_mm;
  for (int t = 0; t < pupil.samples; ++t) {
    const double direction = (t - (pupil.samples - 1) / 2.0) * pupil.step_t;
    const auto turn = std::polar(1.0, wave_number * offset_mm * direction);
    for (int s = 0; s < pupil.samples; ++s) pupil.value[std::size_t(t) * pupil.samples + s] *= turn;
  }
}

// All the light of the image that point_spread() samples, in its units times mm^2 (Parseval).
double total_energy(const PupilFunction& pupil) {
  double amplitudes = 0;
  for (const auto& value : pupil.value) amplitudes += std::abs(value);
  const double period = pupil.wavelength_mm / pupil.index;
  return pupil.energy / (amplitudes * amplitudes) * (period / pupil.step_s) *
         (period / pupil.step_t);
}

}  // namespace

PsfKernel psf_kernel(const System& system, const Field& field, const ChiefRays& chiefs,
                     const std::vector<int>& wavelengths, const std::vector<double>& weights,
                     double height_mm, const KernelGrid& grid) {
  const double reference_height = chiefs.reference.position.y;
  const bool up = height_mm >= 0;
  const double outwards = up ? M_PI / 2 : -M_PI / 2;
  std::vector<double> cells(std::size_t(grid.size) * grid.size, 0);
  double enclosed = 0;
  for (std::size_t w = 0; w < wavelengths.size(); ++w) {
    Bundle bundle(system, field, wavelengths[w]);
    bundle.fit_map();
    if (!bundle.found()) continue;
    const double window_mm = 2 * grid.size * grid.cell_mm;  // well beyond the kernel
    PupilFunction pupil =
        pupil_function(system, bundle, chiefs, grid.pupil_samples, outwards, window_mm);
    if (pupil.energy == 0) continue;
    shift_image(pupil, (up ? 1 : -1) * (height_mm - reference_height));

    // Points within a cell: denser than the image's bandwidth asks for.
    const double bandwidth =
        pupil.samples * std::max(pupil.step_s, pupil.step_t) * pupil.index / pupil.wavelength_mm;
    const int dense = std::max(3, int(std::ceil(1.5 * bandwidth * grid.cell_mm)));
    const double spacing = grid.cell_mm / dense;
    const int across = grid.size * dense;
    const std::vector<double> image = point_spread(pupil, across, spacing);
    const double scale = weights[w] * spacing * spacing / total_energy(pupil);
    for (int t = 0; t < across; ++t)
      for (int s = 0; s < across; ++s) {
        const double energy = scale * image[std::size_t(t) * across + s];
        cells[std::size_t(t / dense) * grid.size + s / dense] += energy;
        enclosed += energy;
      }
  }
  PsfKernel kernel;
  kernel.enclosed = enclosed;
  kernel.cell.resize(cells.size());
  if (enclosed <= 0) return kernel;
  std::ranges::transform(cells, kernel.cell.begin(),
                         [&](double energy) { return float(energy / enclosed); });
  return kernel;
}

}  // namespace lichtbild::optics
