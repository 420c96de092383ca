#include "raw/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/error.h"

namespace lichtbild {
namespace {

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

}  // namespace

MappedFile::MappedFile(const std::string& path) {
  // Without O_NONBLOCK the opening of a named pipe would wait forever.
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.number < 0)
    throw Error(path, std::string("cannot be read: ") + std::strerror(errno),
                errno == ENOENT ? "check the name" : "check its permissions");
  struct stat status {};
  if (::fstat(file.number, &status) != 0) throw Error(path, std::strerror(errno));
  if (S_ISDIR(status.st_mode)) throw Error(path, "is a folder", "name the RAW files in it");
  if (!S_ISREG(status.st_mode)) throw Error(path, "is not a regular file", "copy it to one first");
  if (status.st_size == 0) throw Error(path, "is empty (zero bytes)", "copy it again");

  size_ = status.st_size;
  void* start = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file.number, 0);
  if (start == MAP_FAILED)
    throw Error(path, std::string("cannot be read: ") + std::strerror(errno));
  start_ = static_cast<const std::byte*>(start);
}

MappedFile::~MappedFile() { ::munmap(const_cast<std::byte*>(start_), size_); }

}  // namespace lichtbild
