// Plays a motion: `motion` holds packed frames, `movers` what they move; see motion_page.py.
const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer;
const doubles = (text) => new Float64Array(bytes(text)), floats = (text) => new Float32Array(bytes(text));
const shares = (text) => new Int16Array(bytes(text));
const slider = document.getElementById("time"), graphs = document.getElementById("graphs");
const button = document.getElementById("play"), rate = document.getElementById("rate");
const times = doubles(motion.time), last = times.length - 1, span = times[last] - times[0];
const mean = doubles(motion.mean), energy = motion.energy === null ? null : doubles(motion.energy);
const count = motion.count;
const directions = motion.directions ? shares(motion.directions) : null;
const turns = motion.turns ? shares(motion.turns) : null;
const places = floats(motion.places);

// The frame at a time, with a fraction.
const frameAt = (t) => {
  let low = 0, high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (times[middle] <= t) low = middle; else high = middle;
  }
  return Math.min(last, low + Math.max(0, (t - times[low]) / (times[high] - times[low] || 1)));
};
// Numbers of item i between two frames; `packed` has `width` numbers an item.
const between = (packed, width, frame, i) => {
  const a = Math.min(Math.floor(frame), last), b = Math.min(a + 1, last), f = frame - a;
  const from = (a * count + i) * width, to = (b * count + i) * width;
  return Array.from({length: width}, (_, c) => (1 - f) * packed[from + c] + f * packed[to + c]);
};
// Of quaternions q and -q, which are one turn, the nearer ones are taken.
const turnBetween = (frame, i) => {
  const a = Math.min(Math.floor(frame), last), b = Math.min(a + 1, last), f = frame - a;
  const p = turns.subarray((a * count + i) * 4, (a * count + i) * 4 + 4);
  const q = turns.subarray((b * count + i) * 4, (b * count + i) * 4 + 4);
  const sign = p[0] * q[0] + p[1] * q[1] + p[2] * q[2] + p[3] * q[3] < 0 ? -1 : 1;
  const mixed = [0, 1, 2, 3].map((c) => (1 - f) * p[c] + sign * f * q[c]), size = Math.hypot(...mixed);
  return mixed.map((c) => c / size);
};
const matrixOfTurn = ([x, y, z, w]) => [
  1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w),
  2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w),
  2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)];
// A rotation that takes z to a direction, times its length.
const matrixOfDirection = ([x, y, z]) => {
  const size = Math.hypot(x, y, z);
  if (size === 0) return new Array(9).fill(0);
  const [a, b, c] = [x / size, y / size, z / size], s = c < 0 ? -1 : 1, g = -1 / (s + c), h = a * b * g;
  return [1 + s * a * a * g, h, a, s * h, s + b * b * g, b, -s * a, -b, c].map((v) => v * size);
};
const put = (out, at, corners, m, p) => {
  for (let k = 0, j = at; k < corners.length; k += 3, j += 1) {
    const x = corners[k], y = corners[k + 1], z = corners[k + 2];
    out[0][j] = m[0] * x + m[1] * y + m[2] * z + p[0];
    out[1][j] = m[3] * x + m[4] * y + m[5] * z + p[1];
    out[2][j] = m[6] * x + m[7] * y + m[8] * z + p[2];
  }
};
const three = (n) => [new Float32Array(n), new Float32Array(n), new Float32Array(n)];

// Each kind of mover returns x, y, z, and for some an intensity, at a frame.
const kinds = {
  // Arrows of one template, at fixed places.
  arrows(mover) {
    const corners = floats(mover.corners), each = corners.length / 3;
    return (frame) => {
      const out = three(count * each), angles = mover.angles ? new Float32Array(count * each) : undefined;
      for (let i = 0; i < count; i += 1) {
        const u = between(directions, 3, frame, i).map((c) => c / 32767);
        put(out, i * each, corners, matrixOfDirection(u), places.subarray(3 * i, 3 * i + 3));
        if (angles) angles.fill(Math.atan2(u[1], u[0]) * 180 / Math.PI, i * each, (i + 1) * each);
      }
      return [...out, angles];
    };
  },
  // One body, or lines of it.
  body(mover) {
    const corners = floats(mover.corners);
    return (frame) => {
      const out = three(corners.length / 3);
      put(out, 0, corners, matrixOfTurn(turnBetween(frame, mover.item)), between(places, 3, frame, mover.item));
      return out;
    };
  },
  // Where an item has been.
  trail(mover) {
    const packed = directions || places, scale = directions ? 1 / 32767 : 1;
    return (frame) => {
      const whole = Math.floor(frame), out = three(whole + 2), now = between(packed, 3, frame, mover.item);
      for (let c = 0; c < 3; c += 1) {
        for (let k = 0; k <= whole; k += 1) out[c][k] = scale * packed[(k * count + mover.item) * 3 + c];
        out[c][whole + 1] = scale * now[c];
      }
      return out;
    };
  },
};
const moving = movers.map((mover) => kinds[mover.kind](mover));
const traces = movers.map((mover) => mover.trace);
for (const mover of movers.filter((one) => one.faces)) {
  const trace = figure.data[mover.trace], each = floats(mover.corners).length / 3, corners = [[], [], []];
  for (let i = 0; i < count; i += 1) mover.faces.forEach((v, k) => corners[k % 3].push(v + i * each));
  [trace.i, trace.j, trace.k] = corners;
  if (mover.colours) trace.vertexcolor = Array.from({length: count * each}, (_, k) => mover.colours[Math.floor(k / each)]);
}
moving.forEach((at, k) => {
  const [x, y, z, intensity] = at(0);
  Object.assign(figure.data[traces[k]], {x, y, z}, intensity ? {intensity} : {});
});

