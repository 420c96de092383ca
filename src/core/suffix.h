// suffix_of(path): what a file's name ends in, from its last dot on, in lower case; empty without.
#pragma once

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string>

namespace lichtbild {

inline std::string suffix_of(const std::filesystem::path& path) {
  std::string suffix = path.extension().string();
  std::ranges::transform(suffix, suffix.begin(),
                         [](unsigned char c) { return char(std::tolower(c)); });
  return suffix;
}

}  // namespace lichtbild
