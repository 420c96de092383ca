// Any bytes as a lens profile in TOML, JSON or CBOR: errors are good, crashes are bad; what is read
// gives the same text again, and can be asked for places, light and fits.
#include <cstdlib>

#include "core/error.h"
#include "optics/profile/profile_files.h"

namespace {

namespace optics = lichtbild::optics;

void use(const lichtbild::LensProfile& profile) {
  const std::string text = optics::profile_json(profile);
  if (optics::profile_json(optics::parse_profile_json(text, "again")) != text) std::abort();
  for (const double r : {0.0, 0.3, 1.0, 3.0})
    for (int c = 0; c < 3; ++c) {
      profile.geometry.ideal_from_real(c, profile.geometry.real_from_ideal(c, r));
      profile.shading.at(c, r);
    }
  lichtbild::corrected_scale(profile);
  optics::opcode_list_3(profile);
  optics::lensfun_xml(profile);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  for (const auto parse :
       {optics::parse_profile_toml, optics::parse_profile_json, optics::parse_profile_cbor}) {
    try {
      use(parse(text, "fuzz"));
    } catch (const lichtbild::Error&) {
      continue;
    }
  }
  return 0;
}
