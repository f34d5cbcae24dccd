// Plots of the calibration screen, each with its numbers as a table.

const PLOT = { width: 380, height: 270, left: 56, right: 20, top: 12, bottom: 42 };

/** Axes, gridlines and labels; `x` and `y` are { from, to, ticks, label, show }. */
const axes = (x, y) => {
  const { width, height, left, right, top, bottom } = PLOT;
  const px = (value) => left + (value - x.from) / (x.to - x.from) * (width - left - right);
  const py = (value) => height - bottom - (value - y.from) / (y.to - y.from) * (height - top - bottom);
  const frame = s("g", { class: "axes" },
    y.ticks.map((tick) => [
      s("path", { d: `M${left} ${py(tick)}H${width - right}` }),
      s("text", { x: left - 6, y: py(tick) + 4, "text-anchor": "end" }, y.show(tick))]),
    x.ticks.map((tick) => [
      s("path", { d: `M${px(tick)} ${top}V${height - bottom}` }),
      s("text", { x: px(tick), y: height - bottom + 16, "text-anchor": "middle" }, x.show(tick))]),
    s("text", { x: (left + width - right) / 2, y: height - 6, "text-anchor": "middle", class: "axis-name" }, x.label),
    s("text", { x: 12, y: (top + height - bottom) / 2, "text-anchor": "middle", class: "axis-name",
      transform: `rotate(-90 12 ${(top + height - bottom) / 2})` }, y.label));
  return { px, py, frame };
};

const plot = (label, caption, table, ...drawn) =>
  h("figure", { class: "plot" },
    h("h3", {}, label),
    s("svg", { viewBox: `0 0 ${PLOT.width} ${PLOT.height}`, role: "img", "aria-label": label }, drawn),
    h("figcaption", {}, caption),
    asTable(label, table.heads, table.rows));

const lineOf = (xs, ys, px, py) => `M${xs.map((x, index) => `${px(x).toFixed(1)} ${py(ys[index]).toFixed(1)}`).join("L")}`;
const tenths = [0, 0.2, 0.4, 0.6, 0.8, 1];
/** The values from one end to the other. */
const evens = (from, to, step) => Array.from({ length: Math.round((to - from) / step) + 1 }, (_, index) => from + index * step);
const plain = (value) => number(value);

const keyOf = (...entries) =>
  h("span", { class: "legend" }, entries.map(([kind, words]) => h("span", {}, h("i", { class: `swatch ${kind}` }), words)));

const reliabilityPlot = (calibration) => {
  const bins = calibration.reliability;
  const unit = { from: 0, to: 1, ticks: tenths, show: share };
  const { px, py, frame } = axes({ ...unit, label: t("stated") }, { ...unit, label: t("observed") });
  const most = Math.max(...bins.map((bin) => bin.count), 1);
  return plot(t("reliability"), t("reliabilityNote"), {
    heads: [t("stated"), t("observed"), t("cases")],
    rows: bins.map((bin) => [percent(bin.stated), share(bin.observed), number(bin.count)]),
  }, frame,
  s("path", { class: "ideal", d: `M${px(0)} ${py(0)}L${px(1)} ${py(1)}` }),
  s("path", { class: "line here", d: bins.length ? lineOf(bins.map((bin) => bin.stated), bins.map((bin) => bin.observed), px, py) : "" }),
  bins.map((bin) => s("circle", { class: "point here", cx: px(bin.stated), cy: py(bin.observed), r: 3 + 7 * Math.sqrt(bin.count / most) })));
};

/** The stretch in which the curves still move. */
const reach = (log10, ...curves) => {
  const moving = log10.filter((_, index) => curves.some((curve) => curve[index] > 0.002 && curve[index] < 0.998));
  const from = Math.floor(Math.min(-2, ...moving));
  const to = Math.ceil(Math.max(2, ...moving));
  return { from, to, ticks: evens(from, to, to - from > 9 ? 2 : 1), show: plain, label: "log₁₀ LR" };
};

const tippettPlot = ({ tippett }) => {
  const x = reach(tippett.log10_lr, tippett.kept, tippett.elsewhere);
  const { px, py, frame } = axes(x, { from: 0, to: 1, ticks: tenths, show: share, label: t("shareAbove") });
  const within = tippett.log10_lr.map((value, index) => [value, index]).filter(([value]) => value >= x.from && value <= x.to);
  const curve = (values) => lineOf(within.map(([value]) => value), within.map(([, index]) => values[index]), px, py);
  const whole = within.filter(([value]) => Number.isInteger(value));
  return plot(t("tippett"), [t("tippettNote"), keyOf(["here", t("keptHere")], ["elsewhere dashed", t("keptElsewhere")])], {
    heads: ["log₁₀ LR", t("keptHere"), t("keptElsewhere")],
    rows: whole.map(([value, index]) => [plain(value), share(tippett.kept[index]), share(tippett.elsewhere[index])]),
  }, frame,
  s("path", { class: "zero", d: `M${px(0)} ${PLOT.top}V${PLOT.height - PLOT.bottom}` }),
  s("path", { class: "line here", d: curve(tippett.kept) }),
  s("path", { class: "line elsewhere", d: curve(tippett.elsewhere) }));
};

const histogramPlot = ({ histogram }) => {
  const { from, step, kept, elsewhere } = histogram;
  const shares = [kept, elsewhere].map((counts) => {
    const total = counts.reduce((sum, count) => sum + count, 0) || 1;
    return counts.map((count) => count / total);
  });
  const used = kept.map((count, index) => index).filter((index) => kept[index] + elsewhere[index] > 0);
  const low = Math.floor(Math.min(-2, from + step * Math.min(...used)));
  const high = Math.ceil(Math.max(2, from + step * (Math.max(...used) + 1)));
  const top = Math.max(...shares.flat(), 0.05);
  const rung = top > 0.4 ? 0.2 : top > 0.15 ? 0.1 : 0.05;
  const ceiling = Math.ceil(top / rung) * rung;
  const { px, py, frame } = axes(
    { from: low, to: high, ticks: evens(low, high, high - low > 9 ? 2 : 1), show: plain, label: "log₁₀ LR" },
    { from: 0, to: ceiling, ticks: evens(0, ceiling, rung), show: share, label: t("shareOf") });
  const bars = (values, kind, side) => used.map((index) => {
    const left = px(from + index * step) + (side ? (px(step) - px(0)) / 2 : 0.5);
    return s("rect", { class: `bar ${kind}`, x: left, width: (px(step) - px(0)) / 2 - 0.5, y: py(values[index]), height: py(0) - py(values[index]) });
  });
  return plot(t("histogram"), [t("histogramNote"), keyOf(["here", t("keptHere")], ["elsewhere", t("keptElsewhere")])], {
    heads: ["log₁₀ LR", t("keptHere"), t("keptElsewhere")],
    rows: used.map((index) => [`${number(from + index * step, 1)} … ${number(from + (index + 1) * step, 1)}`, number(kept[index]), number(elsewhere[index])]),
  }, frame, bars(shares[0], "here", 0), bars(shares[1], "elsewhere", 1),
  s("path", { class: "zero", d: `M${px(0)} ${PLOT.top}V${PLOT.height - PLOT.bottom}` }));
};
