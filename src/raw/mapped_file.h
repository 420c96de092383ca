// MappedFile: the bytes of a file, read-only, without a copy.
//
// Throws Error for a path that is missing, unreadable, a folder or empty. A file that another
// program shortens while it is mapped cannot be caught here; write beside and rename instead.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace lichtbild {

class MappedFile {
 public:
  explicit MappedFile(const std::string& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::span<const std::byte> bytes() const { return {start_, size_}; }

 private:
  const std::byte* start_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace lichtbild