// A number with a prefixed unit, or with a power of ten.
const PREFIXES = {"-15": "f", "-12": "p", "-9": "n", "-6": "µ", "-3": "m", 0: "", 3: "k", 6: "M", 9: "G"};
const raised = (power) => String(power).replace(/./g, (c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]);
const si = (value, unit) => {
  if (value === 0) return "0 " + unit;
  const power = Math.floor(Math.log10(Math.abs(value)) + 1e-9), group = 3 * Math.floor(power / 3);
  const [shift, name] = group in PREFIXES ? [group, PREFIXES[group] + unit] : [power, "× 10" + raised(power) + " " + unit];
  return (value / 10 ** shift).toPrecision(4).replace("-", "−") + " " + name;
};
const share = (value) => value.toFixed(3).replace(/^-(?=0\.000$)/, "").replace("-", "−");
const tellAll = (frame) => {
  const k = Math.round(frame), m = [0, 1, 2].map((c) => mean[3 * k + c]), t = si(times[k], "s");
  tell("t", t);
  slider.setAttribute("aria-valuetext", t);
  tell("mean", "(" + m.map(share).join(", ") + ")");
  if (energy) tell("energy", si(energy[k], "J"));
};
const timeAt = (frame) => {
  const a = Math.min(Math.floor(frame), last), b = Math.min(a + 1, last);
  return times[a] + (frame - a) * (times[b] - times[a]);
};
const show = (frame) => {
  tellAll(frame);
  const found = moving.map((at) => at(frame)), column = (c) => found.map((one) => one[c]);
  const change = {x: column(0), y: column(1), z: column(2)};
  if (movers.some((mover) => mover.angles)) change.intensity = column(3);
  const t = timeAt(frame) / motion.second;
  return Promise.all([
    Plotly.restyle(place, change, traces),
    Plotly.relayout(graphs, {"shapes[0].x0": t, "shapes[0].x1": t}),
  ]);
};
let running = false, now = times[0], clock = 0;
const speed = () => span / motion.seconds * Number(rate.value);
const step = (instant) => {
  if (!running) return;
  now += Math.min(0.25, Math.max(0, instant - clock) / 1000) * speed();
  clock = instant;
  if (now > times[last]) now = times[0];
  const frame = frameAt(now);
  slider.value = Math.round(frame);
  show(frame).then(() => requestAnimationFrame(step));
};
const toggle = () => {
  running = !running;
  button.textContent = running ? "Pause" : "Play";
  clock = performance.now();
  if (running) requestAnimationFrame(step);
};
const tellSpeed = () => tell("speed", "1 s on the screen is " + si(speed(), "s") + " of the run");
const small = {displayModeBar: false, responsive: true};
tellAll(0);
tellSpeed();
drawn.then(() => Plotly.newPlot(graphs, curves.data, curves.layout, small)).then(() => {
  fitted(graphs);
  slider.addEventListener("input", () => {
    now = times[Number(slider.value)];
    show(Number(slider.value));
  });
  slider.addEventListener("keydown", (event) => {
    if (event.key === " ") { event.preventDefault(); toggle(); }
  });
  button.addEventListener("click", toggle);
  rate.addEventListener("change", tellSpeed);
  tell("drawn", "Drawn: " + times.length + " frames. Drag to turn, scroll to come nearer; " +
    "the arrow keys move the slider, the space bar plays.");
});
