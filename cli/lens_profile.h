// lichtbild lens profile: what a lens does to the pictures of one sensor.
#pragma once

#include <CLI/CLI.hpp>

namespace lichtbild::cli {

void add_lens_profile(CLI::App& lens);

}  // namespace lichtbild::cli
