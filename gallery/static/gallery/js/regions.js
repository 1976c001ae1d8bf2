// Regions of a photograph: what hangs together with a pixel and looks like it.
(() => {
  "use strict";

  // Square-rooted, so that steps in the dark count as they are seen.
  const ROOTS = Float32Array.from({ length: 256 }, (_, value) => Math.sqrt(value / 255));

  // Lightness and two colour differences, in which distances are nearly those that people see.
  function coloursOf({ data, width, height }) {
    const colours = new Float32Array(width * height * 3);
    for (let at = 0; at < width * height; at++) {
      const [red, green, blue] = [ROOTS[data[4 * at]], ROOTS[data[4 * at + 1]], ROOTS[data[4 * at + 2]]];
      colours[3 * at] = (red + green + blue) / 3;
      colours[3 * at + 1] = red - green;
      colours[3 * at + 2] = (red + green) / 2 - blue;
    }
    return colours;
  }

  // Grow from a pixel over neighbours that differ little from one another and not too much from the start: a sky that
  // fades is followed, an edge is not crossed. `reach` is 0..1.
  function alike(picture, x, y, reach) {
    const { width, height } = picture;
    const colours = coloursOf(picture);
    const start = meanAround(colours, width, height, x, y);
    const far = (0.04 + 0.5 * reach) ** 2;
    const step = (0.02 + 0.1 * reach) ** 2;
    const taken = new Uint8Array(width * height);
    const waiting = [y * width + x];
    taken[waiting[0]] = 1;
    while (waiting.length) {
      const at = waiting.pop();
      const column = at % width;
      for (const next of [column > 0 ? at - 1 : -1, column < width - 1 ? at + 1 : -1, at - width, at + width]) {
        if (next < 0 || next >= taken.length || taken[next]) continue;
        if (distance(colours, next, colours, at) > step || distance(colours, next, start, 0) > far) continue;
        taken[next] = 1;
        waiting.push(next);
      }
    }
    return fillHoles(taken, width, height);
  }

  function meanAround(colours, width, height, x, y) {
    const sum = [0, 0, 0];
    let count = 0;
    for (let row = Math.max(0, y - 2); row <= Math.min(height - 1, y + 2); row++)
      for (let column = Math.max(0, x - 2); column <= Math.min(width - 1, x + 2); column++, count++)
        for (let channel = 0; channel < 3; channel++) sum[channel] += colours[3 * (row * width + column) + channel];
    return sum.map((total) => total / count);
  }

  function distance(one, at, other, there) {
    let squares = 0;
    for (let channel = 0; channel < 3; channel++) squares += (one[3 * at + channel] - other[3 * there + channel]) ** 2;
    return squares;
  }

  // Specks that were left out, such as grain and birds: whatever is smaller than a thousandth and does not reach an edge.
  function fillHoles(taken, width, height) {
    const seen = Uint8Array.from(taken);
    const small = (width * height) / 1000;
    for (let first = 0; first < seen.length; first++) {
      if (seen[first]) continue;
      const hole = [first];
      seen[first] = 1;
      let isOpen = false;
      for (let place = 0; place < hole.length; place++) {
        const at = hole[place];
        const column = at % width;
        isOpen ||= column === 0 || column === width - 1 || at < width || at >= seen.length - width;
        for (const next of [column > 0 ? at - 1 : -1, column < width - 1 ? at + 1 : -1, at - width, at + width]) {
          if (next < 0 || next >= seen.length || seen[next]) continue;
          seen[next] = 1;
          hole.push(next);
        }
      }
      if (!isOpen && hole.length < small) for (const at of hole) taken[at] = 1;
    }
    return taken;
  }

  window.regions = { alike };
})();
