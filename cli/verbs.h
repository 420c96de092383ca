// The verbs of the command line: each adds its subcommand, and runs when chosen.
#pragma once

#include <CLI/CLI.hpp>

namespace lichtbild::cli {

void add_develop(CLI::App& app);
void add_info(CLI::App& app);
void add_measure(CLI::App& app);
void add_lens(CLI::App& app);
void add_shoot(CLI::App& app);
void add_calibrate(CLI::App& app);

// Where looks and other data are: beside the program when installed, else in the source tree.
std::string data_folder();

}  // namespace lichtbild::cli
