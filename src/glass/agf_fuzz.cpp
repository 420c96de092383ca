// Any bytes as a glass catalogue: errors are good, crashes are bad. What is accepted must have a
// positive index somewhere and a transmission between 0 and 1.
#include <cstdint>
#include <cstdlib>

#include "core/error.h"
#include "glass/agf.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace lichtbild;
  try {
    for (const Glass& glass :
         parse_agf({reinterpret_cast<const char*>(bytes), size}, "FUZZ", "fuzz")) {
      const double middle_um =
          glass.longest_um > 0 ? (glass.shortest_um + glass.longest_um) / 2 : line_d_um;
      if (!(index(glass, middle_um) > 0)) std::abort();
      index(glass, 0.55, {.temperature_c = 40, .pressure_atm = 0.5});
      const double share = internal_transmission(glass, 0.55, 10).value_or(1);
      if (!(share >= 0 && share <= 1)) std::abort();
    }
  } catch (const Error&) {
    return 0;
  }
  return 0;
}
