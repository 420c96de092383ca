// The page around the drawings: sections, tables, style sheet; HTML that is XML as well.
#pragma once

#include <string>
#include <vector>

namespace lichtbild::optics::report {

// A table whose cells are escaped here. Columns are set right, where numbers belong, but for the
// `text_columns` first ones.
struct Table {
  std::string caption;
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
  int text_columns = 1;
  bool sum_row = false;  // the last row is one
};
std::string html(const Table& table);

// `content` is HTML. `id` is what links and tests find it by. `new_page`: in print.
std::string section(const std::string& id, const std::string& title, const std::string& content,
                    bool new_page = false);
std::string heading(const std::string& title);   // within a section, as text
std::string paragraph(const std::string& text);  // as text
std::string figure(const std::string& drawing, const std::string& caption = {});
// Small drawings, as many side by side as fit.
std::string grid(const std::vector<std::string>& drawings);

std::string page(const std::string& title, const std::string& body);

// What fits between the margins of an A4 page, in CSS pixels.
inline constexpr double page_width = 684;

}  // namespace lichtbild::optics::report
