#include "cli/checker_reference.h"

#include "core/cie_tables.h"
#include "core/error.h"
#include "core/spectrum.h"

namespace lichtbild::cli {

CheckerReference read_checker_reference(const std::string& data_folder) {
  const std::string folder = data_folder + "/spectra/";
  const auto patches = read_spectra(folder + "colorchecker.tsv");
  if (patches.size() != checker_patches)
    throw Error(folder + "colorchecker.tsv", "a ColorChecker has 24 patches");
  std::array<Spectrum, 3> weights;
  for (int c = 0; c < 3; ++c) weights[c] = illuminant_d50 * observer_1931[c];
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
