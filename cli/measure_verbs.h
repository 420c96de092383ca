// The verbs below `lichtbild measure`, one file each.
#pragma once

#include <CLI/CLI.hpp>

namespace lichtbild::cli {

void add_measure_edge(CLI::App& measure);
void add_measure_noise(CLI::App& measure);

}  // namespace lichtbild::cli
