//! Selection of experts, and counting sort of (sample, expert) pairs. Integer work. Same as
//! routing.as.ts.
use crate::call::Call;

/// (p, rows, width, k, indices, values): selects the k largest of each row in descending order. Ties take the
/// lower index.
pub fn top_k(call: &Call) -> f64 {
    let args = &call.args;
    let (p, rows, width, k) = (args.floats(0), args.size(1), args.size(2), args.size(3));
    let (indices, values) = (args.ints(4), args.floats(5));
    for r in 0..rows {
        let row = unsafe { std::slice::from_raw_parts(p.add(r * width), width) };
        let chosen = unsafe { std::slice::from_raw_parts_mut(indices.add(r * k), k) };
        let values = unsafe { std::slice::from_raw_parts_mut(values.add(r * k), k) };
        for s in 0..k {
            let mut best = width;
            let mut champion = 0f32;
            for (j, &value) in row.iter().enumerate() {
                if best < width && (value <= champion || value.is_nan() || champion.is_nan()) {
                    continue;
                }
                if !chosen[..s].contains(&(j as i32)) {
                    best = j;
                    champion = value;
                }
            }
            chosen[s] = best as i32;
            values[s] = champion;
        }
    }
    0.0
}

/// (indices, present, rows, slots, experts, offsets, pairRows, pairSlots, pairOf): returns the number of
/// pairs.
pub fn dispatch(call: &Call) -> f64 {
    let args = &call.args;
    let (rows, slots, experts) = (args.size(2), args.size(3), args.size(4));
    let total = rows * slots;
    let indices = unsafe { std::slice::from_raw_parts(args.ints(0), total) };
    let present = unsafe { std::slice::from_raw_parts(args.ints(1), rows) };
    let offsets = unsafe { std::slice::from_raw_parts_mut(args.ints(5), experts + 1) };
    let pair_rows = unsafe { std::slice::from_raw_parts_mut(args.ints(6), total) };
    let pair_slots = unsafe { std::slice::from_raw_parts_mut(args.ints(7), total) };
    let pair_of = unsafe { std::slice::from_raw_parts_mut(args.ints(8), total) };
    let chosen = |i: usize| {
        let e = indices[i] as u32 as usize;
        (present[i / slots] != 0 && e < experts).then_some(e)
    };
    offsets.fill(0);
    for e in (0..total).filter_map(chosen) {
        offsets[e + 1] += 1;
    }
    for e in 0..experts {
        offsets[e + 1] += offsets[e];
    }
    // offsets[e] is the cursor of expert e and ends as offsets[e + 1]. The last loop shifts it back.
    let mut pairs = 0;
    for i in 0..total {
        let Some(e) = chosen(i) else {
            pair_of[i] = -1;
            continue;
        };
        let pair = offsets[e];
        offsets[e] += 1;
        pair_rows[pair as usize] = (i / slots) as i32;
        pair_slots[pair as usize] = (i % slots) as i32;
        pair_of[i] = pair;
        pairs += 1;
    }
    offsets.copy_within(0..experts, 1);
    offsets[0] = 0;
    f64::from(pairs)
}
