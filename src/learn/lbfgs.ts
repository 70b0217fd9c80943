/** Value of a function at `x`; its gradient is written into `gradient`. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export type MinimizeOptions = {
  readonly maxIterations?: number;
  /** stops when a step improves the value by less than this share of it */
  readonly tolerance?: number;
};

type Pair = { step: Float64Array; change: Float64Array; rho: number };

const memory = 6;

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function addScaled(target: Float64Array, scale: number, source: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] as number) + scale * (source[i] as number);
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  const result = a.slice();
  addScaled(result, -1, b);
  return result;
}

/** The two-loop recursion: the gradient times an estimate of the inverse curvature. */
function direction(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const d = gradient.slice();
  const alphas: number[] = [];
  for (const pair of pairs.toReversed()) {
    const alpha = pair.rho * dot(pair.step, d);
    alphas.unshift(alpha);
    addScaled(d, -alpha, pair.change);
  }
  const last = pairs.at(-1);
  if (last !== undefined) {
    const scale = 1 / (last.rho * dot(last.change, last.change));
    for (let i = 0; i < d.length; i++) d[i] = (d[i] as number) * scale;
  }
  for (const [i, pair] of pairs.entries()) {
    addScaled(d, (alphas[i] ?? 0) - pair.rho * dot(pair.change, d), pair.step);
  }
  return d;
}

/** L-BFGS with backtracking (Armijo). Deterministic; meant for smooth convex functions. */
export function minimize(
  objective: Objective,
  start: Float64Array,
  options: MinimizeOptions = {},
): Float64Array {
  const { maxIterations = 100, tolerance = 1e-6 } = options;
  let x = start.slice();
  let gradient = new Float64Array(x.length);
  let value = objective(x, gradient);
  const pairs: Pair[] = [];
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    const d = direction(gradient, pairs);
    const slope = dot(gradient, d);
    if (!(slope > 0)) break;
    // the first step has no curvature to go by: at most length 5
    let length = pairs.length === 0 ? Math.min(1, 5 / Math.sqrt(dot(d, d))) : 1;
    let moved = false;
    for (let attempt = 0; attempt < 20 && !moved; attempt++, length /= 2) {
      const nextX = x.slice();
      addScaled(nextX, -length, d);
      const nextGradient = new Float64Array(x.length);
      const nextValue = objective(nextX, nextGradient);
      if (!(nextValue <= value - 1e-4 * length * slope)) continue;
      const step = difference(nextX, x);
      const change = difference(nextGradient, gradient);
      const curvature = dot(step, change);
      if (curvature > 1e-14) pairs.push({ step, change, rho: 1 / curvature });
      if (pairs.length > memory) pairs.shift();
      const gain = value - nextValue;
      x = nextX;
      gradient = nextGradient;
      value = nextValue;
      moved = gain > tolerance * Math.abs(value);
      if (!moved) return x;
    }
    if (!moved) break;
  }
  return x;
}
