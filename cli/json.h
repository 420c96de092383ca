// Reports and file contents as JSON: the same names as in the structs, with units in the names.
#pragma once

#include <nlohmann/json.hpp>

#include "camera.h"

namespace lichtbild::cli {

nlohmann::ordered_json to_json(const PhotoReport& report);
nlohmann::ordered_json to_json(const RawInfo& info);

}  // namespace lichtbild::cli
