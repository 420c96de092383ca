#include "core/image.h"

#include <sys/mman.h>

#include <cstdint>
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

void* allocate_pixels(std::size_t bytes) {
  constexpr std::size_t line = 64;
  void* memory = std::aligned_alloc(line, (bytes + line - 1) / line * line);
  if (!memory) throw std::bad_alloc();
  prefer_huge_pages(memory, bytes);
  return memory;
}

}  // namespace lichtbild
