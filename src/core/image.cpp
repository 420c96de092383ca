#include "core/image.h"

#include <sys/mman.h>

#include <new>

namespace lichtbild {

void* allocate_pixels(std::size_t bytes) {
  constexpr std::size_t line = 64, huge_page = std::size_t(2) << 20;
  const std::size_t alignment = bytes >= 4 * huge_page ? huge_page : line;
  const std::size_t rounded = (bytes + alignment - 1) / alignment * alignment;
  void* memory = std::aligned_alloc(alignment, rounded);
  if (!memory) throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
  if (alignment == huge_page)
    ::madvise(memory, rounded, MADV_HUGEPAGE);  // a wish: refusal costs speed only
#endif
  return memory;
}

}  // namespace lichtbild
