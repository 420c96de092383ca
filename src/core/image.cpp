#include "core/image.h"

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace lichtbild {

void prefer_huge_pages([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t bytes) {
#ifdef MADV_HUGEPAGE
  constexpr std::size_t page = 4096, large = std::size_t(8) << 20;
  if (bytes < large) return;
  // A wish for the whole pages inside: refusal costs speed only.
  const std::size_t skipped = (page - reinterpret_cast<std::uintptr_t>(memory) % page) % page;
  ::madvise(static_cast<char*>(memory) + skipped, (bytes - skipped) / page * page, MADV_HUGEPAGE);
#endif
}

// Not std::aligned_alloc: glibc's asks for more than it keeps, so that the memory of a picture that
// is freed would never do for the next one of the same size. What malloc gave stands before the
// pixels.
void* allocate_pixels(std::size_t bytes) {
  constexpr std::size_t line = 64;
  static_assert(alignof(std::max_align_t) >= sizeof(void*));
  void* memory = bytes <= SIZE_MAX - line ? std::malloc(bytes + line) : nullptr;
  if (!memory) throw std::bad_alloc();
  auto* pixels =
      static_cast<std::byte*>(memory) + line - reinterpret_cast<std::uintptr_t>(memory) % line;
  *reinterpret_cast<void**>(pixels - sizeof memory) = memory;
  prefer_huge_pages(pixels, bytes);
  return pixels;
}

void free_pixels(void* pixels) {
  if (!pixels) return;
  std::free(*reinterpret_cast<void**>(static_cast<std::byte*>(pixels) - sizeof pixels));
}

}  // namespace lichtbild
