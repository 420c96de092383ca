// Lens files of Lichtbild and of other programs, chosen by the suffix:
//   .lens.toml          ours                                        read, write
//   .zmx                OpticStudio (UTF-8, UTF-16)                 read, write
//   .seq                CODE V                                      read
//   .txt                OpticalBench (tab-separated sections)       read
//
// Whatever a file uses and Lichtbild does not know is an Error that names the line, never dropped
// in silence; what has no meaning for the trace (comments, editor settings, coatings) is skipped.
#pragma once

#include <string>
#include <string_view>

#include "optics/lens.h"

namespace lichtbild::optics {

// Throws Error{path:line[:column], ...}. The lens has passed check().
Lens read_lens(const std::string& path);

// Writes beside and renames; throws Error for an unknown suffix, or for what the format can't hold.
void write_lens(const Lens& lens, const std::string& path);

// The dialects, from memory; `where` names the file in errors.
Lens parse_lens_toml(std::string_view text, const std::string& where);
Lens parse_zmx(std::string_view bytes, const std::string& where);
Lens parse_seq(std::string_view text, const std::string& where);
Lens parse_optical_bench(std::string_view text, const std::string& where);
std::string lens_toml_from(const Lens& lens);
std::string zmx_from(const Lens& lens);

}  // namespace lichtbild::optics
