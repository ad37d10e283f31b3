// Selection of experts, and counting sort of (sample, expert) pairs. Integer work, intentionally scalar.

/** Selects the k largest of each row in descending order. Ties take the lower index. */
export function topK(p: usize, rows: usize, width: usize, k: usize, indices: usize, values: usize): void {
  for (let r: usize = 0; r < rows; r++) {
    const chosen = indices + ((r * k) << 2);
    for (let s: usize = 0; s < k; s++) {
      let best: usize = width;
      let champion: f32 = 0;
      for (let j: usize = 0; j < width; j++) {
        const value = load<f32>(p + (j << 2));
        if (best < width && !(value > champion)) continue;
        let taken = false;
        for (let t: usize = 0; t < s; t++) if (load<i32>(chosen + (t << 2)) == <i32>j) taken = true;
        if (!taken) {
          best = j;
          champion = value;
        }
      }
      store<i32>(chosen + (s << 2), <i32>best);
      store<f32>(values + ((r * k + s) << 2), champion);
    }
    p += width << 2;
  }
}

/** See Backend.dispatch. Two passes: count, then place. Skips indices outside [0, experts). */
export function dispatch(
  indices: usize,
  present: usize,
  rows: usize,
  slots: usize,
  experts: usize,
  offsets: usize,
  pairRows: usize,
  pairSlots: usize,
  pairOf: usize,
): usize {
  memory.fill(offsets, 0, (experts + 1) << 2);
  const total = rows * slots;
  for (let i: usize = 0; i < total; i++) {
    const e = load<u32>(indices + (i << 2));
    if (load<i32>(present + ((i / slots) << 2)) != 0 && <usize>e < experts) {
      const place = offsets + ((<usize>e + 1) << 2);
      store<i32>(place, load<i32>(place) + 1);
    }
  }
  for (let e: usize = 0; e < experts; e++) {
    const place = offsets + (e << 2);
    store<i32>(place + 4, load<i32>(place) + load<i32>(place + 4));
  }
  // offsets[e] is the cursor of expert e and ends as offsets[e + 1]. The last loop shifts it back.
  let pairs: usize = 0;
  for (let r: usize = 0; r < rows; r++) {
    const here = load<i32>(present + (r << 2)) != 0;
    for (let s: usize = 0; s < slots; s++) {
      const i = r * slots + s;
      const e = load<u32>(indices + (i << 2));
      if (!here || <usize>e >= experts) {
        store<i32>(pairOf + (i << 2), -1);
        continue;
      }
      const place = offsets + ((<usize>e) << 2);
      const pair = load<i32>(place);
      store<i32>(place, pair + 1);
      store<i32>(pairRows + ((<usize>pair) << 2), <i32>r);
      store<i32>(pairSlots + ((<usize>pair) << 2), <i32>s);
      store<i32>(pairOf + (i << 2), pair);
      pairs++;
    }
  }
  for (let e = experts; e > 0; e--) store<i32>(offsets + (e << 2), load<i32>(offsets + ((e - 1) << 2)));
  store<i32>(offsets, 0);
  return pairs;
}
