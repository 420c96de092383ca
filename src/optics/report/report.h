// Report: everything known about a lens as one HTML page that a designer prints.
//
// Self-contained: no script, nothing loaded from elsewhere, drawings inline. The page is XML too,
// laid out for A4, and the same to the byte for the same lens: no date, no machine. What was not
// computed, or could not be traced, is said where it would stand.
#pragma once

#include <string>

#include "glass/catalog.h"
#include "optics/analysis/analysis.h"
#include "optics/report/layout.h"
#include "optics/system.h"

namespace lichtbild::optics {

struct ReportOptions {
  const Catalog* catalog = nullptr;  // for nd and vd of named glasses; null: those cells say "–"
  int most_ghosts = 20;              // rows of their table
};

std::string html_report(const System& system, const Analysis& analysis,
                        const ReportOptions& options = {});

}  // namespace lichtbild::optics
