// temporary_folder: for tests and benchmarks, a folder that is theirs alone and goes with it.
//
// Tests run as processes of their own, side by side: a fixed name in the system's temporary folder
// would be written by two at once.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace lichtbild {

class TemporaryFolder {
 public:
  TemporaryFolder() { std::filesystem::create_directories(path_); }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string path() const { return path_.string(); }
  // Where a file of that name would be.
  std::string file(const std::string& name) const { return (path_ / name).string(); }
  // The same, written with these bytes.
  std::string file(const std::string& name, std::string_view bytes) const {
    std::ofstream(path_ / name, std::ios::binary)
        .write(bytes.data(), std::streamsize(bytes.size()));
    return file(name);
  }
  bool empty() const { return std::filesystem::is_empty(path_); }

 private:
  static int next_number() {
    static int number = 0;
    return number++;
  }
  std::filesystem::path path_ =
      std::filesystem::temp_directory_path() /
      ("lichtbild-" + std::to_string(::getpid()) + "-" + std::to_string(next_number()));
};

}  // namespace lichtbild
