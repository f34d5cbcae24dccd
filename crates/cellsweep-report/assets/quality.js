// What came in: what stands out, days with gaps, rows by table.

const qualityScreen = () => {
  const { quality } = data;
  if (!quality) return [h("h1", {}, t("quality")), h("p", { class: "lead" }, t("qualityNone"))];
  return [
    h("h1", {}, t("quality")),
    h("p", { class: "lead" }, t("qualityLead")),
    section(t("remarks"), h("dl", { class: "remarks" }, quality.remarks.map(remarkLine))),
    section(t("daysAndGaps"), h("p", { class: "note" }, t("daysLead")),
      h("div", { class: "day-grid" }, seriesOf(quality.days).map(daysFigure))),
    section(t("covers"), coversTable(quality.covers), h("p", { class: "note" }, t("coversNote"))),
    section(t("rowsByTable"), rowsTable(quality.tables),
      countsTable("rejectsByReason", quality.tables, (table) => table.rows.rejected),
      countsTable("doubtsByReason", quality.tables, (table) => table.rows.doubts),
      blanksTable(quality.tables)),
  ];
};

const remarkLine = (remark) => h("div", {},
  h("dt", {}, h("strong", {}, number(remark.count)), " ", say(remark.what)),
  h("dd", {}, say(remark.meaning), (remark.details ?? []).length
    ? h("ul", {}, remark.details.map((detail) => h("li", {}, say(detail)))) : null));

/** Days by operator and technology, in the order in which they come. */
const seriesOf = (days) => {
  const series = new Map();
  for (const each of days) {
    const key = `${each.operator} · ${each.technology}`;
    if (!series.has(key)) series.set(key, []);
    series.get(key).push(each);
  }
  return [...series].map(([who, list]) => ({ who, days: list }));
};

const DAY_WIDTH = 8;
const DAY_HEIGHT = 36;

/** A bar a day; a gap is marked by colour and by a mark of its own. */
const daysFigure = ({ who, days }) => {
  const most = Math.max(...days.map((each) => each.records), 1);
  const gaps = days.filter((each) => each.gap).length;
  const words = t("daysPicture", who, day(days[0].day), day(days[days.length - 1].day), gaps);
  const bar = (each, index) => {
    const height = Math.max(1, (DAY_HEIGHT - 6) * each.records / most);
    const title = t("dayTitle", day(each.day), number(each.records), each.gap);
    return s("g", { class: each.gap ? "day gap" : "day" }, s("title", {}, title),
      s("rect", { x: index * DAY_WIDTH, y: DAY_HEIGHT - height, width: DAY_WIDTH - 1, height }),
      each.gap ? s("path", { d: `M${index * DAY_WIDTH} 0h${DAY_WIDTH - 1}l${-(DAY_WIDTH - 1) / 2} 5z` }) : null);
  };
  const width = days.length * DAY_WIDTH;
  return h("figure", { class: "days" }, h("figcaption", {}, words),
    h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": words },
      s("svg", { viewBox: `0 0 ${width} ${DAY_HEIGHT}`, width, height: DAY_HEIGHT, role: "img", "aria-label": words }, days.map(bar))),
    asTable(words, [t("theDay"), t("records"), ""], days.map((each) => [day(each.day), number(each.records), each.gap ? t("gap") : ""])));
};

const coversTable = (covers) => simpleTable(t("covers"), [t("authority"), t("files"), t("records"), t("period")],
  covers.map((cover) => [cover.authority ?? t("noAuthority"), number(cover.files), number(cover.records),
    cover.from && cover.to ? `${day(cover.from)} – ${day(cover.to)}` : "–"]), 1);

const rowsTable = (tables) => simpleTable(t("rowsByTable"), [t("table"), t("files"), t("rowsRead"), t("rowsKept"), t("rejected")],
  tables.map((table) => [table.table, number(table.files), number(table.rows.read), number(table.rows.kept),
    number(sumOf(Object.values(table.rows.rejected), (count) => count))]));

const countsTable = (word, tables, counts) => {
  const rows = tables.flatMap((table) => Object.entries(counts(table)).map(([reason, count]) => ({ table: table.table, reason, count })));
  if (!rows.length) return null;
  rows.sort((a, b) => b.count - a.count);
  return simpleTable(t(word), [t("reason"), t("table"), t("rows")], rows.map((row) => [row.reason, row.table, number(row.count)]), 2);
};

const blanksTable = (tables) => {
  const rows = tables.flatMap((table) => Object.entries(table.blanks).map(([column, count]) =>
    [column, table.table, number(count), table.rows.kept ? share(count / table.rows.kept) : "–"]));
  return rows.length ? simpleTable(t("blanksByColumn"), [t("column"), t("table"), t("rows"), t("shareOfRows")], rows, 2) : null;
};
