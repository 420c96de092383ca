// Reports and file contents as JSON: the same names as in the structs, with units in the names.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "camera.h"

namespace lichtbild::cli {

// null for what is not known.
nlohmann::ordered_json number_or_null(const std::optional<double>& value);

nlohmann::ordered_json to_json(const PhotoReport& report);
nlohmann::ordered_json to_json(const RawInfo& info);

}  // namespace lichtbild::cli
