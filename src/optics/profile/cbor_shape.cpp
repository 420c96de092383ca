#include "optics/profile/cbor_shape.h"

#include <fmt/core.h>

#include <cstdint>
#include <vector>

#include "core/error.h"

namespace lichtbild::optics {
namespace {

enum class Major : std::uint8_t { positive, negative, bytes, text, list, map, tag, simple };

class Walk {
 public:
  Walk(std::string_view bytes, const std::string& where) : bytes_(bytes), where_(where) {}

  // One item and all that is in it.
  void item() {
    constexpr std::size_t deepest = 16;
    std::vector<std::uint64_t> open{1};  // items still to come, at each level
    while (!open.empty()) {
      if (open.back() == 0) {
        open.pop_back();
        continue;
      }
      --open.back();
      const std::uint64_t inside = head();
      if (inside == 0) continue;
      if (open.size() == deepest) fail("is nested too deeply");
      open.push_back(inside);
    }
  }

 private:
  // Past an item's head and, if it has none inside, past the item; the number of items inside.
  std::uint64_t head() {
    const std::uint8_t first = byte(), information = first & 31;
    const auto major = Major(first >> 5);
    constexpr std::uint8_t one_byte = 24, reserved = 28;
    if (information >= reserved) fail("has values of unknown length");
    std::uint64_t argument = information;
    if (information >= one_byte) {
      argument = 0;
      for (int i = 0; i < 1 << (information - one_byte); ++i) argument = argument << 8 | byte();
    }
    switch (major) {
      case Major::bytes:
      case Major::text:
        skip(argument);
        return 0;
      case Major::list:
        return items(argument);
      case Major::map:
        items(argument);  // so that twice as many are a number
        return 2 * argument;
      case Major::tag:
        fail("has tags");
      default:
        return 0;
    }
  }
  // An item is a byte at least.
  std::uint64_t items(std::uint64_t count) {
    if (count > bytes_.size() - at_) fail("is cut off");
    return count;
  }
  std::uint8_t byte() {
    if (at_ >= bytes_.size()) fail("is cut off");
    return std::uint8_t(bytes_[at_++]);
  }
  void skip(std::uint64_t count) { at_ += items(count); }
  [[noreturn]] void fail(const char* what) const {
    throw Error(where_, fmt::format("at byte {} the CBOR {}", at_, what), "write the profile anew");
  }

  std::string_view bytes_;
  const std::string& where_;
  std::size_t at_ = 0;
};

}  // namespace

void check_cbor_shape(std::string_view bytes, const std::string& where) {
  Walk(bytes, where).item();
}

}  // namespace lichtbild::optics
