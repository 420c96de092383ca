#include "optics/report/page.h"

#include "optics/report/text.h"

namespace lichtbild::optics::report {
namespace {

constexpr const char* style = R"(
@page { size: A4; margin: 14mm 14mm 16mm 14mm; }
html { background: #fff; color: #000; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
body { font: 9.5pt/1.35 Helvetica, Arial, "Liberation Sans", sans-serif; width: 684px; margin: 24px auto; }
h1 { font-size: 15pt; line-height: 1.2; margin: 0 0 2px 0; }
h2 { font-size: 12pt; margin: 22px 0 6px 0; padding-bottom: 2px; border-bottom: 1px solid #000;
     break-after: avoid; }
h3 { font-size: 10pt; margin: 12px 0 4px 0; break-after: avoid; }
p { margin: 4px 0; }
p.source { color: #333; }
ul.notes { margin: 8px 0; padding: 6px 8px 6px 24px; border: 1px solid #000; }
figure { margin: 6px 0; break-inside: avoid; }
figcaption { color: #333; font-size: 9pt; }
svg { max-width: 100%; height: auto; vertical-align: middle; }
.grid { display: flex; flex-wrap: wrap; gap: 2px 0; margin: 6px 0; }
.grid > div { break-inside: avoid; }
.legend { margin: 6px 0; break-after: avoid; }
.legend span { white-space: nowrap; margin-right: 12px; }
table { border-collapse: collapse; margin: 6px 0 10px 0; font-size: 9pt;
        font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: bold; padding: 2px 0; }
th, td { padding: 1px 5px; text-align: right; white-space: nowrap; }
th { border-bottom: 1px solid #000; font-weight: bold; vertical-align: bottom; white-space: normal; }
td { border-bottom: 1px solid #ddd; }
th.text, td.text { text-align: left; }
tr.sum td { border-top: 1px solid #000; font-weight: bold; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
.columns { display: flex; justify-content: space-between; align-items: flex-start; }
@media print {
  body { width: auto; margin: 0; }
  section.new-page { break-before: page; }
  section.new-page h2 { margin-top: 0; }
}
)";

std::string cells(const std::vector<std::string>& texts, const char* tag, int text_columns) {
  std::string out;
  for (int i = 0; i < int(texts.size()); ++i)
    out += std::string("<") + tag + (i < text_columns ? " class=\"text\">" : ">") +
           escaped(texts[i]) + "</" + tag + ">";
  return out;
}

}  // namespace

std::string html(const Table& table) {
  std::string out = "<table>\n";
  if (!table.caption.empty()) out += "<caption>" + escaped(table.caption) + "</caption>\n";
  if (!table.head.empty())
    out += "<thead><tr>" + cells(table.head, "th", table.text_columns) + "</tr></thead>\n";
  out += "<tbody>\n";
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const bool is_sum = table.sum_row && i + 1 == table.rows.size();
    out += std::string(is_sum ? "<tr class=\"sum\">" : "<tr>") +
           cells(table.rows[i], "td", table.text_columns) + "</tr>\n";
  }
  return out + "</tbody></table>\n";
}

std::string section(const std::string& id, const std::string& title, const std::string& content,
                    bool new_page) {
  return "<section id=\"" + id + "\"" + (new_page ? " class=\"new-page\"" : "") + ">\n<h2>" +
         escaped(title) + "</h2>\n" + content + "</section>\n";
}

std::string heading(const std::string& title) { return "<h3>" + escaped(title) + "</h3>\n"; }

std::string paragraph(const std::string& text) { return "<p>" + escaped(text) + "</p>\n"; }

std::string figure(const std::string& drawing, const std::string& caption) {
  return "<figure>\n" + drawing +
         (caption.empty() ? "" : "<figcaption>" + escaped(caption) + "</figcaption>\n") +
         "</figure>\n";
}

std::string grid(const std::vector<std::string>& drawings) {
  std::string out = "<div class=\"grid\">\n";
  for (const std::string& drawing : drawings) out += "<div>" + drawing + "</div>\n";
  return out + "</div>\n";
}

std::string page(const std::string& title, const std::string& body) {
  return "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n"
         "<meta charset=\"utf-8\"/>\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>" +
         escaped(title) + "</title>\n<style>" + style + "</style>\n</head>\n<body>\n" + body +
         "</body>\n</html>\n";
}

}  // namespace lichtbild::optics::report
