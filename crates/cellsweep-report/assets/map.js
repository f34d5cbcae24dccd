// Maps that pan and zoom by mouse, touch and keyboard. The ground is drawn in world units and
// scaled; marks keep their size on the screen.

const KEYS = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };

/**
 * A map. `bounds` is [left, top, right, bottom] in world units (down is positive), `ground` an SVG
 * group in world units, `marks` a list of { x, y, node }, `unitMetres` gives it a scale bar.
 */
const mapView = ({ label, bounds, ratio, ground, marks, unitMetres, deepest = 40 }) => {
  const markLayer = s("g", {}, marks.map((mark) => mark.node));
  const bar = s("g", { class: "scale-bar", "aria-hidden": "true" });
  const svg = s("svg", { class: "map", tabindex: "0", role: "group", "aria-label": `${label}. ${t("mapKeys")}` },
    ground, markLayer, unitMetres ? bar : null);
  const view = { k: 1, x: 0, y: 0, fit: 1, width: 0, height: 0 };

  const paint = () => {
    ground.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.k})`);
    for (const mark of marks) {
      mark.node.setAttribute("transform", `translate(${mark.x * view.k + view.x} ${mark.y * view.k + view.y})`);
    }
    svg.classList.toggle("zoomed", view.k > view.fit * 1.01);
    if (unitMetres) paintScale(bar, view, unitMetres);
  };
  const fit = () => {
    const [left, top, right, bottom] = bounds;
    view.fit = 0.94 * Math.min(view.width / (right - left), view.height / (bottom - top));
    view.k = view.fit;
    view.x = view.width / 2 - view.k * (left + right) / 2;
    view.y = view.height / 2 - view.k * (top + bottom) / 2;
    paint();
  };
  const zoom = (factor, px = view.width / 2, py = view.height / 2) => {
    const k = Math.min(Math.max(view.k * factor, view.fit * 0.2), view.fit * deepest);
    view.x = px - (px - view.x) * k / view.k;
    view.y = py - (py - view.y) * k / view.k;
    view.k = k;
    paint();
  };
  const pan = (dx, dy) => { view.x += dx; view.y += dy; paint(); };

  new ResizeObserver(() => {
    const width = svg.clientWidth;
    if (!width || width === view.width) return;
    view.width = width;
    view.height = Math.min(width * ratio, 680);
    svg.setAttribute("viewBox", `0 0 ${view.width} ${view.height}`);
    svg.style.height = `${view.height}px`;
    fit();
  }).observe(svg);

  listen(svg, zoom, pan, fit);
  const button = (sign, word, act) =>
    h("button", { type: "button", "aria-label": t(word), title: t(word), onclick: act }, sign);
  return h("div", { class: "map-box" }, svg,
    h("div", { class: "map-buttons no-print" },
      button("+", "zoomIn", () => zoom(1.6)),
      button("−", "zoomOut", () => zoom(1 / 1.6)),
      button("⤢", "zoomFit", fit)));
};

/** Mouse, touch and keys. A plain wheel still scrolls the page: zooming takes Ctrl or a pinch. */
const listen = (svg, zoom, pan, fit) => {
  svg.addEventListener("keydown", (event) => {
    if (event.target !== svg) return;
    if (KEYS[event.key]) pan(...KEYS[event.key]);
    else if (event.key === "+" || event.key === "=") zoom(1.4);
    else if (event.key === "-") zoom(1 / 1.4);
    else if (event.key === "0") fit();
    else return;
    event.preventDefault();
  });
  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 300), event.offsetX, event.offsetY);
  }, { passive: false });
  svg.addEventListener("dblclick", (event) => zoom(2, event.offsetX, event.offsetY));
  listenPointers(svg, zoom, pan);
};

const listenPointers = (svg, zoom, pan) => {
  const down = new Map();
  let moved = 0;
  svg.addEventListener("pointerdown", (event) => {
    down.set(event.pointerId, [event.clientX, event.clientY]);
    if (down.size === 1) moved = 0;
  });
  svg.addEventListener("pointermove", (event) => {
    const last = down.get(event.pointerId);
    if (!last) return;
    const now = [event.clientX, event.clientY];
    const [dx, dy] = [now[0] - last[0], now[1] - last[1]];
    moved += Math.abs(dx) + Math.abs(dy);
    if (moved < 4) return;
    if (!svg.hasPointerCapture(event.pointerId)) svg.setPointerCapture(event.pointerId);
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const span = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]) || 1;
      const box = svg.getBoundingClientRect();
      zoom(span(now, other) / span(last, other), (now[0] + other[0]) / 2 - box.x, (now[1] + other[1]) / 2 - box.y);
    } else if (event.pointerType === "mouse" || svg.classList.contains("zoomed")) {
      pan(dx, dy);
    }
    down.set(event.pointerId, now);
  });
  const up = (event) => down.delete(event.pointerId);
  svg.addEventListener("pointerup", up);
  svg.addEventListener("pointercancel", up);
  svg.addEventListener("pointerleave", up);
  // The click that ends a drag opens nothing; one from the keyboard always does.
  svg.addEventListener("click", (event) => {
    if (moved >= 4) event.preventDefault();
    moved = 0;
  }, true);
  svg.addEventListener("keydown", () => { moved = 0; });
  svg.addEventListener("dragstart", (event) => event.preventDefault());
};

/** A round length that takes up to a fifth of the width. */
const paintScale = (bar, view, unitMetres) => {
  const longest = view.width / 4 / view.k * unitMetres;
  const power = 10 ** Math.floor(Math.log10(longest));
  const metres = [5, 2, 1].map((step) => step * power).find((length) => length <= longest) ?? power;
  const width = metres / unitMetres * view.k;
  const [x, y] = [14, view.height - 14];
  bar.replaceChildren(
    s("path", { d: `M${x} ${y - 5}v5h${width}v-5` }),
    s("text", { x: x + width / 2, y: y - 5, "text-anchor": "middle" },
      metres >= 1000 ? `${number(metres / 1000)} km` : `${number(metres)} m`));
};
