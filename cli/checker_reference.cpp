#include "cli/checker_reference.h"

#include "core/error.h"
#include "core/spectrum.h"

namespace lichtbild::cli {

CheckerReference read_checker_reference(const std::string& data_folder) {
  const std::string folder = data_folder + "/spectra/";
  const auto patches = read_spectra(folder + "colorchecker.tsv");
  if (patches.size() != checker_patches)
    throw Error(folder + "colorchecker.tsv", "a ColorChecker has 24 patches");
  const auto observer = read_spectra(folder + "observer.tsv");
  const auto lights = read_spectra(folder + "illuminants.tsv");
  const Spectrum& light = find_spectrum(lights, "D50", folder + "illuminants.tsv");
  std::array<Spectrum, 3> weights;
  constexpr const char* axes[] = {"x", "y", "z"};
  for (int c = 0; c < 3; ++c)
    weights[c] = light * find_spectrum(observer, axes[c], folder + "observer.tsv");
  const double white = integral(weights[1]);
  CheckerReference reference;
  for (int i = 0; i < checker_patches; ++i) {
    reference.names[i] = patches[i].name;
    for (int c = 0; c < 3; ++c)
      reference.xyz_d50[i][c] = integral(patches[i].spectrum, weights[c]) / white;
  }
  return reference;
}

}  // namespace lichtbild::cli
