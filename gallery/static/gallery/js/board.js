// A board to draw on: by mouse, finger or pen. Tells whoever listens when a stroke is done, undone or wiped.
(() => {
  "use strict";
  const SIDE = 1000; // the board's own unit
  const NEAR = 3; // points closer than this to the last are left out
  const MOST = 200; // strokes, as many as the house reads
  const MOST_POINTS = 600; // of one stroke

  const round = (value) => Math.round(value * 10) / 10;

  // A path through the points that bends at the middles between them.
  function pathData(points) {
    const [first, ...rest] = points;
    if (!rest.length) return `M${first}L${first[0] + 0.1} ${first[1]}`;
    const bends = rest.slice(0, -1).map(([x, y], at) => {
      const [nextX, nextY] = rest[at + 1];
      return `Q${x} ${y} ${(x + nextX) / 2} ${(y + nextY) / 2}`;
    });
    return `M${first}${bends.join("")}L${rest.at(-1)}`;
  }

  window.openBoard = (svg, changed) => {
    let strokes = [];
    let pointer = null;
    let path = null;

    const place = (event) => {
      const box = svg.getBoundingClientRect();
      return [round(((event.clientX - box.left) / box.width) * SIDE), round(((event.clientY - box.top) / box.height) * SIDE)];
    };

    function show(stroke) {
      const added = document.createElementNS("http://www.w3.org/2000/svg", "path");
      added.setAttribute("d", pathData(stroke));
      svg.append(added);
      return added;
    }

    svg.addEventListener("pointerdown", (event) => {
      if (pointer !== null || event.button !== 0 || strokes.length >= MOST) return;
      event.preventDefault();
      svg.setPointerCapture(event.pointerId);
      pointer = event.pointerId;
      strokes.push([place(event)]);
      path = show(strokes.at(-1));
    });
    svg.addEventListener("pointermove", (event) => {
      if (event.pointerId !== pointer) return;
      const stroke = strokes.at(-1);
      for (const each of event.getCoalescedEvents?.() ?? [event]) {
        const [x, y] = place(each);
        const [lastX, lastY] = stroke.at(-1);
        if (Math.hypot(x - lastX, y - lastY) >= NEAR && stroke.length < MOST_POINTS) stroke.push([x, y]);
      }
      path.setAttribute("d", pathData(stroke));
    });
    const lift = (event) => {
      if (event.pointerId !== pointer) return;
      pointer = path = null;
      changed(strokes);
    };
    svg.addEventListener("pointerup", lift);
    svg.addEventListener("pointercancel", lift);

    const draw = (wanted) => {
      strokes = wanted;
      svg.replaceChildren();
      strokes.forEach(show);
      changed(strokes);
    };
    return { draw, undo: () => draw(strokes.slice(0, -1)), clear: () => draw([]) };
  };
})();
