//! Copies of the factors of a product, in the order in which its tiles read them.
use super::product::Product;
use crate::vector::{Quad, Vector};

/// Packs rows i .. i + rows of A as [depth][rows], times the scale.
#[inline(always)]
pub unsafe fn pack_left(p: &Product, i: usize, rows: usize, k0: usize, depth: usize, to: *mut f32) {
    unsafe {
        if p.column_step == 1 {
            let mut r = 0;
            while r + 4 <= rows {
                let from = [p.row(i + r), p.row(i + r + 1), p.row(i + r + 2), p.row(i + r + 3)];
                let from = from.map(|row| row.add(k0));
                transpose_four(from, depth, to.add(r), rows);
                r += 4;
            }
            while r < rows {
                let from = p.row(i + r).add(k0);
                for q in 0..depth {
                    *to.add(q * rows + r) = *from.add(q);
                }
                r += 1;
            }
        } else if p.row_step == 1 && p.indices.is_null() {
            let mut from = p.a.add(i + k0 * p.column_step);
            for q in 0..depth {
                copy_few(from, to.add(q * rows), rows);
                from = from.add(p.column_step);
            }
        } else {
            for r in 0..rows {
                let from = p.row(i + r).add(k0 * p.column_step);
                for q in 0..depth {
                    *to.add(q * rows + r) = *from.add(q * p.column_step);
                }
            }
        }
        if p.scale != 1.0 {
            for q in 0..depth * rows {
                *to.add(q) *= p.scale;
            }
        }
    }
}

#[inline(always)]
unsafe fn copy_few(from: *const f32, to: *mut f32, count: usize) {
    unsafe {
        if count == 4 {
            return Quad::load(from).store(to);
        }
        if count > 4 {
            // Later rows overwrite what is too much. The work space has room for it after the last one.
            Quad::load(from).store(to);
            Quad::load(from.add(4)).store(to.add(4));
            return;
        }
        for r in 0..count {
            *to.add(r) = *from.add(r);
        }
    }
}

/// Writes four rows of `length` as columns of `to`, whose rows are `step` floats apart.
#[inline(always)]
pub unsafe fn transpose_four(rows: [*const f32; 4], length: usize, to: *mut f32, step: usize) {
    unsafe {
        let mut q = 0;
        while q + 4 <= length {
            let block = [
                Quad::load(rows[0].add(q)),
                Quad::load(rows[1].add(q)),
                Quad::load(rows[2].add(q)),
                Quad::load(rows[3].add(q)),
            ];
            let columns = Quad::transpose(block);
            for (at, column) in columns.into_iter().enumerate() {
                column.store(to.add((q + at) * step));
            }
            q += 4;
        }
        while q < length {
            for (r, row) in rows.iter().enumerate() {
                *to.add(q * step + r) = *row.add(q);
            }
            q += 1;
        }
    }
}

/// Packs a block of b as panels [depth][wide]. Fills the last panel with zeros.
#[inline(always)]
pub unsafe fn pack_right<V: Vector>(
    p: &Product,
    k0: usize,
    depth: usize,
    j0: usize,
    columns: usize,
    wide: usize,
    to: *mut f32,
) {
    unsafe {
        let mut j = 0;
        while j < columns {
            let here = wide.min(columns - j);
            let panel = to.add(j * depth);
            if here < wide {
                panel.write_bytes(0, depth * wide);
            }
            if p.transposed {
                let from = p.b.add((j0 + j) * p.ldb + k0);
                let mut r = 0;
                while r + 4 <= here {
                    let row = from.add(r * p.ldb);
                    let rows = [row, row.add(p.ldb), row.add(2 * p.ldb), row.add(3 * p.ldb)];
                    transpose_four(rows, depth, panel.add(r), wide);
                    r += 4;
                }
                while r < here {
                    let row = from.add(r * p.ldb);
                    for q in 0..depth {
                        *panel.add(q * wide + r) = *row.add(q);
                    }
                    r += 1;
                }
            } else {
                let from = p.b.add(k0 * p.ldb + j0 + j);
                for q in 0..depth {
                    let (row, into) = (from.add(q * p.ldb), panel.add(q * wide));
                    let mut v = 0;
                    while v + V::LANES <= here {
                        V::load(row.add(v)).store(into.add(v));
                        v += V::LANES;
                    }
                    if v < here {
                        V::load(row.add(v)).store_first(into.add(v), here - v);
                    }
                }
            }
            j += wide;
        }
    }
}
