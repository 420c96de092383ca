// AtomicFile: a file that appears whole or not at all: written beside its place, then renamed onto
// it.
//
// Write to temporary(), then commit(). Without commit() the destructor takes the temporary file
// away and whatever stood at the path before stays. Throws Error when the folder does not exist,
// cannot be written, or the disk is full.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace lichtbild {

class AtomicFile {
 public:
  explicit AtomicFile(std::string path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  const std::string& path() const { return path_; }
  const std::string& temporary() const { return temporary_; }
  void write(std::span<const std::byte> bytes);  // appends, all or Error
  void commit();                                 // closes and renames

 private:
  std::string path_, temporary_;
  int descriptor_ = -1;
};

// All bytes of a file. Throws Error for what is missing, a folder, or cannot be read.
std::string read_file(const std::string& path);

// Throws Error if the folder of a file to be written is not there: before the work, not after it.
void check_folder_of(const std::string& path);

// A whole file of these bytes.
void write_file(const std::string& path, std::string_view bytes);

}  // namespace lichtbild
