#include "core/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "core/error.h"

namespace lichtbild {
namespace {

[[noreturn]] void refuse(const std::string& path, int cause) {
  const char* cure = cause == ENOENT                      ? "make the folder first"
                     : cause == ENOSPC || cause == EDQUOT ? "free some space"
                     : cause == EFBIG ? "raise the limit on file sizes (ulimit -f)"
                     : cause == EACCES || cause == EROFS  ? "choose a folder you may write to"
                     : cause == EISDIR || cause == EEXIST ? "name a file, not a folder"
                                                          : "check the disk and the folder";
  throw Error(path, std::string("cannot be written: ") + std::strerror(cause), cure);
}

}  // namespace

AtomicFile::AtomicFile(std::string path) : path_(std::move(path)) {
  if (std::filesystem::is_directory(path_)) refuse(path_, EISDIR);
  temporary_ = path_ + ".part" + std::to_string(::getpid());
  descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor_ < 0) refuse(path_, errno);
}

AtomicFile::~AtomicFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) refuse(path_, errno);
    bytes = bytes.subspan(written);
  }
}

void AtomicFile::commit() {
  // close() reports late write errors, of network file systems for example.
  if (::close(std::exchange(descriptor_, -1)) != 0 ||
      std::rename(temporary_.c_str(), path_.c_str()) != 0) {
    const int cause = errno;
    ::unlink(temporary_.c_str());
    refuse(path_, cause);
  }
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::error_code ignored;
  if (!file || std::filesystem::is_directory(path, ignored))
    throw Error(path, "cannot be read", "check the path and its permissions");
  // Read to its end whatever the size that the file system says: pipes have none.
  constexpr std::size_t block = 1 << 20, most_believed = 1 << 28;
  std::string bytes;
  const auto size = std::filesystem::file_size(path, ignored);
  if (!ignored && size < most_believed) bytes.reserve(size + block);
  while (file) {
    const std::size_t before = bytes.size();
    bytes.resize(before + block);
    file.read(bytes.data() + before, block);
    bytes.resize(before + std::size_t(file.gcount()));
  }
  if (file.bad()) throw Error(path, "cannot be read to its end", "check the disk");
  return bytes;
}

void check_folder_of(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::error_code ignored;
  if (!folder.empty() && !std::filesystem::is_directory(folder, ignored))
    throw Error(path, "the folder does not exist", "make it first: mkdir -p " + folder.string());
}

void write_file(const std::string& path, std::string_view bytes) {
  AtomicFile file(path);
  file.write(std::as_bytes(std::span(bytes)));
  file.commit();
}

}  // namespace lichtbild
