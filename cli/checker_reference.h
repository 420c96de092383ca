// The ColorChecker as it should look: its measured reflectances (data/spectra) in daylight D50.
#pragma once

#include <array>
#include <string>

#include "measure/color_checker.h"

namespace lichtbild::cli {

struct CheckerReference {
  std::array<std::string, checker_patches> names;
  PatchColors xyz_d50;  // 1 = perfect diffuser
};

// Throws Error.
CheckerReference read_checker_reference(const std::string& data_folder);

}  // namespace lichtbild::cli
