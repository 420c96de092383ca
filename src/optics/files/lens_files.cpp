#include "optics/files/lens_files.h"

#include <filesystem>
#include <fstream>
#include <span>
#include <sstream>

#include "core/atomic_file.h"
#include "core/error.h"

namespace lichtbild::optics {
namespace {

bool ends_with(const std::string& path, std::string_view lower_case) {
  if (path.size() < lower_case.size()) return false;
  const std::string_view tail = std::string_view(path).substr(path.size() - lower_case.size());
  for (std::size_t i = 0; i < tail.size(); ++i) {
    const char c = tail[i] >= 'A' && tail[i] <= 'Z' ? static_cast<char>(tail[i] + 32) : tail[i];
    if (c != lower_case[i]) return false;
  }
  return true;
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::error_code ignored;
  if (!file || std::filesystem::is_directory(path, ignored))
    throw Error(path, "cannot be read", "check the path");
  constexpr std::uintmax_t longest = 8 << 20;
  if (std::filesystem::file_size(path, ignored) > longest && !ignored)
    throw Error(path, "is too long for a lens", "lens files are small text files, 8 MiB at most");
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

}  // namespace

Lens read_lens(const std::string& path) {
  if (ends_with(path, ".toml")) return parse_lens_toml(bytes_of(path), path);
  if (ends_with(path, ".zmx")) return parse_zmx(bytes_of(path), path);
  if (ends_with(path, ".seq")) return parse_seq(bytes_of(path), path);
  if (ends_with(path, ".txt")) return parse_optical_bench(bytes_of(path), path);
  throw Error(path, "is no lens file that is known", "give a .lens.toml, .zmx, .seq or .txt file");
}

void write_lens(const Lens& lens, const std::string& path) {
  std::string text;
  if (ends_with(path, ".lens.toml"))
    text = lens_toml_from(lens);
  else if (ends_with(path, ".zmx"))
    text = zmx_from(lens);
  else
    throw Error(path, "is no lens file that can be written", "name it .lens.toml or .zmx");
  write_file(path, text);
}

}  // namespace lichtbild::optics
