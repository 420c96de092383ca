// Lenses and what was found about them as JSON; the names are a promise (see docs of `lens`).
#pragma once

#include <nlohmann/json.hpp>

#include "optics/analysis/analysis.h"
#include "optics/system.h"

namespace lichtbild::cli {

// First order: efl_mm, bfl_mm, ..., entrance_pupil, exit_pupil.
nlohmann::ordered_json first_order_json(const optics::System& system);

// The prescription, surface by surface, and the first order.
nlohmann::ordered_json to_json(const optics::System& system);

// First order and everything analyze() found.
nlohmann::ordered_json to_json(const optics::System& system, const optics::Analysis& analysis);

}  // namespace lichtbild::cli
